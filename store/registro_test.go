package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
)

// What was told stays in the register as it was told, after the activity, the person's
// office and the mail's own data are gone.
func TestTheRegisterOutlivesWhatItIsAbout(t *testing.T) {
	db, grezzo := conSQL(t)
	prendi(t, db, "2021-01-15", scheda())
	s := situazioni(t, db, "2021-05-01")
	m := promemoria("2021-07-12", "anna@terredipianura.example", s["Rilevazione"].ID)
	m.CC = []string{"segretario@terredipianura.example"}
	salva(t, db, "2021-07-12", m)
	riepilogo := piano.Messaggio{Ente: m.Ente, Tipo: piano.TipoRiepilogo, Chiave: "2021-06", Giorno: g("2021-06-30"),
		A: []string{"segretario@terredipianura.example"}, Oggetto: "Riepilogo", HTML: "<p>", Testo: "tutto bene", MIME: []byte("MIME")}
	if _, err := db.SaveMessaggi(t.Context(), "riepilogo", "2021-06", ore("08:00"), []piano.Messaggio{riepilogo}); err != nil {
		t.Fatal(err)
	}
	esegui := func(query string) {
		t.Helper()
		if _, err := grezzo.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	esegui(`UPDATE spedizioni SET stato = 'inviato', inviato_il = '2021-07-12 08:01Z', risposta = '250 2.0.0 queued as 4711 at mx.ente.example [192.0.2.7]'`)
	leggi := func(f piano.FiltroRegistro) (righe string) {
		t.Helper()
		voci, err := db.Registro(t.Context(), "", f)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range voci {
			righe += fmt.Sprintf("%s %s <%s> cc=%t %s/%s %s %s %q %s %s\n", v.Giorno, v.Persona, v.Destinatario, v.InCopia, v.Tipo, v.Stadio, v.Settore, v.Obiettivo, v.Attivita, v.Scadenza, v.Stato)
		}
		return righe
	}
	tutto := leggi(piano.FiltroRegistro{})
	if n := strings.Count(tutto, "\n"); n != 3 || !strings.Contains(tutto, `promemoria/scaduta SUAP 1/3 "Rilevazione`) || !strings.Contains(tutto, "cc=true") {
		t.Errorf("%d lines:\n%s", n, tutto)
	}
	for _, c := range []struct {
		f piano.FiltroRegistro
		n int
	}{
		{piano.FiltroRegistro{Dal: g("2021-07-01"), Al: g("2021-07-12")}, 2},
		{piano.FiltroRegistro{Al: g("2021-06-30")}, 1},
		{piano.FiltroRegistro{Dal: g("2021-07-13")}, 0},
		{piano.FiltroRegistro{Persona: "SEGRETARIO@"}, 2},
		{piano.FiltroRegistro{Persona: "100%"}, 0},
		{piano.FiltroRegistro{Obiettivo: "1/3"}, 2},
		{piano.FiltroRegistro{Settore: "SUAP"}, 2},
		{piano.FiltroRegistro{Settore: "SIA"}, 0},
	} {
		if n := strings.Count(leggi(c.f), "\n"); n != c.n {
			t.Errorf("%+v: %d lines, want %d", c.f, n, c.n)
		}
	}
	esegui("TRUNCATE piani CASCADE")
	esegui("TRUNCATE incarichi, ruoli")
	if dopo := leggi(piano.FiltroRegistro{}); dopo != tutto {
		t.Errorf("the plan is gone and the register says\n%s\ninstead of\n%s", dopo, tutto)
	}
	for _, passo := range []struct {
		prima    string
		messaggi int
	}{{"08:01", 0}, {"08:02", 2}, {"08:02", 0}} {
		if n, err := db.SvuotaMessaggi(t.Context(), ore(passo.prima), ore("09:00")); err != nil || n != passo.messaggi {
			t.Errorf("before %s: %d messages emptied, %v", passo.prima, n, err)
		}
	}
	if dopo := leggi(piano.FiltroRegistro{}); dopo != tutto {
		t.Errorf("the mail data are gone and the register says\n%s", dopo)
	}
	for cosa, n := range map[string]int{
		"messaggi WHERE mime = ''":                                         2,
		"messaggi WHERE html = '' AND tipo = 'promemoria'":                 1,
		"messaggi WHERE html <> '' AND testo <> '' AND tipo = 'riepilogo'": 1,
		"spedizioni WHERE risposta = '250 2.0.0'":                          3,
	} {
		if trovati := conta(t, grezzo, "SELECT count(*) FROM "+cosa); trovati != n {
			t.Errorf("%s: %d, want %d", cosa, trovati, n)
		}
	}
	esegui("UPDATE spedizioni SET stato = 'respinto', inviato_il = NULL")
	if err := db.RimettiInCoda(t.Context(), 1, "again", ore("10:00")); !errors.Is(err, store.ErrSvuotato) {
		t.Errorf("a message without bytes is queued again: %v", err)
	}
}

// What waits or is in doubt keeps its bytes, however old it is; answers keep their
// code, what we noted ourselves its words.
func TestOnlyWhatIsOverIsEmptied(t *testing.T) {
	db, grezzo := conSQL(t)
	for i, c := range []struct{ stato, risposta, resta string }{
		{"in-coda", "451 4.7.1 greylisted by mx.ente.example", "451 4.7.1 greylisted by mx.ente.example"},
		{"esito-ignoto", "cut: 192.0.2.7", "cut: 192.0.2.7"},
		{"respinto", "550 5.1.1 <ugo@ente.example>: unknown", "550 5.1.1"},
		{"respinto", "not sent: the address is not in [posta] solo_a", "not sent"},
		{"respinto", "lost, says ugo", "lost, says ugo"},
	} {
		m := promemoria(fmt.Sprintf("2021-07-%02d", i+1), "anna@terredipianura.example")
		m.MIME = []byte("MIME")
		salva(t, db, "2021-07-12", m)
		if _, err := grezzo.ExecContext(t.Context(), "UPDATE spedizioni SET stato = $1, risposta = $2 WHERE id = $3", c.stato, c.risposta, i+1); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := db.SvuotaMessaggi(t.Context(), ore("23:00"), ore("23:00")); err != nil || n != 3 {
		t.Fatal(n, err)
	}
	for i, c := range []struct{ risposta, mime string }{{"451 4.7.1 greylisted by mx.ente.example", "MIME"}, {"cut: 192.0.2.7", "MIME"}, {"550 5.1.1", ""}, {"not sent", ""}, {"lost, says ugo", ""}} {
		var risposta, mime string
		if err := grezzo.QueryRowContext(t.Context(), "SELECT risposta, convert_from(mime, 'UTF8') FROM spedizioni s JOIN messaggi m ON m.id = messaggio_id WHERE s.id = $1", i+1).Scan(&risposta, &mime); err != nil {
			t.Fatal(err)
		}
		if risposta != c.risposta || mime != c.mime {
			t.Errorf("%d: %q, %q", i+1, risposta, mime)
		}
	}
}

// Rows of runs go after their time; one that is at work stays.
func TestOldRunsAreDropped(t *testing.T) {
	db := conRegistro(t)
	prendi45(t, db, "a", "remind", "2020-01-01", "07:00")
	if err := db.SegnaAMano(t.Context(), "remind", "2020-01-02", "ugo", ore("07:00")); err != nil {
		t.Fatal(err)
	}
	if err := db.SegnaAMano(t.Context(), "remind", "2020-01-03", "ugo", ore("08:00")); err != nil {
		t.Fatal(err)
	}
	if n, err := db.SvuotaEsecuzioni(t.Context(), ore("07:30")); err != nil || n != 1 {
		t.Error(n, err)
	}
}
