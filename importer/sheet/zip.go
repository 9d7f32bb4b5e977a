package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
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

// archivio is a zip file of which nothing is believed before it is checked: each
// part is unpacked once, to its stated size and CRC.
type archivio struct {
	file  []byte
	voci  []*zip.File
	per   map[string]int // a part's name in lower case, as programs find it
	letti []bool         // the parts already unpacked
	tutto uint64         // bytes unpacked so far

	buf     []byte     // the last part
	lettore lettoreXML // walks it
}

// apriArchivio reads the directory of a zip file. Its error wraps ErrIlleggibile.
func apriArchivio(contenuto []byte) (*archivio, error) {
	if len(contenuto) > limiteFile {
		return nil, fmt.Errorf("%w: a file of %d bytes", ErrTroppoGrande, len(contenuto))
	}
	z, err := zip.NewReader(bytes.NewReader(contenuto), int64(len(contenuto)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDanneggiato, err)
	}
	if len(z.File) > limiteEntrate {
		return nil, fmt.Errorf("%w: %d entries", ErrTroppoGrande, len(z.File))
	}
	a := &archivio{file: contenuto, voci: z.File, per: make(map[string]int, len(z.File)), letti: make([]bool, len(z.File))}
	for i, f := range z.File {
		nome := chiaveParte(f.Name)
		if _, doppio := a.per[nome]; doppio {
			return nil, fmt.Errorf("%w: two entries %q", ErrDanneggiato, f.Name)
		}
		if slices.Contains(strings.Split(nome, "/"), "..") {
			return nil, fmt.Errorf("%w: entry %q", ErrDanneggiato, f.Name)
		}
		a.per[nome] = i
	}
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
	for i, f := range a.voci {
		if a.letti[i] {
			continue
		}
		b, err := a.apri(i)
		if err != nil {
			return err
		}
		nome := strings.ToLower(f.Name)
		if len(b) == 0 || !strings.HasSuffix(nome, ".xml") && !strings.HasSuffix(nome, ".rels") {
			continue
		}
		x, err := a.percorri(f.Name, b)
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
	f := a.voci[i]
	if !a.letti[i] {
		a.letti[i] = true
		a.tutto += f.UncompressedSize64
	}
	if f.UncompressedSize64 > limiteParte || a.tutto > limiteAperto {
		return nil, fmt.Errorf("%w: %s unpacks to %d bytes", ErrTroppoGrande, f.Name, f.UncompressedSize64)
	}
	if f.Flags&1 != 0 {
		return nil, fmt.Errorf("%w: %s is encrypted", ErrProtetto, f.Name)
	}
	if err := a.intestata(f); err != nil {
		return nil, err
	}
	if err := a.gonfia(f); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrDanneggiato, f.Name, err)
	}
	return a.buf, nil
}

// intestazione is the size of a local header without its name.
const intestazione = 30

// intestata checks that the local header agrees with the directory: of two names
// that differ one is damaged.
func (a *archivio) intestata(f *zip.File) error {
	da, err := f.DataOffset()
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrDanneggiato, f.Name, err)
	}
	if da > int64(len(a.file)) {
		return fmt.Errorf("%w: %s is cut off", ErrDanneggiato, f.Name)
	}
	// DataOffset has read the header that ends there with the name and an extra field
	for extra := range 1 << 16 {
		inizio := int(da) - intestazione - len(f.Name) - extra
		if inizio < 0 {
			break
		}
		h := a.file[inizio:da]
		if string(h[:4]) != "PK\x03\x04" || int(binary.LittleEndian.Uint16(h[26:])) != len(f.Name) ||
			int(binary.LittleEndian.Uint16(h[28:])) != extra {
			continue
		}
		if string(h[intestazione:intestazione+len(f.Name)]) == f.Name && binary.LittleEndian.Uint16(h[8:]) == f.Method {
			return nil
		}
		break
	}
	return fmt.Errorf("%w: two headers of %s differ", ErrDanneggiato, f.Name)
}

// rapportoMassimo is the most that DEFLATE can make of a byte: memory is not
// given to a size that is merely claimed.
const rapportoMassimo = 1_032

// gonfia inflates an entry into buf, to the very byte of its stated size. The zip
// package lends its decompressors, which are large, and checks the CRC at the end.
func (a *archivio) gonfia(f *zip.File) (err error) {
	if f.UncompressedSize64 > rapportoMassimo*(f.CompressedSize64+1) {
		return errors.New("another size")
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	a.buf = slices.Grow(a.buf[:0], int(f.UncompressedSize64))[:f.UncompressedSize64]
	if _, err := io.ReadFull(r, a.buf); err != nil {
		return err
	}
	var oltre [1]byte
	if n, err := r.Read(oltre[:]); n != 0 || !errors.Is(err, io.EOF) {
		return fmt.Errorf("another size: %w", err)
	}
	return nil
}
