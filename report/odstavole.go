package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/scadenzario/scadenzario/piano"
)

// contenuto writes content.xml: the styles of cells, then the tables.
func (d Documento) contenuto() string {
	var b strings.Builder
	b.WriteString(intestazioneXML + `<office:document-content` + spazi + `><office:automatic-styles>` + formati)
	b.WriteString(stileCella("titolo", "", `<style:text-properties fo:font-size="14pt" fo:font-weight="bold" fo:color="#`+blu+`"/>`))
	b.WriteString(stileCella("nota", "", `<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/><style:text-properties fo:font-style="italic"/>`))
	b.WriteString(stileCella("testata", "", `<style:table-cell-properties fo:background-color="#`+blu+`" fo:border="0.5pt solid #`+linea+`" fo:wrap-option="wrap" style:vertical-align="middle"/>`+
		`<style:paragraph-properties fo:text-align="center"/><style:text-properties fo:font-weight="bold" fo:color="#ffffff"/>`))
	for t := range tipi {
		lato, va := "end", "no-wrap"
		if t == testo {
			lato, va = "start", "wrap"
		} else if t == data {
			lato = "center"
		}
		cella := `<style:table-cell-properties fo:border="0.5pt solid #` + linea + `" fo:wrap-option="` + va + `" style:vertical-align="top" fo:padding="0.04cm"`
		if lato == "end" {
			cella += ` fo:padding-right="0.25cm"` // off the text of the next column
		}
		paragrafo := `<style:paragraph-properties fo:text-align="` + lato + `"/>`
		b.WriteString(stileCella(nomeStile(t, false), t.formato(), cella+`/>`+paragrafo))
		b.WriteString(stileCella(nomeStile(t, true), t.formato(), cella+` fo:background-color="#`+grigio+`"/>`+paragrafo+`<style:text-properties fo:font-weight="bold"/>`))
	}
	b.WriteString(`<style:style style:name="foglio" style:family="table" style:master-page-name="A4"><style:table-properties table:display="true"/></style:style>` +
		`<style:style style:name="riga" style:family="table-row"><style:table-row-properties style:use-optimal-row-height="true"/></style:style>`)
	d.stiliMisure(&b)
	b.WriteString(`</office:automatic-styles><office:body><office:spreadsheet>`)
	for _, f := range d.Fogli {
		f.tavola(&b)
	}
	b.WriteString(d.filtri() + `</office:spreadsheet></office:body></office:document-content>` + "\n")
	return b.String()
}

// formati are the number formats, by the name that tipo.formato gives.
const formati = `<number:text-style style:name="fTesto"><number:text-content/></number:text-style>` +
	`<number:number-style style:name="fIntero" number:language="it" number:country="IT"><number:number number:decimal-places="0" number:min-integer-digits="1"/></number:number-style>` +
	`<number:percentage-style style:name="fPercento" number:language="it" number:country="IT"><number:number number:decimal-places="1" number:min-integer-digits="1"/><number:text>%</number:text></number:percentage-style>` +
	`<number:date-style style:name="fData" number:language="it" number:country="IT"><number:day number:style="long"/><number:text>/</number:text><number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/></number:date-style>`

func (t tipo) formato() string {
	return [tipi]string{"fTesto", "fIntero", "fPercento", "fData"}[t]
}

// nomeStile names the style of a kind of value: of a row, or of the sum.
func nomeStile(t tipo, somma bool) string {
	if somma {
		return fmt.Sprintf("s%d", t)
	}
	return fmt.Sprintf("v%d", t)
}

func stileCella(nome, formato, proprieta string) string {
	if formato != "" {
		formato = ` style:data-style-name="` + formato + `"`
	}
	return `<style:style style:name="` + nome + `" style:family="table-cell" style:parent-style-name="Default"` + formato + `>` + proprieta + `</style:style>`
}

// stiliMisure makes a style for each width of a column and each height of a note.
func (d Documento) stiliMisure(b *strings.Builder) {
	var larghezze, altezze []int
	for _, f := range d.Fogli {
		for _, c := range f.Colonne {
			larghezze = append(larghezze, c.Larghezza)
		}
		for _, n := range f.Note {
			altezze = append(altezze, f.righeNota(n))
		}
	}
	slices.Sort(larghezze)
	slices.Sort(altezze)
	for _, n := range slices.Compact(larghezze) {
		fmt.Fprintf(b, `<style:style style:name="c%d" style:family="table-column"><style:table-column-properties style:column-width="%d.%02dcm"/></style:style>`, n, n*21/100, n*21%100)
	}
	for _, n := range slices.Compact(altezze) {
		fmt.Fprintf(b, `<style:style style:name="n%d" style:family="table-row"><style:table-row-properties style:row-height="%dpt" style:use-optimal-row-height="false"/></style:style>`, n, 3+13*n)
	}
}

// tavola writes one sheet. The heading stands in table-header-rows, which come again
// on each printed page.
func (f Foglio) tavola(b *strings.Builder) {
	fmt.Fprintf(b, `<table:table table:name="%s" table:style-name="foglio">`, xmlTesto(nomeFoglio(f.Nome)))
	for _, c := range f.Colonne {
		fmt.Fprintf(b, `<table:table-column table:style-name="c%d"/>`, c.Larghezza)
	}
	b.WriteString(riga("riga", cella("titolo", "", piano.SoloTesto(f.Titolo))))
	for _, n := range f.Note {
		attributi, coperte := "", ""
		if k := len(f.Colonne); k > 1 {
			attributi = fmt.Sprintf(` table:number-columns-spanned="%d" table:number-rows-spanned="1"`, k)
			coperte = fmt.Sprintf(`<table:covered-table-cell table:number-columns-repeated="%d"/>`, k-1)
		}
		b.WriteString(riga(fmt.Sprintf("n%d", f.righeNota(n)), cella("nota", attributi, Testo(n).testo)+coperte))
	}
	b.WriteString(riga("riga", `<table:table-cell/>`) + `<table:table-header-rows>`)
	var celle strings.Builder
	for _, c := range f.Colonne {
		celle.WriteString(cella("testata", "", piano.SoloTesto(c.Titolo)))
	}
	b.WriteString(riga("riga", celle.String()) + `</table:table-header-rows>`)
	for i, r := range f.Righe {
		celle.Reset()
		for _, v := range r {
			celle.WriteString(v.ods(nomeStile(v.tipo, f.Somma && i == len(f.Righe)-1)))
		}
		b.WriteString(riga("riga", celle.String()))
	}
	if len(f.Righe) == 0 {
		b.WriteString(riga("riga", cella("nota", "", piano.SoloTesto(f.Vuoto))))
	}
	b.WriteString(`</table:table>`)
}

func riga(stile, celle string) string {
	return `<table:table-row table:style-name="` + stile + `">` + celle + `</table:table-row>`
}

// cella writes a text, which is said to be one: nothing in it is a formula.
func cella(stile, attributi, testo string) string {
	if testo == "" {
		return `<table:table-cell table:style-name="` + stile + `"` + attributi + `/>`
	}
	return `<table:table-cell table:style-name="` + stile + `"` + attributi + ` office:value-type="string"><text:p>` + xmlTesto(testo) + `</text:p></table:table-cell>`
}

// ods writes a value in that style.
func (v Valore) ods(stile string) string {
	genere, attributo, valore, mostra := "float", "office:value", v.numero.String(), v.numero.Italiano()
	switch {
	case v.tipo == testo || v.vuoto:
		return cella(stile, "", v.testo)
	case v.tipo == percento:
		genere, valore, mostra = "percentage", centesimi(v.numero), v.numero.Italiano()+"%"
	case v.tipo == data:
		genere, attributo, valore, mostra = "date", "office:date-value", v.giorno.String(), v.giorno.Breve()
	}
	return `<table:table-cell table:style-name="` + stile + `" office:value-type="` + genere + `" ` + attributo + `="` + valore + `"><text:p>` + mostra + `</text:p></table:table-cell>`
}

// centesimi writes a hundredth of a number, digit by digit: 88.5 becomes 0.885.
func centesimi(d piano.Decimale) string {
	cifre, meno := strings.CutPrefix(d.String(), "-")
	intero, frazione, _ := strings.Cut(cifre, ".")
	intero = "00" + intero
	intero, frazione = intero[:len(intero)-2], intero[len(intero)-2:]+frazione
	s := strings.TrimLeft(intero, "0")
	if s == "" {
		s = "0"
	}
	if frazione = strings.TrimRight(frazione, "0"); frazione != "" {
		s += "." + frazione
	}
	if meno {
		s = "-" + s
	}
	return s
}

// filtri gives each table the buttons that show some rows alone.
func (d Documento) filtri() string {
	var b strings.Builder
	for i, f := range d.Fogli {
		n := f.filtrate()
		if n < 2 {
			continue
		}
		dove := func(riga, colonna int) string {
			return fmt.Sprintf("'%s'.%s%d", nomeFoglio(f.Nome), colonnaODS(colonna), riga)
		}
		fmt.Fprintf(&b, `<table:database-range table:name="filtro%d" table:target-range-address="%s" table:display-filter-buttons="true"/>`,
			i+1, xmlTesto(dove(f.testata(), 1)+":"+dove(f.testata()+n, len(f.Colonne))))
	}
	if b.Len() == 0 {
		return ""
	}
	return `<table:database-ranges>` + b.String() + `</table:database-ranges>`
}

// colonnaODS writes a column, counted from 1, in letters.
func colonnaODS(n int) string {
	s := ""
	for ; n > 0; n = (n - 1) / 26 {
		s = string(rune('A'+(n-1)%26)) + s
	}
	return s
}
