package piano

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

var (
	// unaPersona divides a text that names several: "Sandra Benassi (fino al 30/04) – Marco Lodi".
	unaPersona = regexp.MustCompile(`[,;/()]|\s[–—-]\s|\s(?:e|ed|fino|poi)\s`)

	// puntate are initials that make a word: S.I.A., P.O.
	puntate = regexp.MustCompile(`\b(?:[a-z]\.){2,}`)

	// titoliPersona stand beside a name and say nothing of who it is.
	titoliPersona = strings.Fields("dott dottor dottore dottssa dottoressa dssa ssa dr drssa sig sigra signor signora ing arch avv geom rag prof profssa cav resp responsabile dirigente segretario segretaria")

	// paroleUfficio are what remains of a name of an office besides what it is for.
	paroleUfficio = strings.Fields("resp responsabile responsabili dirigente direttore titolare capo funzionario incaricato referente po eq ad e interim il la lo i le gli l di del della dello dei delle d dell a al alla per ed settore settori servizio servizi ufficio uffici area struttura unita generale comunale segretario segretaria")
)

// paroleNome reduces a name to its words: no accents, no apostrophes, no titles.
func paroleNome(s string) []string {
	s = strings.NewReplacer("'", "", ".ssa", "ssa", "dr.ssa", "dssa", "ph.d", "").Replace(Normalizza(s))
	parole := strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
	return slices.DeleteFunc(parole, func(p string) bool { return slices.Contains(titoliPersona, p) })
}

// stessaPersona tells whether the text of a card names that person, perhaps among
// others: "Dott.ssa MONTANARI G. (P.O.)" names Giulia Montanari.
func stessaPersona(scritto, nome string) bool {
	cercate := paroleNome(nome)
	if resto, _ := senzaComuni(cercate, paroleNome(scritto)); len(resto) == 0 {
		return true
	}
	return slices.ContainsFunc(unaPersona.Split(Normalizza(scritto), -1), func(una string) bool {
		parole := paroleNome(una)
		resto, comuni := senzaComuni(parole, cercate)
		mancano, _ := senzaComuni(cercate, parole)
		if comuni == 0 {
			return false
		}
		resto, mancano = senzaIniziali(resto, mancano), senzaIniziali(mancano, resto)
		return len(resto) == 0 || len(mancano) == 0
	})
}

// senzaComuni returns the words that the other name does not have, and how many it has.
func senzaComuni(parole, altre []string) (resto []string, comuni int) {
	for _, p := range parole {
		if slices.ContainsFunc(altre, func(a string) bool { return unaLettera(p, a) }) {
			comuni++
		} else {
			resto = append(resto, p)
		}
	}
	return resto, comuni
}

// senzaIniziali leaves out the words that shorten one of the other name's, or the other
// way round: "G." and "Giu." of "Giulia".
func senzaIniziali(parole, altre []string) []string {
	return slices.DeleteFunc(slices.Clone(parole), func(p string) bool {
		return slices.ContainsFunc(altre, func(a string) bool {
			return len(p) <= 3 && strings.HasPrefix(a, p) || len(a) <= 3 && strings.HasPrefix(p, a)
		})
	})
}

// unaLettera tells whether two words are the same, or long and one letter apart.
func unaLettera(a, b string) bool {
	if a == b {
		return true
	}
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < 6 || len(y)-len(x) > 1 {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	if len(x) == len(y) {
		return string(x[i+1:]) == string(y[i+1:])
	}
	return string(x[i:]) == string(y[i+1:])
}

// nominaUfficio tells whether a text names an office or a function and no person: "Resp.
// SIA" is whoever holds it.
func nominaUfficio(scritto string, a Anagrafica) bool {
	testo := puntate.ReplaceAllStringFunc(Normalizza(scritto), func(s string) string { return strings.ReplaceAll(s, ".", "") + " " })
	parole := slices.DeleteFunc(strings.FieldsFunc(testo, func(r rune) bool { return !unicode.IsLetter(r) }),
		func(p string) bool { return slices.Contains(paroleUfficio, p) })
	if len(parole) == 0 {
		return true
	}
	return slices.ContainsFunc(a.Settori, func(s Settore) bool {
		sue := strings.Fields(strings.ReplaceAll(chiaveNome(strings.Join(append([]string{s.Nome, s.Codice}, s.Alias...), " ")), "-", " "))
		resto, _ := senzaComuni(parole, sue)
		return len(resto) == 0
	})
}
