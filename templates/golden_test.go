package templates

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write testdata instead of comparing with it (make golden)")

// The whole text of every message, as an office reads it. mailer makes its own
// golden mails of these files.
func TestGolden(t *testing.T) {
	for nome, testi := range testiDi(t) {
		t.Run(nome, func(t *testing.T) {
			golden(t, nome+".txt", "Oggetto: "+testi.Oggetto+"\n\n"+testi.Testo)
			golden(t, nome+".html", testi.HTML)
		})
	}
}

// golden compares with a file of testdata, or writes it.
func golden(t *testing.T, nome, got string) {
	t.Helper()
	percorso := filepath.Join("testdata", nome)
	if *update {
		if err := os.WriteFile(percorso, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(percorso)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-golden +now); where this is meant, make golden:\n%s", nome, d)
	}
}
