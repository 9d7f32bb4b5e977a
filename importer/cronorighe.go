package importer

import (
	"regexp"
	"slices"
	"strings"

	"github.com/scadenzario/scadenzario/piano"

	"github.com/scadenzario/scadenzario/importer/sheet"
)

// leggiRighe reads the rows of activities and returns the last one.
func (c *cronoprogramma) leggiRighe() int {
	r := c.r
	riga := c.prima
	for ; riga <= r.a; riga++ {
		if r.vuota(riga) && !c.colorata(riga) {
			if !c.continua(riga) {
				break
			}
			continue
		}
		if c.finisce(riga) {
			break
		}
		c.leggiRiga(riga)
	}
	c.chiudi()
	return riga - 1
}

// colorata tells whether a row without texts has coloured month cells.
func (c *cronoprogramma) colorata(riga int) bool {
	for _, f := range c.finestre {
		for col := f.prima(); col <= f.ultima(); col++ {
			if c.r.f.Cella(riga, col).Riempimento != 0 && c.ultimoIndice >= 0 {
				return true
			}
		}
	}
	return false
}

// continua tells whether the table goes on after a blank row: with a row that says
// Previsto or Ottenuto.
func (c *cronoprogramma) continua(riga int) bool {
	n := c.r.prossima(riga)
	return n != 0 && n-riga <= righeEntro && c.tipo != 0 && !c.finisce(n) && c.tipoDi(n) != rIgnota
}

// finisce tells whether another part of the card begins at the row.
func (c *cronoprogramma) finisce(riga int) bool {
	if c.tipoDi(riga) != rIgnota {
		if !slices.ContainsFunc(c.r.inizianoIn(riga), func(t *casella) bool { return t.titolaIndicatori }) {
			return false
		}
		_, ok := c.r.testataIndicatori(riga) // "Consuntivo 2020" is no row of an activity there
		return ok
	}
	return len(c.r.finestre(riga)) > 0 || c.r.apreSezione(riga) || c.titoloSotto(riga)
}

// tipoDi returns what the row's label says that it is.
func (c *cronoprogramma) tipoDi(riga int) versoRiga {
	if c.tipo == 0 {
		return rIgnota
	}
	if t := c.r.in(riga, c.tipo); t != nil {
		return t.verso
	}
	return rIgnota
}

// leggiRiga reads one row: to which activity it belongs, which of its two rows it
// is, and its months.
func (c *cronoprogramma) leggiRiga(riga int) {
	var desc *casella
	if c.attivita != 0 {
		if desc = c.r.libera(riga, c.attivita); c.attivita == c.tipo && desc != nil && desc.verso != rIgnota {
			desc = nil // the name of the row, in the activity's column
		}
	}
	tipo := c.tipoDi(riga)
	if desc != nil && (strings.HasPrefix(desc.k, "total") && contiene(desc.k, "totale", "totali") || legenda(desc.testo)) && tipo == rIgnota {
		c.r.prendi(riga, riga, c.r.dac, c.r.ac) // no activity
		return
	}
	switch c.rigaSola(riga, desc, tipo) {
	case solaTitola:
		desc.presa, c.sospesa = true, desc
		return
	case solaEstranea:
		return
	}
	if desc == nil && c.sospesa != nil {
		desc = c.sospesa
	}
	c.sospesa = nil
	if nudo, suo := c.inCoda(desc); suo != rIgnota {
		copia := *desc
		copia.testo = nudo
		desc.presa, desc, tipo = true, &copia, suo
	}
	stessa := desc != nil && desc.Area == c.ultimaDi
	if tipo == rIgnota && c.tipo != 0 && len(c.r.inizianoIn(riga)) == 0 && !c.marcata(riga) {
		return // a blank row inside a merged activity
	}
	if tipo == rIgnota {
		tipo = c.predefinita
		switch {
		case stessa && c.ultimaTipo == rPrevisto:
			tipo = rOttenuto
		case c.tipo != 0 && desc == nil && c.ultimaTipo == rPrevisto:
			tipo = rOttenuto // the label of the second row is missing
		}
	}
	if c.spezzata(riga, desc, tipo) {
		a := &c.lette[c.ultimoIndice]
		for i := c.ultimoIndice; i < len(c.lette); i++ {
			c.lette[i].descrizione = a.descrizione + " " + desc.testo
		}
		desc.presa, desc = true, nil
	}
	a := c.attivitaPer(tipo, desc, stessa)
	if a == nil {
		return
	}
	c.ultimaTipo, c.ultimaDi = tipo, sheet.Area{}
	if desc != nil {
		c.ultimaDi = desc.Area
		if a.descrizione == "" {
			a.descrizione, a.cella = desc.testo, desc.Area
		}
	}
	if a.cella == (sheet.Area{}) {
		a.cella = c.r.f.Area(riga, max(c.attivita, 1))
	}
	c.leggiMesi(riga, tipo)
	c.leggiEseguito(riga)
	c.prendiRiga(riga)
}

// inCodaRe is an activity with the name of its row after it: "Rilievo – Previsto".
var inCodaRe = regexp.MustCompile(`^(.{3,}?)\s*(?:[–—:-]\s*|\()(\pL{5,})\)?$`)

// inCoda divides a text into activity and row.
func (c *cronoprogramma) inCoda(t *casella) (nudo string, riga versoRiga) {
	if t == nil || !c.tipoInCoda {
		return "", rIgnota
	}
	return dividiCoda(t.testo)
}

func dividiCoda(testo string) (nudo string, riga versoRiga) {
	m := inCodaRe.FindStringSubmatch(testo)
	if m == nil {
		return "", rIgnota
	}
	return m[1], rigaDi(m[2])
}

// trovaTipoInCoda tells whether the rows say Previsto and Ottenuto at the end of the
// activity's text: the same activity must be there with both.
func (c *cronoprogramma) trovaTipoInCoda() {
	if c.tipo != 0 || c.attivita == 0 {
		return
	}
	visti := map[string]versoRiga{}
	for riga := c.prima; riga <= c.r.a && riga < c.prima+12; riga++ {
		t := c.r.libera(riga, c.attivita)
		if t == nil {
			continue
		}
		nudo, verso := dividiCoda(t.testo)
		if verso == rIgnota {
			continue
		}
		if altro := visti[nudo]; altro != rIgnota && altro != verso {
			c.tipoInCoda = true
			return
		}
		visti[nudo] = verso
	}
}

// attivitaPer returns the activity of the row: the last one where the row goes on
// with it, else a new one in each window's year.
func (c *cronoprogramma) attivitaPer(tipo versoRiga, desc *casella, stessa bool) *attivitaLetta {
	continua := false
	if c.ultimoIndice >= 0 {
		a := &c.lette[c.ultimoIndice]
		continua = tipo == rOttenuto && a.senzaOttenuto || tipo == rPrevisto && a.soloOttenuto
	}
	if continua && !stessa && desc != nil {
		prima := c.lette[c.ultimoIndice].descrizione
		continua = prima == "" || piano.Normalizza(prima) == piano.Normalizza(desc.testo)
	}
	if !continua && stessa && c.ultimoIndice >= 0 {
		continua = true // one activity merged over more than two rows
	}
	if !continua {
		c.chiudi()
		c.ultimoIndice = len(c.lette)
		for i, f := range c.finestre { // each year once, in order
			if i == 0 || f.anno != c.finestre[i-1].anno {
				c.lette = append(c.lette, attivitaLetta{anno: f.anno, tabella: c.testata, soloOttenuto: true, senzaOttenuto: true})
			}
		}
	}
	for i := c.ultimoIndice + 1; i < len(c.lette) && desc != nil; i++ {
		c.lette[i].descrizione, c.lette[i].cella = desc.testo, desc.Area
	}
	return &c.lette[c.ultimoIndice]
}

// chiudi drops the last activity where its rows were those of an empty form.
func (c *cronoprogramma) chiudi() {
	if c.ultimoIndice < 0 {
		return
	}
	tenute := c.lette[:c.ultimoIndice]
	molte := len(c.lette)-c.ultimoIndice > 1
	for _, a := range c.lette[c.ultimoIndice:] {
		senzaMesi := a.previsto == 0 && a.ottenuto == 0
		if senzaMesi && (a.descrizione == "" || molte || a.eseguito == nil && numeraRe.MatchString(a.descrizione)) {
			continue
		}
		tenute = append(tenute, a)
	}
	if molte && len(tenute) == c.ultimoIndice && c.lette[c.ultimoIndice].descrizione != "" {
		tenute = append(tenute, c.lette[len(c.lette)-1]) // planned in no year: once
	}
	c.lette = tenute
	c.ultimoIndice = -1
	c.ultimaTipo, c.ultimaDi = rIgnota, sheet.Area{}
}

// leggiMesi reads the marks of a row into its activity.
func (c *cronoprogramma) leggiMesi(riga int, tipo versoRiga) {
	for _, f := range c.finestre {
		a := &c.lette[c.ultimoIndice]
		for i := range c.lette[c.ultimoIndice:] {
			if c.lette[c.ultimoIndice+i].anno == f.anno {
				a = &c.lette[c.ultimoIndice+i]
			}
		}
		suo := tipo
		if f.riga != rIgnota && c.tipo == 0 {
			suo = f.riga
		}
		for i, colonna := range f.colonne {
			for col := colonna.Colonna; col <= colonna.FinoColonna; col++ {
				c.leggiMese(a, max(suo, c.verso[col]), f.mesi[i], riga, col)
			}
		}
		if c.verso != nil {
			a.soloOttenuto, a.senzaOttenuto = false, false
		} else if suo == rPrevisto {
			a.soloOttenuto = false
		} else {
			a.senzaOttenuto = false
		}
	}
}

// leggiMese reads one month cell.
func (c *cronoprogramma) leggiMese(a *attivitaLetta, tipo versoRiga, mesi piano.Mesi, riga, col int) {
	cella := c.r.f.Cella(riga, col)
	if cella.Tipo == sheet.Guasto || cella.Tipo == sheet.Ignoto {
		if tipo != rOttenuto {
			a.incerti |= mesi
		}
		return // r.guaste tells it
	}
	if cella.Testo == "" && (cella.Riempimento == 0 || cella.Riempimento == c.r.f.Cella(c.testata, col).Riempimento && c.segniDiTesto()) {
		return // blank, or a column of the form in another colour
	}
	colore := c.coloreRiga(riga)
	if cella.Testo == "" && cella.Riempimento != colore {
		if fondo := c.fondo(riga); fondo != 0 {
			colore = fondo
		}
	}
	switch segnoCella(cella, colore) {
	case segnoSi:
		if tipo == rOttenuto {
			a.ottenuto |= mesi
			if a.celle == nil {
				a.celle = &[13]sheet.Area{}
			}
			for m := 1; m <= 12; m++ {
				if mesi.Contiene(m) {
					a.celle[m] = c.r.f.Area(riga, col)
				}
			}
		} else {
			a.previsto |= mesi
		}
	case segnoIgnoto:
		area := c.r.f.Area(riga, col)
		if !c.viste[area] {
			if c.viste == nil {
				c.viste = map[sheet.Area]bool{}
			}
			c.viste[area] = true
			c.r.segnala("segno-non-riconosciuto", area, cella.Testo)
		}
	}
}

// fondo returns the fill of a row's months that says nothing, because the marks are texts:
// a marked month has it, too, or no month without a mark is without it. None for none.
func (c *cronoprogramma) fondo(riga int) sheet.Colore {
	if c.decorate == nil {
		c.decorate = map[int]sheet.Colore{}
	}
	if f, noto := c.decorate[riga]; noto {
		return f
	}
	vuote := map[sheet.Colore]int{}
	marcate, senza := map[sheet.Colore]bool{}, 0
	for _, f := range c.finestre {
		for _, a := range f.colonne {
			for col := a.Colonna; col <= a.FinoColonna; col++ {
				x := c.r.f.Cella(riga, col)
				switch {
				case x.Testo != "" && segnoDi(x.Testo) == segnoSi:
					marcate[x.Riempimento] = true
				case x.Riempimento != 0:
					vuote[x.Riempimento]++
				default:
					senza++
				}
			}
		}
	}
	fondo := sheet.Colore(0)
	for colore := range vuote {
		if marcate[colore] || len(marcate) > 0 && senza == 0 && len(vuote) == 1 || len(marcate) == 0 && senza == 0 && len(vuote) == 1 && c.segniDiTesto() {
			fondo = colore
		}
	}
	c.decorate[riga] = fondo
	return fondo
}

// segniDiTesto tells whether the table has marks that are texts.
func (c *cronoprogramma) segniDiTesto() bool {
	if c.conTesto == 0 {
		c.conTesto = 1
		primo, ultimo := c.finestre[0].prima(), c.finestre[len(c.finestre)-1].ultima()
		for riga := c.prima; riga <= min(c.r.a, c.prima+80) && c.conTesto == 1; riga++ {
			if c.finisce(riga) {
				break
			}
			for _, t := range c.r.inizianoIn(riga) {
				if primo <= t.Colonna && t.Colonna <= ultimo && t.testo != "" && t.segno == segnoSi {
					c.conTesto = 2
				}
			}
		}
	}
	return c.conTesto == 2
}

// coloreRiga returns the fill of the row's label: decoration, where the months have
// the same.
func (c *cronoprogramma) coloreRiga(riga int) sheet.Colore {
	col := c.tipo
	if col == 0 {
		col = max(c.attivita, 1)
	}
	return c.r.f.Cella(riga, col).Riempimento
}

// leggiEseguito reads the ESEGUITO cell of a row; of the two rows of an activity the
// first that says something holds.
func (c *cronoprogramma) leggiEseguito(riga int) {
	if c.eseguito == 0 {
		return
	}
	t := c.r.in(riga, c.eseguito)
	if t == nil || t.Area == c.detta {
		return
	}
	c.detta = t.Area
	v, ok := eseguitoCella(t.testo)
	if !ok {
		c.r.segnala("eseguito-non-riconosciuto", t.Area, t.testo)
		return
	}
	for i := range c.lette[c.ultimoIndice:] {
		if a := &c.lette[c.ultimoIndice+i]; a.eseguito == nil {
			a.eseguito = v
		}
	}
}

// prendiRiga takes the texts of the row. One beside the months in a column
// without a heading is a mark too many, or a note that belongs nowhere.
func (c *cronoprogramma) prendiRiga(riga int) {
	ultimo := c.finestre[len(c.finestre)-1].ultima()
	for _, t := range c.r.inRiga(riga) {
		fuori := t.Colonna > ultimo && t.Colonna != c.eseguito && t.Colonna != c.tipo && !c.note[t.Colonna]
		switch {
		case t.segno == segnoSi && (fuori || c.sfora(t, ultimo)):
			c.r.segnala("segno-non-riconosciuto", t.Area, t.testo)
		case fuori && t.segno == segnoIgnoto:
			continue
		}
		t.presa = true
	}
	c.coloreOltre(riga, ultimo+1)
}

// coloreOltre finds a month too many among marks that are colours: the cell right after
// the months, without a heading, in the colour of one of them.
func (c *cronoprogramma) coloreOltre(riga, col int) {
	cella := c.r.f.Cella(riga, col)
	if cella.Testo != "" || cella.Riempimento == 0 || col == c.eseguito || col == c.tipo || c.note[col] ||
		cella.Riempimento == c.coloreRiga(riga) || cella.Riempimento == c.fondo(riga) {
		return
	}
	for _, f := range c.finestre {
		for _, a := range f.colonne {
			if x := c.r.f.Cella(riga, a.Colonna); x.Testo == "" && x.Riempimento == cella.Riempimento {
				c.r.segnala("segno-non-riconosciuto", c.r.f.Area(riga, col), "cella colorata")
				return
			}
		}
	}
}

// sfora tells whether a band of merged cells begins in the months and goes on beyond them.
func (c *cronoprogramma) sfora(t *casella, ultimo int) bool {
	return c.finestre[0].prima() <= t.Colonna && t.Colonna <= ultimo && ultimo < t.FinoColonna
}

// mesiIgnoti finds the cronoprogrammi whose months could not be told: a heading
// that says so, or rows Previsto and Ottenuto, outside the grids that were read.
func (r *riquadro) mesiIgnoti() {
	for _, t := range r.caselle {
		if t.presa || t.Riga < r.corpo || t == r.ancora {
			continue
		}
		if t.soloSezione != sCrono || rinvioIn(t.testo) != "" {
			continue
		}
		if n := r.numeriIn(t.Riga); 0 < n && n < 6 {
			continue // an indicator that is called so
		}
		_, righe := r.corpoIgnoto(t)
		altre := 0
		for _, v := range r.inRiga(t.Riga) {
			if v != t && len(v.testo) <= 12 {
				altre++
			}
		}
		if righe == 0 && altre < 6 {
			continue
		}
		r.grigliaIgnota(t)
	}
}

// corpoIgnoto returns the last row of a table below its heading, and how many of
// its rows say Previsto or Ottenuto.
func (r *riquadro) corpoIgnoto(t *casella) (fine, righe int) {
	fine = t.FinoRiga
	for riga := t.FinoRiga + 1; riga <= r.a; riga++ {
		if r.vuota(riga) && (righe > 0 && !r.diVerso(riga+1) || riga > t.FinoRiga+righeEntro && righe == 0) || r.apreSezione(riga) || r.titolaPersone(riga) {
			break
		}
		if r.diVerso(riga) {
			righe++
		}
		fine = riga
	}
	return fine, righe
}

// diVerso tells whether a row says Previsto or Ottenuto. An O may be October, too.
func (r *riquadro) diVerso(riga int) bool {
	return slices.ContainsFunc(r.inRiga(riga), func(c *casella) bool { return c.verso != rIgnota && c.mesi == 0 })
}
