package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
	"github.com/scadenzario/scadenzario/store/storetest"
)

func TestControllaOrario(t *testing.T) {
	for orario, want := range map[string]string{
		"* * * * *":             "",
		"0 7 * * 1-5":           "",
		"*/5 * * * *":           "",
		"0 3 29 2 *":            "", // it comes, every fourth year
		"0 */2 * * *":           "02:00 and 02:59",
		"30 2 * * *":            "02:00 and 02:59",
		"0 0 31 6 *":            "never comes",
		"0 0 30 2 *":            "never comes",
		"0 7 * *":               "no schedule of five fields",
		"60 7 * * *":            "no schedule of five fields",
		"":                      "no schedule of five fields",
		"TZ=UTC 0 7 * * *":      "always Europe/Rome",
		"CRON_TZ=UTC 0 7 * * *": "always Europe/Rome",
		"@daily":                "always Europe/Rome",
	} {
		err := jobs.ControllaOrario(orario)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", orario, err, want)
		}
	}
}

// orologio is the clock of a daemon, on the fake time of synctest and a real database.
func orologio(t *testing.T, db jobs.ArchivioEsecuzioni, chi string, log *slog.Logger, lavori ...jobs.Lavoro) *jobs.Orologio {
	t.Helper()
	o, err := jobs.NewOrologio(lavori, db, chi, log)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// conDB runs f with a fake clock that stands still while the database works.
func conDB(t *testing.T, f func(t *testing.T, db *store.DB)) {
	t.Helper()
	dsn := storetest.DSN(t)
	synctest.Test(t, func(t *testing.T) {
		db, err := store.Open(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		f(t, db)
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
}

// A year of a fake clock: the job runs once a day at seven in Rome, both nights of
// the change of hour included. What panics or fails is tried again a minute later.
func TestOrologioRunsOnceADayAYearLong(t *testing.T) {
	conDB(t, func(t *testing.T, db *store.DB) {
		ctx, ferma := context.WithCancel(t.Context())
		var quando []string
		var registro bytes.Buffer
		o := orologio(t, db, "a/1", slog.New(slog.NewTextHandler(&registro, nil)), jobs.Lavoro{Nome: "remind", Orario: "0 7 * * *", Grazia: 14 * time.Hour,
			Esegui: func(_ context.Context, adesso time.Time) (string, error) {
				quando = append(quando, adesso.Format("2006-01-02 15:04"))
				switch len(quando) {
				case 10:
					panic("a fault of the program")
				case 20:
					return "", errors.New("the database is away")
				}
				return "3 messages", nil
			}})
		finito := make(chan struct{})
		go func() { o.Run(ctx); close(finito) }()
		time.Sleep(366 * 24 * time.Hour) // the fake clock of synctest
		ferma()
		<-finito
		if len(quando) != 368 {
			t.Errorf("%d runs in 366 days, two of which were to be tried again", len(quando))
		}
		tardi, visti := 0, map[string]bool{}
		for _, q := range quando {
			if visti[q] {
				t.Errorf("two runs at %s", q)
			}
			if visti[q] = true; strings.HasSuffix(q, " 07:01") {
				tardi++
			} else if !strings.HasSuffix(q, " 07:00") {
				t.Errorf("run at %s", q)
			}
		}
		if tardi != 2 {
			t.Errorf("%d runs a minute late", tardi)
		}
		for _, want := range []string{"a fault of the program", "the database is away", "did=\"3 messages\""} {
			if !strings.Contains(registro.String(), want) {
				t.Errorf("the log does not say %q", want)
			}
		}
	})
}

// A run that is still going when the next is due is not joined by a second one,
// and told to stop it ends before Run returns.
func TestOrologioNeverRunsAJobTwiceAtATime(t *testing.T) {
	conDB(t, func(t *testing.T, db *store.DB) {
		ctx, ferma := context.WithCancel(t.Context())
		insieme, massimo, finite := 0, 0, 0
		o := orologio(t, db, "a/1", slog.New(slog.DiscardHandler), jobs.Lavoro{Nome: "send", Orario: "* * * * *", Esegui: func(ctx context.Context, _ time.Time) (string, error) {
			insieme++
			massimo = max(massimo, insieme)
			_ = jobs.Aspetta(context.WithoutCancel(ctx), 150*time.Second) // what it holds it finishes
			insieme--
			finite++
			return "", nil
		}})
		finito := make(chan struct{})
		go func() { o.Run(ctx); close(finito) }()
		time.Sleep(time.Hour)
		ferma()
		<-finito
		if massimo != 1 || insieme != 0 || finite < 15 {
			t.Errorf("%d at a time, %d still going, %d done", massimo, insieme, finite)
		}
	})
}

func TestNewOrologioRefusesABadSchedule(t *testing.T) {
	_, err := jobs.NewOrologio([]jobs.Lavoro{{Nome: "digest", Orario: "0 0 31 6 *"}}, nil, "", slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "schedule of digest") {
		t.Error(err)
	}
}

func TestAspettaEndsWithItsContext(t *testing.T) {
	ctx, annulla := context.WithCancel(t.Context())
	annulla()
	if err := jobs.Aspetta(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// roma is a local time, for the stories of these tests.
func roma(t *testing.T, quando string) time.Time {
	t.Helper()
	zona, err := time.LoadLocation(jobs.Fuso)
	if err != nil {
		t.Fatal(err)
	}
	ora, err := time.ParseInLocation("2006-01-02 15:04:05", quando, zona)
	if err != nil {
		t.Fatal(err)
	}
	return ora
}

// fino lets the fake clock go on until a local time.
func fino(t *testing.T, quando string) { t.Helper(); time.Sleep(time.Until(roma(t, quando))) }

// demone is a daemon that a test starts and kills.
type demone struct {
	uccidi func()
}

// morto is the database as a killed process sees it: not at all.
type morto struct {
	*store.DB
	mu     sync.Mutex
	ucciso bool
}

var errUcciso = errors.New("killed")

func (m *morto) vivo() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ucciso {
		return errUcciso
	}
	return nil
}

// PrendiEsecuzione and the others do nothing any more once their process is dead.
func (m *morto) PrendiEsecuzione(ctx context.Context, job, periodo, chi string, adesso, fino time.Time) (piano.Esecuzione, bool, error) {
	if err := m.vivo(); err != nil {
		return piano.Esecuzione{}, false, err
	}
	return m.DB.PrendiEsecuzione(ctx, job, periodo, chi, adesso, fino)
}

func (m *morto) ProlungaEsecuzione(ctx context.Context, e piano.Esecuzione, fino time.Time) error {
	if err := m.vivo(); err != nil {
		return err
	}
	return m.DB.ProlungaEsecuzione(ctx, e, fino)
}

func (m *morto) ChiudiEsecuzione(ctx context.Context, e piano.Esecuzione) error {
	if err := m.vivo(); err != nil {
		return err
	}
	return m.DB.ChiudiEsecuzione(ctx, e)
}

func (m *morto) SegnaBattito(ctx context.Context, job string, inizio time.Time, errore, chi string) error {
	if err := m.vivo(); err != nil {
		return err
	}
	return m.DB.SegnaBattito(ctx, job, inizio, errore, chi)
}

func (m *morto) Battiti(ctx context.Context) (map[string]piano.Battito, error) {
	if err := m.vivo(); err != nil {
		return nil, err
	}
	return m.DB.Battiti(ctx)
}

// avvia starts a daemon; uccidi ends it as kill -9 does: it writes nothing any more.
func avvia(t *testing.T, db *store.DB, chi string, lavori ...jobs.Lavoro) demone {
	t.Helper()
	m := &morto{DB: db}
	ctx, ferma := context.WithCancel(t.Context())
	finito := make(chan struct{})
	o := orologio(t, m, chi, slog.New(slog.DiscardHandler), lavori...)
	go func() { o.Run(ctx); close(finito) }()
	return demone{func() {
		m.mu.Lock()
		m.ucciso = true
		m.mu.Unlock()
		ferma()
		<-finito
	}}
}

// The story of one job through a week of bad luck: each day's run is made once, by
// whoever is there; late within its grace; never on another day; and what nobody made
// is written down.
func TestAWeekOfOneJob(t *testing.T) {
	conDB(t, func(t *testing.T, db *store.DB) {
		var storia []string
		lavoro := func(chi string, durata time.Duration) jobs.Lavoro {
			return jobs.Lavoro{Nome: "remind", Orario: "0 7 * * 1-5", Grazia: 14 * time.Hour, Esegui: func(ctx context.Context, adesso time.Time) (string, error) {
				storia = append(storia, adesso.Format("Mon 02 15:04:05 ")+chi)
				return "", jobs.Aspetta(ctx, durata)
			}}
		}
		fino(t, "2021-07-11 12:00:00") // a Sunday
		a := avvia(t, db, "a", lavoro("a", 0))
		fino(t, "2021-07-13 06:59:00")
		a.uccidi() // a minute before Tuesday's run
		fino(t, "2021-07-13 18:30:00")
		a = avvia(t, db, "a", lavoro("a", time.Minute)) // caught up at once, and cut off
		fino(t, "2021-07-13 18:30:20")                  // its last sign of life was five seconds ago
		a.uccidi()
		b := avvia(t, db, "b", lavoro("b", 0)) // it takes over
		fino(t, "2021-07-14 05:00:00")
		b.uccidi()
		fino(t, "2021-07-14 21:00:01") // the grace of Wednesday is over
		b = avvia(t, db, "b", lavoro("b", 0))
		a = avvia(t, db, "a", lavoro("a", 0))
		fino(t, "2021-07-16 12:00:00")
		if err := db.SegnaAMano(t.Context(), "remind", "2021-07-19", "ugo", time.Now()); err != nil { // Monday's, by hand
			t.Fatal(err)
		}
		fino(t, "2021-07-21 00:00:00")
		a.uccidi()
		b.uccidi()
		var giorni []string
		for _, s := range storia {
			giorni = append(giorni, s[:len("Mon 02 15:04:05")])
		}
		want := []string{"Mon 12 07:00:00", "Tue 13 18:30:00", "Tue 13 18:31:00", "Thu 15 07:00:00", "Fri 16 07:00:00", "Tue 20 07:00:00"}
		if strings.Join(giorni, ", ") != strings.Join(want, ", ") {
			t.Errorf("runs: %q", storia)
		}
		if storia[2] != "Tue 13 18:31:00 b" {
			t.Errorf("taken over: %s", storia[2])
		}
		mancate, err := db.EsecuzioniMancate(t.Context(), giorno(t, "2021-07-01"), giorno(t, "2021-07-31"))
		if err != nil || len(mancate) != 1 || mancate[0].Periodo != "2021-07-14" || mancate[0].Esito != piano.Saltata {
			t.Errorf("missed: %+v %v", mancate, err)
		}
	})
}
