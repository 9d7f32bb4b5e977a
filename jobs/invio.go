package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/scadenzario/scadenzario/mailer"
	"github.com/scadenzario/scadenzario/piano"
)

const (
	// leaseInvio is how long a sender may hold a message before another one
	// takes it over: longer than the ten minutes for which it waits for the
	// answer to the final dot.
	leaseInvio = 15 * time.Minute
	// tentativiMassimi is how often delivery is tried before the message is shown
	// as refused: after 5, 10, 20, 40, 60 minutes and then hourly that is about 48
	// hours (RELIABILITY.md, "Retries").
	tentativiMassimi = 51
)

// Invio delivers the outbox, one message at a time, by the protocol of
// RELIABILITY.md: claim, mark just before the final dot, record the answer.
type Invio struct {
	Uscita       Uscita
	Postino      Postino
	Custode      Custode
	SoloA        []string // the only addresses, or "@domains", that may be written to; empty for all
	Proprietario string   // who this process is, unique among those on the database
	Adesso       func() time.Time
	Log          *slog.Logger
}

// Conto says what became of the messages of one delivery run.
type Conto struct {
	Inviati, DaRitentare, Respinti, Ignoti int
	UltimaRisposta                         string // of the last message that did not go out
}

// Run delivers what is due and returns how it went. It stops early, between two
// messages, when ctx ends, and where the server as a whole is at fault: the other
// messages must not spend an attempt on that. A message that a server refuses is
// no error; a database that does not answer is one.
func (i Invio) Run(ctx context.Context) (Conto, error) {
	var conto Conto
	defer func() {
		if err := i.Postino.Chiudi(); err != nil {
			i.Log.Debug("mail connection not closed cleanly", "err", err)
		}
	}()
	if err := i.Custode.Verifica(ctx, i.Adesso()); err != nil {
		return conto, err
	}
	for ctx.Err() == nil {
		presi, err := i.Uscita.ClaimSpedizioni(ctx, i.Proprietario, i.Adesso(), leaseInvio, 1)
		if err != nil {
			return conto, fmt.Errorf("take a message from the outbox: %w", err)
		}
		if len(presi) == 0 {
			return conto, nil
		}
		ferma, err := i.spedisci(context.WithoutCancel(ctx), presi[0], &conto)
		if err != nil || ferma {
			return conto, err
		}
	}
	return conto, nil
}

// spedisci delivers one claimed message and records the answer. It goes on when
// the daemon is told to stop: what is held is finished (the mail server's own
// time limits bound it). It tells whether the round is to end.
func (i Invio) spedisci(ctx context.Context, s piano.Spedizione, conto *Conto) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, leaseInvio)
	defer cancel()
	esito := mailer.Esito{Stato: piano.Rifiutato, Risposta: "not sent: the address is not in [posta] solo_a"}
	if i.ammesso(s.Destinatario) {
		esito = i.Postino.Spedisci(ctx, s, func(ctx context.Context) error {
			if err := i.Custode.Conta(ctx); err != nil {
				return err
			}
			return i.Uscita.SegnaAlPunto(ctx, s.ID, i.Proprietario, i.Adesso(), leaseInvio)
		})
	}
	adesso := i.Adesso()
	prossimo := adesso
	if esito.Stato == piano.InCoda {
		prossimo = mailer.ProssimoTentativo(s.Tentativi, adesso)
		if s.Tentativi >= tentativiMassimi {
			esito.Stato = piano.Rifiutato
		}
	}
	conto.conta(esito)
	i.Log.Info("message", "to", s.Destinatario, "id", s.MessageID, "state", esito.Stato, "answer", esito.Risposta)
	if err := i.Uscita.ChiudiSpedizione(ctx, s.ID, i.Proprietario, esito.Stato, esito.Risposta, prossimo, adesso); err != nil {
		return false, fmt.Errorf("record the answer for %s: %w", s.Destinatario, err)
	}
	return esito.Ferma, nil
}

// ammesso tells whether a test installation may write to that address.
func (i Invio) ammesso(indirizzo string) bool {
	if len(i.SoloA) == 0 {
		return true
	}
	for _, a := range i.SoloA {
		if strings.EqualFold(a, indirizzo) || strings.HasPrefix(a, "@") && strings.HasSuffix(strings.ToLower(indirizzo), strings.ToLower(a)) {
			return true
		}
	}
	return false
}

func (c *Conto) conta(e mailer.Esito) {
	switch e.Stato {
	case piano.Spedito:
		c.Inviati++
		return
	case piano.InCoda:
		c.DaRitentare++
	case piano.Rifiutato:
		c.Respinti++
	default:
		c.Ignoti++
	}
	c.UltimaRisposta = e.Risposta
}
