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
	lunghi   [maxLettere + maxDistanze]uint8 // of the codes of a block
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

// colma brings the bits at hand to 56 or more; beyond the end they are zeros, which
// oltre finds out.
func (g *gonfiatore) colma() {
	if g.i+8 <= len(g.dati) && g.i >= 0 {
		g.b |= binary.LittleEndian.Uint64(g.dati[g.i:]) << g.nb
		g.i += int((63 - g.nb) / 8)
		g.nb |= 56
		return
	}
	for ; g.nb < 56; g.nb += 8 {
		if g.i < len(g.dati) {
			g.b |= uint64(g.dati[g.i]) << g.nb
		}
		g.i++
	}
}

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
	l := g.lunghi[:maxLettere]
	for s := range l {
		switch {
		case s < 144:
			l[s] = 8
		case s < 256:
			l[s] = 9
		case s < 280:
			l[s] = 7
		default:
			l[s] = 8
		}
	}
	d := g.lunghi[maxLettere:]
	for s := range d {
		d[s] = 5
	}
	g.fissi = tavola(g.lettere[:], bitLettere, l, voceLettera) && tavola(g.distanze[:], bitDistanze, d, voceDistanza)
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
	var primi [19]uint8
	for k := range quanti {
		if g.nb < 3 {
			g.colma()
		}
		primi[ordineCodici[k]] = uint8(g.b & 7)
		g.usa(3)
	}
	var t [128]uint32
	if !tavola(t[:], 7, primi[:], voceNuda) {
		return false
	}
	tutti := g.lunghi[:lettere+distanze]
	for k := 0; k < len(tutti); {
		if g.nb < 14 {
			g.colma()
		}
		e := t[g.b&127]
		if e&vAltro != 0 {
			return false
		}
		g.usa(uint(e & 255))
		if s := e >> 16; s < 16 {
			tutti[k] = uint8(s)
			k++
			continue
		}
		volte, quale, ok := g.ripete(e>>16, tutti[:k])
		if !ok || volte > len(tutti)-k {
			return false
		}
		for range volte {
			tutti[k] = quale
			k++
		}
	}
	return tavola(g.lettere[:], bitLettere, tutti[:lettere], voceLettera) &&
		tavola(g.distanze[:], bitDistanze, tutti[lettere:], voceDistanza)
}

// ripete reads how often a length comes again: the last one, or none.
func (g *gonfiatore) ripete(s uint32, prima []uint8) (volte int, quale uint8, ok bool) {
	switch s {
	case 16:
		if len(prima) == 0 {
			return 0, 0, false
		}
		volte, quale = int(g.b&3)+3, prima[len(prima)-1]
		g.usa(2)
	case 17:
		volte = int(g.b&7) + 3
		g.usa(3)
	default:
		volte = int(g.b&127) + 11
		g.usa(7)
	}
	return volte, quale, true
}

// tavola makes the table that finds a symbol by the next bits. It tells whether the
// lengths are those of a complete code; one that has no code, or a single one of one
// bit, need not be.
func tavola(t []uint32, radice uint, lunghi []uint8, voci []uint32) bool {
	var quanti, primo [bitCodice + 1]int
	for _, l := range lunghi {
		quanti[l&bitCodice]++
	}
	quanti[0] = 0
	massimo := 0
	for l := 1; l <= bitCodice; l++ {
		primo[l] = (primo[l-1] + quanti[l-1]) << 1
		if quanti[l] > 0 {
			massimo = l
		}
	}
	t, resto := t[:1<<radice], t[1<<radice:]
	if massimo == 0 || massimo == 1 && quanti[1] == 1 {
		for i := range t {
			t[i] = vLibera
		}
	} else if primo[massimo]+quanti[massimo] != 1<<massimo {
		return false
	}
	if massimo > int(radice) {
		return tavolaLunga(t, resto, radice, lunghi, primo, voci)
	}
	for s, l := range lunghi {
		if l &= bitCodice; l > 0 {
			metteVoce(t, rovescio(primo[l], l), uint(l), voci[s])
			primo[l]++
		}
	}
	return true
}

// tavolaLunga is tavola for codes that are longer than radice: behind each run of their
// first bits stands a further table.
func tavolaLunga(t, resto []uint32, radice uint, lunghi []uint8, primo [bitCodice + 1]int, voci []uint32) bool {
	var codici [maxLettere]uint16
	var alta [1 << bitLettere]uint8 // of the codes with these first bits the longest
	for s, l := range lunghi {
		if l &= bitCodice; l > 0 {
			codici[s] = rovescio(primo[l], l)
			primo[l]++
			if r := &alta[codici[s]&uint16(len(t)-1)]; uint(l) > radice && l > *r {
				*r = l
			}
		}
	}
	presi := uint(0)
	for s, l := range lunghi {
		if uint(l) <= radice {
			if l > 0 {
				metteVoce(t, codici[s], uint(l), voci[s])
			}
			continue
		}
		primi := codici[s] & uint16(len(t)-1)
		if alta[primi]&presa == 0 {
			ancora := uint(alta[primi]) - radice
			if presi+1<<ancora > uint(len(resto)) {
				return false
			}
			t[primi] = vAltro | vTavola | uint32(uint(len(t))+presi)<<16 | uint32(ancora)<<8 | uint32(radice)
			presi += 1 << ancora
			alta[primi] |= presa
		}
		da := t[primi]>>16 - uint32(len(t))
		sua := resto[da : da+1<<(t[primi]>>8&31)]
		metteVoce(sua, codici[s]>>radice, uint(l)-radice, voci[s])
	}
	return true
}

// presa marks first bits that have their further table.
const presa = 128

// rovescio turns a code round: it comes with its highest bit first.
func rovescio(codice int, l uint8) uint16 { return bits.Reverse16(uint16(codice)) >> (16 - l) }

// metteVoce writes a symbol's entry wherever the next bits are its code.
func metteVoce(t []uint32, codice uint16, l uint, voce uint32) {
	voce += uint32(l)<<8 | uint32(l)
	for i := uint(codice); i < uint(len(t)); i += 1 << l {
		t[i] = voce
	}
}

// bitCoppia is the most that a length and its distance take, extra bits included.
const bitCoppia = 48

// blocco inflates a block by the tables from out[o] on and returns where it ends. It
// keeps in registers what the rest of the type keeps in g.
func (g *gonfiatore) blocco(out []byte, o int) (int, bool) {
	dati, i, b, nb := g.dati, g.i, g.b, g.nb
	for {
		if nb < bitCoppia {
			if i+8 <= len(dati) {
				b |= binary.LittleEndian.Uint64(dati[i:]) << (nb & 63)
				i += int(63-nb) >> 3
				nb |= 56
			} else {
				g.i, g.b, g.nb = i, b, nb
				g.colma()
				if i, b, nb = g.i, g.b, g.nb; g.oltre() {
					return o, false
				}
			}
		}
		e := g.lettere[b&(1<<bitLettere-1)]
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
		ripeti(out, o, n, d)
		o += n
	}
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
