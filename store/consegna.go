package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

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
	// The bytes come as one value, because as elements of an array they would be twice as
	// many. Who keeps the same files at the same time, in another order, waits.
	sqlMettiConsegne = `
WITH suo AS MATERIALIZED (SELECT id, pg_advisory_xact_lock(7284, id) AS preso FROM enti WHERE codice = $1)
INSERT INTO consegne (ente_id, file, contenuto, sha256, giorno)
SELECT suo.id, f.file, substr($4::bytea, f.da, f.quanti), f.sha256, $7
FROM suo, unnest($2::text[], $3::text[], $5::integer[], $6::integer[]) WITH ORDINALITY AS f (file, sha256, da, quanti, n)
ORDER BY f.n
ON CONFLICT ON CONSTRAINT consegne_contenuto_unico DO NOTHING
RETURNING id, ente_id, file, sha256, giorno, esito, rilievi`

	sqlRipetiConsegne = `
UPDATE consegne SET ripetuta_il = CASE WHEN $3 > giorno THEN greatest(ripetuta_il, $3) ELSE ripetuta_il END
WHERE ente_id = $1 AND sha256 = ANY($2::text[])
RETURNING id, ente_id, file, sha256, giorno, esito, rilievi`
)

// SaveConsegne keeps the bytes of files before anybody reads them: when it returns they
// are safe, all of them. The hand-ins come in the order of the files. The same bytes of
// the same ente are one hand-in: the second time it is the first one, not Nuova, with its
// file name, its day and what became of it; that they came again, and when last, is
// remembered, for an office that hands in what it has is not silent. It may be called by
// many at once.
// piano.ErrNonTrovato, wrapped, where the ente is unknown.
func (d *DB) SaveConsegne(ctx context.Context, ente string, documenti []piano.Documento, g piano.Giorno) ([]piano.Consegna, error) {
	var nomi, impronte []string
	var da, quanti []int64
	lunghi := 0
	for _, f := range documenti {
		lunghi += len(f.Contenuto)
	}
	tutto := make([]byte, 0, lunghi) // not nil: an empty file is not a missing one
	for _, f := range documenti {
		somma := sha256.Sum256(f.Contenuto)
		nomi, impronte = append(nomi, pulisci(f.File)), append(impronte, hex.EncodeToString(somma[:]))
		da, quanti = append(da, int64(len(tutto))+1), append(quanti, int64(len(f.Contenuto)))
		tutto = append(tutto, f.Contenuto...)
	}
	var righe []rigaConsegna
	p, err := d.pronte(ctx)
	if err != nil {
		return nil, fallito(ctx, "save consegne", err)
	}
	err = p[sqlMettiConsegne].SelectContext(ctx, &righe, ente, pq.Array(nomi), pq.Array(impronte), tutto, pq.Array(da), pq.Array(quanti), giorno{g})
	var consegne []piano.Consegna
	if err == nil {
		consegne, err = d.inOrdine(ctx, ente, impronte, righe, g)
	}
	if err != nil {
		return nil, fallito(ctx, fmt.Sprintf("save consegne: %q", nomi), err)
	}
	return consegne, nil
}

// inOrdine returns the hand-ins of those bytes in their order; nuove are the ones that
// were kept now.
func (d *DB) inOrdine(ctx context.Context, ente string, impronte []string, nuove []rigaConsegna, g piano.Giorno) ([]piano.Consegna, error) {
	note := map[string]piano.Consegna{}
	nota := func(righe []rigaConsegna, nuova bool) error {
		for _, r := range righe {
			c, err := r.consegna()
			if err != nil {
				return err
			}
			c.Nuova = nuova
			note[r.SHA256] = c
		}
		return nil
	}
	if err := nota(nuove, true); err != nil {
		return nil, err
	}
	var ripetute []string
	for _, i := range impronte {
		if _, nuova := note[i]; !nuova {
			ripetute = append(ripetute, i)
		}
	}
	if len(ripetute) > 0 {
		righe, err := d.ripetiConsegne(ctx, ente, ripetute, g)
		if err != nil {
			return nil, err
		}
		if err := nota(righe, false); err != nil {
			return nil, err
		}
	}
	consegne := make([]piano.Consegna, 0, len(impronte))
	for _, i := range impronte {
		c := note[i]
		consegne = append(consegne, c)
		c.Nuova = false // twice among the files: one is new
		note[i] = c
	}
	return consegne, nil
}

// ripetiConsegne notes that bytes came again that are there already.
func (d *DB) ripetiConsegne(ctx context.Context, ente string, impronte []string, g piano.Giorno) (righe []rigaConsegna, err error) {
	err = d.inTx(ctx, "again", func(tx *sqlx.Tx) error {
		e, err := enteDi(ctx, tx, ente)
		if err != nil {
			return err
		}
		return tx.SelectContext(ctx, &righe, sqlRipetiConsegne, e.ID, pq.Array(impronte), giorno{g})
	})
	return righe, err
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
