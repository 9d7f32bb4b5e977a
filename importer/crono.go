package importer

import (
	"regexp"
	"slices"
	"strings"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// cronoprogramma is a grid of activities by months: one or more windows of twelve
// months side by side, with the columns that say what each row is.
type cronoprogramma struct {
	r            *riquadro
	testata      int // row of the months
	prima        int // first row of activities
	finestre     []finestra
	attivita     int          // column of the activity, 0 where there is none
	tipo         int          // column of Previsto / Ottenuto, 0 where there is none
	eseguito     int          // column of ESEGUITO, 0 where there is none
	note         map[int]bool // columns with a heading of their own that are passed over
	predefinita  versoRiga    // what a row is where nothing says it
	lette        []attivitaLetta
	viste        map[sheet.Area]bool // cells of months that have their finding
	detta        sheet.Area          // the cell of ESEGUITO that was read last
	verso        map[int]versoRiga   // what a column holds, where each month has one of each
	ultimaTipo   versoRiga
	ultimaDi     sheet.Area // the activity's cell of the last row
	ultimoIndice int
	sospesa      *casella             // the activity of the rows below, in a row of its own
	tipoInCoda   bool                 // the activity's text ends with the name of its row
	conTesto     int                  // 2 where some mark is a text, 1 where none is, 0 while unknown
	decorate     map[int]sheet.Colore // rows whose fill says nothing, with that fill
}

// leggiCrono takes every cronoprogramma off the card. What it returns holds until the next
// card's are read.
func (r *riquadro) leggiCrono() []attivitaLetta {
	tutte := r.t.attivita[:0]
	for riga := r.corpo; riga <= r.a; riga++ {
		finestre := r.finestre(riga)
		if len(finestre) == 0 {
			continue
		}
		c := &cronoprogramma{r: r, testata: riga, finestre: finestre, note: map[int]bool{},
			predefinita: rPrevisto, ultimoIndice: -1, lette: tutte[len(tutte):]}
		c.leggiTestata()
		fine := c.leggiRighe()
		tutte = append(tutte, c.lette...)
		riga = max(riga, fine)
	}
	r.t.attivita = tutte
	r.mesiIgnoti()
	r.senzaGriglia()
	return riunisci(tutte)
}

// voci returns the cells of a row as month headings, until it is asked for another row.
func (r *riquadro) voci(riga int) []voce {
	mesi, periodi := 0, 0
	for _, t := range r.inizianoIn(riga) {
		if t.mesi != 0 {
			mesi++
		} else if t.periodi != nil {
			periodi++
		}
	}
	if mesi < 10 && periodi < 2 {
		return nil
	}
	tutte := r.t.voci[:0]
	mesi, periodi = 0, 0
	for c := r.dac; c <= r.ac; c++ {
		v := voce{area: r.f.Area(riga, c)}
		if t := r.in(riga, c); t != nil && !t.presa {
			v.area, v.testo = t.Area, t.testo
			v.mesi, v.periodi = t.mesi, t.periodi
			if v.mesi != 0 || v.periodi != nil {
				v.anno = annoDelMese(t.testo)
			}
		}
		if v.mesi != 0 {
			mesi++
		}
		if v.periodi != nil {
			periodi++
		}
		tutte = append(tutte, v)
		c = max(c, v.area.FinoColonna)
	}
	r.t.voci = tutte
	if mesi < 10 && periodi < 2 {
		return nil
	}
	return tutte
}

// finestre returns the windows of months whose headings stand in the row. Quarters
// and longer periods are headings of a table only where something else says that it
// is a cronoprogramma, and where no months stand below them.
func (r *riquadro) finestre(riga int) []finestra {
	if len(r.inizianoIn(riga)) < 2 {
		return nil
	}
	trovate := finestre(r.voci(riga))
	if len(trovate) == 0 {
		trovate = r.trimestriNumerati(riga)
	}
	if len(trovate) == 0 || len(trovate[0].colonne) == 12 {
		return trovate
	}
	for sotto := riga + 1; sotto <= riga+2; sotto++ {
		if len(dodici(r.voci(sotto))) > 0 {
			return nil
		}
	}
	if _, ok := r.testataIndicatori(riga); ok {
		return nil
	}
	for sopra := riga; sopra >= riga-righeEntro-1 && sopra >= r.corpo; sopra-- {
		for _, t := range r.inizianoIn(sopra) {
			if t.soloSezione == sCrono || contiene(t.k, "attivita", "fasi", "azioni", "cronoprogramma") && len(t.testo) < 60 {
				return trovate
			}
		}
	}
	return nil
}

// trimestriNumerati finds the quarters that are only numbered, I to IV or 1 to 4, under a
// heading that says what they are.
func (r *riquadro) trimestriNumerati(riga int) []finestra {
	celle := r.inRiga(riga)
	for i := 0; i+4 <= len(celle); i++ {
		quanti := 0
		for k, t := range celle[i : i+4] {
			if !t.mesi.Contiene(k+1) || t.mesi.Len() != 1 || k > 0 && t.Colonna != celle[i+k-1].FinoColonna+1 {
				break
			}
			quanti++
		}
		if quanti < 4 {
			continue
		}
		f := finestra{}
		for k, t := range celle[i : i+4] {
			f.colonne, f.mesi = append(f.colonne, t.Area), append(f.mesi, tratto(3*k+1, 3*k+3))
		}
		if sopra := r.in(riga-1, f.prima()); sopra != nil && contiene(sopra.k, "trim") && sopra.periodi == nil {
			return []finestra{f}
		}
	}
	return nil
}

// leggiTestata finds the columns by the headings beside the months, and the year
// by what stands beside and above them.
func (c *cronoprogramma) leggiTestata() {
	r := c.r
	primo, ultimo := c.finestre[0].prima(), c.finestre[len(c.finestre)-1].ultima()
	c.prima = c.testata + 1
	for _, f := range c.finestre {
		for _, a := range f.colonne {
			c.prima = max(c.prima, a.FinoRiga+1)
		}
	}
	anno := 0
	for col := r.dac; col <= r.ac; col++ {
		if primo <= col && col <= ultimo {
			continue
		}
		t := c.testataColonna(col, primo)
		if t == nil {
			continue
		}
		if su := r.libera(c.testata-1, col); su != nil && su != t && su.eseguito() && su.nuda != "si no" {
			c.eseguito, su.presa, t.presa = col, true, true // "ESEGUITO" over "SI/NO"
			continue
		}
		c.colonna(t)
		if t.soloSezione == sCrono && len(c.finestre) == 1 {
			if v := versoIn(t); v != rIgnota {
				c.predefinita = v // "CRONOPROGRAMMA 2021 – CONSUNTIVO"
			}
		}
		if a := anni(t.testo); len(a) > 0 {
			anno = a[len(a)-1]
		}
		t.presa = true
		col = t.FinoColonna
	}
	anno = c.leggiSopra(anno)
	for i := range c.finestre {
		if c.finestre[i].anno == 0 {
			c.finestre[i].anno = anno
		}
	}
	c.colonneAppaiate()
	r.prendi(c.testata, c.prima-1, primo, ultimo)
	for _, t := range r.inRiga(c.testata - 1) {
		if primo <= t.Colonna && t.FinoColonna <= ultimo && t.FinoRiga >= c.testata {
			t.presa = true // a heading between two grids
		}
	}
	c.tipo = c.colonnaTipo(primo, ultimo)
	if c.attivita == 0 || c.soloNumeri(c.attivita) {
		if col := c.colonnaAttivita(primo); col != 0 {
			c.note[c.attivita] = true
			c.attivita = col
		}
	}
	c.trovaTipoInCoda()
	c.sospesa = c.titolare()
}

// soloNumeri tells whether a column numbers the activities instead of naming them: "1",
// "Fase 2", "a)".
func (c *cronoprogramma) soloNumeri(col int) bool {
	visti := 0
	for riga := c.prima; riga <= c.r.a && riga < c.prima+12; riga++ {
		t := c.r.libera(riga, col)
		if c.r.apreSezione(riga) || c.r.titolaPersone(riga) || c.r.vuota(riga) && visti > 0 {
			break
		}
		if t == nil || t.Colonna != col {
			continue
		}
		if strings.Count(t.testo, " ") > 3 || !numeraRe.MatchString(t.testo) && !faseRe.MatchString(t.testo) {
			return false // four words are a name, whatever they are
		}
		visti++
	}
	return visti > 0
}

var faseRe = regexp.MustCompile(`(?i)^(?:fase|attivit[aà]'?|azione|step|att\.?|az\.?|n\.?|n°|intervento)?\s*(?:n\.?\s*)?(?:\d{1,2}(?:\.\d{1,2})*|[A-Z]\d{1,2}|[IVX]{1,4}|[A-Z])\s*[.)°]?$`)

// colonneAppaiate finds, right below the months, the names of two columns for each:
// one for the plan and one for what was done.
func (c *cronoprogramma) colonneAppaiate() {
	appaiate, tutte := 0, 0
	for _, f := range c.finestre {
		for _, a := range f.colonne {
			var visti [rOttenuto + 1]bool
			for col := a.Colonna; col <= a.FinoColonna; col++ {
				if t := c.r.libera(c.prima, col); t != nil {
					visti[t.verso] = true
				}
			}
			tutte++
			if visti[rPrevisto] && visti[rOttenuto] {
				appaiate++
			}
		}
	}
	if appaiate*10 < tutte*8 {
		return
	}
	c.verso = map[int]versoRiga{}
	for _, f := range c.finestre {
		for col := f.prima(); col <= f.ultima(); col++ {
			if t := c.r.libera(c.prima, col); t != nil {
				c.verso[col] = t.verso
			}
		}
	}
	c.prima++
}

// colonnaMesi is what a column beside the months holds, by the words of its heading.
type colonnaMesi uint8

const (
	mNonChiesta colonnaMesi = iota
	mEseguito
	mAttivita
	mTipo // Previsto or Ottenuto
	mAltro
)

// colonnaCrono tells whether a text is the heading of a column of a cronoprogramma.
func colonnaCrono(t *casella) bool {
	return t.soloSezione == sCrono || t.verso != rIgnota || t.eseguito() || len(t.testo) <= 80 && contiene(t.nuda, paroleAttivita...)
}

// paroleAttivita are the words that head the column of the activities.
var paroleAttivita = []string{"attivita", "fasi", "fase", "azioni", "azione", "descrizion", "interventi", "intervento", "adempiment", "operazion", "step", "compiti"}

// colonna says what the column under a heading is.
func (c *cronoprogramma) colonna(t *casella) {
	if t.colonnaMesi == mNonChiesta {
		t.colonnaMesi = colonnaMesiDi(t)
	}
	switch t.colonnaMesi {
	case mEseguito:
		c.eseguito = t.Colonna
	case mAttivita:
		if c.attivita == 0 {
			c.attivita = t.Colonna
		} else if t.Colonna > c.finestre[len(c.finestre)-1].ultima() {
			c.note[t.Colonna] = true // "Responsabile di fase"
		}
	case mAltro:
		c.note[t.Colonna] = true
	}
}

func colonnaMesiDi(t *casella) colonnaMesi {
	k := t.nuda
	switch {
	case t.eseguito():
		return mEseguito
	case t.soloSezione == sCrono || contiene(k, paroleAttivita...):
		return mAttivita
	case t.verso == rIgnota && !contiene(k, "previsto", "stato", "tipo", "programmazion"):
		return mAltro
	}
	return mTipo
}

// leggiSopra takes what stands right above the months: a title of the table, its
// year, the name of the row that a window holds.
func (c *cronoprogramma) leggiSopra(anno int) int {
	r := c.r
	vuote := 0
	for riga := c.testata - 1; riga > r.corpo && riga >= c.testata-4; riga-- {
		if r.vuota(riga) {
			if vuote++; vuote > 1 {
				break
			}
			continue
		}
		preso := false
		for _, t := range r.inRiga(riga) {
			if t.soloSezione != sCrono && vuote > 0 || t.soloSezione == sCrono && slices.ContainsFunc(r.inizianoIn(riga), (*casella).valoreNumerico) {
				continue // only a title may stand apart from its table, and it has no values beside it
			}
			if a, ok := c.sopra(t); ok {
				preso, t.presa = true, true
				if anno == 0 && a != 0 {
					anno = a
				}
			}
		}
		if !preso {
			break
		}
	}
	return anno
}

// sopra reads one text above the months, and tells whether it belongs to the table.
func (c *cronoprogramma) sopra(t *casella) (anno int, ok bool) {
	tutti := anni(t.testo)
	titolo := t.soloSezione == sCrono
	primo := c.finestre[0].prima()
	if !titolo && (t.Colonna < primo || !sopraMesi(t)) {
		return 0, false
	}
	tipo := versoIn(t)
	suoi := 0
	for i := range c.finestre {
		f := &c.finestre[i]
		if t.Colonna <= f.prima()+2 && f.prima() <= t.FinoColonna || f.prima() <= t.Colonna && t.Colonna <= f.ultima() {
			suoi++
			if f.riga == rIgnota {
				f.riga = tipo
			}
			if f.anno == 0 && len(tutti) > 0 && !titolo {
				f.anno = tutti[0]
			}
		}
	}
	if titolo {
		if tipo != rIgnota && len(c.finestre) == 1 {
			c.predefinita = tipo
		}
		if len(tutti) > 0 {
			return tutti[len(tutti)-1], true
		}
		return 0, true
	}
	return 0, suoi > 0
}

// sopraMesi tells whether a text is one of those that stand above month headings:
// a year, the name of a row, quarters, the word itself.
func sopraMesi(t *casella) bool {
	if t.testo == "" {
		return false
	}
	nudo := t.nuda
	return len(strings.Fields(nudo)) <= 3 && (nudo == "" && t.k != "" || t.verso != rIgnota ||
		contiene(nudo, "mesi", "mese", "trim", "quadrim", "semestr", "tempi", "tempistic", "period", "calendari"))
}

// colonnaTipo finds the column whose cells say Previsto or Ottenuto.
func (c *cronoprogramma) colonnaTipo(primo, ultimo int) int {
	migliore, quante := 0, 0
	for col := c.r.dac; col <= c.r.ac; col++ {
		if primo <= col && col <= ultimo || col == c.eseguito {
			continue
		}
		n, vuote := 0, 0
		for riga := c.prima; riga <= c.r.a && riga < c.prima+60 && vuote < 3; riga++ {
			t := c.r.libera(riga, col)
			switch {
			case c.r.vuota(riga):
				if vuote++; n == 0 && riga > c.prima {
					vuote = 3 // the column begins with the table
				}
			case t != nil && t.Colonna == col && t.verso != rIgnota:
				n, vuote = n+1, 0
			}
		}
		if n > quante {
			migliore, quante = col, n
		}
	}
	return migliore
}

// colonnaAttivita finds the activity's column where no heading names it: the one
// with the longest texts to the left of the months.
func (c *cronoprogramma) colonnaAttivita(primo int) int {
	migliore, lungo := 0, 0
	for col := c.r.dac; col < primo; col++ {
		if col == c.tipo || col == c.eseguito || col == c.attivita {
			continue
		}
		n := 0
		for riga := c.prima; riga <= c.r.a && riga < c.prima+12; riga++ {
			if c.r.apreSezione(riga) || c.r.titolaPersone(riga) {
				break
			}
			if t := c.r.libera(riga, col); t != nil && t.Colonna == col {
				n += len(t.testo)
			}
		}
		if n > lungo {
			migliore, lungo = col, n
		}
	}
	if migliore != 0 {
		delete(c.note, migliore)
	}
	return migliore
}

// riunisci joins what a table of planned months and one of obtained months say of
// the same activity.
func riunisci(lette []attivitaLetta) []attivitaLetta {
	if !slices.ContainsFunc(lette, func(a attivitaLetta) bool { return a.soloOttenuto }) {
		return lette
	}
	var tutte []attivitaLetta
	for k := range lette {
		a := &lette[k]
		i := slices.IndexFunc(tutte, func(b attivitaLetta) bool {
			return a.soloOttenuto && (b.anno == a.anno || a.anno == 0 || b.anno == 0) && b.senzaOttenuto &&
				piano.Normalizza(b.descrizione) == piano.Normalizza(a.descrizione)
		})
		if i < 0 {
			tutte = append(tutte, *a)
			continue
		}
		b := &tutte[i]
		b.anno = max(b.anno, a.anno)
		b.ottenuto, b.celle, b.senzaOttenuto = a.ottenuto, a.celle, false
		if b.eseguito == nil {
			b.eseguito = a.eseguito
		}
	}
	return tutte
}
