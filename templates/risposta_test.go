package templates

import (
	"strings"
	"testing"

	"github.com/scadenzario/scadenzario/piano"
)

// The answer beside a hand-in names the outcome first, then every finding with its
// place, errors before warnings, then what was understood.
func TestRisposta(t *testing.T) {
	schede := []piano.Obiettivo{{Numero: "1/3", Titolo: "Posteggi", Attivita: make([]piano.Attivita, 3), Indicatori: make([]piano.Indicatore, 2)}}
	errore := piano.Rilievo{Gravita: piano.Errore, Foglio: "Ob. 1-3", Cella: "F31", Messaggio: "Il segno «?» non è riconosciuto. Scrivere X."}
	avviso := piano.Rilievo{Gravita: piano.Avviso, Messaggio: "I pesi non danno 100."}
	oggi := piano.NewGiorno(2021, 7, 12)
	for _, c := range []struct {
		storia string
		d      DatiRisposta
		want   []string // in this order
		senza  string
	}{
		{"accepted, nothing to say", DatiRisposta{File: "suap.xlsx", Giorno: oggi, Accolto: true, Schede: schede,
			Esiti: []piano.EsitoObiettivo{{Numero: "1/3", Esito: piano.Cambiata}}},
			[]string{"suap.xlsx\nACCOLTO il 12 luglio 2021\n", "- 1/3 Posteggi\n  3 attività, 2 indicatori; scheda cambiata\n"}, "DA "},
		{"refused", DatiRisposta{File: "suap.xlsx", Giorno: oggi, Schede: schede, Rilievi: []piano.Rilievo{avviso, errore}},
			[]string{"NON ACCOLTO", "DA CORREGGERE", "Foglio «Ob. 1-3», cella F31\n   Il segno «?»", "DA VERIFICARE", "Intero file\n   I pesi", "2 indicatori\n"}, "scheda "},
		{"the same bytes again", DatiRisposta{File: "suap.xlsx", Giorno: oggi, Accolto: true, GiaRicevuto: oggi.Piu(-3)},
			[]string{"GIÀ RICEVUTO il 9 luglio 2021"}, "SCHEDE"},
		{"a sheet of measures", DatiRisposta{File: "misure.xlsx", Giorno: oggi, Accolto: true, Misure: 11},
			[]string{"ACCOLTO il 12 luglio 2021", "FOGLIO DELLE MISURE ANTICORRUZIONE", "- 11 misure lette\n"}, "SCHEDE"},
	} {
		t.Run(c.storia, func(t *testing.T) {
			m, err := New()
			if err != nil {
				t.Fatal(err)
			}
			testo, err := m.Risposta(c.d)
			if err != nil {
				t.Fatal(err)
			}
			resto := testo
			for _, w := range c.want {
				_, dopo, ok := strings.Cut(resto, w)
				if !ok {
					t.Fatalf("%q is missing, or not in its place, in:\n%s", w, testo)
				}
				resto = dopo
			}
			if strings.Contains(testo, c.senza) {
				t.Errorf("%q should not be in:\n%s", c.senza, testo)
			}
		})
	}
}
