package main

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/scadenzario/scadenzario/piano"
)

// A plan that contradicts itself in every way that is looked for: each is found with its
// places, by command and in the Segretario's digest, and goes when the sheet is corrected.
func TestContradictions(t *testing.T) {
	const moduli = "../../testdata/moduli/"
	data, fogli := cartellaDati(t), t.TempDir()
	esegui := func(args ...string) string {
		t.Helper()
		var out, diagnosi bytes.Buffer
		if codice := run(t.Context(), append([]string{"--data", data, "--ente", "Unione Terre di Pianura"}, args...), &out, &diagnosi); codice != uscitaBene {
			t.Fatalf("%v: exit %d, %s%s", args, codice, diagnosi.String(), out.String())
		}
		return out.String()
	}
	scritto := func(da, a string, celle ...string) string { // "Sheet!A1=value"
		t.Helper()
		f, err := excelize.OpenFile(moduli + da)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range celle {
			dove, valore, _ := strings.Cut(c, "=")
			foglio, cella, _ := strings.Cut(dove, "!")
			if err := f.SetCellValue(foglio, cella, valore); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.SaveAs(filepath.Join(fogli, a)); err != nil {
			t.Fatal(err)
		}
		return filepath.Join(fogli, a)
	}
	contraddizioni := func(data string) (trovate []string) {
		t.Helper()
		var tutte []piano.Contraddizione
		if err := json.Unmarshal([]byte(esegui("contradictions", "--json", "--date", data)), &tutte); err != nil {
			t.Fatal(err)
		}
		for _, c := range tutte {
			dove := []string{c.Regola}
			for _, l := range c.Luoghi {
				dove = append(dove, l.File+"!"+l.Foglio+"!"+l.Cella)
			}
			if !strings.HasSuffix(c.Frase, ".") {
				t.Errorf("no sentence: %q", c.Frase)
			}
			trovate = append(trovate, strings.Join(dove, " "))
		}
		return trovate
	}
	esegui("registry", "import", moduli+"anagrafica.xlsx")
	esegui("registry", "import", moduli+"sintesi-obiettivi-2021.xlsx")
	var altri []string
	for _, settore := range []string{"coordinamento-generale", "governo-del-territorio", "progettazione-cuc", "servizi-finanziari", "tributi-riscossione-coattiva"} {
		altri = append(altri, moduli+"piano-2021/"+settore+".xlsx")
	}
	esegui(append([]string{"import", "--date", "2021-04-20",
		scritto("piano-2021/suap.xlsx", "suap.xlsx", "Ob. 1-3!B8=Mario Rossi", "Ob. 1-3!B9=Strategicità 90 – Peso 70%", "Ob. 1-3!I22=800", "Ob. 2-4!A7=OBIETTIVO N. 2/17 – Recupero dell'evasione", "Ob. 2-4!L25=120%"),
		scritto("piano-2021/sia.xlsx", "sia.xlsx", "1_5!G30=")}, altri...)...)
	want := []string{
		"percento-in-numeri coordinamento-generale.xlsx!Ob. 1-1!L30 coordinamento-generale.xlsx!Ob. 1-1!B30",
		"percento-in-numeri coordinamento-generale.xlsx!Ob. 1-1!L31 coordinamento-generale.xlsx!Ob. 1-1!B31",
		"percento-in-numeri coordinamento-generale.xlsx!Ob. 1-1!L32 coordinamento-generale.xlsx!Ob. 1-1!B32",
		"copie-diverse coordinamento-generale.xlsx!Ob. 2-2!A28 sia.xlsx!1_5!A30",
		"percento-in-numeri suap.xlsx!Ob. 1-3!C21 suap.xlsx!Ob. 1-3!B21",
		"meta-oltre-anno suap.xlsx!Ob. 1-3!I22 suap.xlsx!Ob. 1-3!F22",
		"percento-in-numeri suap.xlsx!Ob. 1-3!C22 suap.xlsx!Ob. 1-3!B22",
		"altro-responsabile suap.xlsx!Ob. 1-3!B8 anagrafica!Incarichi!",
		"oltre-100 suap.xlsx!Ob. 2-4!L25 suap.xlsx!Ob. 2-4!B25",
		"sintesi-diversa suap.xlsx!Ob. 1-3!B9 sintesi-obiettivi-2021.xlsx!SINTESI!F7",
		"sintesi-diversa suap.xlsx!Ob. 1-3!B9 sintesi-obiettivi-2021.xlsx!SINTESI!G7",
		"sintesi-diversa suap.xlsx!Ob. 1-3!B8 sintesi-obiettivi-2021.xlsx!SINTESI!D7",
		"sintesi-senza-scheda sintesi-obiettivi-2021.xlsx!SINTESI!A8",
		"sintesi-senza-scheda sintesi-obiettivi-2021.xlsx!SINTESI!A20",
		"scheda-senza-sintesi suap.xlsx!Ob. 2-4!A7 sintesi-obiettivi-2021.xlsx!SINTESI!",
		"pesi-non-100 suap.xlsx!Ob. 1-3!B9 suap.xlsx!Ob. 2-4!B12",
	}
	if d := cmp.Diff(want, contraddizioni("2021-04-21")); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	esegui("plan", "approve", "--anno", "2021", "--atto", "DGU 18/2021", "--date", "2021-04-27")
	compilati := func(s string) bool { return !strings.HasPrefix(s, "risultato-prima-del-piano suap.xlsx") }
	if c := slices.DeleteFunc(contraddizioni("2021-05-03"), compilati); !slices.Equal(c, []string{
		"risultato-prima-del-piano suap.xlsx!Ob. 1-3!L21 suap.xlsx!Ob. 1-3!L22", "risultato-prima-del-piano suap.xlsx!Ob. 2-4!L25"}) {
		t.Errorf("at the approval: %q", c)
	}
	// the office hands in the true results
	esegui("import", "--date", "2021-06-30", scritto("piano-2021/suap.xlsx", "suap-giugno.xlsx", "Ob. 1-3!B8=Mario Rossi", "Ob. 1-3!B9=Strategicità 90 – Peso 70%", "Ob. 1-3!I22=800",
		"Ob. 2-4!A7=OBIETTIVO N. 2/17 – Recupero dell'evasione", "Ob. 2-4!L25=", "Ob. 1-3!L22="))
	if c := slices.DeleteFunc(contraddizioni("2021-07-12"), compilati); !slices.Equal(c, []string{"risultato-prima-del-piano suap.xlsx!Ob. 1-3!L21"}) {
		t.Errorf("in July: %q", c)
	}
	esegui("digest", "--month", "2021-06", "--date", "2021-07-01")
	esegui("send")
	riepilogo := testoPosta(t, filepath.Join(data, "posta"))
	for _, frase := range []string{"la scheda e la Sintesi non dicono lo stesso", "non lo elenca", "sommano a 90 e non a 100"} {
		if !strings.Contains(riepilogo, frase) {
			t.Errorf("the digest does not say %q:\n%s", frase, riepilogo)
		}
	}
}

// testoPosta is the text of the one mail in a folder, without its line breaks.
func testoPosta(t *testing.T, dir string) string {
	t.Helper()
	file, err := filepath.Glob(filepath.Join(dir, "*.eml"))
	if err != nil || len(file) != 1 {
		t.Fatal(file, err)
	}
	b, err := os.ReadFile(file[0])
	if err != nil {
		t.Fatal(err)
	}
	m, err := mail.ReadMessage(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	_, p, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parte, err := multipart.NewReader(m.Body, p["boundary"]).NextPart() // decoded; the text comes first
	if err != nil {
		t.Fatal(err)
	}
	testo, err := io.ReadAll(parte)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(testo)), " ")
}
