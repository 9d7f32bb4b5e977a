package templates

import "github.com/scadenzario/scadenzario/piano"

// Testi is a finished message: what a mail is made of.
type Testi struct {
	Oggetto string // one line, without line breaks or control characters
	Testo   string // plain text, wrapped at 78 columns, lines ending with \n
	HTML    string // a whole document
}

// DatiPromemoria is what the reminder to a responsabile tells.
type DatiPromemoria struct {
	Ente       piano.Ente
	Giorno     piano.Giorno     // the day of sending: ages are counted up to it
	Promemoria piano.Promemoria // at least one item, worst first, Situazione filled for Giorno
	Segretario piano.Ruolo      // whom to ask; may be empty
}

// DatiRiepilogo is what the monthly digest to the Segretario tells. It must be
// complete: the digest may be attached to an act as it is.
type DatiRiepilogo struct {
	Ente       piano.Ente
	Anno, Mese int          // the month that it is about, 1..12
	Al         piano.Giorno // the situation is that at the end of this day
	Segretario piano.Ruolo  // the recipient; may be empty

	Totali    []TotaliSettore   // one for each settore, in the order to print
	Scadute   []piano.Assegnata // overdue, worst first, Situazione filled for Al
	InRitardo []piano.Assegnata // late, worst first, Situazione filled for Al

	Primo         bool            // no digest came before: Cambiamenti says nothing
	Cambiamenti   []Cambiamento   // activities whose state changed since the last digest
	SenzaConsegna []SenzaConsegna // settori that handed nothing in during the month

	Variazioni     []piano.Variazione     // proposed up to Al and waiting for a decision
	Contraddizioni []piano.Contraddizione // what the plan of the year says in two ways
}

// TotaliSettore counts the activities of a settore by their state.
type TotaliSettore struct {
	Settore        string
	Attivita       int // all of them: the sum of the six below
	Concluse       int
	InCorso        int
	InRitardo      int
	Scadute        int
	DaAvviare      int
	SenzaProgramma int
	UltimaConsegna piano.Giorno // no day where it never handed anything in
}

// Cambiamento is an activity whose state is not what the last digest said;
// what it is now is in Situazione.
type Cambiamento struct {
	piano.Assegnata
	Prima piano.Stato // "" where the last digest did not know the activity
}

// SenzaConsegna is a settore that handed nothing in.
type SenzaConsegna struct {
	Settore string
	Dal     piano.Giorno // day of its last hand-in; no day where there never was one
}
