package importer

import (
	"slices"
	"strings"
	"unicode"

	"github.com/scadenzario/scadenzario/piano"

	"github.com/scadenzario/scadenzario/importer/sheet"
)

// The questions that every section asks of the card's rectangle.

// segnala adds a finding at a cell of the card.
func (r *riquadro) segnala(codice string, a sheet.Area, args ...any) {
	if r.rilievi == nil {
		r.rilievi = make([]piano.Rilievo, 0, 8) // one seldom comes alone
	}
	r.rilievi = append(r.rilievi, NuovoRilievo(codice, r.f.Nome, a.Indirizzo(), args...))
}

// in returns the text that covers the cell, nil where it is blank or another
// card's.
func (r *riquadro) in(riga, colonna int) *casella {
	c := r.dove.in(riga, colonna)
	if c == nil || c.Riga < r.da || r.a < c.Riga || c.Colonna < r.dac || r.ac < c.Colonna {
		return nil
	}
	return c
}

// libera is in, without what a section has taken.
func (r *riquadro) libera(riga, colonna int) *casella {
	if c := r.in(riga, colonna); c != nil && !c.presa {
		return c
	}
	return nil
}

// vuota tells whether no text covers the row.
func (r *riquadro) vuota(riga int) bool {
	return riga < r.da || r.a < riga || r.dove.primo(riga, r.dac, r.ac) == nil
}

// inRiga returns the texts not taken that begin in the row, left to right.
func (r *riquadro) inRiga(riga int) []*casella {
	tutte, libere := r.inizianoIn(riga), 0
	for _, c := range tutte {
		if !c.presa {
			libere++
		}
	}
	if libere == len(tutte) || libere == 0 {
		return tutte[:libere]
	}
	sue := make([]*casella, 0, libere)
	for _, c := range tutte {
		if !c.presa {
			sue = append(sue, c)
		}
	}
	return sue
}

// prendi takes the texts that begin in those rows and columns.
func (r *riquadro) prendi(da, a, dac, ac int) {
	for riga := max(da, r.da); riga <= min(a, r.a); riga++ {
		for _, c := range r.inizianoIn(riga) {
			if dac <= c.Colonna && c.Colonna <= ac {
				c.presa = true
			}
		}
	}
}

// apreSezione tells whether a heading of a section, not taken yet, begins in the
// row: there the table above it ends.
func (r *riquadro) apreSezione(riga int) bool {
	for _, c := range r.inizianoIn(riga) {
		if !c.presa && c.sezione != nessuna {
			return true
		}
	}
	_, ok := r.testataIndicatori(riga)
	return ok
}

// riconosci tells what the words of a text say that it is: a section's heading alone in
// its cell or before its content ("DESCRIZIONE OBIETTIVO: …"), a field's label alone or
// before its value, a month, the opening of a card. What says nothing is looked at once
// more without the mark of a list, its letters together.
func riconosci(testo string, tipo sheet.Tipo) (s significato) {
	normale := piano.Normalizza(testo)
	s = daParole(testo, normale)
	if !s.dice() {
		if nudo := comeEtichetta(testo); nudo != testo {
			if t := daParole(nudo, piano.Normalizza(nudo)); t.dice() || t.titolaIndicatori {
				s = t
				s.nudo, s.elencata = nudo, true
			} else if len(testo) <= 60 {
				s.k, s.nuda = t.k, t.nuda
			}
		}
	}
	if len(testo) <= 40 || tipo == sheet.Data {
		if s.mesi = mesiDi(normale, tipo); s.mesi == 0 {
			s.periodi = periodiDi(normale)
		}
	}
	s.segno, s.ruoloAnno = segnoDi(testo), -1
	return s
}

// dice tells whether the words are known.
func (s significato) dice() bool {
	return s.ancora || s.haCampo || s.sezione != nessuna || s.verso != rIgnota
}

// daParole is riconosci for a text as it stands, and as Normalizza writes it.
func daParole(testo, normale string) (s significato) {
	s.k = chiaveDi(normale)
	s.nuda = senzaAnni(s.k)
	if strings.IndexFunc(normale, unicode.IsLetter) < 0 {
		return s // a number is no label
	}
	e, resto := daSolo(testo)
	k := "" // of the label before a value
	if e != testo {
		k = chiave(e)
	}
	s.letta, s.conAncora = leggiAncora(testo)
	s.ancora = apre(s.k, k, s.letta, s.conAncora)
	s.verso = rigaNuda(testo, s.nuda)
	s.titolaIndicatori = contiene(s.k, "indicator") || s.nuda == "descrizione" || slices.Contains(descrizioniRare, s.nuda)
	s.soloSezione = sezioneNuda(s.k, s.nuda)
	s.sezione = s.soloSezione
	s.campo, s.haCampo = campoDi(s.k)
	if e == testo {
		return s
	}
	if z := sezioneDi(k); s.sezione == nessuna && resto != "" && (z == sDescrizione || z == sRisultati) {
		s.sezione = z
	}
	if s.haCampo && e != "" && len(e) < len(testo) && testo[len(e)] == ':' { // "Assessore: Sindaco"
		if c, ok := campoDi(k); ok {
			if v, ok := campoDi(chiave(resto)); ok && v != cAnno {
				s.campo, s.dentro = c, resto
			}
		}
	}
	if !s.haCampo {
		if s.campo, s.haCampo = campoDi(k); s.haCampo {
			s.dentro = resto
		}
	}
	return s
}

// rotta tells whether the cell has no value that can be read: an error of the
// spreadsheet, or a formula that was never computed.
func (c *casella) rotta() bool { return c.tipo == sheet.Guasto || c.tipo == sheet.Ignoto }

// guaste finds the cells without a readable value where the card wants one. Those
// that no section has asked for matter to nobody.
func (r *riquadro) guaste() {
	for _, c := range r.caselle {
		switch {
		case !c.rotta():
		case c.presa && c.tipo == sheet.Guasto:
			r.segnala("cella-in-errore", c.Area, r.f.Cella(c.Riga, c.Colonna).Testo)
		case c.presa:
			r.segnala("formula-senza-valore", c.Area)
		default:
			c.presa = true
		}
	}
}

// colonna returns what the text is as a heading of the indicators' table.
func (c *casella) colonna(anno int) colonnaIndicatore {
	if c.ruoloAnno != anno {
		c.ruolo, c.ruoloAnno = colonnaDi(c.k, anno), anno
	}
	return c.ruolo
}

// etichetta tells whether a text is a label of any kind.
func (c *casella) etichetta() bool {
	return c.sezione != nessuna || c.haCampo
}

// righeEntro is how far below its heading a table may begin.
const righeEntro = 2

// precede returns the row of the next text at or after riga, 0 for none.
func (r *riquadro) prossima(riga int) int {
	for ; riga <= r.a; riga++ {
		if !r.vuota(riga) {
			return riga
		}
	}
	return 0
}

// attivitaLetta is an activity as the cronoprogramma gives it.
type attivitaLetta struct {
	anno               int
	descrizione        string
	cella              sheet.Area
	previsto, ottenuto piano.Mesi
	incerti            piano.Mesi      // planned months whose cell is in error, with a finding of its own
	celle              *[13]sheet.Area // of the month cells of Ottenuto, by month; nil for none
	eseguito           *bool
	tabella            int  // row of the months of its table
	soloOttenuto       bool // no row of planned months was met
	senzaOttenuto      bool // no row of obtained months was met
}
