package sheet

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// errDeflate is the error for what is no DEFLATE stream of the stated size.
var errDeflate = errors.New("its compressed data are wrong")

// gonfiatore inflates a DEFLATE stream (RFC 1951) that lies whole in memory into a
// buffer of the size that it must have. It takes what compress/flate takes, bit for
// bit (a test and a fuzz test hold it to that), without its window and its reading
// byte by byte: the parts of a workbook are many and small.
type gonfiatore struct {
	lettere  [dimLettere]uint32 // bytes and lengths
	distanze [dimDistanze]uint32
	nude     [1 << bitNude]uint32            // the lengths of a block's codes
	usati    [maxLettere + maxDistanze]usato // the symbols of a block that have a code
	fissi    bool                            // the tables are those of fixed codes

	dati []byte // the stream
	i    int    // bytes of it in b, those beyond its end included
	b    uint64 // bits not used yet
	nb   uint   // how many
}

// The tables: an entry for each run of so many bits, and behind these further tables
// for longer codes. Their sizes are the most that a complete code can need (zlib's
// examples/enough.c: 1,332 for 286 symbols and 10 bits, 400 for 30 and 8), rounded up
// to a power of two.
const (
	bitLettere, dimLettere   = 10, 2048
	bitDistanze, dimDistanze = 8, 512
	maxLettere, maxDistanze  = 288, 32
	bitNude                  = 7  // the longest code of a length
	bitCodice                = 15 // the longest code
)

// An entry holds, from its lowest bit: how many bits code and extra bits take; from bit
// 8 how many the code takes; from bit 16 the value.
const (
	vByte   = 1 << 31 // the value is a byte
	vAltro  = 1 << 15 // neither a byte nor a length nor a distance
	vFine   = 1 << 14 // the end of the block
	vTavola = 1 << 13 // a further table: its place is the value, its bits stand at 8
	vLibera = vAltro  // no code
)

// What the symbols mean (RFC 1951, 3.2.5).
var (
	voceLettera  = voci(maxLettere, lettera)
	voceDistanza = voci(maxDistanze, distanza)
	voceNuda     = voci(19, func(s int) uint32 { return uint32(s) << 16 })
)

func voci(n int, di func(int) uint32) []uint32 {
	v := make([]uint32, n)
	for s := range v {
		v[s] = di(s)
	}
	return v
}

// lettera returns the entry of a symbol of the first alphabet, its code's bits aside.
func lettera(s int) uint32 {
	switch {
	case s < 256:
		return vByte | uint32(s)<<16
	case s == 256:
		return vAltro | vFine
	case s < 265:
		return uint32(s-257+3) << 16
	case s < 285:
		extra := (s - 261) / 4
		return uint32((4+(s-265)%4)<<extra+3)<<16 | uint32(extra)
	case s == 285:
		return 258 << 16
	}
	return vLibera
}

func distanza(s int) uint32 {
	switch {
	case s < 4:
		return uint32(s+1) << 16
	case s < 30:
		extra := s/2 - 1
		return uint32((2+s%2)<<extra+1)<<16 | uint32(extra)
	}
	return vLibera
}

// gonfia inflates dati into out, which it must fill to the last byte. What follows the
// last block is not looked at.
func (g *gonfiatore) gonfia(out, dati []byte) error {
	g.dati, g.i, g.b, g.nb = dati, 0, 0, 0
	o := 0
	for ultimo := false; !ultimo; {
		g.colma()
		ultimo = g.b&1 != 0
		tipo := g.b >> 1 & 3
		g.usa(3)
		var ok bool
		switch tipo {
		case 0:
			o, ok = g.copia(out, o)
		case 1:
			ok = g.codiciFissi()
		case 2:
			ok = g.codici()
		}
		if ok && tipo != 0 {
			o, ok = g.blocco(out, o)
		}
		if !ok || g.oltre() {
			return errDeflate
		}
	}
	if o != len(out) {
		return errDeflate
	}
	return nil
}

// colma brings the bits at hand, nb of them in b, to 56 or more, from dati[i] on; beyond
// the end they are zeros, which oltre finds out.
func colma(dati []byte, i int, b uint64, nb uint) (int, uint64, uint) {
	if i+8 <= len(dati) {
		return i + int(63-nb)>>3, b | binary.LittleEndian.Uint64(dati[i:])<<(nb&63), nb | 56
	}
	return colmaAllaFine(dati, i, b, nb)
}

func colmaAllaFine(dati []byte, i int, b uint64, nb uint) (int, uint64, uint) {
	for ; nb < 56; nb += 8 {
		if i < len(dati) {
			b |= uint64(dati[i]) << nb
		}
		i++
	}
	return i, b, nb
}

func (g *gonfiatore) colma() { g.i, g.b, g.nb = colma(g.dati, g.i, g.b, g.nb) }

func (g *gonfiatore) usa(n uint) {
	g.b >>= n
	g.nb -= n
}

// oltre tells whether bits beyond the end were used.
func (g *gonfiatore) oltre() bool { return g.i-int(g.nb/8) > len(g.dati) }

// copia takes a block that is not compressed.
func (g *gonfiatore) copia(out []byte, o int) (int, bool) {
	i := g.i - int(g.nb/8) // the next whole byte
	g.b, g.nb = 0, 0
	if i+4 > len(g.dati) {
		return o, false
	}
	n := int(binary.LittleEndian.Uint16(g.dati[i:]))
	if uint16(n) != ^binary.LittleEndian.Uint16(g.dati[i+2:]) {
		return o, false
	}
	i += 4
	if n > len(g.dati)-i || n > len(out)-o {
		return o, false
	}
	copy(out[o:], g.dati[i:i+n])
	g.i = i + n
	return o + n, true
}

// codiciFissi makes the tables of a block with the codes that RFC 1951 gives.
func (g *gonfiatore) codiciFissi() bool {
	if g.fissi {
		return true
	}
	for s := range g.usati {
		l := 8
		switch {
		case s >= maxLettere:
			l = 5
		case 144 <= s && s < 256:
			l = 9
		case 256 <= s && s < 280:
			l = 7
		}
		g.usati[s] = usato{uint16(s % maxLettere), uint8(l)}
	}
	g.fissi = tavola(g.lettere[:], bitLettere, g.usati[:maxLettere], voceLettera) &&
		tavola(g.distanze[:], bitDistanze, g.usati[maxLettere:], voceDistanza)
	return g.fissi
}

// ordineCodici is the order in which the lengths of the codes of lengths come.
var ordineCodici = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// codici reads the codes of a block and makes their tables.
func (g *gonfiatore) codici() bool {
	g.fissi = false
	lettere, distanze, quanti := int(g.b&31)+257, int(g.b>>5&31)+1, int(g.b>>10&15)+4
	g.usa(14)
	if lettere > 286 || distanze > 30 {
		return false
	}
	var lunghi [19]uint8
	for k := range quanti {
		if g.nb < 3 {
			g.colma()
		}
		lunghi[ordineCodici[k]] = uint8(g.b & 7)
		g.usa(3)
	}
	n := 0
	for s, l := range lunghi {
		if l > 0 {
			g.usati[n] = usato{uint16(s), l}
			n++
		}
	}
	if !tavola(g.nude[:], bitNude, g.usati[:n], voceNuda) {
		return false
	}
	n, ok := g.lunghezze(lettere + distanze)
	if !ok {
		return false
	}
	primi := n // of them are of the first alphabet
	for ; primi > 0 && int(g.usati[primi-1].simbolo) >= lettere; primi-- {
		g.usati[primi-1].simbolo -= uint16(lettere)
	}
	return tavola(g.lettere[:], bitLettere, g.usati[:primi], voceLettera) &&
		tavola(g.distanze[:], bitDistanze, g.usati[primi:n], voceDistanza)
}

// lunghezze reads the lengths of the codes of so many symbols and puts those that have
// one into usati: most have none, in a block of a small part. It returns how many have.
func (g *gonfiatore) lunghezze(simboli int) (n int, ok bool) {
	i, b, nb := g.i, g.b, g.nb
	l := uint8(0) // the last length
	for s := 0; s < simboli; {
		if nb < 14 {
			i, b, nb = colma(g.dati, i, b, nb)
		}
		e := g.nude[b&(1<<bitNude-1)]
		if e&vAltro != 0 {
			return n, false
		}
		b, nb = b>>(e&31), nb-uint(e&31)
		volte := 1
		switch quale := e >> 16; quale {
		case 16: // the last one again
			if s == 0 {
				return n, false
			}
			volte = int(b&3) + 3
			b, nb = b>>2, nb-2
		case 17:
			l, volte = 0, int(b&7)+3
			b, nb = b>>3, nb-3
		case 18:
			l, volte = 0, int(b&127)+11
			b, nb = b>>7, nb-7
		default:
			l = uint8(quale)
		}
		if volte > simboli-s {
			return n, false
		}
		if l == 0 {
			s += volte
			continue
		}
		for ; volte > 0; volte-- {
			g.usati[n] = usato{uint16(s), l}
			n, s = n+1, s+1
		}
	}
	g.i, g.b, g.nb = i, b, nb
	return n, true
}

// usato is a symbol that has a code, and the code's length.
type usato struct {
	simbolo uint16
	lungo   uint8
}

// tavola makes the table that finds a symbol by the next bits. It tells whether the
// lengths are those of a complete code; one that has no code, or a single one of one
// bit, need not be.
//
// A code comes with its highest bit first, that is, turned round. The codes of a length
// are counted up so; where the next length begins, what the table holds so far holds for
// both values of the further bit, too: it is copied once, not written entry by entry.
func tavola(t []uint32, radice int, usati []usato, voci []uint32) bool {
	var quanti, posto [bitCodice + 1]int
	for _, u := range usati {
		quanti[u.lungo&bitCodice]++
	}
	presi := 0 // of all runs of 15 bits how many begin with a code
	for l := 1; l <= bitCodice; l++ {
		presi += quanti[l] << (bitCodice - l)
		posto[l] = posto[l-1] + quanti[l-1]
	}
	if len(usati) == 0 || len(usati) == 1 && quanti[1] == 1 {
		for i := range t[:1<<radice] {
			t[i] = vLibera
			if len(usati) == 1 && i&1 == 0 {
				t[i] = voci[usati[0].simbolo] + 1<<8 + 1
			}
		}
		return true
	}
	if presi != 1<<bitCodice {
		return false
	}
	var ordinati [maxLettere]usato // by the length of their codes
	for _, u := range usati {
		ordinati[posto[u.lungo&bitCodice]] = u
		posto[u.lungo&bitCodice]++
	}
	codice, lungo, k := 0, 0, 0
	for ; k < len(usati) && int(ordinati[k].lungo) <= radice; k++ {
		u := ordinati[k]
		for ; lungo < int(u.lungo); lungo++ {
			copy(t[1<<lungo:], t[:1<<lungo])
		}
		t[codice] = voci[u.simbolo] + uint32(lungo)<<8 + uint32(lungo)
		codice = prossimo(codice, lungo)
	}
	for ; lungo < radice; lungo++ {
		copy(t[1<<lungo:], t[:1<<lungo])
	}
	return tavolaLunga(t, radice, codice, ordinati[k:len(usati)], &quanti, voci)
}

// prossimo returns the code of that length that comes after one, both turned round. After
// the last comes 0.
func prossimo(codice, lungo int) int {
	nulli := codice ^ (1<<lungo - 1)
	if nulli == 0 {
		return 0
	}
	alto := 1 << (bits.Len(uint(nulli)) - 1) // its highest bit that is 0
	return codice&(alto-1) | alto
}

// tavolaLunga makes the tables for the codes that are longer than radice, of which codice
// is the first: behind each run of their first bits stands a further table.
func tavolaLunga(t []uint32, radice, codice int, lunghi []usato, quanti *[bitCodice + 1]int, voci []uint32) bool {
	fine, suoi, inizio, ancora := 1<<radice, -1, 0, 0
	for _, u := range lunghi {
		lungo := int(u.lungo)
		if primi := codice & (1<<radice - 1); primi != suoi {
			// as many bits as the codes that begin so fill up
			suoi, inizio, ancora = primi, fine, lungo-radice
			for pieni := quanti[lungo]; pieni < 1<<ancora; {
				ancora++
				pieni = pieni<<1 + quanti[radice+ancora]
			}
			if fine += 1 << ancora; fine > len(t) {
				return false
			}
			t[primi] = vAltro | vTavola | uint32(inizio)<<16 | uint32(ancora)<<8 | uint32(radice)
		}
		sua := t[inizio:fine]
		voce := voci[u.simbolo] + uint32(lungo-radice)<<8 + uint32(lungo-radice)
		for i := codice >> radice; i < len(sua); i += 1 << (lungo - radice) {
			sua[i] = voce
		}
		quanti[lungo]--
		codice = prossimo(codice, lungo)
	}
	return true
}

// bitDistanza is what a distance takes at most, extra bits included; a byte and a length
// before it take 35, so that the bits at hand after colma are enough for these.
const bitDistanza = 28

// blocco inflates a block by the tables from out[o] on and returns where it ends. It
// keeps in registers what the rest of the type keeps in g.
func (g *gonfiatore) blocco(out []byte, o int) (int, bool) {
	dati, i, b, nb := g.dati, g.i, g.b, g.nb
	for {
		i, b, nb = colma(dati, i, b, nb)
		e := g.lettere[b&(1<<bitLettere-1)]
		if e&vByte != 0 {
			if uint(o) >= uint(len(out)) {
				return o, false
			}
			out[o] = byte(e >> 16)
			o++
			b, nb = b>>(e&31), nb-uint(e&31)
			e = g.lettere[b&(1<<bitLettere-1)] // one more without colma
		}
		if e&vTavola != 0 {
			b, nb = b>>bitLettere, nb-bitLettere
			e = g.lettere[(uint64(e>>16)+b&(1<<(e>>8&31)-1))%dimLettere]
		}
		if e&vByte != 0 {
			if uint(o) >= uint(len(out)) {
				return o, false
			}
			out[o] = byte(e >> 16)
			o++
			b, nb = b>>(e&31), nb-uint(e&31)
			continue
		}
		if e&vAltro != 0 {
			g.i, g.b, g.nb = i, b>>(e&31), nb-uint(e&31)
			return o, e&vFine != 0
		}
		n := int(e>>16) + int(b&(1<<(e&31)-1)>>(e>>8&31))
		b, nb = b>>(e&31), nb-uint(e&31)
		if nb < bitDistanza {
			i, b, nb = colma(dati, i, b, nb)
		}
		e = g.distanze[b&(1<<bitDistanze-1)]
		if e&vTavola != 0 {
			b, nb = b>>bitDistanze, nb-bitDistanze
			e = g.distanze[(uint64(e>>16)+b&(1<<(e>>8&31)-1))%dimDistanze]
		}
		d := int(e>>16) + int(b&(1<<(e&31)-1)>>(e>>8&31))
		b, nb = b>>(e&31), nb-uint(e&31)
		if e&vAltro != 0 || d > o || n > len(out)-o {
			return o, false
		}
		if d >= 8 && n <= corta && corta <= len(out)-o {
			ripetiCorta((*[corta]byte)(out[o:]), (*[corta]byte)(out[o-d:]))
		} else {
			ripeti(out, o, n, d)
		}
		o += n
	}
}

// corta is up to what length matches are copied as if all had it: nine in ten have at most
// that, and which one is not to be guessed by the processor.
const corta = 32

// ripetiCorta copies eight bytes at a time: the two may overlap, eight bytes apart.
func ripetiCorta(a, da *[corta]byte) {
	binary.LittleEndian.PutUint64(a[0:], binary.LittleEndian.Uint64(da[0:]))
	binary.LittleEndian.PutUint64(a[8:], binary.LittleEndian.Uint64(da[8:]))
	binary.LittleEndian.PutUint64(a[16:], binary.LittleEndian.Uint64(da[16:]))
	binary.LittleEndian.PutUint64(a[24:], binary.LittleEndian.Uint64(da[24:]))
}

// ripeti writes n bytes at out[o] that are those d bytes before.
func ripeti(out []byte, o, n, d int) {
	if d >= 8 && n+8 <= len(out)-o { // eight at a time, some of them too many
		da, a := out[o-d:], out[o:o+n+8]
		for k := 0; k < n; k += 8 {
			binary.LittleEndian.PutUint64(a[k:], binary.LittleEndian.Uint64(da[k:]))
		}
		return
	}
	for prima := o - d; n > 0; {
		k := copy(out[o:o+n], out[prima:o])
		o, n = o+k, n-k
	}
}
