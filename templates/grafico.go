package templates

import (
	"fmt"
	"slices"
	"strings"

	"github.com/scadenzario/scadenzario/piano"
)

// rigaMese is a month of the chart: a bar made of the cells of a table, which every mail
// program draws, and the same in numbers for the plain text.
type rigaMese struct {
	Mese string // "giu 2021"
	Conteggio
	Tratti []tratto // states without activities are left out
	Testo  string   // the bar in words
	Ora    bool     // the month of this digest
}

// tratto is a piece of a bar, or a line of the legend.
type tratto struct {
	N             int
	Parola        string // "scadute"
	Largo         int    // in per cent of the bar
	Fondo, Penna  string // colours: of the piece, and of the number in it
	IntestazioneN string // "12 scadute"
}

// minimoTratto is how wide a piece is at least, in per cent, so that its number can be
// read on a phone; the others give it up.
const minimoTratto = 7

// penna is the colour of the numbers in the bars: white on dark grounds, which a mail
// program's dark mode leaves as they are.
const penna = "#ffffff"

// colore is the ground of a piece. Who sees no colours has the number, the order and the
// legend.
func colore(s piano.Stato) string {
	switch s {
	case piano.Scaduta:
		return "#8f1212"
	case piano.InRitardo:
		return "#9a5b00"
	case piano.InCorso:
		return "#2f6fad"
	case piano.DaAvviare:
		return "#667583"
	case piano.Conclusa:
		return "#2e7d4f"
	}
	return "#2b2f33"
}

// tratti returns the pieces of a bar: as wide as their share, none below minimoTratto,
// 100 in all.
func tratti(c Conteggio) []tratto {
	var pezzi []tratto
	for _, s := range c.stati() {
		if *s.n > 0 {
			pezzi = append(pezzi, tratto{N: *s.n, Parola: s.molti, Fondo: colore(s.stato), Penna: penna, IntestazioneN: quanti(*s.n, s.uno, s.molti)})
		}
	}
	resto := 100 - minimoTratto*len(pezzi)
	usato := 0
	for i := range pezzi {
		pezzi[i].Largo = minimoTratto + resto*pezzi[i].N/c.Attivita
		usato += pezzi[i].Largo
	}
	if len(pezzi) > 0 { // what rounding left goes to the widest
		i := slices.IndexFunc(pezzi, func(p tratto) bool {
			return p.Largo == slices.MaxFunc(pezzi, func(a, b tratto) int { return a.Largo - b.Largo }).Largo
		})
		pezzi[i].Largo += 100 - usato
	}
	return pezzi
}

func vediMese(m TotaliMese, al piano.Giorno) rigaMese {
	r := rigaMese{Mese: fmt.Sprintf("%s %d", meseBreve(m.Al.Mese()), m.Al.Anno()), Conteggio: m.Conteggio, Tratti: tratti(m.Conteggio), Ora: m.Al == al}
	parole := make([]string, 0, len(r.Tratti))
	for _, t := range r.Tratti {
		parole = append(parole, t.IntestazioneN)
	}
	r.Testo = fmt.Sprintf("%s: %d attività", r.Mese, m.Attivita)
	if len(parole) > 0 {
		r.Testo += ", " + strings.Join(parole, ", ")
	}
	return r
}
