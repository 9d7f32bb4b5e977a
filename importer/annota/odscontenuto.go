package annota

import (
	"encoding/xml"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/scadenzario/scadenzario/importer"
	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// contenutoODS rewrites content.xml.
type contenutoODS struct {
	*riscrittore
	m         *marche
	caratteri map[string]string     // fonts by name
	stili     map[string]stileCella // automatic styles of cells
	esito     int                   // where ESITO goes: before the first sheet; -1 for nowhere yet
}

// contenuto takes the old marks off content.xml and puts the new ones in.
func (m *marche) contenuto(in []byte) ([]byte, error) {
	c := &contenutoODS{riscrittore: nuovoRiscrittore(in), m: m, caratteri: map[string]string{}, stili: map[string]stileCella{}, esito: -1}
	c.radice()
	posto, apri, chiudi := -1, "", ""
	c.dentro(func(e xml.StartElement) {
		switch {
		case è(e.Name, nsOffice, "font-face-decls"):
			c.leggiCaratteri()
		case è(e.Name, nsOffice, "automatic-styles"):
			posto = c.leggiStili()
		case è(e.Name, nsOffice, "body"):
			if posto < 0 {
				c.copia(c.da)
				posto, apri, chiudi = c.out.Len(), "<office:automatic-styles"+tuttiGliSpazi()+">", "</office:automatic-styles>"
			}
			c.dentro(func(e xml.StartElement) {
				if !è(e.Name, nsOffice, "spreadsheet") {
					c.sorvola()
					return
				}
				c.dentro(c.nelFoglio)
			})
		default:
			c.sorvola()
		}
	})
	b, err := c.fine()
	if err != nil {
		return nil, err
	}
	if c.esito < 0 {
		return nil, fmt.Errorf("there is no sheet")
	}
	return inserisci(b, inserita{posto, apri + stiliEsito(c.spazi) + chiudi}, inserita{c.esito, m.foglioEsito(c.spazi)}), nil
}

func (c *contenutoODS) leggiCaratteri() {
	c.dentro(func(e xml.StartElement) {
		c.caratteri[attributo(e, nsStyle, "name")] = attributo(e, nsSVG, "font-family")
		c.sorvola()
	})
}

// leggiStili remembers the styles of cells and leaves ours out. It returns the place
// after the last one.
func (c *contenutoODS) leggiStili() int {
	return c.dentro(func(e xml.StartElement) {
		inizio, nome := c.da, attributo(e, nsStyle, "name")
		if è(e.Name, nsStyle, "style") && attributo(e, nsStyle, "family") == "table-cell" && !strings.HasPrefix(nome, nostroStile) {
			c.stili[nome] = c.leggiStile(e, c.caratteri)
			return
		}
		if c.sorvola(); strings.HasPrefix(nome, nostroStile) {
			c.copia(inizio)
			c.lascia(c.a)
		}
	})
}

// nelFoglio takes what stands in office:spreadsheet: the sheets, and the name that marks
// an annotated .xlsx.
func (c *contenutoODS) nelFoglio(e xml.StartElement) {
	switch {
	case è(e.Name, nsTable, "table"):
		c.copia(c.da)
		prima := c.out.Len()
		if c.esito < 0 {
			c.esito = prima
		}
		if f := c.foglio(e); f.nostro && c.err == nil {
			c.out.Truncate(prima)
			c.lascia(c.a)
		}
	case è(e.Name, nsTable, "named-expressions"):
		c.dentro(func(e xml.StartElement) {
			inizio := c.da
			if c.sorvola(); attributo(e, nsTable, "name") == NomeEsito {
				c.copia(inizio)
				c.lascia(c.a)
			}
		})
	default:
		c.sorvola()
	}
}

// foglioODS is the sheet that is being rewritten.
type foglioODS struct {
	c       *contenutoODS
	nome    string // as the file writes it
	segni   map[posto]*segno
	perRiga map[int][]int // the columns of the marks in a row
	righe   []int         // the rows with marks
	colonne []colonneODS  // default styles
	bordi   []bordo
	riga    int  // the rows passed
	ultima  int  // the last column named
	nostro  bool // an ESITO of an earlier annotation
	formati int  // where our conditions go; -1 before the end
}

type colonneODS struct {
	fino  int
	stile string
}

// bordo is an area with the style that gives it its border.
type bordo struct{ area, base, stile string }

func (c *contenutoODS) foglio(e xml.StartElement) *foglioODS {
	f := &foglioODS{c: c, nome: attributo(e, nsTable, "name"), perRiga: map[int][]int{}, formati: -1}
	letto := piano.Piega(f.nome)
	f.segni = c.m.per[letto]
	delete(c.m.per, letto) // a second sheet of that name is not the one that was read
	if f.segni != nil {
		c.m.fogli[letto] = f.nome
	}
	for _, p := range slices.SortedFunc(maps.Keys(f.segni), func(a, b posto) int { return (a.riga-b.riga)*20_000 + a.colonna - b.colonna }) {
		if len(f.perRiga[p.riga]) == 0 {
			f.righe = append(f.righe, p.riga)
		}
		f.perRiga[p.riga] = append(f.perRiga[p.riga], p.colonna)
	}
	fine := c.dentro(f.figlio)
	if len(f.bordi) > 0 {
		testo := f.condizioni()
		if f.formati < 0 {
			f.formati, testo = fine, "<calcext:conditional-formats"+c.spazi+">"+testo+"</calcext:conditional-formats>"
		}
		resto := append([]byte(testo), c.out.Bytes()[f.formati:]...)
		c.out.Truncate(f.formati)
		c.out.Write(resto)
	}
	return f
}

// figlio takes what stands in a sheet, or in a group of its rows.
func (f *foglioODS) figlio(e xml.StartElement) {
	switch {
	case è(e.Name, nsTable, "table-row"):
		f.leggiRiga(e)
	case è(e.Name, nsTable, "table-column"):
		f.ultima += max(1, numero(attributo(e, nsTable, "number-columns-repeated")))
		f.colonne = append(f.colonne, colonneODS{f.ultima, attributo(e, nsTable, "default-cell-style-name")})
		f.c.sorvola()
	case e.Name.Space == nsTable && slices.Contains([]string{"table-rows", "table-header-rows", "table-row-group", "table-columns", "table-header-columns", "table-column-group"}, e.Name.Local):
		f.c.dentro(f.figlio)
	case è(e.Name, nsCalcext, "conditional-formats"):
		inizio := f.c.da
		f.c.copia(inizio)
		prima := f.c.out.Len()
		nostri, altrui := 0, 0
		f.formati = f.c.dentro(func(xml.StartElement) {
			if f.formato() {
				nostri++
			} else {
				altrui++
			}
		})
		if nostri > 0 && altrui == 0 && f.c.err == nil {
			f.c.out.Truncate(prima)
			f.c.lascia(f.c.a)
			f.formati = -1
		}
	default:
		f.c.sorvola()
	}
}

// formato takes our conditions off the conditional format just opened, and the whole of
// it where it has no other: then it returns true.
func (f *foglioODS) formato() bool {
	c := f.c
	c.copia(c.da)
	prima, nostre, altrui := c.out.Len(), 0, 0
	c.dentro(func(e xml.StartElement) {
		inizio := c.da
		c.sorvola()
		formula, ok := strings.CutPrefix(attributo(e, nsCalcext, "value"), "formula-is(")
		if ok && è(e.Name, nsCalcext, "condition") && nostra(strings.TrimSuffix(formula, ")")) {
			nostre++
			c.copia(inizio)
			c.lascia(c.a)
			return
		}
		altrui++
	})
	if nostre == 0 || altrui > 0 || c.err != nil {
		return false
	}
	c.lascia(c.a)
	c.out.Truncate(prima)
	return true
}

// condizioni writes a conditional format for each border.
func (f *foglioODS) condizioni() string {
	var b strings.Builder
	for _, x := range f.bordi {
		fmt.Fprintf(&b, `<calcext:conditional-format%s calcext:target-range-address="%s"><calcext:condition calcext:apply-style-name="%s" calcext:value="formula-is(%s)" calcext:base-cell-address="%s"/></calcext:conditional-format>`,
			f.c.spazi, nomeXML(x.area), x.stile, nomeXML(sempre), nomeXML(x.base))
	}
	return b.String()
}

// indirizzo is a cell's address as OpenDocument writes it.
func (f *foglioODS) indirizzo(riga, colonna int) string {
	return indirizzoODS(f.nome, sheet.Indirizzo(riga, colonna))
}

func indirizzoODS(foglio, cella string) string {
	return "'" + strings.ReplaceAll(foglio, "'", "''") + "'." + cella
}

// stileColonna returns the default style of the cells of a column.
func (f *foglioODS) stileColonna(colonna int) string {
	for _, c := range f.colonne {
		if colonna <= c.fino {
			return c.stile
		}
	}
	return ""
}

// numero reads a number of repetitions; 0 where there is none.
func numero(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil {
		return 0 // the strict reader has judged it
	}
	return n
}

// eEsito tells whether a text is the title of our list.
func eEsito(s string) bool { return strings.HasPrefix(piano.Piega(s), importer.TitoloEsito) }
