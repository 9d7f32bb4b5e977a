package jobs

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/templates"
)

// mesiAndamento is how many months before the chart of the digest goes back.
const mesiAndamento = 11

// raccogli gathers what the digest of an ente tells of the month that ends on al, as it
// is known on the day g on which it is written.
func (m Mensile) raccogli(ctx context.Context, e piano.Ente, al, g piano.Giorno) (templates.DatiRiepilogo, error) {
	anagrafica, attivita, err := situazioniConReferenti(ctx, m.Archivio, e.Codice, al)
	if err != nil {
		return templates.DatiRiepilogo{}, err
	}
	segretario := anagrafica.Segretario()
	if segretario.Email == "" {
		return templates.DatiRiepilogo{}, ErrSenzaSegretario
	}
	d := templates.DatiRiepilogo{Ente: templates.EnteRiepilogo{Codice: e.Codice, Nome: e.Nome}, Al: al, Scritto: g,
		Segretario: templates.Destinatario{Nome: segretario.Nome, Email: segretario.Email}}
	regole := m.RegoleDi(e)
	d.Scadenze = piano.DateDiLegge(regole.Termini, regole.Bilanci, al, templates.FinoAScadenze(al))
	for _, parte := range []struct {
		nome string
		f    func() error
	}{
		{"settori", func() error { return m.settori(ctx, &d, anagrafica) }},
		{"activities", func() error { return m.attivita(ctx, &d, attivita) }},
		{"digests before", func() error { return m.confronta(ctx, &d) }},
		{"closed years", func() error { d.Attivita = slices.DeleteFunc(d.Attivita, d.Archiviata); return nil }},
		{"variations", func() error { return m.variazioni(ctx, &d) }},
		{"contradictions", func() error { return m.contraddizioni(ctx, &d, anagrafica) }},
		{"sessions", func() error { return m.sessioni(ctx, &d, e) }},
		{"messages that were not delivered", func() error { return m.posta(ctx, &d) }},
		{"runs that were missed", func() error { return m.mancate(ctx, &d) }},
	} {
		if err := parte.f(); err != nil {
			return d, fmt.Errorf("%s: %w", parte.nome, err)
		}
	}
	return d, nil
}

// settori keeps the registry's order. Those without any activity are there too: their
// silence is part of the picture.
func (m Mensile) settori(ctx context.Context, d *templates.DatiRiepilogo, a piano.Anagrafica) error {
	consegne, err := m.Archivio.UltimeConsegne(ctx, d.Ente.Codice, d.Al)
	for _, s := range a.Settori {
		d.Settori = append(d.Settori, templates.SettoreRiepilogo{Nome: s.Nome, UltimaConsegna: consegne[s.Nome]})
	}
	return err
}

// attivita writes every activity down with the hand-in that its values come from.
func (m Mensile) attivita(ctx context.Context, d *templates.DatiRiepilogo, attivita []piano.Assegnata) error {
	type chiave struct {
		anno   int
		numero string
	}
	fonti, anni := map[chiave]piano.Collocata{}, map[int]bool{}
	for _, a := range attivita {
		if !anni[a.AnnoPiano] {
			anni[a.AnnoPiano] = true
			collocate, err := m.Archivio.Collocate(ctx, d.Ente.Codice, a.AnnoPiano)
			if err != nil {
				return err
			}
			for _, c := range collocate {
				fonti[chiave{a.AnnoPiano, c.Numero}] = c
			}
		}
		c, s := fonti[chiave{a.AnnoPiano, a.Obiettivo}], a.Situazione
		d.Attivita = append(d.Attivita, templates.AttivitaRiepilogo{ID: a.ID, Settore: a.Settore, AnnoPiano: a.AnnoPiano, Approvato: a.Approvato, Obiettivo: a.Obiettivo, Titolo: a.Titolo,
			Anno: a.Attivita.Anno, Descrizione: a.Attivita.Descrizione, Previsto: a.Attivita.Previsto, Ottenuto: a.Attivita.Ottenuto, Eseguito: a.Attivita.Eseguito,
			Stato: s.Stato, Scadenza: s.Scadenza, Trascorsi: s.MesiPrevistiTrascorsi, Ottenuti: s.MesiOttenuti,
			Responsabile: a.Referente.Nome, Incarico: a.Referente.Incarico, Aggiornata: a.UltimoProgresso,
			Fonte: piano.Luogo{File: c.File, Foglio: c.Foglio, Cella: a.Attivita.Cella}, Consegna: c.Giorno})
	}
	return nil
}

// confronta holds the month against the digests before.
func (m Mensile) confronta(ctx context.Context, d *templates.DatiRiepilogo) error {
	scritti, err := m.Archivio.Riepiloghi(ctx, d.Ente.Codice, d.Al, mesiAndamento)
	if err != nil || len(scritti) == 0 {
		return err
	}
	for _, s := range slices.Backward(scritti) {
		var stati []piano.Stato
		for _, stato := range s.Stati {
			stati = append(stati, stato)
		}
		d.Mesi = append(d.Mesi, templates.TotaliMese{Al: s.Al, Conteggio: templates.Conta(stati)})
	}
	d.Precedente = scritti[0].Al
	prima, err := m.congelato(ctx, d.Ente.Codice, d.Precedente)
	if err != nil && !errors.Is(err, piano.ErrNonTrovato) { // one that kept no data is no fault
		return err
	}
	for _, s := range prima.Settori {
		d.Prima = append(d.Prima, templates.TotaliPrima{Settore: s.Nome, Conteggio: prima.Totali(s.Nome)})
	}
	d.Cambiamenti = cambiamenti(scritti[0].Stati, prima.Attivita, d.Attivita, d.Archiviata)
	return nil
}

// cambiamenti lists the activities whose state is another than in the digest before,
// and those that it did not know, the worst first; then those that are no more. What a
// digest before left out because it was done with is none of them.
func cambiamenti(era map[int64]piano.Stato, prima, ora []templates.AttivitaRiepilogo, archiviata func(templates.AttivitaRiepilogo) bool) []templates.Cambiamento {
	var lista []templates.Cambiamento
	resta := map[int64]bool{}
	for _, a := range ora {
		resta[a.ID] = true
		if stato, nota := era[a.ID]; stato != a.Stato && (nota || !archiviata(a)) {
			lista = append(lista, templates.Cambiamento{Settore: a.Settore, Obiettivo: a.Obiettivo, Attivita: a.Descrizione, Prima: era[a.ID], Ora: a.Stato})
		}
	}
	slices.SortStableFunc(lista, func(x, y templates.Cambiamento) int { return piano.GravitaStato(x.Ora) - piano.GravitaStato(y.Ora) })
	for _, a := range prima {
		if !resta[a.ID] {
			lista = append(lista, templates.Cambiamento{Settore: a.Settore, Obiettivo: a.Obiettivo, Attivita: a.Descrizione, Prima: a.Stato})
		}
	}
	return lista
}

// variazioni tells those that waited at the end of the month, though they may be decided
// by now, and those decided since the digest before.
func (m Mensile) variazioni(ctx context.Context, d *templates.DatiRiepilogo) error {
	tutte, err := m.Archivio.Variazioni(ctx, d.Ente.Codice, true)
	dal := dopoIlPrecedente(*d)
	for _, v := range tutte {
		r := templates.VariazioneRiepilogo{ID: v.ID, Settore: v.Settore, Obiettivo: v.Numero, Modifica: v.Differenza.String(), File: v.File, Giorno: v.Giorno, Stato: piano.Proposta}
		switch {
		case v.Stato == piano.Ritirata || v.Giorno.Dopo(d.Al):
		case v.Stato == piano.Proposta || v.Deciso.Dopo(d.Al):
			d.Variazioni = append(d.Variazioni, r)
		case !v.Deciso.Prima(dal):
			r.Stato, r.Atto, r.Deciso, r.Motivo = v.Stato, v.Atto, v.Deciso, v.Motivo
			d.Decise = append(d.Decise, r)
		}
	}
	return err
}

func (m Mensile) contraddizioni(ctx context.Context, d *templates.DatiRiepilogo, a piano.Anagrafica) error {
	collocate, err := m.Archivio.Collocate(ctx, d.Ente.Codice, d.Al.Anno())
	if err != nil {
		return err
	}
	sintesi, err := m.Archivio.Sintesi(ctx, d.Ente.Codice, d.Al.Anno())
	d.Contraddizioni = piano.Contraddizioni(collocate, sintesi, a, d.Al)
	return err
}

// sessioni tells the sessions that are open, with who has not answered, those to come
// within the time of the law's dates, and those closed since the digest before.
func (m Mensile) sessioni(ctx context.Context, d *templates.DatiRiepilogo, e piano.Ente) error {
	calendario := m.RegoleDi(e).Calendario
	sessioni := Sessioni{Archivio: m.Archivio, RegoleDi: m.RegoleDi, DateDi: m.DateDi}
	tutte, err := sessioni.Elenca(ctx, e, 0, d.Scritto)
	if err != nil {
		return err
	}
	for _, x := range tutte {
		x, sua := comeAllora(x, *d)
		if !sua {
			continue
		}
		if attesa, err := sessioni.attesa(ctx, e, x); err != nil {
			return err
		} else if !attesa {
			continue
		}
		r := templates.SessioneRiepilogo{Nome: x.Nome(), Dati: x.Dati, Apre: x.Apre, Aperta: x.Aperta, Chiude: x.Chiude, Chiusa: x.Chiusa}
		switch {
		case !x.Chiusa.IsZero():
			if x.Chiusa.Prima(dopoIlPrecedente(*d)) {
				continue
			}
		case !x.Aperta.IsZero():
			vista, err := sessioni.vista(ctx, e, x, d.Scritto)
			if err != nil {
				return err
			}
			r.Termine = x.Termine(calendario)
			for _, s := range vista.Fotografa().Settori {
				if len(s.Rinvii) > 0 {
					continue // it owes no answer
				}
				r.Richiesti++
				if s.Risposta == nil {
					r.Mancano = append(r.Mancano, s.Settore)
				}
			}
		case !x.Apre.Dopo(d.Al) || x.Apre.Dopo(templates.FinoAScadenze(d.Al)):
			continue
		}
		d.Sessioni = append(d.Sessioni, r)
	}
	return nil
}

// comeAllora is a session as a late digest tells it: what was opened after its month is
// still to come, and what was closed after it belongs to the next digest (false).
func comeAllora(x piano.Sessione, d templates.DatiRiepilogo) (piano.Sessione, bool) {
	switch {
	case !d.Tardivo():
	case x.Aperta.Dopo(d.Al):
		x.Aperta, x.Chiusa = piano.Giorno{}, piano.Giorno{}
	case x.Chiusa.Dopo(d.Al):
		return x, false
	}
	return x, true
}

const (
	// attesaLunga is after how many days a message that still waits is told.
	attesaLunga = 2
	// ripresaPosta is how far back, in days before the month, refusals are looked for:
	// a message may be refused days after it was written, and the digest before has told
	// those that it knew.
	ripresaPosta = 31
)

// posta tells what nobody got: each refusal once, what is in doubt or waits as long as
// it does.
func (m Mensile) posta(ctx context.Context, d *templates.DatiRiepilogo) error {
	uscita, err := m.Archivio.Uscita(ctx, d.Ente.Codice, []piano.StatoSpedizione{piano.Rifiutato, piano.EsitoIgnoto, piano.InCoda})
	if err != nil {
		return err
	}
	prima, err := m.congelato(ctx, d.Ente.Codice, d.Precedente)
	if err != nil && !errors.Is(err, piano.ErrNonTrovato) {
		return err
	}
	detti := map[int64]bool{}
	for _, p := range prima.Posta {
		detti[p.ID] = p.Stato == piano.Rifiutato
	}
	dal := dopoIlPrecedente(*d).Piu(-ripresaPosta)
	for _, u := range uscita {
		switch {
		case u.Giorno.Dopo(d.Scritto), u.Stato == piano.Rifiutato && (detti[u.ID] || u.Giorno.Prima(dal) || u.Superata()),
			u.Stato == piano.InCoda && d.Scritto.Da(u.Giorno) < attesaLunga:
			continue
		}
		d.Posta = append(d.Posta, templates.PostaFerma{ID: u.ID, Tipo: u.Tipo, Giorno: u.Giorno, Destinatario: u.Destinatario, Oggetto: u.Oggetto, Stato: u.Stato, Risposta: u.Risposta})
	}
	return nil
}

// mancate tells the runs of the days since the digest before whose work was not done.
func (m Mensile) mancate(ctx context.Context, d *templates.DatiRiepilogo) error {
	mancate, err := m.Archivio.EsecuzioniMancate(ctx, dopoIlPrecedente(*d), d.Al)
	for _, e := range mancate {
		d.Mancate = append(d.Mancate, templates.CorsaMancata{Job: e.Job, Giorno: e.Periodo, Esito: e.Esito, Errore: e.Errore})
	}
	return err
}

// dopoIlPrecedente is the first day that no digest has told: of the month itself where
// there was none before.
func dopoIlPrecedente(d templates.DatiRiepilogo) piano.Giorno {
	if d.Precedente.IsZero() {
		return piano.NewGiorno(d.Al.Anno(), d.Al.Mese(), 1)
	}
	return d.Precedente.Piu(1)
}

// congelaRiepilogo writes what a digest is made of; scongelaRiepilogo reads it again.
func congelaRiepilogo(d templates.DatiRiepilogo, versione string) (piano.Istantanea, error) {
	b, err := json.Marshal(d)
	if err != nil {
		return piano.Istantanea{}, fmt.Errorf("freeze the data: %w", err)
	}
	return piano.Istantanea{Versione: versione, Dati: b}, nil
}

func scongelaRiepilogo(i piano.Istantanea) (d templates.DatiRiepilogo, err error) {
	if err := json.Unmarshal(i.Dati, &d); err != nil {
		return d, fmt.Errorf("data frozen by version %s: %w", cmp.Or(i.Versione, "unknown"), err)
	}
	return d, nil
}

// congelato returns what the digest of a month was made of; piano.ErrNonTrovato,
// wrapped, where there is none or it kept nothing.
func (m Mensile) congelato(ctx context.Context, ente string, fine piano.Giorno) (templates.DatiRiepilogo, error) {
	i, err := m.Archivio.Istantanea(ctx, ente, piano.TipoRiepilogo, chiaveMese(fine))
	if err != nil {
		return templates.DatiRiepilogo{}, err
	}
	return scongelaRiepilogo(i)
}

// chiaveMese is the key of the digest of the month to which a day belongs: "2021-06".
func chiaveMese(g piano.Giorno) string { return g.Time().Format("2006-01") }
