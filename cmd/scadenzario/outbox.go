package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
)

func (a *app) cmdOutbox() *cobra.Command {
	c := gruppo("outbox", "Look at the messages that are not delivered, and settle them",
		a.cmdOutboxList(), a.cmdOutboxResend(), a.cmdOutboxSettle(), a.cmdOutboxResume())
	c.Long = `Look at the messages that are not delivered, and settle them. A message is

  in-coda       waiting: it is tried after 5, 10, 20, 40 and 60 minutes, then each
                hour for two days
  in-invio      being sent right now
  al-punto      being sent, and the mail server may have it already
  inviato       delivered to the mail server (list --all)
  respinto      not delivered, and not tried any more: the mail server refused it, two
                days passed, or a later reminder took its place
  esito-ignoto  in doubt: the connection was cut when the mail server could already
                have it. It is never sent again by itself, or somebody would get it twice`
	return c
}

func (a *app) cmdOutboxList() *cobra.Command {
	var tutti, inJSON bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List the messages that wait, were refused, or whose outcome is not known",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.conDatabase(c.Context(), func(s *sessione) error {
				stati := []piano.StatoSpedizione{piano.InCoda, piano.InInvio, piano.AlPunto, piano.Rifiutato, piano.EsitoIgnoto}
				if tutti {
					stati = append(stati, piano.Spedito)
				}
				uscita, err := s.db.Uscita(c.Context(), a.ente, stati)
				if err != nil {
					return err
				}
				if inJSON {
					e := json.NewEncoder(a.json)
					e.SetIndent("", "  ")
					return e.Encode(uscita)
				}
				coda, err := s.db.StatoCoda(c.Context(), a.ente)
				if err != nil {
					return err
				}
				return a.stampaUscita(uscita, coda.Interruttore)
			})
		},
	}
	c.Flags().BoolVar(&tutti, "all", false, "the delivered ones too")
	c.Flags().BoolVar(&inJSON, "json", false, "as JSON")
	return c
}

func (a *app) stampaUscita(uscita []piano.InUscita, ferma *piano.Interruttore) error {
	adesso, err := jobs.Adesso()
	if err != nil {
		return err
	}
	ora := func(t time.Time) string { return t.In(adesso.Location()).Format("2006-01-02 15:04") }
	var b strings.Builder
	if ferma != nil {
		fmt.Fprintf(&b, `No mail leaves since %s. The mail server refuses our account, a policy or our quota:
  %s
Put that right, then run: scadenzario outbox resume
Else one message tries it at %s.

`, ora(ferma.ApertoIl), ferma.Motivo, ora(ferma.RiprovaIl))
	}
	if len(uscita) == 0 {
		b.WriteString("no message waits, none was refused, none is in doubt\n")
	} else {
		righe := [][]string{{"ID", "STATE", "DAY", "TO", "TRIES", "NEXT", "SUBJECT", "LAST ANSWER"}}
		for _, u := range uscita {
			prossimo := ""
			if u.Stato == piano.InCoda {
				prossimo = ora(u.ProssimoTentativo)
			}
			righe = append(righe, []string{strconv.FormatInt(u.ID, 10), string(u.Stato), u.Giorno.String(), u.Destinatario,
				strconv.Itoa(u.Tentativi), prossimo, accorcia(u.Oggetto, 50), u.Risposta})
		}
		tabella(&b, "", righe)
	}
	stampaDubbi(&b, uscita)
	_, err = fmt.Fprint(a.out, b.String())
	return err
}

// stampaDubbi says how a person finds out about the messages in doubt.
func stampaDubbi(b *strings.Builder, uscita []piano.InUscita) {
	detto := false
	for _, u := range uscita {
		if u.Stato != piano.EsitoIgnoto {
			continue
		}
		if !detto {
			b.WriteString("\nIn doubt: look for the Message-ID in the mail server's log, or ask the recipient; then say\n" +
				"`scadenzario outbox settle ID --delivered` or `--lost`.\n")
			detto = true
		}
		fmt.Fprintf(b, "  %d: <%s> to %s\n", u.ID, u.MessageID, u.Destinatario)
	}
}

func (a *app) cmdOutboxResume() *cobra.Command {
	return &cobra.Command{
		Use:   "resume",
		Short: "Let mail leave again, once the mail server's refusal is put right",
		Long: `Let mail leave again. Where the mail server refuses our sign-in, a policy of ours or
our quota, no message is at fault: all of them wait, and one tries it each hour.
Put the reason right (password or token in the configuration, the sender's
permissions, the provider's quota), then run this to go on at once.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.conDatabase(c.Context(), func(s *sessione) error {
				adesso, err := jobs.Adesso()
				if err != nil {
					return err
				}
				ferma, err := s.db.RiapriPosta(c.Context(), adesso)
				if err != nil {
					return err
				}
				if !ferma {
					fmt.Fprintln(a.out, "nothing to resume: the mailbox is not stopped")
					return nil
				}
				fmt.Fprintln(a.out, "mail leaves again; the daemon goes on within a minute, `scadenzario send` at once")
				return nil
			})
		},
	}
}

func (a *app) cmdOutboxResend() *cobra.Command {
	return &cobra.Command{
		Use:   "resend ID...",
		Short: "Queue messages again that were refused, are in doubt, or wait",
		Long: `Queue messages again: refused ones, once the reason is gone; those that wait, to
try at once; and those in doubt (esito-ignoto), knowing that the recipient may get
the same message twice. A delivered message is never sent again. The daemon
delivers them within a minute, ` + "`scadenzario send`" + ` at once.`,
		Args: unoOPiu,
		RunE: func(c *cobra.Command, args []string) error {
			return a.perOgni(c.Context(), args, "queued again", func(ctx context.Context, s *sessione, id int64, chi string, adesso time.Time) error {
				return s.db.RimettiInCoda(ctx, id, "queued again by "+chi, adesso)
			})
		},
	}
}

func (a *app) cmdOutboxSettle() *cobra.Command {
	var consegnata, persa bool
	c := &cobra.Command{
		Use:   "settle ID... --delivered|--lost",
		Short: "Say what became of messages whose outcome is not known",
		Long: `Say what became of messages in doubt (esito-ignoto): the connection was cut after
the final dot, so that the server may have them or not. Ask the recipient or look
into the server's log. A lost message is shown as refused; resend sends it again.`,
		Args: unoOPiu,
		RunE: func(c *cobra.Command, args []string) error {
			if consegnata == persa {
				return errors.New("say one of --delivered and --lost")
			}
			return a.perOgni(c.Context(), args, "settled", func(ctx context.Context, s *sessione, id int64, chi string, adesso time.Time) error {
				nota := "lost, says " + chi
				if consegnata {
					nota = "delivered, says " + chi
				}
				return s.db.DefinisciSpedizione(ctx, id, consegnata, nota, adesso)
			})
		},
	}
	c.Flags().BoolVar(&consegnata, "delivered", false, "the recipient has it")
	c.Flags().BoolVar(&persa, "lost", false, "the recipient does not have it")
	return c
}

// unoOPiu demands at least one id.
func unoOPiu(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("no ID given; `scadenzario outbox list` shows them; usage: %s", c.UseLine())
	}
	return nil
}

// perOgni takes a step for each message. All ids are read before the first step;
// what one message does not allow is said and does not keep back the others.
func (a *app) perOgni(ctx context.Context, args []string, fatto string,
	passo func(ctx context.Context, s *sessione, id int64, chi string, adesso time.Time) error) error {
	var ids []int64
	for _, x := range args {
		id, err := strconv.ParseInt(x, 10, 64)
		if err != nil {
			return fmt.Errorf("%q is no ID; `scadenzario outbox list` shows them", x)
		}
		ids = append(ids, id)
	}
	chi := persona()
	return a.conDatabase(ctx, func(s *sessione) error {
		adesso, err := jobs.Adesso()
		if err != nil {
			return err
		}
		mancati := false
		for _, id := range ids {
			err := passo(ctx, s, id, chi, adesso)
			var stato *store.StatoErrato
			switch {
			case err == nil:
				fmt.Fprintf(a.out, "%d: %s\n", id, fatto)
				continue
			case errors.Is(err, piano.ErrNonTrovato):
				fmt.Fprintf(a.diagnosi, "scadenzario: %d: there is no such message; `scadenzario outbox list` shows them\n", id)
			case errors.Is(err, store.ErrSvuotato):
				fmt.Fprintf(a.diagnosi, "scadenzario: %d: not done: %v\n", id, store.ErrSvuotato)
			case errors.As(err, &stato):
				fmt.Fprintf(a.diagnosi, "scadenzario: %d: not done: %v\n", id, stato)
			default:
				return err
			}
			mancati = true
		}
		if mancati {
			return esito(uscitaErrori)
		}
		return nil
	})
}
