package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
	"github.com/scadenzario/scadenzario/store/storetest"
)

// storia is what happens to the daemons of one installation over the years: who is
// alive when.
type storia struct {
	t       *testing.T
	db      *store.DB
	lavori  []jobs.Lavoro
	mu      sync.Mutex // two daemons may wake at one instant
	caso    *rand.Rand
	vivi    [][2]time.Time // every life of every daemon
	partite map[string]int // runs begun, by job and day
	attive  map[string]int // runs at work, by job and day
	doppie  int            // runs that began while another daemon, alive, was at the same one
}

// deiGuasti are the jobs of the trial: weekdays, every day around both changes of
// hour, once a week, and the last minute of a day.
var deiGuasti = []struct {
	nome, orario string
	grazia       time.Duration
}{
	{"remind", "0 7 * * 1-5", 14 * time.Hour},
	{"notte", "30 1 * * *", 3 * time.Hour},
	{"alba", "0 3 * * *", time.Hour},
	{"domenica", "59 23 * * 0", 24 * time.Hour},
}

// nuovaStoria makes the jobs. Each takes a while, fails one time in ten, and does its
// work, a message under the day's key, before that while or after it: what is cut off
// in between is begun again.
func nuovaStoria(t *testing.T, db *store.DB, seme uint64) *storia {
	s := &storia{t: t, db: db, caso: rand.New(rand.NewPCG(seme, 10)), partite: map[string]int{}, attive: map[string]int{}}
	for _, l := range deiGuasti {
		s.lavori = append(s.lavori, jobs.Lavoro{Nome: l.nome, Orario: l.orario, Grazia: l.grazia, Esegui: func(ctx context.Context, adesso time.Time) (string, error) {
			g := piano.GiornoDi(adesso)
			chiave := l.nome + " " + g.String()
			s.mu.Lock()
			s.partite[chiave]++
			if s.attive[chiave]++; s.attive[chiave] > 1 {
				s.doppie++
			}
			prima, durata, guasto := s.caso.IntN(2) == 0, time.Duration(s.caso.IntN(90)/(1+s.caso.IntN(20)))*time.Second, s.caso.IntN(10) == 0
			s.mu.Unlock()
			defer func() { s.mu.Lock(); s.attive[chiave]--; s.mu.Unlock() }()
			if prima {
				if err := s.lavora(ctx, l.nome, g, adesso); err != nil {
					return "", err
				}
			}
			if err := jobs.Aspetta(ctx, durata); err != nil {
				return "", err
			}
			if guasto {
				return "", errors.New("a bad day")
			}
			return "", s.lavora(ctx, l.nome, g, adesso)
		}})
	}
	return s
}

func (s *storia) lavora(ctx context.Context, job string, g piano.Giorno, adesso time.Time) error {
	_, err := s.db.SaveMessaggi(ctx, job+"/lavoro", g.String(), adesso, []piano.Messaggio{{Ente: ente, Tipo: piano.TipoAvviso,
		Chiave: job + " " + g.String(), Giorno: g, A: []string{"sia@ente.example"}, MessageID: job + g.String()}})
	return err
}

// viva lets up to n daemons live until fine: each for a while, killed, away for
// between 0 s and 60 days, and begun again.
func (s *storia) viva(n int, fine time.Time) {
	ancora := make(chan struct{}, n)
	for i := range n {
		suo := rand.New(rand.NewPCG(s.caso.Uint64(), uint64(i)))
		go func() {
			defer func() { ancora <- struct{}{} }()
			for vita := 0; time.Now().Before(fine); vita++ {
				da := time.Now()
				d := avvia(s.t, s.db, fmt.Sprintf("%d/%d", i, vita), s.lavori...)
				time.Sleep(min(durataACaso(suo, 80*24*time.Hour), time.Until(fine)))
				a := time.Now()
				d.uccidi()
				s.mu.Lock()
				s.vivi = append(s.vivi, [2]time.Time{da, a})
				s.mu.Unlock()
				time.Sleep(min(durataACaso(suo, 60*24*time.Hour), time.Until(fine)))
			}
		}()
	}
	for range n {
		<-ancora
	}
}

// durataACaso is as often short as long: nothing, seconds, hours or days.
func durataACaso(r *rand.Rand, massimo time.Duration) time.Duration {
	scala := []time.Duration{time.Second, time.Minute, time.Hour, 24 * time.Hour, massimo}[r.IntN(5)]
	return time.Duration(r.Int64N(int64(scala)))
}

// margine is longer than a run with its take-over and one further attempt: a life of
// that length within the hours of a run is sure to make it.
const margine = 20 * time.Minute

// possibile tells whether the run that is due between two instants could be made:
// surely, perhaps, or by nobody.
func (s *storia) possibile(da, a time.Time) (sicuro, nessuno bool) {
	nessuno = true
	for _, v := range s.vivi {
		inizio, fine := v[0], v[1]
		if da.After(inizio) {
			inizio = da
		}
		if a.Before(fine) {
			fine = a
		}
		if !fine.Before(inizio) {
			nessuno = false
		}
		sicuro = sicuro || fine.Sub(inizio) > margine
	}
	return sicuro, nessuno
}

// conta compares every day of the years with what the database says, and returns the
// trials and the failures.
func (s *storia) conta(dal, al piano.Giorno) (prove, falliti int) {
	s.t.Helper()
	righe := map[string]piano.Esecuzione{}
	for _, l := range deiGuasti {
		for g := dal; !g.Dopo(al); g = g.Piu(1) {
			e, err := s.db.Esecuzioni(s.t.Context(), []string{l.nome}, []string{g.String()})
			if err != nil {
				s.t.Fatal(err)
			}
			if len(e) > 0 {
				righe[l.nome+" "+g.String()] = e[0]
			}
		}
	}
	for i, l := range deiGuasti {
		ultimo := s.primaVita()
		for g := dal; !g.Dopo(al); g = g.Piu(1) {
			chiave := l.nome + " " + g.String()
			dovuto, si := dovutoIl(s.t, i, g)
			e, esiste := righe[chiave]
			_, err := s.db.Messaggio(s.t.Context(), ente, piano.TipoAvviso, chiave)
			lavoro := err == nil
			if !si {
				if esiste || lavoro {
					falliti++
					s.t.Errorf("%s ran on a day without a run", chiave)
				}
				continue
			}
			if dovuto.Before(ultimo) {
				continue // before the first daemon
			}
			prove++
			scade := min(dovuto.Add(l.grazia).UnixNano(), mezzanotte(s.t, g.Piu(1)).UnixNano())
			sicuro, nessuno := s.possibile(dovuto, time.Unix(0, scade))
			switch {
			case !esiste && g.Prima(al.Piu(-62)): // the last outage may not be accounted for yet
				falliti++
				s.t.Errorf("%s left no trace", chiave)
			case sicuro && (e.Esito != piano.Fatta || !lavoro):
				falliti++
				s.t.Errorf("%s could be made and is %q, its work done: %t", chiave, e.Esito, lavoro)
			case nessuno && esiste && e.Esito != piano.Saltata, nessuno && lavoro:
				falliti++
				s.t.Errorf("%s could be made by nobody and is %q", chiave, e.Esito)
			case e.Esito == piano.Fatta && s.partite[chiave] != e.Tentativo:
				falliti++
				s.t.Errorf("%s began %d times in %d attempts", chiave, s.partite[chiave], e.Tentativo)
			}
		}
	}
	return prove, falliti
}

func (s *storia) primaVita() time.Time {
	prima := s.vivi[0][0]
	for _, v := range s.vivi {
		if v[0].Before(prima) {
			prima = v[0]
		}
	}
	return prima
}

// dovutoIl is the schedule of a job, said a second time without cron.
func dovutoIl(t *testing.T, job int, g piano.Giorno) (time.Time, bool) {
	t.Helper()
	giorno := g.Time().Weekday()
	switch deiGuasti[job].nome {
	case "remind":
		return roma(t, g.String()+" 07:00:00"), giorno != time.Saturday && giorno != time.Sunday
	case "notte":
		return roma(t, g.String()+" 01:30:00"), true
	case "alba":
		return roma(t, g.String()+" 03:00:00"), true
	}
	return roma(t, g.String()+" 23:59:00"), giorno == time.Sunday
}

func mezzanotte(t *testing.T, g piano.Giorno) time.Time {
	t.Helper()
	return roma(t, g.String()+" 00:00:00")
}

// Years of a fake clock with one to four daemons on one database, which are killed
// and come back: each run is made once, or could be made by nobody and is written down.
func TestInvariant10EachDueRunHappensOnce(t *testing.T) {
	anni := prove(1, 10)
	totale, falliti := 0, 0
	for n := 1; n <= 4; n++ {
		if anni == 1 && n != 2 {
			continue
		}
		dsn := storetest.DSN(t)
		synctest.Test(t, func(t *testing.T) {
			db, err := store.Open(t.Context(), dsn)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := db.SaveAnagrafica(t.Context(), piano.Anagrafica{Ente: piano.Ente{Codice: ente, Nome: "Unione"}}); err != nil {
				t.Fatal(err)
			}
			s := nuovaStoria(t, db, uint64(n))
			fino(t, "2021-01-04 12:34:56")
			s.viva(n, roma(t, fmt.Sprintf("%d-01-04 00:00:00", 2021+anni)))
			p, f := s.conta(giorno(t, "2021-01-04"), giorno(t, fmt.Sprintf("%d-01-03", 2021+anni)))
			totale, falliti = totale+p, falliti+f+s.doppie
			if s.doppie > 0 {
				t.Errorf("%d runs were made by two daemons at a time", s.doppie)
			}
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	conto(t, 10, fmt.Sprintf("each due run happens once: %d year(s), up to 4 daemons, outages up to 60 days", anni), totale, falliti)
}
