package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/scadenzario/scadenzario/piano"
)

type rigaConsegna struct {
	ID      int64  `db:"id"`
	EnteID  int    `db:"ente_id"`
	File    string `db:"file"`
	SHA256  string `db:"sha256"`
	Giorno  giorno `db:"giorno"`
	Esito   string `db:"esito"`
	Rilievi []byte `db:"rilievi"`
}

func (r rigaConsegna) consegna() (piano.Consegna, error) {
	c := piano.Consegna{ID: r.ID, File: r.File, SHA256: r.SHA256, Giorno: r.Giorno.Giorno, Esito: piano.EsitoConsegna(r.Esito)}
	return c, daJSON(r.Rilievi, &c.Rilievi)
}

const (
	sqlMettiConsegna = `
INSERT INTO consegne (ente_id, file, contenuto, sha256, giorno) SELECT id, $2, $3, $4, $5 FROM enti WHERE codice = $1
ON CONFLICT ON CONSTRAINT consegne_contenuto_unico DO NOTHING
RETURNING id, ente_id, file, sha256, giorno, esito, rilievi`

	sqlRipetiConsegna = `
UPDATE consegne SET ripetuta_il = CASE WHEN $3 > giorno THEN greatest(ripetuta_il, $3) ELSE ripetuta_il END
WHERE ente_id = $1 AND sha256 = $2
RETURNING id, ente_id, file, sha256, giorno, esito, rilievi`
)

// SaveConsegna keeps the bytes of a hand-in before anybody reads them: when it
// returns they are safe. The same bytes of the same ente are one hand-in: the
// second time nuova is false and c is the first one, with its file name, its day
// and what became of it; that they came again, and when last, is remembered, for
// an office that hands in what it has is not silent. It may be called by many at
// once.
// piano.ErrNonTrovato, wrapped, where the ente is unknown.
func (d *DB) SaveConsegna(ctx context.Context, ente, file string, contenuto []byte, g piano.Giorno) (c piano.Consegna, nuova bool, err error) {
	somma := sha256.Sum256(contenuto)
	impronta := hex.EncodeToString(somma[:])
	if contenuto == nil {
		contenuto = []byte{} // an empty file, not a missing one
	}
	var r rigaConsegna
	err = d.db.GetContext(ctx, &r, sqlMettiConsegna, ente, pulisci(file), contenuto, impronta, giorno{g})
	nuova = err == nil
	if errors.Is(err, sql.ErrNoRows) {
		r, err = d.ripetiConsegna(ctx, ente, impronta, g)
	}
	if err == nil {
		c, err = r.consegna()
	}
	if err != nil {
		return piano.Consegna{}, false, fallito(ctx, fmt.Sprintf("save consegna: file %q", file), err)
	}
	return c, nuova, nil
}

// ripetiConsegna notes that bytes came again that are there already.
func (d *DB) ripetiConsegna(ctx context.Context, ente, impronta string, g piano.Giorno) (r rigaConsegna, err error) {
	err = d.inTx(ctx, "again", func(tx *sqlx.Tx) error {
		e, err := enteDi(ctx, tx, ente)
		if err != nil {
			return err
		}
		return tx.GetContext(ctx, &r, sqlRipetiConsegna, e.ID, impronta, giorno{g})
	})
	return r, err
}

const sqlContenuto = `
SELECT contenuto FROM consegne WHERE id = $1`

// Contenuto returns the bytes of a hand-in, exactly as they came;
// piano.ErrNonTrovato, wrapped, where there is no such hand-in.
func (d *DB) Contenuto(ctx context.Context, consegna int64) ([]byte, error) {
	var b []byte
	err := d.db.GetContext(ctx, &b, sqlContenuto, consegna)
	if errors.Is(err, sql.ErrNoRows) {
		err = piano.ErrNonTrovato
	}
	if err != nil {
		return nil, fallito(ctx, fmt.Sprintf("contenuto of consegna %d", consegna), err)
	}
	return b, nil
}

const sqlBloccaConsegna = `
SELECT id, ente_id, file, sha256, giorno, esito, rilievi FROM consegne WHERE id = $1 FOR UPDATE`

// bloccaConsegna reads a hand-in and keeps others from judging it until the
// transaction ends.
func bloccaConsegna(ctx context.Context, tx *sqlx.Tx, id int64) (rigaConsegna, error) {
	return consegnaCon(ctx, tx, sqlBloccaConsegna, id)
}

// consegnaCon reads a hand-in by one of the queries for it; piano.ErrNonTrovato where there
// is none.
func consegnaCon(ctx context.Context, tx *sqlx.Tx, query string, id int64) (rigaConsegna, error) {
	var r rigaConsegna
	err := tx.GetContext(ctx, &r, query, id)
	if errors.Is(err, sql.ErrNoRows) {
		err = piano.ErrNonTrovato
	}
	if err != nil {
		return rigaConsegna{}, fmt.Errorf("consegna %d: %w", id, err)
	}
	return r, nil
}

const sqlGiudicaConsegna = `
UPDATE consegne SET esito = $2, rilievi = $3 WHERE id = $1`

func giudicaConsegna(ctx context.Context, tx *sqlx.Tx, id int64, esito piano.EsitoConsegna, rilievi []piano.Rilievo) error {
	testo, err := inJSON(rilieviPuliti(rilievi))
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, sqlGiudicaConsegna, id, string(esito), testo); err != nil {
		return fmt.Errorf("mark consegna %d %s: %w", id, esito, err)
	}
	return nil
}

// RespingiConsegna records that a hand-in was refused, and why; the plan is not
// touched. It may be called again, with other findings, as long as the hand-in is
// not accolta: then it fails with piano.ErrGiaAccolta, wrapped. piano.ErrNonTrovato
// where there is no such hand-in.
func (d *DB) RespingiConsegna(ctx context.Context, consegna int64, rilievi []piano.Rilievo) error {
	return d.inTx(ctx, "refuse consegna", func(tx *sqlx.Tx) error {
		r, err := bloccaConsegna(ctx, tx, consegna)
		if err != nil {
			return err
		}
		if r.Esito == string(piano.Accolta) {
			return fmt.Errorf("consegna %d: %w", consegna, piano.ErrGiaAccolta)
		}
		return giudicaConsegna(ctx, tx, consegna, piano.Respinta, rilievi)
	})
}

const sqlUltimeConsegne = `
SELECT s.nome, max(CASE WHEN c.ripetuta_il <= $2 THEN c.ripetuta_il ELSE c.giorno END) AS giorno
FROM consegne c
JOIN consegne_settori cs ON cs.consegna_id = c.id
JOIN settori s ON s.id = cs.settore_id
WHERE c.ente_id = $1 AND c.esito = 'accolta' AND c.giorno <= $2
GROUP BY s.nome`

// UltimeConsegne returns the day of each settore's last accepted hand-in up to
// and including finoA, by the settore's name; the same file again counts. A settore that handed nothing in is
// missing. piano.ErrNonTrovato, wrapped, where the ente is unknown.
func (d *DB) UltimeConsegne(ctx context.Context, ente string, finoA piano.Giorno) (map[string]piano.Giorno, error) {
	e, err := enteDi(ctx, d.db, ente)
	if err != nil {
		return nil, fallito(ctx, "last consegne", err)
	}
	var righe []struct {
		Nome   string `db:"nome"`
		Giorno giorno `db:"giorno"`
	}
	if err := d.db.SelectContext(ctx, &righe, sqlUltimeConsegne, e.ID, giorno{finoA}); err != nil {
		return nil, fallito(ctx, "last consegne", err)
	}
	ultime := make(map[string]piano.Giorno, len(righe))
	for _, r := range righe {
		ultime[r.Nome] = r.Giorno.Giorno
	}
	return ultime, nil
}

const sqlContaConsegne = `
SELECT esito, count(*) AS quante FROM consegne GROUP BY esito`

// ContaConsegne counts the hand-ins of all enti by what became of them; an outcome
// without any is missing.
func (d *DB) ContaConsegne(ctx context.Context) (map[piano.EsitoConsegna]int, error) {
	var righe []struct {
		Esito  string `db:"esito"`
		Quante int    `db:"quante"`
	}
	if err := d.db.SelectContext(ctx, &righe, sqlContaConsegne); err != nil {
		return nil, fallito(ctx, "count consegne", err)
	}
	conto := make(map[piano.EsitoConsegna]int, len(righe))
	for _, r := range righe {
		conto[piano.EsitoConsegna(r.Esito)] = r.Quante
	}
	return conto, nil
}
