package sheet_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/scadenzario/scadenzario/importer/sheet"
)

// lenta writes XML so that no row, no cell and no text can go the short way.
var lenta = strings.NewReplacer("<c ", "<c  ", "<si>", "<si >", "</row>", "</row >")

// The short way and the long one read the same of every sample.
func TestTheShortWayReadsAsTheLongOne(t *testing.T) {
	file, err := filepath.Glob("../../testdata/moduli/*/*.xlsx")
	if err != nil || len(file) == 0 {
		t.Fatal(file, err)
	}
	for _, nome := range file {
		b, err := os.ReadFile(nome)
		if err != nil {
			t.Fatal(err)
		}
		z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		p, cambiate := parti{}, 0
		for _, v := range z.File {
			r, err := v.Open()
			if err != nil {
				t.Fatal(err)
			}
			testo, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			p[v.Name] = string(testo)
			if strings.HasSuffix(v.Name, ".xml") {
				p[v.Name] = lenta.Replace(p[v.Name])
				cambiate += len(p[v.Name]) - len(testo)
			}
		}
		breve, err := sheet.Apri(b)
		if err != nil {
			t.Fatal(err)
		}
		lunga, err := sheet.Apri(p.zip(t))
		if err != nil || cambiate < 100 || !reflect.DeepEqual(breve, lunga) {
			t.Errorf("%s, %d changes: %v", nome, cambiate, err)
		}
	}
}

// stesse holds what is read of some XML on a sheet and among the shared texts the short
// way against the long one.
func stesse(t *testing.T, foglio, testi string) {
	stessiFogli(t, `<sheetData><row r="1">`+foglio+`</row></sheetData>`, testi)
}

func stessiFogli(t *testing.T, foglio, testi string) {
	if strings.Contains(foglio+testi, "<!") { // in a comment or in CDATA what is replaced is text
		return
	}
	leggi := func(foglio, testi string) (string, bool) {
		c, err := sheet.Apri(minima(foglio).
			legando("sharedStrings", "sharedStrings.xml", `<sst `+spazioMain+`>`+testi+`</sst>`).zip(t))
		return fmt.Sprintf("%+v", c), err == nil
	}
	breve, ok := leggi(foglio, testi)
	lunga, okLunga := leggi(lenta.Replace(foglio), lenta.Replace(testi))
	if ok != okLunga || breve != lunga {
		t.Errorf("%s\n%s\nthe short way %v: %s\nthe long way %v: %s", foglio, testi, ok, breve, okLunga, lunga)
	}
}

// celleStrane are cells at the border of what goes the short way, and texts.
var celleStrane = [][2]string{
	{`<c r="A1"/><c r="B1" s="0" t="str"><v>ciao</v></c><c t="b"><v>1</v></c>`, `<si><t>a</t></si><si><t xml:space="preserve"> b </t></si><si/>`},
	{`<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>2</v></c>`, `<si><t>a</t></si><si><t></t></si>`},
	{`<c r="A1" r="B1"><v>1</v></c>`, `<si><t>a_x0041_</t></si>`},
	{`<c r="A2"><v>1</v></c>`, `<si><t>a&amp;b</t></si><si><t>c]]</t></si>`},
	{`<c r="B1" s="1"><v>1</v></c>`, `<si><t>a]]></t></si>`},
	{`<c r="B1"><v> 1 </v></c><c r="B1"><v>1</v></c>`, "<si><t>due\tparole  larghe</t></si>"},
	{`<c r="B1"><v>1</v></c><c r="A1"><v>2</v></c>`, "<si><t>\x01</t></si>"},
	{`<c r="A1" t="inlineStr"><is><t>x</t></is></c><c t="s"><is><t>y</t></is></c><c t="inlineStr"><v>z</v></c>`, `<si><r><t>a</t></r></si><si><t>b</t></si>`},
	{`<c r="A1" t="inlineStr"><is><t xml:space="preserve">x</t></is></c>`, `<si><t x:y="">b</t></si>`},
	{`<c r="A1"><v>1</v><v>2</v></c>`, `<si><t>a</t><t>b</t></si>`},
	{`<c r="A1"><f>1</f><v>2</v></c><c r="B1"><v></v></c>`, ``},
	{`<c r="A1" t="q"><v>1</v></c>`, `<si><t>a</t></si></sst>`},
	{`<c r="XFE1"><v>1</v></c>`, `<si xmlns="altro"><t>a</t></si>`},
	{`<c r="A1" t="e"><v>#N/A</v></c></row><row r="2"><c r="A2" t="d"><v>2021-12-31</v></c><c><v>3</v></c>`, ` <si><t>a</t></si> `},
	{`<c r="A1"><v>1</v></c>x<c r="B1"><v>1</v></c>`, `<si><t>a</t></si>x`},
	{`<c r="A1" t="n"></c><c r="B1"></c><c r="C1"><v>1</v></c>`, ``},
}

// righeStrane are what a row begins with that follows another one.
var righeStrane = []string{`>`, ` >`, `/>`, ` r="2">`, ` r="2"/>`, ` r="1">`, ` r="0">`, ` r="">`, ` r="x">`, ` r="1048577">`, ` r="3" hidden="1">`, ` r="2" r="2">`,
	` r="2" hidden="true" hidden="1">`, ` r="2" spans="1:3" s="1" customFormat="1" ht="12.8" customHeight="1" outlineLevel="0" collapsed="0" thickTop="0" thickBot="0" ph="0">`,
	` r="2" ht="1" ht="2">`, ` r="2" alta="1">`, ` r='2'>`, ` r = "2">`, ` r="2"ht="1">`, ` r="2" ht="&amp;">`, ` r="2" ht="&no;">`, ` r="2" ht="<">`, ` r="2" ht=">">`,
	` r="2" ht="]]>">`, " r=\"2\" ht=\"\x01\">", ` r="2" ht="'">`, ` r="2" ht=>`, ` r="2" ht>`, ` x:r="2">`, ` xmlns:x="altro" x:r="7" r="2">`, ` xmlns="altro" r="2">`,
	`x r="2">`, ` r="2" ht="` + strings.Repeat("1", 70_000) + `">`}

// At the border of the short way both read the same, or refuse the same.
func TestTheBorderOfTheShortWay(t *testing.T) {
	for _, c := range celleStrane {
		stesse(t, c[0], c[1])
	}
	for _, r := range righeStrane {
		stesse(t, `<c r="A1"><v>1</v></c></row><row`+r+`<c><v>2</v></c>`, ``)
		stesse(t, `<c r="A1"><v>1</v></c></row><row xmlns:x="altro"><c/></row><row`+r+`<c x:q=""><v>2</v></c>`, ``)
	}
	// rows that are closed by the name of others
	for _, righe := range []string{`<x:row><c r="A1"/></row><row><c><v>2</v></c></row>`, `<x:row><c r="A1"/></row><row><c><v>2</v></c></x:row>`, `<row><c r="A1"/></row><x:row><c><v>2</v></c></row>`} {
		stessiFogli(t, `<sheetData `+strings.Replace(spazioMain, "xmlns", "xmlns:x", 1)+`>`+righe+`</sheetData>`, ``)
	}
}

func FuzzSvelto(f *testing.F) {
	for _, c := range celleStrane {
		f.Add(c[0], c[1])
	}
	f.Fuzz(stesse)
}
