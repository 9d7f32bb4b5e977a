package config

import (
	"strings"
	"testing"
)

// A day that does not come, or comes in the wrong order, is refused when the file is
// read, and the key is named.
func TestDatesOfSessions(t *testing.T) {
	for testo, want := range map[string]string{
		"[sessioni.meta_anno]\ndati = \"31/06\"":                                                `:2: sessioni.meta_anno.dati: "31/06" is no day of the year`,
		"[sessioni.fine_anno]\napre = \"29/02\"":                                                `:2: sessioni.fine_anno.apre: "29/02" does not come every year`,
		"[sessioni.meta_anno]\nchiude = \"metà\"":                                               `:2: sessioni.meta_anno.chiude: "metà" is no day`,
		"[sessioni.meta_anno]\nlegge = \"32/07\"":                                               `:2: sessioni.meta_anno.legge: "32/07" is no day`,
		"[sessioni.meta_anno]\napre = \"01/08\"":                                                `:2: sessioni.meta_anno.apre: 01/08 does not come between the day of the data, 30/06, and the closing, 31/07`,
		"[sessioni.meta_anno]\nchiude = \"30/06\"":                                              `:2: sessioni.meta_anno.chiude: 30/06 is 365 days after`,
		"[sessioni.meta_anno]\nsollecito = -1":                                                  `:2: sessioni.meta_anno.sollecito: -1 is outside 0..260`,
		"[sessioni.anni.26.meta_anno]\napre=\"02/07\"":                                          `sessioni.anni.26: "26" is no year`,
		"[sessioni.anni.2026.fine_anno]\napre=\"31/01\"":                                        `:2: sessioni.anni.2026.fine_anno.apre: 31/01 does not come between`,
		"[sessioni.anni.2026.meta_anno]\nchiude=\"31/06\"":                                      `:2: sessioni.anni.2026.meta_anno.chiude: "31/06" is no day`,
		"[sessioni.anni.2026.luglio]\nchiude=\"31/07\"":                                         `sessioni.anni.2026.luglio: unknown key`,
		"[sessioni.meta_anno]\napre = \"mai\"":                                                  "",
		"[sessioni.anticorruzione]\ndati = [\"30/06\"]":                                         `:2: sessioni.anticorruzione.dati: dati has 1 days, apre 3, chiude 3`,
		"[sessioni.anticorruzione]\ndati = [\"31/04\", \"31/08\", \"31/12\"]":                   `:2: sessioni.anticorruzione.dati: "31/04" is no day`,
		"[sessioni.anni.2026.anticorruzione]\nchiude = [\"20/05\", \"20/09\", \"06/01\"]":       `sessioni.anni.2026.anticorruzione.apre: 07/01 does not come between the day of the data, 31/12, and the closing, 06/01`,
		"[sessioni.anticorruzione]\ndati = [\"30/06\"]\napre=[\"01/07\"]\nchiude=[\"20/07\"]\n": "",
	} {
		_, err := Leggi(scrivi(t, testo+"\n"), nessuno, ogniOrario)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", testo, err, want)
		}
	}
	c, err := Leggi(scrivi(t, "[sessioni.fine_anno]\nchiude = \"20/01\"\n[sessioni.anni.2026.meta_anno]\nchiude = \"24/07\"\n"), nessuno, ogniOrario)
	if err != nil {
		t.Fatal(err)
	}
	if d := c.Sessioni.Di(2026); d.MetaAnno.Chiude != "24/07" || d.MetaAnno.Apre != "01/07" || d.FineAnno.Chiude != "20/01" {
		t.Errorf("%+v", d)
	}
	if q := c.Sessioni.Di(2026).Quadrimestri(); len(q) != 3 || q[2] != (DateSessione{Dati: "31/12", Apre: "07/01", Sollecito: 5, Chiude: "20/01"}) {
		t.Errorf("%+v", q)
	}
	if d := c.Sessioni.Di(2027); d.MetaAnno.Chiude != "31/07" {
		t.Errorf("%+v", d)
	}
}
