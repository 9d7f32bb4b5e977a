package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
)

const lease = 15 * time.Minute

// inCoda returns a store with messages to that many people in its outbox, due at
// eight.
func inCoda(t *testing.T, quanti int) *store.DB {
	t.Helper()
	db := conRegistro(t)
	for n := range quanti {
		salva(t, db, "2021-07-12", promemoria("2021-07-12", fmt.Sprintf("persona%d@terredipianura.example", n)))
	}
	return db
}

func reclama(t *testing.T, db *store.DB, chi, quando string, n int) []piano.Spedizione {
	t.Helper()
	prese, err := db.ClaimSpedizioni(t.Context(), chi, ore(quando), lease, n, piano.Ritmo{})
	if err != nil {
		t.Fatal(err)
	}
	return prese
}

func posta(t *testing.T, db *store.DB) map[piano.StatoSpedizione]int {
	t.Helper()
	conto, err := db.StatoPosta(t.Context(), unione)
	if err != nil {
		t.Fatal(err)
	}
	return conto
}

func TestASpedizioneHasWhatASenderNeeds(t *testing.T) {
	db := inCoda(t, 1)
	if prese := reclama(t, db, "a", "07:59", 5); len(prese) != 0 {
		t.Errorf("%v before it is due", prese)
	}
	prese := reclama(t, db, "a", "08:00", 5)
	if len(prese) != 1 {
		t.Fatal(prese)
	}
	s, m := prese[0], promemoria("2021-07-12", "persona0@terredipianura.example")
	if s.Destinatario != m.A[0] || s.MessageID != m.MessageID || string(s.MIME) != string(m.MIME) || s.Stato != piano.InInvio ||
		s.Tentativi != 1 || s.Proprietario != "a" || s.Risposta != "" || !s.ProssimoTentativo.Equal(ore("08:00")) {
		t.Errorf("%+v", s)
	}
	if s.Nome != "2021-07-12-promemoria-persona0-1" {
		t.Errorf("a file called %q", s.Nome)
	}
}

// The life of a message on its way, told step by step. Owner a claims at eight with
// a lease of a quarter of an hour.
func TestTheProtocol(t *testing.T) {
	type passo struct {
		cosa   string // segna, chiudi, reclama
		chi    string
		quando string
		stato  piano.StatoSpedizione // to close with
		errore error
		presi  int // by reclama
	}
	segna := func(chi, quando string, err error) passo {
		return passo{cosa: "segna", chi: chi, quando: quando, errore: err}
	}
	chiudi := func(chi, quando string, s piano.StatoSpedizione, err error) passo {
		return passo{cosa: "chiudi", chi: chi, quando: quando, stato: s, errore: err}
	}
	prende := func(chi, quando string, n int) passo {
		return passo{cosa: "reclama", chi: chi, quando: quando, presi: n}
	}
	perso, impossibile := piano.ErrPerso, store.ErrSpedizioneImpossibile
	for _, c := range []struct {
		storia string
		passi  []passo
		fine   piano.StatoSpedizione
	}{
		{"sent at the first attempt", []passo{segna("a", "08:01", nil), chiudi("a", "08:02", piano.Spedito, nil), prende("b", "23:00", 0)}, piano.Spedito},
		{"refused before the dot", []passo{chiudi("a", "08:01", piano.Rifiutato, nil), prende("b", "23:00", 0)}, piano.Rifiutato},
		{"refused at the dot", []passo{segna("a", "08:01", nil), chiudi("a", "08:02", piano.Rifiutato, nil)}, piano.Rifiutato},
		{"try again later, and then it goes", []passo{segna("a", "08:01", nil), chiudi("a", "08:02", piano.InCoda, nil), // next try at 08:07
			prende("b", "08:06", 0), prende("b", "08:07", 1), segna("b", "08:08", nil), chiudi("b", "08:08", piano.Spedito, nil)}, piano.Spedito},
		{"cut off after the dot", []passo{segna("a", "08:01", nil), chiudi("a", "08:11", piano.EsitoIgnoto, nil), prende("b", "23:00", 0)}, piano.EsitoIgnoto},
		{"crashed before the mark: another sends it", []passo{prende("b", "08:15", 0), prende("b", "08:16", 1), segna("b", "08:17", nil),
			chiudi("b", "08:18", piano.Spedito, nil)}, piano.Spedito},
		{"revived after another took it: sends nothing", []passo{prende("b", "08:16", 1), segna("a", "08:17", perso),
			chiudi("a", "08:17", piano.InCoda, perso), segna("b", "08:17", nil)}, piano.AlPunto},
		{"revived when the lease is out, though nobody took it", []passo{segna("a", "08:16", perso)}, piano.InInvio},
		{"crashed after the mark: in doubt, and never sent again", []passo{segna("a", "08:10", nil), prende("b", "08:20", 0), prende("b", "08:26", 0),
			prende("b", "23:00", 0)}, piano.EsitoIgnoto},
		{"back from the dead with an answer, too late", []passo{segna("a", "08:01", nil), prende("b", "08:17", 0), chiudi("a", "08:18", piano.Spedito, perso)}, piano.EsitoIgnoto},
		{"the mark is made once", []passo{segna("a", "08:01", nil), segna("a", "08:02", perso)}, piano.AlPunto},
		{"not somebody else's", []passo{segna("b", "08:01", perso), chiudi("b", "08:01", piano.Rifiutato, perso)}, piano.InInvio},
		{"not sent without the mark", []passo{chiudi("a", "08:01", piano.Spedito, perso)}, piano.InInvio},
		{"done with is done with", []passo{segna("a", "08:01", nil), chiudi("a", "08:02", piano.Spedito, nil), chiudi("a", "08:03", piano.InCoda, perso),
			segna("a", "08:03", perso)}, piano.Spedito},
		{"never closed as still on its way", []passo{chiudi("a", "08:01", piano.InInvio, impossibile), chiudi("a", "08:01", piano.AlPunto, impossibile),
			chiudi("a", "08:01", "boh", impossibile)}, piano.InInvio},
	} {
		t.Run(c.storia, func(t *testing.T) {
			t.Parallel()
			db := inCoda(t, 1)
			id := reclama(t, db, "a", "08:00", 1)[0].ID
			for _, p := range c.passi {
				var err error
				switch p.cosa {
				case "segna":
					err = db.SegnaAlPunto(t.Context(), id, p.chi, ore(p.quando), lease)
				case "chiudi":
					adesso := ore(p.quando)
					err = db.ChiudiSpedizione(t.Context(), id, p.chi, p.stato, "250 ok", adesso.Add(5*time.Minute), adesso)
				case "reclama":
					if prese := reclama(t, db, p.chi, p.quando, 5); len(prese) != p.presi {
						t.Errorf("%s at %s takes %v, want %d", p.chi, p.quando, prese, p.presi)
					}
				}
				if !errors.Is(err, p.errore) {
					t.Errorf("%s by %s at %s: %v, want %v", p.cosa, p.chi, p.quando, err, p.errore)
				}
			}
			if conto := posta(t, db); conto[c.fine] != 1 || len(conto) != 1 {
				t.Errorf("%v, want %s", conto, c.fine)
			}
		})
	}
}

func TestAttemptsAndAnswersAreRemembered(t *testing.T) {
	db := inCoda(t, 1)
	for n := range 3 {
		s := reclama(t, db, "a", fmt.Sprintf("%02d:00", 9+n), 1)[0]
		if s.Tentativi != n+1 || n > 0 && s.Risposta != "451 later\uFFFD" {
			t.Errorf("%+v", s)
		}
		if err := db.ChiudiSpedizione(t.Context(), s.ID, "a", piano.InCoda, "451 later\xff\x00", ore("09:30"), ore("09:00")); err != nil {
			t.Fatal(err)
		}
	}
}

func TestStatoPosta(t *testing.T) {
	db := inCoda(t, 3)
	s := reclama(t, db, "a", "08:00", 1)[0]
	if err := db.ChiudiSpedizione(t.Context(), s.ID, "a", piano.Rifiutato, "550", ore("09:00"), ore("08:00")); err != nil {
		t.Fatal(err)
	}
	for ente, attesi := range map[string][2]int{unione: {2, 1}, "": {2, 1}, "argenta": {0, 0}} {
		conto, err := db.StatoPosta(t.Context(), ente)
		if err != nil || conto[piano.InCoda] != attesi[0] || conto[piano.Rifiutato] != attesi[1] {
			t.Errorf("%q: %v, %v", ente, conto, err)
		}
	}
}

// Several senders at once, each crashing now and then at any point: every message
// ends, no message goes to two, none is sent twice.
func TestManySendersNoneTwice(t *testing.T) {
	const messaggi, mittenti = 60, 4
	db := inCoda(t, messaggi)
	var mu sync.Mutex
	punti := map[int64]int{}
	minuto := 0
	// each turn of the clock the senders of the turn run together
	for ; minuto < 20*60 && (posta(t, db)[piano.InCoda]+posta(t, db)[piano.InInvio]+posta(t, db)[piano.AlPunto]) > 0; minuto += 20 {
		adesso := ore("08:00").Add(time.Duration(minuto) * time.Minute)
		var insieme sync.WaitGroup
		for m := range mittenti {
			insieme.Go(func() {
				r := rand.New(rand.NewPCG(uint64(minuto), uint64(m)))
				chi := fmt.Sprintf("%d/%d", m, minuto)
				prese, err := db.ClaimSpedizioni(t.Context(), chi, adesso, lease, 5, piano.Ritmo{})
				if err != nil {
					t.Error(err)
				}
				for _, s := range prese {
					if r.IntN(5) == 0 {
						continue // crashed before the mark
					}
					if err := db.SegnaAlPunto(t.Context(), s.ID, chi, adesso, lease); err != nil {
						t.Error(err)
						continue
					}
					mu.Lock()
					punti[s.ID]++
					mu.Unlock()
					if r.IntN(5) == 0 {
						continue // crashed after it
					}
					if err := db.ChiudiSpedizione(t.Context(), s.ID, chi, piano.Spedito, "250", adesso, adesso); err != nil {
						t.Error(err)
					}
				}
			})
		}
		insieme.Wait()
	}
	conto := posta(t, db)
	if conto[piano.Spedito]+conto[piano.EsitoIgnoto] != messaggi || conto[piano.EsitoIgnoto] == 0 || len(conto) != 2 {
		t.Errorf("%v after %d minutes", conto, minuto)
	}
	for id, n := range punti {
		if n != 1 {
			t.Errorf("message %d was sent %d times", id, n)
		}
	}
	if len(punti) != messaggi {
		t.Errorf("%d messages sent of %d", len(punti), messaggi)
	}
}

// No two of those who ask at the same moment get the same message, and together
// they get all.
func TestAClaimIsOnesOwn(t *testing.T) {
	db := inCoda(t, 40)
	var mu sync.Mutex
	var tutte []int64
	var insieme sync.WaitGroup
	for m := range 8 {
		insieme.Go(func() {
			for {
				prese, err := db.ClaimSpedizioni(t.Context(), fmt.Sprint(m), ore("09:00"), lease, 3, piano.Ritmo{})
				if err != nil {
					t.Error(err)
				}
				if len(prese) == 0 {
					return
				}
				mu.Lock()
				for _, s := range prese {
					tutte = append(tutte, s.ID)
				}
				mu.Unlock()
			}
		})
	}
	insieme.Wait()
	slices.Sort(tutte)
	if len(tutte) != 40 || len(slices.Compact(tutte)) != 40 {
		t.Errorf("%v", tutte)
	}
}
