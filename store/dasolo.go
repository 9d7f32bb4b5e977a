package store

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

const (
	// a lock of the transaction: it goes with the connection, so a killed process
	// holds nothing, and one that is stopped in its tracks loses it
	sqlDaSolo = `
SELECT pg_try_advisory_xact_lock(hashtextextended('da-solo/' || $1, 0))`

	// a process that does not even ask for this long may be stuck for ever: the
	// server then cuts its connection and lets others in
	sqlPazienza = `
SET LOCAL idle_in_transaction_session_timeout = '60s'`

	sqlAncora = `
SELECT 1`
)

// DaSolo calls f while no other process on this database, and no other goroutine,
// is in a call of that name; where one is it returns false at once and f is not
// called. f calls ancora before each step and at least once a minute: it fails
// where the lock was lost, and f then does no more. What f returns is returned,
// wrapped.
func (d *DB) DaSolo(ctx context.Context, nome string, f func(ancora func(context.Context) error) error) (solo bool, err error) {
	err = d.inTx(ctx, nome, func(tx *sqlx.Tx) error {
		if err := tx.GetContext(ctx, &solo, sqlDaSolo, nome); err != nil || !solo {
			return err
		}
		if _, err := tx.ExecContext(ctx, sqlPazienza); err != nil {
			return err
		}
		return f(func(ctx context.Context) error {
			if _, err := tx.ExecContext(ctx, sqlAncora); err != nil {
				return fmt.Errorf("the lock %q may be lost: %w", nome, err)
			}
			return nil
		})
	})
	return solo, err
}
