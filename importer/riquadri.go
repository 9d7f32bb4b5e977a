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
	testo  string
	tipo   sheet.Tipo
	colore string
	presa  bool   // some section has taken it
	errore string // what a cell in error shows; its text is blank

	*significato
}

// significato is what the words of a text say, whatever cell they stand in.
type significato struct {
	k           string  // chiave of the text
	sezione     sezione // whose heading it is, alone or before its content
	soloSezione sezione // the same where it is the heading and nothing else
	campo       campo   // meaningful only where haCampo
	haCampo     bool
	dentro      string       // the field's value, where it stands in the same cell
	mesi        piano.Mesi   // the months that it can mean as a heading
	periodi     []piano.Mesi // the runs of months that it can mean
	ancora      bool         // it opens a card
	verso       versoRiga    // which row of an activity it names

	titolaIndicatori bool // it may head the descriptions of the indicators

	ruolo     colonnaIndicatore // of its column, as a heading of the indicators in ruoloAnno
	ruoloAnno int
}

// noti remembers what texts mean while a workbook is read: most cells of a sheet hold
// a mark, a month or a label that stood in another one before.
type noti map[testoNoto]*significato

type testoNoto struct {
	testo string
	data  bool
}

// riquadro is the part of a sheet that holds one card: rows from its page heading
// to the next card's, and its columns where cards stand side by side.
type riquadro struct {
	f              *sheet.Foglio
	da, a          int          // rows
	dac, ac        int          // columns
	corpo          int          // first row of the card itself, below the page heading
	ancora         *casella     // its "OBIETTIVO N.", nil where it has none
	presunta       bool         // the anchor says no number: it stands where the title should
	caselle        []*casella   // by row, then column
	dove           *mappa       // of the whole sheet
	righe          [][]*casella // the texts that begin in each row, from da on: ask inizianoIn
	testataComune  []*casella   // the page heading at full width, of cards side by side
	rilievi        []piano.Rilievo
	anno           int       // of the newest cronoprogramma or the page heading, 0 while unknown
	rinvii         []string  // sentences in place of a table that send to another card
	cronoIgnoto    bool      // a cronoprogramma is there, but its months could not be told
	intestazioneDi *riquadro // the first card of the sheet, whose page heading holds where this one has none
}

// caselleDi returns the texts of a sheet by row, then column.
func caselleDi(f *sheet.Foglio, n noti) []*casella {
	celle := f.Celle()
	tutte, memoria := make([]*casella, 0, len(celle)), []casella(nil)
	for i := range celle {
		c := &celle[i]
		if c.Testo == "" && c.Tipo != sheet.Ignoto || i > 0 && celle[i-1].Riga == c.Riga && celle[i-1].Colonna == c.Colonna {
			continue
		}
		area := f.Area(c.Riga, c.Colonna)
		if area.Riga != c.Riga || area.Colonna != c.Colonna {
			continue
		}
		if len(memoria) == 0 {
			memoria = make([]casella, min(len(celle)-i, 256))
		}
		nuova := &memoria[0]
		memoria = memoria[1:]
		*nuova = casella{Area: area, testo: c.Testo, tipo: c.Tipo, colore: c.Riempimento}
		if nuova.tipo == sheet.Guasto {
			nuova.testo, nuova.errore = "", c.Testo
		}
		chi := testoNoto{nuova.testo, nuova.tipo == sheet.Data}
		significa, noto := n[chi]
		if !noto {
			nuovo := riconosci(nuova.testo, nuova.tipo)
			nuovo.ruoloAnno = -1
			significa = &nuovo
			n[chi] = significa
		}
		nuova.significato = significa
		tutte = append(tutte, nuova)
	}
	return tutte
}

// ancoraRe is the heading that opens a card: "OBIETTIVO N. 1/3 – Titolo". Groups:
// the word for number, the two numbers, the rest.
var ancoraRe = regexp.MustCompile(`(?i)^(?:scheda\s+)?(?:di\s+|dell['’]\s*)?ob(?:iettivo|iettiv|b?iett\.?|\.)\s*(?:(?:di|del|performance|strategico|operativo|gestionale|esecutivo|peg|p\.e\.g\.|piao|trasversale|specifico|sviluppo|processo|mantenimento|miglioramento|annuale|triennale|intersettoriale)\s+)*(n\s*[.°º:]+|n\b|nr\b\.?|n\.ro|nro\b\.?|num\b\.?|numero\b|#)?\s*[:.]?\s*(?:(\d{1,4})(?:\s*[/\\]\s*(\d{1,4}))?)?\s*(.*)$`)

// ancoraSola are the labels whose value is the number of the card.
var ancoraSola = []string{"n obiettivo", "numero obiettivo", "nr obiettivo", "codice obiettivo", "num obiettivo", "numero scheda", "n scheda", "numero progressivo obiettivo", "cod obiettivo", "id obiettivo", "numero ob", "n ob"}

// puoAprire tells whether ancoraRe is worth trying: how its texts begin.
func puoAprire(s string) bool {
	s = strings.TrimLeft(s, " ")
	return s != "" && strings.ContainsRune("oOsSdD", rune(s[0]))
}

// apre tells whether the text opens a card.
func apre(testo, k string) bool {
	if slices.Contains(ancoraSola, k) {
		return true
	}
	if e, resto := daSolo(testo); resto != "" && slices.Contains(ancoraSola, chiave(e)) {
		return true
	}
	if !puoAprire(testo) {
		return false
	}
	m := ancoraRe.FindStringSubmatch(testo)
	if m == nil {
		return false
	}
	switch {
	case m[1] != "" || m[2] != "" && m[3] != "":
		return true
	case m[2] == "":
		return false
	}
	// "OBIETTIVO 3: …" without the word for number, but not "OBIETTIVO 2021"
	return len(m[2]) <= 2 && (m[4] == "" || strings.ContainsAny(m[4][:1], ":-.") || strings.HasPrefix(m[4], "–"))
}

// senzaNumero tells whether a bare "OBIETTIVO" has its number in the next cell.
func (s *sagoma) senzaNumero(c *casella) bool {
	if c.k != "obiettivo" && c.k != "obiettivo peg" && c.k != "scheda obiettivo" && c.k != "scheda" {
		return false
	}
	destra := s.dove.in(c.Riga, c.FinoColonna+1)
	return destra != nil && numeroCella.MatchString(destra.testo)
}

var numeroCella = regexp.MustCompile(`^\s*(?i:n\s*[.°º]*\s*)?\d{1,4}\s*[/\\]\s*\d{1,4}\b`)

// sagoma is a whole sheet on its way to be cut.
type sagoma struct {
	f       *sheet.Foglio
	caselle []*casella
	dove    *mappa
}

func nuovaSagoma(f *sheet.Foglio, n noti) *sagoma {
	s := &sagoma{f: f, caselle: caselleDi(f, n)}
	s.dove = mappaDi(s.caselle)
	return s
}

// riquadri cuts a sheet into its cards, top to bottom, then left to right.
func riquadri(f *sheet.Foglio, n noti) []*riquadro {
	s := nuovaSagoma(f, n)
	var ancore []*casella
	for _, c := range s.caselle {
		if c.ancora && !s.dopoEtichetta(c) || s.senzaNumero(c) {
			ancore = append(ancore, c)
		}
	}
	if len(ancore) == 0 {
		if !s.sembraScheda() {
			return nil
		}
		return []*riquadro{s.riquadro(nil, 1, f.Righe(), 1, f.Colonne())}
	}
	var tagliati []*riquadro
	fasce := fasce(ancore)
	inizio := 1
	for i, fascia := range fasce {
		fine := f.Righe()
		if i+1 < len(fasce) {
			fine = s.inizioIntestazione(fasce[i+1], fascia[len(fascia)-1].FinoRiga+1) - 1
		}
		for j, a := range fascia {
			dac, ac := 1, f.Colonne()
			if j > 0 {
				dac = a.Colonna
			}
			if j+1 < len(fascia) {
				ac = fascia[j+1].Colonna - 1
			}
			tagliati = append(tagliati, s.riquadro(a, inizio, fine, dac, ac))
		}
		inizio = fine + 1
	}
	for _, r := range tagliati[1:] {
		r.intestazioneDi = tagliati[0]
	}
	return tagliati
}

// dopoEtichetta tells whether the text is the content of a section or a field, such
// as a description that begins with "Obiettivo n. 1/1".
func (s *sagoma) dopoEtichetta(c *casella) bool {
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

// fasce groups the cards that stand side by side.
func fasce(ancore []*casella) [][]*casella {
	var tutte [][]*casella
	for _, a := range ancore {
		if n := len(tutte); n > 0 {
			ultima := tutte[n-1][len(tutte[n-1])-1]
			if a.Colonna > ultima.FinoColonna && a.Riga-ultima.Riga <= 2 {
				tutte[n-1] = append(tutte[n-1], a)
				continue
			}
		}
		tutte = append(tutte, []*casella{a})
	}
	return tutte
}

// intestazioneRe is how the lines of a page heading begin.
var intestazioneRe = regexp.MustCompile(`^(unione|comune|comuni|provincia|citta|\(citta|regione|consorzio|comunita montana|piano|peg|p\.e\.g|pdo|piao|p\.i\.a\.o|settore|servizio|area|ann[oi]|triennio|scheda|schede|allegato|obiettivi|esercizio|lo stesso obiettivo|performance|ente)\b`)

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
		if fine < minimo || testa < minimo || !intestazioneRe.MatchString(piano.Normalizza(s.primaDi(testa))) {
			return inizio
		}
		inizio = testa
	}
}

func (s *sagoma) vuota(riga int) bool { return s.primaDi(riga) == "" }

// primaDi returns the first text of a row.
func (s *sagoma) primaDi(riga int) string {
	for c := 1; c <= s.f.Colonne(); c++ {
		if v := s.dove.in(riga, c); v != nil {
			return v.testo
		}
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

// riquadro makes the part of the sheet between those rows and columns.
func (s *sagoma) riquadro(ancora *casella, da, a, dac, ac int) *riquadro {
	r := &riquadro{f: s.f, da: da, a: a, dac: dac, ac: ac, corpo: da, ancora: ancora, dove: s.dove}
	if ancora != nil {
		r.corpo = ancora.Riga
	} else {
		r.ancora, r.corpo = s.titoloPresunto()
		r.presunta = r.ancora != nil
	}
	prima, _ := slices.BinarySearchFunc(s.caselle, da, func(c *casella, riga int) int { return c.Riga - riga })
	for _, c := range s.caselle[prima:] {
		if c.Riga > a {
			break
		}
		if c.Riga < r.corpo {
			r.testataComune = append(r.testataComune, c)
		}
		if dac <= c.Colonna && c.Colonna <= ac {
			r.caselle = append(r.caselle, c)
		}
	}
	r.righe = perRiga(r.caselle, da, a)
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
		case !altraRigaRe.MatchString(n) && len(n) > 3 && (settore || c.colore != ""):
			titolo = c
		}
	}
	if titolo != nil {
		corpo = titolo.Riga
	}
	return titolo, corpo
}
