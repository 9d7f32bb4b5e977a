package sheet

import (
	"bytes"
	"fmt"
)

// Apri reads a workbook into the grid, strictly: what is damaged, contradicts
// itself or is beyond the limits is refused as a whole. Its error wraps ErrProtetto
// or ErrIlleggibile, with the reason where it is known; it is for the office's
// finding, not for the log: the file is at fault.
func Apri(contenuto []byte) (Cartella, error) {
	if len(contenuto) > limiteFile {
		return Cartella{}, fmt.Errorf("%w: a file of %d bytes", ErrTroppoGrande, len(contenuto))
	}
	if bytes.HasPrefix(contenuto, firmaOLE) {
		return Cartella{}, erroreOLE(contenuto)
	}
	a, err := apriArchivio(contenuto)
	if err != nil {
		return Cartella{}, err
	}
	leggi := apriOOXML
	if a.ha("content.xml") || a.ha(manifestoODF) { // encrypted, it may be without the first
		leggi = apriODS
	}
	c, err := leggi(a)
	if err != nil {
		return Cartella{}, err
	}
	return c, nil
}
