package local

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// cartella is the data folder and the user who runs the server in it.
type cartella struct {
	dir    string              // absolute
	chi    *syscall.Credential // nil: we ourselves
	utente string              // its name, for sentences
	// alias makes the server run as root under the number of chi, in a user
	// namespace: for a folder that only root may enter, as one in root's home.
	alias bool
}

// dati is the cluster's own folder.
func (k cartella) dati() string { return filepath.Join(k.dir, "postgres") }

// preparaCartella makes the folder, and decides who runs the server: we
// ourselves, or, as Postgres refuses root, the user whom the folder belongs to,
// else postgres, else nobody.
func preparaCartella(ctx context.Context, dir string) (cartella, error) {
	assoluta, err := filepath.Abs(dir)
	if err != nil {
		return cartella{}, fmt.Errorf("data folder: %w", err)
	}
	if err := os.MkdirAll(assoluta, 0o755); err != nil {
		return cartella{}, fmt.Errorf("data folder: %w", err)
	}
	// symbolic links would hide a closed folder from raggiungibile, and the
	// server knows itself by the real path
	vera, err := filepath.EvalSymlinks(assoluta)
	if err != nil {
		return cartella{}, fmt.Errorf("data folder: %w", err)
	}
	k := cartella{dir: vera}
	if os.Geteuid() != 0 {
		return k, nil
	}
	if err := k.scegliUtente(); err != nil {
		return cartella{}, err
	}
	err = k.raggiungibile()
	if k.diRoot() || errors.Is(err, ErrIrraggiungibile) && !k.esiste() && k.provaAlias(ctx) {
		k.alias, err = true, nil
	}
	return k, err
}

// diRoot tells whether the folder holds a cluster that was made under an alias.
func (k cartella) diRoot() bool {
	i, err := os.Stat(k.dati())
	if err != nil {
		return false
	}
	s, ok := i.Sys().(*syscall.Stat_t)
	return ok && s.Uid == 0
}

// provaAlias tells whether the kernel lets us make user namespaces; some
// containers do not.
func (k cartella) provaAlias(ctx context.Context) bool {
	k.alias = true
	_, err := unoSolo(k.comando(ctx, syscall.SIGKILL, "/bin/true"))
	return err == nil
}

func (k *cartella) scegliUtente() error {
	if i, err := os.Stat(k.dati()); err == nil {
		if s, ok := i.Sys().(*syscall.Stat_t); ok && s.Uid != 0 {
			k.chi, k.utente = &syscall.Credential{Uid: s.Uid, Gid: s.Gid}, fmt.Sprintf("of number %d", s.Uid)
			if u, err := user.LookupId(strconv.Itoa(int(s.Uid))); err == nil {
				k.utente = u.Username
			}
			return nil
		}
	}
	for _, nome := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(nome)
		if err != nil {
			continue
		}
		uid, errU := strconv.ParseUint(u.Uid, 10, 32)
		gid, errG := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(errU, errG); err != nil {
			return fmt.Errorf("user %s: %w", nome, err)
		}
		k.chi, k.utente = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nome
		return nil
	}
	return errors.New("PostgreSQL does not run as root, and there is no user postgres or nobody: create one")
}

// raggiungibile tells whether the server's user may enter every folder on the
// way, by owner, group and others (access lists aside).
func (k cartella) raggiungibile() error {
	for p := k.dir; p != "/"; p = filepath.Dir(p) {
		i, err := os.Stat(p)
		if err != nil {
			return fmt.Errorf("data folder: %w", err)
		}
		s, ok := i.Sys().(*syscall.Stat_t)
		if !ok {
			return nil
		}
		serve := fs.FileMode(0o001)
		switch {
		case s.Uid == k.chi.Uid:
			serve = 0o100
		case s.Gid == k.chi.Gid:
			serve = 0o010
		}
		if i.Mode()&serve == 0 {
			return fmt.Errorf("%w: as root the server runs as user %s, to whom %s is closed: choose another --data, or allow it with: chmod o+x %s",
				ErrIrraggiungibile, k.utente, p, p)
		}
	}
	return nil
}

// consegna gives a file or folder to the server's user.
func (k cartella) consegna(percorso string) error {
	if k.chi == nil || k.alias {
		return nil
	}
	if err := os.Chown(percorso, int(k.chi.Uid), int(k.chi.Gid)); err != nil {
		return fmt.Errorf("give %s to %s: %w", percorso, k.utente, err)
	}
	return nil
}

// comando prepares a program of the server, run by the right user, that dies
// with this process.
func (k cartella) comando(ctx context.Context, fine syscall.Signal, nome string, argomenti ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, nome, argomenti...)
	c.Dir = k.dir
	c.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	// Setpgid: Ctrl-C at the terminal is for us, who then let it end in order
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: fine, Setpgid: true}
	if !k.alias {
		c.SysProcAttr.Credential = k.chi
		return c
	}
	// Postgres refuses the number 0, not the rights: inside, root is called as chi
	c.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER
	c.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: int(k.chi.Uid), HostID: 0, Size: 1}}
	c.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: int(k.chi.Gid), HostID: 0, Size: 1}}
	return c
}

// esiste tells whether the folder has a cluster. crea puts it there whole.
func (k cartella) esiste() bool {
	_, err := os.Stat(filepath.Join(k.dati(), "PG_VERSION"))
	return err == nil
}

// versione is the major version that made the cluster, "" where there is none.
func (k cartella) versione() (string, error) {
	b, err := os.ReadFile(filepath.Join(k.dati(), "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("version of the data folder: %w", err)
	}
	return strings.TrimSpace(string(b)), nil
}

// inCostruzione begins the name of a cluster that is not whole yet.
const inCostruzione = "postgres-new-"

// crea makes a new cluster under another name and gives it its own when it is
// whole and on the disk: killed midway, it leaves nothing in the way. What an
// earlier attempt left is removed.
func (k cartella) crea(ctx context.Context, p programmi, o opzioni) (err error) {
	resti, _ := filepath.Glob(filepath.Join(k.dir, inCostruzione+"*")) // fails on a bad pattern only
	for _, r := range resti {
		if err := os.RemoveAll(r); err != nil {
			return fmt.Errorf("remove a half-made cluster: %w", err)
		}
	}
	nuova, err := os.MkdirTemp(k.dir, inCostruzione)
	if err != nil {
		return fmt.Errorf("new cluster: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(nuova)) }() // nothing there once renamed
	if err := k.consegna(nuova); err != nil {
		return err
	}
	argomenti := []string{"-D", nuova, "--username", Utente, "--auth=trust", "--encoding=UTF8",
		"--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=it-IT"}
	if o.senzaSync {
		argomenti = append(argomenti, "--no-sync")
	}
	if detto, err := unoSolo(k.comando(ctx, syscall.SIGKILL, p.percorso("initdb"), argomenti...)); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, coda(detto))
	}
	if err := os.Rename(nuova, k.dati()); err != nil {
		return fmt.Errorf("new cluster: %w", err)
	}
	if o.senzaSync {
		return nil
	}
	return sincronizza(k.dir)
}

// sincronizza makes a rename in the folder survive a power cut.
func sincronizza(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}

const (
	porta = "5432"
	// massimoSocket is what fits into sockaddr_un, its final NUL aside.
	massimoSocket = 107
)

// preparaSocket makes the folder of the socket, which nobody but the server's
// user may enter: in the data folder or, where that makes the socket's name too
// long, a short one in the temporary folder, which is removed at the end
// (temporaneo).
func (k cartella) preparaSocket() (dir string, temporaneo bool, err error) {
	dir = filepath.Join(k.dir, "socket")
	if len(filepath.Join(dir, ".s.PGSQL."+porta)) > massimoSocket {
		// the same name each time, so that a killed run leaves one folder and not many
		somma := sha256.Sum256([]byte(k.dir))
		dir, temporaneo = filepath.Join(os.TempDir(), "scadenzario-"+hex.EncodeToString(somma[:6])), true
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", false, fmt.Errorf("folder of the socket: %w", err)
	}
	i, err := os.Lstat(dir)
	if err != nil {
		return "", false, fmt.Errorf("folder of the socket: %w", err)
	}
	s, ok := i.Sys().(*syscall.Stat_t)
	altrui := ok && int(s.Uid) != os.Geteuid() && (k.chi == nil || s.Uid != k.chi.Uid)
	if !i.IsDir() || altrui {
		return "", false, fmt.Errorf("folder of the socket: %s is somebody else's: remove it", dir)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return "", false, fmt.Errorf("folder of the socket: %w", err)
	}
	return dir, temporaneo, k.consegna(dir)
}
