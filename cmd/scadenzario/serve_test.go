package main

import (
	"testing"
	"time"

	"github.com/scadenzario/scadenzario/piano"
)

// A daemon that starts beside another one on the same database says so, and does not
// take one for alive that stopped a while ago.
func TestAnotherDaemonIsTold(t *testing.T) {
	b := nuovoBanco(t)
	s := &sessione{db: b.db}
	adesso := time.Date(2021, 7, 12, 7, 0, 0, 0, time.UTC)
	if err := b.db.IscriviLavoro(t.Context(), "import", piano.NewGiorno(2021, 7, 11), adesso); err != nil {
		t.Fatal(err)
	}
	if chi, err := s.altroDemone(t.Context(), adesso); err != nil || chi != "" {
		t.Errorf("before any run: %q %v", chi, err)
	}
	if err := b.db.SegnaBattito(t.Context(), "import", adesso, "", "altrove/7"); err != nil {
		t.Fatal(err)
	}
	for passati, want := range map[time.Duration]string{time.Minute: "altrove/7", 3 * time.Minute: ""} {
		if chi, err := s.altroDemone(t.Context(), adesso.Add(passati)); err != nil || chi != want {
			t.Errorf("after %s: %q %v", passati, chi, err)
		}
	}
}
