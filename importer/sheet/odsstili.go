package sheet

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

// giornoZero is the day that serial numbers count from unless the file says another.
var giornoZero = time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)

// stiliODS are the styles of a workbook: the named ones, which other styles build on,
// and the automatic ones, which cells use.
type stiliODS struct {
	comuni, automatici map[chiaveODS]stileODS
	formati            map[string]formato    // data styles by name; the automatic ones win
	risolti            map[string]aspettoODS // cell styles by name, their parents followed
}

// chiaveODS is the name of a style in its family: "table-cell", "table".
type chiaveODS struct{ famiglia, nome string }

// stileODS is what one style says by itself.
type stileODS struct {
	padre, formato string
	tinta          string // fo:background-color as written; "" where it says none
	nascosto       bool   // of a table: table:display is false
}

// aspettoODS is what the reading needs of a cell's style.
type aspettoODS struct {
	formato     formato
	riempimento Colore // none for white, too
}

// limiteStili bounds the styles; honest workbooks of many years have some thousands.
const limiteStili = 100_000

// leggi reads the styles that stand in the element just opened.
func (s *stiliODS) leggi(x *lettoreXML, dove *map[chiaveODS]stileODS) {
	if *dove == nil {
		*dove = map[chiaveODS]stileODS{}
	}
	for livello := x.livello; x.figlio(livello); {
		switch {
		case x.è(odfStyle, "style"):
			k, st := leggiStile(x)
			(*dove)[k] = st
		case x.spazio == odfNumber:
			s.leggiFormato(x)
		default:
			x.sorvola()
		}
		if len(*dove)+len(s.formati) > limiteStili {
			x.err = fmt.Errorf("%w: more than %d styles", ErrTroppoGrande, limiteStili)
		}
	}
}

// leggiFormato notes what a data style makes of a number.
func (s *stiliODS) leggiFormato(x *lettoreXML) {
	f := formatoNumero
	switch string(x.nome) {
	case "percentage-style":
		f = formatoPercento
	case "date-style":
		f = formatoData
	}
	if nome := x.attributoIn(odfStyle, "name"); nome != nil {
		if s.formati == nil {
			s.formati = map[string]formato{}
		}
		s.formati[string(nome)] = f
	}
	x.sorvola()
}

// leggiStile reads one style:style.
func leggiStile(x *lettoreXML) (chiaveODS, stileODS) {
	k := chiaveODS{string(x.attributoIn(odfStyle, "family")), string(x.attributoIn(odfStyle, "name"))}
	s := stileODS{padre: string(x.attributoIn(odfStyle, "parent-style-name")), formato: string(x.attributoIn(odfStyle, "data-style-name"))}
	for livello := x.livello; x.figlio(livello); x.sorvola() {
		switch {
		case x.è(odfStyle, "table-cell-properties"):
			s.tinta = string(x.attributoIn(odfFO, "background-color"))
		case x.è(odfStyle, "table-properties"):
			s.nascosto = string(x.attributoIn(odfTable, "display")) == "false"
		}
	}
	return k, s
}

// cella returns the look of the cell style of that name.
func (s *stiliODS) cella(nome []byte) aspettoODS {
	if len(nome) == 0 {
		return aspettoODS{}
	}
	if a, ok := s.risolti[string(nome)]; ok {
		return a
	}
	if s.risolti == nil {
		s.risolti = map[string]aspettoODS{}
	}
	a := s.risolvi(string(nome))
	s.risolti[string(nome)] = a
	return a
}

// risolvi follows a style to its parents, the nearest word counting. Only the first
// style may be automatic.
func (s *stiliODS) risolvi(nome string) (a aspettoODS) {
	const generazioni = 32 // a style may name itself for its parent
	tinta, formatoDetto := "", ""
	st, ok := s.automatici[chiaveODS{"table-cell", nome}]
	if !ok {
		st, ok = s.comuni[chiaveODS{"table-cell", nome}]
	}
	for i := 0; ok && i < generazioni; i++ {
		if tinta == "" {
			tinta = st.tinta
		}
		if formatoDetto == "" {
			formatoDetto = st.formato
		}
		st, ok = s.comuni[chiaveODS{"table-cell", st.padre}]
	}
	a.formato = s.formati[formatoDetto]
	if esa, ok := strings.CutPrefix(tinta, "#"); ok && len(esa) == 6 && !strings.EqualFold(esa, "ffffff") {
		a.riempimento = ColoreDi(esa)
	}
	return a
}

// nascosto tells whether a sheet of that style is hidden.
func (s *stiliODS) nascosto(nome []byte) bool {
	k := chiaveODS{"table", string(bytes.TrimSpace(nome))}
	if st, ok := s.automatici[k]; ok {
		return st.nascosto
	}
	return s.comuni[k].nascosto
}
