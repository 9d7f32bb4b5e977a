package store_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/scadenzario/scadenzario/piano"
)

// schedeReali reads what the reader of workbooks makes of a real folder: the
// expected output in testdata, so that this package needs no reader.
func schedeReali(t *testing.T, cartella string) map[string][]piano.Obiettivo {
	t.Helper()
	file, err := filepath.Glob(filepath.Join("..", "testdata", "moduli", "attesi", cartella, "*.json"))
	if err != nil || len(file) == 0 {
		t.Fatal(file, err)
	}
	schede := map[string][]piano.Obiettivo{}
	for _, f := range file {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var letto struct {
			Schede []piano.Obiettivo `json:"schede"`
		}
		if err := json.Unmarshal(b, &letto); err != nil {
			t.Fatal(err)
		}
		schede[filepath.Base(f)] = letto.Schede
	}
	return schede
}

// registroReale lists the settori that the cards name.
func registroReale(schede map[string][]piano.Obiettivo) piano.Anagrafica {
	a := piano.Anagrafica{Ente: piano.Ente{Codice: unione, Nome: "Unione dei Comuni Terre di Pianura"}}
	for _, s := range schede {
		a.Settori = append(a.Settori, piano.Settore{Nome: s[0].Settore})
	}
	return a
}

// The plan of 2021 as its eight offices handed it in: in January the plan, in July
// the progress, in January after that the results. No office changed its plan, so
// no variation is found; every activity is there and its state is the rules'.
func TestTheYear2021(t *testing.T) {
	db, _ := conSQL(t)
	registro := registroReale(schedeReali(t, "piano-2021"))
	if _, err := db.SaveAnagrafica(t.Context(), registro); err != nil {
		t.Fatal(err)
	}
	for _, tempo := range []struct {
		cartella, consegnata string
		esiti                []piano.EsitoScheda
	}{
		{"piano-2021", "2021-01-20", []piano.EsitoScheda{piano.Aggiunta}},
		{"stato-2021-06-30", "2021-07-05", []piano.EsitoScheda{piano.Cambiata, piano.Invariata}},
		{"stato-2021-12-31", "2022-01-10", []piano.EsitoScheda{piano.Cambiata, piano.Invariata}},
	} {
		attese := map[string]piano.Attivita{}
		for file, schede := range schedeReali(t, tempo.cartella) {
			for _, e := range prendi(t, db, tempo.consegnata, schede...) {
				if !slices.Contains(tempo.esiti, e.Esito) {
					t.Errorf("%s %s %s: %s", tempo.cartella, file, e.Numero, e.Esito)
				}
				for _, v := range e.DaVariare {
					t.Errorf("%s %s %s: %s", tempo.cartella, file, e.Numero, v)
				}
			}
			for _, s := range schede {
				for _, a := range s.Attivita {
					attese[s.Numero+a.Descrizione+string(rune(a.Anno))] = a
				}
			}
		}
		if tempo.cartella == "piano-2021" {
			if s, o, a, err := db.ApprovaPiano(t.Context(), unione, 2021, "delibera 18", g("2021-04-27")); err != nil || s != 8 || o != 16 || a != len(attese) {
				t.Errorf("%d settori, %d objectives, %d activities, %v", s, o, a, err)
			}
		}
		for _, giorno := range []piano.Giorno{g("2021-06-30"), g("2021-07-12"), g("2021-12-31"), g("2022-01-01")} {
			lista, err := db.Situazioni(t.Context(), unione, giorno)
			if err != nil || len(lista) != len(attese) {
				t.Fatalf("%d activities, want %d, %v", len(lista), len(attese), err)
			}
			for _, v := range lista {
				a := attese[v.Obiettivo+v.Attivita.Descrizione+string(rune(v.Attivita.Anno))]
				if s := a.Al(giorno); s != v.Situazione {
					t.Errorf("%s %s: %+v, want %+v", v.Obiettivo, a.Descrizione, v.Situazione, s)
				}
			}
		}
	}
}
