package mailer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"os"
	"time"

	"github.com/scadenzario/scadenzario/piano"
	"github.com/wneessen/go-mail/smtp"
)

// sguardo is how long we look, before the final dot, whether the server has hung
// up meanwhile: enough for what already arrived. A hang-up seen is a safe retry,
// one unseen is a doubt.
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
	esito, caduta := s.transazione(ctx, sp, alPunto)
	if riusata && caduta && ctx.Err() == nil {
		// A server may leave an idle connection at any time, with 421 or without a
		// word: that says nothing about this message. A new one does.
		if err := s.collega(ctx); err != nil {
			return senzaCollegamento(err)
		}
		esito, _ = s.transazione(ctx, sp, alPunto)
	}
	return esito
}

// transazione holds one conversation from MAIL to the answer. It also tells
// whether the connection turned out to be lost at the very first command.
func (s *SMTP) transazione(ctx context.Context, sp piano.Spedizione, alPunto func(context.Context) error) (Esito, bool) {
	conn := s.aperta
	lascia := context.AfterFunc(ctx, func() { _ = conn.Close() }) // the step under way then fails
	defer lascia()

	if err := s.comando(func() error { return s.filo.Mail("<" + s.p.Mittente + ">") }); err != nil {
		esito := s.abbandona("MAIL", err)
		return esito, s.filo == nil
	}
	if err := s.comando(func() error { return s.filo.Rcpt("<" + sp.Destinatario + ">") }); err != nil {
		return s.abbandona("RCPT", err), false
	}
	var corpo io.WriteCloser
	err := s.comando(func() (err error) { corpo, err = s.filo.Data(); return err })
	if err != nil {
		return s.abbandona("DATA", err), false
	}
	if err := s.comando(func() error { return s.scrivi(corpo, sp.MIME) }); err != nil {
		s.scollega() // inside DATA there is no RSET: the only way out
		return primaDelPunto("body", err), false
	}
	if err := alPunto(ctx); err != nil {
		s.scollega()
		return Esito{Stato: piano.InCoda, Risposta: riassunto("not sent: " + err.Error())}, false
	}
	if !lascia() { // from here on ctx cuts nothing
		s.scollega()
		return Esito{Stato: piano.InCoda, Risposta: riassunto("not sent: " + context.Cause(ctx).Error())}, false
	}
	return s.punto(corpo), false
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
// its own before the dot is a refusal, mostly followed by a hang-up.
func (s *SMTP) silenzio() error {
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
