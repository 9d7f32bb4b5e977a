package piano

import (
	"cmp"
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
	// Approvata is the card as it stood when its plan was approved; nil for a draft, and
	// for a card that came later.
	Approvata *Versione
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

// Contraddizioni looks through the objectives of one year's plan, holds them against the
// Sintesi of that year, and the person named on each card against who is in charge on
// that day. The order is that of the objectives, settore by settore; what is about the
// Sintesi, and about weights, comes after them.
func Contraddizioni(schede []Collocata, sintesi []RigaSintesi, a Anagrafica, g Giorno) []Contraddizione {
	var tutte []Contraddizione
	for i, c := range schede {
		tutte = append(tutte, c.neiNumeri()...)
		if g.Anno() <= c.Anno { // later nobody can tell whether it was meant
			tutte = append(tutte, c.giaCompilati()...)
		}
		tutte = append(tutte, c.altroResponsabile(a, g)...)
		tutte = append(tutte, copieDiverse(schede[:i], c)...)
	}
	tutte = append(tutte, controSintesi(schede, sintesi, a)...)
	var pesate []pesata
	for _, c := range schede {
		pesate = append(pesate, pesata{c.Settore, c.Peso, c.luogo(c.Celle["peso"])})
	}
	return append(tutte, pesiNon100(pesate, "I pesi")...)
}

// copiaDi tells whether two cards are the same shared objective: one refers to the
// other, both to the same one, or they have one title in two settori.
func (c Collocata) copiaDi(altra Collocata) bool {
	if c.Numero == altra.Numero && c.Settore == altra.Settore {
		return false
	}
	if c.Rinvio != "" && (c.Rinvio == altra.Numero || c.Rinvio == altra.Rinvio) || altra.Rinvio != "" && altra.Rinvio == c.Numero {
		return true
	}
	return c.Settore != altra.Settore && c.Titolo != "" && altra.Titolo != "" && stessoTitolo(c.Titolo, altra.Titolo)
}

// copieDiverse compares the months and the targets of a card with those of the copies
// before it: each value with that of the first copy that gives it.
func copieDiverse(prime []Collocata, dopo Collocata) []Contraddizione {
	var tutte []Contraddizione
	gia := map[string]bool{}
	for _, prima := range prime {
		if !dopo.copiaDi(prima) {
			continue
		}
		di := map[string]string{}
		indicatori := map[string]Indicatore{}
		for k, voce := range vociIndicatori(prima.Obiettivo) {
			di["i"+voce], indicatori[voce] = prima.Indicatori[k].Cella, prima.Indicatori[k]
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
			if gia[tipo+d.Voce] || d.Prima == "" || d.Dopo == "" || stessoNumero(d.Prima, d.Dopo) {
				continue
			}
			tutte = append(tutte, Contraddizione{"copie-diverse", dopo.Settore, dopo.Numero,
				fmt.Sprintf("L'obiettivo condiviso %s (%s) e la sua copia %s (%s) dicono cose diverse: %s, %s contro %s.", prima.Numero, prima.Settore, dopo.Numero, dopo.Settore, d.Che, breve(d.Prima), breve(d.Dopo)),
				[]Luogo{prima.luogo(cmp.Or(prima.CellaIndicatore(indicatori[d.Voce], d.Campo), di[tipo+d.Voce])), dopo.luogo(dopo.CellaIndicatore(Indicatore{Cella: d.Cella}, d.Campo))}})
		}
		for voce := range di {
			gia[voce] = true
		}
	}
	return tutte
}

// stessoNumero tells whether two values are one number written in two ways.
func stessoNumero(a, b string) bool {
	x, y := LeggiNumero(a), LeggiNumero(b)
	return x.Numerico && y.Numerico && x.Valore == y.Valore && x.Percento == y.Percento
}

var (
	unitaPercento = regexp.MustCompile(`%|percent`)
	unitaNumero   = regexp.MustCompile(`^(?:(?:numero|numerico|numerica|n|nr|num|n°|quantita)(?:[\s.:].*)?|unita|ore|giorni|gg|euro|€)$`)
)

// neiNumeri finds the values of an indicator that cannot be meant so.
func (c Collocata) neiNumeri() []Contraddizione {
	var tutte []Contraddizione
	for _, i := range c.Indicatori {
		segnala := func(regola string, campi []string, formato string, args ...any) {
			x := Contraddizione{Regola: regola, Settore: c.Settore, Obiettivo: c.Numero,
				Frase: fmt.Sprintf("Nell'obiettivo %s, per l'indicatore %s, ", c.Numero, virgolette(i.Descrizione)) + fmt.Sprintf(formato, args...)}
			for _, campo := range campi {
				x.Luoghi = append(x.Luoghi, c.luogo(c.CellaIndicatore(i, campo)))
			}
			x.Luoghi = slices.Compact(x.Luoghi)
			tutte = append(tutte, x)
		}
		unita, cento := Normalizza(i.Unita), NewDecimale(100)
		for _, r := range []struct{ campo, nome, valore string }{{"risultato_meta_anno", "il risultato a metà anno", i.RisultatoMetaAnno}, {"risultato_finale", "il risultato finale", i.RisultatoFinale}} {
			if n := LeggiNumero(r.valore); n.Numerico && (n.Percento || unitaPercento.MatchString(unita)) && n.Valore > cento {
				segnala("oltre-100", []string{r.campo, "unita"}, "%s è %s: più di quanto l'unità di misura (%s) permette.", r.nome, r.valore, breve(i.Unita))
			}
		}
		anno, meta := LeggiNumero(i.TargetAnno), LeggiNumero(i.TargetMetaAnno)
		if anno.Numerico && meta.Numerico && (anno.Percento == meta.Percento || unitaPercento.MatchString(unita)) && meta.Valore > anno.Valore {
			segnala("meta-oltre-anno", []string{"target_meta_anno", "target_anno"}, "il target a metà anno (%s) supera quello dell'anno (%s).", i.TargetMetaAnno, i.TargetAnno)
		}
		for _, v := range campiIndicatore {
			if v.campo == "unita" || !unitaNumero.MatchString(unita) {
				continue
			}
			if valore := *v.valore(&i); strings.HasSuffix(strings.TrimSpace(valore), "%") {
				segnala("percento-in-numeri", []string{v.campo, "unita"}, "c'è una percentuale (%s), mentre l'unità di misura è «%s».", valore, i.Unita)
				break
			}
		}
	}
	return tutte
}

// giaCompilati finds the results that stood in the sheet when the plan was approved and
// have not changed since: a target, or last year's form, in the place of a result.
func (c Collocata) giaCompilati() []Contraddizione {
	if c.Approvata == nil {
		return nil
	}
	const detti = 3
	var quali []string
	var luoghi []Luogo
	voci := vociIndicatori(c.Obiettivo)
	for k, voce := range vociIndicatori(c.Approvata.Scheda) {
		allora, n := c.Approvata.Scheda.Indicatori[k], slices.Index(voci, voce)
		if n < 0 {
			continue
		}
		for _, v := range [][3]string{{allora.RisultatoMetaAnno, c.Indicatori[n].RisultatoMetaAnno, "risultato_meta_anno"}, {allora.RisultatoFinale, c.Indicatori[n].RisultatoFinale, "risultato_finale"}} {
			if LeggiNumero(v[0]).Numerico && v[0] == v[1] {
				quali = append(quali, virgolette(allora.Descrizione)+" "+v[0])
				luoghi = append(luoghi, Luogo{c.Approvata.File, c.Approvata.Scheda.Foglio, c.Approvata.Scheda.CellaIndicatore(allora, v[2])})
				break
			}
		}
	}
	if len(quali) == 0 {
		return nil
	}
	elenco := strings.Join(quali[:min(detti, len(quali))], ", ")
	if altri := len(quali) - detti; altri == 1 {
		elenco += " e un altro"
	} else if altri > 1 {
		elenco += fmt.Sprintf(" e altri %d", altri)
	}
	return []Contraddizione{{"risultato-prima-del-piano", c.Settore, c.Numero,
		fmt.Sprintf("Nella scheda dell'obiettivo %s c'erano già risultati quando il piano è stato approvato, il %s: %s.", c.Numero, c.Approvato.Esteso(), elenco), luoghi}}
}

// altroResponsabile finds the cards that name nobody of those in charge: on that day,
// when the card was handed in, or when its plan was approved.
func (c Collocata) altroResponsabile(a Anagrafica, g Giorno) []Contraddizione {
	if c.Responsabile == "" || nominaUfficio(c.Responsabile, a) {
		return nil
	}
	var inCarica string
	var quando Giorno
	for _, d := range []Giorno{g, c.Giorno, c.Approvato} {
		for _, i := range a.IncarichiDi(c.Settore) {
			if d.IsZero() || !i.InVigore(d) {
				continue
			}
			if stessaPersona(c.Responsabile, i.Nome) {
				return nil
			}
			if inCarica == "" {
				inCarica, quando = i.Nome, d
			}
		}
	}
	if inCarica == "" {
		return nil
	}
	return []Contraddizione{{"altro-responsabile", c.Settore, c.Numero,
		fmt.Sprintf("La scheda dell'obiettivo %s indica come responsabile %s, mentre il %s è in carica %s.", c.Numero, virgolette(c.Responsabile), quando.Esteso(), inCarica),
		[]Luogo{c.luogo(c.Celle["responsabile"]), {File: "anagrafica", Foglio: "Incarichi"}}}}
}

// pesata is a weight with where it stands.
type pesata struct {
	settore string
	peso    *Decimale
	luogo   Luogo
}

// pesiNon100 finds the settori whose weights do not add up to 100.
func pesiNon100(pesate []pesata, chi string) []Contraddizione {
	var ordine []string
	somma, luoghi := map[string]Decimale{}, map[string][]Luogo{}
	for _, p := range pesate {
		if p.peso == nil {
			continue
		}
		if luoghi[p.settore] == nil {
			ordine = append(ordine, p.settore)
		}
		somma[p.settore] += *p.peso
		luoghi[p.settore] = append(luoghi[p.settore], p.luogo)
	}
	var tutte []Contraddizione
	for _, s := range ordine {
		if d := somma[s] - NewDecimale(100); d < -50_000 || d > 50_000 {
			tutte = append(tutte, Contraddizione{"pesi-non-100", s, "", fmt.Sprintf("%s degli obiettivi del settore %s sommano a %s e non a 100.", chi, s, somma[s].Italiano()), luoghi[s]})
		}
	}
	return tutte
}
