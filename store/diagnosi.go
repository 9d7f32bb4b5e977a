package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/lib/pq"
)

// Controllo is one thing that was looked at in the database.
type Controllo struct {
	Cosa    string
	Visti   int64    // rows or objects that were looked at
	Male    []string // what is wrong, some of it; nil where all is well
	Rimedio string   // what to do about it; "" where all is well
}

// massimoMale is how many faults of one kind are named.
const massimoMale = 20

const rimedioCopia = "the database is not what was written: stop the daemon and restore the last backup for which `doctor` finds nothing"

// controlli are queries that count what is looked at and name what is wrong in it.
var controlli = []struct{ cosa, visti, male, rimedio string }{
	{"workbooks, by the SHA-256 of their bytes", `SELECT count(*) FROM consegne`, `
SELECT format('consegna %s, %s of %s: its bytes have another SHA-256', c.id, c.file, c.giorno) FROM consegne c
WHERE encode(sha256(c.contenuto), 'hex') <> c.sha256 ORDER BY c.id LIMIT $1`, rimedioCopia},
	{"frozen sessions, by the SHA-256 of their text", `SELECT count(*) FROM sessioni WHERE chiusa_il IS NOT NULL`, `
SELECT format('session %s: what was frozen has another SHA-256', id) FROM sessioni
WHERE chiusa_il IS NOT NULL AND encode(sha256(convert_to(fotografia::text, 'UTF8')), 'hex') <> sha256 ORDER BY id LIMIT $1`, rimedioCopia},
	// a form of the measures is in its session; before schema 16 what a later form said anew kept no trace of it
	{"accepted workbooks that are in the plan", `SELECT count(*) FROM consegne WHERE esito = 'accolta'`, `
SELECT format('consegna %s, %s of %s: accepted, and no settore has it', c.id, c.file, c.giorno) FROM consegne c
WHERE c.esito = 'accolta' AND NOT EXISTS (SELECT 1 FROM consegne_settori cs WHERE cs.consegna_id = c.id)
    AND NOT EXISTS (SELECT 1 FROM sessioni_misure m JOIN sessioni x ON x.id = m.sessione_id WHERE x.ente_id = c.ente_id AND m.consegna_id >= c.id) ORDER BY c.id LIMIT $1`, rimedioCopia},
	{"messages with their recipients", `SELECT count(*) FROM messaggi`, `
SELECT format('message %s, %s %s: it goes to nobody', m.id, m.tipo, m.chiave) FROM messaggi m
WHERE NOT EXISTS (SELECT 1 FROM spedizioni s WHERE s.messaggio_id = m.id) ORDER BY m.id LIMIT $1`, rimedioCopia},
	{"messages that wait, with their bytes", `SELECT count(*) FROM spedizioni WHERE stato IN ('in-coda', 'in-invio', 'al-punto')`, `
SELECT format('message %s to %s waits and has no bytes', m.id, s.destinatario) FROM spedizioni s JOIN messaggi m ON m.id = s.messaggio_id
WHERE s.stato IN ('in-coda', 'in-invio', 'al-punto') AND (length(m.mime) = 0 OR m.svuotato_il IS NOT NULL) ORDER BY s.id LIMIT $1`, rimedioCopia},
	{"passages of the ladder, in the register", `SELECT count(*) FROM passi_inviati`, `
SELECT format('message %s told activity %s at %s, and the register does not say so', p.messaggio_id, p.attivita_id, p.stadio) FROM passi_inviati p
WHERE NOT EXISTS (SELECT 1 FROM voci v WHERE v.messaggio_id = p.messaggio_id AND v.stadio = p.stadio AND v.riferimento = p.riferimento) ORDER BY p.messaggio_id LIMIT $1`, rimedioCopia},
	{"indexes", `SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = 'public'::regnamespace`, `
SELECT format('index %s is not valid', c.relname) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relnamespace = 'public'::regnamespace AND NOT i.indisvalid ORDER BY 1 LIMIT $1`, "REINDEX DATABASE with the daemon stopped, then `doctor` again"},
	// without them a message would be written, a workbook taken or a session opened twice
	{"the constraints that promises rest on", `SELECT 7`, `
SELECT format('the constraint %s is missing or not valid', nome)
FROM unnest(ARRAY['messaggi_chiave_unica', 'spedizioni_destinatario_unico', 'passi_inviati_unico', 'consegne_contenuto_unico', 'esecuzioni_una_per_periodo',
    'sessioni_una_per_periodo', 'sessioni_richieste_unica']) AS nome
WHERE NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conname = nome AND k.convalidated) LIMIT $1`,
		"the restore did not end: restore into an empty database, and look at the errors that pg_restore or psql prints"},
}

// Diagnosi looks at the whole database, changes nothing, and returns what it looked
// at. It reads every byte of every workbook.
func (d *DB) Diagnosi(ctx context.Context) ([]Controllo, error) {
	esami := make([]Controllo, 0, len(controlli)+1)
	for _, c := range controlli {
		e := Controllo{Cosa: c.cosa}
		if err := d.db.GetContext(ctx, &e.Visti, c.visti); err != nil {
			return nil, fallito(ctx, c.cosa, err)
		}
		if err := d.db.SelectContext(ctx, &e.Male, c.male, massimoMale); err != nil {
			return nil, fallito(ctx, c.cosa, err)
		}
		if len(e.Male) > 0 {
			e.Rimedio = c.rimedio
		}
		esami = append(esami, e)
	}
	orfane, err := d.orfane(ctx)
	return append(esami, orfane), err
}

const sqlRiferimenti = `
SELECT k.conname AS nome, k.conrelid::regclass::text AS tabella, k.confrelid::regclass::text AS verso,
    array(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS c (n, i) JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = c.n ORDER BY c.i) AS colonne,
    array(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS c (n, i) JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = c.n ORDER BY c.i) AS chiavi
FROM pg_constraint k WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace
ORDER BY k.conname`

// orfane looks for rows that refer to one that is not there, which a restore without
// its checks may leave.
func (d *DB) orfane(ctx context.Context) (Controllo, error) {
	esame := Controllo{Cosa: "references from one table to another"}
	var riferimenti []struct {
		Nome    string         `db:"nome"`
		Tabella string         `db:"tabella"`
		Verso   string         `db:"verso"`
		Colonne pq.StringArray `db:"colonne"`
		Chiavi  pq.StringArray `db:"chiavi"`
	}
	if err := d.db.SelectContext(ctx, &riferimenti, sqlRiferimenti); err != nil {
		return esame, fallito(ctx, esame.Cosa, err)
	}
	for _, r := range riferimenti {
		var pieni, uguali []string
		for i, c := range r.Colonne {
			pieni = append(pieni, "f."+pq.QuoteIdentifier(c)+" IS NOT NULL")
			uguali = append(uguali, "p."+pq.QuoteIdentifier(r.Chiavi[i])+" = f."+pq.QuoteIdentifier(c))
		}
		var n int64
		query := fmt.Sprintf("SELECT count(*) FROM %s f WHERE %s AND NOT EXISTS (SELECT 1 FROM %s p WHERE %s)",
			r.Tabella, strings.Join(pieni, " AND "), r.Verso, strings.Join(uguali, " AND "))
		if err := d.db.GetContext(ctx, &n, query); err != nil {
			return esame, fallito(ctx, r.Nome, err)
		}
		esame.Visti++
		if n > 0 {
			esame.Male, esame.Rimedio = append(esame.Male, fmt.Sprintf("%d rows of %s refer to rows of %s that are not there (%s)", n, r.Tabella, r.Verso, r.Nome)), rimedioCopia
		}
	}
	return esame, nil
}

const sqlQuanti = `
SELECT (SELECT count(*) FROM enti) AS enti, (SELECT count(*) FROM consegne) AS consegne, (SELECT count(*) FROM obiettivi) AS obiettivi,
    (SELECT count(*) FROM attivita) AS attivita, (SELECT count(*) FROM messaggi) AS messaggi, (SELECT count(*) FROM voci) AS voci`

// Quanti is how much there is, to be compared with what a backup was made of.
type Quanti struct {
	Enti      int64 `db:"enti"`
	Consegne  int64 `db:"consegne"`
	Obiettivi int64 `db:"obiettivi"`
	Attivita  int64 `db:"attivita"`
	Messaggi  int64 `db:"messaggi"`
	Voci      int64 `db:"voci"` // of the register
}

// Quanti counts the rows of the main tables.
func (d *DB) Quanti(ctx context.Context) (q Quanti, err error) {
	if err := d.db.GetContext(ctx, &q, sqlQuanti); err != nil {
		return q, fallito(ctx, "count rows", err)
	}
	return q, nil
}
