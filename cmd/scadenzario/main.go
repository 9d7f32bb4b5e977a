// Command scadenzario takes in the spreadsheets in which the settori of an Italian
// local authority keep their objectives, and reminds who answers for them of
// what is due or late.
//
// One file a command; app.go joins the parts of the house, which know nothing of
// each other. Texts on the terminal are English with the field's Italian terms;
// what offices read is Italian and lives in package templates and in the
// importer's table of findings.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/scadenzario/scadenzario/store/local"
)

// Exit codes; the first three are the contract's, `scadenzario read`.
const (
	uscitaBene        = 0
	uscitaErrori      = 1 // a finding of gravity errore, messages not delivered, an installation that is ill
	uscitaIlleggibile = 2 // a file could not be read as a workbook at all
	uscitaGuasto      = 3 // the command could not do its work
)

// esito is an error that carries only an exit code: what there was to say has
// been printed.
type esito int

// Error is never shown.
func (e esito) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

func main() {
	local.Guardiano()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	codice := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(codice)
}

// run is main with its surroundings as arguments.
func run(ctx context.Context, args []string, out, diagnosi io.Writer) int {
	radice := nuovaRadice(out, diagnosi)
	radice.SetArgs(args)
	err := radice.ExecuteContext(ctx)
	var e esito
	switch {
	case err == nil:
		return uscitaBene
	case errors.As(err, &e):
		return int(e)
	}
	fmt.Fprintln(video{diagnosi}, "scadenzario:", strings.ReplaceAll(err.Error(), "\n", "\n  "))
	return uscitaGuasto
}

// nuovaRadice builds the command tree.
func nuovaRadice(out, diagnosi io.Writer) *cobra.Command {
	a := &app{out: video{out}, diagnosi: video{diagnosi}, json: out}
	radice := &cobra.Command{
		Use:   "scadenzario",
		Short: "Deadlines of a plan of objectives, from the offices' own spreadsheets",
		Long: `Scadenzario takes in the spreadsheets in which the settori of a local authority
keep their objectives, and mails the responsabili what is due or late and the
Segretario a monthly digest.

Without a configuration it works at once: a private PostgreSQL, the inbox and
the mail (as .eml files) live in the data folder.

Exit codes: 0 done; 1 a workbook has errors, mail could not be delivered, status or
doctor found something wrong; 2 a file is no workbook; 3 the command could not do
its work.`,
		Example: `  scadenzario read ragioneria.xlsx                what the sheet says, and its faults
  scadenzario registry import anagrafica.xlsx     who answers for what
  scadenzario import *.xlsx                       take the sheets in
  scadenzario check --date 2021-07-12             what is late on a day
  scadenzario serve                               do all of it on schedule
  scadenzario status                              how it is doing`,
		SilenceUsage: true, SilenceErrors: true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	radice.SetOut(out)
	radice.SetErr(diagnosi)
	radice.PersistentFlags().StringVar(&a.fileConfig, "config", "", "configuration `FILE` (see `scadenzario config example`)")
	radice.PersistentFlags().StringVar(&a.data, "data", "var", "`DIR` of the private PostgreSQL, the inbox and the mail folder")
	radice.PersistentFlags().StringVar(&a.ente, "ente", "", "the ente, by code or name; not needed where there is only one")
	radice.AddCommand(a.cmdRead(), a.cmdFiglio(), a.cmdRegistry(), a.cmdImport(), a.cmdForm(), a.cmdWhy(), a.cmdVariations(), a.cmdContradictions(), a.cmdPlan(), a.cmdCheck(), a.cmdSession(), a.cmdRemind(),
		a.cmdDigest(), a.cmdSend(), a.cmdOutbox(), a.cmdRegister(), a.cmdIdentity(), a.cmdServe(), a.cmdStatus(), a.cmdDoctor(), a.cmdConfig())
	radice.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fmt.Errorf("%w; `%s --help` lists the flags", err, c.CommandPath())
	})
	return radice
}

// gruppo is a command that only holds others: alone it lists them, and a word that
// is none of them is a mistake.
func gruppo(uso, breve string, comandi ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: uso, Short: breve,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("unknown command %q; `%s --help` lists the commands", args[0], c.CommandPath())
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(comandi...)
	return c
}
