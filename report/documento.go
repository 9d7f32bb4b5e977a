package report

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/scadenzario/scadenzario/piano"
)

// Documento is a workbook made of tables.
type Documento struct {
	Titolo string
	Ente   string       // as it signs, in the footer of each page
	Al     piano.Giorno // the day that the data is of; it is also the file's date
	Fogli  []Foglio     // at least one
}

// Foglio is one table on a sheet of its own: a title, notes, a heading that stays in
// view and comes again on each printed page, rows.
type Foglio struct {
	Nome    string // of the tab; what a workbook does not allow in it is left out
	Titolo  string
	Note    []string // lines below the title
	Colonne []Colonna
	Righe   [][]Valore // each as long as Colonne
	Somma   bool       // the last row adds up the others
	Vuoto   string     // what stands in the place of rows where there are none: "Nessuna."
}

// Colonna is a column of a table.
type Colonna struct {
	Titolo    string
	Larghezza int // in characters; about 140 in all fit on an A4 page in landscape
}

// tipo is the kind of a value.
type tipo uint8

const (
	testo tipo = iota
	intero
	percento
	data
	tipi // how many there are
)

// Valore is the content of a cell; the zero value is an empty one.
type Valore struct {
	tipo   tipo
	testo  string         // of a text
	numero piano.Decimale // of a number or percentage: 88 is 88 %
	giorno piano.Giorno
	vuoto  bool // of anything but a text
}

// Testo is a text. It is cleaned of what is no text and cut where a cell holds no more.
func Testo(s string) Valore {
	s = piano.SoloTesto(s)
	if r := []rune(s); len(r) > massimoTesto {
		s = string(r[:massimoTesto-1]) + "…"
	}
	return Valore{testo: s}
}

// massimoTesto is what a cell of a workbook holds, in characters.
const massimoTesto = 32_000

// Intero is a whole number.
func Intero(n int) Valore { return Valore{tipo: intero, numero: piano.NewDecimale(n)} }

// Percento is a percentage, 88 for 88 %; nil is an empty cell.
func Percento(d *piano.Decimale) Valore {
	if d == nil {
		return Valore{tipo: percento, vuoto: true}
	}
	return Valore{tipo: percento, numero: *d}
}

// Data is a day; no day is an empty cell.
func Data(g piano.Giorno) Valore { return Valore{tipo: data, giorno: g, vuoto: g.IsZero()} }

// Allegati returns the document as .xlsx and as .ods, for a message; nome is what the
// files are called, without the ending.
func Allegati(nome string, d Documento) ([]piano.Allegato, error) {
	xlsx, err := XLSX(d)
	if err != nil {
		return nil, err
	}
	ods, err := ODS(d)
	if err != nil {
		return nil, err
	}
	return []piano.Allegato{{Nome: nome + ".xlsx", Tipo: tipoXLSX, Contenuto: xlsx}, {Nome: nome + ".ods", Tipo: tipoODS, Contenuto: ods}}, nil
}

// Media types of what is written.
const (
	tipoXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	tipoODS  = "application/vnd.oasis.opendocument.spreadsheet"
)

// controlla tells what a document lacks; it is a fault of who built it.
func (d Documento) controlla() error {
	if len(d.Fogli) == 0 {
		return fmt.Errorf("document %q: no sheet", d.Titolo)
	}
	visti := map[string]bool{}
	for _, f := range d.Fogli {
		nome := strings.ToLower(nomeFoglio(f.Nome))
		if nome == "" || visti[nome] {
			return fmt.Errorf("document %q: a sheet called %q, twice or by no name", d.Titolo, f.Nome)
		}
		visti[nome] = true
		for i, r := range f.Righe {
			if len(r) != len(f.Colonne) {
				return fmt.Errorf("document %q, sheet %q: row %d has %d values for %d columns", d.Titolo, f.Nome, i+1, len(r), len(f.Colonne))
			}
		}
	}
	return nil
}

// nomeFoglio makes a text fit for the tab of a sheet, in every program.
func nomeFoglio(s string) string {
	s = piano.Piega(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\'`, r) {
			return ' '
		}
		return r
	}, piano.SoloTesto(s)))
	if r := []rune(s); len(r) > 31 {
		s = strings.TrimSpace(string(r[:31]))
	}
	return s
}

// testata returns the row of the heading, counted from 1: the title, the notes and an
// empty row stand above it.
func (f Foglio) testata() int { return 1 + len(f.Note) + 2 }

// larghezza returns that of all columns, in characters.
func (f Foglio) larghezza() int {
	n := 0
	for _, c := range f.Colonne {
		n += c.Larghezza
	}
	return n
}

// righeNota is how many lines a note takes across the table.
func (f Foglio) righeNota(nota string) int { return righe(nota, max(f.larghezza(), 20)) }

// righe is how many lines a text takes in a cell that is so many characters wide: for
// the programs that leave rows at the height of one line.
func righe(testo string, larga int) int {
	n, usati := 1, 0
	for parola := range strings.FieldsSeq(testo) {
		lunga := utf8.RuneCountInString(parola)
		if usati > 0 && usati+1+lunga > larga {
			n, usati = n+1, 0
		} else if usati > 0 {
			usati++
		}
		n, usati = n+(usati+lunga-1)/max(larga, 1), (usati+lunga-1)%max(larga, 1)+1
	}
	return n
}

// alta is how many lines the highest cell of a row takes.
func (f Foglio) alta(riga []Valore) int {
	n := 1
	for i, v := range riga {
		n = max(n, righe(v.testo, f.Colonne[i].Larghezza))
	}
	return n
}

// altaTestata is the same for the heading, whose letters are bold and share the cell
// with the button of the filter.
func (f Foglio) altaTestata() int {
	n := 1
	for _, c := range f.Colonne {
		n = max(n, righe(c.Titolo, c.Larghezza-2))
	}
	return n
}

// quando is the instant that the file says of itself: the day's end, so that the same
// document is the same bytes.
func (d Documento) quando() string {
	if d.Al.IsZero() {
		return "1980-01-01T00:00:00Z"
	}
	return d.Al.String() + "T12:00:00Z"
}

// piede is the ente in the footer: not so long that the page number is crowded out.
func (d Documento) piede() string {
	s := piano.SoloTesto(d.Ente)
	if r := []rune(s); len(r) > 60 {
		s = string(r[:59]) + "…"
	}
	return s
}
