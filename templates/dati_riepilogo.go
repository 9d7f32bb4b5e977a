package templates

import (
	"slices"
	"strings"

	"github.com/scadenzario/scadenzario/piano"
)

// DatiRiepilogo is what the monthly digest to the Segretario and its annex tell. It
// must be complete: the digest may be attached to an act as it is.
//
// It is frozen as JSON when the digest is first written, and read again by later
// versions of the program: a key may be added, never renamed, dropped or given another
// sense. Counts are not in it: they are made of Attivita, so that every figure can be
// followed to the rows that it counts.
type DatiRiepilogo struct {
	Ente       EnteRiepilogo `json:"ente"`
	Al         piano.Giorno  `json:"al"`      // the last day of the month: the situation is that at its end
	Scritto    piano.Giorno  `json:"scritto"` // the day on which the digest was first written
	Segretario Destinatario  `json:"segretario"`

	Settori  []SettoreRiepilogo  `json:"settori"`  // in the registry's order
	Attivita []AttivitaRiepilogo `json:"attivita"` // every one that is not Archiviata, in the contract's order

	Precedente  piano.Giorno          `json:"precedente"` // the day that the digest before was about; no day for the first one
	Mesi        []TotaliMese          `json:"mesi"`       // of the digests before, oldest first
	Prima       []TotaliPrima         `json:"prima"`      // of the digest before, by settore; empty where it kept none
	Cambiamenti []Cambiamento         `json:"cambiamenti"`
	Decise      []VariazioneRiepilogo `json:"decise"` // variations decided since the digest before

	Variazioni     []VariazioneRiepilogo  `json:"variazioni"` // proposed up to Al and waiting for a decision
	Contraddizioni []piano.Contraddizione `json:"contraddizioni"`

	Sessioni []SessioneRiepilogo `json:"sessioni"` // open, to come, or closed since the digest before
	Scadenze []piano.DataDiLegge `json:"scadenze"` // dates that the law sets, to come
	Posta    []PostaFerma        `json:"posta"`    // messages that nobody got, or may not have got
	Mancate  []CorsaMancata      `json:"mancate"`  // runs that should have been and were not
}

// Tardivo tells whether the digest was written when the one of the next month was due,
// or later: after a stop, or by hand.
func (d DatiRiepilogo) Tardivo() bool { return d.Scritto.Dopo(d.Al.Piu(1).FineMese()) }

// EnteRiepilogo names the ente.
type EnteRiepilogo struct {
	Codice string `json:"codice"`
	Nome   string `json:"nome"`
}

// Destinatario is the Segretario to whom the digest goes; both may be empty.
type Destinatario struct {
	Nome  string `json:"nome"`
	Email string `json:"email"`
}

// SettoreRiepilogo is a settore, and when it last handed something in.
type SettoreRiepilogo struct {
	Nome           string       `json:"nome"`
	UltimaConsegna piano.Giorno `json:"ultima_consegna"` // no day where it never did
}

// AttivitaRiepilogo is an activity with its situation at the end of the month, who
// answered for it, and where its values come from.
type AttivitaRiepilogo struct {
	ID           int64              `json:"id"`
	Settore      string             `json:"settore"`
	AnnoPiano    int                `json:"anno_piano"`
	Approvato    piano.Giorno       `json:"approvato"` // day of that plan's approval; no day for a draft
	Obiettivo    string             `json:"obiettivo"`
	Titolo       string             `json:"titolo"`
	Anno         int                `json:"anno"` // of its months
	Descrizione  string             `json:"attivita"`
	Previsto     piano.Mesi         `json:"previsto"`
	Ottenuto     piano.Mesi         `json:"ottenuto"`
	Eseguito     *bool              `json:"eseguito"`
	Stato        piano.Stato        `json:"stato"`
	Scadenza     piano.Giorno       `json:"scadenza"`
	Trascorsi    int                `json:"mesi_previsti_trascorsi"`
	Ottenuti     int                `json:"mesi_ottenuti"`
	Responsabile string             `json:"responsabile"` // "" where the incarico was vacant
	Incarico     piano.TipoIncarico `json:"incarico"`
	Aggiornata   piano.Giorno       `json:"aggiornata"` // when its progress last changed; no day for never
	Fonte        piano.Luogo        `json:"fonte"`      // the sheet and cell of the last hand-in of its objective
	Consegna     piano.Giorno       `json:"consegna"`   // the day of that hand-in
}

// Archiviata tells whether an activity is done with for the digest of that month: it is
// concluded and of a year before, by its plan and by its months. Else the digest would
// count, for ever, all that was ever done.
func (d DatiRiepilogo) Archiviata(a AttivitaRiepilogo) bool {
	return a.Stato == piano.Conclusa && max(a.AnnoPiano, a.Anno) < d.Al.Anno()
}

// Dal is the day since when an activity is overdue or late: its deadline, or the end of
// the first planned month that is not made up for, the plan's approval at the earliest.
// It is no day for any other state.
func (a AttivitaRiepilogo) Dal() piano.Giorno {
	previsti := a.Previsto.Elenco()
	switch {
	case a.Stato == piano.Scaduta:
		return a.Scadenza
	case a.Stato != piano.InRitardo:
		return piano.Giorno{}
	}
	for _, m := range previsti[min(a.Ottenuti, len(previsti)):min(a.Trascorsi, len(previsti))] {
		if fine := piano.FineDelMese(a.Anno, m); !fine.Prima(a.Approvato) {
			return fine
		}
	}
	return a.Approvato // all that is missing ended before it
}

// TotaliMese counts the activities of all settori at the end of a month.
type TotaliMese struct {
	Al piano.Giorno `json:"al"`
	Conteggio
}

// TotaliPrima counts the activities of a settore as the digest before did.
type TotaliPrima struct {
	Settore string `json:"settore"`
	Conteggio
}

// Conteggio is a number of activities, by state.
type Conteggio struct {
	Attivita       int `json:"attivita"` // all of them: the sum of the six below
	Scadute        int `json:"scadute"`
	InRitardo      int `json:"in_ritardo"`
	InCorso        int `json:"in_corso"`
	DaAvviare      int `json:"da_avviare"`
	Concluse       int `json:"concluse"`
	SenzaProgramma int `json:"senza_programma"`
}

// Conta counts activities, given their states.
func Conta(stati []piano.Stato) Conteggio {
	c := Conteggio{Attivita: len(stati)}
	for _, s := range stati {
		for _, x := range c.stati() {
			if x.stato == s {
				*x.n++
			}
		}
	}
	return c
}

// piu adds up two counts.
func (c Conteggio) piu(o Conteggio) Conteggio {
	altri := o.stati()
	for i, s := range c.stati() {
		*s.n += *altri[i].n
	}
	c.Attivita += o.Attivita
	return c
}

// contoStato is the count of one state and the words for it, for one and for many.
type contoStato struct {
	stato      piano.Stato
	n          *int
	uno, molti string
}

// stati are the counts with their words, worst first: the order of every table.
func (c *Conteggio) stati() []contoStato {
	return []contoStato{
		{piano.Scaduta, &c.Scadute, "scaduta", "scadute"}, {piano.InRitardo, &c.InRitardo, "in ritardo", "in ritardo"},
		{piano.InCorso, &c.InCorso, "in corso", "in corso"}, {piano.DaAvviare, &c.DaAvviare, "da avviare", "da avviare"},
		{piano.Conclusa, &c.Concluse, "conclusa", "concluse"}, {piano.SenzaProgramma, &c.SenzaProgramma, "senza programma", "senza programma"},
	}
}

// Totali counts the activities, of one settore or, for "", of all.
func (d DatiRiepilogo) Totali(settore string) Conteggio {
	var stati []piano.Stato
	for _, a := range d.Attivita {
		if settore == "" || a.Settore == settore {
			stati = append(stati, a.Stato)
		}
	}
	return Conta(stati)
}

// Nello returns the activities in that state, those that wait longest first.
func (d DatiRiepilogo) Nello(stato piano.Stato) []AttivitaRiepilogo {
	var sue []AttivitaRiepilogo
	for _, a := range d.Attivita {
		if a.Stato == stato {
			sue = append(sue, a)
		}
	}
	slices.SortStableFunc(sue, func(a, b AttivitaRiepilogo) int { return a.Dal().Da(b.Dal()) })
	return sue
}

// SenzaConsegna returns the settori that handed nothing in during the month, those that
// have been silent longest first.
func (d DatiRiepilogo) SenzaConsegna() []SettoreRiepilogo {
	inizio := piano.NewGiorno(d.Al.Anno(), d.Al.Mese(), 1)
	var muti []SettoreRiepilogo
	for _, s := range d.Settori {
		if s.UltimaConsegna.Prima(inizio) {
			muti = append(muti, s)
		}
	}
	slices.SortStableFunc(muti, func(a, b SettoreRiepilogo) int { return a.UltimaConsegna.Da(b.UltimaConsegna) })
	return muti
}

// Cambiamento is an activity whose state is not what the digest before said.
type Cambiamento struct {
	Settore   string      `json:"settore"`
	Obiettivo string      `json:"obiettivo"`
	Attivita  string      `json:"attivita"`
	Prima     piano.Stato `json:"prima"` // "" where the digest before did not know it
	Ora       piano.Stato `json:"ora"`   // "" where the plan has it no more
}

// VariazioneRiepilogo is a change of an approved plan that was proposed or decided.
type VariazioneRiepilogo struct {
	ID        int64                 `json:"id"`
	Settore   string                `json:"settore"`
	Obiettivo string                `json:"obiettivo"`
	Modifica  string                `json:"modifica"` // in Italian: "target anno di «Report»: 690 → 500"
	File      string                `json:"file"`     // the hand-in that wants it
	Giorno    piano.Giorno          `json:"giorno"`
	Stato     piano.StatoVariazione `json:"stato"`
	Atto      string                `json:"atto"`   // of an accepted one
	Deciso    piano.Giorno          `json:"deciso"` // no day while it waits
	Motivo    string                `json:"motivo"` // of a refused one
}

// SessioneRiepilogo is a check of the year.
type SessioneRiepilogo struct {
	Nome      string       `json:"nome"`
	Dati      piano.Giorno `json:"dati"`      // the day that the data are of
	Apre      piano.Giorno `json:"apre"`      // when it is to open; no day where a person opens it
	Aperta    piano.Giorno `json:"aperta"`    // when it was opened; no day while it was not
	Termine   piano.Giorno `json:"termine"`   // the last day on which offices hand in, while it is open
	Chiude    piano.Giorno `json:"chiude"`    // when it is to close
	Chiusa    piano.Giorno `json:"chiusa"`    // when it was closed; no day while it was not
	Richiesti int          `json:"richiesti"` // how many settori were asked, while it is open
	Mancano   []string     `json:"mancano"`   // those that have not answered, while it is open
}

// PostaFerma is a message that was refused, whose outcome nobody knows, or that has been
// waiting for long.
type PostaFerma struct {
	ID           int64                 `json:"id"`
	Tipo         piano.TipoMessaggio   `json:"tipo"`
	Giorno       piano.Giorno          `json:"giorno"` // the day that the message is about
	Destinatario string                `json:"destinatario"`
	Oggetto      string                `json:"oggetto"`
	Stato        piano.StatoSpedizione `json:"stato"`
	Risposta     string                `json:"risposta"` // of the server, or the last fault
}

// CorsaMancata is a run of a job that should have been and was not.
type CorsaMancata struct {
	Job    string                `json:"job"`
	Giorno string                `json:"giorno"` // of Rome, as 2021-07-12
	Esito  piano.EsitoEsecuzione `json:"esito"`
	Errore string                `json:"errore"`
}

// NomeAllegati is how the annexes of the digest are called, without the ending:
// "riepilogo-terre-di-pianura-2021-06".
func (d DatiRiepilogo) NomeAllegati() string {
	codice := strings.Trim(d.Ente.Codice[:min(len(d.Ente.Codice), 40)], "-")
	return "riepilogo-" + codice + "-" + d.Al.String()[:len("2021-06")]
}
