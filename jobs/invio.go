package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/scadenzario/scadenzario/mailer"
	"github.com/scadenzario/scadenzario/piano"
)

const (
	// leaseInvio is how long a sender that stands still keeps a message; one that is
	// at work renews it. With a run each minute, another sender takes over within 60
	// seconds (RELIABILITY.md, invariant 11).
	leaseInvio = 30 * time.Second
	// leasePunto is how long the answer to the final dot is waited for before the
	// message is a doubt: longer than the mail server's own ten minutes.
	leasePunto = 15 * time.Minute
	// ritardoPunto is how much of leasePunto may pass between the mark and the dot: a
	// sender that stood still in between lets the dot be.
	ritardoPunto = leasePunto - 11*time.Minute
	// tempoTentativi is how long delivery is tried, from the first attempt on
	// (RELIABILITY.md, "Retries"); then the message is shown as refused.
	tempoTentativi = 48 * time.Hour
	// pausaCasella is how long a stopped mailbox is left alone before one message
	// tries it: short enough for a quota of the hour, and no reason for a server to
	// lock the account.
	pausaCasella = time.Hour
	// registrazioni and pausaRegistrazione: for a minute the server's answer is kept
	// for a database that comes back.
	registrazioni      = 30
	pausaRegistrazione = 2 * time.Second
)

// Invio delivers the outbox, one message at a time, by the protocol of
// RELIABILITY.md: claim, mark just before the final dot, record the answer.
type Invio struct {
	Uscita       Uscita
	Postino      Postino
	Custode      Custode
	Testimone    Testimone   // settles doubts; nil for none
	SoloA        []string    // the only addresses, or "@domains", that may be written to; empty for all
	Ritmo        piano.Ritmo // how many at most; the zero value is no limit
	Proprietario string      // who this process is, unique among those on the database
	Lease        time.Duration
	// Subentra makes a run wait for what other senders hold, to take it over where
	// they stand still: the daemon does.
	Subentra bool
	Adesso   func() time.Time
	Log      *slog.Logger
}

// Conto says what became of the messages of one delivery run.
type Conto struct {
	Inviati, DaRitentare, Respinti, Ignoti int
	Chiariti                               int    // doubts of before that the witness settled
	UltimaRisposta                         string // of the last message that did not go out
	Fermo                                  bool   // the run stopped at a server that cannot be talked to, or refuses our account
	// Attesa says why the run left messages behind, where the pace or a stopped
	// mailbox is the reason; nil otherwise.
	Attesa *piano.NonAncora
}

// Run delivers what is due and returns how it went. It stops early, between two
// messages, when ctx ends, where the server cannot be talked to, and where the pace
// or the breaker says so: the other messages must not spend an attempt on that. A
// message that a server refuses is no error; a database that does not answer is one.
func (i Invio) Run(ctx context.Context) (Conto, error) {
	var conto Conto
	if i.Lease == 0 {
		i.Lease = leaseInvio
	}
	defer func() {
		if err := i.Postino.Chiudi(); err != nil {
			i.Log.Debug("mail connection not closed cleanly", "err", err)
		}
	}()
	if err := i.Custode.Verifica(ctx, i.Adesso()); err != nil {
		return conto, err
	}
	superate, err := i.Uscita.RitiraSuperate(ctx)
	if err != nil {
		return conto, fmt.Errorf("look through the outbox: %w", err)
	}
	if superate > 0 {
		i.Log.Warn("reminders that never left are superseded by later ones", "messages", superate)
	}
	if err := i.svuota(ctx, &conto); err != nil {
		return conto, err
	}
	conto.Chiariti, err = i.chiarisci(ctx)
	return conto, err
}

// svuota delivers message by message, until there is none that may go.
func (i Invio) svuota(ctx context.Context, conto *Conto) error {
	for atteso := false; ctx.Err() == nil; {
		presi, err := i.Uscita.ClaimSpedizioni(ctx, i.Proprietario, i.Adesso(), i.Lease, 1, i.Ritmo)
		if errors.As(err, &conto.Attesa) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("take a message from the outbox: %w", err)
		}
		if len(presi) == 0 {
			if atteso || !i.aspettaGliAltri(ctx) {
				return nil
			}
			atteso = true
			continue
		}
		ferma, err := i.spedisci(context.WithoutCancel(ctx), presi[0], conto)
		if err != nil || ferma {
			return err
		}
	}
	return nil
}

// aspettaGliAltri waits until the first lease of another sender runs out, and tells
// whether there was one to wait for.
func (i Invio) aspettaGliAltri(ctx context.Context) bool {
	if !i.Subentra {
		return false
	}
	fino, qualcuno, err := i.Uscita.ProssimaScadenza(ctx)
	if err != nil || !qualcuno { // an error will be met again by the next run
		return false
	}
	attesa := fino.Sub(i.Adesso()) + time.Millisecond
	return attesa <= i.Lease+time.Second && Aspetta(ctx, attesa) == nil
}

// spedisci delivers one claimed message and records the answer. It goes on when
// the daemon is told to stop: what is held is finished (the mail server's own
// time limits bound it). It tells whether the round is to end.
func (i Invio) spedisci(ctx context.Context, s piano.Spedizione, conto *Conto) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, leasePunto)
	defer cancel()
	esito := mailer.Esito{Stato: piano.Rifiutato, Risposta: "not sent: the address is not in [posta] solo_a"}
	if i.ammesso(s.Destinatario) {
		esito = i.consegna(ctx, s)
	}
	adesso := i.Adesso()
	prossimo := adesso
	if esito.Politica && s.Fermate > 0 && !s.Prova { // the others left after it stopped the mailbox: it is this one
		esito.Stato, esito.Casella = piano.Rifiutato, false
	}
	if esito.Stato == piano.InCoda && !esito.Casella {
		prossimo = mailer.ProssimoTentativo(s.Tentativi, adesso)
		if prossimo.Sub(s.PrimoTentativo) > tempoTentativi {
			esito.Stato = piano.Rifiutato
			esito.Risposta = "given up after 48 hours; the last answer was: " + esito.Risposta
		}
	}
	conto.conta(esito)
	i.Log.Info("message", "to", s.Destinatario, "id", s.MessageID, "state", esito.Stato, "answer", esito.Risposta)
	if err := i.registra(ctx, s, esito, prossimo, adesso); err != nil {
		return false, fmt.Errorf("record the answer for %s: %w", s.Destinatario, err)
	}
	if s.Prova && !esito.Casella && !esito.Ferma {
		if _, err := i.Uscita.RiapriPosta(ctx, i.Adesso()); err != nil {
			return false, fmt.Errorf("let mail leave again: %w", err)
		}
		i.Log.Info("the mailbox sends again")
	}
	return esito.Ferma || esito.Casella, nil
}

// consegna holds the conversation with the server, and keeps the lease meanwhile.
func (i Invio) consegna(ctx context.Context, s piano.Spedizione) mailer.Esito {
	prima, perso := context.WithCancel(ctx)
	defer perso()
	finito := make(chan struct{})
	go func() {
		defer close(finito)
		for Aspetta(prima, i.Lease/3) == nil {
			err := i.Uscita.RinnovaSpedizione(prima, s.ID, i.Proprietario, i.Adesso(), i.Lease)
			if errors.Is(err, piano.ErrPerso) { // at its dot already, or somebody else's; the mark knows
				return
			}
		}
	}()
	esito := i.Postino.Spedisci(ctx, s, func(ctx context.Context) error {
		if err := i.Custode.Conta(ctx); err != nil {
			return err
		}
		inizio := i.Adesso()
		if err := i.Uscita.SegnaAlPunto(ctx, s.ID, i.Proprietario, inizio, leasePunto); err != nil {
			return err
		}
		if i.Adesso().Sub(inizio) > ritardoPunto {
			return errors.New("this process stood still between the mark and the final dot")
		}
		return nil
	})
	perso()
	<-finito
	return esito
}

// registra records how the attempt ended. A database that is away for a moment must
// not make a doubt of an answer that is known.
func (i Invio) registra(ctx context.Context, s piano.Spedizione, e mailer.Esito, prossimo, adesso time.Time) (err error) {
	for n := range registrazioni {
		if n > 0 && Aspetta(ctx, pausaRegistrazione) != nil {
			return err
		}
		if e.Casella {
			i.Log.Error("the mailbox is stopped: the mail server refuses our account, policy or quota", "answer", e.Risposta)
			err = i.Uscita.FermaPosta(ctx, s.ID, i.Proprietario, e.Risposta, adesso, adesso.Add(pausaCasella))
		} else {
			err = i.Uscita.ChiudiSpedizione(ctx, s.ID, i.Proprietario, e.Stato, e.Risposta, prossimo, adesso)
		}
		if err == nil || errors.Is(err, piano.ErrPerso) {
			return err
		}
	}
	return err
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
	c.Fermo = c.Fermo || e.Ferma || e.Casella
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
