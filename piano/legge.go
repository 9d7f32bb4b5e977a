package piano

import (
	"cmp"
	"fmt"
	"slices"
)

// Termine is a date that the law sets every year, as a row of a table: which day, by
// which rule.
type Termine struct {
	Codice       string // a short name, by which the configuration changes it
	Che          string // what is due, in Italian
	Fonte        string // the rule that says so
	Mese, Giorno int    // the day of each year; 0 where only the budget counts
	// DopoBilancio is how many days after the approval of the year's budget the term
	// ends; with a day of the year too, the later of the two holds. 0 where the budget
	// does not matter.
	DopoBilancio int
	Dal          int            // the first year that has it; 0 for all
	Anni         map[int]Giorno // its day in single years, where an act moved it
}

// TerminiDiLegge is the table that holds where the configuration says nothing. Each
// call returns a new one.
//
//   - peg: "entro venti giorni dall'approvazione del bilancio di previsione".
//   - piao: 31 January; where the term of budgets is put off, thirty days after "quello
//     di approvazione dei bilanci". That is read here as the day on which the ente
//     approved its own; ANCI (Quaderno 37/2023) counts from the last day that the decree
//     allows, which an ente writes in the configuration as the day of that year.
//   - equilibri: "almeno una volta entro il 31 luglio di ciascun anno"; by then the
//     Consiglio sees the state of the programmes, too (principle 4/1, 4.2, of d.lgs. 118/2011).
//   - relazione: approved and validated by 30 June of the year after.
//   - rpct: 15 December; ANAC moves it almost every year by a comunicato.
func TerminiDiLegge() []Termine {
	return []Termine{
		{Codice: "peg", Che: "approvazione del piano esecutivo di gestione (PEG) da parte della Giunta", Fonte: "art. 169, c. 1, d.lgs. 267/2000", DopoBilancio: 20},
		{Codice: "piao", Che: "adozione del piano integrato di attività e organizzazione (PIAO)", Fonte: "art. 6 d.l. 80/2021; art. 8, c. 2, d.m. 132/2022", Mese: 1, Giorno: 31, DopoBilancio: 30, Dal: 2022},
		{Codice: "relazione", Che: "approvazione e validazione della Relazione sulla performance dell'anno precedente", Fonte: "art. 10, c. 1, lett. b), d.lgs. 150/2009", Mese: 6, Giorno: 30},
		{Codice: "equilibri", Che: "verifica degli equilibri di bilancio e dello stato di attuazione dei programmi", Fonte: "art. 193, c. 2, d.lgs. 267/2000; all. 4/1, par. 4.2, d.lgs. 118/2011", Mese: 7, Giorno: 31},
		{Codice: "rpct", Che: "relazione annuale del Responsabile della prevenzione della corruzione e della trasparenza", Fonte: "art. 1, c. 14, l. 190/2012", Mese: 12, Giorno: 15},
	}
}

// DataDiLegge is the day on which a Termine falls in one year.
type DataDiLegge struct {
	Codice string `json:"codice"`
	Anno   int    `json:"anno"` // of the plan or budget that it belongs to
	Giorno Giorno `json:"giorno"`
	Che    string `json:"che"`
	Fonte  string `json:"fonte"`
	Perche string `json:"perche"` // how the day was found, in Italian; "" where it is the law's own
}

// DateDiLegge returns the dates of the table that fall after dal and up to al, earliest
// first. bilanci says on which day the budget of a year was approved; where it does not
// say, the ordinary term of 31 December (art. 151 d.lgs. 267/2000) is taken, and Perche
// says so.
func DateDiLegge(tabella []Termine, bilanci map[int]Giorno, dal, al Giorno) []DataDiLegge {
	var date []DataDiLegge
	// a term of a year may fall in the one before (PEG) or after (put off by an act)
	for anno := dal.Anno() - 1; anno <= al.Anno()+1; anno++ {
		for _, t := range tabella {
			d := t.nel(anno, bilanci)
			if d.Giorno.Dopo(dal) && !d.Giorno.Dopo(al) {
				date = append(date, d)
			}
		}
	}
	slices.SortStableFunc(date, func(a, b DataDiLegge) int {
		return cmp.Or(a.Giorno.Da(b.Giorno), cmp.Compare(a.Codice, b.Codice))
	})
	return date
}

// nel finds the day of the term in that year; no day where the table gives none.
func (t Termine) nel(anno int, bilanci map[int]Giorno) DataDiLegge {
	d := DataDiLegge{Codice: t.Codice, Anno: anno, Che: t.Che, Fonte: t.Fonte}
	if g, ok := t.Anni[anno]; ok {
		d.Giorno, d.Perche = g, fmt.Sprintf("data stabilita per il %d", anno)
		return d
	}
	if anno < t.Dal {
		return d
	}
	if t.Mese > 0 {
		d.Giorno = NewGiorno(anno, t.Mese, t.Giorno)
	}
	if t.DopoBilancio == 0 {
		return d
	}
	approvato, noto := bilanci[anno]
	if !noto {
		approvato = NewGiorno(anno-1, 12, 31)
	}
	g := approvato.Piu(t.DopoBilancio)
	if !g.Dopo(d.Giorno) {
		return d
	}
	d.Giorno = g
	d.Perche = fmt.Sprintf("%d giorni dall'approvazione del bilancio %d, avvenuta il %s", t.DopoBilancio, anno, approvato.Breve())
	if !noto {
		d.Perche = fmt.Sprintf("%d giorni dal termine ordinario del bilancio %d, il %s: la data di approvazione non è stata indicata", t.DopoBilancio, anno, approvato.Breve())
	}
	return d
}
