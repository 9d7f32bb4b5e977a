package importer

import (
	"regexp"
	"strings"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// valoreLetto is a value of the card's heading with the cell that it stands in.
type valoreLetto struct {
	testo string
	tipo  sheet.Tipo
	area  sheet.Area
}

// unisci adds a further cell to the value.
func (v *valoreLetto) unisci(c *casella) {
	if v.testo == "" {
		*v = valoreLetto{c.testo, c.tipo, c.Area}
		return
	}
	v.testo, v.tipo = v.testo+" "+c.testo, sheet.Testo
}

// leggiCampi takes the fields of the heading off the card: each label with the
// value beside it, inside its cell, or below it.
func (r *riquadro) leggiCampi(campi map[campo]valoreLetto) {
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
			v = r.valoreDi(c)
		}
		c.presa = true
		if prima, c := campi[f]; !c || prima.testo == "" {
			campi[f] = v
		}
	}
	r.fraseDeiPesi(campi)
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
			campi[cPriorita] = valoreLetto{c.testo, c.tipo, c.Area}
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
		if v.presa || v == r.ancora || v.etichetta() && !r.valoreNonEtichetta(c, v) {
			break
		}
		trovate = append(trovate, v)
		col = v.FinoColonna
	}
	return trovate
}

// valoreNonEtichetta tells whether a text that reads like a label is the value of
// the label at its left: it stands right beside it, in another fill or, without
// fills, as one word with no values below; and it has nothing to its own right
// ("Destinatari | Utenti").
func (r *riquadro) valoreNonEtichetta(c, v *casella) bool {
	if v.Colonna != c.FinoColonna+1 || c.colore != "" && v.colore == c.colore {
		return false
	}
	if c.colore == "" {
		sotto := r.in(c.FinoRiga+1, c.Colonna)
		if strings.Contains(v.k, " ") || sotto != nil && !sotto.etichetta() {
			return false
		}
	}
	if !v.haCampo || v.dentro != "" {
		return false
	}
	for col := v.FinoColonna + 1; col <= r.ac; col++ {
		if r.in(v.Riga, col) != nil {
			return false
		}
	}
	return true
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
				v.unisci(d)
			}
		}
	}
	if v.testo != "" || rotta {
		return v
	}
	v.area = r.f.Area(c.Riga, c.FinoColonna+1)
	if sotto := r.sotto(c); sotto != nil {
		sotto.presa = true
		v.unisci(sotto)
	}
	return v
}

// sotto returns the value below a label that has none beside it: only where
// labels stand in a row of their own, so that a blank value does not take what
// comes next on the card.
func (r *riquadro) sotto(c *casella) *casella {
	v := r.libera(c.FinoRiga+1, c.Colonna)
	if v == nil || v.Riga != c.FinoRiga+1 || v.etichetta() || v == r.ancora || rinvioIn(v.testo) != "" {
		return nil
	}
	if c.colore != "" && v.colore == c.colore {
		return nil
	}
	etichette, altre := 0, 0
	for col := r.dac; col <= r.ac; col++ {
		t := r.in(c.Riga, col)
		if t == nil {
			continue
		}
		col = t.FinoColonna
		if t.haCampo {
			etichette++
		} else {
			altre++
		}
	}
	intera := c.FinoColonna > c.Colonna && v.FinoColonna == c.FinoColonna && v.Colonna == c.Colonna
	if altre == 0 && (etichette >= 2 || intera || r.ac == r.dac) {
		return v
	}
	return nil
}

// leggiTesti takes the description and the expected results off the card: the
// content stands in the heading's cell, beside it, or below it in one or more rows.
func (r *riquadro) leggiTesti(campi map[campo]valoreLetto) {
	for _, c := range r.caselle {
		if c.presa || c.Riga < r.corpo || c == r.ancora {
			continue
		}
		f := cDescrizione
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
		v := r.contenuto(c)
		if campi[f].testo == "" {
			campi[f] = v
		}
	}
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
		_, dentro := daSolo(c.testo)
		v = valoreLetto{dentro, sheet.Testo, c.Area}
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
			if t.presa && t.Riga == riga || t == r.ancora || t.Riga == riga && (t.etichetta() || c.colore != "" && t.colore == c.colore) {
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
			if len(celle) == 0 || celle[0] == r.ancora || celle[0].etichetta() || c.colore != "" && celle[0].colore == c.colore && condivisoRiga.FindString(celle[0].testo) == "" {
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

// numeroETitolo reads the card's number and title off its anchor, the cells beside
// it and, for the title, the one below.
func (r *riquadro) numeroETitolo(campi map[campo]valoreLetto) {
	a := r.ancora
	if a == nil {
		return
	}
	a.presa = true
	if r.presunta {
		campi[cTitolo] = valoreLetto{a.testo, a.tipo, a.Area}
		return
	}
	testo := ""
	if m := ancoraRe.FindStringSubmatch(a.testo); m != nil {
		testo = m[4]
		if m[2] != "" {
			campi[cNumero] = valoreLetto{componi(m[2], m[3]), sheet.Testo, a.Area}
		}
	} else {
		_, testo = daSolo(a.testo)
	}
	titolo := valoreLetto{testo: pulisci(testo), area: a.Area}
	for riga := a.Riga; riga <= a.FinoRiga; riga++ {
		for _, d := range r.aDestra(a, riga) {
			d.presa = true
			r.pezzo(campi, &titolo, d)
		}
	}
	if campi[cNumero].testo == "" && titolo.testo != "" {
		r.numeroInTesta(campi, &titolo)
	}
	if titolo.testo == "" {
		r.titoloSotto(&titolo)
	}
	if titolo.testo != "" {
		campi[cTitolo] = titolo
	}
}

// pezzo adds a cell beside the anchor: the number first, where it is still
// missing, then the title.
func (r *riquadro) pezzo(campi map[campo]valoreLetto, titolo *valoreLetto, d *casella) {
	if campi[cNumero].testo != "" || titolo.testo != "" {
		if t := pulisci(d.testo); t != "" {
			titolo.unisci(&casella{Area: d.Area, testo: t, tipo: d.tipo})
		}
		return
	}
	if d.tipo == sheet.Data && len(d.testo) == 10 { // 1/3 typed into a cell becomes the first of March
		campi[cNumero] = valoreLetto{componi(strings.TrimLeft(d.testo[8:], "0"), strings.TrimLeft(d.testo[5:7], "0")), sheet.Data, d.Area}
		return
	}
	m := pezzoRe.FindStringSubmatch(d.testo)
	if m == nil {
		titolo.unisci(&casella{Area: d.Area, testo: pulisci(d.testo), tipo: d.tipo})
		return
	}
	campi[cNumero] = valoreLetto{componi(m[1], m[2]), sheet.Testo, d.Area}
	if t := pulisci(m[3]); t != "" {
		*titolo = valoreLetto{t, sheet.Testo, d.Area}
	}
}

// pezzoRe is a cell that holds the number, with the title or without.
var pezzoRe = regexp.MustCompile(`^\s*(?i:n\s*[.°º]*\s*)?(\d{1,4})(?:\s*[/\\]\s*(\d{1,4}))?(?:$|[\s:.–—-]+(.*)$)`)

func componi(n, m string) string {
	if m == "" {
		return n
	}
	return n + "/" + m
}

// numeroInTesta takes a number with a slash that begins the title.
func (r *riquadro) numeroInTesta(campi map[campo]valoreLetto, titolo *valoreLetto) {
	if m := pezzoRe.FindStringSubmatch(titolo.testo); m != nil && m[2] != "" {
		campi[cNumero] = valoreLetto{componi(m[1], m[2]), sheet.Testo, titolo.area}
		titolo.testo = pulisci(m[3])
	}
}

// titoloSotto takes the title from the row below the anchor.
func (r *riquadro) titoloSotto(titolo *valoreLetto) {
	v := r.libera(r.ancora.FinoRiga+1, r.ancora.Colonna)
	if v != nil && v.Riga == r.ancora.FinoRiga+1 && !v.etichetta() && len(r.aDestra(v, v.Riga)) == 0 {
		v.presa = true
		titolo.unisci(v)
	}
}

// pulisci takes what separates number and title off the title's beginning, and
// the dots or lines of a form that was left blank.
func pulisci(s string) string {
	s = strings.TrimLeft(s, " :;–—-−_.…/\\|)")
	if strings.Trim(s, " _.…-–/\\<>[]()") == "" {
		return ""
	}
	return strings.TrimSpace(s)
}
