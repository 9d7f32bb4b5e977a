package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scadenzario/scadenzario/config"
	"github.com/scadenzario/scadenzario/piano"
)

// What an ente reads of the law's dates: the program's table, changed for all enti,
// then for it alone.
func TestTheLawsDatesOfAnEnte(t *testing.T) {
	file := filepath.Join(t.TempDir(), "scadenzario.toml")
	err := os.WriteFile(file, []byte(`
[scadenze.equilibri]
giorno = "mai"
[scadenze.peg]
dopo_bilancio = 30
[scadenze.dup]
giorno = "31/07"
che = "presentazione del DUP"
fonte = "art. 170 d.lgs. 267/2000"
[scadenze.rpct.anni.2025]
giorno = "2026-01-31"
[enti.argenta.anni.2026]
bilancio = "2025-12-22"
[enti.argenta.scadenze.peg]
dopo_bilancio = 10
[enti.argenta.scadenze.dup.anni.2026]
giorno = "2026-09-15"
`), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	c, err := config.Leggi(file, func(string) string { return "" }, func(string) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	s := &sessione{config: c}
	for ente, want := range map[string][]string{
		"unione":  {"2026-01-30 peg", "2026-01-31 piao", "2026-01-31 rpct", "2026-06-30 relazione", "2026-07-31 dup", "2026-12-15 rpct"},
		"argenta": {"2026-01-01 peg", "2026-01-31 piao", "2026-01-31 rpct", "2026-06-30 relazione", "2026-09-15 dup", "2026-12-15 rpct"},
	} {
		r := s.regole(piano.Ente{Codice: ente})
		var got []string
		for _, d := range piano.DateDiLegge(r.Termini, r.Bilanci, piano.NewGiorno(2025, 12, 31), piano.NewGiorno(2026, 12, 31)) {
			got = append(got, fmt.Sprintf("%s %s", d.Giorno, d.Codice))
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got)\n%s", ente, d)
		}
	}
	for _, x := range piano.TerminiDiLegge() { // config knows them all by name
		if err := os.WriteFile(file, []byte("[scadenze."+x.Codice+"]\ngiorno = \"mai\"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := config.Leggi(file, func(string) string { return "" }, func(string) error { return nil }); err != nil {
			t.Error(err)
		}
	}
}
