package store_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/scadenzario/scadenzario/piano"
)

// The Sintesi comes back as it was saved; saved again it is what it says now, and the
// other year's stays.
func TestTheSintesiIsWhatWasLastImported(t *testing.T) {
	db := conRegistro(t)
	righe := []piano.RigaSintesi{
		{Numero: "1/3", Titolo: "Posteggi \x00", Settore: "Suap", Responsabile: "Giulia Montanari", Assessore: "M. Galletti", Strategicita: dec("100"), Peso: dec("33.333333"),
			AltriSettori: "SIA", Durata: "2021", File: "s.xlsx", Foglio: "SINTESI", Celle: map[string]string{"numero": "A7", "peso": "G7"}},
		{Numero: "2/4", Titolo: "Evasione", File: "s.xlsx", Foglio: "SINTESI", Celle: map[string]string{"numero": "A8"}},
	}
	for _, anno := range []int{2021, 2022} {
		if err := db.SaveSintesi(t.Context(), unione, anno, righe); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.SaveSintesi(t.Context(), unione, 2021, righe[1:]); err != nil {
		t.Fatal(err)
	}
	righe[0].Titolo = "Posteggi "
	for anno, want := range map[int][]piano.RigaSintesi{2021: righe[1:], 2022: righe, 2023: nil} {
		got, err := db.Sintesi(t.Context(), unione, anno)
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Errorf("%d: %v %s", anno, err, d)
		}
	}
	if _, err := db.Sintesi(t.Context(), "molinella", 2021); !errors.Is(err, piano.ErrNonTrovato) {
		t.Error(err)
	}
	if err := db.SaveSintesi(t.Context(), "molinella", 2021, righe); !errors.Is(err, piano.ErrNonTrovato) {
		t.Error(err)
	}
}

// A measure keeps its ID from one import to the next, wherever it stands in the table; the
// same words twice are two measures.
func TestAMeasureStaysTheSame(t *testing.T) {
	db := conRegistro(t)
	misure := []piano.Misura{
		{Area: "Contratti", Titolo: "Rotazione", Attivita: "Proposta", Indicatore: "Una per settore", Target: "1", Verifica: "Nota", Settore: "Tutti", Responsabile: "RPCT",
			Scadenza: "entro giugno", File: "m.xlsx", Foglio: "Misure 2021", Cella: "B5"},
		{Titolo: "Rotazione", Attivita: "Proposta", Indicatore: "Una per settore", Settore: "Tutti", File: "m.xlsx", Foglio: "Misure 2021", Cella: "B6"},
		{Titolo: "Patti di integrità", File: "m.xlsx", Foglio: "Misure 2021", Cella: "B7"},
	}
	salva := func(m ...piano.Misura) []piano.Misura {
		t.Helper()
		if err := db.SaveMisure(t.Context(), unione, 2021, m); err != nil {
			t.Fatal(err)
		}
		got, err := db.Misure(t.Context(), unione, 2021)
		if d := cmp.Diff(m, got, cmpopts.IgnoreFields(piano.Misura{}, "ID"), cmpopts.EquateEmpty()); d != "" || err != nil {
			t.Fatalf("%v %s", err, d)
		}
		return got
	}
	prima := salva(misure...)
	patti, rotazione := misure[2], misure[0]
	patti.Titolo, patti.Cella = "PATTI DI INTEGRITA'", "B9"
	rotazione.Scadenza = "entro luglio"
	patti.Titolo = "PATTI DI INTEGRITÀ"
	dopo := salva(patti, rotazione)
	if dopo[0].ID != prima[2].ID || dopo[1].ID != prima[0].ID || prima[0].ID == prima[1].ID || prima[0].ID == 0 {
		t.Errorf("%+v, then %+v", prima, dopo)
	}
	if err := db.SaveMisure(t.Context(), unione, 2022, misure); err != nil {
		t.Error(err)
	}
	salva() // of 2021 alone
	if m, err := db.Misure(t.Context(), unione, 2022); len(m) != 3 || err != nil {
		t.Error(m, err)
	}
	if _, err := db.Misure(t.Context(), "molinella", 2021); !errors.Is(err, piano.ErrNonTrovato) {
		t.Error(err)
	}
}
