package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/scadenzario/scadenzario/piano"
)

// tolleranza is how late a job may be before the service calls itself ill.
const tolleranza = 2 * time.Minute

// durataMassima is how long a run may be at work before somebody should look.
const durataMassima = time.Hour

// StatoLavoro is how one job is, whichever daemon runs it: for /healthz and for
// `scadenzario status`.
type StatoLavoro struct {
	Job        string    `json:"job"`
	Ultima     time.Time `json:"last,omitzero"`    // the last run's beginning
	Riuscita   time.Time `json:"last_ok,omitzero"` // the last one that went well
	Prossima   time.Time `json:"next"`             // when it should run next
	Male       string    `json:"error,omitempty"`  // what is wrong, "" where all is well
	UltimoErr  string    `json:"last_error,omitempty"`
	Esecutrice string    `json:"by,omitempty"` // the daemon that made the last run
}

// Stato tells how each job is. It asks the database, so that any daemon's run counts.
func (o *Orologio) Stato(ctx context.Context, adesso time.Time) ([]StatoLavoro, error) {
	battiti, err := o.archivio.Battiti(ctx)
	if err != nil {
		return nil, err
	}
	var nomi, periodi []string
	dovute := map[string]time.Time{}
	for _, l := range o.lavori {
		g, t, ok := l.orario.ultima(battiti[l.Nome].Dal, adesso)
		if _, noto := battiti[l.Nome]; noto && ok && l.Grazia > 0 {
			nomi, periodi = append(nomi, l.Nome), append(periodi, g.String())
			dovute[l.Nome] = t
		}
	}
	fatte, err := o.archivio.Esecuzioni(ctx, nomi, periodi)
	if err != nil {
		return nil, err
	}
	per := map[string]piano.Esecuzione{}
	for _, e := range fatte {
		per[e.Job] = e
	}
	o.mu.Lock()
	partito := o.partito
	o.mu.Unlock()
	stati := make([]StatoLavoro, 0, len(o.lavori))
	for _, l := range o.lavori {
		b := battiti[l.Nome]
		s := StatoLavoro{Job: l.Nome, Ultima: o.inRoma(b.Iniziato), Riuscita: o.inRoma(b.Riuscito), Prossima: l.orario.dopo(adesso), UltimoErr: b.Errore, Esecutrice: b.Chi}
		if t, ok := dovute[l.Nome]; ok {
			s.Male = comeVa(per[l.Nome], t, adesso)
		} else if l.Grazia == 0 {
			s.Male = l.comeBatte(b, partito, adesso)
		}
		stati = append(stati, s)
	}
	return stati, nil
}

// inRoma is an instant as the offices' clocks show it; the zero time stays zero.
func (o *Orologio) inRoma(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(o.roma)
}

const oraBreve = "2006-01-02 15:04"

// comeVa says what is wrong with the run that was due at dovuta, "" for nothing. The
// zero e is a run that nobody began.
func comeVa(e piano.Esecuzione, dovuta, adesso time.Time) string {
	switch {
	case e.Esito.Compiuta(), !adesso.After(dovuta.Add(tolleranza)):
		return ""
	case e.Esito == piano.Fallita:
		return fmt.Sprintf("the run due %s failed: %s", dovuta.Format(oraBreve), e.Errore)
	case e.Periodo != "" && e.Esito == "" && !adesso.After(e.Fino) && !adesso.After(e.Iniziata.Add(durataMassima)):
		return "" // at work
	case e.Periodo != "" && e.Esito == "":
		return fmt.Sprintf("the run due %s began at %s and did not end", dovuta.Format(oraBreve), e.Iniziata.In(dovuta.Location()).Format(oraBreve))
	}
	return fmt.Sprintf("did not run when it should have, at %s", dovuta.Format(oraBreve))
}

// comeBatte is comeVa for a job that runs at each of its times: it must have gone well
// when it was due last. A daemon that started at partito has until its first time.
func (l *lavoro) comeBatte(b piano.Battito, partito, adesso time.Time) string {
	da := b.Riuscito
	for _, t := range []time.Time{b.Dal, partito} {
		if t.After(da) {
			da = t
		}
	}
	if da.IsZero() || !adesso.After(l.orario.dopo(da).Add(tolleranza)) {
		return ""
	}
	if b.Errore != "" {
		return fmt.Sprintf("has not gone well since %s: %s", da.In(l.orario.roma).Format(oraBreve), b.Errore)
	}
	return fmt.Sprintf("did not run when it should have, at %s", l.orario.dopo(da).Format(oraBreve))
}
