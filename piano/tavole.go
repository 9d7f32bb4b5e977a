package piano

// RigaSintesi is a row of the plan's table SINTESI DEGLI OBIETTIVI: what the act
// says of an objective, beside what its card says. Texts are as written, folded;
// "" where the table lacks the column or the cell is blank.
type RigaSintesi struct {
	Numero       string            // "1/3", or "3" where the table has no slash
	Titolo       string            // as written, "si veda obiettivo n. 1/1" included
	Settore      string            // as written: ask Anagrafica.Settore
	Responsabile string            // a person, or an office: "Resp. SIA"
	Assessore    string            // the political referents
	Strategicita *Decimale         // 0..100, nil where the table says none
	Peso         *Decimale         // per cent of its settore, 0..100, nil where the table says none
	AltriSettori string            // as written
	Durata       string            // as written: "2020 – 2021"
	File         string            // base name of the workbook
	Foglio       string            // its sheet
	Celle        map[string]string // field (the keys of the contract's card) to A1 address; "numero" is always there
}

// Luogo says where a field of the row stands; a field that the table lacks stands at
// the row's number.
func (r RigaSintesi) Luogo(campo string) Luogo {
	cella, ok := r.Celle[campo]
	if !ok {
		cella = r.Celle["numero"]
	}
	return Luogo{r.File, r.Foglio, cella}
}

// Misura is one row of the measures of the anti-corruption plan: something to be
// done and how it will be seen that it was. The four-monthly report asks about each
// of them. Texts are as written, folded; "" where the table lacks the column or the
// cell is blank.
type Misura struct {
	ID           int64  // the store's: the same for ever while Titolo, Attivita, Indicatore and Settore are the same; 0 before it was saved
	Area         string // the area of risk, the process or the group of measures that it belongs to
	Titolo       string // the measure; never ""
	Attivita     string // what is to be done for it
	Indicatore   string // by what its result is measured: "Controllo di almeno il 10% delle autocertificazioni"
	Target       string // the value to be reached, where the table keeps it beside the indicator
	Verifica     string // means of verification: which paper shows it
	Settore      string // who carries it out, as written ("Tutti i settori"): ask Anagrafica.Settore, which may not know it
	Responsabile string // the person or function, as written
	Scadenza     string // as written ("semestrale", "entro giugno"), "2021-12-31" for a date cell
	File         string // base name of the workbook
	Foglio       string // its sheet
	Cella        string // A1 address of what tells the row from the one above: its activity, else its indicator, else its title
}
