package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/report"
	"github.com/scadenzario/scadenzario/templates"
)

// Trova returns the session of a kind over the plan of that year, 0 for any, as it is
// stored: the one with that number in the year; for 0 the one whose data are the last
// known on g, else the first. piano.ErrNonTrovato, wrapped, where no rule of the
// configuration makes it.
func (s Sessioni) Trova(ctx context.Context, e piano.Ente, genere piano.GenereSessione, numero, anno int, g piano.Giorno) (piano.Sessione, error) {
	tutte, err := s.Elenca(ctx, e, anno, g)
	if err != nil {
		return piano.Sessione{}, err
	}
	var trovata piano.Sessione
	for _, x := range tutte {
		if x.Genere != genere || numero != 0 && x.Numero != numero || anno == 0 && x.Dati.Dopo(g) {
			continue
		}
		if trovata.Genere == "" || !x.Dati.Dopo(g) {
			trovata = x
		}
	}
	if trovata.Genere == "" {
		return trovata, fmt.Errorf("session %s: %w", genere, piano.ErrNonTrovato)
	}
	return trovata, nil
}

// Elenca returns the sessions over the plan of that year; for 0 those around g and all
// that were ever opened. The order is that of the days of their data.
func (s Sessioni) Elenca(ctx context.Context, e piano.Ente, anno int, g piano.Giorno) ([]piano.Sessione, error) {
	note, err := s.Archivio.Sessioni(ctx, e.Codice)
	if err != nil {
		return nil, fmt.Errorf("sessions of %s: %w", e.Codice, err)
	}
	anni := []int{anno}
	if anno == 0 {
		anni = []int{g.Anno() - 1, g.Anno()}
		for _, n := range note {
			anni = append(anni, n.Anno)
		}
		slices.Sort(anni)
	}
	var tutte []piano.Sessione
	for _, a := range slices.Compact(anni) {
		for _, r := range s.DateDi(a) {
			tutte = append(tutte, completa(r.Per(a, s.RegoleDi(e).Calendario), e, note))
		}
	}
	slices.SortStableFunc(tutte, func(x, y piano.Sessione) int { return x.Dati.Da(y.Dati) })
	return tutte, nil
}

// Errors of a session that a person opens or closes.
var (
	ErrSessioneAperta    = errors.New("the session was opened before")
	ErrSessioneNonAperta = errors.New("the session is not open")
	ErrChiusuraPassata   = errors.New("the session would close at once")
)

// Apri opens a session by hand on that day, which counts for its period, and writes to
// the settori, if that is a working day; else the next run does. chiude is the day on
// which it is to close, no day for the configured one. Its errors wrap
// ErrSessioneAperta, ErrChiusuraPassata, ErrSenzaPiano.
func (s Sessioni) Apri(ctx context.Context, e piano.Ente, x piano.Sessione, g, chiude piano.Giorno, adesso time.Time) (PassoSessione, error) {
	p := PassoSessione{Ente: e, Sessione: x, Apre: true}
	if !x.Aperta.IsZero() {
		return p, fmt.Errorf("%w, on %s", ErrSessioneAperta, x.Aperta)
	}
	x.Aperta = g
	if !chiude.IsZero() {
		x.Chiude = chiude
	}
	if !x.Chiude.Dopo(g) {
		return p, fmt.Errorf("%w: its closing day is %s", ErrChiusuraPassata, x.Chiude)
	}
	if err := s.apribile(ctx, e, x, g); err != nil {
		return p, err
	}
	if _, err := s.Archivio.ApriSessione(ctx, x, chiude); err != nil {
		return p, fmt.Errorf("open: %w", err)
	}
	var err error
	if p.Sessione, err = s.riletta(ctx, e, x); err != nil {
		return p, err
	}
	occupati, err := s.Archivio.ScrittiIl(ctx, e.Codice, g)
	if err != nil {
		return p, fmt.Errorf("who has a message today: %w", err)
	}
	if p, err = s.passo(ctx, p, g, occupati); err != nil {
		return p, err
	}
	messaggi, errModuli := s.messaggi(ctx, p, g, adesso)
	if _, err := s.Archivio.SaveMessaggi(ctx, "session-open", e.Codice+"/"+x.Chiave(), adesso, messaggi); err != nil {
		return p, fmt.Errorf("write the messages of the session: %w", err)
	}
	return p, errModuli
}

// ArchivioChiusure keeps what was frozen.
type ArchivioChiusure interface {
	// ChiusuraSessione returns what was frozen, byte by byte.
	ChiusuraSessione(ctx context.Context, sessione int64) (piano.Chiusura, error)
}

// Mostra returns what a session saw when it closed, byte by byte; of one that is not
// closed, what it sees on g. Its error is ErrSenzaPiano or ErrSenzaMisure, wrapped, where
// that is nothing.
func (s Sessioni) Mostra(ctx context.Context, chiuse ArchivioChiusure, e piano.Ente, x piano.Sessione, g piano.Giorno) (piano.Chiusura, error) {
	if !x.Chiusa.IsZero() {
		return chiuse.ChiusuraSessione(ctx, x.ID)
	}
	vista, err := s.vista(ctx, e, x, g)
	if err != nil {
		return piano.Chiusura{}, err
	}
	foto := vista.Fotografa()
	if x.Aperta.IsZero() && len(foto.Settori) == 0 {
		if err := s.apribile(ctx, e, x, g); err != nil {
			return piano.Chiusura{}, fmt.Errorf("%s: %w; another year is named with --anno", x.Chiave(), err)
		}
	}
	testi, err := s.Modelli.EsitoSessione(datiEsito(vista, foto, "", g))
	if err != nil {
		return piano.Chiusura{}, fmt.Errorf("words: %w", err)
	}
	b, err := FotografiaJSON(foto)
	return piano.Chiusura{Fotografia: b, Testo: testi.Testo, HTML: testi.HTML}, err
}

// FileEsito returns what a session saw as files that can be attached to an act: text,
// page and data as they are kept, and the tables made of those data. g is the day of the
// state of a session that is open.
func FileEsito(e piano.Ente, v piano.Chiusura, g piano.Giorno) ([]piano.Allegato, error) {
	var foto piano.Fotografia
	if err := json.Unmarshal(v.Fotografia, &foto); err != nil {
		return nil, fmt.Errorf("read what was frozen: %w", err)
	}
	e.Nome = foto.Ente // as it signed then
	tavole, err := report.Sessione(templates.DatiEsitoSessione{Ente: e, Vista: foto, Impronta: v.Impronta, Giorno: g})
	if err != nil {
		return nil, fmt.Errorf("tables of the outcome: %w", err)
	}
	nome := strings.TrimSuffix(tavole[0].Nome, ".xlsx")
	return append([]piano.Allegato{{Nome: nome + ".txt", Contenuto: []byte(v.Testo)}, {Nome: nome + ".html", Contenuto: []byte(v.HTML)},
		{Nome: nome + ".json", Contenuto: v.Fotografia}}, tavole...), nil
}
