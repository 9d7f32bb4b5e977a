package sheet

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// entroMisura fails when reading takes over 5 seconds or asks for over 400 MB in all,
// garbage included: never more than 256 MB at a time, for lists grow by copies.
func entroMisura(t *testing.T, contenuto []byte) (Cartella, error) {
	t.Helper()
	var prima, dopo runtime.MemStats
	runtime.ReadMemStats(&prima)
	inizio := time.Now()
	c, err := Apri(contenuto)
	durata := time.Since(inizio)
	runtime.ReadMemStats(&dopo)
	if mega := (dopo.TotalAlloc - prima.TotalAlloc) >> 20; durata > 5*time.Second || mega > 400 {
		t.Errorf("%s and %d MB", durata, mega)
	}
	return c, err
}

// What is built to bring a reader down is refused, soon and in little memory.
func TestHostileODS(t *testing.T) {
	piena := `<table:table-cell office:value-type="float" office:value="1"/>`
	cella := func(attributi string) string { return strings.Replace(piena, "cell", "cell "+attributi, 1) }
	conTipo := func(parti ...string) []byte {
		return zipCon(t, append([]string{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, parti...)...)
	}
	fogli := func(n int) string {
		return strings.Repeat(`<table:table table:name="F">`+riga(piena)+`</table:table>`, n)
	}
	foglio := fogli(1)
	stili, unite := &strings.Builder{}, &strings.Builder{}
	for i := range limiteStili + 1 {
		fmt.Fprintf(stili, `<style:style style:name="s%d" style:family="table-cell"/>`, i)
	}
	for range limiteUnioni + 1 {
		unite.WriteString(riga(`<table:table-cell table:number-columns-spanned="2"/>`))
	}
	for _, c := range []struct {
		storia    string
		contenuto []byte
		want      error
	}{
		{"a number on every cell of a sheet", unODS(t, "", `<table:table-row table:number-rows-repeated="1048576">`+cella(`table:number-columns-repeated="16384"`)+`</table:table-row>`), ErrTroppoGrande},
		{"a number on every cell of a column", unODS(t, "", `<table:table-row table:number-rows-repeated="1048576">`+piena+`</table:table-row>`), ErrTroppoGrande},
		{"a number on every cell of a thousand rows", unODS(t, "", strings.Repeat(riga(cella(`table:number-columns-repeated="16384"`)), 1000)), ErrTroppoGrande},
		{"a number right of the sheet", unODS(t, "", riga(`<table:table-cell table:number-columns-repeated="16384"/>`+piena)), ErrTroppoGrande},
		{"a number below the sheet", unODS(t, "", `<table:table-row table:number-rows-repeated="1048576"/>`+riga(piena)), ErrTroppoGrande},
		{"rows repeated a number of times that is none", unODS(t, "", `<table:table-row table:number-rows-repeated="-1">`+piena+`</table:table-row>`), ErrDanneggiato},
		{"rows repeated no times", unODS(t, "", `<table:table-row table:number-rows-repeated="0">`+piena+`</table:table-row>`), ErrDanneggiato},
		{"cells repeated beyond any number", unODS(t, "", riga(cella(`table:number-columns-repeated="99999999999999999999"`))), ErrDanneggiato},
		{"merged to no end", unODS(t, "", riga(cella(`table:number-columns-spanned="x"`))), ErrDanneggiato},
		{"20,001 merged areas", unODS(t, "", unite.String()), ErrTroppoGrande},
		{"a merged area repeated on each row", unODS(t, "", `<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-spanned="2"/></table:table-row>`), ErrTroppoGrande},
		{"100,001 styles", unODS(t, stili.String(), riga(piena)), ErrTroppoGrande},
		{"257 sheets", conTipo("content.xml", contenutoODS("", fogli(257))), ErrTroppoGrande},
		{"20,001 names", conTipo("content.xml", contenutoODS("", foglio+`<table:named-expressions>`+nomiODS(limiteNomi+1)+`</table:named-expressions>`)), ErrTroppoGrande},
		{"a text of 300 KB in pieces", unODS(t, "", riga(`<table:table-cell><text:p>`+strings.Repeat(`abcde<text:s/>`, 50_000)+`</text:p></table:table-cell>`)), ErrTroppoGrande},
		{"a text of 300 KB in paragraphs", unODS(t, "", riga(`<table:table-cell>`+strings.Repeat(`<text:p>abcde</text:p>`, 50_000)+`</table:table-cell>`)), ErrTroppoGrande},
		{"a comment of 300 KB", unODS(t, "", riga(`<table:table-cell><office:annotation>`+strings.Repeat(`<text:p>abcde</text:p>`, 50_000)+`</office:annotation></table:table-cell>`)), ErrTroppoGrande},
		{"groups within groups", unODS(t, "", strings.Repeat(`<table:table-row-group>`, 70)+riga(piena)+strings.Repeat(`</table:table-row-group>`, 70)), ErrTroppoGrande},
		{"spans within spans", unODS(t, "", riga(`<table:table-cell><text:p>`+strings.Repeat(`<text:span>`, 70)+strings.Repeat(`</text:span>`, 70)+`</text:p></table:table-cell>`)), ErrTroppoGrande},
		{"blanks that unpack to 70 MB", zipGonfio(t, contenutoODS("", foglio), 70, "styles.xml"), ErrTroppoGrande},
		{"pictures that unpack to 180 MB", zipGonfio(t, contenutoODS("", foglio), 60, "Pictures/1.bmp", "Pictures/2.bmp", "Pictures/3.bmp"), ErrTroppoGrande},
		{"a DTD with entities", conTipo("content.xml", strings.Replace(contenutoODS("", foglio), "?>", `?><!DOCTYPE x [<!ENTITY a "aaaa">]>`, 1)), ErrDanneggiato},
		{"a DTD in the list of parts", conTipo("META-INF/manifest.xml", `<!DOCTYPE m [<!ENTITY a "aaaa">]><m xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>`, "content.xml", contenutoODS("", foglio)), ErrDanneggiato},
		{"a DTD that is merely named, before the sheets", conTipo("content.xml", strings.Replace(contenutoODS("", foglio), "?>", `?><!DOCTYPE x SYSTEM "http://ente.example/x.dtd">`, 1)), ErrDanneggiato},
		{"an entity that nobody declared", unODS(t, "", riga(`<table:table-cell><text:p>&a;</text:p></table:table-cell>`)), ErrDanneggiato},
		{"no content", conTipo("styles.xml", "<a/>"), ErrIlleggibile},
		{"a letter", zipCon(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", testaODS+`<office:body><office:text/></office:body></office:document-content>`), ErrIlleggibile},
		{"another root", conTipo("content.xml", `<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>`), ErrDanneggiato},
		{"two contents", conTipo("content.xml", contenutoODS("", foglio), "Content.xml", contenutoODS("", foglio)), ErrDanneggiato},
		{"a way out of the archive", conTipo("content.xml", contenutoODS("", foglio), "../content.xml", "x"), ErrDanneggiato},
		{"broken styles", conTipo("styles.xml", "<a>", "content.xml", contenutoODS("", foglio)), ErrDanneggiato},
		{"a broken part that nobody reads", conTipo("settings.xml", "<a>", "content.xml", contenutoODS("", foglio)), ErrDanneggiato},
		{"a day zero that is none", conTipo("content.xml", contenutoODS("", `<table:calculation-settings><table:null-date table:date-value="ieri"/></table:calculation-settings>`)), ErrDanneggiato},
		{"a style's name without its prefix declared", unODS(t, "", riga(`<table:table-cell loext:x="1"/>`)), ErrDanneggiato},
	} {
		t.Run(c.storia, func(t *testing.T) {
			if k, err := entroMisura(t, c.contenuto); !errors.Is(err, c.want) || !errors.Is(err, ErrIlleggibile) || k.Fogli != nil {
				t.Errorf("%v", err)
			}
		})
	}
}

func nomiODS(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `<table:named-range table:name="n%d"/>`, i)
	}
	return b.String()
}

// What is merely large, or odd, is read, within the same measure.
func TestLargeODS(t *testing.T) {
	vuote := strings.Repeat(riga(`<table:table-cell table:number-columns-repeated="16384"/>`), 150_000)
	colonne := strings.Repeat(`<table:table-column/>`, 150_000)
	for storia, righe := range map[string]string{"150,000 blank rows": vuote, "150,000 columns": colonne, "50,000 cells in column XFD": strings.Repeat(
		riga(`<table:table-cell table:number-columns-repeated="16383"/><table:table-cell office:value-type="float" office:value="1"/>`), 50_000)} {
		t.Run(storia, func(t *testing.T) {
			k, err := entroMisura(t, unODS(t, "", righe+riga(`<table:table-cell><text:p>fine</text:p></table:table-cell>`)))
			if err != nil {
				t.Fatal(err)
			}
			celle := k.Fogli[0].Celle()
			if celle[len(celle)-1].Testo != "fine" {
				t.Error(celle[len(celle)-1])
			}
		})
	}
}

// zipGonfio makes a workbook with further parts of so many MB of blanks each, packed
// by the megabyte.
func zipGonfio(t *testing.T, contenuto string, mega int, nomi ...string) []byte {
	t.Helper()
	var uno, tutto, buf bytes.Buffer
	f, err := flate.NewWriter(&uno, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	blocco := bytes.Repeat([]byte(" "), 1<<20)
	if _, err := f.Write(blocco); err != nil {
		t.Fatal(err)
	}
	if err := f.Flush(); err != nil {
		t.Fatal(err)
	}
	somma := crc32.NewIEEE()
	for range mega {
		tutto.Write(uno.Bytes())
		if _, err := somma.Write(blocco); err != nil {
			t.Fatal(err)
		}
	}
	tutto.WriteString("\x01\x00\x00\xff\xff") // the last block, empty
	w := zip.NewWriter(&buf)
	c, err := w.Create("content.xml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, contenuto); err != nil {
		t.Fatal(err)
	}
	for _, nome := range nomi {
		r, err := w.CreateRaw(&zip.FileHeader{Name: nome, Method: zip.Deflate, CRC32: somma.Sum32(),
			CompressedSize64: uint64(tutto.Len()), UncompressedSize64: uint64(mega) << 20})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Write(tutto.Bytes()); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// A part that is cut off anywhere is refused, though its size and checksum are right.
func TestCutODS(t *testing.T) {
	contenuto := contenutoODS(`<style:style style:name="a" style:family="table-cell"/>`, `<table:table table:name="F">`+
		riga(`<table:table-cell office:value-type="string"><text:p>OBIETTIVO <text:span>N. 1/3</text:span></text:p></table:table-cell>`)+`</table:table>`)
	for i := range len(contenuto) {
		if _, err := Apri(zipCon(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", contenuto[:i])); !errors.Is(err, ErrIlleggibile) {
			t.Fatalf("cut at %d of %d: %v", i, len(contenuto), err)
		}
	}
}

// A local header that claims a name beyond the end of the file.
func TestANameBeyondTheFile(t *testing.T) {
	b := unODS(t, "", riga(`<table:table-cell><text:p>a</text:p></table:table-cell>`))
	i := bytes.LastIndex(b, []byte("PK\x03\x04"))
	b[i+26], b[i+27] = 0xff, 0xff
	if _, err := Apri(b); !errors.Is(err, ErrDanneggiato) {
		t.Error(err)
	}
}

// prove is how many seeded trials a test makes: few in `make check`.
func prove() int {
	if os.Getenv("SCADENZARIO_PROVE") != "" {
		return 10_000
	}
	return 500
}

// A damaged workbook is refused, never read otherwise (RELIABILITY.md, invariant 4).
func TestDamagedODSIsNeverReadOtherwise(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, nome := range []string{"ods/forme.ods", "../../testdata/file/suap.ods"} {
		originale := leggiProva(t, nome)
		sano, err := Apri(originale)
		if err != nil {
			t.Fatal(err)
		}
		want, uguali, rifiutati := mostra(sano)+sano.Modificata.String(), 0, 0
		for i := range prove() / 2 {
			c, err := Apri(danneggia(r, originale))
			switch {
			case err != nil:
				rifiutati++
			case mostra(c)+c.Modificata.String() != want:
				t.Errorf("damage %d of %s is read otherwise", i, nome)
			default:
				uguali++
			}
		}
		t.Logf("%s: %d refused, %d the same", nome, rifiutati, uguali)
	}
}

// danneggia changes a file as disks and lines do: bytes, lost and repeated stretches,
// stretches of zeros, an end that is missing.
func danneggia(r *rand.Rand, originale []byte) []byte {
	b := bytes.Clone(originale)
	da := r.IntN(len(b))
	a := min(len(b), da+1+r.IntN(1+r.IntN(2000)))
	switch r.IntN(6) {
	case 0:
		b[da] ^= byte(1 << r.IntN(8))
	case 1:
		for range 1 + r.IntN(8) {
			b[r.IntN(len(b))] = byte(r.Uint32())
		}
	case 2:
		clear(b[da:a])
	case 3:
		b = append(b[:da], b[a:]...)
	case 4:
		b = append(b[:a:a], originale[da:]...)
	case 5:
		b = b[:da]
	}
	return b
}

func FuzzApriODS(f *testing.F) {
	for _, nome := range []string{"ods/forme.ods", "ods/cifrato.ods"} {
		f.Add(leggiProva(f, nome))
	}
	f.Fuzz(func(t *testing.T, contenuto []byte) {
		c, err := Apri(contenuto)
		if err != nil && !errors.Is(err, ErrIlleggibile) && !errors.Is(err, ErrProtetto) {
			t.Errorf("an error of no kind: %v", err)
		}
		for _, foglio := range c.Fogli {
			for _, x := range foglio.Celle() {
				if x.Riga < 1 || x.Colonna < 1 || x.Riga > ultimaRiga || x.Colonna > ultimaColonna || x.Testo != Piega(x.Testo) {
					t.Errorf("%+v", x)
				}
			}
		}
	})
}

// FuzzContenutoODS varies the XML itself, which FuzzApriODS seldom reaches through the
// checksums.
func FuzzContenutoODS(f *testing.F) {
	f.Add(contenutoODS(`<number:percentage-style style:name="P"/><style:style style:name="a" style:family="table-cell" style:data-style-name="P"><style:table-cell-properties fo:background-color="#00b050"/></style:style>`,
		`<table:table table:name="F"><table:table-column table:number-columns-repeated="3" table:default-cell-style-name="a"/>`+
			`<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2" office:value-type="percentage" office:value="0.3"><text:p>30<text:s/>%</text:p></table:table-cell></table:table-row>`+
			riga(`<table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="2" table:formula="of:=1/0"><office:annotation><text:p>n</text:p></office:annotation><text:p>#DIV/0!</text:p></table:table-cell><table:covered-table-cell/>`)+
			`</table:table><table:named-expressions><table:named-range table:name="n" table:cell-range-address="$F.$A$1"/></table:named-expressions>`))
	f.Add(contenutoODS("", `<table:table table:name="F">`+riga(`<table:table-cell office:value-type="date" office:date-value="2021-12-31T08:00:00"/><table:table-cell office:value-type="time" office:time-value="PT08H30M00S"/><table:table-cell office:value-type="boolean" office:boolean-value="true"/>`)+`</table:table>`))
	f.Fuzz(func(t *testing.T, contenuto string) {
		c, err := Apri(zipCon(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", contenuto))
		if err != nil && !errors.Is(err, ErrIlleggibile) {
			t.Errorf("an error of no kind: %v", err)
		}
		for _, foglio := range c.Fogli {
			for _, x := range foglio.Celle() {
				if x.Riga < 1 || x.Colonna < 1 || x.Riga > ultimaRiga || x.Colonna > ultimaColonna || x.Testo != Piega(x.Testo) {
					t.Errorf("%+v", x)
				}
			}
			foglio.Cella(1, 1)
		}
	})
}
