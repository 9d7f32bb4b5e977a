package annota_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scadenzario/scadenzario/importer"
	"github.com/scadenzario/scadenzario/importer/annota"
	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

func annotatoODS(t testing.TB, contenuto []byte, rilievi []piano.Rilievo) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := annota.ScriviODS(&buf, "prova.ods", contenuto, rilievi); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// parti unpacks an archive; the order of its names first.
func parti(t testing.TB, b []byte) (nomi []string, per map[string]string) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	per = map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		testo, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		nomi, per[f.Name] = append(nomi, f.Name), string(testo)
	}
	if z.File[0].Name != "mimetype" || z.File[0].Method != zip.Store {
		t.Errorf("the archive begins with %s, method %d", z.File[0].Name, z.File[0].Method)
	}
	return nomi, per
}

// nostriCommenti lists where our comments are, as "sheet!A1".
func nostriCommenti(t testing.TB, b []byte) map[string]int {
	t.Helper()
	c, err := sheet.Apri(b)
	if err != nil {
		t.Fatal(err)
	}
	dove := map[string]int{}
	for _, f := range c.Fogli {
		for _, x := range f.Commenti {
			if strings.HasPrefix(x.Testo, "Scadenzario – ") {
				dove[f.Nome+"!"+sheet.Indirizzo(x.Riga, x.Colonna)]++
			}
		}
	}
	return dove
}

// controllaODS wants the annotated file to be read as the original, with one comment and
// one border at each finding's cell and one list.
func controllaODS(t testing.TB, storia string, originale, altro []byte, rilievi []piano.Rilievo) {
	t.Helper()
	celle := map[string]int{}
	for _, r := range rilievi {
		if r.Cella != "" {
			celle[r.Foglio+"!"+r.Cella] = 1
		}
	}
	if d := cmp.Diff(celle, nostriCommenti(t, altro)); d != "" {
		t.Errorf("%s: comments (-want +got)\n%s", storia, d)
	}
	_, per := parti(t, altro)
	if n := strings.Count(per["content.xml"], "N(&#34;scadenzario&#34;)=0") + strings.Count(per["content.xml"], "N(&quot;scadenzario&quot;)=0"); n != len(celle) && !strings.HasSuffix(storia, "LibreOffice") {
		t.Errorf("%s: %d borders for %d cells", storia, n, len(celle))
	}
	c, err := sheet.Apri(altro)
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range c.Fogli {
		if nostro := strings.HasPrefix(f.Cella(1, 1).Testo, importer.TitoloEsito); nostro != (i == 0) {
			t.Errorf("%s: sheet %d is %s", storia, i+1, f.Nome)
		}
	}
	if d := cmp.Diff(come(t, originale), come(t, altro)); d != "" {
		t.Errorf("%s: cells (-original +annotated)\n%s", storia, d)
	}
}

// odsDelPiano is the one sample that stands in testdata as LibreOffice saved it.
const odsDelPiano = "../testdata/file/suap.ods"

// An .ods comes back as it was, with its findings marked; annotated again it is the same
// byte for byte; what is not ours is copied.
func TestAnODSComesBackAnnotated(t *testing.T) {
	b, err := os.ReadFile(odsDelPiano)
	if err != nil {
		t.Fatal(err)
	}
	l := importer.Leggi("prova.ods", b)
	if len(l.Rilievi) < 3 {
		t.Fatalf("%+v", l.Rilievi)
	}
	una := annotatoODS(t, b, l.Rilievi)
	controllaODS(t, "once", b, una, l.Rilievi)
	if d := cmp.Diff(l, importer.Leggi("prova.ods", una)); d != "" {
		t.Errorf("(-original +annotated)\n%s", d)
	}
	if due := annotatoODS(t, una, l.Rilievi); !bytes.Equal(una, due) {
		t.Error("annotated twice it is another file")
	}
	// when all is corrected nothing of ours is left but the list
	niente := annotatoODS(t, una, nil)
	controllaODS(t, "corrected", b, niente, nil)
	nomi, prima := parti(t, b)
	altri, dopo := parti(t, una)
	if d := cmp.Diff(nomi, altri); d != "" {
		t.Error(d)
	}
	for nome, testo := range prima {
		if nome != "content.xml" && nome != "styles.xml" && nome != "settings.xml" && dopo[nome] != testo {
			t.Errorf("%s is other bytes", nome)
		}
	}
	_, vuoto := parti(t, niente)
	if strings.Contains(vuoto["styles.xml"], "ScadenzarioBordo") || strings.Contains(vuoto["content.xml"], "conditional-format") {
		t.Error("old borders are left behind")
	}
}

// The samples, saved as .ods by LibreOffice, annotated, opened and saved by LibreOffice
// again as an office does, and annotated anew.
func TestAnAnnotatedODSSurvivesLibreOffice(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed: nobody to open the copy")
	}
	dir := t.TempDir()
	converti := func(a string, file ...string) {
		t.Helper()
		detto, err := exec.Command(soffice, append([]string{"-env:UserInstallation=file://" + filepath.ToSlash(filepath.Join(dir, "profilo")), "--headless", "--norestore",
			"--convert-to", "ods", "--outdir", filepath.Join(dir, a)}, file...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, detto)
		}
	}
	var originali, annotati []string
	for _, nome := range []string{"stato-2021-12-31", "piano-2021"} {
		file, err := filepath.Glob(campioni + nome + "/*.xlsx")
		if err != nil || len(file) != 8 {
			t.Fatal(file, err)
		}
		for _, f := range file {
			copia := filepath.Join(dir, nome+"_"+filepath.Base(f))
			if err := os.WriteFile(copia, leggi(t, nome+"/"+filepath.Base(f)), 0o600); err != nil {
				t.Fatal(err)
			}
			originali = append(originali, copia)
		}
	}
	converti("uno", originali...)
	letti := map[string][]byte{}
	for _, f := range originali {
		nome := strings.TrimSuffix(filepath.Base(f), ".xlsx") + ".ods"
		b, err := os.ReadFile(filepath.Join(dir, "uno", nome))
		if err != nil {
			t.Fatal(err)
		}
		letti[nome] = b
		l := importer.Leggi("prova.ods", b)
		una := annotatoODS(t, b, l.Rilievi)
		controllaODS(t, nome, b, una, l.Rilievi)
		if d := cmp.Diff(l, importer.Leggi("prova.ods", una)); d != "" {
			t.Errorf("%s: (-original +annotated)\n%s", nome, d)
		}
		annotati = append(annotati, filepath.Join(dir, nome))
		if err := os.WriteFile(filepath.Join(dir, nome), una, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	converti("due", annotati...)
	for nome, b := range letti {
		salvato, err := os.ReadFile(filepath.Join(dir, "due", nome))
		if err != nil {
			t.Fatal(err)
		}
		l := importer.Leggi("prova.ods", b)
		controllaODS(t, nome+" saved by LibreOffice", b, salvato, l.Rilievi)
		controllaODS(t, nome+" annotated again", b, annotatoODS(t, salvato, l.Rilievi), l.Rilievi)
		controllaODS(t, nome+" corrected", b, annotatoODS(t, salvato, nil), nil)
	}
}

// What is the office's stays: formulas, comments, conditions, pictures, macros, an ESITO
// of its own. The signature goes: a copy with our marks is not what was signed.
func TestWhatIsTheOfficesStaysInAnODS(t *testing.T) {
	const ufficio = `<office:annotation><dc:creator>Ufficio</dc:creator><text:p>da chiarire</text:p></office:annotation>`
	b := zipODS(t, map[string]string{
		"content.xml": documento(`<table:table table:name="ESITO"><table:table-row><table:table-cell office:value-type="string"><text:p>Esito delle gare</text:p></table:table-cell></table:table-row></table:table>` +
			`<table:table table:name="L'obiettivo"><table:table-row><table:table-cell table:formula="of:=SUM(1;2)" office:value-type="float" office:value="3">` + ufficio + `<text:p>3</text:p></table:table-cell>` +
			`<table:table-cell office:value-type="string"><text:p>x</text:p><draw:frame xmlns:draw="urn:d"><draw:image/></draw:frame></table:table-cell></table:table-row>` +
			`<calcext:conditional-formats><calcext:conditional-format calcext:target-range-address="'L''obiettivo'.A1"><calcext:condition calcext:apply-style-name="Buono" calcext:value="=1"/></calcext:conditional-format></calcext:conditional-formats></table:table>`),
		"styles.xml": stiliVuoti, "Basic/Standard/Module1.xml": "<m/>", "Pictures/1.png": "\x89PNG", "META-INF/documentsignatures.xml": "<d/>", "META-INF/macrosignatures.xml": "<d/>",
	})
	rilievi := []piano.Rilievo{{Gravita: piano.Errore, Foglio: "L'obiettivo", Cella: "A1", Messaggio: "uno"}, {Gravita: piano.Avviso, Foglio: "L'obiettivo", Cella: "B1", Messaggio: "due"},
		{Gravita: piano.Errore, Foglio: "L'obiettivo", Cella: "B1", Messaggio: "tre"}, {Gravita: piano.Errore, Foglio: "ESITO", Cella: "A1", Messaggio: "quattro"}}
	una := annotatoODS(t, b, rilievi)
	due := annotatoODS(t, una, rilievi)
	if !bytes.Equal(una, due) {
		t.Error("annotated twice it is another file")
	}
	if d := cmp.Diff(map[string]int{"L'obiettivo!B1": 1, "ESITO!A1": 1}, nostriCommenti(t, due)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(come(t, b), come(t, due)); d != "" {
		t.Error(d)
	}
	_, per := parti(t, due)
	contenuto := per["content.xml"]
	for _, s := range []string{ufficio, `table:formula="of:=SUM(1;2)"`, `calcext:apply-style-name="Buono" calcext:value="=1"`, `table:name="ESITO (2)"`, `xlink:href="#&#39;L&#39;&#39;obiettivo&#39;.A1"`, "<draw:image/>",
		"Scadenzario – da verificare</text:p><text:p>due</text:p><text:p></text:p><text:p>Scadenzario – da correggere</text:p><text:p>tre"} {
		if strings.Count(contenuto, s) != 1 {
			t.Errorf("%d times %s in\n%s", strings.Count(contenuto, s), s, contenuto)
		}
	}
	if per["Basic/Standard/Module1.xml"] != "<m/>" || per["Pictures/1.png"] != "\x89PNG" || per["META-INF/macrosignatures.xml"] != "<d/>" {
		t.Error("macros or pictures are gone")
	}
	if _, c := per["META-INF/documentsignatures.xml"]; c {
		t.Error("signed, and changed")
	}
}

// Some hundred workbooks of any build: repeated rows and cells, merged ones, groups,
// styles of rows and columns, comments of the office, other prefixes.
func TestGeneratedODSAreReadAsBefore(t *testing.T) {
	for seme := range uint64(300) {
		caso := rand.New(rand.NewPCG(seme, 7))
		b := zipODS(t, map[string]string{"content.xml": generato(caso), "styles.xml": stiliVuoti})
		var rilievi []piano.Rilievo
		for range caso.IntN(12) {
			rilievi = append(rilievi, piano.Rilievo{Gravita: []piano.Gravita{piano.Errore, piano.Avviso}[caso.IntN(2)], Foglio: fmt.Sprint("Foglio '", caso.IntN(3), "' & <b>"),
				Cella: sheet.Indirizzo(1+caso.IntN(30), 1+caso.IntN(12)), Messaggio: "<text:p>&\"'\x00\u202e =1+1"})
		}
		una := annotatoODS(t, b, rilievi)
		if due := annotatoODS(t, una, rilievi); !bytes.Equal(una, due) {
			t.Errorf("%d: annotated twice it is another file", seme)
		}
		pulito := annotatoODS(t, una, nil)
		for storia, altro := range map[string][]byte{"annotated": una, "cleaned": pulito} {
			if d := cmp.Diff(come(t, b), come(t, altro)); d != "" {
				t.Fatalf("%d %s: (-original +annotated)\n%s", seme, storia, d)
			}
		}
		if n := nostriCommenti(t, pulito); len(n) > 0 {
			t.Errorf("%d: left behind %v", seme, n)
		}
		trovati := nostriCommenti(t, una)
		for _, r := range rilievi {
			if conTesto(t, b, r.Foglio, r.Cella) && trovati[r.Foglio+"!"+r.Cella] != 1 {
				t.Errorf("%d: %d comments at %s!%s", seme, trovati[r.Foglio+"!"+r.Cella], r.Foglio, r.Cella)
			}
		}
		for dove, n := range trovati {
			foglio, cella, _ := strings.Cut(dove, "!")
			if !detto(rilievi, foglio, cella) || n != 1 {
				t.Errorf("%d: %d comments at %s", seme, n, dove)
			}
		}
	}
}

func detto(rilievi []piano.Rilievo, foglio, cella string) bool {
	for _, r := range rilievi {
		if r.Foglio == foglio && r.Cella == cella {
			return true
		}
	}
	return false
}

// conTesto tells whether a cell holds a text, is covered by no other and has no comment
// of the office.
func conTesto(t *testing.T, b []byte, foglio, cella string) bool {
	t.Helper()
	c, err := sheet.Apri(b)
	if err != nil {
		t.Fatal(err)
	}
	riga, colonna, _ := sheet.DaIndirizzo(cella)
	for i := range c.Fogli {
		x := c.Fogli[i].Cella(riga, colonna)
		if c.Fogli[i].Nome == foglio {
			return x.Testo != "" && x.Testo != "con commento" && x.Riga == riga && x.Colonna == colonna
		}
	}
	return false
}

// generato is a content.xml of three sheets.
func generato(caso *rand.Rand) string {
	var b strings.Builder
	for n := range 3 {
		fmt.Fprintf(&b, "<table:table table:name=\"Foglio '%d' &amp; &lt;b>\">\n", n)
		stile := caso.IntN(3) // one: the reader gives a repeated cell the style of its first column
		fmt.Fprintf(&b, `<table:table-column table:number-columns-repeated="60" table:default-cell-style-name="ce%d"/>`, stile)
		aperti := 0
		for range 1 + caso.IntN(12) {
			switch caso.IntN(8) {
			case 0:
				b.WriteString("<table:table-row-group>")
				aperti++
			case 1:
				if aperti > 0 {
					b.WriteString("</table:table-row-group>")
					aperti--
				}
			}
			b.WriteString(rigaGenerata(caso))
		}
		b.WriteString(strings.Repeat("</table:table-row-group>", aperti) + "</table:table>")
	}
	testo := documento(b.String())
	if caso.IntN(4) == 0 { // other names for the namespaces
		for _, p := range []string{"table", "office", "text", "style"} {
			testo = strings.NewReplacer("<"+p+":", "<x"+p+":", "</"+p+":", "</x"+p+":", " "+p+":", " x"+p+":", "xmlns:"+p+"=", "xmlns:x"+p+"=").Replace(testo)
		}
	}
	return testo
}

func rigaGenerata(caso *rand.Rand) string {
	var b strings.Builder
	attr := ""
	if caso.IntN(3) == 0 {
		attr += fmt.Sprintf(` table:number-rows-repeated='%d'`, 2+caso.IntN(6))
	}
	if caso.IntN(3) == 0 {
		attr += ` table:default-cell-style-name="ce1"`
	}
	if caso.IntN(10) == 0 {
		return "<table:table-row" + attr + "/>"
	}
	b.WriteString("<table:table-row" + attr + " >")
	for range caso.IntN(8) {
		attr := ""
		if caso.IntN(2) == 0 {
			attr += fmt.Sprintf(` table:style-name="ce%d"`, caso.IntN(4))
		}
		switch caso.IntN(6) {
		case 0:
			fmt.Fprintf(&b, `<table:table-cell%s table:number-columns-repeated = "%d" />`, attr, 1+caso.IntN(5))
		case 1:
			fmt.Fprintf(&b, `<table:table-cell%s table:number-columns-repeated="%d" office:value-type="string"><text:p>ripetuta &gt; '3'</text:p></table:table-cell>`, attr, 1+caso.IntN(5))
		case 2:
			n := 2 + caso.IntN(2)
			fmt.Fprintf(&b, `<table:table-cell%s table:number-columns-spanned="%d" table:number-rows-spanned="1" office:value-type="float" office:value="12"><text:p>12</text:p></table:table-cell><table:covered-table-cell table:number-columns-repeated="%d"/>`, attr, n, n-1)
		case 3:
			b.WriteString("\n <table:table-cell" + attr + ` office:value-type="string"><office:annotation><text:p>dell'ufficio</text:p></office:annotation><text:p>con <text:s/>commento</text:p></table:table-cell>`)
		case 4:
			b.WriteString(`<table:table-cell` + attr + ` table:formula="of:=&quot; table:number-columns-repeated='9' &quot;" office:value-type="string" office:string-value="f"/>`)
		default:
			b.WriteString(`<table:table-cell` + attr + ` office:value-type="percentage" office:value="0.8"><text:p>80%</text:p></table:table-cell>`)
		}
	}
	b.WriteString("</table:table-row>")
	return b.String()
}

const spaziODS = `xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" ` +
	`xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" ` +
	`xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"`

const stiliVuoti = `<?xml version="1.0" encoding="UTF-8"?><office:document-styles ` + spaziODS + `><office:styles/><office:automatic-styles></office:automatic-styles><office:master-styles/></office:document-styles>`

// documento is a content.xml with those sheets and three styles of cells.
func documento(fogli string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><office:document-content ` + spaziODS + `><office:automatic-styles><style:style style:name="ce0" style:family="table-cell"/>` +
		`<style:style style:name="ce1" style:family="table-cell" style:parent-style-name="Default"><style:table-cell-properties fo:background-color="#ffcc00" fo:border-top="1pt solid #000000"/><style:text-properties fo:color="#123456"/></style:style>` +
		`<style:style style:name="ce2" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style></office:automatic-styles>` +
		`<office:body><office:spreadsheet>` + fogli + `</office:spreadsheet></office:body></office:document-content>`
}

func zipODS(t testing.TB, per map[string]string) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	scrivi := func(nome, testo string) {
		t.Helper()
		o, err := w.CreateHeader(&zip.FileHeader{Name: nome, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(o, testo); err != nil {
			t.Fatal(err)
		}
	}
	scrivi("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
	for _, nome := range []string{"META-INF/documentsignatures.xml", "META-INF/macrosignatures.xml", "Basic/Standard/Module1.xml", "Pictures/1.png", "styles.xml", "content.xml"} {
		if testo, c := per[nome]; c {
			scrivi(nome, testo)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}
