package importer

import (
	"strings"
	"testing"
)

// A cell that holds "{2}" is quoted as it stands.
func TestACellIsNoPlaceInASentence(t *testing.T) {
	r := NuovoRilievo("settore-sconosciuto", "F", "A1", "{2}", "SUAP, Welfare")
	if !strings.Contains(r.Messaggio, "{2}") || strings.Count(r.Messaggio, "Welfare") != 1 {
		t.Error(r.Messaggio)
	}
}
