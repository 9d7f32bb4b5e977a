package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// spazio is a namespace that this package knows.
type spazio uint8

const (
	nessuno     spazio = iota // no namespace
	altrui                    // one that matters to nobody here
	principale                // SpreadsheetML
	relazioni                 // r:id
	pacchetto                 // the parts' relationships
	disegno                   // DrawingML: the theme
	proprieta                 // docProps/core.xml
	dublino                   // dcterms
	odfOffice                 // OpenDocument: office
	odfTable                  // table
	odfText                   // text
	odfStyle                  // style
	odfFO                     // fo
	odfNumber                 // number, the data styles
	odfManifest               // manifest, META-INF/manifest.xml
	odfCalcext                // calcext, LibreOffice's own
	dcElementi                // dc
)

// spazi knows both families of OOXML, transitional and strict (ISO 29500-1), and
// OpenDocument.
var spazi = map[string]spazio{
	"http://schemas.openxmlformats.org/spreadsheetml/2006/main":               principale,
	"http://purl.oclc.org/ooxml/spreadsheetml/main":                           principale,
	"http://schemas.openxmlformats.org/officeDocument/2006/relationships":     relazioni,
	"http://purl.oclc.org/ooxml/officeDocument/relationships":                 relazioni,
	"http://schemas.openxmlformats.org/package/2006/relationships":            pacchetto,
	"http://schemas.openxmlformats.org/drawingml/2006/main":                   disegno,
	"http://purl.oclc.org/ooxml/drawingml/main":                               disegno,
	"http://schemas.openxmlformats.org/package/2006/metadata/core-properties": proprieta,
	"http://purl.org/dc/terms/":                                               dublino,
	"urn:oasis:names:tc:opendocument:xmlns:office:1.0":                        odfOffice,
	"urn:oasis:names:tc:opendocument:xmlns:table:1.0":                         odfTable,
	"urn:oasis:names:tc:opendocument:xmlns:text:1.0":                          odfText,
	"urn:oasis:names:tc:opendocument:xmlns:style:1.0":                         odfStyle,
	"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0":             odfFO,
	"urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0":                     odfNumber,
	"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0":                      odfManifest,
	"urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0":    odfCalcext,
	"http://purl.org/dc/elements/1.1/":                                        dcElementi,
}

func spazioDi(uri []byte) spazio {
	if len(uri) == 0 {
		return nessuno
	}
	if s, ok := spazi[string(uri)]; ok {
		return s
	}
	return altrui
}

// metti puts the element just read on the stack, its namespaces resolved.
// punti is where the colon of its name stands, 0 for none.
func (x *lettoreXML) metti(intero tratto, punti int, dichiara bool) evento {
	e := aperto{intero: intero, nome: intero, prefissi: int32(len(x.prefissi))}
	if x.livello > 0 {
		e.base = x.pila[x.livello].base
	}
	if dichiara {
		for i := range x.attr {
			a := &x.attr[i]
			switch {
			case string(x.pezzo(a.prefisso)) == "xmlns":
				x.prefissi = append(x.prefissi, legame{a.nome, spazioDi(x.valore(a))})
			case a.prefisso.da == a.prefisso.a && string(x.pezzo(a.nome)) == "xmlns":
				e.base = spazioDi(x.valore(a))
			}
		}
	}
	for i := 0; x.conPrefisso && i < len(x.attr); i++ {
		a := &x.attr[i]
		if p := a.prefisso; p.da < p.a && string(x.pezzo(p)) != "xmlns" {
			var ok bool
			if a.spazio, ok = x.legato(x.pezzo(p)); !ok {
				return x.guasto("the prefix %s is not declared", x.pezzo(p))
			}
		}
	}
	e.spazio = e.base
	if punti > 0 {
		s, ok := x.legato(x.b[intero.da:punti])
		if !ok {
			return x.guasto("the prefix of <%s> is not declared", x.pezzo(intero))
		}
		e.nome.da, e.spazio = int32(punti)+1, s
	}
	if x.livello++; x.livello == 1 {
		x.dellaRadice = len(x.prefissi)
	}
	x.pila[x.livello] = e
	x.nome, x.spazio = x.pezzo(e.nome), e.spazio
	return apre
}

// legato returns the namespace of a prefix. OpenDocument declares some forty in its
// root and uses one at every attribute: as long as no others are declared below it,
// they are looked for where they were last found.
func (x *lettoreXML) legato(prefisso []byte) (spazio, bool) {
	if len(x.prefissi) != x.dellaRadice || len(prefisso) == 0 {
		return x.cercaLegame(prefisso)
	}
	posto := &x.ultimi[(int(prefisso[0])+5*int(prefisso[len(prefisso)-1])+len(prefisso))%len(x.ultimi)]
	if i := int(*posto); i < len(x.prefissi) && bytes.Equal(x.pezzo(x.prefissi[i].prefisso), prefisso) {
		return x.prefissi[i].spazio, true
	}
	for i := range x.prefissi {
		if bytes.Equal(x.pezzo(x.prefissi[i].prefisso), prefisso) {
			*posto = uint8(i)
			return x.prefissi[i].spazio, true
		}
	}
	return altrui, string(prefisso) == "xml"
}

func (x *lettoreXML) cercaLegame(prefisso []byte) (spazio, bool) {
	for i := len(x.prefissi) - 1; i >= 0; i-- {
		if bytes.Equal(x.pezzo(x.prefissi[i].prefisso), prefisso) {
			return x.prefissi[i].spazio, true
		}
	}
	return altrui, string(prefisso) == "xml"
}

// attributo returns the value of an attribute without a prefix, nil where there is
// none. It holds until the next call.
func (x *lettoreXML) attributo(nome string) []byte {
	for i := range x.attr {
		if a := &x.attr[i]; a.prefisso.da == a.prefisso.a && string(x.pezzo(a.nome)) == nome {
			return x.valore(a)
		}
	}
	return nil
}

// attributoIn is attributo for a name in a namespace.
func (x *lettoreXML) attributoIn(s spazio, nome string) []byte {
	for i := range x.attr {
		if a := &x.attr[i]; a.spazio == s && a.prefisso.da < a.prefisso.a && string(x.pezzo(a.nome)) == nome {
			return x.valore(a)
		}
	}
	return nil
}

// valore returns an attribute's value, entities resolved.
func (x *lettoreXML) valore(a *attributo) []byte {
	if !a.entita {
		return x.pezzo(a.valore)
	}
	return x.risolvi(x.pezzo(a.valore))
}

// entita are the names that XML itself knows.
var entita = map[string]byte{"lt": '<', "gt": '>', "amp": '&', "quot": '"', "apos": '\''}

// risolvi writes a text with its entities resolved into buf.
func (x *lettoreXML) risolvi(b []byte) []byte {
	x.buf = x.buf[:0]
	for len(b) > 0 {
		i := bytes.IndexByte(b, '&')
		if i < 0 {
			break
		}
		x.buf = append(x.buf, b[:i]...)
		fine := bytes.IndexByte(b[i:], ';')
		if fine < 0 {
			x.guasto("an entity without its end")
			return nil
		}
		nome := b[i+1 : i+fine]
		if c, ok := entita[string(nome)]; ok {
			x.buf = append(x.buf, c)
		} else if r, ok := carattere(nome); ok {
			x.buf = utf8.AppendRune(x.buf, r)
		} else {
			x.guasto("the entity &%.20s; is unknown", nome)
			return nil
		}
		b = b[i+fine+1:]
	}
	x.buf = append(x.buf, b...)
	return x.buf
}

// carattere reads a numeric entity without & and ;, "#233" or "#xE9".
func carattere(b []byte) (rune, bool) {
	if len(b) < 2 || b[0] != '#' || len(b) > 10 {
		return 0, false
	}
	b, base := b[1:], rune(10)
	if b[0] == 'x' {
		b, base = b[1:], 16
	}
	r := rune(0)
	for _, c := range b {
		cifra := rune(-1)
		switch {
		case '0' <= c && c <= '9':
			cifra = rune(c - '0')
		case base == 16 && 'a' <= c && c <= 'f':
			cifra = rune(c-'a') + 10
		case base == 16 && 'A' <= c && c <= 'F':
			cifra = rune(c-'A') + 10
		}
		if cifra < 0 || r > utf8.MaxRune {
			return 0, false
		}
		r = r*base + cifra
	}
	valido := r == '\t' || r == '\n' || r == '\r' || r >= ' ' && utf8.ValidRune(r) && r != 0xFFFE && r != 0xFFFF
	return r, len(b) > 0 && valido
}

// inUTF8 returns a part in UTF-8 without a byte order mark.
func inUTF8(b []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		b = b[3:]
	case bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("<\x00")):
		return da(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), b)
	case bytes.HasPrefix(b, []byte("\xfe\xff")), bytes.HasPrefix(b, []byte("\x00<")):
		return da(unicode.UTF16(unicode.BigEndian, unicode.UseBOM), unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), b)
	}
	switch codifica := dichiarata(b); codifica {
	case "", "utf-8", "utf8", "us-ascii":
		return b, nil
	case "iso-8859-1", "latin1", "windows-1252":
		return charmap.Windows1252.NewDecoder().Bytes(b)
	case "iso-8859-15":
		return charmap.ISO8859_15.NewDecoder().Bytes(b)
	default:
		return nil, fmt.Errorf("its encoding %.20q is unknown", codifica)
	}
}

func da(con, senza encoding.Encoding, b []byte) ([]byte, error) {
	if len(b)%2 != 0 {
		return nil, errors.New("half a character of UTF-16")
	}
	if b[0] == 0xff || b[0] == 0xfe {
		return con.NewDecoder().Bytes(b)
	}
	return senza.NewDecoder().Bytes(b)
}

// dichiarata returns the encoding that the first line of XML declares, in lower
// case; "" for none.
func dichiarata(b []byte) string {
	if !bytes.HasPrefix(b, []byte("<?xml")) {
		return ""
	}
	fine := bytes.Index(b, []byte("?>"))
	if fine < 0 {
		return ""
	}
	_, dopo, ok := bytes.Cut(b[:fine], []byte("encoding"))
	if !ok {
		return ""
	}
	dopo = bytes.TrimLeft(dopo, " =\t\r\n")
	if len(dopo) == 0 {
		return ""
	}
	nome, _, ok := bytes.Cut(dopo[1:], dopo[:1])
	if !ok {
		return ""
	}
	if string(nome) == "UTF-8" {
		return "utf-8" // nearly always
	}
	return string(bytes.ToLower(nome))
}
