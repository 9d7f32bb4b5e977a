package piano

import (
	"errors"
	"fmt"
)

// ErrNonTrovato is what a store answers, wrapped, for what it does not hold: an
// ente, a plan, a message.
var ErrNonTrovato = errors.New("not found")

// ErrGiaAccolta is what a store answers, wrapped, where a hand-in is to be judged
// that is in the plan already: somebody else judged it in the meantime.
var ErrGiaAccolta = errors.New("the consegna is already in the plan")

// ErrEsecuzionePersa is what a store answers, wrapped, to who holds a run no longer:
// the lease ran out and another daemon makes it.
var ErrEsecuzionePersa = errors.New("the run was taken over by another daemon")

// NumeroAltrui is the error for a card whose number belongs to an objective of
// another settore: the second number counts in the whole ente, so one of the two
// is wrong and taking it would write over the other's objective.
type NumeroAltrui struct {
	Numero  string // as on the card
	Settore string // whose objective it is, as the registry names it
}

// Error says it in English, for the log; the office reads the finding
// numero-di-altro-settore.
func (e *NumeroAltrui) Error() string {
	return fmt.Sprintf("objective %s belongs to %s", e.Numero, e.Settore)
}

// ErrSessioneChiusa is what a store answers, wrapped, for an answer to a session that is
// closed, or was never opened.
var ErrSessioneChiusa = errors.New("the session is not open")
