package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/scadenzario/scadenzario/piano"
)

const sqlChiaviDelSettore = `
SELECT o.piano_id, o.chiave
FROM obiettivi o
JOIN piani p ON p.id = o.piano_id
JOIN settori s ON s.id = o.settore_id
WHERE p.ente_id = $1 AND p.anno = $2 AND s.nome = $3
ORDER BY o.posto_settore, o.posto_ente, o.chiave`

// Schede returns the objectives of a settore in the plan of a year as they are now,
// in the order of their numbers; none where the plan has none. settore is the
// registry's name. piano.ErrNonTrovato, wrapped, where the ente is unknown.
func (d *DB) Schede(ctx context.Context, ente, settore string, anno int) (schede []piano.Obiettivo, err error) {
	e, err := enteDi(ctx, d.db, ente)
	if err != nil {
		return nil, fallito(ctx, "schede", err)
	}
	err = d.inTx(ctx, fmt.Sprintf("schede of %s", settore), func(tx *sqlx.Tx) error {
		var righe []struct {
			PianoID int64  `db:"piano_id"`
			Chiave  string `db:"chiave"`
		}
		if err := tx.SelectContext(ctx, &righe, sqlChiaviDelSettore, e.ID, anno, settore); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		posto := map[string]int{}
		var piani []int64
		var chiavi []string
		for i, r := range righe {
			posto[r.Chiave] = i
			piani, chiavi = append(piani, r.PianoID), append(chiavi, r.Chiave)
		}
		lette, err := caricaObiettivi(ctx, tx, piani, chiavi)
		if err != nil {
			return err
		}
		schede = make([]piano.Obiettivo, len(lette))
		for _, o := range lette {
			schede[posto[o.chiave]] = o.Obiettivo
		}
		return nil
	})
	return schede, err
}
