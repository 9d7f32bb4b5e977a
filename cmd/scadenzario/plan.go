package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func (a *app) cmdPlan() *cobra.Command {
	return gruppo("plan", "The plan of a year and its approval", a.cmdPlanApprove())
}

func (a *app) cmdPlanApprove() *cobra.Command {
	var anno int
	var atto, data string
	c := &cobra.Command{
		Use:   "approve --anno YEAR --atto ACT --date DAY",
		Short: "Record the act that approves a year's plan: from that day it binds, and reminders begin",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if atto == "" || anno == 0 || data == "" {
				return fmt.Errorf("the approval needs all three: --anno 2021 --atto \"DGU 18/2021\" --date 2021-04-27")
			}
			g, err := a.giorno(data)
			if err != nil {
				return err
			}
			return a.conArchivio(c.Context(), func(s *sessione) error {
				settori, obiettivi, attivita, err := s.db.ApprovaPiano(c.Context(), s.ente.Codice, anno, atto, g)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(a.out, "plan %d of %s approved by %s on %s: %s, %s, %s\n", anno, s.ente.Nome, atto, g,
					conta(settori, "settore", "settori"), conta(obiettivi, "obiettivo", "obiettivi"), conta(attivita, "attività", "attività"))
				return err
			})
		},
	}
	c.Flags().IntVar(&anno, "anno", 0, "the plan's `YEAR`")
	c.Flags().StringVar(&atto, "atto", "", "the act, as it is to be cited: \"DGU 18/2021\"")
	c.Flags().StringVar(&data, "date", "", "the `DAY` of the act, as 2021-04-27")
	return c
}
