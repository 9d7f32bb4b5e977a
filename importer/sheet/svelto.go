package sheet

import "bytes"

// The short way through what sheets and texts are made of: cells and strings as nearly
// every program writes them, taken in one go. What is not exactly so is left to the
// reader of XML, which has not moved: there it is read, or refused.

// celleSvelte takes the cells of the present row from where the reader stands, up to
// the first one that is not simple.
func (l *foglioOOXML) celleSvelte() error {
	x := l.x
	x.sciogli()
	for {
		t, fine, ok := l.tagSvelto(x.b, x.i)
		if !ok {
			return nil
		}
		var v, inline []byte
		if !t.vuota {
			if v, inline, fine, ok = contenutoSvelto(x.b, fine); !ok {
				return nil
			}
		}
		if t.colonna == 0 {
			t.colonna = l.colonna + 1
		}
		x.i = fine
		if err := l.mettiCella(t.colonna, t.stile, t.tipo); err != nil {
			return err
		}
		l.valore = v != nil
		if err := l.finisceCella(v, inline); err != nil {
			return err
		}
	}
}

// tagCella is what the start tag of a cell says.
type tagCella struct {
	colonna int // 0 where it has no address
	stile   stile
	tipo    string
	vuota   bool // it is its own end tag
}

// tagSvelto reads the start tag of a cell at b[i:]: its address, style and type, each
// once at most, and nothing else.
func (l *foglioOOXML) tagSvelto(b []byte, i int) (t tagCella, fine int, ok bool) {
	if i+2 >= len(b) || b[i] != '<' || b[i+1] != 'c' {
		return t, i, false
	}
	t.tipo, t.stile = "n", l.o.stili[0]
	var visti byte
	for i += 2; i+4 < len(b) && b[i] == ' ' && b[i+2] == '=' && b[i+3] == '"'; i++ {
		quale := byte(1)
		da := i + 4
		n := bytes.IndexByte(b[da:min(len(b), da+12)], '"')
		if n <= 0 {
			return t, i, false
		}
		v := b[da : da+n]
		switch b[i+1] {
		case 'r':
			var riga int
			if riga, t.colonna, ok = daIndirizzo(v); !ok || riga != l.riga || t.colonna > ultimaColonna {
				return t, i, false
			}
		case 's':
			quale = 2
			s, err := intero(v, 0)
			if err != nil || s >= len(l.o.stili) {
				return t, i, false
			}
			t.stile = l.o.stili[s]
		case 't':
			quale = 4
			if t.tipo = tipoDi(v); t.tipo == "" {
				return t, i, false
			}
		default:
			return t, i, false
		}
		if visti&quale != 0 {
			return t, i, false
		}
		visti |= quale
		i = da + n
	}
	switch {
	case i < len(b) && b[i] == '>':
		return t, i + 1, true
	case i+1 < len(b) && b[i] == '/' && b[i+1] == '>':
		t.vuota = true
		return t, i + 2, true
	}
	return t, i, false
}

var (
	apreValore   = []byte("<v>")
	chiudeValore = []byte("</v></c>")
	apreInline   = []byte("<is><t")
	chiudeInline = []byte("</t></is></c>")
	chiudeTesto  = []byte("</t></si>")
	apreTesto    = []byte("<si><t")
	conSpazi     = []byte(` xml:space="preserve">`)
)

// contenutoSvelto reads what a cell holds, to the end of the cell: a value, or a text of
// its own.
func contenutoSvelto(b []byte, i int) (v, inline []byte, fine int, ok bool) {
	if bytes.HasPrefix(b[i:], apreValore) {
		v, fine, ok = testoSvelto(b, i+len(apreValore), chiudeValore)
		return v, nil, fine, ok
	}
	if i, ok = dopoT(b, i, apreInline); !ok {
		return nil, nil, i, false
	}
	inline, fine, ok = testoSvelto(b, i, chiudeInline)
	return nil, inline, fine, ok
}

// dopoT passes over a start tag <t> that comes after another one.
func dopoT(b []byte, i int, tag []byte) (int, bool) {
	if !bytes.HasPrefix(b[i:], tag) {
		return i, false
	}
	i += len(tag)
	if i < len(b) && b[i] == '>' {
		return i + 1, true
	}
	return i + len(conSpazi), bytes.HasPrefix(b[i:], conSpazi)
}

// testoSvelto reads a text without entities that those end tags follow.
func testoSvelto(b []byte, i int, poi []byte) (testo []byte, fine int, ok bool) {
	fine = i
	for k := 0; k < 8 && fine < len(b) && classi[b[fine]]&speciale == 0; k++ {
		fine++ // most are short
	}
	if fine == i+8 {
		fine = semplice(b, fine)
	}
	if fine-i > limiteTesto || !bytes.HasPrefix(b[min(fine, len(b)):], poi) {
		return nil, i, false
	}
	return b[i:fine:fine], fine + len(poi), true
}

// testiSvelti takes shared strings from where the reader stands, up to the first one
// that is not simple.
func (o *ooxml) testiSvelti(x *lettoreXML) {
	x.sciogli()
	for len(o.testi) < limiteTesti {
		i, ok := dopoT(x.b, x.i, apreTesto)
		if !ok {
			return
		}
		testo, fine, ok := testoSvelto(x.b, i, chiudeTesto)
		if !ok {
			return
		}
		o.testi = append(o.testi, o.piegato(testo))
		x.i = fine
	}
}

// svelto tells whether elements without a prefix are of SpreadsheetML, below the element
// of that level.
func (x *lettoreXML) svelto(livello int) bool {
	e := &x.pila[livello]
	return e.base == principale && e.spazio == principale
}
