package piano

import (
	"regexp"
	"slices"
)

// Successione says how a charge ends whose end is known.
type Successione struct {
	Fine Giorno    // the last day of who is in charge
	Poi  Referente // who is told from the next day on; Vacante where the registry knows nobody
}

// Successione returns how the charge of who answers for that settore on d ends: known
// end dates are honoured in advance (DESIGN.md, 3). A renewal is no end. It returns
// false where nobody is in charge, or no end is known.
func (a Anagrafica) Successione(settore string, d Giorno) (Successione, bool) {
	oggi := a.Referente(settore, d)
	if oggi.Incarico == Vacante {
		return Successione{}, false
	}
	for _, g := range a.cambi(settore) {
		if poi := a.Referente(settore, g); g.Dopo(d) && !stessoNome(poi.Nome, oggi.Nome) {
			return Successione{g.Piu(-1), poi}, true
		}
	}
	return Successione{}, false
}

// Insediato returns since when the person who answers for that settore on d does so
// without a break, and who was told the day before. It returns false where nobody is
// in charge, and for the first one that the registry knows: nobody handed over to
// them.
func (a Anagrafica) Insediato(settore string, d Giorno) (dal Giorno, prima Referente, ok bool) {
	oggi := a.Referente(settore, d)
	if oggi.Incarico == Vacante {
		return Giorno{}, Referente{}, false
	}
	cambi := a.cambi(settore)
	for _, g := range cambi { // the last day on which the name changed is the one
		if vigilia := a.Referente(settore, g.Piu(-1)); !g.Dopo(d) && !stessoNome(vigilia.Nome, oggi.Nome) {
			dal, prima = g, vigilia
		}
	}
	return dal, prima, dal.Dopo(cambi[0])
}

// stessoNome tells whether two rows of the registry name one person: titles of courtesy,
// case, accents and the order of the words apart.
func stessoNome(a, b string) bool {
	x, y := paroleNome(a), paroleNome(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

// cambi returns the days on which somebody else may come into office: the first day
// of each incarico of the settore and the day after its last one, in order.
func (a Anagrafica) cambi(settore string) []Giorno {
	var giorni []Giorno
	for _, i := range a.IncarichiDi(settore) {
		giorni = append(giorni, i.Dal)
		if !i.Al.IsZero() {
			giorni = append(giorni, i.Al.Piu(1))
		}
	}
	slices.SortFunc(giorni, Giorno.Da)
	return giorni
}

// Successioni returns, by settore, the ends of charges that the recipient of a
// reminder is to know of: an item's deadline comes after the end, or the end comes
// within the working days of a preavviso.
func (s Scala) Successioni(a Anagrafica, p Promemoria, c Calendario, d Giorno) map[string]Successione {
	fini := map[string]Successione{}
	vicina := c.Aggiungi(d, s.Preavviso)
	for _, v := range p.Voci {
		if fine, ok := a.Successione(v.Settore, d); ok && (!fine.Fine.Dopo(vicina) || v.Attivita.Scadenza().Dopo(fine.Fine)) {
			fini[v.Settore] = fine
		}
	}
	return fini
}

// GiorniPassaggio is for how many working days a newcomer is still one: within them
// the hand-over is made up for, after a stop or a registry that learnt of the change
// late.
const GiorniPassaggio = 20

// Subentro is a settore that has come to a newcomer, with all that is open in it
// (DESIGN.md, 3, "Who is told").
type Subentro struct {
	Settore    Settore
	Referente  Referente   // the newcomer
	Dal        Giorno      // the newcomer's first day
	Prima      Referente   // who was told the day before; Vacante for nobody
	Voci       []Voce      // overdue, late, about to end: worst first, each at the gravest stage that it has reached
	Altre      []Assegnata // the other activities that are not conclusa, by deadline
	Concluse   int
	Variazioni []Variazione // of the settore, waiting for a decision
	Ferme      []Collocata  // objectives about which nothing was handed in since the plan's approval
}

// Nuovo tells whether d is a working day on which that settore has a newcomer.
func (s Scala) Nuovo(a Anagrafica, settore string, c Calendario, d Giorno) bool {
	dal, _, ok := a.Insediato(settore, d)
	return ok && c.Lavorativo(d) && !d.Dopo(c.Aggiungi(dal.Piu(-1), GiorniPassaggio))
}

// Subentro returns the hand-over of a settore on d, given its activities of every
// year; false where the settore has no newcomer then, or none of them is open in an
// approved plan. The days of grace are not waited for: the newcomer is told what is
// overdue and late as it is.
func (s Scala) Subentro(a Anagrafica, settore Settore, attivita []Assegnata, c Calendario, d Giorno) (Subentro, bool) {
	if !s.Nuovo(a, settore.Nome, c, d) {
		return Subentro{}, false
	}
	n := Subentro{Settore: settore, Referente: a.Referente(settore.Nome, d)}
	n.Dal, n.Prima, _ = a.Insediato(settore.Nome, d)
	for _, x := range attivita {
		if x.Settore != settore.Nome || x.Approvato.IsZero() {
			continue
		}
		passo, detta := piuGrave(s.veri(x, c, d))
		switch {
		case x.Situazione.Stato == Conclusa:
			n.Concluse++
		case detta:
			n.Voci = append(n.Voci, Voce{x, passo})
		case !x.Attivita.Scadenza().Prima(x.Approvato):
			n.Altre = append(n.Altre, x)
		}
	}
	slices.SortStableFunc(n.Voci, primaLaPeggiore)
	slices.SortStableFunc(n.Altre, func(x, y Assegnata) int { return x.Situazione.Scadenza.Da(y.Situazione.Scadenza) })
	return n, len(n.Voci)+len(n.Altre) > 0
}

// RecapitoMancante is somebody who cannot be written to, because the registry lacks
// an address.
type RecapitoMancante struct {
	Settore string
	Nome    string // of who is in charge; "" where the incarico is vacant
	Invece  string // the address that is used instead; "" where there is none at all
}

// RecapitiMancanti returns, settore by settore as the registry lists them, whose
// address is missing on d: of a person in charge, or any at all. A vacant settore
// with a mailbox lacks none.
func (a Anagrafica) RecapitiMancanti(d Giorno) []RecapitoMancante {
	var mancano []RecapitoMancante
	for _, s := range a.Settori {
		if r := a.Referente(s.Nome, d); r.Ripiego || r.Destinatario == "" {
			mancano = append(mancano, RecapitoMancante{s.Nome, r.Nome, r.Destinatario})
		}
	}
	return mancano
}

// RuoloSIA is the function that is told what must be put right in the registry.
const RuoloSIA = "SIA"

// SIA returns the name and address of the IT office, empty where the registry has
// none.
func (a Anagrafica) SIA() Ruolo { return a.ruolo(RuoloSIA) }

// separatoreSettori is what stands between the names of settori on a card. " e " is
// none: it stands in names, too.
var separatoreSettori = regexp.MustCompile(`[,;/\n]| [–—-] `)

// Condivisi returns, by the number of each objective that several settori carry, the
// others, as the registry names and orders them: those whose cards refer to it, and
// those that it lists itself. The objectives are those of one year's plan.
func Condivisi(schede []Collocata, a Anagrafica) map[string][]string {
	con := map[string]map[string]bool{}
	guida := map[string]string{}
	aggiungi := func(numero, settore string) {
		if con[numero] == nil {
			con[numero] = map[string]bool{}
		}
		con[numero][settore] = true
	}
	for _, c := range schede {
		if c.Rinvio != "" {
			aggiungi(c.Rinvio, c.Settore)
			continue
		}
		guida[c.Numero] = c.Settore
		for _, nome := range separatoreSettori.Split(c.AltriSettori, -1) {
			if s, ok := a.Settore(nome); ok {
				aggiungi(c.Numero, s.Nome)
			}
		}
	}
	condivisi := map[string][]string{}
	for numero, settori := range con {
		for _, s := range a.Settori {
			if settori[s.Nome] && s.Nome != guida[numero] {
				condivisi[numero] = append(condivisi[numero], s.Nome)
			}
		}
	}
	return condivisi
}
