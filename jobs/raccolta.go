package jobs

import (
	"bytes"
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
	"unicode/utf8"

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

// giovinezza is how long a file that cannot be read must have stood still before it
// is refused: until then it may still be on its way. It is counted on our own
// clock, because that of a share may be wrong and a copy carries the time of its
// original.
const giovinezza = 2 * time.Minute

// massimoFile is the size above which a file is not even read into memory; the
// importer's own limit, which gives the office its sentence, is lower.
const massimoFile = 64 << 20

// Raccolta watches the folders inbox/<ente>/<settore> in which the settori leave
// their sheets. A file that was taken is moved to accolti/, a refused one to
// respinti/, each with a .txt beside it that answers in Italian and, where there are
// findings, a copy with them at their cells. Several daemons may
// watch the same folders as long as they share the database.
type Raccolta struct {
	Radice   string // the inbox
	Memoria  string // the file that remembers which folders are watched
	Archivio ArchivioRaccolta
	Intake   Intake
	Modelli  *templates.Modelli
	Aspetta  func(ctx context.Context, d time.Duration) error
	// Annota returns a copy of the workbook with its findings marked at their cells.
	Annota func(ctx context.Context, file string, contenuto []byte, rilievi []piano.Rilievo) ([]byte, error)
	Log    *slog.Logger

	fermi map[visto]time.Time // since when each file stands still
}

// Run takes in every file that has stopped changing, and returns how many. One
// file that fails does not keep the others waiting, nor does a folder that is
// gone; the errors come together.
func (r *Raccolta) Run(ctx context.Context, g piano.Giorno, adesso time.Time) (int, error) {
	allarme := r.Prepara(ctx)
	prima, err := r.guarda()
	if err != nil || len(prima) == 0 {
		r.fermi = nil
		return 0, errors.Join(allarme, err)
	}
	if err := r.Aspetta(ctx, quiete); err != nil {
		return 0, nil // told to stop: the files are there at the next start
	}
	dopo, err := r.guarda()
	if err != nil {
		return 0, errors.Join(allarme, err)
	}
	r.segnaFermi(prima, dopo, adesso)
	presi := 0
	solo, err := r.Archivio.DaSolo(ctx, "raccolta", func(ancora func(context.Context) error) (err error) {
		presi, err = r.prendiTutti(ctx, dopo, g, adesso, ancora)
		return err
	})
	if err == nil && !solo {
		r.Log.Debug("another daemon is taking the files in")
	}
	return presi, errors.Join(allarme, err)
}

// segnaFermi keeps of dopo what stands still since prima, with the instant at which
// that was seen first.
func (r *Raccolta) segnaFermi(prima, dopo []visto, adesso time.Time) {
	fermi := map[visto]time.Time{}
	for _, f := range dopo {
		if !slices.Contains(prima, f) {
			continue // new, or still growing
		}
		fermi[f] = adesso
		if dal, ok := r.fermi[f]; ok {
			fermi[f] = dal
		}
	}
	r.fermi = fermi
}

// prendiTutti takes the files that stand still, in their order, as long as we are
// the only ones to do so.
func (r *Raccolta) prendiTutti(ctx context.Context, file []visto, g piano.Giorno, adesso time.Time, ancora func(context.Context) error) (presi int, err error) {
	var errs []error
	for _, f := range file {
		dal, fermo := r.fermi[f]
		if !fermo {
			continue
		}
		if ctx.Err() != nil {
			break
		}
		if err := ancora(ctx); err != nil {
			return presi, errors.Join(append(errs, fmt.Errorf("another daemon may be at it: %w", err))...)
		}
		preso, err := r.prendi(ctx, f, g, adesso.Sub(dal) < giovinezza)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", f.percorso, err))
		}
		if preso {
			presi++
		}
	}
	return presi, errors.Join(errs...)
}

// prendi hands one file in, writes the answer and moves the file away. The order
// makes a crash harmless: until the file is moved it is found again, and the same
// bytes are one hand-in. A file that cannot be read is left alone while it is young.
func (r *Raccolta) prendi(ctx context.Context, f visto, g piano.Giorno, giovane bool) (bool, error) {
	if f.dimensione > massimoFile {
		return false, fmt.Errorf("%d bytes are too many for a workbook: move it away by hand", f.dimensione)
	}
	contenuto, err := os.ReadFile(f.percorso)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil // its office took it back, or another daemon took it in
	}
	if err != nil {
		return false, err
	}
	nome := filepath.Base(f.percorso)
	if giovane && importer.Leggi(nome, contenuto).Illeggibile() {
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
	testo, err := r.Modelli.Risposta(risposta.dati(g))
	if err != nil {
		return false, err
	}
	var annotato []byte
	if l := risposta.Lettura; len(l.Rilievi) > 0 && !l.Illeggibile() && !risposta.GiaRicevuta {
		if annotato, err = r.Annota(ctx, nome, contenuto, l.Rilievi); err != nil {
			r.Log.Warn("no annotated copy; the answer says it all the same", "file", f.percorso, "err", err)
		}
	}
	nuovo, err := sposta(f.percorso, filepath.Join(filepath.Dir(f.percorso), destinazione), g.String()+" "+nome, contenuto, testo, annotato)
	if err != nil || nuovo == "" {
		return false, err
	}
	r.Log.Info("hand-in", "file", f.percorso, "outcome", risposta.Consegna.Esito, "findings", len(risposta.Lettura.Rilievi), "moved", nuovo)
	return true, nil
}

// sposta moves a file whose contents were read into that folder and leaves the
// answer, and the annotated copy where there is one, beside it. It returns the new path, "" where the file is not what was read
// any more: its office saved it again in the meantime, so it stays for a later look.
func sposta(percorso, cartella, nome string, contenuto []byte, risposta string, annotato []byte) (string, error) {
	if err := os.MkdirAll(cartella, 0o770); err != nil {
		return "", err
	}
	nuovo, err := libero(cartella, nome)
	if err != nil {
		return "", err
	}
	// first the answer: who finds the file finds it too
	if err := os.WriteFile(nuovo+".txt", []byte(risposta), 0o660); err != nil {
		return "", err
	}
	accanto := []string{nuovo + ".txt"}
	if annotato != nil {
		estensione := filepath.Ext(nuovo)
		esito, err := libero(cartella, accorcia(strings.TrimSuffix(filepath.Base(nuovo), estensione))+" - esito"+estensione)
		if err != nil {
			return "", err
		}
		if err := scriviIntero(esito, annotato); err != nil {
			return "", err
		}
		accanto = append(accanto, esito)
	}
	err = os.Rename(percorso, nuovo)
	if errors.Is(err, fs.ErrNotExist) {
		return "", togli(accanto)
	}
	if err != nil {
		return "", err
	}
	mosso, err := os.ReadFile(nuovo)
	if err != nil || bytes.Equal(mosso, contenuto) {
		return nuovo, err
	}
	if percorso, err = libero(filepath.Dir(percorso), filepath.Base(percorso)); err != nil {
		return "", err
	}
	return "", errors.Join(os.Rename(nuovo, percorso), togli(accanto))
}

// scriviIntero writes a file that is whole or not there: cut off in the middle it is
// not written again, because the workbook is in the plan by then.
func scriviIntero(percorso string, b []byte) error {
	parte := filepath.Join(filepath.Dir(percorso), "."+filepath.Base(percorso)+".tmp")
	if err := os.WriteFile(parte, b, 0o660); err != nil {
		return err
	}
	return os.Rename(parte, percorso)
}

// accorcia cuts the name of a file to what every file system takes with something
// after it.
func accorcia(nome string) string {
	for len(nome) > 200 {
		_, lungo := utf8.DecodeLastRuneInString(nome)
		nome = nome[:len(nome)-lungo]
	}
	return nome
}

func togli(file []string) error {
	var errs []error
	for _, f := range file {
		errs = append(errs, os.Remove(f))
	}
	return errors.Join(errs...)
}

// massimoNome is how many bytes a file system gives to a name, less what is needed
// for the answer's ending.
const massimoNome = 255 - len(".txt")

// libero returns the path of a file of that name in the folder, with a number added
// where there is one already: nothing is ever written over. A name that would be too
// long is cut.
func libero(cartella, nome string) (string, error) {
	estensione := filepath.Ext(nome)
	if len(estensione) > 20 { // a full stop in a sentence
		estensione = ""
	}
	base := strings.TrimSuffix(nome, estensione)
	for n := 1; ; n++ {
		fine := estensione
		if n > 1 {
			fine = fmt.Sprintf(" (%d)%s", n, estensione)
		}
		intero := base
		if troppi := len(base) + len(fine) - massimoNome; troppi > 0 {
			intero = strings.ToValidUTF8(base[:len(base)-troppi], "")
		}
		percorso := filepath.Join(cartella, intero+fine)
		if _, err := os.Lstat(percorso); errors.Is(err, fs.ErrNotExist) {
			return percorso, nil
		} else if err != nil {
			return "", err
		}
	}
}
