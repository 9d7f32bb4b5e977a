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
	sqlMettiIstantanea = `
INSERT INTO istantanee (messaggio_id, versione, dati) VALUES ($1, $2, $3)`

	sqlIstantanea = `
SELECT i.versione, i.dati
FROM istantanee i JOIN messaggi m ON m.id = i.messaggio_id JOIN enti e ON e.id = m.ente_id
WHERE e.codice = $1 AND m.tipo = $2 AND m.chiave = $3`

	sqlRiepiloghi = `
SELECT m.giorno, m.stati
FROM messaggi m JOIN enti e ON e.id = m.ente_id
WHERE e.codice = $1 AND m.tipo = 'riepilogo' AND m.giorno < $2
ORDER BY m.giorno DESC, m.id DESC LIMIT $3`
)

// salvaIstantanea keeps what a message was made of; its JSON must be text that
// PostgreSQL takes.
func salvaIstantanea(ctx context.Context, tx *sqlx.Tx, messaggio int64, i *piano.Istantanea) error {
	if i == nil {
		return nil
	}
	if _, err := tx.ExecContext(ctx, sqlMettiIstantanea, messaggio, pulisci(i.Versione), string(i.Dati)); err != nil {
		return fmt.Errorf("freeze what the message is made of: %w", err)
	}
	return nil
}

// Istantanea returns what the message under that key was made of; piano.ErrNonTrovato,
// wrapped, where there is no such message, or it kept nothing.
func (d *DB) Istantanea(ctx context.Context, ente string, tipo piano.TipoMessaggio, chiave string) (piano.Istantanea, error) {
	var r struct {
		Versione string `db:"versione"`
		Dati     []byte `db:"dati"`
	}
	err := d.db.GetContext(ctx, &r, sqlIstantanea, ente, string(tipo), chiave)
	if errors.Is(err, sql.ErrNoRows) {
		err = piano.ErrNonTrovato
	}
	if err != nil {
		return piano.Istantanea{}, fallito(ctx, fmt.Sprintf("data of %s %s of %s", tipo, chiave, ente), err)
	}
	return piano.Istantanea{Versione: r.Versione, Dati: r.Dati}, nil
}

// Riepiloghi returns the last n digests of the ente about days before primaDi, the
// newest first.
func (d *DB) Riepiloghi(ctx context.Context, ente string, primaDi piano.Giorno, n int) ([]piano.RiepilogoScritto, error) {
	var righe []struct {
		Giorno giorno `db:"giorno"`
		Stati  []byte `db:"stati"`
	}
	if err := d.db.SelectContext(ctx, &righe, sqlRiepiloghi, ente, giorno{primaDi}, n); err != nil {
		return nil, fallito(ctx, "digests before", err)
	}
	scritti := make([]piano.RiepilogoScritto, 0, len(righe))
	for _, r := range righe {
		s := piano.RiepilogoScritto{Al: r.Giorno.Giorno}
		if err := daJSON(r.Stati, &s.Stati); err != nil {
			return nil, fallito(ctx, "digests before", err)
		}
		scritti = append(scritti, s)
	}
	return scritti, nil
}
