package report_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/report"
)

// ostili are texts that a workbook or its program could take for something else.
var ostili = []string{"=1+1", "+39 051", "-5", "@SOMMA(A1)", "=HYPERLINK(\"http://x.example\")", "'=1+1", "\t=1+1", "<b>grassetto</b>", "a & b", "\"citato\"",
	"_x003D_1+1", "_x0041_x0042_", "&amp;", "]]>", "2021-12-31", "1.300", "88%", "SI", "TRUE", "#N/D", "perché «così»", "due\nrighe", "\x1b[31m", "\u202eontrario", "\uFFFE", "'", "{=A1}"}

func prova() report.Documento {
	quota, _ := piano.ParseDecimale("88.5")
	f := report.Foglio{Nome: "Attività", Titolo: "Ogni attività al 30 giugno 2021",
		Note:    []string{"Una nota breve.", strings.Repeat("Una nota che va a capo. ", 20)},
		Colonne: []report.Colonna{{"Settore", 24}, {"Attività", 60}, {"Numero", 10}, {"Quota", 10}, {"Scadenza", 12}}}
	for i, s := range ostili {
		r := []report.Valore{report.Testo(s), report.Testo("attività " + s), report.Intero(i - 3), report.Percento(&quota), report.Data(piano.NewGiorno(2021, 6, i))}
		if i == 4 {
			r = []report.Valore{report.Testo(s), report.Testo(""), report.Intero(0), report.Percento(nil), report.Data(piano.Giorno{})}
		}
		f.Righe = append(f.Righe, r)
	}
	somma := report.Foglio{Nome: "Totali: per [settore]", Titolo: "Totali", Colonne: []report.Colonna{{"Settore", 30}, {"Attività", 12}}, Somma: true,
		Righe: [][]report.Valore{{report.Testo("SUAP"), report.Intero(3)}, {report.Testo("SIA"), report.Intero(4)}, {report.Testo("Tutti"), report.Intero(7)}}}
	vuoto := report.Foglio{Nome: "Scadute", Titolo: "Attività scadute", Colonne: []report.Colonna{{"Settore", 30}}, Vuoto: "Nessuna."}
	return report.Documento{Titolo: "Prova & riprova", Ente: "Unione dei Comuni Terre di Pianura", Al: piano.NewGiorno(2021, 6, 30), Fogli: []report.Foglio{f, somma, vuoto}}
}

func entrambi(t testing.TB, d report.Documento) (xlsx, ods []byte) {
	t.Helper()
	a, err := report.Allegati("prova", d)
	if err != nil || len(a) != 2 || a[0].Nome != "prova.xlsx" || a[1].Nome != "prova.ods" {
		t.Fatal(a, err)
	}
	return a[0].Contenuto, a[1].Contenuto
}

// letto is what the strict reader sees of a cell.
type letto struct {
	Foglio, Cella, Testo string
	Tipo                 sheet.Tipo
	Formula              bool
}

func leggi(t testing.TB, b []byte) []letto {
	t.Helper()
	c, err := sheet.Apri(b)
	if err != nil {
		t.Fatal(err)
	}
	var celle []letto
	for _, f := range c.Fogli {
		for _, c := range f.Celle() {
			if c.Testo != "" {
				celle = append(celle, letto{f.Nome, sheet.Indirizzo(c.Riga, c.Colonna), c.Testo, c.Tipo, c.Formula})
			}
		}
	}
	return celle
}

// Both files say the same, cell by cell, and what was given them.
func TestBothWorkbooksSayTheSame(t *testing.T) {
	d := prova()
	x, o := entrambi(t, d)
	suo, altro := leggi(t, x), leggi(t, o)
	if diff := cmp.Diff(suo, altro); diff != "" {
		t.Errorf(".xlsx and .ods differ (-xlsx +ods)\n%s", diff)
	}
	dove := map[string]letto{}
	for _, c := range suo {
		if c.Formula {
			t.Errorf("%s %s is a formula: %q", c.Foglio, c.Cella, c.Testo)
		}
		dove[c.Foglio+"!"+c.Cella] = c
	}
	for i, s := range ostili {
		cella := "Attività!A" + sheet.Indirizzo(6+i, 1)[1:]
		if got := dove[cella]; got.Testo != piano.SoloTesto(strings.ReplaceAll(s, "\uFFFE", "")) || got.Testo != "" && got.Tipo != sheet.Testo {
			t.Errorf("%s: %q became %q of kind %d", cella, s, got.Testo, got.Tipo)
		}
	}
	for cella, want := range map[string]letto{
		"Attività!A1": {Testo: "Ogni attività al 30 giugno 2021"}, "Attività!A2": {Testo: "Una nota breve."}, "Attività!A5": {Testo: "Settore"},
		"Attività!C6": {Testo: "-3", Tipo: sheet.Numero}, "Attività!D6": {Testo: "88.5%", Tipo: sheet.Percento},
		"Attività!E6": {Testo: "2021-05-31", Tipo: sheet.Data}, "Attività!E7": {Testo: "2021-06-01", Tipo: sheet.Data},
		"Attività!C10": {Testo: "0", Tipo: sheet.Numero}, "Attività!D10": {}, "Attività!E10": {},
		"Totali per settore!B6": {Testo: "7", Tipo: sheet.Numero}, "Scadute!A4": {Testo: "Nessuna."},
	} {
		if got := dove[cella]; got.Testo != want.Testo || got.Tipo != want.Tipo {
			t.Errorf("%s is %q of kind %d, want %q of kind %d", cella, got.Testo, got.Tipo, want.Testo, want.Tipo)
		}
	}
}

func TestTheSameDocumentIsTheSameBytes(t *testing.T) {
	x, o := entrambi(t, prova())
	for range 20 { // what depends on chance shows itself
		xx, oo := entrambi(t, prova())
		if !bytes.Equal(x, xx) || !bytes.Equal(o, oo) {
			t.Fatal("written twice, the bytes differ")
		}
	}
}

func TestADocumentThatCannotBe(t *testing.T) {
	corta := prova()
	corta.Fogli[1].Righe[0] = corta.Fogli[1].Righe[0][:1]
	doppia := prova()
	doppia.Fogli[2].Nome = "ATTIVITÀ"
	for storia, d := range map[string]report.Documento{"a row too short": corta, "two sheets of one name": doppia, "no sheet": {}} {
		if _, err := report.XLSX(d); err == nil {
			t.Errorf("%s: taken as .xlsx", storia)
		}
		if _, err := report.ODS(d); err == nil {
			t.Errorf("%s: taken as .ods", storia)
		}
	}
}

// On paper: A4 in landscape, as wide as the page, the heading on each page; on the
// screen the heading stays in view.
func TestTheHeadingStaysAndThePageFits(t *testing.T) {
	d := prova()
	x, o := entrambi(t, d)
	f, err := excelize.OpenReader(bytes.NewReader(x))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	titoli := map[string]string{}
	for _, n := range f.GetDefinedName() {
		titoli[n.Scope] += n.Name + " " + n.RefersTo
	}
	for i, nome := range f.GetSheetList() {
		p, err1 := f.GetPageLayout(nome)
		s, err2 := f.GetSheetProps(nome)
		v, err3 := f.GetPanes(nome)
		if err := errors.Join(err1, err2, err3); err != nil {
			t.Fatal(err)
		}
		riga := []int{5, 3, 3}[i]
		if *p.Orientation != "landscape" || *p.Size != 9 || *p.FitToWidth != 1 || *p.FitToHeight != 0 || s.FitToPage == nil || !*s.FitToPage || !v.Freeze || v.YSplit != riga {
			t.Errorf("%s: %+v %+v %+v", nome, p, s, v)
		}
		if want := fmt.Sprintf("_xlnm.Print_Titles '%s'!$%d:$%d", nome, riga, riga); !strings.Contains(titoli[nome], want) {
			t.Errorf("%s: %q is not %q", nome, titoli[nome], want)
		}
	}
	parti := map[string]string{}
	z, err := zip.NewReader(bytes.NewReader(o), int64(len(o)))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range z.File {
		r, err := p.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parti[p.Name] = string(b)
	}
	if n := strings.Count(parti["content.xml"], "<table:table-header-rows>"); n != 3 {
		t.Errorf("%d headings come again on each page", n)
	}
	if !strings.Contains(parti["styles.xml"], `style:print-orientation="landscape"`) || !strings.Contains(parti["styles.xml"], `style:scale-to-X="1"`) ||
		strings.Count(parti["settings.xml"], `"VerticalSplitMode" config:type="short">2<`) != 3 {
		t.Error("the page or the panes of the .ods")
	}
}

// The archive of an .ods begins with the kind of file, as it is, at the byte where
// programs look for it; each of its parts is XML to the end.
func TestTheArchiveOfAnODS(t *testing.T) {
	_, o := entrambi(t, prova())
	if string(o[30:38]) != "mimetype" || !strings.HasPrefix(string(o[38:]), "application/vnd.oasis.opendocument.spreadsheetPK") || o[6]&8 != 0 {
		t.Errorf("it begins with %q", o[:90])
	}
	z, err := zip.NewReader(bytes.NewReader(o), int64(len(o)))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range z.File[1:] {
		r, err := p.Open()
		if err != nil {
			t.Fatal(err)
		}
		d := xml.NewDecoder(r)
		for err == nil {
			_, err = d.Token()
		}
		if !errors.Is(err, io.EOF) {
			t.Errorf("%s: %v", p.Name, err)
		}
	}
}

// LibreOffice opens both, and what it saves of them is the same again.
func TestLibreOfficeOpensBoth(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed: what it makes of the files is not seen")
	}
	x, o := entrambi(t, prova())
	dir := t.TempDir()
	scrivi := func(nome string, b []byte) string {
		f := filepath.Join(dir, nome)
		if err := os.WriteFile(f, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return f
	}
	out, err := exec.CommandContext(t.Context(), soffice, "-env:UserInstallation=file://"+dir+"/profilo", "--headless", "--convert-to", "ods:calc8",
		"--outdir", filepath.Join(dir, "ods"), scrivi("da-xlsx.xlsx", x), scrivi("da-ods.ods", o)).CombinedOutput()
	if err != nil {
		t.Fatal(err, string(out))
	}
	var letti [2][]letto
	for i, nome := range []string{"da-xlsx.ods", "da-ods.ods"} {
		b, err := os.ReadFile(filepath.Join(dir, "ods", nome))
		if err != nil {
			t.Fatal(err, string(out))
		}
		letti[i] = leggi(t, b)
		if diff := cmp.Diff(leggi(t, o), letti[i]); diff != "" {
			t.Errorf("%s through LibreOffice (-written +saved)\n%s", nome, diff)
		}
	}
}
