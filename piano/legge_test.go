package piano

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Each story: the budget of 2026 or the day of an act, the window, and the dates in it.
func TestDateDiLegge(t *testing.T) {
	proroga := TerminiDiLegge()
	proroga[4].Anni = map[int]Giorno{2025: NewGiorno(2026, 1, 31)} // ANAC, 10 December 2025
	senza := []Termine{{Codice: "vuoto", Che: "niente"}}
	presto, tardi := map[int]Giorno{2026: NewGiorno(2025, 12, 22)}, map[int]Giorno{2026: NewGiorno(2026, 2, 26)}
	for _, s := range []struct {
		storia  string
		tabella []Termine
		bilanci map[int]Giorno
		dal, al string
		want    []string
	}{
		{"the budget before Christmas: PEG twenty days later, PIAO when it always is", TerminiDiLegge(), presto, "2025-12-31", "2026-03-31",
			[]string{"2026-01-11 peg: 20 giorni dall'approvazione del bilancio 2026, avvenuta il 22/12/2025", "2026-01-31 piao: "}},
		{"the budget put off to February: both move", TerminiDiLegge(), tardi, "2025-12-31", "2026-03-31",
			[]string{"2026-03-18 peg: 20 giorni dall'approvazione del bilancio 2026, avvenuta il 26/02/2026", "2026-03-28 piao: 30 giorni dall'approvazione del bilancio 2026, avvenuta il 26/02/2026"}},
		{"nobody said when: the ordinary term, and the digest says so", TerminiDiLegge(), nil, "2025-12-31", "2026-03-31",
			[]string{"2026-01-20 peg: 20 giorni dal termine ordinario del bilancio 2026, il 31/12/2025: la data di approvazione non è stata indicata", "2026-01-31 piao: "}},
		{"a budget of November: the PEG falls in the year before", TerminiDiLegge(), map[int]Giorno{2026: NewGiorno(2025, 11, 28)}, "2025-11-30", "2025-12-31",
			[]string{"2025-12-15 rpct: ", "2025-12-18 peg: 20 giorni dall'approvazione del bilancio 2026, avvenuta il 28/11/2025"}},
		{"summer", TerminiDiLegge(), presto, "2026-05-31", "2026-07-31", []string{"2026-06-30 relazione: ", "2026-07-31 equilibri: "}},
		{"the first day is out, the last one in", TerminiDiLegge(), presto, "2026-06-30", "2026-07-31", []string{"2026-07-31 equilibri: "}},
		{"a term of 2025 that an act moved into 2026 falls there, once", proroga, presto, "2025-11-30", "2026-01-31",
			[]string{"2026-01-11 peg: 20 giorni dall'approvazione del bilancio 2026, avvenuta il 22/12/2025", "2026-01-31 piao: ", "2026-01-31 rpct: data stabilita per il 2025"}},
		{"... and the year after it is where the law has it", proroga, presto, "2026-11-30", "2026-12-31", []string{"2026-12-15 rpct: "}},
		{"no PIAO before there was one", TerminiDiLegge(), nil, "2021-01-20", "2021-02-28", nil},
		{"a row without a day has none", senza, presto, "2026-01-01", "2026-12-31", nil},
		{"nothing in September", TerminiDiLegge(), presto, "2026-08-31", "2026-10-31", nil},
	} {
		dal, _ := ParseGiorno(s.dal)
		al, _ := ParseGiorno(s.al)
		var got []string
		for _, d := range DateDiLegge(s.tabella, s.bilanci, dal, al) {
			got = append(got, fmt.Sprintf("%s %s: %s", d.Giorno, d.Codice, d.Perche))
		}
		if d := cmp.Diff(s.want, got); d != "" {
			t.Errorf("%s (-want +got)\n%s", s.storia, d)
		}
	}
}

func TestEachTermHasItsSource(t *testing.T) {
	for _, x := range TerminiDiLegge() {
		if x.Codice == "" || x.Che == "" || !strings.Contains(x.Fonte, "art. ") || x.Mese == 0 && x.DopoBilancio == 0 {
			t.Errorf("%+v", x)
		}
	}
}

func TestSuperata(t *testing.T) {
	for risposta, want := range map[string]bool{RispostaSuperata + "2021-07-26": true, "550 no such user": false, "": false} {
		if (InUscita{Risposta: risposta}).Superata() != want {
			t.Errorf("%q", risposta)
		}
	}
}
