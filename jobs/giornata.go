package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/scadenzario/scadenzario/piano"
)

// RunDelGiorno writes the day's reminders of every ente, as the daemon does: an ente
// whose reminders of that day are written, by hand or before a stop, is passed over,
// and the fault of one ente keeps none of the others back. It returns how many
// messages are new and the settori for whom there is nobody to write to.
func (s Solleciti) RunDelGiorno(ctx context.Context, g piano.Giorno, adesso time.Time) (int, []SenzaIndirizzo, error) {
	enti, err := entiDi(ctx, s.Archivio, s.SoloEnte)
	if err != nil {
		return 0, nil, err
	}
	scritti := 0
	var muti []SenzaIndirizzo
	var errs []error
	for _, e := range enti {
		suo := s
		suo.SoloEnte = e.Codice
		fatto, err := s.Archivio.EsecuzioneCompiuta(ctx, lavoroSolleciti+suffisso(e.Codice), g.String())
		if err != nil {
			errs = append(errs, fmt.Errorf("were the reminders of %s written: %w", e.Codice, err))
			continue
		}
		if fatto {
			continue
		}
		p, m, err := suo.Run(ctx, g, adesso)
		scritti, muti, errs = scritti+len(p), append(muti, m...), append(errs, err)
	}
	return scritti, muti, errors.Join(errs...)
}

// lavoroSolleciti names the runs that write reminders; with the ente's code behind it,
// those for one ente.
const lavoroSolleciti = "promemoria"
