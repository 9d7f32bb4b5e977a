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
