package jobs

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// ArchivioCustodia is what Custodia asks of the database.
type ArchivioCustodia interface {
	// AdottaInstallazione makes id known to a database that knows none.
	AdottaInstallazione(ctx context.Context, id string, adesso time.Time) error
	// Installazione tells whether id is known, and the final dots counted.
	Installazione(ctx context.Context, id string) (nota bool, punti int64, err error)
	// ProssimoPunto counts a final dot.
	ProssimoPunto(ctx context.Context) (int64, error)
	// ConfermaInstallazione makes id known; what waits becomes a doubt.
	ConfermaInstallazione(ctx context.Context, id string, punti int64, adesso time.Time) (dubbi int, err error)
}

// Custodia keeps a restored or copied database from mailing everybody again
// (RELIABILITY.md, invariant 14). The installation knows itself by a small file in
// its data folder: who it is, on which host and in which folder, and the highest
// number of a final dot that it saw. Where the database does not know it, or has
// counted less, or the file was made elsewhere, sending is on hold until a person
// confirms.
type Custodia struct {
	Cartella string // the data folder; the file is Cartella/installazione.json
	Host     string
	Archivio ArchivioCustodia
}

// ErrInSospeso is the error of an installation that may not send.
var ErrInSospeso = errors.New("sending is on hold")

// impronta is the file.
type impronta struct {
	ID       string `json:"id"`
	Host     string `json:"host"`
	Cartella string `json:"cartella"`
	Punti    int64  `json:"punti"`
}

const comeConfermare = "check that no other installation sends from the same data, then run `scadenzario identity confirm`"

// Verifica returns ErrInSospeso, wrapped with the reason, where this installation
// may not send. On the first start, with a database that is new too, it makes
// itself known.
func (c Custodia) Verifica(ctx context.Context, adesso time.Time) error {
	return c.chiusa(func(qui string) error {
		f, esiste, err := c.leggi()
		if err != nil {
			return err
		}
		if !esiste {
			f = c.nuova(qui)
			if err := c.Archivio.AdottaInstallazione(ctx, f.ID, adesso); err != nil {
				return fmt.Errorf("make this installation known: %w", err)
			}
		}
		nota, punti, err := c.Archivio.Installazione(ctx, f.ID)
		if err != nil {
			return fmt.Errorf("who may send: %w", err)
		}
		switch {
		case f.Host != c.Host || f.Cartella != qui:
			return fmt.Errorf("%w: this data folder was made on %s as %s, and is on %s as %s now; %s",
				ErrInSospeso, f.Host, f.Cartella, c.Host, qui, comeConfermare)
		case !nota:
			return fmt.Errorf("%w: the database was filled by another installation; %s", ErrInSospeso, comeConfermare)
		case punti < f.Punti:
			return fmt.Errorf("%w: the database has counted %d deliveries and this installation %d, so it was restored from an earlier day; %s",
				ErrInSospeso, punti, f.Punti, comeConfermare)
		}
		if !esiste {
			return c.scrivi(f)
		}
		return nil
	})
}

// Conta counts a final dot that is about to leave, in the database and in the
// file. Where it fails the dot must not leave.
func (c Custodia) Conta(ctx context.Context) error {
	punti, err := c.Archivio.ProssimoPunto(ctx)
	if err != nil {
		return err
	}
	return c.chiusa(func(string) error {
		f, esiste, err := c.leggi()
		if err != nil {
			return err
		}
		if !esiste {
			return fmt.Errorf("%w: %s is gone; %s", ErrInSospeso, c.file(), comeConfermare)
		}
		if punti <= f.Punti { // another sender of this installation was faster
			return nil
		}
		f.Punti = punti
		return c.scrivi(f)
	})
}

// Conferma lets this installation send: a person knows that no other one does. It
// returns how many messages waited and are doubts now: they may have left before.
func (c Custodia) Conferma(ctx context.Context, adesso time.Time) (dubbi int, err error) {
	err = c.chiusa(func(qui string) error {
		f, esiste, err := c.leggi()
		if err != nil {
			return err
		}
		if !esiste || f.Host != c.Host || f.Cartella != qui {
			punti := f.Punti
			f = c.nuova(qui)
			f.Punti = punti
		}
		if dubbi, err = c.Archivio.ConfermaInstallazione(ctx, f.ID, f.Punti, adesso); err != nil {
			return err
		}
		return c.scrivi(f)
	})
	return dubbi, err
}

// Nota tells whether this installation made itself known before.
func (c Custodia) Nota() bool {
	_, err := os.Stat(c.file())
	return err == nil
}

func (c Custodia) file() string { return filepath.Join(c.Cartella, "installazione.json") }

// chiusa runs f while no other process of this installation is in it. qui is the
// folder's full path.
func (c Custodia) chiusa(f func(qui string) error) (err error) {
	if err := os.MkdirAll(c.Cartella, 0o755); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	qui, err := filepath.Abs(c.Cartella)
	if err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	if qui, err = filepath.EvalSymlinks(qui); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	cartella, err := os.Open(qui)
	if err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	defer func() { err = errors.Join(err, cartella.Close()) }() // which gives the lock back
	if err := syscall.Flock(int(cartella.Fd()), syscall.LOCK_EX); err != nil {
		return fmt.Errorf("lock the data folder: %w", err)
	}
	return f(qui)
}

func (c Custodia) leggi() (f impronta, esiste bool, err error) {
	testo, err := os.ReadFile(c.file())
	if errors.Is(err, os.ErrNotExist) {
		return f, false, nil
	}
	if err != nil {
		return f, false, fmt.Errorf("who this installation is: %w", err)
	}
	if err := json.Unmarshal(testo, &f); err != nil || f.ID == "" {
		return f, false, fmt.Errorf("%w: %s is damaged; remove it, %s", ErrInSospeso, c.file(), comeConfermare)
	}
	return f, true, nil
}

func (c Custodia) nuova(qui string) impronta {
	return impronta{ID: rand.Text(), Host: c.Host, Cartella: qui}
}

// scrivi replaces the file as a whole. It does not wait for the disk: after a power
// failure the number may be a little behind, which holds nothing up.
func (c Custodia) scrivi(f impronta) error {
	testo, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("who this installation is: %w", err)
	}
	nuovo := c.file() + ".tmp"
	if err := os.WriteFile(nuovo, append(testo, '\n'), 0o644); err != nil {
		return fmt.Errorf("who this installation is: %w", err)
	}
	if err := os.Rename(nuovo, c.file()); err != nil {
		return fmt.Errorf("who this installation is: %w", err)
	}
	return nil
}
