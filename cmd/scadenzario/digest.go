package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/piano"
)

func (a *app) cmdDigest() *cobra.Command {
	var mese, data string
	c := &cobra.Command{
		Use:   "digest",
		Short: "Write the Segretario's digest of a month into the outbox; `send` delivers it",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			g, err := a.giorno(data)
			if err != nil {
				return err
			}
			fine, err := fineMese(mese, g)
			if err != nil {
				return err
			}
			return a.conArchivio(c.Context(), func(s *sessione) error {
				adesso, err := jobs.Adesso()
				if err != nil {
					return err
				}
				digest, nuovi, err := s.mensile().Run(c.Context(), fine, g, adesso)
				if err != nil {
					return err
				}
				for _, d := range digest {
					esito := "written to the outbox"
					if nuovi == 0 {
						esito = "already written before, nothing to do"
					}
					if _, err := fmt.Fprintf(a.out, "digest of %s, to %s: %s\n  %s\n", fine.String()[:7], d.Segretario.Email, esito, d.Testi.Oggetto); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	c.Flags().StringVar(&mese, "month", "", "the `MONTH`, as 2021-06 (default the one before --date)")
	c.Flags().StringVar(&data, "date", "", "the `DAY` of the message, as 2021-07-12 (default today)")
	return c
}

// fineMese returns the last day of the month asked for, or of the one before g.
func fineMese(mese string, g piano.Giorno) (piano.Giorno, error) {
	if mese == "" {
		return piano.NewGiorno(g.Anno(), g.Mese(), 0), nil
	}
	t, err := time.Parse("2006-01", mese)
	if err != nil {
		return piano.Giorno{}, fmt.Errorf("--month %q is no month: write it as 2021-06", mese)
	}
	return piano.GiornoDi(t).FineMese(), nil
}
