package jobs

import (
	"context"
	"time"
)

// giorniEsecuzioni is how long the rows of runs are kept: a year and a month, so that
// a month can be compared with that of a year ago.
const giorniEsecuzioni = 400

// ArchivioConservazione drops what is not to be kept any more.
type ArchivioConservazione interface {
	// SvuotaMessaggi drops the mail's own data of messages written and delivered
	// before an instant; the register stays.
	SvuotaMessaggi(ctx context.Context, prima, adesso time.Time) (int, error)
	// SvuotaEsecuzioni drops the rows of runs that began before an instant.
	SvuotaEsecuzioni(ctx context.Context, prima time.Time) (int, error)
}

// Conserva drops the data of the mail after some weeks (the Garante's 21 days, act of
// 6 June 2024 on the metadata of e-mail) and the rows of old runs. Who was told what
// and when is kept for ever.
type Conserva struct {
	Archivio ArchivioConservazione
	Giorni   int // how long the data of the mail are kept
}

// Run drops what is due and returns how many messages and runs that were. It may be
// cut off anywhere and called again.
func (c Conserva) Run(ctx context.Context, adesso time.Time) (messaggi, esecuzioni int, err error) {
	if messaggi, err = c.Archivio.SvuotaMessaggi(ctx, adesso.AddDate(0, 0, -c.Giorni), adesso); err != nil {
		return messaggi, 0, err
	}
	esecuzioni, err = c.Archivio.SvuotaEsecuzioni(ctx, adesso.AddDate(0, 0, -giorniEsecuzioni))
	return messaggi, esecuzioni, err
}
