package importer

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

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

// The other workbooks of the sample plan, and the layouts that it does not show: dates
// for months, colours, merged areas, hidden sheets.
func TestOtherWorkbooksFromODS(t *testing.T) {
	conLibreOffice(t)
	copie := t.TempDir()
	originali := map[string][]byte{}
	for _, nome := range []string{"anagrafica", "attivita-strutturali-2021", "misure-anticorruzione-2021", "sintesi-obiettivi-2021"} {
		originali[nome] = campione(t, nome+".xlsx")
	}
	forme, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(forme) < 40 {
		t.Fatal(len(forme), err)
	}
	for _, f := range forme {
		a, err := txtar.ParseFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(f, "formula-senza-valore.txtar") {
			continue // LibreOffice computes what has no value
		}
		if nome := a.Files[0].Name; nome == "cartella" || nome == "anagrafica" {
			originali[strings.TrimSuffix(filepath.Base(f), ".txtar")] = costruisci(t, string(a.Files[0].Data))
		}
	}
	var file []string
	for nome, contenuto := range originali {
		file = append(file, filepath.Join(copie, nome+".xlsx"))
		if err := os.WriteFile(file[len(file)-1], contenuto, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cartella := inODS(t, file)
	for nome, contenuto := range originali {
		t.Run(nome, func(t *testing.T) {
			ods, err := os.ReadFile(filepath.Join(cartella, nome+".ods"))
			if err != nil {
				t.Fatal(err)
			}
			stessaGriglia(t, contenuto, ods)
			if d := cmp.Diff(riassunto(Leggi("x", contenuto)), riassunto(Leggi("x", ods))); d != "" {
				t.Errorf("(-xlsx +ods)\n%s", d)
			}
			a, r := LeggiAnagrafica("x", contenuto)
			b, s := LeggiAnagrafica("x", ods)
			if d := cmp.Diff(fmt.Sprintf("%+v", a), fmt.Sprintf("%+v", b)) + cmp.Diff(elenco(r), elenco(s)); d != "" {
				t.Errorf("as a registry: (-xlsx +ods)\n%s", d)
			}
		})
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
				una, altra := f.Cella(r, c), g.Cella(r, c)
				if una.Tipo == sheet.Guasto {
					altra.Formula = una.Formula // OpenDocument knows errors as results of formulas alone
				}
				if d := cmp.Diff(una, altra); d != "" {
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
