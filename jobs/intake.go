package jobs

import (
	"context"
	"errors"
	"fmt"

	"github.com/scadenzario/scadenzario/importer"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/templates"
)

// Intake takes workbooks in: one use case behind the command line, the watched
// folder and whatever comes later (DESIGN.md, 3, "Hand-in").
type Intake struct {
	Archivio ArchivioConsegne
	Forza    bool // a person has confirmed that older content may go over newer
}

// Risposta is what the office is told about a hand-in.
type Risposta struct {
	Consegna    piano.Consegna
	GiaRicevuta bool // the same bytes were taken before: nothing was done
	Lettura     importer.Lettura
	Esiti       []piano.EsitoObiettivo // of an accepted hand-in, card by card
}

// Accolta tells whether the plan now holds what the workbook says.
func (r Risposta) Accolta() bool { return r.Consegna.Esito == piano.Accolta }

// dati turns the answer into what the template of the answer wants, on that day.
func (r Risposta) dati(g piano.Giorno) templates.DatiRisposta {
	d := templates.DatiRisposta{File: r.Consegna.File, Giorno: g, Accolto: r.Accolta(),
		Schede: r.Lettura.Schede, Esiti: r.Esiti, Rilievi: r.Lettura.Rilievi}
	if m := r.Lettura.Misure; m != nil {
		d.Misure = len(m.Misure)
	}
	if r.GiaRicevuta {
		d.GiaRicevuto = r.Consegna.Giorno
	}
	return d
}

// Ricevi keeps the bytes, reads them, and takes the workbook as a whole or
// refuses it as a whole. A fault of the workbook is in the answer; an error
// means that the program could not do its work, and that the same call may be
// made again: the bytes are safe and nothing is half written.
func (i Intake) Ricevi(ctx context.Context, ente, file string, contenuto []byte, g piano.Giorno) (Risposta, error) {
	r, err := i.ricevi(ctx, ente, file, contenuto, g)
	if errors.Is(err, piano.ErrGiaAccolta) {
		// somebody handed in the same bytes at the same moment and was faster: now
		// they are a file that is there already
		r, err = i.ricevi(ctx, ente, file, contenuto, g)
	}
	return r, err
}

func (i Intake) ricevi(ctx context.Context, ente, file string, contenuto []byte, g piano.Giorno) (Risposta, error) {
	consegna, nuova, err := i.Archivio.SaveConsegna(ctx, ente, file, contenuto, g)
	if err != nil {
		return Risposta{}, fmt.Errorf("keep the bytes of %s: %w", file, err)
	}
	r := Risposta{Consegna: consegna, Lettura: importer.Leggi(file, contenuto)}
	if !nuova && consegna.Esito == piano.Accolta {
		r.GiaRicevuta = true
		r.Lettura.Rilievi = consegna.Rilievi
		return r, nil
	}
	settori, err := i.Archivio.Settori(ctx, ente)
	if err != nil {
		return Risposta{}, fmt.Errorf("registry of %s: %w", ente, err)
	}
	anagrafica := piano.Anagrafica{Settori: settori}
	r.Lettura.Rilievi = append(r.Lettura.Rilievi, riconosciSettori(r.Lettura.Schede, anagrafica)...)
	if !piano.HaErrori(r.Lettura.Rilievi) && r.Lettura.Misure != nil {
		if err := i.accogliMisure(ctx, &r, anagrafica); err == nil || !errors.Is(err, piano.ErrSessioneChiusa) && !errors.Is(err, piano.ErrNonTrovato) {
			return r, err
		}
	} else if !piano.HaErrori(r.Lettura.Rilievi) {
		err := i.accogli(ctx, &r, g)
		if err == nil || !errors.As(err, new(*piano.NumeroAltrui)) && !errors.As(err, new(*piano.ConsegnaVecchia)) {
			return r, err
		}
	}
	r.Consegna.Esito = piano.Respinta
	if err := i.Archivio.RespingiConsegna(ctx, r.Consegna.ID, r.Lettura.Rilievi); err != nil {
		return Risposta{}, fmt.Errorf("refuse %s: %w", file, err)
	}
	return r, nil
}

// accogli takes the cards into the plan. Where a number belongs to another
// settore, or the content is older than the plan's, it adds the finding and returns the store's error.
func (i Intake) accogli(ctx context.Context, r *Risposta, g piano.Giorno) error {
	esiti, err := i.Archivio.SavePiano(ctx, r.Consegna.ID, piano.Fonte{Giorno: g, Aggiornata: r.Lettura.Aggiornata, Forzata: i.Forza}, r.Lettura.Schede, r.Lettura.Rilievi)
	var altrui *piano.NumeroAltrui
	if errors.As(err, &altrui) {
		s := r.scheda(altrui.Numero)
		r.Lettura.Rilievi = append(r.Lettura.Rilievi,
			importer.NuovoRilievo("numero-di-altro-settore", s.Foglio, s.Celle["numero"], altrui.Numero, altrui.Settore))
		return err
	}
	var vecchia *piano.ConsegnaVecchia
	if errors.As(err, &vecchia) {
		r.Lettura.Rilievi = append(r.Lettura.Rilievi, importer.NuovoRilievo("consegna-superata", "", "",
			piano.GiornoDi(r.Lettura.Aggiornata).Esteso(), vecchia.Numero, vecchia.File, vecchia.Giorno.Esteso()))
		return err
	}
	if err != nil {
		return fmt.Errorf("take in %s: %w", r.Consegna.File, err)
	}
	r.Consegna.Esito, r.Esiti = piano.Accolta, esiti
	for _, e := range esiti {
		s := r.scheda(e.Numero)
		for _, cosa := range e.DaVariare {
			r.Lettura.Rilievi = append(r.Lettura.Rilievi,
				importer.NuovoRilievo("variazione-non-applicata", s.Foglio, s.Celle["numero"], cosa))
		}
	}
	return nil
}

// accogliMisure takes a form of the measures into its session. Where that is not open, or
// the settore is unknown, it adds the finding and returns the store's error.
func (i Intake) accogliMisure(ctx context.Context, r *Risposta, a piano.Anagrafica) error {
	m := *r.Lettura.Misure
	err := i.Archivio.SaveRisposteMisure(ctx, r.Consegna.ID, m, r.Lettura.Rilievi)
	switch {
	case errors.Is(err, piano.ErrSessioneChiusa):
		r.Lettura.Rilievi = append(r.Lettura.Rilievi, importer.NuovoRilievo("sessione-non-aperta", "", "", m.Sessione))
		return err
	case errors.Is(err, piano.ErrNonTrovato):
		r.Lettura.Rilievi = append(r.Lettura.Rilievi, importer.NuovoRilievo("settore-sconosciuto", "", "", m.Settore, nomiSettori(a)))
		return err
	case err != nil:
		return fmt.Errorf("take in %s: %w", r.Consegna.File, err)
	}
	r.Consegna.Esito = piano.Accolta
	return nil
}

// scheda finds the card of that number.
func (r Risposta) scheda(numero string) piano.Obiettivo {
	for _, s := range r.Lettura.Schede {
		if s.Numero == numero {
			return s
		}
	}
	return piano.Obiettivo{}
}

// riconosciSettori puts the registry's name in place of the one on each card, and
// returns a finding for each card whose settore the registry does not know. A
// card without a settore has its finding from the importer already.
func riconosciSettori(schede []piano.Obiettivo, a piano.Anagrafica) []piano.Rilievo {
	var rilievi []piano.Rilievo
	for i, s := range schede {
		if s.Settore == "" {
			continue
		}
		settore, ok := a.Settore(s.Settore)
		if !ok {
			cella := s.Celle["settore"]
			if cella == "" {
				cella = s.Celle["numero"]
			}
			rilievi = append(rilievi, importer.NuovoRilievo("settore-sconosciuto", s.Foglio, cella, s.Settore, nomiSettori(a)))
			continue
		}
		schede[i].Settore = settore.Nome
	}
	return rilievi
}

// nomiSettori lists the names that a card may carry, for the finding.
func nomiSettori(a piano.Anagrafica) string {
	nomi := ""
	for i, s := range a.Settori {
		if i > 0 {
			nomi += ", "
		}
		nomi += s.Nome
	}
	return nomi
}
