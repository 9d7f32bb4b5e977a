package importer

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
	if desc == nil || tipo != rIgnota || desc.Area == c.ultimaDi || desc.FinoRiga > riga || len(c.r.inRiga(riga)) > 1 || c.marcata(riga) {
		return nonSola
	}
	switch {
	case nota(desc.testo):
		return solaEstranea
	case c.tipo == 0:
		return nonSola
	case c.tipoDi(riga+1) != rIgnota && c.r.in(riga+1, c.attivita) == nil:
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
