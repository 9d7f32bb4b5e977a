package piano

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The cards held against the Sintesi: what may differ without a word, and what not.
func TestControSintesi(t *testing.T) {
	cento, settanta := NewDecimale(100), NewDecimale(70)
	a := Anagrafica{Settori: []Settore{{Nome: "SUAP", Codice: "suap", Alias: []string{"Sportello unico"}}, {Nome: "Innovazione tecnologica e SIA", Codice: "sia", Alias: []string{"SIA", "Settore Informatico Associato"}}}}
	for _, c := range []struct {
		storia string
		cambia func(*Collocata, *RigaSintesi)
		want   string // rule and what the sentence says
	}{
		{"the same", func(*Collocata, *RigaSintesi) {}, ""},
		{"other ways to write it", func(c *Collocata, r *RigaSintesi) {
			c.Titolo, r.Titolo = "Verifiche ed aggiornamento dati posteggi per il commercio", "VERIFICHE E AGGIORNAMENTO DATI POSTEGGI PER IL COMMERCIO (obiettivo trasversale) si veda obiettivo n. 1/1"
			r.Settore, r.Responsabile, r.Assessore, r.Durata = "Suap", "MONTANARI dott.ssa Giulia", "Presidente e Giunta", "2021 – 2023"
		}, ""},
		{"an office in place of a person, a duration in words", func(c *Collocata, r *RigaSintesi) {
			r.Responsabile, r.Durata = "Resp. SUAP", "triennale"
		}, ""},
		{"a part of the office's name", func(c *Collocata, r *RigaSintesi) { r.Settore = "SUAP – sportello delle imprese" }, ""},
		{"nothing in the table but the number", func(c *Collocata, r *RigaSintesi) { *r = RigaSintesi{Numero: "1/3"} }, ""},
		{"no weight on the card", func(c *Collocata, r *RigaSintesi) { c.Peso, c.Strategicita = nil, nil }, ""},
		{"another place in the settore", func(c *Collocata, r *RigaSintesi) { r.Numero = "2/3" }, "sintesi-diversa numero: 1/3 contro 2/3."},
		{"another title", func(c *Collocata, r *RigaSintesi) { r.Titolo = "Sportello unico digitale" }, "sintesi-diversa titolo: Posteggi contro Sportello unico digitale."},
		{"another act in the title", func(c *Collocata, r *RigaSintesi) {
			c.Titolo, r.Titolo = "Smart working DGR 261/2020", "Smart working DGR 216/2020"
		}, "sintesi-diversa titolo: Smart working DGR 261/2020 contro Smart working DGR 216/2020."},
		{"another settore", func(c *Collocata, r *RigaSintesi) { r.Settore = "SIA" }, "sintesi-diversa settore: SUAP contro SIA."},
		{"a settore that nobody knows", func(c *Collocata, r *RigaSintesi) { r.Settore = "Cultura" }, "sintesi-diversa settore: SUAP contro Cultura."},
		{"another strategicità", func(c *Collocata, r *RigaSintesi) { r.Strategicita = &settanta }, "sintesi-diversa valore di strategicità: 100 contro 70."},
		{"another weight", func(c *Collocata, r *RigaSintesi) { c.Peso = &settanta }, "sintesi-diversa peso: 70 contro 100.; pesi-non-100 I pesi degli obiettivi del settore SUAP sommano a 70 e non a 100."},
		{"another person", func(c *Collocata, r *RigaSintesi) { r.Responsabile = "Mario Rossi" }, "sintesi-diversa responsabile: Giulia Montanari contro Mario Rossi."},
		{"another assessore", func(c *Collocata, r *RigaSintesi) { r.Assessore = "Rossi" }, "sintesi-diversa assessore: Giunta contro Rossi."},
		{"other years", func(c *Collocata, r *RigaSintesi) { r.Durata = "2020-2021" }, "sintesi-diversa periodo: 2021 - 2023 contro 2020-2021."},
		{"another reference", func(c *Collocata, r *RigaSintesi) { c.Rinvio, r.Titolo = "1/1", "Posteggi (vedi ob. n. 2 / 2)" }, "sintesi-diversa rinvio: 1/1 contro 2/2."},
		{"a card that the table does not have", func(c *Collocata, r *RigaSintesi) { c.Numero = "1/9" }, "sintesi-senza-scheda La Sintesi elenca l'obiettivo 1/3 «Posteggi», ma nessuna scheda consegnata lo descrive.; " +
			"scheda-senza-sintesi L'obiettivo 1/9 «Posteggi» ha una scheda, ma la Sintesi non lo elenca."},
		{"numbers that count in the settore alone", func(c *Collocata, r *RigaSintesi) { c.Numero, r.Numero = "1", "1" }, ""},
		{"the ente's number alone", func(c *Collocata, r *RigaSintesi) { r.Numero = "3" }, ""},
		{"weights of the table that do not add up", func(c *Collocata, r *RigaSintesi) { r.Peso, c.Peso = &settanta, nil }, "pesi-non-100 Nella Sintesi i pesi degli obiettivi del settore SUAP sommano a 70 e non a 100."},
	} {
		scheda := Collocata{File: "suap.xlsx", Obiettivo: Obiettivo{Foglio: "F", Numero: "1/3", Titolo: "Posteggi", Settore: "SUAP", Anno: 2021, Responsabile: "Giulia Montanari",
			Assessore: "Giunta", Peso: &cento, Strategicita: &cento, Durata: "2021 - 2023", Celle: map[string]string{"numero": "A1"}}}
		riga := RigaSintesi{Numero: "1/3", Titolo: "Posteggi", Settore: "SUAP", Responsabile: "Giulia Montanari", Assessore: "Giunta", Peso: &cento, Strategicita: &cento, Durata: "2021-2023",
			File: "s.xlsx", Foglio: "SINTESI", Celle: map[string]string{"numero": "A5", "peso": "G5"}}
		c.cambia(&scheda, &riga)
		var got []string
		for _, x := range Contraddizioni([]Collocata{scheda}, []RigaSintesi{riga}, a, NewGiorno(2021, 7, 1)) {
			got = append(got, x.Regola+" "+strings.TrimPrefix(x.Frase, "Per l'obiettivo "+scheda.Numero+" la scheda e la Sintesi non dicono lo stesso "))
			if x.Regola == "sintesi-diversa" && (len(x.Luoghi) != 2 || x.Luoghi[1].Cella == "") && riga.Celle != nil {
				t.Errorf("%s: %+v", c.storia, x.Luoghi)
			}
		}
		if d := cmp.Diff(c.want, strings.Join(got, "; ")); d != "" {
			t.Errorf("%s: %s", c.storia, d)
		}
	}
}

// A settore that has handed nothing in is told once, not once for each of its objectives.
func TestASettoreWithoutCards(t *testing.T) {
	a := Anagrafica{Settori: []Settore{{Nome: "SUAP", Codice: "suap"}}}
	righe := []RigaSintesi{{Numero: "1/1", Titolo: "Uno", Settore: "Suap"}, {Numero: "2/2", Titolo: "Due", Settore: "SUAP"}, {Numero: "1/3", Titolo: "Tre"}}
	got := Contraddizioni(nil, righe, a, NewGiorno(2021, 7, 1))
	if len(got) != 2 || len(got[0].Luoghi) != 2 || got[0].Settore != "SUAP" || got[1].Obiettivo != "1/3" {
		t.Errorf("%+v", got)
	}
}
