package importer

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/scadenzario/scadenzario/importer/sheet"
)

// campione is a workbook of the sample plan.
func campione(t testing.TB, nome string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(moduli, nome))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// riscrivi rewrites the parts of a workbook; f returns a part's new content, nil to
// leave it out.
func riscrivi(t testing.TB, contenuto []byte, f func(nome string, parte []byte) []byte) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(contenuto), int64(len(contenuto)))
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, p := range z.File {
		r, err := p.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if b = f(p.Name, b); b == nil {
			continue
		}
		o, err := w.Create(p.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// foglioDi makes a workbook whose first sheet holds that XML below sheetData.
func foglioDi(t testing.TB, righe, coda string) []byte {
	return riscrivi(t, costruisci(t, "[F]\nA1 # 1"), func(nome string, parte []byte) []byte {
		if strings.HasPrefix(nome, "xl/worksheets/sheet") {
			return []byte(`<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + righe + `</sheetData>` + coda + `</worksheet>`)
		}
		return parte
	})
}

func TestWhatIsNoWorkbookIsAFinding(t *testing.T) {
	suap := campione(t, "piano-2021/suap.xlsx")
	lontane, unioni := &strings.Builder{}, &strings.Builder{}
	for i := 1; i <= 20_000; i++ {
		fmt.Fprintf(lontane, `<row r="%d"><c r="XFD%d"><v>1</v></c></row>`, i, i)
	}
	for i := 1; i <= 60_000; i++ {
		fmt.Fprintf(unioni, `<mergeCell ref="A%d:B%d"/>`, i, i)
	}
	cifrato := append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), append(make([]byte, 1024), "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00"...)...)
	for _, c := range []struct {
		storia    string
		contenuto []byte
		codice    string
	}{
		{"nothing", nil, "file-illeggibile"},
		{"a PDF with another name", []byte("%PDF-1.7\n1 0 obj"), "file-illeggibile"},
		{"a text", []byte("OBIETTIVO N. 1/3;Titolo"), "file-illeggibile"},
		{"half of a workbook", suap[:len(suap)/2], "file-illeggibile"},
		{"a workbook without its last bytes", suap[:len(suap)-30], "file-illeggibile"},
		{"a zip that is no workbook", zipDi(t, "leggimi.txt", "ciao"), "file-illeggibile"},
		{"an OpenDocument sheet", zipDi(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet"), "file-illeggibile"},
		{"an old binary .xls", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Workbook"), "file-illeggibile"},
		{"encrypted", cifrato, "file-protetto"},
		{"larger than 20 MB", make([]byte, 20<<20+1), "file-illeggibile"},
		{"a part that unpacks to 40 MB", zipDi(t, "xl/workbook.xml", strings.Repeat(" ", 40<<20)), "file-illeggibile"},
		{"cells in the last column of 20,000 rows", foglioDi(t, lontane.String(), ""), "file-illeggibile"},
		{"60,000 merged areas", foglioDi(t, "", "<mergeCells>"+unioni.String()+"</mergeCells>"), "file-illeggibile"},
		{"a sheet that ends in the middle", foglioDi(t, `<row r="1"><c r="A1"><v>1</v>`, ""), "file-illeggibile"},
		{"without its shared texts", riscrivi(t, campione(t, "piano-2021/sia.xlsx"), func(n string, p []byte) []byte {
			if n == "xl/sharedStrings.xml" {
				return nil
			}
			return p
		}), "file-illeggibile"},
	} {
		t.Run(c.storia, func(t *testing.T) {
			inizio := time.Now()
			l := Leggi(`C:\Documenti\consegna.xlsx`, c.contenuto)
			if len(l.Rilievi) != 1 || l.Rilievi[0].Codice != c.codice || !l.Illeggibile() || len(l.Schede) != 0 {
				t.Errorf("%+v", l)
			}
			if b, err := json.Marshal(l); err != nil || !bytes.HasPrefix(b, []byte(`{"file":"consegna.xlsx","schede":[],"rilievi":[{`)) {
				t.Errorf("%s %v", b, err)
			}
			if _, r := LeggiAnagrafica("x", c.contenuto); len(r) != 1 || r[0].Codice != c.codice {
				t.Errorf("as a registry: %+v", r)
			}
			if d := time.Since(inizio); d > 10*time.Second {
				t.Errorf("it took %s", d)
			}
		})
	}
}

func zipDi(t testing.TB, nome, testo string) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	f, err := w.Create(nome)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(f, testo); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// A real password, as a spreadsheet program sets it.
func TestAPasswordIsToldFromABrokenFile(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(campione(t, "piano-2021/suap.xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	if err := f.Write(&buf, excelize.Options{Password: "segreta"}); err != nil {
		t.Fatal(err)
	}
	if l := Leggi("x.xlsx", buf.Bytes()); len(l.Rilievi) != 1 || l.Rilievi[0].Codice != "file-protetto" {
		t.Errorf("%+v", l.Rilievi)
	}
}

// Whatever bytes come, there is an answer: damaged workbooks of the sample plan,
// repeatably.
func TestDamagedWorkbooksNeverPanic(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, nome := range []string{"piano-2021/suap.xlsx", "stato-2021-12-31/welfare-locale.xlsx", "anagrafica.xlsx"} {
		originale := campione(t, nome)
		for range 60 {
			b := bytes.Clone(originale)
			for range 1 + r.IntN(8) {
				b[r.IntN(len(b))] = byte(r.Uint32())
			}
			Leggi(nome, b)
			LeggiAnagrafica(nome, b)
		}
	}
}

// Damage within the XML of a sheet, where the zip is whole.
func TestScrambledCardsNeverPanic(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	originale := campione(t, "stato-2021-12-31/coordinamento-generale.xlsx")
	c, err := sheet.Apri(originale)
	if err != nil {
		t.Fatal(err)
	}
	for range 40 {
		var fogli []sheet.Foglio
		for _, f := range c.Fogli {
			var celle []sheet.Cella
			for _, cella := range f.Celle() {
				if r.IntN(12) == 0 { // moved to the row or column beside
					cella.Riga, cella.Colonna = max(1, cella.Riga+r.IntN(3)-1), max(1, cella.Colonna+r.IntN(3)-1)
				}
				if r.IntN(15) > 0 {
					celle = append(celle, cella)
				}
			}
			unioni := f.Unioni[:r.IntN(len(f.Unioni)+1)]
			fogli = append(fogli, sheet.NewFoglio(f.Nome, false, celle, unioni))
		}
		schede, rilievi := LeggiCartella(sheet.Cartella{Fogli: fogli})
		if len(schede) == 0 && len(rilievi) == 0 {
			t.Error("no card and no finding")
		}
	}
}

// The kinds of stored values, as the programs write them.
func TestStoredValues(t *testing.T) {
	b := foglioDi(t, `<row r="1"><c r="A1" t="b"><v>1</v></c><c r="B1" t="b"><v>0</v></c><c r="C1" t="e"><v>#REF!</v></c><c r="D1" t="d"><v>2021-12-31T00:00:00</v></c>`+
		`<c r="E1" t="str"><f>A1</f><v> testo  calcolato </v></c><c r="F1"><v>0.30000000000000004</v></c><c r="G1" t="n"><v>690</v></c><c r="H1"><f>A2</f></c>`+
		`<c r="I1" t="inlineStr"><is><t>perche&#x300;</t></is></c></row>`, "")
	c, err := sheet.Apri(b)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []sheet.Cella{{Testo: "SI", Tipo: sheet.Logico}, {Testo: "NO", Tipo: sheet.Logico}, {Testo: "#REF!", Tipo: sheet.Guasto}, {Testo: "2021-12-31", Tipo: sheet.Data},
		{Testo: "testo calcolato", Formula: true}, {Testo: "0.3", Tipo: sheet.Numero}, {Testo: "690", Tipo: sheet.Numero}, {Tipo: sheet.Ignoto, Formula: true}, {Testo: "perchè"}} {
		want.Riga, want.Colonna = 1, i+1
		if got := c.Fogli[0].Cella(1, i+1); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
}

var legameTema = regexp.MustCompile(`<Relationship [^>]*/theme"[^>]*(/>|></Relationship>)`)

// Fills: solid ones alone, white and patterns are none; a file without a theme too.
func TestFills(t *testing.T) {
	f := excelize.NewFile()
	for i, r := range []excelize.Fill{
		{Type: "pattern", Pattern: 1, Color: []string{"00B050"}}, {Type: "pattern", Pattern: 1, Color: []string{"FFFFFF"}},
		{Type: "pattern", Pattern: 2, Color: []string{"00B050"}}, {Type: "gradient", Shading: 1, Color: []string{"00B050", "FFFFFF"}},
	} {
		id, err := f.NewStyle(&excelize.Style{Fill: r})
		if err != nil {
			t.Fatal(err)
		}
		cella := sheet.Indirizzo(1, i+1)
		if err := f.SetCellStyle("Sheet1", cella, cella, id); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetCellStr("Sheet1", "E1", "fine"); err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	if err := f.Write(&buf); err != nil {
		t.Fatal(err)
	}
	senzaTema := riscrivi(t, buf.Bytes(), func(n string, p []byte) []byte {
		if strings.HasPrefix(n, "xl/theme/") {
			return nil
		}
		if n == "xl/_rels/workbook.xml.rels" {
			return legameTema.ReplaceAll(p, nil)
		}
		return p
	})
	for _, b := range [][]byte{buf.Bytes(), senzaTema} {
		c, err := sheet.Apri(b)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []string{"00B050", "", "", ""} {
			if got := c.Fogli[0].Cella(1, i+1).Riempimento.String(); got != want {
				t.Errorf("column %d: %q, want %q", i+1, got, want)
			}
		}
	}
}

// The days of a workbook may count from 1904.
func TestDate1904(t *testing.T) {
	b := riscrivi(t, costruisci(t, "[F]\nA1 # 43099 dd/mm/yyyy"), func(n string, p []byte) []byte {
		if n == "xl/workbook.xml" {
			return bytes.Replace(p, []byte("<workbookPr"), []byte(`<workbookPr date1904="1"`), 1)
		}
		return p
	})
	c, err := sheet.Apri(b)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Fogli[0].Cella(1, 1); got.Testo != "2021-12-31" || got.Tipo != sheet.Data {
		t.Errorf("%+v", got)
	}
}

func BenchmarkLeggi(b *testing.B) {
	contenuto := campione(b, "stato-2021-12-31/coordinamento-generale.xlsx")
	for b.Loop() {
		Leggi("x.xlsx", contenuto)
	}
}
