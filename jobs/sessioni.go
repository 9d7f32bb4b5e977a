package jobs

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/scadenzario/scadenzario/mailer"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/report"
	"github.com/scadenzario/scadenzario/templates"
)

// ArchivioSessioni is what the sessions need beside the outbox.
type ArchivioSessioni interface {
	ArchivioMessaggi
	// Sessioni returns every session of the ente that was opened, oldest first.
	Sessioni(ctx context.Context, ente string) ([]piano.Sessione, error)
	// ApriSessione opens a session, once in its period; false where it was opened.
	ApriSessione(ctx context.Context, s piano.Sessione, chiude piano.Giorno) (bool, error)
	// RichiesteSessione returns what the settori were told in a session.
	RichiesteSessione(ctx context.Context, sessione int64) ([]piano.Richiesta, error)
	// RisposteSessione returns each settore's last hand-in that answers the session.
	RisposteSessione(ctx context.Context, x piano.Sessione, finoA piano.Giorno) (map[string]piano.Risposta, error)
	// Misure returns the anti-corruption measures of a year.
	Misure(ctx context.Context, ente string, anno int) ([]piano.Misura, error)
	// StatiMisure returns what was answered about them in a session.
	StatiMisure(ctx context.Context, sessione int64, finoA piano.Giorno) ([]piano.RispostaMisura, error)
	// ChiudiSessione freezes what prepara returns, while nothing else of the ente is
	// written; false where the session was closed.
	ChiudiSessione(ctx context.Context, sessione int64, g piano.Giorno, adesso time.Time, prepara func(context.Context) (piano.Chiusura, error)) (bool, error)
}

// Sessioni opens the sessions that are due, reminds who has not answered, and closes
// them, for every ente.
//
// What makes it safe to run again, and by several at once: a session is one row of its
// period, a settore is told each of its phases once, and what is frozen is frozen in
// the transaction that writes its message.
type Sessioni struct {
	Archivio ArchivioSessioni
	Modelli  *templates.Modelli
	Mittente mailer.Mittente
	RegoleDi func(piano.Ente) Regole
	// DateDi are the rules of the sessions over the plan of that year.
	DateDi   func(anno int) []piano.RegolaSessione
	SoloEnte string // the code of the one ente to work for; "" for all
}

// PassoSessione is what a run does with one session on a day.
type PassoSessione struct {
	Ente     piano.Ente
	Sessione piano.Sessione
	Apre     bool
	Inviti   []InvitoPronto
	Vista    piano.Fotografia // what the session sees on the day
	Muti     []string         // settori for whom there is nobody to write to
	Esito    *templates.Testi // of one that closes; nil else
}

// InvitoPronto is a message of a session, ready to be read.
type InvitoPronto struct {
	piano.Invito
	Testi templates.Testi
}

// Plan returns what Run would do on that day. It writes nothing.
func (s Sessioni) Plan(ctx context.Context, g piano.Giorno) ([]PassoSessione, error) {
	var passi []PassoSessione
	err := s.perOgnuna(ctx, g, func(e piano.Ente, x piano.Sessione, occupati map[string]bool) error {
		p := PassoSessione{Ente: e, Sessione: x}
		if x.Aperta.IsZero() {
			p.Apre, p.Sessione.Aperta = true, g
		}
		p, err := s.passo(ctx, p, g, occupati)
		if err == nil && (p.Apre || p.Esito != nil || len(p.Inviti)+len(p.Muti) > 0) {
			passi = append(passi, p)
		}
		return err
	})
	return passi, err
}

// Run does what is due on that day, once however often it is called, and returns what
// it did. What failed for one ente does not keep the others from theirs.
func (s Sessioni) Run(ctx context.Context, g piano.Giorno, adesso time.Time) ([]PassoSessione, error) {
	var passi []PassoSessione
	var messaggi []piano.Messaggio
	err := s.perOgnuna(ctx, g, func(e piano.Ente, x piano.Sessione, occupati map[string]bool) error {
		p := PassoSessione{Ente: e, Sessione: x}
		if x.Aperta.IsZero() {
			x.Aperta = g
			nuova, err := s.Archivio.ApriSessione(ctx, x, piano.Giorno{})
			if err != nil {
				return fmt.Errorf("open: %w", err)
			}
			if x, err = s.riletta(ctx, e, x); err != nil {
				return err
			}
			p.Apre, p.Sessione = nuova, x
		}
		if x.DaChiudere(s.RegoleDi(e).Calendario, g) {
			esito, err := s.Chiudi(ctx, e, x, g, adesso)
			if esito != nil {
				p.Esito, p.Sessione.Chiusa = esito, g
				passi = append(passi, p)
			}
			return err
		}
		p, err := s.passo(ctx, p, g, occupati)
		if err != nil {
			return err
		}
		suoi, err := s.messaggi(ctx, p, g, adesso)
		messaggi = append(messaggi, suoi...)
		if p.Apre || len(p.Inviti)+len(p.Muti) > 0 {
			passi = append(passi, p)
		}
		return err
	})
	if len(messaggi) > 0 {
		_, errScrivi := s.Archivio.SaveMessaggi(ctx, "sessions"+suffisso(s.SoloEnte), g.String(), adesso, messaggi)
		if errScrivi != nil {
			err = errors.Join(err, fmt.Errorf("write the messages of the sessions: %w", errScrivi))
		}
	}
	return passi, err
}

// perOgnuna calls f for each session that is open, or is to open on that day.
// occupati are the addresses that have a message of that day; f adds its own.
func (s Sessioni) perOgnuna(ctx context.Context, g piano.Giorno, f func(piano.Ente, piano.Sessione, map[string]bool) error) error {
	enti, err := entiDi(ctx, s.Archivio, s.SoloEnte)
	if err != nil {
		return err
	}
	var errs []error
	for _, e := range enti {
		occupati, err := s.Archivio.ScrittiIl(ctx, e.Codice, g)
		if err != nil {
			return fmt.Errorf("who has a message today: %w", err)
		}
		vive, err := s.vive(ctx, e, g)
		errs = append(errs, err)
		for _, x := range vive {
			if err := f(e, x, occupati); err != nil {
				errs = append(errs, fmt.Errorf("session %s of %s: %w", x.Chiave(), e.Codice, err))
			}
		}
	}
	return errors.Join(errs...)
}

// vive returns the sessions of an ente that are open, or are to open on that day.
func (s Sessioni) vive(ctx context.Context, e piano.Ente, g piano.Giorno) ([]piano.Sessione, error) {
	note, err := s.Archivio.Sessioni(ctx, e.Codice)
	if err != nil {
		return nil, fmt.Errorf("sessions of %s: %w", e.Codice, err)
	}
	anni := []int{g.Anno() - 1, g.Anno()}
	for _, n := range note {
		if n.Chiusa.IsZero() {
			anni = append(anni, n.Anno)
		}
	}
	slices.Sort(anni)
	c := s.RegoleDi(e).Calendario
	var vive []piano.Sessione
	for _, anno := range slices.Compact(anni) {
		for _, r := range s.DateDi(anno) {
			x := completa(r.Per(anno, c), e, note)
			aperta := !x.Aperta.IsZero() && x.Chiusa.IsZero() && !g.Prima(x.Aperta)
			if !aperta && !x.DaAprire(c, g) {
				continue
			}
			if !aperta {
				if err := s.apribile(ctx, e, x, g); errors.Is(err, ErrSenzaPiano) || errors.Is(err, ErrSenzaMisure) {
					continue // nothing to ask about: not before the plan is approved, never without measures
				} else if err != nil {
					return vive, err
				}
			}
			vive = append(vive, x)
		}
	}
	return vive, nil
}

// completa adds to a session what is known of it where it was opened.
func completa(x piano.Sessione, e piano.Ente, note []piano.Sessione) piano.Sessione {
	x.Ente = e.Codice
	for _, n := range note {
		if n.Genere == x.Genere && n.Anno == x.Anno && n.Numero == x.Numero {
			x.ID, x.Aperta, x.Chiusa, x.Impronta = n.ID, n.Aperta, n.Chiusa, n.Impronta
			if !n.Chiude.IsZero() {
				x.Chiude = n.Chiude
			}
		}
	}
	return x
}

// riletta returns the session as it is stored now.
func (s Sessioni) riletta(ctx context.Context, e piano.Ente, x piano.Sessione) (piano.Sessione, error) {
	note, err := s.Archivio.Sessioni(ctx, e.Codice)
	if err != nil {
		return x, fmt.Errorf("sessions of %s: %w", e.Codice, err)
	}
	return completa(x, e, note), nil
}

// Errors of a session that has nothing to ask about.
var (
	ErrSenzaPiano  = errors.New("there is no approved plan of that year: take its sheets in with `scadenzario import` and approve it with `scadenzario plan approve`")
	ErrSenzaMisure = errors.New("there are no anti-corruption measures of that year: load them with `scadenzario registry import misure`")
)

// attesa tells whether a session is one that people wait for: a check of the measures is
// not, where there are none of that year.
func (s Sessioni) attesa(ctx context.Context, e piano.Ente, x piano.Sessione) (bool, error) {
	if x.Genere != piano.Anticorruzione || !x.Aperta.IsZero() {
		return true, nil
	}
	misure, err := s.Archivio.Misure(ctx, e.Codice, x.Anno)
	return len(misure) > 0, err
}

// apribile tells whether there is something to ask about.
func (s Sessioni) apribile(ctx context.Context, e piano.Ente, x piano.Sessione, g piano.Giorno) error {
	if x.Genere == piano.Anticorruzione {
		misure, err := s.Archivio.Misure(ctx, e.Codice, x.Anno)
		if err == nil && len(misure) == 0 {
			err = ErrSenzaMisure
		}
		return err
	}
	schede, err := s.Archivio.Collocate(ctx, e.Codice, x.Anno)
	if err != nil {
		return fmt.Errorf("objectives of %d: %w", x.Anno, err)
	}
	for _, o := range schede {
		if !o.Approvato.IsZero() && !o.Approvato.Dopo(g) {
			return nil
		}
	}
	return ErrSenzaPiano
}

// passo prepares what a session that is open tells on that day.
func (s Sessioni) passo(ctx context.Context, p PassoSessione, g piano.Giorno, occupati map[string]bool) (PassoSessione, error) {
	vista, err := s.vista(ctx, p.Ente, p.Sessione, g)
	if err != nil {
		return p, err
	}
	c := s.RegoleDi(p.Ente).Calendario
	foto := vista.Fotografa()
	segretario := vista.Anagrafica.Segretario()
	if p.Sessione.DaChiudere(c, g) {
		testi, err := s.Modelli.EsitoSessione(datiEsito(vista, foto, "", g))
		p.Esito = &testi
		return p, err
	}
	inviti, muti := p.Sessione.Inviti(c, g, foto.DaSentire(), vista.Anagrafica, vista.Dette, occupati)
	p.Muti, p.Vista = muti, foto
	for _, i := range inviti {
		testi, err := s.Modelli.Sessione(templates.DatiSessione{Ente: p.Ente, Giorno: g, Sessione: p.Sessione, Termine: p.Sessione.Termine(c),
			Invito: i, Vista: foto, Segretario: segretario})
		if err != nil {
			return p, fmt.Errorf("words for %s: %w", i.A, err)
		}
		p.Inviti = append(p.Inviti, InvitoPronto{i, testi})
		occupati[strings.ToLower(i.A)] = true
	}
	return p, nil
}

// vista reads what a session sees on that day.
func (s Sessioni) vista(ctx context.Context, e piano.Ente, x piano.Sessione, g piano.Giorno) (v piano.VistaSessione, err error) {
	v = piano.VistaSessione{Sessione: x, Ente: e, Oggi: g}
	type lettura struct {
		che   string
		leggi func() error
	}
	letture := []lettura{
		{"registry", func() (err error) { v.Anagrafica, err = s.Archivio.Anagrafica(ctx, e.Codice); return err }},
		{"asked settori", func() (err error) { v.Dette, err = s.Archivio.RichiesteSessione(ctx, x.ID); return err }},
		{"answers", func() (err error) { v.Risposte, err = s.Archivio.RisposteSessione(ctx, x, g); return err }},
	}
	if x.Genere == piano.Anticorruzione {
		letture = append(letture,
			lettura{"measures", func() (err error) { v.Misure, err = s.Archivio.Misure(ctx, e.Codice, x.Anno); return err }},
			lettura{"states of measures", func() (err error) { v.Stati, err = s.Archivio.StatiMisure(ctx, x.ID, g); return err }})
	} else {
		letture = append(letture,
			lettura{"activities", func() (err error) { v.Attivita, err = s.Archivio.Situazioni(ctx, e.Codice, x.Dati); return err }},
			lettura{"objectives", func() (err error) { v.Schede, err = s.Archivio.Collocate(ctx, e.Codice, x.Anno); return err }},
			lettura{"variations", func() (err error) { v.Variazioni, err = s.Archivio.Variazioni(ctx, e.Codice, false); return err }})
	}
	for _, passo := range letture {
		if err := passo.leggi(); err != nil {
			return v, fmt.Errorf("%s: %w", passo.che, err)
		}
	}
	return v, nil
}

// messaggi turns the messages of a session into rows of the outbox, each with the
// forms of its settori; one whose form cannot be written goes without.
func (s Sessioni) messaggi(ctx context.Context, p PassoSessione, g piano.Giorno, adesso time.Time) ([]piano.Messaggio, error) {
	var messaggi []piano.Messaggio
	var errs []error
	for _, i := range p.Inviti {
		m := piano.Messaggio{Ente: p.Ente.Codice, Tipo: piano.TipoSessione, Giorno: g, A: []string{i.A}, CC: i.CC,
			Chiave:  fmt.Sprintf("%s/%s/%s/%s", p.Sessione.Chiave(), i.Fase(), g, i.A),
			Oggetto: i.Testi.Oggetto, Testo: i.Testi.Testo, HTML: i.Testi.HTML}
		for _, v := range i.Voci {
			m.Richieste = append(m.Richieste, piano.Richiesta{Sessione: p.Sessione.ID, Settore: v.Settore, Fase: v.Fase, Giorno: g})
			modulo, err := s.modulo(ctx, p, v.Settore, adesso)
			if err != nil {
				errs = append(errs, err)
				continue
			}
			m.Allegati = append(m.Allegati, modulo)
		}
		m, err := componi(m, s.Mittente, g, adesso)
		if err != nil {
			return nil, err
		}
		messaggi = append(messaggi, m)
	}
	return messaggi, errors.Join(errs...)
}

// modulo is what a settore fills in: its cards, or the sheet of its measures.
func (s Sessioni) modulo(ctx context.Context, p PassoSessione, settore string, adesso time.Time) (piano.Allegato, error) {
	if p.Sessione.Genere == piano.Anticorruzione {
		return ModuloMisure(p.Ente, p.Sessione, p.Vista, settore, adesso)
	}
	return Modulo(ctx, s.Archivio, p.Ente, settore, p.Sessione.Anno, adesso)
}

// Chiudi closes an open session on that day: what it sees is frozen, and the outcome
// goes to the Segretario. It returns nil where somebody else closed it. Without a
// Segretario it closes all the same, and says so in its error.
func (s Sessioni) Chiudi(ctx context.Context, e piano.Ente, x piano.Sessione, g piano.Giorno, adesso time.Time) (*templates.Testi, error) {
	x.Chiusa = g
	var testi templates.Testi
	var muto error
	chiusa, err := s.Archivio.ChiudiSessione(ctx, x.ID, g, adesso, func(ctx context.Context) (piano.Chiusura, error) {
		vista, err := s.vista(ctx, e, x, g)
		if err != nil {
			return piano.Chiusura{}, err
		}
		foto := vista.Fotografa()
		c, err := congela(foto)
		if err != nil {
			return c, err
		}
		dati := datiEsito(vista, foto, c.Impronta, g)
		if testi, err = s.Modelli.EsitoSessione(dati); err != nil {
			return c, fmt.Errorf("words of the outcome: %w", err)
		}
		c.Testo, c.HTML = testi.Testo, testi.HTML
		a, cc := destinatariEsito(dati)
		if a == nil {
			muto = ErrSenzaSegretario
			return c, nil
		}
		allegati, err := report.Sessione(dati)
		if err != nil {
			return c, fmt.Errorf("annex of the outcome: %w", err)
		}
		m, err := componi(piano.Messaggio{Ente: e.Codice, Tipo: piano.TipoEsitoSessione, Allegati: allegati, Chiave: x.Chiave(), Giorno: g, A: a, CC: cc,
			Oggetto: testi.Oggetto, Testo: testi.Testo, HTML: testi.HTML}, s.Mittente, g, adesso)
		c.Messaggio = &m
		return c, err
	})
	if err != nil || !chiusa {
		return nil, err
	}
	return &testi, muto
}

func datiEsito(v piano.VistaSessione, foto piano.Fotografia, impronta string, g piano.Giorno) templates.DatiEsitoSessione {
	d := templates.DatiEsitoSessione{Ente: v.Ente, Segretario: v.Anagrafica.Segretario(), Vista: foto, Impronta: impronta, Giorno: g}
	if v.Sessione.Genere == piano.Anticorruzione {
		d.Anticorruzione = v.Anagrafica.Anticorruzione()
	}
	return d
}

// destinatariEsito are the Segretario, or who answers for the prevention of corruption
// with the Segretario in copy; none where neither has an address.
func destinatariEsito(d templates.DatiEsitoSessione) (a, cc []string) {
	switch {
	case d.Anticorruzione.Email != "" && d.Segretario.Email != "" && !strings.EqualFold(d.Anticorruzione.Email, d.Segretario.Email):
		return []string{d.Anticorruzione.Email}, []string{d.Segretario.Email}
	case d.Anticorruzione.Email != "":
		return []string{d.Anticorruzione.Email}, nil
	case d.Segretario.Email != "":
		return []string{d.Segretario.Email}, nil
	}
	return nil, nil
}

// congela writes a picture as the bytes that are kept, with their SHA-256.
func congela(f piano.Fotografia) (piano.Chiusura, error) {
	b, err := FotografiaJSON(f)
	if err != nil {
		return piano.Chiusura{}, err
	}
	somma := sha256.Sum256(b)
	return piano.Chiusura{Fotografia: b, Impronta: hex.EncodeToString(somma[:])}, nil
}

// FotografiaJSON writes a picture as it is kept and shown: indented, without a line
// break at its end.
func FotografiaJSON(f piano.Fotografia) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(f); err != nil {
		return nil, fmt.Errorf("picture of %s: %w", f.Sessione, err)
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}
