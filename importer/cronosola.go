package importer

import (
	"slices"
	"strings"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// sola is what a row of the table is that holds one text and no mark.
type sola int

const (
	nonSola      sola = iota
	solaTitola        // the activity of the rows below it, which have no text of their own
	solaEstranea      // no activity: a remark, or the name of a phase
)

// rigaSola tells what a row is that holds one text, in the activities' column: where the
// rows say Previsto and Ottenuto, one that does not is no activity by itself.
func (c *cronoprogramma) rigaSola(riga int, desc *casella, tipo versoRiga) sola {
	if desc == nil || tipo != rIgnota || desc.Area == c.ultimaDi || desc.FinoRiga > riga || len(c.r.inRiga(riga)) > 1 {
		return nonSola
	}
	primo := c.finestre[0].prima()
	attraverso := desc.Colonna < primo && primo <= desc.FinoColonna // a line over the whole table
	if !attraverso && c.marcata(riga) {
		return nonSola
	}
	switch {
	case nota(desc.testo):
		return solaEstranea
	case c.tipo == 0 && !attraverso:
		return nonSola
	case c.tipoDi(riga+1) != rIgnota && (c.attivita == c.tipo || c.r.in(riga+1, c.attivita) == nil):
		return solaTitola
	}
	return solaEstranea
}

// marcata tells whether a month of the row is marked.
func (c *cronoprogramma) marcata(riga int) bool {
	for _, f := range c.finestre {
		for col := f.prima(); col <= f.ultima(); col++ {
			if segnoCella(c.r.f.Cella(riga, col), c.coloreRiga(riga)) != segnoVuoto {
				return true
			}
		}
	}
	return false
}

// titolare returns the activity of a grid of its own, which has no column for activities: its
// text stands beside the months, or right above them. nil for any other grid.
func (c *cronoprogramma) titolare() *casella {
	if c.tipo == 0 || c.attivita != 0 && c.attivita != c.tipo || c.tipo >= c.finestre[0].prima() {
		return nil
	}
	for _, riga := range []int{c.testata, c.testata - 1} {
		t := c.r.in(riga, c.tipo)
		if riga < c.testata && len(c.r.inizianoIn(riga)) > 1 {
			break
		}
		if t != nil && riga == c.testata && t.etichetta() {
			return nil // the heading of activities that stand in its column
		}
		if t == nil || t.Riga <= c.r.corpo || t.etichetta() || t.ancora || t.verso != rIgnota || t.mesi != 0 || t.periodi != nil || t.valoreNumerico() {
			continue
		}
		for p := range strings.FieldsSeq(t.nuda) {
			if !paroleTestata[p] {
				t.presa = true
				return t
			}
		}
	}
	return nil
}

// paroleTestata are the words of a heading that names no activity.
var paroleTestata = insieme("attivita fase fasi azione azioni mese mesi cronoprogramma tempi tempistica descrizione stato tipo periodo programmazione n intervento interventi")

// titoloSotto tells whether a row heads what comes below: another grid, or people.
func (c *cronoprogramma) titoloSotto(riga int) bool {
	celle := c.r.inRiga(riga)
	return len(celle) == 1 && len(c.r.finestre(riga+1)) > 0 || c.r.titolaPersone(riga)
}

// spezzata tells whether the text beside Ottenuto goes on with that beside Previsto right
// above: one activity in two cells.
func (c *cronoprogramma) spezzata(riga int, desc *casella, tipo versoRiga) bool {
	if desc == nil || c.ultimoIndice < 0 || tipo != rOttenuto || c.tipoDi(riga) != rOttenuto || c.tipoDi(riga-1) != rPrevisto || desc.Riga != riga ||
		desc.Area == c.ultimaDi || c.ultimaDi.FinoRiga != riga-1 {
		return false
	}
	nome := piano.Normalizza(desc.testo)
	return !slices.ContainsFunc(c.lette, func(a attivitaLetta) bool { return simili(piano.Normalizza(a.descrizione), nome) })
}

// diMesi tells whether a row belongs to a cronoprogramma: it names months, or it says
// Previsto or Ottenuto.
func (r *riquadro) diMesi(riga int) bool {
	mesi := 0
	for _, c := range r.inizianoIn(riga) {
		if c.verso != rIgnota && !c.etichetta() && c.nuda == c.k {
			return true
		}
		if c.mesi != 0 && !cifra(c.testo[0]) {
			mesi++
		}
	}
	return mesi >= 4
}

// numeriIn counts the numbers of a row.
func (r *riquadro) numeriIn(riga int) (n int) {
	for _, c := range r.inizianoIn(riga) {
		if c.tipo == sheet.Numero {
			n++
		}
	}
	return n
}

// senzaGriglia finds the months that make no year where no heading says that they are a
// cronoprogramma: above rows Previsto and Ottenuto, or beside the heading of activities.
func (r *riquadro) senzaGriglia() {
	riga, mesi := 0, 0
	for _, t := range r.caselle {
		if t.presa || t.Riga <= r.corpo {
			continue
		}
		if t.mesi != 0 && t.segno != segnoSi && (len(t.testo) > 2 || !cifra(t.testo[0])) {
			if t.Riga != riga {
				riga, mesi = t.Riga, 0
			}
			if mesi++; mesi == mesiAlmeno && colonnaCrono(r.inRiga(riga)[0]) {
				r.grigliaIgnota(r.inRiga(riga)[0])
			}
			continue
		}
		if t.verso != rPrevisto {
			continue
		}
		sotto := r.libera(t.FinoRiga+1, t.Colonna)
		if sotto == nil || sotto.verso != rOttenuto {
			continue
		}
		for riga := t.Riga - 1; riga >= t.Riga-2; riga-- {
			mesi, celle := 0, r.inRiga(riga)
			for _, c := range celle {
				if c.mesi != 0 && !cifra(c.testo[0]) {
					mesi++
				}
			}
			if mesi < 4 && !(len(celle) > 2 && celle[0].verso == rIgnota && colonnaCrono(celle[0]) && r.segnata(t.Riga)) {
				continue
			}
			r.grigliaIgnota(celle[0])
			break
		}
	}
}

// segnata tells whether a row has a mark beside Previsto.
func (r *riquadro) segnata(riga int) bool {
	return slices.ContainsFunc(r.inRiga(riga), func(c *casella) bool { return c.segno == segnoSi && !cifra(c.testo[0]) })
}

// mesiAlmeno is how many names of months in a row make it a cronoprogramma's.
const mesiAlmeno = 8

// grigliaIgnota takes the cronoprogramma below a heading whose months could not be told.
func (r *riquadro) grigliaIgnota(testa *casella) {
	r.segnala("mesi-non-riconosciuti", testa.Area)
	fine, _ := r.corpoIgnoto(testa)
	r.prendi(testa.Riga, fine, r.dac, r.ac)
	r.cronoIgnoto = true
}
