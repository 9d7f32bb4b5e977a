package mailer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/scadenzario/scadenzario/piano"
	"github.com/wneessen/go-mail/smtp"
)

// sguardo bounds the reading of what the server says before the final dot, once some
// of it has arrived.
const sguardo = 5 * time.Millisecond

// errAnticipo is the fault of a server that answers before the final dot.
var errAnticipo = errors.New("the server answered before the end of the message")

// Spedisci delivers one message to its one recipient. It calls alPunto when all
// but the final dot is on its way; where that fails the connection is dropped
// without the dot and nothing was sent. The end of ctx stops it before the dot;
// after the dot only AttesaPunto does, since the answer settles the matter.
func (s *SMTP) Spedisci(ctx context.Context, sp piano.Spedizione, alPunto func(context.Context) error) Esito {
	if err := CheckIndirizzo(sp.Destinatario); err != nil {
		return Esito{Stato: piano.Rifiutato, Risposta: riassunto(err.Error())}
	}
	riusata := s.filo != nil
	if !riusata {
		if err := s.collega(ctx); err != nil {
			return senzaCollegamento(err)
		}
	}
	esito, riprova := s.transazione(ctx, sp, alPunto)
	// A server may leave an idle connection at any time, with 421 or without a word:
	// that says nothing about this message. A new one does. And one that hangs up
	// over the witness may take the message without.
	for volte := 2; volte > 0 && ctx.Err() == nil && (riprova == senzaTestimone || riprova == caduta && riusata); volte-- {
		if err := s.collega(ctx); err != nil {
			return senzaCollegamento(err)
		}
		riusata = false
		esito, riprova = s.transazione(ctx, sp, alPunto)
	}
	return esito
}

// ripresa says why a conversation ended that says nothing about the message.
type ripresa int

const (
	nessuna        ripresa = iota
	caduta                 // the connection was lost at the very first command
	senzaTestimone         // the connection was lost over the witness
)

// transazione holds one conversation from MAIL to the answer. It also tells whether
// another one may go better.
func (s *SMTP) transazione(ctx context.Context, sp piano.Spedizione, alPunto func(context.Context) error) (Esito, ripresa) {
	conn := s.aperta
	lascia := context.AfterFunc(ctx, func() { _ = conn.Close() }) // the step under way then fails
	defer lascia()

	if err := s.comando(func() error { return s.filo.Mail("<" + s.p.Mittente + ">") }); err != nil {
		esito := s.abbandona("MAIL", err)
		if s.filo == nil {
			return esito, caduta
		}
		return esito, nessuna
	}
	if err := s.comando(func() error { return s.filo.Rcpt("<" + sp.Destinatario + ">") }); err != nil {
		return s.abbandona("RCPT", err), nessuna
	}
	conCopia, err := s.chiamaTestimone(sp)
	if err != nil {
		return s.abbandona("RCPT", err), senzaTestimone
	}
	esito := s.corpo(ctx, sp, lascia, alPunto)
	if s.noTestimone != "" {
		esito.Risposta = riassunto(esito.Risposta + "; the witness mailbox was refused: " + s.noTestimone)
	}
	if conCopia && esito.Stato == piano.Rifiutato { // for the witness, perhaps: once more without
		s.soli[sp.ID] = true
		esito.Stato = piano.InCoda
	}
	return esito, nessuna
}

// chiamaTestimone makes the witness a second recipient of this conversation, and tells
// whether it is one. What the server says against the witness does not touch the
// message; an error means that it hung up over it.
func (s *SMTP) chiamaTestimone(sp piano.Spedizione) (bool, error) {
	t := s.p.Testimone
	if t == "" || s.noTestimone != "" || s.soli[sp.ID] || strings.EqualFold(t, sp.Destinatario) {
		return false, nil
	}
	err := s.comando(func() error { return s.filo.Rcpt("<" + t + ">") })
	if err == nil {
		return true, nil
	}
	s.noTestimone = primaDelPunto("RCPT", err).Risposta
	if c := codice(err); c/100 != 4 && c/100 != 5 || c == 421 {
		return false, err
	}
	return false, nil
}

// corpo sends the message and takes the answer; lascia takes ctx off the connection.
func (s *SMTP) corpo(ctx context.Context, sp piano.Spedizione, lascia func() bool, alPunto func(context.Context) error) Esito {
	var corpo io.WriteCloser
	err := s.comando(func() (err error) { corpo, err = s.filo.Data(); return err })
	if err != nil {
		return s.abbandona("DATA", err)
	}
	if err := s.comando(func() error { return s.scrivi(corpo, s.conNumero(sp)) }); err != nil {
		s.scollega() // inside DATA there is no RSET: the only way out
		return primaDelPunto("body", err)
	}
	if err := alPunto(ctx); err != nil {
		s.scollega()
		return Esito{Stato: piano.InCoda, Risposta: riassunto("not sent: " + err.Error())}
	}
	if !lascia() { // from here on ctx cuts nothing
		s.scollega()
		return Esito{Stato: piano.InCoda, Risposta: riassunto("not sent: " + context.Cause(ctx).Error())}
	}
	if err := s.silenzio(); err != nil { // the mark took its time
		s.scollega()
		return primaDelPunto("body", err)
	}
	return s.punto(corpo)
}

// conNumero puts the delivery's number before the message, by which the copy in the
// witness mailbox is known.
func (s *SMTP) conNumero(sp piano.Spedizione) []byte {
	if s.p.Testimone == "" {
		return sp.MIME
	}
	return append(fmt.Appendf(nil, "%s: %d\r\n", IntestazioneSpedizione, sp.ID), sp.MIME...)
}

// comando gives a step of the conversation its time.
func (s *SMTP) comando(passo func() error) error {
	if err := s.filo.UpdateDeadline(s.p.AttesaComando); err != nil {
		return fmt.Errorf("set deadline: %w", err)
	}
	return passo()
}

// abbandona sorts a refusal before DATA and makes the connection fit for the next
// message; where that cannot be, or the server said 421, it is dropped.
func (s *SMTP) abbandona(passo string, err error) Esito {
	esito := primaDelPunto(passo, err)
	c := codice(err)
	if c/100 != 4 && c/100 != 5 || c == 421 || s.comando(s.filo.Reset) != nil {
		s.scollega()
	}
	return esito
}

// scrivi sends all but the final dot and makes sure that it has left: what sat in a
// buffer would go out after alPunto, when a failure is a doubt.
func (s *SMTP) scrivi(corpo io.Writer, mime []byte) error {
	if _, err := corpo.Write(mime); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	if err := s.filo.Text.W.Flush(); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return s.silenzio()
}

// silenzio looks whether the server is still there and still listening. A word of
// its own before the dot is a refusal, mostly followed by a hang-up: seen it is a
// safe retry, unseen a doubt. Where nothing has arrived it does not wait.
func (s *SMTP) silenzio() error {
	if s.filo.Text.R.Buffered() == 0 && !arrivato(s.aperta) {
		return nil
	}
	if err := s.filo.UpdateDeadline(sguardo); err != nil {
		return fmt.Errorf("set deadline: %w", err)
	}
	_, err := s.filo.Text.R.Peek(1)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("connection lost: %w", err)
	}
	c, testo, err := s.filo.Text.ReadResponse(0)
	if err != nil {
		return fmt.Errorf("connection lost: %w", err)
	}
	return fmt.Errorf("%w: %w", errAnticipo, &textproto.Error{Code: c, Msg: testo})
}

// arrivato tells whether there is something to read on the connection, or its end.
func arrivato(conn net.Conn) bool {
	c, ok := conn.(syscall.Conn)
	if !ok {
		return true
	}
	grezza, err := c.SyscallConn()
	if err != nil {
		return true
	}
	qualcosa := true
	if err := grezza.Control(func(fd uintptr) {
		_, _, err := syscall.Recvfrom(int(fd), make([]byte, 1), syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		qualcosa = !errors.Is(err, syscall.EAGAIN)
	}); err != nil {
		return true
	}
	return qualcosa
}

// punto sends the final dot and waits for the answer. The dot goes out while the
// answer is awaited, so that every failure from here on is a doubt.
func (s *SMTP) punto(corpo io.WriteCloser) Esito {
	if err := s.filo.UpdateDeadline(s.p.AttesaPunto); err != nil {
		s.scollega()
		return primaDelPunto("final dot", err)
	}
	err := corpo.Close()
	var ricevuta string
	if d, ok := corpo.(*smtp.DataCloser); ok {
		ricevuta = d.ServerResponse()
	}
	esito := dopoIlPunto(ricevuta, err)
	if esito.Stato == piano.EsitoIgnoto || codice(err) == 421 {
		s.scollega()
	}
	return esito
}
