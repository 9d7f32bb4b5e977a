package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/piano"
)

func (a *app) cmdCheck() *cobra.Command {
	var data, settore string
	var inJSON bool
	c := &cobra.Command{
		Use:   "check",
		Short: "Show the activities late or overdue at the end of a day, with --settore all of that settore",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			g, err := a.giorno(data)
			if err != nil {
				return err
			}
			return a.conArchivio(c.Context(), func(s *sessione) error {
				attivita, err := jobs.Situazioni(c.Context(), s.db, s.ente.Codice, g)
				if err != nil {
					return err
				}
				if settore != "" {
					if attivita, err = s.soloSettore(c.Context(), attivita, settore); err != nil {
						return err
					}
				}
				if inJSON {
					return scriviJSON(a.json, vociCheck(attivita))
				}
				return stampaCheck(a.out, s.ente, attivita, g, settore != "")
			})
		},
	}
	c.Flags().StringVar(&data, "date", "", "the `DAY`, as 2021-07-12 (default today)")
	c.Flags().StringVar(&settore, "settore", "", "only that `SETTORE`, by name, alias or code")
	c.Flags().BoolVar(&inJSON, "json", false, "print the contract's JSON: every activity, whatever its state")
	return c
}

// voceCheck is one element of the contract's array.
type voceCheck struct {
	Obiettivo    string             `json:"obiettivo"`
	Settore      string             `json:"settore"`
	Anno         int                `json:"anno"`
	Attivita     string             `json:"attivita"`
	Scadenza     piano.Giorno       `json:"scadenza"`
	Stato        piano.Stato        `json:"stato"`
	Trascorsi    int                `json:"mesi_previsti_trascorsi"`
	Ottenuti     int                `json:"mesi_ottenuti"`
	Responsabile string             `json:"responsabile"`
	Destinatario string             `json:"destinatario"`
	Incarico     piano.TipoIncarico `json:"incarico"`
}

func vociCheck(attivita []piano.Assegnata) []voceCheck {
	voci := make([]voceCheck, 0, len(attivita))
	for _, v := range attivita {
		voci = append(voci, voceCheck{v.Obiettivo, v.Settore, v.Attivita.Anno, v.Attivita.Descrizione,
			v.Situazione.Scadenza, v.Situazione.Stato, v.Situazione.MesiPrevistiTrascorsi, v.Situazione.MesiOttenuti,
			v.Referente.Nome, v.Referente.Destinatario, v.Referente.Incarico})
	}
	return voci
}

// stampaCheck prints what is late or overdue by settore, worst first, or all, and
// the totals.
func stampaCheck(w io.Writer, e piano.Ente, attivita []piano.Assegnata, g piano.Giorno, tutto bool) error {
	slices.SortStableFunc(attivita, func(x, y piano.Assegnata) int {
		return cmp.Or(strings.Compare(strings.ToLower(x.Settore), strings.ToLower(y.Settore)), piano.Peggiore(x, y))
	})
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s\n", e.Nome, g)
	var righe [][]string
	settore := ""
	chiudi := func() {
		if len(righe) > 1 {
			tabella(&b, "  ", righe)
		}
	}
	conto := map[piano.Stato]int{}
	for _, v := range attivita {
		conto[v.Situazione.Stato]++
		if s := v.Situazione.Stato; !tutto && s != piano.Scaduta && s != piano.InRitardo {
			continue
		}
		if v.Settore != settore {
			chiudi()
			settore = v.Settore
			fmt.Fprintf(&b, "\n%s: %s\n", settore, referente(v.Referente))
			righe = [][]string{{"stato", "scadenza", "ottenuti", "obiettivo", "attività"}}
		}
		righe = append(righe, []string{string(v.Situazione.Stato), v.Situazione.Scadenza.String(),
			strconv.Itoa(v.Situazione.MesiOttenuti) + "/" + strconv.Itoa(v.Attivita.Previsto.Len()), v.Obiettivo, v.Attivita.Descrizione})
	}
	chiudi()
	fmt.Fprintf(&b, "\n%s: %s\n", conta(len(attivita), "activity", "activities"), totali(conto))
	_, err := io.WriteString(w, b.String())
	return err
}

// totali lists the states that occur, worst first.
func totali(conto map[piano.Stato]int) string {
	var parti []string
	for _, s := range []piano.Stato{piano.Scaduta, piano.InRitardo, piano.SenzaProgramma, piano.InCorso, piano.DaAvviare, piano.Conclusa} {
		if conto[s] > 0 {
			parti = append(parti, fmt.Sprintf("%d %s", conto[s], s))
		}
	}
	if len(parti) == 0 {
		return "nothing in the database yet; `scadenzario import FILE...` takes workbooks in"
	}
	return strings.Join(parti, ", ")
}

// referente says who is told, and as what.
func referente(r piano.Referente) string {
	switch {
	case r.Destinatario == "":
		return "nobody can be written to: the registry has no address"
	case r.Incarico == piano.Vacante:
		return fmt.Sprintf("incarico vacante, <%s>", r.Destinatario)
	}
	return fmt.Sprintf("%s <%s>, %s", r.Nome, r.Destinatario, r.Incarico)
}
