package jobs

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/scadenzario/scadenzario/mailer"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/templates"
)

// Regole are the rules of one ente: its working days, its ladder, the dates that the
// law sets it and when its budgets were approved.
type Regole struct {
	Calendario piano.Calendario
	Scala      piano.Scala
	Consegna   string // how an office hands its sheet in, for the end of "Il modulo si consegna …"; "" for the usual ways
	InCopia    bool   // who shares an objective is in copy of what its lead settore is told
	Termini    []piano.Termine
	Bilanci    map[int]piano.Giorno // by the year of the budget
}

// Solleciti writes the reminders of a day into the outbox, for every ente.
//
// What makes it safe to run again: a passage of the ladder is recorded in the
// transaction that writes its message, and piano.Scala never tells a recorded
// passage again. Whoever has a message of the ente about that day, of whatever
// kind, is passed over and told on the next working day.
type Solleciti struct {
	Archivio ArchivioMessaggi
	Modelli  *templates.Modelli
	Mittente mailer.Mittente
	RegoleDi func(piano.Ente) Regole
	SoloEnte string // the code of the one ente to write for; "" for all
}

// Preparato is a reminder ready to be read: its items and its words.
type Preparato struct {
	Ente       piano.Ente
	Promemoria piano.Promemoria
	Testi      templates.Testi
}

// SenzaIndirizzo is an activity about which nobody can be told: no incarico, no
// office mailbox, no Segretario has an address.
type SenzaIndirizzo struct {
	Ente, Settore string
	Voci          int
}

// Plan returns the messages that Run would write on that day, and the settori for
// whom there is nobody to write to. It writes nothing.
func (s Solleciti) Plan(ctx context.Context, g piano.Giorno) ([]Preparato, []SenzaIndirizzo, error) {
	enti, err := entiDi(ctx, s.Archivio, s.SoloEnte)
	if err != nil {
		return nil, nil, err
	}
	var preparati []Preparato
	var muti []SenzaIndirizzo
	for _, e := range enti {
		p, m, err := s.planEnte(ctx, e, g)
		if err != nil {
			return nil, nil, fmt.Errorf("reminders of %s: %w", e.Codice, err)
		}
		preparati, muti = append(preparati, p...), append(muti, m...)
	}
	return preparati, muti, nil
}

func (s Solleciti) planEnte(ctx context.Context, e piano.Ente, g piano.Giorno) ([]Preparato, []SenzaIndirizzo, error) {
	regole := s.RegoleDi(e)
	if !regole.Calendario.Lavorativo(g) {
		return nil, nil, nil
	}
	anagrafica, attivita, err := situazioniConReferenti(ctx, s.Archivio, e.Codice, g)
	if err != nil {
		return nil, nil, err
	}
	inviati, err := s.Archivio.Inviati(ctx, e.Codice)
	if err != nil {
		return nil, nil, fmt.Errorf("what was told already: %w", err)
	}
	scritti, err := s.Archivio.ScrittiIl(ctx, e.Codice, g)
	if err != nil {
		return nil, nil, fmt.Errorf("who has a message today: %w", err)
	}
	segretario := anagrafica.Segretario()
	if regole.InCopia {
		if err := metteInCopia(ctx, s.Archivio, anagrafica, attivita, g); err != nil {
			return nil, nil, err
		}
	}
	var preparati []Preparato
	for _, p := range regole.Scala.Promemoria(attivita, regole.Calendario, g, segretario.Email, inviati) {
		if scritti[strings.ToLower(p.A)] {
			continue // nothing is recorded: what is due is told on the next working day
		}
		testi, err := s.Modelli.Promemoria(templates.DatiPromemoria{Ente: e, Giorno: g, Promemoria: p, Segretario: segretario,
			Consegna: regole.Consegna, Successioni: regole.Scala.Successioni(anagrafica, p, regole.Calendario, g)})
		if err != nil {
			return nil, nil, fmt.Errorf("words for %s: %w", p.A, err)
		}
		preparati = append(preparati, Preparato{e, p, testi})
	}
	return preparati, senzaIndirizzo(e, attivita), nil
}

// metteInCopia says of each activity which settori share its objective, and where
// their people are written to.
func metteInCopia(ctx context.Context, archivio ArchivioMessaggi, a piano.Anagrafica, attivita []piano.Assegnata, g piano.Giorno) error {
	perAnno := map[int]map[string][]string{}
	for i := range attivita {
		x := &attivita[i]
		condivisi, ok := perAnno[x.AnnoPiano]
		if !ok {
			schede, err := archivio.Collocate(ctx, x.Ente, x.AnnoPiano)
			if err != nil {
				return fmt.Errorf("objectives of %d: %w", x.AnnoPiano, err)
			}
			condivisi = piano.Condivisi(schede, a)
			perAnno[x.AnnoPiano] = condivisi
		}
		x.Condiviso = condivisi[x.Obiettivo]
		for _, s := range x.Condiviso {
			x.InCopia = append(x.InCopia, a.Referente(s, g).Destinatario)
		}
	}
	return nil
}

// senzaIndirizzo counts, by settore, the late activities that nobody can be told
// about.
func senzaIndirizzo(e piano.Ente, attivita []piano.Assegnata) []SenzaIndirizzo {
	var muti []SenzaIndirizzo
	for _, a := range attivita {
		stato := a.Situazione.Stato
		if a.Referente.Destinatario != "" || stato != piano.Scaduta && stato != piano.InRitardo {
			continue
		}
		if n := len(muti); n == 0 || muti[n-1].Settore != a.Settore {
			muti = append(muti, SenzaIndirizzo{Ente: e.Codice, Settore: a.Settore})
		}
		muti[len(muti)-1].Voci++
	}
	return muti
}

// Run writes the day's reminders into the outbox, once however often it is
// called, and returns what it wrote.
func (s Solleciti) Run(ctx context.Context, g piano.Giorno, adesso time.Time) ([]Preparato, []SenzaIndirizzo, error) {
	preparati, muti, err := s.Plan(ctx, g)
	if err != nil {
		return nil, nil, err
	}
	messaggi := make([]piano.Messaggio, 0, len(preparati))
	moduli := nuoviModuli(s.Archivio, adesso)
	var senzaModulo []error
	for _, p := range preparati {
		m := p.messaggio(g)
		for _, v := range p.Promemoria.Voci {
			if err := moduli.allega(ctx, &m, p.Ente, v.Settore, v.AnnoPiano); err != nil {
				senzaModulo = append(senzaModulo, err) // the reminder goes all the same
			}
		}
		m, err := componi(m, s.Mittente, g, adesso)
		if err != nil {
			return nil, nil, err
		}
		messaggi = append(messaggi, m)
	}
	if _, err := s.Archivio.SaveMessaggi(ctx, lavoroSolleciti+suffisso(s.SoloEnte), g.String(), adesso, messaggi); err != nil {
		return nil, nil, fmt.Errorf("write the reminders: %w", err)
	}
	return preparati, muti, errors.Join(senzaModulo...)
}

// messaggio turns the reminder into a row of the outbox.
func (p Preparato) messaggio(g piano.Giorno) piano.Messaggio {
	m := piano.Messaggio{Ente: p.Ente.Codice, Tipo: piano.TipoPromemoria, Chiave: g.String() + "/" + p.Promemoria.A, Giorno: g,
		A: []string{p.Promemoria.A}, CC: p.Promemoria.CC,
		Oggetto: p.Testi.Oggetto, Testo: p.Testi.Testo, HTML: p.Testi.HTML}
	for _, v := range p.Promemoria.Voci {
		m.Passi = append(m.Passi, piano.Inviato{Attivita: v.ID, Stadio: v.Stadio, Riferimento: v.Riferimento, Giorno: g})
	}
	return m
}

// suffisso keeps the runs for one ente apart from those for all.
func suffisso(ente string) string {
	if ente == "" {
		return ""
	}
	return "/" + ente
}

// entiDi returns the one ente asked for, or all.
func entiDi(ctx context.Context, r ArchivioEnti, codice string) ([]piano.Ente, error) {
	enti, err := r.Enti(ctx)
	if err != nil {
		return nil, fmt.Errorf("enti: %w", err)
	}
	if codice == "" {
		return enti, nil
	}
	for _, e := range enti {
		if e.Codice == codice {
			return []piano.Ente{e}, nil
		}
	}
	return nil, fmt.Errorf("ente %q: %w", codice, piano.ErrNonTrovato)
}

// Situazioni returns the activities of an ente on a day, each with who is told
// about it, and the registry that says so. It is what check prints.
func Situazioni(ctx context.Context, archivio ArchivioPiano, ente string, g piano.Giorno) ([]piano.Assegnata, error) {
	_, attivita, err := situazioniConReferenti(ctx, archivio, ente, g)
	return attivita, err
}

func situazioniConReferenti(ctx context.Context, archivio ArchivioPiano, ente string, g piano.Giorno) (piano.Anagrafica, []piano.Assegnata, error) {
	anagrafica, err := archivio.Anagrafica(ctx, ente)
	if err != nil {
		return anagrafica, nil, fmt.Errorf("registry: %w", err)
	}
	attivita, err := archivio.Situazioni(ctx, ente, g)
	if err != nil {
		return anagrafica, nil, fmt.Errorf("activities: %w", err)
	}
	for i := range attivita {
		attivita[i].Referente = anagrafica.Referente(attivita[i].Settore, g)
	}
	return anagrafica, attivita, nil
}

// componi finishes a message: from here on its bytes never change. Its Date is the
// present one for a message about today, and eight in the morning of its day for
// one about another day, so that a day run again by hand is written the same.
func componi(m piano.Messaggio, mittente mailer.Mittente, g piano.Giorno, adesso time.Time) (piano.Messaggio, error) {
	data := adesso
	if piano.GiornoDi(adesso) != g {
		t := g.Time()
		data = time.Date(t.Year(), t.Month(), t.Day(), 8, 0, 0, 0, adesso.Location())
	}
	m, err := mailer.Componi(m, mittente, data)
	if err != nil {
		return m, fmt.Errorf("compose the message to %v: %w", m.A, err)
	}
	return m, nil
}
