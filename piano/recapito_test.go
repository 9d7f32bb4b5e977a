package piano

import "testing"

func TestNonAncoraSaysWhy(t *testing.T) {
	for want, e := range map[string]*NonAncora{
		"as many messages were tried as the pace allows":                    {},
		"the mailbox is stopped, because the mail server said: 535 5.7.8 x": {Interruttore: &Interruttore{Motivo: "535 5.7.8 x"}},
	} {
		if got := e.Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
