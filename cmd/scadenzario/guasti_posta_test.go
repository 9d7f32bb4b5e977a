package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/mail"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/mailer"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
	"github.com/scadenzario/scadenzario/store/local"
)

// postinoDiProva is the process "postino DSN FOLDER PORT LEASE SPEED START": the
// daemon's delivery, made of its own parts, without the schedule's minute. Its clock
// goes SPEED times as fast as ours since START, so that the five minutes before a
// second attempt do not keep anybody waiting. It ends when it is killed.
func postinoDiProva() {
	numero := func(n int) int64 {
		v, err := strconv.ParseInt(os.Args[n], 10, 64)
		if err != nil {
			panic(err)
		}
		return v
	}
	dsn, dir, porta, lease, velocita, inizio := os.Args[1], os.Args[2], numero(3), time.Duration(numero(4)), numero(5), time.Unix(0, numero(6))
	db, err := store.Open(context.Background(), dsn)
	if err != nil {
		os.Exit(1) // the database is being stopped: whoever started us does so again
	}
	attesa := 400 * time.Millisecond
	smtp, err := mailer.NewSMTP(mailer.ParametriSMTP{Host: "127.0.0.1", Porta: int(porta), TLS: mailer.TLSNessuno,
		Mittente:           fmt.Sprintf("postino+%d@ente.example", os.Getpid()), // by which the server knows whom to kill
		AttesaCollegamento: 5 * time.Second, AttesaComando: attesa, AttesaPunto: attesa})
	if err != nil {
		panic(err)
	}
	invio := jobs.Invio{Uscita: db, Postino: smtp, Custode: jobs.Custodia{Cartella: dir, Host: "mercurio", Archivio: db},
		Proprietario: fmt.Sprint(os.Getpid()), Lease: lease, Subentra: velocita == 1, Log: slog.New(slog.DiscardHandler),
		Adesso: func() time.Time { return inizio.Add(time.Since(inizio) * time.Duration(velocita)) }}
	for ; err == nil; err = jobs.Aspetta(context.Background(), 5*time.Millisecond) {
		if _, err := invio.Run(context.Background()); errors.Is(err, jobs.ErrInSospeso) {
			fmt.Fprintln(os.Stderr, err)
		}
	}
}

// centrale is a mail server that has its faults, kills who talks to it, and counts the
// final dots that it accepts; with the processes that deliver to it.
type centrale struct {
	*banco
	ascolto net.Listener
	lease   time.Duration
	accel   int
	inizio  time.Time
	dati    string

	mu        sync.Mutex
	caso      *rand.Rand
	perMille  int            // conversations with a fault, of a thousand
	uccidere  int            // and those in which the client is killed
	fermo     chan fermata   // where set, each conversation stops before the answer to a command
	accettati map[string]int // final dots accepted, by Message-ID
	guasti    map[string]int // faults, by kind
	figli     map[int]*exec.Cmd
	uccisi    int
	chiusa    bool // no process is started again
	squadra   sync.WaitGroup
}

// fermata is a client that waits for an answer; it gets it when via is closed.
type fermata struct {
	pid, passo int
	via        chan struct{}
}

// finita is the step at which a conversation is over, and nobody waits.
const finita = 0

// nuovaCentrale has an empty outbox.
func nuovaCentrale(t *testing.T, lease time.Duration, accel int) *centrale {
	t.Helper()
	b := &banco{T: t, dir: inMemoria(t)}
	t.Cleanup(b.spegni)
	b.accendi()
	if err := b.db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := b.db.SaveAnagrafica(t.Context(), piano.Anagrafica{Ente: piano.Ente{Codice: enteProva, Nome: "Unione Terre di Pianura"}}); err != nil {
		t.Fatal(err)
	}
	c := &centrale{banco: b, lease: lease, accel: accel, inizio: time.Now(), dati: t.TempDir(), caso: rand.New(rand.NewPCG(7, 8)),
		accettati: map[string]int{}, guasti: map[string]int{}, figli: map[int]*exec.Cmd{}}
	s := smtp.NewServer(c)
	s.Domain, s.ErrorLog = "posta.example", log.New(io.Discard, "", 0)
	var err error
	if c.ascolto, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	finito := make(chan error, 1)
	go func() { finito <- s.Serve(c.ascolto) }()
	t.Cleanup(func() {
		c.congeda()
		s.Close()
		<-finito
	})
	return c
}

// scrivi puts n messages into the outbox, of different people.
func (c *centrale) scrivi(lotto, n int) {
	c.Helper()
	adesso := c.adesso()
	messaggi := make([]piano.Messaggio, 0, n)
	for i := range n {
		m, err := mailer.Componi(piano.Messaggio{Ente: enteProva, Tipo: piano.TipoPromemoria, Chiave: fmt.Sprintf("%d/%d", lotto, i), Giorno: piano.GiornoDi(adesso),
			A: []string{fmt.Sprintf("persona%d.%d@ente.example", lotto, i)}, Oggetto: "Scadenze", Testo: "Gentile Dottoressa, …"}, mailer.Mittente{Indirizzo: "ufficio@ente.example"}, adesso)
		if err != nil {
			c.Fatal(err)
		}
		messaggi = append(messaggi, m)
	}
	if nuovi, err := c.db.SaveMessaggi(c.Context(), "prova", fmt.Sprint(lotto), adesso, messaggi); err != nil || nuovi != n {
		c.Fatal(nuovi, err)
	}
}

func (c *centrale) adesso() time.Time {
	return c.inizio.Add(time.Since(c.inizio) * time.Duration(c.accel))
}

// assumi keeps that many processes at work: one that ends is started again.
func (c *centrale) assumi(quanti int) {
	c.Helper()
	dsn := c.cluster.DSN(local.Database)
	for range quanti {
		c.squadra.Go(func() {
			for {
				p := exec.Command("postino", dsn, c.dati, strconv.Itoa(c.ascolto.Addr().(*net.TCPAddr).Port),
					strconv.FormatInt(int64(c.lease), 10), strconv.Itoa(c.accel), strconv.FormatInt(c.inizio.UnixNano(), 10))
				p.Stderr = os.Stderr
				c.mu.Lock()
				if c.chiusa {
					c.mu.Unlock()
					return
				}
				err := p.Start()
				if err == nil {
					c.figli[p.Process.Pid] = p
				}
				c.mu.Unlock()
				if err != nil {
					c.Error(err)
					return
				}
				_ = p.Wait() // killed, as a rule
				c.mu.Lock()
				delete(c.figli, p.Process.Pid)
				c.mu.Unlock()
			}
		})
	}
}

// congeda ends the processes for good.
func (c *centrale) congeda() {
	c.mu.Lock()
	c.chiusa = true
	for _, p := range c.figli {
		_ = p.Process.Kill()
	}
	c.mu.Unlock()
	c.squadra.Wait()
}

// uccidi kills the process, where it is one of ours and alive.
func (c *centrale) uccidi(pid int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.figli[pid]; p != nil && !c.chiusa && p.Process.Kill() == nil {
		delete(c.figli, pid)
		c.uccisi++
	}
}

// morti counts the processes killed so far.
func (c *centrale) morti() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.uccisi
}

// restano counts the messages that have not come to an end.
func (c *centrale) restano() (n int) {
	c.Helper()
	const query = "SELECT count(*) FROM spedizioni WHERE stato IN ('in-coda', 'in-invio', 'al-punto')"
	if err := c.grezzo.QueryRowContext(c.Context(), query).Scan(&n); err != nil {
		c.Fatal(err)
	}
	return n
}

// finoA waits until no more than n messages are left.
func (c *centrale) finoA(n int) {
	c.Helper()
	limite, prima := time.Now().Add(attesaProva), c.restano()
	for ora := prima; ora > n; ora = c.restano() {
		if ora < prima {
			limite, prima = time.Now().Add(attesaProva), ora
		}
		if time.Now().After(limite) {
			c.Fatalf("%d messages are still there", ora)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// conversazione is one connection of a client.
type conversazione struct {
	c      *centrale
	conn   *smtp.Conn
	pid    int
	guasto string // what goes wrong in this transaction; "" for nothing
	morte  int    // at which step the client is killed; 0 for none
}

// guastiSMTP are what goes wrong, at the step before the first space.
var guastiSMTP = []string{"1 close", "2 hang", "2 greylist", "2 refuse", "3 close", "4 cut, not taken", "4 cut, taken", "4 hang, taken", "4 try later", "4 refuse"}

// NewSession implements smtp.Backend.
func (c *centrale) NewSession(conn *smtp.Conn) (smtp.Session, error) {
	return &conversazione{c: c, conn: conn}, nil
}

// Mail draws what is to happen in this transaction.
func (s *conversazione) Mail(da string, _ *smtp.MailOptions) error {
	if _, err := fmt.Sscanf(da, "postino+%d@", &s.pid); err != nil {
		return err
	}
	s.c.mu.Lock()
	s.guasto, s.morte = "", 0
	if s.c.caso.IntN(1000) < s.c.perMille {
		s.guasto = guastiSMTP[s.c.caso.IntN(len(guastiSMTP))]
		s.c.guasti[s.guasto]++
	}
	if s.c.caso.IntN(1000) < s.c.uccidere {
		s.morte = 1 + s.c.caso.IntN(5)
	}
	s.c.mu.Unlock()
	return s.passo(1)
}

func (s *conversazione) Rcpt(string, *smtp.RcptOptions) error { return s.passo(2) }

// Data reads the message; when r ends, the final dot has come.
func (s *conversazione) Data(r io.Reader) error {
	if err := s.passo(3); err != nil {
		return err
	}
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, m.Body); err != nil {
		return err // cut before the dot
	}
	if err := s.passo(4); err != nil && !strings.HasSuffix(s.guasto, ", taken") {
		return err
	}
	s.c.mu.Lock()
	s.c.accettati[m.Header.Get("Message-ID")]++
	s.c.mu.Unlock()
	return s.passo(5)
}

// passo does what was drawn for a step of the conversation: 1 MAIL, 2 RCPT, 3 DATA, 4
// the final dot, 5 the answer to it.
func (s *conversazione) passo(n int) error {
	if s.morte == n { // a moment later: whatever the client does then is cut
		s.c.mu.Lock()
		attesa := time.Duration(s.c.caso.Int64N(int64(4 * time.Millisecond)))
		s.c.mu.Unlock()
		pid := s.pid // by then the connection may have another client's
		time.AfterFunc(attesa, func() { s.c.uccidi(pid) })
	}
	if s.c.fermo != nil && n < 4 {
		f := fermata{s.pid, n, make(chan struct{})}
		s.c.fermo <- f
		<-f.via
	}
	passo, che, _ := strings.Cut(s.guasto, " ")
	if passo != strconv.Itoa(n) {
		return nil
	}
	switch {
	case strings.HasPrefix(che, "hang"):
		<-time.After(600 * time.Millisecond) // longer than the client waits
		return s.conn.Conn().Close()
	case che == "greylist":
		return &smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 2, 0}, Message: "come back"}
	case che == "try later":
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "come back"}
	case che == "refuse":
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no"}
	}
	_ = s.conn.Conn().Close()
	return errors.New("cut")
}

func (s *conversazione) Reset() {}

// Logout is called when the connection is over.
func (s *conversazione) Logout() error {
	if s.c.fermo != nil {
		s.c.fermo <- fermata{s.pid, finita, make(chan struct{})}
	}
	return nil
}

// esamina holds what the outbox says against what the server accepted, and returns the
// keys accepted twice, and those lost or said to be delivered that are not.
func (c *centrale) esamina(messaggi int) (doppi, persi int) {
	c.Helper()
	righe, err := c.grezzo.QueryContext(c.Context(), "SELECT m.message_id, s.stato FROM spedizioni s JOIN messaggi m ON m.id = s.messaggio_id")
	if err != nil {
		c.Fatal(err)
	}
	defer righe.Close()
	c.mu.Lock()
	defer c.mu.Unlock()
	conto := map[string]int{}
	n := 0
	for righe.Next() {
		var id, stato string
		if err := righe.Scan(&id, &stato); err != nil {
			c.Fatal(err)
		}
		n++
		conto[stato]++
		accettati := c.accettati["<"+id+">"]
		if accettati > 1 {
			doppi++
			c.Errorf("%s was accepted %d times", id, accettati)
		}
		finito := stato == string(piano.Spedito) || stato == string(piano.Rifiutato) || stato == string(piano.EsitoIgnoto)
		if !finito || stato == string(piano.Spedito) && accettati == 0 || stato == string(piano.Rifiutato) && accettati > 0 {
			persi++
			c.Errorf("%s is %s and was accepted %d times", id, stato, accettati)
		}
	}
	if err := righe.Err(); err != nil || n != messaggi {
		c.Fatalf("%d messages of %d, %v", n, messaggi, err)
	}
	c.Logf("outbox %v; %d processes killed; faults %v", conto, c.uccisi, c.guasti)
	return doppi, persi
}

// Messages delivered by two to four daemons that are killed in the middle of their
// conversations, to a server with faults, from a database that is stopped at once.
func TestInvariants7And8KilledWhileSending(t *testing.T) {
	messaggi, uccisioni, arresti := prove(400, 10000), prove(60, 2000), prove(1, 20)
	c := nuovaCentrale(t, 5*time.Minute, 600)
	c.perMille, c.uccidere = 110, 300
	const lotti = 20
	c.assumi(2)
	for n := range lotti {
		c.scrivi(n, messaggi/lotti)
		if n == lotti/4 || n == lotti/2 {
			c.assumi(1)
		}
		c.finoA(messaggi / lotti / 2)
		if (n+1)*arresti/lotti > n*arresti/lotti {
			c.schianta()
			c.spegni()
			c.accendi()
		}
	}
	scritti := messaggi
	for c.morti() < uccisioni {
		c.scrivi(lotti+scritti, messaggi/lotti)
		scritti += messaggi / lotti
		c.finoA(messaggi / lotti / 2)
	}
	c.mu.Lock()
	c.uccidere = 0
	c.mu.Unlock()
	c.finoA(0)
	c.congeda()
	doppi, persi := c.esamina(scritti)
	come := fmt.Sprintf("2 to 4 daemons, %d kills, 11 %% SMTP faults, %d database stops", c.morti(), arresti)
	conto(t, 7, "no reminder twice: "+come, scritti, doppi)
	conto(t, 8, "no reminder lost: "+come, scritti, persi)
}

// The holder of a message is stopped in the middle of its conversation: another daemon
// takes over, and the first one, revived, sends nothing.
func TestInvariant11TheHolderStandsStill(t *testing.T) {
	volte := prove(6, 500)
	c := nuovaCentrale(t, 150*time.Millisecond, 1)
	c.fermo = make(chan fermata)
	c.assumi(2)
	falliti := 0
	var massimo time.Duration
	for n := range volte {
		c.scrivi(n, 1)
		attesa, subentrato := c.fermaChiTiene(1 + n%3)
		massimo = max(massimo, attesa)
		if !subentrato {
			falliti++
		}
	}
	go func() {
		for f := range c.fermo {
			close(f.via)
		}
	}()
	c.congeda()
	doppi, persi := c.esamina(volte)
	t.Logf("taken over within %s at most, of a lease of %s", massimo, c.lease)
	conto(t, 11, "a stuck daemon does not stop the work: the holder stopped, the revived one sends nothing", volte, falliti+doppi+persi)
}

// fermaChiTiene stops who holds the one message at that step, waits until it is
// delivered by another one, revives the first and waits for the end of what it was at.
// It returns how long it was until another one began.
func (c *centrale) fermaChiTiene(passo int) (attesa time.Duration, subentrato bool) {
	c.Helper()
	var trattenuta fermata
	var quando time.Time
	for !subentrato && (quando.IsZero() || time.Since(quando) < attesaProva) {
		select {
		case f := <-c.fermo:
			switch {
			case trattenuta.via == nil && f.passo == passo:
				trattenuta, quando = f, time.Now()
				if err := syscall.Kill(f.pid, syscall.SIGSTOP); err != nil {
					c.Fatal(err)
				}
				continue // its answer comes when it is revived
			case trattenuta.via != nil && f.pid != trattenuta.pid && f.passo == 1:
				attesa = time.Since(quando)
			}
			close(f.via)
		case <-time.After(20 * time.Millisecond):
			subentrato = attesa > 0 && c.restano() == 0
		}
	}
	close(trattenuta.via)
	if err := syscall.Kill(trattenuta.pid, syscall.SIGCONT); err != nil {
		c.Fatal(err)
	}
	for f := range c.fermo {
		close(f.via)
		if f.pid == trattenuta.pid && f.passo == finita {
			return attesa, subentrato
		}
	}
	return attesa, subentrato
}
