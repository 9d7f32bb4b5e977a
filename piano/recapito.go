package piano

import (
	"errors"
	"fmt"
	"time"
)

// Ritmo is how many messages may be tried at most, by all senders of a database
// together; 0 is no limit. Minuto counts in a minute of the clock, Ora and Giorno in
// the 60 minutes and 24 hours before each attempt.
type Ritmo struct{ Minuto, Ora, Giorno int }

// Interruttore is the breaker of the mailbox that messages are sent from: open while
// the server refuses the account, a policy or the quota, and not a message.
type Interruttore struct {
	ApertoIl  time.Time `json:"aperto_il"`
	RiprovaIl time.Time `json:"riprova_il"` // from then on one message tries whether it is mended
	Motivo    string    `json:"motivo"`     // the server's last answer
	Rifiuti   int       `json:"rifiuti"`    // how many there were since
}

// StatoCoda is the outbox at a glance, for whoever watches over it.
type StatoCoda struct {
	PerStato     map[StatoSpedizione]int
	UltimoInvio  time.Time     // when a message was delivered last; zero where none was
	AttesaDal    time.Time     // when the oldest message that still waits was queued; zero where none waits
	MutaDal      time.Time     // the same of those that no server put off: not tried yet, or not answered
	RinviateDal  time.Time     // since when the server puts off messages to two addresses or more; zero where it does not
	Interruttore *Interruttore // nil while mail may leave
	Frenata      time.Time     // until when the pace lets none go; zero where it does, or nobody asked
}

// NonAncora is the error of who wants a message to deliver where the breaker or the
// pace lets none go for now.
type NonAncora struct {
	Fino         time.Time     // when it is worth to ask again
	Interruttore *Interruttore // what stopped the mailbox; nil where it is the pace
}

// Error says which of the two.
func (e *NonAncora) Error() string {
	if e.Interruttore != nil {
		return fmt.Sprintf("the mailbox is stopped, because the mail server said: %s", e.Interruttore.Motivo)
	}
	return "as many messages were tried as the pace allows"
}

// ErrPerso is for who wants to go on with a spedizione that is not theirs any more:
// the lease ran out, or it was never claimed. Nothing may be sent.
var ErrPerso = errors.New("the spedizione is held by somebody else, or done with")
