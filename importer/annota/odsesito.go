package annota

import (
	"fmt"
	"strings"

	"github.com/scadenzario/scadenzario/importer"
	"github.com/scadenzario/scadenzario/piano"
)

// stiliEsito are the automatic styles of the sheet ESITO, as those of an .xlsx look.
func stiliEsito(spazi string) string {
	var b strings.Builder
	stile := func(nome, famiglia, dentro string) {
		fmt.Fprintf(&b, `<style:style%s style:name="%s" style:family="%s"%s</style:style>`, spazi, nostroStile+nome, famiglia, dentro)
	}
	stile("foglio", "table", ` style:master-page-name="`+stilePagina+`"><style:table-properties table:display="true"/>`)
	for i, larga := range []string{"3.4cm", "5cm", "2cm", "18cm"} {
		stile(fmt.Sprint("colonna", i+1), "table-column", `><style:table-column-properties style:column-width="`+larga+`"/>`)
	}
	stile("riga", "table-row", `><style:table-row-properties style:use-optimal-row-height="true"/>`)
	cella := func(nome, proprieta, carattere string) {
		stile(nome, "table-cell", ` style:parent-style-name="Default"><style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top" `+proprieta+`/><style:text-properties fo:font-family="Calibri" `+carattere+`/>`)
	}
	const linea = `fo:border-bottom="0.5pt solid #c8ced8"`
	stile("titolo", "table-cell", ` style:parent-style-name="Default"><style:text-properties fo:font-family="Calibri" fo:font-size="14pt" fo:font-weight="bold" fo:color="#1f3864"/>`)
	cella("premessa", "", `fo:font-size="11pt"`)
	cella("testata", `fo:background-color="#1f3864"`, `fo:font-size="11pt" fo:font-weight="bold" fo:color="#ffffff"`)
	cella("testo", linea, `fo:font-size="11pt"`)
	cella("errore", linea, `fo:font-size="11pt" fo:font-weight="bold" fo:color="#c00000"`)
	cella("avviso", linea, `fo:font-size="11pt" fo:font-weight="bold" fo:color="#9a5b00"`)
	return b.String()
}

// foglioEsito is the sheet with the list of findings.
func (m *marche) foglioEsito(spazi string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<table:table%s table:name="%s" table:style-name="%sfoglio">`, spazi, nomeXML(m.esito), nostroStile)
	for i := range 4 {
		fmt.Fprintf(&b, `<table:table-column table:style-name="%scolonna%d"/>`, nostroStile, i+1)
	}
	riga := func(celle ...string) {
		fmt.Fprintf(&b, `<table:table-row table:style-name="%sriga">%s</table:table-row>`, nostroStile, strings.Join(celle, ""))
	}
	cella := func(stile, testo string) string {
		return fmt.Sprintf(`<table:table-cell table:style-name="%s" office:value-type="string"><text:p>%s</text:p></table:table-cell>`, nostroStile+stile, testo)
	}
	riga(cella("titolo", testoXML(importer.TitoloEsito+" di "+m.file)))
	riga(strings.Replace(cella("premessa", testoXML(premessa(m.rilievi))), ` office:`, ` table:number-columns-spanned="4" table:number-rows-spanned="1" office:`, 1),
		`<table:covered-table-cell table:number-columns-repeated="3"/>`)
	riga(`<table:table-cell/>`)
	riga(cella("testata", "Rilievo"), cella("testata", "Foglio"), cella("testata", "Cella"), cella("testata", "Che cosa non va e che cosa scrivere"))
	for _, r := range m.rilievi {
		stile, foglio, dove := "avviso", r.Foglio, testoXML(r.Cella)
		if r.Gravita == piano.Errore {
			stile = "errore"
		}
		if foglio == "" {
			foglio = "(intera cartella)"
		}
		if nome, ok := m.fogli[r.Foglio]; ok && legame(nome, r.Cella) != "" {
			dove = fmt.Sprintf(`<text:a xlink:type="simple" xlink:href="%s">%s</text:a>`, nomeXML(legame(nome, r.Cella)), dove)
		}
		riga(cella(stile, parola(r.Gravita)), cella("testo", testoXML(foglio)), cella("testo", dove), cella("testo", testoXML(r.Messaggio)))
	}
	b.WriteString("</table:table>")
	return b.String()
}
