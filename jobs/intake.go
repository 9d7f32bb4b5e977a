package jobs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

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
	Err         error                  // the program could not do its work: nothing was taken, nothing refused
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

// Ricevi hands one file in, as RiceviTutti does.
func (i Intake) Ricevi(ctx context.Context, ente, file string, contenuto []byte, g piano.Giorno) (Risposta, error) {
	r := i.RiceviTutti(ctx, ente, []piano.Documento{{File: file, Contenuto: contenuto}}, g)[0]
	return r, r.Err
}

// RiceviTutti keeps the bytes of files, reads them, and takes each workbook as a whole or
// refuses it as a whole. The answers come in the order of the files. A fault of a workbook
// is in its answer; Err there means that the program could not do its work, and that the
// same call may be made again: nothing is half written, and bytes that were kept are safe.
// The files are kept together and their cards written together, because that is several
// times as fast: with many files, call it for some of them at a time.
func (i Intake) RiceviTutti(ctx context.Context, ente string, file []piano.Documento, g piano.Giorno) []Risposta {
	risposte := i.riceviTutti(ctx, ente, file, g)
	for k, r := range risposte {
		if errors.Is(r.Err, piano.ErrGiaAccolta) {
			// somebody handed in the same bytes at the same moment and was faster: now
			// they are a file that is there already
			risposte[k] = i.riceviTutti(ctx, ente, file[k:k+1], g)[0]
		}
	}
	return risposte
}

func (i Intake) riceviTutti(ctx context.Context, ente string, file []piano.Documento, g piano.Giorno) []Risposta {
	risposte := make([]Risposta, len(file))
	var settori []piano.Settore
	var letture []importer.Lettura
	consegne, err := i.Archivio.SaveConsegne(ctx, ente, file, g)
	if err != nil {
		err = fmt.Errorf("keep the bytes: %w", err)
	} else {
		var insieme sync.WaitGroup
		insieme.Go(func() { letture = leggiTutti(file) })
		if settori, err = i.Archivio.Settori(ctx, ente); err != nil { // the database answers meanwhile
			err = fmt.Errorf("registry of %s: %w", ente, err)
		}
		insieme.Wait()
	}
	if err != nil {
		for k := range risposte {
			risposte[k].Err = fmt.Errorf("%s: %w", file[k].File, err)
		}
		return risposte
	}
	anagrafica := piano.Anagrafica{Settori: settori}
	var daAccogliere []*Risposta
	for k, lettura := range letture {
		r := &risposte[k]
		*r = Risposta{Consegna: consegne[k], Lettura: lettura}
		if !r.Consegna.Nuova && r.Accolta() {
			r.GiaRicevuta = true
			r.Lettura.Rilievi = r.Consegna.Rilievi
			continue
		}
		r.Lettura.Rilievi = append(r.Lettura.Rilievi, riconosciSettori(r.Lettura.Schede, anagrafica)...)
		switch {
		case piano.HaErrori(r.Lettura.Rilievi):
			i.respingi(ctx, r)
		case r.Lettura.Misure != nil:
			i.accogliMisure(ctx, r, anagrafica)
		default:
			daAccogliere = append(daAccogliere, r)
		}
	}
	i.accogli(ctx, daAccogliere, g)
	return risposte
}

// lettori is how many workbooks are read at the same time: each may take some hundred
// megabytes where somebody means harm.
const lettori = 2

func leggiTutti(file []piano.Documento) []importer.Lettura {
	letture := make([]importer.Lettura, len(file))
	var presi atomic.Int64
	leggi := func() {
		for k := presi.Add(1) - 1; k < int64(len(file)); k = presi.Add(1) - 1 {
			letture[k] = importer.Leggi(file[k].File, file[k].Contenuto)
		}
	}
	var insieme sync.WaitGroup
	for range min(lettori, len(file)) - 1 {
		insieme.Go(leggi)
	}
	leggi()
	insieme.Wait()
	return letture
}

// respingi refuses a hand-in for the findings of its answer.
func (i Intake) respingi(ctx context.Context, r *Risposta) {
	r.Consegna.Esito = piano.Respinta
	if err := i.Archivio.RespingiConsegna(ctx, r.Consegna.ID, r.Lettura.Rilievi); err != nil {
		r.Err = fmt.Errorf("refuse %s: %w", r.Consegna.File, err)
	}
}

// accogli takes the cards into the plan. Where a number belongs to another settore, or
// the content is older than the plan's, the hand-in is refused with that finding.
func (i Intake) accogli(ctx context.Context, risposte []*Risposta, g piano.Giorno) {
	if len(risposte) == 0 {
		return
	}
	arrivi := make([]piano.Arrivo, 0, len(risposte))
	for _, r := range risposte {
		arrivi = append(arrivi, piano.Arrivo{Consegna: r.Consegna.ID, Obiettivi: r.Lettura.Schede, Rilievi: r.Lettura.Rilievi,
			Fonte: piano.Fonte{Giorno: g, Aggiornata: r.Lettura.Aggiornata, Forzata: i.Forza}})
	}
	for k, e := range i.Archivio.SavePiani(ctx, arrivi) {
		r := risposte[k]
		var altrui *piano.NumeroAltrui
		var vecchia *piano.ConsegnaVecchia
		switch {
		case errors.As(e.Err, &altrui):
			s := r.scheda(altrui.Numero)
			r.Lettura.Rilievi = append(r.Lettura.Rilievi,
				importer.NuovoRilievo("numero-di-altro-settore", s.Foglio, s.Celle["numero"], altrui.Numero, altrui.Settore))
			i.respingi(ctx, r)
		case errors.As(e.Err, &vecchia):
			r.Lettura.Rilievi = append(r.Lettura.Rilievi, importer.NuovoRilievo("consegna-superata", "", "",
				piano.GiornoDi(r.Lettura.Aggiornata).Esteso(), vecchia.Numero, vecchia.File, vecchia.Giorno.Esteso()))
			i.respingi(ctx, r)
		case e.Err != nil:
			r.Err = fmt.Errorf("take in %s: %w", r.Consegna.File, e.Err)
		default:
			r.accolta(e.Esiti)
		}
	}
}

// accolta notes that the cards are in the plan, with a finding for each wish that waits
// for an act.
func (r *Risposta) accolta(esiti []piano.EsitoObiettivo) {
	r.Consegna.Esito, r.Esiti = piano.Accolta, esiti
	for _, e := range esiti {
		s := r.scheda(e.Numero)
		for _, cosa := range e.DaVariare {
			r.Lettura.Rilievi = append(r.Lettura.Rilievi,
				importer.NuovoRilievo("variazione-non-applicata", s.Foglio, s.Celle["numero"], cosa))
		}
	}
}

// accogliMisure takes a form of the measures into its session. Where that is not open, or
// the settore is unknown, the form is refused with that finding.
func (i Intake) accogliMisure(ctx context.Context, r *Risposta, a piano.Anagrafica) {
	m := *r.Lettura.Misure
	sconosciute, err := i.Archivio.SaveRisposteMisure(ctx, r.Consegna.ID, m, r.Lettura.Rilievi)
	switch {
	case errors.Is(err, piano.ErrSessioneChiusa):
		r.Lettura.Rilievi = append(r.Lettura.Rilievi, importer.NuovoRilievo("sessione-non-aperta", "", "", m.Sessione))
		i.respingi(ctx, r)
	case errors.Is(err, piano.ErrNonTrovato):
		r.Lettura.Rilievi = append(r.Lettura.Rilievi, importer.NuovoRilievo("settore-sconosciuto", "", "", m.Settore, nomiSettori(a)))
		i.respingi(ctx, r)
	case err != nil:
		r.Err = fmt.Errorf("take in %s: %w", r.Consegna.File, err)
	default:
		r.Consegna.Esito = piano.Accolta
		for _, v := range m.Misure {
			if slices.Contains(sconosciute, v.Misura) {
				r.Lettura.Rilievi = append(r.Lettura.Rilievi, importer.NuovoRilievo("misura-sconosciuta", m.Foglio, v.Cella, importer.CodiceMisura(v.Misura)))
			}
		}
	}
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
	noti := map[string]string{} // mostly one for all cards
	for i, s := range schede {
		if s.Settore == "" {
			continue
		}
		if nome, noto := noti[s.Settore]; noto {
			schede[i].Settore = nome
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
		schede[i].Settore, noti[s.Settore] = settore.Nome, settore.Nome
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
