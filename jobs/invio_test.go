package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/scadenzario/scadenzario/mailer"
	"github.com/scadenzario/scadenzario/piano"
)

// uscitaFinta is an outbox in memory that fails on purpose.
type uscitaFinta struct {
	coda     []piano.Spedizione
	guasto   string // the call that fails
	chiusure []string
	rinnovi  int
	altrui   time.Time // when another sender's lease runs out
}

var mattina = time.Date(2021, 7, 12, 8, 0, 0, 0, time.UTC)

func (u *uscitaFinta) ClaimSpedizioni(context.Context, string, time.Time, time.Duration, int, piano.Ritmo) ([]piano.Spedizione, error) {
	switch u.guasto {
	case "claim":
		return nil, errors.New("database away")
	case "ritmo":
		return nil, fmt.Errorf("claim: %w", &piano.NonAncora{Fino: mattina.Add(time.Minute)})
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

func (u *uscitaFinta) RinnovaSpedizione(context.Context, int64, string, time.Time, time.Duration) error {
	u.rinnovi++
	if u.guasto == "rinnovo" {
		return piano.ErrPerso
	}
	return nil
}

func (u *uscitaFinta) FermaPosta(_ context.Context, id int64, _, risposta string, adesso, riprova time.Time) error {
	u.chiusure = append(u.chiusure, fmt.Sprintf("%d stops the mailbox for %s: %s", id, riprova.Sub(adesso), risposta))
	return nil
}

func (u *uscitaFinta) RiapriPosta(context.Context, time.Time) (bool, error) {
	u.chiusure = append(u.chiusure, "the mailbox sends again")
	return true, nil
}

func (u *uscitaFinta) RitiraSuperate(context.Context) (int, error) {
	if u.guasto == "superate" {
		return 0, errors.New("database away")
	}
	return 1, nil
}

func (u *uscitaFinta) ProssimaScadenza(context.Context) (time.Time, bool, error) {
	return u.altrui, !u.altrui.IsZero(), nil
}

func (u *uscitaFinta) DubbiDaCercare(context.Context, time.Time) ([]piano.InUscita, error) {
	return nil, nil
}
func (u *uscitaFinta) ChiarisciDubbi(context.Context, []int64, time.Time) (int, error) { return 0, nil }
func (u *uscitaFinta) AnnotaDubbi(context.Context, []int64, string) error              { return nil }

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
		{"busy for two days: shown as refused", 50, "", map[int64]mailer.Esito{1: occupato, 2: spedito},
			[]string{"1 respinto given up after 48 hours; the last answer was: 451 later +1h0m0s", "2 inviato 250 OK +0s"},
			Conto{Inviati: 1, Respinti: 1, UltimaRisposta: "given up after 48 hours; the last answer was: 451 later"}, ""},
		{"refused for good, and cut after the dot", 1, "", map[int64]mailer.Esito{1: {Stato: piano.Rifiutato, Risposta: "550 unknown"}, 2: {Stato: piano.EsitoIgnoto, Risposta: "cut"}},
			[]string{"1 respinto 550 unknown +0s", "2 esito-ignoto cut +0s"}, Conto{Respinti: 1, Ignoti: 1, UltimaRisposta: "cut"}, ""},
		{"the server cannot be reached: the others do not spend an attempt", 1, "", map[int64]mailer.Esito{1: {Stato: piano.InCoda, Risposta: "refused", Ferma: true}, 2: spedito},
			[]string{"1 in-coda refused +5m0s"}, Conto{DaRitentare: 1, UltimaRisposta: "refused", Fermo: true}, ""},
		{"our account is refused: the mailbox stops", 1, "", map[int64]mailer.Esito{1: {Stato: piano.InCoda, Risposta: "535 who are you", Casella: true}, 2: spedito},
			[]string{"1 stops the mailbox for 1h0m0s: 535 who are you"}, Conto{DaRitentare: 1, UltimaRisposta: "535 who are you", Fermo: true}, ""},
		{"the pace lets none go", 1, "ritmo", nil, nil, Conto{Attesa: &piano.NonAncora{Fino: mattina.Add(time.Minute)}}, ""},
		{"the mark cannot be written: no dot is sent", 1, "punto", map[int64]mailer.Esito{1: spedito, 2: spedito},
			[]string{"1 in-coda held by somebody else +5m0s", "2 in-coda held by somebody else +5m0s"}, Conto{DaRitentare: 2, UltimaRisposta: "held by somebody else"}, ""},
		{"the outbox cannot be looked through", 1, "superate", nil, nil, Conto{}, "look through the outbox"},
		{"the answer cannot be recorded: the run ends, the row tells", 1, "chiudi", map[int64]mailer.Esito{1: spedito},
			nil, Conto{Inviati: 1}, "record the answer"},
		{"on hold: nothing is even taken", 1, "sospeso", nil, nil, Conto{}, "on hold"},
		{"the outbox cannot be read", 1, "claim", nil, nil, Conto{}, "take a message from the outbox"},
	} {
		t.Run(c.storia, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // the minute of trying to record an answer passes at once
				u := &uscitaFinta{guasto: c.guasto, coda: []piano.Spedizione{
					{ID: 1, Destinatario: "a@Ente.example", Tentativi: c.tentativi, PrimoTentativo: mattina.Add(-time.Duration(c.tentativi-1) * time.Hour)},
					{ID: 2, Destinatario: "rossi@altro.example", Tentativi: 1, PrimoTentativo: mattina}}}
				p := &postinoFinto{esiti: c.esiti}
				conto, err := Invio{Uscita: u, Custode: custodeFinto(u.guasto), SoloA: []string{"@ente.example", "Rossi@altro.example"}, Postino: p, Proprietario: "io",
					Adesso: func() time.Time { return mattina }, Log: slog.New(slog.DiscardHandler)}.Run(t.Context())
				if c.errore == "" && err != nil || c.errore != "" && (err == nil || !strings.Contains(err.Error(), c.errore)) {
					t.Errorf("error %v, want %q", err, c.errore)
				}
				if !slices.Equal(u.chiusure, c.chiusure) || !reflect.DeepEqual(conto, c.conto) {
					t.Errorf("closed %q, count %+v", u.chiusure, conto)
				}
				if !p.chiuso {
					t.Error("the connection was left open")
				}
			})
		})
	}
}

// The breaker, message by message: what a refusal of our account does, and what the
// message that tries the stopped mailbox does.
func TestTheMailboxStopsAndGoesOn(t *testing.T) {
	politica := mailer.Esito{Stato: piano.InCoda, Risposta: "550 5.7.1 no", Casella: true, Politica: true}
	quota := mailer.Esito{Stato: piano.InCoda, Risposta: "550 5.4.5 quota", Casella: true}
	for _, c := range []struct {
		storia string
		s      piano.Spedizione
		esito  mailer.Esito
		want   []string
	}{
		{"a policy, for the first time", piano.Spedizione{}, politica, []string{"1 stops the mailbox for 1h0m0s: 550 5.7.1 no"}},
		{"the same message again, though others left: it is refused", piano.Spedizione{Fermate: 1}, politica, []string{"1 respinto 550 5.7.1 no +0s"}},
		{"the same while the mailbox is tried", piano.Spedizione{Fermate: 1, Prova: true}, politica, []string{"1 stops the mailbox for 1h0m0s: 550 5.7.1 no"}},
		{"a quota is never a message's fault", piano.Spedizione{Fermate: 1}, quota, []string{"1 stops the mailbox for 1h0m0s: 550 5.4.5 quota"}},
		{"tried, and it goes", piano.Spedizione{Prova: true}, mailer.Esito{Stato: piano.Spedito, Risposta: "250"}, []string{"1 inviato 250 +0s", "the mailbox sends again"}},
		{"tried, and this recipient is unknown: the mailbox works", piano.Spedizione{Prova: true}, mailer.Esito{Stato: piano.Rifiutato, Risposta: "550 5.1.1"},
			[]string{"1 respinto 550 5.1.1 +0s", "the mailbox sends again"}},
		{"tried, and the server is not there", piano.Spedizione{Prova: true}, mailer.Esito{Stato: piano.InCoda, Risposta: "refused", Ferma: true}, []string{"1 in-coda refused +5m0s"}},
	} {
		t.Run(c.storia, func(t *testing.T) {
			c.s.ID, c.s.Destinatario, c.s.Tentativi, c.s.PrimoTentativo = 1, "a@ente.example", 1, mattina
			u := &uscitaFinta{coda: []piano.Spedizione{c.s}}
			_, err := Invio{Uscita: u, Custode: custodeFinto(""), Postino: &postinoFinto{esiti: map[int64]mailer.Esito{1: c.esito}}, Proprietario: "io",
				Adesso: func() time.Time { return mattina }, Log: slog.New(slog.DiscardHandler)}.Run(t.Context())
			if err != nil || !slices.Equal(u.chiusure, c.want) {
				t.Errorf("%q, %v", u.chiusure, err)
			}
		})
	}
}

// A sender at work keeps its lease, one that lost it does not go on asking; and who
// has nothing to do waits for what another holds, once.
func TestLeasesAreKeptAndTakenOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for guasto, rinnovi := range map[string]int{"": 8, "rinnovo": 1} {
			u := &uscitaFinta{guasto: guasto, coda: []piano.Spedizione{{ID: 1, Destinatario: "a@ente.example", Tentativi: 1}}}
			lento := &postinoFinto{prima: func() { time.Sleep(85 * time.Second) }, esiti: map[int64]mailer.Esito{1: {Stato: piano.Spedito}}}
			if _, err := (Invio{Uscita: u, Custode: custodeFinto(""), Postino: lento, Adesso: time.Now, Log: slog.New(slog.DiscardHandler)}).Run(t.Context()); err != nil || u.rinnovi != rinnovi {
				t.Errorf("%q: renewed %d times in 85 s, want %d; %v", guasto, u.rinnovi, rinnovi, err)
			}
		}
		for _, subentra := range []bool{true, false} {
			inizio := time.Now()
			u := &uscitaFinta{altrui: inizio.Add(20 * time.Second)}
			if _, err := (Invio{Uscita: u, Custode: custodeFinto(""), Postino: &postinoFinto{}, Subentra: subentra, Adesso: time.Now, Log: slog.New(slog.DiscardHandler)}).Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			if atteso := time.Since(inizio) >= 20*time.Second; atteso != subentra {
				t.Errorf("waited %s", time.Since(inizio))
			}
		}
	})
}

// A process that stood still between the mark and the dot lets the dot be.
func TestStoodStillAfterTheMark(t *testing.T) {
	adesso := mattina
	u := &uscitaFinta{coda: []piano.Spedizione{{ID: 1, Destinatario: "a@ente.example", Tentativi: 1, PrimoTentativo: mattina}}}
	conto, err := Invio{Uscita: fermoDopoIlSegno{u, &adesso}, Custode: custodeFinto(""), Postino: &postinoFinto{esiti: map[int64]mailer.Esito{1: {Stato: piano.Spedito}}},
		Adesso: func() time.Time { return adesso }, Log: slog.New(slog.DiscardHandler)}.Run(t.Context())
	if err != nil || conto.Inviati != 0 || conto.DaRitentare != 1 {
		t.Errorf("%+v, %v", conto, err)
	}
}

type fermoDopoIlSegno struct {
	*uscitaFinta
	adesso *time.Time
}

func (f fermoDopoIlSegno) SegnaAlPunto(context.Context, int64, string, time.Time, time.Duration) error {
	*f.adesso = f.adesso.Add(ritardoPunto + time.Second)
	return nil
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
