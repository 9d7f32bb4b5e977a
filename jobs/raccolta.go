package jobs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/scadenzario/scadenzario/importer"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/templates"
)

// Names inside the folder of a settore.
const (
	cartellaAccolti  = "accolti"
	cartellaRespinti = "respinti"
)

// quiete is how long the size and the time of a file must stand still before it
// is taken: who copies over a slow share writes for a while.
const quiete = 5 * time.Second

// giovinezza is the age below which a file that cannot be read may still be on
// its way: it is left for a later look instead of being refused.
const giovinezza = 2 * time.Minute

// massimoFile is the size above which a file is not even read into memory; the
// importer's own limit, which gives the office its sentence, is lower.
const massimoFile = 64 << 20

// Raccolta watches the folders inbox/<ente>/<settore> in which the settori leave
// their sheets. A file that was taken is moved to accolti/, a refused one to
// respinti/, each with a .txt beside it that answers in Italian.
type Raccolta struct {
	Radice   string // the inbox
	Archivio Registro
	Intake   Intake
	Modelli  *templates.Modelli
	Aspetta  func(ctx context.Context, d time.Duration) error
	Log      *slog.Logger
}

// Prepara makes the folder of every settore, so that the offices find it.
func (r Raccolta) Prepara(ctx context.Context) error {
	enti, err := r.Archivio.Enti(ctx)
	if err != nil {
		return fmt.Errorf("enti: %w", err)
	}
	for _, e := range enti {
		a, err := r.Archivio.Anagrafica(ctx, e.Codice)
		if err != nil {
			return fmt.Errorf("registry of %s: %w", e.Codice, err)
		}
		for _, s := range a.Settori {
			if err := os.MkdirAll(filepath.Join(r.Radice, e.Codice, s.Codice), 0o770); err != nil {
				return fmt.Errorf("folder of %s: %w", s.Nome, err)
			}
		}
	}
	return nil
}

// visto is a file as it looked a moment ago.
type visto struct {
	ente, percorso string
	dimensione     int64
	modificato     time.Time
}

// Run takes in every file that has stopped changing, and returns how many. One
// file that fails does not keep the others waiting; the errors come together.
func (r Raccolta) Run(ctx context.Context, g piano.Giorno, adesso time.Time) (int, error) {
	prima, err := r.guarda()
	if err != nil || len(prima) == 0 {
		return 0, err
	}
	if err := r.Aspetta(ctx, quiete); err != nil {
		return 0, nil // told to stop: the files are there at the next start
	}
	dopo, err := r.guarda()
	if err != nil {
		return 0, err
	}
	presi := 0
	var errs []error
	for _, f := range dopo {
		if ctx.Err() != nil {
			break
		}
		if !slices.Contains(prima, f) {
			continue // new, or still growing
		}
		preso, err := r.prendi(ctx, f, g, adesso)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", f.percorso, err))
		}
		if preso {
			presi++
		}
	}
	return presi, errors.Join(errs...)
}

// guarda lists the files that wait, in the order of their paths. An inbox that
// is not there is an error, never an empty one: a share that is not mounted must
// not look like offices that are silent.
func (r Raccolta) guarda() ([]visto, error) {
	enti, err := os.ReadDir(r.Radice)
	if err != nil {
		return nil, fmt.Errorf("the inbox is not there (is the share mounted?): %w", err)
	}
	var trovati []visto
	for _, e := range enti {
		if !e.IsDir() {
			continue
		}
		settori, err := os.ReadDir(filepath.Join(r.Radice, e.Name()))
		if err != nil {
			return nil, fmt.Errorf("inbox: %w", err)
		}
		for _, s := range settori {
			if !s.IsDir() {
				continue
			}
			f, err := guardaCartella(e.Name(), filepath.Join(r.Radice, e.Name(), s.Name()))
			if err != nil {
				return nil, err
			}
			trovati = append(trovati, f...)
		}
	}
	return trovati, nil
}

func guardaCartella(ente, cartella string) ([]visto, error) {
	voci, err := os.ReadDir(cartella)
	if err != nil {
		return nil, fmt.Errorf("inbox: %w", err)
	}
	var trovati []visto
	for _, v := range voci {
		if !v.Type().IsRegular() || daIgnorare(v.Name()) {
			continue
		}
		info, err := v.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // taken away in the meantime
		}
		if err != nil {
			return nil, fmt.Errorf("inbox: %w", err)
		}
		trovati = append(trovati, visto{ente, filepath.Join(cartella, v.Name()), info.Size(), info.ModTime()})
	}
	return trovati, nil
}

// daIgnorare tells the files that office programs and copies leave beside a
// sheet while it is open or on its way.
func daIgnorare(nome string) bool {
	return strings.HasPrefix(nome, ".") || strings.HasPrefix(nome, "~$") ||
		strings.HasSuffix(strings.ToLower(nome), ".tmp") || strings.HasSuffix(strings.ToLower(nome), ".part")
}

// prendi hands one file in, writes the answer and moves the file away. The order
// makes a crash harmless: until the file is moved it is found again, and the same
// bytes are one hand-in.
func (r Raccolta) prendi(ctx context.Context, f visto, g piano.Giorno, adesso time.Time) (bool, error) {
	if f.dimensione > massimoFile {
		return false, fmt.Errorf("%d bytes are too many for a workbook: move it away by hand", f.dimensione)
	}
	contenuto, err := os.ReadFile(f.percorso)
	if err != nil {
		return false, err
	}
	nome := filepath.Base(f.percorso)
	if adesso.Sub(f.modificato) < giovinezza && importer.Leggi(nome, contenuto).Illeggibile() {
		r.Log.Info("not readable yet, left for later", "file", f.percorso)
		return false, nil
	}
	risposta, err := r.Intake.Ricevi(ctx, f.ente, nome, contenuto, g)
	if err != nil {
		return false, err
	}
	destinazione := cartellaRespinti
	if risposta.Accolta() {
		destinazione = cartellaAccolti
	}
	nuovo, err := r.sposta(f, destinazione, g, risposta)
	if err != nil {
		return false, err
	}
	r.Log.Info("hand-in", "file", f.percorso, "outcome", risposta.Consegna.Esito, "findings", len(risposta.Lettura.Rilievi), "moved", nuovo)
	return true, nil
}

// sposta writes the answer beside the place to which it then moves the file. A
// name already there is never written over.
func (r Raccolta) sposta(f visto, destinazione string, g piano.Giorno, risposta Risposta) (string, error) {
	cartella := filepath.Join(filepath.Dir(f.percorso), destinazione)
	if err := os.MkdirAll(cartella, 0o770); err != nil {
		return "", err
	}
	estensione := filepath.Ext(f.percorso)
	nome := strings.TrimSuffix(filepath.Base(f.percorso), estensione)
	for n := 1; ; n++ {
		base := filepath.Join(cartella, g.String()+" "+nome)
		if n > 1 {
			base = fmt.Sprintf("%s (%d)", base, n)
		}
		nuovo := base + estensione
		if _, err := os.Lstat(nuovo); err == nil {
			continue
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		testo, err := r.Modelli.Risposta(risposta.dati(g))
		if err != nil {
			return "", err
		}
		if err := os.WriteFile(nuovo+".txt", []byte(testo), 0o660); err != nil {
			return "", err
		}
		return nuovo, os.Rename(f.percorso, nuovo)
	}
}
