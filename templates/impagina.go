package templates

import (
	"strings"
	"unicode/utf8"
)

// colonne is the width of the plain text: what RFC 3676 advises, so that a mail
// quoted once still does not wrap.
const colonne = 78

// impagina gives a plain text its form: lines wrapped at colonne, no space at
// their ends, never two empty lines in a row, none at the beginning, one line
// break at the end. So the templates need not care for white space.
func impagina(testo string) string {
	var righe []string
	for riga := range strings.SplitSeq(testo, "\n") {
		riga = strings.TrimRight(riga, " \t\r")
		if riga == "" && (len(righe) == 0 || righe[len(righe)-1] == "") {
			continue
		}
		righe = append(righe, spezza(riga)...)
	}
	return strings.TrimRight(strings.Join(righe, "\n"), "\n") + "\n"
}

// spezza wraps one line. The lines after the first begin below its text: after
// the indentation, after a bullet, after a label set off by two spaces. A word
// longer than a line stays whole: it may be an address.
func spezza(riga string) []string {
	if utf8.RuneCountInString(riga) <= colonne {
		return []string{riga}
	}
	rientro := strings.Repeat(" ", rientro(riga))
	parole := strings.Fields(riga)
	corrente := riga[:strings.Index(riga, parole[0])] + parole[0]
	resto := riga[len(corrente):]
	var righe []string
	for _, parola := range parole[1:] {
		// the spaces as written: they align the label of the first line
		spazi := len(resto) - len(strings.TrimLeft(resto, " "))
		prossima := corrente + resto[:spazi] + parola
		resto = resto[spazi+len(parola):]
		if utf8.RuneCountInString(prossima) > colonne && strings.TrimSpace(corrente) != "" {
			righe = append(righe, corrente)
			prossima = rientro + parola
		}
		corrente = prossima
	}
	return append(righe, corrente)
}

// rientro returns the column, in characters, at which the text of a line begins.
func rientro(riga string) int {
	margine := len(riga) - len(strings.TrimLeft(riga, " "))
	testo := riga[margine:]
	if strings.HasPrefix(testo, "- ") {
		return margine + 2
	}
	if i := strings.Index(testo, "  "); i >= 0 && i < 20 {
		valore := strings.TrimLeft(testo[i:], " ")
		return margine + utf8.RuneCountInString(testo[:len(testo)-len(valore)])
	}
	return margine
}
