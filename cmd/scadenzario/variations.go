package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scadenzario/scadenzario/piano"
)

func (a *app) cmdVariations() *cobra.Command {
	return gruppo("variations", "Look at the changes that sheets want of an approved plan, and decide on them",
		a.cmdVariationsList(), a.cmdVariationsAccept(), a.cmdVariationsRefuse())
}

func (a *app) cmdVariationsList() *cobra.Command {
	var tutte, inJSON bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List the changes that wait for a decision",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.conArchivio(c.Context(), func(s *sessione) error {
				elenco, err := s.db.Variazioni(c.Context(), s.ente.Codice, tutte)
				if err != nil {
					return err
				}
				if inJSON {
					e := json.NewEncoder(a.json)
					e.SetIndent("", "  ")
					return e.Encode(elenco)
				}
				_, err = fmt.Fprint(a.out, elencaVariazioni(elenco))
				return err
			})
		},
	}
	c.Flags().BoolVar(&tutte, "all", false, "the accepted, refused and withdrawn ones too")
	c.Flags().BoolVar(&inJSON, "json", false, "as JSON")
	return c
}

func elencaVariazioni(elenco []piano.Variazione) string {
	if len(elenco) == 0 {
		return "no change waits for a decision\n"
	}
	righe := [][]string{{"ID", "STATE", "SINCE", "OBJECTIVE", "SETTORE", "CHANGE", "DECISION"}}
	for _, v := range elenco {
		decisione := ""
		switch v.Stato {
		case piano.Approvata:
			decisione = fmt.Sprintf("%s, %s", v.Atto, v.Deciso)
		case piano.NonAccolta:
			decisione = fmt.Sprintf("%s: %s", v.Deciso, v.Motivo)
		}
		righe = append(righe, []string{strconv.FormatInt(v.ID, 10), string(v.Stato), v.Giorno.String(), v.Numero, v.Settore, accorcia(v.Differenza.String(), 90), decisione})
	}
	var b strings.Builder
	tabella(&b, "", righe)
	return b.String()
}

func (a *app) cmdVariationsAccept() *cobra.Command {
	var atto, data string
	c := &cobra.Command{
		Use:   "accept ID... --atto ACT --date DAY",
		Short: "Take changes into the plan, by the act that decided them; all or none",
		RunE: func(c *cobra.Command, args []string) error {
			if strings.TrimSpace(atto) == "" || data == "" {
				return errors.New("a change takes effect by an act: --atto and --date are both needed")
			}
			return a.decidi(c, args, data, func(s *sessione, id []int64, g piano.Giorno) error {
				return s.db.AccogliVariazioni(c.Context(), s.ente.Codice, id, atto, g)
			}, "in the plan by "+atto)
		},
	}
	c.Flags().StringVar(&atto, "atto", "", "the `ACT`, as \"DGU 40/2021\"")
	c.Flags().StringVar(&data, "date", "", "its `DAY`, as 2021-09-20")
	return c
}

func (a *app) cmdVariationsRefuse() *cobra.Command {
	var motivo, data string
	c := &cobra.Command{
		Use:   "refuse ID... --why REASON",
		Short: "Refuse changes; the same wish of the same sheet is not proposed again",
		RunE: func(c *cobra.Command, args []string) error {
			if strings.TrimSpace(motivo) == "" {
				return errors.New("say why, with --why: the settore will ask")
			}
			return a.decidi(c, args, data, func(s *sessione, id []int64, g piano.Giorno) error {
				return s.db.RespingiVariazioni(c.Context(), s.ente.Codice, id, motivo, g)
			}, "refused")
		},
	}
	c.Flags().StringVar(&motivo, "why", "", "the `REASON`")
	c.Flags().StringVar(&data, "date", "", "the `DAY` of the decision (default today)")
	return c
}

// decidi reads the ids and the day, decides, and says what was done.
func (a *app) decidi(c *cobra.Command, args []string, data string, f func(*sessione, []int64, piano.Giorno) error, fatto string) error {
	if len(args) == 0 {
		return errors.New("no ID given; `scadenzario variations list` shows them")
	}
	var id []int64
	for _, x := range args {
		n, err := strconv.ParseInt(x, 10, 64)
		if err != nil {
			return fmt.Errorf("%q is no ID; `scadenzario variations list` shows them", x)
		}
		id = append(id, n)
	}
	g, err := a.giorno(data)
	if err != nil {
		return err
	}
	return a.conArchivio(c.Context(), func(s *sessione) error {
		if err := f(s, id, g); err != nil {
			return err
		}
		_, err := fmt.Fprintf(a.out, "%s %s\n", conta(len(id), "change", "changes"), fatto)
		return err
	})
}
