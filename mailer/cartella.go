package mailer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/scadenzario/scadenzario/piano"
)

// Cartella delivers into a folder of .eml files, which any mail program opens: for
// a trial, or where another system sends them on.
type Cartella struct {
	Dir string // made where it is missing
}

// omonimi is how many different messages of one name a folder may hold.
const omonimi = 1000

// Spedisci writes the message as Nome.eml, whole or not at all: a file of that name
// is never half written. All recipients of a message share one file; a
// different message of the same name gets a suffix. alPunto is called before the
// file takes its name, and a failure of it leaves nothing behind.
func (c Cartella) Spedisci(ctx context.Context, s piano.Spedizione, alPunto func(context.Context) error) Esito {
	percorso, err := c.deposita(ctx, s, alPunto)
	if err != nil {
		return Esito{Stato: piano.InCoda, Risposta: riassunto(err.Error()), Ferma: errors.As(err, new(*fs.PathError)) || errors.As(err, new(*os.LinkError))}
	}
	return Esito{Stato: piano.Spedito, Risposta: "written to " + percorso}
}

// Chiudi has nothing to do.
func (c Cartella) Chiudi() error { return nil }

// deposita returns the path of the file.
func (c Cartella) deposita(ctx context.Context, s piano.Spedizione, alPunto func(context.Context) error) (string, error) {
	if err := os.MkdirAll(c.Dir, 0o750); err != nil {
		return "", fmt.Errorf("make the mail folder %s: %w; make it by hand, owned by the program's user", c.Dir, err)
	}
	percorso, esiste, err := c.percorso(s)
	if err != nil {
		return "", err
	}
	if esiste {
		return percorso, marca(ctx, alPunto)
	}
	provvisorio, err := c.provvisorio(s.MIME)
	if err != nil {
		return "", fmt.Errorf("write to the mail folder %s: %w; check its free space and that the program may write there", c.Dir, err)
	}
	if err := marca(ctx, alPunto); err != nil {
		return "", errors.Join(err, os.Remove(provvisorio))
	}
	if err := os.Rename(provvisorio, percorso); err != nil {
		return "", errors.Join(fmt.Errorf("name %s: %w; check that the program may write to %s", percorso, err, c.Dir), os.Remove(provvisorio))
	}
	return percorso, sincronizza(c.Dir)
}

// marca calls alPunto.
func marca(ctx context.Context, alPunto func(context.Context) error) error {
	if err := alPunto(ctx); err != nil {
		return fmt.Errorf("not sent: %w", err)
	}
	return nil
}

// percorso returns where the message goes: the first of its names that is free or
// holds these very bytes, and whether it does.
func (c Cartella) percorso(s piano.Spedizione) (string, bool, error) {
	base := filepath.Join(c.Dir, nomeFile(s.Nome))
	for n := 1; n <= omonimi; n++ {
		percorso := base + ".eml"
		if n > 1 {
			percorso = fmt.Sprintf("%s-%d.eml", base, n)
		}
		contenuto, err := os.ReadFile(percorso)
		if errors.Is(err, fs.ErrNotExist) {
			return percorso, false, nil
		}
		if err != nil {
			return "", false, fmt.Errorf("look into %s: %w; check that the program may read it", percorso, err)
		}
		if bytes.Equal(contenuto, s.MIME) {
			return percorso, true, nil
		}
	}
	return "", false, fmt.Errorf("%s.eml and %d more are taken by other messages: empty the mail folder", base, omonimi-1)
}

// provvisorio writes the bytes to a file of another name in the folder, on disk
// when it returns.
func (c Cartella) provvisorio(mime []byte) (nome string, err error) {
	f, err := os.CreateTemp(c.Dir, ".scadenzario-*.tmp")
	if err != nil {
		return "", fmt.Errorf("make a file: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(mime)
	if err == nil {
		err = f.Chmod(0o640)
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return "", fmt.Errorf("write a file: %w", err)
	}
	return f.Name(), nil
}

// sincronizza makes the folder's list of names last through a power cut.
func sincronizza(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("open %s: %w", dir, err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("sync %s: %w", dir, err)
	}
	return nil
}

// nomeFile makes a name fit for a file on any system: letters, digits and -_.@,
// not hidden, not too long.
func nomeFile(nome string) string {
	pulito := strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', strings.ContainsRune("-_.@", r):
			return r
		}
		return '-'
	}, nome)
	pulito = strings.Trim(pulito[:min(len(pulito), 150)], ".-")
	if pulito == "" {
		return "messaggio"
	}
	return pulito
}
