package jobs_test

import (
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/mailer"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
	"github.com/scadenzario/scadenzario/store/storetest"
)

var sera = time.Date(2021, 7, 12, 18, 0, 0, 0, time.UTC)

// sede is one installation: a data folder on a host, on a database.
type sede struct {
	t    *testing.T
	db   *store.DB
	dir  string
	host string
}

func (s sede) custodia() jobs.Custodia {
	return jobs.Custodia{Cartella: s.dir, Host: s.host, Archivio: s.db}
}

// invia puts one message into the outbox and delivers what waits.
func (s sede) invia(chiave string) (jobs.Conto, error) {
	s.t.Helper()
	m, err := mailer.Componi(piano.Messaggio{Ente: ente, Tipo: piano.TipoPromemoria, Chiave: chiave, Giorno: giorno(s.t, "2021-07-12"),
		A: []string{"giulia@terredipianura.example"}, Oggetto: "Prova", Testo: "Prova", HTML: "<p>Prova</p>"}, mittente, sera)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.db.SaveMessaggi(s.t.Context(), "prova", chiave, sera, []piano.Messaggio{m}); err != nil {
		s.t.Fatal(err)
	}
	return jobs.Invio{Uscita: s.db, Custode: s.custodia(), Postino: mailer.Cartella{Dir: filepath.Join(s.dir, "posta")},
		Proprietario: s.host, Adesso: func() time.Time { return sera }, Log: slog.New(slog.DiscardHandler)}.Run(s.t.Context())
}

// apri opens a database that the test closes by itself: one in use cannot be copied.
func apri(t *testing.T, dsn string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}

func chiudi(t *testing.T, db *store.DB) {
	t.Helper()
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

var nomeDB = regexp.MustCompile(`dbname='?([A-Za-z0-9_-]+)'?`)

// copiaDB makes a copy of a closed database, as a backup does, and returns its DSN.
func copiaDB(t *testing.T, dsn, nome string) string {
	t.Helper()
	admin, err := sql.Open("postgres", nomeDB.ReplaceAllString(dsn, "dbname=postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	originale := nomeDB.FindStringSubmatch(dsn)[1]
	if _, err := admin.ExecContext(t.Context(), fmt.Sprintf(`CREATE DATABASE %q TEMPLATE %q`, nome, originale)); err != nil {
		t.Fatal(err)
	}
	return nomeDB.ReplaceAllString(dsn, "dbname="+nome)
}

// A restored or copied database mails no one before a person confirms; then the
// messages that waited are doubts, and new ones leave (invariant 14).
func TestInvariant14CopiesAreOnHold(t *testing.T) {
	dsn := storetest.DSN(t)
	db := apri(t, dsn)
	if _, err := db.SaveAnagrafica(t.Context(), piano.Anagrafica{Ente: piano.Ente{Codice: ente, Nome: "Unione"}}); err != nil {
		t.Fatal(err)
	}
	prima := sede{t, db, t.TempDir(), "mercurio"}
	if c, err := prima.invia("uno"); err != nil || c.Inviati != 1 {
		t.Fatalf("the first installation sends at once: %+v, %v", c, err)
	}
	chiudi(t, db)
	backup := copiaDB(t, dsn, nomeDB.FindStringSubmatch(dsn)[1]+"_backup")
	prima.db = apri(t, dsn)
	if c, err := prima.invia("due"); err != nil || c.Inviati != 1 {
		t.Fatalf("%+v, %v", c, err)
	}
	copiata := t.TempDir()
	if err := os.CopyFS(copiata, os.DirFS(prima.dir)); err != nil {
		t.Fatal(err)
	}
	chiudi(t, prima.db)

	prove, falliti := 0, 0
	for i, c := range []struct{ storia, dsn, dir, host, motivo string }{
		{"the database is restored from a backup", backup, prima.dir, "mercurio", "restored from an earlier day"},
		{"the database is copied to another machine", dsn, "", "venere", "filled by another installation"},
		{"the data folder is copied on the same machine", dsn, copiata, "mercurio", "this data folder was made on mercurio"},
		{"the data folder is carried to another machine", dsn, prima.dir, "venere", "and is on venere as"},
	} {
		t.Run(c.storia, func(t *testing.T) {
			dir := t.TempDir()
			if c.dir != "" && c.dir != prima.dir {
				dir = c.dir
			}
			if c.dir == prima.dir { // the same folder, put back as it was afterwards
				dir = prima.dir
				file := filepath.Join(dir, "installazione.json")
				testo := leggi(t, file)
				t.Cleanup(func() {
					if err := os.WriteFile(file, testo, 0o644); err != nil {
						t.Error(err)
					}
				})
			}
			copia := copiaDB(t, c.dsn, fmt.Sprintf("%s_%d", nomeDB.FindStringSubmatch(dsn)[1], i))
			s := sede{t, apri(t, copia), dir, c.host}
			defer func() { chiudi(t, s.db) }()
			for n := range 20 {
				conto, err := s.invia(fmt.Sprint("copia", n))
				prove++
				if !errors.Is(err, jobs.ErrInSospeso) || !strings.Contains(err.Error(), c.motivo) || conto.Inviati != 0 {
					falliti++
					t.Fatalf("try %d: %+v, %v", n, conto, err)
				}
			}
			dubbi, err := s.custodia().Conferma(t.Context(), sera)
			if err != nil || dubbi != 20 {
				t.Fatalf("%d in doubt, %v", dubbi, err)
			}
			if conto, err := s.invia("dopo"); err != nil || conto.Inviati != 1 {
				t.Errorf("after the confirmation: %+v, %v", conto, err)
			}
		})
	}
	conto(t, 14, "restored and copied databases mail no one before a person confirms", prove, falliti)
}

func TestTwoSendersOfOneInstallation(t *testing.T) {
	c := nuovaCasa(t)
	s := sede{t, c.db, t.TempDir(), "mercurio"}
	if err := s.custodia().Verifica(t.Context(), sera); err != nil {
		t.Fatal(err)
	}
	errs := make(chan error)
	const quanti = 50
	for range 4 {
		go func() {
			for range quanti {
				if err := s.custodia().Conta(t.Context()); err != nil {
					errs <- err
					return
				}
			}
			errs <- nil
		}()
	}
	for range 4 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if testo := string(leggi(t, filepath.Join(s.dir, "installazione.json"))); !strings.Contains(testo, `"punti":200`) {
		t.Error(testo)
	}
	if err := s.custodia().Verifica(t.Context(), sera); err != nil {
		t.Error(err)
	}
}
