package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/piano"
)

// What Prometheus reads: the counts of this process, and what the database knows.
func TestMetriche(t *testing.T) {
	adesso := time.Date(2021, 7, 12, 7, 10, 0, 0, time.UTC)
	referto := jobs.Referto{Stato: "ill", Database: "ok", Adesso: adesso,
		Lavori: []jobs.StatoLavoro{{Job: "remind", Riuscita: adesso.Add(-10 * time.Minute)}, {Job: "send", Male: "no server"}},
		Posta:  jobs.StatoPosta{PerStato: map[piano.StatoSpedizione]int{piano.InCoda: 3}, AttesaDal: adesso.Add(-time.Minute), Interruttore: &piano.Interruttore{}},
		Disco:  jobs.StatoDisco{LiberiMB: 2}}
	m := jobs.NewMetriche(func(context.Context) jobs.Referto { return referto },
		func(context.Context) (map[piano.EsitoConsegna]int, error) {
			return map[piano.EsitoConsegna]int{piano.Accolta: 7}, nil
		})
	m.Dopo(t.Context(), jobs.Corsa{Job: "remind", Durata: 50 * time.Millisecond})
	m.Dopo(t.Context(), jobs.Corsa{Job: "send", Durata: time.Second, Errore: errors.New("no server")})
	leggi := func() string {
		t.Helper()
		w := httptest.NewRecorder()
		m.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
		if w.Code != 200 {
			t.Fatal(w.Code, w.Body)
		}
		return w.Body.String()
	}
	testo := leggi()
	for _, riga := range []string{
		`scadenzario_job_runs_total{job="remind",outcome="ok"} 1`, `scadenzario_job_runs_total{job="send",outcome="failed"} 1`,
		`scadenzario_job_duration_seconds_bucket{job="remind",le="0.1"} 1`, `scadenzario_job_last_success_timestamp_seconds{job="remind"} 1.6260732e+09`,
		`scadenzario_job_problem{job="remind"} 0`, `scadenzario_job_problem{job="send"} 1`, `scadenzario_healthy 0`,
		`scadenzario_outbox_messages{state="in-coda"} 3`, `scadenzario_outbox_messages{state="respinto"} 0`, `scadenzario_outbox_oldest_waiting_seconds 60`,
		`scadenzario_mailbox_stopped 1`, `scadenzario_sending_on_hold 0`, `scadenzario_hand_ins{outcome="accolta"} 7`, `scadenzario_disk_free_bytes 2.097152e+06`,
	} {
		if !strings.Contains(testo, "\n"+riga+"\n") {
			t.Errorf("%q is missing in\n%s", riga, testo)
		}
	}
	referto.Database = "connection refused"
	if testo := leggi(); strings.Contains(testo, "outbox") || strings.Contains(testo, "hand_ins") || !strings.Contains(testo, "scadenzario_job_runs_total") {
		t.Errorf("the database is away, and its values are\n%s", testo)
	}
}

// A monitor is told of each run; one that is away, slow or angry does no harm and
// its address is in no log.
func TestPing(t *testing.T) {
	var chieste []string
	monitor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		chieste = append(chieste, r.Method+" "+r.URL.RequestURI())
		if strings.HasPrefix(r.URL.Path, "/chiave-arrabbiata") {
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	var registro bytes.Buffer
	log := slog.New(slog.NewTextHandler(&registro, nil))
	bene, male := jobs.Corsa{Job: "remind"}, jobs.Corsa{Job: "send", Errore: errors.New("no server")}
	finito, annulla := context.WithCancel(t.Context())
	annulla() // told to stop: the last run is told all the same
	for _, indirizzo := range []string{"/chiave/{job}", "/chiave/{job}?esito={esito}", "/chiave-arrabbiata"} {
		p := jobs.Ping{Indirizzo: monitor.URL + indirizzo, Log: log}
		p.Dopo(finito, bene)
		p.Dopo(t.Context(), male)
	}
	want := "GET /chiave/remind, GET /chiave/remind?esito=ok, GET /chiave/send?esito=fail, GET /chiave-arrabbiata"
	if got := strings.Join(chieste, ", "); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if !strings.Contains(registro.String(), "404 Not Found") {
		t.Errorf("the refusal is not in the log: %s", registro.String())
	}
	monitor.Close()
	jobs.Ping{Indirizzo: monitor.URL + "/chiave/{job}", Log: log}.Dopo(t.Context(), bene)
	jobs.Ping{Indirizzo: "http://%zz/chiave", Log: log}.Dopo(t.Context(), bene)
	if n := strings.Count(registro.String(), "the monitor cannot be told"); n != 3 || strings.Contains(registro.String(), "chiave") {
		t.Errorf("%d warnings: %s", n, registro.String())
	}
}
