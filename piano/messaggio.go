package piano

import (
	"strings"
	"time"
)

// TipoMessaggio is the kind of a message, part of its key.
type TipoMessaggio string

// The kinds of message.
const (
	TipoPromemoria    TipoMessaggio = "promemoria"         // to a responsabile: what is due or late
	TipoRiepilogo     TipoMessaggio = "riepilogo"          // to the Segretario: the month
	TipoPassaggio     TipoMessaggio = "passaggio-consegne" // to a newcomer: all that is open
	TipoSessione      TipoMessaggio = "sessione"           // to a responsabile: a check is open, the sheet is awaited
	TipoEsitoSessione TipoMessaggio = "esito-sessione"     // to the Segretario: what a check saw
	TipoAvviso        TipoMessaggio = "avviso"             // to the SIA: what a person must put right
)

// Messaggio is a message before it is a mail (DESIGN.md, 3, "Accounted mail").
// Ente, Tipo and Chiave together are unique for ever.
type Messaggio struct {
	ID        int64
	Ente      string // its code
	Tipo      TipoMessaggio
	Chiave    string // recipient and period: "2021-07-12/giulia.montanari@…", "2021-06"
	Giorno    Giorno // the day it is about
	A, CC     []string
	Oggetto   string
	Testo     string          // the plain text part
	HTML      string          // the HTML part
	Allegati  []Allegato      // files that go with it; part of MIME alone once it is stored
	MessageID string          // derived from the key, without angle brackets
	MIME      []byte          // the finished bytes: the same at each attempt
	Passi     []Inviato       // the passages that it tells
	Accenni   []int64         // other activities that it tells, for the register alone
	Richieste []Richiesta     // of a session: which settori it asks
	Stati     map[int64]Stato // of a riepilogo: each activity's state, for the next one to compare

	Istantanea *Istantanea // what it was made of, where it can be made again; nil for most
}

// Istantanea is what a message was made of, frozen when it was first written.
type Istantanea struct {
	Versione string // of the program that wrote it
	Dati     []byte // JSON
}

// RiepilogoScritto is a digest written before, as the next one compares itself with it.
type RiepilogoScritto struct {
	Al    Giorno          // the last day of its month
	Stati map[int64]Stato // of each activity then
}

// Allegato is a file that goes with a message.
type Allegato struct {
	Nome      string
	Tipo      string // its media type
	Contenuto []byte
}

// StatoSpedizione is the state of a message on its way to one recipient.
type StatoSpedizione string

// The states of RELIABILITY.md, "One message per key".
const (
	InCoda      StatoSpedizione = "in-coda"
	InInvio     StatoSpedizione = "in-invio"     // claimed; nothing irrevocable has happened
	AlPunto     StatoSpedizione = "al-punto"     // the final dot may be on the wire
	Spedito     StatoSpedizione = "inviato"      // the server answered 2xx
	Rifiutato   StatoSpedizione = "respinto"     // the server answered 5xx, or the tries ran out
	EsitoIgnoto StatoSpedizione = "esito-ignoto" // cut after the dot: never resent by itself
)

// Spedizione is one message on its way to one recipient: a row of the outbox.
type Spedizione struct {
	ID                int64
	Destinatario      string // the envelope's one recipient
	MessageID         string
	Nome              string // for a file: "2021-07-12-promemoria-suap"; the same for all recipients of a message
	MIME              []byte
	Stato             StatoSpedizione
	Tentativi         int       // attempts begun so far, this one included
	PrimoTentativo    time.Time // when the first of them began
	Fermate           int       // how often it was the one that stopped the mailbox
	Prova             bool      // the mailbox is stopped, and this message tries it
	Proprietario      string    // who holds it
	Risposta          string    // the server's last answer, or the last fault
	ProssimoTentativo time.Time
}

// InUscita is a message of the outbox as a person looks at it, without its bytes.
type InUscita struct {
	ID                int64           `json:"id"`
	Ente              string          `json:"ente"`
	Tipo              TipoMessaggio   `json:"tipo"`
	Giorno            Giorno          `json:"giorno"`
	Oggetto           string          `json:"oggetto"`
	Destinatario      string          `json:"destinatario"`
	MessageID         string          `json:"message_id"`
	Stato             StatoSpedizione `json:"stato"`
	Tentativi         int             `json:"tentativi"`
	ProssimoTentativo time.Time       `json:"prossimo_tentativo"`
	InviatoIl         time.Time       `json:"inviato_il,omitzero"`
	Risposta          string          `json:"risposta"`
}

// RispostaSuperata begins the answer of a message that was never sent because a later
// one tells all of it.
const RispostaSuperata = "not sent: later reminders tell all of it, the last of "

// Superata tells whether the message was never sent because a later one tells all of it.
func (u InUscita) Superata() bool { return strings.HasPrefix(u.Risposta, RispostaSuperata) }
