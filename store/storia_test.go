package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
)

// variata is the card with another weight, another target, other months and progress.
func variata() piano.Obiettivo {
	o := scheda()
	o.Peso = dec("55")
	o.Indicatori[0].TargetAnno = "999"
	o.Attivita[0].Previsto, o.Attivita[0].Ottenuto = piano.NewMesi(12), piano.NewMesi(1, 2)
	return o
}

func inAttesa(t *testing.T, db *store.DB) []piano.Variazione {
	t.Helper()
	v, err := db.Variazioni(t.Context(), unione, false)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// After the approval a change of the plan waits; progress is taken at once.
func TestVariations(t *testing.T) {
	db := conRegistro(t)
	prendi(t, db, "2021-01-15", scheda())
	approva(t, db)
	esiti := prendi(t, db, "2021-06-01", variata())
	if len(esiti[0].Differenze) != 1 || esiti[0].Differenze[0].Campo != "ottenuto" || len(esiti[0].DaVariare) != 3 {
		t.Fatalf("%+v", esiti)
	}
	attese := inAttesa(t, db)
	if len(attese) != 3 {
		t.Fatalf("%+v", attese)
	}
	prima := attese[0].ID

	// the same wish again is one; another sheet's wish takes its place; the approved
	// value withdraws it
	ancora := variata()
	ancora.Attivita[0].Ottenuto = piano.NewMesi(1, 2, 3)
	prendi(t, db, "2021-06-02", ancora)
	if v := inAttesa(t, db); len(v) != 3 || v[0].ID != prima {
		t.Errorf("%+v", v)
	}
	ancora.Peso = dec("60")
	ancora.Indicatori[0].TargetAnno = scheda().Indicatori[0].TargetAnno
	prendi(t, db, "2021-06-03", ancora)
	v := inAttesa(t, db)
	var frasi []string
	for _, x := range v {
		frasi = append(frasi, x.Differenza.String())
	}
	if got := strings.Join(frasi, "; "); len(v) != 2 || !strings.Contains(got, "→ 60") || !strings.Contains(got, "+ dic") {
		t.Fatalf("%s", got)
	}

	// one accepted, one refused: the plan has the one, and the other is not asked again
	peso, mesi := v[0].ID, v[1].ID
	if v[0].Differenza.Campo != "peso" {
		peso, mesi = mesi, peso
	}
	if err := db.AccogliVariazioni(t.Context(), unione, []int64{peso, 4711}, "DGU 40/2021", g("2021-07-01")); !errors.Is(err, piano.ErrNonTrovato) {
		t.Error(err)
	}
	if err := db.AccogliVariazioni(t.Context(), unione, []int64{peso}, "DGU 40/2021", g("2021-07-01")); err != nil {
		t.Fatal(err)
	}
	if err := db.AccogliVariazioni(t.Context(), unione, []int64{peso}, "DGU 41/2021", g("2021-07-02")); !errors.Is(err, store.ErrGiaDecisa) {
		t.Error(err)
	}
	if err := db.RespingiVariazioni(t.Context(), unione, []int64{mesi}, "non motivata", g("2021-07-01")); err != nil {
		t.Fatal(err)
	}
	ancora.Attivita[0].Ottenuto = piano.NewMesi(1)
	prendi(t, db, "2021-07-05", ancora)
	if v := inAttesa(t, db); len(v) != 0 {
		t.Errorf("%+v", v)
	}
	schede, err := db.Schede(t.Context(), unione, "SUAP", 2021)
	if err != nil || len(schede) != 1 || *schede[0].Peso != *dec("60") || schede[0].Attivita[0].Previsto != scheda().Attivita[0].Previsto ||
		schede[0].Attivita[0].Ottenuto != piano.NewMesi(1) {
		t.Errorf("%+v, %v", schede, err)
	}
	tutte, err := db.Variazioni(t.Context(), unione, true)
	if err != nil || len(tutte) != 4 {
		t.Errorf("%+v, %v", tutte, err)
	}
}

// A new objective waits as a whole, and comes in as a whole.
func TestANewObjectiveIsAVariation(t *testing.T) {
	db := conRegistro(t)
	prendi(t, db, "2021-01-15", scheda())
	approva(t, db)
	nuovo := scheda()
	nuovo.Numero = "2/9"
	prendi(t, db, "2021-06-01", scheda(), nuovo)
	v := inAttesa(t, db)
	if len(v) != 1 || v[0].Differenza.Campo != "obiettivo" || v[0].Numero != "2/9" {
		t.Fatalf("%+v", v)
	}
	if err := db.AccogliVariazioni(t.Context(), unione, []int64{v[0].ID}, "DGU 40/2021", g("2021-07-01")); err != nil {
		t.Fatal(err)
	}
	schede, err := db.Schede(t.Context(), unione, "SUAP", 2021)
	if err != nil || len(schede) != 2 || len(schede[1].Attivita) != len(scheda().Attivita) {
		t.Errorf("%+v, %v", schede, err)
	}
}

// Where a value comes from, and what it was.
func TestStoria(t *testing.T) {
	db := conRegistro(t)
	prendi(t, db, "2021-01-15", scheda())
	seconda := scheda()
	seconda.Peso, seconda.Celle = dec("70"), map[string]string{"numero": "A1", "peso": "B12"}
	prendi(t, db, "2021-02-15", seconda)
	seconda.Titolo = "Altro titolo"
	prendi(t, db, "2021-03-15", seconda)
	versioni, err := db.Versioni(t.Context(), unione, "1/3", 0)
	if err != nil || len(versioni) != 3 {
		t.Fatalf("%d versions, %v", len(versioni), err)
	}
	for _, p := range piano.Provenienze(versioni) {
		if p.Campo != "peso" {
			continue
		}
		got := ""
		for _, x := range p.Passaggi {
			got += fmt.Sprintf("%s %s %s; ", x.Valore, x.Giorno, x.Cella)
		}
		want := "70 2021-02-15 B12; " + scheda().Peso.Italiano() + " 2021-01-15 ; "
		if got != want || p.Confermata != g("2021-03-15") {
			t.Errorf("%s, confirmed %s; want %s", got, p.Confermata, want)
		}
	}
	if _, err := db.Versioni(t.Context(), unione, "9/99", 0); !errors.Is(err, piano.ErrNonTrovato) {
		t.Error(err)
	}
}

// Older content does not go over newer unseen.
func TestAnOlderHandIn(t *testing.T) {
	db := conRegistro(t)
	marzo, maggio := time.Date(2021, 3, 1, 9, 0, 0, 0, time.UTC), time.Date(2021, 5, 1, 9, 0, 0, 0, time.UTC)
	nuova, vecchia := scheda(), scheda()
	nuova.Titolo = "Titolo di maggio"
	consegne := 0
	prendiDi := func(o piano.Obiettivo, f piano.Fonte) error {
		consegne++
		f.Giorno = g("2021-06-01")
		c := consegna(t, db, "2021-06-01", fmt.Sprint("file ", consegne))
		_, err := accogli(t, db, c.ID, f, []piano.Obiettivo{o}, nil)
		return err
	}
	if err := prendiDi(nuova, piano.Fonte{Aggiornata: maggio}); err != nil {
		t.Fatal(err)
	}
	var rifiuto *piano.ConsegnaVecchia
	if err := prendiDi(vecchia, piano.Fonte{Aggiornata: marzo}); !errors.As(err, &rifiuto) || rifiuto.Numero != "1/3" || !rifiuto.Aggiornata.Equal(maggio) {
		t.Errorf("%v", err)
	}
	if err := prendiDi(nuova, piano.Fonte{Aggiornata: marzo}); err != nil {
		t.Error("the same content, older, changes nothing:", err)
	}
	if err := prendiDi(vecchia, piano.Fonte{}); err != nil {
		t.Error("a file that says nothing of its age:", err)
	}
	if err := prendiDi(nuova, piano.Fonte{Aggiornata: maggio}); err != nil {
		t.Error(err)
	}
	if err := prendiDi(vecchia, piano.Fonte{Aggiornata: marzo, Forzata: true}); err != nil {
		t.Error("confirmed by a person:", err)
	}
}
