package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
	_ "time/tzdata" // the zone of Rome, wherever the binary runs

	"github.com/scadenzario/scadenzario/piano"
)

// Fuso is the zone in which schedules and days are meant (RELIABILITY.md,
// invariant 12).
const Fuso = "Europe/Rome"

// Lavoro is a job on a schedule.
type Lavoro struct {
	Nome   string
	Orario string // five fields of cron, in the zone of Rome
	// Grazia, where it is not 0, makes it a job of one run a day: its first time on a
	// day is when the run is due, and the run is made once by all the daemons on the
	// database, by the hand of a person included. It may be late, after a stop or
	// because it failed, by Grazia at most and never beyond its day. A job without
	// Grazia looks at each of its times and is cheap to run again.
	Grazia time.Duration
	// Esegui does the job at that instant of Rome and says in a few words what
	// it did, for the log. Cut off anywhere and run again it must do the rest.
	Esegui func(ctx context.Context, adesso time.Time) (string, error)
}

// ArchivioEsecuzioni keeps which run was made, and by whom.
type ArchivioEsecuzioni interface {
	// IscriviLavoro makes a job known; up to ieri nothing is owed.
	IscriviLavoro(ctx context.Context, job string, ieri piano.Giorno, adesso time.Time) error
	// PrendiEsecuzione gives a run to chi until fino, or says who has it.
	PrendiEsecuzione(ctx context.Context, job, periodo, chi string, adesso, fino time.Time) (e piano.Esecuzione, mia bool, err error)
	// ProlungaEsecuzione renews the lease; it fails where another took the run over.
	ProlungaEsecuzione(ctx context.Context, e piano.Esecuzione, fino time.Time) error
	// ChiudiEsecuzione records how the run ended; it fails in the same case.
	ChiudiEsecuzione(ctx context.Context, e piano.Esecuzione) error
	// ContaEsecuzioni writes down the runs up to fino that never began.
	ContaEsecuzioni(ctx context.Context, job string, fino piano.Giorno, adesso time.Time, dovute func(dal, al piano.Giorno) []string) ([]string, error)
	// SegnaBattito records a job's last run.
	SegnaBattito(ctx context.Context, job string, inizio time.Time, errore, chi string) error
	// Battiti returns the last run of each job, whichever daemon made it.
	Battiti(ctx context.Context) (map[string]piano.Battito, error)
	// Esecuzioni returns those of the named runs that exist.
	Esecuzioni(ctx context.Context, job, periodo []string) ([]piano.Esecuzione, error)
}

// Corsa is one run that ended, for whoever counts or reports them.
type Corsa struct {
	Job    string
	Inizio time.Time
	Durata time.Duration
	Errore error
}

// Orologio runs jobs on their schedules, never two runs of one job at a time.
type Orologio struct {
	// Dopo is called after each run of this process, where it is set.
	Dopo     func(context.Context, Corsa)
	lavori   []*lavoro
	archivio ArchivioEsecuzioni
	chi      string
	roma     *time.Location
	log      *slog.Logger
	mu       sync.Mutex
	partito  time.Time // when Run began; zero where it did not
}

// lavoro is a job as its own goroutine knows it.
type lavoro struct {
	Lavoro
	orario   orarioRoma
	iscritto bool         // the database knows it
	contato  piano.Giorno // up to which day its runs are accounted for
}

const (
	// leaseCorsa is how long the holder of a run is believed alive without a sign:
	// somebody else takes over within a minute (RELIABILITY.md, invariant 11).
	leaseCorsa = 45 * time.Second
	// riprova is when the database, which did not answer, is asked again.
	riprova = 20 * time.Second
	// passo bounds one wait: a machine that was suspended, or whose clock was set,
	// finds the right hour again by itself.
	passo = 10 * time.Minute
	// limiteChiusura bounds the writing down of how a run ended.
	limiteChiusura = 10 * time.Second
)

// NewOrologio prepares the jobs; Run starts them. chi names this process among those
// on the database. It fails on a schedule that ControllaOrario would refuse.
func NewOrologio(lavori []Lavoro, archivio ArchivioEsecuzioni, chi string, log *slog.Logger) (*Orologio, error) {
	roma, err := time.LoadLocation(Fuso)
	if err != nil {
		return nil, fmt.Errorf("zone: %w", err)
	}
	o := &Orologio{archivio: archivio, chi: chi, roma: roma, log: log}
	for _, l := range lavori {
		orario, err := leggiOrario(l.Orario)
		if err != nil {
			return nil, fmt.Errorf("schedule of %s: %w", l.Nome, err)
		}
		o.lavori = append(o.lavori, &lavoro{Lavoro: l, orario: orarioRoma{orario, roma}})
	}
	return o, nil
}

// Run runs the jobs until ctx ends, then waits for those that are at work: each
// of them sees the same ctx and finishes what it holds.
func (o *Orologio) Run(ctx context.Context) {
	o.mu.Lock()
	o.partito = o.ora()
	o.mu.Unlock()
	var tutti sync.WaitGroup
	for _, l := range o.lavori {
		tutti.Go(func() { o.segui(ctx, l) })
	}
	tutti.Wait()
}

// segui is the life of one job.
func (o *Orologio) segui(ctx context.Context, l *lavoro) {
	if err := o.iscrivi(ctx, l); err != nil {
		o.log.Error("run", "job", l.Nome, "err", err) // the next run tries again
	}
	for ctx.Err() == nil {
		var prossima time.Time
		if l.Grazia > 0 {
			prossima = o.turno(ctx, l)
		} else {
			prossima = l.orario.dopo(o.ora())
		}
		if adesso := o.ora(); !prossima.After(adesso) { // whatever a clock that was set back says, never in a circle
			prossima = adesso.Add(time.Second)
		}
		if o.aspetta(ctx, prossima) != nil {
			return
		}
		if l.Grazia == 0 {
			inizio := o.ora()
			fatto, err := o.chiama(ctx, l, inizio)
			o.finita(ctx, l, inizio, fatto, err)
		}
	}
}

// ora is the present instant in Rome.
func (o *Orologio) ora() time.Time { return time.Now().In(o.roma) }

// aspetta waits until t, or until ctx ends; then it returns ctx's error.
func (o *Orologio) aspetta(ctx context.Context, t time.Time) error {
	for {
		manca := t.Sub(o.ora())
		if manca <= 0 {
			return ctx.Err()
		}
		if err := Aspetta(ctx, min(manca, passo)); err != nil {
			return err
		}
	}
}

func (o *Orologio) iscrivi(ctx context.Context, l *lavoro) error {
	if l.iscritto {
		return nil
	}
	adesso := o.ora()
	if err := o.archivio.IscriviLavoro(ctx, l.Nome, piano.GiornoDi(adesso).Piu(-1), adesso); err != nil {
		return err
	}
	l.iscritto = true
	return nil
}

// chiama runs the job; a panic in it is a fault of this run and of no other.
func (o *Orologio) chiama(ctx context.Context, l *lavoro, adesso time.Time) (fatto string, err error) {
	defer func() {
		if r := recover(); r != nil {
			o.log.Error("a fault of the program", "job", l.Nome, "panic", r, "stack", string(debug.Stack()))
			err = fmt.Errorf("a fault of the program: %v", r)
		}
	}()
	return l.Esegui(ctx, adesso)
}

// finita logs one line for a run and tells whoever asks how the job is.
func (o *Orologio) finita(ctx context.Context, l *lavoro, inizio time.Time, fatto string, err error) {
	c := Corsa{l.Nome, inizio, time.Since(inizio).Round(time.Millisecond), err}
	errore := ""
	if err != nil {
		errore = err.Error()
		o.log.Error("run", "job", l.Nome, "took", c.Durata, "err", err)
	} else {
		o.log.Info("run", "job", l.Nome, "took", c.Durata, "did", fatto)
	}
	breve, annulla := context.WithTimeout(context.WithoutCancel(ctx), limiteChiusura)
	defer annulla()
	err = o.iscrivi(breve, l)
	if err == nil {
		err = o.archivio.SegnaBattito(breve, l.Nome, inizio, errore, o.chi)
	}
	if err != nil {
		o.log.Error("a run that the database does not know of", "job", l.Nome, "err", err)
	}
	if o.Dopo != nil {
		o.Dopo(ctx, c)
	}
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
