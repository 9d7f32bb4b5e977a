package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scadenzario/scadenzario/importer"
	"github.com/scadenzario/scadenzario/piano"
)

func (a *app) cmdRead() *cobra.Command {
	var inJSON bool
	var annotato string
	c := &cobra.Command{
		Use:   "read FILE...",
		Short: "Show what workbooks say and what is wrong with them; no database is touched",
		Args:  almenoUnFile,
		RunE: func(c *cobra.Command, file []string) error {
			if annotato != "" && len(file) != 1 {
				return errors.New("--annotate takes one workbook at a time")
			}
			peggiore := uscitaBene
			for _, f := range file {
				contenuto, err := leggiFile(f)
				if err != nil {
					fmt.Fprintln(a.diagnosi, "scadenzario:", err)
					peggiore = uscitaIlleggibile
					continue
				}
				l := importer.Leggi(filepath.Base(f), contenuto)
				if inJSON {
					err = scriviJSON(a.json, l)
				} else {
					err = stampaLettura(a.out, l)
				}
				if err != nil {
					return err
				}
				peggiore = max(peggiore, codiceLettura(l))
				if annotato != "" {
					if err := scriviAnnotata(c.Context(), annotato, l, contenuto); err != nil {
						return err
					}
				}
			}
			return codiceOppureNil(peggiore)
		},
	}
	c.Flags().StringVar(&annotato, "annotate", "", "write the workbook with each finding marked at its cell, as `OUT`")
	c.Flags().BoolVar(&inJSON, "json", false, "print the contract's JSON, one object a file")
	return c
}

// almenoUnFile wants the name of a file and says so in a sentence.
func almenoUnFile(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("no file given; usage: %s", c.UseLine())
	}
	return nil
}

// leggiFile reads a file that somebody named; its errors name the remedy.
func leggiFile(percorso string) ([]byte, error) {
	contenuto, err := os.ReadFile(percorso)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s is not there: check the name and the folder", percorso)
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("%s may not be read by this user: check its permissions", percorso)
	case err != nil:
		return nil, fmt.Errorf("%s cannot be read: %w", percorso, err)
	}
	return contenuto, nil
}

// codiceLettura is the contract's exit code for one workbook.
func codiceLettura(l importer.Lettura) int {
	switch {
	case l.Illeggibile():
		return uscitaIlleggibile
	case piano.HaErrori(l.Rilievi):
		return uscitaErrori
	}
	return uscitaBene
}

func codiceOppureNil(codice int) error {
	if codice == uscitaBene {
		return nil
	}
	return esito(codice)
}

func scriviJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// stampaLettura prints a workbook for people: each card with its months as a
// strip, then the findings.
func stampaLettura(w io.Writer, l importer.Lettura) error {
	var b strings.Builder
	che := conta(len(l.Schede), "card", "cards")
	if m := l.Misure; m != nil {
		che = fmt.Sprintf("%s of %s for session %s", conta(len(m.Misure), "measure", "measures"), m.Settore, m.Sessione)
	}
	fmt.Fprintf(&b, "%s: %s, %s\n", l.File, che, contaRilievi(l.Rilievi))
	if m := l.Misure; m != nil {
		for _, x := range m.Misure {
			fmt.Fprintf(&b, "  %s  %s  %s\n", importer.CodiceMisura(x.Misura), x.Stato, x.Note)
		}
	}
	for _, s := range l.Schede {
		fmt.Fprintf(&b, "\n  %s  %s\n", s.Numero, s.Titolo)
		fmt.Fprintf(&b, "  %s · %d · %s · sheet %s\n", s.Settore, s.Anno, pesi(s), s.Foglio)
		if s.Rinvio != "" {
			fmt.Fprintf(&b, "  refers to objective %s\n", s.Rinvio)
		}
		stampaIndicatori(&b, s.Indicatori)
		stampaAttivita(&b, s.Attivita)
		if n := len(s.RisorseUmane); n > 0 {
			fmt.Fprintf(&b, "    %s\n", conta(n, "risorsa umana", "risorse umane"))
		}
	}
	stampaRilievi(&b, l.Rilievi)
	_, err := io.WriteString(w, b.String()+"\n")
	return err
}

func pesi(s piano.Obiettivo) string {
	testo := func(nome string, d *piano.Decimale) string {
		if d == nil {
			return "no " + nome
		}
		return nome + " " + d.Italiano()
	}
	return testo("strategicità", s.Strategicita) + ", " + testo("peso", s.Peso)
}

func stampaIndicatori(b *strings.Builder, indicatori []piano.Indicatore) {
	if len(indicatori) == 0 {
		return
	}
	righe := [][]string{{"indicatore", "unità", "target", "metà anno", "a metà", "finale"}}
	for _, i := range indicatori {
		righe = append(righe, []string{accorcia(i.Descrizione, 60), accorcia(i.Unita, 14), accorcia(i.TargetAnno, 24),
			accorcia(i.TargetMetaAnno, 14), accorcia(i.RisultatoMetaAnno, 14), accorcia(i.RisultatoFinale, 14)})
	}
	tabella(b, "    ", righe)
}

func stampaAttivita(b *strings.Builder, attivita []piano.Attivita) {
	for i, a := range attivita {
		if i == 0 || a.Anno != attivita[i-1].Anno {
			fmt.Fprintf(b, "    %d  GFMAMGLASOND  (p planned, X planned and obtained, + obtained only)\n", a.Anno)
		}
		eseguito := ""
		if a.Eseguito != nil {
			eseguito = map[bool]string{true: "  eseguito SI", false: "  eseguito NO"}[*a.Eseguito]
		}
		fmt.Fprintf(b, "          %s  %s%s\n", striscia(a), a.Descrizione, eseguito)
	}
}

// striscia draws the twelve months of an activity.
func striscia(a piano.Attivita) string {
	var s strings.Builder
	for m := 1; m <= 12; m++ {
		switch p, o := a.Previsto.Contiene(m), a.Ottenuto.Contiene(m); {
		case p && o:
			s.WriteByte('X')
		case p:
			s.WriteByte('p')
		case o:
			s.WriteByte('+')
		default:
			s.WriteByte('.')
		}
	}
	return s.String()
}

func stampaRilievi(b *strings.Builder, rilievi []piano.Rilievo) {
	for i, r := range rilievi {
		if i == 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(b, "  %s %s%s\n         %s\n", r.Gravita, luogo(r), r.Codice, r.Messaggio)
	}
}

// luogo says where a finding is; the whole workbook is nowhere in particular.
func luogo(r piano.Rilievo) string {
	if r.Foglio == "" {
		return ""
	}
	return fmt.Sprintf("%s!%s ", r.Foglio, r.Cella)
}

func contaRilievi(rilievi []piano.Rilievo) string {
	errori := 0
	for _, r := range rilievi {
		if r.Gravita == piano.Errore {
			errori++
		}
	}
	if len(rilievi) == 0 {
		return "no findings"
	}
	return conta(errori, "errore", "errori") + ", " + conta(len(rilievi)-errori, "avviso", "avvisi")
}
