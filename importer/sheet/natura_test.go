package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

// leggiProva returns a file of testdata.
func leggiProva(t testing.TB, nome string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", filepath.FromSlash(nome)))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// zipCon makes an archive of names and texts, in pairs.
func zipCon(t testing.TB, parti ...string) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for i := 0; i < len(parti); i += 2 {
		f, err := w.Create(parti[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, parti[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// comeUTF16 writes a text as Excel's "Unicode text" does.
func comeUTF16(s string, ordine binary.ByteOrder) []byte {
	b := ordine.(binary.AppendByteOrder).AppendUint16(nil, 0xFEFF)
	for _, u := range utf16.Encode([]rune(s)) {
		b = ordine.(binary.AppendByteOrder).AppendUint16(b, u)
	}
	return b
}

// What offices send by mistake, told from the bytes.
func TestWhatAFileIs(t *testing.T) {
	odf := "application/vnd.oasis.opendocument."
	sia := leggiProva(t, "../../testdata/file/sia.xls")
	for _, c := range []struct {
		storia    string
		contenuto []byte
		want      Natura
	}{
		{"nothing", nil, Vuota},
		{"a copy cut before its first byte", make([]byte, 5000), Azzerata},
		{"an old workbook in small sectors", leggiProva(t, "natura/vecchio.xls"), Xls},
		{"an old workbook of an office", sia, Xls},
		{"an old workbook with a password", leggiProva(t, "natura/cifrato.xls"), XlsCifrata},
		{"an old workbook without its OLE file", []byte("\x09\x08\x10\x00\x00\x06\x05\x00"), Xls},
		{"half of an old workbook", sia[:2000], Sconosciuta},
		{"an old letter", leggiProva(t, "natura/lettera.doc"), Word},
		{"a workbook in the modern format", zipCon(t, "[Content_Types].xml", "", "xl/workbook.xml", "<workbook/>"), Xlsx},
		{"the same with other slashes", zipCon(t, `xl\workbook.xml`, "<workbook/>"), Xlsx},
		{"a binary workbook", zipCon(t, "[Content_Types].xml", "", "xl/workbook.bin", ""), Xlsb},
		{"a letter", zipCon(t, "[Content_Types].xml", "", "word/document.xml", ""), Word},
		{"slides", zipCon(t, "[Content_Types].xml", "", "ppt/presentation.xml", ""), Presentazione},
		{"an OpenDocument sheet", zipCon(t, "mimetype", odf+"spreadsheet"), Ods},
		{"an OpenDocument sheet's template", zipCon(t, "mimetype", odf+"spreadsheet-template"), Ods},
		{"an OpenDocument letter", zipCon(t, "mimetype", odf+"text"), Word},
		{"OpenDocument slides", zipCon(t, "mimetype", odf+"presentation"), Presentazione},
		{"an OpenDocument drawing", zipCon(t, "mimetype", odf+"graphics"), Disegno},
		{"an e-book", zipCon(t, "mimetype", "application/epub+zip"), Archivio},
		{"Apple's sheet", zipCon(t, "Index/Document.iwa", "", "preview.jpg", ""), Numbers},
		{"workbooks in an archive", zipCon(t, "piano/suap.xlsx", "", "leggimi.txt", "ciao"), Pacco},
		{"an archive", zipCon(t, "leggimi.txt", "ciao"), Archivio},
		{"the beginning of a zip", zipCon(t, "xl/workbook.xml", "<workbook/>")[:60], ZipTronco},
		{"an archive of another kind", []byte("Rar!\x1a\x07\x01\x00"), Archivio},
		{"a PDF", []byte("%PDF-1.7\n1 0 obj"), PDF},
		{"a PDF behind a print job's header", []byte("\x1b%-12345X@PJL\n%PDF-1.4\n"), PDF},
		{"a page", []byte("\xef\xbb\xbf\r\n <!DOCTYPE html><html><body>"), HTML},
		{"a portal's table", []byte("<table border=1><tr><td>OBIETTIVO N. 1/3</td></tr></table>"), HTML},
		{"a table saved as UTF-16", comeUTF16("<html><table></table></html>", binary.LittleEndian), HTML},
		{"a page saved by Excel in one file", []byte("MIME-Version: 1.0\nX-Document-Type: Workbook\nContent-Type: multipart/related; boundary=x"), PaginaWeb},
		{"XML 2003", []byte(`<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">`), FoglioXML},
		{"a flat OpenDocument sheet", []byte(`<?xml version="1.0"?><office:document office:mimetype="application/vnd.oasis.opendocument.spreadsheet">`), FoglioXML},
		{"CSV", []byte("OBIETTIVO N. 1/3;Titolo\r\n"), Testuale},
		{"CSV in Windows-1252", []byte("Attivit\xe0;Priorit\xe0\r\n"), Testuale},
		{"text in UTF-16", comeUTF16("Attività\tPeso", binary.BigEndian), Testuale},
		{"a letter in RTF", []byte(`{\rtf1\ansi`), Word},
		{"a scan", []byte("\xff\xd8\xff\xe0\x00\x10JFIF"), Immagine},
		{"a picture of a phone", []byte("\x00\x00\x00\x18ftypheic"), Immagine},
		{"a signed file", []byte("\x30\x82\x2b\x11\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x82"), Firmata},
		{"a signed file in letters", []byte("-----BEGIN PKCS7-----\nMIIJ"), Firmata},
		{"a mail message", []byte("Received: from posta.ente.example\r\nSubject: piano\r\n"), Messaggio},
		{"a link to a shared sheet", []byte(`{"url": "https://docs.google.com/open?id=1", "doc_id": "1"}`), Collegamento},
		{"a link to a folder", []byte("L\x00\x00\x00\x01\x14\x02\x00\x00"), Collegamento},
		{"anything else", []byte("\x00\x01\x02\x03 altro"), Sconosciuta},
	} {
		t.Run(c.storia, func(t *testing.T) {
			if got := Riconosci(c.contenuto); got != c.want {
				t.Errorf("%d, want %d", got, c.want)
			}
		})
	}
}

// oleCon makes an OLE file of 512-byte sectors with empty streams of these names in
// the root, each the right sibling of the one before; below, the names in a folder.
func oleCon(radice []string, sotto ...string) []byte {
	settori := 2 + (len(radice)+len(sotto)+2+3)/4
	b := make([]byte, 512*settori)
	copy(b, firmaOLE)
	binary.LittleEndian.PutUint16(b[30:], 9)
	binary.LittleEndian.PutUint32(b[48:], 1) // the directory
	binary.LittleEndian.PutUint32(b[56:], 4096)
	for _, da := range []int{60, 68} {
		binary.LittleEndian.PutUint32(b[da:], 0xFFFFFFFE)
	}
	for i := range 109 {
		binary.LittleEndian.PutUint32(b[76+4*i:], 0xFFFFFFFF)
	}
	binary.LittleEndian.PutUint32(b[76:], 0)
	for i := range 128 { // the directory's chain
		n := uint32(i + 1)
		if i == 0 || i >= settori-2 {
			n = 0xFFFFFFFE
		}
		binary.LittleEndian.PutUint32(b[512+4*i:], n)
	}
	voce := func(i int, nome string, tipo byte, destra, figlio int) {
		v := b[1024+128*i:]
		for j, u := range utf16.Encode([]rune(nome)) {
			binary.LittleEndian.PutUint16(v[2*j:], u)
		}
		binary.LittleEndian.PutUint16(v[64:], uint16(2*len(nome)+2))
		v[66] = tipo
		binary.LittleEndian.PutUint32(v[68:], 0xFFFFFFFF)
		binary.LittleEndian.PutUint32(v[72:], uint32(destra))
		binary.LittleEndian.PutUint32(v[76:], uint32(figlio))
		binary.LittleEndian.PutUint32(v[116:], 0xFFFFFFFE)
	}
	voce(0, "Root Entry", 5, -1, 1)
	tutti := append(append(append([]string{}, radice...), "Cartella"), sotto...)
	for i, nome := range tutti {
		destra, tipo, figlio := i+2, byte(2), -1
		if i == len(radice) || i == len(tutti)-1 {
			destra = -1
		}
		if i == len(radice) {
			tipo, figlio = 1, i+2
		}
		voce(i+1, nome, tipo, destra, figlio)
	}
	return b
}

func TestOLEFilesByTheirDirectory(t *testing.T) {
	for _, c := range []struct {
		contenuto []byte
		want      Natura
	}{
		{oleCon([]string{"EncryptionInfo", "EncryptedPackage"}), Protetta},
		{oleCon([]string{"\x06DataSpaces"}), Protetta},
		{oleCon([]string{"Book"}), Xls},
		{oleCon([]string{"SummaryInformation", "a", "b", "c", "Workbook"}), Xls},
		{oleCon([]string{"WordDocument"}, "Workbook"), Word},
		{oleCon([]string{"Workbook"}, "WordDocument"), Xls},
		{oleCon([]string{"PowerPoint Document"}, "EncryptedPackage"), Presentazione},
		{oleCon([]string{"VisioDocument"}), Disegno},
		{oleCon([]string{"__properties_version1.0"}, "Workbook"), Messaggio},
		{oleCon([]string{"Contents"}), Sconosciuta},
		{append([]byte(firmaOLE), inUTF16("EncryptedPackage")...), Protetta},
		{append([]byte(firmaOLE), " Workbook"...), Sconosciuta},
	} {
		if got := Riconosci(c.contenuto); got != c.want {
			t.Errorf("%d, want %d", got, c.want)
		}
	}
}

// Chains that bite their tail, sizes and places outside the file: an answer, and soon.
func TestHostileOLEFiles(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	grande := append(leggiProva(t, "../../testdata/file/sia.xls"), make([]byte, 1<<20)...)
	for da := 24; da < 512; da += 4 { // each number of the header, forged
		for _, n := range []uint32{0, 7, 0x7FFFFFFF, 0xFFFFFFFF} {
			b := bytes.Clone(grande)
			binary.LittleEndian.PutUint32(b[da:], n)
			Riconosci(b)
		}
	}
	for _, originale := range [][]byte{leggiProva(t, "natura/vecchio.xls"), leggiProva(t, "natura/cifrato.xls"), oleCon([]string{"Workbook"})} {
		for range 2000 {
			b := bytes.Clone(originale)
			for range 1 + r.IntN(6) {
				binary.LittleEndian.PutUint32(b[4*r.IntN(len(b)/4-1):], uint32(r.IntN(40)))
			}
			Riconosci(b[:1+r.IntN(len(b))])
		}
	}
}

func FuzzRiconosci(f *testing.F) {
	for _, nome := range []string{"natura/vecchio.xls", "natura/cifrato.xls", "natura/lettera.doc"} {
		f.Add(leggiProva(f, nome))
	}
	f.Add(zipCon(f, "mimetype", "application/vnd.oasis.opendocument.text"))
	f.Add([]byte("<html>" + strings.Repeat(" ", 20)))
	f.Fuzz(func(_ *testing.T, contenuto []byte) { Riconosci(contenuto) })
}
