package importer

import (
	"regexp"
	"slices"
	"strings"

	"github.com/scadenzario/scadenzario/piano"
)

// vuote are the words that offices put in or leave out of a label at will.
var vuote = insieme("di del dell della dello dei degli delle d l il lo la i gli le un una nel nello nella nell in e ed a al allo alla all per con da dal sul sulla ai agli alle")

// lunghezzeVuote has, for the letter that a word begins with, a bit for each length of those
// of vuote: most words need not be looked for among them.
var lunghezzeVuote = func() (t [256]uint8) {
	for p := range vuote {
		t[p[0]] |= 1 << len(p)
	}
	return t
}()

func vuota(p string) bool {
	return len(p) < 8 && lunghezzeVuote[p[0]]>>len(p)&1 != 0 && vuote[p]
}

// insieme makes a set of words.
func insieme(parole string) map[string]bool {
	tutte := map[string]bool{}
	for p := range strings.FieldsSeq(parole) {
		tutte[p] = true
	}
	return tutte
}

var parentesi = regexp.MustCompile(`\([^()]*\)`)

// parole reduces a label to its words: without case, accents, punctuation, what
// stands in parentheses, and the words of vuote.
func parole(s string) []string { return strings.Fields(chiave(s)) }

// chiave is parole as one text.
func chiave(s string) string { return chiaveDi(piano.Normalizza(s)) }

// chiaveDi is chiave of a text that Normalizza has written.
func chiaveDi(s string) string {
	if strings.Contains(s, "(") {
		s = senzaParentesi(s)
	}
	var buf [128]byte // enough for nearly all
	b := buf[:0]
	for i := 0; i < len(s); i++ {
		da := i
		for i < len(s) && ('a' <= s[i] && s[i] <= 'z' || cifra(s[i]) || s[i] == '%') {
			i++
		}
		if p := s[da:i]; p != "" && !vuota(p) {
			if len(b) > 0 {
				b = append(b, ' ')
			}
			b = append(b, p...)
		}
	}
	if string(b) == s {
		return s
	}
	return string(b)
}

// senzaParentesi puts a space in place of what stands in parentheses, as parentesi says it.
func senzaParentesi(s string) string {
	b, aperta := make([]byte, 0, len(s)), -1
	for i := range len(s) {
		b = append(b, s[i])
		switch {
		case s[i] == '(':
			aperta = len(b) - 1
		case s[i] == ')' && aperta >= 0:
			b, aperta = append(b[:aperta], ' '), -1
		}
	}
	return string(b)
}

// etichettario knows labels by their key, with typing mistakes: a key is held only
// against those with as many words, beginning with the same letters.
type etichettario[T any] struct {
	esatte map[string]T
	simili map[string][]string // keys by the first letters of their words
	lunga  int                 // of the longest key how long it is
}

func nuovoEtichettario[T any]() *etichettario[T] {
	return &etichettario[T]{esatte: map[string]T{}, simili: map[string][]string{}}
}

// aggiungi notes that the keys mean v; of two meanings the first holds.
func (e *etichettario[T]) aggiungi(v T, chiavi ...string) {
	for _, k := range chiavi {
		if _, ok := e.esatte[k]; ok {
			continue
		}
		e.esatte[k], e.lunga = v, max(e.lunga, len(k))
		c := capolettere(k)
		vicine := e.simili[c]
		if len(k) >= 4 && k != "programma" { // which is near "programmato"
			vicine = append(vicine, k)
		}
		e.simili[c] = vicine // though there be none: trova asks here first
	}
}

// trova returns what the key means: with typing mistakes, the nearest.
func (e *etichettario[T]) trova(k string) (v T, ok bool) {
	if len(k) > e.lunga+similiEntro { // a sentence
		return v, false
	}
	vicine, ok := e.simili[capolettere(k)]
	if !ok {
		return v, false // as most: no key's words begin so
	}
	if v, ok := e.esatte[k]; ok {
		return v, true
	}
	migliore, nota := 1<<30, ""
	for _, n := range vicine {
		if simili(k, n) {
			if d := distanzaParole(k, n); d < migliore {
				migliore, nota = d, n
			}
		}
	}
	if nota == "" {
		return v, false
	}
	return e.esatte[nota], true
}

// capolettere returns the first letter of each word.
func capolettere(k string) string {
	var buf [32]byte
	b := buf[:0]
	for i := range len(k) {
		if k[i] != ' ' && (i == 0 || k[i-1] == ' ') {
			b = append(b, k[i])
		}
	}
	return string(b)
}

// senzaAnni takes years and the word for them off a key: "target anno 2021" and
// "target" are the same heading.
func senzaAnni(k string) string {
	if !strings.Contains(k, "ann") && !strings.Contains(k, "19") && !strings.Contains(k, "20") {
		return k
	}
	resto := slices.DeleteFunc(strings.Fields(k), func(p string) bool {
		return p == "anno" || p == "anni" || unAnno(p)
	})
	return strings.Join(resto, " ")
}

// anni returns the years written in a text, in order.
func anni(s string) []int {
	if !strings.Contains(s, "19") && !strings.Contains(s, "20") {
		return nil
	}
	var tutti []int
	for i := 0; i+4 <= len(s); i++ {
		if !cifra(s[i]) {
			continue
		}
		da := i
		for i < len(s) && cifra(s[i]) {
			i++
		}
		if c := s[da:i]; unAnno(c) {
			tutti = append(tutti, int(c[0]-'0')*1000+int(c[1]-'0')*100+int(c[2]-'0')*10+int(c[3]-'0'))
		}
	}
	return tutti
}

// unAnno tells whether a word is a year of our time.
func unAnno(p string) bool {
	return len(p) == 4 && (p[:2] == "19" || p[:2] == "20") && cifra(p[2]) && cifra(p[3])
}

func cifra(c byte) bool { return '0' <= c && c <= '9' }

// similiEntro is by how many letters the lengths of two keys may differ that are the same
// but for typing mistakes.
const similiEntro = 4

// simili tells whether two keys are the same but for typing mistakes: as many
// words, each within one edit from five letters on, within two from eight. The first
// letter is never the mistake: "contenuto" is not "ottenuto".
func simili(a, b string) bool {
	if a == b {
		return true
	}
	if d := len(a) - len(b); d > similiEntro || d < -similiEntro {
		return false
	}
	for {
		pa, dopoA, ancoraA := strings.Cut(a, " ")
		pb, dopoB, ancoraB := strings.Cut(b, " ")
		if ancoraA != ancoraB || !parolaSimile(pa, pb) {
			return false
		}
		if !ancoraA {
			return true
		}
		a, b = dopoA, dopoB
	}
}

// distanzaParole counts the edits between two keys of as many words, word by word.
func distanzaParole(a, b string) (d int) {
	for a != "" {
		var pa, pb string
		pa, a, _ = strings.Cut(a, " ")
		pb, b, _ = strings.Cut(b, " ")
		d += distanza(pa, pb, 6)
	}
	return d
}

func parolaSimile(a, b string) bool {
	if a == b {
		return true
	}
	if a == "" || b == "" || a[0] != b[0] {
		return false
	}
	tolleranza := 0
	switch n := min(len(a), len(b)); {
	case n >= 8:
		tolleranza = 2
	case n >= 5:
		tolleranza = 1
	}
	return tolleranza > 0 && distanza(a, b, tolleranza) <= tolleranza || min(len(a), len(b)) >= 4 && len(a) != len(b) && ugualiSenzaDoppie(a, b)
}

// iniziaSenzaDoppie tells whether a word begins with a root where each letter that stands
// twice in a row counts once, the most common of all typing mistakes, and how long that
// beginning is.
func iniziaSenzaDoppie(p, r string) (fine int, ok bool) {
	for j := 0; j < len(r); {
		if fine == len(p) || p[fine] != r[j] {
			return fine, false
		}
		c := r[j]
		for j < len(r) && r[j] == c {
			j++
		}
		for fine < len(p) && p[fine] == c {
			fine++
		}
	}
	return fine, true
}

func ugualiSenzaDoppie(a, b string) bool {
	fine, ok := iniziaSenzaDoppie(a, b)
	return ok && fine == len(a)
}

// lunghezzaParola is more than the longest word that is compared letter by letter.
const lunghezzaParola = 40

// distanza counts the edits (a letter more, less, other, or two exchanged) from a
// to b; above the limit any larger number.
func distanza(a, b string, limite int) int {
	if d := len(a) - len(b); d > limite || -d > limite {
		return limite + 1
	}
	if len(b) >= lunghezzaParola {
		return limite + 1
	}
	for a != "" && b != "" && a[0] == b[0] { // what both begin and end with costs nothing
		a, b = a[1:], b[1:]
	}
	for a != "" && b != "" && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if a == "" || b == "" {
		return len(a) + len(b)
	}
	var righe [3][lunghezzaParola]int
	ancora, prima, ora := &righe[0], &righe[1], &righe[2]
	for j := range len(b) + 1 {
		ora[j] = j
	}
	for i := 1; i <= len(a); i++ {
		ancora, prima, ora = prima, ora, ancora
		ora[0] = i
		for j := 1; j <= len(b); j++ {
			costo := 1
			if a[i-1] == b[j-1] {
				costo = 0
			}
			ora[j] = min(prima[j]+1, ora[j-1]+1, prima[j-1]+costo)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				ora[j] = min(ora[j], ancora[j-2]+1)
			}
		}
	}
	return ora[len(b)]
}

// quasiPrefisso tells whether a word begins with a long root but for one mistake.
func quasiPrefisso(p, r string) bool {
	if len(r) < 6 || len(p) < len(r)-1 || p[0] != r[0] {
		return false
	}
	i := 1 // where they part
	for i < len(p) && i < len(r) && p[i] == r[i] {
		i++
	}
	if i >= len(r)-1 {
		return true
	}
	p, r = p[i:], r[i:]
	return strings.HasPrefix(p, r[1:]) || strings.HasPrefix(p[1:], r) || strings.HasPrefix(p[1:], r[1:]) || // a letter less, more, other
		len(p) > 1 && p[0] == r[1] && p[1] == r[0] && strings.HasPrefix(p[2:], r[2:]) // or two exchanged
}

// contiene tells whether one of the words of the key begins with one of the
// roots: "indicator" is in "descrizione indicatori".
func contiene(k string, radici ...string) bool {
	for k != "" {
		p, resto, _ := strings.Cut(k, " ")
		k = resto
		for _, r := range radici {
			if p == "" || p[0] != r[0] {
				continue // the first letter is never the mistake
			}
			if strings.HasPrefix(p, r) || quasiPrefisso(p, r) {
				return true
			}
			if len(r) >= 4 {
				if _, ok := iniziaSenzaDoppie(p, r); ok {
					return true
				}
			}
		}
	}
	return false
}
