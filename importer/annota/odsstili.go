package annota

import (
	"encoding/xml"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/scadenzario/scadenzario/piano"
)

// The names of our styles. Those of the cells' borders are named styles, for a condition
// can apply no other; LibreOffice keeps their names, which have nothing to escape.
const (
	stileBordo  = "ScadenzarioBordo"
	stilePagina = "ScadenzarioPagina"
	// nostroStile begins the automatic styles of the sheet ESITO.
	nostroStile = "scadenzario-"
)

var stileBordoRe = regexp.MustCompile(`^` + stileBordo + `\d+$`)

// stileCella is what an automatic style says of a cell: its properties, element by
// element.
type stileCella struct {
	padre     string
	proprieta []proprieta
}

type proprieta struct {
	nome string
	attr []xml.Attr
}

// leggiStile takes the properties of the style just opened that can stand in styles.xml:
// a font is named there by its family, a number's format stays with the cell. It leaves
// our condition out, which LibreOffice writes into the style of a marked cell, too.
func (r *riscrittore) leggiStile(e xml.StartElement, caratteri map[string]string) stileCella {
	s := stileCella{padre: attributo(e, nsStyle, "parent-style-name")}
	for {
		p, ok := r.figlio()
		if !ok {
			return s
		}
		if p.Name.Space == nsStyle && strings.HasSuffix(p.Name.Local, "-properties") {
			una := proprieta{nome: p.Name.Local}
			for _, a := range p.Attr {
				if è(a.Name, nsStyle, "font-name") {
					if famiglia := caratteri[a.Value]; famiglia != "" {
						una.attr = append(una.attr, xml.Attr{Name: xml.Name{Space: nsFO, Local: "font-family"}, Value: famiglia})
					}
				} else if (a.Name.Space == nsStyle || a.Name.Space == nsFO) && !strings.HasPrefix(a.Name.Local, "font-name-") {
					una.attr = append(una.attr, a)
				}
			}
			s.proprieta = append(s.proprieta, una)
		}
		inizio := r.da
		r.sorvola()
		if formula, ok := strings.CutPrefix(attributo(p, nsStyle, "condition"), "is-true-formula("); ok && nostra(strings.TrimSuffix(formula, ")")) {
			r.copia(inizio)
			r.lascia(r.a)
		}
	}
}

// coloreBordo is the border of a gravity.
func coloreBordo(g piano.Gravita) string {
	if g == piano.Errore {
		return "1.76pt solid #c00000"
	}
	return "1.76pt solid #e08a00"
}

// bordato writes a named style that is as s but for its border.
func (s stileCella) bordato(nome string, g piano.Gravita) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<style:style%s style:name="%s" style:family="table-cell"`, tuttiGliSpazi(), nome)
	if s.padre != "" {
		fmt.Fprintf(&b, ` style:parent-style-name="%s"`, nomeXML(s.padre))
	}
	b.WriteByte('>')
	tutte := s.proprieta
	if !slices.ContainsFunc(tutte, func(p proprieta) bool { return p.nome == "table-cell-properties" }) {
		tutte = append([]proprieta{{nome: "table-cell-properties"}}, tutte...)
	}
	for _, p := range tutte {
		fmt.Fprintf(&b, "<style:%s", p.nome)
		for _, a := range p.attr {
			if strings.HasPrefix(a.Name.Local, "border") || a.Name.Local == "diagonal-bl-tr" || a.Name.Local == "diagonal-tl-br" {
				continue
			}
			prefisso := "style"
			if a.Name.Space == nsFO {
				prefisso = "fo"
			}
			fmt.Fprintf(&b, ` %s:%s="%s"`, prefisso, a.Name.Local, nomeXML(a.Value))
		}
		if p.nome == "table-cell-properties" {
			fmt.Fprintf(&b, ` fo:border="%s"`, coloreBordo(g))
		}
		b.WriteString("/>")
	}
	b.WriteString("</style:style>")
	return b.String()
}

// tuttiGliSpazi declares every namespace that our elements use.
func tuttiGliSpazi() string {
	var b strings.Builder
	for _, p := range prefissi {
		fmt.Fprintf(&b, ` xmlns:%s="%s"`, p.nome, p.spazio)
	}
	return b.String()
}

// stileDi returns the name of the style that gives the cell of that base style its
// border.
func (m *marche) stileDi(base string, stili map[string]stileCella, g piano.Gravita) string {
	k := derivato{base, g}
	if nome, ok := m.nomi[k]; ok {
		return nome
	}
	s, automatico := stili[base]
	if !automatico {
		s = stileCella{padre: base}
	}
	nome := fmt.Sprint(stileBordo, len(m.derivati)+1)
	m.nomi[k], m.derivati = nome, append(m.derivati, s.bordato(nome, g))
	return nome
}

// stiliXML puts the derived styles and the page of ESITO into styles.xml, in the place of
// those of an earlier annotation.
func (m *marche) stiliXML(in []byte) ([]byte, error) {
	r := nuovoRiscrittore(in)
	r.radice()
	var nostre []inserita
	r.dentro(func(e xml.StartElement) {
		switch {
		case è(e.Name, nsOffice, "styles"):
			nostre = append(nostre, inserita{r.senzaNostri(), strings.Join(m.derivati, "")})
		case è(e.Name, nsOffice, "automatic-styles"):
			nostre = append(nostre, inserita{r.senzaNostri(), `<style:page-layout` + tuttiGliSpazi() + ` style:name="` + stilePagina + `"><style:page-layout-properties fo:page-width="29.7cm" fo:page-height="21cm" style:print-orientation="landscape" fo:margin="1.5cm" style:scale-to-X="1" style:scale-to-Y="0"/></style:page-layout>`})
		case è(e.Name, nsOffice, "master-styles"):
			nostre = append(nostre, inserita{r.senzaNostri(), `<style:master-page` + tuttiGliSpazi() + ` style:name="` + stilePagina + `" style:page-layout-name="` + stilePagina + `"/>`})
		default:
			r.sorvola()
		}
	})
	b, err := r.fine()
	if err != nil {
		return nil, err
	}
	return inserisci(b, nostre...), nil
}

// senzaNostri leaves out, of the styles that stand in the element just opened, those of
// an earlier annotation. It returns the place after the last one.
func (r *riscrittore) senzaNostri() int {
	return r.dentro(func(e xml.StartElement) {
		inizio, nome := r.da, attributo(e, nsStyle, "name")
		r.sorvola()
		if nome == stilePagina || stileBordoRe.MatchString(nome) {
			r.copia(inizio)
			r.lascia(r.a)
		}
	})
}
