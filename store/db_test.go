package store_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/scadenzario/scadenzario/store"
	"github.com/scadenzario/scadenzario/store/storetest"
)

func TestOpenFailsWhereNothingAnswers(t *testing.T) {
	for nome, dsn := range map[string]string{
		"not a DSN":          "host='a",
		"nobody listens":     "host=/nonexistent dbname=x sslmode=disable",
		"nobody is at home":  "host=127.0.0.1 port=1 dbname=x sslmode=disable connect_timeout=2",
		"an unknown setting": "postgres://u@127.0.0.1:1/x?sslmode=wrong",
	} {
		t.Run(nome, func(t *testing.T) {
			db, err := store.Open(t.Context(), dsn)
			if err == nil {
				db.Close()
			}
			if err == nil || !strings.HasPrefix(err.Error(), "open database: ") {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestMigrateAgainChangesNothing(t *testing.T) {
	db := conRegistro(t)
	var insieme sync.WaitGroup
	for range 3 {
		insieme.Go(func() {
			if err := db.Migrate(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	insieme.Wait()
	if enti, err := db.Enti(t.Context()); err != nil || len(enti) != 1 {
		t.Errorf("%v, %v: the data must stay", enti, err)
	}
}

// An old program on a newer database must not write into what it does not know.
func TestMigrateRefusesANewerDatabase(t *testing.T) {
	db, grezzo := conSQL(t)
	if _, err := grezzo.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, true)"); err != nil {
		t.Fatal(err)
	}
	err := db.Migrate(t.Context())
	if !errors.Is(err, store.ErrSchemaNuovo) || !strings.Contains(err.Error(), "schema 99") {
		t.Errorf("%v", err)
	}
}

// Two processes that start at once on an empty database both end with the schema.
func TestMigrateTogether(t *testing.T) {
	_, grezzo := conSQL(t)
	if _, err := grezzo.Exec("DROP SCHEMA public CASCADE; CREATE SCHEMA public"); err != nil {
		t.Fatal(err)
	}
	var dsn string
	if err := grezzo.QueryRow("SELECT format('host=%s port=%s user=%s dbname=%s sslmode=disable', split_part(current_setting('unix_socket_directories'), ',', 1), current_setting('port'), current_user, current_database())").Scan(&dsn); err != nil {
		t.Fatal(err)
	}
	var insieme sync.WaitGroup
	for range 2 {
		insieme.Go(func() {
			db, err := store.Open(t.Context(), dsn)
			if err != nil {
				t.Error(err)
				return
			}
			defer db.Close()
			if err := db.Migrate(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	insieme.Wait()
	file, err := filepath.Glob("migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	if n := conta(t, grezzo, "SELECT count(*) FROM goose_db_version WHERE version_id > 0"); n != len(file) {
		t.Errorf("%d rows for %d migrations, want each once", n, len(file))
	}
}

// What the server calls error 57014 is for the caller the end of its context.
func TestACancelledCallSaysSo(t *testing.T) {
	db, grezzo := conSQL(t)
	chiave, err := grezzo.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer chiave.Rollback()
	if _, err := chiave.Exec("LOCK TABLE enti IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := db.Enti(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want that the time ran out", err)
	}
	if _, err := db.SaveAnagrafica(ctx, registro()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want that the time ran out", err)
	}
	if err := chiave.Rollback(); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Enti(t.Context()); err != nil {
		t.Errorf("%v: the store must go on", err)
	}
}

// The server may be restarted under a running daemon: at most the connections that
// were open are lost.
func TestLostConnectionsAreMadeAnew(t *testing.T) {
	db, grezzo := conSQL(t)
	if err := db.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := grezzo.Exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"); err != nil {
		t.Fatal(err)
	}
	var err error
	for range 10 {
		if _, err = db.Enti(t.Context()); err == nil {
			return
		}
	}
	t.Error(err)
}

func TestPingAfterCloseFails(t *testing.T) {
	db, err := store.Open(t.Context(), storetest.DSN(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := db.Ping(t.Context()); err == nil {
		t.Error("a closed store answers")
	}
}
