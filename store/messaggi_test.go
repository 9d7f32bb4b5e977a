package store_test

import (
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
)

// promemoria is a reminder of that day to that address, which tells that those
// activities are overdue.
func promemoria(giorno, a string, attivita ...int64) piano.Messaggio {
	m := piano.Messaggio{Ente: unione, Tipo: piano.TipoPromemoria, Chiave: giorno + "/" + a, Giorno: g(giorno), A: []string{a},
		Oggetto: "Scadenze", Testo: "Gentile …", HTML: "<p>Gentile …</p>", MessageID: giorno + "." + a, MIME: []byte("Subject: Scadenze\r\n\r\nGentile …\r\n")}
	for _, id := range attivita {
		m.Passi = append(m.Passi, piano.Inviato{Attivita: id, Stadio: piano.StadioScaduta, Riferimento: "2021-03-31", Giorno: g(giorno)})
	}
	return m
}

func salva(t *testing.T, db *store.DB, periodo string, m ...piano.Messaggio) int {
	t.Helper()
	nuovi, err := db.SaveMessaggi(t.Context(), "promemoria", periodo, ore("08:00"), m)
	if err != nil {
		t.Fatal(err)
	}
	return nuovi
}

func TestAMessageIsWrittenOnce(t *testing.T) {
	db, grezzo := conSQL(t)
	prendi(t, db, "2021-01-15", scheda())
	id := situazioni(t, db, "2021-05-01")["Rilevazione"].ID
	m := promemoria("2021-07-12", "anna@terredipianura.example", id)
	m.CC = []string{"leo@terredipianura.example", "ANNA@terredipianura.example"}
	if n := salva(t, db, "2021-07-12", m, m); n != 1 {
		t.Errorf("%d new, want the first alone", n)
	}
	// the same key later, with more in it: passed over whole
	piu := m
	piu.Testo, piu.Passi = "altro", []piano.Inviato{{Attivita: id, Stadio: piano.Sollecito, Riferimento: "x", Giorno: g("2021-07-12")}}
	if n := salva(t, db, "2021-07-12", piu); n != 0 {
		t.Errorf("%d new, want none", n)
	}
	if n := conta(t, grezzo, "SELECT count(*) FROM spedizioni"); n != 2 {
		t.Errorf("%d rows of the outbox, want one for each address", n)
	}
	inviati, err := db.Inviati(t.Context(), unione)
	if d := cmp.Diff(m.Passi, inviati, giorni); d != "" || err != nil {
		t.Error(d, err)
	}
	letto, err := db.Messaggio(t.Context(), unione, piano.TipoPromemoria, m.Chiave)
	m.ID, m.Passi, m.Stati = letto.ID, nil, map[int64]piano.Stato{}
	if d := cmp.Diff(m, letto, giorni); d != "" || err != nil || letto.ID == 0 {
		t.Error(d, err)
	}
	if inviati, err := db.Inviati(t.Context(), "argenta"); err != nil || len(inviati) != 0 {
		t.Errorf("%v, %v: of another ente", inviati, err)
	}
	if _, err := db.Messaggio(t.Context(), unione, piano.TipoRiepilogo, m.Chiave); !errors.Is(err, piano.ErrNonTrovato) {
		t.Errorf("%v for another kind", err)
	}
}

// Two daemons do the same run at the same minute.
func TestMessagesOfTwoDaemons(t *testing.T) {
	db, grezzo := conSQL(t)
	prendi(t, db, "2021-01-15", scheda())
	s := situazioni(t, db, "2021-05-01")
	messaggi := []piano.Messaggio{promemoria("2021-07-12", "anna@terredipianura.example", s["Rilevazione"].ID),
		promemoria("2021-07-12", "ida@terredipianura.example", s["Aggiornamento dei titoli"].ID)}
	var nuovi atomic.Int32
	var insieme sync.WaitGroup
	for range 8 {
		insieme.Go(func() {
			n, err := db.SaveMessaggi(t.Context(), "promemoria", "2021-07-12", ore("08:00"), messaggi)
			if err != nil {
				t.Error(err)
			}
			nuovi.Add(int32(n))
		})
	}
	insieme.Wait()
	if n := conta(t, grezzo, "SELECT count(*) FROM spedizioni"); n != 2 || nuovi.Load() != 2 {
		t.Errorf("%d rows of the outbox, %d messages new", n, nuovi.Load())
	}
	if n := conta(t, grezzo, "SELECT count(*) FROM esecuzioni WHERE esito = 'fatta'"); n != 1 {
		t.Errorf("%d runs", n)
	}
}

// A run is written whole or not at all.
func TestMessagesThatCannotBeWritten(t *testing.T) {
	for _, c := range []struct {
		storia string
		cambia func(*piano.Messaggio)
		errore error
	}{
		{"a passage that another message told", func(m *piano.Messaggio) { m.Passi[0].Attivita = 0 }, store.ErrGiaDetto},
		{"about an activity that is gone", func(m *piano.Messaggio) { m.Passi[0].Attivita = 4711 }, piano.ErrNonTrovato},
		{"of an unknown ente", func(m *piano.Messaggio) { m.Ente = "molinella" }, piano.ErrNonTrovato},
		{"of a kind that there is not", func(m *piano.Messaggio) { m.Tipo = "posta" }, nil},
		{"at a stage that there is not", func(m *piano.Messaggio) { m.Passi[0].Stadio = "urgente" }, nil},
		{"to nobody", func(m *piano.Messaggio) { m.CC = []string{""} }, nil},
	} {
		t.Run(c.storia, func(t *testing.T) {
			t.Parallel()
			db, grezzo := conSQL(t)
			prendi(t, db, "2021-01-15", scheda())
			s := situazioni(t, db, "2021-05-01")
			salva(t, db, "2021-07-12", promemoria("2021-07-12", "anna@terredipianura.example", s["Rilevazione"].ID))
			buono := promemoria("2021-07-13", "ida@terredipianura.example")
			cattivo := promemoria("2021-07-13", "ugo@terredipianura.example", s["Aggiornamento dei titoli"].ID)
			c.cambia(&cattivo)
			if cattivo.Passi[0].Attivita == 0 {
				cattivo.Passi[0].Attivita = s["Rilevazione"].ID
			}
			n, err := db.SaveMessaggi(t.Context(), "promemoria", "2021-07-13", ore("08:00"), []piano.Messaggio{buono, cattivo})
			if err == nil || n != 0 || c.errore != nil && !errors.Is(err, c.errore) {
				t.Errorf("%d, %v, want %v", n, err, c.errore)
			}
			if n := conta(t, grezzo, "SELECT count(*) FROM messaggi") + conta(t, grezzo, "SELECT count(*) FROM esecuzioni"); n != 2 {
				t.Errorf("%d rows, want the message and the run of the day before", n)
			}
		})
	}
}

func TestRiepiloghi(t *testing.T) {
	db := conRegistro(t)
	if r, err := db.Riepiloghi(t.Context(), unione, g("2021-07-31"), 9); len(r) > 0 || err != nil {
		t.Errorf("%+v, %v, before the first one", r, err)
	}
	for _, fine := range []string{"2021-05-31", "2021-07-31", "2021-06-30"} {
		m := promemoria(fine, "leo@terredipianura.example")
		m.Tipo, m.Chiave, m.Stati = piano.TipoRiepilogo, fine[:7], map[int64]piano.Stato{7: piano.Scaduta, 8: piano.Conclusa}
		salva(t, db, fine[:7], m)
	}
	salva(t, db, "2021-07-12", promemoria("2021-07-12", "leo@terredipianura.example")) // another kind
	for _, c := range []struct {
		ente, primaDi string
		n             int
		want          []string
	}{{unione, "2021-05-31", 9, nil}, {unione, "2021-06-01", 9, []string{"2021-05-31"}}, {unione, "2021-07-31", 9, []string{"2021-06-30", "2021-05-31"}},
		{unione, "2022-01-01", 2, []string{"2021-07-31", "2021-06-30"}}, {"argenta", "2022-01-01", 9, nil}} {
		scritti, err := db.Riepiloghi(t.Context(), c.ente, g(c.primaDi), c.n)
		var got []string
		for _, r := range scritti {
			got = append(got, r.Al.String())
			if r.Stati[7] != piano.Scaduta || len(r.Stati) != 2 {
				t.Errorf("%v", r.Stati)
			}
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s before %s: %v, %v, want %v", c.ente, c.primaDi, got, err, c.want)
		}
	}
}

// What a message was made of is written with it, once: a second message of its key does
// not change it.
func TestIstantanea(t *testing.T) {
	db := conRegistro(t)
	m := promemoria("2021-06-30", "leo@terredipianura.example")
	m.Tipo, m.Chiave = piano.TipoRiepilogo, "2021-06"
	m.Istantanea = &piano.Istantanea{Versione: "1.0", Dati: []byte(`{"frase": "l'è «così» \\u003c", "n": [1, 2]}`)}
	salva(t, db, "2021-06", m)
	m.Istantanea = &piano.Istantanea{Versione: "2.0", Dati: []byte(`{}`)}
	salva(t, db, "2021-06", m)
	i, err := db.Istantanea(t.Context(), unione, piano.TipoRiepilogo, "2021-06")
	var got struct {
		Frase string `json:"frase"`
		N     []int  `json:"n"`
	}
	if err != nil || json.Unmarshal(i.Dati, &got) != nil || i.Versione != "1.0" || got.Frase != "l'è «così» \\u003c" || len(got.N) != 2 {
		t.Errorf("%+v %s, %v", got, i.Dati, err)
	}
	salva(t, db, "2021-07-12", promemoria("2021-07-12", "leo@terredipianura.example"))
	for _, c := range []struct {
		tipo   piano.TipoMessaggio
		chiave string
	}{{piano.TipoRiepilogo, "2021-07"}, {piano.TipoPromemoria, "2021-07-12/leo@terredipianura.example"}} {
		if _, err := db.Istantanea(t.Context(), unione, c.tipo, c.chiave); !errors.Is(err, piano.ErrNonTrovato) {
			t.Errorf("%s %s: %v", c.tipo, c.chiave, err)
		}
	}
}

// Who has a message of a day gets no other one for it, whatever its kind; a copy is
// no message, and a digest is about a month.
func TestWhoHasAMessageOfTheDay(t *testing.T) {
	db, _ := conSQL(t)
	prendi(t, db, "2021-01-15", scheda())
	con := func(tipo piano.TipoMessaggio, giorno, a, cc string) piano.Messaggio {
		m := promemoria(giorno, a)
		m.Tipo, m.CC = tipo, []string{cc}
		m.MessageID += string(tipo)
		return m
	}
	salva(t, db, "2021-07-12",
		con(piano.TipoPromemoria, "2021-07-12", "Anna@terredipianura.example", "segretario@terredipianura.example"),
		con(piano.TipoPassaggio, "2021-07-12", "leo@terredipianura.example", "segretario@terredipianura.example"),
		con(piano.TipoSessione, "2021-07-13", "eva@terredipianura.example", "segretario@terredipianura.example"),
		con(piano.TipoRiepilogo, "2021-07-12", "segretario@terredipianura.example", "eva@terredipianura.example"))
	for ente, want := range map[string]map[string]bool{
		unione:    {"anna@terredipianura.example": true, "leo@terredipianura.example": true},
		"argenta": {},
	} {
		if got, err := db.ScrittiIl(t.Context(), ente, g("2021-07-12")); err != nil || !cmp.Equal(got, want) {
			t.Errorf("%s: %v, %v", ente, got, err)
		}
	}
	if got, err := db.Chiavi(t.Context(), unione, piano.TipoPassaggio); err != nil || !cmp.Equal(got, []string{"2021-07-12/leo@terredipianura.example"}) {
		t.Errorf("%q, %v", got, err)
	}
}
