package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scadenzario/scadenzario/importer"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
)

func (a *app) cmdRegistry() *cobra.Command {
	return gruppo("registry", "The people of the ente: settori, incarichi, ruoli", a.cmdRegistryImport())
}

func (a *app) cmdRegistryImport() *cobra.Command {
	return &cobra.Command{
		Use:   "import FILE",
		Short: "Load the registry from a workbook with the sheets Settori, Incarichi, Ruoli (and Ente)",
		Long: `Load the registry from a workbook with the sheets Settori, Incarichi and Ruoli.
The ente is named by an optional sheet Ente (denominazione, codice, patrono),
else by the configuration, else by --ente. Loading again is safe: it says what
changed. Whoever is no longer listed no longer counts.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("one workbook is wanted, as in `scadenzario registry import anagrafica.xlsx`; %d given", len(args))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			contenuto, err := leggiFile(args[0])
			if err != nil {
				fmt.Fprintln(a.diagnosi, "scadenzario:", err)
				return esito(uscitaIlleggibile)
			}
			anagrafica, rilievi := importer.LeggiAnagrafica(filepath.Base(args[0]), contenuto)
			if len(rilievi) > 0 {
				var b strings.Builder
				fmt.Fprintf(&b, "%s: %s\n", filepath.Base(args[0]), contaRilievi(rilievi))
				stampaRilievi(&b, rilievi)
				fmt.Fprint(a.out, b.String())
			}
			if piano.HaErrori(rilievi) {
				fmt.Fprintln(a.diagnosi, "scadenzario: nothing was loaded: correct the cells named above and import the file again")
				return esito(uscitaErrori)
			}
			return a.caricaAnagrafica(c, anagrafica)
		},
	}
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
