package importer

import (
	"regexp"
	"strings"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// pesoLetto is a weight as written, and as a number where it is one of 0..100.
type pesoLetto struct {
	testo string // "" where nothing is written
	area  sheet.Area
	n     *piano.Decimale
}

// valido tells whether nothing is written or it is a number of 0..100.
func (p pesoLetto) valido() bool { return p.testo == "" || p.n != nil }

var (
	prioritaRe = regexp.MustCompile(`strategic\w*|priorita\w*|\bstrat\b\.?`)
	pesoRe     = regexp.MustCompile(`\bpes[oi]\b(?:\s+(?:relativo|obiettivo|percentuale))*|\bponderazione\b`)
	numeriRe   = regexp.MustCompile(`-?\d+(?:[.,]\d+)*\s*%?`)
)

// leggiPesi reads strategicità and peso wherever the card has them: in one
// sentence, in two rows, under labels of their own.
func leggiPesi(campi map[campo]valoreLetto) (strategicita, peso pesoLetto) {
	strategicita = daValore(campi[cStrategicita])
	peso = daValore(campi[cPeso])
	for _, f := range []campo{cPriorita, cStrategicita, cPeso} {
		v, ok := campi[f]
		if !ok || v.testo == "" {
			continue
		}
		s, p, due := dividi(v)
		if !due && f != cPriorita {
			continue
		}
		if s.testo != "" && (strategicita.testo == "" || f == cStrategicita) {
			strategicita = s
		}
		if p.testo != "" && (peso.testo == "" || f == cPeso) {
			peso = p
		}
		switch { // the number right after the label, before the other name
		case f == cStrategicita && s.testo == "" && due:
			strategicita = primaDelNome(v, pesoRe)
		case f == cPeso && p.testo == "" && due:
			peso = primaDelNome(v, prioritaRe)
		}
	}
	return strategicita, peso
}

// primaDelNome reads the weight that stands before the other's name, "100 – Peso: 80%".
func primaDelNome(v valoreLetto, nome *regexp.Regexp) pesoLetto {
	t := piano.Normalizza(v.testo)
	if m := nome.FindStringIndex(t); m != nil {
		t = t[:m[0]]
	}
	if n := numeriRe.FindString(t); n != "" {
		t = n
	}
	return daValore(valoreLetto{testo: t, tipo: v.tipo, area: v.area})
}

// dividi takes strategicità and peso out of one text, by their names or, without
// names, by their order; due tells whether the names are there.
func dividi(v valoreLetto) (s, p pesoLetto, due bool) {
	v.testo = senzaChiosa(v.testo)
	t := piano.Normalizza(v.testo)
	is, ip := prioritaRe.FindStringIndex(t), pesoRe.FindStringIndex(t)
	parte := func(m, altro []int) pesoLetto {
		fine := len(t)
		if altro != nil && altro[0] > m[0] {
			fine = altro[0]
		}
		return daValore(valoreLetto{testo: t[m[1]:fine], tipo: v.tipo, area: v.area})
	}
	if is != nil {
		s = parte(is, ip)
	}
	if ip != nil {
		p = parte(ip, is)
	}
	if is != nil || ip != nil {
		return s, p, true
	}
	switch numeri := numeriRe.FindAllString(t, -1); {
	case len(numeri) == 2:
		s = daValore(valoreLetto{testo: numeri[0], area: v.area})
		p = daValore(valoreLetto{testo: numeri[1], area: v.area})
	default:
		p = daValore(v)
	}
	return s, p, false
}

// senzaChiosa takes remarks in parentheses off a text: "80% (peso nel settore)".
func senzaChiosa(s string) string {
	if !strings.Contains(s, "(") {
		return s
	}
	if senza := chiosaRe.ReplaceAllString(s, " "); strings.ContainsAny(senza, "0123456789") {
		return senza
	}
	return s
}

var chiosaRe = regexp.MustCompile(`\([^()0-9]*\)`)

// daValore reads one weight.
func daValore(v valoreLetto) pesoLetto {
	if strings.Contains(v.testo, "(") {
		if senza := parentesi.ReplaceAllString(v.testo, " "); strings.ContainsAny(senza, "0123456789") {
			v.testo = senza // "20 (su 100)"
		}
	}
	t := strings.Trim(v.testo, " :=;,–—-_…/|()'’.")
	if strings.HasPrefix(strings.TrimLeft(v.testo, " :="), "-") && len(t) > 0 && '0' <= t[0] && t[0] <= '9' && !strings.HasPrefix(strings.TrimLeft(v.testo, " :="), "- ") {
		t = "-" + t // a negative number, not a separator
	}
	p := pesoLetto{testo: t, area: v.area}
	if senzaNumero(t) {
		p.testo = ""
		return p
	}
	if !cifra(t[0]) {
		t = contornoPeso.ReplaceAllString(t, "")
	}
	t = senzaCento(leggibile(t))
	t = strings.TrimRight(strings.TrimSuffix(t, " e"), " ,;") // "80%" of "Peso 80% e strategicità 100"
	t = strings.TrimPrefix(t, "% ")
	n := numeroDi(strings.TrimSuffix(t, "."), v.tipo)
	if !n.Numerico || n.Valore < 0 || n.Valore > piano.NewDecimale(100) {
		return p
	}
	if v.tipo == sheet.Numero && 0 < n.Valore && n.Valore < piano.NewDecimale(1) {
		n.Valore *= 100 // 0.8 in a cell without the percent format
	}
	p.n = &n.Valore
	return p
}

// senzaCento takes off a number what it is a number of: "80/100", "80 punti".
func senzaCento(t string) string {
	for _, coda := range []string{"/100", "/ 100", "su 100", "punti", "punto", "pt", "per cento", "percento"} {
		t = strings.TrimSpace(strings.TrimSuffix(t, coda))
	}
	return t
}

// numeroDi reads a number of a cell. Where the cell holds a number, its point stands before
// the decimals: 33.333 is no thousands.
func numeroDi(testo string, tipo sheet.Tipo) piano.Numero {
	if tipo == sheet.Numero || tipo == sheet.Percento {
		testo = strings.Replace(testo, ".", ",", 1)
	}
	return piano.LeggiNumero(testo)
}

// contornoPeso are the words that offices put before the number: "pari all'80%".
var contornoPeso = regexp.MustCompile(`(?i)^(?:(?:pari|uguale|e'|è|a|al|all|all['’]|di|del|dell['’]|obiettivo|valore|punteggio|punti|p\.|attribuito|attribuita|assegnato|relativo|in %|in percentuale|percentuale|ponderale)[\s:=]+|all['’])+`)

// senzaNumero tells whether a text is what offices write where there is no number.
func senzaNumero(s string) bool { return strings.Trim(s, " \t\n\f\r%._…\\/–—-") == "" }

// quote reads the shares of a table of people: the number of each, nil where it is
// blank; false where it is refused. Shares that are all at most 1 and add up to
// about 1 are fractions.
func quote(persone []personaLetta) (lette []*piano.Decimale, buone []bool) {
	lette, buone = make([]*piano.Decimale, len(persone)), make([]bool, len(persone))
	frazioni, somma := true, piano.Decimale(0)
	for i, p := range persone {
		buone[i] = true
		if p.quota == nil || senzaNumero(p.quota.testo) {
			continue
		}
		n := numeroDi(senzaCento(leggibile(p.quota.testo)), p.quota.tipo)
		if !n.Numerico || n.Valore < 0 || n.Valore > piano.NewDecimale(100) {
			buone[i] = false
			continue
		}
		lette[i] = &n.Valore
		frazioni = frazioni && !n.Percento && n.Valore <= piano.NewDecimale(1)
		somma += n.Valore
	}
	if d := somma - piano.NewDecimale(1); frazioni && -50_000 <= d && d <= 50_000 {
		for _, q := range lette {
			if q != nil {
				*q *= 100
			}
		}
	}
	return lette, buone
}

// circa100 tells whether a sum is 100 but for the rounding of its parts.
func circa100(somma piano.Decimale) bool {
	d := somma - piano.NewDecimale(100)
	return -50_000 <= d && d <= 50_000
}
