package report

import (
	"strings"
	"testing"

	"github.com/scadenzario/scadenzario/piano"
)

// A row is as high as its longest text, words going to the next line whole and those
// longer than a line being cut.
func TestRighe(t *testing.T) {
	for _, c := range []struct {
		testo string
		larga int
		want  int
	}{
		{"", 10, 1}, {"breve", 10, 1}, {"dieci dieci", 11, 1}, {"dieci dieci", 10, 2}, {"uno due tre quattro cinque", 8, 4},
		{strings.Repeat("x", 25), 10, 3}, {"a " + strings.Repeat("x", 25) + " b", 10, 4}, {strings.Repeat("x", 10) + " b", 10, 2}, {"a", 0, 1}, {"ab c", 1, 3},
	} {
		if got := righe(c.testo, c.larga); got != c.want {
			t.Errorf("%q in %d: %d lines, want %d", c.testo, c.larga, got, c.want)
		}
	}
	f := Foglio{Colonne: []Colonna{{"Attività", 10}, {"Senza programma", 12}}}
	if n := f.alta([]Valore{Testo("uno due tre quattro"), Data(piano.NewGiorno(2021, 6, 30))}); n != 3 {
		t.Errorf("the row has %d lines", n)
	}
	if n := f.altaTestata(); n != 2 {
		t.Errorf("the heading has %d lines", n)
	}
	for _, c := range []struct {
		numero, want string
	}{{"88.5", "0.885"}, {"100", "1"}, {"0", "0"}, {"-5", "-0.05"}, {"12345.678901", "123.45678901"}, {"0.000001", "0.00000001"}} {
		d, err := piano.ParseDecimale(c.numero)
		if got := centesimi(d); got != c.want || err != nil {
			t.Errorf("a hundredth of %s is %s, want %s (%v)", c.numero, got, c.want, err)
		}
	}
}
