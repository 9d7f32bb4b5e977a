package sheet

import (
	"regexp"
	"strings"
)

// codiceCarattere is how a string of an .xlsx holds a character that XML cannot.
var codiceCarattere = regexp.MustCompile(`^_x[0-9A-Fa-f]{4}_`)

// Letterale prepares a text for a cell that excelize writes: one that looks like such
// a code, "_x0041_", would be read as the character, since excelize escapes none in
// its shared strings.
func Letterale(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		if r == '_' && codiceCarattere.MatchString(s[i:]) {
			b.WriteString("_x005F")
		}
		b.WriteRune(r)
	}
	return b.String()
}
