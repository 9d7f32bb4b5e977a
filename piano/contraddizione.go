package piano

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Collocata is an objective with the hand-in that it comes from.
type Collocata struct {
	Obiettivo
	File      string
	Giorno    Giorno // of the hand-in
	Approvato Giorno // of its plan; no day while it is a draft
}

// Luogo is where a value stands.
type Luogo struct {
	File   string `json:"file"`
	Foglio string `json:"foglio"`
	Cella  string `json:"cella"` // "" for the whole sheet, or the registry
}

// Contraddizione is something that the plan says in two ways, each of which may be
// right by itself: a person has to decide.
type Contraddizione struct {
	Regola    string  `json:"regola"`
	Settore   string  `json:"settore"`
	Obiettivo string  `json:"obiettivo"` // number; "" where it is about the settore
	Frase     string  `json:"frase"`     // in Italian
	Luoghi    []Luogo `json:"luoghi"`    // both places
}

func (c Collocata) luogo(cella string) Luogo { return Luogo{c.File, c.Foglio, cella} }

// Contraddizioni looks through the objectives of one year's plan, and holds the person
// named on each card against who is in charge on that day. The order is that of the
// objectives, settore by settore.
func Contraddizioni(schede []Collocata, a Anagrafica, g Giorno) []Contraddizione {
	var tutte []Contraddizione
	for i, c := range schede {
		tutte = append(tutte, c.neiNumeri()...)
		tutte = append(tutte, c.giaCompilati()...)
		tutte = append(tutte, c.altroResponsabile(a, g)...)
		for _, prima := range schede[:i] {
			if c.copiaDi(prima) {
				tutte = append(tutte, copieDiverse(prima, c)...)
			}
		}
	}
	return append(tutte, pesiNon100(schede)...)
}

// copiaDi tells whether two cards are the same shared objective: one refers to the
// other, or they have one title.
func (c Collocata) copiaDi(altra Collocata) bool {
	if c.Numero == altra.Numero && c.Settore == altra.Settore {
		return false
	}
	return c.Rinvio != "" && c.Rinvio == altra.Numero || altra.Rinvio != "" && altra.Rinvio == c.Numero ||
		c.Settore != altra.Settore && c.Titolo != "" && Normalizza(c.Titolo) == Normalizza(altra.Titolo)
}

// copieDiverse compares the months and the targets that both copies give.
func copieDiverse(prima, dopo Collocata) []Contraddizione {
	var tutte []Contraddizione
	di := map[string]string{}
	for k, voce := range vociIndicatori(prima.Obiettivo) {
		di["i"+voce] = prima.Indicatori[k].Cella
	}
	for k, voce := range vociAttivita(prima.Obiettivo) {
		di["a"+voce] = prima.Attivita[k].Cella
	}
	for _, d := range Differenze(prima.Obiettivo, dopo.Obiettivo) {
		tipo := "i"
		switch d.Campo {
		case "previsto":
			tipo = "a"
		case "target_anno", "target_meta_anno":
		default:
			continue
		}
		tutte = append(tutte, Contraddizione{"copie-diverse", dopo.Settore, dopo.Numero,
			fmt.Sprintf("L'obiettivo condiviso %s (%s) e la sua copia %s (%s) dicono cose diverse: %s, %s contro %s.", prima.Numero, prima.Settore, dopo.Numero, dopo.Settore, d.Che, breve(d.Prima), breve(d.Dopo)),
			[]Luogo{prima.luogo(di[tipo+d.Voce]), dopo.luogo(d.Cella)}})
	}
	return tutte
}

var (
	unitaPercento = regexp.MustCompile(`%|percent`)
	unitaNumero   = regexp.MustCompile(`^(numero|numerico|n|n\.|nr|nr\.|n°|num|unita|ore|giorni|gg)$`)
)

// neiNumeri finds the values of an indicator that cannot be meant so.
func (c Collocata) neiNumeri() []Contraddizione {
	var tutte []Contraddizione
	for _, i := range c.Indicatori {
		segnala := func(regola, formato string, args ...any) {
			tutte = append(tutte, Contraddizione{regola, c.Settore, c.Numero,
				fmt.Sprintf("Nell'obiettivo %s, per l'indicatore %s, ", c.Numero, virgolette(i.Descrizione)) + fmt.Sprintf(formato, args...), []Luogo{c.luogo(i.Cella)}})
		}
		unita, cento := Normalizza(i.Unita), NewDecimale(100)
		for _, r := range []struct{ nome, valore string }{{"il risultato a metà anno", i.RisultatoMetaAnno}, {"il risultato finale", i.RisultatoFinale}} {
			if n := LeggiNumero(r.valore); n.Numerico && (n.Percento || unitaPercento.MatchString(unita)) && n.Valore > cento {
				segnala("oltre-100", "%s è %s: più di quanto l'unità di misura (%s) permette.", r.nome, r.valore, breve(i.Unita))
			}
		}
		anno, meta := LeggiNumero(i.TargetAnno), LeggiNumero(i.TargetMetaAnno)
		if anno.Numerico && meta.Numerico && anno.Percento == meta.Percento && meta.Valore > anno.Valore {
			segnala("meta-oltre-anno", "il target a metà anno (%s) supera quello dell'anno (%s).", i.TargetMetaAnno, i.TargetAnno)
		}
		for _, v := range []string{i.TargetAnno, i.TargetMetaAnno, i.RisultatoMetaAnno, i.RisultatoFinale} {
			if unitaNumero.MatchString(unita) && strings.HasSuffix(strings.TrimSpace(v), "%") {
				segnala("percento-in-numeri", "c'è una percentuale (%s), mentre l'unità di misura è «%s».", v, i.Unita)
				break
			}
		}
	}
	return tutte
}

// giaCompilati finds the results that stood in the sheet when the plan was approved.
func (c Collocata) giaCompilati() []Contraddizione {
	if c.Approvato.IsZero() || c.Giorno.Dopo(c.Approvato) {
		return nil
	}
	var tutte []Contraddizione
	for _, i := range c.Indicatori {
		for _, v := range []string{i.RisultatoMetaAnno, i.RisultatoFinale} {
			if LeggiNumero(v).Numerico {
				tutte = append(tutte, Contraddizione{"risultato-prima-del-piano", c.Settore, c.Numero,
					fmt.Sprintf("Nell'obiettivo %s l'indicatore %s aveva già un risultato (%s) quando il piano è stato approvato, il %s.", c.Numero, virgolette(i.Descrizione), v, c.Approvato.Esteso()),
					[]Luogo{c.luogo(i.Cella)}})
				break
			}
		}
	}
	return tutte
}

// altroResponsabile finds the cards that name nobody of those in charge.
func (c Collocata) altroResponsabile(a Anagrafica, g Giorno) []Contraddizione {
	r := a.Referente(c.Settore, g)
	if c.Responsabile == "" || r.Nome == "" || stessaPersona(c.Responsabile, r.Nome) {
		return nil
	}
	if strings.Contains(Normalizza(c.Responsabile), Normalizza(c.Settore)) {
		return nil // "Resp. SIA" names the office, whoever holds it
	}
	return []Contraddizione{{"altro-responsabile", c.Settore, c.Numero,
		fmt.Sprintf("La scheda dell'obiettivo %s indica come responsabile %s, mentre il %s è in carica %s.", c.Numero, virgolette(c.Responsabile), g.Esteso(), r.Nome),
		[]Luogo{c.luogo(c.Celle["responsabile"]), {File: "anagrafica", Foglio: "Incarichi"}}}}
}

// stessaPersona tells whether the text of a card names that person: every word of the
// name is in it, whatever titles stand beside.
func stessaPersona(scritto, nome string) bool {
	divide := func(r rune) bool {
		return r == ' ' || r == '.' || r == ',' || r == '/' || r == '-' || r == '(' || r == ')'
	}
	parole := strings.FieldsFunc(Normalizza(scritto), divide)
	for _, p := range strings.FieldsFunc(Normalizza(nome), divide) {
		if len(p) > 2 && !slices.Contains([]string{"dott", "dssa", "ssa", "ing", "arch", "avv", "geom", "rag"}, p) && !slices.Contains(parole, p) {
			return false
		}
	}
	return true
}

// pesiNon100 finds the settori whose weights do not add up to 100.
func pesiNon100(schede []Collocata) []Contraddizione {
	var ordine []string
	somma, luoghi := map[string]Decimale{}, map[string][]Luogo{}
	for _, c := range schede {
		if c.Peso == nil {
			continue
		}
		if luoghi[c.Settore] == nil {
			ordine = append(ordine, c.Settore)
		}
		somma[c.Settore] += *c.Peso
		luoghi[c.Settore] = append(luoghi[c.Settore], c.luogo(c.Celle["peso"]))
	}
	var tutte []Contraddizione
	for _, s := range ordine {
		if d := somma[s] - NewDecimale(100); d < -50_000 || d > 50_000 {
			tutte = append(tutte, Contraddizione{"pesi-non-100", s, "", fmt.Sprintf("I pesi degli obiettivi del settore %s sommano a %s e non a 100.", s, somma[s].Italiano()), luoghi[s]})
		}
	}
	return tutte
}
