package importer

import (
	"regexp"
	"slices"
	"strings"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// colonnaIndicatore is what a column of the indicators' table holds.
type colonnaIndicatore int

const (
	iIgnota colonnaIndicatore = iota
	iDescrizione
	iUnita
	iPrecedente
	iTarget
	iTargetMeta
	iRisultatoMeta
	iRisultato
	iAltro // a heading that the contract knows no key for: passed over
)

// colonnaDi reads a heading of the indicators' table. The words decide, not whole
// phrases: offices write "Target 2021", "Target al 30/06", "Valore atteso". anno is
// the card's year, 0 where it is not known yet.
func colonnaDi(k string, anno int) colonnaIndicatore {
	if k == "" || len(strings.Fields(k)) > 12 {
		return iIgnota
	}
	anniScritti := anni(k)
	nudo := senzaAnni(k)
	meta := contiene(k, "meta", "semestr", "intermed", "infrannual") || contieneFrase(k, "30 06", "30 6", "30 giugno", "i sem", "1 sem", "primo sem")
	target := contiene(k, "target", "obiettivi") || contiene(k, "attes", "previst", "programmat") && contiene(k, "valor", "risultat", "target", "dato")
	switch {
	case contiene(k, "unita") && contiene(k, "misur") || slices.Contains([]string{"u m", "um", "unita", "misura", "unita misura", "tipo misura", "um indicatore"}, nudo):
		return iUnita
	case contiene(k, "indicator") && !target && !contiene(k, "valor", "risultat", "peso", "tipo", "formula", "fonte", "note", "unita") ||
		contiene(k, "indicator") && contiene(k, "descrizion") || simili(nudo, "indicatori risultato") || simili(nudo, "indicatore risultato"):
		return iDescrizione
	case contiene(k, "precedent", "inizial", "partenza", "baseline", "storic") || contieneFrase(nudo, "valore fine", "situazione fine"):
		return iPrecedente
	case meta && (contiene(k, "risultat", "consuntiv", "ottenut", "raggiunt", "conseguit", "realizzat", "rilevat", "stato") || !target && contiene(k, "valor")):
		return iRisultatoMeta
	case meta:
		return iTargetMeta
	}
	return colonnaFinale(k, nudo, target, anniScritti, anno)
}

// colonnaFinale tells the year's columns apart: target, result, the year before.
func colonnaFinale(k, nudo string, target bool, scritti []int, anno int) colonnaIndicatore {
	altroAnno := len(scritti) == 1 && anno != 0 && scritti[0] != anno
	finale := contiene(k, "finale", "finali") || contieneFrase(k, "31 12", "31 dicembre")
	switch {
	case nudo == "obiettivo" && len(scritti) > 0:
		return iAltro
	case contiene(k, "risultat", "consuntiv", "esito") && (finale || !target), contiene(k, "ottenut", "raggiunt", "conseguit", "realizzat"), finale && contiene(k, "valor", "dato") && !target:
		if altroAnno && scritti[0] < anno {
			return iPrecedente
		}
		return iRisultato
	case target:
		if altroAnno {
			if scritti[0] < anno {
				return iPrecedente
			}
			return iAltro
		}
		return iTarget
	case contiene(k, "valor", "dato") && len(scritti) == 1:
		if altroAnno && scritti[0] < anno {
			return iPrecedente
		}
		return iRisultato
	case nudo == "valore", nudo == "atteso":
		return iTarget
	case slices.Contains([]string{"obiettivo", "note", "peso", "formula", "fonte", "tipo", "tipologia", "scostamento", "n", "peso %", "formula calcolo", "fonte dati", "tipo indicatore", "motivazione", "modalita calcolo", "tipologia indicatore", "peso indicatore", "raggiungimento", "% raggiungimento", "grado raggiungimento", "responsabile", "descrizione scostamento", "motivo scostamento"}, nudo):
		return iAltro
	}
	return iIgnota
}

func contieneFrase(k string, frasi ...string) bool {
	for _, f := range frasi {
		if strings.Contains(" "+k+" ", " "+f+" ") || strings.Contains(f, "sem") && strings.Contains(" "+k, " "+f) {
			return true
		}
	}
	return false
}

// testata is the heading row of an indicators' table.
type testata struct {
	riga, fine int // its first and last row
	colonne    []colonnaTestata
}

type colonnaTestata struct {
	area  sheet.Area
	ruolo colonnaIndicatore
}

// testataIndicatori tells whether the row is the heading of an indicators' table:
// one heading for the description and at least one known other.
func (r *riquadro) testataIndicatori(riga int) (testata, bool) {
	if len(r.inizianoIn(riga)) < 2 {
		return testata{}, false
	}
	celle := r.inRiga(riga)
	if len(celle) < 2 || !slices.ContainsFunc(celle, func(c *casella) bool { return c.titolaIndicatori }) {
		return testata{}, false
	}
	t := testata{riga: riga, fine: riga}
	descrizioni, altre := 0, 0
	for _, c := range celle {
		if c.valoreNumerico() || rinvioIn(c.testo) != "" || strings.Count(c.k, " ") > 8 {
			return testata{}, false
		}
		ruolo := c.colonna(r.anno)
		t.fine = max(t.fine, c.FinoRiga)
		if ruolo == iIgnota && senzaAnni(c.k) == "descrizione" {
			ruolo = iDescrizione
		}
		switch ruolo {
		case iIgnota:
			ruolo = iAltro
		case iDescrizione:
			if descrizioni++; descrizioni > 1 {
				ruolo = iAltro
			}
		case iAltro:
		default:
			altre++
		}
		t.colonne = append(t.colonne, colonnaTestata{c.Area, ruolo})
	}
	if descrizioni == 0 || altre == 0 || len(celle)-descrizioni-altre > altre+2 {
		return testata{}, false
	}
	return r.secondaRiga(t), true
}

// valoreNumerico tells whether a text is a number that is no year, or the sign for
// none: a value, and no heading.
func (c *casella) valoreNumerico() bool {
	if c.k == "" && c.testo != "" {
		return true // "-", "\\"
	}
	return len(c.testo) < 20 && piano.LeggiNumero(c.testo).Numerico && len(anni(c.testo)) == 0
}

// secondaRiga splits the headings that have a second row of their own below:
// "Target" over "anno" and "metà anno".
func (r *riquadro) secondaRiga(t testata) testata {
	var colonne []colonnaTestata
	due := false
	for _, c := range t.colonne {
		sopra := r.in(c.area.Riga, c.area.Colonna)
		var sotto []colonnaTestata
		if c.area.FinoColonna > c.area.Colonna && c.area.FinoRiga == c.area.Riga && c.ruolo != iDescrizione {
			for _, s := range r.inRiga(t.riga + 1) {
				if s.Colonna < c.area.Colonna || s.FinoColonna > c.area.FinoColonna {
					continue
				}
				ruolo := colonnaDi(chiave(sopra.testo+" "+s.testo), r.anno)
				if contiene(s.k, "anno", "meta", "giugno", "dicembre", "finale", "final", "target", "risultat", "previst", "attes", "ottenut", "semestr", "precedent", "06", "12", "sem", "raggiunt") || len(anni(s.testo)) > 0 {
					sotto = append(sotto, colonnaTestata{s.Area, ruolo})
				}
			}
		}
		if len(sotto) < 2 {
			colonne = append(colonne, c)
			continue
		}
		due = true
		colonne = append(colonne, sotto...)
	}
	if due {
		t.colonne, t.fine = colonne, max(t.fine, t.riga+1)
	}
	return t
}

// leggiIndicatori takes the indicators' tables off the card.
func (r *riquadro) leggiIndicatori() []indicatoreLetto {
	var letti []indicatoreLetto
	for riga := r.corpo; riga <= r.a; riga++ {
		t, ok := r.testataIndicatori(riga)
		if !ok {
			continue
		}
		r.prendi(t.riga, t.fine, r.dac, r.ac)
		for riga = t.fine + 1; riga <= r.a; riga++ {
			if r.vuota(riga) && !(riga == t.fine+1 && r.colonnaPiena(t, riga+1)) || r.altrui(t, riga) || r.fermaIndicatori(riga) || len(r.finestre(riga)) > 0 {
				break
			}
			if i, ok := r.indicatore(t, riga, letti); ok {
				letti = append(letti, i)
			}
		}
		riga--
	}
	return letti
}

// altrui tells whether another table has taken what stands in the row under the
// heading of the descriptions.
func (r *riquadro) altrui(t testata, riga int) bool {
	for _, c := range t.colonne {
		if v := r.in(riga, c.area.Colonna); c.ruolo == iDescrizione && v != nil && v.Riga == riga {
			return v.presa
		}
	}
	return false
}

// fermaIndicatori tells whether another part of the card begins at the row. A row of
// values is none, whatever its description is called: "Personale formato", "Indicatore
// di tempestività".
func (r *riquadro) fermaIndicatori(riga int) bool {
	celle := r.inRiga(riga)
	if len(celle) <= 3 {
		return r.apreSezione(riga)
	}
	if _, ok := r.testataIndicatori(riga); !ok {
		return false
	}
	return !slices.ContainsFunc(celle, func(c *casella) bool { return c.colonna(r.anno) == iIgnota && senzaAnni(c.k) != "descrizione" })
}

// colonnaPiena tells whether a row holds a description and a value of the table.
func (r *riquadro) colonnaPiena(t testata, riga int) bool {
	n := 0
	for _, c := range t.colonne {
		if r.libera(riga, c.area.Colonna) != nil {
			n++
		}
	}
	return n >= 2 && !r.apreSezione(riga)
}

// indicatoreLetto is an indicator with the cells of its two targets.
type indicatoreLetto struct {
	piano.Indicatore
	area, meta sheet.Area
	rotto      bool // a value of it was refused, with a finding of its own
}

// indicatore reads one row of the table; ok is false for a blank one and for the
// second row of an indicator that has nothing of its own.
func (r *riquadro) indicatore(t testata, riga int, letti []indicatoreLetto) (indicatoreLetto, bool) {
	var i indicatoreLetto
	propri := false
	for _, c := range t.colonne {
		v, area := r.valoreColonna(c.area, riga)
		if area.Riga == riga && c.ruolo != iDescrizione && v != "" {
			propri = true
		}
		switch c.ruolo {
		case iDescrizione:
			i.Descrizione, i.area, i.Cella = v, area, area.Indirizzo()
		case iUnita:
			i.Unita = v
		default:
			if campo := i.campo(c.ruolo); campo != nil {
				*campo = v
				c := r.in(riga, area.Colonna)
				i.rotto = i.rotto || c != nil && c.rotta()
			}
			if c.ruolo == iTargetMeta {
				i.meta = area
			}
		}
	}
	r.dateFuoriPosto(t, riga, &i)
	ultima := i.area.Riga
	if n := len(letti); ultima < riga && !propri || n > 0 && i.Descrizione == "" && !propri {
		return i, false
	}
	for _, c := range r.inRiga(riga) {
		c.presa = true
	}
	return i, i.Descrizione != "" || propri
}

// unitaNumerica tells the units of measure that want a number.
var unitaNumerica = regexp.MustCompile(`%|^(percentuale|percentuali|perc|numero|numerico|numerica|n|n\.|nr|nr\.|n°|num|euro|€|importo|giorni|gg|ore|minuti)$`)

// dateFuoriPosto takes the values away that are dates although the unit wants a
// number: 1/3 typed into a cell becomes the first of March, and nobody can tell what
// was meant.
func (r *riquadro) dateFuoriPosto(t testata, riga int, i *indicatoreLetto) {
	if !unitaNumerica.MatchString(piano.Normalizza(i.Unita)) {
		return
	}
	for _, c := range t.colonne {
		campo := i.campo(c.ruolo)
		v := r.in(riga, c.area.Colonna)
		if campo == nil || v == nil || v.tipo != sheet.Data {
			continue
		}
		r.segnala("data-non-attesa", v.Area, *campo, i.Unita)
		*campo, i.rotto = "", true
	}
}

// campo returns the value of an indicator that a column holds, nil for the
// description and the unit.
func (i *indicatoreLetto) campo(c colonnaIndicatore) *string {
	switch c {
	case iPrecedente:
		return &i.ValoreAnnoPrecedente
	case iTarget:
		return &i.TargetAnno
	case iTargetMeta:
		return &i.TargetMetaAnno
	case iRisultatoMeta:
		return &i.RisultatoMetaAnno
	case iRisultato:
		return &i.RisultatoFinale
	}
	return nil
}

// valoreColonna returns what stands in a row under a heading, whatever cells of
// its columns hold it.
func (r *riquadro) valoreColonna(colonna sheet.Area, riga int) (string, sheet.Area) {
	var testi []string
	area := r.f.Area(riga, colonna.Colonna)
	var visto *casella
	for col := colonna.Colonna; col <= colonna.FinoColonna; col++ {
		c := r.in(riga, col)
		if c == nil || c == visto || c.Colonna < colonna.Colonna {
			continue
		}
		if len(testi) == 0 {
			area = c.Area
		}
		visto = c
		testi = append(testi, c.testo)
	}
	return strings.Join(testi, " "), area
}
