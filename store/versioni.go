package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/scadenzario/scadenzario/piano"
)

// schedaJSON is an objective with its cells, which piano keeps out of its JSON.
type schedaJSON struct {
	piano.Obiettivo
	Celle      map[string]string `json:"celle"`
	Indicatori []indicatoreJSON  `json:"indicatori"`
	Attivita   []attivitaJSON    `json:"attivita"`
	Risorse    []risorsaJSON     `json:"risorse_umane"`
}

type indicatoreJSON struct {
	piano.Indicatore
	Cella string `json:"cella"`
}

type attivitaJSON struct {
	piano.Attivita
	Cella string `json:"cella"`
}

type risorsaJSON struct {
	piano.RisorsaUmana
	Cella string `json:"cella"`
}

func schedaInJSON(o piano.Obiettivo) (string, error) {
	s := schedaJSON{Obiettivo: o, Celle: o.Celle}
	for _, i := range o.Indicatori {
		s.Indicatori = append(s.Indicatori, indicatoreJSON{i, i.Cella})
	}
	for _, a := range o.Attivita {
		s.Attivita = append(s.Attivita, attivitaJSON{a, a.Cella})
	}
	for _, r := range o.RisorseUmane {
		s.Risorse = append(s.Risorse, risorsaJSON{r, r.Cella})
	}
	return inJSON(s)
}

func schedaDaJSON(b []byte) (piano.Obiettivo, error) {
	var s schedaJSON
	if err := daJSON(b, &s); err != nil {
		return piano.Obiettivo{}, err
	}
	o := s.Obiettivo
	o.Celle, o.Indicatori, o.Attivita, o.RisorseUmane = s.Celle, nil, nil, nil
	for _, i := range s.Indicatori {
		i.Indicatore.Cella = i.Cella
		o.Indicatori = append(o.Indicatori, i.Indicatore)
	}
	for _, a := range s.Attivita {
		a.Attivita.Cella = a.Cella
		o.Attivita = append(o.Attivita, a.Attivita)
	}
	for _, r := range s.Risorse {
		r.RisorsaUmana.Cella = r.Cella
		o.RisorseUmane = append(o.RisorseUmane, r.RisorsaUmana)
	}
	return o, nil
}

const sqlPiuRecente = `
SELECT o.numero, c.file, c.giorno, c.aggiornata
FROM obiettivi o JOIN consegne c ON c.id = o.consegna_id
WHERE o.id = ANY($1) AND c.aggiornata > $2
ORDER BY c.aggiornata DESC, o.id LIMIT 1`

// nonVecchia refuses a hand-in that would put older content over newer.
func nonVecchia(ctx context.Context, tx *sqlx.Tx, f piano.Fonte, schede []*scheda) error {
	if f.Aggiornata.IsZero() || f.Forzata {
		return nil
	}
	var cambiate []int64
	for _, s := range schede {
		if s.memoria != nil && s.esito.Esito != piano.Invariata {
			cambiate = append(cambiate, s.memoria.id)
		}
	}
	if len(cambiate) == 0 {
		return nil
	}
	var r struct {
		Numero     string    `db:"numero"`
		File       string    `db:"file"`
		Giorno     giorno    `db:"giorno"`
		Aggiornata time.Time `db:"aggiornata"`
	}
	switch err := tx.GetContext(ctx, &r, sqlPiuRecente, pq.Array(cambiate), f.Aggiornata); {
	case err == nil:
		return &piano.ConsegnaVecchia{Numero: r.Numero, File: r.File, Giorno: r.Giorno.Giorno, Aggiornata: r.Aggiornata}
	case !errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("newer hand-ins: %w", err)
	}
	return nil
}

const sqlVersioni = `
SELECT v.scheda, v.giorno, v.atto, c.file
FROM versioni v
JOIN piani p ON p.id = v.piano_id
JOIN obiettivi o ON o.piano_id = v.piano_id AND o.chiave = v.chiave
JOIN consegne c ON c.id = v.consegna_id
WHERE p.ente_id = $1 AND o.numero = $2 AND p.anno = coalesce(nullif($3, 0),
    (SELECT max(q.anno) FROM piani q JOIN obiettivi r ON r.piano_id = q.id WHERE q.ente_id = $1 AND r.numero = $2))
ORDER BY v.id`

// Versioni returns what the hand-ins and the accepted variations left of an objective,
// oldest first: of the plan of that year, 0 for the newest that has the number.
// piano.ErrNonTrovato, wrapped, where there is no such objective.
func (d *DB) Versioni(ctx context.Context, ente, numero string, anno int) ([]piano.Versione, error) {
	e, err := enteDi(ctx, d.db, ente)
	if err != nil {
		return nil, fallito(ctx, "versions", err)
	}
	var righe []struct {
		Scheda []byte `db:"scheda"`
		Giorno giorno `db:"giorno"`
		Atto   string `db:"atto"`
		File   string `db:"file"`
	}
	if err := d.db.SelectContext(ctx, &righe, sqlVersioni, e.ID, numero, anno); err != nil {
		return nil, fallito(ctx, "versions", err)
	}
	if len(righe) == 0 {
		return nil, fmt.Errorf("objective %s: %w", numero, piano.ErrNonTrovato)
	}
	versioni := make([]piano.Versione, 0, len(righe))
	for _, r := range righe {
		o, err := schedaDaJSON(r.Scheda)
		if err != nil {
			return nil, err
		}
		versioni = append(versioni, piano.Versione{Scheda: o, File: r.File, Giorno: r.Giorno.Giorno, Atto: r.Atto})
	}
	return versioni, nil
}
