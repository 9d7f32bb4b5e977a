package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
)

// The limits of an archive (RELIABILITY.md, "Limits"): they refuse built bombs and
// no honest workbook.
const (
	limiteFile    = 20 << 20  // bytes of the file
	limiteEntrate = 2_000     // entries
	limiteParte   = 64 << 20  // bytes of one part, unpacked
	limiteAperto  = 128 << 20 // bytes of all parts, unpacked
)

// primaMemoria is up to which size memory for the largest part is taken at once.
const primaMemoria = 256 << 10

// archivio is a zip file of which nothing is believed before it is checked: each
// part is unpacked once, to its stated size and CRC.
type archivio struct {
	file  []byte
	voci  []voceZip
	per   map[string]int // a part's name in lower case, as programs find it
	letti []bool         // the parts already unpacked
	tutto uint64         // bytes unpacked so far

	buf        []byte // the last part
	gonfiatore gonfiatore
	lettore    lettoreXML // walks it
}

// apriArchivio reads the directory of a zip file. Its error wraps ErrIlleggibile.
func apriArchivio(contenuto []byte) (*archivio, error) {
	if len(contenuto) > limiteFile {
		return nil, fmt.Errorf("%w: a file of %d bytes", ErrTroppoGrande, len(contenuto))
	}
	voci, err := indiceZip(contenuto)
	if err != nil {
		return nil, err
	}
	if len(voci) > limiteEntrate {
		return nil, fmt.Errorf("%w: %d entries", ErrTroppoGrande, len(voci))
	}
	a := &archivio{file: contenuto, voci: voci, per: make(map[string]int, len(voci)), letti: make([]bool, len(voci))}
	grande := uint64(0)
	for i := range voci {
		f := &voci[i]
		nome := chiaveParte(f.nome)
		if _, doppio := a.per[nome]; doppio {
			return nil, fmt.Errorf("%w: two entries %q", ErrDanneggiato, f.nome)
		}
		if strings.Contains(nome, "..") && slices.Contains(strings.Split(nome, "/"), "..") {
			return nil, fmt.Errorf("%w: entry %q", ErrDanneggiato, f.nome)
		}
		a.per[nome] = i
		grande = max(grande, min(f.interi, primaMemoria))
	}
	a.buf = make([]byte, 0, min(grande, rapportoMassimo*uint64(len(contenuto))))
	return a, nil
}

// chiaveParte returns the name by which a part is found: names of parts do not tell
// capitals, and some old writers use the backslash.
func chiaveParte(nome string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(nome, "\\", "/"), "/"))
}

// ha tells whether there is a part of that name.
func (a *archivio) ha(nome string) bool {
	_, ok := a.per[chiaveParte(nome)]
	return ok
}

// parte unpacks a part. What it returns holds until the next call.
func (a *archivio) parte(nome string) ([]byte, error) {
	i, ok := a.per[chiaveParte(nome)]
	if !ok {
		return nil, fmt.Errorf("%w: %s is missing", ErrDanneggiato, nome)
	}
	return a.apri(i)
}

// restanti unpacks every part not asked for so far, and walks those that are XML to
// their end: what nobody reads must be whole, too, or else the file is damaged.
func (a *archivio) restanti() error {
	for i := range a.voci {
		f := &a.voci[i]
		if a.letti[i] {
			continue
		}
		b, err := a.apri(i)
		if err != nil {
			return err
		}
		nome := strings.ToLower(f.nome)
		if len(b) == 0 || !strings.HasSuffix(nome, ".xml") && !strings.HasSuffix(nome, ".rels") {
			continue
		}
		x, err := a.percorri(f.nome, b)
		if err != nil {
			return err
		}
		x.nominaDTD = true
		for x.avanti() != basta {
		}
		if x.err != nil {
			return x.err
		}
	}
	return nil
}

func (a *archivio) apri(i int) ([]byte, error) {
	f := &a.voci[i]
	if !a.letti[i] {
		a.letti[i] = true
		a.tutto += f.interi
	}
	if f.interi > limiteParte || a.tutto > limiteAperto {
		return nil, fmt.Errorf("%w: %s unpacks to %d bytes", ErrTroppoGrande, f.nome, f.interi)
	}
	if f.segni&1 != 0 {
		return nil, fmt.Errorf("%w: %s is encrypted", ErrProtetto, f.nome)
	}
	da, err := a.intestata(f)
	if err != nil {
		return nil, err
	}
	if err := a.gonfia(f, da); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrDanneggiato, f.nome, err)
	}
	return a.buf, nil
}

// intestata checks that the local header agrees with the directory: of two names
// that differ one is damaged. It returns where the entry's data begin.
func (a *archivio) intestata(f *voceZip) (da int64, err error) {
	if f.file == nil {
		if da, ok := a.dopoTesta(f, f.testa); ok {
			return da, nil
		}
		return 0, fmt.Errorf("%w: two headers of %s differ", ErrDanneggiato, f.nome)
	}
	if da, err = f.file.DataOffset(); err != nil {
		return 0, fmt.Errorf("%w: %s: %w", ErrDanneggiato, f.nome, err)
	}
	if da > int64(len(a.file)) {
		return 0, fmt.Errorf("%w: %s is cut off", ErrDanneggiato, f.nome)
	}
	// DataOffset has read the header that ends there with the name and an extra field
	for extra := range int64(1 << 16) {
		testa := da - lungaTesta - int64(len(f.nome)) - extra
		if testa < 0 {
			break
		}
		if h := a.file[testa:]; string(h[:4]) != firmaTesta || int(binary.LittleEndian.Uint16(h[26:])) != len(f.nome) ||
			int64(binary.LittleEndian.Uint16(h[28:])) != extra {
			continue
		}
		if dopo, ok := a.dopoTesta(f, testa); ok && dopo == da {
			return da, nil
		}
		break
	}
	return 0, fmt.Errorf("%w: two headers of %s differ", ErrDanneggiato, f.nome)
}

// dopoTesta returns where a local header ends; ok is false where none begins there that is
// the entry's.
func (a *archivio) dopoTesta(f *voceZip, testa int64) (da int64, ok bool) {
	if testa+lungaTesta > int64(len(a.file)) {
		return 0, false
	}
	h := a.file[testa:]
	nome, extra := int(binary.LittleEndian.Uint16(h[26:])), int(binary.LittleEndian.Uint16(h[28:]))
	if string(h[:4]) != firmaTesta || nome != len(f.nome) || len(h) < lungaTesta+nome+extra ||
		string(h[lungaTesta:lungaTesta+nome]) != f.nome || binary.LittleEndian.Uint16(h[8:]) != f.metodo {
		return 0, false
	}
	return testa + lungaTesta + int64(nome+extra), true
}

// rapportoMassimo is the most that DEFLATE can make of a byte: memory is not
// given to a size that is merely claimed.
const rapportoMassimo = 1_032

// errTaglia is the error for an entry that is not of its stated size.
var errTaglia = errors.New("another size")

// gonfia inflates the entry whose data begin there into buf, to the very byte of its
// stated size, and checks its CRC: by the directory, and where one follows the data by
// their descriptor too.
func (a *archivio) gonfia(f *voceZip, da int64) error {
	if f.interi > rapportoMassimo*(f.compressi+1) || f.compressi > uint64(int64(len(a.file))-da) {
		return errTaglia
	}
	dati, dopo := a.file[da:da+int64(f.compressi)], a.file[da+int64(f.compressi):]
	a.buf = slices.Grow(a.buf[:0], int(f.interi))[:f.interi]
	switch {
	case len(a.buf) == 0 && strings.HasSuffix(f.nome, "/"): // a folder has no data
		return nil
	case f.metodo == zip.Deflate:
		if err := a.gonfiatore.gonfia(a.buf, dati); err != nil {
			return err
		}
	case f.metodo == zip.Store:
		if copy(a.buf, dati) != len(dati) || len(dati) != len(a.buf) {
			return errTaglia
		}
	default:
		return zip.ErrAlgorithm
	}
	if crc32.ChecksumIEEE(a.buf) != f.crc {
		return zip.ErrChecksum
	}
	if f.segni&conDescrittore != 0 {
		if bytes.HasPrefix(dopo, []byte("PK\x07\x08")) { // its signature may be left out
			dopo = dopo[4:]
		}
		// two sizes follow, of four bytes or eight: programs differ
		if len(dopo) < 12 || binary.LittleEndian.Uint32(dopo) != f.crc {
			return zip.ErrChecksum
		}
	}
	return nil
}

// conDescrittore is the flag of an entry whose CRC and sizes follow its data.
const conDescrittore = 8
