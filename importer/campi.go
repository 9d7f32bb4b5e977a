package importer

import (
	"regexp"
	"slices"
	"strings"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// valoreLetto is a value of the card's heading with the cell that it stands in.
type valoreLetto struct {
	testo   string
	tipo    sheet.Tipo
	area    sheet.Area
	proprio bool // the label is the field's own name, not a neighbour's: settore, not area
	rotto   bool // its cell has no value that can be read
}

// unisci adds a further cell to the value.
func (v *valoreLetto) unisci(c *casella) {
	if v.testo == "" {
		*v = valoreLetto{testo: c.testo, tipo: c.tipo, area: c.Area}
		return
	}
	v.testo, v.tipo = v.testo+" "+c.testo, sheet.Testo
}

// accosta adds a cell beside a label, without the colon that belongs to the label.
func (v *valoreLetto) accosta(c *casella) {
	if t := strings.TrimLeft(c.testo, ":= "); t != "" {
		v.unisci(&casella{Area: c.Area, testo: t, tipo: c.tipo})
	}
}

// prosegue adds to a value the rows below it that hold nothing but its continuation: no
// label at their left, nothing beside.
func (r *riquadro) prosegue(c *casella, v *valoreLetto) {
	for riga := max(c.FinoRiga, v.area.FinoRiga) + 1; riga <= r.a; riga++ {
		celle := r.inizianoIn(riga)
		if len(celle) != 1 || celle[0].presa || celle[0].etichetta() || celle[0].Colonna != v.area.Colonna || rinvioIn(celle[0].testo) != "" || r.in(riga, c.Colonna) != nil {
			return
		}
		celle[0].presa = true
		v.unisci(celle[0])
		riga = celle[0].FinoRiga
	}
}

// leggiCampi takes the fields of the heading off the card: each label with the
// value beside it, inside its cell, or below it.
func (r *riquadro) leggiCampi(campi map[campo]valoreLetto) {
	tabelle := r.ultimaTabella()
	for _, c := range r.caselle {
		if c.presa || c == r.ancora {
			continue
		}
		f, dentro := c.campo, c.dentro
		if !c.haCampo || c.Riga < r.corpo && !r.campoDiTestata(c, f, dentro) {
			continue
		}
		v := valoreLetto{testo: dentro, area: c.Area}
		if dentro == "" {
			if v = r.valoreDi(c); v.testo == "" {
				v = r.attaccatoAEtichetta(c, v)
			}
			if v.testo == "" && f == cPriorita && numeriRe.MatchString(c.testo) {
				v = valoreLetto{testo: c.testo, tipo: c.tipo, area: c.Area} // "Strategicità (80) Peso (100)"
			}
			if f == cTitolo && v.testo == "" && campi[cTitolo].testo == "" {
				if t := r.solaSotto(c); t != nil {
					v.unisci(t)
				}
			}
		}
		c.presa = true
		if c.Riga > tabelle && firmaRe.MatchString(c.testo) {
			if nome := r.libera(c.FinoRiga+1, c.Colonna); nome != nil && !nome.etichetta() {
				nome.presa = true
			}
			continue // a signature
		}
		for _, p := range spartisci(f, c.k, v) {
			r.tieni(campi, p.campo, p.k, p.valoreLetto)
		}
	}
	r.fraseDeiPesi(campi)
	r.campiAttaccati(campi)
}

// fraseDeiPesi takes the sentence that holds strategicità and peso without a label:
// "Peso 80% e strategicità 100".
func (r *riquadro) fraseDeiPesi(campi map[campo]valoreLetto) {
	for _, f := range []campo{cPriorita, cStrategicita, cPeso} {
		if campi[f].testo != "" {
			return
		}
	}
	for _, c := range r.caselle {
		if c.presa || c.Riga < r.corpo || len(c.testo) > 80 {
			continue
		}
		t := piano.Normalizza(c.testo)
		if prioritaRe.MatchString(t) && pesoRe.MatchString(t) && len(numeriRe.FindAllString(t, 3)) == 2 {
			c.presa = true
			campi[cPriorita] = valoreLetto{testo: c.testo, tipo: c.tipo, area: c.Area}
			return
		}
	}
}

// campoDiTestata tells whether a text of the page heading is a label rather than
// one of its lines: it has a value of its own.
func (r *riquadro) campoDiTestata(c *casella, f campo, dentro string) bool {
	if dentro != "" {
		return true
	}
	destra := r.aDestra(c, c.Riga)
	return len(destra) > 0 && f != cTitolo
}

// aDestra returns the texts beside a label in one of its rows, to the next label.
func (r *riquadro) aDestra(c *casella, riga int) []*casella {
	var trovate []*casella
	for col := c.FinoColonna + 1; col <= r.ac; col++ {
		v := r.in(riga, col)
		if v == nil {
			continue
		}
		if n := len(trovate); n > 0 && v.Colonna-trovate[n-1].FinoColonna > vuoteAccanto+1 || r.lontano(c, v) {
			break // another table's
		}
		if v.presa || v == r.ancora || v.etichetta() && !r.valoreNonEtichetta(c, v) {
			break
		}
		if c.anagrafe() && (len(trovate) > 0 || v.Colonna > c.FinoColonna+1 && r.in(riga, v.FinoColonna+1) != nil) && etichettaLunga(v) {
			break
		}
		trovate = append(trovate, v)
		col = v.FinoColonna
	}
	return trovate
}

// lontano is how many columns from its label no value stands, but for a card that keeps
// all its values so far away.
const lontano = 8

// lontano tells whether a text is too far to the right of another to be its value.
func (r *riquadro) lontano(c, v *casella) bool {
	return v.Colonna-c.FinoColonna > lontano && v.Colonna != r.colonnaValori
}

// daSoli tells whether a text stands alone in its row, or far from the others.
func (r *riquadro) daSoli(c *casella) bool {
	for _, v := range r.inizianoIn(c.Riga) {
		if v != c && !r.lontano(c, v) {
			return false
		}
	}
	return true
}

// valoreNonEtichetta tells whether a text that reads like a label is the value of
// the label at its left: it stands right beside it, in another fill or, without
// fills, as one word with no values below; and it has nothing to its own right
// ("Destinatari | Utenti").
func (r *riquadro) valoreNonEtichetta(c, v *casella) bool {
	if v.Colonna != c.FinoColonna+1 && v.Colonna != r.colonnaValori || c.colore != 0 && v.colore == c.colore {
		return false
	}
	if c.colore == 0 {
		if strings.Contains(v.k, " ") {
			return false
		}
	}
	if !v.haCampo && v.soloSezione == nessuna || v.dentro != "" || strings.HasSuffix(v.testo, ":") {
		return false
	}
	if r.valore(c.FinoRiga+1, c.Colonna) && r.valore(v.FinoRiga+1, v.Colonna) {
		return false // labels in a row, values below
	}
	for col := v.FinoColonna + 1; col <= r.ac; col++ {
		if t := r.in(v.Riga, col); t != nil {
			return t.etichetta() && (col > v.FinoColonna+1 || t.haCampo && r.valore(v.Riga, t.FinoColonna+1)) // further fields
		}
	}
	return true
}

// valore tells whether a text that is no label stands in the cell.
func (r *riquadro) valore(riga, colonna int) bool {
	v := r.in(riga, colonna)
	return v != nil && !v.etichetta() && !v.ancora && v != r.ancora && !pesoDetto.MatchString(v.testo)
}

// pesoDetto is a weight with its name before it: "Strategicità 100".
var pesoDetto = regexp.MustCompile(`(?i)^(?:peso|strategicit\S*|priorit\S*)\s+\d`)

// diCampo tells whether a text that reads like a label is the value of the field at its
// left: "Altri settori | Personale".
func (r *riquadro) diCampo(v *casella) bool {
	if r.nomeDiSettore(v) {
		return true
	}
	c := r.in(v.Riga, v.Colonna-1)
	return c != nil && c.haCampo && c.dentro == "" && !strings.Contains(v.k, " ") && r.valoreNonEtichetta(c, v)
}

// nomeDiSettore tells whether "Personale" is the value below a field's label, the name of a
// settore, and not the heading of the people: no people stand below it.
func (r *riquadro) nomeDiSettore(v *casella) bool {
	c := r.in(v.Riga-1, v.Colonna)
	if v.soloSezione != sPersone || strings.Contains(v.k, " ") || c == nil || !c.haCampo || c.dentro != "" || !r.alternati() {
		return false
	}
	sotto := r.in(v.FinoRiga+1, v.Colonna)
	return sotto == nil || sotto.haCampo
}

// valoreDi returns the value of a label: beside it in all its rows, else below.
func (r *riquadro) valoreDi(c *casella) valoreLetto {
	var v valoreLetto
	rotta := false
	for riga := c.Riga; riga <= c.FinoRiga; riga++ {
		for _, d := range r.aDestra(c, riga) {
			if !d.presa {
				d.presa = true
				rotta = rotta || d.rotta()
				v.accosta(d)
			}
		}
	}
	if v.testo != "" {
		r.prosegue(c, &v)
	}
	if v.testo != "" || rotta {
		v.rotto = rotta
		return v
	}
	v.area = r.f.Area(c.Riga, c.FinoColonna+1)
	if sotto := r.sotto(c); sotto != nil {
		sotto.presa = true
		v.unisci(sotto)
		v.rotto = sotto.rotta()
	}
	return v
}

// sotto returns the value below a label that has none beside it: only where
// labels stand in a row of their own, or each value of the card stands below its label,
// so that a blank value does not take what comes next on the card.
func (r *riquadro) sotto(c *casella) *casella {
	v := r.libera(c.FinoRiga+1, c.Colonna)
	if v == nil || r.attaccata(v) || pesoDetto.MatchString(v.testo) || v.Riga != c.FinoRiga+1 || v.etichetta() && !r.nomeDiSettore(v) && !r.traValori(v) && !senzaColore(c, v) || v == r.ancora || rinvioIn(v.testo) != "" {
		return nil
	}
	etichette, altre, prima := 0, 0, c
	for col := r.dac; col <= r.ac; col++ {
		t := r.in(c.Riga, col)
		if t == nil {
			continue
		}
		if r.lontano(prima, t) {
			break // another table's
		}
		col, prima = t.FinoColonna, t
		if t.haCampo && t.dentro == "" || r.nomeDelNumero(t) {
			etichette++
		} else {
			altre++
		}
	}
	if etichette < 2 && len(r.aDestra(v, v.Riga)) > 0 {
		return nil // a label with a value of its own, in words that nobody knows
	}
	intera := c.FinoColonna > c.Colonna && v.FinoColonna == c.FinoColonna && v.Colonna == c.Colonna
	stessoColore := c.colore != 0 && v.colore == c.colore
	if altre == 0 && (etichette >= 2 || !stessoColore && (intera || r.ac == r.dac) || r.valoriSotto(c, v)) {
		return v
	}
	return nil
}

// senzaColore tells whether a text below a coloured label is none itself, though it reads like
// one: it is not coloured.
func senzaColore(c, v *casella) bool {
	return c.colore != 0 && v.colore != c.colore && v.haCampo && v.dentro == "" && !strings.Contains(v.k, " ")
}

// nomeDelNumero tells whether a text is the label of the card's number, or of its title, that
// stands above it in a row of labels.
func (r *riquadro) nomeDelNumero(t *casella) bool {
	if t != r.ancora {
		return r.ancora != nil && t.Riga == r.ancora.Riga && soloObiettivo(t)
	}
	return t.letta.numero == "" && t.dentro == ""
}

// traValori tells whether a text that reads like a label stands in a row of values below a row
// of labels, "Sindaco" below "Assessore": most texts of the row are none.
func (r *riquadro) traValori(v *casella) bool {
	etichette, altre := 0, 0
	for _, t := range r.inizianoIn(v.Riga) {
		if t.etichetta() {
			etichette++
		} else {
			altre++
		}
	}
	return v.haCampo && v.dentro == "" && altre > etichette
}

// valoriSotto tells whether label and value stand alone in their rows, on a card that writes
// its values so.
func (r *riquadro) valoriSotto(c, v *casella) bool {
	return r.daSoli(c) && r.daSoli(v) && r.alternati()
}

// anagrafe tells whether a text is the label, alone in its cell, of a field of the card's
// heading. Weights, number, settore and year stand as they like.
func (c *casella) anagrafe() bool {
	return c.haCampo && c.dentro == "" && !slices.Contains([]campo{cTitolo, cPeso, cStrategicita, cPriorita, cSettore, cAnno}, c.campo)
}

// alternati tells whether this card writes its values below their labels, each in a row of its
// own: two at least, or one with every other label blank; and none beside. Weights stand
// as they like.
func (r *riquadro) alternati() bool {
	sotto, accanto, vuote := 0, 0, 0
	for _, e := range r.caselle {
		if !e.anagrafe() || e.Riga < r.corpo {
			continue
		}
		if !r.daSoli(e) {
			accanto++
			continue
		}
		if w := r.in(e.FinoRiga+1, e.Colonna); w == nil {
			vuote++
		} else if (!w.etichetta() || w.soloSezione == sPersone) && r.daSoli(w) {
			sotto++
		}
	}
	return sotto >= 2 && sotto > accanto || sotto == 1 && accanto == 0 && vuote > 0
}

// leggiTesti takes the description and the expected results off the card: the
// content stands in the heading's cell, beside it, or below it in one or more rows.
func (r *riquadro) leggiTesti(campi map[campo]valoreLetto) {
	for _, c := range r.caselle {
		if c.presa || c.Riga < r.corpo || c == r.ancora {
			continue
		}
		f := cDescrizione
		if r.testoAttaccato(campi, c) || r.traTestate(c) {
			continue
		}
		switch c.sezione {
		case sDescrizione:
		case sRisultati:
			f = cRisultati
		case sIndicatori, sCrono:
			r.titoloVuoto(c)
			continue
		default:
			continue
		}
		c.presa = true
		r.tieni(campi, f, c.k, r.contenuto(c))
	}
}

// traTestate tells whether a section's heading is a column's in a table that no section knows:
// "Capitolo | Descrizione | Importo".
func (r *riquadro) traTestate(c *casella) bool {
	v, d := r.libera(c.Riga, c.Colonna-1), r.libera(c.Riga, c.FinoColonna+1)
	return v != nil && d != nil && !v.etichetta() && !d.etichetta() && v != r.ancora && len(v.testo) <= 30 && len(d.testo) <= 30 && !numeraRe.MatchString(v.testo)
}

// titoloVuoto takes the heading of a table that is not there, with the sentence
// that sends to another card in its place.
func (r *riquadro) titoloVuoto(c *casella) {
	c.presa = true
	for _, v := range append(r.aDestra(c, c.Riga), r.libera(c.FinoRiga+1, c.Colonna)) {
		if v != nil && rinvioIn(v.testo) != "" {
			v.presa = true
			r.rinvii = append(r.rinvii, v.testo)
		}
	}
}

// contenuto returns the text of a section.
func (r *riquadro) contenuto(c *casella) valoreLetto {
	var v valoreLetto
	if c.soloSezione == nessuna {
		_, dentro := daSolo(c.scritto())
		v = valoreLetto{testo: dentro, tipo: sheet.Testo, area: c.Area}
	} else {
		for riga := c.Riga; riga <= c.FinoRiga; riga++ {
			for _, d := range r.aDestra(c, riga) {
				if !d.presa {
					d.presa = true
					v.unisci(d)
				}
			}
		}
		if v.testo != "" {
			r.prosegue(c, &v)
			return v
		}
	}
	fino := r.ac
	for col := c.FinoColonna + 1; col <= r.ac; col++ {
		if t := r.in(c.Riga, col); t != nil && t != c {
			fino = col - 1
			break
		}
	}
	r.paragrafi(&v, c, fino)
	return v
}

// paragrafi adds the rows below a heading to its text, up to a blank row or
// another part of the card. One blank row right below the heading is spacing.
func (r *riquadro) paragrafi(v *valoreLetto, c *casella, fino int) {
	for riga := c.FinoRiga + 1; riga <= r.a; riga++ {
		var suoi []*casella
		for col := c.Colonna; col <= fino; col++ {
			t := r.in(riga, col)
			if t == nil {
				continue
			}
			if t.presa && t.Riga == riga || t == r.ancora || t.Riga == riga && (t.etichetta() && r.interrompe(c, t) || c.colore != 0 && t.colore == c.colore) {
				return
			}
			col = t.FinoColonna
			if !t.presa {
				suoi = append(suoi, t)
			}
			if t.FinoRiga > riga {
				riga = t.FinoRiga
			}
		}
		if len(suoi) == 0 && (v.testo != "" || riga > c.FinoRiga+1) {
			return
		}
		for _, t := range suoi {
			t.presa = true
			v.unisci(t)
		}
	}
}

// interrompe tells whether a text that reads like a label ends the paragraphs of a section.
// A line of a list does only where the section's heading is one, too.
func (r *riquadro) interrompe(c, t *casella) bool {
	return !t.elencata || c.elencata || t.soloSezione != nessuna
}

// leggiCondiviso takes the list of settori that share the objective: its heading
// and the lines right below it.
func (r *riquadro) leggiCondiviso() {
	for _, c := range r.caselle {
		if c.presa || c == r.ancora || c.soloSezione != sCondiviso {
			continue
		}
		c.presa = true
		for riga := c.FinoRiga + 1; riga <= r.a && !r.vuota(riga); riga++ {
			celle := r.inRiga(riga)
			if len(celle) == 0 || celle[0] == r.ancora || celle[0].etichetta() || c.colore != 0 && celle[0].colore == c.colore && condivisoRiga.FindString(celle[0].testo) == "" {
				break
			}
			for _, t := range celle {
				t.presa = true
			}
		}
	}
}

// condivisoRiga is a line of that list: "- SIA (obiettivo 2/6): …".
var condivisoRiga = regexp.MustCompile(`(?i)^\s*[-–•*]|strategicit|obiettivo\s+\d|settore|servizi`)
