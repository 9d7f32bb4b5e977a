package piano

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func schedaProva() Obiettivo {
	ottanta := NewDecimale(80)
	return Obiettivo{Numero: "1/3", Titolo: "Posteggi", Anno: 2021, Peso: &ottanta, Celle: map[string]string{"peso": "B9"},
		Indicatori:   []Indicatore{{Descrizione: "Verificati", TargetAnno: "690", Cella: "A21"}, {Descrizione: "Report", TargetAnno: "12"}},
		Attivita:     []Attivita{{Anno: 2021, Descrizione: "Rilievo", Previsto: NewMesi(1, 2, 3), Ottenuto: NewMesi(1), Cella: "A25"}, {Anno: 2022, Descrizione: "Chiusura", Previsto: NewMesi(4)}},
		RisorseUmane: []RisorsaUmana{{Ruolo: "Istruttore"}}}
}

// cambiata is that card with something else of everything.
func cambiata() Obiettivo {
	o, settanta, si := schedaProva(), NewDecimale(70), true
	o.Peso, o.Titolo = &settanta, "Posteggi  E MERCATI"
	o.Indicatori = []Indicatore{{Descrizione: "VERIFICATI", TargetAnno: "500", RisultatoFinale: "12", Cella: "A21"}, {Descrizione: "Altro"}}
	o.Attivita = []Attivita{{Anno: 2021, Descrizione: "Rilievo", Previsto: NewMesi(2, 3, 4), Ottenuto: NewMesi(1, 5), Eseguito: &si, Cella: "A25"}, {Anno: 2021, Descrizione: "Nuova"}}
	o.RisorseUmane = nil
	return o
}

func TestDifferenze(t *testing.T) {
	if d := Differenze(schedaProva(), schedaProva()); d != nil {
		t.Errorf("the same card differs: %v", d)
	}
	var frasi []string
	for _, d := range Differenze(schedaProva(), cambiata()) {
		segno := "  "
		if d.Piano {
			segno = "p "
		}
		frasi = append(frasi, segno+d.String()+" @"+d.Cella)
	}
	want := `p titolo: Posteggi → Posteggi  E MERCATI @
p peso: 80 → 70 @B9
p target anno di «Verificati»: 690 → 500 @A21
  risultato finale di «Verificati»: (vuoto) → 12 @A21
p indicatore aggiunto «Altro» @
p indicatore tolto «Report» @
p mesi previsti di «Rilievo»: + apr; − gen @A25
  mesi ottenuti di «Rilievo»: + mag @A25
  eseguito di «Rilievo»: (vuoto) → SI @A25
p attività aggiunta «Nuova» @
p attività tolta «Chiusura» (2022) @
p risorse umane @`
	if d := cmp.Diff(want, strings.Join(frasi, "\n")); d != "" {
		t.Error(d)
	}
}

// Every difference of the plan applied, one after the other, makes the plan of the
// other card and leaves the progress as it was.
func TestApplica(t *testing.T) {
	prima, voluta := schedaProva(), cambiata()
	fatta := prima
	for _, d := range Differenze(prima, voluta) {
		if d.Piano {
			fatta = fatta.Applica(d, voluta)
		}
	}
	for _, d := range Differenze(fatta, voluta) {
		if d.Piano {
			t.Errorf("still to apply: %s", d)
		}
	}
	if fatta.Attivita[0].Ottenuto != NewMesi(1) || fatta.Attivita[0].Eseguito != nil || fatta.Indicatori[0].RisultatoFinale != "" {
		t.Errorf("progress came with the plan: %+v", fatta)
	}
	if len(prima.Attivita) != 2 || prima.Indicatori[0].TargetAnno != "690" {
		t.Error("the card itself was changed")
	}
}

// What a sentence makes of the rarer changes.
func TestRarerDifferenze(t *testing.T) {
	lungo := strings.Repeat("à", 200)
	no, si := false, true
	prima := schedaProva()
	prima.Attivita[0].Eseguito = &si
	prima.Indicatori = append(prima.Indicatori, Indicatore{Descrizione: "Verificati", TargetAnno: "5"})
	for _, caso := range []struct {
		nome, frase string
		cambia      func(*Obiettivo)
	}{
		{"no months any more", "mesi ottenuti di «Rilievo»: − gen", func(o *Obiettivo) { o.Attivita[0].Ottenuto = 0 }},
		{"done, and not done after all", "eseguito di «Rilievo»: SI → NO", func(o *Obiettivo) { o.Attivita[0].Eseguito = &no }},
		{"a long text is cut", "descrizione: (vuoto) → " + strings.Repeat("à", 120) + "…", func(o *Obiettivo) { o.Descrizione = lungo }},
		{"other people", "risorse umane", func(o *Obiettivo) { o.RisorseUmane = []RisorsaUmana{{Ruolo: "Funzionario", Cella: "A33"}} }},
		{"the second of two indicators of one name", "target anno di «Verificati»: 5 → 6", func(o *Obiettivo) { o.Indicatori[2].TargetAnno = "6" }},
	} {
		dopo := schedaProva()
		dopo.Attivita[0].Eseguito = &si
		dopo.Indicatori = append(dopo.Indicatori, Indicatore{Descrizione: "Verificati", TargetAnno: "5"})
		caso.cambia(&dopo)
		if d := Differenze(prima, dopo); len(d) != 1 || d[0].String() != caso.frase {
			t.Errorf("%s: %v, want %q", caso.nome, d, caso.frase)
		}
	}
}
