package piano

// Ente is an administration with a plan of its own: an Unione, a Comune.
type Ente struct {
	Codice        string // lower case, for folders and flags: "terre-di-pianura"
	Nome          string // as it signs: "Unione dei Comuni Terre di Pianura"
	PatronoMese   int    // the patron's day, 0 where none is given
	PatronoGiorno int
}

// Ruolo is who holds a function of the whole ente.
type Ruolo struct {
	Ruolo string // "Segretario", "Presidente", "Nucleo di valutazione", "SIA"
	Nome  string
	Email string
}

// RuoloSegretario is the function that gets the monthly digest and the
// escalations.
const RuoloSegretario = "Segretario"

// Anagrafica is what the program knows of the people of one ente: the contents of
// anagrafica.xlsx.
type Anagrafica struct {
	Ente      Ente
	Settori   []Settore
	Incarichi []Incarico
	Ruoli     []Ruolo
}

// Segretario returns the Segretario's name and address, empty where the registry
// has none.
func (a Anagrafica) Segretario() Ruolo { return a.ruolo(RuoloSegretario) }

// ruolo finds who holds a function, however its name is written.
func (a Anagrafica) ruolo(nome string) Ruolo {
	for _, r := range a.Ruoli {
		if Normalizza(r.Ruolo) == Normalizza(nome) {
			return r
		}
	}
	return Ruolo{}
}

// IncarichiDi returns the incarichi of that settore, by the registry's name.
func (a Anagrafica) IncarichiDi(settore string) []Incarico {
	var suoi []Incarico
	for _, i := range a.Incarichi {
		if i.Settore == settore {
			suoi = append(suoi, i)
		}
	}
	return suoi
}

// Settore finds a settore by what a card calls it: its name or an alias, accents,
// case, punctuation, the word "settore" and the order of the words aside.
func (a Anagrafica) Settore(scritto string) (Settore, bool) {
	cercato := chiaveNome(scritto)
	if cercato == "" {
		return Settore{}, false
	}
	for _, s := range a.Settori {
		for _, nome := range append([]string{s.Nome, s.Codice}, s.Alias...) {
			if chiaveNome(nome) == cercato {
				return s, true
			}
		}
	}
	return Settore{}, false
}

// Referente returns who is told about that settore on that day.
func (a Anagrafica) Referente(settore string, d Giorno) Referente {
	for _, s := range a.Settori {
		if s.Nome == settore {
			return InCarica(s, a.IncarichiDi(settore), a.Segretario().Email, d)
		}
	}
	return Referente{Incarico: Vacante, Destinatario: a.Segretario().Email}
}
