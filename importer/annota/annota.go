package annota

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/scadenzario/scadenzario/importer"
	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// The marks of what is ours.
const (
	// NomeEsito is the defined name of an annotated workbook.
	NomeEsito = "_scadenzario_esito"
	// inizioCommento begins each of our comments: programs change the author's name.
	inizioCommento = "Scadenzario – "
	// sempre is the condition of our borders, true in every cell: N of a text is 0.
	sempre   = `N("scadenzario")=0`
	foglioES = "ESITO"
)

// massimoCelle bounds the cells that are marked: the sheet ESITO lists all findings.
const massimoCelle = 2_000

// Scrivi writes the annotated workbook of an .xlsx or .xlsm. file is its name, for the
// title of ESITO. It fails where excelize cannot open the bytes, and where w does.
func Scrivi(w io.Writer, file string, contenuto []byte, rilievi []piano.Rilievo) (err error) {
	if contenuto, err = allinea(contenuto); err != nil {
		return fmt.Errorf("annotate %s: %w", file, err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(contenuto), excelize.Options{UnzipSizeLimit: 128 << 20, UnzipXMLSizeLimit: 64 << 20})
	if err != nil {
		return fmt.Errorf("annotate %s: %w", file, err)
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	if err := pulisci(f); err != nil {
		return fmt.Errorf("annotate %s: take the old annotations off: %w", file, err)
	}
	if err := segna(f, rilievi); err != nil {
		return fmt.Errorf("annotate %s: mark the cells: %w", file, err)
	}
	if err := scriviEsito(f, file, rilievi); err != nil {
		return fmt.Errorf("annotate %s: sheet %s: %w", file, foglioES, err)
	}
	return f.Write(w)
}

// pulisci takes off what an earlier annotation put in.
func pulisci(f *excelize.File) error {
	for _, foglio := range f.GetSheetList() {
		titolo, err := f.GetCellValue(foglio, "A1")
		if err != nil {
			continue // a chart: it has no cells
		}
		if strings.HasPrefix(titolo, importer.TitoloEsito) {
			if err := f.DeleteSheet(foglio); err != nil {
				return err
			}
			continue
		}
		if err := pulisciFoglio(f, foglio); err != nil {
			return err
		}
	}
	for _, n := range f.GetDefinedName() {
		if n.Name == NomeEsito {
			if err := f.DeleteDefinedName(&excelize.DefinedName{Name: NomeEsito, Scope: n.Scope}); err != nil {
				return err
			}
		}
	}
	return nil
}

func pulisciFoglio(f *excelize.File, foglio string) error {
	commenti, err := f.GetComments(foglio)
	if err != nil {
		return err
	}
	for _, c := range commenti {
		if strings.HasPrefix(testoDi(c), inizioCommento) {
			if err := f.DeleteComment(foglio, c.Cell); err != nil {
				return err
			}
		}
	}
	formati, err := f.GetConditionalFormats(foglio)
	if err != nil {
		return err
	}
	for area, regole := range formati {
		altrui := slices.DeleteFunc(slices.Clone(regole), func(r excelize.ConditionalFormatOptions) bool { return nostra(r.Criteria) })
		if len(altrui) == len(regole) {
			continue
		}
		if err := f.UnsetConditionalFormat(foglio, area); err != nil {
			return err
		}
		if len(altrui) > 0 {
			if err := f.SetConditionalFormat(foglio, area, altrui); err != nil {
				return err
			}
		}
	}
	return nil
}

// nostra tells whether a condition is ours, however a program has written it.
func nostra(condizione string) bool {
	return strings.EqualFold(strings.ReplaceAll(strings.TrimPrefix(condizione, "="), " ", ""), sempre)
}

func testoDi(c excelize.Comment) string {
	t := c.Text
	for _, p := range c.Paragraph {
		t += p.Text
	}
	return strings.TrimSpace(t)
}

// cella is where findings are.
type cella struct{ foglio, cella string }

// segna puts border and comment at each finding's cell.
func segna(f *excelize.File, rilievi []piano.Rilievo) error {
	formati, err := bordi(f)
	if err != nil {
		return err
	}
	per, ordine := map[cella][]piano.Rilievo{}, []cella(nil)
	for _, r := range rilievi {
		c := cella{r.Foglio, r.Cella}
		if _, _, ok := sheet.DaIndirizzo(r.Cella); !ok || !esiste(f, r.Foglio) {
			continue
		}
		if per[c] == nil {
			if len(ordine) == massimoCelle {
				continue
			}
			ordine = append(ordine, c)
		}
		per[c] = append(per[c], r)
	}
	for _, c := range ordine {
		if err := segnaCella(f, c, per[c], formati); err != nil {
			return fmt.Errorf("%s!%s: %w", c.foglio, c.cella, err)
		}
	}
	return nil
}

// bordi returns the styles of our borders: those of an earlier annotation, or else new
// ones, so that annotating again leaves nothing behind.
func bordi(f *excelize.File) (map[piano.Gravita]int, error) {
	formati := map[piano.Gravita]int{}
	if f.Theme == nil { // LibreOffice writes none, and without one excelize tells no colour
		f.Theme = excelize.NewFile().Theme
		defer func() { f.Theme = nil }()
	}
	for _, g := range []struct {
		gravita piano.Gravita
		colore  string
	}{{piano.Errore, "C00000"}, {piano.Avviso, "E08A00"}} {
		stile := &excelize.Style{}
		for _, lato := range []string{"left", "right", "top", "bottom"} {
			stile.Border = append(stile.Border, excelize.Border{Type: lato, Color: g.colore, Style: 1})
		}
		id := 0
		for ; ; id++ {
			if altro, err := f.GetConditionalStyle(id); err != nil || stessoBordo(altro, stile) {
				if err == nil {
					formati[g.gravita] = id
				}
				break
			}
		}
		if _, ok := formati[g.gravita]; ok {
			continue
		}
		id, err := f.NewConditionalStyle(stile)
		if err != nil {
			return nil, err
		}
		formati[g.gravita] = id
	}
	return formati, nil
}

// stessoBordo tells whether a conditional style is that border and nothing else.
func stessoBordo(a, b *excelize.Style) bool {
	return a.Font == nil && a.Fill.Type == "" && a.NumFmt == 0 && a.CustomNumFmt == nil && slices.Equal(a.Border, b.Border)
}

func esiste(f *excelize.File, foglio string) bool {
	n, err := f.GetSheetIndex(foglio)
	return err == nil && n >= 0
}

func segnaCella(f *excelize.File, c cella, suoi []piano.Rilievo, formati map[piano.Gravita]int) error {
	gravita := piano.Avviso
	var testo strings.Builder
	for i, r := range suoi {
		if r.Gravita == piano.Errore {
			gravita = piano.Errore
		}
		if i > 0 {
			testo.WriteString("\n\n")
		}
		fmt.Fprintf(&testo, "%s%s\n%s", inizioCommento, parola(r.Gravita), r.Messaggio)
	}
	formato := formati[gravita]
	area := areaDi(f, c)
	if err := f.SetConditionalFormat(c.foglio, area, []excelize.ConditionalFormatOptions{{Type: "formula", Criteria: sempre, Format: &formato}}); err != nil {
		return err
	}
	commenti, err := f.GetComments(c.foglio)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(commenti, func(x excelize.Comment) bool { return x.Cell == c.cella }) {
		return nil // the office's own: the sheet ESITO says the rest
	}
	righe := uint(strings.Count(testo.String(), "\n") + len([]rune(testo.String()))/42 + 2)
	return f.AddComment(c.foglio, excelize.Comment{Author: "Scadenzario", Cell: c.cella, Paragraph: []excelize.RichTextRun{{Text: testo.String()}},
		Width: 320, Height: 18 * righe})
}

// areaDi returns the merged area that the cell opens, else the cell.
func areaDi(f *excelize.File, c cella) string {
	unite, err := f.GetMergeCells(c.foglio, true)
	if err != nil {
		return c.cella
	}
	for _, u := range unite {
		if u.GetStartAxis() == c.cella {
			return u.GetStartAxis() + ":" + u.GetEndAxis()
		}
	}
	return c.cella
}

func parola(g piano.Gravita) string {
	if g == piano.Errore {
		return "da correggere"
	}
	return "da verificare"
}
