package main

import (
	"context"
	"os/user"
	"time"

	"github.com/scadenzario/scadenzario/piano"
)

// aMano records that a person ran a job of one run a day, so that the daemon does not
// run it again on that day. With several enti the run was for one of them: the daemon
// passes over that one and runs for the others.
func (s *sessione) aMano(ctx context.Context, job string, g piano.Giorno, adesso time.Time) error {
	enti, err := s.db.Enti(ctx)
	if err != nil || len(enti) != 1 {
		return err
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
