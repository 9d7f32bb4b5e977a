package importer

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const moduli = "../testdata/moduli"

// The 24 workbooks of the sample plan say exactly what attesi/ says.
func TestTheSamplePlanIsUnderstood(t *testing.T) {
	attesi, err := filepath.Glob(moduli + "/attesi/*/*.json")
	if err != nil || len(attesi) != 24 {
		t.Fatalf("%d expected readings, %v", len(attesi), err)
	}
	for _, atteso := range attesi {
		cartella := filepath.Base(filepath.Dir(atteso))
		nome := strings.TrimSuffix(filepath.Base(atteso), ".json") + ".xlsx"
		t.Run(cartella+"/"+nome, func(t *testing.T) {
			contenuto, err := os.ReadFile(filepath.Join(moduli, cartella, nome))
			if err != nil {
				t.Fatal(err)
			}
			l := Leggi(nome, contenuto)
			for i := range l.Rilievi {
				controllaMessaggio(t, l.Rilievi[i].Messaggio)
				l.Rilievi[i].Messaggio = ""
			}
			var want, got any
			b, err := os.ReadFile(atteso)
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(b, &want); err != nil {
				t.Fatal(err)
			}
			b, err = json.Marshal(l)
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(b, &got); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
		})
	}
}

// controllaMessaggio asks of a finding's text that it is whole: two sentences, no
// place left unfilled.
func controllaMessaggio(t *testing.T, m string) {
	t.Helper()
	if len(m) < 40 || !strings.HasSuffix(m, ".") || strings.ContainsAny(m, "{}") || strings.Contains(m, "«»") {
		t.Errorf("message %q", m)
	}
}
