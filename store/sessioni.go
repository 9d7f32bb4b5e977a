package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/scadenzario/scadenzario/piano"
)

type rigaSessione struct {
	ID       int64  `db:"id"`
	Ente     string `db:"ente"`
	Genere   string `db:"genere"`
	Anno     int    `db:"anno"`
	Numero   int    `db:"numero"`
	Aperta   giorno `db:"aperta_il"`
	Chiude   giorno `db:"chiude"`
	Chiusa   giorno `db:"chiusa_il"`
	Impronta string `db:"sha256"`
}

func (r rigaSessione) sessione() piano.Sessione {
	return piano.Sessione{ID: r.ID, Ente: r.Ente, Genere: piano.GenereSessione(r.Genere), Anno: r.Anno, Numero: r.Numero,
		Aperta: r.Aperta.Giorno, Chiude: r.Chiude.Giorno, Chiusa: r.Chiusa.Giorno, Impronta: r.Impronta}
}

const sqlSessioni = `
SELECT s.id, e.codice AS ente, s.genere, s.anno, s.numero, s.aperta_il, s.chiude, s.chiusa_il, coalesce(s.sha256, '') AS sha256
FROM sessioni s JOIN enti e ON e.id = s.ente_id
WHERE e.codice = $1
ORDER BY s.aperta_il, s.id`

// Sessioni returns every session of an ente that was ever opened, oldest first. Chiude
// is set only where a person chose it; what else the configuration says is left to the
// caller.
func (d *DB) Sessioni(ctx context.Context, ente string) ([]piano.Sessione, error) {
	var righe []rigaSessione
	if err := d.db.SelectContext(ctx, &righe, sqlSessioni, ente); err != nil {
		return nil, fallito(ctx, "sessions", err)
	}
	lista := make([]piano.Sessione, 0, len(righe))
	for _, r := range righe {
		lista = append(lista, r.sessione())
	}
	return lista, nil
}

const sqlApriSessione = `
INSERT INTO sessioni (ente_id, genere, anno, numero, aperta_il, chiude) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT ON CONSTRAINT sessioni_una_per_periodo DO NOTHING`

// ApriSessione opens a session on the day s.Aperta; chiude is the closing day that a
// person chose, no day for the configured one. It returns false where the session of
// that period was opened before. piano.ErrNonTrovato, wrapped, for an unknown ente.
func (d *DB) ApriSessione(ctx context.Context, s piano.Sessione, chiude piano.Giorno) (nuova bool, err error) {
	err = d.inTx(ctx, "open session "+s.Chiave(), func(tx *sqlx.Tx) error {
		e, err := enteDi(ctx, tx, s.Ente)
		if err != nil {
			return err
		}
		n, err := righeToccate(tx.ExecContext(ctx, sqlApriSessione, e.ID, string(s.Genere), s.Anno, s.Numero, giorno{s.Aperta}, giorno{chiude}))
		nuova = n > 0
		return err
	})
	return nuova && err == nil, err
}

const (
	sqlMettiRichiesta = `
INSERT INTO sessioni_richieste (sessione_id, settore_id, fase, giorno, messaggio_id)
SELECT $1, id, $3, $4, $5 FROM settori WHERE ente_id = $6 AND nome = $2
UNION ALL SELECT CAST($1 AS bigint), NULL, $3, CAST($4 AS date), CAST($5 AS bigint) WHERE $2 = $7`

	sqlSessioneChiesta = `
SELECT genere, anno, numero FROM sessioni WHERE id = $1`

	sqlMettiVoceRichiesta = `
INSERT INTO voci (messaggio_id, ordine, settore, obiettivo, titolo, anno, attivita, stadio, riferimento, scadenza)
SELECT $1, coalesce(max(ordine), 0) + 1, $2, '', '', $3, $4, $5, $6, NULL FROM voci WHERE messaggio_id = $1`
)

// salvaRichieste writes which settori a message asks, for the session and for the
// register. Its error is ErrGiaDetto where one of them was told that phase by another
// message.
func salvaRichieste(ctx context.Context, tx *sqlx.Tx, ente int, messaggio int64, richieste []piano.Richiesta) error {
	for _, r := range richieste {
		n, err := righeToccate(tx.ExecContext(ctx, sqlMettiRichiesta, r.Sessione, r.Settore, r.Fase, giorno{r.Giorno}, messaggio, ente, piano.UfficioAnticorruzione))
		if err == nil && n == 0 {
			err = piano.ErrNonTrovato
		}
		var riga rigaSessione
		if err == nil {
			err = tx.GetContext(ctx, &riga, sqlSessioneChiesta, r.Sessione)
		}
		if err == nil {
			x := riga.sessione()
			_, err = tx.ExecContext(ctx, sqlMettiVoceRichiesta, messaggio, r.Settore, x.Anno, x.Nome(), r.Fase, x.Chiave())
		}
		if err != nil {
			return fmt.Errorf("settore %s asked: %w", r.Settore, err)
		}
	}
	return nil
}

const sqlRichieste = `
SELECT r.sessione_id, coalesce(s.nome, $2) AS settore, r.fase, r.giorno, m.a[1] AS a
FROM sessioni_richieste r
LEFT JOIN settori s ON s.id = r.settore_id
JOIN messaggi m ON m.id = r.messaggio_id
WHERE r.sessione_id = $1
ORDER BY r.giorno, s.ordine, s.id, r.fase`

// RichiesteSessione returns what the settori were told in a session, oldest first.
func (d *DB) RichiesteSessione(ctx context.Context, sessione int64) ([]piano.Richiesta, error) {
	var righe []struct {
		Sessione int64  `db:"sessione_id"`
		Settore  string `db:"settore"`
		Fase     string `db:"fase"`
		Giorno   giorno `db:"giorno"`
		A        string `db:"a"`
	}
	if err := d.db.SelectContext(ctx, &righe, sqlRichieste, sessione, piano.UfficioAnticorruzione); err != nil {
		return nil, fallito(ctx, "asked settori", err)
	}
	lista := make([]piano.Richiesta, 0, len(righe))
	for _, r := range righe {
		lista = append(lista, piano.Richiesta{Sessione: r.Sessione, Settore: r.Settore, Fase: r.Fase, Giorno: r.Giorno.Giorno, A: r.A})
	}
	return lista, nil
}

// a session over the measures is answered with its own form, one over the objectives
// with cards of its year's plan: what they changed, what they left as it is, what they
// wanted of an approved plan. What a later hand-in left as it is leaves no trace of the one
// before: that one answers no more, the later one does.
const sqlRisposte = `
WITH del_piano AS (SELECT p.id FROM piani p JOIN enti e ON e.id = p.ente_id WHERE e.codice = $4 AND p.anno = $7),
dell_anno AS (
    SELECT consegna_id FROM obiettivi WHERE piano_id IN (SELECT id FROM del_piano)
    UNION SELECT consegna_id FROM versioni WHERE piano_id IN (SELECT id FROM del_piano)
    UNION SELECT consegna_id FROM variazioni WHERE piano_id IN (SELECT id FROM del_piano)
), risposte AS (
    SELECT s.nome AS settore, cs.consegna_id
    FROM enti e JOIN settori s ON s.ente_id = e.id JOIN consegne_settori cs ON cs.settore_id = s.id JOIN dell_anno USING (consegna_id)
    WHERE e.codice = $4 AND $5 <> 'anticorruzione'
    UNION
    SELECT coalesce(s.nome, $6), m.consegna_id
    FROM sessioni_misure m LEFT JOIN settori s ON s.id = m.settore_id
    WHERE m.sessione_id = $1
)
SELECT DISTINCT ON (r.settore) r.settore, c.file, c.sha256,
    CASE WHEN c.ripetuta_il <= $3 THEN greatest(c.giorno, c.ripetuta_il) ELSE c.giorno END AS giorno
FROM risposte r
JOIN consegne c ON c.id = r.consegna_id AND c.esito = 'accolta' AND c.giorno <= $3
    AND (c.giorno >= $2 OR c.ripetuta_il BETWEEN $2 AND $3)
ORDER BY r.settore, 4 DESC, c.id DESC`

// RisposteSessione returns the last hand-in of each settore, with cards of the session's
// year, that was accepted from x.RispostaDal on and up to that day; the same file handed in again is one, too. The
// session need not be open.
func (d *DB) RisposteSessione(ctx context.Context, x piano.Sessione, finoA piano.Giorno) (map[string]piano.Risposta, error) {
	var righe []struct {
		Settore string `db:"settore"`
		File    string `db:"file"`
		SHA256  string `db:"sha256"`
		Giorno  giorno `db:"giorno"`
	}
	if err := d.db.SelectContext(ctx, &righe, sqlRisposte,
		x.ID, giorno{x.RispostaDal()}, giorno{finoA}, x.Ente, string(x.Genere), piano.UfficioAnticorruzione, x.Anno); err != nil {
		return nil, fallito(ctx, "answers to a session", err)
	}
	risposte := make(map[string]piano.Risposta, len(righe))
	for _, r := range righe {
		risposte[r.Settore] = piano.Risposta{Giorno: r.Giorno.Giorno, File: r.File, SHA256: r.SHA256}
	}
	return risposte, nil
}

const (
	sqlBloccaSessione = `
SELECT e.codice AS ente, s.id, s.genere, s.anno, s.numero, s.aperta_il, s.chiude, s.chiusa_il, coalesce(s.sha256, '') AS sha256
FROM sessioni s JOIN enti e ON e.id = s.ente_id WHERE s.id = $1 FOR UPDATE OF s`

	sqlChiudiSessione = `
UPDATE sessioni SET chiusa_il = $2, fotografia = $3, sha256 = $4, testo = $5, html = $6 WHERE id = $1`
)

// ChiudiSessione freezes a session on that day: what prepara returns is kept, and its
// message written, in one transaction. While prepara reads, no hand-in, variation,
// approval or registry of the ente can be written. It returns false, without calling
// prepara, where the session is closed already. piano.ErrNonTrovato, wrapped, where it
// was never opened.
func (d *DB) ChiudiSessione(ctx context.Context, sessione int64, g piano.Giorno, adesso time.Time,
	prepara func(context.Context) (piano.Chiusura, error)) (chiusa bool, err error) {
	err = d.inTx(ctx, "close session", func(tx *sqlx.Tx) error {
		var r rigaSessione
		err := tx.GetContext(ctx, &r, sqlBloccaSessione, sessione)
		if errors.Is(err, sql.ErrNoRows) {
			err = piano.ErrNonTrovato
		}
		if err != nil || !r.Chiusa.IsZero() {
			return err
		}
		e, err := enteDi(ctx, tx, r.Ente)
		if err != nil {
			return err
		}
		if err := unoPerEnte(ctx, tx, e.ID); err != nil {
			return err
		}
		c, err := prepara(ctx)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, sqlChiudiSessione, sessione, giorno{g}, string(c.Fotografia), c.Impronta, pulisci(c.Testo), pulisci(c.HTML)); err != nil {
			return err
		}
		chiusa = true
		if c.Messaggio == nil {
			return nil
		}
		_, err = salvaMessaggio(ctx, tx, *c.Messaggio, adesso)
		return err
	})
	return chiusa && err == nil, err
}

const sqlChiusura = `
SELECT fotografia::text AS fotografia, sha256, testo, html FROM sessioni WHERE id = $1 AND chiusa_il IS NOT NULL`

// ChiusuraSessione returns what was frozen, byte by byte. ErrSessioneCambiata, wrapped,
// where it is not what was frozen; piano.ErrNonTrovato where the session is not closed.
func (d *DB) ChiusuraSessione(ctx context.Context, sessione int64) (piano.Chiusura, error) {
	var r struct {
		Fotografia string `db:"fotografia"`
		SHA256     string `db:"sha256"`
		Testo      string `db:"testo"`
		HTML       string `db:"html"`
	}
	err := d.db.GetContext(ctx, &r, sqlChiusura, sessione)
	if errors.Is(err, sql.ErrNoRows) {
		err = piano.ErrNonTrovato
	}
	if err == nil {
		if somma := sha256.Sum256([]byte(r.Fotografia)); hex.EncodeToString(somma[:]) != r.SHA256 {
			err = ErrSessioneCambiata
		}
	}
	if err != nil {
		return piano.Chiusura{}, fallito(ctx, fmt.Sprintf("frozen session %d", sessione), err)
	}
	return piano.Chiusura{Fotografia: []byte(r.Fotografia), Impronta: r.SHA256, Testo: r.Testo, HTML: r.HTML}, nil
}
