package jobs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"
)

// misura is what a process holds at a quiet moment.
type misura struct {
	giorno                 string
	memoria                uint64 // bytes of the heap in use
	descrittori, goroutine int
}

func misuraOra(t *testing.T, giorno string) misura {
	t.Helper()
	runtime.GC()
	runtime.GC() // finalizers have run, what they held is gone
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	aperti, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return misura{giorno, m.HeapAlloc, len(aperti), runtime.NumGoroutine()}
}

// A year of runs and a thousand hand-ins: what the daemon holds does not grow, and
// nothing is left in the temporary folder.
func TestInvariant18Steady(t *testing.T) {
	c := nuovaCasa(t)
	c.anno()
	temporanea := t.TempDir()
	t.Setenv("TMPDIR", temporanea)
	radice, posta := t.TempDir(), t.TempDir()
	r := c.raccolta(radice, subito)
	if err := r.Prepara(t.Context()); err != nil {
		t.Fatal(err)
	}
	giorni, consegne := prove(30, 365), prove(50, 1000)
	uffici := []string{"suap", "servizi-finanziari", "welfare-locale"}
	var misure []misura
	fatte := 0
	for n := range giorni {
		quando := time.Date(2021, 7, 1, 7, 0, 0, 0, time.UTC).AddDate(0, 0, n)
		g := giorno(t, quando.Format(time.DateOnly))
		for ; fatte < (n+1)*consegne/giorni; fatte++ {
			ufficio := uffici[fatte%len(uffici)]
			stato := []string{"stato-2021-06-30", "stato-2021-12-31"}[fatte/len(uffici)%2]
			foglio := conCommento(leggi(t, fmt.Sprintf("%s/%s/%s.xlsx", moduli, stato, ufficio)), fmt.Sprintf("%08d", fatte))
			if err := os.WriteFile(filepath.Join(radice, ente, ufficio, fmt.Sprintf("%s-%d.xlsx", ufficio, fatte)), foglio, 0o660); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := r.Run(t.Context(), g, quando); err != nil {
			t.Fatal(err)
		}
		if _, _, err := c.solleciti().Run(t.Context(), g, quando); err != nil {
			t.Fatal(err)
		}
		if _, err := c.mensile().RunDelGiorno(t.Context(), g, quando); err != nil {
			t.Fatal(err)
		}
		c.invia(posta)
		if n%max(1, giorni/30) == 0 {
			misure = append(misure, misuraOra(t, g.String()))
		}
	}
	accolti, err := filepath.Glob(filepath.Join(radice, ente, "*", "accolti", "*.xlsx.txt")) // one answer for each
	if err != nil || len(accolti) != consegne {
		t.Errorf("%d of %d hand-ins were taken, %v", len(accolti), consegne, err)
	}
	if posta, err := filepath.Glob(posta + "/*.eml"); err != nil || len(posta) < giorni/10 {
		t.Errorf("%d messages: nothing was going on, %v", len(posta), err)
	}
	if resti, err := os.ReadDir(temporanea); err != nil || len(resti) > 0 {
		t.Errorf("the temporary folder holds %v, %v", resti, err)
	}
	conto(t, 18, fmt.Sprintf("steady over %d days and %d hand-ins", giorni, consegne), len(misure), crescite(t, misure))
}

// crescite counts the measures of the second half that exceed all of the first; the
// beginning, when caches and connections fill, aside. The heap may breathe by a
// tenth and a quarter of a megabyte.
func crescite(t *testing.T, misure []misura) (falliti int) {
	t.Helper()
	misure = misure[len(misure)/6:]
	prima, dopo := misure[:len(misure)/2], misure[len(misure)/2:]
	massimo := func(di func(misura) uint64) uint64 {
		return di(slices.MaxFunc(prima, func(a, b misura) int { return int(int64(di(a)) - int64(di(b))) }))
	}
	memoria := massimo(func(m misura) uint64 { return m.memoria })
	descrittori := massimo(func(m misura) uint64 { return uint64(m.descrittori) })
	goroutine := massimo(func(m misura) uint64 { return uint64(m.goroutine) })
	for _, m := range dopo {
		if m.memoria > memoria+memoria/10+1<<18 || uint64(m.descrittori) > descrittori || uint64(m.goroutine) > goroutine {
			falliti++
			t.Errorf("%s: %d bytes, %d descriptors, %d goroutines; before at most %d, %d, %d", m.giorno, m.memoria, m.descrittori, m.goroutine,
				memoria, descrittori, goroutine)
		}
	}
	ultima := misure[len(misure)-1]
	t.Logf("at the end %.1f MB, %d descriptors, %d goroutines; in the first half at most %.1f MB, %d, %d", float64(ultima.memoria)/1e6,
		ultima.descrittori, ultima.goroutine, float64(memoria)/1e6, descrittori, goroutine)
	return falliti
}
