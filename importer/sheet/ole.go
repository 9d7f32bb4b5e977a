package sheet

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf16"
)

// firmaOLE opens an OLE compound file, the container of Office before 2007 and of
// encrypted Office files of all years.
var firmaOLE = []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

// ole is a compound file: a small file system of sectors. Nothing that it says of
// itself is taken on trust: each chain is no longer than the file has sectors.
type ole struct {
	file      []byte
	lato      int // bytes of a sector
	fat       []uint32
	radice    voceOLE // holds the small streams
	miniFAT   []uint32
	sogliaMin uint64 // streams below it live in the small sectors
}

// voceOLE is an entry of the directory.
type voceOLE struct {
	nome                     string
	tipo                     byte // 1 a folder, 2 a stream, 5 the root, 0 unused
	sinistra, destra, figlio uint32
	inizio                   uint32
	lungo                    uint64
}

const (
	miniLato     = int64(64)  // bytes of a small sector
	settoreMax   = 0xFFFFFFFA // numbers from here on are marks, not sectors
	limiteVoci   = 4096       // entries of a directory that are looked at
	limiteRecord = 16 << 10   // bytes of the Workbook stream searched for FilePass
)

var errOLE = errors.New("a broken OLE file")

// erroreOLE is the error of Apri for an OLE file: what is encrypted is told from what
// is merely no workbook of today.
func erroreOLE(contenuto []byte) error {
	switch naturaOLE(contenuto) {
	case Protetta, XlsCifrata:
		return ErrProtetto
	}
	return fmt.Errorf("%w: an OLE file", ErrIlleggibile)
}

// naturaOLE tells what an OLE file holds by the names at the root of its directory:
// a document may have workbooks inside, and a workbook documents.
func naturaOLE(contenuto []byte) Natura {
	o, voci, err := apriOLE(contenuto)
	if err != nil {
		if bytes.Contains(contenuto, inUTF16("EncryptedPackage")) {
			return Protetta // broken as well, but the password is what the office can do something about
		}
		return Sconosciuta
	}
	natura := Sconosciuta
	for _, v := range o.allaRadice(voci) {
		switch v.nome {
		case "EncryptedPackage", "EncryptionInfo", "\x06DataSpaces":
			return Protetta
		case "Workbook", "Book", "WORKBOOK", "BOOK":
			if o.cifrato(v) {
				return XlsCifrata
			}
			natura = Xls
		case "WordDocument":
			natura = Word
		case "PowerPoint Document":
			natura = Presentazione
		case "VisioDocument":
			natura = Disegno
		case "__properties_version1.0":
			natura = Messaggio
		}
	}
	return natura
}

// inUTF16 writes an ASCII text as a directory holds names.
func inUTF16(s string) []byte {
	b := make([]byte, 0, 2*len(s))
	for i := range len(s) {
		b = append(b, s[i], 0)
	}
	return b
}

// allaRadice returns the streams that lie in the root: a binary tree of siblings.
func (o *ole) allaRadice(voci []voceOLE) []voceOLE {
	var trovate []voceOLE
	daVedere, viste := []uint32{o.radice.figlio}, make([]bool, len(voci))
	for len(daVedere) > 0 {
		n := daVedere[len(daVedere)-1]
		daVedere = daVedere[:len(daVedere)-1]
		if uint64(n) >= uint64(len(voci)) || viste[n] {
			continue
		}
		viste[n] = true
		trovate = append(trovate, voci[n])
		daVedere = append(daVedere, voci[n].sinistra, voci[n].destra)
	}
	return trovate
}

// apriOLE reads the header, the sector table and the directory.
func apriOLE(b []byte) (*ole, []voceOLE, error) {
	if len(b) < 512 {
		return nil, nil, errOLE
	}
	spostamento := binary.LittleEndian.Uint16(b[30:])
	if spostamento != 9 && spostamento != 12 {
		return nil, nil, errOLE
	}
	o := &ole{file: b, lato: 1 << spostamento, sogliaMin: uint64(binary.LittleEndian.Uint32(b[56:]))}
	if err := o.leggiFAT(); err != nil {
		return nil, nil, err
	}
	indice, err := o.catena(binary.LittleEndian.Uint32(b[48:]), limiteVoci*128)
	if err != nil {
		return nil, nil, err
	}
	var voci []voceOLE
	for ; len(indice) >= 128; indice = indice[128:] {
		voci = append(voci, leggiVoce(indice))
	}
	if len(voci) == 0 || voci[0].tipo != 5 {
		return nil, nil, errOLE
	}
	o.radice = voci[0]
	piccola, err := o.catena(binary.LittleEndian.Uint32(b[60:]), len(b))
	if err != nil {
		return nil, nil, err
	}
	o.miniFAT = numeri(piccola)
	return o, voci, nil
}

// leggiFAT gathers the sector table: its first 109 sectors are listed in the header,
// the others in a chain of their own.
func (o *ole) leggiFAT() error {
	elenco := numeri(o.file[76:512])
	altro, quanti := binary.LittleEndian.Uint32(o.file[68:]), 0
	for altro < settoreMax {
		s, ok := o.settore(altro)
		if quanti++; !ok || quanti > len(o.file)/o.lato {
			return errOLE
		}
		n := numeri(s)
		elenco, altro = append(elenco, n[:len(n)-1]...), n[len(n)-1]
	}
	for _, n := range elenco {
		if n >= settoreMax {
			continue
		}
		s, ok := o.settore(n)
		if !ok || len(o.fat)*4 > len(o.file) {
			return errOLE
		}
		o.fat = append(o.fat, numeri(s)...)
	}
	return nil
}

// settore returns one sector; the last one of a file may be short, as some writers
// leave it.
func (o *ole) settore(n uint32) ([]byte, bool) {
	da := (int64(n) + 1) * int64(o.lato)
	if da >= int64(len(o.file)) {
		return nil, false
	}
	s := o.file[da:min(da+int64(o.lato), int64(len(o.file)))]
	if len(s) < o.lato {
		s = append(make([]byte, 0, o.lato), s...)[:o.lato]
	}
	return s, true
}

// catena returns the sectors that follow one another from n, at most quanti bytes.
func (o *ole) catena(n uint32, quanti int) ([]byte, error) {
	var tutto []byte
	for passi := 0; n < settoreMax && len(tutto) < quanti; passi++ {
		s, ok := o.settore(n)
		if !ok || int(n) >= len(o.fat) || passi > len(o.fat) {
			return nil, errOLE
		}
		tutto = append(tutto, s...)
		n = o.fat[n]
	}
	return tutto[:min(len(tutto), quanti)], nil
}

// flusso returns the beginning of a stream, from the small sectors where it lives
// there.
func (o *ole) flusso(v voceOLE, quanti int) ([]byte, error) {
	quanti = int(min(uint64(quanti), v.lungo))
	if v.lungo >= o.sogliaMin {
		return o.catena(v.inizio, quanti)
	}
	piccoli, err := o.catena(o.radice.inizio, len(o.file))
	if err != nil {
		return nil, err
	}
	var tutto []byte
	for n := v.inizio; n < settoreMax && len(tutto) < quanti; n = o.miniFAT[n] {
		da := int64(n) * miniLato
		if int64(n) >= int64(len(o.miniFAT)) || da+miniLato > int64(len(piccoli)) {
			return nil, errOLE
		}
		tutto = append(tutto, piccoli[da:da+miniLato]...)
	}
	return tutto[:min(len(tutto), quanti)], nil
}

// cifrato tells whether a workbook's stream has a FilePass record, which stands among
// its first: what follows is encrypted. Excel itself opens some of these without
// asking, those whose structure alone is protected.
func (o *ole) cifrato(v voceOLE) bool {
	const filePass, fine = 0x2F, 0x0A
	b, err := o.flusso(v, limiteRecord)
	if err != nil {
		return false // broken: whoever converts it will say so
	}
	for len(b) >= 4 {
		tipo, lungo := binary.LittleEndian.Uint16(b), int(binary.LittleEndian.Uint16(b[2:]))
		if tipo == filePass {
			return true
		}
		if tipo == fine || 4+lungo > len(b) {
			return false
		}
		b = b[4+lungo:]
	}
	return false
}

// leggiVoce reads an entry of the directory; one that is unused or odd has no name.
func leggiVoce(b []byte) voceOLE {
	v := voceOLE{tipo: b[66], sinistra: binary.LittleEndian.Uint32(b[68:]), destra: binary.LittleEndian.Uint32(b[72:]), figlio: binary.LittleEndian.Uint32(b[76:]),
		inizio: binary.LittleEndian.Uint32(b[116:]), lungo: uint64(binary.LittleEndian.Uint32(b[120:]))}
	lungo := int(binary.LittleEndian.Uint16(b[64:]))
	if v.tipo == 0 || lungo < 2 || lungo > 64 {
		return v
	}
	nome := make([]uint16, lungo/2-1)
	for i := range nome {
		nome[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	v.nome = string(utf16.Decode(nome))
	return v
}

// numeri reads a sector as the numbers of sectors.
func numeri(b []byte) []uint32 {
	n := make([]uint32, len(b)/4)
	for i := range n {
		n[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return n
}
