package modulo_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/scadenzario/scadenzario/importer"
	"github.com/scadenzario/scadenzario/importer/modulo"
	"github.com/scadenzario/scadenzario/piano"
)

func misureDiProva() modulo.Misure {
	return modulo.Misure{Ente: "Unione", Titolo: "monitoraggio anticorruzione 2021, quadrimestre 2", Sessione: "2021/anticorruzione-2", Settore: "Servizi finanziari",
		Dati: piano.NewGiorno(2021, 8, 31), Al: time.Date(2021, 9, 1, 7, 0, 0, 0, time.UTC),
		Misure: []piano.MisuraInSessione{{ID: 7, Misura: "=1+1", Attivita: strings.Repeat("Controllo a campione. ", 30), Indicatore: "10%", Stato: "in corso", Note: "@nota & «altro»"},
			{ID: 12, Misura: "Rotazione"}}}
}

// What is written is read back, wherever the rows stand; what the office leaves blank is
// said.
func TestTheFormOfTheMeasures(t *testing.T) {
	var buf bytes.Buffer
	if err := modulo.ScriviMisure(&buf, misureDiProva()); err != nil {
		t.Fatal(err)
	}
	l := importer.Leggi("misure.xlsx", buf.Bytes())
	want := &piano.RisposteMisure{Sessione: "2021/anticorruzione-2", Settore: "servizi-finanziari", Foglio: "Misure",
		Misure: []piano.RispostaMisura{{Misura: 7, Stato: "in corso", Note: "@nota & «altro»", Cella: "F6"}, {Misura: 12, Cella: "F7"}}}
	if d := cmp.Diff(want, l.Misure, cmp.Comparer(func(a, b piano.Giorno) bool { return a == b })); d != "" {
		t.Error(d)
	}
	if len(l.Schede) != 0 || len(l.Rilievi) != 1 || l.Rilievi[0].Codice != "misura-senza-stato" || l.Rilievi[0].Cella != "F7" {
		t.Errorf("%+v", l)
	}
	var ancora bytes.Buffer
	if err := modulo.ScriviMisure(&ancora, misureDiProva()); err != nil || !bytes.Equal(buf.Bytes(), ancora.Bytes()) {
		t.Errorf("other bytes, %v", err)
	}
	// an office moves a row, fills in what is open and takes the headings away
	f, err := excelize.OpenReader(bytes.NewReader(buf.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := errors.Join(f.UnprotectSheet("Misure"), f.InsertRows("Misure", 7, 2), f.SetCellStr("Misure", "F9", "attuata")); err != nil {
		t.Fatal(err)
	}
	salva := func() []byte {
		b, err := f.WriteToBuffer()
		if err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	if l := importer.Leggi("misure.xlsx", salva()); len(l.Rilievi) != 0 || l.Misure.Misure[1].Stato != "attuata" || l.Misure.Misure[1].Cella != "F9" {
		t.Errorf("%+v %+v", l.Misure, l.Rilievi)
	}
	if err := f.SetCellStr("Misure", "A10", "M12"); err != nil { // a copy of the row, and another state
		t.Fatal(err)
	}
	if l := importer.Leggi("misure.xlsx", salva()); len(l.Rilievi) != 1 || l.Rilievi[0].Codice != "misura-ripetuta" || l.Rilievi[0].Cella != "F10" {
		t.Errorf("%+v", l.Rilievi)
	}
	if err := f.SetCellStr("Misure", "F10", "attuata"); err != nil {
		t.Fatal(err)
	}
	if l := importer.Leggi("misure.xlsx", salva()); len(l.Rilievi) != 0 || len(l.Misure.Misure) != 2 {
		t.Errorf("the same twice: %+v %+v", l.Misure, l.Rilievi)
	}
	if err := f.SetCellStr("Misure", "F5", "Come va"); err != nil {
		t.Fatal(err)
	}
	if l := importer.Leggi("misure.xlsx", salva()); len(l.Rilievi) != 1 || l.Rilievi[0].Codice != "modulo-misure-alterato" {
		t.Errorf("%+v", l.Rilievi)
	}
	if err := modulo.ScriviMisure(&buf, modulo.Misure{}); err == nil {
		t.Error("a form without measures")
	}
	if n := misureDiProva().NomeFile(); n != "misure-2021-anticorruzione-2-servizi-finanziari.xlsx" {
		t.Error(n)
	}
}
