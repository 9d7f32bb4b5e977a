package main

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"github.com/scadenzario/scadenzario/config"
	"github.com/scadenzario/scadenzario/piano"
)

// termini is the table of dates that the law sets an ente: the program's, changed by
// what the configuration says for all and then for this one.
func termini(perTutti, sue map[string]config.Scadenza) []piano.Termine {
	tabella := piano.TerminiDiLegge()
	for _, scadenze := range []map[string]config.Scadenza{perTutti, sue} {
		for _, nome := range slices.Sorted(maps.Keys(scadenze)) {
			i := slices.IndexFunc(tabella, func(t piano.Termine) bool { return t.Codice == nome })
			if i < 0 {
				i, tabella = len(tabella), append(tabella, piano.Termine{Codice: nome})
			}
			tabella[i] = cambia(tabella[i], scadenze[nome])
		}
	}
	return tabella
}

func cambia(t piano.Termine, s config.Scadenza) piano.Termine {
	t.Che, t.Fonte, t.DopoBilancio = cmp.Or(s.Che, t.Che), cmp.Or(s.Fonte, t.Fonte), cmp.Or(s.DopoBilancio, t.DopoBilancio)
	if giorno, mese, ok := config.GiornoMese(s.Giorno); ok {
		t.Mese, t.Giorno = mese, giorno
	}
	if s.Giorno == config.Mai {
		t.Mese, t.Giorno, t.DopoBilancio = 0, 0, 0
	}
	t.Anni = maps.Clone(t.Anni)
	for anno, a := range s.Anni {
		if t.Anni == nil {
			t.Anni = map[int]piano.Giorno{}
		}
		giorno(anno, a.Giorno, t.Anni)
	}
	return t
}

// bilanci says on which day each year's budget was approved.
func bilanci(anni map[string]config.AnnoEnte) map[int]piano.Giorno {
	b := map[int]piano.Giorno{}
	for anno, a := range anni {
		giorno(anno, a.Bilancio, b)
	}
	return b
}

// giorno writes down the day of a year; config has judged both.
func giorno(anno, testo string, dove map[int]piano.Giorno) {
	n, err := strconv.Atoi(anno)
	g, err2 := piano.ParseGiorno(testo)
	if err == nil && err2 == nil {
		dove[n] = g
	}
}
