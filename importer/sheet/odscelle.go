package sheet

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

// foglioODS is the sheet that is being read.
type foglioODS struct {
	celle       []Cella
	unioni      []Area
	commenti    []Commento
	righeNasc   []Tratto
	colonneNasc []Tratto
	colonne     []colonneODS
	riga        int // the rows passed

	// of the row that is being read
	stileRiga   []byte
	colonna     int // the columns passed
	qui         int // index in colonne
	inRiga      []Cella
	unioniRiga  []Area
	conQualcosa bool // a text, a formula or a merged area
}

// colonneODS are columns side by side that share a default style.
type colonneODS struct {
	fino  int // the last one
	stile []byte
}

// leggiFoglio reads one table:table.
func (l *lettoreODS) leggiFoglio() error {
	if len(l.cartella.Fogli) == limiteFogli {
		return fmt.Errorf("%w: more than %d sheets", ErrTroppoGrande, limiteFogli)
	}
	nome := Piega(string(l.x.attributoIn(odfTable, "name")))
	nascosto := l.s.nascosto(l.x.attributoIn(odfTable, "style-name"))
	l.foglio = foglioODS{}
	if err := l.leggiRighe(); err != nil {
		return err
	}
	f := NewFoglio(nome, nascosto, l.foglio.celle, l.foglio.unioni)
	f.RigheNascoste, f.ColonneNascoste, f.Commenti = l.foglio.righeNasc, l.foglio.colonneNasc, l.foglio.commenti
	l.cartella.Fogli = append(l.cartella.Fogli, f)
	return nil
}

// leggiRighe reads the columns and rows of a sheet, or of a group of them.
func (l *lettoreODS) leggiRighe() error {
	for livello := l.x.livello; l.x.figlio(livello); {
		var err error
		switch {
		case l.x.spazio != odfTable:
			l.x.sorvola()
		case l.x.è(odfTable, "table-row"):
			err = l.leggiRiga()
		case l.x.è(odfTable, "table-column"):
			l.leggiColonne()
		default:
			switch string(l.x.nome) {
			case "table-rows", "table-header-rows", "table-row-group", "table-columns", "table-header-columns", "table-column-group":
				err = l.leggiRighe()
			default: // pictures, forms, names and scenarios of the sheet
				l.x.sorvola()
			}
		}
		if err != nil {
			return err
		}
	}
	return l.x.err
}

// leggiColonne notes the default style of some columns, and whether they are hidden.
func (l *lettoreODS) leggiColonne() {
	f := &l.foglio
	c := colonneODS{stile: bytes.Clone(l.x.attributoIn(odfTable, "default-cell-style-name"))}
	da := 1
	if n := len(f.colonne); n > 0 {
		da = f.colonne[n-1].fino + 1
	}
	c.fino = min(da+l.ripetuto("number-columns-repeated")-1, ultimaColonna)
	if c.fino >= da {
		f.colonne = append(f.colonne, c)
		if l.nascosto() {
			f.colonneNasc = append(f.colonneNasc, Tratto{da, c.fino})
		}
	}
	l.x.sorvola()
}

// nascosto tells whether the row or the columns just opened are hidden, by hand or by
// a filter.
func (l *lettoreODS) nascosto() bool {
	v := l.x.attributoIn(odfTable, "visibility")
	return v != nil && string(v) != "visible"
}

// ripetuto reads how often the row or the columns just opened are repeated.
func (l *lettoreODS) ripetuto(nome string) int {
	return l.contato(l.x.attributoIn(odfTable, nome))
}

// contato reads a number of cells, 1 where there is none.
func (l *lettoreODS) contato(v []byte) int {
	n, err := intero(v, 1)
	if err != nil || n < 1 {
		l.x.guasto("%.20q is no number of cells", v)
		return 1
	}
	return n
}

// leggiRiga reads one row and writes it out as often as it is repeated, when it holds
// something.
func (l *lettoreODS) leggiRiga() error {
	f := &l.foglio
	f.stileRiga = append(f.stileRiga[:0], l.x.attributoIn(odfTable, "default-cell-style-name")...)
	volte := l.ripetuto("number-rows-repeated")
	if da, a := f.riga+1, min(f.riga+volte, ultimaRiga); l.nascosto() && da <= a {
		f.righeNasc = append(f.righeNasc, Tratto{da, a})
	}
	f.colonna, f.qui, f.inRiga, f.unioniRiga, f.conQualcosa = 0, 0, f.inRiga[:0], f.unioniRiga[:0], false
	for livello := l.x.livello; l.x.figlio(livello); {
		if l.x.è(odfTable, "table-cell") || l.x.è(odfTable, "covered-table-cell") {
			if err := l.leggiCella(); err != nil {
				return err
			}
		} else {
			l.x.sorvola()
		}
	}
	if l.x.err != nil {
		return l.x.err
	}
	return l.scrivi(volte)
}

// scrivi adds the row that was read, volte times.
func (l *lettoreODS) scrivi(volte int) error {
	f := &l.foglio
	prima := f.riga
	f.riga = min(f.riga+volte, 2*ultimaRiga)
	if !f.conQualcosa {
		volte = min(volte, limiteTinte)
	}
	if len(f.inRiga) == 0 && len(f.unioniRiga) == 0 {
		return nil
	}
	if prima+volte > ultimaRiga {
		return fmt.Errorf("%w: a cell below row %d", ErrTroppoGrande, ultimaRiga)
	}
	if l.tenute += volte * len(f.inRiga); l.tenute > limiteTenute {
		return fmt.Errorf("%w: more than %d cells that hold something", ErrTroppoGrande, limiteTenute)
	}
	if len(f.unioni)+volte*len(f.unioniRiga) > limiteUnioni {
		return fmt.Errorf("%w: more than %d merged areas", ErrTroppoGrande, limiteUnioni)
	}
	for k := range volte {
		for _, c := range f.inRiga {
			c.Riga = prima + 1 + k
			f.celle = append(f.celle, c)
		}
		for _, u := range f.unioniRiga {
			u.Riga, u.FinoRiga = u.Riga+prima+k, min(u.FinoRiga+prima+k, ultimaRiga)
			f.unioni = append(f.unioni, u)
		}
	}
	return nil
}

// valoreODS is what the attributes of a cell say of its value.
type valoreODS struct {
	tipo, valore []byte // office:value-type, and the value in its own attribute
	testo        []byte // office:string-value
	haTesto      bool
	formula      bool
	guasto       bool // calcext:value-type="error"
	stile        []byte
	colonne      int // repeated
	larga, alta  int // merged
}

// leggiCella reads one cell, covered or not, with its repetitions.
func (l *lettoreODS) leggiCella() error {
	f := &l.foglio
	v := l.leggiAttributi()
	da := f.colonna + 1
	f.colonna = min(f.colonna+v.colonne, 2*ultimaColonna)
	haTesto, err := l.leggiTesto(da)
	if err != nil {
		return err
	}
	aspetto := l.s.cella(l.stileDi(v.stile, da))
	c := Cella{Formula: v.formula, Riempimento: aspetto.riempimento}
	c.Testo, c.Tipo = l.valore(v, aspetto.formato, haTesto)
	fino, piena, unita := da+v.colonne-1, c.Testo != "" || c.Tipo == Ignoto, v.larga*v.alta > 1
	f.conQualcosa = f.conQualcosa || piena || unita
	if !piena {
		if fino = min(fino, limiteColori); c.Riempimento == 0 {
			fino = 0
		}
	}
	if max(fino, da) > ultimaColonna && (piena || unita) {
		return fmt.Errorf("%w: a cell right of column %d", ErrTroppoGrande, ultimaColonna)
	}
	if unita {
		f.unioniRiga = append(f.unioniRiga, Area{1, da, v.alta, min(da+v.larga-1, ultimaColonna)})
	}
	for c.Colonna = da; c.Colonna <= fino; c.Colonna++ {
		if c.Colonna > limiteColori {
			c.Riempimento = 0
		}
		f.inRiga = append(f.inRiga, c)
	}
	return nil
}

// leggiAttributi reads the attributes of the cell just opened.
func (l *lettoreODS) leggiAttributi() valoreODS {
	v := valoreODS{colonne: 1, larga: 1, alta: 1}
	for i := range l.x.attr {
		a := &l.x.attr[i]
		switch a.spazio {
		case odfTable:
			switch string(l.x.pezzo(a.nome)) {
			case "style-name":
				v.stile = l.stabile(a)
			case "formula":
				v.formula = true
			case "number-columns-repeated":
				v.colonne = l.contato(l.x.valore(a))
			case "number-columns-spanned":
				v.larga = l.contato(l.x.valore(a))
			case "number-rows-spanned":
				v.alta = l.contato(l.x.valore(a))
			}
		case odfOffice:
			switch string(l.x.pezzo(a.nome)) {
			case "value-type":
				v.tipo = l.stabile(a)
			case "value", "date-value", "time-value", "boolean-value":
				v.valore = l.stabile(a)
			case "string-value":
				v.testo, v.haTesto = l.stabile(a), true
			}
		case odfCalcext:
			v.guasto = v.guasto || string(l.x.pezzo(a.nome)) == "value-type" && string(l.x.pezzo(a.valore)) == "error"
		}
	}
	return v
}

// stabile returns an attribute's value in a form that outlives the next one's.
func (l *lettoreODS) stabile(a *attributo) []byte {
	if a.entita {
		return bytes.Clone(l.x.valore(a))
	}
	return l.x.pezzo(a.valore)
}

// stileDi returns the style of a cell in that column: its own, else its row's, else
// its column's.
func (l *lettoreODS) stileDi(suo []byte, colonna int) []byte {
	f := &l.foglio
	if suo != nil {
		return suo
	}
	if len(f.stileRiga) > 0 {
		return f.stileRiga
	}
	for f.qui < len(f.colonne) && f.colonne[f.qui].fino < colonna {
		f.qui++
	}
	if f.qui < len(f.colonne) {
		return f.colonne[f.qui].stile
	}
	return nil
}

// leggiTesto reads the paragraphs of the cell just opened into buf, keeps its comment
// apart, and passes over its pictures. It tells whether there was a paragraph.
func (l *lettoreODS) leggiTesto(colonna int) (trovato bool, err error) {
	x := l.x
	l.buf = l.buf[:0]
	for livello := x.livello; x.figlio(livello); {
		switch {
		case x.è(odfText, "p") || x.è(odfText, "h"):
			if trovato {
				l.buf = append(l.buf, '\n')
			}
			trovato = true
			l.buf, err = x.paragrafo(l.buf)
		case x.è(odfOffice, "annotation"):
			err = l.leggiCommento(colonna)
		default:
			x.sorvola()
		}
		if err != nil {
			return false, err
		}
	}
	return trovato, x.err
}

// leggiCommento reads the note that a person has put to the cell.
func (l *lettoreODS) leggiCommento(colonna int) (err error) {
	var testo []byte
	for livello := l.x.livello; l.x.figlio(livello); {
		if !l.x.è(odfText, "p") {
			l.x.sorvola() // who wrote it and when
			continue
		}
		if testo, err = l.x.paragrafo(append(testo, '\n')); err != nil {
			return err
		}
	}
	l.foglio.commenti = append(l.foglio.commenti, Commento{l.foglio.riga + 1, colonna, Piega(string(testo))})
	return l.x.err
}

// paragrafo adds the text of the paragraph just opened: of its spans, links and
// fields, too, but not of what hangs on it.
func (x *lettoreXML) paragrafo(b []byte) ([]byte, error) {
	for livello := x.livello; ; {
		switch x.avanti() {
		case parola:
			if b = append(b, x.testo...); len(b) > limiteTesto {
				return b, fmt.Errorf("%w: a cell of %d bytes", ErrTroppoGrande, len(b))
			}
		case chiude:
			if x.livello == livello {
				return b, nil
			}
		case apre:
			if x.spazio != odfText {
				x.sorvola()
				continue
			}
			switch string(x.nome) {
			case "s", "tab", "line-break":
				b = append(b, ' ')
			case "note", "ruby-text":
				x.sorvola()
			}
		case basta:
			return b, x.err
		}
	}
}

// nota makes the text of a cell.
func (l *lettoreODS) nota(b []byte) string {
	if s, ok := l.noti[string(b)]; ok {
		return s
	}
	s := Piega(string(b))
	if len(b) <= lunghezzaNota {
		l.noti[string(b)] = s
	}
	return s
}

// valore makes the contract's text of a cell's value; buf holds what the cell shows.
func (l *lettoreODS) valore(v valoreODS, f formato, haTesto bool) (string, Tipo) {
	if v.guasto || v.formula && èGuasto(l.buf) {
		return l.nota(l.buf), Guasto
	}
	if len(v.tipo) == 0 && !haTesto {
		if v.formula {
			return "", Ignoto
		}
		return "", Testo
	}
	switch string(v.tipo) {
	case "float", "currency":
		if v.formula {
			if t, ok := logico(l.buf); ok {
				return t, Logico
			}
		}
		if f == formatoData {
			if t, ok := giornoDopo(l.origine, v.valore); ok {
				return t, Data
			}
		}
		if len(v.valore) > 0 {
			return valore(string(v.valore), f, false)
		}
	case "percentage":
		if len(v.valore) > 0 {
			return valore(string(v.valore), formatoPercento, false)
		}
	case "date":
		if giorno, ok := giornoISO(v.valore); ok {
			return giorno, Data
		}
	case "time":
		if ora, ok := oraDi(v.valore); ok {
			return ora, Testo
		}
	case "boolean":
		switch string(v.valore) {
		case "true":
			return "SI", Logico
		case "false":
			return "NO", Logico
		}
	default:
		if v.haTesto && (v.formula || !haTesto) {
			return l.nota(v.testo), Testo
		}
		return l.nota(l.buf), Testo
	}
	if v.formula && !haTesto {
		return "", Ignoto
	}
	return l.nota(l.buf), Testo // a type without its value: what the cell shows
}

// logico reads the yes or no that a formula's cell shows: LibreOffice makes numbers of what
// was one in Excel.
func logico(mostra []byte) (string, bool) {
	switch string(mostra) {
	case "TRUE", "VERO":
		return "SI", true
	case "FALSE", "FALSO":
		return "NO", true
	}
	return "", false
}

// èGuasto tells whether a formula's cell shows an error, in LibreOffice's words or in
// Excel's, Italian or English.
func èGuasto(mostra []byte) bool {
	if len(mostra) < 4 || len(mostra) > 10 || mostra[0] != '#' && mostra[0] != 'E' {
		return false
	}
	switch s := string(mostra); s {
	case "#N/D", "#N/A", "#RIF!", "#REF!", "#DIV/0!", "#NOME?", "#NAME?", "#VALORE!", "#VALUE!", "#NUM!", "#NULLO!", "#NULL!":
		return true
	default:
		return strings.HasPrefix(s, "Err:")
	}
}

// giornoISO takes the day of "2021-12-31" or "2021-12-31T08:30:00".
func giornoISO(v []byte) (string, bool) {
	if len(v) > 10 && v[10] == 'T' {
		v = v[:10]
	}
	if _, err := time.Parse(time.DateOnly, string(v)); err != nil {
		return "", false
	}
	return string(v), true
}

// giornoDopo turns a serial number under a date format into its day.
func giornoDopo(origine time.Time, seriale []byte) (string, bool) {
	n := 0
	for i, c := range seriale {
		if c == '.' && i > 0 {
			break
		}
		if c < '0' || c > '9' || n > 2_958_466 {
			return "", false
		}
		n = 10*n + int(c-'0')
	}
	return origine.AddDate(0, 0, n).Format(time.DateOnly), len(seriale) > 0
}

// oraDi turns "PT08H30M00S" into "08:30".
func oraDi(v []byte) (string, bool) {
	d, err := time.ParseDuration(strings.ToLower(strings.TrimPrefix(strings.Replace(string(v), ",", ".", 1), "PT")))
	if err != nil || d < 0 {
		return "", false
	}
	minuti := int(d.Round(time.Second) / time.Minute)
	return fmt.Sprintf("%02d:%02d", minuti/60, minuti%60), true
}
