package importer

import (
	"slices"
	"strings"
	"testing"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// Whatever stands on a sheet, the reading answers, and what it answers holds: each finding
// is a known one at a cell of the sheet, each weight is one of 0..100, and a second reading
// says the same. The seeds are the written habits.
func FuzzLeggiCartella(f *testing.F) {
	base, altre := leggiAbitudini(f)
	for _, a := range append(altre, base) {
		var righe []string
		for _, parte := range ordineParti {
			righe = append(append(righe, a.parti[parte]...), ".")
		}
		f.Add(strings.Join(righe, "\n"), len(righe)%2 == 0)
	}
	f.Fuzz(func(t *testing.T, testo string, colora bool) {
		righe := strings.Split(testo, "\n")
		if len(testo) > 6_000 || len(righe) > 120 {
			return
		}
		d := &foglioDisegnato{colora: colora}
		for i, r := range righe {
			if strings.Count(r, "|") < 60 {
				d.riga(r, i+1, 1, colora, "crono")
			}
		}
		c := sheet.Cartella{Fogli: []sheet.Foglio{sheet.NewFoglio("Prova", false, d.celle, d.unioni)}}
		schede, rilievi := LeggiCartella(c)
		for _, r := range rilievi {
			riga, _, ok := sheet.DaIndirizzo(r.Cella)
			if r.Cella != "" && (!ok || riga > len(righe)+1) || ordine(r.Codice) == len(testi) || r.Messaggio == "" {
				t.Errorf("%+v", r)
			}
		}
		for _, s := range schede {
			for _, n := range []*piano.Decimale{s.Peso, s.Strategicita} {
				if n != nil && (*n < 0 || *n > piano.NewDecimale(100)) {
					t.Errorf("weight %v", n)
				}
			}
		}
		if _, ancora := LeggiCartella(c); !slices.Equal(rilievi, ancora) {
			t.Errorf("%v, then %v", rilievi, ancora)
		}
	})
}
