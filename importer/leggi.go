package importer

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
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
	l.Schede, l.Rilievi = daSchede(schedeDi(cartella.Fogli, true))
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
	return daSchede(schedeDi(c.Fogli, false))
}

// daSchede makes objectives and findings of the cards of a workbook.
func daSchede(schede []scheda) ([]piano.Obiettivo, []piano.Rilievo) {
	schede = senzaElenchi(schede)
	obiettivi, rilievi := make([]piano.Obiettivo, 0, len(schede)), []piano.Rilievo{}
	if len(schede) == 0 {
		return obiettivi, append(rilievi, NuovoRilievo("nessuna-scheda", "", ""))
	}
	numeriDoppi(schede)
	quanti := 0
	for i := range schede {
		quanti += len(schede[i].rilievi)
	}
	rilievi = slices.Grow(rilievi, quanti)
	for i := range schede {
		s := &schede[i]
		obiettivi = append(obiettivi, s.obiettivo)
		rilievi = append(rilievi, s.rilievi...)
	}
	return obiettivi, append(rilievi, pesiDeiSettori(schede)...)
}

// molteCelle is from how many cells on a workbook's sheets are read side by side. An
// office's workbook has a thousand, and is read before a second goroutine has begun.
const molteCelle = 20_000

// schedeDi reads the cards of each sheet, sheet by sheet, those of a large workbook on two
// cores. It gives back the memory of a sheet that it has read, where nobody else wants it.
func schedeDi(fogli []sheet.Foglio, soloNostri bool) []scheda {
	celle := 0
	for _, f := range fogli {
		celle += len(f.Celle())
	}
	per, prossimo := make([][]scheda, len(fogli)), atomic.Int64{}
	leggi := func() {
		t := nuovoTavolo()
		for i := int(prossimo.Add(1)) - 1; i < len(fogli); i = int(prossimo.Add(1)) - 1 {
			per[i] = t.schede(&fogli[i])
			if soloNostri {
				fogli[i] = sheet.Foglio{}
			}
		}
	}
	if celle >= molteCelle && len(fogli) > 1 {
		var altro sync.WaitGroup
		var guasto any // a panic is the caller's, who may survive it
		altro.Go(func() {
			defer func() { guasto = recover() }()
			leggi()
		})
		leggi()
		if altro.Wait(); guasto != nil {
			panic(guasto)
		}
	} else {
		leggi()
	}
	return slices.Concat(per...)
}

// schede reads the cards of a sheet, none where it is hidden or our own.
func (t *tavolo) schede(f *sheet.Foglio) []scheda {
	if f.Nascosto || strings.HasPrefix(f.Cella(1, 1).Testo, TitoloEsito) {
		return nil
	}
	riquadri := t.riquadri(f)
	schede := make([]scheda, 0, len(riquadri))
	for _, r := range riquadri {
		if s := leggiScheda(r); !s.vuota && !(s.obiettivo.Numero == "" && istruzioni(f)) {
			schede = append(schede, s)
		}
	}
	return schede
}

// istruzioni tells whether a sheet explains how the cards are filled in: it says so in its
// name or in its first text. What has no number there is no card.
func istruzioni(f *sheet.Foglio) bool {
	if istruzioniRe.MatchString(piano.Normalizza(f.Nome)) {
		return true
	}
	for _, c := range f.Celle() {
		if c.Testo != "" {
			return istruzioniRe.MatchString(piano.Normalizza(c.Testo))
		}
	}
	return false
}

var istruzioniRe = regexp.MustCompile(`^(?:istruzioni|guida|legenda|leggimi|come si |come compilare|note (?:per|alla|di) )`)
