package piano

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// senzaAccento returns the plain letter for the accented ones of Italian (and its
// neighbours') names, and the plain apostrophe.
func senzaAccento(r rune) rune {
	switch r {
	case 'à', 'á', 'â', 'ä':
		return 'a'
	case 'è', 'é', 'ê', 'ë':
		return 'e'
	case 'ì', 'í', 'î', 'ï':
		return 'i'
	case 'ò', 'ó', 'ô', 'ö':
		return 'o'
	case 'ù', 'ú', 'û', 'ü':
		return 'u'
	case 'ç':
		return 'c'
	case 'ñ':
		return 'n'
	case '’', '‘':
		return '\''
	}
	if r >= 'Ͱ' {
		return Somigliante(r)
	}
	return r
}

// Somigliante returns the plain character that a reader takes the character for: letters of
// other alphabets that are drawn like ours, as a paste leaves them, and the wide forms of
// East Asian fonts. Any other character is returned as it is.
func Somigliante(r rune) rune {
	if '！' <= r && r <= '～' {
		return r - '！' + '!'
	}
	return cmp.Or(somiglianti[r], r)
}

// somiglianti are the Cyrillic and Greek letters whose capital or small form is one of ours.
var somiglianti = func() map[rune]rune {
	altri, nostri := []rune("АВЕЅІЈКМНОРСТУХаеѕіјорсухΑΒΕΖΗΙΚΜΝΟΡΤΥΧαιου"), "ABESIJKMHOPCTYXaesijopcyxABEZHIKMNOPTYXaiou"
	m := map[rune]rune{}
	for i, r := range altri {
		m[r] = rune(nostri[i])
	}
	for i, r := range altri { // compared in small letters, whose shape may be another
		if c := unicode.ToLower(r); m[c] == 0 {
			m[c] = unicode.ToLower(rune(nostri[i]))
		}
	}
	return m
}()

// Piega folds every run of white space, no-break spaces and line breaks
// included, to one space and trims the ends (contract, first paragraph).
func Piega(s string) string {
	if piegato(s) {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// piegato tells that Piega would change nothing, for plain texts: most are folded
// already.
func piegato(s string) bool {
	prima := byte(' ')
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x80 || c == ' ' && prima == ' ' {
			return false
		}
		prima = s[i]
	}
	return s == "" || prima != ' '
}

// SoloTesto returns what of s is text, on one line: folded, without the characters
// that do something instead of showing something (controls, a terminal's escape, a
// right-to-left override), bytes that are no UTF-8 as U+FFFD. What leaves the program
// in a header, a mail, an answer or on a terminal passes here: a cell's text stays
// text.
func SoloTesto(s string) string {
	return Piega(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD")))
}

// Normalizza returns the text for comparing: folded, lower case, without
// accents, combining ones included; apostrophes are the plain one.
func Normalizza(s string) string {
	prima, maiuscole := byte(' '), false
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c >= utf8.RuneSelf || c == '`' || c == ' ' && prima == ' ' {
			return normalizzata(s)
		}
		maiuscole = maiuscole || 'A' <= c && c <= 'Z'
		prima = c
	}
	if prima == ' ' { // an empty text, too
		return normalizzata(s)
	}
	if !maiuscole { // plain ASCII: nothing but capitals to change
		return s
	}
	var buf [128]byte // enough for nearly all
	b := append(buf[:0], s...)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// normalizzata is Normalizza for any text.
func normalizzata(s string) string {
	var buf [256]byte
	b := buf[:0]
	visto, spazio := false, false // something was seen; a space is due before the next character
	for _, r := range s {
		if r < utf8.RuneSelf && r != ' ' && (r < '\t' || r > '\r') {
			if spazio {
				b, spazio = append(b, ' '), false
			}
			switch {
			case 'A' <= r && r <= 'Z':
				r += 'a' - 'A'
			case r == '`':
				r = '\''
			}
			b, visto = append(b, byte(r)), true
			continue
		}
		if unicode.IsSpace(r) {
			spazio = visto
			continue
		}
		visto = true
		if spazio {
			b, spazio = append(b, ' '), false
		}
		if !unicode.Is(unicode.Mn, r) {
			b = utf8.AppendRune(b, senzaAccento(unicode.ToLower(r)))
		}
	}
	return string(b)
}

// chiaveNome reduces the name of a settore to its sorted words.
func chiaveNome(s string) string {
	s = strings.ReplaceAll(Normalizza(s), ".", "") // S.I.A.
	parole := strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	parole = slices.DeleteFunc(parole, func(p string) bool { return p == "settore" || p == "e" })
	slices.Sort(parole)
	return strings.Join(parole, " ")
}

// Codice turns a name into the short form for folders, files and flags:
// "Servizi finanziari" becomes "servizi-finanziari".
func Codice(nome string) string {
	parole := strings.FieldsFunc(Normalizza(nome), func(r rune) bool {
		return !('a' <= r && r <= 'z') && !('0' <= r && r <= '9')
	})
	return strings.Join(parole, "-")
}
