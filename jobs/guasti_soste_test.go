package jobs_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/mailer"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
	"github.com/scadenzario/scadenzario/store/storetest"
)

// sportello is a mail server that counts what it takes, by recipient.
type sportello struct {
	mu    sync.Mutex
	presi map[string]int
}

func (s *sportello) NewSession(*smtp.Conn) (smtp.Session, error) {
	return &sportelloSessione{s: s}, nil
}

type sportelloSessione struct {
	s *sportello
	a string
}

func (s *sportelloSessione) Mail(string, *smtp.MailOptions) error { return nil }
func (s *sportelloSessione) Rcpt(a string, _ *smtp.RcptOptions) error {
	s.a = a
	return nil
}
func (s *sportelloSessione) Data(r io.Reader) error {
	if _, err := io.Copy(io.Discard, r); err != nil {
		return err
	}
	s.s.mu.Lock()
	defer s.s.mu.Unlock()
	s.s.presi[s.a]++
	return nil
}
func (s *sportelloSessione) Reset()        {}
func (s *sportelloSessione) Logout() error { return nil }

// apriSportello starts it; it returns its port, too.
func apriSportello(t *testing.T) (*sportello, int) {
	t.Helper()
	s := &sportello{presi: map[string]int{}}
	server := smtp.NewServer(s)
	server.Domain, server.ErrorLog = "posta.example", log.New(io.Discard, "", 0)
	ascolto, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	finito := make(chan error, 1)
	go func() { finito <- server.Serve(ascolto) }()
	t.Cleanup(func() { server.Close(); <-finito })
	return s, ascolto.Addr().(*net.TCPAddr).Port
}

func postinoPer(t *testing.T, porta int) *mailer.SMTP {
	t.Helper()
	s, err := mailer.NewSMTP(mailer.ParametriSMTP{Host: "127.0.0.1", Porta: porta, TLS: mailer.TLSNessuno, Mittente: "ufficio@ente.example"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// accoda puts messages into the outbox, to persona0, persona1 and so on.
func accoda(t *testing.T, db *store.DB, lotto string, quanti int, adesso time.Time) {
	t.Helper()
	var messaggi []piano.Messaggio
	for n := range quanti {
		messaggi = append(messaggi, piano.Messaggio{Ente: ente, Tipo: piano.TipoPromemoria, Chiave: fmt.Sprintf("%s/%d", lotto, n), Giorno: piano.GiornoDi(adesso),
			A: []string{fmt.Sprintf("persona%d@%s.example", n, lotto)}, MessageID: fmt.Sprintf("%s.%d@ente.example", lotto, n), MIME: []byte("Subject: prova\r\n\r\nprova\r\n")})
	}
	if n, err := db.SaveMessaggi(t.Context(), "prova", lotto, adesso, messaggi); err != nil || n != quanti {
		t.Fatal(n, err)
	}
}

func conEnte(t *testing.T) *store.DB {
	t.Helper()
	db := storetest.New(t)
	if _, err := db.SaveAnagrafica(t.Context(), piano.Anagrafica{Ente: piano.Ente{Codice: ente, Nome: "Unione"}}); err != nil {
		t.Fatal(err)
	}
	return db
}

var ogniStato = []piano.StatoSpedizione{piano.InCoda, piano.InInvio, piano.AlPunto, piano.Spedito, piano.Rifiutato, piano.EsitoIgnoto}

// A mail server that is down for three days: each message is tried after 5, 10, 20, 40
// and 60 minutes and then each hour, for two days, and shown; what is written on the
// third day leaves when the server is back, and so do the others when a person says so.
func TestMailServerDownForThreeDays(t *testing.T) {
	db := conEnte(t)
	s, porta := apriSportello(t)
	inizio := time.Date(2021, 7, 12, 7, 0, 0, 0, time.UTC)
	adesso := inizio
	morto, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	portaMorta := morto.Addr().(*net.TCPAddr).Port
	if err := morto.Close(); err != nil {
		t.Fatal(err)
	}
	invio := jobs.Invio{Uscita: db, Postino: postinoPer(t, portaMorta), Custode: jobs.Custodia{Cartella: t.TempDir(), Host: "mercurio", Archivio: db}, Proprietario: "io",
		Adesso: func() time.Time { return adesso }, Log: slog.New(slog.DiscardHandler)}
	accoda(t, db, "lunedi", 3, adesso)
	tentativi := map[int64][]int{} // minutes at which each message was tried
	for minuto := 0; minuto < 3*24*60; minuto++ {
		adesso = inizio.Add(time.Duration(minuto) * time.Minute)
		if minuto == 60*60 {
			accoda(t, db, "mercoledi", 1, adesso)
		}
		if in, err := db.Uscita(t.Context(), "", []piano.StatoSpedizione{piano.InCoda}); err != nil || !slices.ContainsFunc(in, func(u piano.InUscita) bool { return !u.ProssimoTentativo.After(adesso) }) {
			if err != nil {
				t.Fatal(err)
			}
			continue // the daemon looks each minute, and finds nothing to do
		}
		prima, err := db.Uscita(t.Context(), "", ogniStato)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := invio.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		dopo, err := db.Uscita(t.Context(), "", ogniStato)
		if err != nil {
			t.Fatal(err)
		}
		for n := range prima {
			if dopo[n].Tentativi > prima[n].Tentativi {
				tentativi[dopo[n].ID] = append(tentativi[dopo[n].ID], minuto)
			}
		}
	}
	u, err := db.Uscita(t.Context(), "", ogniStato)
	if err != nil || len(u) != 4 {
		t.Fatal(u, err)
	}
	for n, x := range u[:3] {
		want := []int{n, n + 5, n + 15, n + 35, n + 75} // one a minute: the first that fails ends the run
		for m := n + 135; m <= n+48*60; m += 60 {
			want = append(want, m)
		}
		if got := tentativi[x.ID]; !slices.Equal(got, want) {
			t.Errorf("message %d was tried at minutes %v, want %v", n, got, want)
		}
		if x.Stato != piano.Rifiutato || !strings.Contains(x.Risposta, "given up after 48 hours; the last answer was: mail server 127.0.0.1") {
			t.Errorf("%s: %s", x.Stato, x.Risposta)
		}
	}
	if u[3].Stato != piano.InCoda {
		t.Errorf("the message of the third day: %s", u[3].Stato)
	}

	invio.Postino, adesso = postinoPer(t, porta), inizio.AddDate(0, 0, 3).Add(time.Hour)
	for _, x := range u[:3] {
		if err := db.RimettiInCoda(t.Context(), x.ID, "queued again by SIA", adesso); err != nil {
			t.Fatal(err)
		}
	}
	if c, err := invio.Run(t.Context()); err != nil || c.Inviati != 4 || len(s.presi) != 4 {
		t.Errorf("%+v, %v; the server has %v", c, err, s.presi)
	}
}

// The daemon is off for forty days, with reminders that never left and one that was at
// its final dot. When it is back the day's reminders are written first: what they tell
// again does not leave twice, what was told nowhere else leaves, the doubt stays one.
func TestDaemonOffForFortyDays(t *testing.T) {
	c := nuovaCasa(t)
	c.anno()
	lunedi := time.Date(2021, 7, 12, 7, 0, 0, 0, time.UTC)
	adesso := lunedi
	s, porta := apriSportello(t)
	invio := jobs.Invio{Uscita: c.db, Postino: postinoPer(t, porta), Custode: jobs.Custodia{Cartella: c.dati, Host: "mercurio", Archivio: c.db}, Proprietario: "io",
		Adesso: func() time.Time { return adesso }, Log: slog.New(slog.DiscardHandler)}
	scritti, _, err := c.solleciti().Run(t.Context(), giorno(t, "2021-07-12"), adesso)
	if err != nil || len(scritti) < 3 {
		t.Fatal(len(scritti), err)
	}
	// the machine goes down while the first one is at its dot
	presi, err := c.db.ClaimSpedizioni(t.Context(), "morto", adesso, time.Minute, 1, piano.Ritmo{})
	if err != nil || len(presi) != 1 {
		t.Fatal(presi, err)
	}
	if err := c.db.SegnaAlPunto(t.Context(), presi[0].ID, "morto", adesso, time.Minute); err != nil {
		t.Fatal(err)
	}

	adesso = lunedi.AddDate(0, 0, 42) // a Monday again
	nuovi, _, err := c.solleciti().Run(t.Context(), giorno(t, "2021-08-23"), adesso)
	if err != nil || len(nuovi) < 3 {
		t.Fatal(len(nuovi), err)
	}
	if _, err := invio.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	u, err := c.db.Uscita(t.Context(), "", ogniStato)
	if err != nil {
		t.Fatal(err)
	}
	inviati := map[string]int{}
	for _, x := range u {
		vecchio := x.Giorno == giorno(t, "2021-07-12")
		switch {
		case x.ID == presi[0].ID:
			if x.Stato != piano.EsitoIgnoto {
				t.Errorf("the one at its dot: %s", x.Stato)
			}
		case x.Stato == piano.Spedito:
			inviati[x.Destinatario]++
		case vecchio && x.Stato == piano.Rifiutato && x.Risposta == "not sent: later reminders tell all of it, the last of 2021-08-23":
		default:
			t.Errorf("%s of %s to %s: %s", x.Stato, x.Giorno, x.Destinatario, x.Risposta)
		}
	}
	for a, n := range inviati {
		if s.presi[a] != n {
			t.Errorf("%s: %d delivered, the server has %d", a, n, s.presi[a])
		}
	}
}

// Eight senders, each with its own connection, on one outbox, with no pace: everything
// is delivered, nothing twice.
func TestInvariant7EightSenders(t *testing.T) {
	const mittenti = 8
	messaggi := prove(1000, 5000)
	db := conEnte(t)
	s, porta := apriSportello(t)
	accoda(t, db, "tutti", messaggi, time.Now())
	dati := t.TempDir()
	var insieme sync.WaitGroup
	for n := range mittenti {
		insieme.Go(func() {
			i := jobs.Invio{Uscita: db, Postino: postinoPer(t, porta), Custode: jobs.Custodia{Cartella: dati, Host: "mercurio", Archivio: db}, Proprietario: fmt.Sprint(n),
				Adesso: time.Now, Log: slog.New(slog.DiscardHandler)}
			if c, err := i.Run(context.WithoutCancel(t.Context())); err != nil || c.DaRitentare+c.Respinti+c.Ignoti > 0 {
				t.Errorf("%+v, %v", c, err)
			}
		})
	}
	insieme.Wait()
	doppi := 0
	for _, n := range s.presi {
		if n != 1 {
			doppi++
		}
	}
	if stato, err := db.StatoPosta(t.Context(), ""); err != nil || stato[piano.Spedito] != messaggi || len(s.presi) != messaggi {
		t.Errorf("%v, %v; the server has %d", stato, err, len(s.presi))
	}
	conto(t, 7, fmt.Sprintf("no reminder twice: %d senders at once, no pace", mittenti), messaggi, doppi)
}
