package piano

import (
	"slices"
	"strings"
)

// UfficioAnticorruzione is asked, as if it were a settore, about the measures whose
// settore the registry does not know: the responsabile of the prevention of corruption,
// else the Segretario.
const UfficioAnticorruzione = "Responsabile anticorruzione"

// Anticorruzione returns who answers for the prevention of corruption: the ruolo that
// says so, else the Segretario.
func (a Anagrafica) Anticorruzione() Ruolo {
	for _, r := range a.Ruoli {
		nome := Normalizza(r.Ruolo)
		if r.Email != "" && (strings.Contains(nome, "corruzione") || strings.Contains(nome, "rpc")) {
			return r
		}
	}
	return a.Segretario()
}

// Interpellati returns who is asked about the measure: the settori that it names, all of
// them where it names none ("Tutti i settori"), UfficioAnticorruzione where the registry
// does not know them.
func (m Misura) Interpellati(a Anagrafica) []string {
	scritto := Normalizza(m.Settore)
	if nonScritto(m.Settore) || strings.HasPrefix(scritto, "tutt") || strings.HasPrefix(scritto, "ogni ") {
		nomi := make([]string, 0, len(a.Settori))
		for _, s := range a.Settori {
			nomi = append(nomi, s.Nome)
		}
		return nomi
	}
	if s, ok := a.Settore(m.Settore); ok {
		return []string{s.Nome}
	}
	var nomi []string
	for _, parte := range strings.FieldsFunc(m.Settore, func(r rune) bool { return strings.ContainsRune(";,/\n", r) }) {
		s, ok := a.Settore(parte)
		if !ok {
			return []string{UfficioAnticorruzione}
		}
		if !slices.Contains(nomi, s.Nome) {
			nomi = append(nomi, s.Nome)
		}
	}
	return nomi
}

// StatiMisura are the words that the form offers for the state of a measure; an office may
// write others.
func StatiMisura() []string { return []string{"attuata", "in corso", "non attuata", "non dovuta"} }

// RispostaMisura is what a settore says of a measure in a session.
type RispostaMisura struct {
	Settore string
	Misura  int64 // the measure's ID
	Stato   string
	Note    string
	Cella   string // A1 address of Stato
	Giorno  Giorno // of the hand-in
}

// RisposteMisure is a form of the measures that was handed in.
type RisposteMisure struct {
	Sessione string // Sessione.Chiave, as the form's mark has it
	Settore  string // whom the form was for: a settore's code, or that of UfficioAnticorruzione
	Foglio   string
	Misure   []RispostaMisura
}

// MisuraInSessione is a measure, as one of those who are asked about it has it.
type MisuraInSessione struct {
	ID         int64  `json:"id"`
	Settore    string `json:"settore"`
	Area       string `json:"area"`
	Misura     string `json:"misura"`
	Attivita   string `json:"attivita"`
	Indicatore string `json:"indicatore"`
	Target     string `json:"target"`
	Verifica   string `json:"verifica"`
	Scadenza   string `json:"scadenza"`
	Stato      string `json:"stato"` // as written; "" for none
	Note       string `json:"note"`
	Giorno     Giorno `json:"giorno"` // of the hand-in that says it
	// Prima is what was said before it and is another, oldest first.
	Prima []DettoPrima `json:"prima,omitempty"`
}

// DettoPrima is what was said of a measure before a later hand-in said something else.
type DettoPrima struct {
	Stato  string `json:"stato"`
	Note   string `json:"note"`
	Giorno Giorno `json:"giorno"` // of the hand-in that said it
}

// rispondi takes the next answer. A row left blank takes nothing back: offices share a
// form, and each fills in its part.
func (m *MisuraInSessione) rispondi(r RispostaMisura) {
	if r.Stato == "" && r.Note == "" || r.Stato == m.Stato && r.Note == m.Note {
		return
	}
	if m.Stato != "" || m.Note != "" {
		m.Prima = append(m.Prima, DettoPrima{m.Stato, m.Note, m.Giorno})
	}
	if r.Stato != "" { // a note alone is about the state said before
		m.Stato = r.Stato
	}
	m.Note, m.Giorno = r.Note, r.Giorno
}

// fotografaMisure takes the picture of a session over the measures: each of them once for
// whoever is asked about it, settore by settore in the registry's order.
func (v VistaSessione) fotografaMisure() Fotografia {
	f := v.vuota()
	di := map[string][]Misura{}
	for _, m := range v.Misure {
		for _, nome := range m.Interpellati(v.Anagrafica) {
			di[nome] = append(di[nome], m)
		}
	}
	nomi := make([]string, 0, len(v.Anagrafica.Settori)+1)
	for _, s := range v.Anagrafica.Settori {
		nomi = append(nomi, s.Nome)
	}
	for _, nome := range append(nomi, UfficioAnticorruzione) {
		if len(di[nome]) == 0 {
			continue
		}
		f.Settori = append(f.Settori, v.settore(nome))
		for _, m := range di[nome] {
			x := MisuraInSessione{ID: m.ID, Settore: nome, Area: m.Area, Misura: m.Titolo, Attivita: m.Attivita, Indicatore: m.Indicatore,
				Target: m.Target, Verifica: m.Verifica, Scadenza: m.Scadenza}
			for _, r := range v.Stati {
				if r.Misura == m.ID && r.Settore == nome {
					x.rispondi(r)
				}
			}
			f.Misure = append(f.Misure, x)
		}
	}
	return f
}
