package annota_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/scadenzario/scadenzario/importer"
	"github.com/scadenzario/scadenzario/importer/annota"
	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

const campioni = "../../testdata/moduli/"

func leggi(t testing.TB, nome string) []byte {
	t.Helper()
	b, err := os.ReadFile(campioni + nome)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func annotato(t testing.TB, contenuto []byte, rilievi []piano.Rilievo) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := annota.Scrivi(&buf, "prova.xlsx", contenuto, rilievi); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// come writes what the grid says of the office's own sheets.
func come(t testing.TB, b []byte) string {
	t.Helper()
	c, err := sheet.Apri(b)
	if err != nil {
		t.Fatal(err)
	}
	var s strings.Builder
	for _, f := range c.Fogli {
		if strings.HasPrefix(f.Cella(1, 1).Testo, importer.TitoloEsito) {
			continue
		}
		fmt.Fprintln(&s, f.Nome, f.Nascosto, f.Unioni, f.RigheNascoste, f.ColonneNascoste)
		for _, x := range f.Celle() {
			fmt.Fprintf(&s, "%+v\n", x)
		}
	}
	return s.String()
}

// Every sample, annotated once and twice, is read as before, cell by cell.
func TestAnAnnotatedWorkbookIsReadAsTheOriginal(t *testing.T) {
	file, err := filepath.Glob(campioni + "*/*.xlsx")
	if err != nil || len(file) < 20 {
		t.Fatal(file, err)
	}
	for _, nome := range file {
		b, err := os.ReadFile(nome)
		if err != nil {
			t.Fatal(err)
		}
		l := importer.Leggi("prova.xlsx", b)
		una := annotato(t, b, l.Rilievi)
		due := annotato(t, una, l.Rilievi)
		if tre := annotato(t, due, l.Rilievi); len(tre) != len(due) {
			t.Errorf("%s grows from %d to %d bytes", nome, len(due), len(tre))
		}
		for storia, altra := range map[string][]byte{"once": una, "twice": due} {
			if d := cmp.Diff(l, importer.Leggi("prova.xlsx", altra)); d != "" {
				t.Errorf("%s annotated %s: (-original +annotated)\n%s", nome, storia, d)
			}
			if d := cmp.Diff(come(t, b), come(t, altra)); d != "" {
				t.Errorf("%s annotated %s: cells (-original +annotated)\n%s", nome, storia, d)
			}
		}
		controllaSegni(t, nome, due, l.Rilievi)
	}
}

// controllaSegni wants one comment and one border at each finding's cell, and one
// list.
func controllaSegni(t *testing.T, nome string, b []byte, rilievi []piano.Rilievo) {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}()
	if f.GetSheetList()[0] != "ESITO" || f.GetActiveSheetIndex() != 0 {
		t.Errorf("%s: sheets %v, active %d", nome, f.GetSheetList(), f.GetActiveSheetIndex())
	}
	celle := map[string]bool{}
	for _, r := range rilievi {
		if r.Cella != "" {
			celle[r.Foglio+"!"+r.Cella] = true
		}
	}
	commenti, bordi := 0, 0
	for _, foglio := range f.GetSheetList() {
		suoi, err := f.GetComments(foglio)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range suoi {
			if !celle[foglio+"!"+c.Cell] {
				t.Errorf("%s: a comment at %s!%s", nome, foglio, c.Cell)
			}
		}
		commenti += len(suoi)
		formati, err := f.GetConditionalFormats(foglio)
		if err != nil {
			t.Fatal(err)
		}
		for _, regole := range formati {
			bordi += len(regole)
		}
	}
	if commenti != len(celle) || bordi != len(celle) {
		t.Errorf("%s: %d comments and %d borders for %d cells", nome, commenti, bordi, len(celle))
	}
	righe, err := f.GetRows("ESITO")
	if err != nil || len(righe) != 4+len(rilievi) && !(len(rilievi) == 0 && len(righe) >= 2) {
		t.Errorf("%s: %d rows for %d findings, %v", nome, len(righe), len(rilievi), err)
	}
}

// What is the office's stays: formulas, macros, names, comments, conditional formats,
// an ESITO of its own.
func TestWhatIsTheOfficesStays(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(leggi(t, "stato-2021-12-31/suap.xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	deve := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	foglio := f.GetSheetList()[0]
	deve(f.SetCellFormula(foglio, "R2", "SUM(1,2)"))
	deve(f.AddComment(foglio, excelize.Comment{Author: "Ufficio", Cell: "L26", Paragraph: []excelize.RichTextRun{{Text: "da chiarire con il Segretario"}}}))
	verde, err := f.NewConditionalStyle(&excelize.Style{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"00B050"}}})
	deve(err)
	deve(f.SetConditionalFormat(foglio, "L26", []excelize.ConditionalFormatOptions{{Type: "formula", Criteria: "A1=1", Format: &verde}}))
	_, err = f.NewSheet("ESITO")
	deve(err)
	deve(f.SetCellStr("ESITO", "A1", "Esito delle gare"))
	deve(f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", RefersTo: "'" + foglio + "'!$A$1:$O$40", Scope: foglio}))
	macro := append([]byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}, bytes.Repeat([]byte("macro"), 300)...)
	deve(f.AddVBAProject(macro))
	var buf bytes.Buffer
	deve(f.Write(&buf))
	deve(f.Close())

	l := importer.Leggi("prova.xlsm", buf.Bytes())
	due := annotato(t, annotato(t, buf.Bytes(), l.Rilievi), l.Rilievi)
	g, err := excelize.OpenReader(bytes.NewReader(due))
	deve(err)
	defer func() { deve(g.Close()) }()
	if v, err := g.GetCellFormula(foglio, "R2"); err != nil || v != "SUM(1,2)" {
		t.Error("formula", v, err)
	}
	commenti, err := g.GetComments(foglio)
	deve(err)
	suo := 0
	for _, c := range commenti {
		if c.Cell == "L26" {
			suo++
			if !strings.Contains(c.Text+c.Paragraph[0].Text, "da chiarire") {
				t.Errorf("%+v", c)
			}
		}
	}
	if suo != 1 {
		t.Errorf("%d comments at the office's cell", suo)
	}
	formati, err := g.GetConditionalFormats(foglio)
	deve(err)
	if len(formati["L26"]) != 2 {
		t.Errorf("%+v", formati["L26"])
	}
	if v, err := g.GetCellValue("ESITO", "A1"); err != nil || v != "Esito delle gare" {
		t.Error("the office's ESITO", v, err)
	}
	for _, n := range g.GetDefinedName() {
		if n.Name == "_xlnm.Print_Area" && n.Scope != foglio {
			t.Errorf("the print area of %s belongs to %s now", foglio, n.Scope)
		}
	}
	z, err := zip.NewReader(bytes.NewReader(due), int64(len(due)))
	deve(err)
	r, err := z.Open("xl/vbaProject.bin")
	deve(err)
	if b, err := io.ReadAll(r); err != nil || !bytes.Equal(b, macro) {
		t.Error("the macros are other bytes", err)
	}
	if d := cmp.Diff(l, importer.Leggi("prova.xlsm", due)); d != "" {
		t.Error(d)
	}
}

// What a finding quotes stays text.
func TestFindingsAreText(t *testing.T) {
	var rilievi []piano.Rilievo
	for i, x := range []string{"=1+1", "+A1", "-A1", "@SUM(A1)", "<b>&\"'", "a\x00b\x1fc\u202e", "=HYPERLINK(\"http://x.example\")", strings.Repeat("lungo ", 8_000)} {
		rilievi = append(rilievi, piano.Rilievo{Gravita: piano.Errore, Codice: "x", Foglio: []string{"Ob. 1-3", "=1+1", ""}[i%3], Cella: []string{"A4", "Z9", ""}[i%3], Messaggio: x})
	}
	c, err := sheet.Apri(annotato(t, leggi(t, "piano-2021/suap.xlsx"), rilievi))
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range c.Fogli[0].Celle() {
		if x.Formula || x.Tipo != sheet.Testo {
			t.Errorf("%+v", x)
		}
	}
	if got := c.Fogli[0].Cella(5, 4).Testo; got != "=1+1" {
		t.Errorf("%q", got)
	}
}

// The office opens the copy with LibreOffice, corrects it, saves it, hands it in, and
// gets it back annotated anew.
func TestAnAnnotatedWorkbookSurvivesLibreOffice(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed: nobody to open the copy")
	}
	b := leggi(t, "stato-2021-12-31/suap.xlsx")
	l := importer.Leggi("prova.xlsx", b)
	dir := t.TempDir()
	entra := filepath.Join(dir, "prova.xlsx")
	if err := os.WriteFile(entra, annotato(t, b, l.Rilievi), 0o600); err != nil {
		t.Fatal(err)
	}
	detto, err := exec.Command(soffice, "-env:UserInstallation=file://"+filepath.ToSlash(filepath.Join(dir, "profilo")), "--headless", "--norestore",
		"--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", filepath.Join(dir, "esce"), entra).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, detto)
	}
	salvato, err := os.ReadFile(filepath.Join(dir, "esce", "prova.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(l, importer.Leggi("prova.xlsx", salvato)); d != "" {
		t.Errorf("(-original +saved by LibreOffice)\n%s", d)
	}
	controllaSegni(t, "annotated again", annotato(t, salvato, l.Rilievi), l.Rilievi)
}
