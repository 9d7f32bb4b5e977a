package piano

import (
	"fmt"
	"strings"
	"time"
)

// Fonte says of a hand-in what the plan remembers of it.
type Fonte struct {
	Giorno     Giorno    // the day on which it came
	Aggiornata time.Time // of which instant its content is: the form's mark, else when the file was last saved; zero where nothing says it
	Forzata    bool      // a person has confirmed that it may go over newer content
}

// ConsegnaVecchia is the error of a hand-in whose content is older than what the plan
// holds: progress must not go back unseen.
type ConsegnaVecchia struct {
	Numero     string    // of the first card
	File       string    // the newer hand-in
	Giorno     Giorno    // on which that came
	Aggiornata time.Time // of which instant that is
}

// Error says which card and which newer hand-in.
func (e *ConsegnaVecchia) Error() string {
	return fmt.Sprintf("card %s: %s, handed in on %s, is newer", e.Numero, e.File, e.Giorno)
}

// Versione is an objective as a hand-in, or an accepted variation, left it.
type Versione struct {
	Scheda Obiettivo // with the cells of that hand-in
	File   string
	Giorno Giorno
	Atto   string // of the variation; "" for a hand-in
}

// Valore is one value of a card.
type Valore struct {
	Chiave string `json:"campo"` // "peso"; "target_anno di report inviati": for finding it again
	Che    string `json:"che"`   // in Italian
	Valore string `json:"valore"`
	Cella  string `json:"cella"`
}

// Valori lists every value of the card that is not blank, in the card's order.
func (o Obiettivo) Valori() []Valore {
	var v []Valore
	aggiungi := func(chiave, che, valore, cella string) {
		if valore != "" {
			v = append(v, Valore{chiave, che, valore, cella})
		}
	}
	for _, c := range campiScheda {
		if c.valore == nil {
			aggiungi(c.campo, c.nome, scritto(*o.decimaleDi(c.campo)), o.Celle[c.campo])
		} else {
			aggiungi(c.campo, c.nome, *c.valore(&o), o.Celle[c.campo])
		}
	}
	for k, voce := range vociIndicatori(o) {
		i := &o.Indicatori[k]
		for _, c := range campiIndicatore {
			aggiungi(c.campo+" di "+voce, c.nome+" di "+virgolette(i.Descrizione), *c.valore(i), o.CellaIndicatore(*i, c.campo))
		}
	}
	for k, voce := range vociAttivita(o) {
		a := o.Attivita[k]
		nome := fmt.Sprintf("%s (%d)", virgolette(a.Descrizione), a.Anno)
		aggiungi("previsto di "+voce, "mesi previsti di "+nome, a.Previsto.String(), a.Cella)
		aggiungi("ottenuto di "+voce, "mesi ottenuti di "+nome, a.Ottenuto.String(), a.Cella)
		aggiungi("eseguito di "+voce, "eseguito di "+nome, siNo(a.Eseguito), a.Cella)
	}
	for k, r := range o.RisorseUmane {
		aggiungi(fmt.Sprint("risorse_umane ", k+1), fmt.Sprint("risorsa umana ", k+1), strings.TrimSpace(r.Ruolo+" "+scritto(r.Percentuale)), r.Cella)
	}
	return v
}

// Passaggio is a value as a version left it.
type Passaggio struct {
	Valore string `json:"valore"` // "" where it was taken away
	File   string `json:"file"`
	Giorno Giorno `json:"giorno"`
	Foglio string `json:"foglio"`
	Cella  string `json:"cella"`
	Atto   string `json:"atto,omitempty"` // of the variation by which it came
}

// Provenienza says where a value comes from and what it was before.
type Provenienza struct {
	Campo      string      `json:"campo"`
	Che        string      `json:"che"`
	Passaggi   []Passaggio `json:"passaggi"`   // the present value first
	Conferma   string      `json:"conferma"`   // the file of the last version that still had it
	Confermata Giorno      `json:"confermata"` // and its day
}

// Provenienze tells for each value that the objective has now, or had once, through
// which versions it came; versioni from the oldest to the newest. A version that has
// the same value confirms it and does not change where it comes from.
func Provenienze(versioni []Versione) []Provenienza {
	var tutte []Provenienza
	per := map[string]int{}
	for _, v := range versioni {
		visti := map[string]bool{}
		metti := func(x Valore) {
			visti[x.Chiave] = true
			i, ok := per[x.Chiave]
			if !ok {
				i = len(tutte)
				per[x.Chiave] = i
				tutte = append(tutte, Provenienza{Campo: x.Chiave, Che: x.Che})
			}
			p := &tutte[i]
			if len(p.Passaggi) == 0 && x.Valore == "" || len(p.Passaggi) > 0 && Normalizza(p.Passaggi[0].Valore) == Normalizza(x.Valore) {
				p.Conferma, p.Confermata = v.File, v.Giorno
				return
			}
			p.Conferma, p.Confermata = v.File, v.Giorno
			p.Passaggi = append([]Passaggio{{x.Valore, v.File, v.Giorno, v.Scheda.Foglio, x.Cella, v.Atto}}, p.Passaggi...)
		}
		for _, x := range v.Scheda.Valori() {
			metti(x)
		}
		for chiave, i := range per {
			if !visti[chiave] {
				metti(Valore{Chiave: chiave, Che: tutte[i].Che})
			}
		}
	}
	return tutte
}

// StatoVariazione is what became of a change of an approved plan.
type StatoVariazione string

// The states of a variation.
const (
	Proposta   StatoVariazione = "proposta"
	Approvata  StatoVariazione = "accolta"
	NonAccolta StatoVariazione = "respinta"
	Ritirata   StatoVariazione = "ritirata" // a later hand-in wants it no more, or otherwise
)

// Variazione is a change of an approved plan that a hand-in wants (DESIGN.md, 3,
// "Approval and variations").
type Variazione struct {
	ID         int64           `json:"id"`
	Anno       int             `json:"anno"`
	Settore    string          `json:"settore"`
	Numero     string          `json:"obiettivo"`
	Titolo     string          `json:"titolo"`
	Differenza Differenza      `json:"differenza"`
	File       string          `json:"file"` // the hand-in that wants it
	Giorno     Giorno          `json:"giorno"`
	Stato      StatoVariazione `json:"stato"`
	Atto       string          `json:"atto"`   // of an accepted one
	Deciso     Giorno          `json:"deciso"` // no day while it waits
	Motivo     string          `json:"motivo"` // of a refused one
}
