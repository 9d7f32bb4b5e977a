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

// What a year says counts though it be nothing: no reminders, no date of the law, no check
// of the measures at all; what it does not say is as in every year.
func TestAYearMayWantNothing(t *testing.T) {
	c, err := Leggi(scrivi(t, "[sessioni.meta_anno]\nsollecito = 7\n[sessioni.anni.2026.meta_anno]\nsollecito = 0\nlegge = \"\"\n[sessioni.anni.2026.anticorruzione]\nsollecito = 0\n"+
		"[sessioni.anni.2027.anticorruzione]\ndati = []\napre = []\nchiude = []\n[sessioni.anni.2028.fine_anno]\nsollecito = 3\n"), nessuno, ogniOrario)
	if err != nil {
		t.Fatal(err)
	}
	if d := c.Sessioni.Di(2026); d.MetaAnno != (DateSessione{Dati: "30/06", Apre: "01/07", Sollecito: 0, Chiude: "31/07"}) || d.FineAnno.Sollecito != 5 ||
		d.Anticorruzione.Sollecito != 0 || len(d.Quadrimestri()) != 3 {
		t.Errorf("2026: %+v", d)
	}
	if d := c.Sessioni.Di(2027); len(d.Quadrimestri()) != 0 || d.MetaAnno.Sollecito != 7 || d.MetaAnno.Legge != "31/07" {
		t.Errorf("2027: %+v", d)
	}
	if d := c.Sessioni.Di(2028); d.FineAnno != (DateSessione{Dati: "31/12", Apre: "07/01", Sollecito: 3, Chiude: "31/01", Legge: "30/06"}) {
		t.Errorf("2028: %+v", d)
	}
}
