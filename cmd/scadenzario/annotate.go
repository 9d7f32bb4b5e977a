package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/scadenzario/scadenzario/importer"
	"github.com/scadenzario/scadenzario/importer/annota"
	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// The limits of the child that writes over an office's file, an .xlsx with excelize,
// which a file can bring down (RELIABILITY.md, "Reading without being fooled").
const (
	memoriaFiglio = 1 << 30 // bytes of data; a limit of the address space breaks Go's start
	tempoFiglio   = 60      // seconds of processor
	attesaFiglio  = 90 * time.Second
	massimoEsce   = 64 << 20
)

const comandoFiglio = "annotate-in-child"

// daAnnotare is what the child is told.
type daAnnotare struct {
	File      string
	Contenuto []byte
	Rilievi   []piano.Rilievo
}

// errNonAnnotabile is the error for a format that cannot be written over.
var errNonAnnotabile = errors.New("only .xlsx, .xlsm and .ods can be handed back annotated: save it as one of them first")

// annotata returns the workbook with its findings marked, made in a child process
// with limits: whatever the file does to it, this process goes on.
func annotata(ctx context.Context, file string, contenuto []byte, rilievi []piano.Rilievo) ([]byte, error) {
	if scrittore(contenuto) == nil {
		return nil, errNonAnnotabile
	}
	domanda, err := json.Marshal(daAnnotare{file, contenuto, rilievi})
	if err != nil {
		return nil, fmt.Errorf("annotate %s: %w", file, err)
	}
	io, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("annotate %s: find this program: %w", file, err)
	}
	ctx, annulla := context.WithTimeout(ctx, attesaFiglio)
	defer annulla()
	c := exec.CommandContext(ctx, io, comandoFiglio)
	c.Args[0] = os.Args[0]
	c.Stdin = bytes.NewReader(domanda)
	esce, errori := &limitato{resto: massimoEsce}, &limitato{resto: 64 << 10}
	c.Stdout, c.Stderr = esce, errori
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("annotate %s: the process that writes the copy ended badly (%w); the findings are in the answer all the same", file, err)
	}
	if esce.resto <= 0 {
		return nil, fmt.Errorf("annotate %s: the copy is larger than %d MB", file, massimoEsce>>20)
	}
	return esce.Bytes(), nil
}

// scrittore returns what writes the annotated copy of a file of that kind, nil for none.
func scrittore(contenuto []byte) func(io.Writer, string, []byte, []piano.Rilievo) error {
	switch sheet.Riconosci(contenuto) {
	case sheet.Xlsx:
		return annota.Scrivi
	case sheet.Ods:
		return annota.ScriviODS
	}
	return nil
}

// limitato keeps what is written to it up to a size.
type limitato struct {
	bytes.Buffer
	resto int
}

// Write takes all and keeps what fits.
func (l *limitato) Write(b []byte) (int, error) {
	n := min(len(b), max(0, l.resto))
	l.resto -= len(b)
	l.Buffer.Write(b[:n])
	return len(b), nil
}

// cmdFiglio is the child's side, not for people.
func (a *app) cmdFiglio() *cobra.Command {
	return &cobra.Command{
		Use:    comandoFiglio,
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			for risorsa, limite := range map[int]uint64{syscall.RLIMIT_DATA: memoriaFiglio, syscall.RLIMIT_CPU: tempoFiglio} {
				if err := syscall.Setrlimit(risorsa, &syscall.Rlimit{Cur: limite, Max: limite}); err != nil {
					return fmt.Errorf("limit this process: %w", err)
				}
			}
			domanda, err := io.ReadAll(os.Stdin)
			if err != nil {
				return fmt.Errorf("read what to annotate: %w", err)
			}
			var d daAnnotare
			if err := json.Unmarshal(domanda, &d); err != nil {
				return fmt.Errorf("read what to annotate: %w", err)
			}
			scrivi := scrittore(d.Contenuto)
			if scrivi == nil {
				return errNonAnnotabile
			}
			return scrivi(os.Stdout, d.File, d.Contenuto, d.Rilievi)
		},
	}
}

// scriviAnnotata writes the annotated copy of a workbook that could be read.
func scriviAnnotata(ctx context.Context, out string, l importer.Lettura, contenuto []byte) error {
	if l.Illeggibile() {
		return fmt.Errorf("%s cannot be read, so it cannot be annotated", l.File)
	}
	b, err := annotata(ctx, l.File, contenuto, l.Rilievi)
	if err != nil {
		return err
	}
	if err := os.WriteFile(out, b, 0o644); err != nil {
		return fmt.Errorf("write the annotated workbook: %w", err)
	}
	return nil
}
