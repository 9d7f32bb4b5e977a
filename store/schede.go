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
	p, err := d.pronte(ctx)
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
		lette, err := caricaObiettivi(ctx, tx, p, piani, chiavi)
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

const (
	sqlCollocate = `
SELECT o.id, o.piano_id, o.chiave, c.file, c.giorno, p.approvato_il
FROM obiettivi o
JOIN piani p ON p.id = o.piano_id
JOIN settori s ON s.id = o.settore_id
JOIN consegne c ON c.id = o.consegna_id
WHERE p.ente_id = $1 AND p.anno = $2
ORDER BY lower(s.nome) COLLATE "C", o.posto_ente NULLS LAST, o.posto_settore NULLS LAST, o.id`

	// the last version of each objective that the approval found
	sqlAllApprovazione = `
SELECT DISTINCT ON (v.piano_id, v.chiave) v.piano_id, v.chiave, v.scheda, v.giorno, c.file
FROM versioni v
JOIN piani p ON p.id = v.piano_id
JOIN consegne c ON c.id = v.consegna_id
WHERE p.ente_id = $1 AND p.anno = $2 AND v.atto = '' AND v.giorno <= p.approvato_il
ORDER BY v.piano_id, v.chiave, v.id DESC`

	sqlUltimoPiano = `
SELECT coalesce(max(anno), 0) FROM piani WHERE ente_id = $1 AND ($2 = 0 OR anno = $2)`
)

// Collocate returns every objective of the plan of a year, 0 for the newest, with the
// hand-in that it comes from. piano.ErrNonTrovato, wrapped, where the ente is unknown.
func (d *DB) Collocate(ctx context.Context, ente string, anno int) (tutte []piano.Collocata, err error) {
	e, err := enteDi(ctx, d.db, ente)
	if err != nil {
		return nil, fallito(ctx, "collocate", err)
	}
	p, err := d.pronte(ctx)
	if err != nil {
		return nil, fallito(ctx, "collocate", err)
	}
	err = d.inTx(ctx, "objectives with their places", func(tx *sqlx.Tx) error {
		if err := tx.GetContext(ctx, &anno, sqlUltimoPiano, e.ID, anno); err != nil {
			return err
		}
		var righe []struct {
			ID        int64  `db:"id"`
			PianoID   int64  `db:"piano_id"`
			Chiave    string `db:"chiave"`
			File      string `db:"file"`
			Giorno    giorno `db:"giorno"`
			Approvato giorno `db:"approvato_il"`
		}
		if err := tx.SelectContext(ctx, &righe, sqlCollocate, e.ID, anno); err != nil {
			return err
		}
		posto := make(map[int64]int, len(righe))
		var piani []int64
		var chiavi []string
		tutte = make([]piano.Collocata, len(righe))
		for i, r := range righe {
			posto[r.ID] = i
			piani, chiavi = append(piani, r.PianoID), append(chiavi, r.Chiave)
			tutte[i] = piano.Collocata{File: r.File, Giorno: r.Giorno.Giorno, Approvato: r.Approvato.Giorno}
		}
		lette, err := caricaObiettivi(ctx, tx, p, piani, chiavi)
		if err != nil {
			return err
		}
		approvate, err := allApprovazione(ctx, tx, e.ID, anno)
		if err != nil {
			return err
		}
		for _, o := range lette {
			tutte[posto[o.id]].Obiettivo = o.Obiettivo
			tutte[posto[o.id]].Approvata = approvate[o.chiave]
		}
		return nil
	})
	return tutte, err
}

// allApprovazione returns, by key, the objectives as they stood when the plan of that
// year was approved; none for a draft.
func allApprovazione(ctx context.Context, tx *sqlx.Tx, ente, anno int) (map[string]*piano.Versione, error) {
	var righe []struct {
		PianoID int64  `db:"piano_id"`
		Chiave  string `db:"chiave"`
		Scheda  []byte `db:"scheda"`
		Giorno  giorno `db:"giorno"`
		File    string `db:"file"`
	}
	if err := tx.SelectContext(ctx, &righe, sqlAllApprovazione, ente, anno); err != nil {
		return nil, fmt.Errorf("objectives at the approval: %w", err)
	}
	per := make(map[string]*piano.Versione, len(righe))
	for _, r := range righe {
		o, err := schedaDaJSON(r.Scheda)
		if err != nil {
			return nil, err
		}
		per[r.Chiave] = &piano.Versione{Scheda: o, File: r.File, Giorno: r.Giorno.Giorno}
	}
	return per, nil
}
