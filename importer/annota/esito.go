package annota

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/scadenzario/scadenzario/importer"
	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// scriviEsito adds the sheet with the list of findings and makes it the first one.
func scriviEsito(f *excelize.File, file string, rilievi []piano.Rilievo) error {
	prima := f.GetSheetList()
	nome := foglioES
	for n := 2; esiste(f, nome); n++ {
		nome = fmt.Sprintf("%s (%d)", foglioES, n)
	}
	if _, err := f.NewSheet(nome); err != nil {
		return err
	}
	e := &elenco{f: f, foglio: nome}
	e.stili()
	e.scrivi(file, rilievi)
	if e.err != nil {
		return e.err
	}
	if err := f.SetDefinedName(&excelize.DefinedName{Name: NomeEsito, RefersTo: `"v1"`}); err != nil {
		return err
	}
	if err := f.MoveSheet(nome, prima[0]); err != nil {
		return err
	}
	// names that belong to a sheet say so by its place, which MoveSheet leaves as it was
	if f.WorkBook.DefinedNames != nil {
		for i := range f.WorkBook.DefinedNames.DefinedName {
			if n := f.WorkBook.DefinedNames.DefinedName[i].LocalSheetID; n != nil {
				*n++
			}
		}
	}
	f.SetActiveSheet(0)
	return nil
}

// elenco is the sheet being written. The first error stays.
type elenco struct {
	f      *excelize.File
	foglio string

	titolo, testo, testata, legame int
	rosso, giallo, istruzioni      int
	err                            error
}

func (e *elenco) fa(err error) {
	if e.err == nil {
		e.err = err
	}
}

func (e *elenco) stili() {
	bordo := []excelize.Border{{Type: "bottom", Color: "C8CED8", Style: 1}}
	alto := &excelize.Alignment{Vertical: "top", WrapText: true}
	carattere := func(c string, grassetto bool, corpo float64) *excelize.Font {
		return &excelize.Font{Family: "Calibri", Size: corpo, Color: c, Bold: grassetto}
	}
	for _, x := range []struct {
		dove  *int
		stile excelize.Style
	}{
		{&e.titolo, excelize.Style{Font: carattere("1F3864", true, 14)}},
		{&e.istruzioni, excelize.Style{Font: carattere("000000", false, 11), Alignment: alto}},
		{&e.testata, excelize.Style{Font: carattere("FFFFFF", true, 11), Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"1F3864"}}}},
		{&e.testo, excelize.Style{Font: carattere("000000", false, 11), Alignment: alto, Border: bordo}},
		{&e.legame, excelize.Style{Font: &excelize.Font{Family: "Calibri", Size: 11, Color: "0B4F9E", Underline: "single"}, Alignment: alto, Border: bordo}},
		{&e.rosso, excelize.Style{Font: carattere("C00000", true, 11), Alignment: alto, Border: bordo}},
		{&e.giallo, excelize.Style{Font: carattere("9A5B00", true, 11), Alignment: alto, Border: bordo}},
	} {
		id, err := e.f.NewStyle(&x.stile)
		e.fa(err)
		*x.dove = id
	}
}

// cella writes a text as a text.
func (e *elenco) cella(riga, colonna int, testo string, stile int) {
	dove := sheet.Indirizzo(riga, colonna)
	e.fa(e.f.SetCellStr(e.foglio, dove, sheet.Letterale(testo)))
	e.fa(e.f.SetCellStyle(e.foglio, dove, dove, stile))
}

func (e *elenco) scrivi(file string, rilievi []piano.Rilievo) {
	for _, c := range []struct {
		colonna string
		larga   float64
	}{{"A", 16}, {"B", 24}, {"C", 9}, {"D", 95}} {
		e.fa(e.f.SetColWidth(e.foglio, c.colonna, c.colonna, c.larga))
	}
	e.cella(1, 1, importer.TitoloEsito+" di "+file, e.titolo)
	e.fa(e.f.MergeCell(e.foglio, "A2", "D2"))
	e.cella(2, 1, premessa(rilievi), e.istruzioni)
	e.fa(e.f.SetRowHeight(e.foglio, 2, 34))
	for i, t := range []string{"Rilievo", "Foglio", "Cella", "Che cosa non va e che cosa scrivere"} {
		e.cella(4, i+1, t, e.testata)
	}
	for i, r := range rilievi {
		riga, stile, foglio := 5+i, e.giallo, r.Foglio
		if r.Gravita == piano.Errore {
			stile = e.rosso
		}
		if foglio == "" {
			foglio = "(intera cartella)"
		}
		e.cella(riga, 1, parola(r.Gravita), stile)
		e.cella(riga, 2, foglio, e.testo)
		e.cella(riga, 3, r.Cella, e.testo)
		if r.Cella != "" && esiste(e.f, r.Foglio) {
			e.cella(riga, 3, r.Cella, e.legame)
			e.fa(e.f.SetCellHyperLink(e.foglio, sheet.Indirizzo(riga, 3), "'"+strings.ReplaceAll(r.Foglio, "'", "''")+"'!"+r.Cella, "Location"))
		}
		e.cella(riga, 4, r.Messaggio, e.testo)
		e.fa(e.f.SetRowHeight(e.foglio, riga, min(409, 15.5*float64(1+len([]rune(r.Messaggio))/95))))
	}
	orizzontale, a4, una, molte, adatta := "landscape", 9, 1, 0, true
	e.fa(e.f.SetPageLayout(e.foglio, &excelize.PageLayoutOptions{Orientation: &orizzontale, Size: &a4, FitToWidth: &una, FitToHeight: &molte}))
	e.fa(e.f.SetSheetProps(e.foglio, &excelize.SheetPropsOptions{FitToPage: &adatta}))
}

// premessa says in two sentences what the list is for.
func premessa(rilievi []piano.Rilievo) string {
	errori := 0
	for _, r := range rilievi {
		if r.Gravita == piano.Errore {
			errori++
		}
	}
	coda := " Le celle hanno un bordo rosso o arancione e un commento. Corretto il file, lo si consegna così com'è: questo foglio e i commenti non contano."
	switch {
	case len(rilievi) == 0:
		return "Nessun rilievo: la cartella è stata letta per intero."
	case errori == 0:
		return "Nulla impedisce l'accoglimento; si prega di verificare quanto segue." + coda
	case errori == 1:
		return "C'è un punto da correggere: finché resta, nessun dato della cartella viene registrato." + coda
	}
	return fmt.Sprintf("Ci sono %d punti da correggere: finché restano, nessun dato della cartella viene registrato.", errori) + coda
}
