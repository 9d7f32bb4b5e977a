package main

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/lib/pq"

	"github.com/scadenzario/scadenzario/importer"
	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
	"github.com/scadenzario/scadenzario/store/local"
)

// prove is how often an invariant is tried: a few times in make check, as often as
// RELIABILITY.md asks in make faults.
func prove(poche, tutte int) int {
	if os.Getenv("SCADENZARIO_PROVE") != "" {
		return tutte
	}
	return poche
}

// conto writes the line that scripts/faults.sh collects.
func conto(t *testing.T, invariante int, promessa string, prove, falliti int) {
	t.Helper()
	t.Logf("invariant %d | %s | %d trials | %d failures", invariante, promessa, prove, falliti)
	if falliti > 0 || prove == 0 {
		t.Fail()
	}
}

const (
	enteProva   = "terre-di-pianura"
	giornoProva = "2021-04-20"
	moduli      = "../../testdata/moduli"
)

// stati are the folders with the workbooks of each office through the year.
var stati = []string{"piano-2021", "stato-2021-06-30", "stato-2021-12-31"}

// banco is a Postgres of the test's own, as safe on the disk as that of an
// installation, which the test may stop as it likes; with a database that knows the
// people of the plan.
type banco struct {
	*testing.T
	dir     string // of the cluster
	cluster *local.Cluster
	db      *store.DB
	grezzo  *sql.DB           // looks behind the store's back
	attesi  map[string]string // what the plan of the office is, by workbook
	presi   map[string]string // the file of every workbook handed in, by its hash
	n       int               // workbooks made so far
	falliti [3]int            // by invariant
	prove   [3]int
}

// ufficioProva is the office whose workbooks are handed in: three cards.
const ufficioProva = "servizi-finanziari"

func nuovoBanco(t *testing.T) *banco {
	t.Helper()
	b := &banco{T: t, dir: inMemoria(t), attesi: map[string]string{"": ""}, presi: map[string]string{}}
	t.Cleanup(b.spegni)
	b.accendi()
	if err := b.cluster.EnsureDB(t.Context(), local.Database); err != nil {
		t.Fatal(err)
	}
	if err := b.db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	a, rilievi := importer.LeggiAnagrafica("anagrafica.xlsx", b.leggi(moduli+"/anagrafica.xlsx"))
	if piano.HaErrori(rilievi) {
		t.Fatal(rilievi)
	}
	a.Ente = piano.Ente{Codice: enteProva, Nome: "Unione Terre di Pianura"}
	if _, err := b.db.SaveAnagrafica(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	for _, s := range stati { // the plan is a draft: each workbook replaces the one before
		b.consegna(b.foglio(s))
		b.attesi[s] = b.piano()
	}
	if b.attesi[stati[0]] == b.attesi[stati[1]] || b.attesi[stati[1]] == b.attesi[stati[2]] || len(b.attesi[stati[0]]) < 1000 {
		t.Fatal("the workbooks do not differ")
	}
	return b
}

// inMemoria is a data folder in memory where there is one: the server waits for the
// disk at each commit, which kill -9 does not need and the disk's other users feel.
func inMemoria(t *testing.T) string {
	t.Helper()
	const memoria = "/dev/shm"
	var s syscall.Statfs_t
	if syscall.Statfs(memoria, &s) != nil || s.Bavail*uint64(s.Bsize) < 2<<30 {
		return cartellaDati(t)
	}
	dir, err := os.MkdirTemp(memoria, "scadenzario-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// accendi starts the cluster, or starts it again, and connects.
func (b *banco) accendi() {
	b.Helper()
	var err error
	if b.cluster, err = local.Start(b.Context(), b.dir); err != nil {
		b.Fatal(err)
	}
	if err := b.cluster.EnsureDB(b.Context(), local.Database); err != nil {
		b.Fatal(err)
	}
	if b.db, err = store.Open(b.Context(), b.cluster.DSN(local.Database)); err != nil {
		b.Fatal(err)
	}
	if b.grezzo, err = sql.Open("postgres", b.cluster.DSN(local.Database)); err != nil {
		b.Fatal(err)
	}
}

// spegni disconnects and stops the cluster, as far as there is one.
func (b *banco) spegni() {
	if b.db != nil {
		_, _ = b.db.Close(), b.grezzo.Close()
	}
	if b.cluster != nil {
		if err := b.cluster.Stop(); err != nil {
			b.Error(err)
		}
	}
}

// schianta is what pg_ctl stop -m immediate does: no connection is warned, nothing is
// written any more.
func (b *banco) schianta() {
	b.Helper()
	testo := string(b.leggi(filepath.Join(b.dir, "postgres", "postmaster.pid")))
	pid, err := strconv.Atoi(strings.SplitN(testo, "\n", 2)[0])
	if err != nil {
		b.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGQUIT); err != nil {
		b.Fatal(err)
	}
}

func (b *banco) leggi(file string) []byte {
	b.Helper()
	contenuto, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	return contenuto
}

// libro is a workbook that nobody has handed in yet.
type libro struct {
	stato, file string
	contenuto   []byte
	impronta    string
}

// foglio makes a workbook of that state, in bytes of its own: a zip may carry a
// comment, and its last two bytes say how long it is.
func (b *banco) foglio(stato string) libro {
	b.Helper()
	return b.conCommento(stato, fmt.Sprintf("%s/%s/%s.xlsx", moduli, stato, ufficioProva))
}

func (b *banco) conCommento(stato, origine string) libro {
	b.Helper()
	b.n++
	commento := fmt.Sprintf("%08d", b.n)
	l := libro{stato: stato, file: fmt.Sprintf("%d %s", b.n, filepath.Base(origine)), contenuto: b.leggi(origine)}
	l.contenuto[len(l.contenuto)-2] = byte(len(commento))
	l.contenuto = append(l.contenuto, commento...)
	somma := sha256.Sum256(l.contenuto)
	l.impronta = hex.EncodeToString(somma[:])
	b.presi[l.impronta] = l.file
	return l
}

// consegna hands the workbook in, here and now.
func (b *banco) consegna(l libro) jobs.Risposta {
	b.Helper()
	g, err := piano.ParseGiorno(giornoProva)
	if err != nil {
		b.Fatal(err)
	}
	r, err := jobs.Intake{Archivio: b.db}.Ricevi(b.Context(), enteProva, l.file, l.contenuto, g)
	if err != nil {
		b.Fatal(err)
	}
	return r
}

// sqlPiano is the whole plan as text, without what the database numbers by itself.
const sqlPiano = `
SELECT coalesce(string_agg(riga, E'\n' ORDER BY riga), '') FROM (
    SELECT 'obiettivo ' || (to_jsonb(o) - '{id,piano_id,settore_id,consegna_id}'::text[])::text AS riga FROM obiettivi o
    UNION ALL
    SELECT 'attivita ' || o.chiave || (to_jsonb(x) - '{id,obiettivo_id,progresso_il}'::text[])::text FROM attivita x JOIN obiettivi o ON o.id = x.obiettivo_id
    UNION ALL
    SELECT 'indicatore ' || o.chiave || (to_jsonb(x) - '{id,obiettivo_id}'::text[])::text FROM indicatori x JOIN obiettivi o ON o.id = x.obiettivo_id
    UNION ALL
    SELECT 'persona ' || o.chiave || (to_jsonb(x) - '{id,obiettivo_id}'::text[])::text FROM risorse_umane x JOIN obiettivi o ON o.id = x.obiettivo_id
    UNION ALL
    SELECT 'peso ' || o.chiave || x.peso FROM pesi x JOIN obiettivi o ON o.id = x.obiettivo_id) AS righe`

func (b *banco) piano() (testo string) {
	b.Helper()
	if err := b.grezzo.QueryRowContext(b.Context(), sqlPiano).Scan(&testo); err != nil {
		b.Fatal(err)
	}
	return testo
}

// vuota takes the whole plan away.
func (b *banco) vuota() {
	b.Helper()
	if _, err := b.grezzo.ExecContext(b.Context(), "TRUNCATE piani CASCADE"); err != nil {
		b.Fatal(err)
	}
}

// esitoDi returns what became of the workbook, "" where it never came; it is a
// failure where its bytes are not those that were handed in.
func (b *banco) esitoDi(l libro) (esito string) {
	b.Helper()
	var contenuto []byte
	err := b.grezzo.QueryRowContext(b.Context(), "SELECT esito, contenuto FROM consegne WHERE sha256 = $1", l.impronta).Scan(&esito, &contenuto)
	if err == sql.ErrNoRows {
		return ""
	}
	if err != nil {
		b.Fatal(err)
	}
	if string(contenuto) != string(l.contenuto) {
		b.guasto(1, "%s: its bytes are not those handed in", l.file)
	}
	return esito
}

// guasto counts a failure of an invariant.
func (b *banco) guasto(invariante int, formato string, args ...any) {
	b.Helper()
	b.falliti[invariante]++
	b.Errorf("invariant %d: "+formato, append([]any{invariante}, args...)...)
}

// dopoIlGuasto looks at what a crash left: the workbook was taken whole or not at
// all, and if the office was told so, it is there. Then the same workbook is handed
// in again, which must finish what was begun.
func (b *banco) dopoIlGuasto(prima string, l libro, riconosciuto bool) {
	b.Helper()
	b.prove[1]++
	b.prove[2]++
	esito, ora := b.esitoDi(l), b.piano()
	switch {
	case riconosciuto && esito != string(piano.Accolta):
		b.guasto(1, "%s was acknowledged and is %q", l.file, esito)
	case esito == string(piano.Accolta) && ora != b.attesi[l.stato]:
		b.guasto(2, "%s is accepted, and the plan is not what it says", l.file)
	case esito != string(piano.Accolta) && ora != b.attesi[prima]:
		b.guasto(2, "%s is %q, and the plan is not what it was before", l.file, esito)
	}
	r := b.consegna(l)
	if !r.Accolta() || r.GiaRicevuta != (esito == string(piano.Accolta)) || b.esitoDi(l) != string(piano.Accolta) || b.piano() != b.attesi[l.stato] {
		b.guasto(1, "%s handed in again: %s, already received %v", l.file, r.Consegna.Esito, r.GiaRicevuta)
	}
}

// tutti wants every workbook that was ever handed in, once, with its bytes.
func (b *banco) tutti() {
	b.Helper()
	righe, err := b.grezzo.QueryContext(b.Context(), "SELECT sha256, encode(sha256(contenuto), 'hex') FROM consegne")
	if err != nil {
		b.Fatal(err)
	}
	defer righe.Close()
	visti := map[string]bool{}
	for righe.Next() {
		var scritta, vera string
		if err := righe.Scan(&scritta, &vera); err != nil {
			b.Fatal(err)
		}
		if _, nostro := b.presi[scritta]; !nostro || scritta != vera || visti[scritta] {
			b.guasto(1, "a hand-in with the hash %s and bytes of the hash %s", scritta, vera)
		}
		visti[scritta] = true
	}
	if err := righe.Err(); err != nil {
		b.Fatal(err)
	}
	for impronta, file := range b.presi {
		if !visti[impronta] {
			b.guasto(1, "%s is lost", file)
		}
	}
}

// conti writes the counts of both invariants.
func (b *banco) conti(come string) {
	b.Helper()
	conto(b.T, 1, "no acknowledged sheet is lost: "+come, b.prove[1], b.falliti[1])
	conto(b.T, 2, "a workbook is taken whole or not at all: "+come, b.prove[2], b.falliti[2])
}

// prossimo returns the state before the n-th trial and the workbook that it hands in;
// every fourth begins with no plan at all.
func (b *banco) prossimo(n int) (prima string, l libro) {
	b.Helper()
	dopo := stati[n%len(stati)]
	if n%4 == 0 {
		b.vuota()
		return "", b.foglio(dopo)
	}
	for _, s := range append([]string{""}, stati...) {
		if b.attesi[s] == b.piano() {
			prima = s
		}
	}
	if prima == dopo {
		dopo = stati[(n+1)%len(stati)]
	}
	return prima, b.foglio(dopo)
}

// attesaProva bounds what a test waits for.
const attesaProva = time.Minute
