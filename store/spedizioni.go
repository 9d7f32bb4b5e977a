package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/scadenzario/scadenzario/piano"
)

// The invariant that makes sending safe (RELIABILITY.md, "One message per key"):
// a row leaves al-punto only with an answer of the server, or as esito-ignoto,
// and nothing takes esito-ignoto up again. So between two final dots for one row
// there is always a definite refusal.

type rigaSpedizione struct {
	ID                int64     `db:"id"`
	Destinatario      string    `db:"destinatario"`
	MessageID         string    `db:"message_id"`
	MIME              []byte    `db:"mime"`
	Stato             string    `db:"stato"`
	Tentativi         int       `db:"tentativi"`
	PrimoTentativo    time.Time `db:"primo_tentativo"`
	Fermate           int       `db:"fermate"`
	Proprietario      string    `db:"proprietario"`
	Risposta          string    `db:"risposta"`
	ProssimoTentativo time.Time `db:"prossimo_tentativo"`
	MessaggioID       int64     `db:"messaggio_id"`
	Tipo              string    `db:"tipo"`
	Giorno            giorno    `db:"giorno"`
	Primo             string    `db:"primo"`
}

func (r rigaSpedizione) spedizione() piano.Spedizione {
	// the row's id keeps apart the messages of two people who are called the same
	// before the @
	chi, _, _ := strings.Cut(r.Primo, "@")
	return piano.Spedizione{ID: r.ID, Destinatario: r.Destinatario, MessageID: r.MessageID,
		Nome: fmt.Sprintf("%s-%s-%s-%d", r.Giorno, r.Tipo, piano.Codice(chi), r.MessaggioID), MIME: r.MIME,
		Stato: piano.StatoSpedizione(r.Stato), Tentativi: r.Tentativi, PrimoTentativo: r.PrimoTentativo, Fermate: r.Fermate, Proprietario: r.Proprietario,
		Risposta: r.Risposta, ProssimoTentativo: r.ProssimoTentativo}
}

const (
	// a claim that a crash of the server forgets is a message that waits again: its
	// holder cannot mark it any more
	sqlSenzaDisco = `
SET LOCAL synchronous_commit = off`

	// cut off after the mark: whether the server has the message nobody can tell
	sqlDichiaraIgnote = `
UPDATE spedizioni SET stato = 'esito-ignoto', proprietario = '', lease_fino = NULL,
    risposta = 'cut off at the final dot: the server may have it'
WHERE stato = 'al-punto' AND lease_fino < $1`

	sqlPrendiSpedizioni = `
WITH scelte AS MATERIALIZED (
    SELECT id FROM spedizioni
    WHERE (stato = 'in-coda' AND prossimo_tentativo <= $2) OR (stato = 'in-invio' AND lease_fino < $2)
    ORDER BY prossimo_tentativo, id
    LIMIT $4
    FOR UPDATE SKIP LOCKED
), prese AS (
    UPDATE spedizioni s SET stato = 'in-invio', proprietario = $1, lease_fino = $3, tentativi = tentativi + 1,
        primo_tentativo = coalesce(primo_tentativo, $2)
    FROM scelte WHERE s.id = scelte.id
    RETURNING s.id, s.messaggio_id, s.destinatario, s.stato, s.proprietario, s.tentativi, s.primo_tentativo, s.fermate, s.risposta, s.prossimo_tentativo
)
SELECT s.id, s.messaggio_id, s.destinatario, s.stato, s.proprietario, s.tentativi, s.primo_tentativo, s.fermate, s.risposta, s.prossimo_tentativo,
    m.message_id, m.mime, m.tipo, m.giorno, coalesce(m.a[1], '') AS primo
FROM prese s JOIN messaggi m ON m.id = s.messaggio_id
ORDER BY s.prossimo_tentativo, s.id`
)

// ClaimSpedizioni gives up to n messages that are due to proprietario, for lease:
// those in-coda, and those in-invio whose holder let its lease run out, who can no
// longer mark them. What was al-punto when its lease ran out becomes esito-ignoto
// and is never given to anybody. No two callers get the same row. *piano.NonAncora
// where the breaker or the pace holds up; of a breaker that is to be tried again
// exactly one message is given, with Prova set.
//
// proprietario names one sender that works one batch at a time: two senders under
// one name would not be told apart.
func (d *DB) ClaimSpedizioni(ctx context.Context, proprietario string, adesso time.Time, lease time.Duration, n int, ritmo piano.Ritmo) ([]piano.Spedizione, error) {
	var prese []piano.Spedizione
	var attesa *piano.NonAncora
	err := d.inTx(ctx, "claim spedizioni", func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, sqlSenzaDisco); err != nil {
			return fmt.Errorf("asynchronous commit: %w", err)
		}
		if _, err := tx.ExecContext(ctx, sqlDichiaraIgnote, adesso); err != nil {
			return fmt.Errorf("leases that ran out: %w", err)
		}
		prova, ferma, err := interruttoreAlPrelievo(ctx, tx, adesso)
		if attesa = ferma; err != nil || attesa != nil {
			return err // nil commits the doubts
		}
		if prova {
			n = 1
		}
		if n, attesa, err = posti(ctx, tx, ritmo, n, adesso); err != nil || attesa != nil {
			return err
		}
		if prese, err = prendi(ctx, tx, proprietario, adesso, lease, n); err != nil || len(prese) == 0 {
			return err
		}
		if prova {
			prese[0].Prova = true
			if _, err := tx.ExecContext(ctx, sqlRimandaProva, adesso.Add(lease)); err != nil {
				return fmt.Errorf("breaker: %w", err)
			}
		}
		return occupa(ctx, tx, ritmo, len(prese), adesso)
	})
	if err == nil && attesa != nil {
		return nil, attesa
	}
	if err != nil {
		return nil, err
	}
	return prese, nil
}

// prendi takes up to n rows.
func prendi(ctx context.Context, tx *sqlx.Tx, proprietario string, adesso time.Time, lease time.Duration, n int) ([]piano.Spedizione, error) {
	var righe []rigaSpedizione
	if err := tx.SelectContext(ctx, &righe, sqlPrendiSpedizioni, proprietario, adesso, adesso.Add(lease), n); err != nil {
		return nil, err
	}
	prese := make([]piano.Spedizione, 0, len(righe))
	for _, r := range righe {
		prese = append(prese, r.spedizione())
	}
	return prese, nil
}

const sqlRinnovaSpedizione = `
UPDATE spedizioni SET lease_fino = $4
WHERE id = $1 AND proprietario = $2 AND stato = 'in-invio' AND lease_fino >= $3`

// RinnovaSpedizione extends the lease of a message that is not at its final dot yet:
// who talks to a slow server keeps it, who stands still loses it. ErrPerso, wrapped,
// where the message is not proprietario's or its lease ran out.
func (d *DB) RinnovaSpedizione(ctx context.Context, id int64, proprietario string, adesso time.Time, lease time.Duration) error {
	if err := unaRiga(d.db.ExecContext(ctx, sqlRinnovaSpedizione, id, proprietario, adesso, adesso.Add(lease))); err != nil {
		return fallito(ctx, fmt.Sprintf("keep spedizione %d", id), err)
	}
	return nil
}

const sqlProssimaScadenza = `
SELECT min(lease_fino) FROM spedizioni WHERE stato = 'in-invio'`

// ProssimaScadenza returns when the first lease of a message on its way runs out;
// false where nobody holds one before its final dot.
func (d *DB) ProssimaScadenza(ctx context.Context) (time.Time, bool, error) {
	var fino *time.Time
	if err := d.db.GetContext(ctx, &fino, sqlProssimaScadenza); err != nil {
		return time.Time{}, false, fallito(ctx, "leases", err)
	}
	if fino == nil {
		return time.Time{}, false, nil
	}
	return *fino, true, nil
}

const (
	// the mark must be on the disk before the dot is on the wire
	sqlSuDisco = `
SET LOCAL synchronous_commit = on`

	sqlSegnaAlPunto = `
UPDATE spedizioni SET stato = 'al-punto', lease_fino = $4, punto_il = $3
WHERE id = $1 AND proprietario = $2 AND stato = 'in-invio' AND lease_fino >= $3`
)

// SegnaAlPunto records, just before the final dot, that from now on the server
// may have the message, and extends the lease. When it returns nil the mark is on
// the disk and the dot may be sent; on any error it must not be. ErrPerso,
// wrapped, where the message is not proprietario's or its lease ran out.
func (d *DB) SegnaAlPunto(ctx context.Context, id int64, proprietario string, adesso time.Time, lease time.Duration) error {
	return d.inTx(ctx, fmt.Sprintf("mark spedizione %d", id), func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, sqlSuDisco); err != nil {
			return fmt.Errorf("synchronous commit: %w", err)
		}
		return unaRiga(tx.ExecContext(ctx, sqlSegnaAlPunto, id, proprietario, adesso, adesso.Add(lease)))
	})
}

// unaRiga tells whether an UPDATE found its row still the caller's.
func unaRiga(r sql.Result, err error) error {
	n, err := righeToccate(r, err)
	if err == nil && n == 0 {
		err = piano.ErrPerso
	}
	return err
}

// from in-invio nothing is known to be delivered, so inviato needs the mark
const sqlChiudiSpedizione = `
UPDATE spedizioni SET stato = $3, risposta = $4, proprietario = '', lease_fino = NULL,
    prossimo_tentativo = CASE WHEN $3 = 'in-coda' THEN $5 ELSE prossimo_tentativo END,
    inviato_il = CASE WHEN $3 = 'inviato' THEN CAST($6 AS timestamptz) END
WHERE id = $1 AND proprietario = $2 AND (stato = 'al-punto' OR (stato = 'in-invio' AND $3 <> 'inviato'))`

// ChiudiSpedizione records how an attempt ended: inviato (from al-punto alone),
// respinto, esito-ignoto, or in-coda to be tried again from prossimo on. risposta
// is the server's answer or the fault; what is too long of it is cut. ErrPerso,
// wrapped, where the message is not proprietario's any more, which after a lease
// that ran out means esito-ignoto; ErrSpedizioneImpossibile for any other state.
func (d *DB) ChiudiSpedizione(ctx context.Context, id int64, proprietario string, stato piano.StatoSpedizione, risposta string, prossimo, adesso time.Time) error {
	switch stato {
	case piano.Spedito, piano.Rifiutato, piano.EsitoIgnoto, piano.InCoda:
	default:
		return fmt.Errorf("close spedizione %d as %q: %w", id, stato, ErrSpedizioneImpossibile)
	}
	return d.inTx(ctx, fmt.Sprintf("close spedizione %d", id), func(tx *sqlx.Tx) error {
		return unaRiga(tx.ExecContext(ctx, sqlChiudiSpedizione, id, proprietario, string(stato), pulisci(risposta), prossimo, adesso))
	})
}
