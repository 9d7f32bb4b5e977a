package importer

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// campioni are the grids of the 24 sample workbooks.
func campioni(t *testing.T) map[string]sheet.Cartella {
	t.Helper()
	nomi, err := filepath.Glob(moduli + "/*-2021*/*.xlsx")
	if err != nil || len(nomi) != 24 {
		t.Fatalf("%d workbooks, %v", len(nomi), err)
	}
	tutti := map[string]sheet.Cartella{}
	for _, n := range nomi {
		rel, err := filepath.Rel(moduli, n)
		if err != nil {
			t.Fatal(err)
		}
		if tutti[rel], err = sheet.Apri(campione(t, rel)); err != nil {
			t.Fatal(err)
		}
	}
	return tutti
}

// trasforma makes another workbook of one, cell by cell and area by area.
func trasforma(c sheet.Cartella, cella func(sheet.Cella) sheet.Cella, area func(sheet.Area) sheet.Area) sheet.Cartella {
	var fogli []sheet.Foglio
	for _, f := range c.Fogli {
		var celle []sheet.Cella
		for _, x := range f.Celle() {
			celle = append(celle, cella(x))
		}
		var unioni []sheet.Area
		for _, a := range f.Unioni {
			unioni = append(unioni, area(a))
		}
		fogli = append(fogli, sheet.NewFoglio(f.Nome, f.Nascosto, celle, unioni))
	}
	return sheet.Cartella{Fogli: fogli}
}

// senzaCelle are the findings without their places.
func senzaCelle(rilievi []piano.Rilievo) []string {
	codici := []string{}
	for _, r := range rilievi {
		codici = append(codici, r.Foglio+" "+r.Codice)
	}
	return codici
}

// comeJSON is what the contract shows of the cards.
func comeJSON(t *testing.T, schede []piano.Obiettivo) string {
	t.Helper()
	b, err := json.MarshalIndent(schede, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Nothing is found by its address: a workbook moved down and to the right reads the
// same, its findings moved with it.
func TestPositionDoesNotMatter(t *testing.T) {
	const giu, destra = 7, 3
	for nome, c := range campioni(t) {
		schede, rilievi := LeggiCartella(c)
		mossa := trasforma(c, func(x sheet.Cella) sheet.Cella {
			x.Riga, x.Colonna = x.Riga+giu, x.Colonna+destra
			return x
		}, func(a sheet.Area) sheet.Area {
			return sheet.Area{Riga: a.Riga + giu, Colonna: a.Colonna + destra, FinoRiga: a.FinoRiga + giu, FinoColonna: a.FinoColonna + destra}
		})
		schede2, rilievi2 := LeggiCartella(mossa)
		if d := cmp.Diff(comeJSON(t, schede), comeJSON(t, schede2)); d != "" {
			t.Errorf("%s: %s", nome, d)
		}
		for i, r := range rilievi {
			if riga, colonna, ok := sheet.DaIndirizzo(r.Cella); ok {
				rilievi[i].Cella = sheet.Indirizzo(riga+giu, colonna+destra)
			}
			rilievi[i].Messaggio, rilievi2[i].Messaggio = "", ""
		}
		if d := cmp.Diff(rilievi, rilievi2); d != "" {
			t.Errorf("%s: %s", nome, d)
		}
	}
}

// Fills help, but the cards of the sample plan say the same in black and white.
func TestColoursAreNotNeeded(t *testing.T) {
	for nome, c := range campioni(t) {
		schede, rilievi := LeggiCartella(c)
		nera := trasforma(c, func(x sheet.Cella) sheet.Cella { x.Riempimento = 0; return x }, func(a sheet.Area) sheet.Area { return a })
		schede2, rilievi2 := LeggiCartella(nera)
		if d := cmp.Diff(comeJSON(t, schede), comeJSON(t, schede2)); d != "" {
			t.Errorf("%s: %s", nome, d)
		}
		if d := cmp.Diff(senzaCelle(rilievi), senzaCelle(rilievi2)); d != "" {
			t.Errorf("%s: %s", nome, d)
		}
	}
}

// Nor does case matter: all capitals read the same but for the case.
func TestCaseDoesNotMatter(t *testing.T) {
	for nome, c := range campioni(t) {
		schede, rilievi := LeggiCartella(c)
		alta := trasforma(c, func(x sheet.Cella) sheet.Cella { x.Testo = strings.ToUpper(x.Testo); return x }, func(a sheet.Area) sheet.Area { return a })
		schede2, rilievi2 := LeggiCartella(alta)
		if d := cmp.Diff(strings.ToUpper(comeJSON(t, schede)), strings.ToUpper(comeJSON(t, schede2))); d != "" {
			t.Errorf("%s: %s", nome, d)
		}
		if d := cmp.Diff(senzaCelle(rilievi), senzaCelle(rilievi2)); d != "" {
			t.Errorf("%s: %s", nome, d)
		}
	}
}

// Labels without accents and with a colon, as other offices type them.
func TestAccentsAndColonsDoNotMatter(t *testing.T) {
	for nome, c := range campioni(t) {
		schede, rilievi := LeggiCartella(c)
		piatta := trasforma(c, func(x sheet.Cella) sheet.Cella {
			if _, ok := campoDi(chiave(x.Testo)); ok || sezioneDi(chiave(x.Testo)) != nessuna {
				x.Testo = piano.Normalizza(x.Testo) + " :"
			}
			return x
		}, func(a sheet.Area) sheet.Area { return a })
		schede2, rilievi2 := LeggiCartella(piatta)
		if d := cmp.Diff(strings.ToLower(comeJSON(t, schede)), strings.ToLower(comeJSON(t, schede2))); d != "" {
			t.Errorf("%s: %s", nome, d)
		}
		if d := cmp.Diff(senzaCelle(rilievi), senzaCelle(rilievi2)); d != "" {
			t.Errorf("%s: %s", nome, d)
		}
	}
}

// Merged areas are layout: a card whose areas were split keeps every value, because
// each stands in its area's first cell.
func TestMergedAreasAreNotNeeded(t *testing.T) {
	for nome, c := range campioni(t) {
		schede, _ := LeggiCartella(c)
		divisa := trasforma(c, func(x sheet.Cella) sheet.Cella { return x }, func(a sheet.Area) sheet.Area {
			return sheet.Area{Riga: a.Riga, Colonna: a.Colonna, FinoRiga: a.Riga, FinoColonna: a.Colonna}
		})
		schede2, _ := LeggiCartella(divisa)
		if d := cmp.Diff(comeJSON(t, schede), comeJSON(t, schede2)); d != "" {
			t.Errorf("%s: %s", nome, d)
		}
	}
}

// The address of every value lies on the card that it belongs to.
func TestEveryValueKnowsItsCell(t *testing.T) {
	for nome, c := range campioni(t) {
		schede, _ := LeggiCartella(c)
		for _, s := range schede {
			var f sheet.Foglio
			for _, x := range c.Fogli {
				if x.Nome == s.Foglio {
					f = x
				}
			}
			celle := map[string]string{"titolo": s.Titolo, "settore": s.Settore, "descrizione": s.Descrizione, "responsabile": s.Responsabile}
			for campo, valore := range celle {
				riga, colonna, ok := sheet.DaIndirizzo(s.Celle[campo])
				if valore != "" && (!ok || !strings.Contains(f.Cella(riga, colonna).Testo, valore)) {
					t.Errorf("%s %s: %s is not at %q", nome, s.Numero, campo, s.Celle[campo])
				}
			}
			if riga, colonna, ok := sheet.DaIndirizzo(s.Celle["numero"]); !ok || !strings.Contains(f.Cella(riga, colonna).Testo, s.Numero) {
				t.Errorf("%s: %s is not at %q", nome, s.Numero, s.Celle["numero"])
			}
			for _, a := range s.Attivita {
				if riga, colonna, ok := sheet.DaIndirizzo(a.Cella); !ok || f.Cella(riga, colonna).Testo != a.Descrizione {
					t.Errorf("%s %s: %q is not at %q", nome, s.Numero, a.Descrizione, a.Cella)
				}
			}
			for _, i := range s.Indicatori {
				if riga, colonna, ok := sheet.DaIndirizzo(i.Cella); !ok || f.Cella(riga, colonna).Testo != i.Descrizione {
					t.Errorf("%s %s: %q is not at %q", nome, s.Numero, i.Descrizione, i.Cella)
				}
				for campo, valore := range map[string]string{"unita": i.Unita, "valore_anno_precedente": i.ValoreAnnoPrecedente, "target_anno": i.TargetAnno,
					"target_meta_anno": i.TargetMetaAnno, "risultato_meta_anno": i.RisultatoMetaAnno, "risultato_finale": i.RisultatoFinale} {
					riga, colonna, ok := sheet.DaIndirizzo(s.CellaIndicatore(i, campo))
					if valore != "" && (!ok || f.Cella(riga, colonna).Testo != valore) {
						t.Errorf("%s %s: %s of %q is not at %q", nome, s.Numero, campo, i.Descrizione, s.CellaIndicatore(i, campo))
					}
				}
			}
		}
	}
}
