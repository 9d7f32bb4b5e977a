package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scadenzario/scadenzario/mailer"
	"github.com/scadenzario/scadenzario/piano"
)

// uscitaFinta is an outbox in memory that fails on purpose.
type uscitaFinta struct {
	coda     []piano.Spedizione
	guasto   string // the call that fails
	chiusure []string
}

func (u *uscitaFinta) ClaimSpedizioni(context.Context, string, time.Time, time.Duration, int) ([]piano.Spedizione, error) {
	if u.guasto == "claim" {
		return nil, errors.New("database away")
	}
	if len(u.coda) == 0 {
		return nil, nil
	}
	s := u.coda[0]
	u.coda = u.coda[1:]
	return []piano.Spedizione{s}, nil
}

func (u *uscitaFinta) SegnaAlPunto(context.Context, int64, string, time.Time, time.Duration) error {
	if u.guasto == "punto" {
		return errors.New("held by somebody else")
	}
	return nil
}

func (u *uscitaFinta) ChiudiSpedizione(_ context.Context, id int64, _ string, stato piano.StatoSpedizione, risposta string, prossimo, adesso time.Time) error {
	if u.guasto == "chiudi" {
		return errors.New("database away")
	}
	u.chiusure = append(u.chiusure, fmt.Sprintf("%d %s %s +%s", id, stato, risposta, prossimo.Sub(adesso)))
	return nil
}

// postinoFinto answers what the test wrote down for each message.
type postinoFinto struct {
	esiti  map[int64]mailer.Esito
	chiuso bool
	prima  func()
}

func (p *postinoFinto) Spedisci(ctx context.Context, s piano.Spedizione, alPunto func(context.Context) error) mailer.Esito {
	if p.prima != nil {
		p.prima()
	}
	if err := ctx.Err(); err != nil {
		return mailer.Esito{Stato: piano.InCoda, Risposta: "told to stop while holding a message"}
	}
	if err := alPunto(ctx); err != nil {
		return mailer.Esito{Stato: piano.InCoda, Risposta: err.Error()}
	}
	return p.esiti[s.ID]
}

func (p *postinoFinto) Chiudi() error {
	p.chiuso = true
	return errors.New("already closed by the server")
}

// custodeFinto holds up where the test says so.
type custodeFinto string

func (c custodeFinto) Verifica(context.Context, time.Time) error {
	if c == "sospeso" {
		return ErrInSospeso
	}
	return nil
}

func (c custodeFinto) Conta(context.Context) error {
	if c == "conta" {
		return errors.New("cannot count")
	}
	return nil
}

func TestOnlyAllowedAddressesAreWrittenTo(t *testing.T) {
	u := &uscitaFinta{coda: []piano.Spedizione{{ID: 1, Destinatario: "a@altro.example"}, {ID: 2, Destinatario: "x@finto-ente.example"}}}
	conto, err := Invio{Uscita: u, Custode: custodeFinto(""), SoloA: []string{"@ente.example", "rossi@altro.example"}, Postino: &postinoFinto{},
		Proprietario: "io", Adesso: time.Now, Log: slog.New(slog.DiscardHandler)}.Run(t.Context())
	if err != nil || conto.Respinti != 2 || !strings.Contains(u.chiusure[0], "solo_a") {
		t.Errorf("%+v, %v, %q", conto, err, u.chiusure)
	}
}

func TestInvio(t *testing.T) {
	spedito := mailer.Esito{Stato: piano.Spedito, Risposta: "250 OK"}
	occupato := mailer.Esito{Stato: piano.InCoda, Risposta: "451 later"}
	for _, c := range []struct {
		storia    string
		tentativi int
		guasto    string
		esiti     map[int64]mailer.Esito
		chiusure  []string
		conto     Conto
		errore    string
	}{
		{"all goes out", 1, "", map[int64]mailer.Esito{1: spedito, 2: spedito},
			[]string{"1 inviato 250 OK +0s", "2 inviato 250 OK +0s"}, Conto{Inviati: 2}, ""},
		{"busy at the first attempt: again in five minutes", 1, "", map[int64]mailer.Esito{1: occupato, 2: spedito},
			[]string{"1 in-coda 451 later +5m0s", "2 inviato 250 OK +0s"}, Conto{Inviati: 1, DaRitentare: 1, UltimaRisposta: "451 later"}, ""},
		{"busy for two days: shown as refused", tentativiMassimi, "", map[int64]mailer.Esito{1: occupato, 2: spedito},
			[]string{"1 respinto 451 later +1h0m0s", "2 inviato 250 OK +0s"}, Conto{Inviati: 1, Respinti: 1, UltimaRisposta: "451 later"}, ""},
		{"refused for good, and cut after the dot", 1, "", map[int64]mailer.Esito{1: {Stato: piano.Rifiutato, Risposta: "550 unknown"}, 2: {Stato: piano.EsitoIgnoto, Risposta: "cut"}},
			[]string{"1 respinto 550 unknown +0s", "2 esito-ignoto cut +0s"}, Conto{Respinti: 1, Ignoti: 1, UltimaRisposta: "cut"}, ""},
		{"the server is at fault: the others do not spend an attempt", 1, "", map[int64]mailer.Esito{1: {Stato: piano.InCoda, Risposta: "535 who are you", Ferma: true}, 2: spedito},
			[]string{"1 in-coda 535 who are you +5m0s"}, Conto{DaRitentare: 1, UltimaRisposta: "535 who are you"}, ""},
		{"the mark cannot be written: no dot is sent", 1, "punto", map[int64]mailer.Esito{1: spedito, 2: spedito},
			[]string{"1 in-coda held by somebody else +5m0s", "2 in-coda held by somebody else +5m0s"}, Conto{DaRitentare: 2, UltimaRisposta: "held by somebody else"}, ""},
		{"the answer cannot be recorded: the run ends, the row tells", 1, "chiudi", map[int64]mailer.Esito{1: spedito},
			nil, Conto{Inviati: 1}, "record the answer"},
		{"on hold: nothing is even taken", 1, "sospeso", nil, nil, Conto{}, "on hold"},
		{"the outbox cannot be read", 1, "claim", nil, nil, Conto{}, "take a message from the outbox"},
	} {
		t.Run(c.storia, func(t *testing.T) {
			u := &uscitaFinta{guasto: c.guasto, coda: []piano.Spedizione{{ID: 1, Destinatario: "a@Ente.example", Tentativi: c.tentativi}, {ID: 2, Destinatario: "rossi@altro.example", Tentativi: 1}}}
			p := &postinoFinto{esiti: c.esiti}
			conto, err := Invio{Uscita: u, Custode: custodeFinto(u.guasto), SoloA: []string{"@ente.example", "Rossi@altro.example"}, Postino: p, Proprietario: "io", Adesso: time.Now, Log: slog.New(slog.DiscardHandler)}.Run(t.Context())
			if c.errore == "" && err != nil || c.errore != "" && (err == nil || !strings.Contains(err.Error(), c.errore)) {
				t.Errorf("error %v, want %q", err, c.errore)
			}
			if !slices.Equal(u.chiusure, c.chiusure) || conto != c.conto {
				t.Errorf("closed %q, count %+v", u.chiusure, conto)
			}
			if !p.chiuso {
				t.Error("the connection was left open")
			}
		})
	}
}

// Told to stop, Invio finishes the message that it holds and takes no other.
func TestInvioFinishesWhatItHolds(t *testing.T) {
	ctx, ferma := context.WithCancel(t.Context())
	u := &uscitaFinta{coda: []piano.Spedizione{{ID: 1, Destinatario: "a@ente.example"}, {ID: 2, Destinatario: "a@ente.example"}}}
	p := &postinoFinto{esiti: map[int64]mailer.Esito{1: {Stato: piano.Spedito, Risposta: "250"}}, prima: ferma}
	conto, err := Invio{Uscita: u, Custode: custodeFinto(u.guasto), SoloA: []string{"@ente.example", "Rossi@altro.example"}, Postino: p, Adesso: time.Now, Log: slog.New(slog.DiscardHandler)}.Run(ctx)
	if err != nil || conto.Inviati != 1 || len(u.coda) != 1 {
		t.Errorf("%+v, %v, %d left", conto, err, len(u.coda))
	}
}
