package modulo

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/scadenzario/scadenzario/importer"
	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// Modulo is what a form shows.
type Modulo struct {
	Ente    string // as it signs
	Settore string // the registry's name
	Anno    int
	Al      time.Time // the instant of the state that it shows
	Schede  []piano.Obiettivo
}

// NomeFile is how the form of a settore is called: "modulo-suap-2021.xlsx".
func (m Modulo) NomeFile() string {
	codice := piano.Codice(m.Settore)
	return fmt.Sprintf("modulo-%s-%d.xlsx", codice[:min(len(codice), 60)], m.Anno) // ASCII
}

// Scrivi writes the form. The same Modulo gives the same bytes. It fails where there
// is no card to write, or where w does.
func Scrivi(w io.Writer, m Modulo) (err error) {
	if len(m.Schede) == 0 {
		return fmt.Errorf("form of %s: the plan of %d has no objective of it", m.Settore, m.Anno)
	}
	f := excelize.NewFile()
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	s, err := nuoviStili(f)
	if err != nil {
		return fmt.Errorf("form of %s: %w", m.Settore, err)
	}
	nomi := map[string]bool{}
	for i, o := range m.Schede {
		nome := nomeFoglio(o.Numero, nomi)
		if i == 0 {
			err = f.SetSheetName("Sheet1", nome)
		} else {
			_, err = f.NewSheet(nome)
		}
		if err != nil {
			return fmt.Errorf("form of %s: sheet %s: %w", m.Settore, nome, err)
		}
		prova := &pagina{} // how high the card becomes
		prova.scheda(m, o)
		p := &pagina{f: f, foglio: nome, s: s, intera: prova.alto + prova.sopra}
		p.scheda(m, o)
		if p.err != nil {
			return fmt.Errorf("form of %s: card %s: %w", m.Settore, o.Numero, p.err)
		}
	}
	if err := chiudi(f, m); err != nil {
		return fmt.Errorf("form of %s: %w", m.Settore, err)
	}
	return f.Write(w)
}

// chiudi sets what belongs to the whole workbook.
func chiudi(f *excelize.File, m Modulo) error {
	if err := f.SetDefinedName(&excelize.DefinedName{Name: importer.NomeVersione, RefersTo: `"` + importer.Versione(m.Al) + `"`}); err != nil {
		return err
	}
	quando := m.Al.UTC().Format(time.RFC3339)
	return f.SetDocProps(&excelize.DocProperties{Title: "Piano degli obiettivi " + fmt.Sprint(m.Anno) + " – " + m.Settore,
		Creator: m.Ente, LastModifiedBy: "Scadenzario", Language: "it-IT", Created: quando, Modified: quando})
}

// nomeFoglio makes a sheet's name of a card's number, each once.
func nomeFoglio(numero string, presi map[string]bool) string {
	base := "Ob. " + strings.ReplaceAll(numero, "/", "-")
	nome := base
	for n := 2; presi[nome]; n++ {
		nome = fmt.Sprintf("%s (%d)", base, n)
	}
	presi[nome] = true
	return nome
}

// The columns of a page: the description, the row's name, twelve months, ESEGUITO.
const (
	colDescrizione = 1
	colTipo        = 2
	colMese        = 3
	colEseguito    = 15
)

// How a form is printed: A4 landscape, 523 points high without its margins.
const (
	// scala is the size in per cent of a card of several pages: as wide as a page, even
	// with a wider font than the form's.
	scala = 80
	// altaPagina is what a page of such a card holds, in points.
	altaPagina = 523 * 100 / scala
	// altaRidotta is up to which height a card is made smaller to stand on one page.
	altaRidotta = 720
)

// pagina is a sheet being written; without a file it is only measured. The first error
// stays and the rest is passed over.
type pagina struct {
	f      *excelize.File
	foglio string
	s      stili
	riga   int
	err    error

	intera float64 // the height of the whole card
	sopra  float64 // of the pages before this one
	alto   float64 // of what stands on this page
}

// spazio goes to a new page where what comes next, rows of those heights, would be torn;
// it tells whether it did.
func (p *pagina) spazio(alte ...float64) bool {
	serve := 0.0
	for _, a := range alte {
		serve += a
	}
	if p.intera <= altaRidotta || p.alto+serve <= altaPagina {
		return false
	}
	p.fa(p.f.InsertPageBreak(p.foglio, sheet.Indirizzo(p.riga, 1)))
	p.sopra, p.alto = p.sopra+p.alto, altaTestata
	return true
}

// altaTestata is the height of the two rows that are said again on each page.
const altaTestata = 2 * altaRiga

func (p *pagina) fa(err error) {
	if p.err == nil {
		p.err = err
	}
}

// scrivi writes a text as a text, whatever it begins with.
func (p *pagina) scrivi(riga, colonna int, testo string, stile int) {
	p.area(riga, colonna, riga, colonna, testo, stile)
}

// area writes a text into cells that it merges.
func (p *pagina) area(riga, colonna, finoRiga, finoColonna int, testo string, stile int) {
	if p.f == nil {
		return
	}
	da, a := sheet.Indirizzo(riga, colonna), sheet.Indirizzo(finoRiga, finoColonna)
	if da != a {
		p.fa(p.f.MergeCell(p.foglio, da, a))
	}
	if testo != "" {
		p.fa(p.f.SetCellStr(p.foglio, da, sheet.Letterale(testo)))
	}
	p.fa(p.f.SetCellStyle(p.foglio, da, a, stile))
}

// altaRiga is the height of a row that nobody gives one.
const altaRiga = 15.0

// altezza is the height of a row in which the longest text takes so many lines.
func altezza(righe ...int) float64 { return min(409, 4+12.5*float64(max(1, slices.Max(righe)))) }

// alta gives a row the height of the longest of its texts; a program does not do it
// for merged cells.
func (p *pagina) alta(riga int, righe ...int) {
	p.alto += altezza(righe...)
	if p.f != nil {
		p.fa(p.f.SetRowHeight(p.foglio, riga, altezza(righe...)))
	}
}

// vuota leaves a row blank.
func (p *pagina) vuota() {
	p.riga++
	p.alto += altaRiga
}

// righeDi is how many lines a text takes in a width of so many characters.
func righeDi(testo string, larga int) int { return (len([]rune(testo)) + larga - 1) / larga }

// scheda writes one card.
func (p *pagina) scheda(m Modulo, o piano.Obiettivo) {
	p.larghezze()
	p.area(1, 1, 1, colEseguito, fmt.Sprintf("PIANO DEGLI OBIETTIVI – ANNO %d", m.Anno), p.s.testata)
	p.area(2, 1, 2, colEseguito, "SETTORE "+m.Settore, p.s.testata)
	p.area(3, 1, 3, colEseguito, "Si compilano solo le caselle gialle: una X nei mesi in cui si è lavorato, SI quando l'attività è conclusa, i risultati degli indicatori. "+
		"Il resto è fissato dal piano. Stato al "+piano.GiornoDi(m.Al).Esteso()+".", p.s.istruzioni)
	p.alto = 4 * altaRiga // those two, and one blank after each of the next
	p.alta(3, 2)
	titolo := "OBIETTIVO N. " + o.Numero + " – " + o.Titolo
	p.area(5, 1, 5, colEseguito, titolo, p.s.titolo)
	p.alta(5, righeDi(titolo, 85)+righeDi(titolo, 85)/4)
	p.riga = 7
	p.campi(o)
	p.indicatori(o)
	p.attivita(o)
	p.persone(o)
	p.stampa(m)
}

func (p *pagina) larghezze() {
	if p.f == nil {
		return
	}
	for _, c := range []struct {
		da, a string
		larga float64
	}{{"A", "A", 42}, {"B", "B", 12}, {"C", "N", 5.2}, {"O", "O", 12}} {
		p.fa(p.f.SetColWidth(p.foglio, c.da, c.a, c.larga))
	}
}

// campi writes the heading: labels and, beside them, values.
func (p *pagina) campi(o piano.Obiettivo) {
	for _, c := range []struct{ nome, valore string }{
		{"Strategia", o.Strategia}, {"Assessore", o.Assessore}, {"Dirigente / Responsabile", o.Responsabile},
		{"Strategicità", decimale(o.Strategicita)}, {"Peso", decimale(o.Peso)}, {"Altri settori/servizi coinvolti", o.AltriSettori},
		{"Durata", o.Durata}, {"Utenti / portatori di interessi", o.PortatoriInteressi},
		{"Descrizione obiettivo", o.Descrizione}, {"Risultati e impatti attesi", o.RisultatiAttesi},
	} {
		p.scrivi(p.riga, 1, c.nome, p.s.etichetta)
		p.area(p.riga, 2, p.riga, colEseguito, c.valore, p.s.valore)
		p.alta(p.riga, righeDi(c.valore, 88))
		p.riga++
	}
	p.vuota()
}

// decimale writes a weight as a text: a number below 1 in a cell would be taken for a
// percentage without its format.
func decimale(d *piano.Decimale) string {
	if d == nil {
		return ""
	}
	return d.Italiano()
}

// rinvia writes the sentence that stands in the place of a table.
func (p *pagina) rinvia(titolo, numero string) {
	p.scrivi(p.riga, 1, titolo, p.s.etichetta)
	p.area(p.riga, 2, p.riga, colEseguito, "si veda obiettivo n. "+numero, p.s.valore)
	p.alta(p.riga, 1)
	p.riga++
	p.vuota()
}

// colonneIndicatori are the headings with their columns; the last two are the
// office's.
var colonneIndicatori = []struct {
	nome   string
	da, a  int
	aperta bool
	valore func(piano.Indicatore) string
}{
	{"Descrizione indicatore", 1, 1, false, func(i piano.Indicatore) string { return i.Descrizione }},
	{"Unità di misura", 2, 2, false, func(i piano.Indicatore) string { return i.Unita }},
	{"Valore anno precedente", 3, 4, false, func(i piano.Indicatore) string { return i.ValoreAnnoPrecedente }},
	{"Target previsto anno", 5, 7, false, func(i piano.Indicatore) string { return i.TargetAnno }},
	{"Target a metà anno", 8, 10, false, func(i piano.Indicatore) string { return i.TargetMetaAnno }},
	{"Risultato a metà anno", 11, 13, true, func(i piano.Indicatore) string { return i.RisultatoMetaAnno }},
	{"Risultato finale", 14, 15, true, func(i piano.Indicatore) string { return i.RisultatoFinale }},
}

func (p *pagina) indicatori(o piano.Obiettivo) {
	if len(o.Indicatori) == 0 {
		if o.Rinvio != "" {
			p.rinvia("Indicatori", o.Rinvio)
		}
		return
	}
	for n, i := range o.Indicatori {
		righe := 1
		for _, c := range colonneIndicatori {
			righe = max(righe, righeDi(c.valore(i), []int{0, 40, 11, 9, 0, 14, 0, 0, 14, 0, 0, 14, 0, 0, 16}[c.da]))
		}
		if p.spazio(altezza(righe)+altezza(3)*float64(1-min(n, 1))) || n == 0 {
			p.testataIndicatori()
		}
		for _, c := range colonneIndicatori {
			stile := p.s.casella
			if c.aperta {
				stile = p.s.aperta
			} else if c.da == 1 {
				stile = p.s.valore
			}
			p.area(p.riga, c.da, p.riga, c.a, c.valore(i), stile)
		}
		p.alta(p.riga, righe)
		p.riga++
	}
	p.vuota()
}

func (p *pagina) testataIndicatori() {
	for _, c := range colonneIndicatori {
		p.area(p.riga, c.da, p.riga, c.a, c.nome, p.s.colonna)
	}
	p.alta(p.riga, 3)
	p.riga++
}

// attivita writes the cronoprogrammi, one for each run of activities of a year; what goes
// on on another page has its months again.
func (p *pagina) attivita(o piano.Obiettivo) {
	anno := 0
	for i, a := range o.Attivita {
		meta := altezza(metaAttivita(a))
		nuovo := i == 0 || a.Anno != anno
		if nuovo && i > 0 {
			p.vuota()
		}
		serve := []float64{meta, meta}
		if nuovo {
			serve = append(serve, altezza(1))
		}
		if p.spazio(serve...) || nuovo {
			anno = a.Anno
			p.mesi(anno)
		}
		p.unaAttivita(a)
	}
	if len(o.Attivita) > 0 {
		p.vuota()
	}
}

// metaAttivita is how many lines each of the two rows of an activity takes.
func metaAttivita(a piano.Attivita) int { return (righeDi(a.Descrizione, 40) + 1) / 2 }

// mesi writes the heading of a cronoprogramma.
func (p *pagina) mesi(anno int) {
	p.scrivi(p.riga, colDescrizione, fmt.Sprintf("Attività del cronoprogramma %d", anno), p.s.colonna)
	p.scrivi(p.riga, colTipo, "", p.s.colonna)
	for m := 1; m <= 12; m++ {
		p.scrivi(p.riga, colMese+m-1, strings.ToUpper(piano.NomeMese(m)[:3]), p.s.colonna)
	}
	p.scrivi(p.riga, colEseguito, "ESEGUITO", p.s.colonna)
	p.alta(p.riga, 1)
	p.riga++
}

func (p *pagina) unaAttivita(a piano.Attivita) {
	p.area(p.riga, colDescrizione, p.riga+1, colDescrizione, a.Descrizione, p.s.valore)
	// the label of the open row has the colour of its cells: a colour that differs
	// would be read as a mark
	p.scrivi(p.riga, colTipo, "Previsto", p.s.casella)
	p.scrivi(p.riga+1, colTipo, "Ottenuto", p.s.apertaFissa)
	for m := 1; m <= 12; m++ {
		p.scrivi(p.riga, colMese+m-1, segno(a.Previsto.Contiene(m)), p.s.casella)
		p.scrivi(p.riga+1, colMese+m-1, segno(a.Ottenuto.Contiene(m)), p.s.aperta)
	}
	eseguito := ""
	if a.Eseguito != nil {
		eseguito = map[bool]string{true: "SI", false: "NO"}[*a.Eseguito]
	}
	p.area(p.riga, colEseguito, p.riga+1, colEseguito, eseguito, p.s.aperta)
	p.scelta(p.riga+1, colMese, p.riga+1, colMese+11, "Mese", "Una X nei mesi in cui si è lavorato, oppure vuoto.", "X")
	p.scelta(p.riga, colEseguito, p.riga, colEseguito, "Eseguito", "SI se l'attività è conclusa, NO se non lo è, oppure vuoto.", "SI", "NO")
	p.alta(p.riga, metaAttivita(a))
	p.alta(p.riga+1, metaAttivita(a))
	p.riga += 2
}

func segno(si bool) string {
	if si {
		return "X"
	}
	return ""
}

// scelta lets a cell hold one of the values alone, with a list to choose from.
func (p *pagina) scelta(riga, colonna, finoRiga, finoColonna int, titolo, aiuto string, valori ...string) {
	if p.f == nil {
		return
	}
	v := excelize.NewDataValidation(true)
	v.Sqref = sheet.Indirizzo(riga, colonna) + ":" + sheet.Indirizzo(finoRiga, finoColonna)
	p.fa(v.SetDropList(valori))
	v.SetError(excelize.DataValidationErrorStyleStop, titolo, aiuto)
	p.fa(p.f.AddDataValidation(p.foglio, v))
}

func (p *pagina) persone(o piano.Obiettivo) {
	if len(o.RisorseUmane) == 0 {
		return
	}
	alte := []float64{altezza(2)}
	for _, r := range o.RisorseUmane {
		alte = append(alte, altezza(righeDi(r.Ruolo, 40)))
	}
	p.spazio(alte[:min(len(alte), 12)]...) // together, as far as they are not many
	p.scrivi(p.riga, 1, "Risorse umane coinvolte nel progetto", p.s.colonna)
	p.area(p.riga, 2, p.riga, 4, "% di partecipazione", p.s.colonna)
	p.alta(p.riga, 2)
	p.riga++
	for _, r := range o.RisorseUmane {
		quota := decimale(r.Percentuale)
		if quota != "" {
			quota += "%"
		}
		p.scrivi(p.riga, 1, r.Ruolo, p.s.valore)
		p.area(p.riga, 2, p.riga, 4, quota, p.s.casella)
		p.alta(p.riga, righeDi(r.Ruolo, 40))
		p.riga++
	}
}

// piede80 makes a name fit for a footer, which holds 255 characters and takes & for a
// command.
func piede80(nome string) string {
	r := []rune(nome)
	if len(r) > 40 {
		r = append(r[:39:39], '…')
	}
	return strings.ReplaceAll(string(r), "&", "&&")
}

// stampa protects the page and makes it fit for A4: a card that is a little too high is
// made smaller, a higher one has its pages where spazio has ended them.
func (p *pagina) stampa(m Modulo) {
	if p.f == nil {
		return
	}
	orizzontale, a4, una, scala, adatta := "landscape", 9, 1, uint(scala), p.intera <= altaRidotta
	opzioni := &excelize.PageLayoutOptions{Orientation: &orizzontale, Size: &a4}
	if adatta {
		opzioni.FitToWidth, opzioni.FitToHeight = &una, &una
	} else {
		opzioni.AdjustTo = &scala
	}
	p.fa(p.f.SetPageLayout(p.foglio, opzioni))
	p.fa(p.f.SetSheetProps(p.foglio, &excelize.SheetPropsOptions{FitToPage: &adatta}))
	margine, piede := 0.4, 0.6
	p.fa(p.f.SetPageMargins(p.foglio, &excelize.PageLayoutMarginsOptions{Left: &margine, Right: &margine, Top: &margine, Bottom: &piede}))
	p.fa(p.f.SetHeaderFooter(p.foglio, &excelize.HeaderFooterOptions{OddFooter: "&L&8" + piede80(m.Ente) + "&C&8" + piede80(m.Settore) + " – &A&R&8pagina &P di &N"}))
	p.fa(p.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: "'" + p.foglio + "'!$1:$2", Scope: p.foglio}))
	p.fa(p.f.SetPanes(p.foglio, &excelize.Panes{Freeze: true, YSplit: 5, TopLeftCell: "A6", ActivePane: "bottomLeft"}))
	p.fa(p.f.ProtectSheet(p.foglio, &excelize.SheetProtectionOptions{SelectLockedCells: true, SelectUnlockedCells: true, FormatRows: true, FormatColumns: true}))
}
