package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/scadenzario/scadenzario/piano"
)

// the ente's lock before the hand-ins': what was committed while we waited for the one is
// seen through the other
const sqlPrendiConsegne = `
WITH suoi AS MATERIALIZED (
    SELECT pg_advisory_xact_lock(7283, ente_id) AS preso FROM (
        SELECT DISTINCT sua.ente_id
        FROM unnest($1::bigint[]) AS x (id) CROSS JOIN LATERAL (SELECT ente_id FROM consegne WHERE id = x.id OFFSET 0) AS sua
    ) AS e
)
SELECT c.id, c.ente_id, c.file, c.sha256, c.giorno, c.esito, c.rilievi
FROM consegne c WHERE c.id = ANY($1) AND EXISTS (SELECT FROM suoi)
ORDER BY c.id
FOR UPDATE OF c`

// SavePiani takes the cards of hand-ins of one ente into the plan and marks those hand-ins
// accolta with their findings: each whole or not at all, in their order, as many in one
// transaction as can be. What becomes of each is in its place; one that fails does not
// keep the others out. An error that is not among those below means that the database
// could not do its work.
//
// The settore of each card is the registry's name. While the plan of the card's year is a
// draft, the card replaces the stored objective; an activity is found again by year and
// description, so it keeps its id, and one that the card no longer has is deleted. Once
// the plan is approved only progress is taken: the months obtained, ESEGUITO, the results.
// What else differs is named in DaVariare and waits among Variazioni; a new objective is
// not stored. Objectives that are not among the cards stay as they are. Fonte.Giorno is the
// UltimoProgresso of an activity whose progress changed. What each objective is
// after that is kept (Versioni).
//
// Err is, wrapped: *piano.NumeroAltrui for a card whose number belongs to another settore
// or to another card, *piano.ConsegnaVecchia where the content is older than what it would
// change and Fonte does not force it, *AttivitaDoppia, piano.ErrGiaAccolta for a hand-in
// that was taken before, piano.ErrNonTrovato for an unknown hand-in or settore.
func (d *DB) SavePiani(ctx context.Context, arrivi []piano.Arrivo) []piano.EsitoArrivo {
	esiti := make([]piano.EsitoArrivo, 0, len(arrivi))
	for len(esiti) < len(arrivi) {
		resto := arrivi[len(esiti):]
		esiti = append(esiti, d.salvaInsieme(ctx, resto[:quantiInsieme(resto)])...)
	}
	return esiti
}

// quantiInsieme returns how many from the beginning one transaction can take: those of a
// day, without a card that an earlier one has too.
func quantiInsieme(arrivi []piano.Arrivo) int {
	type carta struct {
		anno   int
		chiave string
	}
	viste := map[carta]int{}
	for k, a := range arrivi {
		if a.Fonte.Giorno != arrivi[0].Fonte.Giorno {
			return k
		}
		for _, o := range a.Obiettivi {
			c := carta{o.Anno, chiaveObiettivo(o, o.Settore)}
			if prima, vista := viste[c]; vista && prima != k {
				return k
			}
			viste[c] = k
		}
	}
	return len(arrivi)
}

// salvaInsieme takes hand-ins in one transaction. Where the server refuses that, each has
// its own: what it does not like in one must not keep the others out.
func (d *DB) salvaInsieme(ctx context.Context, arrivi []piano.Arrivo) []piano.EsitoArrivo {
	var presi []*arrivo
	p, err := d.pronte(ctx)
	if err == nil {
		err = d.inTx(ctx, "save piano", func(tx *sqlx.Tx) error {
			var err error
			if presi, err = prendiArrivi(ctx, tx, p, arrivi); err != nil {
				return err
			}
			if err := preparaSchede(ctx, tx, p, presi); err != nil {
				return err
			}
			return scriviArrivi(ctx, tx, p, presi)
		})
	}
	if err != nil && len(arrivi) > 1 && errors.As(err, new(*pq.Error)) {
		var esiti []piano.EsitoArrivo
		for k := range arrivi {
			esiti = append(esiti, d.salvaInsieme(ctx, arrivi[k:k+1])...)
		}
		return esiti
	}
	esiti := make([]piano.EsitoArrivo, len(arrivi))
	for k := range esiti {
		switch {
		case err != nil:
			esiti[k].Err = err
		case presi[k].err != nil:
			esiti[k].Err = fallito(ctx, "save piano", presi[k].err)
		default:
			for _, s := range presi[k].schede {
				esiti[k].Esiti = append(esiti[k].Esiti, s.esito)
			}
		}
	}
	return esiti
}

// arrivo is a hand-in on its way into the plan.
type arrivo struct {
	piano.Arrivo
	ente   int
	schede []*scheda
	err    error // why nothing of it is taken
}

// scheda is a card on its way into the plan.
type scheda struct {
	piano.Obiettivo          // as handed in, fit for the server
	consegna        int64    // where it comes from, once it is in the plan
	fonte           int64    // where its version comes from
	chiave          string   // within the plan
	chiavi          []string // of its activities
	settore         int64
	pianoID         int64
	approvato       bool       // its plan is: only progress may change
	prima           bool       // its plan begins with it: nothing is stored there
	memoria         *obiettivo // what is stored under that key, nil for nothing
	scrivi          bool       // it replaces what is stored
	esito           piano.EsitoObiettivo
	variazioni      []piano.Differenza // what it wants of an approved plan
}

// prendiArrivi locks the ente and the hand-ins until the transaction ends, and cleans the
// cards of those that may be taken.
func prendiArrivi(ctx context.Context, tx *sqlx.Tx, p pronte, arrivi []piano.Arrivo) ([]*arrivo, error) {
	var righe []rigaConsegna
	id := colonna(arrivi, func(a piano.Arrivo) int64 { return a.Consegna })
	if err := tx.StmtxContext(ctx, p[sqlPrendiConsegne]).SelectContext(ctx, &righe, id); err != nil {
		return nil, fmt.Errorf("the hand-ins: %w", err)
	}
	note := map[int64]rigaConsegna{}
	for _, r := range righe {
		if r.EnteID != righe[0].EnteID {
			return nil, fmt.Errorf("consegne %d and %d are not of one ente", r.ID, righe[0].ID)
		}
		note[r.ID] = r
	}
	presi := make([]*arrivo, 0, len(arrivi))
	for _, a := range arrivi {
		c, nota := note[a.Consegna]
		preso := &arrivo{Arrivo: a, ente: c.EnteID}
		switch {
		case !nota:
			preso.err = fmt.Errorf("consegna %d: %w", a.Consegna, piano.ErrNonTrovato)
		case c.Esito == string(piano.Accolta):
			preso.err = fmt.Errorf("consegna %d: %w", a.Consegna, piano.ErrGiaAccolta)
		default:
			preso.pulisci()
		}
		presi = append(presi, preso)
	}
	return presi, nil
}

// pulisci makes the cards fit for the server, and refuses what is in them twice.
func (a *arrivo) pulisci() {
	viste := map[string]*scheda{}
	for _, o := range a.Obiettivi {
		s := &scheda{Obiettivo: obiettivoPulito(o), consegna: a.Consegna, fonte: a.Consegna}
		if s.chiavi, a.err = chiaviAttivita(s.Obiettivo); a.err != nil {
			return
		}
		chiave := strconv.Itoa(s.Anno) + "/" + chiaveObiettivo(s.Obiettivo, s.Settore)
		if prima := viste[chiave]; prima != nil {
			a.err = &piano.NumeroAltrui{Numero: s.Numero, Settore: prima.Settore}
			return
		}
		viste[chiave] = s
		a.schede = append(a.schede, s)
	}
}

// daPrendere returns the cards of the hand-ins that nothing speaks against so far.
func daPrendere(arrivi []*arrivo) (schede []*scheda) {
	for _, a := range arrivi {
		if a.err == nil {
			schede = append(schede, a.schede...)
		}
	}
	return schede
}

// preparaSchede looks up for each card its settore, its plan and what is stored
// under its number, refuses what cannot be taken, and decides what becomes of it.
func preparaSchede(ctx context.Context, tx *sqlx.Tx, p pronte, arrivi []*arrivo) error {
	if err := situa(ctx, tx, p, arrivi); err != nil {
		return err
	}
	if err := abbinaMemoria(ctx, tx, p, arrivi); err != nil {
		return err
	}
	for _, a := range arrivi {
		if a.err != nil {
			continue
		}
		for _, s := range a.schede {
			s.giudica()
		}
		a.err = nonVecchia(a.Fonte, a.schede)
	}
	return nil
}

type settoreNoto struct {
	id     int64
	codice string
}

type pianoNoto struct {
	id        int64
	approvato bool
	nuovo     bool // begun by this hand-in: nothing is stored in it
}

const (
	sqlDintorni = `
SELECT 'settore' AS tipo, id, codice, nome FROM settori WHERE ente_id = $1
UNION ALL
SELECT CASE WHEN approvato_il IS NULL THEN 'bozza' ELSE 'piano' END, id, CAST(anno AS text), ''
FROM piani WHERE ente_id = $1 AND anno = ANY($2)`

	sqlMettiPiani = `
INSERT INTO piani (ente_id, anno) SELECT DISTINCT CAST($1 AS integer), anno FROM unnest($2::smallint[]) AS anno
RETURNING id, anno`
)

// situa gives each card its settore and its plan; it begins those that are not there yet.
func situa(ctx context.Context, tx *sqlx.Tx, p pronte, arrivi []*arrivo) error {
	ente, anni := 0, []int64(nil)
	for _, a := range arrivi {
		ente = max(ente, a.ente)
		for _, s := range a.schede {
			anni = append(anni, int64(s.Anno))
		}
	}
	settori, piani, err := dintorni(ctx, tx, p, ente, anni)
	if err != nil {
		return err
	}
	for _, a := range arrivi {
		for _, s := range a.schede {
			settore, noto := settori[s.Settore]
			if !noto && a.err == nil {
				a.err = fmt.Errorf("objective %s: settore %q: %w", s.Numero, s.Settore, piano.ErrNonTrovato)
			}
			s.settore, s.chiave = settore.id, chiaveObiettivo(s.Obiettivo, settore.codice)
		}
	}
	schede := daPrendere(arrivi)
	if err := cominciaPiani(ctx, tx, ente, schede, piani); err != nil {
		return err
	}
	for _, s := range schede {
		suo := piani[s.Anno]
		s.pianoID, s.approvato, s.prima = suo.id, suo.approvato, suo.nuovo
	}
	return nil
}

// cominciaPiani begins the plans of the cards' years that are not among piani, and puts
// them there. Nobody else begins them: the ente is locked.
func cominciaPiani(ctx context.Context, tx *sqlx.Tx, ente int, schede []*scheda, piani map[int]pianoNoto) error {
	var anni []int64
	for _, s := range schede {
		if _, noto := piani[s.Anno]; !noto {
			anni = append(anni, int64(s.Anno))
		}
	}
	if len(anni) == 0 {
		return nil
	}
	var righe []struct {
		ID   int64 `db:"id"`
		Anno int   `db:"anno"`
	}
	if err := tx.SelectContext(ctx, &righe, sqlMettiPiani, ente, pq.Array(anni)); err != nil {
		return fmt.Errorf("begin piani: %w", err)
	}
	for _, r := range righe {
		piani[r.Anno] = pianoNoto{id: r.ID, nuovo: true}
	}
	return nil
}

// dintorni returns what cards refer to: the settori of the ente by name, and the plans of
// those years that are there.
func dintorni(ctx context.Context, tx *sqlx.Tx, p pronte, ente int, anni []int64) (map[string]settoreNoto, map[int]pianoNoto, error) {
	var righe []struct {
		Tipo   string `db:"tipo"`
		ID     int64  `db:"id"`
		Codice string `db:"codice"`
		Nome   string `db:"nome"`
	}
	if err := tx.StmtxContext(ctx, p[sqlDintorni]).SelectContext(ctx, &righe, ente, pq.Array(anni)); err != nil {
		return nil, nil, fmt.Errorf("settori and piani: %w", err)
	}
	settori, piani := map[string]settoreNoto{}, map[int]pianoNoto{}
	for _, r := range righe {
		if r.Tipo == "settore" {
			settori[r.Nome] = settoreNoto{r.ID, r.Codice}
			continue
		}
		anno, err := strconv.Atoi(r.Codice)
		if err != nil {
			return nil, nil, fmt.Errorf("year of piano %d: %w", r.ID, err)
		}
		piani[anno] = pianoNoto{id: r.ID, approvato: r.Tipo == "piano"}
	}
	return settori, piani, nil
}

// abbinaMemoria gives each card what is stored under its number, and refuses the
// number of another settore.
func abbinaMemoria(ctx context.Context, tx *sqlx.Tx, p pronte, arrivi []*arrivo) error {
	type posto struct {
		piano  int64
		chiave string
	}
	schede := daPrendere(arrivi)
	piani, chiavi := make([]int64, 0, len(schede)), make([]string, 0, len(schede))
	for _, s := range schede {
		if !s.prima {
			piani, chiavi = append(piani, s.pianoID), append(chiavi, s.chiave)
		}
	}
	if len(piani) == 0 {
		return nil
	}
	memoria, err := caricaObiettivi(ctx, tx, p, piani, chiavi)
	if err != nil {
		return err
	}
	per := make(map[posto]*obiettivo, len(memoria))
	for _, m := range memoria {
		per[posto{m.pianoID, m.chiave}] = m
	}
	for _, a := range arrivi {
		for _, s := range a.schede {
			s.memoria = per[posto{s.pianoID, s.chiave}]
			if m := s.memoria; m != nil && m.settoreID != s.settore && a.err == nil {
				a.err = &piano.NumeroAltrui{Numero: s.Numero, Settore: m.Settore}
			}
		}
	}
	return nil
}
