package piano

import "strings"

// TipoIncarico says how a settore is covered on a day.
type TipoIncarico string

// The kinds of the contract. Vacante is never written in the registry: it is
// the answer where nobody is in charge.
const (
	Titolare  TipoIncarico = "titolare"
	AdInterim TipoIncarico = "ad-interim"
	Vacante   TipoIncarico = "vacante"
)

// Incarico says that a person answers for a settore, from a first to a last
// day, both included.
type Incarico struct {
	Settore string // as the registry names it
	Nome    string
	Email   string // may be missing: then the office mailbox is used
	Dal     Giorno
	Al      Giorno // no day: still in office
	Tipo    TipoIncarico
}

// InVigore tells whether the incarico holds on that day.
func (i Incarico) InVigore(d Giorno) bool {
	return !d.Prima(i.Dal) && (i.Al.IsZero() || !d.Dopo(i.Al))
}

// Sovrapposto tells whether the two incarichi share a day.
func (i Incarico) Sovrapposto(o Incarico) bool {
	return (i.Al.IsZero() || !o.Dal.Dopo(i.Al)) && (o.Al.IsZero() || !i.Dal.Dopo(o.Al))
}

// Settore is an office of the ente, as the registry knows it.
type Settore struct {
	Nome   string
	Alias  []string
	Email  string // the office mailbox
	Codice string // lower case, for folders and flags: "servizi-finanziari"
}

// Referente is who is told about a settore on a day.
type Referente struct {
	Nome         string       // "" where the incarico is vacant
	Destinatario string       // the address to write to; "" where there is none at all
	Incarico     TipoIncarico // Vacante where nobody is in charge
	Ripiego      bool         // somebody is in charge whose address the registry lacks: Destinatario is the office's
}

// InCarica returns who is told about a settore on that day (DESIGN.md, 3, "Who is
// told"): the person in charge, a titolare before an ad interim; where that is
// nobody, or the person has no address, the office mailbox, else the
// Segretario's. The incarichi are those of that settore.
func InCarica(settore Settore, incarichi []Incarico, segretario string, d Giorno) Referente {
	r := Referente{Incarico: Vacante}
	for _, i := range incarichi {
		if i.InVigore(d) && r.Incarico != Titolare {
			r = Referente{Nome: i.Nome, Destinatario: i.Email, Incarico: i.Tipo}
		}
	}
	r.Ripiego = r.Incarico != Vacante && r.Destinatario == ""
	for _, indirizzo := range []string{settore.Email, segretario} {
		if r.Destinatario == "" {
			r.Destinatario = indirizzo
		}
	}
	return r
}

// Assegnata is an activity of the plan in force, with the objective and the
// settore that carry it: what check lists and reminders are about.
type Assegnata struct {
	ID              int64 // the activity's own, for ever the same
	Ente            string
	Settore         string // as the registry names it
	AnnoPiano       int    // of the plan that the objective belongs to
	Obiettivo       string // the objective's number, "1/3"
	Titolo          string // the objective's title
	Attivita        Attivita
	Situazione      Situazione
	Referente       Referente
	Approvato       Giorno // day of the plan's approval; no day while it is a draft
	UltimoProgresso Giorno // day on which its progress was last handed in changed; no day for never
	// Condiviso are the other settori that carry the objective and InCopia the
	// addresses of their people, where the ente wants them in copy.
	Condiviso, InCopia []string
}

// Peggiore orders two activities worst first: the overdue before the late, then
// the oldest deadline, then objective and description, so that a list is always
// in the same order. It returns a negative number where a comes first.
func Peggiore(a, b Assegnata) int {
	if n := GravitaStato(a.Situazione.Stato) - GravitaStato(b.Situazione.Stato); n != 0 {
		return n
	}
	if n := a.Situazione.Scadenza.Da(b.Situazione.Scadenza); n != 0 {
		return n
	}
	if n := strings.Compare(a.Obiettivo, b.Obiettivo); n != 0 {
		return n
	}
	return strings.Compare(a.Attivita.Descrizione, b.Attivita.Descrizione)
}

// GravitaStato is the rank of a state in a list that begins with the worst.
func GravitaStato(s Stato) int {
	for i, g := range []Stato{Scaduta, InRitardo, SenzaProgramma, InCorso, DaAvviare} {
		if s == g {
			return i
		}
	}
	return 9
}
