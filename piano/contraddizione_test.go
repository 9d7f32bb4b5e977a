package piano

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// One card that contradicts itself, and its copy in another settore.
func TestContraddizioni(t *testing.T) {
	g := NewGiorno(2021, 7, 12)
	ottanta, cento := NewDecimale(80), NewDecimale(100)
	scheda := func(settore, numero string) Collocata {
		c := Collocata{File: settore + ".xlsx", Approvata: &Versione{File: "approvata.xlsx"}, Giorno: NewGiorno(2021, 4, 20), Approvato: NewGiorno(2021, 4, 27)}
		c.Obiettivo = Obiettivo{Foglio: "F", Numero: numero, Titolo: "Rilancio", Settore: settore, Anno: 2021, Peso: &cento, Celle: map[string]string{"peso": "B9", "responsabile": "B8"},
			Indicatori: []Indicatore{{Descrizione: "Report", Unita: "numero", TargetAnno: "12", TargetMetaAnno: "6", Cella: "A20"}},
			Attivita:   []Attivita{{Anno: 2021, Descrizione: "Avvio", Previsto: NewMesi(1, 2), Cella: "A30"}}}
		return c
	}
	a := Anagrafica{Settori: []Settore{{Nome: "SUAP", Codice: "suap"}, {Nome: "SIA", Codice: "sia"}},
		Incarichi: []Incarico{{Settore: "SUAP", Nome: "Giulia Montanari", Email: "g@x.example", Dal: NewGiorno(2021, 1, 1)}}}

	if c := Contraddizioni([]Collocata{scheda("SUAP", "1/1"), scheda("SIA", "2/9")}, nil, a, g); c != nil {
		t.Errorf("nothing contradicts anything: %+v", c)
	}
	uno, due := scheda("SUAP", "1/1"), scheda("SIA", "2/9")
	uno.Peso, uno.Responsabile = &ottanta, "Dr. Mario Rossi"
	uno.Indicatori = append(uno.Indicatori, Indicatore{Descrizione: "Quota", Unita: "%", TargetAnno: "50%", TargetMetaAnno: "60%", RisultatoFinale: "120%", Cella: "A21"},
		Indicatore{Descrizione: "Conteggio", Unita: "N.", TargetAnno: "30%", Cella: "A22"})
	uno.Approvata.Scheda = uno.Obiettivo
	due.Indicatori[0].TargetAnno, due.Attivita[0].Previsto = "24", NewMesi(1)
	var got []string
	for _, c := range Contraddizioni([]Collocata{uno, due}, nil, a, g) {
		luoghi := ""
		for _, l := range c.Luoghi {
			luoghi += " " + l.File + "!" + l.Cella
		}
		got = append(got, c.Regola+luoghi)
		if c.Frase == "" || c.Frase[len(c.Frase)-1] != '.' {
			t.Errorf("no sentence: %q", c.Frase)
		}
	}
	want := []string{"oltre-100 SUAP.xlsx!A21", "meta-oltre-anno SUAP.xlsx!A21", "percento-in-numeri SUAP.xlsx!A22", "risultato-prima-del-piano approvata.xlsx!A21",
		"altro-responsabile SUAP.xlsx!B8 anagrafica!", "copie-diverse SUAP.xlsx!A20 SIA.xlsx!A20", "copie-diverse SUAP.xlsx!A30 SIA.xlsx!A30", "pesi-non-100 SUAP.xlsx!B9"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	uno.Settore = "SIA"
	if c := uno.altroResponsabile(a, g); c != nil {
		t.Errorf("nobody is in charge: %+v", c)
	}
	uno.Settore = "SUAP"
	for _, nome := range []string{"Dott.ssa MONTANARI Giulia (P.O.)", "Resp. S.U.A.P. e SUAP", "Il responsabile P.O.", ""} {
		uno.Responsabile = nome
		if c := uno.altroResponsabile(a, g); c != nil {
			t.Errorf("%s: %+v", nome, c)
		}
	}
}

// The copies of a shared objective: known by the reference, or by a title that each
// settore writes its own way; each value held against the first copy that has it.
func TestCopie(t *testing.T) {
	copia := func(settore, numero, titolo, rinvio, target string) Collocata {
		return Collocata{Obiettivo: Obiettivo{Settore: settore, Numero: numero, Titolo: titolo, Rinvio: rinvio, Anno: 2021,
			Indicatori: []Indicatore{{Descrizione: "Report", TargetAnno: target, Cella: "A1"}}}, File: settore}
	}
	for _, c := range []struct {
		storia string
		schede []Collocata
		quante int
	}{
		{"the same in all", []Collocata{copia("A", "1/1", "Smart Working (con B)", "", "12"), copia("B", "1/2", "Smart working (con A)", "", "12"), copia("C", "1/3", "Smart working – si veda obiettivo 1/1", "1/1", "12,0")}, 0},
		{"the third says otherwise", []Collocata{copia("A", "1/1", "Smart Working (con B)", "", "12"), copia("B", "1/2", "Smart working (con A)", "", "12"), copia("C", "1/3", "Smart working", "", "24")}, 1},
		{"two that refer to a third one, which is not there", []Collocata{copia("A", "1/2", "Rilancio", "1/1", "12"), copia("B", "1/3", "Il rilancio di tutto", "1/1", "13")}, 1},
		{"one of them says nothing", []Collocata{copia("A", "1/1", "Rilancio", "", ""), copia("B", "1/2", "Rilancio", "", "3")}, 0},
		{"another objective", []Collocata{copia("A", "1/1", "Recupero dell'evasione tributaria", "", "1"), copia("B", "1/2", "Recupero dell'evasione tributaria attraverso canali di comunicazione", "", "2")}, 0},
		{"a card with itself", []Collocata{copia("A", "1/1", "Rilancio", "1/1", "1"), copia("A", "1/1", "Rilancio", "1/1", "2")}, 0},
		{"of one settore", []Collocata{copia("A", "1/1", "Rilancio", "", "1"), copia("A", "2/2", "Rilancio", "", "2")}, 0},
	} {
		if got := Contraddizioni(c.schede, nil, Anagrafica{}, NewGiorno(2021, 7, 1)); len(got) != c.quante {
			t.Errorf("%s: %+v", c.storia, got)
		}
	}
}

// A result that stood there at the approval is told while it stays as it was, until the
// year ends.
func TestGiaCompilati(t *testing.T) {
	var indicatori []Indicatore
	for _, d := range []string{"a", "b", "c", "d", "e"} {
		indicatori = append(indicatori, Indicatore{Descrizione: d, RisultatoFinale: "100%", Cella: "A1"})
	}
	scheda := func(n int, finale string) Collocata {
		c := Collocata{Approvato: NewGiorno(2021, 4, 27), Approvata: &Versione{File: "x.xlsx", Scheda: Obiettivo{Anno: 2021, Indicatori: indicatori[:n]}}}
		c.Anno, c.Indicatori = 2021, append([]Indicatore{}, indicatori[1:n]...)
		for i := range c.Indicatori {
			c.Indicatori[i].RisultatoFinale = finale
		}
		return c
	}
	for _, c := range []struct {
		scheda Collocata
		anno   int
		want   string // the end of the sentence
	}{
		{scheda(2, "100%"), 2021, "approvato, il 27 aprile 2021: «b» 100%."}, {scheda(5, "100%"), 2021, "«b» 100%, «c» 100%, «d» 100% e un altro."},
		{scheda(2, "30%"), 2021, ""}, {scheda(2, ""), 2021, ""}, {scheda(2, "100%"), 2022, ""}, {Collocata{}, 2021, ""},
	} {
		got := Contraddizioni([]Collocata{c.scheda}, nil, Anagrafica{}, NewGiorno(c.anno, 7, 1))
		if c.want == "" && got != nil || c.want != "" && (len(got) != 1 || !strings.HasSuffix(got[0].Frase, c.want)) {
			t.Errorf("want %q: %+v", c.want, got)
		}
	}
	indicatori = append(indicatori, Indicatore{Descrizione: "f", RisultatoMetaAnno: "3", Cella: "A6"})
	s := scheda(6, "100%")
	if got := s.giaCompilati(); len(got) != 1 || !strings.HasSuffix(got[0].Frase, "«d» 100% e altri 2.") {
		t.Errorf("%+v", got)
	}
}

// Where a value of an indicator stands: in the column that its table has for it.
func TestCellaIndicatore(t *testing.T) {
	o := Obiettivo{Celle: map[string]string{"numero": "A1", ChiaveIndicatori(20, 38): "unita=B target_anno=F", ChiaveIndicatori(40, 45): "unita=C"}}
	for _, c := range []struct{ cella, campo, want string }{{"A21", "target_anno", "F21"}, {"A38", "unita", "B38"}, {"A39", "unita", "A39"}, {"A41", "unita", "C41"}, {"A41", "target_anno", "A41"},
		{"A20", "unita", "A20"}, {"", "unita", ""}} {
		if got := o.CellaIndicatore(Indicatore{Cella: c.cella}, c.campo); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

// Who a card means, however it is written.
func TestStessaPersona(t *testing.T) {
	a := Anagrafica{Settori: []Settore{{Nome: "Servizi finanziari", Codice: "servizi-finanziari", Alias: []string{"Ragioneria"}}, {Nome: "Innovazione tecnologica e SIA", Codice: "innovazione-tecnologica-e-sia", Alias: []string{"SIA"}}}}
	for _, c := range []struct {
		scritto, nome string
		stessa        bool
	}{
		{"Giulia Montanari", "Giulia Montanari", true}, {"MONTANARI GIULIA", "Giulia Montanari", true}, {"Dott.ssa G. Montanari (P.O.)", "Giulia Montanari", true},
		{"dr.ssa Montanari Giu.", "Giulia Montanari", true}, {"Montanari", "Giulia Montanari", true}, {"Anna Venturi", "Anna Maria Venturi", true}, {"Federica Neri Bassi", "Federica Neri", true},
		{"Sandra Benassi (fino al 30/04/2021) – Marco Lodi (fino al 30/07/2021) – futuro nuovo eventuale Responsabile", "Marco Lodi", true},
		{"Marco D'Angelo", "D’ANGELO Marco", true}, {"Nicolò Dall'Ara", "Nicolo' Dall'Ara", true}, {"Giulia Montanri", "Giulia Montanari", true},
		{"Mario Rossi e Giulia Bianchi", "Bianchi Giulia", true}, {"Ing. Mario Rossi, Arch. Luca Neri", "Luca Neri", true},
		{"Mario Rossi", "Giulia Montanari", false}, {"Maria Rossi", "Maria Bianchi", false}, {"Mario Rossi", "Mario Rossini", false}, {"M. Rossi", "Luca Rossi", false}, {"", "Luca Rossi", false},
	} {
		if got := stessaPersona(c.scritto, c.nome); got != c.stessa {
			t.Errorf("%q, %q: %v", c.scritto, c.nome, got)
		}
	}
	for scritto, ufficio := range map[string]bool{"Resp. SIA": true, "Responsabile del Settore Servizi Finanziari": true, "resp. S.I.A.": true, "Segretario generale": true, "Il Dirigente": true,
		"Giulia Montanari": false, "Resp. Tributi": false, "Ettore Malaguti (ad interim sul settore SIA)": false} {
		if got := nominaUfficio(scritto, a); got != ufficio {
			t.Errorf("%q: %v", scritto, got)
		}
	}
}

// A card that names who is not in charge contradicts the registry only where the registry
// has somebody in charge: on the day, at the hand-in or at the approval.
func TestAnotherResponsabile(t *testing.T) {
	cento := NewDecimale(100)
	c := Collocata{File: "SUAP.xlsx", Giorno: NewGiorno(2021, 4, 20), Approvato: NewGiorno(2021, 4, 27),
		Obiettivo: Obiettivo{Foglio: "F", Numero: "1/1", Titolo: "Rilancio", Settore: "SUAP", Anno: 2021, Peso: &cento, Responsabile: "Mario Rossi", Celle: map[string]string{"responsabile": "B8"}}}
	for _, caso := range []struct {
		nome     string
		incarico Incarico
		quante   int
	}{
		{"nobody was in charge on any of the days", Incarico{Settore: "SUAP", Nome: "Luca Bianchi", Dal: NewGiorno(2020, 1, 1), Al: NewGiorno(2020, 12, 31)}, 0},
		{"somebody else is", Incarico{Settore: "SUAP", Nome: "Luca Bianchi", Dal: NewGiorno(2021, 1, 1)}, 1},
		{"the one on the card was, when it was handed in", Incarico{Settore: "SUAP", Nome: "Rossi Mario", Dal: NewGiorno(2021, 1, 1), Al: NewGiorno(2021, 4, 21)}, 0},
	} {
		a := Anagrafica{Settori: []Settore{{Nome: "SUAP", Codice: "suap"}}, Incarichi: []Incarico{caso.incarico}}
		if got := Contraddizioni([]Collocata{c}, nil, a, NewGiorno(2021, 7, 12)); len(got) != caso.quante {
			t.Errorf("%s: %+v", caso.nome, got)
		}
	}
}
