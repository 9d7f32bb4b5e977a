package sheet

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Tipo says what kind of value a cell holds. The kind comes from the stored value
// and its number format, never from how the text looks.
type Tipo uint8

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
	Riempimento   Colore // of a solid fill; none for white and patterns, too
	Tipo          Tipo
	Formula       bool // its value was computed by the program that saved the file
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
	var buf [40]byte
	i := 20 // letters before it, digits after it
	for ; colonna > 0; colonna = (colonna - 1) / 26 {
		i--
		buf[i] = 'A' + byte((colonna-1)%26)
	}
	return string(strconv.AppendInt(buf[i:20], int64(riga), 10))
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

// Tratto is a run of rows or of columns, both ends included.
type Tratto struct{ Da, A int }

// Foglio is one sheet: its cells that hold a text or a fill, and its merged areas.
type Foglio struct {
	Nome                           string
	Nascosto                       bool
	Unioni                         []Area
	RigheNascoste, ColonneNascoste []Tratto
	Commenti                       []Commento

	celle   []Cella    // by row, then column
	indice  []rigaDi   // where the cells of each row begin
	basse   []striscia // the rows of merged areas, by row, then column
	prime   []primi    // of the first rows, by row: where to look
	alte    []int      // merged areas of many rows, indexes in Unioni
	righe   int
	colonne int
}

// rigaDi is a row and the index of its first cell.
type rigaDi struct{ riga, da int }

// primi are the first places of a row in indice and in basse, or of the next one that
// has some.
type primi struct{ indice, basse int32 }

// limitePrime is up to which row places are looked up in prime: beyond it, and no card
// goes so far, they are searched for.
const limitePrime = 10_000

// striscia is one row of a merged area.
type striscia struct{ riga, da, a, unione int32 }

const (
	// altezzaBassa is up to how many rows a merged area is kept row by row, to be
	// found quickly.
	altezzaBassa = 100
	// limiteAlte is how many higher ones are looked at: honest sheets have a few.
	limiteAlte = 500
	// oltreTesto is how far a merged area may carry the extent of a sheet beyond its
	// texts: a title merged to the last column does not make a sheet that wide.
	oltreTesto = 120
)

// NewFoglio builds a sheet from its cells, in any order, of which it keeps the
// slice. A merged area shows the text and the fill of its top-left cell; what the
// other cells hold is not seen, as in a spreadsheet program.
func NewFoglio(nome string, nascosto bool, celle []Cella, unioni []Area) Foglio {
	f := Foglio{Nome: nome, Nascosto: nascosto, Unioni: unioni, celle: celle}
	if !slices.IsSortedFunc(celle, confronta) {
		slices.SortStableFunc(celle, confronta)
	}
	ultima, righe := 0, 0
	for i := range celle {
		if celle[i].Riga != ultima {
			righe++
			ultima = celle[i].Riga
		}
	}
	f.indice, ultima = make([]rigaDi, 0, righe), 0
	for i := range celle {
		c := &celle[i]
		if c.Riga != ultima {
			f.indice, ultima = append(f.indice, rigaDi{c.Riga, i}), c.Riga
		}
		if c.Testo != "" {
			f.righe, f.colonne = max(f.righe, c.Riga), max(f.colonne, c.Colonna)
		}
	}
	f.unisci()
	f.primePerRiga()
	return f
}

// primePerRiga fills prime, up to the last row that holds something.
func (f *Foglio) primePerRiga() {
	ultima := 0
	if n := len(f.indice); n > 0 {
		ultima = f.indice[n-1].riga
	}
	if n := len(f.basse); n > 0 {
		ultima = max(ultima, int(f.basse[n-1].riga))
	}
	prime, i, b := make([]primi, min(ultima, limitePrime)+2), 0, 0
	for r := range prime {
		for i < len(f.indice) && f.indice[i].riga < r {
			i++
		}
		for b < len(f.basse) && int(f.basse[b].riga) < r {
			b++
		}
		prime[r] = primi{int32(i), int32(b)}
	}
	f.prime = prime
}

func confronta(a, b Cella) int { return cmp.Or(a.Riga-b.Riga, a.Colonna-b.Colonna) }

// unisci prepares the merged areas.
func (f *Foglio) unisci() {
	righe, colonne := f.righe+oltreTesto, f.colonne+oltreTesto
	strisce := 0
	for _, a := range f.Unioni {
		if n := a.FinoRiga - a.Riga + 1; n <= altezzaBassa {
			strisce += n
		}
	}
	f.basse = make([]striscia, 0, strisce)
	for i, a := range f.Unioni {
		if a.FinoRiga-a.Riga < altezzaBassa {
			for r := a.Riga; r <= a.FinoRiga; r++ {
				f.basse = append(f.basse, striscia{int32(r), int32(a.Colonna), int32(a.FinoColonna), int32(i)})
			}
		} else if len(f.alte) < limiteAlte {
			f.alte = append(f.alte, i)
		}
		if c := f.trova(a.Riga, a.Colonna); c != nil && c.Testo != "" {
			f.righe, f.colonne = max(f.righe, min(a.FinoRiga, righe)), max(f.colonne, min(a.FinoColonna, colonne))
		}
	}
	slices.SortFunc(f.basse, func(x, y striscia) int {
		if x.riga != y.riga {
			return int(x.riga - y.riga)
		}
		return int(x.da - y.da)
	})
}

// trova returns the cell kept at that place, nil for none.
func (f *Foglio) trova(riga, colonna int) *Cella {
	i, c := 0, len(f.indice)
	if 0 <= riga && riga < len(f.prime)-1 {
		i = int(f.prime[riga].indice)
		c = i
	}
	for i < c { // the first row not before riga
		if m := (i + c) / 2; f.indice[m].riga < riga {
			i = m + 1
		} else {
			c = m
		}
	}
	if i == len(f.indice) || f.indice[i].riga != riga {
		return nil
	}
	da, a := f.indice[i].da, len(f.celle)
	if i+1 < len(f.indice) {
		a = f.indice[i+1].da
	}
	for da < a {
		if m := (da + a) / 2; f.celle[m].Colonna < colonna {
			da = m + 1
		} else {
			a = m
		}
	}
	if da < len(f.celle) && f.celle[da].Riga == riga && f.celle[da].Colonna == colonna {
		return &f.celle[da]
	}
	return nil
}

// Celle returns the cells that hold a text, a fill or a formula without a value, by
// row, then column; those hidden under a merged area too. The caller must not change
// them.
func (f Foglio) Celle() []Cella { return f.celle }

// Righe returns the last row that holds a text, to the end of its merged area.
func (f Foglio) Righe() int { return f.righe }

// Colonne returns the last column that holds a text, to the end of its merged area.
func (f Foglio) Colonne() int { return f.colonne }

// Area returns the merged area that covers the cell, else the cell itself.
func (f *Foglio) Area(riga, colonna int) Area {
	i, a := 0, len(f.basse)
	if 0 <= riga && riga < len(f.prime)-1 {
		i, a = int(f.prime[riga].basse), int(f.prime[riga+1].basse)
	}
	for i < a { // the first strip after the place
		m := (i + a) / 2
		if s := &f.basse[m]; int(s.riga) < riga || int(s.riga) == riga && int(s.da) <= colonna {
			i = m + 1
		} else {
			a = m
		}
	}
	if i > 0 {
		if s := &f.basse[i-1]; int(s.riga) == riga && colonna <= int(s.a) {
			return f.Unioni[s.unione]
		}
	}
	for _, i := range f.alte {
		if u := f.Unioni[i]; u.Riga <= riga && riga <= u.FinoRiga && u.Colonna <= colonna && colonna <= u.FinoColonna {
			return u
		}
	}
	return Area{riga, colonna, riga, colonna}
}

// Cella returns what the cell shows: in a merged area, its top-left cell.
func (f *Foglio) Cella(riga, colonna int) Cella {
	a := f.Area(riga, colonna)
	if c := f.trova(a.Riga, a.Colonna); c != nil {
		return *c
	}
	return Cella{Riga: a.Riga, Colonna: a.Colonna}
}

// Cartella is a workbook: its sheets in order, hidden ones included.
type Cartella struct {
	Fogli      []Foglio
	Nomi       map[string]string // defined names of the workbook and what they refer to, without "="
	Modificata time.Time         // when its program last saved it, as it says; zero where it does not
}
