package sheet

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Tipo says what kind of value a cell holds. The kind comes from the stored value
// and its number format, never from how the text looks.
type Tipo int

// The kinds of a cell.
const (
	Testo    Tipo = iota // text as typed
	Numero               // plain decimal with a point
	Percento             // a number in a percent format: "88%"
	Data                 // a number in a date format, or an ISO date cell: "2021-12-31"
	Logico               // "SI" or "NO"
	Guasto               // an error such as #REF!
	Ignoto               // a formula whose value was never stored: Testo is ""
)

// Cella is a cell of the grid. Rows and columns count from 1, as in an address.
type Cella struct {
	Riga, Colonna int
	Testo         string // in the contract's form: folded, NFC, plain decimal, "88%" or ISO date
	Tipo          Tipo
	Formula       bool   // its value was computed by the program that saved the file
	Riempimento   string // "RRGGBB" of a solid fill; "" for none, white and patterns
}

// Area is a rectangle of cells, its corners included: a merged area, or one cell.
type Area struct {
	Riga, Colonna, FinoRiga, FinoColonna int
}

// Indirizzo returns the A1 address of the area's top-left cell.
func (a Area) Indirizzo() string { return Indirizzo(a.Riga, a.Colonna) }

// Indirizzo returns the A1 address of a cell, "" where row or column is below 1.
func Indirizzo(riga, colonna int) string {
	if riga < 1 || colonna < 1 {
		return ""
	}
	lettere := ""
	for ; colonna > 0; colonna = (colonna - 1) / 26 {
		lettere = string(rune('A'+(colonna-1)%26)) + lettere
	}
	return lettere + strconv.Itoa(riga)
}

// DaIndirizzo reads an A1 address without $ signs, and tells whether it is one.
func DaIndirizzo(s string) (riga, colonna int, ok bool) {
	cifre := strings.TrimLeft(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	lettere := s[:len(s)-len(cifre)]
	riga, err := strconv.Atoi(cifre)
	if err != nil || riga < 1 || lettere == "" || len(lettere) > 3 {
		return 0, 0, false
	}
	for _, l := range lettere {
		colonna = colonna*26 + int(l-'A') + 1
	}
	return riga, colonna, true
}

type posto struct{ riga, colonna int }

// Foglio is one sheet: its cells that hold a text or a fill, and its merged areas.
type Foglio struct {
	Nome     string
	Nascosto bool
	Unioni   []Area

	celle   map[posto]Cella
	coperte map[posto]int // index in Unioni of the area that covers the cell
	righe   int
	colonne int
}

// NewFoglio builds a sheet from its cells, in any order. A merged area shows the
// text and the fill of its top-left cell; what the other cells hold is not seen, as
// in a spreadsheet program.
func NewFoglio(nome string, nascosto bool, celle []Cella, unioni []Area) Foglio {
	f := Foglio{Nome: nome, Nascosto: nascosto, Unioni: unioni,
		celle: make(map[posto]Cella, len(celle)), coperte: map[posto]int{}}
	for _, c := range celle {
		f.celle[posto{c.Riga, c.Colonna}] = c
		if c.Testo != "" {
			f.righe, f.colonne = max(f.righe, c.Riga), max(f.colonne, c.Colonna)
		}
	}
	for i, a := range unioni {
		f.copri(i, a)
		if f.celle[posto{a.Riga, a.Colonna}].Testo != "" {
			f.righe, f.colonne = max(f.righe, a.FinoRiga), max(f.colonne, a.FinoColonna)
		}
	}
	return f
}

// limiteUnione is how many cells of one merged area are remembered: a column or a
// sheet merged as a whole must not fill the memory.
const limiteUnione = 20_000

func (f *Foglio) copri(i int, a Area) {
	quante := 0
	for r := a.Riga; r <= a.FinoRiga; r++ {
		for c := a.Colonna; c <= a.FinoColonna; c++ {
			if quante++; quante > limiteUnione {
				return
			}
			f.coperte[posto{r, c}] = i
		}
	}
}

// Celle returns the cells that hold a text, a fill or a formula without a value, by
// row, then column; those hidden under a merged area too. The caller must not change
// them.
func (f Foglio) Celle() []Cella {
	return slices.SortedFunc(maps.Values(f.celle), func(a, b Cella) int {
		return cmp.Or(a.Riga-b.Riga, a.Colonna-b.Colonna)
	})
}

// Righe returns the last row that holds a text.
func (f Foglio) Righe() int { return f.righe }

// Colonne returns the last column that holds a text, to the end of its merged area.
func (f Foglio) Colonne() int { return f.colonne }

// Area returns the merged area that covers the cell, else the cell itself.
func (f Foglio) Area(riga, colonna int) Area {
	if i, ok := f.coperte[posto{riga, colonna}]; ok {
		return f.Unioni[i]
	}
	return Area{riga, colonna, riga, colonna}
}

// Cella returns what the cell shows: in a merged area, its top-left cell.
func (f Foglio) Cella(riga, colonna int) Cella {
	a := f.Area(riga, colonna)
	c := f.celle[posto{a.Riga, a.Colonna}]
	c.Riga, c.Colonna = a.Riga, a.Colonna
	return c
}

// Cartella is a workbook: its sheets in order, hidden ones included.
type Cartella struct {
	Fogli      []Foglio
	Nomi       map[string]string // defined names of the workbook and what they refer to, without "="
	Modificata time.Time         // when its program last saved it, as it says; zero where it does not
}
