package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/piano"
)

func (a *app) cmdRemind() *cobra.Command {
	var data string
	var prova, inJSON bool
	c := &cobra.Command{
		Use:   "remind",
		Short: "Write the reminders of a day into the outbox; `send` delivers them",
		Long: `Write what people are told on a day into the outbox, as serve does each morning:
the hand-over to each newcomer, the reminders, the notice to the SIA about
addresses that the registry lacks. Nobody gets two messages of one day.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			g, err := a.giorno(data)
			if err != nil {
				return err
			}
			return a.conArchivio(c.Context(), func(s *sessione) error {
				lavoro := s.giornata()
				var scritti jobs.Scritti
				if prova {
					scritti, err = lavoro.Plan(c.Context(), g)
				} else {
					adesso, errOra := jobs.Adesso()
					if errOra != nil {
						return errOra
					}
					scritti, err = lavoro.Run(c.Context(), g, adesso)
					if err == nil {
						err = s.aMano(c.Context(), "remind", g, adesso)
					}
				}
				if err != nil {
					return err
				}
				for _, m := range scritti.Muti {
					fmt.Fprintf(a.diagnosi, "scadenzario: nobody can be told about %s of %s: add an address to the registry\n",
						conta(m.Voci, "late activity", "late activities"), m.Settore)
				}
				if inJSON {
					return scriviJSON(a.json, vociRemind(scritti))
				}
				return stampaRemind(a.out, scritti, g, prova)
			})
		},
	}
	c.Flags().StringVar(&data, "date", "", "the `DAY`, as 2021-07-12 (default today)")
	c.Flags().BoolVar(&prova, "dry-run", false, "show the messages and write nothing")
	c.Flags().BoolVar(&inJSON, "json", false, "print the contract's JSON: what has items, so not the notices to the SIA")
	return c
}

// messaggioRemind is one element of the contract's array.
type messaggioRemind struct {
	Tipo    piano.TipoMessaggio `json:"tipo"`
	A       []string            `json:"a"`
	CC      []string            `json:"cc"`
	Oggetto string              `json:"oggetto"`
	Voci    []voceRemind        `json:"voci"`
}

type voceRemind struct {
	Obiettivo string       `json:"obiettivo"`
	Attivita  string       `json:"attivita"`
	Stadio    piano.Stadio `json:"stadio"`
	Scadenza  piano.Giorno `json:"scadenza"`
}

// vociRemind lists the messages of a day that have items: hand-overs and reminders.
func vociRemind(s jobs.Scritti) []messaggioRemind {
	messaggi := make([]messaggioRemind, 0, s.Quanti())
	aggiungi := func(tipo piano.TipoMessaggio, a string, cc []string, oggetto string, voci []piano.Voce) {
		m := messaggioRemind{tipo, []string{a}, append([]string{}, cc...), oggetto, make([]voceRemind, 0, len(voci))}
		for _, v := range voci {
			m.Voci = append(m.Voci, voceRemind{v.Obiettivo, v.Attivita.Descrizione, v.Stadio, v.Situazione.Scadenza})
		}
		messaggi = append(messaggi, m)
	}
	for _, c := range s.Consegnati {
		var voci []piano.Voce
		for _, n := range c.Subentri {
			voci = append(voci, n.Voci...)
		}
		aggiungi(piano.TipoPassaggio, c.A, c.CC, c.Testi.Oggetto, voci)
	}
	for _, p := range s.Preparati {
		aggiungi(piano.TipoPromemoria, p.Promemoria.A, p.Promemoria.CC, p.Testi.Oggetto, p.Promemoria.Voci)
	}
	return messaggi
}

// stampaRemind prints who is told what.
func stampaRemind(w io.Writer, scritti jobs.Scritti, g piano.Giorno, prova bool) error {
	var b strings.Builder
	verbo := "written to the outbox"
	if prova {
		verbo = "would be written"
	}
	fmt.Fprintf(&b, "%s: %s %s\n", g, conta(scritti.Quanti(), "message", "messages"), verbo)
	for _, m := range vociRemind(scritti) {
		fmt.Fprintf(&b, "\n  to %s%s\n  %s\n", strings.Join(m.A, ", "), inCopia(m.CC), m.Oggetto)
		var righe [][]string
		for _, v := range m.Voci {
			righe = append(righe, []string{string(v.Stadio), v.Scadenza.String(), v.Obiettivo, v.Attivita})
		}
		tabella(&b, "    ", righe)
	}
	for _, n := range scritti.Segnalazioni {
		fmt.Fprintf(&b, "\n  to %s\n  %s\n", n.A, n.Testi.Oggetto)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func inCopia(cc []string) string {
	if len(cc) == 0 {
		return ""
	}
	return ", copy to " + strings.Join(cc, ", ")
}
