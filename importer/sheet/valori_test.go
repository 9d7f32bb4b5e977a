package sheet

import (
	"math/rand/v2"
	"testing"
)

// The two short ways of folding a text give what the long one gives.
func TestPiega(t *testing.T) {
	caso := rand.New(rand.NewPCG(2, 7))
	segni, brevi := []rune("ab Z~!\n\t\r\u00a0\u2003–’…«»°ºÀèſ€\u0301e\x01\x7f\u200b\ufffd中"), 0
	for range 200_000 {
		testo := make([]rune, caso.IntN(9))
		for i := range testo {
			testo[i] = segni[caso.IntN(len(segni))]
		}
		s := string(testo)
		vuole := piegaOgni(s)
		if breve, ok := senzaRighe(s); ok {
			if brevi++; breve != vuole {
				t.Fatalf("%q: %q, want %q", s, breve, vuole)
			}
		}
		if ha := Piega(s); ha != vuole {
			t.Fatalf("%q: %q, want %q", s, ha, vuole)
		}
	}
	if brevi < 10_000 {
		t.Error(brevi, "texts went the short way")
	}
}

func TestDecimale(t *testing.T) {
	for _, c := range []struct {
		grezzo string
		cento  bool
		want   string
	}{
		{"690", false, "690"}, {"1300.5", false, "1300.5"}, {"0.1", false, "0.1"}, {"1E3", false, "1000"}, {"1.5E-3", false, "0.0015"},
		{"0.88", true, "88"}, {"0.88000000000000012", true, "88"}, {"3.4000000000000002E-2", true, "3.4"}, {"1", true, "100"},
		{"0.1", true, "10"}, {"0.29999999999999999", false, "0.3"}, {"-5", false, "-5"}, {"-0", false, "0"}, {"0", true, "0"},
		{"123456789012345678", false, "123456789012346000"}, {"x", false, ""}, {"", false, ""}, {"Inf", false, ""}, {"NaN", false, ""}, {"1e999999", false, ""},
	} {
		if got, _ := decimale(c.grezzo, c.cento); got != c.want {
			t.Errorf("%q (%v): %q, want %q", c.grezzo, c.cento, got, c.want)
		}
	}
}

func TestData(t *testing.T) {
	for _, c := range []struct {
		seriale string
		dal1904 bool
		want    string
	}{
		{"44561", false, "2021-12-31"}, {"44561.75", false, "2021-12-31"}, {"43099", true, "2021-12-31"}, {"1", false, "1900-01-01"},
		{"59", false, "1900-02-28"}, {"61", false, "1900-03-01"}, {"-1", false, ""}, {"1e9", false, ""}, {"x", false, ""},
	} {
		if got, _ := data(c.seriale, c.dal1904); got != c.want {
			t.Errorf("%s: %q, want %q", c.seriale, got, c.want)
		}
	}
}

func TestOra(t *testing.T) {
	for grezzo, want := range map[string]string{"0.35416666666666669": "08:30", "0.5": "12:00", "0.99999": "00:00", "0": "", "1": "", "44561.5": "", "x": ""} {
		if got, _ := ora(grezzo); got != want {
			t.Errorf("%s: %q, want %q", grezzo, got, want)
		}
	}
	if got, tipo := valore("0.35416666666666669", formatoData, false); got != "08:30" || tipo != Testo {
		t.Error(got, tipo)
	}
}

func TestFormati(t *testing.T) {
	for _, c := range []struct {
		id     int
		codice string
		want   formato
	}{
		{0, "", formatoNumero}, {1, "", formatoNumero}, {4, "", formatoNumero}, {49, "", formatoNumero},
		{9, "", formatoPercento}, {10, "", formatoPercento}, {14, "", formatoData}, {22, "", formatoData}, {47, "", formatoData},
		{164, "0%", formatoPercento}, {164, "0.0%;[Red]-0.0%", formatoPercento}, {164, `0" %"`, formatoNumero}, {164, `0\%`, formatoNumero},
		{164, "dd/mm/yyyy", formatoData}, {164, "GG/MM/AAAA", formatoData}, {164, "[$-410]d mmmm yyyy;@", formatoData}, {164, "mmm-yy", formatoData},
		{164, `#,##0" giorni"`, formatoNumero}, {164, "[Red]0.00", formatoNumero}, {164, "General", formatoNumero}, {164, `"€" #,##0.00`, formatoNumero},
		{164, "_-* #,##0.00\\ _€_-", formatoNumero}, {164, "0.00E+00", formatoNumero}, {164, "@", formatoNumero},
	} {
		if got := formatoDi(c.id, c.codice); got != c.want {
			t.Errorf("%d %q: %v, want %v", c.id, c.codice, got, c.want)
		}
	}
}
