package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/scadenzario/scadenzario/jobs"
)

func (a *app) cmdForm() *cobra.Command {
	var settore, out string
	var anno int
	c := &cobra.Command{
		Use:   "form --settore NAME --anno YEAR",
		Short: "Write a settore's prefilled form: its cards as they are now, progress open",
		Long: `Write a settore's prefilled form, an .xlsx with one sheet for each card, as the
plan is now. What the plan fixes is locked; months obtained, ESEGUITO and results
are open. Handed in again it is read like any other sheet.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if settore == "" || anno == 0 {
				return errors.New("the form needs both: --settore NAME and --anno YEAR")
			}
			return a.conArchivio(c.Context(), func(s *sessione) error {
				nome, err := s.settore(c.Context(), settore)
				if err != nil {
					return err
				}
				adesso, err := jobs.Adesso()
				if err != nil {
					return err
				}
				m, err := jobs.Modulo(c.Context(), s.db, s.ente, nome, anno, adesso)
				if err != nil {
					return err
				}
				if out == "" {
					out = m.Nome
				}
				if err := os.WriteFile(out, m.Contenuto, 0o644); err != nil {
					return fmt.Errorf("write the form: %w", err)
				}
				_, err = fmt.Fprintf(a.out, "%s written\n", out)
				return err
			})
		},
	}
	c.Flags().StringVar(&settore, "settore", "", "the settore's `NAME`, as the registry has it or an alias")
	c.Flags().IntVar(&anno, "anno", 0, "the plan's `YEAR`")
	c.Flags().StringVar(&out, "out", "", "the `FILE` to write (default modulo-<settore>-<anno>.xlsx)")
	return c
}
