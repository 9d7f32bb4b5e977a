package piano

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Decimale is an exact decimal number in millionths: weights, shares, targets
// and results, up to nine million millions. No float ever holds such a value
// (DESIGN.md, "Numbers as written").
type Decimale int64

const unita = 1_000_000

// NewDecimale returns the whole number n.
func NewDecimale(n int) Decimale { return Decimale(n) * unita }

// ErrNonNumero is what ParseDecimale returns, wrapped, for a text that is no
// number.
var ErrNonNumero = errors.New("not a number")

// ParseDecimale reads a plain decimal with a point: "1300.5", "-2". It is the
// form of the contract and of the database; LeggiNumero reads what people
// write. Digits after the sixth decimal are rounded, half away from zero.
func ParseDecimale(s string) (Decimale, error) {
	d, ok := decimale(s)
	if !ok {
		return 0, fmt.Errorf("%q: %w", s, ErrNonNumero)
	}
	return d, nil
}

// decimale is ParseDecimale without words for what is wrong: most texts on a sheet are
// no number.
func decimale(s string) (d Decimale, ok bool) {
	cifre, negativo := strings.CutPrefix(s, "-")
	intero, frazione, _ := strings.Cut(cifre, ".")
	if intero == "" || strings.Trim(intero, "0123456789") != "" || strings.Trim(frazione, "0123456789") != "" || len(intero) > 18 {
		return 0, false
	}
	n, _ := strconv.ParseInt(intero, 10, 64) // at most 18 digits, all checked
	if n > math.MaxInt64/unita-1 {
		return 0, false
	}
	f := (frazione + "0000000")[:7]
	milionesimi, _ := strconv.ParseInt(f[:6], 10, 64)
	if f[6] >= '5' {
		milionesimi++
	}
	d = Decimale(n*unita + milionesimi)
	if negativo {
		d = -d
	}
	return d, true
}

// String writes the number in the plain form that ParseDecimale reads, without
// trailing zeros.
func (d Decimale) String() string {
	segno, u := "", uint64(d)
	if d < 0 {
		segno, u = "-", -u
	}
	s := fmt.Sprintf("%s%d.%06d", segno, u/unita, u%unita)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// MarshalJSON writes the number as a JSON number.
func (d Decimale) MarshalJSON() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalJSON reads what MarshalJSON writes.
func (d *Decimale) UnmarshalJSON(b []byte) (err error) {
	*d, err = ParseDecimale(string(b))
	return err
}

// Italiano writes the number for people: comma, and points between thousands
// from ten thousand on, as offices do ("1300,5", "18.250").
func (d Decimale) Italiano() string {
	intero, frazione, conFrazione := strings.Cut(d.String(), ".")
	cifre := strings.TrimPrefix(intero, "-")
	if len(cifre) > 4 {
		var gruppi []string
		for ; len(cifre) > 3; cifre = cifre[:len(cifre)-3] {
			gruppi = append([]string{cifre[len(cifre)-3:]}, gruppi...)
		}
		cifre = strings.Join(append([]string{cifre}, gruppi...), ".")
	}
	if strings.HasPrefix(intero, "-") {
		cifre = "-" + cifre
	}
	if conFrazione {
		return cifre + "," + frazione
	}
	return cifre
}

// Numero is a value of an indicator as an office writes it: always the text,
// and the number where the text is one.
type Numero struct {
	Testo    string   // as written
	Valore   Decimale // meaningful only where Numerico; 88 for "88%"
	Numerico bool     // the text is a number and nothing but a unit beside it
	Percento bool     // written with a per cent sign
}

// LeggiNumero reads a value as Italian offices write it: "1.300", "1.300,50",
// "1300.5" (the contract's plain form), "88%", "€ 150.000,00", "- 5". Prose with
// a number in it ("46 unità di personale"), a dash, a backslash or "n.d." have no
// value: their text stands for them. A lone point followed by exactly three
// digits separates thousands.
func LeggiNumero(testo string) Numero {
	n := Numero{Testo: testo}
	if !strings.ContainsAny(testo, "0123456789") {
		return n
	}
	s := strings.TrimSpace(testo)
	s = strings.TrimSpace(strings.TrimPrefix(strings.TrimSuffix(s, "€"), "€"))
	if t, ok := strings.CutSuffix(s, "%"); ok {
		n.Percento, s = true, strings.TrimSpace(t)
	}
	negativo := false
	for _, p := range [...]string{"-", "−", "+"} {
		if t, ok := strings.CutPrefix(s, p); ok {
			s, negativo = strings.TrimSpace(t), p != "+"
			break
		}
	}
	s, ok := senzaMigliaia(s)
	if !ok {
		return Numero{Testo: testo}
	}
	d, ok := decimale(s)
	if !ok || strings.HasPrefix(s, "-") && negativo {
		return Numero{Testo: testo}
	}
	if negativo {
		d = -d
	}
	n.Valore, n.Numerico = d, true
	return n
}

// senzaMigliaia turns an unsigned number as written into the plain form with a
// point, and tells whether its separators stand where they may.
func senzaMigliaia(s string) (string, bool) {
	intero, frazione, conVirgola := strings.Cut(s, ",")
	if conVirgola && (frazione == "" || strings.ContainsAny(frazione, ".,")) {
		return "", false
	}
	if strings.IndexByte(intero, '.') < 0 {
		if conVirgola {
			return intero + "." + frazione, true
		}
		return intero, true
	}
	gruppi := strings.Split(intero, ".")
	migliaia := len(gruppi) > 1
	for i, g := range gruppi {
		if i > 0 && len(g) != 3 || i == 0 && migliaia && (len(g) > 3 || g == "" || g == "0") {
			migliaia = false
		}
	}
	switch {
	case migliaia:
		intero = strings.Join(gruppi, "")
	case len(gruppi) == 2 && !conVirgola && gruppi[1] != "":
		return intero, true
	case len(gruppi) > 1:
		return "", false
	}
	if conVirgola {
		return intero + "." + frazione, true
	}
	return intero, true
}
