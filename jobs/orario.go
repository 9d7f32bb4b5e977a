package jobs

import (
	"fmt"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/scadenzario/scadenzario/piano"
)

// ControllaOrario tells what is wrong with a schedule: not five fields, a zone of
// its own, the hour that is skipped in March and comes twice in October, or a day
// that never comes (RELIABILITY.md, invariant 17).
func ControllaOrario(orario string) error {
	_, err := leggiOrario(orario)
	return err
}

func leggiOrario(orario string) (cron.Schedule, error) {
	if len(orario) > 0 && (orario[0] == 'T' || orario[0] == 'C' || orario[0] == '@') {
		return nil, fmt.Errorf("%q: write five fields, as in \"0 7 * * 1-5\"; the zone is always %s", orario, Fuso)
	}
	s, err := cron.ParseStandard(orario)
	if err != nil {
		return nil, fmt.Errorf("%q is no schedule of five fields, as in \"0 7 * * 1-5\": %w", orario, err)
	}
	if campi, ok := s.(*cron.SpecSchedule); ok && campi.Hour&(1<<2) != 0 && campi.Hour != tutteLeOre(campi.Hour) {
		return nil, fmt.Errorf("%q falls between 02:00 and 02:59, an hour that is skipped in March and comes twice in October: choose another", orario)
	}
	if s.Next(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return nil, fmt.Errorf("%q never comes: there is no such day", orario)
	}
	return s, nil
}

// tutteLeOre returns hours where they are all twenty-four, as in "* * * * *": a
// job that runs all day long may well run in that hour.
func tutteLeOre(ore uint64) uint64 {
	const tutte = 1<<24 - 1
	if ore&tutte == tutte {
		return ore
	}
	return 0
}

// orarioRoma is a schedule in the zone of Rome.
type orarioRoma struct {
	cron.Schedule
	roma *time.Location
}

// mezzanotte is the first instant of a day in Rome, which no change of hour touches.
func (o orarioRoma) mezzanotte(g piano.Giorno) time.Time {
	t := g.Time()
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, o.roma)
}

// dopo returns the first time of the schedule after an instant.
func (o orarioRoma) dopo(t time.Time) time.Time { return o.Next(t.In(o.roma)) }

// del returns the first time of the schedule on a day; false where it has none.
func (o orarioRoma) del(g piano.Giorno) (time.Time, bool) {
	t := o.dopo(o.mezzanotte(g).Add(-time.Second))
	return t, !t.IsZero() && t.Before(o.mezzanotte(g.Piu(1)))
}

// giorni returns the days from dal to al, both included, that have a time of the
// schedule, as periods of runs.
func (o orarioRoma) giorni(dal, al piano.Giorno) []string {
	var giorni []string
	for g := dal; !g.Dopo(al); g = g.Piu(1) {
		if _, ok := o.del(g); ok {
			giorni = append(giorni, g.String())
		}
	}
	return giorni
}

// indietro is how far back the last time of a schedule is looked for: further than any
// outage that somebody would still look into.
const indietro = 400

// ultima returns the last day up to adesso on which a run was due, and its time; false
// where there was none since dal.
func (o orarioRoma) ultima(dal, adesso time.Time) (g piano.Giorno, t time.Time, ok bool) {
	oggi := piano.GiornoDi(adesso.In(o.roma))
	for g := oggi; g.Da(oggi) > -indietro; g = g.Piu(-1) {
		if t, ok := o.del(g); ok && !t.After(adesso) {
			return g, t, !t.Before(dal)
		}
	}
	return g, t, false
}
