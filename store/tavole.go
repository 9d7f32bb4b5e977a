package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/scadenzario/scadenzario/piano"
)

const (
	sqlTogliSintesi = `
DELETE FROM sintesi WHERE ente_id = $1 AND anno = $2`

	sqlMettiSintesi = `
INSERT INTO sintesi (ente_id, anno, ordine, numero, titolo, settore, responsabile, assessore, strategicita, peso,
    altri_settori, durata, file, foglio, celle)
SELECT $1, $2, ordine, numero, titolo, settore, responsabile, assessore, strategicita, peso,
    altri_settori, durata, file, foglio, celle
FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::numeric[], $9::numeric[], $10::text[],
    $11::text[], $12::text[], $13::text[], $14::jsonb[])
    WITH ORDINALITY AS r (numero, titolo, settore, responsabile, assessore, strategicita, peso, altri_settori,
        durata, file, foglio, celle, ordine)`
)

// SaveSintesi makes the Sintesi of an ente for a year what righe says, whatever was
// there before. piano.ErrNonTrovato, wrapped, where the ente is unknown.
func (d *DB) SaveSintesi(ctx context.Context, ente string, anno int, righe []piano.RigaSintesi) error {
	return d.inTx(ctx, fmt.Sprintf("save sintesi of %d", anno), func(tx *sqlx.Tx) error {
		e, err := enteDi(ctx, tx, ente)
		if err != nil {
			return err
		}
		if err := unoPerEnte(ctx, tx, e.ID); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, sqlTogliSintesi, e.ID, anno); err != nil {
			return fmt.Errorf("remove the old rows: %w", err)
		}
		c := make([][]string, 9)
		var strategicita, pesi []decimale
		var celle []string
		for _, r := range righe {
			for i, s := range []string{r.Numero, r.Titolo, r.Settore, r.Responsabile, r.Assessore, r.AltriSettori, r.Durata, r.File, r.Foglio} {
				c[i] = append(c[i], pulisci(s))
			}
			strategicita, pesi = append(strategicita, decimale{r.Strategicita}), append(pesi, decimale{r.Peso})
			testo, err := inJSON(r.Celle)
			if err != nil {
				return err
			}
			celle = append(celle, testo)
		}
		_, err = tx.ExecContext(ctx, sqlMettiSintesi, e.ID, anno, pq.Array(c[0]), pq.Array(c[1]), pq.Array(c[2]), pq.Array(c[3]), pq.Array(c[4]),
			pq.Array(strategicita), pq.Array(pesi), pq.Array(c[5]), pq.Array(c[6]), pq.Array(c[7]), pq.Array(c[8]), pq.Array(celle))
		if err != nil {
			return fmt.Errorf("write the rows: %w", err)
		}
		return nil
	})
}

const sqlSintesi = `
SELECT numero, titolo, settore, responsabile, assessore, strategicita, peso, altri_settori, durata, file, foglio, celle
FROM sintesi
WHERE ente_id = $1 AND anno = CASE WHEN $2 = 0 THEN (SELECT max(anno) FROM piani WHERE ente_id = $1) ELSE $2 END
ORDER BY ordine`

// Sintesi returns the Sintesi of an ente for a year, 0 for that of the newest plan, in
// the order of the sheet; none where none was imported. piano.ErrNonTrovato, wrapped,
// where the ente is unknown.
func (d *DB) Sintesi(ctx context.Context, ente string, anno int) ([]piano.RigaSintesi, error) {
	var lette []struct {
		Numero       string   `db:"numero"`
		Titolo       string   `db:"titolo"`
		Settore      string   `db:"settore"`
		Responsabile string   `db:"responsabile"`
		Assessore    string   `db:"assessore"`
		Strategicita decimale `db:"strategicita"`
		Peso         decimale `db:"peso"`
		AltriSettori string   `db:"altri_settori"`
		Durata       string   `db:"durata"`
		File         string   `db:"file"`
		Foglio       string   `db:"foglio"`
		Celle        []byte   `db:"celle"`
	}
	e, err := enteDi(ctx, d.db, ente)
	if err != nil {
		return nil, fallito(ctx, "sintesi", err)
	}
	if err := d.db.SelectContext(ctx, &lette, sqlSintesi, e.ID, anno); err != nil {
		return nil, fallito(ctx, "sintesi", err)
	}
	var righe []piano.RigaSintesi
	for _, r := range lette {
		riga := piano.RigaSintesi{Numero: r.Numero, Titolo: r.Titolo, Settore: r.Settore, Responsabile: r.Responsabile, Assessore: r.Assessore,
			Strategicita: r.Strategicita.Decimale, Peso: r.Peso.Decimale, AltriSettori: r.AltriSettori, Durata: r.Durata, File: r.File, Foglio: r.Foglio}
		if err := daJSON(r.Celle, &riga.Celle); err != nil {
			return nil, fallito(ctx, "sintesi", err)
		}
		righe = append(righe, riga)
	}
	return righe, nil
}

const (
	// not those about which a session that is open has answers: they would be lost to it
	sqlTogliMisure = `
DELETE FROM misure m WHERE m.ente_id = $1 AND m.anno = $2 AND NOT m.chiave = ANY($3::text[])
    AND NOT EXISTS (SELECT 1 FROM sessioni_misure r JOIN sessioni x ON x.id = r.sessione_id
        WHERE r.misura = m.id AND x.chiusa_il IS NULL AND (r.stato <> '' OR r.note <> ''))`

	sqlMettiMisure = `
INSERT INTO misure (ente_id, anno, ordine, chiave, area, titolo, attivita, indicatore, target, verifica, settore,
    responsabile, scadenza, file, foglio, cella)
SELECT $1, $2, ordine, chiave, area, titolo, attivita, indicatore, target, verifica, settore,
    responsabile, scadenza, file, foglio, cella
FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
    $12::text[], $13::text[], $14::text[], $15::text[])
    WITH ORDINALITY AS r (chiave, area, titolo, attivita, indicatore, target, verifica, settore, responsabile,
        scadenza, file, foglio, cella, ordine)
ON CONFLICT ON CONSTRAINT misure_chiave_unica DO UPDATE SET
    ordine = EXCLUDED.ordine, area = EXCLUDED.area, titolo = EXCLUDED.titolo, attivita = EXCLUDED.attivita,
    indicatore = EXCLUDED.indicatore, target = EXCLUDED.target, verifica = EXCLUDED.verifica, settore = EXCLUDED.settore,
    responsabile = EXCLUDED.responsabile, scadenza = EXCLUDED.scadenza, file = EXCLUDED.file, foglio = EXCLUDED.foglio,
    cella = EXCLUDED.cella`
)

// SaveMisure makes the measures of an ente for a year what misure says: those that are
// no longer in it go, but for those about which an open session has answers; those that
// stay keep their ID. piano.ErrNonTrovato, wrapped, where
// the ente is unknown.
func (d *DB) SaveMisure(ctx context.Context, ente string, anno int, misure []piano.Misura) error {
	return d.inTx(ctx, fmt.Sprintf("save misure of %d", anno), func(tx *sqlx.Tx) error {
		e, err := enteDi(ctx, tx, ente)
		if err != nil {
			return err
		}
		if err := unoPerEnte(ctx, tx, e.ID); err != nil {
			return err
		}
		chiavi := chiaviMisure(misure)
		if _, err := tx.ExecContext(ctx, sqlTogliMisure, e.ID, anno, pq.Array(chiavi)); err != nil {
			return fmt.Errorf("remove the old rows: %w", err)
		}
		c := make([][]string, 12)
		for _, m := range misure {
			for i, s := range []string{m.Area, m.Titolo, m.Attivita, m.Indicatore, m.Target, m.Verifica, m.Settore, m.Responsabile, m.Scadenza, m.File, m.Foglio, m.Cella} {
				c[i] = append(c[i], pulisci(s))
			}
		}
		_, err = tx.ExecContext(ctx, sqlMettiMisure, e.ID, anno, pq.Array(chiavi), pq.Array(c[0]), pq.Array(c[1]), pq.Array(c[2]), pq.Array(c[3]),
			pq.Array(c[4]), pq.Array(c[5]), pq.Array(c[6]), pq.Array(c[7]), pq.Array(c[8]), pq.Array(c[9]), pq.Array(c[10]), pq.Array(c[11]))
		if err != nil {
			return fmt.Errorf("write the rows: %w", err)
		}
		return nil
	})
}

// chiaviMisure returns by what each measure is found again: a hash of its words, because
// the words may be long; the second row with the same words is another one.
func chiaviMisure(misure []piano.Misura) []string {
	chiavi := make([]string, 0, len(misure))
	quante := map[string]int{}
	for _, m := range misure {
		testo := strings.Join([]string{piano.Normalizza(m.Titolo), piano.Normalizza(m.Attivita), piano.Normalizza(m.Indicatore), piano.Normalizza(m.Settore)}, "\x00")
		quante[testo]++
		h := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", testo, quante[testo]))
		chiavi = append(chiavi, hex.EncodeToString(h[:16]))
	}
	return chiavi
}

const sqlMisure = `
SELECT id, area, titolo, attivita, indicatore, target, verifica, settore, responsabile, scadenza, file, foglio, cella
FROM misure WHERE ente_id = $1 AND anno = $2 ORDER BY ordine, id`

// Misure returns the measures of an ente for a year in the order of the sheet; none
// where none were imported. piano.ErrNonTrovato, wrapped, where the ente is unknown.
func (d *DB) Misure(ctx context.Context, ente string, anno int) ([]piano.Misura, error) {
	e, err := enteDi(ctx, d.db, ente)
	if err != nil {
		return nil, fallito(ctx, "misure", err)
	}
	var lette []struct {
		ID           int64  `db:"id"`
		Area         string `db:"area"`
		Titolo       string `db:"titolo"`
		Attivita     string `db:"attivita"`
		Indicatore   string `db:"indicatore"`
		Target       string `db:"target"`
		Verifica     string `db:"verifica"`
		Settore      string `db:"settore"`
		Responsabile string `db:"responsabile"`
		Scadenza     string `db:"scadenza"`
		File         string `db:"file"`
		Foglio       string `db:"foglio"`
		Cella        string `db:"cella"`
	}
	if err := d.db.SelectContext(ctx, &lette, sqlMisure, e.ID, anno); err != nil {
		return nil, fallito(ctx, "misure", err)
	}
	var misure []piano.Misura
	for _, r := range lette {
		misure = append(misure, piano.Misura(r))
	}
	return misure, nil
}
