package importer

import (
	"regexp"
	"slices"
	"strings"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// completa adds the findings about what the card lacks, all at its own cell.
func (r *riquadro) completa(o *piano.Obiettivo, posto sheet.Area) {
	nome := o.Numero
	if nome == "" {
		nome = "di questa scheda"
	}
	rinvia := o.Rinvio != ""
	for _, c := range []struct {
		codice string
		manca  bool
	}{
		{"numero-mancante", o.Numero == ""},
		{"titolo-mancante", o.Titolo == "" && o.Numero != ""},
		{"settore-mancante", o.Settore == ""},
		{"anno-mancante", o.Anno == 0},
		{"obiettivo-senza-descrizione", o.Descrizione == ""},
		{"obiettivo-senza-indicatori", len(o.Indicatori) == 0 && !rinvia},
		{"obiettivo-senza-cronoprogramma", len(o.Attivita) == 0 && !rinvia && !r.cronoIgnoto},
	} {
		if c.manca {
			r.segnala(c.codice, posto, nome)
		}
	}
}

// avanzi finds what no section has taken: sentences that send to another card, and
// blocks that belong to no known section, one finding each. Lines of a block stand
// close together; a heading keeps what follows it.
func (r *riquadro) avanzi() {
	fine, titolo := -10, false
	r.isole()
	for _, c := range r.caselle {
		if c.presa || c.Riga < r.corpo {
			continue
		}
		if rinvioIn(c.testo) != "" {
			r.rinvii = append(r.rinvii, c.testo)
			continue
		}
		if r.numeraRiga(c) {
			continue
		}
		if legenda(c.testo) {
			r.legenda(c)
			continue
		}
		distanza := 1
		if titolo {
			distanza = righeEntro
		}
		nuovo := c.Riga > fine+distanza
		fine = max(fine, c.FinoRiga)
		if !nuovo {
			titolo = titolo && c.colore != 0
			continue
		}
		titolo = c.colore != 0
		r.segnala("sezione-non-riconosciuta", c.Area, c.testo)
	}
}

// legenda tells whether a text explains the form's signs.
func legenda(s string) bool {
	return s != "" && strings.IndexByte("lLxX", s[0]) >= 0 && legendaRe.MatchString(s)
}

// legendaRe is how the explanation of a form's signs begins: "Legenda", "X = mese previsto".
var legendaRe = regexp.MustCompile(`(?i)^(?:leg+enda\b|x\s*[=:]\s*\pL)`)

// nota tells whether a text is a remark on the table above it.
func nota(s string) bool {
	return s != "" && strings.IndexByte("nN(*", s[0]) >= 0 && notaRe.MatchString(s)
}

// notaRe is how a remark begins: "N.B.", "Nota:", "(*)".
var notaRe = regexp.MustCompile(`(?i)^(?:n\.?\s?b\.?[\s:.]|not[ae]\s*:|\(\*+\)|\*+\))`)

// legenda passes over the explanation of a form's signs: its heading, what stands beside it
// and the rows right below.
func (r *riquadro) legenda(c *casella) {
	for riga := c.Riga; riga <= r.a && !r.vuota(riga); riga++ {
		for _, v := range r.inRiga(riga) {
			if v.Colonna >= c.Colonna && len(v.testo) <= 80 {
				v.presa = true
			}
		}
	}
}

// numeraRiga tells whether a text is the mark or the number of a line that a section has
// taken: "1", "a)", "•" before a label.
func (r *riquadro) numeraRiga(c *casella) bool {
	d := r.in(c.Riga, c.FinoColonna+1)
	return d != nil && d.presa && d.Riga == c.Riga && numeraRe.MatchString(c.testo)
}

var numeraRe = regexp.MustCompile(`^(?:[(\[]?(?:\d{1,2}|[A-Za-z]|[IVX]{1,4})\s*[.)\]°]?|[•·▪►▸▶■□◦○●❖➢➤➔*»>–—-]|\d{1,2}\.\d{1,2}\.?)$`)

// nuda tells whether a card says its number and title and nothing else.
func (s scheda) nuda() bool {
	return s.soloPesi() && s.obiettivo.Peso == nil && s.obiettivo.Strategicita == nil && !s.pesoRotto
}

// soloPesi tells whether a card says its number and title, and its weights at most; in a table
// also who answers for it.
func (s scheda) soloPesi() bool {
	o := s.obiettivo
	return o.Descrizione == "" && o.RisultatiAttesi == "" && len(o.Indicatori) == 0 && len(o.Attivita) == 0 && len(o.RisorseUmane) == 0 &&
		(s.inTabella || o.Strategia == "" && o.Assessore == "" && o.Responsabile == "" && o.Durata == "" && o.AltriSettori == "" && o.PortatoriInteressi == "")
}

// senzaElenchi leaves out the lines of an index: numbers and titles alone, several on a
// sheet without any card, in a workbook that has the cards elsewhere; and a row of an index
// with weights, whose card is there, too.
func senzaElenchi(schede []scheda) []scheda {
	nude, piene, numeri := map[string]int{}, map[string]bool{}, map[string]bool{}
	for _, s := range schede {
		if s.nuda() {
			nude[s.obiettivo.Foglio]++
		} else if !s.soloPesi() {
			piene[s.obiettivo.Foglio] = true
			numeri[s.obiettivo.Numero] = true
		}
	}
	return slices.DeleteFunc(schede, func(s scheda) bool {
		foglio := s.obiettivo.Foglio
		if s.soloPesi() && !s.nuda() && !piene[foglio] {
			return numeri[s.obiettivo.Numero]
		}
		return s.nuda() && !piene[foglio] && (nude[foglio] > 1 && len(piene) > 0 || numeri[s.obiettivo.Numero])
	})
}

// numeriDoppi finds the numbers that two cards carry; the finding stands at the
// second.
func numeriDoppi(schede []scheda) {
	prime := map[string]*scheda{}
	for i := range schede {
		s := &schede[i]
		numero := s.obiettivo.Numero
		prima, doppio := prime[numero]
		switch {
		case numero == "":
		case !doppio:
			prime[numero] = s
		default:
			r := NuovoRilievo("numero-duplicato", s.obiettivo.Foglio, s.posto.Indirizzo(), numero, prima.obiettivo.Foglio, prima.posto.Indirizzo())
			n := 0
			for n < len(s.rilievi) && ordine(s.rilievi[n].Codice) < ordine(r.Codice) {
				n++
			}
			s.rilievi = slices.Insert(s.rilievi, n, r)
		}
	}
}

// pesiDeiSettori finds the settori whose weights do not add up to 100. Nothing is
// said where no weight is given, or one was refused and has its finding already.
func pesiDeiSettori(schede []scheda) []piano.Rilievo {
	type totale struct {
		nome  string
		somma piano.Decimale
		dati  int
		rotto bool
	}
	var settori []*totale
	for _, s := range schede {
		nome := strings.ToLower(s.obiettivo.Settore)
		if nome == "" {
			continue
		}
		i := slices.IndexFunc(settori, func(t *totale) bool { return piano.Normalizza(t.nome) == piano.Normalizza(nome) })
		if i < 0 {
			i = len(settori)
			settori = append(settori, &totale{nome: s.obiettivo.Settore})
		}
		t := settori[i]
		t.rotto = t.rotto || s.pesoRotto
		if p := s.obiettivo.Peso; p != nil {
			t.dati++
			t.somma += *p
		}
	}
	var rilievi []piano.Rilievo
	for _, t := range settori {
		if t.dati > 0 && !t.rotto && !circa100(t.somma) {
			rilievi = append(rilievi, NuovoRilievo("peso-settore-non-100", "", "", t.nome, t.somma.Italiano()))
		}
	}
	return rilievi
}
