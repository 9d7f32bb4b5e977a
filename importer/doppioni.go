package importer

import (
	"regexp"
	"strings"

	"github.com/scadenzario/scadenzario/piano"
)

// firmaRe is how the place for a signature says whose it is, below the tables.
var firmaRe = regexp.MustCompile(`^(?i:il |la |l['’]\s*)`)

// ultimaTabella returns the last row where a section's heading stands.
func (r *riquadro) ultimaTabella() int {
	for i := len(r.caselle) - 1; i >= 0; i-- {
		if c := r.caselle[i]; c.soloSezione != nessuna {
			return c.Riga
		}
	}
	return r.a
}

// tieni keeps a value of a field, under the label that is most its own. Where two labels of
// the card mean one field, what the other says is told: it is not read.
func (r *riquadro) tieni(campi map[campo]valoreLetto, f campo, k string, v valoreLetto) {
	v.proprio = f == cResponsabile || contiene(k, nomiPropri[f]...)
	if f == cStrategicita && (!v.proprio || strings.Count(v.testo, " ") > 1) && v.testo != "" && !strings.ContainsAny(v.testo, "0123456789") {
		r.segnala("sezione-non-riconosciuta", v.area, v.testo) // "Priorità: alta", a sentence
		return
	}
	if f == cResponsabile && contiene(k, "procediment", "rup", "unico", "referent", "attuazion") {
		v.proprio = false
	}
	prima, c2 := campi[f]
	switch {
	case !c2 || prima.testo == "":
		campi[f] = v
		return
	case v.testo == "":
		return
	case v.proprio && !prima.proprio:
		campi[f], v, prima = v, prima, v
	}
	if f != cSettore && f != cAnno && f != cSenzaChiave && piano.Normalizza(v.testo) != piano.Normalizza(prima.testo) {
		r.segnala("sezione-non-riconosciuta", v.area, v.testo)
	}
}

// nomiPropri are the words of a field's own labels, where others mean it, too.
var nomiPropri = map[campo][]string{
	cSettore:      {"settor"},
	cStrategicita: {"strategic"},
	cStrategia:    {"strategia", "strategie"},
	cDurata:       {"durat"},
	cDescrizione:  {"descrizion"},
	cRisultati:    {"risultat"},
}

// parteDiCampo is one of several fields in a cell, with the key of its label.
type parteDiCampo struct {
	campo campo
	k     string
	valoreLetto
}

// spartisci divides a value in which further fields follow: "Giulia Montanari – Assessore:
// Martina Galletti". Strategicità and peso stay together, leggiPesi divides them.
func spartisci(f campo, k string, v valoreLetto) []parteDiCampo {
	parti := []parteDiCampo{{f, k, v}}
	if !strings.Contains(v.testo, ":") {
		return parti
	}
	resto, fine := v.testo, 0
	for fine < len(resto) {
		m := altroCampoRe.FindStringSubmatchIndex(resto[fine:])
		if m == nil {
			break
		}
		prima, etichetta := resto[:fine+m[0]], resto[fine+m[2]:fine+m[3]]
		fine += m[1]
		suo := chiave(etichetta)
		g, ok := etichetteCampi.esatte[suo]
		ultima := &parti[len(parti)-1]
		if !ok || diPeso(g) && diPeso(ultima.campo) {
			continue
		}
		ultima.testo = strings.TrimSpace(prima)
		resto = strings.TrimSpace(resto[fine:])
		fine = 0
		parti = append(parti, parteDiCampo{g, suo, valoreLetto{testo: resto, tipo: v.tipo, area: v.area}})
	}
	return parti
}

// altroCampoRe is what divides a value from the label of another field.
var altroCampoRe = regexp.MustCompile(`\s*(?:\s[–—-]\s|[;|,•·])\s*(\pL[^:;|•·–—]{2,50}?)\s*:`)

func diPeso(f campo) bool { return f == cPeso || f == cStrategicita || f == cPriorita }
