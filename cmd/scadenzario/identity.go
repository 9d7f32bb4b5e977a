package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/scadenzario/scadenzario/jobs"
)

func (a *app) cmdIdentity() *cobra.Command {
	conferma := &cobra.Command{
		Use:   "confirm",
		Short: "Let this installation send, after its database or data folder was restored, copied or moved",
		Long: `Let this installation send. A database that was restored from a backup, or copied
to another machine, knows nothing of the mail that left since: sending is on hold
until a person makes sure that no other installation sends from the same data.

What waits in the outbox is not sent by this: it may have left already. It becomes
esito-ignoto; ` + "`outbox list`" + ` shows it and ` + "`outbox resend ID`" + ` sends it.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.conDatabase(c.Context(), func(s *sessione) error {
				host, err := os.Hostname()
				if err != nil {
					return fmt.Errorf("name of this machine: %w", err)
				}
				adesso, err := jobs.Adesso()
				if err != nil {
					return err
				}
				custodia := s.custodia(host)
				if err := custodia.Verifica(c.Context(), adesso); err == nil {
					fmt.Fprintln(a.out, "nothing to confirm: this installation may send")
					return nil
				}
				dubbi, err := custodia.Conferma(c.Context(), adesso)
				if err != nil {
					return err
				}
				fmt.Fprintln(a.out, "confirmed: this installation sends from now on")
				if dubbi > 0 {
					fmt.Fprintf(a.out, "%s waited and may have left before: see `scadenzario outbox list`\n", conta(dubbi, "message", "messages"))
				}
				return nil
			})
		},
	}
	return gruppo("identity", "Say that this installation is the one that sends", conferma)
}
