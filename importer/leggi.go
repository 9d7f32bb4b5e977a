package importer

import (
	"path/filepath"
	"strings"
	"time"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// Lettura is what was understood of a workbook: the answer of `scadenzario read
// --json`, whose keys the contract fixes. Both lists are never nil.
type Lettura struct {
	File    string            `json:"file"`    // base name
	Schede  []piano.Obiettivo `json:"schede"`  // sheet by sheet, top to bottom, left to right
	Rilievi []piano.Rilievo   `json:"rilievi"` // card by card; those of the whole workbook last
	// Aggiornata is of which instant the content is: what the mark of our form says,
	// else when the file was last saved; zero where nothing says it.
	Aggiornata time.Time `json:"-"`
	// Misure is the form of the anti-corruption measures, where the workbook is that and
	// no cards; nil else.
	Misure *piano.RisposteMisure `json:"-"`
}

// Illeggibile tells whether the bytes could not be read as a workbook at all, for
// the contract's exit code 2.
func (l Lettura) Illeggibile() bool {
	for _, r := range l.Rilievi {
		if r.Codice == "file-illeggibile" || r.Codice == "file-protetto" {
			return true
		}
	}
	return false
}

// Leggi reads one workbook. nome is its name, for the answer alone. It takes any
// bytes and never fails: what is wrong with them is a finding.
func Leggi(nome string, contenuto []byte) (l Lettura) {
	l = Lettura{File: base(nome), Schede: []piano.Obiettivo{}, Rilievi: []piano.Rilievo{}}
	cartella, rilievi := apriFile(contenuto)
	if rilievi != nil {
		l.Rilievi = rilievi
		return l
	}
	if l.Misure, rilievi = leggiModuloMisure(cartella); l.Misure != nil {
		l.Rilievi = append(l.Rilievi, rilievi...)
		return l
	}
	l.Schede, l.Rilievi = LeggiCartella(cartella)
	l.Aggiornata = aggiornata(cartella)
	return l
}

// base returns the last part of a path written on any system.
func base(nome string) string {
	for i := len(nome) - 1; i >= 0; i-- {
		if nome[i] == '\\' {
			nome = nome[i+1:]
			break
		}
	}
	return sheet.Piega(filepath.Base(nome))
}

// TitoloEsito begins the first cell of the sheet that we put into an annotated
// workbook: the list of findings, which is not read as part of the plan.
const TitoloEsito = "Esito della lettura"

// LeggiCartella reads the cards of a grid, wherever it comes from. Hidden sheets,
// sheets without a card and empty forms are passed over. Both lists are never nil.
func LeggiCartella(c sheet.Cartella) ([]piano.Obiettivo, []piano.Rilievo) {
	var schede []scheda
	n := noti{}
	for i := range c.Fogli {
		if c.Fogli[i].Nascosto || strings.HasPrefix(c.Fogli[i].Cella(1, 1).Testo, TitoloEsito) {
			continue
		}
		for _, r := range riquadri(&c.Fogli[i], n) {
			if s := leggiScheda(r); !s.vuota {
				schede = append(schede, s)
			}
		}
	}
	schede = senzaElenchi(schede)
	obiettivi, rilievi := []piano.Obiettivo{}, []piano.Rilievo{}
	if len(schede) == 0 {
		return obiettivi, append(rilievi, NuovoRilievo("nessuna-scheda", "", ""))
	}
	numeriDoppi(schede)
	for _, s := range schede {
		obiettivi = append(obiettivi, s.obiettivo)
		rilievi = append(rilievi, s.rilievi...)
	}
	return obiettivi, append(rilievi, pesiDeiSettori(schede)...)
}
