package store_test

import (
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
	"github.com/scadenzario/scadenzario/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

const unione = "terre-di-pianura"

var (
	vero, falso = true, false
	si, no      = &vero, &falso
)

func g(s string) piano.Giorno {
	d, err := piano.ParseGiorno(s)
	if err != nil {
		panic(err)
	}
	return d
}

func dec(s string) *piano.Decimale {
	d, err := piano.ParseDecimale(s)
	if err != nil {
		panic(err)
	}
	return &d
}

// ore is an instant of the day of the outbox tests.
func ore(hhmm string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", "2021-07-12 "+hhmm)
	if err != nil {
		panic(err)
	}
	return t
}

// registro is a registry of two settori with one person in charge of each.
func registro() piano.Anagrafica {
	return piano.Anagrafica{
		Ente: piano.Ente{Codice: unione, Nome: "Unione dei Comuni Terre di Pianura", PatronoMese: 6, PatronoGiorno: 24},
		Settori: []piano.Settore{
			{Nome: "SUAP", Codice: "suap", Alias: []string{}, Email: "suap@terredipianura.example"},
			{Nome: "Servizi finanziari", Codice: "servizi-finanziari", Alias: []string{"Ragioneria", "Bilancio"}, Email: ""},
		},
		Incarichi: []piano.Incarico{
			{Settore: "SUAP", Nome: "Anna Bianchi", Email: "anna@terredipianura.example", Dal: g("2020-01-01"), Al: g("2021-06-30"), Tipo: piano.Titolare},
			{Settore: "SUAP", Nome: "Ugo Neri", Email: "ugo@terredipianura.example", Dal: g("2021-07-01"), Tipo: piano.AdInterim},
			{Settore: "Servizi finanziari", Nome: "Ida Rossi", Dal: g("2019-05-01"), Tipo: piano.Titolare},
		},
		Ruoli: []piano.Ruolo{{Ruolo: "Segretario", Nome: "Leo Verdi", Email: "leo@terredipianura.example"}, {Ruolo: "SIA", Nome: "Eva Blu"}},
	}
}

// conRegistro returns a store that knows registro().
func conRegistro(t testing.TB) *store.DB {
	t.Helper()
	db := storetest.New(t)
	salvaRegistro(t, db)
	return db
}

func salvaRegistro(t testing.TB, db *store.DB) {
	t.Helper()
	if _, err := db.SaveAnagrafica(t.Context(), registro()); err != nil {
		t.Fatal(err)
	}
}

// conSQL returns the same, and a way to look behind the store's back.
func conSQL(t testing.TB) (*store.DB, *sql.DB) {
	t.Helper()
	dsn := storetest.DSN(t)
	db, err := store.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	grezzo, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { grezzo.Close() })
	salvaRegistro(t, db)
	return db, grezzo
}

// conta returns the one number that a query answers.
func conta(t testing.TB, db *sql.DB, query string, args ...any) int {
	t.Helper()
	var n int
	if err := db.QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// scheda is a card of the SUAP with two activities and an indicator.
func scheda() piano.Obiettivo {
	return piano.Obiettivo{
		Foglio: "Ob. 1-3", Numero: "1/3", Titolo: "Verifiche dei posteggi", Settore: "SUAP", Anno: 2021,
		Strategia: "Un unico interlocutore", Assessore: "N. N.", Responsabile: "A. B.", Strategicita: dec("100"), Peso: dec("80.5"),
		Durata: "2020 - 2021", Descrizione: "I posteggi, uno per uno", RisultatiAttesi: "Un elenco", AltriSettori: "Tributi",
		PortatoriInteressi: "Ambulanti",
		Indicatori: []piano.Indicatore{{Descrizione: "Posteggi verificati", Unita: "numero", ValoreAnnoPrecedente: "88%",
			TargetAnno: "690", TargetMetaAnno: "300", Cella: "A20"}},
		Attivita: []piano.Attivita{
			{Anno: 2021, Descrizione: "Rilevazione", Previsto: piano.NewMesi(1, 2, 3), Cella: "A30"},
			{Anno: 2021, Descrizione: "Aggiornamento dei titoli", Previsto: piano.NewMesi(6, 7, 8, 9), Cella: "A32"},
		},
		RisorseUmane: []piano.RisorsaUmana{{Ruolo: "Istruttore", Percentuale: dec("30"), Cella: "A50"}, {Ruolo: "Agente", Cella: "A51"}},
		Celle:        map[string]string{"numero": "A1", "titolo": "B1"},
	}
}

// tieni keeps the bytes of one file.
func tieni(t testing.TB, db *store.DB, ente, file string, contenuto []byte, giorno piano.Giorno) (piano.Consegna, error) {
	t.Helper()
	consegne, err := db.SaveConsegne(t.Context(), ente, []piano.Documento{{File: file, Contenuto: contenuto}}, giorno)
	if err != nil {
		return piano.Consegna{}, err
	}
	return consegne[0], nil
}

// accogli takes the cards of one hand-in.
func accogli(t testing.TB, db *store.DB, consegna int64, f piano.Fonte, schede []piano.Obiettivo, rilievi []piano.Rilievo) ([]piano.EsitoObiettivo, error) {
	t.Helper()
	esiti := db.SavePiani(t.Context(), []piano.Arrivo{{Consegna: consegna, Fonte: f, Obiettivi: schede, Rilievi: rilievi}})
	return esiti[0].Esiti, esiti[0].Err
}

// consegna hands in a file of those bytes, which must be new.
func consegna(t testing.TB, db *store.DB, giorno string, contenuto string) piano.Consegna {
	t.Helper()
	c, err := tieni(t, db, unione, "suap.xlsx", []byte(contenuto), g(giorno))
	if err != nil || !c.Nuova {
		t.Fatalf("%+v, %v", c, err)
	}
	return c
}

// prendi hands in a workbook with those cards and takes it.
func prendi(t testing.TB, db *store.DB, giorno string, schede ...piano.Obiettivo) []piano.EsitoObiettivo {
	t.Helper()
	c := consegna(t, db, giorno, fmt.Sprintf("%s %+v", giorno, schede))
	esiti, err := accogli(t, db, c.ID, piano.Fonte{Giorno: g(giorno)}, schede, nil)
	if err != nil {
		t.Fatal(err)
	}
	return esiti
}

// approva makes the plan of 2021 binding.
func approva(t testing.TB, db *store.DB) {
	t.Helper()
	if _, _, _, err := db.ApprovaPiano(t.Context(), unione, 2021, "delibera 18", g("2021-04-27")); err != nil {
		t.Fatal(err)
	}
}

// situazioni returns the activities of the ente by description.
func situazioni(t testing.TB, db *store.DB, giorno string) map[string]piano.Assegnata {
	t.Helper()
	lista, err := db.Situazioni(t.Context(), unione, g(giorno))
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]piano.Assegnata{}
	for _, a := range lista {
		m[a.Attivita.Descrizione] = a
	}
	return m
}
