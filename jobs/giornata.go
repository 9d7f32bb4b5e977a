package jobs

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/scadenzario/scadenzario/piano"
)

// Giornata writes the messages of a day to the people of the enti in the order in
// which one goes before another, since nobody gets two: hand-overs, reminders,
// notices to the SIA. The daemon, `scadenzario remind` and the simulated year run it.
type Giornata struct {
	Passaggi  Passaggi
	Solleciti Solleciti
	Recapiti  Recapiti
}

// Scritti are the messages of a day.
type Scritti struct {
	Consegnati   []Consegnato
	Preparati    []Preparato
	Segnalazioni []Segnalazione
	Muti         []SenzaIndirizzo // about whom nobody can be told
}

// Quanti returns how many messages there are.
func (s Scritti) Quanti() int { return len(s.Consegnati) + len(s.Preparati) + len(s.Segnalazioni) }

// Plan returns the messages that Run would write on that day. It writes nothing.
func (d Giornata) Plan(ctx context.Context, g piano.Giorno) (Scritti, error) {
	var s Scritti
	var err error
	if s.Consegnati, err = d.Passaggi.Plan(ctx, g); err != nil {
		return s, err
	}
	avuto := map[string]bool{}
	for _, c := range s.Consegnati {
		avuto[c.Ente.Codice+"/"+strings.ToLower(c.A)] = true
	}
	preparati, muti, err := d.Solleciti.Plan(ctx, g)
	if err != nil {
		return s, err
	}
	s.Muti = muti
	for _, p := range preparati {
		if chi := p.Ente.Codice + "/" + strings.ToLower(p.Promemoria.A); !avuto[chi] {
			avuto[chi] = true
			s.Preparati = append(s.Preparati, p)
		}
	}
	segnalazioni, err := d.Recapiti.Plan(ctx, g)
	for _, n := range segnalazioni {
		if !avuto[n.Ente.Codice+"/"+strings.ToLower(n.A)] {
			s.Segnalazioni = append(s.Segnalazioni, n)
		}
	}
	return s, err
}

// Run writes the day's messages into the outbox, once however often it is called, and
// returns what it wrote. What one job cannot write does not keep the next from its own.
func (d Giornata) Run(ctx context.Context, g piano.Giorno, adesso time.Time) (Scritti, error) {
	return d.run(ctx, g, adesso, true)
}

// RunDelGiorno is Run as the daemon makes it: the fault of one ente keeps none of the
// others back, and an ente whose reminders of that day are written, by hand or before
// a stop, has no others.
func (d Giornata) RunDelGiorno(ctx context.Context, g piano.Giorno, adesso time.Time) (Scritti, error) {
	enti, err := entiDi(ctx, d.Solleciti.Archivio, d.Solleciti.SoloEnte)
	if err != nil {
		return Scritti{}, err
	}
	var tutti Scritti
	var errs []error
	for _, e := range enti {
		sua := d
		sua.Passaggi.SoloEnte, sua.Solleciti.SoloEnte, sua.Recapiti.SoloEnte = e.Codice, e.Codice, e.Codice
		fatto, err := d.Solleciti.Archivio.EsecuzioneCompiuta(ctx, lavoroSolleciti+suffisso(e.Codice), g.String())
		if err != nil {
			errs = append(errs, fmt.Errorf("were the reminders of %s written: %w", e.Codice, err))
			continue
		}
		s, err := sua.run(ctx, g, adesso, !fatto)
		errs = append(errs, err)
		tutti.Consegnati, tutti.Preparati = append(tutti.Consegnati, s.Consegnati...), append(tutti.Preparati, s.Preparati...)
		tutti.Segnalazioni, tutti.Muti = append(tutti.Segnalazioni, s.Segnalazioni...), append(tutti.Muti, s.Muti...)
	}
	return tutti, errors.Join(errs...)
}

// run calls the jobs in their order. Hand-overs and notices know by their keys what
// was written; reminders are left out where somebody had the day's already.
func (d Giornata) run(ctx context.Context, g piano.Giorno, adesso time.Time, conSolleciti bool) (Scritti, error) {
	var s Scritti
	var passaggi, solleciti, recapiti error
	s.Consegnati, passaggi = d.Passaggi.Run(ctx, g, adesso)
	if conSolleciti {
		s.Preparati, s.Muti, solleciti = d.Solleciti.Run(ctx, g, adesso)
	}
	s.Segnalazioni, recapiti = d.Recapiti.Run(ctx, g, adesso)
	return s, errors.Join(passaggi, solleciti, recapiti)
}

// lavoroSolleciti names the runs that write reminders; with the ente's code behind it,
// those for one ente.
const lavoroSolleciti = "promemoria"
