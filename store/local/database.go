package local

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/lib/pq"
)

// apici escapes a value of a DSN between single quotes.
func apici(s string) string { return strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) }

const sqlEsiste = `
SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)`

// EnsureDB creates that database in the cluster where it is missing. Several
// processes may ask for the same one at once.
func (c *Cluster) EnsureDB(ctx context.Context, nome string) (err error) {
	db, err := sql.Open("postgres", c.DSN("postgres"))
	if err != nil {
		return fmt.Errorf("create database %s: %w", nome, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var esiste bool
	if err := db.QueryRowContext(ctx, sqlEsiste, nome).Scan(&esiste); err != nil {
		return fmt.Errorf("create database %s: %w", nome, err)
	}
	if esiste {
		return nil
	}
	// two processes may come this far: the second one finds it there, in either
	// of the two ways that the server has to say so
	_, err = db.ExecContext(ctx, "CREATE DATABASE "+pq.QuoteIdentifier(nome))
	var p *pq.Error
	if errors.As(err, &p) && (p.Code == "42P04" || p.Constraint == "pg_database_datname_index") {
		return nil
	}
	if err != nil {
		return fmt.Errorf("create database %s: %w", nome, err)
	}
	return nil
}
