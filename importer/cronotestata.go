package importer

import "slices"

// testataColonna returns the heading of a column: in the row of the months or,
// where months stand under "MESI", in the row above.
func (c *cronoprogramma) testataColonna(col, primo int) *casella {
	if t := c.r.libera(c.testata, col); t != nil {
		return t
	}
	su := c.r.libera(c.testata-1, col)
	if v := c.r.in(c.testata-1, col-1); v != nil && v != su && (v.soloSezione == sDescrizione || v.soloSezione == sRisultati || v.haCampo && v.dentro == "") {
		return nil // "DESCRIZIONE | Avvio delle attività"
	}
	if sopra := c.r.in(c.testata-2, col); su != nil && sopra != nil && c.r.in(c.testata-1, primo) == nil && sopra.Colonna == su.Colonna && !sopra.etichetta() && !colonnaCrono(sopra) && !su.etichetta() {
		return nil // a text of two rows
	}
	if su != nil && (slices.ContainsFunc(c.r.inizianoIn(c.testata-1), (*casella).valoreNumerico) || c.valoriSopra(primo)) {
		return nil // a row of values above
	}
	if su != nil && c.testata-1 > c.r.corpo && su.Colonna == col && (colonnaCrono(su) || c.r.in(c.testata-1, primo) != nil && sopraMesi(c.r.in(c.testata-1, primo))) {
		return su
	}
	return nil
}

// valoriSopra tells whether what stands above the months is none of their headings.
func (c *cronoprogramma) valoriSopra(primo int) bool {
	ultimo := c.finestre[len(c.finestre)-1].ultima()
	return slices.ContainsFunc(c.r.inizianoIn(c.testata-1), func(t *casella) bool {
		return primo <= t.Colonna && t.Colonna <= ultimo && !sopraMesi(t) && t.soloSezione != sCrono
	})
}
