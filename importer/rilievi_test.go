package importer

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/scadenzario/scadenzario/piano"
)

// Each finding code has its fixture: a rule in one sentence, a workbook that breaks
// it and no other, and what the program says.
func TestEachFindingHasItsFixture(t *testing.T) {
	for _, c := range testi {
		t.Run(c.codice, func(t *testing.T) {
			a, err := txtar.ParseFile("testdata/rilievi/" + c.codice + ".txtar")
			if err != nil {
				t.Fatal(err)
			}
			if regola := strings.TrimSpace(string(a.Comment)); len(regola) < 20 || !strings.HasSuffix(regola, ".") {
				t.Errorf("the rule is no sentence: %q", regola)
			}
			rilievi, atteso := leggiFixture(t, a)
			var got []string
			for _, r := range rilievi {
				controllaMessaggio(t, r.Messaggio)
				got = append(got, string(r.Gravita)+" "+r.Codice+" "+posizione(r))
			}
			if d := cmp.Diff(atteso, strings.Join(got, "\n")); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
			if !strings.Contains(atteso, string(c.gravita)+" "+c.codice+" ") {
				t.Errorf("the fixture does not show %s", c.codice)
			}
		})
	}
}

// leggiFixture reads the input of a fixture as the program would.
func leggiFixture(t *testing.T, a *txtar.Archive) (rilievi []piano.Rilievo, atteso string) {
	t.Helper()
	codice := ""
	for _, f := range a.Files {
		testo := string(f.Data)
		switch f.Name {
		case "cartella":
			rilievi = Leggi("prova.xlsx", costruisci(t, testo)).Rilievi
		case "anagrafica":
			_, rilievi = LeggiAnagrafica("anagrafica.xlsx", costruisci(t, testo))
		case "sintesi":
			rilievi = LeggiSintesi("sintesi.xlsx", costruisci(t, testo), 0).Rilievi
		case "misure":
			rilievi = LeggiMisure("misure.xlsx", costruisci(t, testo), 0).Rilievi
		case "byte":
			rilievi = Leggi("prova.xlsx", f.Data).Rilievi
		case "byte hex":
			b, err := hex.DecodeString(strings.Join(strings.Fields(testo), ""))
			if err != nil {
				t.Fatal(err)
			}
			rilievi = Leggi("prova.xlsx", b).Rilievi
		case "argomenti":
			var args []any
			for _, r := range strings.Split(strings.TrimSpace(testo), "\n") {
				args = append(args, r)
			}
			codice = strings.TrimSuffix(filepath.Base(t.Name()), ".txtar")
			rilievi = []piano.Rilievo{NuovoRilievo(codice, "Ob. 1-3", "A4", args...)}
		case "rilievi":
			atteso = strings.TrimSpace(testo)
		default:
			t.Fatalf("no such part of a fixture: %s", f.Name)
		}
	}
	return rilievi, atteso
}

func posizione(r piano.Rilievo) string {
	switch {
	case r.Foglio == "" && r.Cella == "":
		return "-"
	case r.Cella == "":
		return r.Foglio + "!-"
	}
	return r.Foglio + "!" + r.Cella
}

// Every fixture belongs to a code, so that none outlives it.
func TestNoFixtureWithoutItsCode(t *testing.T) {
	tutti, err := filepath.Glob("testdata/rilievi/*.txtar")
	if err != nil || len(tutti) != len(testi) {
		t.Errorf("%d fixtures for %d codes (%v)", len(tutti), len(testi), err)
	}
}

// Every code has its line in the offices' guide, and what is beyond the contract
// its line in doc/codici.md.
func TestEachFindingIsInTheGuide(t *testing.T) {
	guida := leggiFile(t, "../doc/guida-uffici.md")
	codici := leggiFile(t, "../doc/codici.md")
	contratto := ordine("peso-settore-non-100")
	errori, avvisi := guida[strings.Index(guida, "### Errori"):strings.Index(guida, "### Avvisi")], guida[strings.Index(guida, "### Avvisi"):strings.Index(guida, "### Anagrafica")]
	for i, c := range testi {
		if riga := "\n| " + c.codice + " |"; c.gravita == piano.Errore && strings.Contains(avvisi, riga) || c.gravita == piano.Avviso && strings.Contains(errori, riga) {
			t.Errorf("doc/guida-uffici.md has %s among those of another gravity", c.codice)
		}
		if !regexp.MustCompile(`(?m)^\| ` + c.codice + ` \| [^|]{20,} \|`).MatchString(guida) {
			t.Errorf("doc/guida-uffici.md has no line for %s", c.codice)
		}
		if i > contratto && !regexp.MustCompile(`(?m)^\| `+c.codice+` \| `+string(c.gravita)+` \| [^|]{10,} \|$`).MatchString(codici) {
			t.Errorf("doc/codici.md has no line for %s (%s)", c.codice, c.gravita)
		}
	}
}

func leggiFile(t *testing.T, nome string) string {
	t.Helper()
	b, err := os.ReadFile(nome)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// The texts are Italian as an office writes it: accents, quotes, no leftovers.
func TestFindingTexts(t *testing.T) {
	visti := map[string]bool{}
	for _, c := range testi {
		if visti[c.codice] {
			t.Errorf("%s is there twice", c.codice)
		}
		visti[c.codice] = true
		for _, s := range []string{c.guasto, c.rimedio} {
			if !strings.HasSuffix(s, ".") || len(s) < 20 || strings.Contains(s, "  ") || strings.Contains(s, " - ") {
				t.Errorf("%s: %q", c.codice, s)
			}
			if m := regexp.MustCompile(`(?i)\b(perche|piu|gia|attivita|e'|puo|cosi|citta|strategicita)(?:[^\pL]|$)`).FindString(s); m != "" {
				t.Errorf("%s: %q lacks an accent", c.codice, m)
			}
		}
	}
}

func TestNuovoRilievo(t *testing.T) {
	r := NuovoRilievo("numero-di-altro-settore", "F", "A4", "1/3", "SUAP")
	if r.Gravita != piano.Errore || r.Foglio != "F" || r.Cella != "A4" || !strings.HasPrefix(r.Messaggio, "Il numero 1/3 appartiene a un obiettivo di un altro settore (SUAP).") {
		t.Errorf("%+v", r)
	}
	lungo := strings.Repeat("àbc ", 100)
	if m := NuovoRilievo("sezione-non-riconosciuta", "F", "A1", lungo).Messaggio; !strings.Contains(m, "…»") || strings.Contains(m, lungo) {
		t.Errorf("a long text is not cut: %s", m)
	}
	nomi := strings.Repeat("Servizi finanziari, ", 20)
	if m := NuovoRilievo("settore-sconosciuto", "F", "A1", "x", nomi).Messaggio; !strings.Contains(m, nomi) {
		t.Errorf("the list of names is cut: %s", m)
	}
	if r := NuovoRilievo("mai-visto", "", ""); r.Gravita != piano.Errore || r.Messaggio == "" {
		t.Errorf("an unknown code must refuse: %+v", r)
	}
}
