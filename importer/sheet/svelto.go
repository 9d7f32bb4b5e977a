package sheet

// The short way through what sheets and texts are made of: cells and strings as nearly
// every program writes them, taken in one go. What is not exactly so is left to the
// reader of XML, which has not moved: there it is read, or refused.

// celleSvelte takes the cells of the present row from where the reader stands, and of the
// rows that follow it, up to the first one that is not simple.
func (l *foglioOOXML) celleSvelte() error {
	x := l.x
	x.sciogli()
	l.formula = false
	for {
		t, fine, ok := l.tagSvelto(x.b, x.i)
		if !ok {
			if ok, err := l.rigaSvelta(); !ok || err != nil {
				return err
			}
			continue
		}
		var v, inline []byte
		if !t.vuota {
			if v, inline, fine, ok = contenutoSvelto(x.b, fine); !ok {
				return nil
			}
		}
		x.i = fine
		if t.colonna == 0 {
			t.colonna = l.colonna + 1
		}
		if err := l.conta(t.colonna); err != nil {
			return err
		}
		if t.vuota && l.o.stili[t.stile].riempimento == 0 {
			continue // as most: a frame of the form
		}
		l.stile, l.tipo, l.valore = t.stile, t.tipo, v != nil
		if err := l.finisceCella(v, inline); err != nil {
			return err
		}
	}
}

// rigaSvelta goes from the end of a row to the cells of the next one, where nothing is
// between. On the reader's stack the next row stands where the last one stood: both are
// called the same and declare no namespace.
func (l *foglioOOXML) rigaSvelta() (ok bool, err error) {
	x, b := l.x, l.x.b
	e, i := &x.pila[3], x.i+len(traRighe)
	if len(b) <= i || string(b[x.i:i]) != traRighe || string(x.pezzo(e.intero)) != "row" || int(e.prefissi) != len(x.prefissi) {
		return false, nil
	}
	riga, nascosta, visti := l.riga+1, false, uint16(0)
	for i < len(b) && b[i] == ' ' {
		da := i + 1
		for i = da; i < len(b) && classi[b[i]]&(nonNome|separa) == 0; i++ {
		}
		quale := attributoDiRiga(b[da:i])
		if quale == 0 || visti&quale != 0 || i+1 >= len(b) || b[i] != '=' || b[i+1] != '"' {
			return false, nil
		}
		visti |= quale
		for i, da = i+2, i+2; i < len(b) && classi[b[i]]&nonValore == 0; i++ {
		}
		if i >= len(b) || b[i] != '"' {
			return false, nil
		}
		switch v := b[da:i]; quale {
		case rigaNumero:
			if riga, err = intero(v, 0); err != nil || riga < 1 || riga > ultimaRiga {
				return false, nil
			}
		case rigaNascosta:
			nascosta = vero(v)
		}
		i++
	}
	if i >= len(b) || b[i] != '>' || i-x.i > limiteTag {
		return false, nil
	}
	if err := l.finisceRiga(); err != nil {
		return false, err
	}
	x.i, l.riga = i+1, riga
	return true, l.vaARiga(nascosta)
}

// tagCella is what the start tag of a cell says.
type tagCella struct {
	colonna int // 0 where it has no address
	stile   int // its place among the styles
	tipo    tipoCella
	vuota   bool // nothing is in it
}

// tagSvelto reads the start tag of a cell at b[i:]: its address, style and type, each
// once at most, and nothing else; with its end tag, where nothing is between.
func (l *foglioOOXML) tagSvelto(b []byte, i int) (t tagCella, fine int, ok bool) {
	if i+2 >= len(b) || b[i] != '<' || b[i+1] != 'c' {
		return t, i, false
	}
	var visti byte
	for i += 2; i+4 < len(b) && b[i] == ' ' && b[i+2] == '=' && b[i+3] == '"'; i++ {
		da, quale := i+4, byte(1)
		switch b[i+1] {
		case 'r':
			var riga int
			if riga, t.colonna, i = indirizzoA(b, da); i == 0 || riga != l.riga || t.colonna > ultimaColonna {
				return t, i, false
			}
		case 's':
			quale = 2
			for i = da; i < len(b) && '0' <= b[i] && b[i] <= '9' && i-da < 8; i++ {
				t.stile = t.stile*10 + int(b[i]-'0')
			}
			if i == da || t.stile >= len(l.o.stili) {
				return t, i, false
			}
		case 't':
			quale = 4
			for i = da; i < len(b) && b[i] != '"' && i-da < 10; i++ {
			}
			if t.tipo, ok = tipoDi(b[da:i]); !ok {
				return t, i, false
			}
		default:
			return t, i, false
		}
		if visti&quale != 0 || i >= len(b) || b[i] != '"' {
			return t, i, false
		}
		visti |= quale
	}
	switch {
	case i < len(b) && b[i] == '>':
		if i++; len(b)-i >= len(chiudeCella) && string(b[i:i+len(chiudeCella)]) == chiudeCella { // as openpyxl writes it
			t.vuota = true
			i += len(chiudeCella)
		}
		return t, i, true
	case i+1 < len(b) && b[i] == '/' && b[i+1] == '>':
		t.vuota = true
		return t, i + 2, true
	}
	return t, i, false
}

// The tags around a value and around a text, shared or of the cell itself.
const (
	apreValore, chiudeValore = "<v>", "</v>" + chiudeCella
	apreInline, chiudeInline = "<is><t", "</t></is>" + chiudeCella
	apreTesto, chiudeTesto   = "<si><t", "</t></si>"
	chiudeCella              = "</c>"
	traRighe                 = "</row><row"
	conSpazi                 = ` xml:space="preserve">`
)

// contenutoSvelto reads what a cell holds, to the end of the cell: a value, or a text of
// its own.
func contenutoSvelto(b []byte, i int) (v, inline []byte, fine int, ok bool) {
	if len(b)-i >= len(apreValore) && string(b[i:i+len(apreValore)]) == apreValore {
		i += len(apreValore)
		fine = fineTesto(b, i)
		if len(b)-fine < len(chiudeValore) || string(b[fine:fine+len(chiudeValore)]) != chiudeValore || fine-i > limiteTesto {
			return nil, nil, i, false
		}
		return b[i:fine:fine], nil, fine + len(chiudeValore), true
	}
	inline, fine, ok = testoSvelto(b, i, apreInline, chiudeInline)
	return nil, inline, fine, ok
}

// testoSvelto reads a text without entities in an element <t> that those tags enclose.
func testoSvelto(b []byte, i int, apre, chiude string) (testo []byte, fine int, ok bool) {
	if len(b)-i <= len(apre) || string(b[i:i+len(apre)]) != apre {
		return nil, i, false
	}
	if i += len(apre); b[i] == '>' {
		i++
	} else if len(b)-i >= len(conSpazi) && string(b[i:i+len(conSpazi)]) == conSpazi {
		i += len(conSpazi)
	} else {
		return nil, i, false
	}
	fine = fineTesto(b, i)
	if len(b)-fine < len(chiude) || string(b[fine:fine+len(chiude)]) != chiude || fine-i > limiteTesto {
		return nil, i, false
	}
	return b[i:fine:fine], fine + len(chiude), true
}

// fineTesto is semplice for texts of which most are short.
func fineTesto(b []byte, i int) int {
	for fine := i; fine < len(b) && fine < i+8; fine++ {
		if classi[b[fine]]&speciale != 0 {
			return fine
		}
	}
	return semplice(b, min(i+8, len(b)))
}

// testiSvelti takes shared strings from where the reader stands, up to the first one
// that is not simple.
func (o *ooxml) testiSvelti(x *lettoreXML) {
	x.sciogli()
	for len(o.testi) < limiteTesti {
		testo, fine, ok := testoSvelto(x.b, x.i, apreTesto, chiudeTesto)
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
