package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
)

// nonAncora wants a claim to be told to wait, and returns until when and why.
func nonAncora(t *testing.T, db *store.DB, chi, quando string, ritmo piano.Ritmo) *piano.NonAncora {
	t.Helper()
	prese, err := db.ClaimSpedizioni(t.Context(), chi, ore(quando), lease, 5, ritmo)
	var n *piano.NonAncora
	if !errors.As(err, &n) || len(prese) > 0 {
		t.Fatalf("%s at %s: %v, %v; want to be told to wait", chi, quando, prese, err)
	}
	return n
}

// The breaker: one refusal stops everybody, after the pause one sender tries with one
// message, and the time in between counts for none of those that wait.
func TestTheMailboxIsStoppedForAllSenders(t *testing.T) {
	db := inCoda(t, 4)
	vecchia := reclama(t, db, "a", "08:00", 1)[0]
	if err := db.ChiudiSpedizione(t.Context(), vecchia.ID, "a", piano.InCoda, "451", ore("08:05"), ore("08:00")); err != nil {
		t.Fatal(err)
	}
	prima := reclama(t, db, "a", "08:01", 1)[0]
	if err := db.SegnaAlPunto(t.Context(), prima.ID, "a", ore("08:01"), lease); err != nil {
		t.Fatal(err)
	}
	if err := db.FermaPosta(t.Context(), prima.ID, "a", "554 5.7.1 spam", ore("08:02"), ore("09:02")); err != nil {
		t.Fatal(err)
	}
	if n := nonAncora(t, db, "b", "09:01", piano.Ritmo{}); !n.Fino.Equal(ore("09:02")) || n.Interruttore.Motivo != "554 5.7.1 spam" || !n.Interruttore.ApertoIl.Equal(ore("08:02")) {
		t.Errorf("%+v", n)
	}
	c, err := db.StatoCoda(t.Context(), "")
	if err != nil || c.Interruttore == nil || c.Interruttore.Rifiuti != 1 || c.PerStato[piano.InCoda] != 4 || !c.AttesaDal.Equal(ore("08:00")) {
		t.Errorf("%+v, %v", c, err)
	}

	prova := reclama(t, db, "b", "09:02", 5)
	if len(prova) != 1 || !prova[0].Prova || prova[0].ID == prima.ID {
		t.Fatalf("%+v: want one message, another than the one that stopped it", prova)
	}
	nonAncora(t, db, "c", "09:03", piano.Ritmo{}) // b is trying
	if err := db.FermaPosta(t.Context(), prova[0].ID, "b", "535 5.7.8 no", ore("09:03"), ore("10:03")); err != nil {
		t.Fatal(err)
	}
	if n := nonAncora(t, db, "b", "10:02", piano.Ritmo{}); n.Interruttore.Rifiuti != 2 || n.Interruttore.Motivo != "535 5.7.8 no" || !n.Interruttore.ApertoIl.Equal(ore("08:02")) {
		t.Errorf("%+v", n.Interruttore)
	}
	if ferma, err := db.RiapriPosta(t.Context(), ore("10:32")); err != nil || !ferma {
		t.Fatal(ferma, err)
	}
	if ferma, err := db.RiapriPosta(t.Context(), ore("10:32")); err != nil || ferma {
		t.Error("stopped still", err)
	}
	for _, s := range reclama(t, db, "b", "10:32", 5) {
		tentativi, primo := 1, ore("10:32")
		if s.ID == vecchia.ID { // tried at 08:00, two and a half hours did not count
			tentativi, primo = 2, ore("10:30")
		}
		if s.Tentativi != tentativi || !s.PrimoTentativo.Equal(primo) || s.Prova {
			t.Errorf("message %d: %d attempts since %s", s.ID, s.Tentativi, s.PrimoTentativo)
		}
	}
	if err := db.FermaPosta(t.Context(), prima.ID, "a", "boh", ore("10:40"), ore("11:40")); !errors.Is(err, piano.ErrPerso) {
		t.Error(err)
	}
	if c, err := db.StatoCoda(t.Context(), ""); err != nil || c.Interruttore != nil {
		t.Errorf("stopped by a sender who held nothing: %+v, %v", c.Interruttore, err)
	}
}

// The pace holds for all senders together: in a minute of the clock, in the 60 minutes
// and in the 24 hours before.
func TestPace(t *testing.T) {
	db := inCoda(t, 40)
	ritmo := piano.Ritmo{Minuto: 3, Ora: 5, Giorno: 9}
	prendi := func(chi, quando string, n, want int) {
		t.Helper()
		prese, err := db.ClaimSpedizioni(t.Context(), chi, ore(quando), lease, n, ritmo)
		if err != nil || len(prese) != want {
			t.Fatalf("%s at %s: %d messages, %v", chi, quando, len(prese), err)
		}
	}
	prendi("a", "08:00", 1, 1)
	prendi("b", "08:00", 5, 2)
	if n := nonAncora(t, db, "a", "08:00", ritmo); n.Interruttore != nil || !n.Fino.Equal(ore("08:01")) {
		t.Errorf("%+v", n)
	}
	prendi("a", "08:01", 5, 2)
	if n := nonAncora(t, db, "b", "08:59", ritmo); !n.Fino.Equal(ore("09:00")) {
		t.Errorf("the hour is full until %s", n.Fino)
	}
	prendi("b", "09:00", 5, 3)
	prendi("b", "09:01", 5, 1)
	if n := nonAncora(t, db, "b", "23:00", ritmo); !n.Fino.Equal(ore("08:00").AddDate(0, 0, 1)) {
		t.Errorf("the day is full until %s", n.Fino)
	}
	for quando, fino := range map[string]time.Time{"09:30": ore("10:00"), "23:00": ore("08:00").AddDate(0, 0, 1)} {
		r := ritmo
		if quando == "09:30" {
			r = piano.Ritmo{Ora: 4}
		}
		if f, err := db.Frenata(t.Context(), r, ore(quando)); err != nil || !f.Equal(fino) {
			t.Errorf("at %s held up until %s, %v", quando, f, err)
		}
	}
	if f, err := db.Frenata(t.Context(), piano.Ritmo{Ora: 4}, ore("10:30")); err != nil || !f.IsZero() {
		t.Errorf("held up until %s, %v", f, err)
	}
	vuota := conRegistro(t)
	for range 5 { // looking spends nothing
		if prese, err := vuota.ClaimSpedizioni(t.Context(), "a", ore("08:00"), lease, 5, ritmo); err != nil || len(prese) != 0 {
			t.Fatal(prese, err)
		}
	}
}

func TestPaceOfManySenders(t *testing.T) {
	db := inCoda(t, 40)
	var mu sync.Mutex
	var insieme sync.WaitGroup
	presi := 0
	for m := range 8 {
		insieme.Go(func() {
			for range 4 {
				prese, err := db.ClaimSpedizioni(t.Context(), fmt.Sprint(m), ore("09:00"), lease, 1, piano.Ritmo{Minuto: 20})
				if err != nil && !errors.As(err, new(*piano.NonAncora)) {
					t.Error(err)
				}
				mu.Lock()
				presi += len(prese)
				mu.Unlock()
			}
		})
	}
	insieme.Wait()
	if presi != 20 {
		t.Errorf("%d messages in a minute, want 20", presi)
	}
}

// What a later reminder makes of an older one that has not left yet. The activities
// are told by the older one and by the later one.
func TestSupersededReminders(t *testing.T) {
	for _, c := range []struct {
		storia   string
		vecchie  []int // which of two activities the older one tells
		nuove    []int
		a        string // whom the later one goes to
		giorno   string
		stato    piano.StatoSpedizione // of the older one
		respinta bool                  // the later one was refused
		want     piano.StatoSpedizione
	}{
		{"the later one tells all of it", []int{0}, []int{0, 1}, "Persona@terredipianura.example", "2021-07-26", piano.InCoda, false, piano.Rifiutato},
		{"the older one has something of its own", []int{0, 1}, []int{0}, "persona@terredipianura.example", "2021-07-26", piano.InCoda, false, piano.InCoda},
		{"the later one is for whoever is in charge now", []int{0}, []int{0, 1}, "altra@terredipianura.example", "2021-07-26", piano.InCoda, false, piano.Rifiutato},
		{"the later one was refused", []int{0}, []int{0, 1}, "persona@terredipianura.example", "2021-07-26", piano.InCoda, true, piano.InCoda},
		{"it is not later", []int{0}, []int{0}, "persona@terredipianura.example", "2021-07-12", piano.InCoda, false, piano.InCoda},
		{"on its way already", []int{0}, []int{0}, "persona@terredipianura.example", "2021-07-26", piano.InInvio, false, piano.InInvio},
		{"in doubt", []int{0}, []int{0}, "persona@terredipianura.example", "2021-07-26", piano.EsitoIgnoto, false, piano.EsitoIgnoto},
		{"delivered", []int{0}, []int{0}, "persona@terredipianura.example", "2021-07-26", piano.Spedito, false, piano.Spedito},
	} {
		t.Run(c.storia, func(t *testing.T) {
			db := conRegistro(t)
			prendi(t, db, "2021-01-15", scheda())
			s := situazioni(t, db, "2021-05-01")
			attivita := []int64{s["Rilevazione"].ID, s["Aggiornamento dei titoli"].ID}
			if attivita[0] == 0 || attivita[1] == 0 {
				t.Fatal(s)
			}
			passi := func(quali []int, stadio piano.Stadio) (p []piano.Inviato) {
				for _, n := range quali {
					p = append(p, piano.Inviato{Attivita: attivita[n], Stadio: stadio, Riferimento: "2021-06-30", Giorno: g("2021-07-12")})
				}
				return p
			}
			vecchia := promemoria("2021-07-12", "persona@terredipianura.example")
			vecchia.Passi = passi(c.vecchie, piano.Preavviso)
			salva(t, db, "2021-07-12", vecchia)
			id := porta(t, db, c.stato)
			nuova := promemoria(c.giorno, c.a)
			nuova.Chiave += "/bis"
			nuova.Passi = passi(c.nuove, piano.StadioScaduta)
			salva(t, db, c.giorno+"/bis", nuova)
			if c.respinta {
				n := reclama(t, db, "b", "10:00", 5)
				for _, s := range n {
					stato := piano.Rifiutato
					if s.ID == id {
						stato = piano.InCoda
					}
					if err := db.ChiudiSpedizione(t.Context(), s.ID, "b", stato, "", ore("10:00"), ore("10:00")); err != nil {
						t.Fatal(err)
					}
				}
			}
			n, err := db.RitiraSuperate(t.Context())
			if err != nil || (n == 1) != (c.want == piano.Rifiutato) {
				t.Errorf("%d taken back, %v", n, err)
			}
			u, err := db.Uscita(t.Context(), "", []piano.StatoSpedizione{c.want})
			if err != nil || len(u) == 0 || u[0].ID != id {
				t.Fatalf("%+v, %v", u, err)
			}
			if c.want == piano.Rifiutato && u[0].Risposta != "not sent: later reminders tell all of it, the last of 2021-07-26" {
				t.Error(u[0].Risposta)
			}
		})
	}
}

// The Segretario's copy of an escalation is told to nobody else: a later reminder
// without that copy does not stand for it.
func TestACopyIsNotSuperseded(t *testing.T) {
	db := conRegistro(t)
	prendi(t, db, "2021-01-15", scheda())
	id := situazioni(t, db, "2021-05-01")["Rilevazione"].ID
	vecchia, nuova := promemoria("2021-07-12", "persona@terredipianura.example", id), promemoria("2021-07-26", "persona@terredipianura.example")
	vecchia.CC = []string{"segretario@terredipianura.example"}
	nuova.Passi = []piano.Inviato{{Attivita: id, Stadio: piano.Sollecito, Riferimento: "x", Giorno: g("2021-07-26")}}
	salva(t, db, "2021-07-12", vecchia)
	salva(t, db, "2021-07-26", nuova)
	if n, err := db.RitiraSuperate(t.Context()); err != nil || n != 1 {
		t.Errorf("%d taken back, %v", n, err)
	}
	u, err := db.Uscita(t.Context(), "", []piano.StatoSpedizione{piano.InCoda})
	if err != nil || len(u) != 2 || u[0].Destinatario != "segretario@terredipianura.example" {
		t.Errorf("%+v, %v", u, err)
	}
}

// A lease is kept by who asks for it in time, and nothing keeps one at the dot.
func TestALeaseIsRenewed(t *testing.T) {
	db := inCoda(t, 1)
	if _, qualcuno, err := db.ProssimaScadenza(t.Context()); err != nil || qualcuno {
		t.Error(qualcuno, err)
	}
	id := reclama(t, db, "a", "08:00", 1)[0].ID
	if err := db.RinnovaSpedizione(t.Context(), id, "a", ore("08:10"), lease); err != nil {
		t.Fatal(err)
	}
	if fino, qualcuno, err := db.ProssimaScadenza(t.Context()); err != nil || !qualcuno || !fino.Equal(ore("08:25")) {
		t.Error(fino, qualcuno, err)
	}
	if prese := reclama(t, db, "b", "08:20", 1); len(prese) != 0 {
		t.Error("taken from who holds it")
	}
	for chi, quando := range map[string]string{"b": "08:20", "a": "08:26"} {
		if err := db.RinnovaSpedizione(t.Context(), id, chi, ore(quando), lease); !errors.Is(err, piano.ErrPerso) {
			t.Errorf("%s at %s: %v", chi, quando, err)
		}
	}
	if err := db.SegnaAlPunto(t.Context(), id, "a", ore("08:21"), time.Hour); err != nil {
		t.Fatal(err)
	}
	if err := db.RinnovaSpedizione(t.Context(), id, "a", ore("08:22"), lease); !errors.Is(err, piano.ErrPerso) {
		t.Error(err)
	}
}
