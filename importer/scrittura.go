package importer

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/scadenzario/scadenzario/piano"
)

// How a label is written that is not its words: "• Peso", "1) Descrizione", "D U R A T A".

// elencoRe is what marks or numbers the lines of a list. A lone N is the word for number.
var elencoRe = regexp.MustCompile(`^(?:[•·▪►▸▶■□◦○●❖➢➤➔✓✔*»>–—\x{F0A7}\x{F0B7}\x{F0D8}-]+\s*|\d{1,2}(?:\.\d{1,2}){1,2}\s+(?:[-–]\s*)?|[(\[]?(?:\d{1,2}(?:\.\d{1,2}){0,2}|[A-Ma-m]|[IVX]{1,4})\s*(?:[.)\]]|\.?\s[-–])+\s*)`)

// senzaElenco takes the mark of a list off a text, where something is left.
func senzaElenco(testo string) string {
	if testo == "" {
		return testo
	}
	inizio := testo[:min(len(testo), 6)]
	if lettera(testo[0]) && !strings.ContainsAny(inizio, ".)]-") && strings.IndexByte(inizio, "–"[0]) < 0 {
		return testo // begins with a word
	}
	if m := elencoRe.FindString(testo); m != "" && len(testo)-len(m) > 3 && !seguitaDaPunto(testo[len(m):]) {
		return testo[len(m):]
	}
	return testo
}

func lettera(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }

// seguitaDaPunto tells that what was taken for a mark is part of an abbreviation:
// "P.O.", "U. M.".
func seguitaDaPunto(resto string) bool {
	_, n := utf8.DecodeRuneInString(resto)
	return len(resto) > n && resto[n] == '.'
}

// comeEtichetta writes a text as its label would stand in a list of labels: without
// the mark of a list, its letters together.
func comeEtichetta(testo string) string {
	if len(testo) > 300 {
		return testo
	}
	return lettereUnite(senzaElenco(testo))
}

// lettereUnite joins letters that were spread out for show, "D U R A T A".
func lettereUnite(testo string) string {
	if r, n := utf8.DecodeRuneInString(testo); n == len(testo) || testo[n] != ' ' || !unicode.IsLetter(r) {
		return testo // as nearly all: it does not begin with a letter alone
	}
	pezzi := strings.Split(testo, " ")
	singola := func(s string) bool {
		r, n := utf8.DecodeRuneInString(s)
		return n == len(s) && n > 0 && unicode.IsLetter(r)
	}
	fine := 0
	for fine < len(pezzi) && (singola(pezzi[fine]) || fine > 0 && pezzi[fine] == "'") {
		fine++
	}
	if fine < 4 {
		return testo
	}
	unite := ricomponi(strings.Join(pezzi[:fine], ""))
	if fine == len(pezzi) {
		return unite
	}
	return unite + " " + strings.Join(pezzi[fine:], " ")
}

// leggibile writes a text in the characters that a reader takes its characters for.
func leggibile(testo string) string {
	for i := range len(testo) {
		if b := testo[i]; 0xCD <= b && b <= 0xD4 || b == 0xEF { // what Greek, Cyrillic and wide forms begin with
			return strings.Map(piano.Somigliante, testo)
		}
	}
	return testo
}

// coda returns the end of a text of which leggibile has made that end.
func coda(testo, fine string) string {
	return string([]rune(testo)[utf8.RuneCountInString(testo)-utf8.RuneCountInString(fine):])
}

// vocabolario are the words of all labels.
var vocabolario = sync.OnceValue(func() map[string]bool {
	tutte := insieme("n obiettivo obiettivi scheda mesi mese anno anni previsto ottenuto realizzato effettivo consuntivo eseguito target indicatore misura unita gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre")
	nomiCampi(func(_ campo, nome string) {
		for p := range strings.FieldsSeq(nome) {
			tutte[p] = true
		}
	})
	for _, s := range sinonimiSezioni {
		for p := range strings.FieldsSeq(strings.Join(s.nomi, " ")) {
			tutte[p] = true
		}
	}
	for p := range vuote {
		tutte[p] = true
	}
	return tutte
})

// ricomponi divides letters into the fewest words that labels have; where they are
// none of these they stay one word.
func ricomponi(lettere string) string {
	s := piano.Normalizza(lettere)
	if len(s) > 60 || len(s) != utf8.RuneCountInString(lettere) {
		return lettere
	}
	parole := vocabolario()
	type passo struct{ da, quante int }
	migliore := make([]passo, len(s)+1)
	for a := 1; a <= len(s); a++ {
		migliore[a].quante = len(s) + 1
		for da := 0; da < a; da++ {
			if n := migliore[da].quante + 1; n < migliore[a].quante && parole[s[da:a]] {
				migliore[a] = passo{da, n}
			}
		}
	}
	if migliore[len(s)].quante > len(s) {
		return lettere
	}
	testo := ""
	for a := len(s); a > 0; a = migliore[a].da {
		testo = s[migliore[a].da:a] + " " + testo
	}
	return strings.TrimSpace(testo)
}
