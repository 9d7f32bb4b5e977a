package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/scadenzario/scadenzario/piano"
)

const sqlEnteDiConsegna = `
SELECT ente_id FROM consegne WHERE id = $1`

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
	var esiti []piano.EsitoObiettivo
	err := d.inTx(ctx, "save piano", func(tx *sqlx.Tx) error {
		var ente int
		err := tx.GetContext(ctx, &ente, sqlEnteDiConsegna, consegna)
		if errors.Is(err, sql.ErrNoRows) {
			err = piano.ErrNonTrovato
		}
		if err != nil {
			return fmt.Errorf("consegna %d: %w", consegna, err)
		}
		if err := unoPerEnte(ctx, tx, ente); err != nil {
			return err
		}
		c, err := bloccaConsegna(ctx, tx, consegna)
		if err != nil {
			return err
		}
		if c.Esito == string(piano.Accolta) {
			return fmt.Errorf("consegna %d: %w", consegna, piano.ErrGiaAccolta)
		}
		schede, err := preparaSchede(ctx, tx, ente, obiettivi)
		if err != nil {
			return err
		}
		if err := segnaAggiornata(ctx, tx, consegna, f, schede); err != nil {
			return err
		}
		if err := scriviSchede(ctx, tx, schede, consegna, f.Giorno); err != nil {
			return err
		}
		if err := scriviVersioni(ctx, tx, schede, consegna, f.Giorno, ""); err != nil {
			return err
		}
		if err := proponiVariazioni(ctx, tx, schede, consegna, f.Giorno); err != nil {
			return err
		}
		for _, s := range schede {
			esiti = append(esiti, s.esito)
		}
		return chiudiConsegna(ctx, tx, consegna, schede, rilievi)
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
	settori, err := settoriDi(ctx, tx, ente)
	if err != nil {
		return nil, err
	}
	piani, err := pianiDi(ctx, tx, ente, obiettivi)
	if err != nil {
		return nil, err
	}
	perNome := map[string]rigaSettore{}
	for _, s := range settori {
		perNome[s.Nome] = s
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
		schede = append(schede, &scheda{Obiettivo: o, chiave: chiaveObiettivo(o, settore.Codice), settore: settore.ID,
			pianoID: p.ID, approvato: p.Approvato.Giorno != piano.Giorno{}})
	}
	if err := abbinaMemoria(ctx, tx, schede); err != nil {
		return nil, err
	}
	for _, s := range schede {
		s.giudica()
	}
	return schede, nil
}

type rigaPiano struct {
	ID        int64  `db:"id"`
	Anno      int    `db:"anno"`
	Approvato giorno `db:"approvato_il"`
}

const (
	sqlMettiPiani = `
INSERT INTO piani (ente_id, anno) SELECT $1, anno FROM unnest($2::smallint[]) AS anno
ON CONFLICT ON CONSTRAINT piani_anno_unico DO NOTHING`

	sqlPiani = `
SELECT id, anno, approvato_il FROM piani WHERE ente_id = $1 AND anno = ANY($2)`
)

// pianiDi returns the plans of the years of the cards, and begins those that are
// not there yet.
func pianiDi(ctx context.Context, tx *sqlx.Tx, ente int, obiettivi []piano.Obiettivo) (map[int]rigaPiano, error) {
	var anni []int64
	for _, o := range obiettivi {
		anni = append(anni, int64(o.Anno))
	}
	if _, err := tx.ExecContext(ctx, sqlMettiPiani, ente, pq.Array(anni)); err != nil {
		return nil, fmt.Errorf("begin piani: %w", err)
	}
	var righe []rigaPiano
	if err := tx.SelectContext(ctx, &righe, sqlPiani, ente, pq.Array(anni)); err != nil {
		return nil, fmt.Errorf("piani: %w", err)
	}
	piani := map[int]rigaPiano{}
	for _, r := range righe {
		piani[r.Anno] = r
	}
	return piani, nil
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

const sqlMettiConsegneSettori = `
INSERT INTO consegne_settori (consegna_id, settore_id) SELECT DISTINCT $1::bigint, s FROM unnest($2::bigint[]) AS s
ON CONFLICT DO NOTHING`

// chiudiConsegna marks the hand-in as taken, for the settori whose cards it held.
func chiudiConsegna(ctx context.Context, tx *sqlx.Tx, consegna int64, schede []*scheda, rilievi []piano.Rilievo) error {
	var settori []int64
	for _, s := range schede {
		settori = append(settori, s.settore)
	}
	if _, err := tx.ExecContext(ctx, sqlMettiConsegneSettori, consegna, pq.Array(settori)); err != nil {
		return fmt.Errorf("settori of consegna %d: %w", consegna, err)
	}
	return giudicaConsegna(ctx, tx, consegna, piano.Accolta, rilievi)
}
