package store_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
)

func impronta(s string) string {
	somma := sha256.Sum256([]byte(s))
	return hex.EncodeToString(somma[:])
}

// apriSessione opens the mid-year session of 2021.
func apriSessione(t *testing.T, db *store.DB) piano.Sessione {
	t.Helper()
	s := piano.Sessione{Ente: unione, Genere: piano.MetaAnno, Anno: 2021, Numero: 1, Aperta: g("2021-07-01")}
	if nuova, err := db.ApriSessione(t.Context(), s, piano.Giorno{}); err != nil || !nuova {
		t.Fatal(nuova, err)
	}
	note, err := db.Sessioni(t.Context(), unione)
	if err != nil || len(note) != 1 {
		t.Fatal(note, err)
	}
	return note[0]
}

// A session is one row of its period, whoever opens it first; the closing day that a
// person chose stays with it.
func TestASessionIsOpenedOnce(t *testing.T) {
	db := conRegistro(t)
	s := apriSessione(t, db)
	if nuova, err := db.ApriSessione(t.Context(), s, g("2021-07-20")); err != nil || nuova {
		t.Errorf("opened twice: %v", err)
	}
	s.Genere = piano.FineAnno
	if nuova, err := db.ApriSessione(t.Context(), s, g("2021-07-20")); err != nil || !nuova {
		t.Errorf("another kind: %v", err)
	}
	note, err := db.Sessioni(t.Context(), unione)
	if err != nil || len(note) != 2 || !note[0].Chiude.IsZero() || note[1].Chiude != g("2021-07-20") {
		t.Errorf("%+v, %v", note, err)
	}
	s.Ente = "argenta"
	if _, err := db.ApriSessione(t.Context(), s, piano.Giorno{}); !errors.Is(err, piano.ErrNonTrovato) {
		t.Error(err)
	}
}

// While a session is being frozen nothing of the ente is written: what is read for it,
// by however many queries, is of one moment. What is kept are the very bytes.
func TestNothingMovesWhileASessionIsFrozen(t *testing.T) {
	db, grezzo := conSQL(t)
	s := apriSessione(t, db)
	if _, err := db.ChiusuraSessione(t.Context(), s.ID); !errors.Is(err, piano.ErrNonTrovato) {
		t.Errorf("an open session has nothing frozen: %v", err)
	}
	const testo = `{"b": 1,   "a": "perché «così»", "a": 2}`
	want := piano.Chiusura{Fotografia: []byte(testo), Impronta: impronta(testo), Testo: "esito", HTML: "<p>esito</p>"}
	rotto := errors.New("it could not be read")
	for _, c := range []struct {
		storia           string
		err              error
		chiamata, chiusa bool
	}{{"it fails", rotto, true, false}, {"it is frozen", nil, true, true}, {"it was frozen", nil, false, false}} {
		chiamata := false
		chiusa, err := db.ChiudiSessione(t.Context(), s.ID, g("2021-07-30"), ore("07:00"), func(context.Context) (piano.Chiusura, error) {
			chiamata = true
			if conta(t, grezzo, "SELECT pg_try_advisory_xact_lock(7283, id)::int FROM enti WHERE codice = $1", unione) == 1 {
				t.Error("a hand-in could be taken in the meantime")
			}
			return want, c.err
		})
		if !errors.Is(err, c.err) || chiamata != c.chiamata || chiusa != c.chiusa {
			t.Errorf("%s: called %v, closed %v, %v", c.storia, chiamata, chiusa, err)
		}
	}
	got, err := db.ChiusuraSessione(t.Context(), s.ID)
	if d := cmp.Diff(want, got); err != nil || d != "" {
		t.Errorf("%v\n%s", err, d)
	}
	if _, err := db.ChiudiSessione(t.Context(), 99, g("2021-07-30"), ore("07:00"), nil); !errors.Is(err, piano.ErrNonTrovato) {
		t.Error(err)
	}
}

// A settore is told a phase once: a second message that says it is refused whole. The
// register says which settori were asked, of messages older than that, too.
func TestASettoreIsAskedOnce(t *testing.T) {
	db, grezzo := conSQL(t)
	s := apriSessione(t, db)
	messaggio := func(chi, fase string, settori ...string) piano.Messaggio {
		m := piano.Messaggio{Ente: unione, Tipo: piano.TipoSessione, Chiave: fase + "/" + chi, Giorno: g("2021-07-01"), A: []string{chi}, MessageID: chi + fase}
		for _, nome := range settori {
			m.Richieste = append(m.Richieste, piano.Richiesta{Sessione: s.ID, Settore: nome, Fase: fase, Giorno: g("2021-07-01")})
		}
		return m
	}
	for _, c := range []struct {
		m    piano.Messaggio
		want error
	}{
		{messaggio("anna@ente.example", piano.FaseApertura, "SUAP", "Servizi finanziari"), nil},
		{messaggio("anna@ente.example", piano.FaseApertura, "SUAP"), nil}, // the same key: passed over
		{messaggio("ugo@ente.example", piano.FaseApertura, "SUAP"), store.ErrGiaDetto},
		{messaggio("ugo@ente.example", "sollecito/1", "Cultura"), piano.ErrNonTrovato},
		{messaggio("ugo@ente.example", "sollecito/1", "SUAP"), nil},
	} {
		if _, err := db.SaveMessaggi(t.Context(), "prova", c.m.MessageID, ore("07:00"), []piano.Messaggio{c.m}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.m.Chiave, err, c.want)
		}
	}
	got, err := db.RichiesteSessione(t.Context(), s.ID)
	want := []piano.Richiesta{{Sessione: s.ID, Settore: "SUAP", Fase: piano.FaseApertura, Giorno: g("2021-07-01"), A: "anna@ente.example"},
		{Sessione: s.ID, Settore: "SUAP", Fase: "sollecito/1", Giorno: g("2021-07-01"), A: "ugo@ente.example"},
		{Sessione: s.ID, Settore: "Servizi finanziari", Fase: piano.FaseApertura, Giorno: g("2021-07-01"), A: "anna@ente.example"}}
	if d := cmp.Diff(want, got, cmp.Comparer(func(a, b piano.Giorno) bool { return a == b })); err != nil || d != "" {
		t.Errorf("%v\n%s", err, d)
	}
	migrazione, err := os.ReadFile("migrations/00017_registro_sessioni.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, di := range []string{"as it is written", "as the migration makes it of what was there before"} {
		voci, err := db.Registro(t.Context(), unione, piano.FiltroRegistro{Settore: "SUAP"})
		if err != nil || len(voci) != 2 || voci[0].Attivita != "verifica di metà anno 2021" || voci[0].Stadio != piano.FaseApertura || voci[1].Destinatario != "ugo@ente.example" {
			t.Errorf("%s: %+v, %v", di, voci, err)
		}
		for _, query := range []string{"DELETE FROM voci", string(migrazione)} {
			if _, err := grezzo.ExecContext(t.Context(), query); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A hand-in answers a check from the day of its data on, before the opening too; the
// sheet of measures is another thing.
func TestWhatAnswersASession(t *testing.T) {
	db := conRegistro(t)
	altra := scheda()
	altra.Settore, altra.Numero = "Servizi finanziari", "1/7"
	prendi(t, db, "2021-04-20", altra)
	for _, giorno := range []string{"2021-06-29", "2021-06-30", "2021-07-05"} {
		s := scheda()
		s.Descrizione = "Com'era il " + giorno
		prendi(t, db, giorno, s)
	}
	stessa := fmt.Sprintf("%s %+v", "2021-04-20", []piano.Obiettivo{altra})
	if c, err := tieni(t, db, unione, "di nuovo.xlsx", []byte(stessa), g("2021-07-02")); err != nil || c.Nuova {
		t.Fatal(c, err)
	}
	c := consegna(t, db, "2021-07-06", "refused")
	if err := db.RespingiConsegna(t.Context(), c.ID, nil); err != nil {
		t.Fatal(err)
	}
	maiAperta := piano.Sessione{Ente: unione, Genere: piano.MetaAnno, Anno: 2021, Numero: 1, Dati: g("2021-06-30")}
	aperta := apriSessione(t, db)
	aperta.Dati = maiAperta.Dati
	presto := aperta
	presto.Aperta = g("2021-06-28") // by hand, before the day of the data
	misure := aperta
	misure.Genere = piano.Anticorruzione
	altrove := maiAperta
	altrove.Ente = "argenta"
	for _, c := range []struct {
		storia string
		x      piano.Sessione
		finoA  string
		want   map[string]piano.Giorno
	}{
		{"the day before the data", aperta, "2021-06-29", nil},
		{"the day of the data", aperta, "2021-06-30", map[string]piano.Giorno{"SUAP": g("2021-06-30")}},
		{"the session is not open yet", maiAperta, "2021-06-30", map[string]piano.Giorno{"SUAP": g("2021-06-30")}},
		{"the same bytes again", aperta, "2021-07-02", map[string]piano.Giorno{"SUAP": g("2021-06-30"), "Servizi finanziari": g("2021-07-02")}},
		{"the last counts", aperta, "2021-07-30", map[string]piano.Giorno{"SUAP": g("2021-07-05"), "Servizi finanziari": g("2021-07-02")}},
		{"it was opened before the day of the data", presto, "2021-06-29", map[string]piano.Giorno{"SUAP": g("2021-06-29")}},
		{"cards say nothing of measures", misure, "2021-07-30", nil},
		{"another ente", altrove, "2021-07-30", nil},
	} {
		risposte, err := db.RisposteSessione(t.Context(), c.x, g(c.finoA))
		got := map[string]piano.Giorno{}
		for settore, r := range risposte {
			got[settore] = r.Giorno
		}
		if err != nil || !maps.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v, %v", c.storia, got, c.want, err)
		}
	}
}

// In January the next year's plan comes in while the old one is being checked: a hand-in
// answers for the year of its cards, changed or not, and for both where it has both.
func TestAHandInAnswersForTheYearOfItsCards(t *testing.T) {
	db := conRegistro(t)
	vecchia, nuova, altra := scheda(), scheda(), scheda()
	nuova.Anno, nuova.Attivita[0].Anno = 2022, 2022
	altra.Titolo, altra.Numero = "Un altro", "2/8"
	prendi(t, db, "2021-12-01", vecchia)
	approva(t, db)
	for _, c := range []struct {
		giorno         string
		schede         []piano.Obiettivo
		vecchio, nuovo string // the last answer about each year after it
	}{
		{"2022-01-03", []piano.Obiettivo{nuova}, "", "2022-01-03"},
		{"2022-01-04", []piano.Obiettivo{nuova}, "", "2022-01-04"}, // other bytes, the same content
		{"2022-01-05", []piano.Obiettivo{vecchia, nuova}, "2022-01-05", "2022-01-05"},
		{"2022-01-07", []piano.Obiettivo{nuova}, "2022-01-05", "2022-01-07"},
		{"2022-01-10", []piano.Obiettivo{vecchia}, "2022-01-10", "2022-01-07"},
		{"2022-01-11", []piano.Obiettivo{altra}, "2022-01-11", "2022-01-07"}, // wants another objective in the approved plan
	} {
		prendi(t, db, c.giorno, c.schede...)
		for anno, want := range map[int]string{2021: c.vecchio, 2022: c.nuovo} {
			x := piano.Sessione{Ente: unione, Genere: piano.FineAnno, Anno: anno, Numero: 1, Dati: g("2021-12-31")}
			r, err := db.RisposteSessione(t.Context(), x, g("2022-01-31"))
			if got := r["SUAP"].Giorno.String(); err != nil || got != want {
				t.Errorf("after %s, %d: %q, want %q, %v", c.giorno, anno, got, want, err)
			}
		}
	}
}
