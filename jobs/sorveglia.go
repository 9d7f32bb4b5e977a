package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// segno is the file by which a watched folder is known to be itself. A share that is
// not mounted leaves an empty folder in its place, which must not look like an
// office that is silent.
const segno = ".scadenzario"

const testoSegno = "Questa cartella è letta da Scadenzario.\nSi prega di non cancellare questo file: indica che la cartella è raggiungibile.\n"

// Prepara makes the folder of every settore, so that the offices find it. It fails
// where the inbox, or a folder that was watched before, is gone or has lost its
// file segno; then it makes nothing, because what it would make may not be on the
// share.
func (r *Raccolta) Prepara(ctx context.Context) error {
	cartelle, err := r.cartelle(ctx)
	if err != nil {
		return err
	}
	if _, err := os.Stat(r.Radice); err != nil {
		return fmt.Errorf("the inbox is not there (is the share mounted?): %w", err)
	}
	note, err := r.ricorda()
	if err != nil {
		return err
	}
	var nuove, perse []string
	for _, c := range cartelle {
		if !slices.Contains(note, c) {
			nuove = append(nuove, c)
			continue
		}
		if _, err := os.Stat(filepath.Join(c, segno)); errors.Is(err, fs.ErrNotExist) {
			perse = append(perse, c)
		} else if err != nil {
			return fmt.Errorf("watched folder: %w", err)
		}
	}
	if len(perse) > 0 {
		return fmt.Errorf("%d of %d watched folders are gone or have lost their file %s (is the share mounted? where a folder is the right one, put an empty file of that name into it): %s",
			len(perse), len(cartelle), segno, strings.Join(perse, ", "))
	}
	if len(nuove) == 0 {
		return nil
	}
	for _, c := range nuove {
		if err := segna(c); err != nil {
			return fmt.Errorf("new folder: %w", err)
		}
	}
	return r.annota(append(note, nuove...))
}

// cartelle lists the folders of the settori, by their full paths.
func (r *Raccolta) cartelle(ctx context.Context) ([]string, error) {
	radice, err := filepath.Abs(r.Radice)
	if err != nil {
		return nil, fmt.Errorf("inbox: %w", err)
	}
	enti, err := r.Archivio.Enti(ctx)
	if err != nil {
		return nil, fmt.Errorf("enti: %w", err)
	}
	var cartelle []string
	for _, e := range enti {
		a, err := r.Archivio.Anagrafica(ctx, e.Codice)
		if err != nil {
			return nil, fmt.Errorf("registry of %s: %w", e.Codice, err)
		}
		for _, s := range a.Settori {
			cartelle = append(cartelle, filepath.Join(radice, e.Codice, s.Codice))
		}
	}
	return cartelle, nil
}

// segna makes a folder and puts the file segno into it.
func segna(cartella string) error {
	if err := os.MkdirAll(cartella, 0o770); err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(cartella, segno), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o660)
	if errors.Is(err, fs.ErrExist) {
		return nil // watched by another installation, or by this one before it lost its memory
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(testoSegno)
	return errors.Join(err, f.Close())
}

// ricorda returns the folders that were watched before.
func (r *Raccolta) ricorda() (note []string, err error) {
	testo, err := os.ReadFile(r.Memoria)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal(testo, &note)
	}
	if err != nil {
		return nil, fmt.Errorf("which folders are watched (remove %s to begin anew): %w", r.Memoria, err)
	}
	return note, nil
}

// annota remembers the folders, all or none.
func (r *Raccolta) annota(note []string) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("remember the watched folders: %w", err)
		}
	}()
	testo, err := json.MarshalIndent(note, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(r.Memoria), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(r.Memoria), filepath.Base(r.Memoria)+".*.tmp")
	if err != nil {
		return err
	}
	_, err = f.Write(append(testo, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), r.Memoria)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
