package piano

import "time"

// VoceRegistro is a line of the register: one item told to one recipient, as it was
// told. A message without items, a digest, is one line for each recipient.
type VoceRegistro struct {
	Ente         string          `json:"ente"`
	Giorno       Giorno          `json:"giorno"` // the day that the message is about
	Persona      string          `json:"persona"`
	Destinatario string          `json:"destinatario"`
	InCopia      bool            `json:"in_copia"`
	Tipo         TipoMessaggio   `json:"tipo"`
	Stadio       Stadio          `json:"stadio"` // of the reminder ladder; of a session's message its phase; "" for what has none
	Settore      string          `json:"settore"`
	Obiettivo    string          `json:"obiettivo"`
	Titolo       string          `json:"titolo"`
	Attivita     string          `json:"attivita"` // of a session's message the session
	Scadenza     Giorno          `json:"scadenza"`
	Oggetto      string          `json:"oggetto"`
	Stato        StatoSpedizione `json:"stato"`
	InviatoIl    time.Time       `json:"inviato_il,omitzero"`
	Risposta     string          `json:"risposta"` // of the mail server; its code alone after some weeks
	MessageID    string          `json:"message_id"`
}

// FiltroRegistro says which lines are wanted; what is empty does not matter.
type FiltroRegistro struct {
	Dal, Al   Giorno // both included
	Persona   string // a part of the name or of the address
	Obiettivo string // its number as on the card
	Settore   string // its name in the registry
}
