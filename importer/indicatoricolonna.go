package importer

import (
	"strings"

	"github.com/scadenzario/scadenzario/importer/sheet"
)

// indicatoriInColonna takes the indicators that are written down the card, each of their
// values in a row of its own: "Indicatore | Posteggi verificati", "Target | 690".
func (r *riquadro) indicatoriInColonna() []indicatoreLetto {
	var letti []indicatoreLetto
	for riga := r.corpo; riga <= r.a; riga++ {
		righe := r.righeInColonna(riga)
		if len(righe) < 2 {
			continue
		}
		nomi := r.inRiga(riga)[1:]
		for _, n := range nomi {
			i := indicatoreLetto{area: n.Area}
			i.Descrizione, i.Cella = n.testo, n.Area.Indirizzo()
			for _, e := range righe[1:] {
				r.valoreInColonna(&i, e, n, len(nomi) == 1)
			}
			letti = append(letti, i)
		}
		for _, e := range righe {
			r.prendi(e.Riga, e.Riga, e.Colonna, r.ac)
		}
		riga = righe[len(righe)-1].Riga
	}
	return letti
}

// righeInColonna returns the labels of such indicators from the row on: the one of the
// descriptions, with texts beside it, then those of their values in the rows below.
func (r *riquadro) righeInColonna(riga int) []*casella {
	prima := r.inRiga(riga)
	if len(prima) < 2 || !strings.Contains(" "+prima[0].k, " i") || prima[0].colonna(r.anno) != iDescrizione {
		return nil
	}
	for _, c := range prima[1:] {
		if c.tipo != sheet.Testo || c.colonna(r.anno) != iIgnota || c.etichetta() {
			return nil
		}
	}
	etichette := []*casella{prima[0]}
	for riga = prima[0].FinoRiga + 1; riga <= r.a; riga++ {
		celle := r.inRiga(riga)
		if len(celle) == 0 || celle[0].Colonna != prima[0].Colonna || len(celle) > len(prima) {
			break
		}
		ruolo := celle[0].colonna(r.anno)
		if ruolo == iIgnota || ruolo == iDescrizione || ruolo == iAltro && len(celle) < 2 || celle[0].soloSezione != nessuna {
			break
		}
		etichette = append(etichette, celle[0])
	}
	return etichette
}

// valoreInColonna reads one value of an indicator: in its own column or, where there is one
// indicator alone, anywhere beside the label.
func (r *riquadro) valoreInColonna(i *indicatoreLetto, etichetta, nome *casella, solo bool) {
	var testi []string
	for _, v := range r.inRiga(etichetta.Riga)[1:] {
		if !solo && v.Colonna != nome.Colonna {
			continue
		}
		testi = append(testi, v.testo)
		i.rotto = i.rotto || v.rotta()
		if etichetta.colonna(r.anno) == iTargetMeta {
			i.meta = v.Area
		}
	}
	valore := strings.Join(testi, " ")
	if ruolo := etichetta.colonna(r.anno); ruolo == iUnita {
		i.Unita = valore
	} else if campo := i.campo(ruolo); campo != nil && *campo == "" {
		*campo = valore
	}
}
