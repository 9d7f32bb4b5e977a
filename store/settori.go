package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/scadenzario/scadenzario/piano"
)

// abbina pairs each settore of the registry with its stored row: by code, else by
// name, so that a renamed settore keeps its objectives. A row is paired once. The
// id is 0 where the settore is new.
func abbina(nuovi []piano.Settore, righe []rigaSettore) []rigaSettore {
	coppie := make([]rigaSettore, len(nuovi))
	presi := map[int64]bool{}
	prova := func(uguale func(piano.Settore, rigaSettore) bool) {
		for i, s := range nuovi {
			for _, r := range righe {
				if coppie[i].ID == 0 && !presi[r.ID] && uguale(s, r) {
					coppie[i], presi[r.ID] = r, true
				}
			}
		}
	}
	prova(func(s piano.Settore, r rigaSettore) bool { return s.Codice == r.Codice })
	prova(func(s piano.Settore, r rigaSettore) bool { return s.Nome == r.Nome })
	return coppie
}

// salvaSettori makes the settori of the ente what the registry says, counts what
// it did in c, and returns their ids by name.
func salvaSettori(ctx context.Context, tx *sqlx.Tx, ente int, nuovi []piano.Settore, c *Cambi) (map[string]int64, error) {
	righe, err := settoriDi(ctx, tx, ente)
	if err != nil {
		return nil, err
	}
	coppie := abbina(nuovi, righe)
	for i, r := range coppie {
		s := nuovi[i]
		switch {
		case r.ID == 0:
			c.Settori.Aggiunti++
		case r.Attivo && r.Codice == s.Codice && r.Nome == s.Nome && r.Email == s.Email && slices.Equal(r.Alias, s.Alias):
			c.Settori.Invariati++
		default:
			c.Settori.Cambiati++
		}
	}
	if err := togliSettori(ctx, tx, righe, coppie, c); err != nil {
		return nil, err
	}
	return scriviSettori(ctx, tx, ente, nuovi, coppie)
}

const (
	// what carries a history is kept, but is not in force
	sqlConservaSettori = `
UPDATE settori s SET attivo = false
WHERE s.id = ANY($1) AND (EXISTS (SELECT 1 FROM obiettivi o WHERE o.settore_id = s.id)
    OR EXISTS (SELECT 1 FROM consegne_settori c WHERE c.settore_id = s.id))
RETURNING s.nome`

	sqlTogliSettori = `
DELETE FROM settori s
WHERE s.id = ANY($1) AND NOT EXISTS (SELECT 1 FROM obiettivi o WHERE o.settore_id = s.id)
    AND NOT EXISTS (SELECT 1 FROM consegne_settori c WHERE c.settore_id = s.id)`
)

// togliSettori removes the rows that are in no pair, and keeps those with a
// history.
func togliSettori(ctx context.Context, tx *sqlx.Tx, righe, coppie []rigaSettore, c *Cambi) error {
	var orfani []int64
	for _, r := range righe {
		if !slices.ContainsFunc(coppie, func(x rigaSettore) bool { return x.ID == r.ID }) {
			orfani = append(orfani, r.ID)
		}
	}
	if len(orfani) == 0 {
		return nil
	}
	if err := tx.SelectContext(ctx, &c.Conservati, sqlConservaSettori, pq.Array(orfani)); err != nil {
		return fmt.Errorf("keep settori: %w", err)
	}
	slices.Sort(c.Conservati)
	c.Settori.Tolti = len(orfani) - len(c.Conservati)
	if _, err := tx.ExecContext(ctx, sqlTogliSettori, pq.Array(orfani)); err != nil {
		return fmt.Errorf("remove settori: %w", err)
	}
	return nil
}

const (
	sqlCambiaSettore = `
UPDATE settori SET ordine = $2, codice = $3, nome = $4, alias = $5, email = $6, attivo = true WHERE id = $1`

	sqlMettiSettore = `
INSERT INTO settori (ente_id, ordine, codice, nome, alias, email, attivo)
VALUES ($1, $2, $3, $4, $5, $6, true) RETURNING id`
)

// scriviSettori writes them one by one, because alias is a list in each: they
// are a dozen.
func scriviSettori(ctx context.Context, tx *sqlx.Tx, ente int, nuovi []piano.Settore, coppie []rigaSettore) (map[string]int64, error) {
	id := map[string]int64{}
	for i, s := range nuovi {
		var err error
		n := coppie[i].ID
		if n != 0 {
			_, err = tx.ExecContext(ctx, sqlCambiaSettore, n, i, s.Codice, s.Nome, pq.Array(s.Alias), s.Email)
		} else {
			err = tx.GetContext(ctx, &n, sqlMettiSettore, ente, i, s.Codice, s.Nome, pq.Array(s.Alias), s.Email)
		}
		if err != nil {
			return nil, fmt.Errorf("write settore %q: %w", s.Nome, err)
		}
		id[s.Nome] = n
	}
	return id, nil
}

const sqlUnoPerEnte = `
SELECT pg_advisory_xact_lock(7283, $1)`

// unoPerEnte waits until no other transaction changes the plan or the registry of
// that ente, and holds the others off until this one ends.
func unoPerEnte(ctx context.Context, tx *sqlx.Tx, ente int) error {
	if _, err := tx.ExecContext(ctx, sqlUnoPerEnte, ente); err != nil {
		return fmt.Errorf("wait for the ente's other transactions: %w", err)
	}
	return nil
}
