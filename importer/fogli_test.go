package importer_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scadenzario/scadenzario/importer"
	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// A large workbook, whose sheets are read side by side, gives the cards of its sheets one
// after the other.
func TestManySheetsAreReadInTheirOrder(t *testing.T) {
	c, err := sheet.Apri(molteSchede(t, "300"))
	if err != nil {
		t.Fatal(err)
	}
	celle, uno := 0, []piano.Obiettivo{}
	for _, f := range c.Fogli {
		celle += len(f.Celle())
		suoi, _ := importer.LeggiCartella(sheet.Cartella{Fogli: []sheet.Foglio{f}})
		uno = append(uno, suoi...)
	}
	tutti, _ := importer.LeggiCartella(c)
	if celle < 20_000 || len(tutti) != 300 {
		t.Fatalf("%d cells, %d cards: too few to tell anything", celle, len(tutti))
	}
	if d := cmp.Diff(uno, tutti); d != "" {
		t.Error(d)
	}
}
