package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

const (
	// Database is the database that the program keeps in its cluster; EnsureDB
	// creates it.
	Database = "scadenzario"
	// Utente owns the cluster.
	Utente = "scadenzario"

	// passo is how often a server that starts or stops is looked at.
	passo = 3 * time.Millisecond
	// attesaArresto is how long a fast shutdown may take before the server is
	// told to drop everything.
	attesaArresto = 60 * time.Second
)

// Errors that the person who installs can do something about; each comes wrapped
// in a sentence that says what.
var (
	// ErrSenzaPostgres is returned where the server's programs are not installed.
	ErrSenzaPostgres = errors.New("PostgreSQL is not installed")
	// ErrAltraVersione is returned for a data folder of another major version;
	// nothing in it was touched.
	ErrAltraVersione = errors.New("the data folder belongs to another PostgreSQL")
	// ErrIrraggiungibile is returned where the user who must run the server may
	// not enter the folder.
	ErrIrraggiungibile = errors.New("the data folder cannot be reached")
)

// Option changes how a cluster is run.
type Option func(*opzioni)

type opzioni struct {
	senzaSync bool
}

// NoSync makes a cluster that a power cut may destroy, and that is several times
// faster: for tests.
func NoSync() Option { return func(o *opzioni) { o.senzaSync = true } }

// Cluster is a server that we use.
type Cluster struct {
	cartella  cartella
	socket    string          // folder of the unix socket
	uso       *os.File        // the lock that says so
	guardiano *guardiano      // nil where another process started it
	ctx       context.Context // that of Start, without its end
	fine      sync.Once       // Stop has been called
	errFine   error           // what it answered
}

// Start makes the cluster in dir/postgres run and returns when it answers; the first
// time it creates it. Where others use it already, so do we. ctx bounds the start
// alone: the server runs until the last of those who use it calls Stop or ends, in
// whatever way. The program's main must call Guardiano before. The errors above tell
// what the installer must do.
func Start(ctx context.Context, dir string, opts ...Option) (*Cluster, error) {
	var o opzioni
	for _, opt := range opts {
		opt(&o)
	}
	c, err := start(ctx, dir, o)
	if err != nil {
		return nil, fmt.Errorf("private PostgreSQL in %s: %w", dir, err)
	}
	return c, nil
}

func start(ctx context.Context, dir string, o opzioni) (*Cluster, error) {
	if os.Getenv(nelGuardiano) != "" {
		return nil, errors.New("the program's main must call local.Guardiano first of all")
	}
	k, err := preparaCartella(ctx, dir)
	if err != nil {
		return nil, err
	}
	// one process at a time looks, creates and starts
	chiave, err := blocca(ctx, k.avvio(), daSolo)
	if err != nil {
		return nil, err
	}
	defer chiave.Close()
	// from here on the server, if there is one, does not end; one that is ending is
	// waited for
	uso, err := blocca(ctx, k.uso(), insieme)
	if err != nil {
		return nil, err
	}
	c := &Cluster{cartella: k, uso: uso, ctx: context.WithoutCancel(ctx)}
	if err := c.avvia(ctx, o); err != nil {
		return nil, errors.Join(err, uso.Close())
	}
	return c, nil
}

// avvia finds the server running, or creates the cluster where there is none and
// starts it.
func (c *Cluster) avvia(ctx context.Context, o opzioni) error {
	k := c.cartella
	vivo, err := k.inFunzione(ctx)
	if err != nil || vivo.socket != "" {
		c.socket = vivo.socket
		return err
	}
	err = c.nuovo(ctx, o)
	if errors.Is(err, errOccupato) {
		return c.avvia(ctx, o)
	}
	return err
}

// nuovo starts a server where none runs.
func (c *Cluster) nuovo(ctx context.Context, o opzioni) error {
	k := c.cartella
	programmi, err := k.scegliProgrammi(ctx, cartelleBin())
	if err != nil {
		return err
	}
	if !k.esiste() {
		if err := k.crea(ctx, programmi, o); err != nil {
			return err
		}
	}
	var temporaneo bool
	if c.socket, temporaneo, err = k.preparaSocket(); err != nil {
		return err
	}
	c.guardiano, err = k.affida(ctx, programmi, c.socket, temporaneo, o)
	return err
}

// DSN returns how store.Open reaches that database of the cluster.
func (c *Cluster) DSN(db string) string {
	return fmt.Sprintf("host='%s' port=%s user='%s' dbname='%s' sslmode=disable", apici(c.socket), porta, Utente, apici(db))
}

// Stop says that we do not use the server any more. The last one to say so waits
// until it has ended; connections still open are cut. Stop may be called more than
// once.
func (c *Cluster) Stop() error {
	c.fine.Do(func() {
		if err := c.lascia(); err != nil {
			c.errFine = fmt.Errorf("leave the private PostgreSQL in %s: %w", c.cartella.dir, err)
		}
	})
	return c.errFine
}

func (c *Cluster) lascia() (err error) {
	if err := c.uso.Close(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.ctx, 2*attesaArresto+time.Second)
	defer cancel()
	// so that nobody joins or leaves while we look whether we were the last
	chiave, err := blocca(ctx, c.cartella.avvio(), daSolo)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, chiave.Close()) }()
	for {
		finito, err := c.finito()
		if err != nil || finito {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("it does not end: %w", ctx.Err())
		case <-time.After(passo):
		}
	}
}

// finito tells whether there is nothing to wait for: others use the server, or it
// has ended and its guardian with it.
func (c *Cluster) finito() (bool, error) {
	k := c.cartella
	soli, err := libera(k.uso(), daSolo)
	if err != nil {
		return false, err
	}
	if !soli { // others, or the guardian, who shares with nobody
		return libera(k.uso(), insieme)
	}
	s, err := k.leggiStato()
	if err != nil || s.pid != 0 && k.vivo(s.pid) {
		return false, err
	}
	if c.guardiano == nil {
		return true, nil
	}
	select {
	case <-c.guardiano.fine:
		return true, nil
	default:
		return false, nil
	}
}
