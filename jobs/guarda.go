package jobs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// visto is a file as it looked a moment ago.
type visto struct {
	ente, percorso string
	dimensione     int64
	modificato     time.Time // as its owner says: a copy may carry the time of its original
	cambiato       time.Time // as the file system says: nobody can set it
}

// Attesa returns how many files wait in the inbox; it fails where the inbox is not
// there. It changes nothing.
func (r Raccolta) Attesa() (int, error) {
	f, err := r.guarda()
	return len(f), err
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
		trovati = append(trovati, guardato(ente, filepath.Join(cartella, v.Name()), info))
	}
	return trovati, nil
}

// guardato is a file as info describes it. Both times matter: a program that copies
// may set the one to that of the original and go on writing.
func guardato(ente, percorso string, info fs.FileInfo) visto {
	f := visto{ente: ente, percorso: percorso, dimensione: info.Size(), modificato: info.ModTime()}
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		f.cambiato = time.Unix(s.Ctim.Unix())
	}
	return f
}

// daIgnorare tells the files that office programs, copies and file managers leave
// beside a sheet, and our own.
func daIgnorare(nome string) bool {
	nome = strings.ToLower(nome)
	return strings.HasPrefix(nome, ".") || strings.HasPrefix(nome, "~$") || slices.Contains(deiProgrammi, nome) ||
		slices.Contains(inArrivo, filepath.Ext(nome))
}

var (
	inArrivo     = []string{".tmp", ".part", ".partial", ".filepart", ".crdownload"} // how copies and browsers call what is not whole yet
	deiProgrammi = []string{"thumbs.db", "desktop.ini"}                              // what Windows adds to a folder by itself
)
