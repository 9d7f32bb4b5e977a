package importer

import (
	"regexp"
	"strings"

	"github.com/scadenzario/scadenzario/importer/sheet"
)

// numeroETitolo reads the card's number and title off its anchor, the cells beside
// it and those below.
func (r *riquadro) numeroETitolo(campi map[campo]valoreLetto) {
	a := r.ancora
	if a == nil {
		return
	}
	a.presa = true
	if r.presunta {
		campi[cTitolo] = valoreLetto{testo: a.testo, tipo: a.tipo, area: a.Area}
		return
	}
	letta, ok := a.letta, a.conAncora
	switch {
	case !ok && soloNumeroRe.MatchString(a.testo):
		letta.numero, letta.titolo = daPezzo(a.testo)
		letta.titolo = numeroEParola.ReplaceAllString(letta.titolo, "")
	case !ok || letta.numero == "" && !letta.conN:
		_, letta.titolo = daSolo(a.scritto()) // "N. obiettivo: 1/3", "OBIETTIVO: Titolo"
	}
	if letta.numero != "" {
		campi[cNumero] = valoreLetto{testo: letta.numero, tipo: sheet.Testo, area: a.Area}
	}
	titolo := valoreLetto{testo: pulisciTitolo(letta.titolo), area: a.Area}
	for riga := a.Riga; riga <= a.FinoRiga; riga++ {
		r.pezzi(campi, &titolo, r.aDestra(a, riga))
	}
	if campi[cNumero].testo == "" && titolo.testo != "" {
		r.numeroInTesta(campi, &titolo)
	}
	if campi[cNumero].testo == "" {
		r.numeroSotto(campi, &titolo)
	}
	if titolo.testo == "" {
		r.titoloSotto(&titolo)
	}
	if titolo.testo != "" {
		campi[cTitolo] = titolo
	}
}

// pezzi takes the cells beside the anchor: the number, in one cell or in several, and
// the title, in either order.
func (r *riquadro) pezzi(campi map[campo]valoreLetto, titolo *valoreLetto, celle []*casella) {
	for i := 0; i < len(celle); i++ {
		d := celle[i]
		d.presa = true
		if campi[cNumero].testo != "" {
			if t := pulisciTitolo(d.testo); t != "" {
				titolo.unisci(&casella{Area: d.Area, testo: t, tipo: d.tipo})
			}
			continue
		}
		if parolaNumero(d.k) {
			continue
		}
		if n := numeroSparso(celle[i:]); n > 0 {
			testo := ""
			for _, c := range celle[i : i+n] {
				c.presa = true
				testo += c.testo
			}
			campi[cNumero] = valoreLetto{testo: numeroScritto(testo), tipo: sheet.Testo, area: d.Area}
			i += n - 1
			continue
		}
		r.pezzo(campi, titolo, d, i > 0 && parolaNumero(celle[i-1].k))
	}
}

var (
	sparsoRe = regexp.MustCompile(`^\d{1,4}/\d{1,4}$`)
	cifreRe  = regexp.MustCompile(`^\s*\d{0,4}\s*/?\s*\d{0,4}\s*$`)
)

// numeroSparso tells how many cells, two or three, hold together a number like 1/3; 0 for
// none.
func numeroSparso(celle []*casella) int {
	testo := ""
	for i, c := range celle {
		if i > 2 || c.tipo == sheet.Data || !cifreRe.MatchString(c.testo) || c.testo == "" {
			return 0
		}
		testo += strings.ReplaceAll(c.testo, " ", "")
		if i > 0 && sparsoRe.MatchString(testo) {
			return i + 1
		}
	}
	return 0
}

// pezzo adds a cell beside the anchor: the number first, where it is still missing, then
// the title. After a title only a number that says so itself is the card's.
func (r *riquadro) pezzo(campi map[campo]valoreLetto, titolo *valoreLetto, d *casella, dopoN bool) {
	if d.tipo == sheet.Data && len(d.testo) == 10 && titolo.testo == "" { // 1/3 typed into a cell becomes the first of March
		campi[cNumero] = valoreLetto{testo: strings.TrimLeft(d.testo[8:], "0") + "/" + strings.TrimLeft(d.testo[5:7], "0"), tipo: sheet.Data, area: d.Area}
		return
	}
	numero, resto := daPezzo(d.testo)
	if numero == "" || titolo.testo != "" && !dopoN && (resto != "" || !strings.Contains(numero, "/")) {
		titolo.unisci(&casella{Area: d.Area, testo: pulisciTitolo(d.testo), tipo: d.tipo})
		return
	}
	campi[cNumero] = valoreLetto{testo: numero, tipo: sheet.Testo, area: d.Area}
	if resto != "" && titolo.testo == "" {
		*titolo = valoreLetto{testo: resto, tipo: sheet.Testo, area: d.Area}
	}
}

// pezzoRe is a cell that holds the number, with the title or without.
var pezzoRe = regexp.MustCompile(`^\s*(?i:(?:n|nr|num|numero|ob|obiettivo)\b\s*[.°º:]*\s*)*(\d{1,4}\s*[/\\⁄／∕]\s*\d{1,4}|\d{1,3}(?:\.\d{1,3})+|\d{1,2}[-‐–]\d{1,2}|\d{1,4})\.?(?:$|[\s:.–—-]+(.*)$)`)

// daPezzo divides a cell into number and title; no number where it begins otherwise.
func daPezzo(testo string) (numero, titolo string) {
	m := pezzoRe.FindStringSubmatch(leggibile(testo))
	if m == nil {
		return "", testo
	}
	return numeroScritto(m[1]), pulisciTitolo(coda(testo, m[2]))
}

// numeroInTesta takes a number with a slash that begins the title.
func (r *riquadro) numeroInTesta(campi map[campo]valoreLetto, titolo *valoreLetto) {
	if n, resto := daPezzo(titolo.testo); strings.Contains(n, "/") {
		campi[cNumero] = valoreLetto{testo: n, tipo: sheet.Testo, area: titolo.area}
		titolo.testo = resto
	}
}

// numeroSotto takes the number, and the title beside it, from the row below the anchor:
// labels above, values below.
func (r *riquadro) numeroSotto(campi map[campo]valoreLetto, titolo *valoreLetto) {
	a := r.ancora
	v := r.libera(a.FinoRiga+1, a.Colonna)
	if v == nil || v.Riga != a.FinoRiga+1 || v.etichetta() {
		return
	}
	if d := r.libera(v.Riga, v.FinoColonna+1); parolaNumero(v.k) && d != nil && numeroCella.MatchString(leggibile(d.testo)) {
		v.presa, d.presa = true, true
		n, _ := daPezzo(d.testo)
		campi[cNumero] = valoreLetto{testo: n, tipo: sheet.Testo, area: d.Area}
		return
	}
	numero, resto := daPezzo(v.testo)
	if v.tipo == sheet.Data && len(v.testo) == 10 {
		numero = strings.TrimLeft(v.testo[8:], "0") + "/" + strings.TrimLeft(v.testo[5:7], "0")
	}
	accanto := r.dopo(a)
	if numero == "" || !strings.Contains(numero, "/") && accanto == nil {
		return
	}
	v.presa, r.inTabella = true, true
	campi[cNumero] = valoreLetto{testo: numero, tipo: sheet.Testo, area: v.Area}
	switch {
	case titolo.testo == "" && resto != "":
		*titolo = valoreLetto{testo: resto, tipo: sheet.Testo, area: v.Area}
	case accanto != nil && (titolo.testo == "" || soloObiettivo(accanto) || accanto.campo == cTitolo):
		if t := r.libera(v.Riga, accanto.Colonna); t != nil && !t.etichetta() {
			accanto.presa, t.presa = true, true
			*titolo = valoreLetto{testo: pulisciTitolo(t.testo), tipo: t.tipo, area: t.Area}
		}
	case titolo.testo == "":
		if t := r.solaSotto(v); t != nil {
			titolo.unisci(t)
		}
	}
}

// solaSotto takes the text that stands alone in the row below, no label.
func (r *riquadro) solaSotto(c *casella) *casella {
	t := r.libera(c.FinoRiga+1, c.Colonna)
	if t == nil || t.Riga != c.FinoRiga+1 || t.etichetta() || t == r.ancora || len(r.inizianoIn(t.Riga)) > 1 {
		return nil
	}
	t.presa = true
	return t
}

// dopo returns the next text in the row, nil where none is near.
func (r *riquadro) dopo(c *casella) *casella {
	for col := c.FinoColonna + 1; col <= min(r.ac, c.FinoColonna+lontano); col++ {
		if v := r.in(c.Riga, col); v != nil {
			return v
		}
	}
	return nil
}

// titoloSotto takes the title from the row below the anchor: alone in it, or beside the
// word for objective.
func (r *riquadro) titoloSotto(titolo *valoreLetto) {
	v := r.libera(r.ancora.FinoRiga+1, r.ancora.Colonna)
	if v == nil || v.Riga != r.ancora.FinoRiga+1 || v.etichetta() || numeraRe.MatchString(v.testo) || r.titoloAltrove() || r.attaccata(v) {
		return
	}
	accanto := r.aDestra(v, v.Riga)
	switch {
	case soloObiettivo(v):
		v.presa = true
		if _, dentro := daSolo(v.scritto()); dentro != "" {
			*titolo = valoreLetto{testo: dentro, tipo: v.tipo, area: v.Area}
		}
		for _, d := range accanto {
			d.presa = true
			titolo.unisci(d)
		}
	case len(accanto) == 0:
		v.presa = true
		titolo.unisci(v)
	}
}

// titoloAltrove tells whether the title has a label of its own beside the number or below.
func (r *riquadro) titoloAltrove() bool {
	for riga := r.ancora.Riga; riga <= r.ancora.FinoRiga+2; riga++ {
		for _, c := range r.inRiga(riga) {
			if c.haCampo && c.campo == cTitolo {
				return true
			}
		}
	}
	return false
}

// annoDavanti is the year between number and title: "N. 1/3 (2021) – Titolo".
var annoDavanti = regexp.MustCompile(`(?i)^(?:\((?:ann[oi]\s+)?(?:19|20)\d\d(?:\s*[-/–]\s*(?:20)?\d\d)?\)|ann[oi]\s+(?:19|20)\d\d(?:\s*[-/–]\s*(?:20)?\d\d)?)\s*[:–—-]*\s*`)

// pulisciTitolo is pulisci, without the year that stands before a title.
func pulisciTitolo(s string) string {
	s = pulisci(s)
	if m := annoDavanti.FindString(s); m != "" && len(m) < len(s) {
		return pulisci(s[len(m):])
	}
	return s
}

// pulisci takes what separates number and title off the title's beginning, and
// the dots or lines of a form that was left blank.
func pulisci(s string) string {
	s = strings.TrimLeft(s, " :;–—-−_.…/\\|)]°º")
	if strings.Trim(s, " _.…-–/\\<>[]()") == "" {
		return ""
	}
	return strings.TrimSpace(s)
}
