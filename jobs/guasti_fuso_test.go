package jobs_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
	"github.com/scadenzario/scadenzario/store/storetest"
)

// zone are hosts all over the day, and two that change their hour on other nights.
var zone = []string{"Europe/Rome", "UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Los_Angeles", "Asia/Kathmandu", "Australia/Lord_Howe"}

// A host anywhere on the earth runs the same jobs on the same days and hours of Rome,
// over both changes of hour, and knows the day of Rome a minute before midnight and
// after it.
func TestInvariant12DaysAreRomes(t *testing.T) {
	qui := time.Local
	defer func() { time.Local = qui }()
	prove, falliti, roma := 0, 0, ""
	for _, nome := range zone {
		zona, err := time.LoadLocation(nome)
		if err != nil {
			t.Fatal(err)
		}
		time.Local = zona
		dsn := storetest.DSN(t)
		var diario quaderno
		synctest.Test(t, func(t *testing.T) {
			db, err := store.Open(t.Context(), dsn)
			if err != nil {
				t.Fatal(err)
			}
			for _, notte := range []string{"2021-03-28", "2021-10-31", "2021-12-31"} {
				g := giorno(t, notte)
				fino(t, g.Piu(-1).String()+" 23:58:30")
				d := avvia(t, db, "host", diarista(&diario, "sera", "59 23 * * *"), diarista(&diario, "notte", "1 0 * * *"), diarista(&diario, "alba", "0 3 * * *"),
					diarista(&diario, "remind", "0 7 * * 1-5"))
				for _, ora := range []string{g.Piu(-1).String() + " 23:59:59", notte + " 00:00:00", notte + " 00:00:59", notte + " 01:59:59", notte + " 03:00:30", notte + " 23:59:59"} {
					fino(t, ora)
					adesso, err := jobs.Adesso()
					if err != nil {
						t.Fatal(err)
					}
					fmt.Fprintln(&diario, "asked at", ora, "it is", piano.GiornoDi(adesso))
				}
				d.uccidi()
			}
			tutte, err := db.EsecuzioniMancate(t.Context(), giorno(t, "2021-01-01"), giorno(t, "2022-12-31"))
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range tutte {
				fmt.Fprintln(&diario, "missed", e.Job, e.Periodo)
			}
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
		if roma == "" {
			roma = diario.String()
		}
		righe := strings.Split(diario.String(), "\n")
		for i, riga := range strings.Split(roma, "\n") {
			prove++
			if i >= len(righe) || righe[i] != riga {
				falliti++
				t.Errorf("%s, line %d: not %q", nome, i, riga)
			}
		}
	}
	for _, want := range []string{"remind 2021-12-31 07:00 +0100", "alba 2021-03-28 03:00 +0200", "alba 2021-10-31 03:00 +0100", "sera 2021-10-30 23:59 +0200",
		"asked at 2021-03-27 23:59:59 it is 2021-03-27", "asked at 2021-03-28 00:00:00 it is 2021-03-28", "missed remind 2021-03-29"} {
		if !strings.Contains(roma, want) {
			t.Errorf("%q is missing in\n%s", want, roma)
		}
	}
	conto(t, 12, "days are Rome's: schedules, periods and days on hosts in 7 zones", prove, falliti)
}

// diarista is a job that writes down when it ran.
func diarista(diario *quaderno, nome, orario string) jobs.Lavoro {
	return jobs.Lavoro{Nome: nome, Orario: orario, Grazia: time.Minute, Esegui: func(_ context.Context, adesso time.Time) (string, error) {
		fmt.Fprintln(diario, nome, adesso.Format("2006-01-02 15:04 -0700"), piano.GiornoDi(adesso))
		return "", nil
	}}
}

// quaderno is written into by several jobs.
type quaderno struct {
	mu sync.Mutex
	strings.Builder
}

func (q *quaderno) Write(b []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.Builder.Write(b)
}
