package store

import (
	"context"
	"time"

	"github.com/lib/pq"

	"github.com/scadenzario/scadenzario/piano"
)

// At once, then after 10, 20, 40 … minutes, at most a day: twelve times in some six
// days. A copy may come late; after that it does not.
const sqlDubbiDaCercare = `
WITH presi AS (
    UPDATE spedizioni SET cercate = cercate + 1, cercata_il = $1
    WHERE stato = 'esito-ignoto' AND cercate < 12
        AND (cercata_il IS NULL OR cercata_il + least(interval '5 minutes' * power(2, cercate), interval '1 day') <= $1)
    RETURNING id, messaggio_id, destinatario, risposta
)
SELECT p.id, p.destinatario, p.risposta, m.message_id FROM presi p JOIN messaggi m ON m.id = p.messaggio_id
ORDER BY p.id`

// DubbiDaCercare returns the messages in doubt whose copy is to be looked for in the
// witness mailbox now, each to one caller.
func (d *DB) DubbiDaCercare(ctx context.Context, adesso time.Time) ([]piano.InUscita, error) {
	var righe []struct {
		ID           int64  `db:"id"`
		Destinatario string `db:"destinatario"`
		Risposta     string `db:"risposta"`
		MessageID    string `db:"message_id"`
	}
	if err := d.db.SelectContext(ctx, &righe, sqlDubbiDaCercare, adesso); err != nil {
		return nil, fallito(ctx, "doubts to look for", err)
	}
	dubbi := make([]piano.InUscita, 0, len(righe))
	for _, r := range righe {
		dubbi = append(dubbi, piano.InUscita{ID: r.ID, Destinatario: r.Destinatario, Risposta: r.Risposta, MessageID: r.MessageID, Stato: piano.EsitoIgnoto})
	}
	return dubbi, nil
}

const (
	sqlChiarisciDubbi = `
UPDATE spedizioni SET stato = 'inviato', inviato_il = coalesce(punto_il, $2), risposta = 'delivered: its copy is in the witness mailbox'
WHERE id = ANY ($1) AND stato = 'esito-ignoto'`

	sqlAnnotaDubbi = `
UPDATE spedizioni SET risposta = split_part(risposta, '; witness: ', 1) || '; witness: ' || CAST($2 AS text)
WHERE id = ANY ($1) AND stato = 'esito-ignoto'`
)

// ChiarisciDubbi records that these messages in doubt were delivered: the witness has
// their copies. It returns how many still were in doubt.
func (d *DB) ChiarisciDubbi(ctx context.Context, id []int64, adesso time.Time) (int, error) {
	n, err := righeToccate(d.db.ExecContext(ctx, sqlChiarisciDubbi, pq.Array(id), adesso))
	if err != nil {
		return 0, fallito(ctx, "settle doubts", err)
	}
	return int(n), nil
}

// AnnotaDubbi records what the witness said about messages that stay in doubt, in the
// place of what it said before.
func (d *DB) AnnotaDubbi(ctx context.Context, id []int64, nota string) error {
	if _, err := d.db.ExecContext(ctx, sqlAnnotaDubbi, pq.Array(id), pulisci(nota)); err != nil {
		return fallito(ctx, "note about doubts", err)
	}
	return nil
}
