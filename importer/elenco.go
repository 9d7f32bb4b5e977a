package importer

import (
	"regexp"
	"slices"
	"strings"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// colonnaElenco is a column of a list with the words that its heading goes by: whole
// headings, as chiave writes them without years; else roots of one of its words. One
// without a name is passed over.
type colonnaElenco struct {
	nome   string
	esatti []string
	radici []string
}

// tipoElenco is a kind of list: its columns, the stricter first, and when a row of
// headings is one of its.
type tipoElenco struct {
	nome    string // as the findings call it
	colonne []colonnaElenco
	basta   func(colonne map[string]int) bool
	sistema func(colonne map[string]int) // settles which column is which, once they are known
	serve   string                       // the columns that a person should add
}

// elencoLetto is a list on a sheet: its columns by name, its rows below testata, the last row
// of its headings.
type elencoLetto struct {
	f       *sheet.Foglio
	tipo    *tipoElenco
	testata int
	colonne map[string]int
}

const (
	// righeTitolo is how far down the headings of a list are looked for.
	righeTitolo = 60
	// lunghezzaTestata is how long the heading of a column may be.
	lunghezzaTestata = 60
	// colonneElenco is up to which column a heading is looked for.
	colonneElenco = 200
)

// elenchi finds the lists of that kind, at most one to a visible sheet.
func elenchi(c sheet.Cartella, tipo *tipoElenco) []*elencoLetto {
	var trovati []*elencoLetto
	for i := range c.Fogli {
		f := &c.Fogli[i]
		if f.Nascosto || strings.HasPrefix(f.Cella(1, 1).Testo, TitoloEsito) {
			continue
		}
		for riga := 1; riga <= min(righeTitolo, f.Righe()); riga++ {
			if colonne, fino := tipo.testata(f, riga); colonne != nil {
				trovati = append(trovati, &elencoLetto{f, tipo, fino, colonne})
				break
			}
		}
	}
	return trovati
}

// testata returns the columns that a row of headings names and the last row of the
// headings, nil where it is none of this kind. Some headings may stand on the row below,
// under one that covers several.
func (t *tipoElenco) testata(f *sheet.Foglio, riga int) (colonne map[string]int, fino int) {
	colonne, fino = map[string]int{}, riga
	t.nomina(f, riga, colonne)
	if len(colonne) > 0 && !t.basta(colonne) {
		fino++
		t.nomina(f, fino, colonne)
	}
	if !t.basta(colonne) {
		return nil, 0
	}
	t.sistema(colonne)
	return colonne, fino
}

// nomina adds the columns that the row names; of two with one name the first holds.
func (t *tipoElenco) nomina(f *sheet.Foglio, riga int, colonne map[string]int) {
	for col := 1; col <= min(f.Colonne(), colonneElenco); col++ {
		a := f.Area(riga, col)
		if a.Colonna < col {
			continue
		}
		nome := t.colonna(f.Cella(riga, col), colonne)
		if nome != "" && !slices.Contains(valori(colonne), col) {
			colonne[nome] = col
		}
	}
}

func valori(m map[string]int) []int {
	var v []int
	for _, n := range m {
		v = append(v, n)
	}
	return v
}

// colonna returns the name of the column that a cell is the heading of: the first whose
// words it has, of those not yet taken.
func (t *tipoElenco) colonna(c sheet.Cella, prese map[string]int) string {
	if c.Tipo != sheet.Testo || c.Testo == "" || len(c.Testo) > lunghezzaTestata {
		return ""
	}
	k := senzaAnni(chiave(strings.NewReplacer("/", " ", "-", " ").Replace(c.Testo)))
	for _, x := range t.colonne {
		if prese[x.nome] == 0 && k != "" && slices.ContainsFunc(x.esatti, func(s string) bool { return simili(k, s) }) {
			return x.nome
		}
	}
	for _, x := range t.colonne {
		if prese[x.nome] == 0 && contiene(k, x.radici...) {
			return x.nome
		}
	}
	return ""
}

// cella returns a cell of a row by the column's name; a blank one where there is no such
// column.
func (e *elencoLetto) cella(riga int, colonna string) sheet.Cella {
	if c := e.colonne[colonna]; c > 0 {
		return e.f.Cella(riga, c)
	}
	return sheet.Cella{}
}

// righe calls f for each row below the headings in which something begins under a known
// heading, but not for headings said again on a new page.
func (e *elencoLetto) righe(f func(riga int)) {
	for riga := e.testata + 1; riga <= e.f.Righe(); riga++ {
		if len(e.piene(riga)) == 0 || e.ripetuta(riga) {
			continue
		}
		f(riga)
	}
}

// ripetuta tells whether the row holds the headings again.
func (e *elencoLetto) ripetuta(riga int) bool {
	for nome, col := range e.colonne {
		if e.cella(riga, nome).Testo != "" && piano.Normalizza(e.f.Cella(e.testata, col).Testo) != piano.Normalizza(e.cella(riga, nome).Testo) {
			return false
		}
	}
	return true
}

// piene returns the columns in which something begins in the row, from left to right; a
// cell that spans several counts once.
func (e *elencoLetto) piene(riga int) []string {
	var nomi []string
	visti := map[int]bool{}
	for _, x := range e.tipo.colonne {
		c := e.cella(riga, x.nome)
		if (c.Testo != "" || c.Tipo == sheet.Ignoto) && c.Riga == riga && !visti[c.Colonna] {
			visti[c.Colonna] = true
			nomi = append(nomi, x.nome)
		}
	}
	slices.SortFunc(nomi, func(a, b string) int { return e.colonne[a] - e.colonne[b] })
	return nomi
}

// sola returns the one text of a row that has no other: a heading between the rows, or a
// note below them. larga tells that it spans several columns.
func (e *elencoLetto) sola(riga int) (colonna, testo string, larga bool) {
	piene := e.piene(riga)
	if len(piene) != 1 {
		return "", "", false
	}
	a := e.f.Area(riga, e.colonne[piene[0]])
	return piene[0], e.cella(riga, piene[0]).Testo, a.FinoColonna > a.Colonna
}

// valore returns what a cell says; one without a readable value is a finding.
func (e *elencoLetto) valore(riga int, colonna string, rilievi *[]piano.Rilievo) string {
	c := e.cella(riga, colonna)
	switch c.Tipo {
	case sheet.Guasto:
		*rilievi = append(*rilievi, e.rilievo("cella-in-errore", riga, colonna, c.Testo))
		return ""
	case sheet.Ignoto:
		*rilievi = append(*rilievi, e.rilievo("formula-senza-valore", riga, colonna))
		return ""
	}
	return c.Testo
}

// rilievo makes a finding at a cell of the list.
func (e *elencoLetto) rilievo(codice string, riga int, colonna string, args ...any) piano.Rilievo {
	return NuovoRilievo(codice, e.f.Nome, e.indirizzo(riga, colonna), args...)
}

// indirizzo is where a row's value under that column stands.
func (e *elencoLetto) indirizzo(riga int, colonna string) string {
	return e.f.Area(riga, max(1, e.colonne[colonna])).Indirizzo()
}

// annoDettoRe is a year that says what it is the year of.
var annoDettoRe = regexp.MustCompile(`\b(?:anno|esercizio)\s+(?:di riferimento\s+)?((?:19|20)\d\d)\b`)

// anno returns the year that the list is of: said by the lines above it, else by the
// sheet's name, else the first one above it; 0 where nothing says it.
func (e *elencoLetto) anno() int {
	primo := 0
	for riga := 1; riga < e.testata; riga++ {
		for col := 1; col <= e.f.Colonne(); col++ {
			c := e.f.Cella(riga, col)
			if c.Tipo == sheet.Data || c.Colonna < col {
				continue
			}
			if m := annoDettoRe.FindStringSubmatch(piano.Normalizza(c.Testo)); m != nil {
				return intero(m[1])
			}
			if a := anni(c.Testo); len(a) > 0 && primo == 0 {
				primo = a[0]
			}
		}
	}
	if a := anni(e.f.Nome); len(a) > 0 {
		return a[0]
	}
	return primo
}

// scegliElenchi finds the lists of that kind and their year: anno where it is given, else
// what the sheets say, else the file's name. Of several years only the given one is read.
func scegliElenchi(c sheet.Cartella, tipo *tipoElenco, nome string, anno int) ([]*elencoLetto, int, []piano.Rilievo) {
	tutti := elenchi(c, tipo)
	if len(tutti) == 0 {
		return nil, 0, []piano.Rilievo{NuovoRilievo("tabella-mancante", "", "", tipo.nome, tipo.serve)}
	}
	var detti []int
	for _, e := range tutti {
		if a := e.anno(); a != 0 && !slices.Contains(detti, a) {
			detti = append(detti, a)
		}
	}
	if anno == 0 && len(detti) == 1 {
		anno = detti[0]
	}
	if a := anni(base(nome)); anno == 0 && len(detti) == 0 && len(a) > 0 {
		anno = a[0]
	}
	if anno == 0 {
		e := tutti[0]
		return nil, 0, []piano.Rilievo{NuovoRilievo("anno-tabella-mancante", e.f.Nome, sheet.Indirizzo(e.testata, valoreMinimo(e.colonne)))}
	}
	if slices.Contains(detti, anno) {
		tutti = slices.DeleteFunc(tutti, func(e *elencoLetto) bool { a := e.anno(); return a != 0 && a != anno })
	}
	return tutti, anno, nil
}

func valoreMinimo(m map[string]int) int { return slices.Min(valori(m)) }
