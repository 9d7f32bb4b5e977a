package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/scadenzario/scadenzario/mailer"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/templates"
)

// Mensile writes the Segretario's digest of a month into the outbox: the state at
// the month's last day, and what changed since the digest before.
type Mensile struct {
	Archivio ArchivioMessaggi
	Modelli  *templates.Modelli
	Mittente mailer.Mittente
	RegoleDi func(piano.Ente) Regole
	SoloEnte string // the code of the one ente to write for; "" for all
}

// Digest is a digest ready to be read.
type Digest struct {
	Ente       piano.Ente
	Segretario piano.Ruolo
	Testi      templates.Testi
	stati      map[int64]piano.Stato
}

// ErrSenzaSegretario is the error for an ente whose registry names no Segretario
// with an address: there is nobody to send the digest to.
var ErrSenzaSegretario = errors.New("the registry names no Segretario with an e-mail address: add the row to the sheet Ruoli and run `scadenzario registry import` again")

// Plan returns the digests of the month to which fine, its last day, belongs. It
// writes nothing.
func (m Mensile) Plan(ctx context.Context, fine piano.Giorno) ([]Digest, error) {
	enti, err := entiDi(ctx, m.Archivio, m.SoloEnte)
	if err != nil {
		return nil, err
	}
	var digest []Digest
	for _, e := range enti {
		d, err := m.planEnte(ctx, e, fine)
		if err != nil {
			return nil, fmt.Errorf("digest of %s: %w", e.Codice, err)
		}
		digest = append(digest, d)
	}
	return digest, nil
}

func (m Mensile) planEnte(ctx context.Context, e piano.Ente, fine piano.Giorno) (Digest, error) {
	anagrafica, attivita, err := situazioniConReferenti(ctx, m.Archivio, e.Codice, fine)
	if err != nil {
		return Digest{}, err
	}
	segretario := anagrafica.Segretario()
	if segretario.Email == "" {
		return Digest{}, ErrSenzaSegretario
	}
	consegne, err := m.Archivio.UltimeConsegne(ctx, e.Codice, fine)
	if err != nil {
		return Digest{}, fmt.Errorf("last hand-ins: %w", err)
	}
	precedente, esiste, err := m.Archivio.UltimoRiepilogo(ctx, e.Codice, fine)
	if err != nil {
		return Digest{}, fmt.Errorf("digest before: %w", err)
	}
	dati := riepiloga(e, segretario, anagrafica.Settori, attivita, consegne, fine)
	if esiste {
		dati.Primo = false
		dati.Cambiamenti = cambiamenti(precedente.Stati, attivita)
	}
	variazioni, err := m.Archivio.Variazioni(ctx, e.Codice, false)
	if err != nil {
		return Digest{}, fmt.Errorf("variations: %w", err)
	}
	for _, v := range variazioni {
		if !v.Giorno.Dopo(fine) {
			dati.Variazioni = append(dati.Variazioni, v)
		}
	}
	collocate, err := m.Archivio.Collocate(ctx, e.Codice, fine.Anno())
	if err != nil {
		return Digest{}, fmt.Errorf("objectives: %w", err)
	}
	sintesi, err := m.Archivio.Sintesi(ctx, e.Codice, fine.Anno())
	if err != nil {
		return Digest{}, fmt.Errorf("sintesi: %w", err)
	}
	dati.Contraddizioni = piano.Contraddizioni(collocate, sintesi, anagrafica, fine)
	testi, err := m.Modelli.Riepilogo(dati)
	if err != nil {
		return Digest{}, fmt.Errorf("words: %w", err)
	}
	stati := make(map[int64]piano.Stato, len(attivita))
	for _, a := range attivita {
		stati[a.ID] = a.Situazione.Stato
	}
	return Digest{e, segretario, testi, stati}, nil
}

// Run writes the digests into the outbox, dated g, once however often it is called
// for the same month. It returns those of the month and how many are new.
func (m Mensile) Run(ctx context.Context, fine, g piano.Giorno, adesso time.Time) ([]Digest, int, error) {
	digest, err := m.Plan(ctx, fine)
	if err != nil {
		return nil, 0, err
	}
	mese := fine.String()[:len("2021-06")]
	messaggi := make([]piano.Messaggio, 0, len(digest))
	for _, d := range digest {
		msg := piano.Messaggio{Ente: d.Ente.Codice, Tipo: piano.TipoRiepilogo, Chiave: mese, Giorno: fine,
			A: []string{d.Segretario.Email}, Oggetto: d.Testi.Oggetto, Testo: d.Testi.Testo, HTML: d.Testi.HTML, Stati: d.stati}
		if msg, err = componi(msg, m.Mittente, g, adesso); err != nil {
			return nil, 0, err
		}
		messaggi = append(messaggi, msg)
	}
	nuovi, err := m.Archivio.SaveMessaggi(ctx, "riepilogo"+suffisso(m.SoloEnte), mese, adesso, messaggi)
	if err != nil {
		return nil, 0, fmt.Errorf("write the digest: %w", err)
	}
	return digest, nuovi, nil
}

// RunDelGiorno writes the digest of the month before g for each ente whose first
// working day of the month has come. Called every day it writes each digest on
// that day, or on the first working day after a stop.
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
		suo := m
		suo.SoloEnte = e.Codice
		_, nuovi, err := suo.Run(ctx, fine, g, adesso)
		scritti += nuovi
		errs = append(errs, err)
	}
	return scritti, errors.Join(errs...)
}
