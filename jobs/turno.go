package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/scadenzario/scadenzario/piano"
)

// turno does what is due of a job of one run a day, and returns when to look again.
// The row of the run decides, not this process: whoever writes it first makes the run,
// one that is cut off loses it after leaseCorsa, and one that failed may be made again
// by anybody.
func (o *Orologio) turno(ctx context.Context, l *lavoro) time.Time {
	adesso := o.ora()
	oggi := piano.GiornoDi(adesso)
	if err := o.conta(ctx, l, oggi.Piu(-1), adesso); err != nil {
		o.log.Error("run", "job", l.Nome, "err", err)
		return adesso.Add(riprova)
	}
	domani := l.orario.dopo(l.orario.mezzanotte(oggi.Piu(1)).Add(-time.Second))
	dovuto, oggiSi := l.orario.del(oggi)
	switch {
	case !oggiSi || !adesso.Before(l.scade(oggi, dovuto)):
		return domani
	case adesso.Before(dovuto):
		return dovuto
	}
	e, mia, err := o.archivio.PrendiEsecuzione(ctx, l.Nome, oggi.String(), o.chi, adesso, adesso.Add(leaseCorsa))
	if mia {
		e = o.esegui(ctx, l, e, adesso)
	}
	switch {
	case err != nil:
		o.log.Error("run", "job", l.Nome, "err", err)
		return adesso.Add(riprova)
	case e.Esito == "": // at work elsewhere, or cut off there
		return e.Fino.Add(time.Millisecond)
	case e.Esito == piano.Fallita:
		return e.Prossimo
	}
	return domani
}

// scade is when a run that is due on a day may not be made any more.
func (l *lavoro) scade(g piano.Giorno, dovuto time.Time) time.Time {
	fine := l.orario.mezzanotte(g.Piu(1))
	if t := dovuto.Add(l.Grazia); t.Before(fine) {
		return t
	}
	return fine
}

// conta writes down the runs up to ieri that nobody made.
func (o *Orologio) conta(ctx context.Context, l *lavoro, ieri piano.Giorno, adesso time.Time) error {
	if err := o.iscrivi(ctx, l); err != nil {
		return err
	}
	if !ieri.Dopo(l.contato) {
		return nil
	}
	saltate, err := o.archivio.ContaEsecuzioni(ctx, l.Nome, ieri, adesso, l.orario.giorni)
	if err != nil {
		return err
	}
	l.contato = ieri
	if n := len(saltate); n > 0 {
		o.log.Warn("runs that nobody made", "job", l.Nome, "runs", n, "from", saltate[0], "to", saltate[n-1])
	}
	return nil
}

// esegui makes a run that is ours and records how it ended. What it returns may still
// be at work: then the database could not be told, or another daemon took it over.
func (o *Orologio) esegui(ctx context.Context, l *lavoro, e piano.Esecuzione, adesso time.Time) piano.Esecuzione {
	mio, perso := context.WithCancel(ctx)
	finito := make(chan struct{})
	go func() { o.tieni(mio, e, perso); close(finito) }()
	fatto, err := o.chiama(mio, l, adesso)
	perso()
	<-finito
	chiusa := e
	chiusa.Finita, chiusa.Esito = o.ora(), piano.Fatta
	if err != nil {
		chiusa.Esito, chiusa.Errore, chiusa.Prossimo = piano.Fallita, err.Error(), chiusa.Finita.Add(attesaTentativo(e.Tentativo))
		if ctx.Err() != nil { // told to stop: the next start may try at once
			chiusa.Prossimo = chiusa.Finita
		}
	}
	breve, annulla := context.WithTimeout(context.WithoutCancel(ctx), limiteChiusura)
	defer annulla()
	if errChiusura := o.archivio.ChiudiEsecuzione(breve, chiusa); errChiusura != nil {
		err = errors.Join(err, errChiusura)
		chiusa = e
		chiusa.Fino = o.ora().Add(leaseCorsa)
	}
	o.finita(ctx, l, adesso, fatto, err)
	return chiusa
}

// tieni renews the lease of a run while ctx lasts. It calls perso, which ends the run,
// where another daemon took it over, or where the database was away for longer than
// the lease.
func (o *Orologio) tieni(ctx context.Context, e piano.Esecuzione, perso func()) {
	for Aspetta(ctx, leaseCorsa/3) == nil {
		adesso := o.ora()
		err := o.archivio.ProlungaEsecuzione(ctx, e, adesso.Add(leaseCorsa))
		if err == nil {
			e.Fino = adesso.Add(leaseCorsa)
			continue
		}
		o.log.Warn("a run may be lost to another daemon", "job", e.Job, "day", e.Periodo, "err", err)
		if errors.Is(err, piano.ErrEsecuzionePersa) || adesso.After(e.Fino) {
			perso()
			return
		}
	}
}

// attesaTentativo is how long a run that failed waits: 1, 2, 4, 8, then 15 minutes.
func attesaTentativo(tentativo int) time.Duration {
	return min(time.Minute<<min(tentativo-1, 4), 15*time.Minute)
}
