package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/scadenzario/scadenzario/piano"
)

// colonna makes an array parameter of one field of each element, for unnest.
func colonna[T, V any](lista []T, campo func(T) V) any {
	valori := make([]V, 0, len(lista))
	for _, e := range lista {
		valori = append(valori, campo(e))
	}
	return pq.Array(valori)
}

// scriviSchede writes the cards of drafts whole and the progress of the others.
func scriviSchede(ctx context.Context, tx *sqlx.Tx, schede []*scheda, consegna int64, g piano.Giorno) error {
	var bozze []*scheda
	var approvati []*obiettivo
	for _, s := range schede {
		switch {
		case !s.approvato:
			bozze = append(bozze, s)
		case s.memoria != nil:
			approvati = append(approvati, s.memoria)
		}
	}
	if len(bozze) > 0 {
		if err := scriviBozze(ctx, tx, bozze, consegna, g); err != nil {
			return err
		}
	}
	if len(approvati) > 0 {
		return scriviProgressi(ctx, tx, approvati, consegna, g)
	}
	return nil
}

// riga is an element of a card's list with its objective and place.
type riga[T any] struct {
	obiettivo int64
	ordine    int
	v         T
}

func righe[T any](schede []*scheda, id []int64, lista func(piano.Obiettivo) []T) []riga[T] {
	var tutte []riga[T]
	for i, s := range schede {
		for n, v := range lista(s.Obiettivo) {
			tutte = append(tutte, riga[T]{id[i], n, v})
		}
	}
	return tutte
}

func obiettivoDi[T any](r riga[T]) int64 { return r.obiettivo }
func ordineDi[T any](r riga[T]) int      { return r.ordine }

func scriviBozze(ctx context.Context, tx *sqlx.Tx, schede []*scheda, consegna int64, g piano.Giorno) error {
	id, err := scriviObiettivi(ctx, tx, schede, consegna)
	if err != nil {
		return err
	}
	if err := scriviPesi(ctx, tx, schede, id); err != nil {
		return err
	}
	if err := scriviIndicatori(ctx, tx, id, righe(schede, id, func(o piano.Obiettivo) []piano.Indicatore { return o.Indicatori })); err != nil {
		return err
	}
	if err := scriviAttivita(ctx, tx, id, righe(schede, id, func(o piano.Obiettivo) []piano.Attivita { return o.Attivita }), g); err != nil {
		return err
	}
	return scriviRisorse(ctx, tx, id, righe(schede, id, func(o piano.Obiettivo) []piano.RisorsaUmana { return o.RisorseUmane }))
}

const sqlScriviObiettivi = `
INSERT INTO obiettivi (piano_id, settore_id, chiave, numero, posto_ente, posto_settore, titolo, strategia, assessore,
    responsabile, strategicita, altri_settori, durata, portatori_di_interessi, descrizione, risultati_attesi, rinvio,
    foglio, celle, consegna_id)
SELECT piano_id, settore_id, chiave, numero, posto_ente, posto_settore, titolo, strategia, assessore,
    responsabile, strategicita, altri_settori, durata, portatori_di_interessi, descrizione, risultati_attesi, rinvio,
    foglio, celle, $20
FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::integer[], $6::integer[], $7::text[], $8::text[],
    $9::text[], $10::text[], $11::numeric[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[],
    $18::text[], $19::jsonb[])
    AS scheda (piano_id, settore_id, chiave, numero, posto_ente, posto_settore, titolo, strategia, assessore,
        responsabile, strategicita, altri_settori, durata, portatori_di_interessi, descrizione, risultati_attesi, rinvio,
        foglio, celle)
ON CONFLICT ON CONSTRAINT obiettivi_chiave_unica DO UPDATE SET
    numero = EXCLUDED.numero, posto_ente = EXCLUDED.posto_ente, posto_settore = EXCLUDED.posto_settore,
    titolo = EXCLUDED.titolo, strategia = EXCLUDED.strategia, assessore = EXCLUDED.assessore,
    responsabile = EXCLUDED.responsabile, strategicita = EXCLUDED.strategicita, altri_settori = EXCLUDED.altri_settori,
    durata = EXCLUDED.durata, portatori_di_interessi = EXCLUDED.portatori_di_interessi,
    descrizione = EXCLUDED.descrizione, risultati_attesi = EXCLUDED.risultati_attesi, rinvio = EXCLUDED.rinvio,
    foglio = EXCLUDED.foglio, celle = EXCLUDED.celle, consegna_id = EXCLUDED.consegna_id
RETURNING id, piano_id, chiave`

// scriviObiettivi returns the objectives' ids in the order of the cards.
func scriviObiettivi(ctx context.Context, tx *sqlx.Tx, schede []*scheda, consegna int64) ([]int64, error) {
	celle := make([]string, 0, len(schede))
	for _, s := range schede {
		testo, err := inJSON(s.Celle)
		if err != nil {
			return nil, err
		}
		celle = append(celle, testo)
	}
	testo := func(campo func(*scheda) string) any { return colonna(schede, campo) }
	var scritti []struct {
		ID      int64  `db:"id"`
		PianoID int64  `db:"piano_id"`
		Chiave  string `db:"chiave"`
	}
	err := tx.SelectContext(ctx, &scritti, sqlScriviObiettivi,
		colonna(schede, func(s *scheda) int64 { return s.pianoID }),
		colonna(schede, func(s *scheda) int64 { return s.settore }),
		testo(func(s *scheda) string { return s.chiave }),
		testo(func(s *scheda) string { return s.Numero }),
		colonna(schede, func(s *scheda) *int64 { return posto(s.Progressivo()) }),
		colonna(schede, func(s *scheda) *int64 { return posto(s.Numero) }),
		testo(func(s *scheda) string { return s.Titolo }),
		testo(func(s *scheda) string { return s.Strategia }),
		testo(func(s *scheda) string { return s.Assessore }),
		testo(func(s *scheda) string { return s.Responsabile }),
		colonna(schede, func(s *scheda) decimale { return decimale{s.Strategicita} }),
		testo(func(s *scheda) string { return s.AltriSettori }),
		testo(func(s *scheda) string { return s.Durata }),
		testo(func(s *scheda) string { return s.PortatoriInteressi }),
		testo(func(s *scheda) string { return s.Descrizione }),
		testo(func(s *scheda) string { return s.RisultatiAttesi }),
		testo(func(s *scheda) string { return s.Rinvio }),
		testo(func(s *scheda) string { return s.Foglio }),
		pq.Array(celle), consegna)
	if err != nil {
		return nil, fmt.Errorf("write objectives: %w", err)
	}
	id := make([]int64, len(schede))
	for i, s := range schede {
		for _, r := range scritti {
			if r.PianoID == s.pianoID && r.Chiave == s.chiave {
				id[i] = r.ID
			}
		}
	}
	return id, nil
}

const (
	sqlTogliPesi = `
DELETE FROM pesi WHERE obiettivo_id = ANY($1)`

	sqlMettiPesi = `
INSERT INTO pesi (obiettivo_id, settore_id, peso)
SELECT obiettivo_id, settore_id, peso
FROM unnest($1::bigint[], $2::bigint[], $3::numeric[]) AS scheda (obiettivo_id, settore_id, peso)
WHERE peso IS NOT NULL`
)

func scriviPesi(ctx context.Context, tx *sqlx.Tx, schede []*scheda, id []int64) error {
	if _, err := tx.ExecContext(ctx, sqlTogliPesi, pq.Array(id)); err != nil {
		return fmt.Errorf("remove pesi: %w", err)
	}
	_, err := tx.ExecContext(ctx, sqlMettiPesi, pq.Array(id),
		colonna(schede, func(s *scheda) int64 { return s.settore }),
		colonna(schede, func(s *scheda) decimale { return decimale{s.Peso} }))
	if err != nil {
		return fmt.Errorf("write pesi: %w", err)
	}
	return nil
}

const (
	sqlTogliIndicatori = `
DELETE FROM indicatori WHERE obiettivo_id = ANY($1)`

	sqlMettiIndicatori = `
INSERT INTO indicatori (obiettivo_id, ordine, descrizione, unita, valore_anno_precedente, target_anno, target_meta_anno,
    risultato_meta_anno, risultato_finale, cella)
SELECT * FROM unnest($1::bigint[], $2::smallint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::text[], $10::text[])`
)

func scriviIndicatori(ctx context.Context, tx *sqlx.Tx, id []int64, lista []riga[piano.Indicatore]) error {
	if _, err := tx.ExecContext(ctx, sqlTogliIndicatori, pq.Array(id)); err != nil {
		return fmt.Errorf("remove indicatori: %w", err)
	}
	testo := func(campo func(piano.Indicatore) string) any {
		return colonna(lista, func(r riga[piano.Indicatore]) string { return campo(r.v) })
	}
	_, err := tx.ExecContext(ctx, sqlMettiIndicatori, colonna(lista, obiettivoDi), colonna(lista, ordineDi),
		testo(func(i piano.Indicatore) string { return i.Descrizione }),
		testo(func(i piano.Indicatore) string { return i.Unita }),
		testo(func(i piano.Indicatore) string { return i.ValoreAnnoPrecedente }),
		testo(func(i piano.Indicatore) string { return i.TargetAnno }),
		testo(func(i piano.Indicatore) string { return i.TargetMetaAnno }),
		testo(func(i piano.Indicatore) string { return i.RisultatoMetaAnno }),
		testo(func(i piano.Indicatore) string { return i.RisultatoFinale }),
		testo(func(i piano.Indicatore) string { return i.Cella }))
	if err != nil {
		return fmt.Errorf("write indicatori: %w", err)
	}
	return nil
}

const (
	// with the activity go its passages: it is not in the plan any more
	sqlTogliAttivita = `
DELETE FROM attivita a
WHERE a.obiettivo_id = ANY($1) AND NOT EXISTS (
    SELECT 1 FROM unnest($2::bigint[], $3::smallint[], $4::text[]) AS scheda (obiettivo_id, anno, chiave)
    WHERE scheda.obiettivo_id = a.obiettivo_id AND scheda.anno = a.anno AND scheda.chiave = a.chiave)`

	sqlMettiAttivita = `
INSERT INTO attivita (obiettivo_id, anno, chiave, ordine, descrizione, previsto, ottenuto, eseguito, cella)
SELECT * FROM unnest($1::bigint[], $2::smallint[], $3::text[], $4::smallint[], $5::text[], $6::smallint[], $7::smallint[],
    $8::boolean[], $9::text[])
ON CONFLICT ON CONSTRAINT attivita_chiave_unica DO UPDATE SET
    ordine = EXCLUDED.ordine, descrizione = EXCLUDED.descrizione, previsto = EXCLUDED.previsto,
    ottenuto = EXCLUDED.ottenuto, eseguito = EXCLUDED.eseguito, cella = EXCLUDED.cella,
    progresso_il = CASE WHEN (attivita.ottenuto, attivita.eseguito) IS DISTINCT FROM (EXCLUDED.ottenuto, EXCLUDED.eseguito)
        THEN CAST($10 AS date) ELSE attivita.progresso_il END`
)

func scriviAttivita(ctx context.Context, tx *sqlx.Tx, id []int64, lista []riga[piano.Attivita], g piano.Giorno) error {
	type r = riga[piano.Attivita]
	obiettivi, anni := colonna(lista, obiettivoDi), colonna(lista, func(r r) int { return r.v.Anno })
	chiavi := colonna(lista, func(r r) string { return chiaveAttivita(r.v.Descrizione) })
	if _, err := tx.ExecContext(ctx, sqlTogliAttivita, pq.Array(id), obiettivi, anni, chiavi); err != nil {
		return fmt.Errorf("remove attivita: %w", err)
	}
	_, err := tx.ExecContext(ctx, sqlMettiAttivita, obiettivi, anni, chiavi, colonna(lista, ordineDi),
		colonna(lista, func(r r) string { return r.v.Descrizione }),
		colonna(lista, func(r r) int { return int(r.v.Previsto) }),
		colonna(lista, func(r r) int { return int(r.v.Ottenuto) }),
		colonna(lista, func(r r) sql.NullBool { return booleano(r.v.Eseguito) }),
		colonna(lista, func(r r) string { return r.v.Cella }), giorno{g})
	if err != nil {
		return fmt.Errorf("write attivita: %w", err)
	}
	return nil
}

const (
	sqlTogliRisorse = `
DELETE FROM risorse_umane WHERE obiettivo_id = ANY($1)`

	sqlMettiRisorse = `
INSERT INTO risorse_umane (obiettivo_id, ordine, ruolo, percentuale, cella)
SELECT * FROM unnest($1::bigint[], $2::smallint[], $3::text[], $4::numeric[], $5::text[])`
)

func scriviRisorse(ctx context.Context, tx *sqlx.Tx, id []int64, lista []riga[piano.RisorsaUmana]) error {
	type r = riga[piano.RisorsaUmana]
	if _, err := tx.ExecContext(ctx, sqlTogliRisorse, pq.Array(id)); err != nil {
		return fmt.Errorf("remove risorse umane: %w", err)
	}
	_, err := tx.ExecContext(ctx, sqlMettiRisorse, colonna(lista, obiettivoDi), colonna(lista, ordineDi),
		colonna(lista, func(r r) string { return r.v.Ruolo }),
		colonna(lista, func(r r) decimale { return decimale{r.v.Percentuale} }),
		colonna(lista, func(r r) string { return r.v.Cella }))
	if err != nil {
		return fmt.Errorf("write risorse umane: %w", err)
	}
	return nil
}
