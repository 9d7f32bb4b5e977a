package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

const (
	// two first starts on an empty database: the second must see the first
	sqlUnaAllaVolta = `
LOCK TABLE installazioni IN SHARE ROW EXCLUSIVE MODE`

	sqlAdottaInstallazione = `
INSERT INTO installazioni (id, confermata_il)
SELECT $1, $2 WHERE NOT EXISTS (SELECT 1 FROM installazioni)`

	sqlInstallazione = `
SELECT EXISTS (SELECT 1 FROM installazioni WHERE id = $1)`

	// last_value of a sequence that was never used is 1
	sqlPunti = `
SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM punti_finali`
)

// AdottaInstallazione makes id the first installation of a database that knows
// none yet. It does nothing where the database knows one.
func (d *DB) AdottaInstallazione(ctx context.Context, id string, adesso time.Time) error {
	return d.inTx(ctx, "first installation", func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, sqlUnaAllaVolta); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, sqlAdottaInstallazione, id, adesso)
		return err
	})
}

// Installazione tells whether the database knows that installation, and how many
// final dots it has counted so far.
func (d *DB) Installazione(ctx context.Context, id string) (nota bool, punti int64, err error) {
	if err := d.db.GetContext(ctx, &nota, sqlInstallazione, id); err != nil {
		return false, 0, fallito(ctx, "installation", err)
	}
	if err := d.db.GetContext(ctx, &punti, sqlPunti); err != nil {
		return false, 0, fallito(ctx, "final dots", err)
	}
	return nota, punti, nil
}

const sqlProssimoPunto = `
SELECT nextval('punti_finali')`

// ProssimoPunto counts a final dot and returns its number.
func (d *DB) ProssimoPunto(ctx context.Context) (n int64, err error) {
	if err := d.db.GetContext(ctx, &n, sqlProssimoPunto); err != nil {
		return 0, fallito(ctx, "count a final dot", err)
	}
	return n, nil
}

const (
	sqlConfermaInstallazione = `
INSERT INTO installazioni (id, confermata_il) VALUES ($1, $2)
ON CONFLICT ON CONSTRAINT installazioni_pkey DO UPDATE SET confermata_il = excluded.confermata_il`

	sqlPortaPunti = `
SELECT setval('punti_finali', greatest($1, (SELECT last_value FROM punti_finali)), true)`

	// what waited when the database was copied may have left since
	sqlDubbiDellaCopia = `
UPDATE spedizioni SET stato = 'esito-ignoto', proprietario = '', lease_fino = NULL,
    risposta = 'waiting when the database was restored or copied: it may have left since'
WHERE stato IN ('in-coda', 'in-invio', 'al-punto')`
)

// ConfermaInstallazione makes id known, brings the count of final dots to punti at
// least, and turns what waits in the outbox into doubts: the database was restored
// or copied, and nobody can tell what left after that. It returns how many messages
// are in doubt now because of it.
func (d *DB) ConfermaInstallazione(ctx context.Context, id string, punti int64, adesso time.Time) (dubbi int, err error) {
	err = d.inTx(ctx, "confirm installation", func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, sqlConfermaInstallazione, id, adesso); err != nil {
			return err
		}
		if punti > 0 {
			if _, err := tx.ExecContext(ctx, sqlPortaPunti, punti); err != nil {
				return fmt.Errorf("final dots: %w", err)
			}
		}
		n, err := righeToccate(tx.ExecContext(ctx, sqlDubbiDellaCopia))
		dubbi = int(n)
		return err
	})
	return dubbi, err
}
