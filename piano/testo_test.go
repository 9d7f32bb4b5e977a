package piano

import "testing"

func TestTextsAreFoldedAndCompared(t *testing.T) {
	for _, caso := range []struct{ scritto, piegato, normale string }{
		{"già piegato", "già piegato", "gia piegato"},
		{" a\u00a0capo\r\n e  spazi ", "a capo e spazi", "a capo e spazi"},
		{"ÀÉÌÖÜ ç Ñ", "ÀÉÌÖÜ ç Ñ", "aeiou c n"},
		{"città perché lunedì però più", "città perché lunedì però più", "citta perche lunedi pero piu"},
		{"e\u0300 lo stesso", "e\u0300 lo stesso", "e lo stesso"},
		{"l’obiettivo dell`ente", "l’obiettivo dell`ente", "l'obiettivo dell'ente"},
		{"letters that look like ours: АТТIVITА, Α", "letters that look like ours: АТТIVITА, Α", "letters that look like ours: attivita, a"},
		{"wide ones: ＰＥＳＯ １２", "wide ones: ＰＥＳＯ １２", "wide ones: peso 12"},
		{"", "", ""},
	} {
		if p := Piega(caso.scritto); p != caso.piegato {
			t.Errorf("Piega(%q) = %q, want %q", caso.scritto, p, caso.piegato)
		}
		if n := Normalizza(caso.scritto); n != caso.normale {
			t.Errorf("Normalizza(%q) = %q, want %q", caso.scritto, n, caso.normale)
		}
	}
}
