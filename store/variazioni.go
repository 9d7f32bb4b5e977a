package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/scadenzario/scadenzario/piano"
)

const (
	// what waits, and what was refused: a wish refused once is not made again by the
	// same sheet
	sqlVariazioniNote = `
SELECT id, piano_id, chiave, campo, voce, differenza ->> 'dopo' AS dopo, stato
FROM variazioni WHERE piano_id = ANY($1) AND chiave = ANY($2) AND stato IN ('proposta', 'respinta')`

	sqlRitiraVariazioni = `
UPDATE variazioni SET stato = 'ritirata' WHERE id = ANY($1)`

	sqlProponiVariazioni = `
INSERT INTO variazioni (piano_id, settore_id, chiave, numero, titolo, consegna_id, giorno, campo, voce, differenza, scheda)
SELECT piano_id, settore_id, chiave, numero, titolo, consegna_id, $9, differenza ->> 'campo', coalesce(differenza ->> 'voce', ''), differenza, scheda
FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::jsonb[], $8::bigint[])
    AS v (piano_id, settore_id, chiave, numero, titolo, differenza, scheda, consegna_id)`
)

type desiderio struct {
	piano               int64
	chiave, campo, voce string
}

// proponiVariazioni sets aside what the cards want of approved plans: a wish that waits
// already is left, one that is wanted no more is withdrawn.
func proponiVariazioni(ctx context.Context, tx *sqlx.Tx, schede []*scheda, g piano.Giorno) error {
	var piani []int64
	var chiavi []string
	for _, s := range schede {
		if s.approvato {
			piani, chiavi = append(piani, s.pianoID), append(chiavi, s.chiave)
		}
	}
	if len(piani) == 0 {
		return nil
	}
	var note []struct {
		ID      int64  `db:"id"`
		PianoID int64  `db:"piano_id"`
		Chiave  string `db:"chiave"`
		Campo   string `db:"campo"`
		Voce    string `db:"voce"`
		Dopo    string `db:"dopo"`
		Stato   string `db:"stato"`
	}
	if err := tx.SelectContext(ctx, &note, sqlVariazioniNote, pq.Array(piani), pq.Array(chiavi)); err != nil {
		return fmt.Errorf("known variations: %w", err)
	}
	voluti := map[desiderio]piano.Differenza{}
	di := map[desiderio]*scheda{}
	var ordine []desiderio
	for _, s := range schede {
		for _, d := range s.variazioni {
			k := desiderio{s.pianoID, s.chiave, d.Campo, d.Voce}
			voluti[k], di[k], ordine = d, s, append(ordine, k)
		}
	}
	var ritirate []int64
	for _, n := range note {
		k := desiderio{n.PianoID, n.Chiave, n.Campo, n.Voce}
		d, vuole := voluti[k]
		uguale := vuole && piano.Normalizza(d.Dopo) == piano.Normalizza(n.Dopo)
		switch {
		case uguale:
			delete(voluti, k)
		case n.Stato == string(piano.Proposta) && toccata(schede, n.PianoID, n.Chiave):
			ritirate = append(ritirate, n.ID)
		}
	}
	if _, err := tx.ExecContext(ctx, sqlRitiraVariazioni, pq.Array(ritirate)); err != nil {
		return fmt.Errorf("withdraw variations: %w", err)
	}
	return inserisciVariazioni(ctx, tx, ordine, voluti, di, g)
}

func toccata(schede []*scheda, pianoID int64, chiave string) bool {
	for _, s := range schede {
		if s.pianoID == pianoID && s.chiave == chiave {
			return true
		}
	}
	return false
}

func inserisciVariazioni(ctx context.Context, tx *sqlx.Tx, ordine []desiderio, voluti map[desiderio]piano.Differenza, di map[desiderio]*scheda, g piano.Giorno) error {
	var nuovi []desiderio
	var differenze, testi []string
	for _, k := range ordine {
		d, ok := voluti[k]
		if !ok {
			continue
		}
		testo, err := inJSON(d)
		if err != nil {
			return err
		}
		var scheda documento
		scheda.scheda("", di[k].Obiettivo)
		nuovi, differenze, testi = append(nuovi, k), append(differenze, testo), append(testi, string(scheda))
	}
	if len(nuovi) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, sqlProponiVariazioni,
		colonna(nuovi, func(k desiderio) int64 { return k.piano }),
		colonna(nuovi, func(k desiderio) int64 { return di[k].settore }),
		colonna(nuovi, func(k desiderio) string { return k.chiave }),
		colonna(nuovi, func(k desiderio) string { return di[k].Numero }),
		colonna(nuovi, func(k desiderio) string { return di[k].Titolo }),
		pq.Array(differenze), pq.Array(testi), colonna(nuovi, func(k desiderio) int64 { return di[k].consegna }), giorno{g})
	if err != nil {
		return fmt.Errorf("propose variations: %w", err)
	}
	return nil
}

type rigaVariazione struct {
	ID         int64  `db:"id"`
	PianoID    int64  `db:"piano_id"`
	SettoreID  int64  `db:"settore_id"`
	Chiave     string `db:"chiave"`
	ConsegnaID int64  `db:"consegna_id"`
	Anno       int    `db:"anno"`
	Settore    string `db:"settore"`
	Numero     string `db:"numero"`
	Titolo     string `db:"titolo"`
	Differenza []byte `db:"differenza"`
	Scheda     []byte `db:"scheda"`
	File       string `db:"file"`
	Giorno     giorno `db:"giorno"`
	Stato      string `db:"stato"`
	Atto       string `db:"atto"`
	Deciso     giorno `db:"deciso_il"`
	Motivo     string `db:"motivo"`
}

func (r rigaVariazione) variazione() (piano.Variazione, error) {
	v := piano.Variazione{ID: r.ID, Anno: r.Anno, Settore: r.Settore, Numero: r.Numero, Titolo: r.Titolo, File: r.File,
		Giorno: r.Giorno.Giorno, Stato: piano.StatoVariazione(r.Stato), Atto: r.Atto, Deciso: r.Deciso.Giorno, Motivo: r.Motivo}
	return v, daJSON(r.Differenza, &v.Differenza)
}

const sqlVariazioni = `
SELECT v.id, v.piano_id, v.settore_id, v.chiave, v.consegna_id, p.anno, s.nome AS settore, v.numero, v.titolo, v.differenza, v.scheda,
    c.file, v.giorno, v.stato, v.atto, v.deciso_il, v.motivo
FROM variazioni v
JOIN piani p ON p.id = v.piano_id
JOIN settori s ON s.id = v.settore_id
JOIN consegne c ON c.id = v.consegna_id
WHERE p.ente_id = $1 AND ($2 OR v.stato = 'proposta') AND ($3::bigint[] IS NULL OR v.id = ANY($3))
ORDER BY v.id`

// Variazioni returns the changes of approved plans that wait for a decision, or all
// there ever were. piano.ErrNonTrovato, wrapped, where the ente is unknown.
func (d *DB) Variazioni(ctx context.Context, ente string, tutte bool) ([]piano.Variazione, error) {
	e, err := enteDi(ctx, d.db, ente)
	if err != nil {
		return nil, fallito(ctx, "variations", err)
	}
	var righe []rigaVariazione
	if err := d.db.SelectContext(ctx, &righe, sqlVariazioni, e.ID, tutte, nil); err != nil {
		return nil, fallito(ctx, "variations", err)
	}
	elenco := make([]piano.Variazione, 0, len(righe))
	for _, r := range righe {
		v, err := r.variazione()
		if err != nil {
			return nil, err
		}
		elenco = append(elenco, v)
	}
	return elenco, nil
}

// ErrGiaDecisa is the error for a variation that waits for no decision.
var ErrGiaDecisa = errors.New("it does not wait for a decision")

// attesa locks the variations of those ids, all of which must wait.
func attesa(ctx context.Context, tx *sqlx.Tx, ente int, id []int64) ([]rigaVariazione, error) {
	var righe []rigaVariazione
	if err := tx.SelectContext(ctx, &righe, sqlVariazioni+" FOR UPDATE OF v", ente, true, pq.Array(id)); err != nil {
		return nil, fmt.Errorf("variations: %w", err)
	}
	per := map[int64]rigaVariazione{}
	for _, r := range righe {
		per[r.ID] = r
	}
	for _, n := range id {
		r, ok := per[n]
		switch {
		case !ok:
			return nil, fmt.Errorf("variation %d: %w", n, piano.ErrNonTrovato)
		case r.Stato != string(piano.Proposta):
			return nil, fmt.Errorf("variation %d: %w: it is %s", n, ErrGiaDecisa, r.Stato)
		}
	}
	return righe, nil
}

const (
	sqlRespingiVariazioni = `
UPDATE variazioni SET stato = 'respinta', motivo = $2, deciso_il = $3 WHERE id = ANY($1)`

	sqlAccogliVariazioni = `
UPDATE variazioni SET stato = 'accolta', atto = $2, deciso_il = $3 WHERE id = ANY($1)`

	sqlConsegnaDi = `
SELECT consegna_id FROM obiettivi WHERE id = $1`
)

// RespingiVariazioni refuses changes of the plan, all of those ids or none. The same
// wish of the same sheet is not proposed again. Its errors wrap piano.ErrNonTrovato
// and ErrGiaDecisa.
func (d *DB) RespingiVariazioni(ctx context.Context, ente string, id []int64, motivo string, g piano.Giorno) error {
	return d.inTx(ctx, "refuse variations", func(tx *sqlx.Tx) error {
		e, err := enteDi(ctx, tx, ente)
		if err != nil {
			return err
		}
		if _, err := attesa(ctx, tx, e.ID, id); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, sqlRespingiVariazioni, pq.Array(id), pulisci(motivo), giorno{g})
		return err
	})
}

// AccogliVariazioni takes changes into the plan by that act, all of those ids or none.
// What the plan was stays readable in Versioni. Its errors wrap piano.ErrNonTrovato,
// ErrGiaDecisa and *AttivitaDoppia.
func (d *DB) AccogliVariazioni(ctx context.Context, ente string, id []int64, atto string, g piano.Giorno) error {
	p, err := d.pronte(ctx)
	if err != nil {
		return fallito(ctx, "accept variations", err)
	}
	return d.inTx(ctx, "accept variations", func(tx *sqlx.Tx) error {
		e, err := enteDi(ctx, tx, ente)
		if err != nil {
			return err
		}
		if err := unoPerEnte(ctx, tx, e.ID); err != nil {
			return err
		}
		righe, err := attesa(ctx, tx, e.ID, id)
		if err != nil {
			return err
		}
		for len(righe) > 0 {
			sue, altre := righe[:1:1], []rigaVariazione(nil)
			for _, r := range righe[1:] {
				if r.PianoID == sue[0].PianoID && r.Chiave == sue[0].Chiave {
					sue = append(sue, r)
				} else {
					altre = append(altre, r)
				}
			}
			if err := accogli(ctx, tx, p, sue, pulisci(atto), g); err != nil {
				return err
			}
			righe = altre
		}
		_, err = tx.ExecContext(ctx, sqlAccogliVariazioni, pq.Array(id), pulisci(atto), giorno{g})
		return err
	})
}

// accogli takes the variations of one objective into the plan.
func accogli(ctx context.Context, tx *sqlx.Tx, p pronte, sue []rigaVariazione, atto string, g piano.Giorno) error {
	memoria, err := caricaObiettivi(ctx, tx, p, []int64{sue[0].PianoID}, []string{sue[0].Chiave})
	if err != nil {
		return err
	}
	s := &scheda{chiave: sue[0].Chiave, settore: sue[0].SettoreID, pianoID: sue[0].PianoID, consegna: sue[0].ConsegnaID, fonte: sue[0].ConsegnaID, scrivi: true}
	s.esito.Esito = piano.Cambiata
	if len(memoria) > 0 {
		s.Obiettivo, s.memoria = memoria[0].Obiettivo, memoria[0]
		if err := tx.GetContext(ctx, &s.consegna, sqlConsegnaDi, memoria[0].id); err != nil {
			return fmt.Errorf("hand-in of %s: %w", s.Numero, err)
		}
	}
	for _, r := range sue {
		v, err := r.variazione()
		if err != nil {
			return err
		}
		voluta, err := schedaDaJSON(r.Scheda)
		if err != nil {
			return err
		}
		if v.Differenza.Campo == "obiettivo" {
			s.Obiettivo = voluta
		} else {
			s.Obiettivo = s.Applica(v.Differenza, voluta)
		}
		s.esito.Differenze = append(s.esito.Differenze, v.Differenza)
	}
	if s.chiavi, err = chiaviAttivita(s.Obiettivo); err != nil {
		return err
	}
	w := scrittura{schede: []*scheda{s}, giorno: g, atto: atto}
	return w.esegui(ctx, tx, p)
}
