package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/piano"
)

func (a *app) cmdImport() *cobra.Command {
	var data, annotati string
	var forza bool
	c := &cobra.Command{
		Use:   "import FILE...",
		Short: "Take workbooks into the database, each as a whole or not at all",
		Long: `Take workbooks into the database. The bytes are kept first; then a workbook is
accepted as a whole or, where a finding is an errore, refused as a whole, whatever
becomes of the others: files named together are taken in 16 at a time and answered
in their order. The same bytes again change nothing. Until the plan is approved a
card replaces the one before; after that its progress is taken and the plan stays
as approved.
"scadenzario read" explains each finding.`,
		Args: almenoUnFile,
		RunE: func(c *cobra.Command, file []string) error {
			g, err := a.giorno(data)
			if err != nil {
				return err
			}
			return a.conArchivio(c.Context(), func(s *sessione) error {
				peggiore := uscitaBene
				for len(file) > 0 {
					documenti, letti, codice := a.leggiInsieme(file)
					file = file[letti:]
					peggiore = max(peggiore, codice)
					risposte := jobs.Intake{Archivio: s.db, Forza: forza}.RiceviTutti(c.Context(), s.ente.Codice, documenti, g)
					codice, err := a.stampaRisposte(c.Context(), risposte, documenti, annotati)
					if err != nil {
						return err
					}
					peggiore = max(peggiore, codice)
				}
				return codiceOppureNil(peggiore)
			})
		},
	}
	c.Flags().BoolVar(&forza, "force", false, "take a workbook even where its content is older than what the plan holds")
	c.Flags().StringVar(&annotati, "annotate", "", "write a copy of each workbook with findings into `FOLDER`, each finding at its cell")
	c.Flags().StringVar(&data, "date", "", "the `DAY` on which the workbooks came, as 2021-07-12 (default today)")
	return c
}

// Files are taken in together, because that is several times as fast, but not so many that
// memory grows with their number or that a person waits long for the first answer.
const (
	insiemeFile = 16
	insiemeByte = 1 << 20
)

// leggiInsieme reads from the disk the files that are taken in together, and returns how
// many of the paths that were. A file that cannot be opened is told and left out; the exit
// code says so.
func (a *app) leggiInsieme(percorsi []string) (documenti []piano.Documento, letti, codice int) {
	codice = uscitaBene
	for byte := 0; letti < min(insiemeFile, len(percorsi)) && byte < insiemeByte; letti++ {
		contenuto, err := leggiFile(percorsi[letti])
		if err != nil {
			fmt.Fprintln(a.diagnosi, "scadenzario:", err)
			codice = uscitaIlleggibile
			continue
		}
		byte += len(contenuto)
		documenti = append(documenti, piano.Documento{File: filepath.Base(percorsi[letti]), Contenuto: contenuto})
	}
	return documenti, letti, codice
}

// stampaRisposte prints what became of files and writes their annotated copies. It returns
// the worst exit code among them.
func (a *app) stampaRisposte(ctx context.Context, risposte []jobs.Risposta, documenti []piano.Documento, annotati string) (int, error) {
	peggiore := uscitaBene
	var errs []error
	for k, r := range risposte {
		if r.Err != nil {
			errs = append(errs, r.Err)
			continue
		}
		if err := stampaRisposta(a.out, r); err != nil {
			return 0, err
		}
		if annotati != "" && len(r.Lettura.Rilievi) > 0 && !r.Lettura.Illeggibile() {
			if err := os.MkdirAll(annotati, 0o755); err != nil {
				return 0, fmt.Errorf("folder for the annotated copies: %w", err)
			}
			if err := scriviAnnotata(ctx, filepath.Join(annotati, documenti[k].File), r.Lettura, documenti[k].Contenuto); err != nil {
				return 0, err
			}
		}
		peggiore = max(peggiore, codiceLettura(r.Lettura))
	}
	return peggiore, errors.Join(errs...)
}

// stampaRisposta prints one line for the workbook, then what changed; a refused one is
// followed by every finding, because somebody must act.
func stampaRisposta(w io.Writer, r jobs.Risposta) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", r.Consegna.File, inBreve(r))
	if !r.Accolta() {
		stampaRilievi(&b, r.Lettura.Rilievi)
	}
	for _, e := range r.Esiti {
		for _, d := range e.Differenze {
			fmt.Fprintf(&b, "  %s  %s\n", e.Numero, d)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// codici lists the codes of findings, each once with how often it occurs.
func codici(rilievi []piano.Rilievo) string {
	var ordine []string
	volte := map[string]int{}
	for _, r := range rilievi {
		if volte[r.Codice]++; volte[r.Codice] == 1 {
			ordine = append(ordine, r.Codice)
		}
	}
	for i, c := range ordine {
		if volte[c] > 1 {
			ordine[i] = fmt.Sprintf("%s ×%d", c, volte[c])
		}
	}
	return strings.Join(ordine, ", ")
}

// inBreve says in a few words what became of a hand-in.
func inBreve(r jobs.Risposta) string {
	if r.GiaRicevuta {
		return fmt.Sprintf("same file as the one accepted on %s, nothing to do", r.Consegna.Giorno)
	}
	if !r.Accolta() {
		return "REFUSED, " + contaRilievi(r.Lettura.Rilievi)
	}
	if m := r.Lettura.Misure; m != nil {
		return fmt.Sprintf("accepted, %s of %s in session %s", conta(len(m.Misure), "measure", "measures"), m.Settore, m.Sessione)
	}
	per := map[piano.EsitoScheda][]string{}
	for _, e := range r.Esiti {
		per[e.Esito] = append(per[e.Esito], e.Numero)
	}
	parti := []string{"accepted"}
	for _, e := range []struct {
		esito  piano.EsitoScheda
		parola string
	}{{piano.Aggiunta, "added"}, {piano.Cambiata, "changed"}, {piano.Invariata, "unchanged"}} {
		if n := per[e.esito]; len(n) > 0 {
			parti = append(parti, e.parola+" "+strings.Join(n, " "))
		}
	}
	riga := strings.Join(parti, ", ")
	if n := len(r.Lettura.Rilievi); n > 0 {
		riga += fmt.Sprintf("; %s: %s", conta(n, "avviso", "avvisi"), codici(r.Lettura.Rilievi))
	}
	return riga
}
