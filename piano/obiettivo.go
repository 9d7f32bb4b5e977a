package piano

import (
	"fmt"
	"strconv"
	"strings"
)

// Obiettivo is one card (scheda) of the plan as a settore writes it: contract,
// `scadenzario read --json`, an element of "schede". Texts are folded to
// single spaces.
type Obiettivo struct {
	Foglio             string         `json:"foglio"`                 // the sheet that holds the card
	Numero             string         `json:"numero"`                 // "1/3": progressive in the settore / in the plan; "3" where the card has no slash
	Titolo             string         `json:"titolo"`                 // as written
	Settore            string         `json:"settore"`                // as written on the card, without the word SETTORE
	Anno               int            `json:"anno"`                   // the plan's reference year
	Strategia          string         `json:"strategia"`              // the strategy of the mandate that it serves
	Assessore          string         `json:"assessore"`              // the political referents
	Responsabile       string         `json:"responsabile"`           // as written; who is in charge is told by Incarico
	Strategicita       *Decimale      `json:"strategicita"`           // 0..100, nil where missing or refused
	Peso               *Decimale      `json:"peso"`                   // per cent of its settore, 0..100, nil where missing or refused
	AltriSettori       string         `json:"altri_settori"`          // as written
	Durata             string         `json:"durata"`                 // as written: "2020 - 2021", "triennale"
	PortatoriInteressi string         `json:"portatori_di_interessi"` // as written
	Descrizione        string         `json:"descrizione"`            // SMART, specifico
	RisultatiAttesi    string         `json:"risultati_attesi"`       // as written
	Rinvio             string         `json:"rinvio"`                 // the number of the objective that this card refers to, "" for none
	Indicatori         []Indicatore   `json:"indicatori"`             // in the order of the card
	Attivita           []Attivita     `json:"attivita"`               // in the order of the card, all years
	RisorseUmane       []RisorsaUmana `json:"risorse_umane"`          // in the order of the card
	// Celle says where a value stands: the JSON key of a field of the card to
	// its A1 address on Foglio. "numero" is always there, the card's own place. Under
	// ChiaveIndicatori it says of a table of indicators which column holds what.
	Celle map[string]string `json:"-"`
}

// chiaveIndicatori begins the keys of ChiaveIndicatori.
const chiaveIndicatori = "indicatori "

// ChiaveIndicatori is the key of Celle for a table of indicators, by the last row of its
// headings and its last row; there stand the columns of its values, as "target_anno=F
// risultato_finale=L".
func ChiaveIndicatori(testata, ultima int) string {
	return fmt.Sprintf("%s%d-%d", chiaveIndicatori, testata, ultima)
}

// CellaIndicatore says where a value of an indicator stands, by its JSON key; where that
// is not known, at the indicator's description.
func (o Obiettivo) CellaIndicatore(i Indicatore, campo string) string {
	riga := strings.TrimLeft(i.Cella, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	n, colonne := numero(riga), ""
	for k, v := range o.Celle {
		righe, ok := strings.CutPrefix(k, chiaveIndicatori)
		testata, ultima, _ := strings.Cut(righe, "-")
		if ok && numero(testata) < n && n <= numero(ultima) {
			colonne = v
		}
	}
	for c := range strings.FieldsSeq(colonne) {
		if lettere, ok := strings.CutPrefix(c, campo+"="); ok {
			return lettere + riga
		}
	}
	return i.Cella
}

// numero reads a row's number; 0 for anything else.
func numero(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// Progressivo returns the second number of "n/m", which counts in the ente and
// is, with the year, the objective's key (DESIGN.md, 3). It is "" where the
// number has no slash: such a number counts in its settore alone.
func (o Obiettivo) Progressivo() string {
	_, m, ok := strings.Cut(o.Numero, "/")
	if !ok {
		return ""
	}
	return m
}

// Indicatore measures an objective. Values stay text as written (contract,
// "Indicator values stay text"); LeggiNumero tells which of them are numbers.
type Indicatore struct {
	Descrizione          string `json:"descrizione"`
	Unita                string `json:"unita"`
	ValoreAnnoPrecedente string `json:"valore_anno_precedente"`
	TargetAnno           string `json:"target_anno"`
	TargetMetaAnno       string `json:"target_meta_anno"`
	RisultatoMetaAnno    string `json:"risultato_meta_anno"`
	RisultatoFinale      string `json:"risultato_finale"`
	Cella                string `json:"-"` // A1 address of the description
}

// Attivita is a row of a cronoprogramma: one activity in one year.
type Attivita struct {
	Anno        int    `json:"anno"`
	Descrizione string `json:"descrizione"`
	Previsto    Mesi   `json:"previsto"` // the months in which it is planned
	Ottenuto    Mesi   `json:"ottenuto"` // the months in which it was carried on (Ottenuto, Realizzato)
	Eseguito    *bool  `json:"eseguito"` // ESEGUITO: SI, NO, nil where blank
	Cella       string `json:"-"`        // A1 address of the description
}

// RisorsaUmana is a role that works on an objective.
type RisorsaUmana struct {
	Ruolo       string    `json:"ruolo"`
	Percentuale *Decimale `json:"percentuale"` // 0..100, nil where none is given
	Cella       string    `json:"-"`           // A1 address of the role
}
