package piano

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// One card that contradicts itself, and its copy in another settore.
func TestContraddizioni(t *testing.T) {
	g := NewGiorno(2021, 7, 12)
	ottanta, cento := NewDecimale(80), NewDecimale(100)
	scheda := func(settore, numero string) Collocata {
		c := Collocata{File: settore + ".xlsx", Giorno: NewGiorno(2021, 4, 20), Approvato: NewGiorno(2021, 4, 27)}
		c.Obiettivo = Obiettivo{Foglio: "F", Numero: numero, Titolo: "Rilancio", Settore: settore, Anno: 2021, Peso: &cento, Celle: map[string]string{"peso": "B9", "responsabile": "B8"},
			Indicatori: []Indicatore{{Descrizione: "Report", Unita: "numero", TargetAnno: "12", TargetMetaAnno: "6", Cella: "A20"}},
			Attivita:   []Attivita{{Anno: 2021, Descrizione: "Avvio", Previsto: NewMesi(1, 2), Cella: "A30"}}}
		return c
	}
	a := Anagrafica{Settori: []Settore{{Nome: "SUAP", Codice: "suap"}, {Nome: "SIA", Codice: "sia"}},
		Incarichi: []Incarico{{Settore: "SUAP", Nome: "Giulia Montanari", Email: "g@x.example", Dal: NewGiorno(2021, 1, 1)}}}

	if c := Contraddizioni([]Collocata{scheda("SUAP", "1/1"), scheda("SIA", "2/9")}, a, g); c != nil {
		t.Errorf("nothing contradicts anything: %+v", c)
	}
	uno, due := scheda("SUAP", "1/1"), scheda("SIA", "2/9")
	uno.Peso, uno.Responsabile = &ottanta, "Dr. Mario Rossi"
	uno.Indicatori = append(uno.Indicatori, Indicatore{Descrizione: "Quota", Unita: "%", TargetAnno: "50%", TargetMetaAnno: "60%", RisultatoFinale: "120%", Cella: "A21"},
		Indicatore{Descrizione: "Conteggio", Unita: "N.", TargetAnno: "30%", Cella: "A22"})
	due.Indicatori[0].TargetAnno, due.Attivita[0].Previsto = "24", NewMesi(1)
	var got []string
	for _, c := range Contraddizioni([]Collocata{uno, due}, a, g) {
		luoghi := ""
		for _, l := range c.Luoghi {
			luoghi += " " + l.File + "!" + l.Cella
		}
		got = append(got, c.Regola+luoghi)
		if c.Frase == "" || c.Frase[len(c.Frase)-1] != '.' {
			t.Errorf("no sentence: %q", c.Frase)
		}
	}
	want := []string{"oltre-100 SUAP.xlsx!A21", "meta-oltre-anno SUAP.xlsx!A21", "percento-in-numeri SUAP.xlsx!A22", "risultato-prima-del-piano SUAP.xlsx!A21",
		"altro-responsabile SUAP.xlsx!B8 anagrafica!", "copie-diverse SUAP.xlsx!A20 SIA.xlsx!A20", "copie-diverse SUAP.xlsx!A30 SIA.xlsx!A30", "pesi-non-100 SUAP.xlsx!B9"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for _, nome := range []string{"Dott.ssa MONTANARI Giulia (P.O.)", "Resp. S.U.A.P. e SUAP", ""} {
		uno.Responsabile = nome
		if c := uno.altroResponsabile(a, g); c != nil {
			t.Errorf("%s: %+v", nome, c)
		}
	}
}
