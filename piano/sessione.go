package piano

import (
	"fmt"
	"slices"
	"strings"
)

// GenereSessione is the kind of a session: of a check at which every settore is
// asked for its data, and what came is frozen (DESIGN.md, 3, "Checks").
type GenereSessione string

// The kinds of session.
const (
	MetaAnno       GenereSessione = "meta-anno"      // data at 30 June
	FineAnno       GenereSessione = "fine-anno"      // data at 31 December
	Anticorruzione GenereSessione = "anticorruzione" // every four months, over the measures
)

// GeneriSessione lists the kinds, in the order of the year.
func GeneriSessione() []GenereSessione { return []GenereSessione{MetaAnno, FineAnno, Anticorruzione} }

// GiornoAnno is a day that comes every year, as 30/06. The zero value is "never".
type GiornoAnno struct{ Giorno, Mese int }

// dopo returns its first coming after g; no day for never.
func (ga GiornoAnno) dopo(g Giorno) Giorno {
	if ga == (GiornoAnno{}) {
		return Giorno{}
	}
	anno := g.Anno()
	if !NewGiorno(anno, ga.Mese, ga.Giorno).Dopo(g) {
		anno++
	}
	return NewGiorno(anno, ga.Mese, ga.Giorno)
}

// RegolaSessione says when the sessions of a kind come in every year.
type RegolaSessione struct {
	Genere    GenereSessione
	Numero    int        // which of those of its kind in the year, from 1
	Dati      GiornoAnno // the day that the data are of
	Apre      GiornoAnno // never: a person opens it
	Chiude    GiornoAnno
	Legge     GiornoAnno // by when the law, or the plan itself, wants the outcome; never where it says nothing
	Sollecito int        // working days between one reminder and the next; 0 for none
}

// Per returns the session of the plan of that year. It opens on the first working
// day from Apre on and closes on the last one up to Chiude, both counted on from the
// day of the data: "31/01" after "31/12" is of the year after.
func (r RegolaSessione) Per(anno int, c Calendario) Sessione {
	s := Sessione{Genere: r.Genere, Anno: anno, Numero: r.Numero, Dati: NewGiorno(anno, r.Dati.Mese, r.Dati.Giorno), Sollecito: r.Sollecito}
	if apre := r.Apre.dopo(s.Dati); !apre.IsZero() {
		s.Apre = c.Aggiungi(apre.Piu(-1), 1)
	}
	s.Chiude = c.Aggiungi(r.Chiude.dopo(s.Dati).Piu(1), -1)
	s.Legge = r.Legge.dopo(s.Dati)
	return s
}

// Sessione is one session of an ente.
type Sessione struct {
	ID        int64 // 0 while it was never opened
	Ente      string
	Genere    GenereSessione
	Anno      int // of the plan
	Numero    int // which of its kind in the year, from 1
	Dati      Giorno
	Apre      Giorno // when it is to open by itself; no day for never
	Chiude    Giorno // when it is to close by itself
	Legge     Giorno // no day where no law wants it
	Sollecito int
	Aperta    Giorno // when it was opened; no day while it was not
	Chiusa    Giorno // when it was closed; no day while it is open
	Impronta  string // SHA-256 of what was frozen, in hexadecimal
}

// Termine is the last day on which offices hand in: the working day before the one
// on which the session closes, in the morning.
func (s Sessione) Termine(c Calendario) Giorno { return c.Aggiungi(s.Chiude, -1) }

// RispostaDal is the first day on which a hand-in answers the session: that of the data,
// or of the opening where that came first. The sheets of measures are made at the opening.
func (s Sessione) RispostaDal() Giorno {
	if s.Genere == Anticorruzione || !s.Aperta.IsZero() && s.Aperta.Prima(s.Dati) {
		return s.Aperta
	}
	return s.Dati
}

// Nome names the session in Italian: "verifica di metà anno 2021".
func (s Sessione) Nome() string {
	switch s.Genere {
	case MetaAnno:
		return fmt.Sprintf("verifica di metà anno %d", s.Anno)
	case FineAnno:
		return fmt.Sprintf("verifica di fine anno %d", s.Anno)
	}
	return fmt.Sprintf("monitoraggio anticorruzione %d, quadrimestre %d", s.Anno, s.Numero)
}

// Chiave names the session among all of its ente: "2021/meta-anno",
// "2021/anticorruzione-2".
func (s Sessione) Chiave() string {
	if s.Genere == Anticorruzione {
		return fmt.Sprintf("%d/%s-%d", s.Anno, s.Genere, s.Numero)
	}
	return fmt.Sprintf("%d/%s", s.Anno, s.Genere)
}

// recuperoSessione is for how many days after its closing day a session that the
// daemon missed altogether is still made up for.
const recuperoSessione = 60

// DaAprire tells whether a session that was never opened is to open on that day.
// One whose closing day passed while nothing ran opens and closes at once, up to 60
// days later; an older one is nobody's wish any more.
func (s Sessione) DaAprire(c Calendario, g Giorno) bool {
	return s.Aperta.IsZero() && !s.Apre.IsZero() && !g.Prima(s.Apre) && g.Da(s.Chiude) <= recuperoSessione && c.Lavorativo(g)
}

// DaChiudere tells whether an open session is to close on that day.
func (s Sessione) DaChiudere(c Calendario, g Giorno) bool {
	return s.Chiusa.IsZero() && !g.Prima(s.Chiude) && c.Lavorativo(g)
}

// FaseApertura is the first phase of a session: the settore is asked. The others are
// "sollecito/1", "sollecito/2"…
const FaseApertura = "apertura"

// Richiesta is a phase of a session that a settore was told, or is about to be.
type Richiesta struct {
	Sessione int64
	Settore  string
	Fase     string
	Giorno   Giorno // of the message
	A        string // its first recipient
}

// Fase returns what a settore that has not answered is to be told on g, given what
// it was told already: that the session is open, then the last reminder that fell due
// after that. What fell due while nothing ran is one message. It returns "" where
// there is nothing to tell.
func (s Sessione) Fase(c Calendario, g Giorno, dette []Richiesta) string {
	if !c.Lavorativo(g) || g.Prima(s.Aperta) {
		return ""
	}
	var ultima Giorno
	for _, d := range dette {
		if d.Giorno.Dopo(ultima) {
			ultima = d.Giorno
		}
	}
	if ultima.IsZero() {
		return FaseApertura
	}
	fase := ""
	for n := 1; s.Sollecito > 0; n++ {
		dovuto := c.Aggiungi(s.Aperta, n*s.Sollecito)
		if dovuto.Dopo(g) || !dovuto.Prima(s.Chiude) {
			break
		}
		if dovuto.Dopo(ultima) {
			fase = fmt.Sprintf("sollecito/%d", n)
		}
	}
	return fase
}

// Invito is what one recipient is told about a session on a day: one message.
type Invito struct {
	Nome    string // the person in charge; "" where the office is written to
	A       string
	CC      []string // the Segretario, where an incarico is vacant
	Voci    []Chiamata
	Vacante bool
}

// Chiamata asks one settore.
type Chiamata struct {
	Settore   string
	Fase      string
	Referente Referente
}

// Sollecito tells whether the settore was asked before.
func (c Chiamata) Sollecito() bool { return c.Fase != FaseApertura }

// Fase returns the gravest phase of the message, for its key.
func (i Invito) Fase() string {
	fase := FaseApertura
	for _, v := range i.Voci {
		if v.Sollecito() && (fase == FaseApertura || len(v.Fase) > len(fase) || len(v.Fase) == len(fase) && v.Fase > fase) {
			fase = v.Fase
		}
	}
	return fase
}

// Inviti returns the messages of a session on g, one for each recipient, in the order
// of the addresses. occupati are the addresses that have a message that day: what they
// would be told waits for the next working day. muti are the settori for whom there is
// nobody to write to. settori are those that are asked and have not answered.
func (s Sessione) Inviti(c Calendario, g Giorno, settori []string, a Anagrafica, dette []Richiesta, occupati map[string]bool) (inviti []Invito, muti []string) {
	per := map[string][]Richiesta{}
	for _, d := range dette {
		per[d.Settore] = append(per[d.Settore], d)
	}
	posto := map[string]int{}
	segretario := a.Segretario().Email
	for _, nome := range settori {
		fase := s.Fase(c, g, per[nome])
		if fase == "" {
			continue
		}
		r := referenteDi(a, nome, g)
		if r.Destinatario == "" {
			muti = append(muti, nome)
			continue
		}
		chi := strings.ToLower(r.Destinatario)
		if occupati[chi] {
			continue
		}
		i, ok := posto[chi]
		if !ok {
			i = len(inviti)
			posto[chi] = i
			inviti = append(inviti, Invito{A: r.Destinatario})
		}
		inviti[i].aggiungi(Chiamata{nome, fase, r}, segretario)
	}
	slices.SortFunc(inviti, func(x, y Invito) int { return strings.Compare(x.A, y.A) })
	return inviti, muti
}

// referenteDi is who is told about a settore, or about what UfficioAnticorruzione answers
// for.
func referenteDi(a Anagrafica, nome string, g Giorno) Referente {
	if nome == UfficioAnticorruzione {
		r := a.Anticorruzione()
		return Referente{Nome: r.Nome, Destinatario: r.Email, Incarico: Titolare}
	}
	return a.Referente(nome, g)
}

// aggiungi puts a settore into the message.
func (i *Invito) aggiungi(v Chiamata, segretario string) {
	i.Voci = append(i.Voci, v)
	if i.Nome == "" {
		i.Nome = v.Referente.Nome
	}
	if v.Referente.Incarico != Vacante {
		return
	}
	i.Vacante = true
	if segretario != "" && !strings.EqualFold(segretario, i.A) && len(i.CC) == 0 {
		i.CC = []string{segretario}
	}
}
