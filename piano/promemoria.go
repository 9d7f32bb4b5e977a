package piano

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Stadio is a step of the reminder ladder.
type Stadio string

// The stages, from the mildest to the gravest (contract, `scadenzario remind`).
const (
	Preavviso        Stadio = "preavviso"
	StadioRitardo    Stadio = "ritardo"
	StadioScaduta    Stadio = "scaduta"
	Sollecito        Stadio = "sollecito"
	StadioEscalation Stadio = "escalation"
)

// StadioPassaggio is no step of the ladder: it records that an activity was told to
// a newcomer, in the hand-over of the settore (Subentro).
const StadioPassaggio Stadio = "passaggio-consegne"

// Rango orders the stages: the higher, the graver.
func (s Stadio) Rango() int {
	return slices.Index([]Stadio{Preavviso, StadioRitardo, StadioScaduta, Sollecito, StadioEscalation}, s)
}

// Scala is the reminder ladder (DESIGN.md, 3), its steps in working days.
type Scala struct {
	Preavviso        int // before the deadline
	Ritardo          int // after the end of a planned month that left the activity late
	Scaduta          int // after the deadline: the grace in which offices update their sheets
	Sollecito        int // between one sollecito and the next
	MassimoSolleciti int // places for a sollecito; the one that falls on the escalation's day gives way to it
	Escalation       int // after scaduta, or after the last progress where that is later
}

// ScalaPredefinita is the ladder that holds where the configuration says
// nothing.
var ScalaPredefinita = Scala{Preavviso: 10, Ritardo: 5, Scaduta: 5, Sollecito: 10, MassimoSolleciti: 3, Escalation: 20}

// Passo is a stage that an activity has reached.
type Passo struct {
	Stadio Stadio
	// Riferimento tells this passage from others of the same stage: the deadline,
	// the month's end, or the day from which solleciti are counted and the place
	// among them. With the activity and the stage it is unique for ever.
	Riferimento string
	Dovuto      Giorno // the working day on which it is due
	dal         Giorno // the day from which what it tells is so: before Dovuto, where offices have days of grace
}

// Inviato is a passage already told, or on its way in the outbox.
type Inviato struct {
	Attivita    int64
	Stadio      Stadio
	Riferimento string
	Giorno      Giorno // the day of the run that wrote the message
}

// Voce is one item of a reminder: an activity at a stage.
type Voce struct {
	Assegnata
	Passo
}

// Promemoria is what one recipient is told on a day: one message.
type Promemoria struct {
	Nome    string   // the person in charge; "" where the office, or several people in it, are written to
	A       string   // the address
	CC      []string // the Segretario, where an item is at escalation or an incarico is vacant; who shares an objective
	Vacante bool     // an incarico among the items is vacant
	Voci    []Voce   // worst first
}

// Passi returns every stage of the ladder that the activity has reached by the
// end of d and that still holds in its present state, in no order. Months that
// ended before the plan's approval count for nothing, a plan that is not approved
// has no reminders at all.
func (s Scala) Passi(a Assegnata, c Calendario, d Giorno) []Passo {
	return slices.DeleteFunc(s.veri(a, c, d), func(p Passo) bool { return p.Dovuto.Dopo(d) })
}

// veri returns every stage whose matter is so on d, those that the days of grace
// still hold back included.
func (s Scala) veri(a Assegnata, c Calendario, d Giorno) []Passo {
	scadenza := a.Attivita.Scadenza()
	if a.Approvato.IsZero() || scadenza.Prima(a.Approvato) {
		return nil // no approval yet, nothing planned, or over before it
	}
	var passi []Passo
	aggiungi := func(p Passo) {
		if p.dal.IsZero() {
			p.dal = p.Dovuto
		}
		if !p.dal.Dopo(d) {
			passi = append(passi, p)
		}
	}
	switch situazione := a.Attivita.Al(d); situazione.Stato {
	case Scaduta:
		dovuta := c.Aggiungi(scadenza, s.Scaduta)
		aggiungi(Passo{StadioScaduta, scadenza.String(), dovuta, scadenza.Piu(1)})
		s.solleciti(a, c, dovuta, aggiungi)
	case InRitardo, InCorso, DaAvviare:
		s.ritardi(a, c, situazione.MesiOttenuti, aggiungi)
		aggiungi(Passo{Stadio: Preavviso, Riferimento: scadenza.String(), Dovuto: c.Aggiungi(scadenza, -s.Preavviso)})
	}
	return passi
}

// ritardi adds a step for each planned month that ended after the approval and
// left the activity late, as its progress is known today; an activity that is not
// late has no such month.
func (s Scala) ritardi(a Assegnata, c Calendario, ottenuti int, aggiungi func(Passo)) {
	for _, m := range a.Attivita.Previsto.Elenco() {
		fine := FineDelMese(a.Attivita.Anno, m)
		if !fine.Prima(a.Approvato) && a.Attivita.Previsto.FinoA(m).Len() > ottenuti {
			aggiungi(Passo{StadioRitardo, fine.String(), c.Aggiungi(fine, s.Ritardo), fine.Piu(1)})
		}
	}
}

// solleciti adds the steps after scaduta. Progress handed in later than that
// starts the count again from its day: who moves is not pressed.
func (s Scala) solleciti(a Assegnata, c Calendario, dovuta Giorno, aggiungi func(Passo)) {
	base := dovuta
	if a.UltimoProgresso.Dopo(base) {
		base = a.UltimoProgresso
	}
	escalation := c.Aggiungi(base, s.Escalation)
	aggiungi(Passo{Stadio: StadioEscalation, Riferimento: base.String(), Dovuto: escalation})
	for n := 1; n <= s.MassimoSolleciti; n++ {
		if dovuto := c.Aggiungi(base, n*s.Sollecito); dovuto != escalation {
			aggiungi(Passo{Stadio: Sollecito, Riferimento: fmt.Sprintf("%s/%d", base, n), Dovuto: dovuto})
		}
	}
}

// Prossimo returns the passage to tell on d, given those already told about this
// activity: the gravest that fell due after the last one told. What fell due
// before that is absorbed, so that a stop of the daemon ends in one message and
// not in all those missed. What was so already when the activity was handed over to
// a newcomer counts as told, its days of grace included. It returns false where
// there is nothing to tell.
func (s Scala) Prossimo(a Assegnata, c Calendario, d Giorno, inviati []Inviato) (Passo, bool) {
	var ultimo, passata Giorno
	gia := map[Passo]bool{}
	for _, i := range inviati {
		gia[Passo{Stadio: i.Stadio, Riferimento: i.Riferimento}] = true
		if i.Giorno.Dopo(ultimo) {
			ultimo = i.Giorno
		}
		if i.Stadio == StadioPassaggio && i.Giorno.Dopo(passata) {
			passata = i.Giorno
		}
	}
	return piuGrave(slices.DeleteFunc(s.Passi(a, c, d), func(p Passo) bool {
		return !p.Dovuto.Dopo(ultimo) || !p.dal.Dopo(passata) || gia[Passo{Stadio: p.Stadio, Riferimento: p.Riferimento}]
	}))
}

// piuGrave returns the gravest passage, of two alike the later one; false for none.
func piuGrave(passi []Passo) (Passo, bool) {
	if len(passi) == 0 {
		return Passo{}, false
	}
	return slices.MaxFunc(passi, func(x, y Passo) int {
		return cmp.Or(x.Stadio.Rango()-y.Stadio.Rango(), x.Dovuto.Da(y.Dovuto))
	}), true
}

// Promemoria returns the messages to write on d, one for each recipient, ordered
// by address; none on a day on which the ente does not work. The invariant: an
// activity's passage that is among inviati is never told again, so the same
// call with its own result added to inviati returns nothing. Activities whose
// Referente has no address at all are left out: the caller reports them.
func (s Scala) Promemoria(attivita []Assegnata, c Calendario, d Giorno, segretario string, inviati []Inviato) []Promemoria {
	if !c.Lavorativo(d) {
		return nil
	}
	per := map[int64][]Inviato{}
	for _, i := range inviati {
		per[i.Attivita] = append(per[i.Attivita], i)
	}
	messaggi := map[string]*Promemoria{}
	for _, a := range attivita {
		passo, ok := s.Prossimo(a, c, d, per[a.ID])
		if !ok || a.Referente.Destinatario == "" {
			continue
		}
		chi := strings.ToLower(a.Referente.Destinatario) // mail servers ignore the case
		m := messaggi[chi]
		if m == nil {
			m = &Promemoria{A: a.Referente.Destinatario}
			messaggi[chi] = m
		}
		m.aggiungi(Voce{a, passo}, segretario)
	}
	var elenco []Promemoria
	for _, m := range messaggi {
		slices.SortStableFunc(m.Voci, primaLaPeggiore)
		m.Nome = nomeDi(m.Voci)
		elenco = append(elenco, *m)
	}
	slices.SortFunc(elenco, func(x, y Promemoria) int { return cmp.Compare(x.A, y.A) })
	return elenco
}

// nomeDi returns the name of the one person whom the items are told to; "" for an
// office, and where several people without an address share its mailbox.
func nomeDi(voci []Voce) string {
	nome := ""
	for _, v := range voci {
		if suo := v.Referente.Nome; nome != "" && suo != "" && suo != nome {
			return ""
		} else if suo != "" {
			nome = suo
		}
	}
	return nome
}

// primaLaPeggiore orders the items of a message.
func primaLaPeggiore(x, y Voce) int {
	return cmp.Or(y.Stadio.Rango()-x.Stadio.Rango(), Peggiore(x.Assegnata, y.Assegnata))
}

// aggiungi puts an item into the message, and in copy the Segretario, where the item
// asks for it, and the settori that share the objective; nobody whom the message is
// written to.
func (m *Promemoria) aggiungi(v Voce, segretario string) {
	m.Voci = append(m.Voci, v)
	vacante := v.Referente.Incarico == Vacante
	m.Vacante = m.Vacante || vacante
	copie := v.InCopia
	if vacante || v.Stadio == StadioEscalation {
		copie = append([]string{segretario}, copie...)
	}
	for _, a := range copie {
		uguale := func(altro string) bool { return strings.EqualFold(a, altro) }
		if a != "" && !uguale(m.A) && !slices.ContainsFunc(m.CC, uguale) {
			m.CC = append(m.CC, a)
		}
	}
}
