package jobs_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/store"
)

// guasto is a fault that a test switches on and off.
type guasto struct {
	mu  sync.Mutex
	err error
}

func (g *guasto) metti(err error) { g.mu.Lock(); defer g.mu.Unlock(); g.err = err }
func (g *guasto) leggi() error    { g.mu.Lock(); defer g.mu.Unlock(); return g.err }

// chiedi asks /healthz and returns its code and what is wrong with each job.
func chiedi(t *testing.T, s jobs.Salute) (int, map[string]string) {
	t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/healthz", nil))
	var r struct {
		Status, Database string
		Jobs             []struct{ Job, Error string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if (r.Status == "ok") != (w.Code == 200) {
		t.Errorf("%d and %q", w.Code, r.Status)
	}
	male := map[string]string{}
	if r.Database != "ok" {
		male["database"] = r.Database
	}
	for _, j := range r.Jobs {
		if j.Error != "" {
			male[j.Job] = j.Error
		}
	}
	return w.Code, male
}

// Health turns red within a period and two minutes for a share that is gone, a run
// that failed, a daemon that is not there and a database that is away; and green
// again. With two daemons the work of either counts.
func TestInvariant16SilenceIsNoticed(t *testing.T) {
	storie, falliti := 0, 0
	conDB(t, func(t *testing.T, db *store.DB) {
		var quota, posta guasto
		lavori := func() []jobs.Lavoro {
			return []jobs.Lavoro{
				{Nome: "import", Orario: "* * * * *", Esegui: func(context.Context, time.Time) (string, error) { return "", quota.leggi() }},
				{Nome: "remind", Orario: "0 7 * * 1-5", Grazia: 14 * time.Hour, Esegui: func(context.Context, time.Time) (string, error) { return "", posta.leggi() }},
			}
		}
		archivio := &morto{DB: db}
		s := jobs.Salute{Stato: orologio(t, archivio, "sguardo", slog.New(slog.DiscardHandler), lavori()...).Stato, Adesso: time.Now}
		controlla := func(quando, racconto, lavoro, errore string) {
			t.Helper()
			fino(t, quando)
			storie++
			codice, male := chiedi(t, s)
			if lavoro == "" && (codice != 200 || len(male) > 0) || lavoro != "" && (codice != 503 || len(male) != 1 || !strings.Contains(male[lavoro], errore)) {
				falliti++
				t.Errorf("%s, %s: %d %v", quando, racconto, codice, male)
			}
		}
		fino(t, "2021-07-12 06:00:30") // a Monday
		a := avvia(t, db, "a", lavori()...)
		controlla("2021-07-12 06:00:31", "just started", "", "")
		controlla("2021-07-12 07:00:01", "all is well", "", "")
		quota.metti(errors.New("the share is gone"))
		controlla("2021-07-12 07:02:59", "within the period and its grace", "", "")
		controlla("2021-07-12 07:03:01", "the share is gone", "import", "the share is gone")
		quota.metti(nil)
		controlla("2021-07-12 07:04:01", "it is back", "", "")
		posta.metti(errors.New("a sheet nobody thought of"))
		controlla("2021-07-13 07:02:01", "Tuesday's run failed", "remind", "the run due 2021-07-13 07:00 failed: a sheet nobody thought of")
		posta.metti(nil)
		controlla("2021-07-13 07:03:01", "tried again", "", "")
		b := avvia(t, db, "b", lavori()...)
		controlla("2021-07-14 06:59:30", "two daemons", "", "")
		a.uccidi()
		controlla("2021-07-14 07:05:00", "one of them is dead", "", "")
		b.uccidi()
		controlla("2021-07-14 07:08:30", "both are", "import", "did not run when it should have, at 2021-07-14 07:06")
		a = avvia(t, db, "a", lavori()...)
		controlla("2021-07-14 07:09:01", "one is back", "", "")
		fino(t, "2021-07-15 06:00:00")
		a.uccidi()
		fino(t, "2021-07-16 06:00:00")
		a = avvia(t, db, "a", lavori()...)
		controlla("2021-07-16 06:01:01", "nobody made Thursday's run", "remind", "did not run when it should have, at 2021-07-15 07:00")
		controlla("2021-07-16 07:00:01", "Friday's is made", "", "")
		controlla("2021-07-18 12:00:00", "nothing is due on a Sunday", "", "")
		a.uccidi()
		archivio.ucciso = true
		controlla("2021-07-18 12:00:01", "the database is away", "database", "killed")
	})
	conto(t, 16, "silence is noticed: the share, the database, a run that failed, daemons that stopped", storie, falliti)
}
