package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/scadenzario/scadenzario/piano"
)

// the ente's lock before the hand-in's: what was committed while we waited for the one is
// seen through the other
const sqlPrendiConsegna = `
WITH sua AS MATERIALIZED (SELECT pg_advisory_xact_lock(7283, ente_id) AS presa FROM consegne WHERE id = $1)
SELECT c.id, c.ente_id, c.file, c.sha256, c.giorno, c.esito, c.rilievi
FROM consegne c, sua WHERE c.id = $1
FOR UPDATE OF c`

// SavePiano takes the cards of a hand-in into the plan in one transaction, whole
// or not at all, and marks the hand-in accolta with the findings. The settore of
// each card is the registry's name. It returns what became of each card, in their
// order. For a hand-in that is accolta already it fails with piano.ErrGiaAccolta,
// wrapped, and changes nothing.
//
// While the plan of the card's year is a draft, the card replaces the stored
// objective; an activity is found again by year and description, so it keeps its
// id, and one that the card no longer has is deleted. Once the plan is approved
// only progress is taken: the months obtained, ESEGUITO, the results. What else
// differs is named in DaVariare and waits among Variazioni; a new objective is not
// stored. Objectives that are not among the cards stay as they are. f.Giorno is the
// UltimoProgresso of an activity whose progress changed. What each objective is
// after that is kept (Versioni).
//
// It fails with *piano.NumeroAltrui for a card whose number belongs to another
// settore or to another card, with *piano.ConsegnaVecchia where the content is older
// than what it would change and f does not force it, with *AttivitaDoppia, and with piano.ErrNonTrovato
// for an unknown hand-in or settore; all wrapped.
func (d *DB) SavePiano(ctx context.Context, consegna int64, f piano.Fonte, obiettivi []piano.Obiettivo, rilievi []piano.Rilievo) ([]piano.EsitoObiettivo, error) {
	p, err := d.pronte(ctx)
	if err != nil {
		return nil, fallito(ctx, "save piano", err)
	}
	var esiti []piano.EsitoObiettivo
	err = d.inTx(ctx, "save piano", func(tx *sqlx.Tx) error {
		c, err := consegnaCon(ctx, tx, sqlPrendiConsegna, consegna)
		if err != nil {
			return err
		}
		if c.Esito == string(piano.Accolta) {
			return fmt.Errorf("consegna %d: %w", consegna, piano.ErrGiaAccolta)
		}
		schede, err := preparaSchede(ctx, tx, c.EnteID, obiettivi)
		if err != nil {
			return err
		}
		if err := nonVecchia(ctx, tx, f, schede); err != nil {
			return err
		}
		if err := scriviSchede(ctx, tx, p, schede, consegna, f, rilievi); err != nil {
			return err
		}
		if err := proponiVariazioni(ctx, tx, schede, consegna, f.Giorno); err != nil {
			return err
		}
		for _, s := range schede {
			esiti = append(esiti, s.esito)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return esiti, nil
}

// scheda is a card on its way into the plan.
type scheda struct {
	piano.Obiettivo        // as handed in, fit for the server
	chiave          string // within the plan
	settore         int64
	pianoID         int64
	approvato       bool       // its plan is: only progress may change
	memoria         *obiettivo // what is stored under that key, nil for nothing
	esito           piano.EsitoObiettivo
	variazioni      []piano.Differenza // what it wants of an approved plan
}

// preparaSchede looks up for each card its settore, its plan and what is stored
// under its number, refuses what cannot be taken, and decides what becomes of it.
func preparaSchede(ctx context.Context, tx *sqlx.Tx, ente int, obiettivi []piano.Obiettivo) ([]*scheda, error) {
	perNome, piani, err := dintorni(ctx, tx, ente, obiettivi)
	if err != nil {
		return nil, err
	}
	schede := make([]*scheda, 0, len(obiettivi))
	for _, o := range obiettivi {
		o = obiettivoPulito(o)
		settore, ok := perNome[o.Settore]
		if !ok {
			return nil, fmt.Errorf("objective %s: settore %q: %w", o.Numero, o.Settore, piano.ErrNonTrovato)
		}
		if err := senzaDoppie(o); err != nil {
			return nil, err
		}
		p := piani[o.Anno]
		schede = append(schede, &scheda{Obiettivo: o, chiave: chiaveObiettivo(o, settore.codice), settore: settore.id,
			pianoID: p.id, approvato: p.approvato})
	}
	if err := abbinaMemoria(ctx, tx, schede); err != nil {
		return nil, err
	}
	for _, s := range schede {
		s.giudica()
	}
	return schede, nil
}

type settoreNoto struct {
	id     int64
	codice string
}

type pianoNoto struct {
	id        int64
	approvato bool
}

const (
	sqlDintorni = `
SELECT 'settore' AS tipo, id, codice, nome FROM settori WHERE ente_id = $1
UNION ALL
SELECT CASE WHEN approvato_il IS NULL THEN 'bozza' ELSE 'piano' END, id, CAST(anno AS text), ''
FROM piani WHERE ente_id = $1 AND anno = ANY($2)`

	sqlMettiPiani = `
INSERT INTO piani (ente_id, anno) SELECT $1, anno FROM unnest($2::smallint[]) AS anno
ON CONFLICT ON CONSTRAINT piani_anno_unico DO NOTHING`
)

// dintorni returns what cards refer to: the settori of the ente by name, and the plans of
// the cards' years, of which it begins those that are not there yet.
func dintorni(ctx context.Context, tx *sqlx.Tx, ente int, obiettivi []piano.Obiettivo) (map[string]settoreNoto, map[int]pianoNoto, error) {
	anni := make([]int64, 0, len(obiettivi))
	for _, o := range obiettivi {
		anni = append(anni, int64(o.Anno))
	}
	slices.Sort(anni)
	anni = slices.Compact(anni)
	settori, piani := map[string]settoreNoto{}, map[int]pianoNoto{}
	for prova := 0; ; prova++ {
		var righe []struct {
			Tipo   string `db:"tipo"`
			ID     int64  `db:"id"`
			Codice string `db:"codice"`
			Nome   string `db:"nome"`
		}
		if err := tx.SelectContext(ctx, &righe, sqlDintorni, ente, pq.Array(anni)); err != nil {
			return nil, nil, fmt.Errorf("settori and piani: %w", err)
		}
		for _, r := range righe {
			if r.Tipo == "settore" {
				settori[r.Nome] = settoreNoto{r.ID, r.Codice}
				continue
			}
			anno, err := strconv.Atoi(r.Codice)
			if err != nil {
				return nil, nil, fmt.Errorf("year of piano %d: %w", r.ID, err)
			}
			piani[anno] = pianoNoto{r.ID, r.Tipo == "piano"}
		}
		if len(piani) == len(anni) || prova > 0 {
			return settori, piani, nil
		}
		if _, err := tx.ExecContext(ctx, sqlMettiPiani, ente, pq.Array(anni)); err != nil {
			return nil, nil, fmt.Errorf("begin piani: %w", err)
		}
	}
}

// abbinaMemoria gives each card what is stored under its number, and refuses the
// number of another settore or of another card of the same workbook.
func abbinaMemoria(ctx context.Context, tx *sqlx.Tx, schede []*scheda) error {
	type posto struct {
		piano  int64
		chiave string
	}
	var piani []int64
	var chiavi []string
	viste := map[posto]*scheda{}
	for _, s := range schede {
		p := posto{s.pianoID, s.chiave}
		if prima := viste[p]; prima != nil {
			return &piano.NumeroAltrui{Numero: s.Numero, Settore: prima.Settore}
		}
		viste[p] = s
		piani, chiavi = append(piani, s.pianoID), append(chiavi, s.chiave)
	}
	memoria, err := caricaObiettivi(ctx, tx, piani, chiavi)
	if err != nil {
		return err
	}
	for _, m := range memoria {
		s := viste[posto{m.pianoID, m.chiave}]
		if m.settoreID != s.settore {
			return &piano.NumeroAltrui{Numero: s.Numero, Settore: m.Settore}
		}
		s.memoria = m
	}
	return nil
}
