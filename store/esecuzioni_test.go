package store_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
)

// prendi45 takes a run for three quarters of a minute.
func prendi45(t *testing.T, db *store.DB, chi, job, periodo, quando string) (piano.Esecuzione, bool) {
	t.Helper()
	e, mia, err := db.PrendiEsecuzione(t.Context(), job, periodo, chi, ore(quando), ore(quando).Add(45*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return e, mia
}

// A run through a day: made by the first, taken over when its holder is gone, tried
// again when it failed, done with when it is done.
func TestARunIsMadeOnce(t *testing.T) {
	db := conRegistro(t)
	inizia := func(storia, chi, job, periodo, quando string, attesa bool) piano.Esecuzione {
		t.Helper()
		e, mia := prendi45(t, db, chi, job, periodo, quando)
		if mia != attesa {
			t.Errorf("%s: %t", storia, mia)
		}
		return e
	}
	prima := inizia("the first one", "a/1", "remind", "2021-07-12", "07:00", true)
	if e := inizia("another daemon, at once", "b/1", "remind", "2021-07-12", "07:00", false); e.Proprietario != "a/1" || e.Esito != "" {
		t.Errorf("held by %+v", e)
	}
	inizia("another day is another run", "b/1", "remind", "2021-07-13", "07:00", true)
	inizia("another job, too", "b/1", "digest", "2021-07-12", "07:00", true)
	if err := db.ProlungaEsecuzione(t.Context(), prima, ore("07:02")); err != nil {
		t.Error(err)
	}
	inizia("it has shown that it is alive", "b/1", "remind", "2021-07-12", "07:01", false)
	presa := inizia("it has not since", "b/1", "remind", "2021-07-12", "07:03", true)
	if presa.Tentativo != 2 {
		t.Errorf("attempt %d", presa.Tentativo)
	}
	prima.Finita, prima.Esito = ore("07:04"), piano.Fatta
	for storia, err := range map[string]error{"holds it": db.ProlungaEsecuzione(t.Context(), prima, ore("07:10")), "ends it": db.ChiudiEsecuzione(t.Context(), prima)} {
		if !errors.Is(err, piano.ErrEsecuzionePersa) {
			t.Errorf("the first one comes back and %s: %v", storia, err)
		}
	}
	presa.Finita, presa.Esito, presa.Errore, presa.Prossimo = ore("07:05"), piano.Fallita, "server down\x00", ore("07:07")
	if err := db.ChiudiEsecuzione(t.Context(), presa); err != nil {
		t.Error(err)
	}
	if e := inizia("it failed a moment ago", "a/2", "remind", "2021-07-12", "07:06", false); e.Esito != piano.Fallita || e.Errore != "server down" || !e.Prossimo.Equal(ore("07:07")) {
		t.Errorf("%+v", e)
	}
	terza := inizia("its next attempt is due", "a/2", "remind", "2021-07-12", "07:07", true)
	terza.Finita, terza.Esito, terza.Errore, terza.Prossimo = ore("07:08"), piano.Fatta, "", time.Time{}
	if err := db.ChiudiEsecuzione(t.Context(), terza); err != nil {
		t.Error(err)
	}
	inizia("done is done", "b/1", "remind", "2021-07-12", "23:00", false)
	if fatta, err := db.EsecuzioneCompiuta(t.Context(), "remind", "2021-07-12"); err != nil || !fatta {
		t.Error(fatta, err)
	}
	if fatta, err := db.EsecuzioneCompiuta(t.Context(), "remind", "2021-07-14"); err != nil || fatta {
		t.Error(fatta, err)
	}
}

func TestARunIsTakenByOne(t *testing.T) {
	db := conRegistro(t)
	for _, quando := range []string{"08:00", "10:00"} { // new, then left behind
		var mie atomic.Int32
		var insieme sync.WaitGroup
		for range 8 {
			insieme.Go(func() {
				_, mia, err := db.PrendiEsecuzione(t.Context(), "remind", "2021-07-12", "x", ore(quando), ore(quando).Add(time.Minute))
				if err != nil {
					t.Error(err)
				}
				if mia {
					mie.Add(1)
				}
			})
		}
		insieme.Wait()
		if mie.Load() != 1 {
			t.Errorf("at %s taken by %d", quando, mie.Load())
		}
	}
}

// What nobody ran is written down, once, from the day on which the job was first on a
// schedule; what a person ran counts.
func TestRunsThatNobodyMade(t *testing.T) {
	db := conRegistro(t)
	chieste := 0
	conta := func(fino string) []string {
		t.Helper()
		saltate, err := db.ContaEsecuzioni(t.Context(), "remind", g(fino), ore("06:00"), func(dal, al piano.Giorno) []string {
			chieste++
			var tutti []string
			for d := dal; !d.Dopo(al); d = d.Piu(1) {
				tutti = append(tutti, d.String())
			}
			return tutti
		})
		if err != nil {
			t.Fatal(err)
		}
		return saltate
	}
	for range 2 {
		if err := db.IscriviLavoro(t.Context(), "remind", g("2021-07-11"), ore("06:00")); err != nil {
			t.Fatal(err)
		}
	}
	if s := conta("2021-07-11"); len(s) != 0 || chieste != 0 {
		t.Errorf("%v owed before the first day", s)
	}
	prendi45(t, db, "a/1", "remind", "2021-07-12", "07:00")
	if err := db.SegnaAMano(t.Context(), "remind", "2021-07-13", "ugo", ore("08:00")); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"2021-07-14", "2021-07-15"}, conta("2021-07-15")); d != "" {
		t.Error(d)
	}
	if s := conta("2021-07-15"); len(s) != 0 || chieste != 1 {
		t.Errorf("%v the second time", s)
	}
	if err := db.SegnaAMano(t.Context(), "remind", "2021-07-15", "ugo", ore("08:00")); err != nil {
		t.Fatal(err)
	}
	if _, mia := prendi45(t, db, "a/1", "remind", "2021-07-15", "09:00"); mia {
		t.Error("a run by hand does not count")
	}
	mancate, err := db.EsecuzioniMancate(t.Context(), g("2021-07-01"), g("2021-07-31"))
	if err != nil || len(mancate) != 1 || mancate[0].Periodo != "2021-07-14" || mancate[0].Esito != piano.Saltata {
		t.Errorf("%+v %v", mancate, err)
	}
	tutte, err := db.Esecuzioni(t.Context(), []string{"remind", "remind", "digest"}, []string{"2021-07-12", "2021-07-16", "2021-07-12"})
	if err != nil || len(tutte) != 1 || tutte[0].Proprietario != "a/1" {
		t.Errorf("%+v %v", tutte, err)
	}
}

// One row says how a job is, whoever ran it last.
func TestSignsOfLife(t *testing.T) {
	db := conRegistro(t)
	if err := db.SegnaBattito(t.Context(), "import", ore("08:00"), "", "a/1"); err == nil {
		t.Error("a job that nobody knows")
	}
	if err := db.IscriviLavoro(t.Context(), "import", g("2021-07-11"), ore("06:00")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ quando, errore, chi, riuscito, resta string }{
		{"08:00", "", "a/1", "08:00", "a/1"},
		{"08:02", "the share is gone", "b/1", "08:00", "b/1"},
		{"08:01", "", "a/1", "08:01", "b/1"}, // told late
		{"08:03", "", "a/1", "08:03", "a/1"},
	} {
		if err := db.SegnaBattito(t.Context(), "import", ore(c.quando), c.errore, c.chi); err != nil {
			t.Fatal(err)
		}
		battiti, err := db.Battiti(t.Context())
		if b := battiti["import"]; err != nil || !b.Riuscito.Equal(ore(c.riuscito)) || b.Chi != c.resta || !b.Dal.Equal(ore("06:00")) ||
			(b.Errore != "") != (c.resta == "b/1") {
			t.Errorf("after the run of %s: %+v %v", c.quando, battiti["import"], err)
		}
	}
}
