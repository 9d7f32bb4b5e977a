package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/scadenzario/scadenzario/piano"
)

const sqlInviati = `
SELECT i.attivita_id, i.stadio, i.riferimento, i.giorno
FROM passi_inviati i JOIN messaggi m ON m.id = i.messaggio_id JOIN enti e ON e.id = m.ente_id
WHERE e.codice = $1
ORDER BY i.attivita_id, i.giorno, i.stadio, i.riferimento`

// Inviati returns the passages of the ladder that were told to people of that
// ente, or are on their way in the outbox.
func (d *DB) Inviati(ctx context.Context, ente string) ([]piano.Inviato, error) {
	var righe []struct {
		Attivita    int64  `db:"attivita_id"`
		Stadio      string `db:"stadio"`
		Riferimento string `db:"riferimento"`
		Giorno      giorno `db:"giorno"`
	}
	if err := d.db.SelectContext(ctx, &righe, sqlInviati, ente); err != nil {
		return nil, fallito(ctx, "inviati", err)
	}
	inviati := make([]piano.Inviato, 0, len(righe))
	for _, r := range righe {
		inviati = append(inviati, piano.Inviato{Attivita: r.Attivita, Stadio: piano.Stadio(r.Stadio),
			Riferimento: r.Riferimento, Giorno: r.Giorno.Giorno})
	}
	return inviati, nil
}

// SaveMessaggi writes the run of a job for a period, as done, and its messages in one
// transaction, with a row of the outbox for each address in A and CC, due at
// once, and the passages that the messages tell. A message whose key (Ente, Tipo,
// Chiave) exists is passed over whole, so the same call again writes nothing; the
// run's row stays as it is. It returns how many messages are new. It fails,
// wrapped, with piano.ErrNonTrovato for an unknown ente or activity, and with
// ErrGiaDetto where a message under another key has told one of the passages.
func (d *DB) SaveMessaggi(ctx context.Context, job, periodo string, adesso time.Time, m []piano.Messaggio) (nuovi int, err error) {
	err = d.inTx(ctx, "save messaggi", func(tx *sqlx.Tx) error {
		if err := segnaEsecuzione(ctx, tx, job, periodo, adesso); err != nil {
			return err
		}
		for _, msg := range m {
			scritto, err := salvaMessaggio(ctx, tx, msg, adesso)
			if err != nil {
				return fmt.Errorf("%s %s of %s: %w", msg.Tipo, msg.Chiave, msg.Ente, err)
			}
			if scritto {
				nuovi++
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return nuovi, nil
}

const (
	sqlMettiMessaggio = `
INSERT INTO messaggi (ente_id, tipo, chiave, giorno, oggetto, testo, html, message_id, mime, a, cc, stati, scritto_il)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT ON CONSTRAINT messaggi_chiave_unica DO NOTHING
RETURNING id`

	// with the name of who had the address on that day, for the register
	sqlMettiSpedizioni = `
INSERT INTO spedizioni (messaggio_id, destinatario, prossimo_tentativo, accodata_il, persona)
SELECT $1, d, $3, $3, coalesce(
    (SELECT i.nome FROM incarichi i JOIN settori s ON s.id = i.settore_id
     WHERE s.ente_id = $4 AND lower(i.email) = lower(d) AND coalesce(i.dal <= $5, true) AND coalesce(i.al >= $5, true)
     ORDER BY i.id LIMIT 1),
    (SELECT r.nome FROM ruoli r WHERE r.ente_id = $4 AND lower(r.email) = lower(d) ORDER BY r.id LIMIT 1), '')
FROM unnest($2::text[]) AS d`

	sqlMettiPassi = `
INSERT INTO passi_inviati (attivita_id, stadio, riferimento, giorno, messaggio_id)
SELECT attivita_id, stadio, riferimento, giorno, $5
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::date[]) AS passo (attivita_id, stadio, riferimento, giorno)`

	// what was told is kept as text: the activity may go
	sqlMettiVoci = `
INSERT INTO voci (messaggio_id, ordine, settore, obiettivo, titolo, anno, attivita, stadio, riferimento, scadenza)
SELECT $1, p.ordine, s.nome, o.numero, o.titolo, a.anno, a.descrizione, p.stadio, p.riferimento, a.scadenza
FROM unnest($2::bigint[], $3::text[], $4::text[]) WITH ORDINALITY AS p (attivita_id, stadio, riferimento, ordine)
JOIN attivita a ON a.id = p.attivita_id JOIN obiettivi o ON o.id = a.obiettivo_id JOIN settori s ON s.id = o.settore_id`
)

// salvaMessaggio writes one message with its outbox rows and passages; false
// where its key exists.
func salvaMessaggio(ctx context.Context, tx *sqlx.Tx, m piano.Messaggio, adesso time.Time) (bool, error) {
	e, err := enteDi(ctx, tx, m.Ente)
	if err != nil {
		return false, err
	}
	stati, err := inJSON(nonNil(m.Stati))
	if err != nil {
		return false, err
	}
	if m.MIME == nil {
		m.MIME = []byte{}
	}
	var id int64
	err = tx.GetContext(ctx, &id, sqlMettiMessaggio, e.ID, string(m.Tipo), pulisci(m.Chiave), giorno{m.Giorno},
		pulisci(m.Oggetto), pulisci(m.Testo), pulisci(m.HTML), m.MessageID, m.MIME, elenco(m.A), elenco(m.CC), stati, adesso)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("write the message: %w", err)
	}
	if _, err := tx.ExecContext(ctx, sqlMettiSpedizioni, id, pq.Array(destinatari(m)), adesso, e.ID, giorno{m.Giorno}); err != nil {
		return false, fmt.Errorf("write the outbox: %w", err)
	}
	if err := salvaPassi(ctx, tx, id, m.Passi); err != nil {
		return false, err
	}
	if err := salvaVoci(ctx, tx, id, m); err != nil {
		return false, err
	}
	if err := salvaRichieste(ctx, tx, e.ID, id, m.Richieste); err != nil {
		return false, err
	}
	return true, salvaIstantanea(ctx, tx, id, m.Istantanea)
}

// salvaPassi writes the passages that a message tells.
func salvaPassi(ctx context.Context, tx *sqlx.Tx, id int64, passi []piano.Inviato) error {
	if _, err := tx.ExecContext(ctx, sqlMettiPassi, colonna(passi, func(p piano.Inviato) int64 { return p.Attivita }),
		colonna(passi, func(p piano.Inviato) string { return string(p.Stadio) }), colonna(passi, func(p piano.Inviato) string { return p.Riferimento }),
		colonna(passi, func(p piano.Inviato) giorno { return giorno{p.Giorno} }), id); err != nil {
		return fmt.Errorf("write the passages: %w", err)
	}
	return nil
}

// salvaVoci writes what the register keeps of a message: its passages, and the activities
// that it tells besides, at a stage named as the message's kind.
func salvaVoci(ctx context.Context, tx *sqlx.Tx, id int64, m piano.Messaggio) error {
	voci := m.Passi
	for _, a := range m.Accenni {
		voci = append(voci[:len(voci):len(voci)], piano.Inviato{Attivita: a, Stadio: piano.Stadio(m.Tipo), Riferimento: m.Giorno.String()})
	}
	if _, err := tx.ExecContext(ctx, sqlMettiVoci, id, colonna(voci, func(p piano.Inviato) int64 { return p.Attivita }),
		colonna(voci, func(p piano.Inviato) string { return string(p.Stadio) }), colonna(voci, func(p piano.Inviato) string { return p.Riferimento })); err != nil {
		return fmt.Errorf("write the register: %w", err)
	}
	return nil
}

func nonNil(stati map[int64]piano.Stato) map[int64]piano.Stato {
	if stati == nil {
		return map[int64]piano.Stato{}
	}
	return stati
}

func elenco(indirizzi []string) any {
	return colonna(indirizzi, func(s string) string { return s })
}

// destinatari returns each address of the message once; mail servers ignore its
// case.
func destinatari(m piano.Messaggio) []string {
	var uno []string
	visti := map[string]bool{}
	for _, a := range append(append([]string{}, m.A...), m.CC...) {
		if k := strings.ToLower(a); !visti[k] {
			visti[k] = true
			uno = append(uno, a)
		}
	}
	return uno
}

type rigaMessaggio struct {
	ID        int64          `db:"id"`
	Ente      string         `db:"ente"`
	Tipo      string         `db:"tipo"`
	Chiave    string         `db:"chiave"`
	Giorno    giorno         `db:"giorno"`
	Oggetto   string         `db:"oggetto"`
	Testo     string         `db:"testo"`
	HTML      string         `db:"html"`
	MessageID string         `db:"message_id"`
	MIME      []byte         `db:"mime"`
	A         pq.StringArray `db:"a"`
	CC        pq.StringArray `db:"cc"`
	Stati     []byte         `db:"stati"`
}

func (r rigaMessaggio) messaggio() (piano.Messaggio, error) {
	m := piano.Messaggio{ID: r.ID, Ente: r.Ente, Tipo: piano.TipoMessaggio(r.Tipo), Chiave: r.Chiave, Giorno: r.Giorno.Giorno,
		A: r.A, CC: r.CC, Oggetto: r.Oggetto, Testo: r.Testo, HTML: r.HTML, MessageID: r.MessageID, MIME: r.MIME}
	return m, daJSON(r.Stati, &m.Stati)
}

const sqlMessaggio = `
SELECT m.id, e.codice AS ente, m.tipo, m.chiave, m.giorno, m.oggetto, m.testo, m.html, m.message_id, m.mime, m.a, m.cc, m.stati
FROM messaggi m JOIN enti e ON e.id = m.ente_id
WHERE e.codice = $1 AND m.tipo = $2 AND m.chiave = $3`

// Messaggio returns the message under that key, without its Passi and Istantanea;
// piano.ErrNonTrovato, wrapped, where there is none.
func (d *DB) Messaggio(ctx context.Context, ente string, tipo piano.TipoMessaggio, chiave string) (piano.Messaggio, error) {
	var r rigaMessaggio
	err := d.db.GetContext(ctx, &r, sqlMessaggio, ente, string(tipo), chiave)
	if errors.Is(err, sql.ErrNoRows) {
		return piano.Messaggio{}, fmt.Errorf("messaggio %s %s of %s: %w", tipo, chiave, ente, piano.ErrNonTrovato)
	}
	if err != nil {
		return piano.Messaggio{}, fallito(ctx, "messaggio", err)
	}
	return r.messaggio()
}
