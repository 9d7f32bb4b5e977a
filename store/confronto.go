package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/scadenzario/scadenzario/piano"
)

// massimoChiave is how long the key of an activity may be, in bytes: an index
// entry takes no more than about 2,700.
const massimoChiave = 1000

// chiaveAttivita is by what an activity is found again in its objective and year:
// its description for comparing. A very long one is shortened, with its digest in
// place of the rest.
func chiaveAttivita(descrizione string) string {
	s := piano.Normalizza(descrizione)
	if len(s) <= massimoChiave {
		return s
	}
	somma := sha256.Sum256([]byte(s))
	return strings.ToValidUTF8(s[:massimoChiave], "") + "#" + hex.EncodeToString(somma[:])
}

// chiaveObiettivo is the key of a card within its plan: the second number of n/m;
// a number without a slash counts in its settore alone.
func chiaveObiettivo(o piano.Obiettivo, settore string) string {
	if m := o.Progressivo(); m != "" {
		return m
	}
	return settore + "/" + o.Numero
}

// posto reads the whole number that a part of a card's number begins with; nil
// where it begins with none. It is for the order alone.
func posto(s string) *int64 {
	cifre := s[:len(s)-len(strings.TrimLeft(s, "0123456789"))]
	n, err := strconv.ParseInt(cifre, 10, 32)
	if err != nil {
		return nil
	}
	return &n
}

// obiettivoPulito returns a copy of the card that the server takes.
func obiettivoPulito(o piano.Obiettivo) piano.Obiettivo {
	for _, testo := range []*string{&o.Foglio, &o.Numero, &o.Titolo, &o.Settore, &o.Strategia, &o.Assessore, &o.Responsabile,
		&o.AltriSettori, &o.Durata, &o.PortatoriInteressi, &o.Descrizione, &o.RisultatiAttesi, &o.Rinvio} {
		*testo = pulisci(*testo)
	}
	celle := make(map[string]string, len(o.Celle))
	for campo, cella := range o.Celle {
		celle[pulisci(campo)] = pulisci(cella)
	}
	o.Celle = celle
	o.Indicatori, o.Attivita = slices.Clone(o.Indicatori), slices.Clone(o.Attivita)
	o.RisorseUmane = slices.Clone(o.RisorseUmane)
	for k := range o.Indicatori {
		i := &o.Indicatori[k]
		for _, testo := range []*string{&i.Descrizione, &i.Unita, &i.ValoreAnnoPrecedente, &i.TargetAnno, &i.TargetMetaAnno,
			&i.RisultatoMetaAnno, &i.RisultatoFinale, &i.Cella} {
			*testo = pulisci(*testo)
		}
	}
	for k := range o.Attivita {
		a := &o.Attivita[k]
		a.Descrizione, a.Cella = pulisci(a.Descrizione), pulisci(a.Cella)
	}
	for k := range o.RisorseUmane {
		r := &o.RisorseUmane[k]
		r.Ruolo, r.Cella = pulisci(r.Ruolo), pulisci(r.Cella)
	}
	return o
}

// quando is by what an activity is found again in its objective.
type quando struct {
	anno   int
	chiave string
}

func quandoDi(a piano.Attivita) quando { return quando{a.Anno, chiaveAttivita(a.Descrizione)} }

// senzaDoppie refuses a card that has an activity twice in a year.
func senzaDoppie(o piano.Obiettivo) error {
	viste := map[quando]bool{}
	for _, a := range o.Attivita {
		if viste[quandoDi(a)] {
			return &AttivitaDoppia{Numero: o.Numero, Anno: a.Anno, Descrizione: a.Descrizione}
		}
		viste[quandoDi(a)] = true
	}
	return nil
}

// giudica decides what becomes of the card, and in an approved plan puts the
// progress it brings into memoria.
func (s *scheda) giudica() {
	s.esito = piano.EsitoObiettivo{Numero: s.Numero, Esito: piano.Invariata}
	switch {
	case s.memoria == nil && s.approvato:
		s.esito.DaVariare = []string{"obiettivo nuovo"}
	case s.memoria == nil:
		s.esito.Esito = piano.Aggiunta
	case s.approvato:
		s.esito.DaVariare = variazioni(s.Obiettivo, s.memoria.Obiettivo)
		prima := senzaLuoghi(s.memoria.Obiettivo)
		s.memoria.avanza(s.Obiettivo)
		if !reflect.DeepEqual(prima, senzaLuoghi(s.memoria.Obiettivo)) {
			s.esito.Esito = piano.Cambiata
		}
	case !reflect.DeepEqual(senzaLuoghi(s.Obiettivo), senzaLuoghi(s.memoria.Obiettivo)):
		s.esito.Esito = piano.Cambiata
	}
}

// senzaLuoghi returns what the card says, without where on the sheet it says so:
// a card that only moved is the same.
func senzaLuoghi(o piano.Obiettivo) piano.Obiettivo {
	o.Foglio, o.Celle = "", nil
	o.Indicatori = append([]piano.Indicatore(nil), o.Indicatori...)
	o.Attivita = append([]piano.Attivita(nil), o.Attivita...)
	o.RisorseUmane = append([]piano.RisorsaUmana(nil), o.RisorseUmane...)
	for i := range o.Indicatori {
		o.Indicatori[i].Cella = ""
	}
	for i := range o.Attivita {
		o.Attivita[i].Cella = ""
	}
	for i := range o.RisorseUmane {
		o.RisorseUmane[i].Cella = ""
	}
	return o
}

// avanza takes the progress of the card into the stored objective and leaves the
// plan's own fields alone. What the card no longer has keeps its progress.
func (m *obiettivo) avanza(o piano.Obiettivo) {
	indicatori := perChiave(o.Indicatori, chiaveIndicatore)
	m.Foglio, m.Celle = o.Foglio, o.Celle
	for k, chiave := range chiavi(m.Indicatori, chiaveIndicatore) {
		i, nuovo := &m.Indicatori[k], indicatori[chiave]
		i.Cella = ""
		if nuovo != nil {
			i.RisultatoMetaAnno, i.RisultatoFinale, i.Cella = nuovo.RisultatoMetaAnno, nuovo.RisultatoFinale, nuovo.Cella
		}
	}
	attivita := perChiave(o.Attivita, quandoDi)
	for k, chiave := range chiavi(m.Attivita, quandoDi) {
		a, nuova := &m.Attivita[k], attivita[chiave]
		a.Cella = ""
		if nuova != nil {
			a.Ottenuto, a.Eseguito, a.Cella = nuova.Ottenuto, nuova.Eseguito, nuova.Cella
		}
	}
}

func chiaveIndicatore(i piano.Indicatore) string { return piano.Normalizza(i.Descrizione) }

// volta tells the second element with one key from the first.
type volta[K comparable] struct {
	chiave K
	quale  int
}

// chiavi returns the key of each element, with its place among those that share
// it.
func chiavi[T any, K comparable](lista []T, chiave func(T) K) []volta[K] {
	visti := map[K]int{}
	tutte := make([]volta[K], 0, len(lista))
	for _, e := range lista {
		k := chiave(e)
		tutte = append(tutte, volta[K]{k, visti[k]})
		visti[k]++
	}
	return tutte
}

// perChiave maps the keys of chiavi to the elements.
func perChiave[T any, K comparable](lista []T, chiave func(T) K) map[volta[K]]*T {
	m := make(map[volta[K]]*T, len(lista))
	for i, k := range chiavi(lista, chiave) {
		m[k] = &lista[i]
	}
	return m
}

// variazioni names, for the office, what in the plan the card wants otherwise
// than it was approved. Case, accents and spaces are no difference.
func variazioni(o, m piano.Obiettivo) []string {
	var diverse []string
	for _, c := range []struct{ nome, nuovo, approvato string }{
		{"numero", o.Numero, m.Numero}, {"titolo", o.Titolo, m.Titolo}, {"strategia", o.Strategia, m.Strategia},
		{"assessore", o.Assessore, m.Assessore}, {"responsabile", o.Responsabile, m.Responsabile},
		{"strategicità", scritto(o.Strategicita), scritto(m.Strategicita)}, {"peso", scritto(o.Peso), scritto(m.Peso)},
		{"altri settori", o.AltriSettori, m.AltriSettori}, {"durata", o.Durata, m.Durata},
		{"portatori di interessi", o.PortatoriInteressi, m.PortatoriInteressi}, {"descrizione", o.Descrizione, m.Descrizione},
		{"risultati attesi", o.RisultatiAttesi, m.RisultatiAttesi}, {"rinvio", o.Rinvio, m.Rinvio},
	} {
		if diverso(c.nuovo, c.approvato) {
			diverse = append(diverse, c.nome)
		}
	}
	diverse = append(diverse, variazioniIndicatori(o, m)...)
	diverse = append(diverse, variazioniAttivita(o, m)...)
	if !reflect.DeepEqual(senzaLuoghi(o).RisorseUmane, senzaLuoghi(m).RisorseUmane) {
		diverse = append(diverse, "risorse umane")
	}
	return diverse
}

func variazioniIndicatori(o, m piano.Obiettivo) []string {
	var diverse []string
	approvati, nuovi := perChiave(m.Indicatori, chiaveIndicatore), perChiave(o.Indicatori, chiaveIndicatore)
	for k, chiave := range chiavi(o.Indicatori, chiaveIndicatore) {
		n, a := o.Indicatori[k], approvati[chiave]
		if a == nil {
			diverse = append(diverse, "indicatore aggiunto "+virgolette(n.Descrizione))
			continue
		}
		for _, c := range []struct{ nome, nuovo, approvato string }{
			{"unità", n.Unita, a.Unita}, {"valore dell'anno precedente", n.ValoreAnnoPrecedente, a.ValoreAnnoPrecedente},
			{"target anno", n.TargetAnno, a.TargetAnno}, {"target metà anno", n.TargetMetaAnno, a.TargetMetaAnno},
		} {
			if diverso(c.nuovo, c.approvato) {
				diverse = append(diverse, c.nome+" di "+virgolette(a.Descrizione))
			}
		}
	}
	for k, chiave := range chiavi(m.Indicatori, chiaveIndicatore) {
		if nuovi[chiave] == nil {
			diverse = append(diverse, "indicatore tolto "+virgolette(m.Indicatori[k].Descrizione))
		}
	}
	return diverse
}

func variazioniAttivita(o, m piano.Obiettivo) []string {
	var diverse []string
	aggiungi := func(cosa string, a piano.Attivita) {
		voce := cosa + " " + virgolette(a.Descrizione)
		if a.Anno != m.Anno {
			voce += fmt.Sprintf(" (%d)", a.Anno)
		}
		diverse = append(diverse, voce)
	}
	approvate, nuove := perChiave(m.Attivita, quandoDi), perChiave(o.Attivita, quandoDi)
	for k, chiave := range chiavi(o.Attivita, quandoDi) {
		n, a := o.Attivita[k], approvate[chiave]
		switch {
		case a == nil:
			aggiungi("attività aggiunta", n)
		case a.Previsto != n.Previsto:
			aggiungi("mesi previsti di", *a)
		}
	}
	for k, chiave := range chiavi(m.Attivita, quandoDi) {
		if nuove[chiave] == nil {
			aggiungi("attività tolta", m.Attivita[k])
		}
	}
	return diverse
}

func diverso(a, b string) bool { return piano.Normalizza(a) != piano.Normalizza(b) }

// scritto is a decimal as text, "" where there is none.
func scritto(d *piano.Decimale) string {
	if d == nil {
		return ""
	}
	return d.String()
}

// massimoCitato is how much of a description a finding quotes, in characters.
const massimoCitato = 120

func virgolette(s string) string {
	if r := []rune(s); len(r) > massimoCitato {
		s = string(r[:massimoCitato]) + "…"
	}
	return "«" + s + "»"
}
