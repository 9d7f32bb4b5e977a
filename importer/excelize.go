package importer

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/scadenzario/scadenzario/importer/sheet"
)

// apri reads the bytes of an .xlsx into the grid. Its error wraps errProtetto or
// errIlleggibile and is for the finding, not for the log: the office's file is at
// fault. This file is the only one that knows excelize.
func apri(contenuto []byte) (c sheet.Cartella, err error) {
	if sheet.Riconosci(contenuto) == sheet.Ods {
		return sheet.Apri(contenuto)
	}
	if err := esamina(contenuto); err != nil {
		return sheet.Cartella{}, err
	}
	defer func() {
		if p := recover(); p != nil { // excelize panics on some broken files
			c, err = sheet.Cartella{}, fmt.Errorf("%w: %v", errIlleggibile, p)
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(contenuto), excelize.Options{
		UnzipSizeLimit: limiteAperto, UnzipXMLSizeLimit: limiteParte, RawCellValue: true})
	if err != nil {
		return sheet.Cartella{}, fmt.Errorf("%w: %w", errIlleggibile, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if f.Theme == nil { // as LibreOffice saves; without a theme excelize sees no fill at all
		f.Theme = excelize.NewFile().Theme
	}
	l := lettore{f: f, stili: map[int]stile{}}
	if p, err := f.GetWorkbookProps(); err == nil && p.Date1904 != nil {
		l.dal1904 = *p.Date1904
	}
	if p, err := f.GetDocProps(); err == nil && p != nil {
		if quando, err := time.Parse(time.RFC3339, p.Modified); err == nil {
			c.Modificata = quando
		}
	}
	for _, n := range f.GetDefinedName() {
		if n.Scope == "Workbook" {
			if c.Nomi == nil {
				c.Nomi = map[string]string{}
			}
			c.Nomi[n.Name] = strings.TrimPrefix(n.RefersTo, "=")
		}
	}
	for _, nome := range f.GetSheetList() {
		foglio, ok, err := l.foglio(nome)
		if err != nil {
			return sheet.Cartella{}, fmt.Errorf("%w: sheet %s: %w", errIlleggibile, nome, err)
		}
		if ok {
			c.Fogli = append(c.Fogli, foglio)
		}
	}
	return c, nil
}

// stile is what the reading needs of a cell's style.
type stile struct {
	formato     formato
	riempimento string
}

// lettore reads the sheets of one workbook, remembering its styles.
type lettore struct {
	f       *excelize.File
	stili   map[int]stile
	dal1904 bool
}

// foglio reads one sheet; ok is false for one that has no cells, such as a chart.
func (l *lettore) foglio(nome string) (foglio sheet.Foglio, ok bool, err error) {
	visibile, err := l.f.GetSheetVisible(nome)
	if err != nil {
		return sheet.Foglio{}, false, err
	}
	righe, err := l.f.GetRows(nome)
	if err != nil {
		if strings.Contains(err.Error(), "not a worksheet") { // excelize exports no error for it
			return sheet.Foglio{}, false, nil
		}
		return sheet.Foglio{}, false, err
	}
	unioni, colonne, err := l.unioni(nome)
	if err != nil {
		return sheet.Foglio{}, false, err
	}
	for _, r := range righe {
		colonne = max(colonne, min(len(r), limiteColori))
	}
	var celle []sheet.Cella
	for i, r := range righe {
		for j := range max(len(r), colonne) {
			grezzo := ""
			if j < len(r) {
				grezzo = r[j]
			}
			if grezzo == "" && j >= colonne {
				continue
			}
			c, err := l.cella(nome, i+1, j+1, grezzo)
			if err != nil {
				return sheet.Foglio{}, false, err
			}
			if c.Testo != "" || c.Riempimento != "" {
				celle = append(celle, c)
			}
		}
	}
	return sheet.NewFoglio(nome, !visibile, celle, unioni), true, nil
}

// limiteColori is how many columns of a sheet are asked for their fill: a
// cronoprogramma of some years is narrower.
const limiteColori = 120

// unioni returns the merged areas of a sheet and their last column.
func (l *lettore) unioni(nome string) (aree []sheet.Area, colonne int, err error) {
	unite, err := l.f.GetMergeCells(nome, true)
	if err != nil {
		return nil, 0, err
	}
	for _, u := range unite {
		r1, c1, ok1 := sheet.DaIndirizzo(strings.ReplaceAll(u.GetStartAxis(), "$", ""))
		r2, c2, ok2 := sheet.DaIndirizzo(strings.ReplaceAll(u.GetEndAxis(), "$", ""))
		if ok1 && ok2 && r1 <= r2 && c1 <= c2 {
			aree = append(aree, sheet.Area{Riga: r1, Colonna: c1, FinoRiga: r2, FinoColonna: c2})
			colonne = max(colonne, min(c2, limiteColori))
		}
	}
	return aree, colonne, nil
}

// cella reads one cell; grezzo is its stored value.
func (l *lettore) cella(foglio string, riga, colonna int, grezzo string) (sheet.Cella, error) {
	c := sheet.Cella{Riga: riga, Colonna: colonna}
	indirizzo := sheet.Indirizzo(riga, colonna)
	id, err := l.f.GetCellStyle(foglio, indirizzo)
	if err != nil {
		return c, err
	}
	s, err := l.stile(id)
	if err != nil {
		return c, err
	}
	c.Riempimento = s.riempimento
	if grezzo == "" {
		return c, nil
	}
	tipo, err := l.f.GetCellType(foglio, indirizzo)
	if err != nil {
		return c, err
	}
	c.Testo, c.Tipo = l.testo(grezzo, tipo, s.formato)
	return c, nil
}

// testo turns a stored value into the contract's form.
func (l *lettore) testo(grezzo string, tipo excelize.CellType, f formato) (string, sheet.Tipo) {
	switch tipo {
	case excelize.CellTypeBool:
		if grezzo == "1" || strings.EqualFold(grezzo, "true") {
			return "SI", sheet.Logico
		}
		return "NO", sheet.Logico
	case excelize.CellTypeError:
		return piega(grezzo), sheet.Guasto
	case excelize.CellTypeDate:
		giorno, _, _ := strings.Cut(grezzo, "T")
		if len(giorno) == len("2021-12-31") {
			return piega(giorno), sheet.Data
		}
		return valore(grezzo, formatoData, l.dal1904)
	case excelize.CellTypeUnset, excelize.CellTypeNumber:
		return valore(grezzo, f, l.dal1904)
	}
	return piega(grezzo), sheet.Testo
}

// stile looks a style up once for the workbook.
func (l *lettore) stile(id int) (stile, error) {
	if s, ok := l.stili[id]; ok {
		return s, nil
	}
	grezzo, err := l.f.GetStyle(id)
	if err != nil {
		return stile{}, err
	}
	codice := ""
	if grezzo.CustomNumFmt != nil {
		codice = *grezzo.CustomNumFmt
	}
	s := stile{formato: formatoDi(grezzo.NumFmt, codice)}
	if r := grezzo.Fill; r.Type == "pattern" && r.Pattern == 1 && len(r.Color) > 0 {
		s.riempimento = colore(r.Color[0])
	}
	l.stili[id] = s
	return s, nil
}

// colore returns "RRGGBB", and "" for white. Some writers put an alpha of 00 or FF
// before it, which no program heeds.
func colore(s string) string {
	s = strings.ToUpper(s)
	if len(s) == 8 {
		s = s[2:]
	}
	if len(s) != 6 || s == "FFFFFF" {
		return ""
	}
	return s
}
