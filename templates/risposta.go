package templates

import (
	"fmt"
	"strings"

	"github.com/scadenzario/scadenzario/piano"
)

// DatiRisposta is what a settore is told about the file that it handed in.
type DatiRisposta struct {
	File        string
	Giorno      piano.Giorno // the day on which it was looked at
	Accolto     bool
	GiaRicevuto piano.Giorno           // the day on which the same bytes were taken; no day where they are new
	Schede      []piano.Obiettivo      // as understood
	Esiti       []piano.EsitoObiettivo // of an accepted file, card by card
	Rilievi     []piano.Rilievo
	Misure      int // of a form of the anti-corruption measures: how many it holds
}

// Errori returns the findings that refuse the file.
func (d DatiRisposta) Errori() []piano.Rilievo { return d.con(piano.Errore) }

// Avvisi returns the findings that do not.
func (d DatiRisposta) Avvisi() []piano.Rilievo { return d.con(piano.Avviso) }

func (d DatiRisposta) con(g piano.Gravita) []piano.Rilievo {
	var suoi []piano.Rilievo
	for _, r := range d.Rilievi {
		if r.Gravita == g {
			suoi = append(suoi, r)
		}
	}
	return suoi
}

// VoceRisposta is a line about one card of the file.
type VoceRisposta struct {
	Numero, Titolo string
	Esito          piano.EsitoScheda // "" where nothing was taken
	Attivita       int
	Indicatori     int
	Differenze     []string // what was taken, in sentences
}

// Voci returns the cards with what became of each.
func (d DatiRisposta) Voci() []VoceRisposta {
	var voci []VoceRisposta
	for _, s := range d.Schede {
		v := VoceRisposta{Numero: s.Numero, Titolo: s.Titolo, Attivita: len(s.Attivita), Indicatori: len(s.Indicatori)}
		for _, e := range d.Esiti {
			if e.Numero == s.Numero {
				v.Esito = e.Esito
				for _, x := range e.Differenze {
					v.Differenze = append(v.Differenze, pulisci(x.String()))
				}
			}
		}
		voci = append(voci, v)
	}
	return voci
}

// Risposta writes the answer that is left beside a hand-in: what was understood,
// what became of it, and each finding with its place and remedy.
func (m *Modelli) Risposta(d DatiRisposta) (string, error) {
	var testo strings.Builder
	if err := m.testi.ExecuteTemplate(&testo, "risposta.txt", d); err != nil {
		return "", fmt.Errorf("write the answer for %s: %w", d.File, err)
	}
	return impagina(testo.String()), nil
}
