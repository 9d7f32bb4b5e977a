package importer

import (
	"regexp"
	"slices"
	"strings"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// casella is a cell or a merged area that holds a text, on its way into a card.
type casella struct {
	sheet.Area
	testo  string // blank where the cell is in error
	colore sheet.Colore
	tipo   sheet.Tipo
	presa  bool // some section has taken it

	*significato
}

// significato is what the words of a text say, whatever cell they stand in.
type significato struct {
	k       string       // chiave of the text
	nuda    string       // k without years
	nudo    string       // the text without the mark of a list and with its letters together, "" for the same
	dentro  string       // the field's value, where it stands in the same cell
	settore string       // settoreDiRiga, where settoreLetto
	campo   campo        // meaningful only where haCampo
	periodi []piano.Mesi // the runs of months that it can mean
	letta   ancoraLetta  // it taken apart as what opens a card, where conAncora

	ruoloAnno int
	ruolo     colonnaIndicatore // of its column, as a heading of the indicators in ruoloAnno

	mesi        piano.Mesi  // the months that it can mean as a heading
	colonnaMesi colonnaMesi // what it says as a heading beside months, once asked for
	sezione     sezione     // whose heading it is, alone or before its content
	soloSezione sezione     // the same where it is the heading and nothing else
	verso       versoRiga   // which row of an activity it names
	nelTitolo   versoRiga   // which row one of its words names, where titoloLetto
	segno       segno       // what it says in the cell of a month

	haCampo          bool
	ancora           bool // it opens a card
	conAncora        bool
	elencata         bool // it was recognised only as nudo
	titolaIndicatori bool // it may head the descriptions of the indicators
	titoloLetto      bool
	settoreLetto     bool

	chiedeEseguito, solaObiettivo, numerico forse // eseguitoDi, soloObiettivo, valoreNumerico
}

// forse is the answer to a question about a text that is worked out when first asked.
type forse uint8

func (f *forse) chiedi(domanda func() bool) bool {
	if *f == 0 {
		if *f = 1; domanda() {
			*f = 2
		}
	}
	return *f == 2
}

// scritto returns the text as a label is written.
func (s *casella) scritto() string {
	if s.nudo != "" {
		return s.nudo
	}
	return s.testo
}

// tavolo is what is kept from sheet to sheet while a workbook is read.
type tavolo struct {
	// What texts mean: most cells of a sheet hold a mark, a month or a label that stood in
	// another one before.
	noti, date map[string]*significato
	soli       [128]*significato // those of one letter: half of all cells are marks and months
	nuovi      []significato     // where the next ones are put
	// The memory of the last sheet, for the next one: nothing that was read points into it.
	caselle []casella
	ordine  []*casella
	coperte []int32
	campi   map[campo]valoreLetto
	voci    []voce

	indicatori []indicatoreLetto
	attivita   []attivitaLetta
	inizi      []int
}

func nuovoTavolo() *tavolo {
	return &tavolo{noti: map[string]*significato{}, date: map[string]*significato{}, campi: map[campo]valoreLetto{}}
}

// significa returns what a text means, worked out once for the workbook.
func (t *tavolo) significa(testo string, tipo sheet.Tipo) *significato {
	if len(testo) == 1 && testo[0] < 128 && tipo != sheet.Data {
		s := &t.soli[testo[0]]
		if *s == nil {
			*s = t.nuovo(testo, tipo)
		}
		return *s
	}
	noti := t.noti
	if tipo == sheet.Data {
		noti = t.date
	}
	s, noto := noti[testo]
	if !noto {
		s = t.nuovo(testo, tipo)
		noti[testo] = s
	}
	return s
}

func (t *tavolo) nuovo(testo string, tipo sheet.Tipo) *significato {
	if len(t.nuovi) == cap(t.nuovi) {
		t.nuovi = make([]significato, 0, 32)
	}
	t.nuovi = append(t.nuovi, riconosci(testo, tipo))
	return &t.nuovi[len(t.nuovi)-1]
}

// riquadro is the part of a sheet that holds one card: rows from its page heading
// to the next card's, and its columns where cards stand side by side.
type riquadro struct {
	f              *sheet.Foglio
	da, a          int        // rows
	dac, ac        int        // columns
	corpo          int        // first row of the card itself, below the page heading
	ancora         *casella   // its "OBIETTIVO N.", nil where it has none
	presunta       bool       // the anchor says no number: it stands where the title should
	caselle        []*casella // by row, then column
	dove           *mappa     // of the whole sheet
	t              *tavolo
	inizi          []int32    // where in caselle each row begins, from da on: ask inizianoIn
	testataComune  []*casella // the page heading at full width, of cards side by side
	rilievi        []piano.Rilievo
	anno           int       // of the newest cronoprogramma or the page heading, 0 while unknown
	rinvii         []string  // sentences in place of a table that send to another card
	tabelle        []testata // of indicators
	attaccati      forse     // attacca
	colonnaValori  int       // where the fields' values stand far from their labels, 0 where they do not
	inTabella      bool      // its number stands below the label: perhaps a row of an index
	cronoIgnoto    bool      // a cronoprogramma is there, but its months could not be told
	intestazioneDi *riquadro // the last card above whose page heading names an office: it holds where this one's does not
	primo          *riquadro // the first card of the sheet, nil for itself
	annoSopra      int       // the year of the last page heading above that says one
}

// leggi returns the texts of a sheet by row, then column.
func (t *tavolo) leggi(f *sheet.Foglio) []*casella {
	celle := f.Celle()
	testi := 0
	for i := range celle {
		if celle[i].Testo != "" || celle[i].Tipo == sheet.Ignoto {
			testi++
		}
	}
	if cap(t.caselle) < testi {
		t.caselle, t.ordine = make([]casella, 0, testi), make([]*casella, 0, testi)
	}
	caselle, tutte := t.caselle[:0], t.ordine[:0]
	for i := range celle {
		c := &celle[i]
		if c.Testo == "" && c.Tipo != sheet.Ignoto || i > 0 && celle[i-1].Riga == c.Riga && celle[i-1].Colonna == c.Colonna {
			continue
		}
		area := f.Area(c.Riga, c.Colonna)
		if area.Riga != c.Riga || area.Colonna != c.Colonna {
			continue
		}
		caselle = append(caselle, casella{Area: area, testo: c.Testo, tipo: c.Tipo, colore: c.Riempimento})
		nuova := &caselle[len(caselle)-1]
		if nuova.tipo == sheet.Guasto {
			nuova.testo = ""
		}
		nuova.significato = t.significa(nuova.testo, nuova.tipo)
		tutte = append(tutte, nuova)
	}
	return tutte
}

// sagoma is a whole sheet on its way to be cut.
type sagoma struct {
	f       *sheet.Foglio
	t       *tavolo
	caselle []*casella
	dove    *mappa
}

func (t *tavolo) sagoma(f *sheet.Foglio) *sagoma {
	s := &sagoma{f: f, t: t, caselle: t.leggi(f)}
	s.dove = t.mappa(s.caselle)
	return s
}

// riquadri cuts a sheet into its cards, top to bottom, then left to right.
func (t *tavolo) riquadri(f *sheet.Foglio) []*riquadro {
	s := t.sagoma(f)
	var ancore []*casella
	riga := 0
	for _, c := range s.caselle {
		if c.ancora && !s.dopoEtichetta(c) || s.senzaNumero(c) || c.Riga != riga && s.numeroDaSolo(c) {
			ancore = append(ancore, c)
		}
		riga = c.Riga
	}
	if len(ancore) == 0 && s.sembraScheda() {
		ancore = s.ripiego()
	}
	if len(ancore) == 0 {
		if !s.sembraScheda() {
			return nil
		}
		return []*riquadro{s.riquadro(nil, 1, f.Righe(), 1, f.Colonne(), f.Righe())}
	}
	var tagliati []*riquadro
	fasce := fasce(s.senzaIndice(ancore))
	inizio := 1
	for i, fascia := range fasce {
		fine := f.Righe()
		if i+1 < len(fasce) {
			ultima := 0
			for _, a := range fascia {
				ultima = max(ultima, a.FinoRiga)
			}
			fine = s.inizioIntestazione(fasce[i+1], ultima+1) - 1
		}
		comune := fascia[0].Riga
		for _, a := range fascia {
			comune = min(comune, a.Riga)
		}
		for j, a := range fascia {
			dac, ac := 1, f.Colonne()
			if j > 0 {
				dac = a.Colonna
			}
			if j+1 < len(fascia) {
				ac = fascia[j+1].Colonna - 1
			}
			tagliati = append(tagliati, s.riquadro(a, inizio, fine, dac, ac, comune))
		}
		inizio = fine + 1
	}
	sopra, anno := tagliati[0], annoTestata(tagliati[0].testataComune)
	for _, r := range tagliati[1:] {
		r.primo, r.intestazioneDi, r.annoSopra = tagliati[0], sopra, anno
		if a := annoTestata(r.testataComune); a != 0 {
			anno = a
		}
		if r.nominaUfficio() {
			sopra = r
		}
	}
	return tagliati
}

// dopoEtichetta tells whether the text is the content of a section or a field, such
// as a description that begins with "Obiettivo n. 1/1". A text that opens a card with less
// certainty is also one further down in a description.
func (s *sagoma) dopoEtichetta(c *casella) bool {
	if l, ok := c.letta, c.conAncora; c.elencata || ok && !l.conN && !strings.Contains(l.numero, "/") {
		riga := c.Riga - 1
		v := s.dove.in(riga, c.Colonna)
		for v != nil && !v.etichetta() && !v.ancora && v.Colonna == c.Colonna {
			riga = v.Riga - 1
			v = s.dove.in(riga, c.Colonna)
		}
		if v != nil && riga < c.Riga-1 && (v.sezione == sDescrizione || v.sezione == sRisultati) {
			return true
		}
	}
	for _, p := range []struct{ riga, colonna int }{{c.Riga - 1, c.Colonna}, {c.Riga, c.Colonna - 1}} {
		v := s.dove.in(p.riga, p.colonna)
		if v == nil {
			continue
		}
		if z := v.soloSezione; z == sDescrizione || z == sRisultati {
			return true
		}
		if v.haCampo && p.riga == c.Riga && v.campo != cTitolo && v.campo != cSettore {
			return true
		}
	}
	return false
}

// fiancoEntro is how many rows the headings of two cards side by side may differ: one has
// more lines above it than the other.
const fiancoEntro = 10

// fasce groups the cards that stand side by side, each group left to right.
func fasce(ancore []*casella) [][]*casella {
	var tutte [][]*casella
	for _, a := range ancore {
		if n := len(tutte); n > 0 && accanto(tutte[n-1], a) {
			tutte[n-1] = append(tutte[n-1], a)
			continue
		}
		tutte = append(tutte, []*casella{a})
	}
	for _, f := range tutte {
		slices.SortStableFunc(f, func(a, b *casella) int { return a.Colonna - b.Colonna })
	}
	return tutte
}

// accanto tells whether a card opens beside all those of the group: in other columns, and
// far enough from theirs to leave room for a card where the rows are not the same.
func accanto(fascia []*casella, a *casella) bool {
	for _, b := range fascia {
		sinistra, destra := b, a
		if a.Colonna < b.Colonna {
			sinistra, destra = a, b
		}
		righe := a.Riga - b.Riga
		if destra.Colonna <= sinistra.FinoColonna || righe > fiancoEntro || righe > 2 && destra.Colonna-sinistra.Colonna < 4 {
			return false
		}
	}
	return true
}

// intestazioni is how the lines of a page heading begin.
var intestazioni = []string{"unione", "comune", "comuni", "provincia", "citta", "(citta", "regione", "consorzio", "comunita montana", "piano", "peg", "p.e.g", "pdo", "piao", "p.i.a.o", "settore", "settori", "servizio", "area", "direzione", "ufficio", "dipartimento", "centro di responsabilita", "c.d.r", "cdr", "unita operativa", "unita organizzativa", "struttura", "anno", "anni", "triennio", "scheda", "schede", "allegato", "obiettivi", "esercizio", "lo stesso obiettivo", "performance", "ente"}

// aprePagina tells whether a text, as Normalizza writes it, begins with one of them as a
// whole word.
func aprePagina(s string) bool {
	s = strings.TrimPrefix(s, "(")
	return slices.ContainsFunc(intestazioni, func(p string) bool {
		resto, ok := strings.CutPrefix(s, p)
		return ok && (resto == "" || !('a' <= resto[0] && resto[0] <= 'z' || cifra(resto[0]) || resto[0] == '_'))
	})
}

// inizioIntestazione returns the row where the page heading of a card further
// down the sheet begins: blocks of lines above it that begin as headings do.
func (s *sagoma) inizioIntestazione(fascia []*casella, minimo int) int {
	inizio := fascia[0].Riga
	for _, a := range fascia {
		inizio = min(inizio, a.Riga)
	}
	for {
		fine := inizio - 1
		for fine >= minimo && s.vuota(fine) {
			fine--
		}
		testa := fine
		for testa > minimo && !s.vuota(testa-1) {
			testa--
		}
		if fine < minimo || testa < minimo {
			return inizio
		}
		if !aprePagina(piano.Normalizza(s.primaDi(testa))) || s.diScheda(testa, fine) {
			return s.codaDiPagina(testa, fine, inizio)
		}
		inizio = testa
	}
}

// diScheda tells whether those rows are a card's, though they begin like a page heading,
// "Area | …": they describe it, or say Previsto or Ottenuto.
func (s *sagoma) diScheda(da, a int) bool {
	i, _ := slices.BinarySearchFunc(s.caselle, da, func(c *casella, riga int) int { return c.Riga - riga })
	for ; i < len(s.caselle) && s.caselle[i].Riga <= a; i++ {
		if c := s.caselle[i]; c.sezione == sDescrizione || c.sezione == sRisultati || c.verso != rIgnota && len(c.testo) > 1 {
			return true
		}
	}
	return false
}

// codaDiPagina returns the row from which on the lines of a block are a page heading, where
// the card above ends right before them; inizio where they are none.
func (s *sagoma) codaDiPagina(testa, fine, inizio int) int {
	prima, certa := fine+1, false
	for ; prima > testa; prima-- {
		riga := piano.Normalizza(s.primaDi(prima - 1))
		if !aprePagina(riga) {
			break
		}
		certa = certa || paginaCerta.MatchString(riga)
	}
	if prima > fine || !certa {
		return inizio
	}
	return prima
}

// paginaCerta is how a page begins and no list of people or offices goes on.
var paginaCerta = regexp.MustCompile(`^\(?(unione|comune|provincia|piano|peg|p\.e\.g|piao|anno|anni|triennio|scheda|esercizio)\b`)

func (s *sagoma) vuota(riga int) bool { return s.primaDi(riga) == "" }

// primaDi returns the first text of a row.
func (s *sagoma) primaDi(riga int) string {
	if v := s.dove.primo(riga, 1, s.f.Colonne()); v != nil {
		return v.testo
	}
	return ""
}

// sembraScheda tells whether a sheet without "OBIETTIVO N." is a card all the same:
// two sections in different rows, or one and three fields.
func (s *sagoma) sembraScheda() bool {
	sezioni, campi := map[int]bool{}, map[int]bool{}
	for _, c := range s.caselle {
		if z := c.soloSezione; z != nessuna {
			sezioni[c.Riga] = true
		} else if c.haCampo && c.dentro == "" {
			campi[c.Riga] = true
		}
	}
	return len(sezioni) >= 2 || len(sezioni) == 1 && len(campi) >= 3
}

// riquadro makes the part of the sheet between those rows and columns. Above the row
// comune no card of those side by side has begun: what stands there is everybody's heading.
func (s *sagoma) riquadro(ancora *casella, da, a, dac, ac, comune int) *riquadro {
	r := &riquadro{f: s.f, da: da, a: a, dac: dac, ac: ac, corpo: da, ancora: ancora, dove: s.dove, t: s.t}
	if ancora != nil {
		r.corpo = ancora.Riga
	} else {
		r.ancora, r.corpo = s.titoloPresunto()
		r.presunta = r.ancora != nil
	}
	comune = min(comune, r.corpo)
	prima, _ := slices.BinarySearchFunc(s.caselle, da, func(c *casella, riga int) int { return c.Riga - riga })
	tutte, proprie := 0, 0
	for _, c := range s.caselle[prima:] {
		if c.Riga > a {
			break
		}
		if c.Riga < comune || c.Riga < r.corpo && dac <= c.Colonna && c.Colonna <= ac {
			r.testataComune = append(r.testataComune, c)
		}
		if tutte++; dac <= c.Colonna && c.Colonna <= ac {
			proprie++
		}
	}
	if r.caselle = s.caselle[prima : prima+tutte : prima+tutte]; proprie < tutte {
		r.caselle = make([]*casella, 0, proprie)
		for _, c := range s.caselle[prima : prima+tutte] {
			if dac <= c.Colonna && c.Colonna <= ac {
				r.caselle = append(r.caselle, c)
			}
		}
	}
	r.inizi = iniziDi(r.caselle, da, a)
	r.valoriLontani()
	r.stringi()
	return r
}

// titoloPresunto finds, on a sheet without "OBIETTIVO N.", the row where the card
// begins and the line that stands in the number's place: the last one above the
// first label, where it is coloured or the settore has a line of its own.
func (s *sagoma) titoloPresunto() (titolo *casella, corpo int) {
	settore := false
	corpo = s.f.Righe()
	for _, c := range s.caselle {
		if c.haCampo && settoreRe.MatchString(c.testo) {
			settore = true
			continue
		} else if c.haCampo || c.soloSezione != nessuna {
			corpo = c.Riga
			break
		}
		n := piano.Normalizza(c.testo)
		switch {
		case settoreRe.MatchString(c.testo):
			settore = true
		case !altraRigaRe.MatchString(n) && len(n) > 3 && (settore || c.colore != 0):
			titolo = c
		}
	}
	if titolo != nil {
		corpo = titolo.Riga
	}
	return titolo, corpo
}
