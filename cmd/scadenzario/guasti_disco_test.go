package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/scadenzario/scadenzario/importer"
	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
	"github.com/scadenzario/scadenzario/store/local"
)

// discoPiccolo is a disk of its own, of so many megabytes; the test is skipped where
// this user may not make one.
func discoPiccolo(t *testing.T, mega int) string {
	t.Helper()
	dir := cartellaDati(t)
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dM,mode=755", mega)); err != nil {
		t.Skipf("a small disk cannot be made here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// riempi takes all the room but so many kilobytes.
func riempi(t *testing.T, file string, resta int64) {
	t.Helper()
	var fs syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(file), &fs); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	blocco := make([]byte, 1<<16)
	for n := int64(fs.Bavail)*fs.Bsize - resta<<10; n > 0 && err == nil; n -= int64(len(blocco)) {
		_, err = f.Write(blocco[:min(n, int64(len(blocco)))])
	}
	if err != nil && !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// A disk that fills up: what was acknowledged is there when there is room again, what
// was not is refused with a sentence that says what to do, and the same installation
// goes on by itself.
func TestInvariant1AFullDiskLosesNothing(t *testing.T) {
	dir := discoPiccolo(t, 130)
	dati := filepath.Join(dir, "dati")
	if err := os.Mkdir(dati, 0o755); err != nil {
		t.Fatal(err)
	}
	cluster, err := local.Start(t.Context(), dati)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cluster.Stop(); err != nil {
			t.Error(err)
		}
	})
	if err := cluster.EnsureDB(t.Context(), local.Database); err != nil {
		t.Fatal(err)
	}
	b := &banco{T: t, dir: dati, cluster: cluster, presi: map[string]string{}}
	if b.db, err = store.Open(t.Context(), cluster.DSN(local.Database)); err != nil {
		t.Fatal(err)
	}
	defer b.db.Close()
	if err := b.db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	a, _ := importer.LeggiAnagrafica("anagrafica.xlsx", b.leggi(moduli+"/anagrafica.xlsx"))
	a.Ente = piano.Ente{Codice: enteProva, Nome: "Unione Terre di Pianura"}
	if _, err := b.db.SaveAnagrafica(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	caso := rand.New(rand.NewPCG(1, 53100))
	riconosciuti, pieni, scritti, falliti := map[string]bool{}, 0, 0, 0
	for n := range prove(3, 40) {
		riempi(t, dir+"/pieno", caso.Int64N(2000))
		for {
			l := b.foglio(stati[n%len(stati)])
			ok, err := b.messaggioEFoglio(l, scritti)
			scritti++
			if ok {
				riconosciuti[l.impronta] = true
			}
			if err != nil {
				pieni++
				if !strings.Contains(err.Error(), "disk is full: make room") && !b.caduto(err) {
					falliti++
					t.Errorf("a full disk is called %v", err)
				}
				break
			}
		}
		if err := os.Remove(dir + "/pieno"); err != nil {
			t.Fatal(err)
		}
		b.aspettaDatabase()
	}
	for impronta := range riconosciuti {
		if !b.ceFoglio(impronta) {
			falliti++
			t.Errorf("%s was acknowledged and is lost", impronta)
		}
	}
	if pieni == 0 || len(riconosciuti) == 0 {
		t.Errorf("%d times full, %d workbooks acknowledged", pieni, len(riconosciuti))
	}
	conto(t, 1, fmt.Sprintf("no acknowledged sheet or message is lost: the disk full %d times", pieni), len(riconosciuti)+pieni, falliti)
}

// messaggioEFoglio writes a message and hands a workbook in; ok where both were
// acknowledged.
func (b *banco) messaggioEFoglio(l libro, n int) (ok bool, err error) {
	b.Helper()
	g, err := piano.ParseGiorno(giornoProva)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := b.db.SaveMessaggi(b.Context(), "prova", fmt.Sprint(n), time.Unix(1626073200, 0), []piano.Messaggio{{Ente: enteProva, Tipo: piano.TipoAvviso,
		Chiave: l.impronta, Giorno: g, A: []string{"sia@ente.example"}, MessageID: l.impronta, MIME: make([]byte, 50_000)}}); err != nil {
		return false, err
	}
	_, err = jobs.Intake{Archivio: b.db}.Ricevi(b.Context(), enteProva, l.file, l.contenuto, g)
	return err == nil, err
}

// caduto tells whether the server itself stopped, for want of room for its log: it
// comes back by itself.
func (b *banco) caduto(err error) bool {
	for _, segno := range []string{"EOF", "connection", "recovery mode", "starting up", "57P", "broken pipe"} {
		if strings.Contains(err.Error(), segno) {
			return true
		}
	}
	return false
}

func (b *banco) aspettaDatabase() {
	b.Helper()
	ctx, annulla := context.WithTimeout(b.Context(), attesaProva)
	defer annulla()
	for b.db.Ping(ctx) != nil {
		if jobs.Aspetta(ctx, 20*time.Millisecond) != nil {
			b.Fatal("the database did not come back when there was room")
		}
	}
}

// ceFoglio tells whether the workbook and its message are there, byte by byte.
func (b *banco) ceFoglio(impronta string) bool {
	b.Helper()
	db, err := sql.Open("postgres", b.cluster.DSN(local.Database))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	var n int
	if err := db.QueryRowContext(b.Context(), `SELECT count(*) FROM consegne c JOIN messaggi m ON m.chiave = c.sha256 JOIN spedizioni s ON s.messaggio_id = m.id
		WHERE c.sha256 = $1 AND encode(sha256(c.contenuto), 'hex') = $1 AND c.esito = 'accolta' AND length(m.mime) = 50000 AND s.stato = 'in-coda'`, impronta).Scan(&n); err != nil {
		b.Fatal(err)
	}
	return n == 1
}
