package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/scadenzario/scadenzario/piano"
)

const (
	sqlAvanzaObiettivi = `
UPDATE obiettivi o SET consegna_id = scheda.consegna_id, foglio = scheda.foglio, celle = scheda.celle
FROM unnest($1::bigint[], $2::text[], $3::jsonb[], $4::bigint[]) AS scheda (id, foglio, celle, consegna_id)
WHERE o.id = scheda.id`

	sqlAvanzaIndicatori = `
UPDATE indicatori i SET risultato_meta_anno = scheda.meta, risultato_finale = scheda.finale, cella = scheda.cella
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) AS scheda (id, meta, finale, cella)
WHERE i.id = scheda.id`

	sqlAvanzaAttivita = `
UPDATE attivita a SET ottenuto = scheda.ottenuto, eseguito = scheda.eseguito, cella = scheda.cella,
    progresso_il = CASE WHEN (a.ottenuto, a.eseguito) IS DISTINCT FROM (scheda.ottenuto, scheda.eseguito)
        THEN CAST($5 AS date) ELSE a.progresso_il END
FROM unnest($1::bigint[], $2::smallint[], $3::boolean[], $4::text[]) AS scheda (id, ottenuto, eseguito, cella)
WHERE a.id = scheda.id`
)

// scriviProgressi writes what avanza changed in objectives of approved plans: the
// progress, and where it stands in the hand-in.
func scriviProgressi(ctx context.Context, tx *sqlx.Tx, schede []*scheda, g piano.Giorno) error {
	var idIndicatori, idAttivita []int64
	var indicatori []piano.Indicatore
	var attivita []piano.Attivita
	celle := make([]string, 0, len(schede))
	for _, s := range schede {
		o := s.memoria
		idIndicatori, indicatori = append(idIndicatori, o.idIndicatori...), append(indicatori, o.Indicatori...)
		idAttivita, attivita = append(idAttivita, o.idAttivita...), append(attivita, o.Attivita...)
		testo, err := inJSON(o.Celle)
		if err != nil {
			return err
		}
		celle = append(celle, testo)
	}
	_, err := tx.ExecContext(ctx, sqlAvanzaObiettivi, colonna(schede, func(s *scheda) int64 { return s.memoria.id }),
		colonna(schede, func(s *scheda) string { return s.memoria.Foglio }), pq.Array(celle), colonna(schede, func(s *scheda) int64 { return s.consegna }))
	if err != nil {
		return fmt.Errorf("progress of objectives: %w", err)
	}
	_, err = tx.ExecContext(ctx, sqlAvanzaIndicatori, pq.Array(idIndicatori),
		colonna(indicatori, func(i piano.Indicatore) string { return i.RisultatoMetaAnno }),
		colonna(indicatori, func(i piano.Indicatore) string { return i.RisultatoFinale }),
		colonna(indicatori, func(i piano.Indicatore) string { return i.Cella }))
	if err != nil {
		return fmt.Errorf("progress of indicatori: %w", err)
	}
	_, err = tx.ExecContext(ctx, sqlAvanzaAttivita, pq.Array(idAttivita),
		colonna(attivita, func(a piano.Attivita) int { return int(a.Ottenuto) }),
		colonna(attivita, func(a piano.Attivita) sql.NullBool { return booleano(a.Eseguito) }),
		colonna(attivita, func(a piano.Attivita) string { return a.Cella }), giorno{g})
	if err != nil {
		return fmt.Errorf("progress of attivita: %w", err)
	}
	return nil
}
