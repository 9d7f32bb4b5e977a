package sheet

import (
	"archive/zip"
	"bytes"
	"path"
	"strings"
	"unicode/utf8"
)

// Natura is what a file is, told from its bytes and never from its name: for the
// sentence that says to an office why its file cannot be read.
type Natura int

// What offices send, workbooks included.
const (
	Sconosciuta   Natura = iota
	Vuota                // no byte at all
	Azzerata             // only zero bytes: a copy that was cut while it was made
	Xlsx                 // Office Open XML workbook, with macros or without
	Ods                  // OpenDocument spreadsheet
	Xls                  // Excel 97-2003 and older, in an OLE file
	XlsCifrata           // the same with a FilePass record: its cells are encrypted
	Xlsb                 // Excel's binary workbook in a zip
	Protetta             // a workbook or document of Office, encrypted with a password
	FoglioXML            // "XML 2003" and flat OpenDocument spreadsheets
	Numbers              // Apple's spreadsheet
	PDF                  // a document or a scan
	HTML                 // a page, as many portals export with the name .xls
	PaginaWeb            // a web archive (.mht), as Excel saves it
	Testuale             // plain text or CSV
	Word                 // .docx, .doc, .odt, .rtf
	Presentazione        // .pptx, .ppt, .odp
	Disegno              // another OpenDocument or Office file: drawing, database, project
	Immagine             // a picture or a scan
	Firmata              // a CAdES envelope (.p7m) around the file
	Messaggio            // a mail message (.eml, .msg)
	Collegamento         // a link to a file and not the file
	Pacco                // an archive with workbooks inside
	Archivio             // any other archive
	ZipTronco            // the beginning of a zip: no end, so the sending was cut
)

// limiteAssaggio is how much of a file is looked at for its nature.
const limiteAssaggio = 4 << 10

// Riconosci tells what the bytes are. It reads a little of them and takes any.
func Riconosci(contenuto []byte) Natura {
	switch {
	case len(contenuto) == 0:
		return Vuota
	case bytes.HasPrefix(contenuto, firmaOLE):
		return naturaOLE(contenuto)
	case bytes.HasPrefix(contenuto, []byte("PK\x03\x04")) || bytes.HasPrefix(contenuto, []byte("PK\x05\x06")):
		return naturaZip(contenuto)
	case len(bytes.Trim(contenuto, "\x00")) == 0:
		return Azzerata
	}
	inizio := contenuto[:min(len(contenuto), limiteAssaggio)]
	for _, f := range firme {
		if bytes.HasPrefix(inizio[min(f.da, len(inizio)):], []byte(f.byte)) {
			return f.natura
		}
	}
	if i := bytes.Index(inizio, []byte("%PDF-")); 0 <= i && i < 1024 {
		return PDF
	}
	if inizio[0] == 0x30 && bytes.Contains(inizio[:min(64, len(inizio))], firmatoDER) {
		return Firmata
	}
	return naturaTesto(contenuto)
}

// firme are the first bytes of the formats that have some.
var firme = []struct {
	da     int
	byte   string
	natura Natura
}{
	{0, "\x89PNG\r\n", Immagine}, {0, "\xff\xd8\xff", Immagine}, {0, "GIF8", Immagine}, {0, "BM", Immagine},
	{0, "II*\x00", Immagine}, {0, "MM\x00*", Immagine}, {8, "WEBPVP8", Immagine}, {4, "ftypheic", Immagine}, {4, "ftypmif1", Immagine},
	{0, "Rar!\x1a\x07", Archivio}, {0, "7z\xbc\xaf\x27\x1c", Archivio}, {0, "\x1f\x8b\x08", Archivio}, {257, "ustar", Archivio},
	{0, `{\rtf`, Word}, {0, "L\x00\x00\x00\x01\x14\x02\x00", Collegamento},
	{0, "\x09\x08\x10\x00\x00\x06", Xls}, {0, "\x09\x08\x08\x00\x00\x05", Xls}, {0, "\x09\x04\x06\x00", Xls}, {0, "\x09\x02\x06\x00", Xls}, // BIFF without its OLE file
}

// firmatoDER is the object identifier of PKCS #7 signedData, which opens a .p7m.
var firmatoDER = []byte("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02")

// naturaTesto tells the formats that are text; in Windows-1252 and UTF-16, too.
func naturaTesto(contenuto []byte) Natura {
	testo, ok := assaggio(contenuto)
	if !ok {
		return Sconosciuta
	}
	testo = strings.ToLower(strings.TrimSpace(testo))
	ha := func(parti ...string) bool {
		for _, p := range parti {
			if strings.Contains(testo, p) {
				return true
			}
		}
		return false
	}
	comincia := func(parti ...string) bool {
		for _, p := range parti {
			if strings.HasPrefix(testo, p) {
				return true
			}
		}
		return false
	}
	switch {
	case comincia("<") && ha("urn:schemas-microsoft-com:office:spreadsheet", "oasis.opendocument.spreadsheet"):
		return FoglioXML
	case comincia("<") && ha("<html", "<!doctype html", "<table", "<body", "<meta ", "<style", "<head"):
		return HTML
	case comincia("mime-version:") && ha("multipart/related", "text/html"):
		return PaginaWeb
	case comincia("received:", "return-path:", "from:", "delivered-to:", "x-", "message-id:", "mime-version:") && ha("\nsubject:", "\nto:", "\ncontent-type:"):
		return Messaggio
	case comincia("[internetshortcut]", "[desktop entry]") || comincia("{") && ha("docs.google.com", `"doc_id"`):
		return Collegamento
	case comincia("-----begin pkcs7", "-----begin cms") || len(testo) > 100 && comincia("mii") && !strings.ContainsAny(testo[:60], " ;,\t"):
		return Firmata
	}
	return Testuale
}

// assaggio returns the beginning of a text as UTF-8, and whether it is a text at all:
// no control character but those that part lines and columns.
func assaggio(contenuto []byte) (string, bool) {
	b := contenuto[:min(len(contenuto), limiteAssaggio)]
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xfe")) && len(b) > 2:
		b = senzaZeri(b[2:], 1)
	case bytes.HasPrefix(b, []byte("\xfe\xff")) && len(b) > 2:
		b = senzaZeri(b[2:], 0)
	}
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	for _, c := range b {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' {
			return "", false
		}
	}
	if utf8.Valid(b) {
		return string(b), true
	}
	return strings.ToValidUTF8(string(b), "?"), true // Windows-1252; only ASCII words are looked for
}

// senzaZeri makes ASCII of UTF-16 for the sake of the words that are looked for; alto
// is where the high byte stands.
func senzaZeri(b []byte, alto int) []byte {
	var piano []byte
	for i := 0; i+1 < len(b); i += 2 {
		if b[i+alto] == 0 {
			piano = append(piano, b[i+1-alto])
		} else {
			piano = append(piano, '?')
		}
	}
	return piano
}

// naturaZip tells what a zip holds by the names of its entries, and for OpenDocument
// by its entry mimetype.
func naturaZip(contenuto []byte) Natura {
	z, err := zip.NewReader(bytes.NewReader(contenuto), int64(len(contenuto)))
	if err != nil {
		return naturaZipTronco(contenuto)
	}
	natura := Archivio
	for _, f := range z.File {
		nome := strings.ToLower(strings.TrimLeft(strings.ReplaceAll(f.Name, `\`, "/"), "/"))
		switch {
		case nome == "mimetype":
			return naturaODF(mimetype(f))
		case nome == "xl/workbook.xml":
			return Xlsx
		case nome == "xl/workbook.bin":
			return Xlsb
		case strings.HasPrefix(nome, "word/"):
			return Word
		case strings.HasPrefix(nome, "ppt/"):
			return Presentazione
		case strings.HasPrefix(nome, "visio/"):
			return Disegno
		case strings.HasPrefix(nome, "index/") && strings.HasSuffix(nome, ".iwa"):
			return Numbers
		case èCartella(nome):
			natura = Pacco
		case nome == "[content_types].xml" && natura == Archivio:
			natura = Sconosciuta // a package of Office, of a kind not told yet
		}
	}
	return natura
}

// èCartella tells whether an entry of an archive is named like a workbook.
func èCartella(nome string) bool {
	switch path.Ext(nome) {
	case ".xlsx", ".xlsm", ".xls", ".ods", ".xlsb":
		return true
	}
	return false
}

// naturaZipTronco looks at a zip that has no directory: the names stand before the
// entries, too.
func naturaZipTronco(contenuto []byte) Natura {
	if bytes.HasSuffix(bytes.TrimRight(contenuto, "\x00\r\n "), []byte("</html>")) {
		return HTML // a server's error page behind the beginning of the file
	}
	return ZipTronco
}

// mimetype returns the media type of an OpenDocument file, "" where it is odd.
func mimetype(f *zip.File) string {
	if f.UncompressedSize64 > 200 {
		return ""
	}
	r, err := f.Open()
	if err != nil {
		return ""
	}
	b := make([]byte, 200)
	n, _ := r.Read(b) // whole in one read; an error shows as another type
	return strings.TrimSpace(string(b[:n]))
}

// naturaODF tells the documents of OpenDocument by their media type.
func naturaODF(tipo string) Natura {
	che, ok := strings.CutPrefix(tipo, "application/vnd.oasis.opendocument.")
	switch {
	case !ok:
		return Archivio // an e-book, say
	case strings.HasPrefix(che, "spreadsheet"):
		return Ods
	case strings.HasPrefix(che, "text"):
		return Word
	case strings.HasPrefix(che, "presentation"):
		return Presentazione
	}
	return Disegno
}
