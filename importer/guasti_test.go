package importer

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// conCella returns the workbook with one cell of a sheet written over; an empty text
// takes the cell away.
func conCella(c sheet.Cartella, foglio, indirizzo, testo string) sheet.Cartella {
	riga, colonna, _ := sheet.DaIndirizzo(indirizzo)
	var fogli []sheet.Foglio
	for _, f := range c.Fogli {
		if f.Nome != foglio {
			fogli = append(fogli, f)
			continue
		}
		var celle []sheet.Cella
		nuova := sheet.Cella{Riga: riga, Colonna: colonna}
		for _, x := range f.Celle() {
			if x.Riga == riga && x.Colonna == colonna {
				nuova = x
				continue
			}
			celle = append(celle, x)
		}
		nuova.Testo, nuova.Tipo = testo, sheet.Testo
		fogli = append(fogli, sheet.NewFoglio(f.Nome, f.Nascosto, append(celle, nuova), f.Unioni))
	}
	return sheet.Cartella{Fogli: fogli}
}

func elenco(rilievi []piano.Rilievo) []string {
	tutti := []string{}
	for _, r := range rilievi {
		tutti = append(tutti, r.Codice+" "+posizione(r))
	}
	return tutti
}

// One slip of the hand on a good workbook: what is said, and nothing more. The
// workbook is SUAP's of 30 June, which has one finding of its own.
func TestOneSlipOneFinding(t *testing.T) {
	c, err := sheet.Apri(campione(t, "stato-2021-06-30/suap.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	_, prima := LeggiCartella(c)
	for _, g := range []struct {
		storia, cella, testo string
		want                 string // what is added, by comma
	}{
		{"nothing", "A1", "PIANO ESECUTIVO DI GESTIONE – ANNI 2021-2023", ""},
		{"the number is lost", "A4", "OBIETTIVO N. – Verifiche", "numero-mancante Ob. 1-3!A4"},
		{"the whole heading is lost", "A4", "", "numero-mancante Ob. 1-3!A1"},
		{"the title is lost", "A4", "OBIETTIVO N. 1/3", "titolo-mancante Ob. 1-3!A4"},
		{"the other card's number", "A4", "OBIETTIVO N. 2/4 – Verifiche", "numero-duplicato Ob. 2-4!A7"},
		{"the settore is lost", "A2", "", "settore-mancante Ob. 1-3!A4, peso-settore-non-100 -"},
		{"another settore", "A2", "SETTORE TURISMO", "peso-settore-non-100 -, peso-settore-non-100 -"},
		{"a weight in letters", "B9", "Strategicità 100 – Peso ottanta", "peso-non-valido Ob. 1-3!B9"},
		{"a weight too high", "B9", "Strategicità 100 – Peso 800%", "peso-non-valido Ob. 1-3!B9"},
		{"a weight that does not add up", "B9", "Strategicità 100 – Peso 70%", "peso-settore-non-100 -"},
		{"no weight", "B9", "Strategicità 100", "peso-settore-non-100 -"},
		{"a strategicità too high", "B9", "Strategicità 1000 – Peso 80%", "strategicita-non-valida Ob. 1-3!B9"},
		{"no description", "A15", "", "obiettivo-senza-descrizione Ob. 1-3!A4"},
		{"no title of the table: read all the same", "A24", "", ""},
		{"a month heading of another month", "F24", "G", "mesi-non-riconosciuti Ob. 1-3!A24"},
		{"a month heading misspelt", "F24", "Q", ""},
		{"a month heading left blank", "F24", "", ""},
		{"a capital Y for a mark", "F25", "Y", "segno-non-riconosciuto Ob. 1-3!F25"},
		{"a mark after December", "O25", "X", "segno-non-riconosciuto Ob. 1-3!O25"},
		{"a note after December", "O25", "rinviata", "sezione-non-riconosciuta Ob. 1-3!O25"},
		{"a mark in small letters", "F25", "x", ""},
		{"the same activity again", "A27", "RILEVAZIONE stato di fatto  ed aggiornamento cartografie", "attivita-duplicata Ob. 1-3!A27"},
		{"a target of half the year too high", "H22", "700", "target-meta-oltre-anno Ob. 1-3!H22"},
		{"no target", "M21", "", "indicatore-senza-target Ob. 1-3!A21"},
		{"a share in letters", "B33", "trenta", "percentuale-non-valida Ob. 1-3!B33"},
		{"a share too high", "B33", "130%", "percentuale-non-valida Ob. 1-3!B33"},
		{"shares that do not add up", "B33", "20%", "risorse-non-100 Ob. 1-3!A32"},
		{"a label without its value is a blank field", "A37", "Il Responsabile", ""},
		{"a line below", "A38", "Approvato dalla Giunta il 12 marzo", "sezione-non-riconosciuta Ob. 1-3!A38"},
	} {
		t.Run(g.storia, func(t *testing.T) {
			_, dopo := LeggiCartella(conCella(c, "Ob. 1-3", g.cella, g.testo))
			aggiunti := slices.DeleteFunc(elenco(dopo), func(r string) bool { return slices.Contains(elenco(prima), r) })
			if d := cmp.Diff(g.want, strings.Join(aggiunti, ", ")); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
			for _, r := range elenco(prima) {
				if !slices.Contains(elenco(dopo), r) {
					t.Errorf("%s is not said any more", r)
				}
			}
			for _, r := range dopo {
				controllaMessaggio(t, r.Messaggio)
			}
		})
	}
}

// What a slip costs: the value that was refused, and no other.
func TestARefusedValueIsAbsentAlone(t *testing.T) {
	c, err := sheet.Apri(campione(t, "stato-2021-06-30/suap.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	buona, _ := LeggiCartella(c)
	for _, g := range []struct {
		cella, testo string
		togli        func(*piano.Obiettivo)
	}{
		{"B9", "Strategicità 100 – Peso ottanta", func(o *piano.Obiettivo) { o.Peso = nil }},
		{"B9", "Strategicità mille – Peso 80%", func(o *piano.Obiettivo) { o.Strategicita = nil }},
		{"B33", "trenta", func(o *piano.Obiettivo) { o.RisorseUmane[0].Percentuale = nil }},
		{"C25", "?", func(o *piano.Obiettivo) { o.Attivita[0].Previsto &^= piano.NewMesi(1) }},
		{"A2", "", func(o *piano.Obiettivo) { o.Settore = "" }},
		{"A15", "", func(o *piano.Obiettivo) { o.Descrizione = "" }},
		{"A4", "OBIETTIVO N. 1/3", func(o *piano.Obiettivo) { o.Titolo = "" }},
	} {
		schede, _ := LeggiCartella(conCella(c, "Ob. 1-3", g.cella, g.testo))
		attesa, _ := LeggiCartella(c)
		g.togli(&attesa[0])
		if d := cmp.Diff(comeJSON(t, attesa), comeJSON(t, schede)); d != "" {
			t.Errorf("%s = %q: %s", g.cella, g.testo, d)
		}
	}
	if again, _ := LeggiCartella(c); comeJSON(t, again) != comeJSON(t, buona) {
		t.Error("reading changes the grid")
	}
}

// The codes of an objective's findings come in the contract's order, so that the
// errors that stop a workbook come first.
func TestErrorsComeFirst(t *testing.T) {
	c, err := sheet.Apri(campione(t, "stato-2021-12-31/suap.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	rotta := c
	for cella, testo := range map[string]string{"A40": "Riga sciolta", "C25": "?", "B9": "Peso molto", "B33": "x%", "A15": ""} {
		rotta = conCella(rotta, "Ob. 1-3", cella, testo)
	}
	_, rilievi := LeggiCartella(rotta)
	var got []string
	for _, r := range rilievi {
		if r.Foglio == "Ob. 1-3" {
			got = append(got, r.Codice+" "+r.Cella)
		}
	}
	want := []string{"peso-non-valido B9", "percentuale-non-valida B33", "segno-non-riconosciuto C25", "sezione-non-riconosciuta A40",
		"obiettivo-senza-descrizione A4", "ottenuto-fuori-previsto C26", "ottenuto-fuori-previsto L26", "ottenuto-fuori-previsto M26"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}
