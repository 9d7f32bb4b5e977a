package importer

import (
	"regexp"

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
func (r *riquadro) tieni(campi map[campo]valoreLetto, f campo, c *casella, v valoreLetto) {
	v.proprio = f == cResponsabile || contiene(c.k, nomiPropri[f]...)
	if f == cResponsabile && contiene(c.k, "procediment", "rup", "unico", "referent", "attuazion") {
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
	cSettore:     {"settor"},
	cStrategia:   {"strategia", "strategie"},
	cDurata:      {"durat"},
	cDescrizione: {"descrizion"},
	cRisultati:   {"risultat"},
}
