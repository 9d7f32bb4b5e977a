package piano

import (
	"fmt"
	"strings"
	"testing"
)

// A value's history: the sheet of April, the same sheet saved again in May, the sheet of
// July with other progress, the variation of October that took an activity away.
func TestWhereAValueComesFrom(t *testing.T) {
	no := false
	aprile := schedaProva()
	aprile.Foglio = "Ob. 1-3"
	luglio := schedaProva()
	luglio.Foglio = "Scheda"
	luglio.Attivita[0].Ottenuto, luglio.Attivita[0].Eseguito, luglio.Attivita[0].Cella = NewMesi(1, 2), &no, "A30"
	ottobre := luglio
	ottobre.Attivita = luglio.Attivita[:1]
	versioni := []Versione{
		{Scheda: aprile, File: "aprile.xlsx", Giorno: NewGiorno(2021, 4, 20)},
		{Scheda: aprile, File: "maggio.xlsx", Giorno: NewGiorno(2021, 5, 3)},
		{Scheda: luglio, File: "luglio.xlsx", Giorno: NewGiorno(2021, 7, 12)},
		{Scheda: ottobre, File: "luglio.xlsx", Giorno: NewGiorno(2021, 10, 1), Atto: "DGU 40/2021"},
	}
	per := map[string]Provenienza{}
	for _, p := range Provenienze(versioni) {
		per[p.Campo] = p
	}
	for _, caso := range []struct{ campo, storia string }{
		{"peso", "80 aprile.xlsx 2021-04-20 Ob. 1-3!B9; still in luglio.xlsx 2021-10-01"},
		{"ottenuto di 2021 rilievo", "gen, feb luglio.xlsx 2021-07-12 Scheda!A30; gen aprile.xlsx 2021-04-20 Ob. 1-3!A25; still in luglio.xlsx 2021-10-01"},
		{"eseguito di 2021 rilievo", "NO luglio.xlsx 2021-07-12 Scheda!A30; still in luglio.xlsx 2021-10-01"},
		{"previsto di 2022 chiusura", "(none) luglio.xlsx 2021-10-01 by DGU 40/2021; apr aprile.xlsx 2021-04-20; still in luglio.xlsx 2021-10-01"},
	} {
		p, ok := per[caso.campo]
		if !ok {
			t.Errorf("%s has no history; there are %v", caso.campo, chiavi(per))
			continue
		}
		if s := provenienzaInRiga(p); s != caso.storia {
			t.Errorf("%s:\n got %s\nwant %s", caso.campo, s, caso.storia)
		}
	}
}

func chiavi(per map[string]Provenienza) (tutte []string) {
	for k := range per {
		tutte = append(tutte, k)
	}
	return tutte
}

// provenienzaInRiga writes a history on one line, the present value first.
func provenienzaInRiga(p Provenienza) string {
	var parti []string
	for _, x := range p.Passaggi {
		s := fmt.Sprintf("%s %s %s", x.Valore, x.File, x.Giorno)
		if x.Valore == "" {
			s = fmt.Sprintf("(none) %s %s", x.File, x.Giorno)
		}
		if x.Cella != "" {
			s += fmt.Sprintf(" %s!%s", x.Foglio, x.Cella)
		}
		if x.Atto != "" {
			s += " by " + x.Atto
		}
		parti = append(parti, s)
	}
	return strings.Join(append(parti, fmt.Sprintf("still in %s %s", p.Conferma, p.Confermata)), "; ")
}

func TestTheErrorOfAnOlderSheet(t *testing.T) {
	e := &ConsegnaVecchia{Numero: "1/3", File: "giugno.xlsx", Giorno: NewGiorno(2021, 6, 30)}
	if s := e.Error(); s != "card 1/3: giugno.xlsx, handed in on 2021-06-30, is newer" {
		t.Error(s)
	}
}
