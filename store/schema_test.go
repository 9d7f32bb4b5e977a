package store_test

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var aggiorna = flag.Bool("update", false, "rewrite schema.sql from the migrated database")

// elencoSchema lists the catalog as text, without what differs from one minor
// version of the server to the next.
const elencoSchema = `
WITH voci (ordine, tabella, posto, riga) AS (
    SELECT 1, p.proname::text, 0, pg_get_functiondef(p.oid) || ';'
    FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
  UNION ALL
    SELECT 2, c.relname::text, a.attnum::integer, format('%s.%s %s%s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END,
        CASE a.attidentity WHEN 'a' THEN ' GENERATED ALWAYS AS IDENTITY' ELSE '' END,
        CASE WHEN d.oid IS NULL THEN '' WHEN a.attgenerated = 's' THEN ' GENERATED ALWAYS AS ' || pg_get_expr(d.adbin, d.adrelid) || ' STORED'
            ELSE ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) END)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'goose_db_version'
  UNION ALL
    SELECT 2, c.relname::text, 1000, format('%s CONSTRAINT %s %s', c.relname, k.conname, pg_get_constraintdef(k.oid))
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname <> 'goose_db_version'
  UNION ALL
    SELECT 2, i.tablename::text, 2000, i.indexdef || ';'
    FROM pg_indexes i WHERE i.schemaname = 'public' AND i.tablename <> 'goose_db_version'
        AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conname = i.indexname)
)
SELECT tabella, riga FROM voci ORDER BY ordine, tabella COLLATE "C", posto, riga COLLATE "C"`

// schema.sql is for reading: what the migrations add up to. A migration that
// changes the schema otherwise than meant shows here.
func TestSchema(t *testing.T) {
	_, db := conSQL(t)
	righe, err := db.QueryContext(t.Context(), elencoSchema)
	if err != nil {
		t.Fatal(err)
	}
	defer righe.Close()
	var b strings.Builder
	b.WriteString("-- What the migrations add up to, from the catalog: for reading, not for running.\n" +
		"-- Rewritten by: go test ./store -run TestSchema -update\n")
	prima := ""
	for righe.Next() {
		var tabella, riga string
		if err := righe.Scan(&tabella, &riga); err != nil {
			t.Fatal(err)
		}
		if tabella != prima {
			b.WriteString("\n")
		}
		prima = tabella
		b.WriteString(riga + "\n")
	}
	if err := righe.Err(); err != nil {
		t.Fatal(err)
	}
	if *aggiorna {
		if err := os.WriteFile("schema.sql", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	scritto, err := os.ReadFile("schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	if string(scritto) != b.String() {
		t.Errorf("schema.sql is not what the migrations make; go test ./store -run TestSchema -update, and read the difference:\n%s", b.String())
	}
}

// Violations are told apart by name, so every constraint has one that we gave.
func TestEveryConstraintIsNamedByUs(t *testing.T) {
	_, db := conSQL(t)
	n := conta(t, db, `SELECT count(*) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
		WHERE c.relnamespace = 'public'::regnamespace AND c.relname <> 'goose_db_version' AND k.conname ~ '_(key|check|fkey)[0-9]*$'`)
	if n != 0 {
		t.Errorf("%d constraints with a name made up by the server", n)
	}
}

// Each CHECK mirrors a rule of package piano: the database refuses what the
// program must never write.
func TestTheDatabaseRefusesWhatTheDomainDoes(t *testing.T) {
	_, db := conSQL(t)
	for vincolo, query := range map[string]string{
		"enti_patrono":               `UPDATE enti SET patrono_mese = 13`,
		"enti_codice_scritto":        `UPDATE enti SET codice = ''`,
		"incarichi_tipo":             `UPDATE incarichi SET tipo = 'vacante'`,
		"incarichi_periodo":          `UPDATE incarichi SET dal = '2021-02-01', al = '2021-01-31'`,
		"settori_nome_unico":         `UPDATE settori SET nome = 'SUAP'`,
		"piani_approvazione":         `INSERT INTO piani (ente_id, anno, approvato_il) SELECT id, 2021, '2021-04-27' FROM enti`,
		"piani_anno":                 `INSERT INTO piani (ente_id, anno) SELECT id, 0 FROM enti`,
		"consegne_esito":             `INSERT INTO consegne (ente_id, file, contenuto, sha256, giorno, esito) SELECT id, '', '', repeat('0', 64), '2021-01-01', 'boh' FROM enti`,
		"consegne_sha256":            `INSERT INTO consegne (ente_id, file, contenuto, sha256, giorno) SELECT id, '', '', 'x', '2021-01-01' FROM enti`,
		"messaggi_tipo":              `INSERT INTO messaggi (ente_id, tipo, chiave, giorno, oggetto, testo, html, message_id, mime, a, cc, stati, scritto_il) SELECT id, 'posta', 'k', '2021-01-01', '', '', '', '', '', '{}', '{}', '{}', '2021-01-01' FROM enti`,
		"esecuzioni_scritta":         `INSERT INTO esecuzioni (job, periodo, iniziata, fino) VALUES ('', 'x', '2021-01-01', '2021-01-01')`,
		"esecuzioni_durata":          `INSERT INTO esecuzioni (job, periodo, iniziata, finita, esito) VALUES ('j', 'x', '2021-01-02', '2021-01-01', 'fatta')`,
		"esecuzioni_esito":           `INSERT INTO esecuzioni (job, periodo, iniziata, finita, esito) VALUES ('j', 'x', '2021-01-01', '2021-01-01', 'boh')`,
		"esecuzioni_stato":           `INSERT INTO esecuzioni (job, periodo, iniziata) VALUES ('j', 'x', '2021-01-01')`,
		"battiti_job":                `INSERT INTO battiti (job, dal, contato_fino) VALUES ('', '2021-01-01', '2021-01-01')`,
		"consegne_contenuto_unico":   `INSERT INTO consegne (ente_id, file, contenuto, sha256, giorno) SELECT id, n::text, '', repeat('0', 64), '2021-01-01' FROM enti, generate_series(1, 2) n`,
		"esecuzioni_una_per_periodo": `INSERT INTO esecuzioni (job, periodo, iniziata, fino) VALUES ('j', 'x', '2021-01-02', '2021-01-02'), ('j', 'x', '2021-01-03', '2021-01-03')`,
	} {
		t.Run(vincolo, func(t *testing.T) {
			_, err := db.ExecContext(t.Context(), query)
			if err == nil || !strings.Contains(err.Error(), `"`+vincolo+`"`) {
				t.Errorf("%v", err)
			}
		})
	}
}
