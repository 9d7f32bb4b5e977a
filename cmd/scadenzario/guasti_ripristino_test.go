package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scadenzario/scadenzario/store"
	"github.com/scadenzario/scadenzario/store/local"
)

// programmaPostgres finds pg_dump and its like beside the server.
func programmaPostgres(t *testing.T, nome string) string {
	t.Helper()
	trovati, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + nome)
	if p, errPath := exec.LookPath(nome); len(trovati) == 0 && errPath == nil {
		return p
	}
	if err != nil || len(trovati) == 0 {
		t.Skipf("no %s on this machine", nome)
	}
	return trovati[len(trovati)-1]
}

func esegui(t *testing.T, nome string, args ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), nome, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", nome, err, out)
	}
}

// A backup made with pg_dump while the installation runs, restored into another
// database, has every workbook with its hash; and doctor finds a single byte that is
// not what it was, a row that is gone, an index that is missing.
func TestInvariant15RestoreWorks(t *testing.T) {
	b := nuovoBanco(t)
	dove := b.cluster.DSN(local.Database)
	for _, cartella := range stati {
		fogli, err := filepath.Glob(moduli + "/" + cartella + "/*.xlsx")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range fogli {
			b.consegna(b.conCommento(cartella, f))
		}
	}
	prove15, falliti := 0, 0
	vale := func(bene bool, formato string, args ...any) {
		t.Helper()
		if prove15++; !bene {
			falliti++
			t.Errorf(formato, args...)
		}
	}
	quanti, err := b.db.Quanti(t.Context())
	if err != nil || quanti.Consegne < 20 {
		t.Fatal(quanti, err)
	}
	backup := t.TempDir()
	esegui(t, programmaPostgres(t, "pg_dump"), "--dbname="+dove, "--file="+backup+"/tutto.sql")
	esegui(t, programmaPostgres(t, "pg_dump"), "--dbname="+dove, "--format=custom", "--file="+backup+"/tutto.dump")
	for nome, ripristina := range map[string]func(dsn string){
		"da_sql": func(dsn string) {
			esegui(t, programmaPostgres(t, "psql"), "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--dbname="+dsn, "--file="+backup+"/tutto.sql")
		},
		"da_dump": func(dsn string) {
			esegui(t, programmaPostgres(t, "pg_restore"), "--exit-on-error", "--dbname="+dsn, backup+"/tutto.dump")
		},
	} {
		if err := b.cluster.EnsureDB(t.Context(), nome); err != nil {
			t.Fatal(err)
		}
		dsn := b.cluster.DSN(nome)
		ripristina(dsn)
		codice, detto := visitaDB(t, dsn)
		vale(codice == uscitaBene && strings.Contains(detto, fmt.Sprintf("workbooks, by the SHA-256 of their bytes: %d looked at", quanti.Consegne)), "%s: %d\n%s", nome, codice, detto)
		db, err := store.Open(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		ora, err := db.Quanti(t.Context())
		vale(err == nil && ora == quanti, "%s: %+v instead of %+v, %v", nome, ora, quanti, err)
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		vale(impronte(t, dsn) == impronte(t, dove), "%s: the hashes differ", nome)
	}
	caso := rand.New(rand.NewPCG(15, 15))
	for range prove(5, 200) {
		guasta(t, b.cluster.DSN("da_sql"), caso, vale)
	}
	for _, danno := range []struct{ query, trova string }{
		{"SET session_replication_role = replica; DELETE FROM settori WHERE id = (SELECT min(settore_id) FROM obiettivi)", "refer to rows of settori that are not there"},
		{"ALTER TABLE messaggi DROP CONSTRAINT messaggi_chiave_unica", "the constraint messaggi_chiave_unica is missing"},
		{"UPDATE goose_db_version SET version_id = 9999 WHERE id = (SELECT max(id) FROM goose_db_version)", "install the newer release"},
		{"DELETE FROM goose_db_version WHERE version_id > 5", "brings it up"},
	} {
		grezzo(t, b.cluster.DSN("da_dump"), danno.query)
		codice, detto := visitaDB(t, b.cluster.DSN("da_dump"))
		vale(codice == uscitaErrori && strings.Contains(detto, danno.trova) && strings.Contains(detto, "what to do: "), "%s: %d\n%s", danno.query, codice, detto)
	}
	conto(t, 15, "restore works: dump, restore, doctor; and each flipped byte is found", prove15, falliti)
}

// guasta flips one bit of one workbook, wants doctor to name that workbook and no
// other, and flips it back.
func guasta(t *testing.T, dsn string, caso *rand.Rand, vale func(bool, string, ...any)) {
	t.Helper()
	var id int64
	var lungo int
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRowContext(t.Context(), "SELECT id, length(contenuto) FROM consegne ORDER BY md5(id || $1) LIMIT 1", fmt.Sprint(caso.Uint64())).Scan(&id, &lungo); err != nil {
		t.Fatal(err)
	}
	gira := fmt.Sprintf("UPDATE consegne SET contenuto = set_bit(contenuto, %d, 1 - get_bit(contenuto, %[1]d)) WHERE id = %d", caso.IntN(lungo*8), id)
	grezzo(t, dsn, gira)
	codice, detto := visitaDB(t, dsn)
	vale(codice == uscitaErrori && strings.Contains(detto, fmt.Sprintf("consegna %d, ", id)) && strings.Count(detto, "another SHA-256") == 1, "a bit of consegna %d: %d\n%s", id, codice, detto)
	grezzo(t, dsn, gira)
}

// visitaDB runs doctor on a database, with an empty data folder.
func visitaDB(t *testing.T, dsn string) (int, string) {
	t.Helper()
	dir := t.TempDir()
	conf := filepath.Join(dir, "c.toml")
	if err := os.WriteFile(conf, fmt.Appendf(nil, "[database]\ndsn = %q\n", dsn), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	codice := run(t.Context(), []string{"--config", conf, "--data", dir, "doctor"}, &out, &out)
	return codice, out.String()
}

func grezzo(t *testing.T, dsn, query string) {
	t.Helper()
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), query); err != nil {
		t.Fatal(err)
	}
}

// impronte are the hashes of all workbooks, computed anew.
func impronte(t *testing.T, dsn string) (tutte string) {
	t.Helper()
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRowContext(t.Context(), "SELECT string_agg(encode(sha256(contenuto), 'hex'), ' ' ORDER BY id) FROM consegne").Scan(&tutte); err != nil {
		t.Fatal(err)
	}
	return tutte
}
