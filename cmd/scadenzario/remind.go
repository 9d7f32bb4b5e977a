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
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			g, err := a.giorno(data)
			if err != nil {
				return err
			}
			return a.conArchivio(c.Context(), func(s *sessione) error {
				lavoro := s.solleciti()
				var preparati []jobs.Preparato
				var muti []jobs.SenzaIndirizzo
				if prova {
					preparati, muti, err = lavoro.Plan(c.Context(), g)
				} else {
					adesso, errOra := jobs.Adesso()
					if errOra != nil {
						return errOra
					}
					preparati, muti, err = lavoro.Run(c.Context(), g, adesso)
					if err == nil {
						err = s.aMano(c.Context(), "remind", g, adesso)
					}
				}
				if err != nil {
					return err
				}
				for _, m := range muti {
					fmt.Fprintf(a.diagnosi, "scadenzario: nobody can be told about %s of %s: add an address to the registry\n",
						conta(m.Voci, "late activity", "late activities"), m.Settore)
				}
				if inJSON {
					return scriviJSON(a.json, vociRemind(preparati))
				}
				return stampaRemind(a.out, preparati, g, prova)
			})
		},
	}
	c.Flags().StringVar(&data, "date", "", "the `DAY`, as 2021-07-12 (default today)")
	c.Flags().BoolVar(&prova, "dry-run", false, "show the messages and write nothing")
	c.Flags().BoolVar(&inJSON, "json", false, "print the contract's JSON")
	return c
}

// messaggioRemind is one element of the contract's array.
type messaggioRemind struct {
	A       []string     `json:"a"`
	CC      []string     `json:"cc"`
	Oggetto string       `json:"oggetto"`
	Voci    []voceRemind `json:"voci"`
}

type voceRemind struct {
	Obiettivo string       `json:"obiettivo"`
	Attivita  string       `json:"attivita"`
	Stadio    piano.Stadio `json:"stadio"`
	Scadenza  piano.Giorno `json:"scadenza"`
}

func vociRemind(preparati []jobs.Preparato) []messaggioRemind {
	messaggi := make([]messaggioRemind, 0, len(preparati))
	for _, p := range preparati {
		m := messaggioRemind{A: []string{p.Promemoria.A}, CC: append([]string{}, p.Promemoria.CC...), Oggetto: p.Testi.Oggetto}
		for _, v := range p.Promemoria.Voci {
			m.Voci = append(m.Voci, voceRemind{v.Obiettivo, v.Attivita.Descrizione, v.Stadio, v.Situazione.Scadenza})
		}
		messaggi = append(messaggi, m)
	}
	return messaggi
}

// stampaRemind prints who is told what.
func stampaRemind(w io.Writer, preparati []jobs.Preparato, g piano.Giorno, prova bool) error {
	var b strings.Builder
	verbo := "written to the outbox"
	if prova {
		verbo = "would be written"
	}
	fmt.Fprintf(&b, "%s: %s %s\n", g, conta(len(preparati), "message", "messages"), verbo)
	for _, p := range preparati {
		fmt.Fprintf(&b, "\n  to %s%s\n  %s\n", p.Promemoria.A, inCopia(p.Promemoria.CC), p.Testi.Oggetto)
		var righe [][]string
		for _, v := range p.Promemoria.Voci {
			righe = append(righe, []string{string(v.Stadio), v.Situazione.Scadenza.String(), v.Obiettivo, v.Attivita.Descrizione})
		}
		tabella(&b, "    ", righe)
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
