package sheet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// mostra writes a workbook as lines: each cell's address, kind, text and fill.
func mostra(c Cartella) string {
	var b strings.Builder
	tipi := []string{"", "numero ", "percento ", "data ", "logico ", "guasto ", "ignoto "}
	for _, f := range c.Fogli {
		fmt.Fprintf(&b, "[%s]", f.Nome)
		if f.Nascosto {
			b.WriteString(" nascosto")
		}
		b.WriteString("\n")
		for _, x := range f.Celle() {
			fmt.Fprintf(&b, "%s %s%q", Indirizzo(x.Riga, x.Colonna), tipi[x.Tipo], x.Testo)
			if x.Formula {
				b.WriteString(" formula")
			}
			if x.Riempimento != 0 {
				b.WriteString(" #" + x.Riempimento.String())
			}
			b.WriteString("\n")
		}
		for _, a := range f.Unioni {
			fmt.Fprintf(&b, "unione %s:%s\n", a.Indirizzo(), Indirizzo(a.FinoRiga, a.FinoColonna))
		}
		for _, n := range f.Commenti {
			fmt.Fprintf(&b, "nota %s %s\n", Indirizzo(n.Riga, n.Colonna), n.Testo)
		}
		if len(f.RigheNascoste)+len(f.ColonneNascoste) > 0 {
			fmt.Fprintf(&b, "nascoste righe %v colonne %v\n", f.RigheNascoste, f.ColonneNascoste)
		}
	}
	for _, n := range slices.Sorted(maps.Keys(c.Nomi)) {
		fmt.Fprintf(&b, "nome %s = %s\n", n, c.Nomi[n])
	}
	return strings.TrimSpace(b.String())
}

// What LibreOffice itself writes; forme.ods was saved by it.
func TestODSOfLibreOffice(t *testing.T) {
	c, err := Apri(leggiProva(t, "ods/forme.ods"))
	if err != nil {
		t.Fatal(err)
	}
	want := `
[Ob. 1-3]
A1 "prima riga seconda riga e nessoterzafine"
B1 numero "1300.5"
C1 percento "88%"
D1 numero "150000"
E1 data "2021-12-31"
F1 data "2021-03-01"
G1 "08:30"
H1 logico "SI"
I1 logico "NO"
A2 numero "2" formula
B2 "ab" formula
C2 guasto "#N/D" formula
D2 guasto "#DIV/0!" formula
E2 guasto "#RIF!" formula #00B050
F2 guasto "Err:520" formula
H2 "#N/D"
A3 "unite" #FFE699
D3 "" #00B050
E3 "" #00B050
F3 "" #00B050
G3 "bianca"
H3 "X"
I3 "X"
J3 "X"
K3 "X"
A5 "nascosta"
A6 "ripetuta"
C6 "" #00B050
A7 "ripetuta"
C7 "" #00B050
A8 "ripetuta"
C8 "" #00B050
A9 "in gruppo"
A40 "perchè"
unione A3:C4
nota H3 nota di due righe
nascoste righe [{5 5}] colonne [{4 4}]
[Appunti] nascosto
A1 "nascosto"
nome area = 'Ob. 1-3'!$A$1:$B$2
nome cella = Appunti!$A$1
nome scadenzario_modulo = "v1 SUAP 2021"`
	if d := cmp.Diff(strings.TrimSpace(want), mostra(c)); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	if want := time.Date(2021, time.June, 30, 18, 20, 0, 123e6, time.UTC); !c.Modificata.Equal(want) {
		t.Errorf("saved %s, want %s", c.Modificata, want)
	}
}

const testaODS = `<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" ` +
	`xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" ` +
	`xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" ` +
	`xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" ` +
	`xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.2">`

// contenutoODS is a content.xml with these automatic styles and this in its
// office:spreadsheet.
func contenutoODS(stili, fogli string) string {
	return testaODS + `<office:automatic-styles>` + stili + `</office:automatic-styles><office:body><office:spreadsheet>` + fogli +
		`</office:spreadsheet></office:body></office:document-content>`
}

// unODS is a workbook of one sheet F with these columns and rows.
func unODS(t testing.TB, stili, righe string) []byte {
	t.Helper()
	return zipCon(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet",
		"content.xml", contenutoODS(stili, `<table:table table:name="F">`+righe+`</table:table>`))
}

// riga is a table:row of these cells.
func riga(celle string) string { return `<table:table-row>` + celle + `</table:table-row>` }

// What other programs write, and what LibreOffice writes seldom.
func TestODSOfOtherPrograms(t *testing.T) {
	stili := `<number:percentage-style style:name="P"><number:number/></number:percentage-style><number:date-style style:name="D"><number:day/></number:date-style>` +
		`<style:style style:name="perc" style:family="table-cell" style:data-style-name="P"/><style:style style:name="giorno" style:family="table-cell" style:data-style-name="D"/>` +
		`<style:style style:name="blu" style:family="table-cell"><style:table-cell-properties fo:background-color="#4472c4"/></style:style>` +
		`<style:style style:name="chiaro" style:family="table-cell" style:parent-style-name="x"><style:table-cell-properties fo:background-color="transparent"/></style:style>` +
		`<style:style style:name="blu" style:family="table-row"/>`
	p := func(s string) string { return `<text:p>` + s + `</text:p>` }
	cella := func(attributi, dentro string) string {
		return `<table:table-cell ` + attributi + `>` + dentro + `</table:table-cell>`
	}
	for _, c := range []struct{ storia, righe, want string }{
		{"a text without its type", riga(cella(``, p("testo"))), `A1 "testo"`},
		{"a text in its attribute alone", riga(cella(`office:value-type="string" office:string-value="testo &amp; altro"`, ``)), `A1 "testo & altro"`},
		{"a text split over spans, with a note below it", riga(cella(`office:value-type="string"`, p(`OBIET<text:span>TIVO <text:span>N.</text:span></text:span><text:s/>1/3<text:note><text:note-body><text:p>nota</text:p></text:note-body></text:note>`))), `A1 "OBIETTIVO N. 1/3"`},
		{"a field in a text", riga(cella(`office:value-type="string"`, p(`Foglio <text:sheet-name>F</text:sheet-name>`))), `A1 "Foglio F"`},
		{"a text box beside the text", riga(cella(`office:value-type="string"`, `<draw:frame><draw:text-box><text:p>cornice</text:p></draw:text-box></draw:frame>`+p("testo"))), `A1 "testo"`},
		{"a text written as CDATA", riga(cella(`office:value-type="string"`, p(`<![CDATA[a < b]]>`))), `A1 "a < b"`},
		{"a number in a percent style", riga(cella(`table:style-name="perc" office:value-type="float" office:value="0.8"`, p("80%"))), `A1 percento "80%"`},
		{"a number in a date style", riga(cella(`table:style-name="giorno" office:value-type="float" office:value="44561.5"`, p("31/12/21"))), `A1 data "2021-12-31"`},
		{"a number with more digits than a sheet shows", riga(cella(`office:value-type="float" office:value="0.30000000000000004"`, p("0,3"))), `A1 numero "0.3"`},
		{"a number without its value", riga(cella(`office:value-type="float"`, p("690"))), `A1 "690"`},
		{"a formula without its value", riga(cella(`table:formula="of:=[.B1]"`, ``)), `A1 ignoto "" formula`},
		{"a formula without its value, of a type", riga(cella(`table:formula="of:=[.B1]" office:value-type="float"`, ``)), `A1 ignoto "" formula`},
		{"a formula with an empty text", riga(cella(`table:formula="of:=[.B1]" office:value-type="string" office:string-value=""`, ``)), ``},
		{"an error with a number for its value", riga(cella(`table:formula="of:=1/0" office:value-type="float" office:value="0"`, p("#DIV/0!"))), `A1 guasto "#DIV/0!" formula`},
		{"yes and no as LibreOffice takes them over from Excel", riga(cella(`table:formula="of:=TRUE()" office:value-type="float" office:value="1"`, p("VERO")) + cella(`table:formula="of:=FALSE()" office:value-type="float" office:value="0"`, p("FALSE"))),
			"A1 logico \"SI\" formula\nB1 logico \"NO\" formula"},
		{"a date with its hour", riga(cella(`office:value-type="date" office:date-value="2021-12-31T00:00:00"`, p("31/12"))), `A1 data "2021-12-31"`},
		{"a date that is none", riga(cella(`office:value-type="date" office:date-value="2021-02-30"`, p("30/02/2021"))), `A1 "30/02/2021"`},
		{"hours over a day", riga(cella(`office:value-type="time" office:time-value="PT36H15M00,5S"`, p("36:15"))), `A1 "36:15"`},
		{"a row's default style, and a column's below it", `<table:table-column/><table:table-column table:number-columns-repeated="2" table:default-cell-style-name="blu"/>` +
			riga(cella(``, p("a"))+cella(``, p("b"))+cella(`table:style-name="chiaro"`, p("c"))+cella(``, p("d"))) +
			`<table:table-row table:default-cell-style-name="perc">` + cella(`table:number-columns-repeated="2" office:value-type="float" office:value="1"`, ``) + `</table:table-row>`,
			"A1 \"a\"\nB1 \"b\" #4472C4\nC1 \"c\"\nD1 \"d\"\nA2 percento \"100%\"\nB2 percento \"100%\""},
		{"header rows and groups", `<table:table-header-rows>` + riga(cella(``, p("a"))) + `</table:table-header-rows><table:table-rows>` + riga(cella(``, p("b"))) +
			`<table:table-row-group table:display="false">` + riga(cella(``, p("c"))) + `</table:table-row-group></table:table-rows>`, "A1 \"a\"\nA2 \"b\"\nA3 \"c\""},
		{"what hangs on a sheet", `<table:shapes><draw:frame><draw:text-box><text:p>forma</text:p></draw:text-box></draw:frame></table:shapes>` + riga(cella(``, p("a"))), `A1 "a"`},
		{"blank rows to the end of the sheet", riga(cella(``, p("a"))) + `<table:table-row table:number-rows-repeated="1048574">` + cella(`table:number-columns-repeated="16384"`, ``) + `</table:table-row>` + riga(cella(``, p("ultima"))),
			"A1 \"a\"\nA1048576 \"ultima\""},
		{"a sheet of 16 million rows", riga(cella(``, p("a"))) + `<table:table-row table:number-rows-repeated="16777215">` + cella(`table:number-columns-repeated="16384"`, ``) + `</table:table-row>`, `A1 "a"`},
		{"a merged area of one cell", riga(cella(`table:number-columns-spanned="1" table:number-rows-spanned="1"`, p("a"))), `A1 "a"`},
		{"a merged area with a text below it", riga(cella(`table:number-columns-spanned="2" table:number-rows-spanned="1"`, p("a")) + `<table:covered-table-cell><text:p>sotto</text:p></table:covered-table-cell>`),
			"A1 \"a\"\nB1 \"sotto\"\nunione A1:B1"},
		{"a blank merged area", riga(cella(``, ``) + cella(`table:number-columns-spanned="3" table:number-rows-spanned="1"`, ``)), "unione B1:D1"},
	} {
		t.Run(c.storia, func(t *testing.T) {
			k, err := Apri(unODS(t, stili, c.righe))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(strings.TrimSpace("[F]\n"+c.want), mostra(k)); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
		})
	}
}

// Colours: a mark is followed as far as a table goes, the decoration of a whole row or
// sheet is not.
func TestColoursOfBlankCells(t *testing.T) {
	stili := `<style:style style:name="v" style:family="table-cell"><style:table-cell-properties fo:background-color="#00b050"/></style:style>`
	k, err := Apri(unODS(t, stili, `<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:style-name="v" table:number-columns-repeated="16384"/></table:table-row>`))
	if err != nil {
		t.Fatal(err)
	}
	celle := k.Fogli[0].Celle()
	if n := len(celle); n != limiteTinte*limiteColori || celle[n-1].Riga != limiteTinte || celle[n-1].Colonna != limiteColori || celle[n-1].Riempimento.String() != "00B050" {
		t.Errorf("%d cells", n)
	}
}

// Named styles build on others, wherever they stand; one may even name itself.
func TestStylesOfBothParts(t *testing.T) {
	comuni := strings.Replace(testaODS, "document-content", "document-styles", 1) + `<office:styles>` +
		`<style:default-style style:family="table-cell"/><style:style style:name="Base" style:family="table-cell" style:parent-style-name="Base" style:data-style-name="N9"><style:table-cell-properties fo:background-color="#FFE699"/></style:style>` +
		`<style:style style:name="Sopra" style:family="table-cell" style:parent-style-name="Base"/><style:style style:name="Chiuso" style:family="table"><style:table-properties table:display="false"/></style:style>` +
		`<number:percentage-style style:name="N9"/></office:styles><office:automatic-styles><style:style style:name="ce1" style:family="table-cell"><style:table-cell-properties fo:background-color="#000000"/></style:style></office:automatic-styles></office:document-styles>`
	auto := `<style:style style:name="ce1" style:family="table-cell" style:parent-style-name="Sopra"/><style:style style:name="ce2" style:family="table-cell" style:parent-style-name="Sopra"><style:table-cell-properties fo:background-color="#FFFFFF"/></style:style>`
	cella := func(stile string) string {
		return `<table:table-cell table:style-name="` + stile + `" office:value-type="float" office:value="0.5"/>`
	}
	k, err := Apri(zipCon(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "styles.xml", comuni,
		"content.xml", contenutoODS(auto, `<table:calculation-settings><table:null-date table:date-value="1904-01-01"/></table:calculation-settings>`+
			`<table:table table:name="F" table:style-name="Chiuso">`+riga(cella("ce1")+cella("ce2")+cella("Sopra")+cella("mai-visto"))+`</table:table>`)))
	if err != nil {
		t.Fatal(err)
	}
	want := "[F] nascosto\nA1 percento \"50%\" #FFE699\nB1 percento \"50%\"\nC1 percento \"50%\" #FFE699\nD1 numero \"0.5\""
	if d := cmp.Diff(want, mostra(k)); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// Serial days count from where the file says.
func TestDayZeroOfODS(t *testing.T) {
	for zero, want := range map[string]string{"1899-12-30": "2021-12-31", "1904-01-01": "2026-01-01", "1900-01-01": "2022-01-02"} {
		stili := `<number:date-style style:name="D"/><style:style style:name="g" style:family="table-cell" style:data-style-name="D"/>`
		k, err := Apri(zipCon(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", contenutoODS(stili,
			`<table:calculation-settings><table:null-date table:date-value="`+zero+`"/></table:calculation-settings><table:table table:name="F">`+
				riga(`<table:table-cell table:style-name="g" office:value-type="float" office:value="44561"/>`)+`</table:table>`)))
		if err != nil {
			t.Fatal(err)
		}
		if got := k.Fogli[0].Cella(1, 1); got.Testo != want || got.Tipo != Data {
			t.Errorf("%s: %+v", zero, got)
		}
	}
}

func TestNamesOfODS(t *testing.T) {
	for da, want := range map[string]string{"$Foglio1.$A$1": "Foglio1!$A$1", "$Foglio1.$A$1:.$B$2": "Foglio1!$A$1:$B$2", "$'L''anno 1.2'.$A$1:$'L''anno 1.2'.$B$2": "'L''anno 1.2'!$A$1:'L''anno 1.2'!$B$2", "": ""} {
		if got := riferimento(da); got != want {
			t.Errorf("%q: %q, want %q", da, got, want)
		}
	}
	for da, want := range map[string]string{`of:="v1"`: `"v1"`, `"a:b"`: `"a:b"`, "of:=[.A1]+1": "[.A1]+1", "=1": "1", "": ""} {
		if got := espressione(da); got != want {
			t.Errorf("%q: %q, want %q", da, got, want)
		}
	}
}

// The same workbook in UTF-16, and with other prefixes: legal, and nobody's habit.
func TestODSInOtherDress(t *testing.T) {
	contenuto := contenutoODS("", `<table:table table:name="F">`+riga(`<table:table-cell office:value-type="string"><text:p>così</text:p></table:table-cell>`)+`</table:table>`)
	altri := strings.NewReplacer("xmlns:office=", "xmlns:o=", "xmlns:office:", "xmlns:office:", "office:", "o:", "xmlns:table=", "xmlns=", "<table:", "<", "</table:", "</", "table:name", "t:name", "<office:document-content ", `<o:document-content xmlns:t="urn:oasis:names:tc:opendocument:xmlns:table:1.0" `).Replace(contenuto)
	for _, c := range []string{contenuto, altri, string(comeUTF16(strings.Replace(contenuto, "UTF-8", "UTF-16", 1), binary.LittleEndian))} {
		k, err := Apri(zipCon(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", c))
		if err != nil {
			t.Fatal(err)
		}
		if got := mostra(k); got != "[F]\nA1 \"così\"" {
			t.Error(got)
		}
	}
}

// A prefix means what the nearest element says, for its own attributes, too.
func TestAPrefixDeclaredAgain(t *testing.T) {
	k, err := Apri(unODS(t, "", riga(`<table:table-cell xmlns:office="urn:altro" office:value-type="float"><text:p>690</text:p><text:p xmlns:text="urn:altro">altro</text:p></table:table-cell>`+
		`<table:table-cell office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>`)))
	if err != nil {
		t.Fatal(err)
	}
	if got := mostra(k); got != "[F]\nA1 \"690\"\nB1 numero \"1\"" {
		t.Error(got)
	}
	for _, nome := range []string{":p", "p:", "mai:p"} {
		if _, err := Apri(unODS(t, "", riga(`<`+nome+`/>`))); !errors.Is(err, ErrDanneggiato) {
			t.Errorf("%s: %v", nome, err)
		}
	}
}

// Old OpenOffice names a DTD in its list of parts, and all versions do in their macros;
// a mail gateway may leave the type away.
func TestODSOfOldPrograms(t *testing.T) {
	contenuto := contenutoODS("", `<table:table table:name="F">`+riga(`<table:table-cell><text:p>a</text:p></table:table-cell>`)+`</table:table>`)
	k, err := Apri(zipCon(t, "META-INF/manifest.xml", `<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE manifest:manifest PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" "Manifest.dtd">`+
		`<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/"/></manifest:manifest>`,
		"Basic/script-lc.xml", `<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE library:libraries PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "libraries.dtd"><library:libraries xmlns:library="http://openoffice.org/2000/library"/>`,
		"content.xml", contenuto))
	if err != nil {
		t.Fatal(err)
	}
	if got := mostra(k); got != "[F]\nA1 \"a\"" {
		t.Error(got)
	}
}

func TestAPassword(t *testing.T) {
	if _, err := Apri(leggiProva(t, "ods/cifrato.ods")); !errors.Is(err, ErrProtetto) {
		t.Error(err)
	}
	// LibreOffice 24.8 and later encrypt the package as one
	intero := zipCon(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "encrypted-package", "\x01\x02", manifestoODF,
		`<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><file-entry full-path="encrypted-package"><encryption-data/></file-entry></manifest>`)
	if _, err := Apri(intero); !errors.Is(err, ErrProtetto) {
		t.Error(err)
	}
	if _, err := Apri(leggiProva(t, "natura/cifrato.xls")); !errors.Is(err, ErrProtetto) {
		t.Error(err)
	}
	if _, err := Apri(leggiProva(t, "natura/vecchio.xls")); errors.Is(err, ErrProtetto) || !errors.Is(err, ErrIlleggibile) {
		t.Error(err)
	}
}

// A cell of inline text without its text is blank, whatever the cell before it holds.
func TestAnInlineCellWithoutText(t *testing.T) {
	k, err := Apri(zipCon(t, "_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="F" r:id="b"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="b" Type="x/worksheet" Target="sheet.xml"/></Relationships>`,
		"xl/sheet.xml", `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row><c t="inlineStr"><is><t>prima</t></is></c><c t="inlineStr"/></row></sheetData></worksheet>`))
	if err != nil {
		t.Fatal(err)
	}
	if got := mostra(k); got != "[F]\nA1 \"prima\"" {
		t.Error(got)
	}
}
