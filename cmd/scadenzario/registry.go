package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scadenzario/scadenzario/importer"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
)

func (a *app) cmdRegistry() *cobra.Command {
	return gruppo("registry", "What the offices' cards are held against: people, Sintesi, anti-corruption measures", a.cmdRegistryImport())
}

func (a *app) cmdRegistryImport() *cobra.Command {
	var anno int
	c := &cobra.Command{
		Use:   "import [anagrafica|sintesi|misure] FILE",
		Short: "Load the people of the ente, the table SINTESI DEGLI OBIETTIVI or the anti-corruption measures",
		Long: `Load one of three workbooks; which one it is, is told from what it holds where
no word before FILE says it.

anagrafica  the people: sheets Settori, Incarichi and Ruoli. The ente is named by
            an optional sheet Ente (denominazione, codice, patrono), else by the
            configuration, else by --ente. Whoever is no longer listed no longer
            counts.
sintesi     the table SINTESI DEGLI OBIETTIVI of the plan's act, against which
            ` + "`scadenzario contradictions`" + ` holds the cards.
misure      the measures of the anti-corruption plan, about which the four-monthly
            report asks.

Columns are known by their headings, in any order. Loading again is safe: it
replaces what was there, for the tables that of the same year.`,
		Example: `  scadenzario registry import anagrafica.xlsx
  scadenzario registry import sintesi sintesi-obiettivi-2021.xlsx
  scadenzario registry import misure --anno 2021 misure.xlsx`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 && len(args) != 2 {
				return fmt.Errorf("one workbook is wanted, as in `scadenzario registry import anagrafica.xlsx`; %d given", len(args))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			file := args[len(args)-1]
			tipo := importer.TipoTabella("")
			if len(args) == 2 {
				tipo = importer.TipoTabella(strings.ToLower(args[0]))
				if !slices.Contains([]importer.TipoTabella{importer.TabellaAnagrafica, importer.TabellaSintesi, importer.TabellaMisure}, tipo) {
					return fmt.Errorf("%q is no table of the registry: write anagrafica, sintesi or misure, and one file", args[0])
				}
			}
			contenuto, err := leggiFile(file)
			if err != nil {
				fmt.Fprintln(a.diagnosi, "scadenzario:", err)
				return esito(uscitaIlleggibile)
			}
			if tipo == "" {
				tipo = importer.RiconosciTabella(contenuto)
			}
			return a.caricaTabella(c, tipo, filepath.Base(file), contenuto, anno)
		},
	}
	c.Flags().IntVar(&anno, "anno", 0, "the `YEAR` of the Sintesi or of the measures (default what the workbook says)")
	return c
}

// caricaTabella reads a workbook as the table that it is, says what is wrong with it, and
// saves it where nothing is.
func (a *app) caricaTabella(c *cobra.Command, tipo importer.TipoTabella, nome string, contenuto []byte, anno int) error {
	switch tipo {
	case importer.TabellaSintesi:
		s := importer.LeggiSintesi(nome, contenuto, anno)
		return a.seBuona(nome, s.Rilievi, func() error {
			return a.conArchivio(c.Context(), func(x *sessione) error {
				if err := x.db.SaveSintesi(c.Context(), x.ente.Codice, s.Anno, s.Righe); err != nil {
					return err
				}
				_, err := fmt.Fprintf(a.out, "%s (%s): Sintesi %d, %s\n", x.ente.Nome, x.ente.Codice, s.Anno, conta(len(s.Righe), "objective", "objectives"))
				return err
			})
		})
	case importer.TabellaMisure:
		m := importer.LeggiMisure(nome, contenuto, anno)
		return a.seBuona(nome, m.Rilievi, func() error {
			return a.conArchivio(c.Context(), func(x *sessione) error {
				if err := x.db.SaveMisure(c.Context(), x.ente.Codice, m.Anno, m.Misure); err != nil {
					return err
				}
				restano, err := x.db.Misure(c.Context(), x.ente.Codice, m.Anno)
				if err != nil {
					return err
				}
				inPiu := ""
				if n := len(restano) - len(m.Misure); n > 0 {
					inPiu = fmt.Sprintf("; %s of before kept, because an open session has answers about it: import again once it is closed", conta(n, "measure", "measures"))
				}
				_, err = fmt.Fprintf(a.out, "%s (%s): anti-corruption measures %d, %s%s\n", x.ente.Nome, x.ente.Codice, m.Anno, conta(len(m.Misure), "measure", "measures"), inPiu)
				return err
			})
		})
	}
	anagrafica, rilievi := importer.LeggiAnagrafica(nome, contenuto)
	return a.seBuona(nome, rilievi, func() error { return a.caricaAnagrafica(c, anagrafica) })
}

// seBuona prints the findings of a table and goes on where none of them is an errore.
func (a *app) seBuona(nome string, rilievi []piano.Rilievo, carica func() error) error {
	if len(rilievi) > 0 {
		var b strings.Builder
		fmt.Fprintf(&b, "%s: %s\n", nome, contaRilievi(rilievi))
		stampaRilievi(&b, rilievi)
		fmt.Fprint(a.out, b.String())
	}
	if piano.HaErrori(rilievi) {
		fmt.Fprintln(a.diagnosi, "scadenzario: nothing was loaded: correct the cells named above and import the file again")
		return esito(uscitaErrori)
	}
	return carica()
}

// caricaAnagrafica saves the registry under its ente and prints what changed.
func (a *app) caricaAnagrafica(c *cobra.Command, anagrafica piano.Anagrafica) error {
	return a.conDatabase(c.Context(), func(s *sessione) error {
		ente, err := s.enteDaCaricare(c.Context(), anagrafica.Ente)
		if err != nil {
			return err
		}
		anagrafica.Ente = ente
		cambi, err := s.db.SaveAnagrafica(c.Context(), anagrafica)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(a.out, "%s (%s): %s\n%s", ente.Nome, ente.Codice, riassumi(anagrafica), descrivi(cambi))
		return err
	})
}

func riassumi(a piano.Anagrafica) string {
	return strings.Join([]string{conta(len(a.Settori), "settore", "settori"), conta(len(a.Incarichi), "incarico", "incarichi"),
		conta(len(a.Ruoli), "ruolo", "ruoli")}, ", ")
}

// descrivi says what a registry changed, a line each kind.
func descrivi(c store.Cambi) string {
	var b strings.Builder
	for _, k := range []struct {
		nome  string
		conto store.Conto
	}{{"settori", c.Settori}, {"incarichi", c.Incarichi}, {"ruoli", c.Ruoli}} {
		fmt.Fprintf(&b, "  %-9s  %d added, %d changed, %d removed, %d unchanged\n", k.nome,
			k.conto.Aggiunti, k.conto.Cambiati, k.conto.Tolti, k.conto.Invariati)
	}
	if len(c.Conservati) > 0 {
		fmt.Fprintf(&b, "  no longer listed but with objectives or hand-ins, kept: %s\n", strings.Join(c.Conservati, ", "))
	}
	return b.String()
}
