package annota

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/scadenzario/scadenzario/piano"
)

// The namespaces of OpenDocument that the marks are made of.
const (
	nsOffice  = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
	nsTable   = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
	nsText    = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
	nsStyle   = "urn:oasis:names:tc:opendocument:xmlns:style:1.0"
	nsFO      = "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
	nsSVG     = "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
	nsDC      = "http://purl.org/dc/elements/1.1/"
	nsXLink   = "http://www.w3.org/1999/xlink"
	nsCalcext = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
)

// prefissi are the names that our own elements give to the namespaces.
var prefissi = []struct{ nome, spazio string }{{"office", nsOffice}, {"table", nsTable}, {"text", nsText}, {"style", nsStyle}, {"fo", nsFO},
	{"svg", nsSVG}, {"dc", nsDC}, {"xlink", nsXLink}, {"calcext", nsCalcext}}

// riscrittore walks a part that the strict reader has accepted, and copies it but for
// what its caller leaves out or puts in.
type riscrittore struct {
	in      []byte
	d       *xml.Decoder
	da      int // where the last token begins
	a       int // and ends
	copiato int // up to where the part was copied or left out
	out     bytes.Buffer
	spazi   string // declarations for our elements: "" where the root has them all
	err     error
}

func nuovoRiscrittore(in []byte) *riscrittore {
	return &riscrittore{in: in, d: xml.NewDecoder(bytes.NewReader(in))}
}

// avanti returns the next token, nil at the end or on an error.
func (r *riscrittore) avanti() xml.Token {
	if r.err != nil {
		return nil
	}
	r.da = int(r.d.InputOffset())
	t, err := r.d.Token()
	r.a = int(r.d.InputOffset())
	if err != nil {
		if err != io.EOF {
			r.err = err
		}
		return nil
	}
	return t
}

// radice opens the root and sees which namespaces it names as we do.
func (r *riscrittore) radice() {
	for {
		switch t := r.avanti().(type) {
		case nil:
			return
		case xml.StartElement:
			detti := map[string]string{}
			for _, a := range t.Attr {
				if a.Name.Space == "xmlns" {
					detti[a.Name.Local] = a.Value
				}
			}
			for _, p := range prefissi {
				if detti[p.nome] != p.spazio {
					r.spazi += fmt.Sprintf(` xmlns:%s="%s"`, p.nome, p.spazio)
				}
			}
			return
		}
	}
}

// figlio goes to the next element right below the one opened last but not closed yet;
// false at that one's end.
func (r *riscrittore) figlio() (xml.StartElement, bool) {
	for {
		switch t := r.avanti().(type) {
		case xml.StartElement:
			return t, true
		case xml.EndElement, nil:
			return xml.StartElement{}, false
		}
	}
}

// sorvola goes to the end of the element just opened.
func (r *riscrittore) sorvola() {
	if r.err == nil {
		if err := r.d.Skip(); err != nil {
			r.err = err
		}
		r.a = int(r.d.InputOffset())
	}
}

// copia copies the part up to a place.
func (r *riscrittore) copia(fino int) {
	if r.err == nil && fino > r.copiato {
		r.out.Write(r.in[r.copiato:fino])
		r.copiato = fino
	}
}

// lascia leaves the part out up to a place.
func (r *riscrittore) lascia(fino int) { r.copiato = max(r.copiato, fino) }

// vuoto tells whether the element just opened has its end in the same tag.
func (r *riscrittore) vuoto() bool { return bytes.HasSuffix(r.in[r.da:r.a], []byte("/>")) }

// dentro goes through the element just opened, calling f for each child, and returns in
// out the place before its end; an element in one tag is given an end of its own.
func (r *riscrittore) dentro(f func(xml.StartElement)) (fine int) {
	if r.vuoto() {
		tag := r.in[r.da:r.a]
		r.copia(r.da)
		r.lascia(r.a)
		r.out.Write(bytes.TrimRight(tag[:len(tag)-2], " \t\r\n"))
		r.out.WriteByte('>')
		fine = r.out.Len()
		r.out.WriteString("</" + nomeIntero(tag) + ">")
		r.sorvola()
		return fine
	}
	for {
		e, ok := r.figlio()
		if !ok {
			break
		}
		f(e)
	}
	r.copia(r.da)
	return r.out.Len()
}

// fine copies the rest.
func (r *riscrittore) fine() ([]byte, error) {
	for r.avanti() != nil {
	}
	if r.err != nil {
		return nil, r.err
	}
	r.copia(len(r.in))
	return r.out.Bytes(), nil
}

// inserita is a text of ours with its place in out.
type inserita struct {
	dove  int
	testo string
}

// inserisci puts our texts into what was copied; their places grow.
func inserisci(b []byte, nostre ...inserita) []byte {
	var tutto []byte
	prima := 0
	for _, n := range nostre {
		tutto = append(append(tutto, b[prima:n.dove]...), n.testo...)
		prima = n.dove
	}
	return append(tutto, b[prima:]...)
}

// attributo returns the value of an attribute.
func attributo(e xml.StartElement, spazio, nome string) string {
	for _, a := range e.Attr {
		if a.Name.Space == spazio && a.Name.Local == nome {
			return a.Value
		}
	}
	return ""
}

func è(n xml.Name, spazio, nome string) bool { return n.Space == spazio && n.Local == nome }

// nomeIntero returns the name of a start tag with its prefix.
func nomeIntero(tag []byte) string {
	n := bytes.IndexAny(tag, " \t\r\n/>")
	return string(tag[1:n])
}

// senzaAttributo takes an attribute off a start tag, and puts value in its place where
// that is not "". Attributes stand in the tag in the order of e.Attr.
func senzaAttributo(tag []byte, e xml.StartElement, spazio, nome, valore string) []byte {
	i := 1 + len(nomeIntero(tag))
	for _, a := range e.Attr {
		inizio := i
		for strings.IndexByte(" \t\r\n", tag[i]) >= 0 {
			i++
		}
		uguale := i + bytes.IndexByte(tag[i:], '=')
		apice := uguale + bytes.IndexAny(tag[uguale:], `"'`)
		fine := apice + 1 + bytes.IndexByte(tag[apice+1:], tag[apice]) + 1
		if è(a.Name, spazio, nome) {
			var nuovo []byte
			if valore != "" {
				nuovo = fmt.Appendf(nil, ` %s="%s"`, bytes.TrimSpace(tag[i:uguale]), valore)
			}
			return bytes.Join([][]byte{tag[:inizio], nuovo, tag[fine:]}, nil)
		}
		i = fine
	}
	return bytes.Clone(tag)
}

// testoXML writes a text of ours: one line, nothing but characters that show something.
func testoXML(s string) string {
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(piano.SoloTesto(s))); err != nil {
		return "" // a buffer takes all
	}
	return b.String()
}

// nomeXML writes a name of the file's own, a sheet's, as it is.
func nomeXML(s string) string {
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		return ""
	}
	return b.String()
}
