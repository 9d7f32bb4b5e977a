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
	sqlSessioneAperta = `
SELECT id FROM sessioni
WHERE ente_id = $1 AND chiusa_il IS NULL AND anno || '/' || genere || CASE genere WHEN 'anticorruzione' THEN '-' || numero ELSE '' END = $2
FOR UPDATE`

	sqlSettoreConCodice = `
SELECT id FROM settori WHERE ente_id = $1 AND codice = $2`

	sqlMettiStati = `
INSERT INTO sessioni_misure (sessione_id, settore_id, misura, stato, note, cella, consegna_id)
SELECT $1, $2, misura, stato, note, cella, $7
FROM unnest($3::bigint[], $4::text[], $5::text[], $6::text[]) AS r (misura, stato, note, cella)`

	sqlMisureSconosciute = `
SELECT r FROM unnest($1::bigint[]) AS r WHERE NOT EXISTS (SELECT FROM misure m WHERE m.id = r AND m.ente_id = $2)`
)

// SaveRisposteMisure takes a form of the measures into its session, whole or not at all,
// and marks the hand-in accolta. It returns the measures of the form that the ente no longer
// has, about which nobody asks. Its errors wrap piano.ErrGiaAccolta,
// piano.ErrSessioneChiusa where the session is not open, piano.ErrNonTrovato where the
// hand-in or the settore is unknown.
func (d *DB) SaveRisposteMisure(ctx context.Context, consegna int64, r piano.RisposteMisure, rilievi []piano.Rilievo) (sconosciute []int64, err error) {
	err = d.inTx(ctx, "take the measures in", func(tx *sqlx.Tx) error {
		c, err := bloccaConsegna(ctx, tx, consegna)
		if err != nil {
			return err
		}
		if c.Esito == string(piano.Accolta) {
			return fmt.Errorf("consegna %d: %w", consegna, piano.ErrGiaAccolta)
		}
		var sessione int64
		if err := tx.GetContext(ctx, &sessione, sqlSessioneAperta, c.EnteID, r.Sessione); errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("session %s: %w", r.Sessione, piano.ErrSessioneChiusa)
		} else if err != nil {
			return fmt.Errorf("session %s: %w", r.Sessione, err)
		}
		settore, err := settoreConCodice(ctx, tx, c.EnteID, r.Settore)
		if err != nil {
			return err
		}
		misure := colonna(r.Misure, func(m piano.RispostaMisura) int64 { return m.Misura })
		if err := tx.SelectContext(ctx, &sconosciute, sqlMisureSconosciute, misure, c.EnteID); err != nil {
			return fmt.Errorf("measures that are gone: %w", err)
		}
		_, err = tx.ExecContext(ctx, sqlMettiStati, sessione, settore, misure,
			colonna(r.Misure, func(m piano.RispostaMisura) string { return pulisci(m.Stato) }),
			colonna(r.Misure, func(m piano.RispostaMisura) string { return pulisci(m.Note) }),
			colonna(r.Misure, func(m piano.RispostaMisura) string { return m.Cella }), consegna)
		if err != nil {
			return fmt.Errorf("write the states: %w", err)
		}
		return giudicaConsegna(ctx, tx, consegna, piano.Accolta, rilievi)
	})
	return sconosciute, err
}

// settoreConCodice finds a settore by its code; NULL for UfficioAnticorruzione.
func settoreConCodice(ctx context.Context, tx *sqlx.Tx, ente int, codice string) (sql.NullInt64, error) {
	var id sql.NullInt64
	if codice == piano.Codice(piano.UfficioAnticorruzione) {
		return id, nil
	}
	err := tx.GetContext(ctx, &id, sqlSettoreConCodice, ente, codice)
	if errors.Is(err, sql.ErrNoRows) {
		err = piano.ErrNonTrovato
	}
	if err != nil {
		return id, fmt.Errorf("settore %q: %w", codice, err)
	}
	return id, nil
}

const sqlStatiMisure = `
SELECT coalesce(s.nome, $2) AS settore, m.misura, m.stato, m.note, m.cella, c.giorno
FROM sessioni_misure m JOIN consegne c ON c.id = m.consegna_id LEFT JOIN settori s ON s.id = m.settore_id
WHERE m.sessione_id = $1 AND c.giorno <= $3
ORDER BY s.ordine NULLS LAST, s.id, m.misura, c.giorno, c.id`

// StatiMisure returns all that was answered about the measures in a session up to that day,
// of each measure the oldest answer first.
func (d *DB) StatiMisure(ctx context.Context, sessione int64, finoA piano.Giorno) ([]piano.RispostaMisura, error) {
	var righe []struct {
		Settore string `db:"settore"`
		Misura  int64  `db:"misura"`
		Stato   string `db:"stato"`
		Note    string `db:"note"`
		Cella   string `db:"cella"`
		Giorno  giorno `db:"giorno"`
	}
	if err := d.db.SelectContext(ctx, &righe, sqlStatiMisure, sessione, piano.UfficioAnticorruzione, giorno{finoA}); err != nil {
		return nil, fallito(ctx, "states of measures", err)
	}
	stati := make([]piano.RispostaMisura, 0, len(righe))
	for _, r := range righe {
		stati = append(stati, piano.RispostaMisura{Settore: r.Settore, Misura: r.Misura, Stato: r.Stato, Note: r.Note, Cella: r.Cella, Giorno: r.Giorno.Giorno})
	}
	return stati, nil
}
