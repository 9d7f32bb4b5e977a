package importer

import (
	"strings"
	"testing"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

func TestMesiDi(t *testing.T) {
	tutti := func(m ...int) piano.Mesi { return piano.NewMesi(m...) }
	for _, c := range []struct {
		testo string
		tipo  sheet.Tipo
		want  piano.Mesi
	}{
		{"G", sheet.Testo, tutti(1, 6)}, {"f", sheet.Testo, tutti(2)}, {"M", sheet.Testo, tutti(3, 5)}, {"A", sheet.Testo, tutti(4, 8)}, {"D.", sheet.Testo, tutti(12)},
		{"gen", sheet.Testo, tutti(1)}, {"GENN.", sheet.Testo, tutti(1)}, {"Sett.", sheet.Testo, tutti(9)}, {"settembre", sheet.Testo, tutti(9)}, {"Setembre", sheet.Testo, tutti(9)},
		{"giu", sheet.Testo, tutti(6)}, {"giugno 2021", sheet.Testo, tutti(6)}, {"apr-21", sheet.Testo, tutti(4)}, {"Dic 2021", sheet.Testo, tutti(12)},
		{"1", sheet.Numero, tutti(1)}, {"12", sheet.Numero, tutti(12)}, {"03", sheet.Testo, tutti(3)}, {"13", sheet.Numero, 0}, {"0", sheet.Numero, 0}, {"1.5", sheet.Numero, 0},
		{"I", sheet.Testo, tutti(1)}, {"iv", sheet.Testo, tutti(4)}, {"XII", sheet.Testo, tutti(12)}, {"XIII", sheet.Testo, 0},
		{"2021-06-01", sheet.Data, tutti(6)}, {"2021-06-01", sheet.Testo, 0}, {"31/01", sheet.Data, 0},
		{"", sheet.Testo, 0}, {"X", sheet.Testo, tutti(10)}, {"ge", sheet.Testo, tutti(1)}, {"gi", sheet.Testo, tutti(6)}, {"g i u", sheet.Testo, tutti(6)}, {"01/06/2021", sheet.Testo, tutti(6)}, {"12/06/2021", sheet.Testo, 0}, {"Mese 6", sheet.Testo, tutti(6)}, {"Previsto", sheet.Testo, 0}, {"marzo e aprile", sheet.Testo, 0}, {"Z", sheet.Testo, 0},
	} {
		if got := mesiDi(piano.Normalizza(c.testo), c.tipo); got != c.want {
			t.Errorf("%q: %v, want %v", c.testo, got.Elenco(), c.want.Elenco())
		}
	}
}

func TestFinestre(t *testing.T) {
	for _, c := range []struct {
		storia, testate string
		quante          int
		primo           int // month of the first column of the first window
	}{
		{"the form's letters", "G F M A M G L A S O N D", 1, 1},
		{"letters with the activity before and ESEGUITO after", "Attività _ G F M A M G L A S O N D ESEGUITO", 1, 1},
		{"one heading misspelt", "G F M A M G L Q S O N D", 1, 1},
		{"two left blank", "G F M _ M G L A S _ N D", 1, 1},
		{"three left blank", "G _ M _ M G L A S _ N D", 0, 0},
		{"two exchanged: the letters contradict the position", "F G M A M G L A S O N D", 0, 0},
		{"eleven", "G F M A M G L A S O N", 0, 0},
		{"two years side by side", "G F M A M G L A S O N D G F M A M G L A S O N D", 2, 1},
		{"numbers", "1 2 3 4 5 6 7 8 9 10 11 12", 1, 1},
		{"names from July on", "lug ago set ott nov dic gen feb mar apr mag giu", 1, 7},
		{"a name twice", "lug ago set ott nov dic gen feb mar apr mag mag", 0, 0},
		{"letters from July on could be any year", "L A S O N D G F M A M G", 0, 0},
		{"a row of marks", "X X X X X X X X X X X X", 0, 0},
	} {
		var voci []voce
		for i, testo := range strings.Fields(c.testate) {
			testo = strings.Trim(testo, "_")
			voci = append(voci, voce{area: sheet.Area{Riga: 1, Colonna: i + 1, FinoRiga: 1, FinoColonna: i + 1}, testo: testo, mesi: mesiDi(piano.Normalizza(testo), sheet.Testo)})
		}
		f := finestre(voci)
		if len(f) != c.quante || len(f) > 0 && f[0].mesi[0] != piano.NewMesi(c.primo) {
			t.Errorf("%s: %d windows %+v", c.storia, len(f), f)
		}
	}
}

func TestSegni(t *testing.T) {
	for testo, want := range map[string]segno{
		"X": segnoSi, "x": segnoSi, "✓": segnoSi, "✔": segnoSi, "●": segnoSi, "*": segnoSi, "1": segnoSi, "SI": segnoSi, "Sì": segnoSi, "sì": segnoSi, " x ": segnoSi,
		"": segnoVuoto, "-": segnoVuoto, "–": segnoVuoto, "NO": segnoVuoto, "no": segnoVuoto, "0": segnoVuoto,
		"?": segnoIgnoto, "forse": segnoIgnoto, "2": segnoIgnoto, "XY": segnoIgnoto, "0.5": segnoIgnoto, "#REF!": segnoIgnoto, "SI/NO": segnoIgnoto,
	} {
		if got := segnoDi(testo); got != want {
			t.Errorf("%q: %v, want %v", testo, got, want)
		}
	}
}

func TestSegniDiColore(t *testing.T) {
	for _, c := range []struct {
		storia     string
		cella      sheet.Cella
		coloreRiga string
		want       segno
	}{
		{"coloured and blank", sheet.Cella{Riempimento: sheet.ColoreDi("00B050")}, "", segnoSi},
		{"the fill of the row's label is decoration", sheet.Cella{Riempimento: sheet.ColoreDi("F2F2F2")}, "F2F2F2", segnoVuoto},
		{"another than the label's", sheet.Cella{Riempimento: sheet.ColoreDi("00B050")}, "F2F2F2", segnoSi},
		{"no fill on a coloured row", sheet.Cella{}, "F2F2F2", segnoVuoto},
		{"a dash says no, whatever its colour", sheet.Cella{Testo: "-", Riempimento: sheet.ColoreDi("00B050")}, "", segnoVuoto},
		{"a text is read for itself", sheet.Cella{Testo: "?", Riempimento: sheet.ColoreDi("00B050")}, "", segnoIgnoto},
	} {
		if got := segnoCella(c.cella, sheet.ColoreDi(c.coloreRiga)); got != c.want {
			t.Errorf("%s: %v", c.storia, got)
		}
	}
}

func TestEseguito(t *testing.T) {
	for testo, want := range map[string]string{"SI": "si", "Sì": "si", "si.": "si", "X": "si", "✓": "si", "NO": "no", "no ": "no",
		"": "-", "SI/NO": "-", "sì / no": "-", "SI - NO": "-", "-": "-", "parziale": "?", "50%": "?", "SI, in parte": "?"} {
		v, ok := eseguitoCella(testo)
		got := "-"
		switch {
		case !ok:
			got = "?"
		case v != nil:
			got = map[bool]string{true: "si", false: "no"}[*v]
		}
		if got != want {
			t.Errorf("%q: %s, want %s", testo, got, want)
		}
	}
}

func TestPesi(t *testing.T) {
	scrivi := func(p pesoLetto) string {
		if !p.valido() {
			return "?"
		}
		return numero(p.n)
	}
	for _, c := range []struct {
		priorita, strategicita, peso string
		tipo                         sheet.Tipo
		s, p                         string
	}{
		{priorita: "Strategicità 100 – Peso 80%", s: "100", p: "80"},
		{priorita: "strategicita': 100; peso: 80 %", s: "100", p: "80"},
		{priorita: "Peso 80% - Strategicità 100", s: "100", p: "80"},
		{priorita: "Strategicità 100 Peso", s: "100", p: ""},
		{priorita: "Strategicità – Peso", s: "", p: ""},
		{priorita: "Priorità 1,5 / peso 33,3%", s: "1.5", p: "33.3"},
		{priorita: "100 / 80%", s: "100", p: "80"},
		{priorita: "80%", s: "", p: "80"},
		{priorita: "Strategicità 100 – Peso 180%", s: "100", p: "?"},
		{priorita: "Strategicità 200 – Peso ottanta", s: "?", p: "?"},
		{priorita: "Strategicità 100 – Peso -5", s: "100", p: "?"},
		{priorita: "Strategicità 100 – Peso 8O%", s: "100", p: "?"},
		{strategicita: "100", peso: "80%", s: "100", p: "80"},
		{strategicita: "alta", peso: "80 punti", s: "?", p: "80"},
		{peso: "0.8", tipo: sheet.Numero, p: "80"},
		{peso: "80/100", p: "80"},
		{peso: "-", p: ""},
		{peso: "____ %", p: ""},
		{priorita: "Strategicità 100", peso: "40", s: "100", p: "40"},
	} {
		campi := map[campo]valoreLetto{}
		for f, v := range map[campo]string{cPriorita: c.priorita, cStrategicita: c.strategicita, cPeso: c.peso} {
			if v != "" {
				campi[f] = valoreLetto{testo: v, tipo: c.tipo}
			}
		}
		if s, p := leggiPesi(campi); scrivi(s) != c.s || scrivi(p) != c.p {
			t.Errorf("%q %q %q: %s and %s, want %s and %s", c.priorita, c.strategicita, c.peso, scrivi(s), scrivi(p), c.s, c.p)
		}
	}
}

func TestQuote(t *testing.T) {
	for _, c := range []struct{ storia, scritte, lette string }{
		{"per cent", "30% 30% 40%", "30 30 40"},
		{"numbers", "30 30 40", "30 30 40"},
		{"fractions", "0.5 0,3 0.2", "50 30 20"},
		{"fractions that round", "0.33 0.33 0.33", "33 33 33"},
		{"one whole", "1", "100"},
		{"small, but no fractions of one", "0.1 0.2", "0.1 0.2"},
		{"per cent of one", "1%", "1"},
		{"blanks stay blank", "50% - 50%", "50 _ 50"},
		{"refused", "50% metà -5 101%", "50 ? ? ?"},
	} {
		var persone []personaLetta
		for _, s := range strings.Fields(c.scritte) {
			persone = append(persone, personaLetta{quota: &casella{testo: s}})
		}
		lette, buone := quote(persone)
		var got []string
		for i := range lette {
			switch {
			case !buone[i]:
				got = append(got, "?")
			case lette[i] == nil:
				got = append(got, "_")
			default:
				got = append(got, lette[i].String())
			}
		}
		if strings.Join(got, " ") != c.lette {
			t.Errorf("%s: %v, want %s", c.storia, got, c.lette)
		}
	}
}

func TestColonnaDi(t *testing.T) {
	for testo, want := range map[string]colonnaIndicatore{
		"Descrizione indicatore": iDescrizione, "Descrizione indicatori ANNO 2020-2021": iDescrizione, "INDICATORI": iDescrizione, "Indicatore di risultato": iDescrizione,
		"Unità di misurazione (es. numero, %, etc.)": iUnita, "U.M.": iUnita, "Unità di misura": iUnita,
		"Valore fine anno": iPrecedente, "Valore fine anno precedente": iPrecedente, "Valore iniziale": iPrecedente, "Valore 2020": iPrecedente, "Consuntivo 2020": iPrecedente, "Baseline": iPrecedente, "Target 2020": iPrecedente,
		"Target previsto anno": iTarget, "Target": iTarget, "Target 2021": iTarget, "Valore atteso": iTarget, "Risultato atteso 2021": iTarget, "Target finale": iTarget,
		"Target a metà anno": iTargetMeta, "Target al 30/06/2021": iTargetMeta, "Target I semestre": iTargetMeta, "Target intermedio": iTargetMeta, "Valore atteso al 30 giugno": iTargetMeta,
		"Risultato a metà anno": iRisultatoMeta, "Risultato al 30.06": iRisultatoMeta, "Consuntivo semestrale": iRisultatoMeta, "Valore al 30/06": iRisultatoMeta,
		"Risultato finale": iRisultato, "Risultato finale atteso": iRisultato, "Risultato al 31/12/2021": iRisultato, "Consuntivo 2021": iRisultato, "Valore raggiunto": iRisultato, "Valore finale": iRisultato,
		"Obiettivo anno 2021": iAltro, "Target 2022": iAltro, "Note": iAltro, "Peso indicatore": iAltro, "Formula di calcolo": iAltro,
		"numero": iAltro, "% di raggiungimento": iAltro, "Risultato atteso I semestre": iTargetMeta, "Target II semestre": iTarget, "Risultato II semestre": iRisultato, "Targhet a mettà anno": iTargetMeta, "Posteggi sottoposti a verifica": iIgnota, "": iIgnota,
	} {
		if got := colonnaDi(chiave(testo), 2021); got != want {
			t.Errorf("%q: %v, want %v", testo, got, want)
		}
	}
}

func TestApre(t *testing.T) {
	for testo, want := range map[string]bool{
		"OBIETTIVO N. 1/3 – Verifica": true, "Obiettivo n.1/3": true, "OBIETTIVO N° 2/4": true, "Obiettivo nr. 3": true, "OBIETTIVO 1/3": true, "Scheda obiettivo n. 4": true,
		"OBIETTIVO N.": true, "OBIETTIVO N. – Titolo": true, "OBIETTIVO OPERATIVO N. 12: x": true, "Obiettivo 3: strade": true, "N. OBIETTIVO": true, "Numero obiettivo: 1/3": true,
		"OBIETTIVO": false, "OBIETTIVO 2021": false, "Obiettivo anno 2021": false, "OBIETTIVI 2021": false, "DESCRIZIONE OBIETTIVO": false,
		"Si veda obiettivo n. 1/1": false, "- SIA (obiettivo 2/6): strategicità 100": false, "Obiettivo strategico": false, "Obiettivo 10 corsi nell'anno": false,
	} {
		a, ok := leggiAncora(testo)
		davanti, _ := daSolo(testo)
		if got := apre(chiave(testo), chiave(davanti), a, ok); got != want {
			t.Errorf("%q: %v", testo, got)
		}
	}
}

func TestRinvioIn(t *testing.T) {
	for testo, want := range map[string]string{
		"Si veda obiettivo n. 1/1.": "1/1", "SI VEDA OBIETTIVO N. 1/1": "1/1", "Titolo (vedi ob. 2 / 4)": "2/4", "si rinvia all’obiettivo n. 1/1": "1/1", "cfr. scheda obiettivo n° 3/9": "3/9",
		"Vedasi anche l'obiettivo trasversale 1/1": "1/1", "- SIA (obiettivo 2/6): strategicità 100": "", "si vedano i risultati 1/3 dei casi": "", "si veda l'allegato 1/2": "", "": "",
	} {
		if got := rinvioIn(testo); got != want {
			t.Errorf("%q: %q, want %q", testo, got, want)
		}
	}
}

func TestSettoreDaNome(t *testing.T) {
	for _, c := range []struct{ nome, titolo, want string }{
		{"SUAP", "", "SUAP"}, {"Settore SUAP", "", "SUAP"}, {"SUAP 1-3", "", "SUAP"}, {"Welfare locale", "x", "Welfare locale"}, {"Scheda Tributi", "", "Tributi"}, {"SUAP ob. 2", "", "SUAP"},
		{"Foglio1", "", ""}, {"Ob. 1-3", "", ""}, {"1_5", "", ""}, {"scheda 1", "", ""}, {"Scheda", "", ""}, {"Sheet2", "", ""}, {"OBIETTIVO 2-8 PAGOPA", "Attivazione del sistema PagoPA", ""},
		{"riscossione", "Aumento della produttività della riscossione coattiva.", ""},
	} {
		if got := settoreDaNome(c.nome, c.titolo); got != c.want {
			t.Errorf("%q: %q, want %q", c.nome, got, c.want)
		}
	}
}

func TestParole(t *testing.T) {
	for a, b := range map[string]string{
		"DESCRIZIONE DELL’OBIETTIVO:": "descrizione obiettivo", "Priorità / peso obiettivo in %": "priorita peso obiettivo %",
		"Unità di misurazione (es. numero, %, etc.)": "unita misurazione", "Utenti portatori di interessi": "utenti portatori interessi",
	} {
		if got := chiave(a); got != b {
			t.Errorf("%q: %q, want %q", a, got, b)
		}
	}
	for _, c := range []struct {
		a, b   string
		simili bool
	}{
		{"descrizione", "desrizione", true}, {"descrizione", "descrizoine", true}, {"durata", "durate", true}, {"peso", "pesi", false},
		{"assessore", "assesore", true}, {"settore", "settori", true}, {"risultati attesi", "risultati", false}, {"previsto", "prevista", true}, {"obiettivo", "indicatore", false},
	} {
		if got := simili(c.a, c.b); got != c.simili {
			t.Errorf("%q and %q: %v", c.a, c.b, got)
		}
	}
	if got := anni("ANNI 2021-23, poi 2024 e 12021"); len(got) != 2 || got[0] != 2021 || got[1] != 2024 {
		t.Errorf("years %v", got)
	}
}

func TestIndirizzi(t *testing.T) {
	for _, c := range []struct {
		riga, colonna int
		want          string
	}{{1, 1, "A1"}, {31, 6, "F31"}, {2, 26, "Z2"}, {2, 27, "AA2"}, {9, 702, "ZZ9"}, {1, 703, "AAA1"}, {1048576, 16384, "XFD1048576"}, {0, 1, ""}, {1, 0, ""}} {
		if got := sheet.Indirizzo(c.riga, c.colonna); got != c.want {
			t.Errorf("%d, %d: %q, want %q", c.riga, c.colonna, got, c.want)
		}
		if r, col, ok := sheet.DaIndirizzo(c.want); ok != (c.want != "") || ok && (r != c.riga || col != c.colonna) {
			t.Errorf("%q is %d, %d, %v", c.want, r, col, ok)
		}
	}
	for _, s := range []string{"1", "A", "a1", "ABCD1", "A-1", "A0", "$A$1"} {
		if _, _, ok := sheet.DaIndirizzo(s); ok {
			t.Errorf("%q is no address", s)
		}
	}
}

func TestNewFoglioShowsTheTopLeftOfAMergedArea(t *testing.T) {
	f := sheet.NewFoglio("F", false, []sheet.Cella{{Riga: 2, Colonna: 2, Testo: "x", Riempimento: sheet.ColoreDi("FF0000")}, {Riga: 3, Colonna: 3, Testo: "sotto"}}, []sheet.Area{{Riga: 2, Colonna: 2, FinoRiga: 4, FinoColonna: 5}})
	if c := f.Cella(3, 3); c.Testo != "x" || c.Riempimento.String() != "FF0000" || c.Riga != 2 || c.Colonna != 2 {
		t.Errorf("%+v", c)
	}
	if f.Righe() != 4 || f.Colonne() != 5 || f.Area(4, 5).Indirizzo() != "B2" || f.Area(5, 5).Indirizzo() != "E5" {
		t.Errorf("%d rows, %d columns", f.Righe(), f.Colonne())
	}
}

// No two names that mean different things are within each other's typing mistakes.
func TestSynonymsDoNotCollide(t *testing.T) {
	type nome struct{ testo, senso string }
	var tutti []nome
	nomiCampi(func(c campo, n string) {
		if n != "programma" { // passed over, whatever else it is like
			tutti = append(tutti, nome{n, "field " + string(c)})
		}
	})
	for i, s := range sinonimiSezioni {
		for _, n := range s.nomi {
			tutti = append(tutti, nome{n, "section " + string(rune('0'+i))})
		}
	}
	for _, n := range []string{"previsto", "programmato", "pianificato"} {
		tutti = append(tutti, nome{n, "row of planned months"})
	}
	for _, n := range []string{"ottenuto", "realizzato", "effettivo", "consuntivo", "eseguito"} {
		tutti = append(tutti, nome{n, "row of obtained months"})
	}
	for i, a := range tutti {
		if a.testo != chiave(a.testo) {
			t.Errorf("%q is not written as chiave writes it: %q", a.testo, chiave(a.testo))
		}
		for _, b := range tutti[:i] {
			if a.senso != b.senso && simili(a.testo, b.testo) {
				t.Errorf("%s %q and %s %q", a.senso, a.testo, b.senso, b.testo)
			}
			if a == b {
				t.Errorf("%q is there twice", a.testo)
			}
		}
	}
}

// Labels that nobody has listed are known by their words, and no value is taken for one.
func TestLabelsInWordsOfTheirOwn(t *testing.T) {
	for testo, want := range map[string]campo{
		"Azione strategica": cStrategia, "Collegamento al programma di mandato": cStrategia, "Indirizzi di governo": cStrategia,
		"Denominazione dell'obiettivo operativo": cTitolo, "Titolo breve": cTitolo, "Intitolazione": cTitolo,
		"Servizi che concorrono": cAltriSettori, "Partecipazione di altri settori": cAltriSettori, "In collaborazione con": cAltriSettori,
		"Macro area": cSettore, "U.O.": cSettore, "Valore strategico": cStrategicita, "Entro quando": cDurata, "Gruppi di interesse": cPortatori,
		"Rilevanza strategica": cStrategicita, "Programma del DUP": cSenzaChiave,
	} {
		if got, ok := campoDi(chiave(testo)); !ok || got != want {
			t.Errorf("%q is %q, %v, want %q", testo, got, ok, want)
		}
	}
	for _, testo := range []string{"Titolo di viaggio", "Una città strategica", "Governo del territorio", "Programma triennale delle opere", "Mandato di pagamento", "Obiettivi di servizio raggiunti"} {
		if got, ok := campoDi(chiave(testo)); ok {
			t.Errorf("%q is a label: %q", testo, got)
		}
	}
	for testo, want := range map[string]sezione{"Descrizione e motivazione": sDescrizione, "Che cosa si intende fare": sDescrizione, "Vantaggi attesi": sRisultati, "Benefici per gli utenti": sRisultati, "Benefici": sRisultati,
		"Impatti sulla collettività": sRisultati, "Risultati attesi al 31/12": sRisultati, "Impatto ambientale": nessuna, "Vantaggi": nessuna, "Risultato finale atteso": nessuna} {
		if got := sezioneDi(chiave(testo)); got != want {
			t.Errorf("%q is section %v, want %v", testo, got, want)
		}
	}
}
