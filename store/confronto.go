package store

import (
	"crypto/sha256"
	"encoding/hex"
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

// posto returns the whole number that a part of a card's number begins with; "" where it
// begins with none. It is for the order alone.
func posto(s string) string {
	cifre := s[:len(s)-len(strings.TrimLeft(s, "0123456789"))]
	if _, err := strconv.ParseInt(cifre, 10, 32); err != nil {
		return ""
	}
	return cifre
}

// obiettivoPulito returns a copy of the card that the server takes.
func obiettivoPulito(o piano.Obiettivo) piano.Obiettivo {
	for _, testo := range []*string{&o.Foglio, &o.Numero, &o.Titolo, &o.Settore, &o.Strategia, &o.Assessore, &o.Responsabile,
		&o.AltriSettori, &o.Durata, &o.PortatoriInteressi, &o.Descrizione, &o.RisultatiAttesi, &o.Rinvio} {
		*testo = pulisci(*testo)
	}
	o.Celle = celleDi(o.Celle)
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

// celleDi returns the cells as the server takes them: the same ones, unless one must be
// cleaned.
func celleDi(celle map[string]string) map[string]string {
	for campo, cella := range celle {
		if pulisci(campo) == campo && pulisci(cella) == cella {
			continue
		}
		pulite := make(map[string]string, len(celle))
		for campo, cella := range celle {
			pulite[pulisci(campo)] = pulisci(cella)
		}
		return pulite
	}
	return celle
}

// quando is by what an activity is found again in its objective.
type quando struct {
	anno   int
	chiave string
}

func quandoDi(a piano.Attivita) quando { return quando{a.Anno, chiaveAttivita(a.Descrizione)} }

// chiaviAttivita returns the key of each activity, and refuses a card that has one twice
// in a year.
func chiaviAttivita(o piano.Obiettivo) ([]string, error) {
	viste, chiavi := make(map[quando]bool, len(o.Attivita)), make([]string, 0, len(o.Attivita))
	for _, a := range o.Attivita {
		q := quandoDi(a)
		if viste[q] {
			return nil, &AttivitaDoppia{Numero: o.Numero, Anno: a.Anno, Descrizione: a.Descrizione}
		}
		viste[q], chiavi = true, append(chiavi, q.chiave)
	}
	return chiavi, nil
}

// giudica decides what becomes of the card, and in an approved plan puts the
// progress it brings into memoria.
func (s *scheda) giudica() {
	s.esito = piano.EsitoObiettivo{Numero: s.Numero, Esito: piano.Invariata}
	switch {
	case s.memoria == nil && s.approvato:
		s.variazioni = []piano.Differenza{{Campo: "obiettivo", Che: "obiettivo nuovo", Dopo: s.Titolo, Piano: true, Cella: s.Celle["numero"]}}
	case s.memoria == nil:
		s.esito.Esito = piano.Aggiunta
	case s.approvato:
		for _, d := range piano.Differenze(s.memoria.Obiettivo, s.Obiettivo) {
			if d.Piano {
				s.variazioni = append(s.variazioni, d)
			} else {
				s.esito.Differenze = append(s.esito.Differenze, d)
			}
		}
		prima := senzaLuoghi(s.memoria.Obiettivo)
		s.memoria.avanza(s.Obiettivo)
		if !reflect.DeepEqual(prima, senzaLuoghi(s.memoria.Obiettivo)) {
			s.esito.Esito = piano.Cambiata
		}
	case !reflect.DeepEqual(senzaLuoghi(s.Obiettivo), senzaLuoghi(s.memoria.Obiettivo)):
		s.esito.Esito = piano.Cambiata
		s.esito.Differenze = piano.Differenze(s.memoria.Obiettivo, s.Obiettivo)
	}
	for _, d := range s.variazioni {
		s.esito.DaVariare = append(s.esito.DaVariare, d.Che)
	}
}

// senzaLuoghi returns what the card says, without where on the sheet it says so:
// a card that only moved is the same.
func senzaLuoghi(o piano.Obiettivo) piano.Obiettivo {
	o = conLuoghi(o)
	o.Foglio, o.Celle = "", nil
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

// conLuoghi returns a copy of a card that is for comparing: a missing list is an empty one.
func conLuoghi(o piano.Obiettivo) piano.Obiettivo {
	o.Indicatori = append([]piano.Indicatore(nil), o.Indicatori...)
	o.Attivita = append([]piano.Attivita(nil), o.Attivita...)
	o.RisorseUmane = append([]piano.RisorsaUmana(nil), o.RisorseUmane...)
	if len(o.Celle) == 0 {
		o.Celle = nil
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
