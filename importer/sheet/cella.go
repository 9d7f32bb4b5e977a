package sheet

import (
	"bytes"
	"fmt"
	"strings"
)

// tipoCella is what a cell says of its value.
type tipoCella uint8

const (
	tipoNumero    tipoCella = iota // where it says nothing, too
	tipoCondiviso                  // the number of a shared text
	tipoTesto                      // a text: the value of a formula
	tipoInline                     // a text of its own
	tipoLogico
	tipoGuasto
	tipoData
)

// tipoDi reads the type of a cell; ok is false where there is no such type.
func tipoDi(b []byte) (t tipoCella, ok bool) {
	switch string(b) {
	case "n":
		return tipoNumero, true
	case "s":
		return tipoCondiviso, true
	case "str":
		return tipoTesto, true
	case "inlineStr":
		return tipoInline, true
	case "b":
		return tipoLogico, true
	case "e":
		return tipoGuasto, true
	case "d":
		return tipoData, true
	}
	return 0, false
}

func (l *foglioOOXML) iniziaCella() error {
	t := tagCella{colonna: l.colonna + 1}
	for i := range l.x.attr {
		a := &l.x.attr[i]
		if a.prefisso.da < a.prefisso.a {
			continue
		}
		v := l.x.valore(a)
		switch string(l.x.pezzo(a.nome)) {
		case "r":
			riga, c, ok := daIndirizzo(v)
			if !ok || riga != l.riga || c > ultimaColonna {
				return fmt.Errorf("the cell %.20q in row %d", v, l.riga)
			}
			t.colonna = c
		case "s":
			n, err := intero(v, 0)
			if err != nil || n >= len(l.o.stili) {
				return fmt.Errorf("there is no style %.20q", v)
			}
			t.stile = n
		case "t":
			var ok bool
			if t.tipo, ok = tipoDi(v); !ok {
				return fmt.Errorf("a cell of type %.20q", v)
			}
		case "cm", "vm", "ph":
		default:
			return fmt.Errorf("a cell has no %.20q", l.x.pezzo(a.nome))
		}
	}
	if err := l.conta(t.colonna); err != nil {
		return err
	}
	l.stile, l.tipo = t.stile, t.tipo
	l.formula, l.valore, l.in, l.grezzo, l.inline = false, false, 0, l.grezzo[:0], false
	l.is.azzera() // a cell of inline text may come without it
	return nil
}

// conta goes to a cell of the present row.
func (l *foglioOOXML) conta(colonna int) error {
	if l.o.celle++; l.o.celle > limiteCelle {
		return fmt.Errorf("%w: more than %d cells", ErrTroppoGrande, limiteCelle)
	}
	if colonna > ultimaColonna {
		return fmt.Errorf("there is no column %d", colonna)
	}
	l.disordine = l.disordine || colonna <= l.colonna
	l.colonna = colonna
	return nil
}

// dellaCella takes what stands within a cell: its value, formula or inline text.
func (l *foglioOOXML) dellaCella(ev evento) error {
	x := l.x
	switch {
	case l.dentro != "sheetData":
		return nil
	case l.inline && (x.livello > 5 || ev == parola):
		return l.is.vede(x, ev)
	case ev == parola:
		switch {
		case l.in == 'v':
			if l.grezzo = append(l.grezzo, x.testo...); len(l.grezzo) > limiteTesto {
				return fmt.Errorf("%w: a value of %d bytes", ErrTroppoGrande, len(l.grezzo))
			}
		case l.in == 0 && len(bytes.TrimSpace(x.testo)) > 0:
			return fmt.Errorf("%.20q in a cell", x.testo)
		}
		return nil
	case x.livello > 5:
		if l.in == 'v' {
			return fmt.Errorf("<%s> in a value", x.nome)
		}
		return nil
	case ev == chiude:
		l.in, l.inline = 0, false
		return nil
	}
	switch string(x.nome) {
	case "v":
		if l.valore {
			return fmt.Errorf("a cell with two values")
		}
		l.valore, l.in = true, 'v'
	case "f":
		l.formula, l.in = true, 'f'
	case "is":
		l.inline, l.in = true, 'i'
		l.is.azzera()
	case "extLst":
		l.in = 'x'
	default:
		return fmt.Errorf("<%s> in a cell", x.nome)
	}
	return nil
}

// finisceCella keeps the present cell where it holds something. v is its value as stored,
// inline its own text.
func (l *foglioOOXML) finisceCella(v, inline []byte) error {
	c := Cella{Riga: l.riga, Colonna: l.colonna, Formula: l.formula}
	if err := l.leggiValore(&c, v, inline); err != nil {
		return fmt.Errorf("cell %s: %w", Indirizzo(c.Riga, c.Colonna), err)
	}
	if c.Colonna <= limiteColori {
		c.Riempimento = l.o.stili[l.stile].riempimento
	}
	if c.Testo != "" || c.Tipo == Ignoto {
		l.piena, l.lunga = true, max(l.lunga, c.Colonna)
	} else if c.Riempimento == 0 {
		return nil
	}
	if l.o.tenute++; l.o.tenute > limiteTenute {
		return fmt.Errorf("%w: more than %d cells that hold something", ErrTroppoGrande, limiteTenute)
	}
	if len(l.celle) == cap(l.celle) {
		l.blocchi, l.celle = append(l.blocchi, l.celle), make([]Cella, 0, min(2*cap(l.celle), blocco))
	}
	l.celle = append(l.celle, c)
	return nil
}

// leggiValore turns the stored value into the contract's form.
func (l *foglioOOXML) leggiValore(c *Cella, v, inline []byte) error {
	if len(v) == 0 {
		if l.tipo == tipoInline {
			c.Testo = l.o.nota(inline)
		} else if l.formula && (!l.valore || l.tipo != tipoTesto) {
			c.Tipo = Ignoto // never computed by the program that wrote it
		}
		return nil
	}
	switch l.tipo {
	case tipoNumero:
		c.Testo, c.Tipo = l.o.numero(v, l.o.stili[l.stile].formato)
	case tipoCondiviso:
		n, err := intero(v, 0)
		if err != nil || n >= len(l.o.testi) {
			return fmt.Errorf("there is no shared text %.20q", v)
		}
		c.Testo = l.o.testi[n]
	case tipoTesto, tipoInline:
		c.Testo = l.o.nota(v)
	case tipoLogico:
		c.Tipo, c.Testo = Logico, "NO"
		switch string(v) {
		case "1", "true":
			c.Testo = "SI"
		case "0", "false":
		default:
			return fmt.Errorf("%.20q is neither true nor false", v)
		}
	case tipoGuasto:
		c.Testo, c.Tipo = l.o.nota(v), Guasto
	case tipoData:
		c.Testo, c.Tipo = l.o.giorno(string(v))
	}
	return nil
}

// numero reads a stored number; the short ones of a plain format, by far the most,
// come out as they went in.
func (o *ooxml) numero(v []byte, f formato) (string, Tipo) {
	s := o.breve(v)
	if f == formatoNumero && (len(s) == 1 || len(s) <= 15 && s[0] != '0') && soloCifre(s) {
		return s, Numero
	}
	return valore(s, f, o.dal1904)
}

// giorno reads an ISO date, or a number that stands for one.
func (o *ooxml) giorno(v string) (string, Tipo) {
	giorno, _, _ := strings.Cut(v, "T")
	if len(giorno) == len("2021-12-31") {
		return Piega(giorno), Data
	}
	return valore(v, formatoData, o.dal1904)
}

// breve returns a short value as a string that is kept once for the workbook.
func (o *ooxml) breve(v []byte) string {
	if len(v) == 1 {
		return string(v) // costs nothing
	}
	if s, ok := o.noti[string(v)]; ok {
		return s
	}
	s := o.testo(v)
	if len(v) <= lunghezzaNota {
		o.noti[s] = s
	}
	return s
}

// lunghezzaNota is up to which length the texts of cells are kept once: marks,
// months and labels come again and again.
const lunghezzaNota = 48

// nota makes the text of a cell.
func (o *ooxml) nota(v []byte) string {
	if len(v) == 1 && '!' <= v[0] && v[0] <= '~' {
		return string(v) // costs nothing
	}
	if len(v) <= lunghezzaNota {
		if s, ok := o.noti[string(v)]; ok {
			return s
		}
	}
	s := o.piegato(v)
	if len(v) <= lunghezzaNota {
		o.noti[string(v)] = s
	}
	return s
}

// piegato makes a text of the contract from one that is stored.
func (o *ooxml) piegato(v []byte) string {
	if bytes.IndexByte(v, '_') < 0 && giaPiegato(v) {
		return o.testo(v)
	}
	return Piega(senzaEscape(v))
}

// pezzatura is how many bytes of texts share a piece of memory.
const pezzatura = 8 << 10

// testo makes a string that shares its memory with others of the workbook: they live as
// long as it does.
func (o *ooxml) testo(v []byte) string {
	if len(v) > pezzatura/4 {
		return string(v)
	}
	if o.testuale.Cap()-o.testuale.Len() < len(v) {
		o.testuale = &strings.Builder{}
		o.testuale.Grow(pezzatura)
	}
	da := o.testuale.Len()
	o.testuale.Write(v)
	return o.testuale.String()[da:]
}

// daIndirizzo is DaIndirizzo without a string.
func daIndirizzo(b []byte) (riga, colonna int, ok bool) {
	riga, colonna, fine := indirizzoA(b, 0)
	return riga, colonna, fine > 0 && fine == len(b)
}

// indirizzoA reads the address that begins at b[i] and returns where it ends, 0 where there
// is none.
func indirizzoA(b []byte, i int) (riga, colonna, fine int) {
	da := i
	for ; i < len(b) && 'A' <= b[i] && b[i] <= 'Z' && i-da < 4; i++ {
		colonna = colonna*26 + int(b[i]-'A') + 1
	}
	cifre := i
	for ; i < len(b) && '0' <= b[i] && b[i] <= '9' && i-cifre < 8; i++ {
		riga = riga*10 + int(b[i]-'0')
	}
	if cifre == da || cifre-da > 3 || i-cifre > 7 || riga == 0 {
		return 0, 0, 0
	}
	return riga, colonna, i
}
