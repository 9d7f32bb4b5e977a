package store_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scadenzario/scadenzario/piano"
)

func TestTheBytesOfAHandInAreKept(t *testing.T) {
	db := conRegistro(t)
	contenuto := make([]byte, 300_000)
	if _, err := rand.Read(contenuto); err != nil {
		t.Fatal(err)
	}
	c, err := tieni(t, db, unione, "suap.xlsx", contenuto, g("2021-07-12"))
	if err != nil || !c.Nuova {
		t.Fatal(c, err)
	}
	if c.File != "suap.xlsx" || c.Giorno != g("2021-07-12") || c.Esito != piano.Ricevuta || len(c.Rilievi) != 0 || len(c.SHA256) != 64 {
		t.Errorf("%+v", c)
	}
	letto, err := db.Contenuto(t.Context(), c.ID)
	if err != nil || !bytes.Equal(letto, contenuto) {
		t.Errorf("%d bytes, %v: not the same", len(letto), err)
	}
	// the second time it is the first one, whatever the file is called
	stessa, err := tieni(t, db, unione, "copia.xlsx", contenuto, g("2021-08-01"))
	c.Nuova = false
	if d := cmp.Diff(c, stessa, giorni); d != "" || err != nil {
		t.Error(d, err)
	}
}

// Several files at once are hand-ins in their order; the same bytes twice among them are
// one, and so are bytes that came before.
func TestFilesKeptTogether(t *testing.T) {
	db := conRegistro(t)
	prima := consegna(t, db, "2021-07-01", "bytes that came before")
	file := []piano.Documento{{File: "a.xlsx", Contenuto: []byte("a")}, {File: "vuoto.xlsx"}, {File: "prima.xlsx", Contenuto: []byte("bytes that came before")},
		{File: "b.xlsx", Contenuto: []byte("\x00\xff b")}, {File: "ancora a.xlsx", Contenuto: []byte("a")}}
	consegne, err := db.SaveConsegne(t.Context(), unione, file, g("2021-07-12"))
	if err != nil || len(consegne) != len(file) {
		t.Fatal(consegne, err)
	}
	nuove := []bool{true, true, false, true, false}
	for k, c := range consegne {
		b, err := db.Contenuto(t.Context(), c.ID)
		if err != nil || !bytes.Equal(b, file[k].Contenuto) || c.Nuova != nuove[k] {
			t.Errorf("%s: %q, %+v, %v", file[k].File, b, c, err)
		}
	}
	if consegne[2].ID != prima.ID || consegne[2].File != prima.File || consegne[4].ID != consegne[0].ID {
		t.Errorf("the same bytes are not the same hand-in: %+v", consegne)
	}
	if consegne[0].ID > consegne[1].ID || consegne[1].ID > consegne[3].ID {
		t.Errorf("not in the order of the files: %+v", consegne)
	}
}

func TestHandInsThatAreNotThere(t *testing.T) {
	db := conRegistro(t)
	_, err := tieni(t, db, "molinella", "a.xlsx", []byte("a"), g("2021-07-12"))
	if !errors.Is(err, piano.ErrNonTrovato) {
		t.Errorf("%v for an unknown ente", err)
	}
	if _, err := db.Contenuto(t.Context(), 4711); !errors.Is(err, piano.ErrNonTrovato) {
		t.Errorf("%v for unknown bytes", err)
	}
	if err := db.RespingiConsegna(t.Context(), 4711, nil); !errors.Is(err, piano.ErrNonTrovato) {
		t.Errorf("%v for an unknown hand-in", err)
	}
	if _, err := accogli(t, db, 4711, piano.Fonte{Giorno: g("2021-07-12")}, nil, nil); !errors.Is(err, piano.ErrNonTrovato) {
		t.Errorf("%v for an unknown hand-in", err)
	}
	if _, err := db.UltimeConsegne(t.Context(), "molinella", g("2021-07-12")); !errors.Is(err, piano.ErrNonTrovato) {
		t.Errorf("%v for an unknown ente", err)
	}
}

func TestAnEmptyFileIsAHandInToo(t *testing.T) {
	db := conRegistro(t)
	c, err := tieni(t, db, unione, "vuoto.xlsx", nil, g("2021-07-12"))
	if err != nil {
		t.Fatal(err)
	}
	if b, err := db.Contenuto(t.Context(), c.ID); err != nil || len(b) != 0 {
		t.Error(b, err)
	}
}

// Two people hand in the same file of the same ente at once, again and again: one
// row each time, one of them is told that it is new. Another ente's is its own.
func TestTheSameBytesFromManyAtOnce(t *testing.T) {
	db, grezzo := conSQL(t)
	altro := registro()
	altro.Ente.Codice = "argenta"
	if _, err := db.SaveAnagrafica(t.Context(), altro); err != nil {
		t.Fatal(err)
	}
	const giri, mani = 30, 6
	for n := range giri {
		var nuove atomic.Int32
		id := make([]int64, mani)
		var insieme sync.WaitGroup
		for m := range mani {
			insieme.Go(func() {
				c, err := tieni(t, db, unione, "suap.xlsx", []byte{byte(n)}, g("2021-07-12"))
				if err != nil {
					t.Error(err)
				}
				if c.Nuova {
					nuove.Add(1)
				}
				id[m] = c.ID
			})
		}
		insieme.Wait()
		for _, i := range id {
			if i != id[0] || nuove.Load() != 1 {
				t.Fatalf("hand-ins %v, %d of them new", id, nuove.Load())
			}
		}
	}
	if c, err := tieni(t, db, "argenta", "suap.xlsx", []byte{0}, g("2021-07-12")); err != nil || !c.Nuova {
		t.Errorf("%+v, %v: another ente's hand-in is its own", c, err)
	}
	if n := conta(t, grezzo, "SELECT count(*) FROM consegne"); n != giri+1 {
		t.Errorf("%d rows, want %d", n, giri+1)
	}
}

func TestARefusedHandInSaysWhy(t *testing.T) {
	db := conRegistro(t)
	c := consegna(t, db, "2021-07-12", "a")
	rilievi := []piano.Rilievo{{Gravita: piano.Errore, Codice: "numero-mancante", Foglio: "Ob\x00. 1", Cella: "A1", Messaggio: "manca «il numero» \xff"}}
	for range 2 { // the answer may be given again
		if err := db.RespingiConsegna(t.Context(), c.ID, rilievi); err != nil {
			t.Fatal(err)
		}
	}
	letta, err := tieni(t, db, unione, "suap.xlsx", []byte("a"), g("2021-07-13"))
	if err != nil {
		t.Fatal(err)
	}
	attesa := c
	attesa.Nuova = false
	attesa.Esito = piano.Respinta
	attesa.Rilievi = []piano.Rilievo{{Gravita: piano.Errore, Codice: "numero-mancante", Foglio: "Ob. 1", Cella: "A1", Messaggio: "manca «il numero» \uFFFD"}}
	if d := cmp.Diff(attesa, letta, giorni); d != "" {
		t.Error(d)
	}
	// the registry was wrong, the same bytes are good now
	if _, err := accogli(t, db, c.ID, piano.Fonte{Giorno: g("2021-07-13")}, []piano.Obiettivo{scheda()}, nil); err != nil {
		t.Fatal(err)
	}
	if err := db.RespingiConsegna(t.Context(), c.ID, rilievi); !errors.Is(err, piano.ErrGiaAccolta) {
		t.Errorf("%v: it is in the plan", err)
	}
}

// For the digest: who has been silent since when.
func TestUltimeConsegne(t *testing.T) {
	db := conRegistro(t)
	altra := scheda()
	altra.Settore, altra.Numero = "Servizi finanziari", "1/7"
	prendi(t, db, "2021-01-15", scheda(), altra)
	prendi(t, db, "2021-06-30", scheda()) // changes nothing, but was handed in
	c := consegna(t, db, "2021-07-02", "refused")
	if err := db.RespingiConsegna(t.Context(), c.ID, nil); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		finoA  string
		attese map[string]piano.Giorno
	}{
		{"2021-01-14", map[string]piano.Giorno{}},
		{"2021-01-15", map[string]piano.Giorno{"SUAP": g("2021-01-15"), "Servizi finanziari": g("2021-01-15")}},
		{"2021-06-29", map[string]piano.Giorno{"SUAP": g("2021-01-15"), "Servizi finanziari": g("2021-01-15")}},
		{"2021-07-31", map[string]piano.Giorno{"SUAP": g("2021-06-30"), "Servizi finanziari": g("2021-01-15")}},
	} {
		ultime, err := db.UltimeConsegne(t.Context(), unione, g(c.finoA))
		if d := cmp.Diff(c.attese, ultime, giorni); d != "" || err != nil {
			t.Errorf("up to %s: %s %v", c.finoA, d, err)
		}
	}
}

// An office that hands in the file it has, unchanged, is not silent: the same bytes
// again count from their day, and the days before stay as they were.
func TestTheSameBytesAgainAreAHandIn(t *testing.T) {
	db := conRegistro(t)
	prendi(t, db, "2021-04-20", scheda())
	c, err := tieni(t, db, unione, "prima.xlsx", []byte("the same bytes"), g("2021-04-21"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := accogli(t, db, c.ID, piano.Fonte{Giorno: g("2021-04-21")}, []piano.Obiettivo{scheda()}, nil); err != nil {
		t.Fatal(err)
	}
	for _, giorno := range []string{"2021-06-30", "2021-05-31", "2021-04-01"} { // the last one counts, whatever the order
		r, err := tieni(t, db, unione, "prima.xlsx", []byte("the same bytes"), g(giorno))
		if err != nil || r.Nuova || r.Giorno != g("2021-04-21") {
			t.Errorf("%s: %+v, %v", giorno, r, err)
		}
	}
	for finoA, want := range map[string]string{"2021-06-29": "2021-04-21", "2021-06-30": "2021-06-30", "2021-12-31": "2021-06-30"} {
		ultime, err := db.UltimeConsegne(t.Context(), unione, g(finoA))
		if err != nil || ultime["SUAP"] != g(want) {
			t.Errorf("up to %s: %v, %v", finoA, ultime, err)
		}
	}
}
