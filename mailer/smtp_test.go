package mailer

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/scadenzario/scadenzario/piano"
)

// The whole of RELIABILITY.md, "One message per key", 4 to 6: which answer, at
// which step, leaves the message in which state. A Risposta that ends in … is
// compared up to there.
func TestEsiti(t *testing.T) {
	const spedito, inCoda, rifiutato, ignoto = piano.Spedito, piano.InCoda, piano.Rifiutato, piano.EsitoIgnoto
	for _, r := range []struct {
		storia string
		c      copione
		want   Esito
		alDot  int // calls of alPunto
	}{
		{"all goes well", copione{}, Esito{spedito, "250 2.0.0 accodato", false, false, false}, 1},
		{"taken with a 2xx of its own", copione{".": "251 inoltrato"}, Esito{spedito, "251 inoltrato", false, false, false}, 1},

		{"the greeting says to come later", copione{"": "421 4.3.2 chiuso"}, Esito{inCoda, "421 4.3.2 chiuso", true, false, false}, 0},
		{"the greeting refuses us", copione{"": "554 5.7.1 no"}, Esito{inCoda, "554 5.7.1 no", true, true, false}, 0},
		{"hung up before the greeting", copione{"": cade}, Esito{inCoda, "mail server…", true, false, false}, 0},

		{"MAIL: busy", copione{"MAIL": "421 4.3.2 occupato"}, Esito{inCoda, "421 4.3.2 occupato", false, false, false}, 0},
		{"MAIL: a passing fault", copione{"MAIL": "451 4.3.0 riprovare"}, Esito{inCoda, "451 4.3.0 riprovare", false, false, false}, 0},
		{"MAIL: too large", copione{"MAIL": "552 5.3.4 troppo grande"}, Esito{rifiutato, "552 5.3.4 troppo grande", false, false, false}, 0},
		{"MAIL: not signed in", copione{"MAIL": "530 5.7.0 Authentication required"}, Esito{inCoda, "530 5.7.0 Authentication required", false, true, false}, 0},
		{"MAIL: sender not ours", copione{"MAIL": "553 5.7.1 Sender address rejected"}, Esito{inCoda, "553 5.7.1 Sender address rejected", false, true, true}, 0},
		{"MAIL: hung up", copione{"MAIL": cade}, Esito{inCoda, "MAIL: …", false, false, false}, 0},

		{"RCPT: greylisted", copione{"RCPT": "450 4.2.0 tra poco"}, Esito{inCoda, "450 4.2.0 tra poco", false, false, false}, 0},
		{"RCPT: busy", copione{"RCPT": "421 4.3.2 occupato"}, Esito{inCoda, "421 4.3.2 occupato", false, false, false}, 0},
		{"RCPT: forwarded by the server", copione{"RCPT": "251 inoltro"}, Esito{spedito, "250 2.0.0 accodato", false, false, false}, 1},
		{"RCPT: nobody of that name", copione{"RCPT": "550 5.1.1 utente sconosciuto"}, Esito{rifiutato, "550 5.1.1 utente sconosciuto", false, false, false}, 0},
		{"RCPT: their mailbox is full", copione{"RCPT": "552 5.2.2 quota exceeded"}, Esito{rifiutato, "552 5.2.2 quota exceeded", false, false, false}, 0},
		{"RCPT: our quota of the day is spent", copione{"RCPT": "550 5.4.5 Daily sending limit exceeded"}, Esito{inCoda, "550 5.4.5 Daily sending limit exceeded", false, true, false}, 0},
		{"RCPT: too fast", copione{"RCPT": "451 4.7.0 Rate limit reached"}, Esito{inCoda, "451 4.7.0 Rate limit reached", false, true, false}, 0},
		{"MAIL: too many of us at once", copione{"MAIL": "432 4.3.2 Concurrent connections limit exceeded"}, Esito{inCoda, "432 4.3.2 Concurrent connections limit exceeded", false, false, false}, 0},
		{"MAIL: the size", copione{"MAIL": "552 Message size limit exceeded"}, Esito{rifiutato, "552 Message size limit exceeded", false, false, false}, 0},
		{"DATA: Exchange Online's quota", copione{"DATA": "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException"},
			Esito{inCoda, "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException", false, true, false}, 0},
		{"MAIL: Exchange Online takes us for a spammer", copione{"MAIL": "550 5.1.8 Access denied, bad outbound sender"}, Esito{inCoda, "550 5.1.8 Access denied, bad outbound sender", false, true, false}, 0},
		{"RCPT: hung up", copione{"RCPT": cade}, Esito{inCoda, "RCPT: …", false, false, false}, 0},

		{"DATA: a passing fault", copione{"DATA": "451 4.3.0 riprovare"}, Esito{inCoda, "451 4.3.0 riprovare", false, false, false}, 0},
		{"DATA: busy", copione{"DATA": "421 4.3.2 occupato"}, Esito{inCoda, "421 4.3.2 occupato", false, false, false}, 0},
		{"DATA: refused", copione{"DATA": "550 5.3.0 no"}, Esito{rifiutato, "550 5.3.0 no", false, false, false}, 0},
		{"DATA: an answer out of place", copione{"DATA": "250 ok"}, Esito{inCoda, `DATA: 250 "ok"`, false, false, false}, 0},
		{"DATA: hung up", copione{"DATA": cade}, Esito{inCoda, "DATA: …", false, false, false}, 0},
		{"refused before the body is over", copione{"DATA": "354 avanti\r\n552 5.3.4 troppo grande"}, Esito{rifiutato, "552 5.3.4 troppo grande", false, false, false}, 0},
		{"an answer before the body is over", copione{"DATA": "354 avanti\r\n250 ok"}, Esito{inCoda, "body: the server answered…", false, false, false}, 0},

		{"the dot: a passing fault", copione{".": "451 4.3.0 riprovare"}, Esito{inCoda, "451 4.3.0 riprovare", false, false, false}, 1},
		{"the dot: busy", copione{".": "421 4.3.2 occupato"}, Esito{inCoda, "421 4.3.2 occupato", false, false, false}, 1},
		{"the dot: refused", copione{".": "550 5.6.0 contenuto rifiutato"}, Esito{rifiutato, "550 5.6.0 contenuto rifiutato", false, false, false}, 1},
		{"the dot: refused over several lines", copione{".": "550-5.6.0 contenuto\r\n550 5.6.0 rifiutato"}, Esito{rifiutato, "550 5.6.0 contenuto 5.6.0 rifiutato", false, false, false}, 1},
		{"the dot: refused by policy", copione{".": "554 5.7.1 spam"}, Esito{inCoda, "554 5.7.1 spam", false, true, true}, 1},
		{"the dot: hung up without an answer", copione{".": cade}, Esito{ignoto, "no answer to the final dot: EOF", false, false, false}, 1},
		{"the dot: an answer that is none", copione{".": "boh"}, Esito{ignoto, "no answer to the final dot: …", false, false, false}, 1},
		{"the dot: an answer out of place", copione{".": "354 avanti"}, Esito{ignoto, `no answer to the final dot: 354 "avanti"`, false, false, false}, 1},
	} {
		t.Run(r.storia, func(t *testing.T) {
			t.Parallel()
			var segnati int
			s := postino(t, recita(t, r.c))
			got := s.Spedisci(t.Context(), lettera(), segna(&segnati))
			uguale(t, got, r.want)
			if segnati != r.alDot {
				t.Errorf("alPunto called %d times, want %d", segnati, r.alDot)
			}
		})
	}
}

// uguale compares two outcomes.
func uguale(t *testing.T, got, want Esito) {
	t.Helper()
	if inizio, ok := strings.CutSuffix(want.Risposta, "…"); ok && strings.HasPrefix(got.Risposta, inizio) {
		want.Risposta = got.Risposta
	}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// A server that says nothing: before the dot a safe retry, after it a doubt.
func TestSilence(t *testing.T) {
	for _, r := range []struct {
		verbo string
		want  Esito
	}{
		{"", Esito{piano.InCoda, "mail server…", true, false, false}},
		{"MAIL", Esito{piano.InCoda, "MAIL: …", false, false, false}},
		{"RCPT", Esito{piano.InCoda, "RCPT: …", false, false, false}},
		{"DATA", Esito{piano.InCoda, "DATA: …", false, false, false}},
		{".", Esito{piano.EsitoIgnoto, "no answer to the final dot: …", false, false, false}},
	} {
		t.Run("at "+r.verbo, func(t *testing.T) {
			t.Parallel()
			a := recita(t, copione{r.verbo: tace})
			s, err := NewSMTP(ParametriSMTP{Host: "127.0.0.1", Porta: a.porta, TLS: TLSNessuno, Mittente: "scadenzario@ente.example",
				AttesaCollegamento: 300 * time.Millisecond, AttesaComando: 300 * time.Millisecond, AttesaPunto: 300 * time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			var segnati int
			uguale(t, s.Spedisci(t.Context(), lettera(), segna(&segnati)), r.want)
		})
	}
}

// A cut in the middle of the body: the server is gone while we still write.
func TestCutWithinBody(t *testing.T) {
	s := postino(t, recita(t, copione{"DATA": "354 avanti\r\n" + cade}))
	sp := lettera()
	sp.MIME = bytes.Repeat([]byte("una riga di un messaggio molto lungo\r\n"), 1<<20)
	var segnati int
	uguale(t, s.Spedisci(t.Context(), sp, segna(&segnati)), Esito{piano.InCoda, "body: …", false, false, false})
	if segnati != 0 {
		t.Error("alPunto was called for a body that did not arrive")
	}
}

// Where the mark cannot be set, the dot is never sent.
func TestAlPuntoFails(t *testing.T) {
	a := recita(t, copione{})
	s := postino(t, a)
	guasto := errors.New("database gone")
	uguale(t, s.Spedisci(t.Context(), lettera(), func(context.Context) error { return guasto }),
		Esito{piano.InCoda, "not sent: database gone", false, false, false})
	a.annota(func() {
		if a.consegnati != 0 {
			t.Error("the final dot was sent")
		}
	})
	var segnati int
	uguale(t, s.Spedisci(t.Context(), lettera(), segna(&segnati)), Esito{piano.Spedito, "250 2.0.0 accodato", false, false, false})
}

// The end of ctx before the dot leaves nothing; after the dot it is not heeded.
func TestContextEnds(t *testing.T) {
	t.Run("before the dial", func(t *testing.T) {
		ctx, fine := context.WithCancel(t.Context())
		fine()
		uguale(t, postino(t, recita(t, copione{})).Spedisci(ctx, lettera(), nil), Esito{piano.InCoda, "mail server…", true, false, false})
	})
	t.Run("while the server is silent", func(t *testing.T) {
		a := recita(t, copione{}, copione{"RCPT": tace})
		s := postino(t, a)
		ctx, fine := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer fine()
		var segnati int
		uguale(t, s.Spedisci(ctx, lettera(), segna(&segnati)), Esito{piano.Spedito, "250 2.0.0 accodato", false, false, false})
		s.scollega()
		uguale(t, s.Spedisci(ctx, lettera(), segna(&segnati)), Esito{piano.InCoda, "RCPT: …", false, false, false})
	})
	t.Run("while the mark is set", func(t *testing.T) {
		a := recita(t, copione{})
		ctx, fine := context.WithCancel(t.Context())
		uguale(t, postino(t, a).Spedisci(ctx, lettera(), func(context.Context) error { fine(); return nil }),
			Esito{piano.InCoda, "not sent: context canceled", false, false, false})
		a.annota(func() {
			if a.consegnati != 0 {
				t.Error("the final dot was sent")
			}
		})
	})
}

// A server that hangs up while the mark is set is seen before the dot is sent: a safe
// retry, where the dot would have made a doubt of it.
func TestHangUpWhileTheMarkIsSet(t *testing.T) {
	ascolto, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ascolto.Close()
	server := make(chan net.Conn, 1)
	go func() {
		conn, err := ascolto.Accept()
		if err != nil {
			return
		}
		righe := bufio.NewScanner(conn)
		fmt.Fprint(conn, "220 pronto\r\n")
		for righe.Scan() && righe.Text() != "DATA" {
			fmt.Fprint(conn, "250 ok\r\n")
		}
		fmt.Fprint(conn, "354 avanti\r\n")
		server <- conn
	}()
	s := postino(t, &attore{porta: ascolto.Addr().(*net.TCPAddr).Port})
	uguale(t, s.Spedisci(t.Context(), lettera(), func(context.Context) error {
		(<-server).Close()
		for !arrivato(s.aperta) {
			runtime.Gosched()
		}
		return nil
	}), Esito{Stato: piano.InCoda, Risposta: "body: connection lost…"})
}

// One connection serves many messages, a refusal of one does not touch the next,
// and a connection that the server left is replaced without spending an attempt.
func TestConnectionIsReused(t *testing.T) {
	for _, r := range []struct {
		storia   string
		copioni  []copione
		want     []piano.StatoSpedizione
		chiamate int
	}{
		{"three messages, one connection", []copione{{}},
			[]piano.StatoSpedizione{piano.Spedito, piano.Spedito, piano.Spedito}, 1},
		{"a recipient is refused, the connection goes on", []copione{{"RCPT": "550 5.1.1 no"}},
			[]piano.StatoSpedizione{piano.Rifiutato, piano.Rifiutato}, 1},
		{"refused, and RSET too: a new one", []copione{{"RCPT": "550 5.1.1 no", "RSET": "500 boh"}, {}},
			[]piano.StatoSpedizione{piano.Rifiutato, piano.Spedito}, 2},
		{"421 to RCPT: the next message on a new one", []copione{{"RCPT": "421 4.3.2 occupato"}, {}},
			[]piano.StatoSpedizione{piano.InCoda, piano.Spedito}, 2},
		{"421 to the dot: the next message on a new one", []copione{{".": "421 4.3.2 occupato"}, {}},
			[]piano.StatoSpedizione{piano.InCoda, piano.Spedito}, 2},
		{"hung up after a message: the next on a new one", []copione{{".": "250 ok\r\n" + cade}, {}},
			[]piano.StatoSpedizione{piano.Spedito, piano.Spedito}, 2},
		{"421 while idle: at once on a new one", []copione{{".": "250 ok\r\n421 4.4.2 inattivo\r\n" + cade}, {}},
			[]piano.StatoSpedizione{piano.Spedito, piano.Spedito}, 2},
		{"a doubt: the next message on a new one", []copione{{".": cade}, {}},
			[]piano.StatoSpedizione{piano.EsitoIgnoto, piano.Spedito}, 2},
	} {
		t.Run(r.storia, func(t *testing.T) {
			t.Parallel()
			a := recita(t, r.copioni...)
			s := postino(t, a)
			for n, want := range r.want {
				var segnati int
				if got := s.Spedisci(t.Context(), lettera(), segna(&segnati)); got.Stato != want {
					t.Errorf("message %d: %+v, want %s", n+1, got, want)
				}
			}
			if err := s.Chiudi(); err != nil && r.chiamate == 1 {
				t.Error(err)
			}
			a.annota(func() {
				if a.chiamate != r.chiamate {
					t.Errorf("%d connections, want %d: %v", a.chiamate, r.chiamate, a.battute)
				}
			})
		})
	}
}

// A connection lost while idle, and the server gone for good.
func TestServerGoneMeanwhile(t *testing.T) {
	s := postino(t, recita(t, copione{".": "250 ok\r\n" + cade}, copione{"": cade}))
	var segnati int
	uguale(t, s.Spedisci(t.Context(), lettera(), segna(&segnati)), Esito{piano.Spedito, "250 ok", false, false, false})
	uguale(t, s.Spedisci(t.Context(), lettera(), segna(&segnati)), Esito{piano.InCoda, "mail server…", true, false, false})
	if err := s.Chiudi(); err != nil {
		t.Error(err)
	}
}

func TestChiudiTellsOfABadGoodbye(t *testing.T) {
	s := postino(t, recita(t, copione{"QUIT": cade}))
	var segnati int
	uguale(t, s.Spedisci(t.Context(), lettera(), segna(&segnati)), Esito{piano.Spedito, "250 2.0.0 accodato", false, false, false})
	if err := s.Chiudi(); err == nil {
		t.Error("no error")
	}
	if err := s.Chiudi(); err != nil {
		t.Error("the second time:", err)
	}
}

// A recipient that is no plain address never reaches the wire.
func TestOddRecipientIsRefused(t *testing.T) {
	a := recita(t, copione{})
	sp := lettera()
	sp.Destinatario = "giulia@ente.example>\r\nRCPT TO:<tutti@ente.example"
	if got := postino(t, a).Spedisci(t.Context(), sp, nil); got.Stato != piano.Rifiutato {
		t.Errorf("%+v", got)
	}
	if a.chiamate != 0 {
		t.Error("the server was called")
	}
}

func TestProssimoTentativo(t *testing.T) {
	adesso := time.Date(2021, 7, 12, 8, 0, 0, 0, time.UTC)
	for tentativi, minuti := range map[int]int{0: 5, 1: 5, 2: 10, 3: 20, 4: 40, 5: 60, 6: 60, 51: 60, 1 << 40: 60} {
		if got := ProssimoTentativo(tentativi, adesso).Sub(adesso); got != time.Duration(minuti)*time.Minute {
			t.Errorf("after %d attempts: %s, want %d minutes", tentativi, got, minuti)
		}
	}
}

// A sign-in that the server refuses is the account's fault: no message is marked
// refused for it, and the round stops.
func TestSignInRefused(t *testing.T) {
	a := recita(t, copione{"EHLO": "250-ok\r\n250 AUTH PLAIN LOGIN", "AUTH": "535 5.7.8 credenziali errate", "*": "501 ok"})
	s, err := NewSMTP(ParametriSMTP{Host: "127.0.0.1", Porta: a.porta, TLS: TLSNessuno, Mittente: "scadenzario@ente.example",
		Utente: "scadenzario", Password: "errata", AttesaCollegamento: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	uguale(t, s.Spedisci(t.Context(), lettera(), nil), Esito{piano.InCoda, "535 5.7.8 credenziali errate", true, true, false})
}
