package importer

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scadenzario/scadenzario/importer/sheet"
)

// inODS has LibreOffice save workbooks of the sample plan as .ods, into a folder.
func inODS(t *testing.T, file []string) (cartella string) {
	t.Helper()
	cartella = t.TempDir()
	c := exec.Command("soffice", append([]string{"-env:UserInstallation=file://" + filepath.Join(cartella, "profilo"), "--headless",
		"--convert-to", "ods", "--outdir", cartella}, file...)...)
	c.Env = append(os.Environ(), "HOME="+cartella)
	if detto, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, detto)
	}
	return cartella
}

// The 24 workbooks of the sample plan, saved as .ods, say exactly what they say as
// .xlsx.
func TestTheSamplePlanIsUnderstoodFromODS(t *testing.T) {
	conLibreOffice(t)
	copie := t.TempDir()
	var file []string
	for _, dir := range []string{"piano-2021", "stato-2021-06-30", "stato-2021-12-31"} {
		originali, err := filepath.Glob(filepath.Join(moduli, dir, "*.xlsx"))
		if err != nil || len(originali) != 8 {
			t.Fatal(originali, err)
		}
		for _, f := range originali {
			nome := filepath.Join(copie, dir+"_"+filepath.Base(f))
			if err := os.WriteFile(nome, campione(t, filepath.Join(dir, filepath.Base(f))), 0o600); err != nil {
				t.Fatal(err)
			}
			file = append(file, nome)
		}
	}
	cartella := inODS(t, file)
	for _, f := range file {
		nome := strings.TrimSuffix(filepath.Base(f), ".xlsx")
		contenuto, err := os.ReadFile(filepath.Join(cartella, nome+".ods"))
		if err != nil {
			t.Fatal(err)
		}
		diceIlContratto(t, contenuto, strings.Replace(nome, "_", "/", 1))
		stessaGriglia(t, campione(t, strings.Replace(nome, "_", "/", 1)+".xlsx"), contenuto)
	}
}

// stessaGriglia compares two workbooks cell by cell, as far as their texts go.
func stessaGriglia(t *testing.T, a, b []byte) {
	t.Helper()
	prima, err := sheet.Apri(a)
	if err != nil {
		t.Fatal(err)
	}
	dopo, err := sheet.Apri(b)
	if err != nil {
		t.Fatal(err)
	}
	if len(prima.Fogli) != len(dopo.Fogli) || !prima.Modificata.Equal(dopo.Modificata) {
		t.Fatalf("%d and %d sheets, of %s and %s", len(prima.Fogli), len(dopo.Fogli), prima.Modificata, dopo.Modificata)
	}
	for i := range prima.Fogli {
		f, g := &prima.Fogli[i], &dopo.Fogli[i]
		if f.Nome != g.Nome || f.Nascosto != g.Nascosto || f.Righe() != g.Righe() || f.Colonne() != g.Colonne() {
			t.Errorf("%s: %d rows, %d columns; %s: %d rows, %d columns", f.Nome, f.Righe(), f.Colonne(), g.Nome, g.Righe(), g.Colonne())
		}
		for r := 1; r <= f.Righe(); r++ {
			for c := 1; c <= f.Colonne(); c++ {
				if d := cmp.Diff(f.Cella(r, c), g.Cella(r, c)); d != "" {
					t.Errorf("%s!%s: %s", f.Nome, sheet.Indirizzo(r, c), d)
				}
				if f.Area(r, c) != g.Area(r, c) {
					t.Errorf("%s!%s: merged as %v and %v", f.Nome, sheet.Indirizzo(r, c), f.Area(r, c), g.Area(r, c))
				}
			}
		}
	}
}

// One of them stands in testdata, for machines without LibreOffice.
func TestAnODSOfTheSamplePlan(t *testing.T) {
	diceIlContratto(t, fileDi(t, "suap.ods"), "stato-2021-12-31/suap")
}

// diceIlContratto compares the reading of a workbook with the one expected under
// attesi/.
func diceIlContratto(t *testing.T, contenuto []byte, atteso string) {
	t.Helper()
	l := Leggi(filepath.Base(atteso)+".xlsx", contenuto)
	for i := range l.Rilievi {
		l.Rilievi[i].Messaggio = ""
	}
	b, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	var want, got any
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(leggiFile(t, filepath.Join(moduli, "attesi", atteso+".json"))), &want); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s: (-want +got)\n%s", atteso, d)
	}
}
