package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/scadenzario/scadenzario/piano"
)

const (
	sqlPianoDi = `
SELECT id, coalesce(atto, '') AS atto, approvato_il FROM piani WHERE ente_id = $1 AND anno = $2 FOR UPDATE`

	sqlContaPiano = `
SELECT count(DISTINCT o.settore_id) AS settori, count(DISTINCT o.id) AS obiettivi, count(a.id) AS attivita
FROM obiettivi o LEFT JOIN attivita a ON a.obiettivo_id = o.id
WHERE o.piano_id = $1`

	sqlApprova = `
UPDATE piani SET atto = $2, approvato_il = $3 WHERE id = $1`
)

// ApprovaPiano makes the plan of that year binding, by that act and from that
// day, and returns how many settori, objectives and activities it has. The same
// act and day again change nothing. It fails, wrapped, with piano.ErrNonTrovato
// for an unknown ente, with ErrSenzaObiettivi where nothing was handed in for the
// year, and with ErrGiaApprovato where the plan was approved by another act or on
// another day. A plan is approved for good: what changes after it is a variation.
func (d *DB) ApprovaPiano(ctx context.Context, ente string, anno int, atto string, g piano.Giorno) (settori, obiettivi, attivita int, err error) {
	if atto = pulisci(piano.Piega(atto)); atto == "" || g.IsZero() {
		return 0, 0, 0, fmt.Errorf("approve piano %d: an act and a day are needed", anno)
	}
	err = d.inTx(ctx, fmt.Sprintf("approve piano %d", anno), func(tx *sqlx.Tx) error {
		e, err := enteDi(ctx, tx, ente)
		if err != nil {
			return err
		}
		if err := unoPerEnte(ctx, tx, e.ID); err != nil {
			return err
		}
		var p struct {
			ID        int64  `db:"id"`
			Atto      string `db:"atto"`
			Approvato giorno `db:"approvato_il"`
		}
		err = tx.GetContext(ctx, &p, sqlPianoDi, e.ID, anno)
		if errors.Is(err, sql.ErrNoRows) {
			err = ErrSenzaObiettivi
		}
		if err != nil {
			return err
		}
		if err := tx.QueryRowxContext(ctx, sqlContaPiano, p.ID).Scan(&settori, &obiettivi, &attivita); err != nil {
			return fmt.Errorf("count: %w", err)
		}
		switch {
		case obiettivi == 0:
			return ErrSenzaObiettivi
		case p.Approvato.Giorno == g && p.Atto == atto:
			return nil
		case !p.Approvato.IsZero():
			return fmt.Errorf("%w: by %s on %s", ErrGiaApprovato, p.Atto, p.Approvato)
		}
		if _, err := tx.ExecContext(ctx, sqlApprova, p.ID, atto, giorno{g}); err != nil {
			return fmt.Errorf("write the approval: %w", err)
		}
		return nil
	})
	if err != nil {
		return 0, 0, 0, err
	}
	return settori, obiettivi, attivita, nil
}
