package main

import (
	"bytes"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// formule are texts that a spreadsheet might compute, or take for something else.
var formule = []string{
	"=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "\u00a0=1+1", "\ufeff=1+1", "＝1+1", "＋1", "－1", "＠A1",
	"=cmd|'/c calc'!A0", "=HYPERLINK(\"https://altrove.example\";\"qui\")", "=IMPORTXML(A1;A2)", "|calc", "%0A=1+1", "=1+1\";=2+2;\"", "\";=1+1;\"",
	"a;=1+1", "a\n=1+1", "a\r\n=1+1;", "'=1+1", "=DDE(\"cmd\";\"/c calc\";\"1\")", "+cmd|' /C calc'!A0", "@=1+1", "\x00=1+1", "\x7f=1+1", "-", "=", "1/3",
}

// The register's CSV holds as many rows and columns as it should, and no formula,
// whatever a card says: to a reader of CSV, and to LibreOffice where there is one.
func TestInvariant13TheRegisterHoldsNoFormula(t *testing.T) {
	var voci []piano.VoceRegistro
	for _, f := range formule {
		voci = append(voci, piano.VoceRegistro{Persona: f, Destinatario: f, Settore: f, Obiettivo: "1/3", Titolo: f, Attivita: f, Oggetto: f, Risposta: f,
			Giorno: piano.NewGiorno(2021, 7, 12), Tipo: piano.TipoPromemoria, Stato: piano.Spedito})
	}
	var b bytes.Buffer
	if err := scriviCSV(&b, voci); err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\ufeff")))
	r.Comma = ';'
	righe, err := r.ReadAll() // as many fields in each row, or it fails
	if err != nil || len(righe) != 1+len(formule) {
		t.Fatal(len(righe), err)
	}
	prove, falliti := 0, 0
	for _, riga := range righe {
		for _, cella := range riga {
			prove++
			if nudo := strings.TrimSpace(cella); nudo != "" && strings.ContainsAny(nudo[:1], "=+-@|%\t\r") || strings.ContainsAny(cella, "\r\n\x00") {
				falliti++
				t.Errorf("%q", cella)
			}
		}
	}
	if foglio, ok := inLibreOffice(t, b.Bytes()); ok {
		for _, c := range foglio.Celle() {
			prove++
			if c.Formula || c.Tipo == sheet.Guasto || c.Testo == "2" || c.Testo == "2021-03-01" {
				falliti++
				t.Errorf("%s: %+v", sheet.Indirizzo(c.Riga, c.Colonna), c)
			}
		}
		if c := foglio.Cella(2, 1); c.Tipo != sheet.Data || c.Testo != "2021-07-12" || foglio.Righe() != 1+len(formule) || foglio.Colonne() != len(colonneRegistro) {
			t.Errorf("%+v, %d rows, %d columns", c, foglio.Righe(), foglio.Colonne())
		}
	}
	conto(t, 13, "a cell's text stays text: the register's CSV", prove, falliti)
}

// inLibreOffice opens a CSV as an office in Italy does, by its locale's defaults, and
// returns the sheet; false where there is no LibreOffice.
func inLibreOffice(t *testing.T, testo []byte) (sheet.Foglio, bool) {
	t.Helper()
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Log("no LibreOffice here: the CSV was looked at by Go alone")
		return sheet.Foglio{}, false
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "registro.csv"), testo, 0o600); err != nil {
		t.Fatal(err)
	}
	// separator ;, quotes ", UTF-8, Italian (1040), numbers and dates are recognised
	c := exec.CommandContext(t.Context(), soffice, "-env:UserInstallation=file://"+dir+"/profilo", "--headless", "--infilter=CSV:59,34,76,1,,1040,false,true,false",
		"--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", dir, filepath.Join(dir, "registro.csv"))
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	b, err := os.ReadFile(filepath.Join(dir, "registro.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	libro, err := sheet.Apri(b)
	if err != nil || len(libro.Fogli) != 1 {
		t.Fatal(len(libro.Fogli), err)
	}
	return libro.Fogli[0], true
}
