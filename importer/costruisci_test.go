package importer

import (
	"bytes"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/scadenzario/scadenzario/importer/sheet"
)

// The language of the fixtures: a workbook as lines of text.
//
//	[Ob. 1-3]            a sheet; "[Ob. 1-3 nascosto]" a hidden one, "[Ruoli] via" no sheet
//	+base                the lines of testdata/rilievi/base.txt
//	A4 = OBIETTIVO …     a text; nothing after the = takes the cell back
//	C24 # 0.8 0%         a number, with a number format or without
//	A4 err #REF!         an error, as a formula leaves it
//	A4 formula B4+1      a formula without its value
//	A4 fill FFE699       a solid fill
//	A17:A18 merge        a merged area
var (
	foglioRe = regexp.MustCompile(`^\[(.+?)( nascosto)?\]( via)?$`)
	cellaRe  = regexp.MustCompile(`^([A-Z]+\d+) (=|#|fill|err|formula)(?: (.*))?$`)
	unioneRe = regexp.MustCompile(`^([A-Z]+\d+):([A-Z]+\d+) merge$`)
)

// costruisci makes a real .xlsx of such lines.
func costruisci(t testing.TB, testo string) []byte {
	t.Helper()
	f := excelize.NewFile()
	b := &costruttore{t: t, f: f, stili: map[string]*excelize.Style{}}
	b.righe(testo)
	if b.foglio != "Sheet1" {
		b.bene(f.DeleteSheet("Sheet1"))
	}
	for i, nome := range f.GetSheetList() { // LibreOffice shows the sheet that was left open, even a hidden one
		if visibile, err := f.GetSheetVisible(nome); err == nil && visibile {
			f.SetActiveSheet(i)
			break
		}
	}
	for chiave, s := range b.stili {
		foglio, cella, _ := strings.Cut(chiave, "!")
		if n, err := f.GetSheetIndex(foglio); err != nil || n < 0 {
			continue
		}
		id, err := f.NewStyle(s)
		b.bene(err)
		b.bene(f.SetCellStyle(foglio, cella, cella, id))
	}
	var buf bytes.Buffer
	b.bene(f.Write(&buf))
	b.bene(f.Close())
	return conErrori(t, buf.Bytes())
}

// conErrori makes real errors of the texts "errore #REF!": excelize writes none.
func conErrori(t testing.TB, contenuto []byte) []byte {
	t.Helper()
	c, err := sheet.Apri(contenuto)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range c.Fogli {
		for _, x := range f.Celle() {
			if strings.HasPrefix(x.Testo, "errore #") {
				return riscrivi(t, contenuto, func(nome string, parte []byte) []byte {
					if !strings.HasPrefix(nome, "xl/worksheets/sheet") {
						return parte
					}
					re := regexp.MustCompile(`(<c r="` + sheet.Indirizzo(x.Riga, x.Colonna) + `"[^>]*) t="s"><v>\d+</v>`)
					return re.ReplaceAll(parte, []byte(`$1 t="e"><v>`+strings.TrimPrefix(x.Testo, "errore ")+`</v>`))
				})
			}
		}
	}
	return contenuto
}

type costruttore struct {
	t      testing.TB
	f      *excelize.File
	foglio string
	stili  map[string]*excelize.Style
}

func (b *costruttore) bene(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *costruttore) righe(testo string) {
	b.t.Helper()
	for _, riga := range strings.Split(testo, "\n") {
		riga = strings.TrimRight(riga, " ")
		switch {
		case riga == "" || strings.HasPrefix(riga, "//"):
		case strings.HasPrefix(riga, "+"):
			altro, err := os.ReadFile("testdata/rilievi/" + riga[1:] + ".txt")
			b.bene(err)
			b.righe(string(altro))
		case foglioRe.MatchString(riga):
			b.apri(foglioRe.FindStringSubmatch(riga))
		case unioneRe.MatchString(riga):
			m := unioneRe.FindStringSubmatch(riga)
			b.bene(b.f.MergeCell(b.foglio, m[1], m[2]))
		case cellaRe.MatchString(riga):
			b.cella(cellaRe.FindStringSubmatch(riga))
		default:
			b.t.Fatalf("no such line in a fixture: %q", riga)
		}
	}
}

func (b *costruttore) apri(m []string) {
	b.t.Helper()
	if b.foglio = m[1]; m[3] != "" {
		b.bene(b.f.DeleteSheet(b.foglio))
		return
	}
	_, err := b.f.NewSheet(b.foglio)
	b.bene(err)
	if m[2] != "" {
		b.bene(b.f.SetSheetVisible("Sheet1", true))
		b.bene(b.f.SetSheetVisible(b.foglio, false))
	}
}

func (b *costruttore) cella(m []string) {
	b.t.Helper()
	indirizzo, che, cosa := m[1], m[2], m[3]
	switch che {
	case "=":
		if cosa == "" {
			b.bene(b.f.SetCellValue(b.foglio, indirizzo, nil))
		} else {
			b.bene(b.f.SetCellStr(b.foglio, indirizzo, cosa))
		}
	case "#":
		numero, formato, _ := strings.Cut(cosa, " ")
		n, err := strconv.ParseFloat(numero, 64)
		b.bene(err)
		b.bene(b.f.SetCellValue(b.foglio, indirizzo, n))
		b.stile(indirizzo).CustomNumFmt = nil
		if formato != "" {
			b.stile(indirizzo).CustomNumFmt = &formato
		}
	case "err":
		b.bene(b.f.SetCellStr(b.foglio, indirizzo, "errore "+cosa))
	case "formula":
		b.bene(b.f.SetCellValue(b.foglio, indirizzo, nil))
		b.bene(b.f.SetCellFormula(b.foglio, indirizzo, cosa))
	case "fill":
		b.stile(indirizzo).Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{cosa}}
	}
}

func (b *costruttore) stile(indirizzo string) *excelize.Style {
	k := b.foglio + "!" + indirizzo
	if b.stili[k] == nil {
		b.stili[k] = &excelize.Style{}
	}
	return b.stili[k]
}
