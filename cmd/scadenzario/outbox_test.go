package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/piano"
)

// What a stranger reads when no mail leaves, in Rome's hours whatever the machine's.
func TestAStoppedMailboxIsExplained(t *testing.T) {
	ferma := &piano.Interruttore{ApertoIl: time.Date(2021, 7, 12, 5, 2, 0, 0, time.UTC), RiprovaIl: time.Date(2021, 7, 12, 6, 2, 0, 0, time.UTC), Motivo: "535 5.7.8 no", Rifiuti: 1}
	var out, diagnosi strings.Builder
	a := &app{out: video{&out}, diagnosi: video{&diagnosi}}
	if err := a.stampaUscita(nil, ferma); err != nil {
		t.Fatal(err)
	}
	if want := `No mail leaves since 2021-07-12 07:02. The mail server refuses our account, a policy or our quota:
  535 5.7.8 no
Put that right, then run: scadenzario outbox resume
Else one message tries it at 2021-07-12 08:02.

no message waits, none was refused, none is in doubt
`; out.String() != want {
		t.Errorf("%s", out.String())
	}
	err := a.nonPartiti(jobs.Conto{Attesa: &piano.NonAncora{Fino: ferma.RiprovaIl, Interruttore: ferma}})
	if !errors.Is(err, esito(uscitaErrori)) || diagnosi.String() != `scadenzario: the mailbox is stopped, because the mail server said: 535 5.7.8 no; the others wait until 2021-07-12 08:02
scadenzario: put that right, then run `+"`scadenzario outbox resume`\n" {
		t.Errorf("%v\n%s", err, diagnosi.String())
	}
	diagnosi.Reset()
	if err := a.nonPartiti(jobs.Conto{Inviati: 20, Attesa: &piano.NonAncora{Fino: ferma.RiprovaIl}}); err != nil ||
		diagnosi.String() != "scadenzario: as many messages were tried as the pace allows; the others wait until 2021-07-12 08:02\n" {
		t.Errorf("%v\n%s", err, diagnosi.String())
	}
}
