package report

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/scadenzario/scadenzario/piano"
)

// XLSX writes the document as an Office workbook. It fails where the document has no
// sheet, two of one name, or a row that is not as long as the heading.
func XLSX(d Documento) (b []byte, err error) {
	if err := d.controlla(); err != nil {
		return nil, err
	}
	f := excelize.NewFile()
	defer func() {
		if e := f.Close(); err == nil && e != nil {
			err = fmt.Errorf("document %q: %w", d.Titolo, e)
		}
	}()
	x := &cartella{f: f, d: d}
	x.nuoviStili()
	for i, foglio := range d.Fogli {
		x.nome = nomeFoglio(foglio.Nome)
		if i == 0 {
			x.fa(f.SetSheetName("Sheet1", x.nome))
		} else {
			_, err := f.NewSheet(x.nome)
			x.fa(err)
		}
		x.scrivi(foglio)
	}
	x.fa(f.SetDocProps(&excelize.DocProperties{Title: piano.SoloTesto(d.Titolo), Creator: piano.SoloTesto(d.Ente), LastModifiedBy: "Scadenzario",
		Language: "it-IT", Created: d.quando(), Modified: d.quando()}))
	if x.err != nil {
		return nil, fmt.Errorf("document %q: %w", d.Titolo, x.err)
	}
	var buf bytes.Buffer
	if err := f.Write(&buf); err != nil {
		return nil, fmt.Errorf("document %q: %w", d.Titolo, err)
	}
	return buf.Bytes(), nil
}

// cartella is a workbook being written. The first error stays and the rest is passed
// over.
type cartella struct {
	f                     *excelize.File
	d                     Documento
	nome                  string // of the sheet at work
	titolo, nota, testata int    // styles
	valori, somme         [tipi]int
	err                   error
}

func (x *cartella) fa(err error) {
	if x.err == nil {
		x.err = err
	}
}

// Colours of both kinds of workbook.
const (
	blu    = "17324D"
	grigio = "E7ECF4"
	linea  = "9AA5B8"
)

// nuoviStili makes the styles: of each kind of value one for rows and one for the
// last row of a sum.
func (x *cartella) nuoviStili() {
	crea := func(dove *int, s excelize.Style) {
		n, err := x.f.NewStyle(&s)
		x.fa(err)
		*dove = n
	}
	bordo := func(stile int) []excelize.Border {
		var b []excelize.Border
		for _, lato := range []string{"left", "right", "top", "bottom"} {
			b = append(b, excelize.Border{Type: lato, Color: linea, Style: stile})
		}
		return b
	}
	crea(&x.titolo, excelize.Style{Font: &excelize.Font{Bold: true, Size: 14, Family: "Calibri", Color: blu}})
	crea(&x.nota, excelize.Style{Font: &excelize.Font{Italic: true, Size: 10, Family: "Calibri"}, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	crea(&x.testata, excelize.Style{Font: &excelize.Font{Bold: true, Size: 10, Family: "Calibri", Color: "FFFFFF"}, Border: bordo(1),
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{blu}}, Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}})
	for t := range tipi {
		formato, lato := map[tipo]string{testo: "@", intero: "0", percento: "0.0%", data: "dd/mm/yyyy"}[t], "right"
		if t == testo {
			lato = "left"
		} else if t == data {
			lato = "center"
		}
		s := excelize.Style{Font: &excelize.Font{Size: 10, Family: "Calibri"}, Border: bordo(1), CustomNumFmt: &formato,
			Alignment: &excelize.Alignment{Horizontal: lato, Vertical: "top", WrapText: t == testo}}
		if lato == "right" {
			s.Alignment.Indent = 1 // off the text of the next column
		}
		crea(&x.valori[t], s)
		s.Font = &excelize.Font{Bold: true, Size: 10, Family: "Calibri"}
		s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{grigio}}
		crea(&x.somme[t], s)
	}
}

// dove returns the address of a cell, both counted from 1.
func (x *cartella) dove(riga, colonna int) string {
	nome, err := excelize.CoordinatesToCellName(colonna, riga)
	x.fa(err)
	return nome
}

// testo writes a text as a text, whatever it begins with.
func (x *cartella) testo(riga, colonna int, s string, stile int) {
	cella := x.dove(riga, colonna)
	if s != "" {
		x.fa(x.f.SetCellStr(x.nome, cella, letterale(s)))
	}
	x.fa(x.f.SetCellStyle(x.nome, cella, cella, stile))
}

// codice is how a string of a workbook holds a character that XML cannot.
var codice = regexp.MustCompile(`^_x[0-9A-Fa-f]{4}_`)

// letterale keeps a text that looks like such a code from being read as one, which
// excelize does for no shared string.
func letterale(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		if r == '_' && codice.MatchString(s[i:]) {
			b.WriteString("_x005F")
		}
		b.WriteRune(r)
	}
	return b.String()
}

func (x *cartella) scrivi(f Foglio) {
	for i, c := range f.Colonne {
		colonna, err := excelize.ColumnNumberToName(i + 1)
		x.fa(err)
		x.fa(x.f.SetColWidth(x.nome, colonna, colonna, float64(c.Larghezza)))
		x.testo(f.testata(), i+1, piano.SoloTesto(c.Titolo), x.testata)
	}
	x.testo(1, 1, piano.SoloTesto(f.Titolo), x.titolo)
	for i, n := range f.Note {
		riga := 2 + i
		if len(f.Colonne) > 1 {
			x.fa(x.f.MergeCell(x.nome, x.dove(riga, 1), x.dove(riga, len(f.Colonne))))
		}
		x.testo(riga, 1, Testo(n).testo, x.nota)
		x.alta(riga, f.righeNota(n))
	}
	x.alta(f.testata(), f.altaTestata())
	for i, r := range f.Righe {
		stili := x.valori
		if f.Somma && i == len(f.Righe)-1 {
			stili = x.somme
		}
		x.alta(f.testata()+1+i, f.alta(r))
		for j, v := range r {
			x.valore(f.testata()+1+i, j+1, v, stili[v.tipo])
		}
	}
	if len(f.Righe) == 0 {
		x.testo(f.testata()+1, 1, piano.SoloTesto(f.Vuoto), x.nota)
	}
	x.pagina(f)
}

// alta gives a row the height of so many lines, no more than a workbook allows.
func (x *cartella) alta(riga, linee int) {
	x.fa(x.f.SetRowHeight(x.nome, riga, min(409, 3+13*float64(linee))))
}

// valore writes one value: numbers as they are, digit by digit, days as the number of
// days that a workbook counts.
func (x *cartella) valore(riga, colonna int, v Valore, stile int) {
	cella := x.dove(riga, colonna)
	switch {
	case v.vuoto:
	case v.tipo == testo:
		x.testo(riga, colonna, v.testo, stile)
	case v.tipo == data:
		x.fa(x.f.SetCellInt(x.nome, cella, int64(v.giorno.Da(piano.NewGiorno(1899, 12, 30)))))
	case v.tipo == percento:
		x.fa(x.f.SetCellDefault(x.nome, cella, centesimi(v.numero)))
	default:
		x.fa(x.f.SetCellDefault(x.nome, cella, v.numero.String()))
	}
	x.fa(x.f.SetCellStyle(x.nome, cella, cella, stile))
}

// pagina makes the sheet fit for print and keeps the heading in view.
func (x *cartella) pagina(f Foglio) {
	orizzontale, a4, una, molte, adatta := "landscape", 9, 1, 0, true
	x.fa(x.f.SetPageLayout(x.nome, &excelize.PageLayoutOptions{Orientation: &orizzontale, Size: &a4, FitToWidth: &una, FitToHeight: &molte}))
	lato, piede := 0.4, 0.6
	x.fa(x.f.SetPageMargins(x.nome, &excelize.PageLayoutMarginsOptions{Left: &lato, Right: &lato, Top: &lato, Bottom: &piede}))
	x.fa(x.f.SetHeaderFooter(x.nome, &excelize.HeaderFooterOptions{OddFooter: "&L&8" + strings.ReplaceAll(x.d.piede(), "&", "&&") + "&C&8&A&R&8pagina &P di &N"}))
	testata := f.testata()
	x.fa(x.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$%d:$%d", x.nome, testata, testata), Scope: x.nome}))
	x.fa(x.f.SetPanes(x.nome, &excelize.Panes{Freeze: true, YSplit: testata, TopLeftCell: x.dove(testata+1, 1), ActivePane: "bottomLeft"}))
	if n := f.filtrate(); n > 1 {
		x.fa(x.f.AutoFilter(x.nome, x.dove(testata, 1)+":"+x.dove(testata+n, len(f.Colonne)), nil))
	}
	// last: the filter would take it away
	x.fa(x.f.SetSheetProps(x.nome, &excelize.SheetPropsOptions{FitToPage: &adatta}))
}

// filtrate is how many rows the buttons of the heading filter: the sum is none of them.
func (f Foglio) filtrate() int {
	if f.Somma {
		return len(f.Righe) - 1
	}
	return len(f.Righe)
}
