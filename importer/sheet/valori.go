package sheet

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// formato is what a number format makes of a number.
type formato int

const (
	formatoNumero formato = iota
	formatoPercento
	formatoData
)

// formatoDi tells what a number format shows: its built-in id, or its custom code
// where it has one. Letters in quotes, after a backslash and in brackets (colours,
// locales) are words, not format.
func formatoDi(id int, codice string) formato {
	if codice == "" {
		switch {
		case id == 9 || id == 10:
			return formatoPercento
		case 14 <= id && id <= 22, 27 <= id && id <= 36, 45 <= id && id <= 47, 50 <= id && id <= 58:
			return formatoData
		}
		return formatoNumero
	}
	soli := senzaLetterali(codice)
	switch {
	case strings.Contains(soli, "%"):
		return formatoPercento
	case strings.Contains(soli, "general") || strings.Contains(soli, "standard"):
		return formatoNumero
	case strings.ContainsAny(soli, "dmyga"): // g, a: giorno and anno of an Italian code
		return formatoData
	}
	return formatoNumero
}

// senzaLetterali returns the first section of a format code in lower case without
// quoted, escaped and bracketed parts.
func senzaLetterali(codice string) string {
	var b strings.Builder
	fine, salta := byte(0), false
	for i := 0; i < len(codice); i++ {
		c := codice[i]
		switch {
		case salta:
			salta = false
		case fine != 0:
			if c == fine {
				fine = 0
			}
		case c == '\\' || c == '_' || c == '*':
			salta = true
		case c == '"':
			fine = '"'
		case c == '[':
			fine = ']'
		case c == ';':
			return strings.ToLower(b.String())
		default:
			b.WriteByte(c)
		}
	}
	return strings.ToLower(b.String())
}

// decimale writes a stored number in plain decimal with 15 significant digits, the
// precision of a spreadsheet, so that 0.88 does not come out as 0.880000000000001.
// cento multiplies by 100 first, for percentages. It tells whether s is a number.
func decimale(s string, cento bool) (string, bool) {
	if t, ok := decimaleBreve(s, cento); ok {
		return t, true
	}
	if len(s) > 40 {
		return "", false
	}
	f, _, err := big.ParseFloat(strings.TrimSpace(s), 10, 200, big.ToNearestEven)
	if err != nil || f.IsInf() {
		return "", false
	}
	if e := f.MantExp(nil); f.Sign() != 0 && (e > 1100 || e < -1100) {
		return "", false
	}
	if cento {
		f.Mul(f, big.NewFloat(100))
	}
	tondo, _, err := big.ParseFloat(f.Text('e', 14), 10, 200, big.ToNearestEven)
	if err != nil {
		return "", false
	}
	t := tondo.Text('f', 20)
	t = strings.TrimSuffix(strings.TrimRight(t, "0"), ".")
	if t == "-0" || t == "" {
		t = "0"
	}
	return t, true
}

// decimaleBreve is decimale for the numbers that people write: up to 15 digits, with
// a point or without, where nothing is to be rounded.
func decimaleBreve(s string, cento bool) (string, bool) {
	segno, cifre := "", s
	if strings.HasPrefix(s, "-") {
		segno, cifre = "-", s[1:]
	}
	intera, frazione, punto := strings.Cut(cifre, ".")
	if len(intera) == 0 || len(intera)+len(frazione) > 15 || punto && frazione == "" || len(intera) > 1 && intera[0] == '0' ||
		!soloCifre(intera) || !soloCifre(frazione) {
		return "", false
	}
	if cento {
		frazione += "00"[:max(0, 2-len(frazione))]
		intera, frazione = strings.TrimLeft(intera+frazione[:2], "0"), frazione[2:]
		if intera == "" {
			intera = "0"
		}
	}
	frazione = strings.TrimRight(frazione, "0")
	switch {
	case frazione != "":
		return segno + intera + "." + frazione, true
	case intera == "0":
		return "0", true
	}
	return segno + intera, true
}

func soloCifre(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// data turns a serial day of the workbook into an ISO date, the hour left out.
// 1900 was no leap year, but spreadsheets count its 29 February: day 60.
func data(seriale string, dal1904 bool) (string, bool) {
	f, err := strconv.ParseFloat(strings.TrimSpace(seriale), 64)
	if err != nil || f < 0 || f > 2_958_466 {
		return "", false
	}
	giorni := int(f)
	origine := time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case dal1904:
		origine = time.Date(1904, time.January, 1, 0, 0, 0, 0, time.UTC)
	case giorni < 60:
		giorni++
	}
	return origine.AddDate(0, 0, giorni).Format(time.DateOnly), true
}

// ora turns the fraction of a day into "08:30": a time alone, of no day.
func ora(seriale string) (string, bool) {
	f, err := strconv.ParseFloat(strings.TrimSpace(seriale), 64)
	if err != nil || f <= 0 || f >= 1 {
		return "", false
	}
	minuti := int(math.Round(f * 24 * 60))
	return fmt.Sprintf("%02d:%02d", minuti/60%24, minuti%60), true
}

// Piega makes a text of the contract: NFC, white space folded, no control
// characters (the database refuses NUL).
func Piega(s string) string {
	if giaPiegato([]byte(s)) {
		return s
	}
	if t, ok := senzaRighe(s); ok {
		return t
	}
	return piegaOgni(s)
}

// piegaOgni is Piega for any text.
func piegaOgni(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\u200b' || r == '\ufeff' || r == '\u00ad' || r == '\ufffd':
			return -1
		case r < ' ' && r != '\n' && r != '\t' && r != '\r':
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.Join(strings.Fields(norm.NFC.String(s)), " ")
}

// giaPiegato tells, for the texts that most cells hold, that Piega would change
// nothing: printable ASCII and the letters of western languages, single spaces.
// It may say no of a text that is folded.
func giaPiegato(s []byte) bool {
	prima := byte(' ')
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case '!' <= c && c <= '~':
		case c == ' ':
			if prima == ' ' {
				return false
			}
		default:
			r, n := utf8.DecodeRune(s[i:])
			if !isolata(r) {
				return false
			}
			i += n - 1
		}
		prima = c
	}
	return prima != ' ' || len(s) == 0
}

// isolata tells of some characters that are not ASCII that they do not combine with their
// neighbours in NFC.
func isolata(r rune) bool {
	return 'À' <= r && r <= 'ſ' || '–' <= r && r <= '…' || r == '°' || r == 'º' || r == '«' || r == '»' || r == '€'
}

// senzaRighe is Piega for a text whose only fault is its white space, several lines or
// no-break spaces. It may say no of such a text.
func senzaRighe(s string) (string, bool) {
	b, spazio := make([]byte, 0, len(s)), false
	for i := 0; i < len(s); {
		n := 1
		switch c := s[i]; {
		case c == ' ' || c == '\n' || c == '\t' || c == '\r':
			spazio = len(b) > 0
			i++
			continue
		case c >= utf8.RuneSelf:
			var r rune
			if r, n = utf8.DecodeRuneInString(s[i:]); r == '\u00a0' {
				spazio = len(b) > 0
				i += n
				continue
			} else if !isolata(r) {
				return "", false
			}
		case c < ' ' || c > '~':
			return "", false
		}
		if spazio {
			b, spazio = append(b, ' '), false
		}
		b = append(b, s[i:i+n]...)
		i += n
	}
	return string(b), true
}

// valore makes the contract's text of a stored number under its format.
func valore(grezzo string, f formato, dal1904 bool) (string, Tipo) {
	switch f {
	case formatoPercento:
		if t, ok := decimale(grezzo, true); ok {
			return t + "%", Percento
		}
	case formatoData:
		if t, ok := ora(grezzo); ok {
			return t, Testo
		}
		if t, ok := data(grezzo, dal1904); ok {
			return t, Data
		}
	}
	if t, ok := decimale(grezzo, false); ok {
		return t, Numero
	}
	return Piega(grezzo), Testo
}
