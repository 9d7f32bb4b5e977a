package piano

import "time"

// EsitoEsecuzione is how the run of a job for a day ended.
type EsitoEsecuzione string

// How a run ends; "" is one that is still at work, or was cut off.
const (
	Fatta   EsitoEsecuzione = "fatta"
	AMano   EsitoEsecuzione = "a-mano"  // a person ran the job for that day
	Fallita EsitoEsecuzione = "fallita" // tried again as long as its grace lasts
	Saltata EsitoEsecuzione = "saltata" // nothing ran when it should have, and its grace is over
)

// Compiuta tells whether the work of that day is done.
func (e EsitoEsecuzione) Compiuta() bool { return e == Fatta || e == AMano }

// Esecuzione is the run of a job for a period, which is a day of Rome written as
// 2021-07-12: made once, whatever the number of daemons on the database.
type Esecuzione struct {
	Job, Periodo string
	Iniziata     time.Time       // the last attempt's beginning
	Finita       time.Time       // zero while it is at work
	Esito        EsitoEsecuzione // "" while it is at work
	Errore       string          // the last attempt's fault
	Proprietario string          // who is at work, or was
	Tentativo    int             // attempts begun so far; with Proprietario it fences a holder that was taken for dead
	Fino         time.Time       // until when a holder at work is believed alive
	Prossimo     time.Time       // when one that failed may be tried again
}

// Battito is the last sign of life of a job, from whichever daemon it came.
type Battito struct {
	Job      string
	Dal      time.Time // when a daemon first had it on its schedule
	Iniziato time.Time // the last run; zero before the first
	Riuscito time.Time // the last run that went well; zero before it
	Errore   string    // of the last run, "" where it went well
	Chi      string    // the daemon that made the last run
}
