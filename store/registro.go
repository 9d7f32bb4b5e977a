package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/scadenzario/scadenzario/piano"
)

// $4 and what follows are the filter
const sqlRegistro = `
SELECT e.codice AS ente, m.giorno, s.persona, s.destinatario, s.destinatario = ANY (m.cc) AS in_copia, m.tipo,
    coalesce(v.stadio, '') AS stadio, coalesce(v.settore, '') AS settore, coalesce(v.obiettivo, '') AS obiettivo,
    coalesce(v.titolo, '') AS titolo, coalesce(v.attivita, '') AS attivita, v.scadenza,
    m.oggetto, s.stato, s.inviato_il, s.risposta, m.message_id
FROM messaggi m JOIN enti e ON e.id = m.ente_id JOIN spedizioni s ON s.messaggio_id = m.id
LEFT JOIN voci v ON v.messaggio_id = m.id
WHERE ($1 = '' OR e.codice = $1) AND (CAST($2 AS date) IS NULL OR m.giorno >= $2) AND (CAST($3 AS date) IS NULL OR m.giorno <= $3)
    AND ($4 = '' OR strpos(lower(s.persona || ' ' || s.destinatario), lower($4)) > 0)
    AND ($5 = '' OR v.obiettivo = $5) AND ($6 = '' OR v.settore = $6)
ORDER BY m.giorno, m.id, s.id, v.ordine`

// Registro returns the register of an ente ("" for all): every item that was told, or
// is to be told, to every recipient, by day.
func (d *DB) Registro(ctx context.Context, ente string, f piano.FiltroRegistro) ([]piano.VoceRegistro, error) {
	var righe []struct {
		Ente         string     `db:"ente"`
		Giorno       giorno     `db:"giorno"`
		Persona      string     `db:"persona"`
		Destinatario string     `db:"destinatario"`
		InCopia      bool       `db:"in_copia"`
		Tipo         string     `db:"tipo"`
		Stadio       string     `db:"stadio"`
		Settore      string     `db:"settore"`
		Obiettivo    string     `db:"obiettivo"`
		Titolo       string     `db:"titolo"`
		Attivita     string     `db:"attivita"`
		Scadenza     giorno     `db:"scadenza"`
		Oggetto      string     `db:"oggetto"`
		Stato        string     `db:"stato"`
		InviatoIl    *time.Time `db:"inviato_il"`
		Risposta     string     `db:"risposta"`
		MessageID    string     `db:"message_id"`
	}
	err := d.db.SelectContext(ctx, &righe, sqlRegistro, ente, giorno{f.Dal}, giorno{f.Al}, f.Persona, f.Obiettivo, f.Settore)
	if err != nil {
		return nil, fallito(ctx, "register", err)
	}
	voci := make([]piano.VoceRegistro, 0, len(righe))
	for _, r := range righe {
		voci = append(voci, piano.VoceRegistro{Ente: r.Ente, Giorno: r.Giorno.Giorno, Persona: r.Persona, Destinatario: r.Destinatario,
			InCopia: r.InCopia, Tipo: piano.TipoMessaggio(r.Tipo), Stadio: piano.Stadio(r.Stadio), Settore: r.Settore,
			Obiettivo: r.Obiettivo, Titolo: r.Titolo, Attivita: r.Attivita, Scadenza: r.Scadenza.Giorno, Oggetto: r.Oggetto,
			Stato: piano.StatoSpedizione(r.Stato), InviatoIl: istante(r.InviatoIl), Risposta: r.Risposta, MessageID: r.MessageID})
	}
	return voci, nil
}

const (
	// what is still to be delivered, or in doubt, needs its bytes
	sqlDaSvuotare = `
SELECT id FROM messaggi m
WHERE svuotato_il IS NULL AND scritto_il < $1
    AND NOT EXISTS (SELECT 1 FROM spedizioni s WHERE s.messaggio_id = m.id AND (s.stato NOT IN ('inviato', 'respinto') OR s.inviato_il >= $1))
ORDER BY scritto_il LIMIT 200
FOR UPDATE SKIP LOCKED`

	// the Segretario's documents stay readable as they were; of a reminder the words do
	sqlSvuotaMessaggi = `
UPDATE messaggi SET mime = '', html = CASE WHEN tipo IN ('riepilogo', 'esito-sessione') THEN html ELSE '' END, svuotato_il = $2
WHERE id = ANY ($1)`

	// of an answer its code; of what we noted ourselves the words before the fault
	sqlSvuotaRisposte = `
UPDATE spedizioni SET risposta = coalesce(substring(risposta FROM '^[2-5][0-9]{2}(?: [245]\.[0-9]{1,3}\.[0-9]{1,3})?'), split_part(risposta, ':', 1))
WHERE messaggio_id = ANY ($1)`
)

// SvuotaMessaggi drops the mail's own data of the messages written before prima whose
// delivery ended before it: the finished bytes with their attachments, the HTML of
// reminders, and of the server's answers all but the code. The register, the words and
// the keys stay. It returns how many messages there were.
func (d *DB) SvuotaMessaggi(ctx context.Context, prima, adesso time.Time) (n int, err error) {
	for {
		var id []int64
		err := d.inTx(ctx, "drop mail data", func(tx *sqlx.Tx) error {
			if err := tx.SelectContext(ctx, &id, sqlDaSvuotare, prima); err != nil || len(id) == 0 {
				return err
			}
			ids := colonna(id, func(i int64) int64 { return i })
			if _, err := tx.ExecContext(ctx, sqlSvuotaMessaggi, ids, adesso); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, sqlSvuotaRisposte, ids); err != nil {
				return fmt.Errorf("answers: %w", err)
			}
			return nil
		})
		if err != nil || len(id) == 0 {
			return n, err
		}
		n += len(id)
	}
}

const sqlSvuotaEsecuzioni = `
DELETE FROM esecuzioni WHERE iniziata < $1 AND esito <> ''`

// SvuotaEsecuzioni deletes the rows of runs that began before prima and returns how
// many there were. What the runs wrote stays.
func (d *DB) SvuotaEsecuzioni(ctx context.Context, prima time.Time) (n int, err error) {
	err = d.inTx(ctx, "drop old runs", func(tx *sqlx.Tx) error {
		tolte, err := righeToccate(tx.ExecContext(ctx, sqlSvuotaEsecuzioni, prima))
		n = int(tolte)
		return err
	})
	return n, err
}
