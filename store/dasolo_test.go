package store_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"github.com/scadenzario/scadenzario/store"
	"github.com/scadenzario/scadenzario/store/storetest"
)

// While one is at it the others are told so at once; afterwards, and after a fault,
// the next one may.
func TestDaSolo(t *testing.T) {
	dsn := storetest.DSN(t)
	due := [2]*store.DB{}
	for i := range due {
		db, err := store.Open(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		due[i] = db
	}
	fallito := errors.New("no")
	solo, err := due[0].DaSolo(t.Context(), "raccolta", func(ancora func(context.Context) error) error {
		for _, db := range due {
			if solo, err := db.DaSolo(t.Context(), "raccolta", func(func(context.Context) error) error { t.Error("two at once"); return nil }); solo || err != nil {
				t.Errorf("%v, %v while somebody is at it", solo, err)
			}
		}
		if solo, err := due[1].DaSolo(t.Context(), "altro", func(func(context.Context) error) error { return nil }); !solo || err != nil {
			t.Errorf("%v, %v: another name is another work", solo, err)
		}
		if err := ancora(t.Context()); err != nil {
			t.Error(err)
		}
		return fallito
	})
	if !solo || !errors.Is(err, fallito) {
		t.Errorf("%v, %v", solo, err)
	}
	if solo, err := due[1].DaSolo(t.Context(), "raccolta", func(func(context.Context) error) error { return nil }); !solo || err != nil {
		t.Errorf("%v, %v after the first one failed", solo, err)
	}
}

// Whoever lost the lock, with the connection or because it was stuck, is told before
// the next step.
func TestDaSoloIsLostWithItsConnection(t *testing.T) {
	db, grezzo := conSQL(t)
	_, err := db.DaSolo(t.Context(), "raccolta", func(ancora func(context.Context) error) error {
		var pazienza string
		err := grezzo.QueryRow(`SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND granted
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`).Scan(&pazienza)
		if err != nil || pazienza != "1" {
			t.Errorf("%s connections cut, %v", pazienza, err)
		}
		err = ancora(t.Context())
		if err == nil {
			t.Error("not told")
		}
		return err
	})
	if err == nil || errors.Is(err, sql.ErrTxDone) {
		t.Errorf("%v", err)
	}
}
