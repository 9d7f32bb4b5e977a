package main

import (
	"context"
	"os/user"
	"time"

	"github.com/scadenzario/scadenzario/piano"
)

// aMano records that a person ran a job of one run a day. Run by hand for every ente, one
// after the other, it counts for the day, and no daemon runs it; until then the daemon
// does, and passes over what is written.
func (s *sessione) aMano(ctx context.Context, job string, g piano.Giorno, adesso time.Time) error {
	if err := s.db.SegnaAMano(ctx, job+"/"+s.ente.Codice, g.String(), persona(), adesso); err != nil {
		return err
	}
	enti, err := s.db.Enti(ctx)
	if err != nil {
		return err
	}
	for _, e := range enti {
		if fatto, err := s.db.EsecuzioneCompiuta(ctx, job+"/"+e.Codice, g.String()); err != nil || !fatto {
			return err
		}
	}
	return s.db.SegnaAMano(ctx, job, g.String(), persona(), adesso)
}

// persona is who gives this command, for a record of it.
func persona() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "a person"
}
