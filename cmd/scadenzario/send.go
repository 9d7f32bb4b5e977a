package main

import (
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/scadenzario/scadenzario/jobs"
)

func (a *app) cmdSend() *cobra.Command {
	return &cobra.Command{
		Use:   "send",
		Short: "Deliver the outbox, by SMTP or into a folder of .eml files as configured",
		Long: `Deliver what is due in the outbox, once, as the daemon does each minute. Not more
leaves than [posta.ritmo] allows, the daemon's messages included; what it keeps back
waits, and is not lost. ` + "`scadenzario outbox list`" + ` shows what did not go out.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.conDatabase(c.Context(), func(s *sessione) error {
				invio, err := s.invio(slog.New(slog.DiscardHandler))
				if err != nil {
					return err
				}
				conto, err := invio.Run(c.Context())
				if err != nil {
					return err
				}
				fmt.Fprintf(a.out, "%s %s\n", conta(conto.Inviati, "message delivered", "messages delivered"), s.dove())
				if conto.Chiariti > 0 {
					fmt.Fprintf(a.out, "%s settled: the copy is in the witness mailbox\n", conta(conto.Chiariti, "doubt", "doubts"))
				}
				return a.nonPartiti(conto)
			})
		},
	}
}

// nonPartiti says what did not go out and why; it is the exit code's reason. The pace
// alone is none.
func (a *app) nonPartiti(c jobs.Conto) error {
	fermo := false
	if c.Attesa != nil {
		adesso, err := jobs.Adesso()
		if err != nil {
			return err
		}
		fermo = c.Attesa.Interruttore != nil
		fmt.Fprintf(a.diagnosi, "scadenzario: %v; the others wait until %s\n", c.Attesa, c.Attesa.Fino.In(adesso.Location()).Format("2006-01-02 15:04"))
		if fermo {
			fmt.Fprintln(a.diagnosi, "scadenzario: put that right, then run `scadenzario outbox resume`")
		}
	}
	if c.DaRitentare+c.Respinti+c.Ignoti > 0 {
		fmt.Fprintf(a.diagnosi, "scadenzario: %d to be tried again, %d refused, %d whose outcome is not known; the last answer was: %s\n",
			c.DaRitentare, c.Respinti, c.Ignoti, c.UltimaRisposta)
		if c.DaRitentare > 0 {
			fmt.Fprintln(a.diagnosi, "scadenzario: check [posta.smtp] in the configuration and the mail server; the messages wait in the outbox")
		}
		fermo = true
	}
	if fermo {
		return esito(uscitaErrori)
	}
	return nil
}
