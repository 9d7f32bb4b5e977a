package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/scadenzario/scadenzario/piano"
)

const sqlUscita = `
SELECT s.id, e.codice AS ente, m.tipo, m.giorno, m.oggetto, s.destinatario, m.message_id, s.stato, s.tentativi,
    s.prossimo_tentativo, s.inviato_il, s.risposta
FROM spedizioni s JOIN messaggi m ON m.id = s.messaggio_id JOIN enti e ON e.id = m.ente_id
WHERE ($1 = '' OR e.codice = $1) AND s.stato = ANY ($2)
ORDER BY s.id`

// Uscita returns the messages of an ente ("" for all) that are in one of those
// states, oldest first.
func (d *DB) Uscita(ctx context.Context, ente string, stati []piano.StatoSpedizione) ([]piano.InUscita, error) {
	var righe []struct {
		ID           int64      `db:"id"`
		Ente         string     `db:"ente"`
		Tipo         string     `db:"tipo"`
		Giorno       giorno     `db:"giorno"`
		Oggetto      string     `db:"oggetto"`
		Destinatario string     `db:"destinatario"`
		MessageID    string     `db:"message_id"`
		Stato        string     `db:"stato"`
		Tentativi    int        `db:"tentativi"`
		Prossimo     time.Time  `db:"prossimo_tentativo"`
		InviatoIl    *time.Time `db:"inviato_il"`
		Risposta     string     `db:"risposta"`
	}
	if err := d.db.SelectContext(ctx, &righe, sqlUscita, ente, pq.Array(stati)); err != nil {
		return nil, fallito(ctx, "outbox", err)
	}
	uscita := make([]piano.InUscita, 0, len(righe))
	for _, r := range righe {
		u := piano.InUscita{ID: r.ID, Ente: r.Ente, Tipo: piano.TipoMessaggio(r.Tipo), Giorno: r.Giorno.Giorno,
			Oggetto: r.Oggetto, Destinatario: r.Destinatario, MessageID: r.MessageID, Stato: piano.StatoSpedizione(r.Stato),
			Tentativi: r.Tentativi, ProssimoTentativo: r.Prossimo, Risposta: r.Risposta}
		if r.InviatoIl != nil {
			u.InviatoIl = *r.InviatoIl
		}
		uscita = append(uscita, u)
	}
	return uscita, nil
}

const (
	sqlStatoSpedizione = `
SELECT stato FROM spedizioni WHERE id = $1 FOR UPDATE`

	sqlSvuotato = `
SELECT m.svuotato_il IS NOT NULL FROM spedizioni s JOIN messaggi m ON m.id = s.messaggio_id WHERE s.id = $1`

	sqlRimettiInCoda = `
UPDATE spedizioni SET stato = 'in-coda', prossimo_tentativo = $2, accodata_il = $2, tentativi = 0, fermate = 0, primo_tentativo = NULL, cercate = 0, cercata_il = NULL, risposta = $3, proprietario = '', lease_fino = NULL
WHERE id = $1`

	sqlDefinisci = `
UPDATE spedizioni SET stato = $2, risposta = $3, inviato_il = CASE WHEN $2 = 'inviato' THEN CAST($4 AS timestamptz) END
WHERE id = $1`
)

// RimettiInCoda queues a message again because a person asked for it: one that was
// refused, whose outcome is not known, or that waits for its next attempt. nota
// says so in its row. piano.ErrNonTrovato, wrapped, for an unknown id; *StatoErrato
// where it was delivered, or is being sent; ErrSvuotato where its bytes are gone.
func (d *DB) RimettiInCoda(ctx context.Context, id int64, nota string, adesso time.Time) error {
	return d.inTx(ctx, fmt.Sprintf("queue spedizione %d again", id), func(tx *sqlx.Tx) error {
		if err := inStato(ctx, tx, id, piano.Rifiutato, piano.EsitoIgnoto, piano.InCoda); err != nil {
			return err
		}
		var svuotato bool
		if err := tx.GetContext(ctx, &svuotato, sqlSvuotato, id); err != nil {
			return err
		}
		if svuotato {
			return ErrSvuotato
		}
		_, err := tx.ExecContext(ctx, sqlRimettiInCoda, id, adesso, pulisci(nota))
		return err
	})
}

// DefinisciSpedizione settles a message whose outcome is not known: consegnata
// makes it inviato, else it is respinto for good. nota says who found out and how.
// Errors as RimettiInCoda.
func (d *DB) DefinisciSpedizione(ctx context.Context, id int64, consegnata bool, nota string, adesso time.Time) error {
	stato := piano.Rifiutato
	if consegnata {
		stato = piano.Spedito
	}
	return d.inTx(ctx, fmt.Sprintf("settle spedizione %d", id), func(tx *sqlx.Tx) error {
		if err := inStato(ctx, tx, id, piano.EsitoIgnoto); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, sqlDefinisci, id, string(stato), pulisci(nota), adesso)
		return err
	})
}

// StatoErrato is the error of a step that a message's state does not allow.
type StatoErrato struct{ Stato piano.StatoSpedizione }

// Error names the state.
func (e *StatoErrato) Error() string { return fmt.Sprintf("it is %s", e.Stato) }

// inStato locks the row and tells whether it is in one of those states.
func inStato(ctx context.Context, tx *sqlx.Tx, id int64, ammessi ...piano.StatoSpedizione) error {
	var stati []piano.StatoSpedizione
	if err := tx.SelectContext(ctx, &stati, sqlStatoSpedizione, id); err != nil {
		return err
	}
	if len(stati) == 0 {
		return piano.ErrNonTrovato
	}
	for _, a := range ammessi {
		if stati[0] == a {
			return nil
		}
	}
	return &StatoErrato{stati[0]}
}
