package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/lib/pq"

	"github.com/scadenzario/scadenzario/piano"
)

// Errors that a caller may want to tell from a failure of the database. They come
// wrapped: use errors.Is.
var (
	// ErrGiaApprovato refuses a second approval of a plan by another act or day.
	ErrGiaApprovato = errors.New("the piano is already approved")
	// ErrSenzaObiettivi refuses the approval of a plan that has nothing in it.
	ErrSenzaObiettivi = errors.New("the piano has no obiettivi")
	// ErrGiaDetto is for a message that tells a passage of the ladder which
	// another message told in the meantime: ask Inviati again and write it anew.
	ErrGiaDetto = errors.New("a passage of the reminder ladder was already told")
	// ErrSessioneCambiata is for frozen data of a session that are not the bytes that
	// were frozen: somebody wrote into the database.
	ErrSessioneCambiata = errors.New("the frozen data of the session are not what was frozen: their SHA-256 differs")
	// ErrSvuotato is for who wants to send a message again whose bytes are gone.
	ErrSvuotato = errors.New("the message's bytes were dropped some weeks after its delivery ended ([posta] conserva_giorni): it cannot be sent again")
	// ErrDiscoPieno is for what could not be written because there is no room.
	ErrDiscoPieno = errors.New("the database's disk is full: make room there, then try again; what was acknowledged before is safe")
	// ErrDoppio is for a registry in which two settori have one name or code.
	ErrDoppio = errors.New("two settori have the same name or code")
	// ErrSpedizioneImpossibile is for a state that a spedizione cannot be closed
	// with: on its way, or inviato without having passed al-punto.
	ErrSpedizioneImpossibile = errors.New("a spedizione cannot be closed so")
)

// AttivitaDoppia is the error for a card that has the same activity twice in a
// year, accents and case aside: by its description an activity is found again at
// the next hand-in.
type AttivitaDoppia struct {
	Numero      string // the objective's number, as on the card
	Anno        int
	Descrizione string // of the second one
}

// Error says it in English, for the log.
func (e *AttivitaDoppia) Error() string {
	return fmt.Sprintf("objective %s has the activity %q twice in %d", e.Numero, e.Descrizione, e.Anno)
}

// discoPieno is the server's code for it.
const discoPieno = "53100"

// perVincolo says what the violation of a constraint means to a caller.
var perVincolo = map[string]error{
	"passi_inviati_unico":      ErrGiaDetto,
	"sessioni_richieste_unica": ErrGiaDetto,
	"passi_inviati_attivita":   piano.ErrNonTrovato,
	"settori_codice_unico":     ErrDoppio,
	"settori_nome_unico":       ErrDoppio,
}

// fallito wraps the error of a unit of work with its name. A violated constraint
// becomes the error that callers know; a query cut short by ctx, which the server
// answers with its own error 57014, becomes ctx's error too.
func fallito(ctx context.Context, opera string, err error) error {
	var p *pq.Error
	if errors.As(err, &p) {
		if p.Code == discoPieno {
			return fmt.Errorf("%s: %w: %w", opera, ErrDiscoPieno, err)
		}
		if noto, ok := perVincolo[p.Constraint]; ok {
			return fmt.Errorf("%s: %w: %w", opera, noto, err)
		}
	}
	if causa := ctx.Err(); causa != nil && !errors.Is(err, causa) {
		return fmt.Errorf("%s: %w: %w", opera, causa, err)
	}
	return fmt.Errorf("%s: %w", opera, err)
}
