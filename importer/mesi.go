package importer

import (
	"strings"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// iniziali are the months' letters as forms print them.
const iniziali = "gfmamglasond"

// romani are the months in Roman numerals.
var romani = [12]string{"i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"}

// mesiDi returns the months that a heading can mean: G is January or June, "giu" is
// June, "6", "06", "VI" and a day in June too. No month for any other text.
func mesiDi(testo string, tipo sheet.Tipo) piano.Mesi {
	if tipo == sheet.Data {
		if g, err := piano.ParseGiorno(testo); err == nil {
			return piano.NewMesi(g.Mese())
		}
		return 0
	}
	s := strings.TrimRight(piano.Normalizza(testo), ".")
	if len(s) == 1 {
		if m := daIniziale(s[0]); m != 0 {
			return m
		}
	}
	for i, r := range romani {
		if s == r {
			return piano.NewMesi(i + 1)
		}
	}
	if n := strings.TrimPrefix(s, "0"); n != "" && strings.Trim(n, "0123456789") == "" {
		for m := 1; m <= 12; m++ {
			if n == itoa(m) {
				return piano.NewMesi(m)
			}
		}
		return 0
	}
	return daNome(s)
}

func itoa(n int) string { return piano.NewDecimale(n).String() }

func daIniziale(l byte) piano.Mesi {
	var s piano.Mesi
	for i := range iniziali {
		if iniziali[i] == l {
			s |= piano.NewMesi(i + 1)
		}
	}
	return s
}

// daNome reads a month's name, whole or cut to three letters or more, with a year
// beside it or not: "gen", "Sett.", "marzo 2021", "apr-21", "genaio".
func daNome(s string) piano.Mesi {
	lettere := strings.TrimRight(s, "0123456789 .-/'")
	if len(lettere) < 3 || strings.ContainsAny(lettere, " 0123456789") {
		return 0
	}
	for m := 1; m <= 12; m++ {
		if nome := piano.NomeMese(m); strings.HasPrefix(nome, lettere) || len(lettere) > 4 && distanza(nome, lettere, 2) <= 2 {
			return piano.NewMesi(m)
		}
	}
	return 0
}

// finestra is a run of twelve month headings in one row.
type finestra struct {
	colonne [12]sheet.Area // where each heading stands
	mesi    [12]int        // the month of each; 1..12 in order but for named months
	anno    int            // as the headings or what stands above them say; 0 for none
	riga    versoRiga      // which row it holds, where the heading above says so
}

// prima and ultima are the window's columns.
func (f finestra) prima() int  { return f.colonne[0].Colonna }
func (f finestra) ultima() int { return f.colonne[11].FinoColonna }

// voce is a heading in a row, with the months that it can mean.
type voce struct {
	area  sheet.Area
	testo string
	mesi  piano.Mesi
	anno  int
}

// finestre finds the twelve-month windows of a row, left to right. The position
// tells the month and the letters confirm it: at most two headings may be blank or
// misspelt, and none may name another month.
func finestre(voci []voce) []finestra {
	var trovate []finestra
	for i := 0; i+12 <= len(voci); i++ {
		f, ok := inOrdine(voci[i : i+12])
		if !ok {
			f, ok = perNome(voci[i : i+12])
		}
		if ok {
			trovate = append(trovate, f)
			i += 11
		}
	}
	return trovate
}

func nuovaFinestra(voci []voce) finestra {
	var f finestra
	for i, v := range voci {
		f.colonne[i], f.mesi[i] = v.area, i+1
		f.anno = max(f.anno, v.anno)
	}
	return f
}

// inOrdine takes twelve headings from January to December.
func inOrdine(voci []voce) (finestra, bool) {
	confermati := 0
	for i, v := range voci {
		switch {
		case v.mesi.Contiene(i + 1):
			confermati++
		case v.mesi != 0:
			return finestra{}, false
		}
	}
	return nuovaFinestra(voci), confermati >= 10
}

// perNome takes twelve headings that name each month once, in any order.
func perNome(voci []voce) (finestra, bool) {
	var visti piano.Mesi
	f := nuovaFinestra(voci)
	for i, v := range voci {
		if v.mesi.Len() != 1 {
			return finestra{}, false
		}
		visti |= v.mesi
		f.mesi[i] = v.mesi.Primo()
	}
	return f, visti == piano.TuttiMesi
}
