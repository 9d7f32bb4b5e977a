package store

import (
	"context"
	"fmt"

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

// nonVecchia refuses a hand-in that would put older content over newer.
func nonVecchia(f piano.Fonte, schede []*scheda) error {
	if f.Aggiornata.IsZero() || f.Forzata {
		return nil
	}
	var nuovo *obiettivo // the newest that is newer than the hand-in
	for _, s := range schede {
		m := s.memoria
		if m == nil || s.esito.Esito == piano.Invariata || !m.da.aggiornata.After(f.Aggiornata) {
			continue
		}
		if nuovo == nil || m.da.aggiornata.After(nuovo.da.aggiornata) {
			nuovo = m
		}
	}
	if nuovo == nil {
		return nil
	}
	return &piano.ConsegnaVecchia{Numero: nuovo.Numero, File: nuovo.da.file, Giorno: nuovo.da.giorno, Aggiornata: nuovo.da.aggiornata}
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
