package jobs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/scadenzario/scadenzario/mailer"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/report"
	"github.com/scadenzario/scadenzario/templates"
)

// Mensile writes the Segretario's digest of a month into the outbox: the state at
// the month's last day, and what changed since the digest before.
//
// What a digest is made of is frozen with it. Asked for again, the month's digest is
// made of that, whatever was handed in since: the same words, the same annexes.
type Mensile struct {
	Archivio ArchivioRiepilogo
	Modelli  *templates.Modelli
	Mittente mailer.Mittente
	RegoleDi func(piano.Ente) Regole
	// DateDi are the rules of the sessions over the plan of that year.
	DateDi   func(anno int) []piano.RegolaSessione
	Versione string // of the program, kept with what is frozen
	SoloEnte string // the code of the one ente to write for; "" for all
}

// Digest is a digest ready to be read.
type Digest struct {
	Ente     piano.Ente
	Dati     templates.DatiRiepilogo
	Testi    templates.Testi
	Allegati []piano.Allegato
	Scritto  bool   // it was written before, and is made of what was frozen then
	Versione string // of the program that froze it
}

// Errors that a person can put right.
var (
	// ErrSenzaSegretario: there is nobody to send the digest to.
	ErrSenzaSegretario = errors.New("the registry names no Segretario with an e-mail address: add the row to the sheet Ruoli and run `scadenzario registry import` again")
	// ErrMeseInCorso: a digest is written once, so not before its month is over.
	ErrMeseInCorso = errors.New("the month is not over: its digest would be written for good with what is known today; look at it with --dry-run or --out")
	// ErrSenzaDati: what a digest was made of is not known.
	ErrSenzaDati = errors.New("it was sent by a version of the program that kept no data of it: only the mail itself is left")
)

// Plan returns the digests of the month to which fine, its last day, belongs, as they
// are, or would be written on the day g. It writes nothing.
func (m Mensile) Plan(ctx context.Context, fine, g piano.Giorno) ([]Digest, error) {
	enti, err := entiDi(ctx, m.Archivio, m.SoloEnte)
	if err != nil {
		return nil, err
	}
	var digest []Digest
	for _, e := range enti {
		d, err := m.planEnte(ctx, e, fine, g)
		if err != nil {
			return nil, fmt.Errorf("digest of %s: %w", e.Codice, err)
		}
		digest = append(digest, d)
	}
	return digest, nil
}

func (m Mensile) planEnte(ctx context.Context, e piano.Ente, fine, g piano.Giorno) (Digest, error) {
	d := Digest{Ente: e, Versione: m.Versione}
	var err error
	if d.Scritto, err = m.scritto(ctx, e, fine); err != nil {
		return d, err
	}
	var i piano.Istantanea
	if d.Scritto {
		i, err = m.Archivio.Istantanea(ctx, e.Codice, piano.TipoRiepilogo, chiaveMese(fine))
		if errors.Is(err, piano.ErrNonTrovato) {
			return d, ErrSenzaDati
		}
		d.Versione = i.Versione
	} else if d.Dati, err = m.raccogli(ctx, e, fine, g); err == nil {
		i, err = congelaRiepilogo(d.Dati, m.Versione)
	}
	if err != nil {
		return d, err
	}
	// always from what is frozen, so that it is the same the second time
	if d.Dati, err = scongelaRiepilogo(i); err != nil {
		return d, err
	}
	if d.Testi, err = m.Modelli.Riepilogo(d.Dati); err != nil {
		return d, fmt.Errorf("words: %w", err)
	}
	if d.Allegati, err = report.Riepilogo(d.Dati); err != nil {
		return d, fmt.Errorf("annexes: %w", err)
	}
	return d, nil
}

// scritto tells whether the digest of that month was written.
func (m Mensile) scritto(ctx context.Context, e piano.Ente, fine piano.Giorno) (bool, error) {
	chiavi, err := m.Archivio.Chiavi(ctx, e.Codice, piano.TipoRiepilogo)
	if err != nil {
		return false, fmt.Errorf("digests written: %w", err)
	}
	return slices.Contains(chiavi, chiaveMese(fine)), nil
}

// Componi makes the mail of a digest, dated g: with the same Message-ID as the one that
// was sent, where it was.
func (m Mensile) Componi(d Digest, g piano.Giorno, adesso time.Time) (piano.Messaggio, error) {
	i, err := congelaRiepilogo(d.Dati, d.Versione)
	if err != nil {
		return piano.Messaggio{}, err
	}
	msg := piano.Messaggio{Ente: d.Ente.Codice, Tipo: piano.TipoRiepilogo, Chiave: chiaveMese(d.Dati.Al), Giorno: d.Dati.Al,
		A: []string{d.Dati.Segretario.Email}, Oggetto: d.Testi.Oggetto, Testo: d.Testi.Testo, HTML: d.Testi.HTML, Allegati: d.Allegati,
		Stati: map[int64]piano.Stato{}, Istantanea: &i}
	for _, a := range d.Dati.Attivita {
		msg.Stati[a.ID] = a.Stato
	}
	return componi(msg, m.Mittente, g, adesso)
}

// Run writes the digests into the outbox, dated g, once however often it is called
// for the same month. It returns those of the month and how many are new. It fails
// with ErrMeseInCorso, wrapped, before the month is over.
func (m Mensile) Run(ctx context.Context, fine, g piano.Giorno, adesso time.Time) ([]Digest, int, error) {
	if !g.Dopo(fine) {
		return nil, 0, fmt.Errorf("digest of %s on %s: %w", chiaveMese(fine), g, ErrMeseInCorso)
	}
	digest, err := m.Plan(ctx, fine, g)
	if err != nil {
		return nil, 0, err
	}
	var messaggi []piano.Messaggio
	for _, d := range digest {
		if d.Scritto {
			continue
		}
		msg, err := m.Componi(d, g, adesso)
		if err != nil {
			return nil, 0, err
		}
		messaggi = append(messaggi, msg)
	}
	nuovi, err := m.Archivio.SaveMessaggi(ctx, "riepilogo"+suffisso(m.SoloEnte), chiaveMese(fine), adesso, messaggi)
	if err != nil {
		return nil, 0, fmt.Errorf("write the digest: %w", err)
	}
	return digest, nuovi, nil
}

// massimoArretrati is how many months are told at once at most, the newest: after a
// long stop nobody wants a year of digests. The oldest of them says which were not told.
const massimoArretrati = 3

// RunDelGiorno writes the digest of the month before g for each ente whose first
// working day of the month has come, and before it those of the months that a stop
// swallowed. Called every day it writes each digest on that day, or on the first
// working day after a stop.
func (m Mensile) RunDelGiorno(ctx context.Context, g piano.Giorno, adesso time.Time) (int, error) {
	enti, err := entiDi(ctx, m.Archivio, m.SoloEnte)
	if err != nil {
		return 0, err
	}
	fine := piano.NewGiorno(g.Anno(), g.Mese(), 0)
	scritti := 0
	var errs []error
	for _, e := range enti {
		if c := m.RegoleDi(e).Calendario; g.Prima(c.Aggiungi(fine, 1)) || !c.Lavorativo(g) {
			continue
		}
		mesi, err := m.dovuti(ctx, e, fine)
		suo := m
		suo.SoloEnte = e.Codice
		for i := 0; i < len(mesi) && err == nil; i++ { // each is compared with the one before
			var nuovi int
			_, nuovi, err = suo.Run(ctx, mesi[i], g, adesso)
			scritti += nuovi
		}
		errs = append(errs, err)
	}
	return scritti, errors.Join(errs...)
}

// dovuti returns the last days of the months up to fine's that have no digest, oldest
// first: those after the newest digest, or fine's alone where there was none ever.
func (m Mensile) dovuti(ctx context.Context, e piano.Ente, fine piano.Giorno) ([]piano.Giorno, error) {
	scritti, err := m.Archivio.Riepiloghi(ctx, e.Codice, fine.Piu(1), 1)
	if err != nil || len(scritti) == 0 {
		return []piano.Giorno{fine}, err
	}
	var mesi []piano.Giorno
	for f := fine; f.Dopo(scritti[0].Al) && len(mesi) < massimoArretrati; f = piano.NewGiorno(f.Anno(), f.Mese(), 0) {
		mesi = append(mesi, f)
	}
	slices.Reverse(mesi)
	return mesi, nil
}
