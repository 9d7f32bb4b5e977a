package jobs_test

import (
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/scadenzario/scadenzario/jobs"
)

// prove is how often an invariant is tried: a few times in make check, as often as
// RELIABILITY.md asks in make faults.
func prove(poche, tutte int) int {
	if os.Getenv("SCADENZARIO_PROVE") != "" {
		return tutte
	}
	return poche
}

// conto writes the line that scripts/faults.sh collects.
func conto(t *testing.T, invariante int, promessa string, prove, falliti int) {
	t.Helper()
	t.Logf("invariant %d | %s | %d trials | %d failures", invariante, promessa, prove, falliti)
	if falliti > 0 || prove == 0 {
		t.Fail()
	}
}

// Two people hand in the same bytes at the same moment: one is told that they were
// taken, the other that they were there already.
func TestInvariant3TheSameBytesAreTakenOnce(t *testing.T) {
	c := nuovaCasa(t)
	base := leggi(t, moduli+"/piano-2021/suap.xlsx")
	g := giorno(t, "2021-04-20")
	coppie, falliti := prove(50, 1000), 0
	for n := range coppie {
		contenuto := conCommento(base, fmt.Sprintf("%08d", n))
		var risposte [2]jobs.Risposta
		var insieme sync.WaitGroup
		for i := range risposte {
			insieme.Go(func() {
				r, err := jobs.Intake{Archivio: c.db}.Ricevi(t.Context(), ente, "suap.xlsx", contenuto, g)
				if err != nil {
					t.Error(err)
				}
				risposte[i] = r
			})
		}
		insieme.Wait()
		a, b := risposte[0], risposte[1]
		if !a.Accolta() || !b.Accolta() || a.GiaRicevuta == b.GiaRicevuta || a.Consegna.ID != b.Consegna.ID {
			falliti++
			t.Errorf("pair %d: %s %v, %s %v", n, a.Consegna.Esito, a.GiaRicevuta, b.Consegna.Esito, b.GiaRicevuta)
		}
	}
	conto(t, 3, "the same bytes are taken once", coppie, falliti)
	if v, err := c.db.Situazioni(t.Context(), ente, g); err != nil || len(v) != 6 {
		t.Errorf("%d activities, %v", len(v), err)
	}
}
