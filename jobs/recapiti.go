package jobs

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/scadenzario/scadenzario/mailer"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/templates"
)

// Recapiti tells the SIA whose address the registry lacks, of those who have something
// open in the plan: each once a month, for as long as it lacks.
//
// What makes it safe to run again: the key of a notice names what it tells, after the
// month, and none that a key of the month names is told again.
type Recapiti struct {
	Archivio ArchivioMessaggi
	Modelli  *templates.Modelli
	Mittente mailer.Mittente
	RegoleDi func(piano.Ente) Regole
	SoloEnte string // the code of the one ente to write for; "" for all
}

// Segnalazione is a notice ready to be read.
type Segnalazione struct {
	Ente     piano.Ente
	A        string // the SIA's address, else the Segretario's
	Mancanti []piano.RecapitoMancante
	Testi    templates.Testi
}

// Plan returns the notices that Run would write on that day. It writes nothing. Where
// neither the SIA nor the Segretario has an address, there is none.
func (r Recapiti) Plan(ctx context.Context, g piano.Giorno) ([]Segnalazione, error) {
	enti, err := entiDi(ctx, r.Archivio, r.SoloEnte)
	if err != nil {
		return nil, err
	}
	var tutte []Segnalazione
	for _, e := range enti {
		s, ok, err := r.planEnte(ctx, e, g)
		if err != nil {
			return nil, fmt.Errorf("addresses of %s: %w", e.Codice, err)
		}
		if ok {
			tutte = append(tutte, s)
		}
	}
	return tutte, nil
}

func (r Recapiti) planEnte(ctx context.Context, e piano.Ente, g piano.Giorno) (Segnalazione, bool, error) {
	anagrafica, err := r.Archivio.Anagrafica(ctx, e.Codice)
	if err != nil {
		return Segnalazione{}, false, fmt.Errorf("registry: %w", err)
	}
	mancanti := anagrafica.RecapitiMancanti(g)
	if len(mancanti) == 0 || !r.RegoleDi(e).Calendario.Lavorativo(g) {
		return Segnalazione{}, false, nil
	}
	attivita, err := r.Archivio.Situazioni(ctx, e.Codice, g)
	if err != nil {
		return Segnalazione{}, false, fmt.Errorf("activities: %w", err)
	}
	chiavi, err := r.Archivio.Chiavi(ctx, e.Codice, piano.TipoAvviso)
	if err != nil {
		return Segnalazione{}, false, fmt.Errorf("notices so far: %w", err)
	}
	scritti, err := r.Archivio.ScrittiIl(ctx, e.Codice, g)
	if err != nil {
		return Segnalazione{}, false, fmt.Errorf("who has a message today: %w", err)
	}
	sia, aperti := anagrafica.SIA(), map[string]bool{}
	for _, a := range attivita {
		if a.Situazione.Stato != piano.Conclusa && !a.Approvato.IsZero() {
			aperti[a.Settore] = true
		}
	}
	s := Segnalazione{Ente: e, A: sia.Email}
	if s.A == "" {
		sia, s.A = anagrafica.Segretario(), anagrafica.Segretario().Email
	}
	detti := giaSegnalati(chiavi, g)
	for _, m := range mancanti {
		if aperti[m.Settore] && !detti[siglaRecapito(m)] {
			s.Mancanti = append(s.Mancanti, m)
		}
	}
	if len(s.Mancanti) == 0 || s.A == "" || scritti[strings.ToLower(s.A)] {
		return Segnalazione{}, false, nil
	}
	s.Testi, err = r.Modelli.Recapiti(templates.DatiRecapiti{Ente: e, Giorno: g, SIA: sia, Mancanti: s.Mancanti})
	return s, err == nil, err
}

// avvisoRecapiti begins the keys of these notices: there are others to the SIA.
const avvisoRecapiti = "recapiti/"

// siglaRecapito names in a key what is missing: settore and person, or settore alone.
func siglaRecapito(m piano.RecapitoMancante) string {
	return piano.Codice(m.Settore) + ":" + piano.Codice(m.Nome)
}

// giaSegnalati reads from the keys what was told in the month of g; Run writes them.
func giaSegnalati(chiavi []string, g piano.Giorno) map[string]bool {
	detti := map[string]bool{}
	for _, c := range chiavi {
		if resto, ok := strings.CutPrefix(c, avvisoRecapiti+g.String()[:len("2021-06")]+"/"); ok {
			for _, sigla := range strings.Split(resto, "+") {
				detti[sigla] = true
			}
		}
	}
	return detti
}

// Run writes the day's notices into the outbox, once however often it is called, and
// returns what it wrote.
func (r Recapiti) Run(ctx context.Context, g piano.Giorno, adesso time.Time) ([]Segnalazione, error) {
	tutte, err := r.Plan(ctx, g)
	if err != nil || len(tutte) == 0 {
		return nil, err
	}
	var messaggi []piano.Messaggio
	for _, s := range tutte {
		var sigle []string
		for _, m := range s.Mancanti {
			sigle = append(sigle, siglaRecapito(m))
		}
		m, err := componi(piano.Messaggio{Ente: s.Ente.Codice, Tipo: piano.TipoAvviso, Giorno: g, A: []string{s.A},
			Chiave:  avvisoRecapiti + g.String()[:len("2021-06")] + "/" + strings.Join(sigle, "+"),
			Oggetto: s.Testi.Oggetto, Testo: s.Testi.Testo, HTML: s.Testi.HTML}, r.Mittente, g, adesso)
		if err != nil {
			return nil, err
		}
		messaggi = append(messaggi, m)
	}
	if _, err := r.Archivio.SaveMessaggi(ctx, "recapiti"+suffisso(r.SoloEnte), g.String(), adesso, messaggi); err != nil {
		return nil, fmt.Errorf("write the notices to the SIA: %w", err)
	}
	return tutte, nil
}
