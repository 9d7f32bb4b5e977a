package jobs_test

import (
	"bufio"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/mailer"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store/storetest"
)

// cade is the answer of a server that hangs up instead of giving one.
const cade = "(cade)"

// dialogo is what the server answers to a verb, "" the greeting and "." the final dot,
// and what becomes of the message: its state, its next attempt in minutes from now,
// and whether the mailbox is stopped.
type dialogo struct {
	verbo, risposta string
	stato           piano.StatoSpedizione
	fra             int
	ferma           bool
}

// dialoghi are the forty of invariant 9.
var dialoghi = []dialogo{
	{".", "250 2.0.0 accodato", piano.Spedito, 0, false},
	{".", "251 inoltrato", piano.Spedito, 0, false},
	{".", "250-2.0.0 accodato\r\n250 2.0.0 come 7F3A", piano.Spedito, 0, false},
	{"RCPT", "251 inoltro", piano.Spedito, 0, false},
	{"", "421 4.3.2 chiuso", piano.InCoda, 5, false},
	{"", "554 5.3.2 no", piano.InCoda, 5, false},
	{"", "554 5.7.1 lista nera", piano.InCoda, 0, true},
	{"", cade, piano.InCoda, 5, false},
	{"EHLO", cade, piano.InCoda, 5, false},
	{"EHLO", "502 5.5.1 non so", piano.Spedito, 0, false},
	{"MAIL", "421 4.3.2 occupato", piano.InCoda, 5, false},
	{"MAIL", "451 4.3.0 riprovare", piano.InCoda, 5, false},
	{"MAIL", "452 4.3.1 spazio esaurito", piano.InCoda, 5, false},
	{"MAIL", "552 5.3.4 troppo grande", piano.Rifiutato, 0, false},
	{"MAIL", "530 5.7.0 Authentication required", piano.InCoda, 0, true},
	{"MAIL", "535 5.7.8 credenziali", piano.InCoda, 0, true},
	{"MAIL", "553 5.7.1 Sender address rejected", piano.InCoda, 0, true},
	{"MAIL", "550 5.4.5 Daily user sending limit exceeded", piano.InCoda, 0, true},
	{"MAIL", cade, piano.InCoda, 5, false},
	{"RCPT", "450 4.2.0 greylist", piano.InCoda, 5, false},
	{"RCPT", "450 4.7.1 greylist", piano.InCoda, 5, false},
	{"RCPT", "451 4.7.0 Rate limit reached", piano.InCoda, 0, true},
	{"RCPT", "452 4.5.3 Too many recipients", piano.InCoda, 5, false},
	{"RCPT", "550 5.1.1 utente sconosciuto", piano.Rifiutato, 0, false},
	{"RCPT", "552 5.2.2 quota exceeded", piano.Rifiutato, 0, false},
	{"RCPT", "452 4.2.2 quota exceeded", piano.InCoda, 5, false},
	{"RCPT", "550 5.7.1 Relaying denied", piano.InCoda, 0, true},
	{"RCPT", "550 5.4.5 quota del giorno", piano.InCoda, 0, true},
	{"RCPT", cade, piano.InCoda, 5, false},
	{"DATA", "451 4.3.0 riprovare", piano.InCoda, 5, false},
	{"DATA", "554 5.5.1 no valid recipients", piano.Rifiutato, 0, false},
	{"DATA", "354 avanti\r\n552 5.3.4 troppo grande", piano.Rifiutato, 0, false},
	{"DATA", cade, piano.InCoda, 5, false},
	{".", "451 4.3.0 riprovare", piano.InCoda, 5, false},
	{".", "421 4.3.2 occupato", piano.InCoda, 5, false},
	{".", "550 5.6.0 contenuto rifiutato", piano.Rifiutato, 0, false},
	{".", "554 5.7.1 spam", piano.InCoda, 0, true},
	{".", "550 sending quota exceeded", piano.InCoda, 0, true},
	{".", cade, piano.EsitoIgnoto, 0, false},
	{".", "boh", piano.EsitoIgnoto, 0, false},
}

// Each answer of a mail server, at each step, leaves the message in one state, with its
// next attempt.
func TestInvariant9AnswersAreReadRightly(t *testing.T) {
	falliti := 0
	for n, d := range dialoghi {
		t.Run(fmt.Sprintf("%s %s", d.verbo, d.risposta), func(t *testing.T) {
			if got, want := recita(t, d), d.esito(); got != want {
				falliti++
				t.Errorf("%d: %s, want %s", n, got, want)
			}
		})
	}
	conto(t, 9, "SMTP answers are read rightly: state, next attempt, mailbox", len(dialoghi), falliti)
}

func (d dialogo) esito() string {
	return fmt.Sprintf("%s, next in %d minutes, mailbox stopped: %v", d.stato, d.fra, d.ferma)
}

// recita delivers one message to a server that answers so, and tells what became of it.
func recita(t *testing.T, d dialogo) string {
	t.Helper()
	adesso := time.Date(2021, 7, 12, 8, 0, 0, 0, time.UTC)
	db := storetest.New(t)
	if _, err := db.SaveAnagrafica(t.Context(), piano.Anagrafica{Ente: piano.Ente{Codice: ente, Nome: "Unione"}}); err != nil {
		t.Fatal(err)
	}
	m := piano.Messaggio{Ente: ente, Tipo: piano.TipoPromemoria, Chiave: "x", Giorno: piano.GiornoDi(adesso), A: []string{"giulia@ente.example"},
		MessageID: "x@ente.example", MIME: []byte("Subject: prova\r\n\r\nprova\r\n")}
	if _, err := db.SaveMessaggi(t.Context(), "prova", "x", adesso, []piano.Messaggio{m}); err != nil {
		t.Fatal(err)
	}
	smtp, err := mailer.NewSMTP(mailer.ParametriSMTP{Host: "127.0.0.1", Porta: teatro(t, d), TLS: mailer.TLSNessuno, Mittente: "ufficio@ente.example"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (jobs.Invio{Uscita: db, Postino: smtp, Custode: jobs.Custodia{Cartella: t.TempDir(), Host: "mercurio", Archivio: db}, Proprietario: "io",
		Adesso: func() time.Time { return adesso }, Log: slog.New(slog.DiscardHandler)}).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	c, err := db.StatoCoda(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	u, err := db.Uscita(t.Context(), "", []piano.StatoSpedizione{piano.InCoda, piano.InInvio, piano.AlPunto, piano.Spedito, piano.Rifiutato, piano.EsitoIgnoto})
	if err != nil || len(u) != 1 {
		t.Fatal(u, err)
	}
	return dialogo{stato: u[0].Stato, fra: int(u[0].ProssimoTentativo.Sub(adesso) / time.Minute), ferma: c.Interruttore != nil}.esito()
}

// teatro starts the server; what the dialogue does not say gets the usual answer.
func teatro(t *testing.T, d dialogo) int {
	t.Helper()
	ascolto, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	finito := make(chan struct{})
	t.Cleanup(func() { ascolto.Close(); <-finito })
	go func() {
		defer close(finito)
		for {
			conn, err := ascolto.Accept()
			if err != nil {
				return
			}
			d.scena(conn)
		}
	}()
	return ascolto.Addr().(*net.TCPAddr).Port
}

func (d dialogo) scena(conn net.Conn) {
	defer conn.Close()
	righe := bufio.NewScanner(conn)
	usuali := map[string]string{"": "220 pronto", "DATA": "354 avanti", "QUIT": "221 arrivederci"}
	for verbo := ""; ; {
		risposta := "250 ok"
		if r, ok := usuali[verbo]; ok {
			risposta = r
		}
		if verbo == d.verbo {
			risposta = d.risposta
		}
		if risposta == cade {
			return
		}
		fmt.Fprintf(conn, "%s\r\n", risposta)
		corpo := verbo == "DATA" && strings.HasPrefix(risposta, "354")
		for corpo && righe.Scan() && righe.Text() != "." {
		}
		if corpo {
			verbo = "."
			continue
		}
		if !righe.Scan() {
			return
		}
		verbo, _, _ = strings.Cut(strings.ToUpper(righe.Text()), " ")
	}
}
