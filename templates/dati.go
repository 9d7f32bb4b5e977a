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
	Consegna   string           // how a sheet is handed in, as the ente has it: the end of "Il modulo si consegna …"; "" for the usual ways
	// Successioni are the ends of charges, by settore, that the recipient is to know of.
	Successioni map[string]piano.Successione
}

// DatiPassaggio is what a newcomer is told: the settori that have come to them, each
// with all that is open.
type DatiPassaggio struct {
	Ente       piano.Ente
	Giorno     piano.Giorno // the day of sending
	Nome       string       // the newcomer
	A          string
	CC         []string         // the Segretario, where an item is at escalation
	Subentri   []piano.Subentro // at least one
	Segretario piano.Ruolo      // whom to ask; may be empty
	Consegna   string           // as in DatiPromemoria
}

// DatiRecapiti is what the SIA is told: whose address the registry lacks.
type DatiRecapiti struct {
	Ente     piano.Ente
	Giorno   piano.Giorno // the day of sending
	SIA      piano.Ruolo  // the recipient; may have no name
	Mancanti []piano.RecapitoMancante
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
