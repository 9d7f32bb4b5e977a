package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"time"
	_ "time/tzdata" // the zone of Rome, wherever the binary runs

	"github.com/robfig/cron/v3"
)

// Fuso is the zone in which schedules and days are meant (RELIABILITY.md,
// invariant 12).
const Fuso = "Europe/Rome"

// Lavoro is a job on a schedule.
type Lavoro struct {
	Nome   string
	Orario string // five fields of cron, in the zone of Rome
	// Esegui does the job at that instant of Rome and says in a few words what
	// it did, for the log.
	Esegui func(ctx context.Context, adesso time.Time) (string, error)
}

// Orologio runs jobs on their schedules, never two runs of one job at a time.
type Orologio struct {
	lavori []Lavoro
	orari  []cron.Schedule
	roma   *time.Location
	salute *Salute
	log    *slog.Logger
}

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

// NewOrologio prepares the jobs; Run starts them. It fails on a schedule that
// ControllaOrario would refuse.
func NewOrologio(lavori []Lavoro, salute *Salute, log *slog.Logger) (*Orologio, error) {
	roma, err := time.LoadLocation(Fuso)
	if err != nil {
		return nil, fmt.Errorf("zone: %w", err)
	}
	o := &Orologio{lavori: lavori, roma: roma, salute: salute, log: log}
	for _, l := range lavori {
		orario, err := leggiOrario(l.Orario)
		if err != nil {
			return nil, fmt.Errorf("schedule of %s: %w", l.Nome, err)
		}
		o.orari = append(o.orari, orario)
		salute.aggiungi(l.Nome, orario.Next, time.Now().In(roma))
	}
	return o, nil
}

// Run runs the jobs until ctx ends, then waits for those that are at work: each
// of them sees the same ctx and finishes what it holds.
func (o *Orologio) Run(ctx context.Context) {
	registro := registroCron{o.log}
	// The order matters: with Recover outside, a job that panicked would count as
	// still running for ever.
	c := cron.New(cron.WithLocation(o.roma), cron.WithLogger(registro),
		cron.WithChain(cron.SkipIfStillRunning(registro), cron.Recover(registro)))
	for i, l := range o.lavori {
		c.Schedule(o.orari[i], cron.FuncJob(func() { o.esegui(ctx, l) }))
	}
	c.Start()
	<-ctx.Done()
	<-c.Stop().Done()
}

// esegui runs one job, logs one line and tells Salute.
func (o *Orologio) esegui(ctx context.Context, l Lavoro) {
	inizio := time.Now().In(o.roma)
	fatto, err := l.Esegui(ctx, inizio)
	durata := time.Since(inizio).Round(time.Millisecond)
	if err != nil {
		o.log.Error("run", "job", l.Nome, "took", durata, "err", err)
	} else {
		o.log.Info("run", "job", l.Nome, "took", durata, "did", fatto)
	}
	o.salute.segna(l.Nome, inizio, err)
}

// registroCron lets cron write into our log: a panic is an error, the rest is of
// no interest.
type registroCron struct{ log *slog.Logger }

// Info is called for each tick.
func (r registroCron) Info(string, ...any) {}

// Error is called for a job that panicked.
func (r registroCron) Error(err error, msg string, kv ...any) {
	r.log.Error("job failed: "+msg, append([]any{"err", err}, kv...)...)
}

// Aspetta waits for d, or until ctx ends; then it returns ctx's error.
func Aspetta(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Adesso returns the present instant in the zone of Rome: the day that every
// command means where it is given none.
func Adesso() (time.Time, error) {
	roma, err := time.LoadLocation(Fuso)
	if err != nil {
		return time.Time{}, fmt.Errorf("zone: %w", err)
	}
	return time.Now().In(roma), nil
}
