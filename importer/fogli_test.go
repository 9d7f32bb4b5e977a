package importer_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scadenzario/scadenzario/importer"
	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// A large workbook, whose sheets are read side by side, gives the cards of its sheets one
// after the other.
func TestManySheetsAreReadInTheirOrder(t *testing.T) {
	c, err := sheet.Apri(molteSchede(t, "300"))
	if err != nil {
		t.Fatal(err)
	}
	celle, uno := 0, []piano.Obiettivo{}
	for _, f := range c.Fogli {
		celle += len(f.Celle())
		suoi, _ := importer.LeggiCartella(sheet.Cartella{Fogli: []sheet.Foglio{f}})
		uno = append(uno, suoi...)
	}
	tutti, _ := importer.LeggiCartella(c)
	if celle < 20_000 || len(tutti) != 300 {
		t.Fatalf("%d cells, %d cards: too few to tell anything", celle, len(tutti))
	}
	if d := cmp.Diff(uno, tutti); d != "" {
		t.Error(d)
	}
}

// A sheet that explains the fields of a card in a card's own words is none.
func TestInstructionsAreNoCard(t *testing.T) {
	for _, nome := range []string{"Istruzioni", "Foglio1"} {
		var celle []sheet.Cella
		for i, testo := range []string{"ISTRUZIONI PER LA COMPILAZIONE", "Obiettivo n.: indicare il numero progressivo nel settore e nel piano",
			"Settore: indicare il settore competente", "Peso: indicare il peso in percentuale", "Descrizione: indicare che cosa si farà"} {
			celle = append(celle, sheet.Cella{Riga: i + 1, Colonna: 1, Testo: testo})
		}
		if nome == "Istruzioni" {
			celle = celle[1:]
		}
		spiegazioni := sheet.NewFoglio(nome, false, celle, nil)
		schede, rilievi := importer.LeggiCartella(sheet.Cartella{Fogli: []sheet.Foglio{spiegazioni}})
		if len(schede) != 0 || len(rilievi) != 1 || rilievi[0].Codice != "nessuna-scheda" {
			t.Errorf("sheet %q: %v, %v", nome, schede, rilievi)
		}
	}
}

// A weight in error has its finding; that the settore's weights make no hundred without it
// is not told as well.
func TestAWeightInErrorIsNotMissedInTheSum(t *testing.T) {
	for _, tipo := range []sheet.Tipo{sheet.Guasto, sheet.Ignoto} {
		var celle []sheet.Cella
		for i, c := range []sheet.Cella{{Testo: "40", Tipo: sheet.Numero}, {Testo: "#REF!", Tipo: tipo}} {
			n := 10 * i
			for riga, testo := range []string{"PEG 2021", "SETTORE SUAP", "OBIETTIVO N. 1/" + string(rune('1'+i)) + " – Mercati", "Peso", "DESCRIZIONE OBIETTIVO", "Si verificano i posteggi."} {
				celle = append(celle, sheet.Cella{Riga: n + riga + 1, Colonna: 1, Testo: testo})
				if testo == "Peso" {
					c.Riga, c.Colonna = n+riga+1, 2
					celle = append(celle, c)
				}
			}
		}
		_, rilievi := importer.LeggiCartella(sheet.Cartella{Fogli: []sheet.Foglio{sheet.NewFoglio("Ob", false, celle, nil)}})
		for _, r := range rilievi {
			if r.Codice == "peso-settore-non-100" {
				t.Errorf("%v: %v", tipo, r)
			}
		}
	}
}

// foglio makes a sheet of rows of texts.
func foglio(nome string, righe ...[]string) sheet.Foglio {
	var celle []sheet.Cella
	for r, riga := range righe {
		for c, testo := range riga {
			if testo != "" {
				celle = append(celle, sheet.Cella{Riga: r + 1, Colonna: c + 1, Testo: testo})
			}
		}
	}
	return sheet.NewFoglio(nome, false, celle, nil)
}

// Sheets that name objectives beside the cards are none of them: minutes, the weights of
// years gone by, a form left blank with its dots.
func TestSheetsBesideTheCards(t *testing.T) {
	mesi := []string{"Attività", "", "G", "F", "M", "A", "M", "G", "L", "A", "S", "O", "N", "D"}
	scheda := foglio("Scheda", []string{"PEG 2024"}, []string{"SETTORE AMBIENTE"}, []string{"OBIETTIVO N. 1/3 – Archivio comunale"}, []string{"Peso", "100"},
		[]string{"DESCRIZIONE OBIETTIVO"}, []string{"Si riordina l'archivio."}, []string{"Descrizione indicatore", "Target"}, []string{"Pratiche", "5"}, nil,
		mesi, []string{"Avvio", "Previsto", "X"}, []string{"", "Ottenuto"})
	for _, altro := range []sheet.Foglio{
		foglio("Verbale", []string{"Verbale n. 3"}, []string{"Obiettivo n. 1/3: discussione sul peso"}, []string{"Il responsabile riferisce."}),
		foglio("Storico", []string{"PESI DEGLI ANNI PRECEDENTI"}, []string{"Obiettivo n.", "2022", "2023"}, []string{"1/3", "50", "60"}),
		foglio("Modulo", []string{"PEG 2024"}, []string{"SETTORE ..........."}, []string{"OBIETTIVO N. __/__ – ________________"}, []string{"Strategia", "...."}, []string{"Peso", "___%"},
			[]string{"DESCRIZIONE OBIETTIVO"}, []string{"........"}, nil, mesi, []string{"1", "Previsto"}, []string{"", "Ottenuto"}, []string{"2", "Previsto"}, []string{"", "Ottenuto"}),
	} {
		schede, rilievi := importer.LeggiCartella(sheet.Cartella{Fogli: []sheet.Foglio{altro, scheda}})
		if len(schede) != 1 || schede[0].Numero != "1/3" || schede[0].Foglio != "Scheda" || len(rilievi) != 0 {
			t.Errorf("%s: %d cards, %v", altro.Nome, len(schede), rilievi)
		}
	}
}

// An index of the cards on a sheet of its own is no card, whatever columns it has.
func TestAnIndexIsNoCard(t *testing.T) {
	tabella := func(righe ...[]string) (celle []sheet.Cella) {
		for i, r := range righe {
			for j, testo := range r {
				if testo != "" {
					celle = append(celle, sheet.Cella{Riga: i + 1, Colonna: j + 1, Testo: testo})
				}
			}
		}
		return celle
	}
	scheda := tabella([]string{"PEG 2021"}, []string{"SETTORE SUAP"}, []string{"OBIETTIVO N. 1/3 – Mercati"}, []string{"Peso", "100"}, []string{"DESCRIZIONE"}, []string{"Si verificano i posteggi."})
	for _, testate := range [][]string{{"N.", "Obiettivo", "Peso", "Responsabile"}, {"N. obiettivo", "Titolo", "Assessore", "Strategia"}, {"Numero", "Obiettivo", "Peso", "Durata"}} {
		indice := tabella([]string{"ELENCO 2021"}, testate, []string{"1/3", "Mercati", "100", "Giulia Montanari"}, []string{"2/4", "Fiere", "0", "Paolo Verdi"})
		schede, rilievi := importer.LeggiCartella(sheet.Cartella{Fogli: []sheet.Foglio{sheet.NewFoglio("Indice", false, indice, nil), sheet.NewFoglio("Ob", false, scheda, nil)}})
		for _, r := range rilievi {
			if r.Codice == "numero-duplicato" {
				t.Errorf("%v: %v", testate, r)
			}
		}
		if len(schede) != 1 {
			t.Errorf("%v: %d cards", testate, len(schede))
		}
	}
}

// A card without a page heading is of the settore that was named last above it, on a sheet
// with the cards of several.
func TestTheLastPageHeadingHolds(t *testing.T) {
	var celle []sheet.Cella
	riga := 0
	for _, testo := range []string{"PEG 2021", "SETTORE SUAP", "", "OBIETTIVO N. 1/1 – Mercati", "DESCRIZIONE", "Uno.", "", "OBIETTIVO N. 2/2 – Fiere", "DESCRIZIONE", "Due.", "",
		"SETTORE TRIBUTI", "", "OBIETTIVO N. 1/3 – IMU", "DESCRIZIONE", "Tre.", "", "OBIETTIVO N. 2/4 – TARI", "DESCRIZIONE", "Quattro.", "",
		"Anno 2022", "", "OBIETTIVO N. 3/5 – Canone", "DESCRIZIONE", "Cinque.", "", "OBIETTIVO N. 4/8 – Affissioni", "DESCRIZIONE", "Otto.", "", "OBIETTIVO N. 5/9 – Suolo", "DESCRIZIONE", "Nove.", "", "PEG 2023", "Servizio: Sport", "", "OBIETTIVO N. 1/6 – Palestre", "DESCRIZIONE", "Sei.", "", "OBIETTIVO N. 2/7 – Piscina", "Servizio: Sport", "DESCRIZIONE", "Sette."} {
		if riga++; testo != "" {
			celle = append(celle, sheet.Cella{Riga: riga, Colonna: 1, Testo: testo})
		}
	}
	schede, _ := importer.LeggiCartella(sheet.Cartella{Fogli: []sheet.Foglio{sheet.NewFoglio("Ob", false, celle, nil)}})
	var got []string
	var anni []int
	for _, s := range schede {
		got, anni = append(got, s.Settore), append(anni, s.Anno)
	}
	if d := cmp.Diff([]int{2021, 2021, 2021, 2021, 2022, 2022, 2022, 2023, 2023}, anni); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"SUAP", "SUAP", "TRIBUTI", "TRIBUTI", "TRIBUTI", "TRIBUTI", "TRIBUTI", "Sport", "Sport"}, got); d != "" {
		t.Error(d)
	}
}
