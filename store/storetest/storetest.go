package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
	"testing"

	"github.com/scadenzario/scadenzario/store"
	"github.com/scadenzario/scadenzario/store/local"
)

// modello is the migrated database that each test's own is a copy of.
const modello = "modello"

// condiviso is the test process's one server. It is the package's only state,
// because the testing package has no other place for what tests share.
var condiviso servitore

type servitore struct {
	mu       sync.Mutex
	conMain  bool // TestMain called Main, which will stop the server
	cartella string
	cluster  *local.Cluster
	admin    *sql.DB // creates and drops databases
	quanti   int     // databases given out so far
	err      error   // why there is no server: told to every test
}

// Main runs the tests of a package and ends the process, like a TestMain without
// any of this would; before that it stops the server and removes its folder.
func Main(m *testing.M) {
	local.Guardiano()
	condiviso.mu.Lock()
	condiviso.conMain = true
	condiviso.mu.Unlock()
	codice := m.Run()
	if err := condiviso.chiudi(); err != nil {
		fmt.Fprintln(os.Stderr, "storetest:", err)
		codice = max(codice, 1)
	}
	os.Exit(codice)
}

// New returns a store with all migrations and nothing in it, for this test
// alone; it is closed and dropped when the test ends.
func New(t testing.TB) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), DSN(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// DSN returns how to reach a database like that of New, for a test that opens it
// itself.
func DSN(t testing.TB) string {
	t.Helper()
	nome, err := condiviso.nuovo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := condiviso.togli(context.WithoutCancel(t.Context()), nome); err != nil {
			t.Error(err)
		}
	})
	return condiviso.cluster.DSN(nome)
}

// nuovo copies the template.
func (s *servitore) nuovo(ctx context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.conMain {
		return "", errors.New("storetest: the package needs func TestMain(m *testing.M) { storetest.Main(m) }")
	}
	if s.cluster == nil && s.err == nil {
		s.err = s.avvia(context.WithoutCancel(ctx)) // for all tests, not for this one
	}
	if s.err != nil {
		return "", s.err
	}
	s.quanti++
	nome := fmt.Sprintf("prova_%d", s.quanti)
	if _, err := s.admin.ExecContext(ctx, "CREATE DATABASE "+nome+" TEMPLATE "+modello+" STRATEGY FILE_COPY"); err != nil {
		return "", fmt.Errorf("storetest: copy the template: %w", err)
	}
	return nome, nil
}

// togli drops a test's database, whoever is still connected to it.
func (s *servitore) togli(ctx context.Context, nome string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.admin.ExecContext(ctx, "DROP DATABASE "+nome+" WITH (FORCE)"); err != nil {
		return fmt.Errorf("storetest: drop %s: %w", nome, err)
	}
	return nil
}

const (
	memoria = "/dev/shm"
	// spazio is how much must be free there, in bytes: a container's usual 64 MB
	// are too few.
	spazio = 2 << 30
)

// dove is the folder for the server's own: memory, where there is enough of it,
// because a database is hundreds of small files and copying them there takes a
// third of the time; else, or where TMPDIR asks for a place, the temporary folder.
func dove() string {
	var s syscall.Statfs_t
	if os.Getenv("TMPDIR") == "" && syscall.Statfs(memoria, &s) == nil && s.Bavail*uint64(s.Bsize) > spazio {
		return memoria
	}
	return os.TempDir()
}

// avvia starts the server and migrates the template.
func (s *servitore) avvia(ctx context.Context) (err error) {
	if s.cartella, err = os.MkdirTemp(dove(), "scadenzario-test-"); err != nil {
		return fmt.Errorf("storetest: %w", err)
	}
	// run by root the server is another user's, who must get in
	if err := os.Chmod(s.cartella, 0o711); err != nil {
		return fmt.Errorf("storetest: %w", err)
	}
	if s.cluster, err = local.Start(ctx, s.cartella, local.NoSync()); err != nil {
		return fmt.Errorf("storetest: %w", err)
	}
	if err := s.cluster.EnsureDB(ctx, modello); err != nil {
		return fmt.Errorf("storetest: %w", err)
	}
	db, err := store.Open(ctx, s.cluster.DSN(modello))
	if err != nil {
		return fmt.Errorf("storetest: %w", err)
	}
	if err := errors.Join(db.Migrate(ctx), db.Close()); err != nil {
		return fmt.Errorf("storetest: %w", err)
	}
	if s.admin, err = sql.Open("postgres", s.cluster.DSN("postgres")); err != nil {
		return fmt.Errorf("storetest: %w", err)
	}
	return nil
}

// chiudi stops what avvia started.
func (s *servitore) chiudi() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	if s.admin != nil {
		errs = append(errs, s.admin.Close())
	}
	if s.cluster != nil {
		errs = append(errs, s.cluster.Stop())
	}
	if s.cartella != "" {
		errs = append(errs, os.RemoveAll(s.cartella))
	}
	return errors.Join(errs...)
}
