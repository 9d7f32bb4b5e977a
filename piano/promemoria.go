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
	Nome    string   // the person in charge; "" where the office is written to
	A       string   // the address
	CC      []string // the Segretario, where an item is at escalation or an incarico is vacant
	Vacante bool     // an incarico among the items is vacant
	Voci    []Voce   // worst first
}

// Passi returns every stage of the ladder that the activity has reached by the
// end of d and that still holds in its present state, in no order. Months that
// ended before the plan's approval count for nothing, a plan that is not approved
// has no reminders at all.
func (s Scala) Passi(a Assegnata, c Calendario, d Giorno) []Passo {
	scadenza := a.Attivita.Scadenza()
	if a.Approvato.IsZero() || scadenza.Prima(a.Approvato) {
		return nil // no approval yet, nothing planned, or over before it
	}
	var passi []Passo
	aggiungi := func(st Stadio, riferimento string, dovuto Giorno) {
		if !dovuto.Dopo(d) {
			passi = append(passi, Passo{st, riferimento, dovuto})
		}
	}
	switch situazione := a.Attivita.Al(d); situazione.Stato {
	case Scaduta:
		dovuta := c.Aggiungi(scadenza, s.Scaduta)
		aggiungi(StadioScaduta, scadenza.String(), dovuta)
		s.solleciti(a, c, dovuta, aggiungi)
	case InRitardo, InCorso, DaAvviare:
		s.ritardi(a, c, situazione.MesiOttenuti, aggiungi)
		aggiungi(Preavviso, scadenza.String(), c.Aggiungi(scadenza, -s.Preavviso))
	}
	return passi
}

// ritardi adds a step for each planned month that ended after the approval and
// left the activity late, as its progress is known today; an activity that is not
// late has no such month.
func (s Scala) ritardi(a Assegnata, c Calendario, ottenuti int, aggiungi func(Stadio, string, Giorno)) {
	for _, m := range a.Attivita.Previsto.Elenco() {
		fine := FineDelMese(a.Attivita.Anno, m)
		if !fine.Prima(a.Approvato) && a.Attivita.Previsto.FinoA(m).Len() > ottenuti {
			aggiungi(StadioRitardo, fine.String(), c.Aggiungi(fine, s.Ritardo))
		}
	}
}

// solleciti adds the steps after scaduta. Progress handed in later than that
// starts the count again from its day: who moves is not pressed.
func (s Scala) solleciti(a Assegnata, c Calendario, dovuta Giorno, aggiungi func(Stadio, string, Giorno)) {
	base := dovuta
	if a.UltimoProgresso.Dopo(base) {
		base = a.UltimoProgresso
	}
	escalation := c.Aggiungi(base, s.Escalation)
	aggiungi(StadioEscalation, base.String(), escalation)
	for n := 1; n <= s.MassimoSolleciti; n++ {
		if dovuto := c.Aggiungi(base, n*s.Sollecito); dovuto != escalation {
			aggiungi(Sollecito, fmt.Sprintf("%s/%d", base, n), dovuto)
		}
	}
}

// Prossimo returns the passage to tell on d, given those already told about this
// activity: the gravest that fell due after the last one told. What fell due
// before that is absorbed, so that a stop of the daemon ends in one message and
// not in all those missed. It returns false where there is nothing to tell.
func (s Scala) Prossimo(a Assegnata, c Calendario, d Giorno, inviati []Inviato) (Passo, bool) {
	var ultimo Giorno
	gia := map[Passo]bool{}
	for _, i := range inviati {
		gia[Passo{Stadio: i.Stadio, Riferimento: i.Riferimento}] = true
		if i.Giorno.Dopo(ultimo) {
			ultimo = i.Giorno
		}
	}
	var scelto Passo
	for _, p := range s.Passi(a, c, d) {
		if !p.Dovuto.Dopo(ultimo) || gia[Passo{Stadio: p.Stadio, Riferimento: p.Riferimento}] {
			continue
		}
		if scelto.Stadio == "" || cmp.Or(p.Stadio.Rango()-scelto.Stadio.Rango(), p.Dovuto.Da(scelto.Dovuto)) > 0 {
			scelto = p
		}
	}
	return scelto, scelto.Stadio != ""
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
		slices.SortStableFunc(m.Voci, func(x, y Voce) int {
			return cmp.Or(y.Stadio.Rango()-x.Stadio.Rango(), Peggiore(x.Assegnata, y.Assegnata))
		})
		elenco = append(elenco, *m)
	}
	slices.SortFunc(elenco, func(x, y Promemoria) int { return cmp.Compare(x.A, y.A) })
	return elenco
}

// aggiungi puts an item into the message, and the Segretario in copy where the
// item asks for it and the message is not already to the Segretario.
func (m *Promemoria) aggiungi(v Voce, segretario string) {
	m.Voci = append(m.Voci, v)
	vacante := v.Referente.Incarico == Vacante
	m.Vacante = m.Vacante || vacante
	m.Nome = cmp.Or(m.Nome, v.Referente.Nome)
	inCopia := vacante || v.Stadio == StadioEscalation
	if inCopia && segretario != "" && !strings.EqualFold(segretario, m.A) && !slices.Contains(m.CC, segretario) {
		m.CC = append(m.CC, segretario)
	}
}
