package sheet_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/scadenzario/scadenzario/importer"
	"github.com/scadenzario/scadenzario/importer/sheet"
)

// limiti runs a command within 256 MB of data.
const limiti = `ulimit -d 262144 && exec "$0" read "$1"`

// programma builds the program itself, without the race detector: what is measured is
// what an office runs.
func programma(t *testing.T) string {
	t.Helper()
	nome := filepath.Join(t.TempDir(), "scadenzario")
	if esce, err := exec.Command("go", "build", "-o", nome, "../../cmd/scadenzario").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, esce)
	}
	return nome
}

// parti is a workbook as its parts; minima has one sheet with the given XML.
type parti map[string]string

const (
	spazioMain = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	testaXML   = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`
	radice     = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
)

func minima(foglio string) parti {
	return parti{
		"[Content_Types].xml": testaXML + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
		"_rels/.rels":         testaXML + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + radice + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":     testaXML + `<workbook ` + spazioMain + ` xmlns:r="` + radice + `"><sheets><sheet name="F" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": testaXML + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + radice + `/worksheet" Target="worksheets/sheet1.xml"/>` +
			`</Relationships>`,
		"xl/worksheets/sheet1.xml": testaXML + `<worksheet ` + spazioMain + `>` + foglio + `</worksheet>`,
	}
}

// con adds or replaces a part.
func (p parti) con(nome, testo string) parti {
	p[nome] = testo
	return p
}

// legando adds a link from the workbook to a part of that type.
func (p parti) legando(tipo, nome, testo string) parti {
	p["xl/_rels/workbook.xml.rels"] = strings.Replace(p["xl/_rels/workbook.xml.rels"], "</Relationships>",
		`<Relationship Id="r`+tipo+`" Type="`+radice+`/`+tipo+`" Target="`+nome+`"/></Relationships>`, 1)
	p["xl/"+nome] = testo
	return p
}

func (p parti) zip(t testing.TB) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for nome, testo := range p {
		scriviVoce(t, w, nome, testo)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func scriviVoce(t testing.TB, w *zip.Writer, nome, testo string) {
	t.Helper()
	f, err := w.Create(nome)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(f, testo); err != nil {
		t.Fatal(err)
	}
}

// ripeti writes n texts.
func ripeti(n int, f func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(f(i + 1))
	}
	return b.String()
}

// dueVoci makes an archive with two entries of one name.
func dueVoci(t testing.TB, primo, secondo string) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	p := minima(`<sheetData/>`)
	for nome, testo := range p {
		scriviVoce(t, w, nome, testo)
	}
	scriviVoce(t, w, primo, p["xl/worksheets/sheet1.xml"])
	scriviVoce(t, w, secondo, p["xl/worksheets/sheet1.xml"])
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// bugiarda makes an archive with one entry whose headers claim another size.
func bugiarda(t testing.TB, testo string, dichiarati uint32) []byte {
	t.Helper()
	var corpo bytes.Buffer
	z, err := flate.NewWriter(&corpo, 9)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(z, testo); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for nome, testo := range minima("<sheetData/>") {
		if nome != "xl/worksheets/sheet1.xml" {
			scriviVoce(t, w, nome, testo)
		}
	}
	f, err := w.CreateRaw(&zip.FileHeader{Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate, CRC32: crc32.ChecksumIEEE([]byte(testo)),
		CompressedSize64: uint64(corpo.Len()), UncompressedSize64: uint64(dichiarati)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(corpo.Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// ostili are files that were made to harm, and files that were harmed.
func ostili(t testing.TB) map[string][]byte {
	buona := minima(`<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>`).zip(t)
	foglio := func(s string) []byte { return minima(s).zip(t) }
	righe := func(s string) []byte { return foglio("<sheetData>" + s + "</sheetData>") }
	cifrato := binary.LittleEndian.AppendUint64(nil, 0xe11ab1a1e011cfd0)
	return map[string][]byte{
		"niente.xlsx": {}, "troncato.xlsx": buona[:len(buona)/2], "senza-coda.xlsx": buona[:len(buona)-10],
		"ole.xls":       append(cifrato, make([]byte, 4096)...),
		"bomba-zip":     minima("<sheetData/>").con("xl/media/a.bin", strings.Repeat("\x00", 130<<20)).zip(t),
		"bomba-parte":   minima("<sheetData/>" + strings.Repeat(" ", 65<<20)).zip(t),
		"bomba-xml":     foglio(`<sheetData/>` + strings.Repeat("<a>", 100_000)),
		"entita":        minima("").con("xl/worksheets/sheet1.xml", `<!DOCTYPE a [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet `+spazioMain+`><sheetData>&b;</sheetData></worksheet>`).zip(t),
		"tag-lungo":     righe(`<row r="1" ht="` + strings.Repeat("1", 100<<10) + `"/>`),
		"attributi":     righe(`<row ` + ripeti(5_000, func(i int) string { return "a" + strconv.Itoa(i) + `="" ` }) + `/>`),
		"taglia-minore": bugiarda(t, minima("<sheetData/>")["xl/worksheets/sheet1.xml"], 10),
		"taglia-enorme": bugiarda(t, minima("<sheetData/>")["xl/worksheets/sheet1.xml"], 60<<20),
		"unioni":        foglio(`<sheetData/><mergeCells>` + ripeti(60_000, func(i int) string { return fmt.Sprintf(`<mergeCell ref="A%d:B%d"/>`, i, i) }) + `</mergeCells>`),
		"unioni-alte":   foglio(`<sheetData/><mergeCells>` + ripeti(18_000, func(i int) string { return fmt.Sprintf(`<mergeCell ref="%s1:%[1]s1048576"/>`, lettere(i%16_384+1)) }) + `</mergeCells>`),
		"xfd":           righe(ripeti(20_000, func(i int) string { return fmt.Sprintf(`<row r="%d"><c r="XFD%d"><v>1</v></c></row>`, i, i) })),
		"righe-milione": righe(ripeti(1_048_576, func(i int) string { return fmt.Sprintf(`<row r="%d" s="1" ht="15"/>`, i) })),
		"celle-milioni": righe(ripeti(4_000, func(i int) string {
			return fmt.Sprintf(`<row r="%d">%s</row>`, i, strings.Repeat(`<c t="n"><v>1</v></c>`, 600))
		})),
		"salita":         dueVoci(t, "../../etc/passwd", "x"),
		"due-nomi":       dueVoci(t, "a.xml", "A.XML"),
		"senza-testi":    minima(`<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>`).zip(t),
		"indice-oltre":   minima(`<sheetData><row r="1"><c r="A1" t="s"><v>7</v></c></row></sheetData>`).legando("sharedStrings", "sharedStrings.xml", `<sst `+spazioMain+`><si><t>a</t></si></sst>`).zip(t),
		"stile-oltre":    righe(`<row r="1"><c r="A1" s="9"><v>1</v></c></row>`),
		"cella-doppia":   righe(`<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>`),
		"altra-riga":     righe(`<row r="1"><c r="A2"><v>1</v></c></row>`),
		"formato-lungo":  minima("<sheetData/>").legando("styles", "styles.xml", `<styleSheet `+spazioMain+`><numFmts><numFmt numFmtId="164" formatCode="`+strings.Repeat("0", 300)+`"/></numFmts></styleSheet>`).zip(t),
		"pdf.xlsx":       []byte("%PDF-1.7\n%âãÏÓ\n1 0 obj"),
		"html.xlsx":      []byte("<html><body><table><tr><td>OBIETTIVO N. 1/3</td></tr></table></body></html>"),
		"parte-mancante": func() []byte { p := minima("<sheetData/>"); delete(p, "xl/worksheets/sheet1.xml"); return p.zip(t) }(),
		"mille-fogli": func() []byte {
			p := minima("<sheetData/>")
			p["xl/workbook.xml"] = `<workbook ` + spazioMain + ` xmlns:r="` + radice + `"><sheets>` + strings.Repeat(`<sheet name="F" sheetId="1" r:id="rId1"/>`, 1_000) + `</sheets></workbook>`
			return p.zip(t)
		}(),
	}
}

func lettere(colonna int) string { return strings.TrimSuffix(sheet.Indirizzo(1, colonna), "1") }

// RELIABILITY.md, invariant 5: whatever the file, one finding that the office can act
// on, within 5 s and 256 MB.
func TestHostileFiles(t *testing.T) {
	dir, scadenzario := t.TempDir(), programma(t)
	for nome, b := range ostili(t) {
		t.Run(nome, func(t *testing.T) {
			if len(b) > 20<<20 {
				t.Fatalf("the test's own file has %d bytes", len(b))
			}
			file := filepath.Join(dir, nome)
			if err := os.WriteFile(file, b, 0o600); err != nil {
				t.Fatal(err)
			}
			inizio := time.Now()
			c := exec.Command("/bin/sh", "-c", limiti, scadenzario, file)
			detto, err := c.CombinedOutput()
			if d := time.Since(inizio); d > 5*time.Second {
				t.Errorf("it took %s", d)
			}
			if c.ProcessState.ExitCode() != 2 || bytes.Count(detto, []byte("file-illeggibile")) != 1 || !bytes.Contains(detto, []byte("1 errore, 0 avvisi")) {
				t.Errorf("%v\n%.2000s", err, detto)
			}
		})
	}
}

// What is legal but rare is read all the same.
func TestRareForms(t *testing.T) {
	cella := `<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>ciao</t></is></c><c r="B1"><v>12</v></c></row></sheetData>`
	comune := func(t *testing.T, p parti) {
		t.Helper()
		c, err := sheet.Apri(p.zip(t))
		if err != nil {
			t.Fatal(err)
		}
		f := c.Fogli[0]
		if f.Cella(1, 1).Testo != "ciao" || f.Cella(1, 2).Testo != "12" || f.Cella(1, 2).Tipo != sheet.Numero {
			t.Errorf("%+v", f.Celle())
		}
	}
	t.Run("prefixes", func(t *testing.T) {
		p := minima("")
		comune(t, p.con("xl/worksheets/sheet1.xml", `<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>ciao</x:t></x:is></x:c><x:c r="B1"><x:v>12</x:v></x:c></x:row></x:sheetData></x:worksheet>`))
	})
	t.Run("UTF-16", func(t *testing.T) {
		p := minima(cella)
		testo := strings.Replace(p["xl/worksheets/sheet1.xml"], "UTF-8", "UTF-16", 1)
		b := []byte("\xff\xfe")
		for _, r := range testo {
			b = binary.LittleEndian.AppendUint16(b, uint16(r))
		}
		comune(t, p.con("xl/worksheets/sheet1.xml", string(b)))
	})
	t.Run("byte order mark", func(t *testing.T) {
		p := minima(cella)
		comune(t, p.con("xl/worksheets/sheet1.xml", "\xef\xbb\xbf"+p["xl/worksheets/sheet1.xml"]))
	})
	t.Run("strict", func(t *testing.T) {
		p := minima(cella)
		for nome, testo := range p {
			testo = strings.ReplaceAll(testo, "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
			p[nome] = strings.ReplaceAll(testo, radice, "http://purl.oclc.org/ooxml/officeDocument/relationships")
		}
		comune(t, p)
	})
	t.Run("no addresses", func(t *testing.T) {
		comune(t, minima(strings.NewReplacer(` r="A1"`, "", ` r="B1"`, "", ` r="1"`, "").Replace(cella)))
	})
	t.Run("rows in another order", func(t *testing.T) {
		comune(t, minima(`<sheetData><row r="3"><c r="B3"><v>1</v></c></row><row r="1"><c r="B1"><v>12</v></c><c r="A1" t="str"><v>ciao</v></c></row></sheetData>`))
	})
	t.Run("absolute links, other names, comments and CDATA", func(t *testing.T) {
		p := minima("")
		p["xl/_rels/workbook.xml.rels"] = strings.Replace(p["xl/_rels/workbook.xml.rels"], "worksheets/sheet1.xml", "/xl/Fogli/Uno%20due.xml", 1)
		delete(p, "xl/worksheets/sheet1.xml")
		comune(t, p.con("xl/fogli/uno due.xml", `<?xml version='1.0'?><!-- fatto a mano --><worksheet `+spazioMain+`><?nota?><sheetData><row><c t="str"><v>ci<![CDATA[a]]>o</v></c><c><v>1<!-- qui -->2</v></c></row></sheetData></worksheet><!-- fine -->`))
	})
	t.Run("a link to a theme that is not there", func(t *testing.T) {
		p := minima(strings.Replace(cella, "<c r", `<c s="1" r`, 1)).legando("theme", "theme/theme1.xml", "").legando("styles", "styles.xml", `<styleSheet `+spazioMain+
			`><fills><fill><patternFill patternType="solid"><fgColor theme="4"/></patternFill></fill></fills><cellXfs><xf fillId="0"/><xf/></cellXfs></styleSheet>`)
		delete(p, "xl/theme/theme1.xml")
		comune(t, p)
		c, err := sheet.Apri(p.zip(t))
		if err != nil || c.Fogli[0].Cella(1, 1).Riempimento.String() != "4472C4" {
			t.Errorf("the colours are those of Office's own theme: %v %+v", err, c)
		}
	})
	t.Run("rich and phonetic shared texts", func(t *testing.T) {
		comune(t, minima(`<sheetData><row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1"><v>12.0</v></c></row></sheetData>`).legando("sharedStrings", "sharedStrings.xml",
			`<sst `+spazioMain+` count="9"><si><t>no</t></si><si><r><t xml:space="preserve">ci</t></r><r><rPr><b/></rPr><t>ao</t></r><rPh sb="0" eb="1"><t>x</t></rPh></si></sst>`))
	})
}

// Kinds, fills, what is hidden, names and notes.
func TestWhatACellIs(t *testing.T) {
	p := minima(`<cols><col min="2" max="3" hidden="1" width="9"/></cols><sheetData><row r="1">` +
		`<c r="A1" s="1"><v>0.88</v></c><c r="B1" s="2"><v>44561</v></c><c r="C1" t="b"><v>1</v></c><c r="D1" t="e"><v>#N/A</v></c><c r="E1" t="d"><v>2021-12-31T00:00:00Z</v></c>` +
		`<c r="F1"><f>1+1</f></c><c r="G1"><f>1+1</f><v></v></c><c r="H1" t="str"><f>A1</f><v></v></c><c r="I1"><f>1+1</f><v>2</v></c></row>` +
		`<row r="2" hidden="1"><c r="A2" s="3"/><c r="B2" s="4"/><c r="C2" s="5"/><c r="D2" s="6"/><c r="E2" s="7"/><c r="F2" s="8"/></row></sheetData><mergeCells><mergeCell ref="A3:C4"/></mergeCells>`)
	fill := func(c string) string {
		return `<fill><patternFill patternType="solid"><fgColor ` + c + `/><bgColor indexed="64"/></patternFill></fill>`
	}
	p.legando("styles", "styles.xml", `<styleSheet `+spazioMain+`><numFmts><numFmt numFmtId="164" formatCode="d mmm yyyy"/></numFmts><fills><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>`+
		fill(`rgb="ff00B050"`)+fill(`theme="4"`)+fill(`theme="4" tint="0.5999938962981048"`)+fill(`indexed="13"`)+fill(`theme="0"`)+`<fill><patternFill patternType="solid"/></fill>`+
		`</fills><cellXfs><xf/><xf numFmtId="9"/><xf numFmtId="164"/><xf fillId="2"/><xf fillId="3"/><xf fillId="4"/><xf fillId="5"/><xf fillId="6"/><xf fillId="7"/></cellXfs></styleSheet>`)
	p["xl/workbook.xml"] = strings.Replace(p["xl/workbook.xml"], "</workbook>", `<definedNames><definedName name="_scadenzario_modulo">"v1 2021-07-12T08:00:00Z"</definedName><definedName name="Altro" localSheetId="0">F!$A$1</definedName></definedNames></workbook>`, 1)
	p["_rels/.rels"] = strings.Replace(p["_rels/.rels"], "</Relationships>", `<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`, 1)
	p["docProps/core.xml"] = `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dcterms="http://purl.org/dc/terms/"><dcterms:modified>2021-07-12T08:00:00Z</dcterms:modified></cp:coreProperties>`
	p["xl/worksheets/_rels/sheet1.xml.rels"] = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + radice + `/comments" Target="../comments1.xml"/></Relationships>`
	p["xl/comments1.xml"] = `<comments ` + spazioMain + `><authors><author>x</author></authors><commentList><comment ref="B1" authorId="0"><text><r><t>da </t></r><r><t>verificare</t></r></text></comment></commentList></comments>`
	c, err := sheet.Apri(p.zip(t))
	if err != nil {
		t.Fatal(err)
	}
	f := c.Fogli[0]
	var got []string
	for _, x := range f.Celle() {
		got = append(got, fmt.Sprintf("%s %s %d %v %s", sheet.Indirizzo(x.Riga, x.Colonna), x.Testo, x.Tipo, x.Formula, x.Riempimento))
	}
	want := []string{"A1 88% 2 false ", "B1 2021-12-31 3 false ", "C1 SI 4 false ", "D1 #N/A 5 false ", "E1 2021-12-31 3 false ",
		"F1  6 true ", "G1  6 true ", "I1 2 1 true ", "A2  0 false 00B050", "B2  0 false 4472C4", "C2  0 false B4C7E7", "D2  0 false FFFF00", "F2  0 false 000000"}
	if a, b := strings.Join(got, "\n"), strings.Join(want, "\n"); a != b {
		t.Errorf("got\n%s\nwant\n%s", a, b)
	}
	if c.Modificata.Format(time.RFC3339) != "2021-07-12T08:00:00Z" || len(c.Nomi) != 1 || c.Nomi["_scadenzario_modulo"] != `"v1 2021-07-12T08:00:00Z"` {
		t.Error(c.Modificata, c.Nomi)
	}
	if got := fmt.Sprint(f.RigheNascoste, f.ColonneNascoste, f.Commenti, f.Unioni); got != "[{2 2}] [{2 3}] [{1 2 da verificare}] [{3 1 4 3}]" {
		t.Error(got)
	}
}

// Any bytes have an answer, and what is read twice reads the same.
func FuzzApri(f *testing.F) {
	f.Add(minima(`<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>ciao</t></is></c><c r="B1" s="0"><f>1</f><v>12.5</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells>`).zip(f))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, b []byte) {
		uno, err := sheet.Apri(b)
		if err != nil {
			if !errors.Is(err, sheet.ErrIlleggibile) && !errors.Is(err, sheet.ErrProtetto) {
				t.Errorf("an error of another kind: %v", err)
			}
			return
		}
		if due, err := sheet.Apri(b); err != nil || stampa(due) != stampa(uno) {
			t.Errorf("read otherwise the second time: %v", err)
		}
	})
}

// The XML of a sheet, without the zip around it that hides it from the fuzzer.
func FuzzFoglio(f *testing.F) {
	f.Add(`<sheetData><row r="1"><c r="A1" t="inlineStr"><is><r><t>ci</t></r><t>ao</t></is></c><c r="B1" s="0"><f>1</f><v>12.5</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells>`)
	f.Add(`<sheetData><row hidden="1"><c t="b"><v>1</v></c><c t="d"><v>2021-12-31</v></c><c t="e"><v>#REF!</v></c></row></sheetData>`)
	f.Fuzz(func(t *testing.T, foglio string) {
		c, err := sheet.Apri(minima(foglio).zip(t))
		if err != nil {
			return
		}
		importer.LeggiCartella(c)
	})
}

// How many follow, as an element says, is nothing to rely on.
func TestCountsThatLie(t *testing.T) {
	for _, conto := range []string{``, `count="0" uniqueCount="0"`, `count="1" uniqueCount="1"`, `count="x" uniqueCount="-1"`, `count="16000000" uniqueCount="16000000"`, `count="99999999999999999999" uniqueCount=""`} {
		p := minima(`<sheetData><row r="1"><c r="A1" t="s"><v>1</v></c></row></sheetData><mergeCells `+conto+`><mergeCell ref="A1:B1"/><mergeCell ref="A2:B2"/></mergeCells><mergeCells `+conto+`><mergeCell ref="A3:B3"/></mergeCells>`).
			legando("sharedStrings", "sharedStrings.xml", `<sst `+spazioMain+` `+conto+`><si><t>no</t></si><si><t>ciao</t></si></sst>`)
		c, err := sheet.Apri(p.zip(t))
		if err != nil || len(c.Fogli[0].Unioni) != 3 || c.Fogli[0].Cella(1, 1).Testo != "ciao" {
			t.Errorf("%s: %v %+v", conto, err, c)
		}
	}
}
