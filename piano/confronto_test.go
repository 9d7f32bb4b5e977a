package piano

import (
	"encoding/json"
	"strings"
	"testing"
)

// What a result is worth against its target, and why it is worth nothing that can be
// counted. Whether a lower value is the better one is not decided here.
func TestConfronta(t *testing.T) {
	for _, c := range []struct {
		unita, target, risultato string
		percento                 string // "" for not computable
		derivazione              string
		mancano                  int
	}{
		{"numero", "300", "285", "95", "285 su 300: 100 × 285 ÷ 300 = 95%.", 0},
		{"numero", "1.300", "1.300,50", "100", "1300,5 su 1300: 100 × 1300,5 ÷ 1300 = 100,04% (arrotondato al centesimo), che vale 100%.", 0},
		{"%", "30%", "22%", "73.33", "22% su 30%: 100 × 22 ÷ 30 = 73,33% (arrotondato al centesimo).", 0},
		{"%", "88%", "44", "50", "44% su 88%: 100 × 44 ÷ 88 = 50%.", 0},
		{"in percentuale", "88", "44%", "50", "44% su 88%: 100 × 44 ÷ 88 = 50%.", 0},
		{"euro", "€ 150.000,00", "75000 €", "50", "75.000 su 150.000: 100 × 75.000 ÷ 150.000 = 50%.", 0},
		{"numero", "350", "371", "100", "371 su 350: 100 × 371 ÷ 350 = 106%, che vale 100%.", 0},
		{"numero", "6", "0", "0", "0 su 6: 100 × 0 ÷ 6 = 0%.", 0},
		{"numero", "6", "- 3", "0", "-3 su 6: 100 × -3 ÷ 6 = -50%, che vale 0%.", 0},
		{"numero", "3", "2", "66.67", "2 su 3: 100 × 2 ÷ 3 = 66,67% (arrotondato al centesimo).", 0},
		{"numero", "0,000001", "9000000000", "100", "9.000.000.000 su 0,000001: 100 × 9.000.000.000 ÷ 0,000001 = 1.000.000.000% (arrotondato al centesimo), che vale 100%.", 0},
		{"giorni", "30", "45", "100", "45 su 30: 100 × 45 ÷ 30 = 150%, che vale 100%.", 0}, // lower may be better: nobody has said so

		{"numero", "2", "100%", "", "Non calcolabile: il target dell'anno è un numero senza percentuale, il risultato finale una percentuale.", 0},
		{"numero", "50%", "23", "", "Non calcolabile: il target dell'anno è una percentuale, il risultato finale un numero senza percentuale.", 0},
		{"", "46 unità di personale", "40", "", "Non calcolabile: il target dell'anno «46 unità di personale» non è un numero.", 0},
		{"", "aggiudicazione", "avvenuta", "", "Non calcolabile: il target dell'anno «aggiudicazione» e il risultato finale «avvenuta» non sono numeri.", 0},
		{"sì/no", "sì", "no", "", "Non calcolabile: il target dell'anno «sì» e il risultato finale «no» non sono numeri.", 0},
		{"numero", "0", "0", "", "Non calcolabile: il target dell'anno è zero e il rapporto non ha senso.", 0},
		{"numero", "-5", "3", "", "Non calcolabile: il target dell'anno è negativo.", 0},
		{"numero", "12", "", "", "Non calcolabile: manca il risultato finale.", 1},
		{"numero", "12", `\`, "", `Non calcolabile: manca il risultato finale (è scritto «\»).`, 1},
		{"numero", "-", "3", "", "Non calcolabile: manca il target dell'anno (è scritto «-»).", 1},
		{"numero", "12", "N. D.", "", "Non calcolabile: manca il risultato finale (è scritto «N. D.»).", 1},
		{"numero", "n.d.", "", "", "Non calcolabile: mancano il target dell'anno (è scritto «n.d.») e il risultato finale.", 2},
	} {
		got := Indicatore{Unita: c.unita, TargetAnno: c.target, RisultatoFinale: c.risultato, TargetMetaAnno: "7", RisultatoMetaAnno: "7"}.Confronta(FineAnno)
		percento := ""
		if got.Percento != nil {
			percento = got.Percento.String()
		}
		if percento != c.percento || got.Derivazione != c.derivazione || len(got.Mancano) != c.mancano || got.Target != c.target || got.Risultato != c.risultato {
			t.Errorf("%q against %q: %q %q %q", c.risultato, c.target, percento, got.Derivazione, got.Mancano)
		}
	}
}

func TestConfrontaAtMidYear(t *testing.T) {
	c := Indicatore{TargetAnno: "690", TargetMetaAnno: "300", RisultatoMetaAnno: "285", RisultatoFinale: "390"}.Confronta(MetaAnno)
	if c.Percento == nil || c.Percento.String() != "95" {
		t.Errorf("%+v", c)
	}
	c = Indicatore{TargetAnno: "690", RisultatoFinale: "390"}.Confronta(MetaAnno)
	if c.Percento != nil || c.Derivazione != "Non calcolabile: mancano il target a metà anno e il risultato a metà anno." {
		t.Errorf("%+v", c)
	}
	b, err := json.Marshal(c)
	if err != nil || !strings.Contains(string(b), `"percento":null,`) {
		t.Errorf("not computable is null, never 0: %s, %v", b, err)
	}
}
