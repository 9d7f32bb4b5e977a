package importer

import (
	"strings"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// segno is what a month cell says.
type segno uint8

const (
	segnoVuoto segno = iota
	segnoSi
	segnoIgnoto
)

// lunghezzaSegno is more than any mark has, in bytes, accents of its own included.
const lunghezzaSegno = 20

// segnoDi reads the text of a month cell (contract: X x ✓ ✔ ● * 1 SI mark it; blank,
// a dash, NO and 0 do not).
func segnoDi(testo string) segno {
	switch testo { // nearly all of them
	case "":
		return segnoVuoto
	case "X", "x":
		return segnoSi
	}
	if len(testo) > lunghezzaSegno {
		return segnoIgnoto
	}
	switch strings.ToUpper(piano.Normalizza(testo)) {
	case "", "-", "–", "—", "NO", "0", "N", "_", "--", "☐", "□", "▢":
		return segnoVuoto
	case "X", "✓", "✔", "●", "*", "1", "SI", "√", "•", "☑", "☒", "✕", "✖", "✗", "✘", "×", "■", "█", "⬤", "⚫", "▪", "◼", "◆", "100%", "XX", "XXX", "Х", "⊠", "✅", "S", "\uf0fc", "\uf0fe":
		return segnoSi
	}
	return segnoIgnoto
}

// segnoCella reads a month cell with its colour: a solid fill marks a blank cell
// where it differs from the fill of the row's label.
func segnoCella(c sheet.Cella, coloreRiga sheet.Colore) segno {
	if c.Testo == "" && c.Riempimento != 0 && c.Riempimento != coloreRiga {
		return segnoSi
	}
	return segnoDi(c.Testo)
}

// eseguitoCella reads an ESEGUITO cell: SI, NO, or nil for blank and for the form's
// own "SI/NO". It tells whether the text is one of these.
func eseguitoCella(testo string) (*bool, bool) {
	if testo == "" || testo == "SI/NO" { // nearly all of them
		return nil, true
	}
	si, no := true, false
	k := strings.ReplaceAll(piano.Normalizza(testo), " ", "")
	switch strings.TrimSuffix(k, ".") {
	case "", "si/no", "no/si", "sino", "s/n", "si-no", "si|no", "si\\no", "si–no", "sio no", "siono", "-", "–", "—", "_", "n.d", "nd", "☐", "□", "▢":
		return nil, true
	case "no", "n", "falso", "false":
		return &no, true
	case "si", "si'", "s", "x", "vero", "true", "✓", "✔", "●", "*", "√", "☑", "☒", "sì":
		return &si, true
	}
	return nil, false
}
