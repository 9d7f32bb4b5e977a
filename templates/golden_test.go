package templates

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
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

// What a digest is made of is frozen as JSON: read again, it gives the same words.
func TestAFrozenDigestGivesTheSameWords(t *testing.T) {
	m, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for nome, d := range casiRiepilogo() {
		scritto, err := json.MarshalIndent(d, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		golden(t, nome+".json", string(scritto)+"\n")
		b, err := os.ReadFile(filepath.Join("testdata", nome+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var letto DatiRiepilogo
		if err := json.Unmarshal(b, &letto); err != nil {
			t.Fatal(err)
		}
		prima, err1 := m.Riepilogo(d)
		dopo, err2 := m.Riepilogo(letto)
		if diff := cmp.Diff(prima, dopo); diff != "" || err1 != nil || err2 != nil {
			t.Errorf("%s: of what was frozen (-before +after) %v %v\n%s", nome, err1, err2, diff)
		}
	}
}

// The first digest that an ente ever froze: this file never changes, and every key of it
// is still known.
func TestTheFirstFrozenDigestIsStillRead(t *testing.T) {
	b, err := os.ReadFile("testdata/congelato-1.json")
	if err != nil {
		t.Fatal(err)
	}
	leggi := json.NewDecoder(bytes.NewReader(b))
	leggi.DisallowUnknownFields()
	var d DatiRiepilogo
	if err := leggi.Decode(&d); err != nil {
		t.Fatal(err)
	}
	m, err := New()
	if err != nil {
		t.Fatal(err)
	}
	testi, err := m.Riepilogo(d)
	if err != nil || !strings.Contains(testi.Testo, "47 attività: 2 scadute, 2 in ritardo") || len(d.Posta) != 3 || len(d.Sessioni) != 3 || d.Attivita[0].Fonte.Cella != "A31" {
		t.Errorf("%v\n%.500s", err, testi.Testo)
	}
}
