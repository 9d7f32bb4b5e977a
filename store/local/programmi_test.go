package local

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A program that says it is that version, and half an installation without initdb.
func finto(t *testing.T, dir, versione string, conInitdb bool) string {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	detto := "#!/bin/sh\necho 'postgres (PostgreSQL) " + versione + "'\n"
	if err := os.WriteFile(filepath.Join(dir, "postgres"), []byte(detto), 0o755); err != nil {
		t.Fatal(err)
	}
	if conInitdb {
		if err := os.WriteFile(filepath.Join(dir, "initdb"), []byte("#!/bin/sh\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestTrovaProgrammi(t *testing.T) {
	dir := t.TempDir()
	quindici := finto(t, filepath.Join(dir, "15", "bin"), "15.18 (Debian 15.18-0+deb12u1)", true)
	sedici := finto(t, filepath.Join(dir, "16", "bin"), "16devel", true)
	mezzo := finto(t, filepath.Join(dir, "17", "bin"), "17.1", false)
	for _, c := range []struct {
		storia  string
		cluster string // version of the data folder, "" for none
		bin     []string
		scelta  string
		errore  error
		detto   string
	}{
		{"the first for a new cluster", "", []string{sedici, quindici}, sedici, nil, ""},
		{"the same version for an old one", "15", []string{sedici, quindici}, quindici, nil, ""},
		{"the client alone does not count", "", []string{mezzo, quindici}, quindici, nil, ""},
		{"none at all", "", nil, "", ErrSenzaPostgres, "apt-get install --no-install-recommends postgresql"},
		{"the client alone", "", []string{mezzo}, "", ErrSenzaPostgres, "apt-get install"},
		{"none of that version", "14", []string{sedici, sedici, quindici}, "", ErrAltraVersione, "made by version 14, installed is 16, 15: install postgresql-14"},
	} {
		t.Run(c.storia, func(t *testing.T) {
			k := cartella{dir: t.TempDir()}
			if c.cluster != "" {
				if err := os.Mkdir(k.dati(), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(k.dati(), "PG_VERSION"), []byte(c.cluster+"\n"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			p, err := k.scegliProgrammi(t.Context(), c.bin)
			if p.bin != c.scelta || !errors.Is(err, c.errore) {
				t.Errorf("%+v, %v", p, err)
			}
			if err != nil && !strings.Contains(err.Error(), c.detto) {
				t.Errorf("%v, want %q in it", err, c.detto)
			}
		})
	}
}

// The folders are looked through in a sensible order: PATH, then the newest.
func TestCartelleBin(t *testing.T) {
	dir := finto(t, filepath.Join(t.TempDir(), "bin"), "15.1", true)
	t.Setenv("PATH", dir)
	if bin := cartelleBin(); len(bin) == 0 || bin[0] != dir {
		t.Errorf("%v, want %s first", bin, dir)
	}
	if n := numero("/usr/lib/postgresql/15"); n != 15 || numero("/opt/pg") != 0 {
		t.Errorf("%d", n)
	}
}

// A folder closed to who runs the server for root: the sentence says which one, and
// the remedy. Access by owner, group and others.
func TestRaggiungibile(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root runs the server as another user")
	}
	for _, c := range []struct {
		storia   string
		modo     os.FileMode
		uid, gid int
		entra    bool
	}{
		{"root's own", 0o700, 0, 0, false},
		{"root's, open to others", 0o711, 0, 0, true},
		{"its own", 0o700, 4711, 0, true},
		{"its own, but not for itself", 0o011, 4711, 0, false},
		{"its group's", 0o710, 0, 4712, true},
		{"its group's, closed to the group", 0o701, 0, 4712, false},
	} {
		t.Run(c.storia, func(t *testing.T) {
			sopra, err := os.MkdirTemp("", "local-")
			if err != nil {
				t.Fatal(err)
			}
			defer os.RemoveAll(sopra)
			dentro := filepath.Join(sopra, "var")
			err = errors.Join(os.Mkdir(dentro, 0o755), os.Chmod(dentro, 0o755), os.Chown(sopra, c.uid, c.gid), os.Chmod(sopra, c.modo))
			if err != nil {
				t.Fatal(err)
			}
			k := cartella{dir: dentro, chi: &syscall.Credential{Uid: 4711, Gid: 4712}, utente: "postgres"}
			err = k.raggiungibile()
			if (err == nil) != c.entra {
				t.Errorf("%v", err)
			}
			if err != nil && (!errors.Is(err, ErrIrraggiungibile) || !strings.Contains(err.Error(), "chmod o+x "+sopra)) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestCodaIsOneLine(t *testing.T) {
	if c := coda([]byte("a\n  b\n")); c != "a b" {
		t.Errorf("%q", c)
	}
	if c := coda([]byte(strings.Repeat("è", 1000))); len(c) > 610 || !strings.HasPrefix(c, "… è") {
		t.Errorf("%d bytes: %q", len(c), c[:10])
	}
}

func TestApici(t *testing.T) {
	c := Cluster{socket: `/a b/c'd\e`}
	if dsn := c.DSN("x"); !strings.HasPrefix(dsn, `host='/a b/c\'d\\e' port=5432 user='scadenzario' dbname='x'`) {
		t.Error(dsn)
	}
}
