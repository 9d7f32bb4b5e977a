package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store/local"
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

// What a person ran counts: for the day where it was for all enti, for that ente where
// it was for some. A rehearsal does not.
func TestARunByHandCounts(t *testing.T) {
	b := nuovoBanco(t)
	conf := filepath.Join(t.TempDir(), "c.toml")
	if err := os.WriteFile(conf, fmt.Appendf(nil, "[database]\ndsn = %q\n", b.cluster.DSN(local.Database)), 0o600); err != nil {
		t.Fatal(err)
	}
	comanda := func(ente string, args ...string) {
		t.Helper()
		var detto bytes.Buffer
		if codice := run(t.Context(), append([]string{"--config", conf, "--data", t.TempDir(), "--ente", ente}, args...), &detto, &detto); codice != uscitaBene {
			t.Fatal(codice, detto.String())
		}
	}
	fatto := func(job, giorno string, want bool) {
		t.Helper()
		if got, err := b.db.EsecuzioneCompiuta(t.Context(), job, giorno); err != nil || got != want {
			t.Errorf("%s %s: %t, %v", job, giorno, got, err)
		}
	}
	comanda(enteProva, "remind", "--date", "2021-07-12", "--dry-run")
	fatto("remind", "2021-07-12", false)
	comanda(enteProva, "remind", "--date", "2021-07-12")
	fatto("remind", "2021-07-12", true)
	if _, err := b.db.SaveAnagrafica(t.Context(), piano.Anagrafica{Ente: piano.Ente{Codice: "minerbio", Nome: "Comune di Minerbio"}}); err != nil {
		t.Fatal(err)
	}
	for _, job := range [][]string{{"remind"}, {"session", "run"}} {
		nome := map[string]string{"remind": "remind", "session": "sessions"}[job[0]]
		comanda(enteProva, append(job, "--date", "2021-07-13")...)
		comanda(enteProva, append(job, "--date", "2021-07-13")...) // twice for one is not for both
		comanda("minerbio", append(job, "--date", "2021-07-14")...)
		fatto(nome, "2021-07-13", false)
		fatto(nome, "2021-07-14", false)
		comanda("minerbio", append(job, "--date", "2021-07-13")...)
		fatto(nome, "2021-07-13", true)
	}
	fatto("promemoria/"+enteProva, "2021-07-13", true)
}
