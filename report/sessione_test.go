package report_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/report"
	"github.com/scadenzario/scadenzario/templates"
)

// esito is the outcome of a session with two settori, one of them silent.
func esito() templates.DatiEsitoSessione {
	vero := true
	f := piano.Fotografia{Sessione: "verifica di metà anno 2021", Genere: piano.MetaAnno, Anno: 2021, Numero: 1, Dati: piano.NewGiorno(2021, 6, 30),
		Aperta: piano.NewGiorno(2021, 7, 1), Chiusa: piano.NewGiorno(2021, 7, 30),
		Settori: []piano.SettoreInSessione{
			{Settore: "SIA", Incarico: piano.Vacante, Totali: piano.Totali{Attivita: 1, Scadute: 1}, Chiesto: []piano.Detto{{Fase: piano.FaseApertura, Giorno: piano.NewGiorno(2021, 7, 1)}}},
			{Settore: "SUAP", Responsabile: "Giulia Montanari", Risposta: &piano.Risposta{Giorno: piano.NewGiorno(2021, 7, 5), File: "=suap.xlsx"}}},
		Attivita: []piano.AttivitaInSessione{{Settore: "SUAP", Obiettivo: "1/3", Anno: 2021, Attivita: "=1+1", Previsto: piano.NewMesi(1, 2, 3), Ottenuto: piano.NewMesi(1), Eseguito: &vero,
			Scadenza: piano.NewGiorno(2021, 3, 31), Stato: piano.Conclusa}}}
	for _, i := range []piano.Indicatore{{Descrizione: "Posteggi", TargetMetaAnno: "300", RisultatoMetaAnno: "285"}, {Descrizione: "Sito", TargetMetaAnno: "sì", RisultatoMetaAnno: "n.d."}} {
		f.Indicatori = append(f.Indicatori, piano.IndicatoreInFoto{Settore: "SUAP", Obiettivo: "1/3", Indicatore: i.Descrizione, Confronto: i.Confronta(piano.MetaAnno)})
	}
	return templates.DatiEsitoSessione{Ente: piano.Ente{Nome: "Unione"}, Vista: f, Impronta: strings.Repeat("ab", 32), Giorno: f.Chiusa}
}

// The annex holds every activity and indicator: a per cent is a number, and not
// computable is an empty cell with its reason beside it.
func TestTheAnnexOfASession(t *testing.T) {
	a, err := report.Sessione(esito())
	if err != nil || len(a) != 2 || a[0].Nome != "esito-verifica-di-meta-anno-2021.xlsx" || a[1].Nome != "esito-verifica-di-meta-anno-2021.ods" {
		t.Fatal(a, err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(a[0].Contenuto))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := f.GetSheetList(); !slices.Equal(got, []string{"Settori", "Attività", "Indicatori", "Variazioni", "Note"}) {
		t.Errorf("%q", got)
	}
	cerca := func(foglio, prima string) []string {
		righe, err := f.GetRows(foglio)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range righe {
			if slices.Contains(r, prima) {
				return r
			}
		}
		t.Fatalf("%s has no row with %q: %q", foglio, prima, righe)
		return nil
	}
	if r := cerca("Indicatori", "Posteggi"); !slices.Contains(r, "95.0%") {
		t.Errorf("%q", r)
	}
	if r := cerca("Indicatori", "Sito"); r[7] != "" || r[8] != "Non calcolabile: manca il risultato a metà anno (è scritto «n.d.»)." {
		t.Errorf("%q", r)
	}
	if r := cerca("Settori", "SIA"); r[1] != "incarico vacante" || r[4] != "interpellato il 01/07/2021" {
		t.Errorf("%q", r)
	}
	if r := cerca("Attività", "=1+1"); !slices.Contains(r, "Conclusa") || !slices.Contains(r, "gen–mar") {
		t.Errorf("%q", r)
	}
	senza := esito()
	senza.Vista.Settori, senza.Vista.Attivita, senza.Vista.Indicatori, senza.Impronta = nil, nil, nil, ""
	if _, err := report.Sessione(senza); err != nil {
		t.Error(err)
	}
}

// The annex of a session over the measures is about them alone.
func TestTheAnnexOfTheMeasures(t *testing.T) {
	d := esito()
	d.Vista.Genere, d.Vista.Sessione = piano.Anticorruzione, "monitoraggio anticorruzione 2021, quadrimestre 2"
	d.Vista.Misure = []piano.MisuraInSessione{{Settore: "SUAP", Misura: "=1+1", Stato: "attuata", Note: "3 su 3", Giorno: piano.NewGiorno(2021, 9, 6)}}
	a, err := report.Sessione(d)
	if err != nil || a[0].Nome != "esito-monitoraggio-anticorruzione-2021-quadrimestre-2.xlsx" {
		t.Fatal(a, err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(a[0].Contenuto))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	righe, err := f.GetRows("Misure")
	if got := f.GetSheetList(); err != nil || !slices.Equal(got, []string{"Settori", "Misure", "Note"}) || !slices.ContainsFunc(righe, func(r []string) bool { return slices.Contains(r, "3 su 3") }) {
		t.Errorf("%q %q, %v", got, righe, err)
	}
}
