package modulo

import "github.com/xuri/excelize/v2"

// stili are the styles of a form, by what a cell is for.
type stili struct {
	testata, istruzioni, titolo, etichetta, valore, colonna, casella int
	aperta                                                           int // the office fills it in
	apertaFissa                                                      int // the name of a row that it fills in
}

// Colours: calm ones for the plan, yellow for what is to be filled in.
const (
	blu    = "1F3864"
	grigio = "E7ECF4"
	giallo = "FFF2CC"
	linea  = "9AA5B8"
)

// nuoviStili makes the styles in a workbook.
func nuoviStili(f *excelize.File) (s stili, err error) {
	bordo := []excelize.Border{{Type: "left", Color: linea, Style: 1}, {Type: "right", Color: linea, Style: 1}, {Type: "top", Color: linea, Style: 1}, {Type: "bottom", Color: linea, Style: 1}}
	pieno := func(c string) excelize.Fill { return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{c}} }
	sinistra := &excelize.Alignment{Horizontal: "left", Vertical: "center", WrapText: true, Indent: 1}
	centro := &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	testo := 49 // "@": what is typed stays as it was typed
	for _, x := range []struct {
		dove  *int
		stile excelize.Style
	}{
		{&s.testata, excelize.Style{Font: &excelize.Font{Bold: true, Size: 11, Family: "Calibri", Color: blu}, Alignment: sinistra}},
		{&s.istruzioni, excelize.Style{Font: &excelize.Font{Italic: true, Size: 9, Family: "Calibri"}, Alignment: sinistra}},
		{&s.titolo, excelize.Style{Font: &excelize.Font{Bold: true, Size: 13, Family: "Calibri", Color: "FFFFFF"}, Fill: pieno(blu), Alignment: sinistra}},
		{&s.etichetta, excelize.Style{Font: &excelize.Font{Bold: true, Size: 10, Family: "Calibri"}, Fill: pieno(grigio), Border: bordo, Alignment: sinistra}},
		{&s.valore, excelize.Style{Font: &excelize.Font{Size: 10, Family: "Calibri"}, Border: bordo, Alignment: sinistra, NumFmt: testo}},
		{&s.colonna, excelize.Style{Font: &excelize.Font{Bold: true, Size: 9, Family: "Calibri"}, Fill: pieno(grigio), Border: bordo, Alignment: centro}},
		{&s.casella, excelize.Style{Font: &excelize.Font{Size: 10, Family: "Calibri"}, Border: bordo, Alignment: centro, NumFmt: testo}},
		{&s.aperta, excelize.Style{Font: &excelize.Font{Size: 10, Family: "Calibri"}, Fill: pieno(giallo), Border: bordo, Alignment: centro, NumFmt: testo, Protection: &excelize.Protection{}}},
		{&s.apertaFissa, excelize.Style{Font: &excelize.Font{Size: 10, Family: "Calibri"}, Fill: pieno(giallo), Border: bordo, Alignment: centro}},
	} {
		if *x.dove, err = f.NewStyle(&x.stile); err != nil {
			return s, err
		}
	}
	return s, nil
}
