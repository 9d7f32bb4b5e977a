package store

import (
	"context"
	"fmt"
	"reflect"
	"strconv"
	"time"

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

// scrittura is what one transaction writes of a plan: all tables in one statement, for
// each round trip to the server costs as much as many rows.
type scrittura struct {
	bozze    []*scheda // written whole
	uguali   []int64   // objectives that the hand-in has as they are: only where they come from changes
	versioni []*scheda // of which is kept what they are now
	consegna int64     // where the objectives come from
	fonte    int64     // where the versions come from
	giorno   piano.Giorno
	atto     string
	chiude   *chiusura // nil where no hand-in is judged
}

// chiusura marks a hand-in as taken, for the settori whose cards it held.
type chiusura struct {
	consegna   int64
	settori    []int64
	rilievi    []piano.Rilievo
	aggiornata time.Time // zero where nothing says it
}

// scriviSchede writes the cards of drafts whole and the progress of the others, keeps
// their versions and closes the hand-in.
func scriviSchede(ctx context.Context, tx *sqlx.Tx, p pronte, schede []*scheda, consegna int64, f piano.Fonte, rilievi []piano.Rilievo) error {
	w := scrittura{versioni: schede, consegna: consegna, fonte: consegna, giorno: f.Giorno,
		chiude: &chiusura{consegna: consegna, rilievi: rilievi, aggiornata: f.Aggiornata}}
	var approvati []*obiettivo
	for _, s := range schede {
		w.chiude.settori = append(w.chiude.settori, s.settore)
		switch {
		case s.approvato && s.memoria != nil:
			approvati = append(approvati, s.memoria)
		case s.approvato:
		case s.memoria != nil && reflect.DeepEqual(conLuoghi(s.Obiettivo), conLuoghi(s.memoria.Obiettivo)):
			w.uguali = append(w.uguali, s.memoria.id)
		default:
			w.bozze = append(w.bozze, s)
		}
	}
	if len(approvati) > 0 {
		if err := scriviProgressi(ctx, tx, approvati, consegna, f.Giorno); err != nil {
			return err
		}
	}
	return w.esegui(ctx, tx, p)
}

// riga is an element of a card's list, with the card's place among those that are
// written, from 1, and its own.
type riga[T any] struct {
	scheda, ordine int64
	v              T
}

func righe[T any](schede []*scheda, lista func(piano.Obiettivo) []T) []riga[T] {
	var tutte []riga[T]
	for i, s := range schede {
		for n, v := range lista(s.Obiettivo) {
			tutte = append(tutte, riga[T]{int64(i + 1), int64(n), v})
		}
	}
	return tutte
}

func schedaDi[T any](r riga[T]) int64 { return r.scheda }
func ordineDi[T any](r riga[T]) int64 { return r.ordine }

// esegui writes. What a stored card no longer has goes first.
func (w scrittura) esegui(ctx context.Context, tx *sqlx.Tx, p pronte) error {
	if err := w.togli(ctx, tx); err != nil {
		return err
	}
	argomenti, err := w.obiettivi()
	if err != nil {
		return err
	}
	versioni, err := w.storia()
	if err != nil {
		return err
	}
	fine, err := w.fine()
	if err != nil {
		return err
	}
	argomenti = append(append(append(argomenti, w.elenchi()...), versioni...), fine...)
	if _, err := tx.StmtxContext(ctx, p.scrivi).ExecContext(ctx, argomenti...); err != nil {
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
	for _, s := range w.bozze {
		if s.memoria == nil {
			continue
		}
		id = append(id, s.memoria.id)
		for _, a := range s.Attivita {
			obiettivi, anni, chiavi = append(obiettivi, s.memoria.id), append(anni, int64(a.Anno)), append(chiavi, chiaveAttivita(a.Descrizione))
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

// sqlScrivi writes every table of the plan at once. Numbers that may be missing come as
// texts, "" for none.
const sqlScrivi = `
WITH scheda AS MATERIALIZED (
    SELECT piano_id, settore_id, chiave, numero, posto_ente, posto_settore, titolo, strategia, assessore, responsabile,
        strategicita, altri_settori, durata, portatori_di_interessi, descrizione, risultati_attesi, rinvio, foglio, celle, peso, n
    FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
        $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[], $18::text[],
        $19::text[], $20::text[]) WITH ORDINALITY
        AS s (piano_id, settore_id, chiave, numero, posto_ente, posto_settore, titolo, strategia, assessore, responsabile,
            strategicita, altri_settori, durata, portatori_di_interessi, descrizione, risultati_attesi, rinvio, foglio, celle, peso, n)
), scritto AS (
    INSERT INTO obiettivi (piano_id, settore_id, chiave, numero, posto_ente, posto_settore, titolo, strategia, assessore,
        responsabile, strategicita, altri_settori, durata, portatori_di_interessi, descrizione, risultati_attesi, rinvio,
        foglio, celle, consegna_id)
    SELECT piano_id, settore_id, chiave, numero, CAST(nullif(posto_ente, '') AS integer), CAST(nullif(posto_settore, '') AS integer),
        titolo, strategia, assessore, responsabile, CAST(nullif(strategicita, '') AS numeric), altri_settori, durata,
        portatori_di_interessi, descrizione, risultati_attesi, rinvio, foglio, CAST(celle AS jsonb), $21
    FROM scheda
    ON CONFLICT ON CONSTRAINT obiettivi_chiave_unica DO UPDATE SET
        numero = EXCLUDED.numero, posto_ente = EXCLUDED.posto_ente, posto_settore = EXCLUDED.posto_settore,
        titolo = EXCLUDED.titolo, strategia = EXCLUDED.strategia, assessore = EXCLUDED.assessore,
        responsabile = EXCLUDED.responsabile, strategicita = EXCLUDED.strategicita, altri_settori = EXCLUDED.altri_settori,
        durata = EXCLUDED.durata, portatori_di_interessi = EXCLUDED.portatori_di_interessi,
        descrizione = EXCLUDED.descrizione, risultati_attesi = EXCLUDED.risultati_attesi, rinvio = EXCLUDED.rinvio,
        foglio = EXCLUDED.foglio, celle = EXCLUDED.celle, consegna_id = EXCLUDED.consegna_id
    RETURNING id, piano_id, chiave
), uguali AS (
    UPDATE obiettivi SET consegna_id = $21 WHERE id = ANY($22)
), o AS MATERIALIZED (
    SELECT scritto.id, scheda.n, scheda.settore_id, scheda.peso FROM scritto JOIN scheda USING (piano_id, chiave)
), pesi_messi AS (
    INSERT INTO pesi (obiettivo_id, settore_id, peso) SELECT id, settore_id, CAST(peso AS numeric) FROM o WHERE peso <> ''
), indicatori_messi AS (
    INSERT INTO indicatori (obiettivo_id, ordine, descrizione, unita, valore_anno_precedente, target_anno, target_meta_anno,
        risultato_meta_anno, risultato_finale, cella)
    SELECT o.id, i.ordine, i.descrizione, i.unita, i.precedente, i.target, i.meta, i.risultato_meta, i.risultato, i.cella
    FROM unnest($23::integer[], $24::smallint[], $25::text[], $26::text[], $27::text[], $28::text[], $29::text[], $30::text[],
        $31::text[], $32::text[])
        AS i (n, ordine, descrizione, unita, precedente, target, meta, risultato_meta, risultato, cella) JOIN o ON o.n = i.n
), attivita_messe AS (
    INSERT INTO attivita (obiettivo_id, anno, chiave, ordine, descrizione, previsto, ottenuto, eseguito, cella)
    SELECT o.id, a.anno, a.chiave, a.ordine, a.descrizione, a.previsto, a.ottenuto, CAST(nullif(a.eseguito, '') AS boolean), a.cella
    FROM unnest($33::integer[], $34::smallint[], $35::text[], $36::smallint[], $37::text[], $38::smallint[], $39::smallint[],
        $40::text[], $41::text[])
        AS a (n, anno, chiave, ordine, descrizione, previsto, ottenuto, eseguito, cella) JOIN o ON o.n = a.n
    ON CONFLICT ON CONSTRAINT attivita_chiave_unica DO UPDATE SET
        ordine = EXCLUDED.ordine, descrizione = EXCLUDED.descrizione, previsto = EXCLUDED.previsto,
        ottenuto = EXCLUDED.ottenuto, eseguito = EXCLUDED.eseguito, cella = EXCLUDED.cella,
        progresso_il = CASE WHEN (attivita.ottenuto, attivita.eseguito) IS DISTINCT FROM (EXCLUDED.ottenuto, EXCLUDED.eseguito)
            THEN CAST($52 AS date) ELSE attivita.progresso_il END
), risorse_messe AS (
    INSERT INTO risorse_umane (obiettivo_id, ordine, ruolo, percentuale, cella)
    SELECT o.id, r.ordine, r.ruolo, CAST(nullif(r.percentuale, '') AS numeric), r.cella
    FROM unnest($42::integer[], $43::smallint[], $44::text[], $45::text[], $46::text[])
        AS r (n, ordine, ruolo, percentuale, cella) JOIN o ON o.n = r.n
), versioni_messe AS (
    INSERT INTO versioni (piano_id, chiave, consegna_id, giorno, atto, scheda, differenze)
    SELECT piano_id, chiave, $51, CAST($52 AS date), $53, CAST(scheda AS jsonb), CAST(differenze AS jsonb)
    FROM unnest($47::bigint[], $48::text[], $49::text[], $50::text[]) AS v (piano_id, chiave, scheda, differenze)
), settori_messi AS (
    INSERT INTO consegne_settori (consegna_id, settore_id)
    SELECT DISTINCT CAST($54 AS bigint), s FROM unnest($55::bigint[]) AS s
    ON CONFLICT DO NOTHING
)
UPDATE consegne SET esito = 'accolta', rilievi = CAST($56 AS jsonb), aggiornata = coalesce($57, aggiornata) WHERE id = $54`

// obiettivi are the arguments 1 to 22: the cards, where they come from, those that are
// as they were.
func (w scrittura) obiettivi() ([]any, error) {
	celle := make([]string, 0, len(w.bozze))
	for _, s := range w.bozze {
		testo, err := inJSON(s.Celle)
		if err != nil {
			return nil, err
		}
		celle = append(celle, testo)
	}
	testo := func(campo func(*scheda) string) any { return colonna(w.bozze, campo) }
	return []any{
		colonna(w.bozze, func(s *scheda) int64 { return s.pianoID }),
		colonna(w.bozze, func(s *scheda) int64 { return s.settore }),
		testo(func(s *scheda) string { return s.chiave }),
		testo(func(s *scheda) string { return s.Numero }),
		testo(func(s *scheda) string { return posto(s.Progressivo()) }),
		testo(func(s *scheda) string { return posto(s.Numero) }),
		testo(func(s *scheda) string { return s.Titolo }),
		testo(func(s *scheda) string { return s.Strategia }),
		testo(func(s *scheda) string { return s.Assessore }),
		testo(func(s *scheda) string { return s.Responsabile }),
		testo(func(s *scheda) string { return cifre(s.Strategicita) }),
		testo(func(s *scheda) string { return s.AltriSettori }),
		testo(func(s *scheda) string { return s.Durata }),
		testo(func(s *scheda) string { return s.PortatoriInteressi }),
		testo(func(s *scheda) string { return s.Descrizione }),
		testo(func(s *scheda) string { return s.RisultatiAttesi }),
		testo(func(s *scheda) string { return s.Rinvio }),
		testo(func(s *scheda) string { return s.Foglio }),
		pq.Array(celle),
		testo(func(s *scheda) string { return cifre(s.Peso) }),
		w.consegna, pq.Array(w.uguali),
	}, nil
}

// elenchi are the arguments 23 to 46: indicators, activities, people.
func (w scrittura) elenchi() []any {
	type (
		ind = riga[piano.Indicatore]
		att = riga[piano.Attivita]
		ris = riga[piano.RisorsaUmana]
	)
	i := righe(w.bozze, func(o piano.Obiettivo) []piano.Indicatore { return o.Indicatori })
	a := righe(w.bozze, func(o piano.Obiettivo) []piano.Attivita { return o.Attivita })
	r := righe(w.bozze, func(o piano.Obiettivo) []piano.RisorsaUmana { return o.RisorseUmane })
	return []any{
		colonna(i, schedaDi), colonna(i, ordineDi),
		colonna(i, func(r ind) string { return r.v.Descrizione }),
		colonna(i, func(r ind) string { return r.v.Unita }),
		colonna(i, func(r ind) string { return r.v.ValoreAnnoPrecedente }),
		colonna(i, func(r ind) string { return r.v.TargetAnno }),
		colonna(i, func(r ind) string { return r.v.TargetMetaAnno }),
		colonna(i, func(r ind) string { return r.v.RisultatoMetaAnno }),
		colonna(i, func(r ind) string { return r.v.RisultatoFinale }),
		colonna(i, func(r ind) string { return r.v.Cella }),

		colonna(a, schedaDi), colonna(a, func(r att) int64 { return int64(r.v.Anno) }),
		colonna(a, func(r att) string { return chiaveAttivita(r.v.Descrizione) }), colonna(a, ordineDi),
		colonna(a, func(r att) string { return r.v.Descrizione }),
		colonna(a, func(r att) int64 { return int64(r.v.Previsto) }),
		colonna(a, func(r att) int64 { return int64(r.v.Ottenuto) }),
		colonna(a, func(r att) string { return siNo(r.v.Eseguito) }),
		colonna(a, func(r att) string { return r.v.Cella }),

		colonna(r, schedaDi), colonna(r, ordineDi),
		colonna(r, func(r ris) string { return r.v.Ruolo }),
		colonna(r, func(r ris) string { return cifre(r.v.Percentuale) }),
		colonna(r, func(r ris) string { return r.v.Cella }),
	}
}

// storia are the arguments 47 to 53: what the objectives are now, of those that are not
// what they were.
func (w scrittura) storia() ([]any, error) {
	var piani []int64
	var chiavi, testi, differenze []string
	for _, s := range w.versioni {
		o := s.Obiettivo
		if s.approvato {
			if s.memoria == nil {
				continue
			}
			o = s.memoria.Obiettivo
		}
		if s.esito.Esito == piano.Invariata {
			continue
		}
		testo, err := schedaInJSON(o)
		if err != nil {
			return nil, err
		}
		diverse, err := inJSON(append([]piano.Differenza{}, s.esito.Differenze...))
		if err != nil {
			return nil, err
		}
		piani, chiavi, testi, differenze = append(piani, s.pianoID), append(chiavi, s.chiave), append(testi, testo), append(differenze, diverse)
	}
	return []any{pq.Array(piani), pq.Array(chiavi), pq.Array(testi), pq.Array(differenze), w.fonte, giorno{w.giorno}, w.atto}, nil
}

// fine are the arguments 54 to 57: the hand-in that is closed, nil for none.
func (w scrittura) fine() ([]any, error) {
	if w.chiude == nil {
		return []any{nil, pq.Array([]int64{}), "[]", nil}, nil
	}
	rilievi, err := inJSON(rilieviPuliti(w.chiude.rilievi))
	if err != nil {
		return nil, err
	}
	aggiornata := any(nil)
	if !w.chiude.aggiornata.IsZero() {
		aggiornata = w.chiude.aggiornata
	}
	return []any{w.chiude.consegna, pq.Array(w.chiude.settori), rilievi, aggiornata}, nil
}

// cifre writes a number for an array of texts, "" for none.
func cifre(d *piano.Decimale) string {
	if d == nil {
		return ""
	}
	return d.String()
}

// siNo writes a SI, NO or blank for an array of texts.
func siNo(b *bool) string {
	if b == nil {
		return ""
	}
	return strconv.FormatBool(*b)
}
