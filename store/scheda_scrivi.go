package store

import (
	"context"
	"fmt"
	"reflect"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/scadenzario/scadenzario/piano"
)

// colonna makes an array parameter of one field of each element, for unnest.
func colonna[T, V any](lista []T, campo func(T) V) any { return pq.Array(ciascuno(lista, campo)) }

// ciascuno returns what f makes of each element.
func ciascuno[T, V any](lista []T, f func(T) V) []V {
	valori := make([]V, 0, len(lista))
	for _, e := range lista {
		valori = append(valori, f(e))
	}
	return valori
}

// scrittura is what one transaction writes of a plan: all tables in one statement and out
// of one document, for each round trip to the server costs as much as many rows, and a
// text is sent once that goes into a table and into a version.
type scrittura struct {
	schede []*scheda
	giorno piano.Giorno
	atto   string
	chiusi []*arrivo // marked as taken, each for the settori whose cards it holds
}

// scriviArrivi writes the cards of drafts whole and the progress of the others, keeps
// their versions, sets aside what must wait, and closes the hand-ins that are taken.
func scriviArrivi(ctx context.Context, tx *sqlx.Tx, p pronte, arrivi []*arrivo) error {
	w := scrittura{giorno: arrivi[0].Fonte.Giorno, schede: daPrendere(arrivi)}
	for _, a := range arrivi {
		if a.err == nil {
			w.chiusi = append(w.chiusi, a)
		}
	}
	if len(w.chiusi) == 0 {
		return nil
	}
	var approvati []*scheda
	for _, s := range w.schede {
		if s.approvato && s.memoria != nil {
			approvati = append(approvati, s)
		}
		s.scrivi = !s.approvato && (s.memoria == nil || !reflect.DeepEqual(conLuoghi(s.Obiettivo), conLuoghi(s.memoria.Obiettivo)))
	}
	if len(approvati) > 0 {
		if err := scriviProgressi(ctx, tx, approvati, w.giorno); err != nil {
			return err
		}
	}
	if err := w.esegui(ctx, tx, p); err != nil {
		return err
	}
	return proponiVariazioni(ctx, tx, w.schede, w.giorno)
}

// esegui writes. What a stored card no longer has goes first.
func (w scrittura) esegui(ctx context.Context, tx *sqlx.Tx, p pronte) error {
	if err := w.togli(ctx, tx); err != nil {
		return err
	}
	if err := w.uguali(ctx, tx); err != nil {
		return err
	}
	rilievi := 1
	for _, a := range w.chiusi {
		rilievi += len(a.Rilievi)
	}
	carte, err := documentoDi(w.schede, len(w.schede)*lungaCarta, (*scheda).carta)
	if err != nil {
		return err
	}
	chiusi, err := documentoDi(w.chiusi, rilievi*lungoRilievo, (*arrivo).chiusura)
	if err != nil {
		return err
	}
	if _, err := tx.StmtxContext(ctx, p[sqlScrivi]).ExecContext(ctx, []byte(carte), []byte(chiusi), giorno{w.giorno}, w.atto); err != nil {
		return fmt.Errorf("write the plan: %w", err)
	}
	return nil
}

// with the activity go its passages: it is not in the plan any more
const sqlTogli = `
WITH pesi_tolti AS (DELETE FROM pesi WHERE obiettivo_id = ANY($1)),
indicatori_tolti AS (DELETE FROM indicatori WHERE obiettivo_id = ANY($1)),
risorse_tolte AS (DELETE FROM risorse_umane WHERE obiettivo_id = ANY($1))
DELETE FROM attivita a
WHERE a.obiettivo_id = ANY($1) AND NOT EXISTS (
    SELECT 1 FROM unnest($2::bigint[], $3::smallint[], $4::text[]) AS scheda (obiettivo_id, anno, chiave)
    WHERE scheda.obiettivo_id = a.obiettivo_id AND scheda.anno = a.anno AND scheda.chiave = a.chiave)`

// togli removes what hangs on stored cards that are written anew, but the activities
// that they still have.
func (w scrittura) togli(ctx context.Context, tx *sqlx.Tx) error {
	var id, obiettivi, anni []int64
	var chiavi []string
	for _, s := range w.schede {
		if !s.scrivi || s.memoria == nil {
			continue
		}
		id = append(id, s.memoria.id)
		chiavi = append(chiavi, s.chiavi...)
		for _, a := range s.Attivita {
			obiettivi, anni = append(obiettivi, s.memoria.id), append(anni, int64(a.Anno))
		}
	}
	if len(id) == 0 {
		return nil
	}
	if _, err := tx.ExecContext(ctx, sqlTogli, pq.Array(id), pq.Array(obiettivi), pq.Array(anni), pq.Array(chiavi)); err != nil {
		return fmt.Errorf("remove what the cards no longer have: %w", err)
	}
	return nil
}

// sqlScrivi writes every table of the plan at once. $1 says of each card what becomes of
// it (carta), $2 of each hand-in that it is taken (chiusura).
const sqlScrivi = `
WITH carta AS MATERIALIZED (
    SELECT v, v -> 'scheda' AS scheda, CAST(v ->> 'piano' AS bigint) AS piano_id, coalesce(v ->> 'chiave', '') AS chiave,
        CAST(v ->> 'settore' AS bigint) AS settore_id, CAST(v ->> 'consegna' AS bigint) AS consegna_id
    FROM jsonb_array_elements($1::jsonb) AS v
), scritto AS (
    INSERT INTO obiettivi (piano_id, settore_id, chiave, numero, posto_ente, posto_settore, titolo, strategia, assessore,
        responsabile, strategicita, altri_settori, durata, portatori_di_interessi, descrizione, risultati_attesi, rinvio,
        foglio, celle, consegna_id)
    SELECT piano_id, settore_id, chiave, coalesce(scheda ->> 'numero', ''), CAST(v ->> 'posto_ente' AS integer),
        CAST(v ->> 'posto_settore' AS integer), coalesce(scheda ->> 'titolo', ''), coalesce(scheda ->> 'strategia', ''),
        coalesce(scheda ->> 'assessore', ''), coalesce(scheda ->> 'responsabile', ''), CAST(scheda ->> 'strategicita' AS numeric),
        coalesce(scheda ->> 'altri_settori', ''), coalesce(scheda ->> 'durata', ''),
        coalesce(scheda ->> 'portatori_di_interessi', ''), coalesce(scheda ->> 'descrizione', ''),
        coalesce(scheda ->> 'risultati_attesi', ''), coalesce(scheda ->> 'rinvio', ''), coalesce(scheda ->> 'foglio', ''),
        scheda -> 'celle', consegna_id
    FROM carta WHERE CAST(v ->> 'scrivi' AS boolean)
    ON CONFLICT ON CONSTRAINT obiettivi_chiave_unica DO UPDATE SET
        numero = EXCLUDED.numero, posto_ente = EXCLUDED.posto_ente, posto_settore = EXCLUDED.posto_settore,
        titolo = EXCLUDED.titolo, strategia = EXCLUDED.strategia, assessore = EXCLUDED.assessore,
        responsabile = EXCLUDED.responsabile, strategicita = EXCLUDED.strategicita, altri_settori = EXCLUDED.altri_settori,
        durata = EXCLUDED.durata, portatori_di_interessi = EXCLUDED.portatori_di_interessi,
        descrizione = EXCLUDED.descrizione, risultati_attesi = EXCLUDED.risultati_attesi, rinvio = EXCLUDED.rinvio,
        foglio = EXCLUDED.foglio, celle = EXCLUDED.celle, consegna_id = EXCLUDED.consegna_id
    RETURNING id, piano_id, chiave
), o AS MATERIALIZED (
    SELECT scritto.id, carta.settore_id, carta.scheda, carta.v FROM scritto JOIN carta USING (piano_id, chiave)
), pesi_messi AS (
    INSERT INTO pesi (obiettivo_id, settore_id, peso)
    SELECT id, settore_id, CAST(scheda ->> 'peso' AS numeric) FROM o WHERE scheda ->> 'peso' IS NOT NULL
), indicatori_messi AS (
    INSERT INTO indicatori (obiettivo_id, ordine, descrizione, unita, valore_anno_precedente, target_anno, target_meta_anno,
        risultato_meta_anno, risultato_finale, cella)
    SELECT o.id, i.n - 1, coalesce(i.v ->> 'descrizione', ''), coalesce(i.v ->> 'unita', ''),
        coalesce(i.v ->> 'valore_anno_precedente', ''), coalesce(i.v ->> 'target_anno', ''), coalesce(i.v ->> 'target_meta_anno', ''),
        coalesce(i.v ->> 'risultato_meta_anno', ''), coalesce(i.v ->> 'risultato_finale', ''), coalesce(i.v ->> 'cella', '')
    FROM o, jsonb_array_elements(o.scheda -> 'indicatori') WITH ORDINALITY AS i (v, n)
), attivita_messe AS (
    INSERT INTO attivita (obiettivo_id, anno, chiave, ordine, descrizione, previsto, ottenuto, eseguito, cella)
    SELECT o.id, CAST(a.v ->> 'anno' AS smallint), coalesce(a.k ->> 'chiave', ''), a.n - 1, coalesce(a.v ->> 'descrizione', ''),
        CAST(a.k ->> 'previsto' AS smallint), CAST(a.k ->> 'ottenuto' AS smallint), CAST(a.v ->> 'eseguito' AS boolean),
        coalesce(a.v ->> 'cella', '')
    FROM o, ROWS FROM (jsonb_array_elements(o.scheda -> 'attivita'), jsonb_array_elements(o.v -> 'attivita'))
        WITH ORDINALITY AS a (v, k, n)
    ON CONFLICT ON CONSTRAINT attivita_chiave_unica DO UPDATE SET
        ordine = EXCLUDED.ordine, descrizione = EXCLUDED.descrizione, previsto = EXCLUDED.previsto,
        ottenuto = EXCLUDED.ottenuto, eseguito = EXCLUDED.eseguito, cella = EXCLUDED.cella,
        progresso_il = CASE WHEN (attivita.ottenuto, attivita.eseguito) IS DISTINCT FROM (EXCLUDED.ottenuto, EXCLUDED.eseguito)
            THEN CAST($3 AS date) ELSE attivita.progresso_il END
), risorse_messe AS (
    INSERT INTO risorse_umane (obiettivo_id, ordine, ruolo, percentuale, cella)
    SELECT o.id, r.n - 1, coalesce(r.v ->> 'ruolo', ''), CAST(r.v ->> 'percentuale' AS numeric), coalesce(r.v ->> 'cella', '')
    FROM o, jsonb_array_elements(o.scheda -> 'risorse_umane') WITH ORDINALITY AS r (v, n)
), versioni_messe AS (
    INSERT INTO versioni (piano_id, chiave, consegna_id, giorno, atto, scheda, differenze)
    SELECT piano_id, chiave, CAST(v ->> 'fonte' AS bigint), CAST($3 AS date), $4, scheda, v -> 'differenze'
    FROM carta WHERE CAST(v ->> 'versione' AS boolean)
), chiuso AS MATERIALIZED (
    SELECT CAST(v ->> 'consegna' AS bigint) AS id, v -> 'rilievi' AS rilievi, CAST(v ->> 'aggiornata' AS timestamptz) AS aggiornata
    FROM jsonb_array_elements($2::jsonb) AS v
), settori_messi AS (
    INSERT INTO consegne_settori (consegna_id, settore_id)
    SELECT DISTINCT consegna_id, settore_id FROM carta JOIN chiuso ON chiuso.id = carta.consegna_id
    ON CONFLICT DO NOTHING
)
UPDATE consegne SET esito = 'accolta', rilievi = chiuso.rilievi, aggiornata = coalesce(chiuso.aggiornata, consegne.aggiornata)
FROM chiuso WHERE consegne.id = chiuso.id`

// carta writes what becomes of the card. scrivi: it replaces what is stored, with attivita,
// what a version does not say of activities: keys, and months as bits. versione: what the
// objective is now is kept, with its differenze. scheda: the objective, for either.
func (s *scheda) carta(d *documento) error {
	o, versione := s.Obiettivo, s.esito.Esito != piano.Invariata
	switch {
	case s.approvato && s.memoria == nil: // it waits for an act
		versione = false
	case s.approvato:
		o = s.memoria.Obiettivo
	}
	d.apre("", '{')
	d.intero("piano", s.pianoID)
	d.intero("settore", s.settore)
	d.testo("chiave", s.chiave)
	d.intero("consegna", s.consegna)
	d.intero("fonte", s.fonte)
	d.testo("posto_ente", posto(s.Progressivo()))
	d.testo("posto_settore", posto(s.Numero))
	d.vero("scrivi", s.scrivi)
	d.vero("versione", versione)
	if versione {
		if err := d.valore("differenze", append([]piano.Differenza{}, s.esito.Differenze...)); err != nil {
			return err
		}
	}
	if s.scrivi || versione {
		d.scheda("scheda", o)
	}
	if s.scrivi {
		d.apre("attivita", '[')
		for k, a := range s.Attivita {
			d.apre("", '{')
			d.testo("chiave", s.chiavi[k])
			d.intero("previsto", int64(a.Previsto))
			d.intero("ottenuto", int64(a.Ottenuto))
			d.chiude('}')
		}
		d.chiude(']')
	}
	d.chiude('}')
	return nil
}

func (a *arrivo) chiusura(d *documento) error {
	d.apre("", '{')
	d.intero("consegna", a.Consegna)
	d.rilievi("rilievi", rilieviPuliti(a.Rilievi))
	if !a.Fonte.Aggiornata.IsZero() {
		if err := d.valore("aggiornata", a.Fonte.Aggiornata); err != nil {
			return err
		}
	}
	d.chiude('}')
	return nil
}

const sqlUguali = `
UPDATE obiettivi SET consegna_id = u.consegna_id
FROM unnest($1::bigint[], $2::bigint[]) AS u (id, consegna_id) WHERE obiettivi.id = u.id`

// uguali notes where stored objectives come from that the cards leave as they are.
func (w scrittura) uguali(ctx context.Context, tx *sqlx.Tx) error {
	var id, consegne []int64
	for _, s := range w.schede {
		if !s.scrivi && !s.approvato && s.memoria != nil {
			id, consegne = append(id, s.memoria.id), append(consegne, s.consegna)
		}
	}
	if len(id) == 0 {
		return nil
	}
	if _, err := tx.ExecContext(ctx, sqlUguali, pq.Array(id), pq.Array(consegne)); err != nil {
		return fmt.Errorf("objectives as they were: %w", err)
	}
	return nil
}

// How long the document of a card and that of a finding mostly are, in bytes.
const (
	lungaCarta   = 4 << 10
	lungoRilievo = 400
)

// documentoDi is a document of what scrivi writes of each element, about that long.
func documentoDi[T any](lista []T, lungo int, scrivi func(T, *documento) error) (documento, error) {
	d := append(make(documento, 0, lungo+lungo/8), jsonb)
	d.apre("", '[')
	for _, v := range lista {
		if err := scrivi(v, &d); err != nil {
			return nil, err
		}
	}
	d.chiude(']')
	return d, nil
}
