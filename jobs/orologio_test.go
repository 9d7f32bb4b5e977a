package jobs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
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
		err := ControllaOrario(orario)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", orario, err, want)
		}
	}
}

// A year of a fake clock: the job runs once a day at seven in Rome, both nights of
// the change of hour included, whatever panics or fails in between.
func TestOrologioRunsOnceADayAYearLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, ferma := context.WithCancel(t.Context())
		var giorni []string
		var registro bytes.Buffer
		salute := NewSalute(func(context.Context) error { return nil }, time.Now)
		o, err := NewOrologio([]Lavoro{{Nome: "remind", Orario: "0 7 * * *", Esegui: func(_ context.Context, adesso time.Time) (string, error) {
			giorni = append(giorni, adesso.Format("2006-01-02 15:04"))
			switch len(giorni) {
			case 10:
				panic("a fault of the program")
			case 20:
				return "", errors.New("the database is away")
			}
			return "3 messages", nil
		}}}, salute, slog.New(slog.NewTextHandler(&registro, nil)))
		if err != nil {
			t.Fatal(err)
		}
		finito := make(chan struct{})
		go func() { o.Run(ctx); close(finito) }()
		time.Sleep(366 * 24 * time.Hour) // the fake clock of synctest
		ferma()
		<-finito
		if len(giorni) != 366 {
			t.Errorf("%d runs in 366 days", len(giorni))
		}
		visti := map[string]bool{}
		for _, g := range giorni {
			if visti[g] || !strings.HasSuffix(g, " 07:00") {
				t.Errorf("run at %s", g)
			}
			visti[g] = true
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
	synctest.Test(t, func(t *testing.T) {
		ctx, ferma := context.WithCancel(t.Context())
		insieme, massimo, finite := 0, 0, 0
		salute := NewSalute(func(context.Context) error { return nil }, time.Now)
		o, err := NewOrologio([]Lavoro{{Nome: "send", Orario: "* * * * *", Esegui: func(ctx context.Context, _ time.Time) (string, error) {
			insieme++
			massimo = max(massimo, insieme)
			_ = Aspetta(context.WithoutCancel(ctx), 150*time.Second) // what it holds it finishes
			insieme--
			finite++
			return "", nil
		}}}, salute, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
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
	_, err := NewOrologio([]Lavoro{{Nome: "digest", Orario: "0 0 31 6 *"}}, NewSalute(nil, time.Now), slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "schedule of digest") {
		t.Error(err)
	}
}

func TestAspettaEndsWithItsContext(t *testing.T) {
	ctx, annulla := context.WithCancel(t.Context())
	annulla()
	if err := Aspetta(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// Health turns red for a database that is away, a job that failed, and a job that
// did not run; and green again.
func TestSalute(t *testing.T) {
	adesso := time.Date(2021, 7, 12, 7, 0, 0, 0, time.UTC)
	var database error
	s := NewSalute(func(context.Context) error { return database }, func() time.Time { return adesso })
	s.aggiungi("remind", func(t time.Time) time.Time { return t.Add(24 * time.Hour) }, adesso)
	chiedi := func() (int, referto) {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest("GET", "/healthz", nil))
		var r referto
		if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		return w.Code, r
	}
	for _, passo := range []struct {
		storia string
		fai    func()
		codice int
		errore string
	}{
		{"just started", func() {}, 200, ""},
		{"a day later the job has not run", func() { adesso = adesso.Add(24*time.Hour + 3*time.Minute) }, 503, "did not run when it should have"},
		{"it ran, and failed", func() { s.segna("remind", adesso, errors.New("no database")) }, 503, "no database"},
		{"it ran well", func() { s.segna("remind", adesso, nil) }, 200, ""},
		{"the database is away", func() { database = errors.New("connection refused") }, 503, ""},
		{"it is back", func() { database = nil }, 200, ""},
	} {
		passo.fai()
		codice, r := chiedi()
		if codice != passo.codice || r.Lavori[0].Errore != passo.errore || (r.Stato == "ok") != (codice == 200) {
			t.Errorf("%s: %d, %+v %+v", passo.storia, codice, r, r.Lavori[0])
		}
		if database != nil && r.Database != "connection refused" {
			t.Errorf("%s: database %q", passo.storia, r.Database)
		}
	}
}
