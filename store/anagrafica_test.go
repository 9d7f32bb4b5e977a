package store_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
	"github.com/scadenzario/scadenzario/store/storetest"
)

func TestAnagraficaComesBackAsSaved(t *testing.T) {
	db := storetest.New(t)
	cambi, err := db.SaveAnagrafica(t.Context(), registro())
	if err != nil {
		t.Fatal(err)
	}
	attesi := store.Cambi{Settori: store.Conto{Aggiunti: 2}, Incarichi: store.Conto{Aggiunti: 3}, Ruoli: store.Conto{Aggiunti: 2}}
	if d := cmp.Diff(attesi, cambi); d != "" {
		t.Error(d)
	}
	a, err := db.Anagrafica(t.Context(), unione)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(registro(), a, giorni); d != "" {
		t.Error(d)
	}
	enti, err := db.Enti(t.Context())
	if d := cmp.Diff([]piano.Ente{registro().Ente}, enti); d != "" || err != nil {
		t.Error(d, err)
	}
	if _, err := db.Anagrafica(t.Context(), "molinella"); !errors.Is(err, piano.ErrNonTrovato) {
		t.Errorf("%v for an unknown ente", err)
	}
}

// soloEsito leaves out of an outcome what was taken: TestStoria looks at it.
var soloEsito = cmpopts.IgnoreFields(piano.EsitoObiettivo{}, "Differenze")

var giorni = cmp.Comparer(func(a, b piano.Giorno) bool { return a == b })

func TestTheSameRegistryAgainChangesNothing(t *testing.T) {
	db, grezzo := conSQL(t)
	prima := conta(t, grezzo, "SELECT sum(id) FROM incarichi")
	cambi, err := db.SaveAnagrafica(t.Context(), registro())
	attesi := store.Cambi{Settori: store.Conto{Invariati: 2}, Incarichi: store.Conto{Invariati: 3}, Ruoli: store.Conto{Invariati: 2}}
	if d := cmp.Diff(attesi, cambi); d != "" || err != nil {
		t.Error(d, err)
	}
	if dopo := conta(t, grezzo, "SELECT sum(id) FROM incarichi"); dopo != prima {
		t.Error("the rows were written again")
	}
}

// A registry through a year: people come and go, an office is renamed, another
// one is closed.
func TestRegistryChanges(t *testing.T) {
	for _, c := range []struct {
		storia string
		cambia func(*piano.Anagrafica)
		cambi  store.Cambi
	}{
		{"Ugo Neri becomes titolare", func(a *piano.Anagrafica) { a.Incarichi[1].Tipo = piano.Titolare },
			store.Cambi{Settori: store.Conto{Invariati: 2}, Incarichi: store.Conto{Cambiati: 1, Invariati: 2}, Ruoli: store.Conto{Invariati: 2}}},
		{"a new Segretario", func(a *piano.Anagrafica) { a.Ruoli[0].Nome = "Ada Viola" },
			store.Cambi{Settori: store.Conto{Invariati: 2}, Incarichi: store.Conto{Invariati: 3}, Ruoli: store.Conto{Cambiati: 1, Invariati: 1}}},
		{"an alias, a mailbox", func(a *piano.Anagrafica) {
			a.Settori[0].Alias, a.Settori[1].Email = []string{"Attività produttive"}, "ragioneria@terredipianura.example"
		}, store.Cambi{Settori: store.Conto{Cambiati: 2}, Incarichi: store.Conto{Invariati: 3}, Ruoli: store.Conto{Invariati: 2}}},
		{"Ragioneria is renamed and keeps its code", func(a *piano.Anagrafica) {
			a.Settori[1].Nome, a.Incarichi[2].Settore = "Risorse economiche", "Risorse economiche"
		}, store.Cambi{Settori: store.Conto{Cambiati: 1, Invariati: 1}, Incarichi: store.Conto{Aggiunti: 1, Tolti: 1, Invariati: 2}, Ruoli: store.Conto{Invariati: 2}}},
		{"SUAP has another code", func(a *piano.Anagrafica) { a.Settori[0].Codice = "sportello-unico" },
			store.Cambi{Settori: store.Conto{Cambiati: 1, Invariati: 1}, Incarichi: store.Conto{Invariati: 3}, Ruoli: store.Conto{Invariati: 2}}},
		{"SUAP is closed, without ever having handed anything in", func(a *piano.Anagrafica) {
			a.Settori, a.Incarichi = a.Settori[1:], a.Incarichi[2:]
		}, store.Cambi{Settori: store.Conto{Invariati: 1, Tolti: 1}, Incarichi: store.Conto{Invariati: 1, Tolti: 2}, Ruoli: store.Conto{Invariati: 2}}},
		{"a second member of the Nucleo", func(a *piano.Anagrafica) {
			a.Ruoli = append(a.Ruoli, piano.Ruolo{Ruolo: "Nucleo di valutazione", Nome: "Uno"}, piano.Ruolo{Ruolo: "Nucleo di valutazione", Nome: "Due"})
		}, store.Cambi{Settori: store.Conto{Invariati: 2}, Incarichi: store.Conto{Invariati: 3}, Ruoli: store.Conto{Invariati: 2, Aggiunti: 2}}},
		{"the patron's day", func(a *piano.Anagrafica) { a.Ente.PatronoMese, a.Ente.PatronoGiorno = 0, 0 },
			store.Cambi{Settori: store.Conto{Invariati: 2}, Incarichi: store.Conto{Invariati: 3}, Ruoli: store.Conto{Invariati: 2}}},
		{"the order of the sheet", func(a *piano.Anagrafica) {
			a.Settori[0], a.Settori[1] = a.Settori[1], a.Settori[0]
			a.Incarichi[0], a.Incarichi[2] = a.Incarichi[2], a.Incarichi[0]
			a.Ruoli[0], a.Ruoli[1] = a.Ruoli[1], a.Ruoli[0]
		}, store.Cambi{Settori: store.Conto{Invariati: 2}, Incarichi: store.Conto{Invariati: 3}, Ruoli: store.Conto{Invariati: 2}}},
	} {
		t.Run(c.storia, func(t *testing.T) {
			t.Parallel()
			db := conRegistro(t)
			a := registro()
			c.cambia(&a)
			cambi, err := db.SaveAnagrafica(t.Context(), a)
			if d := cmp.Diff(c.cambi, cambi); d != "" || err != nil {
				t.Error(d, err)
			}
			letta, err := db.Anagrafica(t.Context(), unione)
			if d := cmp.Diff(a, letta, giorni); d != "" || err != nil {
				t.Error(d, err)
			}
		})
	}
}

// Its objectives and hand-ins are the history of the ente.
func TestAClosedSettoreWithAHistoryIsKept(t *testing.T) {
	db := conRegistro(t)
	prendi(t, db, "2021-01-15", scheda())
	a := registro()
	a.Settori, a.Incarichi = a.Settori[1:], a.Incarichi[2:]
	cambi, err := db.SaveAnagrafica(t.Context(), a)
	attesi := store.Cambi{Settori: store.Conto{Invariati: 1}, Incarichi: store.Conto{Invariati: 1, Tolti: 2},
		Ruoli: store.Conto{Invariati: 2}, Conservati: []string{"SUAP"}}
	if d := cmp.Diff(attesi, cambi); d != "" || err != nil {
		t.Error(d, err)
	}
	if letta, err := db.Anagrafica(t.Context(), unione); err != nil || len(letta.Settori) != 1 {
		t.Errorf("%v, %v: it is not in force any more", letta.Settori, err)
	}
	if n := len(situazioni(t, db, "2021-02-01")); n != 2 {
		t.Errorf("%d activities, want both", n)
	}
	cambi, err = db.SaveAnagrafica(t.Context(), registro())
	if err != nil || cambi.Settori != (store.Conto{Cambiati: 1, Invariati: 1}) {
		t.Errorf("%+v, %v: back again it is the same settore", cambi, err)
	}
}

// Nothing is half written, and the reason can be told to a person.
func TestARegistryThatCannotBe(t *testing.T) {
	for _, c := range []struct {
		storia string
		cambia func(*piano.Anagrafica)
		errore error
	}{
		{"two settori of one name", func(a *piano.Anagrafica) { a.Settori[1].Nome = "SUAP" }, store.ErrDoppio},
		{"two settori of one code", func(a *piano.Anagrafica) { a.Settori[1].Codice = "suap" }, store.ErrDoppio},
		{"an incarico nowhere", func(a *piano.Anagrafica) { a.Incarichi[0].Settore = "Turismo" }, piano.ErrNonTrovato},
		{"an incarico that ends before it begins", func(a *piano.Anagrafica) { a.Incarichi[0].Al = g("2019-12-31") }, nil},
		{"nobody in charge, as an incarico", func(a *piano.Anagrafica) { a.Incarichi[0].Tipo = piano.Vacante }, nil},
	} {
		t.Run(c.storia, func(t *testing.T) {
			t.Parallel()
			db := conRegistro(t)
			a := registro()
			a.Ente.Nome = "Altro nome"
			c.cambia(&a)
			_, err := db.SaveAnagrafica(t.Context(), a)
			if err == nil || c.errore != nil && !errors.Is(err, c.errore) {
				t.Errorf("%v, want %v", err, c.errore)
			}
			letta, err := db.Anagrafica(t.Context(), unione)
			if d := cmp.Diff(registro(), letta, giorni); d != "" || err != nil {
				t.Error(d, err)
			}
		})
	}
}

func TestARegistryWithDirtyCells(t *testing.T) {
	db := storetest.New(t)
	a := registro()
	a.Settori[0] = piano.Settore{Nome: "Sport e\x00 cultura", Alias: []string{"a\xffb"}}
	a.Incarichi = []piano.Incarico{{Settore: "Sport e\x00 cultura", Nome: "A\x00", Tipo: piano.Titolare}}
	a.Ruoli[0].Nome = strings.Repeat("è", 200_000)
	if _, err := db.SaveAnagrafica(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	letta, err := db.Anagrafica(t.Context(), unione)
	if err != nil {
		t.Fatal(err)
	}
	s := letta.Settori[0]
	if s.Nome != "Sport e cultura" || s.Codice != "sport-e-cultura" || s.Alias[0] != "a\uFFFDb" || letta.Incarichi[0].Nome != "A" {
		t.Errorf("%+v", letta)
	}
	if n := len(letta.Ruoli[0].Nome); n != 256<<10 {
		t.Errorf("%d bytes kept", n)
	}
}

func TestRegistriesOfTwoEntiAreApart(t *testing.T) {
	db := conRegistro(t)
	a := registro()
	a.Ente = piano.Ente{Codice: "argenta", Nome: "Comune di Argenta"}
	var insieme sync.WaitGroup
	for range 4 { // and the same one from several places at once
		insieme.Go(func() {
			if _, err := db.SaveAnagrafica(t.Context(), a); err != nil {
				t.Error(err)
			}
		})
	}
	insieme.Wait()
	enti, err := db.Enti(t.Context())
	if err != nil || len(enti) != 2 || enti[0].Codice != "argenta" {
		t.Fatalf("%v, %v", enti, err)
	}
	for _, e := range enti {
		letta, err := db.Anagrafica(t.Context(), e.Codice)
		if err != nil || len(letta.Settori) != 2 || len(letta.Incarichi) != 3 || len(letta.Ruoli) != 2 {
			t.Errorf("%+v, %v", letta, err)
		}
	}
}
