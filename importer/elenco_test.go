package importer

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scadenzario/scadenzario/piano"
)

// The Sintesi of the sample plan: sixteen rows, whole and without findings.
func TestTheSampleSintesi(t *testing.T) {
	s := LeggiSintesi("sintesi-obiettivi-2021.xlsx", campione(t, "sintesi-obiettivi-2021.xlsx"), 0)
	if len(s.Rilievi) != 0 || s.Anno != 2021 || len(s.Righe) != 16 {
		t.Fatalf("%d, %d rows, %+v", s.Anno, len(s.Righe), s.Rilievi)
	}
	trenta, cento := piano.NewDecimale(30), piano.NewDecimale(100)
	want := piano.RigaSintesi{Numero: "2/11", Titolo: "Convenzione con il Comune di Molinella per l'erogazione di servizi di centrale di committenza",
		Settore: "CUC", Responsabile: "Chiara Rambaldi", Assessore: "Elena Cesari", Strategicita: &cento, Peso: &trenta, AltriSettori: "SIA", Durata: "2021",
		File: "sintesi-obiettivi-2021.xlsx", Foglio: "SINTESI", Celle: map[string]string{"numero": "A15", "titolo": "B15", "settore": "C15",
			"responsabile": "D15", "assessore": "E15", "strategicita": "F15", "peso": "G15", "altri_settori": "H15", "durata": "I15"}}
	if d := cmp.Diff(want, s.Righe[10]); d != "" {
		t.Error(d)
	}
	if r := s.Righe[2]; r.AltriSettori != "" || r.Luogo("altri_settori") != (piano.Luogo{File: r.File, Foglio: "SINTESI", Cella: "H7"}) {
		t.Errorf("%+v", r)
	}
}

// The measures of the sample plan: the objective of several measures is said once.
func TestTheSampleMisure(t *testing.T) {
	m := LeggiMisure("misure-anticorruzione-2021.xlsx", campione(t, "misure-anticorruzione-2021.xlsx"), 0)
	if len(m.Rilievi) != 0 || m.Anno != 2021 || len(m.Misure) != 11 {
		t.Fatalf("%d, %d measures, %+v", m.Anno, len(m.Misure), m.Rilievi)
	}
	want := piano.Misura{Titolo: "Rispetto delle misure anticorruzione: attuazione e monitoraggio del piano", Attivita: "Procedure di gara: misure di prevenzione.",
		Indicatore: "Rotazione dei componenti delle commissioni in tutte le gare diverse dalle procedure aperte", Verifica: "Avvenuta rotazione dei commissari",
		File: "misure-anticorruzione-2021.xlsx", Foglio: "Misure 2021", Cella: "B14"}
	if d := cmp.Diff(want, m.Misure[9]); d != "" {
		t.Error(d)
	}
}

// riassuntoSintesi is a line for each row and for each finding.
func riassuntoSintesi(s Sintesi) string {
	var b strings.Builder
	numero := func(d *piano.Decimale) string {
		if d == nil {
			return "-"
		}
		return d.String()
	}
	for _, r := range s.Righe {
		fmt.Fprintf(&b, "%s|%s|%s|%s|%s|%s\n", r.Numero, r.Titolo, r.Settore, r.Responsabile, numero(r.Strategicita), numero(r.Peso))
	}
	for _, r := range s.Rilievi {
		fmt.Fprintf(&b, "%s %s\n", r.Codice, posizione(r))
	}
	return b.String()
}

// How other enti keep the same table.
func TestOtherLayoutsOfTheSintesi(t *testing.T) {
	for _, c := range []struct{ nome, foglio, want string }{
		{"columns in another order, the number before the title, weights as fractions and a total", `
[PEG 2022]
A2 = COMUNE DI BUDRIO
A3 = Peso %
B3 = Dirigente
C3 = Obiettivo
D3 = Area / Settore
A4 # 0.4
B4 = A. Verdi
C4 = 1/1 – Piano delle strade
D4 = Settore Lavori pubblici
A5 # 0.6
B5 = A. Verdi
C5 = OBIETTIVO N. 2/2: Scuole sicure
D5 = Settore Lavori pubblici
A6 # 1
B6 = B. Neri
C6 = n. 1/3 Biblioteca
D6 = Cultura
A7 # 2
B7 = Totale
`, "1/1|Piano delle strade|Lavori pubblici|A. Verdi|-|40\n2/2|Scuole sicure|Lavori pubblici|A. Verdi|-|60\n1/3|Biblioteca|Cultura|B. Neri|-|100\n"},
		{"a row of headings over two, settori as headings between the rows, priority and weight in one cell", `
[Foglio1]
A1 = SINTESI – ANNO 2022 (piano 2020-2022)
A2 = N. obiettivo
B2 = Titolo dell'obiettivo
C2 = Valutazione
A2:A3 merge
B2:B3 merge
C2:D2 merge
C3 = Strategicità
D3 = Peso
A4 = SETTORE SUAP
A4:D4 merge
A5 = 1/1
B5 = Sportello
C5 = 100
D5 = 70%
A6 = 2/2
B6 = Posteggi
C6 = 80
D6 = 30%
A7 = SETTORE TRIBUTI
A7:D7 merge
A8 = 1/3
B8 = Evasione
C8 = 100
D8 = 100%
`, "1/1|Sportello|SUAP||100|70\n2/2|Posteggi|SUAP||80|30\n1/3|Evasione|TRIBUTI||100|100\n"},
		{"broken over two pages, the headings said again, strategicità and weight in one column", `
[Sintesi 2022]
A1 = N°
B1 = TITOLO
C1 = SETTORE
D1 = RESPONSABILE
E1 = Strategicità / Peso
A2 = 1/1
B2 = Rilancio dell'Unione (obiettivo
C2 = Coordinamento
D2 = A. Verdi
E2 = Strategicità 100 – Peso 80%
B3 = trasversale)
C3 = generale
A4 = N°
B4 = TITOLO
C4 = SETTORE
D4 = RESPONSABILE
E4 = Strategicità / Peso
A5 = 2/2
B5 = PagoPA
C5 = Coordinamento generale
E5 = 100 - 20
B7 = Approvata con DGU 18/2022
`, "1/1|Rilancio dell'Unione (obiettivo trasversale)|Coordinamento generale|A. Verdi|100|80\n2/2|PagoPA|Coordinamento generale||100|20\nriga-non-letta Sintesi 2022!B7\n"},
		{"one sheet for each settore, and one of notes", `
[SUAP 2022]
A1 = Obiettivo
B1 = Titolo
C1 = Peso
D1 = Settore
A2 = 1/1
B2 = Sportello
C2 = 100
D2 = SUAP
[Note]
A1 = niente
[SIA 2022]
A1 = Obiettivo
B1 = Titolo
C1 = Peso
D1 = Settore
A2 = 1/2
B2 = Rete
C2 = 300
D2 = SIA
E2 err #REF!
`, "1/1|Sportello|SUAP||-|100\n1/2|Rete|SIA||-|-\npeso-non-valido SIA 2022!C2\n"},
	} {
		got := riassuntoSintesi(LeggiSintesi("x.xlsx", costruisci(t, c.foglio), 0))
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", c.nome, d)
		}
	}
}

// How other enti keep the measures.
func TestOtherLayoutsOfTheMisure(t *testing.T) {
	m := LeggiMisure("ptpct.xlsx", costruisci(t, `
[PTPCT]
A1 = Piano triennale 2021-2023 – anno 2022
A3 = N.
B3 = Area di rischio
C3 = Misura
D3 = Fasi e tempi di attuazione
E3 = Indicatori di attuazione
F3 = Valore atteso
G3 = Struttura responsabile
H3 = Soggetto responsabile
I3 = Monitoraggio
A4 = CONTRATTI PUBBLICI
A4:I4 merge
A5 # 1
C5 = Patti di integrità
D5 = entro giugno
E5 = Quota dei bandi
F5 # 1 0%
G5 = Tutti i settori
H5 = RUP
I5 = Semestrale
A6 # 2
C6 = Rotazione
C6:C7 merge
E6 = Numero di rotazioni
D6 # 44926 dd/mm/yyyy
G6 = CUC
E7 = Relazione
G7 = CUC
A9 = Legenda: RUP = responsabile unico
`), 0)
	var got []string
	for _, x := range m.Misure {
		got = append(got, strings.Join([]string{x.Area, x.Titolo, x.Indicatore, x.Target, x.Verifica, x.Settore, x.Responsabile, x.Scadenza, x.Cella}, "|"))
	}
	want := []string{"CONTRATTI PUBBLICI|Patti di integrità|Quota dei bandi|100%|Semestrale|Tutti i settori|RUP|entro giugno|E5",
		"CONTRATTI PUBBLICI|Rotazione|Numero di rotazioni|||CUC||2022-12-31|E6", "CONTRATTI PUBBLICI|Rotazione|Relazione|||CUC|||E7"}
	if d := cmp.Diff(want, got); d != "" || m.Anno != 2022 || len(m.Rilievi) != 0 {
		t.Errorf("%d %+v\n%s", m.Anno, m.Rilievi, d)
	}
}

// Which table a workbook for `registry import` holds, and of which year.
func TestRiconosciTabella(t *testing.T) {
	for file, want := range map[string]TipoTabella{"anagrafica.xlsx": TabellaAnagrafica, "sintesi-obiettivi-2021.xlsx": TabellaSintesi,
		"misure-anticorruzione-2021.xlsx": TabellaMisure, "attivita-strutturali-2021.xlsx": TabellaAnagrafica, "piano-2021/suap.xlsx": TabellaAnagrafica,
		"piano-2021/sia.xlsx": TabellaAnagrafica} {
		if got := RiconosciTabella(campione(t, file)); got != want {
			t.Errorf("%s: %s", file, got)
		}
	}
	due := costruisci(t, "+sintesi\n[Sintesi 2022]\nA1 = N.\nB1 = Titolo\nC1 = Peso\nA2 = 1/9\nB2 = Altro\nC2 = 100")
	for anno, want := range map[int]string{0: "0 anno-tabella-mancante", 2021: "2021 1/1 2/2", 2022: "2022 1/9"} {
		s := LeggiSintesi("x.xlsx", due, anno)
		got := fmt.Sprint(s.Anno)
		for _, r := range s.Righe {
			got += " " + r.Numero
		}
		for _, r := range s.Rilievi {
			got += " " + r.Codice
		}
		if got != want {
			t.Errorf("%d: %s, want %s", anno, got, want)
		}
	}
}
