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
	"github.com/scadenzario/scadenzario/mailer"
	"github.com/scadenzario/scadenzario/piano"
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
		sguardo := orologio(t, archivio, "sguardo", slog.New(slog.DiscardHandler), lavori()...)
		s := jobs.Salute{Referto: func(ctx context.Context) (r jobs.Referto) {
			var err error
			r.Database = "ok"
			if r.Lavori, err = sguardo.Stato(ctx, time.Now()); err != nil {
				r.Database = err.Error()
			}
			r.Concludi()
			return r
		}}
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
		a.uccidi()
		fino(t, "2021-07-13 06:55:00")
		a = avvia(t, db, "a", lavori()...)
		posta.metti(errors.New("a sheet nobody thought of"))
		controlla("2021-07-13 07:02:01", "Tuesday's run failed", "remind", "the run due 2021-07-13 07:00 failed: a sheet nobody thought of")
		posta.metti(nil)
		controlla("2021-07-13 07:03:01", "tried again", "", "")
		a.uccidi()
		fino(t, "2021-07-14 06:55:00")
		a = avvia(t, db, "a", lavori()...)
		b := avvia(t, db, "b", lavori()...)
		controlla("2021-07-14 06:59:30", "two daemons", "", "")
		a.uccidi()
		controlla("2021-07-14 07:05:00", "one of them is dead", "", "")
		b.uccidi()
		controlla("2021-07-14 07:08:30", "both are", "import", "did not run when it should have, at 2021-07-14 07:06")
		a = avvia(t, db, "a", lavori()...)
		controlla("2021-07-14 07:09:01", "one is back", "", "")
		a.uccidi()
		fino(t, "2021-07-16 06:00:00")
		a = avvia(t, db, "a", lavori()...)
		controlla("2021-07-16 06:01:01", "nobody made Thursday's run", "remind", "did not run when it should have, at 2021-07-15 07:00")
		controlla("2021-07-16 07:00:01", "Friday's is made", "", "")
		a.uccidi()
		fino(t, "2021-07-18 11:58:00")
		a = avvia(t, db, "a", lavori()...)
		controlla("2021-07-18 12:00:00", "nothing is due on a Sunday", "", "")
		a.uccidi()
		archivio.ucciso = true
		controlla("2021-07-18 12:00:01", "the database is away", "database", "killed")
	})
	conto(t, 16, "silence is noticed: the share, the database, a run that failed, daemons that stopped", storie, falliti)
}

// A mail server that is away, a mailbox that is stopped and an installation that may not
// send are seen in the queue, and a full disk before the database stops.
func TestInvariant16MailThatDoesNotLeaveIsNoticed(t *testing.T) {
	prove, falliti := 0, 0
	conDB(t, func(t *testing.T, db *store.DB) {
		if _, err := db.SaveAnagrafica(t.Context(), piano.Anagrafica{Ente: piano.Ente{Codice: ente, Nome: "Unione"}}); err != nil {
			t.Fatal(err)
		}
		sospesa := ""
		controlla := func(quando, racconto, errore string) {
			t.Helper()
			fino(t, quando)
			coda, err := db.StatoCoda(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			r := jobs.Referto{Database: "ok", Posta: jobs.StatoPosta{Sospesa: sospesa}}
			r.Posta.Giudica(coda, time.Now().In(roma(t, quando).Location()))
			r.Concludi()
			prove++
			if errore == "" && r.Stato != "ok" || errore != "" && (r.Stato != "ill" || !strings.Contains(r.Posta.Male, errore)) {
				falliti++
				t.Errorf("%s, %s: %s %q", quando, racconto, r.Stato, r.Posta.Male)
			}
		}
		scrivi := func(chiave string) {
			t.Helper()
			if _, err := db.SaveMessaggi(t.Context(), "prova", chiave, time.Now(), []piano.Messaggio{{Ente: ente, Tipo: piano.TipoAvviso, Chiave: chiave,
				Giorno: giorno(t, "2021-07-12"), A: []string{chiave + "@ente.example"}, MessageID: chiave}}); err != nil {
				t.Fatal(err)
			}
		}
		manda := func(e mailer.Esito) {
			t.Helper()
			p := &postinoFermo{e}
			if _, err := (jobs.Invio{Uscita: db, Postino: p, Custode: lasciaPassare{}, Proprietario: "a", Adesso: time.Now, Log: slog.New(slog.DiscardHandler)}).Run(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		controlla("2021-07-12 06:59:00", "no message at all", "")
		fino(t, "2021-07-12 07:00:00")
		scrivi("uno")
		manda(mailer.Esito{Stato: piano.InCoda, Risposta: "connection refused", Ferma: true})
		controlla("2021-07-12 07:20:00", "it may be a greylist", "")
		controlla("2021-07-12 07:20:01", "it is not", "messages wait and none has left since 2021-07-12 07:00")
		manda(mailer.Esito{Stato: piano.Spedito, Risposta: "250"})
		controlla("2021-07-12 07:21:00", "the server is back", "")
		scrivi("due")
		manda(mailer.Esito{Stato: piano.InCoda, Risposta: "535 who are you", Casella: true})
		controlla("2021-07-12 07:22:00", "the password has changed", "the mailbox is stopped since 2021-07-12 07:21, because the mail server said: 535 who are you")
		if _, err := db.RiapriPosta(t.Context(), time.Now()); err != nil {
			t.Fatal(err)
		}
		controlla("2021-07-12 07:23:00", "a person mended it", "")
		sospesa = "sending is on hold: the database was restored"
		controlla("2021-07-12 07:24:00", "on hold", "on hold")
		sospesa = ""
		manda(mailer.Esito{Stato: piano.Spedito, Risposta: "250"})
		grigio := mailer.Esito{Stato: piano.InCoda, Risposta: "450 4.2.0 greylisted, try again later"}
		fino(t, "2021-07-12 08:00:00")
		scrivi("tre")
		manda(grigio)
		controlla("2021-07-12 09:00:00", "one recipient's server asks for patience", "")
		controlla("2021-07-13 07:59:00", "for as long as it is tried", "")
		scrivi("quattro")
		manda(grigio)
		controlla("2021-07-13 10:29:00", "a second one, put off for less than five attempts take", "")
		controlla("2021-07-13 10:29:01", "everybody is put off, and nothing leaves", "the mail server puts every message off since 2021-07-13 07:59")
		manda(mailer.Esito{Stato: piano.InCoda, Risposta: "421 4.3.2 shutting down", Ferma: true})
		controlla("2021-07-13 10:29:02", "the server itself says no", "messages wait and none has left since 2021-07-13 07:59")
	})
	for mb, male := range map[int64]bool{10_000: false, 200: false, 199: true, 0: true} {
		d := jobs.StatoDisco{LiberiMB: mb, Cartella: "var"}
		prove++
		if d.Giudica(); (d.Male != "") != male {
			falliti++
			t.Errorf("%d MB: %q", mb, d.Male)
		}
	}
	var frenata jobs.StatoPosta
	dal := time.Date(2021, 7, 12, 7, 0, 0, 0, time.UTC)
	prove++
	if frenata.Giudica(piano.StatoCoda{MutaDal: dal, UltimoInvio: dal, Frenata: dal.Add(time.Hour)}, dal.Add(40*time.Minute)); frenata.Male != "" {
		falliti++
		t.Errorf("held back by the pace alone: %q", frenata.Male)
	}
	conto(t, 16, "silence is noticed: mail that does not leave, a disk that is full", prove, falliti)
}

// postinoFermo answers the same to each message.
type postinoFermo struct{ esito mailer.Esito }

func (p *postinoFermo) Spedisci(ctx context.Context, _ piano.Spedizione, alPunto func(context.Context) error) mailer.Esito {
	if p.esito.Stato == piano.Spedito {
		if err := alPunto(ctx); err != nil {
			return mailer.Esito{Stato: piano.InCoda, Risposta: err.Error()}
		}
	}
	return p.esito
}

func (p *postinoFermo) Chiudi() error { return nil }

type lasciaPassare struct{}

func (lasciaPassare) Verifica(context.Context, time.Time) error { return nil }
func (lasciaPassare) Conta(context.Context) error               { return nil }
