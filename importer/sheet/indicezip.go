package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
)

// voceZip is an entry of an archive, as its directory says.
type voceZip struct {
	nome              string
	metodo, segni     uint16
	crc               uint32
	compressi, interi uint64    // bytes
	testa             int64     // where its local header begins
	file              *zip.File // where only archive/zip can tell that; else nil
}

// indiceZip reads the directory of a zip file. archive/zip reads what is not simple: it
// decides what a file with anything unusual is, and makes many small pieces of memory.
func indiceZip(contenuto []byte) ([]voceZip, error) {
	if voci, ok := indiceSemplice(contenuto); ok {
		return voci, nil
	}
	z, err := zip.NewReader(bytes.NewReader(contenuto), int64(len(contenuto)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDanneggiato, err)
	}
	voci := make([]voceZip, len(z.File))
	for i, f := range z.File {
		voci[i] = voceZip{nome: f.Name, metodo: f.Method, segni: f.Flags, crc: f.CRC32,
			compressi: f.CompressedSize64, interi: f.UncompressedSize64, file: f}
	}
	return voci, nil
}

// The records of a zip file (APPNOTE.TXT, 4.3): the directory's end, an entry of it, a
// local header, each without what varies in length.
const (
	lungaFine, lungaVoce, lungaTesta = 22, 46, 30
	firmaFine, firmaVoce, firmaTesta = "PK\x05\x06", "PK\x01\x02", "PK\x03\x04"
)

// indiceSemplice reads the directory of a zip file as nearly every program writes it: it
// ends the file, right after the last entry, with no comment, and no size is of 64 bits.
func indiceSemplice(contenuto []byte) ([]voceZip, bool) {
	if len(contenuto) < lungaFine {
		return nil, false
	}
	u16, u32 := binary.LittleEndian.Uint16, binary.LittleEndian.Uint32
	prima, fine := contenuto[:len(contenuto)-lungaFine], contenuto[len(contenuto)-lungaFine:]
	quante, lungo, inizio := u16(fine[10:]), u32(fine[12:]), u32(fine[16:])
	if string(fine[:4]) != firmaFine || u16(fine[20:]) != 0 || uint64(inizio)+uint64(lungo) != uint64(len(prima)) ||
		quante == math.MaxUint16 || lungo == math.MaxUint16 { // there archive/zip looks for sizes of 64 bits
		return nil, false
	}
	p := prima[inizio:]
	nomi, voci := string(p), make([]voceZip, 0, min(int(quante), len(p)/lungaVoce))
	for len(p) > 0 {
		if len(p) < lungaVoce || string(p[:4]) != firmaVoce {
			return nil, false
		}
		v := voceZip{segni: u16(p[8:]), metodo: u16(p[10:]), crc: u32(p[16:]), compressi: uint64(u32(p[20:])), interi: uint64(u32(p[24:])), testa: int64(u32(p[42:]))}
		nome := int(u16(p[28:]))
		tutta := lungaVoce + nome + int(u16(p[30:])) + int(u16(p[32:]))
		if len(p) < tutta || v.compressi == math.MaxUint32 || v.interi == math.MaxUint32 || v.testa == math.MaxUint32 {
			return nil, false
		}
		da := len(nomi) - len(p) + lungaVoce
		v.nome = nomi[da : da+nome]
		voci, p = append(voci, v), p[tutta:]
	}
	return voci, len(voci) == int(quante)
}
