package piano

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"testing"
)

func TestParseDecimale(t *testing.T) {
	for s, want := range map[string]string{
		"0": "0", "80": "80", "-2.50": "-2.5", "1300.5": "1300.5", "0.0000005": "0.000001", "0.0000004": "0",
		"007": "7", "33.333333": "33.333333", "5.": "5", "9223372036853": "9223372036853",
	} {
		d, err := ParseDecimale(s)
		if err != nil || d.String() != want {
			t.Errorf("%q: %s, %v; want %s", s, d, err, want)
		}
	}
	for _, s := range []string{"", ".5", "1,5", "1.2.3", "12a", "--1", "9223372036854", "99999999999999999999"} {
		if d, err := ParseDecimale(s); !errors.Is(err, ErrNonNumero) {
			t.Errorf("%q was read as %s, %v", s, d, err)
		}
	}
}

// What is written is read back, whatever the number.
func TestDecimaleRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		d := Decimale(r.Int64N(2e18) - 1e18)
		b, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var letto Decimale
		if err := json.Unmarshal(b, &letto); err != nil || letto != d {
			t.Fatalf("%d written %s came back as %d, %v", d, b, letto, err)
		}
	}
}

func TestDecimaleItaliano(t *testing.T) {
	for s, want := range map[string]string{"1300.5": "1300,5", "18250": "18.250", "-1234567.25": "-1.234.567,25", "0": "0"} {
		d, _ := ParseDecimale(s)
		if got := d.Italiano(); got != want {
			t.Errorf("%s: %s, want %s", s, got, want)
		}
	}
	if NewDecimale(80).Italiano() != "80" {
		t.Error("NewDecimale")
	}
}

// The forms of DESIGN.md, "Numbers as written", and their neighbours.
func TestLeggiNumero(t *testing.T) {
	for _, c := range []struct {
		testo, valore string
		percento      bool
	}{
		{"690", "690", false},
		{"1.300", "1300", false},
		{"1.300,50", "1300.5", false},
		{"1300.5", "1300.5", false},
		{"0.500", "0.5", false},
		{"12,5", "12.5", false},
		{"1.234.567", "1234567", false},
		{"88%", "88", true},
		{"12,5 %", "12.5", true},
		{"€ 150.000,00", "150000", false},
		{"150.000,00 €", "150000", false},
		{"- 5", "-5", false},
		{"−5", "-5", false},
		{"+5", "5", false},
		{" 7 ", "7", false},
	} {
		n := LeggiNumero(c.testo)
		if !n.Numerico || n.Valore.String() != c.valore || n.Percento != c.percento || n.Testo != c.testo {
			t.Errorf("%q: %+v, want %s", c.testo, n, c.valore)
		}
	}
	for _, s := range []string{"", "-", "\\", "n.d.", "46 unità di personale", "aggiudicazione", "1.30.00", "1,2,3", "1,",
		"12.", "1.2.3,4", "%", "1.300.50", "sì", ".5"} {
		if n := LeggiNumero(s); n.Numerico || n.Percento || n.Testo != s {
			t.Errorf("%q is no number, read as %+v", s, n)
		}
	}
}
