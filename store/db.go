package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrazioni embed.FS

const (
	// attesaLettura is how long one answer of the server may take. A server error
	// over 30,000 bytes would otherwise block its connection for ever (lib/pq).
	attesaLettura = 60 * time.Second
	// vitaConnessione bounds how long a connection is reused, so that a restarted
	// or moved server is found again by itself.
	vitaConnessione = 10 * time.Minute
	// connessioni is enough for the daemon's jobs and pages, and leaves room for
	// a dozen such programs on one server.
	connessioni = 8
)

// DB is the store. It is safe for concurrent use; there is one in a process.
type DB struct {
	db *sqlx.DB

	mu sync.Mutex
	p  pronte
}

// pronte are the queries of a hand-in, which are kept prepared, by their text: the server
// takes as long to plan them as to do them.
type pronte map[string]*sqlx.Stmt

// pronte prepares them the first time, when the schema is there.
func (d *DB) pronte(ctx context.Context) (pronte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.p != nil {
		return d.p, nil
	}
	p := pronte{}
	for _, query := range []string{sqlMettiConsegne, sqlPrendiConsegne, sqlDintorni, sqlCaricaObiettivi, sqlScrivi} {
		s, err := d.db.PreparexContext(ctx, query)
		if err != nil {
			return nil, fmt.Errorf("prepare the queries of a hand-in: %w", err)
		}
		p[query] = s
	}
	d.p = p
	return p, nil
}

// Open connects to the database that dsn names, as a URL or as key=value words
// (libpq's), and asks it for an answer: it fails where there is none before ctx
// ends. Over TCP write sslmode explicitly, because the default demands TLS. The
// caller closes the DB.
func Open(ctx context.Context, dsn string) (*DB, error) {
	cfg, err := pq.NewConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("open database: read the DSN: %w", err)
	}
	// one round trip for a query instead of two, and bytes as they are instead of twice
	// as many digits; a []byte may then stand for nothing but a bytea (valori.go)
	cfg.BinaryParameters = true
	c, err := pq.NewConnectorConfig(cfg)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	c.Dialer(chiamata{attesa: attesaLettura})
	db := sqlx.NewDb(sql.OpenDB(c), "postgres")
	db.SetConnMaxLifetime(vitaConnessione)
	db.SetMaxOpenConns(connessioni)
	db.SetMaxIdleConns(connessioni / 2)
	d := &DB{db: db}
	if err := d.Ping(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), d.Close())
	}
	return d, nil
}

// Ping tells whether the database answers: for /healthz.
func (d *DB) Ping(ctx context.Context) error {
	if err := d.db.PingContext(ctx); err != nil {
		return fallito(ctx, "ping", err)
	}
	return nil
}

// Close gives back the connections. What is under way ends first.
func (d *DB) Close() error {
	if err := d.db.Close(); err != nil {
		return fmt.Errorf("close database: %w", err)
	}
	return nil
}

// ErrSchemaNuovo is returned, wrapped, by Migrate where a newer release has
// already changed the database.
var ErrSchemaNuovo = errors.New("the database belongs to a newer scadenzario: install that release, or restore the backup made before it")

// Migrate brings the schema up to what this program knows, one process at a
// time. It touches nothing and returns ErrSchemaNuovo, wrapped, where the
// database knows more than the program.
func (d *DB) Migrate(ctx context.Context) error {
	file, err := fs.Sub(migrazioni, "migrations")
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	unoAllaVolta, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return fmt.Errorf("migrate: locker: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectPostgres, d.db.DB, file,
		goose.WithSessionLocker(unoAllaVolta), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	presente, nostra, err := p.GetVersions(ctx)
	switch {
	case err != nil:
		return fallito(ctx, "migrate: read the schema's version", err)
	case presente > nostra:
		return fmt.Errorf("migrate: schema %d, this program knows up to %d: %w", presente, nostra, ErrSchemaNuovo)
	case presente == nostra:
		return nil
	}
	if _, err := p.Up(ctx); err != nil {
		return fallito(ctx, "migrate", err)
	}
	return nil
}

const (
	sqlSchemaCe = `
SELECT to_regclass('public.goose_db_version') IS NOT NULL`

	sqlSchema = `
SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`
)

// SchemaNoto returns the version of the schema that this program makes.
func SchemaNoto() (n int64, err error) {
	file, err := migrazioni.ReadDir("migrations")
	if err != nil {
		return 0, fmt.Errorf("migrations: %w", err)
	}
	for _, f := range file { // ordered by name, so by number
		if n, err = goose.NumericComponent(f.Name()); err != nil {
			return 0, fmt.Errorf("migrations: %w", err)
		}
	}
	return n, nil
}

// Schema returns the version of the database's schema, 0 for an empty database.
func (d *DB) Schema(ctx context.Context) (n int64, err error) {
	var ce bool
	if err := d.db.GetContext(ctx, &ce, sqlSchemaCe); err != nil {
		return 0, fallito(ctx, "schema version", err)
	}
	if !ce {
		return 0, nil
	}
	if err := d.db.GetContext(ctx, &n, sqlSchema); err != nil {
		return 0, fallito(ctx, "schema version", err)
	}
	return n, nil
}

// inTx runs fn in a transaction: committed where fn returns nil, else rolled
// back. It is the only place that begins and commits.
func (d *DB) inTx(ctx context.Context, opera string, fn func(tx *sqlx.Tx) error) error {
	tx, err := d.db.BeginTxx(ctx, nil)
	if err != nil {
		return fallito(ctx, opera+": begin", err)
	}
	if err := fn(tx); err != nil {
		if e := tx.Rollback(); e != nil && !errors.Is(e, sql.ErrTxDone) {
			err = errors.Join(err, e)
		}
		return fallito(ctx, opera, err)
	}
	if err := tx.Commit(); err != nil {
		return fallito(ctx, opera+": commit", err)
	}
	return nil
}
