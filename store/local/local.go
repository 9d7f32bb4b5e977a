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

// Cluster is a running server, ours or one that we found running.
type Cluster struct {
	cartella    cartella
	socket      string    // folder of the unix socket
	server      *processo // nil where another process of ours runs it
	possesso    *os.File  // the lock that says so to the others
	fine        sync.Once // Stop has been called
	errFine     error     // what it answered
	lasciato    sync.Once // possesso was given back
	errLascia   error     // how that went
	socketTolto bool      // the socket's folder goes with the server
}

// Start runs the cluster in dir/postgres and returns when it answers; the first
// time it creates it. Where another process runs it already, Start uses that one.
// ctx bounds the start alone: the server runs until Stop, or until this process
// ends in whatever way. The errors above tell what the installer must do.
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
	k, err := preparaCartella(ctx, dir)
	if err != nil {
		return nil, err
	}
	// one process at a time looks, creates and starts
	chiave, err := blocca(ctx, k.avvio())
	if err != nil {
		return nil, err
	}
	c, err := k.avvia(ctx, o)
	return c, errors.Join(err, chiave.Close())
}

// avvia finds the server running, or creates the cluster where there is none and
// starts it.
func (k cartella) avvia(ctx context.Context, o opzioni) (*Cluster, error) {
	vivo, err := k.inFunzione(ctx)
	if err != nil {
		return nil, err
	}
	if vivo.socket != "" {
		return &Cluster{cartella: k, socket: vivo.socket}, nil
	}
	programmi, err := k.scegliProgrammi(ctx, cartelleBin())
	if err != nil {
		return nil, err
	}
	if !k.esiste() {
		if err := k.crea(ctx, programmi, o); err != nil {
			return nil, err
		}
	}
	socket, temporaneo, err := k.preparaSocket()
	if err != nil {
		return nil, err
	}
	possesso, err := blocca(ctx, k.possesso())
	if err != nil {
		return nil, err
	}
	server, err := k.lancia(ctx, programmi, socket, o)
	if err != nil {
		return nil, errors.Join(err, possesso.Close())
	}
	c := &Cluster{cartella: k, socket: socket, server: server, possesso: possesso, socketTolto: temporaneo}
	go func() { // a server that was killed is nobody's: others may start it again
		<-server.fine
		_ = c.lascia() // Stop tells
	}()
	return c, nil
}

// lascia gives the ownership back, once.
func (c *Cluster) lascia() error {
	c.lasciato.Do(func() { c.errLascia = c.possesso.Close() })
	return c.errLascia
}

// Owned tells whether this process started the server, and ends it.
func (c *Cluster) Owned() bool { return c.server != nil }

// DSN returns how store.Open reaches that database of the cluster.
func (c *Cluster) DSN(db string) string {
	return fmt.Sprintf("host='%s' port=%s user='%s' dbname='%s' sslmode=disable", apici(c.socket), porta, Utente, apici(db))
}

// Stop ends the server that Start started and waits for it; connections still
// open are cut. A server that was running before stays. Stop may be called more
// than once.
func (c *Cluster) Stop() error {
	c.fine.Do(func() {
		if c.server == nil {
			return
		}
		if err := c.ferma(); err != nil {
			c.errFine = fmt.Errorf("stop the private PostgreSQL in %s: %w", c.cartella.dir, err)
		}
	})
	return c.errFine
}

func (c *Cluster) ferma() error {
	// first nobody is to join any more
	if err := errors.Join(c.lascia(), c.server.ferma()); err != nil {
		return err
	}
	if !c.socketTolto {
		return nil
	}
	if err := os.RemoveAll(c.socket); err != nil {
		return fmt.Errorf("folder of the socket: %w", err)
	}
	return nil
}
