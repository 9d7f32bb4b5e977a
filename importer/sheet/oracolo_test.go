package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// oracolo reads a workbook through excelize, cell by cell, into the same form: what
// it says of a whole workbook, this package must say as well. What it cannot say is
// left out of the comparison: comments, hidden rows and columns, dates of saving.
func oracolo(contenuto []byte) (fogli []string, err error) {
	f, err := excelize.OpenReader(bytes.NewReader(contenuto), excelize.Options{RawCellValue: true})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if f.Theme == nil { // without a theme excelize sees no fill at all
		f.Theme = excelize.NewFile().Theme
	}
	p, err := f.GetWorkbookProps()
	if err != nil {
		return nil, err
	}
	dal1904 := p.Date1904 != nil && *p.Date1904
	for _, nome := range f.GetSheetList() {
		foglio, err := oracoloFoglio(f, nome, dal1904)
		if err != nil && strings.Contains(err.Error(), "not a worksheet") {
			continue
		}
		if err != nil {
			return nil, err
		}
		fogli = append(fogli, foglio)
	}
	return fogli, nil
}

func oracoloFoglio(f *excelize.File, nome string, dal1904 bool) (string, error) {
	visibile, err := f.GetSheetVisible(nome)
	if err != nil {
		return "", err
	}
	righe, err := f.GetRows(nome)
	if err != nil {
		return "", err
	}
	unite, err := f.GetMergeCells(nome, true)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintln(&b, Piega(nome), !visibile, len(unite))
	for _, u := range unite {
		fmt.Fprintln(&b, u.GetStartAxis()+":"+u.GetEndAxis())
	}
	for i, r := range righe {
		for j, grezzo := range r {
			c, err := oracoloCella(f, nome, Indirizzo(i+1, j+1), grezzo, dal1904)
			if err != nil {
				return "", err
			}
			c.Riga, c.Colonna = i+1, j+1
			scriviCella(&b, c)
		}
	}
	return b.String(), nil
}

func scriviCella(b *strings.Builder, c Cella) {
	if c.Testo != "" || c.Tipo == Ignoto || c.Riempimento != 0 && c.Colonna <= limiteColori {
		fmt.Fprintf(b, "%s %q %d %v %s\n", Indirizzo(c.Riga, c.Colonna), c.Testo, c.Tipo, c.Formula, c.Riempimento)
	}
}

func oracoloCella(f *excelize.File, foglio, dove, grezzo string, dal1904 bool) (c Cella, err error) {
	id, err := f.GetCellStyle(foglio, dove)
	if err != nil {
		return c, err
	}
	s, err := f.GetStyle(id)
	if err != nil {
		return c, err
	}
	codice := ""
	if s.CustomNumFmt != nil {
		codice = *s.CustomNumFmt
	}
	if r := s.Fill; r.Type == "pattern" && r.Pattern == 1 && len(r.Color) > 0 {
		colore := strings.ToUpper(r.Color[0])
		if len(colore) == 8 {
			colore = colore[2:]
		}
		if colore != "FFFFFF" {
			c.Riempimento = ColoreDi(colore)
		}
	}
	formula, err := f.GetCellFormula(foglio, dove)
	if err != nil {
		return c, err
	}
	c.Formula = formula != ""
	tipo, err := f.GetCellType(foglio, dove)
	if err != nil {
		return c, err
	}
	switch {
	case grezzo == "" && c.Formula: // excelize, that wrote these, gives no formula an empty text
		c.Tipo = Ignoto
	case grezzo == "":
	case tipo == excelize.CellTypeBool:
		c.Tipo, c.Testo = Logico, "NO"
		if grezzo == "1" || strings.EqualFold(grezzo, "true") {
			c.Testo = "SI"
		}
	case tipo == excelize.CellTypeError:
		c.Tipo, c.Testo = Guasto, Piega(grezzo)
	case tipo == excelize.CellTypeDate:
		c.Tipo, c.Testo = Data, grezzo[:len("2021-12-31")]
	case tipo == excelize.CellTypeUnset, tipo == excelize.CellTypeNumber:
		c.Testo, c.Tipo = valore(grezzo, formatoDi(s.NumFmt, codice), dal1904)
	default:
		c.Testo = Piega(grezzo)
	}
	return c, nil
}

// nostro writes a workbook as oracolo does. Its rows end, as those of excelize, at
// the last cell that holds a text.
func nostro(c Cartella) (fogli []string) {
	for _, f := range c.Fogli {
		var b strings.Builder
		fmt.Fprintln(&b, f.Nome, f.Nascosto, len(f.Unioni))
		for _, a := range f.Unioni {
			fmt.Fprintln(&b, a.Indirizzo()+":"+Indirizzo(a.FinoRiga, a.FinoColonna))
		}
		for _, c := range f.Celle() {
			scriviCella(&b, c)
		}
		fogli = append(fogli, b.String())
	}
	return fogli
}

// senzaCode leaves out the cells that hold a fill alone, which excelize's GetRows
// shows only before a text of the same row.
func senzaCode(fogli []string) []string {
	var uguali []string
	for _, f := range fogli {
		var righe []string
		for r := range strings.Lines(f) {
			if !strings.Contains(r, ` "" 0 false `) {
				righe = append(righe, r)
			}
		}
		uguali = append(uguali, strings.Join(righe, ""))
	}
	return uguali
}

func confrontaConOracolo(t *testing.T, storia string, contenuto []byte) {
	t.Helper()
	c, err := Apri(contenuto)
	if err != nil {
		t.Fatalf("%s: %v", storia, err)
	}
	attesi, err := oracolo(contenuto)
	if err != nil {
		t.Fatalf("%s: excelize: %v", storia, err)
	}
	if d := cmp.Diff(senzaCode(attesi), senzaCode(nostro(c))); d != "" {
		t.Fatalf("%s (-excelize +ours)\n%s", storia, d)
	}
}

func daTestdata(t *testing.T) []string {
	t.Helper()
	file, err := filepath.Glob("../../testdata/moduli/*/*.xlsx")
	if err != nil || len(file) < 20 {
		t.Fatal(file, err)
	}
	return file
}

// Every workbook of testdata reads as excelize reads it.
func TestTheSampleWorkbooksAgainstExcelize(t *testing.T) {
	for _, f := range daTestdata(t) {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		confrontaConOracolo(t, f, b)
	}
}

// Generated workbooks read as excelize reads them.
func TestGeneratedWorkbooksAgainstExcelize(t *testing.T) {
	quanti := 300
	if os.Getenv("SCADENZARIO_PROVE") != "" {
		quanti = 5_000
	}
	for seme := range uint64(quanti) {
		confrontaConOracolo(t, fmt.Sprint("seed ", seme), generata(t, rand.New(rand.NewPCG(seme, 7))))
	}
	t.Logf("%d generated workbooks, 0 differences", quanti)
}

var testiGenerati = []string{"X", "x", "SI", "no", "Previsto", "OBIETTIVO N. 1/3 – Titolo", "Attività  con due spazi", " in mezzo ", "perché l'è così", "riga\nsotto",
	"1.300,50", "=1+1", "<b>&amp;", "\"virgolette\"", "100 %", "_x000D_", "perche\u0300", "àèìòù €", "\u00a0", "\u200bzero", "文", "😀 fine", "a\tb"}

var formatiGenerati = []string{"0%", "0.00%", "dd/mm/yyyy", "mmm-yy", `#,##0.00 "€"`, "0", "@", `0" %"`, "[Red]0.0;-0.0", "d mmmm yyyy", "General"}

// generata makes a workbook out of everything that this package knows, by chance.
func generata(t *testing.T, r *rand.Rand) []byte {
	t.Helper()
	deve := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	f := excelize.NewFile()
	defer func() { deve(f.Close()) }()
	if r.IntN(4) == 0 {
		vero := true
		deve(f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &vero}))
	}
	var stili []int
	for range 6 {
		s := &excelize.Style{}
		if r.IntN(2) == 0 {
			s.NumFmt = []int{1, 2, 9, 10, 14, 17, 22, 49}[r.IntN(8)]
		} else {
			s.CustomNumFmt = &formatiGenerati[r.IntN(len(formatiGenerati))]
		}
		if r.IntN(2) == 0 {
			s.Fill = excelize.Fill{Type: "pattern", Pattern: 1 + r.IntN(2), Color: []string{[]string{"00B050", "FFFFFF", "4472C4"}[r.IntN(3)]}}
		}
		id, err := f.NewStyle(s)
		deve(err)
		stili = append(stili, id)
	}
	for n := range 1 + r.IntN(3) {
		nome := "Sheet1"
		if n > 0 {
			nome = fmt.Sprintf("Ob. %d-%d", n, r.IntN(9))
			_, err := f.NewSheet(nome)
			deve(err)
			deve(f.SetSheetVisible(nome, r.IntN(3) > 0))
		}
		for range r.IntN(60) {
			cella := Indirizzo(1+r.IntN(40), 1+r.IntN(20))
			deve(riempi(f, nome, cella, r))
			if r.IntN(2) == 0 {
				deve(f.SetCellStyle(nome, cella, cella, stili[r.IntN(len(stili))]))
			}
		}
		for i := range r.IntN(4) { // each in a band of its own: merges must not overlap
			da := 45 + 10*i
			deve(f.MergeCell(nome, Indirizzo(da, 1+r.IntN(5)), Indirizzo(da+r.IntN(8), 6+r.IntN(5))))
		}
	}
	var buf bytes.Buffer
	deve(f.Write(&buf))
	return buf.Bytes()
}

// riempi writes a value by chance.
func riempi(f *excelize.File, foglio, cella string, r *rand.Rand) error {
	switch r.IntN(10) {
	case 0:
		return f.SetCellValue(foglio, cella, r.IntN(100_000))
	case 1:
		return f.SetCellValue(foglio, cella, r.Float64())
	case 2:
		return f.SetCellValue(foglio, cella, float64(r.IntN(20_000))/100)
	case 3:
		return f.SetCellValue(foglio, cella, r.IntN(2) == 0)
	case 4:
		return f.SetCellFormula(foglio, cella, "SUM(A1:B2)")
	case 5:
		return f.SetCellRichText(foglio, cella, []excelize.RichTextRun{{Text: "Peso "}, {Text: "80%", Font: &excelize.Font{Bold: true}}})
	case 6:
		return f.SetCellValue(foglio, cella, time.Date(2021, time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC))
	}
	return f.SetCellStr(foglio, cella, testiGenerati[r.IntN(len(testiGenerati))])
}

// The sample workbooks hold the texts that LibreOffice sees in them, in its CSV.
func TestTheSampleWorkbooksAgainstLibreOffice(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed: excelize is the other oracle")
	}
	dir := t.TempDir()
	// every sheet into a file of its own, values as stored, in UTF-8
	argomenti := []string{"-env:UserInstallation=file://" + filepath.ToSlash(filepath.Join(dir, "profilo")), "--headless", "--norestore",
		"--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,false,false,false,false,false,-1", "--outdir", dir}
	nomi := map[string]string{}
	for i, f := range daTestdata(t) {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		copia := filepath.Join(dir, fmt.Sprintf("c%02d.xlsx", i))
		if err := os.WriteFile(copia, b, 0o600); err != nil {
			t.Fatal(err)
		}
		nomi[copia], argomenti = f, append(argomenti, copia)
	}
	if esce, err := exec.Command(soffice, argomenti...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, esce)
	}
	confrontate := 0
	for copia, f := range nomi {
		b, err := os.ReadFile(copia)
		if err != nil {
			t.Fatal(err)
		}
		c, err := Apri(b)
		if err != nil {
			t.Fatal(f, err)
		}
		for i := range c.Fogli {
			confrontate += confrontaCSV(t, f, &c.Fogli[i], strings.TrimSuffix(copia, ".xlsx")+"-"+c.Fogli[i].Nome+".csv")
		}
	}
	if confrontate < 2_000 {
		t.Errorf("only %d cells compared", confrontate)
	}
	t.Logf("%d cells compared", confrontate)
}

// confrontaCSV holds each text of a sheet against LibreOffice's and returns how many.
// Numbers and dates, which it writes in the style of a language, are only held to be
// there; hidden sheets are not in its CSV.
func confrontaCSV(t *testing.T, file string, f *Foglio, nomeCSV string) int {
	t.Helper()
	testo, err := os.ReadFile(nomeCSV)
	if errors.Is(err, os.ErrNotExist) && f.Nascosto {
		return 0
	}
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(bytes.NewReader(testo))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	righe, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	viste := 0
	for i, riga := range righe {
		for j, suo := range riga {
			c := Cella{}
			if trovata := f.trova(i+1, j+1); trovata != nil {
				c = *trovata
			}
			suo = Piega(suo)
			if (c.Testo == "") != (suo == "") || c.Tipo == Testo && c.Testo != suo {
				t.Errorf("%s, %s!%s: %q, LibreOffice has %q", file, f.Nome, Indirizzo(i+1, j+1), c.Testo, suo)
			}
			if suo != "" {
				viste++
			}
		}
	}
	tutte := 0
	for _, c := range f.Celle() {
		if c.Testo != "" && f.Area(c.Riga, c.Colonna).Indirizzo() == Indirizzo(c.Riga, c.Colonna) {
			tutte++
		}
	}
	if viste != tutte {
		t.Errorf("%s, %s: %d cells hold something, LibreOffice has %d", file, f.Nome, tutte, viste)
	}
	return viste
}
