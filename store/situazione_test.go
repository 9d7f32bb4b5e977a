package store_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scadenzario/scadenzario/piano"
)

// attivitaACaso is any activity, with the corners more often than chance has them.
func attivitaACaso(r *rand.Rand, n int) piano.Attivita {
	a := piano.Attivita{Anno: 2020 + r.IntN(4), Descrizione: fmt.Sprint("attività ", n),
		Previsto: piano.Mesi(r.UintN(1 << 12)), Ottenuto: piano.Mesi(r.UintN(1 << 12)), Eseguito: []*bool{nil, nil, si, no}[r.IntN(4)]}
	switch r.IntN(8) {
	case 0:
		a.Previsto = 0
	case 1:
		a.Previsto = piano.TuttiMesi
	case 2:
		a.Ottenuto = 0
	case 3:
		a.Ottenuto = a.Previsto
	case 4:
		a.Previsto = piano.NewMesi(12)
	case 5:
		a.Previsto = piano.NewMesi(1 + r.IntN(12))
	}
	return a
}

// giorniACaso are days around the years of the activities: first and last days of
// months, leap days, and any.
func giorniACaso(r *rand.Rand) []piano.Giorno {
	tutti := []piano.Giorno{g("2019-12-31"), g("2020-01-01"), g("2020-02-28"), g("2020-02-29"), g("2020-03-01"), g("2021-02-28"),
		g("2021-12-30"), g("2021-12-31"), g("2022-01-01"), g("2023-12-31"), g("2024-01-01"), g("1999-01-31"), g("2999-12-31")}
	for range 8 {
		d := piano.NewGiorno(2019, 11, 1).Piu(r.IntN(1900))
		tutti = append(tutti, d, d.FineMese(), d.FineMese().Piu(1))
	}
	return tutti
}

// The one rule that stands twice, in Go and in SQL, is the same rule: 2,000
// activities on 37 days.
func TestSituazioniIsAttivitaAl(t *testing.T) {
	db := conRegistro(t)
	r := rand.New(rand.NewPCG(7, 11))
	const schede, perScheda = 20, 100
	attese := map[string]piano.Attivita{}
	var obiettivi []piano.Obiettivo
	for s := range schede {
		o := scheda()
		o.Numero, o.Attivita = fmt.Sprintf("%d/%d", s, s+100), nil
		for n := range perScheda {
			a := attivitaACaso(r, s*perScheda+n)
			attese[a.Descrizione] = a
			o.Attivita = append(o.Attivita, a)
		}
		obiettivi = append(obiettivi, o)
	}
	prendi(t, db, "2021-01-15", obiettivi...)
	stati := map[piano.Stato]int{}
	for _, d := range giorniACaso(r) {
		lista, err := db.Situazioni(t.Context(), unione, d)
		if err != nil || len(lista) != schede*perScheda {
			t.Fatalf("%d activities, %v", len(lista), err)
		}
		for _, v := range lista {
			a := attese[v.Attivita.Descrizione]
			if !cmp.Equal(a, v.Attivita) {
				t.Fatalf("%+v came back as %+v", a, v.Attivita)
			}
			if s := a.Al(d); s != v.Situazione {
				t.Fatalf("on %s %+v is %+v, want %+v", d, a, v.Situazione, s)
			}
			stati[v.Situazione.Stato]++
		}
	}
	if len(stati) != 6 {
		t.Errorf("the test saw only %v", stati)
	}
}

// The order is the contract's: ente, settore, objective by its places, year,
// order on the card. A card that refers to another lists nothing.
func TestSituazioniInOrder(t *testing.T) {
	db := conRegistro(t)
	altro := registro()
	altro.Ente.Codice = "argenta"
	if _, err := db.SaveAnagrafica(t.Context(), altro); err != nil {
		t.Fatal(err)
	}
	uno := func(numero, settore string, attivita ...piano.Attivita) piano.Obiettivo {
		return piano.Obiettivo{Numero: numero, Settore: settore, Anno: 2021, Titolo: "t", Attivita: attivita}
	}
	att := func(anno int, d string) piano.Attivita { return piano.Attivita{Anno: anno, Descrizione: d} }
	rinvio := uno("9/20", "SUAP", att(2021, "altrove"))
	rinvio.Rinvio = "1/1"
	c, err := tieni(t, db, "argenta", "a", []byte("a"), g("2021-01-15"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := accogli(t, db, c.ID, piano.Fonte{Giorno: g("2021-01-15")}, []piano.Obiettivo{uno("5/5", "SUAP", att(2021, "p"))}, nil); err != nil {
		t.Fatal(err)
	}
	prendi(t, db, "2021-01-15", uno("2/10", "SUAP", att(2021, "e"), att(2020, "d")), uno("1/9", "SUAP", att(2021, "z"), att(2021, "b")),
		uno("10", "SUAP", att(2021, "h")), uno("9", "SUAP", att(2021, "g")), uno("bis", "SUAP", att(2021, "i")),
		uno("1/99", "Servizi finanziari", att(2021, "a")), rinvio)
	for ente, attesi := range map[string]string{"": "p az bd e g h i ", unione: "az bd e g h i ", "argenta": "p ", "molinella": ""} {
		lista, err := db.Situazioni(t.Context(), ente, g("2021-02-01"))
		if err != nil {
			t.Fatal(err)
		}
		var ordine, nomi string
		for _, v := range lista {
			ordine += v.Attivita.Descrizione
			nomi += v.Ente + " "
		}
		var senza string
		for _, r := range attesi {
			if r != ' ' {
				senza += string(r)
			}
		}
		if ordine != senza {
			t.Errorf("%q: %q, want %q (%s)", ente, ordine, senza, nomi)
		}
	}
	if _, err := db.Situazioni(t.Context(), unione, piano.Giorno{}); err == nil {
		t.Error("no day, but an answer")
	}
}

// BenchmarkSituazioni is what check, remind and each page pay for a plan of 2,000
// activities.
func BenchmarkSituazioni(b *testing.B) {
	db := conRegistro(b)
	r := rand.New(rand.NewPCG(7, 11))
	var obiettivi []piano.Obiettivo
	for s := range 20 {
		o := scheda()
		o.Numero, o.Attivita = fmt.Sprintf("%d/%d", s, s+100), nil
		for n := range 100 {
			o.Attivita = append(o.Attivita, attivitaACaso(r, n))
			o.Attivita[n].Anno = 2021
		}
		obiettivi = append(obiettivi, o)
	}
	prendi(b, db, "2021-01-15", obiettivi...)
	for b.Loop() {
		if _, err := db.Situazioni(b.Context(), unione, g("2021-07-12")); err != nil {
			b.Fatal(err)
		}
	}
}
