package importer

import (
	"regexp"
	"slices"
	"strings"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// testata is the heading row of an indicators' table.
type testata struct {
	riga, fine int // its first and last row
	colonne    []colonnaTestata
	ultima     int // the last row of the table
	ac         int // the last column that is its own
}

type colonnaTestata struct {
	area   sheet.Area
	ruolo  colonnaIndicatore
	ignota bool // nobody knows its heading
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
	t := testata{riga: riga, fine: riga, ac: r.ac, colonne: make([]colonnaTestata, 0, len(celle))}
	descrizioni, altre := 0, 0
	for i, c := range celle {
		if i > 1 && c.soloSezione == sPersone && i+1 < len(celle) {
			if p, ok := r.testataPersone(celle[i:]); ok && p.quota != 0 { // a table of people beside
				t.ac, celle = c.Colonna-1, celle[:i]
				break
			}
		}
		if c.valoreNumerico() || rinvioIn(c.testo) != "" || strings.Count(c.k, " ") > 8 {
			return testata{}, false
		}
		ruolo := c.colonna(r.anno)
		t.fine = max(t.fine, c.FinoRiga)
		if ruolo == iIgnota && c.nuda == "descrizione" {
			ruolo = iDescrizione
		}
		ignota := ruolo == iIgnota && c.k != "" && !contiene(c.k, paroleAltreColonne...)
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
		t.colonne = append(t.colonne, colonnaTestata{c.Area, ruolo, ignota})
	}
	if descrizioni == 0 || altre == 0 || r.soliTesti(celle) || len(celle)-descrizioni-altre > altre+2 {
		return testata{}, false
	}
	return r.unoPerRuolo(r.conGruppi(r.secondaRiga(t))), true
}

// unoPerRuolo leaves each role to one column, the first; of two results to the one that is
// not "atteso", which is then a target where the table has no other.
func (r *riquadro) unoPerRuolo(t testata) testata {
	var visti [iAltro]int // the column of each role, from 1
	for i := range t.colonne {
		c := &t.colonne[i]
		if c.ruolo == iAltro || c.ruolo == iDescrizione {
			continue
		}
		prima := visti[c.ruolo] - 1
		if prima < 0 {
			visti[c.ruolo] = i + 1
			continue
		}
		atteso := func(i int) bool {
			v := r.in(t.colonne[i].area.Riga, t.colonne[i].area.Colonna)
			return v != nil && contiene(v.k, "attes")
		}
		if c.ruolo == iRisultato && atteso(prima) && !atteso(i) {
			visti[iRisultato] = i + 1
			t.colonne[prima].ruolo = iTarget
			if j := slices.IndexFunc(t.colonne, func(c colonnaTestata) bool { return c.ruolo == iTarget }); j != prima {
				t.colonne[prima].ruolo = iAltro
			}
			continue
		}
		if c.ruolo == iPrecedente && r.annoDiColonna(t.colonne[prima]) < r.annoDiColonna(*c) { // of several years the last
			visti[iPrecedente], c = i+1, &t.colonne[prima]
		}
		if v := r.in(t.colonne[prima].area.Riga, t.colonne[prima].area.Colonna); c.ruolo == iTarget && v != nil && v.nuda == "" { // a year alone
			visti[iTarget], c = i+1, &t.colonne[prima]
		}
		c.ruolo = iAltro
	}
	return t
}

// annoDiColonna returns the last year that the heading of a column says, 0 for none.
func (r *riquadro) annoDiColonna(c colonnaTestata) int {
	if v := r.in(c.area.Riga, c.area.Colonna); v != nil {
		if a := anni(v.testo); len(a) > 0 {
			return a[len(a)-1]
		}
	}
	return 0
}

// valoreNumerico tells whether a text is a number that is no year, or the sign for
// none: a value, and no heading.
func (c *casella) valoreNumerico() bool {
	if c.k == "" && c.testo != "" {
		return true // "-", "\\"
	}
	return len(c.testo) < 20 && c.numerico.chiedi(func() bool { return piano.LeggiNumero(c.testo).Numerico && len(anni(c.testo)) == 0 })
}

// leggiIndicatori takes the indicators' tables off the card. What it returns holds until
// the next card's are read.
func (r *riquadro) leggiIndicatori() []indicatoreLetto {
	letti := r.t.indicatori[:0]
	for riga := r.corpo; riga <= r.a; riga++ {
		t, ok := r.testataIndicatori(riga)
		if !ok {
			continue
		}
		r.prendi(t.riga, t.fine, r.dac, t.ac)
		for riga = t.fine + 1; riga <= r.a; riga++ {
			if r.titolaGruppo(t, riga) {
				continue
			}
			if r.attraversa(t, riga) {
				break
			}
			if r.vuota(riga) && !(riga == t.fine+1 && r.colonnaPiena(t, riga+1) || r.prosegueTabella(t, riga+1)) || r.altrui(t, riga) || r.fermaIndicatori(riga) || len(r.finestre(riga)) > 0 {
				break
			}
			if i, ok := r.indicatore(t, riga, letti); ok {
				letti = append(letti, i)
			}
		}
		riga--
		t.ultima = riga
		r.colonneIgnote(t)
		r.tabelle = append(r.tabelle, t)
	}
	r.t.indicatori = letti
	return letti
}

// colonneIgnote tells the columns whose heading nobody knows, where they are filled in.
func (r *riquadro) colonneIgnote(t testata) {
	for _, c := range t.colonne {
		for riga := t.fine + 1; c.ignota && riga <= t.ultima; riga++ {
			if v := r.in(riga, c.area.Colonna); v != nil && v.Riga == riga && v.Colonna == c.area.Colonna {
				r.segnala("sezione-non-riconosciuta", c.area, r.in(c.area.Riga, c.area.Colonna).testo)
				break
			}
		}
	}
}

// titolaGruppo takes a row that says of what kind the indicators below it are.
func (r *riquadro) titolaGruppo(t testata, riga int) bool {
	celle := r.inRiga(riga)
	if len(celle) != 1 || celle[0].soloSezione != sIndicatori && (celle[0].etichetta() || !r.attraversa(t, riga) || nota(celle[0].testo)) || len(r.inRiga(riga+1)) < 2 || !r.colonnaPiena(t, riga+1) {
		return false
	}
	celle[0].presa = true
	return true
}

// attraversa tells whether a row holds one text, merged over the columns of values.
func (r *riquadro) attraversa(t testata, riga int) bool {
	celle := r.inRiga(riga)
	if len(celle) != 1 {
		return false
	}
	sue := 0
	for _, c := range t.colonne {
		if celle[0].Colonna <= c.area.Colonna && c.area.FinoColonna <= celle[0].FinoColonna {
			sue++
		}
	}
	return sue > 1
}

// altrui tells whether another table has taken what stands in the row below the headings.
func (r *riquadro) altrui(t testata, riga int) bool {
	ultima := t.colonne[len(t.colonne)-1].area.FinoColonna
	return slices.ContainsFunc(r.inizianoIn(riga), func(c *casella) bool {
		return c.presa && t.colonne[0].area.Colonna <= c.Colonna && c.Colonna <= ultima
	})
}

// fermaIndicatori tells whether another part of the card begins at the row. A row of
// values is none, whatever its description is called: "Personale formato", "Indicatore
// di tempestività".
func (r *riquadro) fermaIndicatori(riga int) bool {
	celle := r.inRiga(riga)
	if len(celle) > 0 && legenda(celle[0].testo) || len(celle) == 1 && nota(celle[0].testo) || len(celle) == 2 && r.accantoAllaQuota(celle[0]) {
		return true
	}
	if len(celle) == 1 || !slices.ContainsFunc(celle, func(c *casella) bool { return c.k != "" && c.valoreNumerico() }) {
		if len(celle) <= 3 || celle[0].soloSezione > sRisultati {
			return r.apreSezione(riga)
		}
	}
	if _, ok := r.testataIndicatori(riga); !ok {
		return false
	}
	return !slices.ContainsFunc(celle, func(c *casella) bool { return c.colonna(r.anno) == iIgnota && c.nuda != "descrizione" })
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

// prosegueTabella tells whether the table goes on after a blank row: with a description and
// a number under a heading that wants one.
func (r *riquadro) prosegueTabella(t testata, riga int) bool {
	if r.diMesi(riga) {
		return false
	}
	descritta, numeri, piene := false, 0, 0
	for _, c := range t.colonne {
		v := r.libera(riga, c.area.Colonna)
		switch {
		case v == nil:
		case c.ruolo == iDescrizione:
			descritta = !v.etichetta() && v.tipo == sheet.Testo
		case c.ruolo == iUnita && (v.testo == "%" || v.k != "" && !strings.Contains(v.k, "%") && unitaNumerica.MatchString(v.k)), // not "% di partecipazione"
			c.ruolo != iUnita && c.ruolo != iAltro && v.k != "" && v.valoreNumerico():
			numeri++
			piene++
		case c.ruolo != iAltro && !v.etichetta():
			piene++
		}
	}
	_, altra := r.testataIndicatori(riga)
	return descritta && (numeri > 0 || piene > 1) && !altra
}

// indicatoreLetto is an indicator with the cells of its two targets.
type indicatoreLetto struct {
	piano.Indicatore
	area, meta sheet.Area
	rotto      bool // a value of it was refused, with a finding of its own

	tipoAnno, tipoMeta sheet.Tipo // of the cells of its two targets
}

// indicatore reads one row of the table; ok is false for a blank one and for the
// second row of an indicator that has nothing of its own.
func (r *riquadro) indicatore(t testata, riga int, letti []indicatoreLetto) (indicatoreLetto, bool) {
	var i indicatoreLetto
	propri := false
	for _, c := range t.colonne {
		v, area := r.valoreColonna(c.area, riga)
		if area.Riga == riga && c.ruolo != iDescrizione && c.ruolo != iAltro && v != "" {
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
				if v := r.in(riga, area.Colonna); v != nil {
					i.rotto = i.rotto || v.rotta()
					i.tipo(c.ruolo, v.tipo)
				}
			}
			if c.ruolo == iTargetMeta {
				i.meta = area
			}
		}
	}
	r.dateFuoriPosto(t, riga, &i)
	ultima := i.area.Riga
	if n := len(letti); ultima < riga && !propri || (n > 0 || r.soloNumerata(riga)) && i.Descrizione == "" && !propri {
		if r.soloNumerata(riga) {
			r.prendi(riga, riga, r.dac, r.ac)
		}
		return i, false
	}
	r.prendi(riga, riga, r.dac, t.ac)
	if i.TargetAnno == "" && contiene(r.t.significa(i.Descrizione, sheet.Testo).k, "totale", "totali") {
		return i, false
	}
	return i, i.Descrizione != "" || propri
}

// tipo notes of which kind the cell of a target is.
func (i *indicatoreLetto) tipo(ruolo colonnaIndicatore, t sheet.Tipo) {
	switch ruolo {
	case iTarget:
		i.tipoAnno = t
	case iTargetMeta:
		i.tipoMeta = t
	}
}

// soloNumerata tells whether a row of a form was left blank but for its number.
func (r *riquadro) soloNumerata(riga int) bool {
	celle := r.inRiga(riga)
	return len(celle) == 1 && numeraRe.MatchString(celle[0].testo)
}

// unitaNumerica tells the units of measure that want a number.
var unitaNumerica = regexp.MustCompile(`%|^(percentuale|percentuali|perc|numero|numerico|numerica|n|n\.|nr|nr\.|n°|num|euro|€|importo|giorni|gg|ore|minuti)$`)

// dateFuoriPosto takes the values away that are dates although the unit wants a
// number: 1/3 typed into a cell becomes the first of March, and nobody can tell what
// was meant.
func (r *riquadro) dateFuoriPosto(t testata, riga int, i *indicatoreLetto) {
	for _, c := range t.colonne {
		campo := i.campo(c.ruolo)
		v := r.in(riga, c.area.Colonna)
		if campo == nil || v == nil || v.tipo != sheet.Data || !unitaNumerica.MatchString(piano.Normalizza(i.Unita)) {
			continue
		}
		r.segnala("data-non-attesa", v.Area, *campo, i.Unita)
		*campo, i.rotto = "", true
	}
}

// chiavi are the JSON keys of the columns that piano.Obiettivo.CellaIndicatore asks for.
var chiavi = map[colonnaIndicatore]string{iUnita: "unita", iPrecedente: "valore_anno_precedente", iTarget: "target_anno", iTargetMeta: "target_meta_anno",
	iRisultatoMeta: "risultato_meta_anno", iRisultato: "risultato_finale"}

// posti says in which column each value of the table stands, once for all its rows.
func (t testata) posti() string {
	var b strings.Builder
	for _, c := range t.colonne {
		if k, ok := chiavi[c.ruolo]; ok {
			b.WriteString(" " + k + "=" + strings.TrimRight(c.area.Indirizzo(), "0123456789"))
		}
	}
	return strings.TrimPrefix(b.String(), " ")
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
	var visto *casella
	testo, area := "", sheet.Area{}
	for col := colonna.Colonna; col <= colonna.FinoColonna; col++ {
		c := r.in(riga, col)
		if c == nil || c == visto || c.Colonna < colonna.Colonna {
			continue
		}
		if visto == nil {
			testo, area = c.testo, c.Area
		} else {
			testo += " " + c.testo
		}
		visto = c
	}
	if visto == nil {
		area = r.f.Area(riga, colonna.Colonna)
	}
	return testo, area
}
