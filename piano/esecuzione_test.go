package piano

import "testing"

func TestWhatIsDone(t *testing.T) {
	for esito, want := range map[EsitoEsecuzione]bool{"": false, Fatta: true, AMano: true, Fallita: false, Saltata: false} {
		if esito.Compiuta() != want {
			t.Errorf("%q: %t", esito, !want)
		}
	}
}
