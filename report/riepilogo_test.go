package report_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/report"
	"github.com/scadenzario/scadenzario/templates"
)

var update = flag.Bool("update", false, "write testdata instead of comparing with it (make golden)")

// congelato is a digest of the golden files of package templates.
func congelato(t testing.TB, nome string) templates.DatiRiepilogo {
	t.Helper()
	b, err := os.ReadFile("../templates/testdata/" + nome + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var d templates.DatiRiepilogo
	if err := json.Unmarshal(b, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// The whole annex, cell by cell, as both workbooks hold it.
func TestAnnexGolden(t *testing.T) {
	for _, nome := range []string{"riepilogo-completo", "riepilogo-tutto-regolare"} {
		a, err := report.Riepilogo(congelato(t, nome))
		if err != nil || len(a) != 2 || !strings.HasSuffix(a[0].Nome, ".xlsx") || !strings.HasSuffix(a[1].Nome, ".ods") {
			t.Fatal(a, err)
		}
		celle := leggi(t, a[0].Contenuto)
		if diff := cmp.Diff(celle, leggi(t, a[1].Contenuto)); diff != "" {
			t.Errorf("%s: .xlsx and .ods differ (-xlsx +ods)\n%s", nome, diff)
		}
		var b strings.Builder
		for _, c := range celle {
			fmt.Fprintf(&b, "%s\t%s\t%d\t%s\n", c.Foglio, c.Cella, c.Tipo, c.Testo)
		}
		file := "testdata/" + nome + ".tsv"
		if *update {
			if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), b.String()); diff != "" {
			t.Errorf("%s (-golden +now); where this is meant, make golden:\n%s", nome, diff)
		}
	}
}

// Who filters the activities by settore and state counts what the totals say, and the
// overdue and late ones are those lists.
func TestTotalsCountTheRowsOfTheAnnex(t *testing.T) {
	d := congelato(t, "riepilogo-completo")
	a, err := report.Riepilogo(d)
	if err != nil {
		t.Fatal(err)
	}
	c, err := sheet.Apri(a[1].Contenuto)
	if err != nil {
		t.Fatal(err)
	}
	fogli := map[string]sheet.Foglio{}
	for _, f := range c.Fogli {
		fogli[f.Nome] = f
	}
	conta := func(settore, stato string) int {
		n := 0
		f := fogli["Attività"]
		for r := 5; r <= f.Righe(); r++ {
			s, st := f.Cella(r, 1).Testo, f.Cella(r, 10).Testo
			if s != "" && (settore == "" || s == settore) && (stato == "" || st == stato) {
				n++
			}
		}
		return n
	}
	totali := fogli["Totali"]
	colonne := []string{"", "Scaduta", "In ritardo", "In corso", "Da avviare", "Conclusa", "Senza programma"}
	righe := 0
	for r := 6; r <= totali.Righe(); r++ {
		settore := totali.Cella(r, 1).Testo
		if settore == "Tutti i settori" {
			settore = ""
		}
		for i, stato := range colonne {
			if got, want := totali.Cella(r, 2+i).Testo, fmt.Sprint(conta(settore, stato)); got != want {
				t.Errorf("row %d, %s: %s, the activities are %s", r, stato, got, want)
			}
		}
		righe++
	}
	if righe != len(d.Settori)+1 || conta("", "") != len(d.Attivita) {
		t.Errorf("%d rows of totals, %d activities", righe, conta("", ""))
	}
}

// Nothing that an office, a server or a person wrote becomes a formula, an element or
// a line of its own in the annex.
func TestHostileTextsInTheAnnex(t *testing.T) {
	for _, s := range ostili {
		d := congelato(t, "riepilogo-completo")
		d.Ente.Nome, d.Settori[0].Nome, d.Attivita[0].Settore, d.Attivita[0].Descrizione, d.Attivita[0].Titolo = s, s, s, s, s
		d.Attivita[0].Fonte = piano.Luogo{File: s, Foglio: s, Cella: s}
		d.Cambiamenti[0].Attivita, d.Decise[0].Atto, d.Variazioni[0].Modifica, d.Contraddizioni[0].Frase = s, s, s, s
		d.Scadenze[0].Che, d.Posta[0].Risposta, d.Posta[0].Oggetto, d.Mancate[0].Errore, d.Attivita[1].Responsabile = s, s, s, s, s
		a, err := report.Riepilogo(d)
		if err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		x, o := leggi(t, a[0].Contenuto), leggi(t, a[1].Contenuto)
		if diff := cmp.Diff(x, o); diff != "" {
			t.Errorf("%q (-xlsx +ods)\n%s", s, diff)
		}
		if slices.ContainsFunc(x, func(c letto) bool { return c.Formula || c.Tipo == sheet.Guasto }) {
			t.Errorf("%q became a formula", s)
		}
	}
}
