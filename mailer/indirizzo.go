package mailer

import (
	"fmt"
	"strings"
)

// Limits of RFC 5321, 4.5.3.1.
const (
	lunghezzaLocale    = 64
	lunghezzaIndirizzo = 254
)

// CheckIndirizzo tells whether s is one plain address, local@domain in ASCII. It
// refuses what go-mail and servers would take in ways of their own: display
// names, angle brackets, quoted local parts, comments, address literals, lists,
// line breaks, accents. A domain with accents has an xn-- form, which is taken.
func CheckIndirizzo(s string) error {
	locale, dominio, ok := strings.Cut(s, "@")
	switch {
	case !ok:
		return fmt.Errorf("%q is not an address: write it as name@domain", s)
	case len(s) > lunghezzaIndirizzo || len(locale) > lunghezzaLocale:
		return fmt.Errorf("%.40q… is not an address: it is too long", s)
	case !atomi(locale, "!#$%&'*+-/=?^_`{|}~"):
		return fmt.Errorf("%q is not an address: %q before the @ is not a plain name", s, locale)
	case !atomi(dominio, "-"):
		return fmt.Errorf("%q is not an address: %q after the @ is not a domain", s, dominio)
	}
	for parte := range strings.SplitSeq(dominio, ".") {
		if len(parte) > 63 || strings.HasPrefix(parte, "-") || strings.HasSuffix(parte, "-") {
			return fmt.Errorf("%q is not an address: %q is not part of a domain", s, parte)
		}
	}
	return nil
}

// atomi tells whether s is made of non-empty parts, set off by single dots, of ASCII
// letters, digits and the other characters given.
func atomi(s, altri string) bool {
	for parte := range strings.SplitSeq(s, ".") {
		if parte == "" || strings.ContainsFunc(parte, func(r rune) bool {
			return !('a' <= r && r <= 'z') && !('A' <= r && r <= 'Z') && !('0' <= r && r <= '9') && !strings.ContainsRune(altri, r)
		}) {
			return false
		}
	}
	return true
}
