package importer

import (
	"strings"
	"time"

	"github.com/scadenzario/scadenzario/importer/sheet"
)

// NomeVersione is the defined name that marks our form. Its value is a string constant:
// "v1", then the instant of the state that the form showed when it was written.
const NomeVersione = "_scadenzario_modulo"

// Versione is the mark of a form that shows the state of that instant.
func Versione(al time.Time) string { return "v1 " + al.UTC().Format(time.RFC3339) }

// LeggiVersione returns the instant of a form's mark, and whether it is one. valore is
// what the defined name refers to, quotes included.
func LeggiVersione(valore string) (al time.Time, ok bool) {
	istante, ok := strings.CutPrefix(strings.Trim(valore, `"`), "v1 ")
	if !ok {
		return al, false
	}
	al, err := time.Parse(time.RFC3339, istante)
	return al, err == nil
}

// aggiornata tells of which instant a workbook's content is. A form is as old as the
// state that it showed, whenever it was filled in: what came in between it does not
// know.
func aggiornata(c sheet.Cartella) time.Time {
	if al, ok := LeggiVersione(c.Nomi[NomeVersione]); ok {
		return al
	}
	return c.Modificata
}
