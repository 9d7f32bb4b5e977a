package store_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
)

// A run through a day: begun once, taken over when its process is gone, done with
// when it has ended.
func TestARunIsMadeOnce(t *testing.T) {
	db := conRegistro(t)
	inizia := func(storia, job, periodo, quando string, attesa bool) {
		t.Helper()
		if nuova, err := db.IniziaEsecuzione(t.Context(), job, periodo, ore(quando)); err != nil || nuova != attesa {
			t.Errorf("%s: %t, %v", storia, nuova, err)
		}
	}
	inizia("the first one", "riepilogo", "2021-06", "08:00", true)
	inizia("another one, at once", "riepilogo", "2021-06", "08:00", false)
	inizia("another month is another run", "riepilogo", "2021-07", "08:00", true)
	inizia("another job, too", "promemoria", "2021-06", "08:00", true)
	inizia("an hour is not over", "riepilogo", "2021-06", "09:00", false)
	inizia("it is: that process is gone", "riepilogo", "2021-06", "09:01", true)
	inizia("the hour counts from there", "riepilogo", "2021-06", "10:00", false)
	if err := db.FineEsecuzione(t.Context(), "riepilogo", "2021-06", "fatto", "", ore("10:05")); err != nil {
		t.Error(err)
	}
	inizia("done is done", "riepilogo", "2021-06", "23:00", false)
	if err := db.FineEsecuzione(t.Context(), "riepilogo", "2020-01", "fatto", "", ore("10:05")); !errors.Is(err, piano.ErrNonTrovato) {
		t.Errorf("%v for a run that never began", err)
	}
	if _, err := db.IniziaEsecuzione(t.Context(), "", "2021-06", ore("08:00")); err == nil {
		t.Error("a run of nothing")
	}
}

func TestARunIsBegunByOne(t *testing.T) {
	db := conRegistro(t)
	for _, quando := range []string{"08:00", "10:00"} { // new, then left behind
		var nuove atomic.Int32
		var insieme sync.WaitGroup
		for range 8 {
			insieme.Go(func() {
				nuova, err := db.IniziaEsecuzione(t.Context(), "riepilogo", "2021-06", ore(quando))
				if err != nil {
					t.Error(err)
				}
				if nuova {
					nuove.Add(1)
				}
			})
		}
		insieme.Wait()
		if nuove.Load() != 1 {
			t.Errorf("at %s begun by %d", quando, nuove.Load())
		}
	}
}

func TestUltimeEsecuzioni(t *testing.T) {
	db := conRegistro(t)
	for _, r := range []struct{ job, periodo, inizio string }{{"promemoria", "2021-07-09", "07:00"}, {"riepilogo", "2021-06", "07:30"}, {"promemoria", "2021-07-12", "08:00"}} {
		if _, err := db.IniziaEsecuzione(t.Context(), r.job, r.periodo, ore(r.inizio)); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.FineEsecuzione(t.Context(), "promemoria", "2021-07-12", "errore", "server down\x00", ore("08:10")); err != nil {
		t.Fatal(err)
	}
	ultime, err := db.UltimeEsecuzioni(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for job, e := range ultime {
		e.Finita = e.Finita.UTC()
		ultime[job] = e
	}
	attese := map[string]store.Esecuzione{
		"promemoria": {Periodo: "2021-07-12", Finita: ore("08:10"), Esito: "errore", Errore: "server down"},
		"riepilogo":  {Periodo: "2021-06"},
	}
	if d := cmp.Diff(attese, ultime); d != "" {
		t.Error(d)
	}
}
