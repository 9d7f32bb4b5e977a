package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scadenzario/scadenzario/piano"
)

func (a *app) cmdContradictions() *cobra.Command {
	var anno int
	var data string
	var inJSON bool
	c := &cobra.Command{
		Use:   "contradictions",
		Short: "List what the plan says in two ways: copies that differ, weights, results, names",
		Long: `List what the plan of a year says in two ways, each with its places and a sentence:
copies of a shared objective that differ, a card against the Sintesi
(` + "`scadenzario registry import sintesi FILE`" + `), weights that do not add up to 100,
results above 100 %, a mid-year target above the year's, results already there
when the plan was approved, percentages counted in numbers, and a responsabile
who is not in charge. A person has to decide which of the two is right.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			g, err := a.giorno(data)
			if err != nil {
				return err
			}
			return a.conArchivio(c.Context(), func(s *sessione) error {
				anagrafica, err := s.db.Anagrafica(c.Context(), s.ente.Codice)
				if err != nil {
					return err
				}
				schede, err := s.db.Collocate(c.Context(), s.ente.Codice, anno)
				if err != nil {
					return err
				}
				sintesi, err := s.db.Sintesi(c.Context(), s.ente.Codice, anno)
				if err != nil {
					return err
				}
				tutte := append([]piano.Contraddizione{}, piano.Contraddizioni(schede, sintesi, anagrafica, g)...)
				if inJSON {
					e := json.NewEncoder(a.json)
					e.SetIndent("", "  ")
					return e.Encode(tutte)
				}
				_, err = fmt.Fprint(a.out, raccontaContraddizioni(tutte))
				return err
			})
		},
	}
	c.Flags().IntVar(&anno, "anno", 0, "the plan's `YEAR` (default the newest)")
	c.Flags().StringVar(&data, "date", "", "the `DAY` on which people are in charge (default today)")
	c.Flags().BoolVar(&inJSON, "json", false, "as JSON")
	return c
}

func raccontaContraddizioni(tutte []piano.Contraddizione) string {
	if len(tutte) == 0 {
		return "nothing contradicts anything\n"
	}
	var b strings.Builder
	for _, c := range tutte {
		fmt.Fprintf(&b, "%s  %s\n", c.Regola, c.Frase)
		for _, l := range c.Luoghi {
			fmt.Fprintln(&b, strings.TrimSuffix(fmt.Sprintf("    %s, sheet %s, cell %s", l.File, l.Foglio, l.Cella), ", cell "))
		}
	}
	return b.String()
}
