package sheet

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"
	"unicode/utf8"
)

// The limits of XML (RELIABILITY.md, "Limits").
const (
	limiteTag       = 64 << 10  // bytes of a tag
	limiteTesto     = 256 << 10 // bytes of a text
	limiteLivelli   = 64        // depth of elements
	limiteAttributi = 256       // attributes of an element
)

// evento is what the reader of XML has come to.
type evento uint8

const (
	basta  evento = iota // the end of the part, or an error: see err
	apre                 // a start tag
	chiude               // an end tag, also of an element that is empty
	parola               // text
)

// lettoreXML walks a part of XML, byte by byte and strictly: every tag closed by
// its own name, one root, nothing after it, no DTD, no entity but the five of XML,
// every prefix declared. What it shows are views of the part, valid until the next
// step.
type lettoreXML struct {
	parte   string // its name, for errors
	b       []byte
	i       int
	err     error
	livello int // of the element just opened or closed, the root's being 1

	// of apre and chiude
	nome   []byte // without its prefix
	spazio spazio
	attr   []attributo
	vuoto  bool // <a/>: its end comes next
	finito bool // its end was shown: it leaves the stack at the next step

	conPrefisso bool // one of attr has a prefix

	testo []byte // of parola, entities resolved
	buf   []byte // where they are resolved

	pila     [limiteLivelli + 1]aperto
	prefissi []legame
	radice   bool // seen

	dellaRadice int       // how many prefixes the root declares; -1 before it
	ultimi      [64]uint8 // where prefixes were last found among them

	nominaDTD bool // the part may name a DTD, which nobody fetches
}

// tratto is a piece of the part, from da up to before a. What the reader remembers
// holds no pointers: the collector of memory has nothing to follow in it.
type tratto struct{ da, a int32 }

// aperto is an element whose end has not come.
type aperto struct {
	intero   tratto // its name with the prefix
	nome     tratto
	prefissi int32 // how many prefixes were declared around it
	spazio   spazio
	base     spazio // the namespace of names without a prefix
}

// legame is a prefix and its namespace.
type legame struct {
	prefisso tratto
	spazio   spazio
}

// attributo is one of a start tag.
type attributo struct {
	prefisso, nome, valore tratto // prefisso is empty where the name has none
	spazio                 spazio // of the prefix; nessuno without one
	entita                 bool   // valore holds entities
}

// pezzo shows a piece of the part.
func (x *lettoreXML) pezzo(t tratto) []byte { return x.b[t.da:t.a:t.a] }

// xml begins to walk a part. Parts in UTF-16, Latin 1 and Windows 1252 are brought to
// UTF-8 first. The reader holds until the next part is asked for.
func (a *archivio) xml(nome string) (*lettoreXML, error) {
	b, err := a.parte(nome)
	if err != nil {
		return nil, err
	}
	return a.percorri(nome, b)
}

func (a *archivio) percorri(nome string, b []byte) (*lettoreXML, error) {
	b, err := inUTF8(b)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrDanneggiato, nome, err)
	}
	if !utf8.Valid(b) {
		return nil, fmt.Errorf("%w: %s is not UTF-8", ErrDanneggiato, nome)
	}
	a.lettore.comincia(nome, b)
	return &a.lettore, nil
}

// comincia begins another part with the same reader: its stack is large.
func (x *lettoreXML) comincia(nome string, b []byte) {
	x.parte, x.b, x.i, x.err, x.livello = nome, b, 0, nil, 0
	x.vuoto, x.finito, x.radice, x.nominaDTD = false, false, false, false
	x.prefissi, x.dellaRadice = x.prefissi[:0], -1
	if x.attr == nil {
		x.attr = make([]attributo, 0, 16)
	}
}

// Classes of bytes.
const (
	nonNome   = 1 << iota // does not belong to a name
	nonInizio             // cannot begin a name
	speciale              // is not simply text: < & ] and control characters
	separa                // the colon between a prefix and a name
	nonValore             // is not simply part of a quoted value
)

var classi = func() (c [256]uint8) {
	for i := range c {
		lettera := 'a' <= i && i <= 'z' || 'A' <= i && i <= 'Z' || i == '_' || i == ':' || i >= 0x80
		if !lettera {
			c[i] |= nonInizio
			if !('0' <= i && i <= '9' || i == '-' || i == '.') {
				c[i] |= nonNome
			}
		}
		if i < ' ' && i != '\t' && i != '\n' && i != '\r' || i == '<' || i == '&' || i == ']' {
			c[i] |= speciale
		}
		if c[i]&speciale != 0 && i != ']' || i == '"' || i == '\'' {
			c[i] |= nonValore
		}
	}
	c[':'] |= separa
	return c
}()

func bianco(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

func (x *lettoreXML) guasto(come string, args ...any) evento {
	if x.err == nil {
		x.err = fmt.Errorf("%w: %s, byte %d: %s", ErrDanneggiato, x.parte, x.i, fmt.Sprintf(come, args...))
	}
	return basta
}

// avanti goes to the next event.
func (x *lettoreXML) avanti() evento {
	if x.err != nil {
		return basta
	}
	if x.vuoto {
		x.vuoto, x.finito = false, true
		return chiude
	}
	x.sciogli()
	for x.i < len(x.b) {
		if x.b[x.i] != '<' {
			if x.leggiTesto() {
				return parola
			}
			if x.err != nil {
				return basta
			}
			continue
		}
		if x.i+1 >= len(x.b) {
			return x.guasto("a tag is cut off")
		}
		switch x.b[x.i+1] {
		case '/':
			return x.leggiFine()
		case '?':
			if !x.salta("<?", "?>") {
				return basta
			}
		case '!':
			if x.leggiMarcato() {
				return parola
			}
			if x.err != nil {
				return basta
			}
		default:
			return x.leggiInizio()
		}
	}
	if x.livello > 0 {
		return x.guasto("<%s> is not closed", x.pezzo(x.pila[x.livello].intero))
	}
	if !x.radice {
		return x.guasto("there is no element")
	}
	return basta
}

// sciogli takes an element off the stack whose end was shown.
func (x *lettoreXML) sciogli() {
	if x.finito {
		x.finito = false
		x.prefissi = x.prefissi[:x.pila[x.livello].prefissi]
		x.livello--
	}
}

// leggiTesto reads up to the next tag. It tells whether there is a text to show:
// white space outside the root is none.
func (x *lettoreXML) leggiTesto() bool {
	da, entita := x.i, false
	for x.i = semplice(x.b, x.i); x.i < len(x.b) && x.b[x.i] != '<'; x.i = semplice(x.b, x.i+1) {
		switch x.b[x.i] {
		case '&':
			entita = true
		case ']':
			if bytes.HasPrefix(x.b[x.i:], []byte("]]>")) {
				x.guasto("]]> in a text")
				return false
			}
		default:
			x.guasto("control character %#x", x.b[x.i])
			return false
		}
	}
	x.testo = x.b[da:x.i]
	if len(x.testo) > limiteTesto {
		x.err = fmt.Errorf("%w: %s: a text of %d bytes", ErrTroppoGrande, x.parte, len(x.testo))
		return false
	}
	if x.livello == 0 {
		if len(bytes.TrimLeft(x.testo, " \t\r\n")) > 0 {
			x.guasto("text outside the root element")
		}
		return false
	}
	if entita {
		x.testo = x.risolvi(x.testo)
	}
	return x.err == nil
}

// semplice returns where the run of bytes that are simply text ends that begins at i.
func semplice(b []byte, i int) int {
	const uno, alto = 0x0101010101010101, 0x8080808080808080
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		// the highest bit of each byte that is what is asked for, exact up to the first one
		m, e, q := w^uno*'<', w^uno*'&', w^uno*']'
		trovati := ((w-uno*' ')&^w | (m-uno)&^m | (e-uno)&^e | (q-uno)&^q) & alto
		if trovati == 0 {
			continue
		}
		if k := i + bits.TrailingZeros64(trovati)/8; classi[b[k]]&speciale != 0 {
			return k
		}
		break // a tab or a new line
	}
	for i < len(b) && classi[b[i]]&speciale == 0 {
		i++
	}
	return i
}

// salta passes over a comment or a processing instruction.
func (x *lettoreXML) salta(inizio, fine string) bool {
	n := bytes.Index(x.b[x.i+len(inizio):], []byte(fine))
	if n < 0 {
		x.guasto("%s is not closed", inizio)
		return false
	}
	x.i += len(inizio) + n + len(fine)
	return true
}

// leggiMarcato reads what begins with <! and tells whether it is a text. A DTD is
// refused, for bombs are made of it; merely named it may be in OpenOffice's list of
// parts and in its macros, where old versions do so.
func (x *lettoreXML) leggiMarcato() bool {
	resto := x.b[x.i:]
	switch {
	case bytes.HasPrefix(resto, []byte("<!--")):
		x.salta("<!--", "-->")
		return false
	case bytes.HasPrefix(resto, []byte("<![CDATA[")) && x.livello > 0:
		da := x.i + len("<![CDATA[")
		if !x.salta("<![CDATA[", "]]>") {
			return false
		}
		x.testo = x.b[da : x.i-len("]]>")]
		if len(x.testo) > limiteTesto {
			x.err = fmt.Errorf("%w: %s: a text of %d bytes", ErrTroppoGrande, x.parte, len(x.testo))
			return false
		}
		return true
	case x.nominaDTD && !x.radice && bytes.HasPrefix(resto, []byte("<!DOCTYPE")) && bytes.IndexByte(resto[:bytes.IndexByte(resto, '>')+1], '[') < 0:
		x.salta("<!DOCTYPE", ">")
		return false
	}
	x.guasto("<! begins neither a comment nor a text")
	return false
}

// leggiFine reads an end tag.
func (x *lettoreXML) leggiFine() evento {
	if x.livello == 0 {
		return x.guasto("an end tag without its start")
	}
	a := &x.pila[x.livello]
	i, intero := x.i+2, x.pezzo(a.intero)
	if len(x.b)-i < len(intero)+1 || !bytes.Equal(x.b[i:i+len(intero)], intero) {
		return x.guasto("the end tag of <%s> is wanted", intero)
	}
	i += len(intero)
	for i < len(x.b) && bianco(x.b[i]) {
		i++
	}
	if i >= len(x.b) || x.b[i] != '>' {
		return x.guasto("the end tag of <%s> is wanted", intero)
	}
	x.i = i + 1
	x.nome, x.spazio, x.finito = x.pezzo(a.nome), a.spazio, true
	return chiude
}

// leggiInizio reads a start tag with its attributes.
func (x *lettoreXML) leggiInizio() evento {
	if x.livello == 0 && x.radice {
		return x.guasto("a second root element")
	}
	if x.livello == limiteLivelli {
		x.err = fmt.Errorf("%w: %s: elements deeper than %d", ErrTroppoGrande, x.parte, limiteLivelli)
		return basta
	}
	inizio := x.i
	i, punti := x.fineNome(x.i + 1)
	intero := x.b[x.i+1 : i]
	if len(intero) == 0 || classi[intero[0]]&nonInizio != 0 {
		return x.guasto("a tag without a name")
	}
	x.attr, x.conPrefisso = x.attr[:0], false
	dichiara := false
	for {
		prima := i
		for i < len(x.b) && bianco(x.b[i]) {
			i++
		}
		if i+1 >= len(x.b) && (i >= len(x.b) || x.b[i] != '>') {
			return x.guasto("<%s> is cut off", intero)
		}
		if x.b[i] == '>' {
			i++
			break
		}
		if x.b[i] == '/' && x.b[i+1] == '>' {
			x.vuoto = true
			i += 2
			break
		}
		if i == prima {
			return x.guasto("<%s> is misspelt", intero)
		}
		var spazi bool
		if i, spazi = x.leggiAttributo(i); x.err != nil {
			return basta
		}
		dichiara = dichiara || spazi
	}
	if i-inizio > limiteTag {
		x.err = fmt.Errorf("%w: %s: a tag of %d bytes", ErrTroppoGrande, x.parte, i-inizio)
		return basta
	}
	x.i, x.radice = i, true
	return x.metti(tratto{int32(inizio + 1), int32(inizio + 1 + len(intero))}, punti, dichiara)
}

// fineNome returns where a name ends that begins at i, and where its first colon
// stands, 0 for none.
func (x *lettoreXML) fineNome(i int) (fine, punti int) {
	b := x.b
	for i < len(b) {
		if c := classi[b[i]]; c&(nonNome|separa) != 0 {
			if c&nonNome != 0 {
				break
			}
			if punti == 0 {
				punti = i
			}
		}
		i++
	}
	return i, punti
}

// leggiAttributo reads the attribute at i and returns where it ends, and whether it
// declares a namespace.
func (x *lettoreXML) leggiAttributo(i int) (fine int, dichiara bool) {
	b, da := x.b, i
	i, punti := x.fineNome(i)
	nome := b[da:i]
	if len(nome) == 0 || classi[nome[0]]&nonInizio != 0 {
		x.guasto("an attribute without a name")
		return i, false
	}
	a := attributo{nome: tratto{int32(da), int32(i)}}
	if punti > 0 {
		a.prefisso, a.nome.da = tratto{int32(da), int32(punti)}, int32(punti+1)
		x.conPrefisso = true
	}
	if i+1 < len(b) && b[i] == '=' && b[i+1] == '"' { // as nearly every program writes it
		i++
	} else if i = x.uguale(i, nome); x.err != nil {
		return i, false
	}
	apice := b[i]
	i++
	a.valore.da = int32(i)
	for i < len(b) && classi[b[i]]&nonValore == 0 {
		i++
	}
	if i >= len(b) || b[i] != apice { // it holds an entity, or is wrong
		if i = x.fineValore(&a, i, apice); i >= len(b) {
			x.guasto("the value of %s is wrong", nome)
			return i, false
		}
	}
	a.valore.a = int32(i)
	if a.entita {
		x.risolvi(x.pezzo(a.valore)) // an unknown entity is an error wherever it stands
	}
	for k := range x.attr {
		altro := &x.attr[k]
		inizio := altro.nome.da
		if altro.prefisso.da < altro.prefisso.a {
			inizio = altro.prefisso.da
		}
		if int(altro.nome.a-inizio) == len(nome) && b[inizio] == nome[0] && string(b[inizio:altro.nome.a]) == string(nome) {
			x.guasto("two attributes %s", nome)
			return i, false
		}
	}
	if len(x.attr) == limiteAttributi {
		x.guasto("more than %d attributes", limiteAttributi)
		return i, false
	}
	x.attr = append(x.attr, a)
	return i + 1, nome[0] == 'x' && bytes.HasPrefix(nome, []byte("xmlns"))
}

// uguale passes over the sign between an attribute's name, which ends at i, and its
// value, white space around it included, and returns where the value's quote stands.
func (x *lettoreXML) uguale(i int, nome []byte) int {
	for i < len(x.b) && bianco(x.b[i]) {
		i++
	}
	if i >= len(x.b) || x.b[i] != '=' {
		x.guasto("the attribute %s has no value", nome)
		return i
	}
	for i++; i < len(x.b) && bianco(x.b[i]); i++ {
	}
	if i >= len(x.b) || x.b[i] != '"' && x.b[i] != '\'' {
		x.guasto("the value of %s is not quoted", nome)
	}
	return i
}

// fineValore returns where a value ends of which the rest begins at i; the end of the part where
// it is not closed or holds what it may not.
func (x *lettoreXML) fineValore(a *attributo, i int, apice byte) int {
	b := x.b
	for i < len(b) && b[i] != apice {
		if c := b[i]; classi[c]&speciale != 0 && c != ']' {
			if c != '&' {
				return len(b)
			}
			a.entita = true
		}
		i++
	}
	return i
}
