package jobs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/scadenzario/scadenzario/mailer"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/templates"
)

// Passaggi writes the hand-overs of a day into the outbox: what is open in a settore,
// once to each newcomer (DESIGN.md, 3, "Who is told").
//
// What makes it safe to run again: the key of a message names the settori with the
// newcomer's first day in each of them, and none that a key names is handed over
// again.
type Passaggi struct {
	Archivio ArchivioMessaggi
	Modelli  *templates.Modelli
	Mittente mailer.Mittente
	RegoleDi func(piano.Ente) Regole
	SoloEnte string // the code of the one ente to write for; "" for all
}

// Consegnato is a hand-over ready to be read: one newcomer, with the settori that
// have come to them.
type Consegnato struct {
	Ente     piano.Ente
	A        string
	CC       []string // the Segretario, where an item is at escalation
	Subentri []piano.Subentro
	Testi    templates.Testi
}

// Plan returns the hand-overs that Run would write on that day. It writes nothing.
func (p Passaggi) Plan(ctx context.Context, g piano.Giorno) ([]Consegnato, error) {
	enti, err := entiDi(ctx, p.Archivio, p.SoloEnte)
	if err != nil {
		return nil, err
	}
	var tutti []Consegnato
	for _, e := range enti {
		suoi, err := p.planEnte(ctx, e, g)
		if err != nil {
			return nil, fmt.Errorf("hand-overs of %s: %w", e.Codice, err)
		}
		tutti = append(tutti, suoi...)
	}
	return tutti, nil
}

func (p Passaggi) planEnte(ctx context.Context, e piano.Ente, g piano.Giorno) ([]Consegnato, error) {
	regole := p.RegoleDi(e)
	anagrafica, err := p.Archivio.Anagrafica(ctx, e.Codice)
	if err != nil {
		return nil, fmt.Errorf("registry: %w", err)
	}
	nuovi := func(s piano.Settore) bool { return regole.Scala.Nuovo(anagrafica, s.Nome, regole.Calendario, g) }
	if !slices.ContainsFunc(anagrafica.Settori, nuovi) {
		return nil, nil // as on most days, and on every day off
	}
	attivita, err := p.Archivio.Situazioni(ctx, e.Codice, g)
	if err != nil {
		return nil, fmt.Errorf("activities: %w", err)
	}
	chiavi, err := p.Archivio.Chiavi(ctx, e.Codice, piano.TipoPassaggio)
	if err != nil {
		return nil, fmt.Errorf("hand-overs so far: %w", err)
	}
	scritti, err := p.Archivio.ScrittiIl(ctx, e.Codice, g)
	if err != nil {
		return nil, fmt.Errorf("who has a message today: %w", err)
	}
	segretario, fatti := anagrafica.Segretario(), giaConsegnati(chiavi)
	var tutti []Consegnato
	for _, s := range anagrafica.Settori {
		n, ok := regole.Scala.Subentro(anagrafica, s, attivita, regole.Calendario, g)
		a := n.Referente.Destinatario
		if !ok || a == "" || fatti[siglaSubentro(n)] || scritti[strings.ToLower(a)] {
			continue
		}
		if ok, err := p.completa(ctx, e, &n); err != nil || !ok {
			if err != nil {
				return nil, err
			}
			continue
		}
		tutti = aggiungiSubentro(tutti, e, n, segretario.Email)
	}
	for i := range tutti {
		c := &tutti[i]
		c.Testi, err = p.Modelli.Passaggio(templates.DatiPassaggio{Ente: e, Giorno: g, Nome: c.Subentri[0].Referente.Nome, A: c.A, CC: c.CC,
			Subentri: c.Subentri, Segretario: segretario, Consegna: regole.Consegna})
		if err != nil {
			return nil, fmt.Errorf("words for %s: %w", c.A, err)
		}
	}
	return tutti, nil
}

// completa adds what the plan's rows do not say. It returns false where the settore
// had handed nothing in before the newcomer came: nobody has anything to hand over,
// as with all incarichi of an installation that has just been set up.
func (p Passaggi) completa(ctx context.Context, e piano.Ente, n *piano.Subentro) (bool, error) {
	consegne, err := p.Archivio.UltimeConsegne(ctx, e.Codice, n.Dal.Piu(-1))
	if err != nil {
		return false, fmt.Errorf("hand-ins before %s: %w", n.Dal, err)
	}
	if _, ok := consegne[n.Settore.Nome]; !ok {
		return false, nil
	}
	variazioni, err := p.Archivio.Variazioni(ctx, e.Codice, false)
	if err != nil {
		return false, fmt.Errorf("variations: %w", err)
	}
	for _, v := range variazioni {
		if v.Settore == n.Settore.Nome {
			n.Variazioni = append(n.Variazioni, v)
		}
	}
	collocate, err := p.Archivio.Collocate(ctx, e.Codice, 0)
	if err != nil {
		return false, fmt.Errorf("objectives: %w", err)
	}
	for _, c := range collocate {
		if c.Settore == n.Settore.Nome && c.Rinvio == "" && !c.Approvato.IsZero() && !c.Giorno.Dopo(c.Approvato) {
			n.Ferme = append(n.Ferme, c)
		}
	}
	return true, nil
}

// aggiungiSubentro puts a settore into the message of its newcomer.
func aggiungiSubentro(tutti []Consegnato, e piano.Ente, n piano.Subentro, segretario string) []Consegnato {
	i := 0
	for i < len(tutti) && !strings.EqualFold(tutti[i].A, n.Referente.Destinatario) {
		i++
	}
	if i == len(tutti) {
		tutti = append(tutti, Consegnato{Ente: e, A: n.Referente.Destinatario})
	}
	c := &tutti[i]
	c.Subentri = append(c.Subentri, n)
	for _, v := range n.Voci {
		if v.Stadio == piano.StadioEscalation && segretario != "" && len(c.CC) == 0 && !strings.EqualFold(segretario, c.A) {
			c.CC = []string{segretario}
		}
	}
	return tutti
}

// siglaSubentro names a settore in the key of a hand-over: "suap@2021-05-01".
func siglaSubentro(n piano.Subentro) string { return n.Settore.Codice + "@" + n.Dal.String() }

// giaConsegnati reads from the keys what was handed over; messaggio writes them.
func giaConsegnati(chiavi []string) map[string]bool {
	fatti := map[string]bool{}
	for _, c := range chiavi {
		for _, sigla := range strings.Split(c[strings.LastIndex(c, "/")+1:], "+") {
			fatti[sigla] = true
		}
	}
	return fatti
}

// messaggio turns the hand-over into a row of the outbox.
func (c Consegnato) messaggio(g piano.Giorno) piano.Messaggio {
	var sigle []string
	m := piano.Messaggio{Ente: c.Ente.Codice, Tipo: piano.TipoPassaggio, Giorno: g, A: []string{c.A}, CC: c.CC,
		Oggetto: c.Testi.Oggetto, Testo: c.Testi.Testo, HTML: c.Testi.HTML}
	for _, n := range c.Subentri {
		sigle = append(sigle, siglaSubentro(n))
		for _, v := range n.Voci {
			m.Passi = append(m.Passi, piano.Inviato{Attivita: v.ID, Stadio: piano.StadioPassaggio, Riferimento: g.String(), Giorno: g})
		}
		for _, a := range n.Altre {
			m.Accenni = append(m.Accenni, a.ID)
		}
	}
	m.Chiave = g.String() + "/" + c.A + "/" + strings.Join(sigle, "+")
	return m
}

// Run writes the day's hand-overs into the outbox, once however often it is called,
// with the forms of the settori attached, and returns what it wrote.
func (p Passaggi) Run(ctx context.Context, g piano.Giorno, adesso time.Time) ([]Consegnato, error) {
	tutti, err := p.Plan(ctx, g)
	if err != nil || len(tutti) == 0 {
		return nil, err
	}
	var messaggi []piano.Messaggio
	var senzaModulo []error
	moduli := nuoviModuli(p.Archivio, adesso)
	for _, c := range tutti {
		m := c.messaggio(g)
		for _, n := range c.Subentri {
			for _, anno := range anniDi(n) {
				if err := moduli.allega(ctx, &m, c.Ente, n.Settore.Nome, anno); err != nil {
					senzaModulo = append(senzaModulo, err) // the hand-over goes all the same
				}
			}
		}
		if m, err = componi(m, p.Mittente, g, adesso); err != nil {
			return nil, err
		}
		messaggi = append(messaggi, m)
	}
	if _, err := p.Archivio.SaveMessaggi(ctx, "passaggio"+suffisso(p.SoloEnte), g.String(), adesso, messaggi); err != nil {
		return nil, fmt.Errorf("write the hand-overs: %w", err)
	}
	return tutti, errors.Join(senzaModulo...)
}

// anniDi returns the years of the plans that a hand-over is about, each once.
func anniDi(n piano.Subentro) []int {
	var anni []int
	visti := map[int]bool{}
	vedi := func(anno int) {
		if !visti[anno] {
			visti[anno] = true
			anni = append(anni, anno)
		}
	}
	for _, v := range n.Voci {
		vedi(v.AnnoPiano)
	}
	for _, a := range n.Altre {
		vedi(a.AnnoPiano)
	}
	return anni
}
