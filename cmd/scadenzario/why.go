package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scadenzario/scadenzario/piano"
)

func (a *app) cmdWhy() *cobra.Command {
	var campo string
	var anno int
	var inJSON bool
	c := &cobra.Command{
		Use:   "why NUMBER",
		Short: "Show from which file, sheet and cell the values of an objective come",
		Long: `Show from which hand-in, sheet and cell the values of an objective come, and what
they were before. A later hand-in that says the same confirms a value and does not
change where it comes from.`,
		Example: "  scadenzario why 1/3 --field peso",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return errors.New("name one objective, as in: scadenzario why 1/3")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			return a.conArchivio(c.Context(), func(s *sessione) error {
				versioni, err := s.db.Versioni(c.Context(), s.ente.Codice, args[0], anno)
				if errors.Is(err, piano.ErrNonTrovato) {
					return fmt.Errorf("no objective has the number %s; `scadenzario check` lists them", args[0])
				}
				if err != nil {
					return err
				}
				sue := piano.Provenienze(versioni)
				if campo != "" {
					if sue = conCampo(sue, campo); len(sue) == 0 {
						return fmt.Errorf("objective %s has no value %q; without --field all are shown", args[0], campo)
					}
				}
				if inJSON {
					e := json.NewEncoder(a.json)
					e.SetIndent("", "  ")
					return e.Encode(sue)
				}
				_, err = fmt.Fprint(a.out, raccontaProvenienze(sue))
				return err
			})
		},
	}
	c.Flags().StringVar(&campo, "field", "", "only the `FIELD`s whose name begins so: peso, target_anno, ottenuto, …")
	c.Flags().IntVar(&anno, "anno", 0, "the plan's `YEAR` (default the newest that has the number)")
	c.Flags().BoolVar(&inJSON, "json", false, "as JSON")
	return c
}

// conCampo keeps the values whose key or Italian name begins so.
func conCampo(tutte []piano.Provenienza, campo string) []piano.Provenienza {
	var sue []piano.Provenienza
	for _, p := range tutte {
		if strings.HasPrefix(piano.Normalizza(p.Campo), piano.Normalizza(campo)) || strings.HasPrefix(piano.Normalizza(p.Che), piano.Normalizza(campo)) {
			sue = append(sue, p)
		}
	}
	return sue
}

func raccontaProvenienze(sue []piano.Provenienza) string {
	var b strings.Builder
	for _, p := range sue {
		fmt.Fprintln(&b, p.Che)
		for i, x := range p.Passaggi {
			valore, verbo := x.Valore, "was"
			if i == 0 {
				verbo = "is"
			}
			if valore == "" {
				valore = "(blank)"
			}
			fmt.Fprintf(&b, "  %-3s %s\n      %s of %s", verbo, valore, x.File, x.Giorno)
			if x.Cella != "" {
				fmt.Fprintf(&b, ", sheet %s, cell %s", x.Foglio, x.Cella)
			}
			if x.Atto != "" {
				fmt.Fprintf(&b, "; into the plan by %s", x.Atto)
			}
			b.WriteString("\n")
		}
		if len(p.Passaggi) > 0 && (p.Conferma != p.Passaggi[0].File || p.Confermata != p.Passaggi[0].Giorno) {
			fmt.Fprintf(&b, "      last confirmed by %s of %s\n", p.Conferma, p.Confermata)
		}
	}
	return b.String()
}
