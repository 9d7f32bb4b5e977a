package importer

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/scadenzario/scadenzario/importer/sheet"
)

// The limits of a workbook that is read safely. An office's has some hundred rows;
// the sample plan's largest is 30 KB.
const (
	limiteFile     = 20 << 20  // bytes of the file
	limiteAperto   = 64 << 20  // bytes of all its parts, unpacked
	limiteParte    = 32 << 20  // bytes of one part, unpacked
	limiteCelle    = 1_000_000 // cells of a sheet, counted to the last column of each row
	limiteUnioni   = 5_000     // merged areas of a sheet
	limiteColonnaX = 16_384    // columns of a sheet
)

var (
	errProtetto    = errors.New("encrypted with a password")
	errIlleggibile = errors.New("not a workbook that can be read")
)

// esamina looks at the bytes before any library does: what kind of file it is,
// whether its parts are whole, and whether they are small enough. excelize takes
// truncated sheets for short ones and can be made to fill the memory, so only
// what passes here reaches it.
func esamina(contenuto []byte) error {
	if len(contenuto) > limiteFile {
		return fmt.Errorf("%w: %d bytes", errIlleggibile, len(contenuto))
	}
	if bytes.HasPrefix(contenuto, []byte("\xd0\xcf\x11\xe0")) {
		if bytes.Contains(contenuto, utf16("EncryptedPackage")) {
			return errProtetto
		}
		return fmt.Errorf("%w: an old binary file", errIlleggibile)
	}
	z, err := zip.NewReader(bytes.NewReader(contenuto), int64(len(contenuto)))
	if err != nil {
		return fmt.Errorf("%w: %w", errIlleggibile, err)
	}
	return esaminaParti(z)
}

// utf16 writes an ASCII text as the directory of an OLE file holds names.
func utf16(s string) []byte {
	b := make([]byte, 0, 2*len(s))
	for i := range len(s) {
		b = append(b, s[i], 0)
	}
	return b
}

// esaminaParti reads every XML part to its end.
func esaminaParti(z *zip.Reader) error {
	var aperto uint64
	var libro, testi, usaTesti bool
	for _, f := range z.File {
		aperto += f.UncompressedSize64
		if f.UncompressedSize64 > limiteParte || aperto > limiteAperto {
			return fmt.Errorf("%w: %s is too large", errIlleggibile, f.Name)
		}
		nome := strings.ToLower(strings.TrimPrefix(f.Name, "/"))
		libro = libro || nome == "xl/workbook.xml"
		testi = testi || nome == "xl/sharedstrings.xml"
		if !strings.HasSuffix(nome, ".xml") && !strings.HasSuffix(nome, ".rels") {
			continue
		}
		usa, err := esaminaParte(f, strings.HasPrefix(nome, "xl/worksheets/"))
		if err != nil {
			return fmt.Errorf("%w: %s: %w", errIlleggibile, f.Name, err)
		}
		usaTesti = usaTesti || usa
	}
	if !libro {
		return fmt.Errorf("%w: no workbook inside", errIlleggibile)
	}
	if usaTesti && !testi {
		return fmt.Errorf("%w: its texts are missing", errIlleggibile)
	}
	return nil
}

// esaminaParte reads one part, and tells whether it is a sheet whose texts stand
// in the shared part.
func esaminaParte(f *zip.File, foglio bool) (usaTesti bool, err error) {
	r, err := f.Open()
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	d := xml.NewDecoder(io.LimitReader(r, limiteParte))
	d.Strict = true
	var m misura
	for {
		t, err := d.Token()
		if err == io.EOF {
			return m.usaTesti, nil
		}
		if err != nil {
			return false, err
		}
		if e, ok := t.(xml.StartElement); ok && foglio {
			if err := m.vede(e); err != nil {
				return false, err
			}
		}
	}
}

// misura counts what a sheet would cost to hold.
type misura struct {
	celle, unioni, colonna int
	usaTesti               bool
}

func (m *misura) vede(e xml.StartElement) error {
	switch e.Name.Local {
	case "row":
		m.celle, m.colonna = m.celle+m.colonna, 0
	case "mergeCell":
		m.unioni++
	case "c":
		m.colonna++
		for _, a := range e.Attr {
			if _, c, ok := sheet.DaIndirizzo(a.Value); ok && a.Name.Local == "r" {
				m.colonna = max(m.colonna, c)
			}
			if a.Name.Local == "t" && a.Value == "s" {
				m.usaTesti = true
			}
		}
	}
	if m.celle+m.colonna > limiteCelle || m.unioni > limiteUnioni || m.colonna > limiteColonnaX {
		return errors.New("a sheet is too large")
	}
	return nil
}
