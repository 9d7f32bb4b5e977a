package jobs

import (
	"context"
	"fmt"
	"slices"

	"github.com/scadenzario/scadenzario/piano"
)

// Testimone looks for the copies of messages in doubt; mailer.Testimone does.
type Testimone interface {
	// Cerca returns the ids of those that the server took.
	Cerca(ctx context.Context, dubbi []piano.InUscita) ([]int64, error)
}

// chiarisci settles the doubts whose copy is in the witness mailbox. One that is not
// there stays a doubt: the copy may be late, or have been refused, and nothing is sent
// again because of that. It returns how many were settled.
func (i Invio) chiarisci(ctx context.Context) (int, error) {
	if i.Testimone == nil || ctx.Err() != nil {
		return 0, nil
	}
	dubbi, err := i.Uscita.DubbiDaCercare(ctx, i.Adesso())
	if err != nil || len(dubbi) == 0 {
		return 0, err
	}
	nota := "no copy of it"
	trovati, err := i.Testimone.Cerca(ctx, dubbi)
	if err != nil {
		i.Log.Warn("the witness mailbox cannot be asked", "err", err)
		nota = err.Error()
	}
	var restano []int64
	for _, d := range dubbi {
		if !slices.Contains(trovati, d.ID) {
			restano = append(restano, d.ID)
		}
	}
	chiariti, err := i.Uscita.ChiarisciDubbi(ctx, trovati, i.Adesso())
	if err != nil {
		return 0, fmt.Errorf("settle doubts: %w", err)
	}
	if err := i.Uscita.AnnotaDubbi(ctx, restano, nota); err != nil {
		return chiariti, fmt.Errorf("note about doubts: %w", err)
	}
	if chiariti > 0 {
		i.Log.Info("doubts settled by the witness mailbox", "messages", chiariti)
	}
	return chiariti, nil
}
