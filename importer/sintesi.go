package importer

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// Sintesi is what was understood of a workbook with the table SINTESI DEGLI OBIETTIVI.
type Sintesi struct {
	Anno    int
	Righe   []piano.RigaSintesi // in the order of the sheets
	Rilievi []piano.Rilievo
}

var elencoSintesi = &tipoElenco{
	nome: "di sintesi degli obiettivi", serve: "N., titolo, settore, responsabile, strategicità, peso",
	colonne: []colonnaElenco{
		{"", []string{"obiettivo strategico", "linea strategica", "indirizzo strategico", "area strategica", "strategia", "missione", "programma", "missione programma", "note"}, nil},
		{"numero", []string{"n", "nr", "num", "numero", "n obiettivo", "numero obiettivo", "obiettivo n", "obiettivo numero", "n ob", "ob n", "codice", "cod", "codice obiettivo", "progressivo", "n progressivo", "n ord", "id"}, nil},
		{"altri_settori", nil, []string{"altri", "altre", "coinvolt", "trasversal"}},
		{"priorita", []string{"strategicita peso", "priorita peso", "peso strategicita", "peso priorita", "priorita peso obiettivo %", "strategicita peso %"}, nil},
		{"strategicita", nil, []string{"strategicit", "priorit", "rilevanz"}},
		{"peso", nil, []string{"peso", "pesi", "ponderazion", "pesatur"}},
		{"durata", []string{"anno", "anni", "periodo", "annualita", "tempi", "tempistica"}, []string{"durat", "annualit"}},
		{"assessore", nil, []string{"assessor", "amministrator", "politic"}},
		{"settore", []string{"area", "cdr", "centro responsabilita", "servizio"}, []string{"settor", "struttur", "uffici", "servizi"}},
		{"responsabile", nil, []string{"responsabil", "dirigent", "referent"}},
		{"titolo", []string{"oggetto"}, []string{"titol", "denominazion"}},
		{"obiettivo", nil, []string{"obiettiv"}},
		{"descrizione", nil, []string{"descrizion"}},
	},
	basta: func(c map[string]int) bool {
		titolo := c["titolo"]+c["obiettivo"]+c["descrizione"] > 0
		pesi := c["peso"]+c["strategicita"]+c["priorita"] > 0
		return titolo && c["settore"]+c["responsabile"]+c["numero"] > 0 && (pesi || c["numero"] > 0 && c["settore"] > 0)
	},
	sistema: func(c map[string]int) {
		switch {
		case c["titolo"] == 0 && c["obiettivo"] > 0:
			c["titolo"] = c["obiettivo"]
		case c["titolo"] == 0:
			c["titolo"] = c["descrizione"]
		case c["numero"] == 0 && c["obiettivo"] > 0: // "Obiettivo | Titolo"
			c["numero"] = c["obiettivo"]
		}
		delete(c, "obiettivo")
		delete(c, "descrizione")
	},
}

// LeggiSintesi reads a workbook with the table SINTESI DEGLI OBIETTIVI: on any visible
// sheet, its columns known by their headings in any order. anno is the year that a person
// has said, 0 for what the workbook says. Like Leggi it takes any bytes; with an errore
// nothing of it must be used.
func LeggiSintesi(nome string, contenuto []byte, anno int) Sintesi {
	cartella, rilievi := apriFile(contenuto)
	if rilievi != nil {
		return Sintesi{Rilievi: rilievi}
	}
	tutti, anno, rilievi := scegliElenchi(cartella, elencoSintesi, nome, anno)
	s := Sintesi{Anno: anno, Rilievi: rilievi}
	dove := map[string]string{}
	for _, e := range tutti {
		l := lettoreSintesi{elencoLetto: e, s: &s, file: base(nome), dove: dove}
		e.righe(l.riga)
		l.frazioni()
	}
	if len(tutti) > 0 && len(s.Righe) == 0 && !piano.HaErrori(s.Rilievi) {
		s.Rilievi = append(s.Rilievi, NuovoRilievo("tabella-mancante", "", "", elencoSintesi.nome, elencoSintesi.serve))
	}
	return s
}

// lettoreSintesi reads the rows of one table.
type lettoreSintesi struct {
	*elencoLetto
	s       *Sintesi
	file    string
	settore string            // of the heading between the rows
	dove    map[string]string // number to the place of its row
	sue     []int             // its rows in s.Righe
	intere  []bool            // whose weight is a plain number, beside sue
}

var (
	numeroRigaRe  = regexp.MustCompile(`(?i)^(?:(?:obiettivo|ob|numero|num|nr|n)[\s.:°º]*)*(\d{1,4}(?:\s*/\s*\d{1,4})?)\s*[.)°]?$`)
	numeroTitolRe = regexp.MustCompile(`(?i)^(?:(?:obiettivo|ob|numero|num|nr|n)[\s.:°º]*)*(\d{1,4}\s*/\s*\d{1,4})[\s:.)–—-]+(\S.*)$`)
	totaleRe      = regexp.MustCompile(`^(totale|totali|somma|tot\.?)\b`)
)

func (l *lettoreSintesi) riga(riga int) {
	if colonna, testo, larga := l.sola(riga); larga || colonna != "" && colonna != "titolo" && !l.continua(riga) || colonna == "titolo" && maiuscola(testo) && l.cella(riga, "numero").Testo == "" && l.colonne["numero"] > 0 {
		l.fuori(riga, colonna, testo, larga)
		return
	}
	if l.continua(riga) {
		l.aggiungi(riga)
		return
	}
	numero, titolo := l.cella(riga, "numero"), l.valore(riga, "titolo", &l.s.Rilievi)
	scritto, campoNumero := numero.Testo, "numero"
	if m := numeroTitolRe.FindStringSubmatch(titolo); m != nil && scritto == "" {
		scritto, titolo, campoNumero = m[1], m[2], "titolo"
	}
	m := numeroRigaRe.FindStringSubmatch(scritto)
	if m == nil && l.totale(riga) {
		return
	}
	if m == nil || numero.Tipo == sheet.Data {
		l.s.Rilievi = append(l.s.Rilievi, l.rilievo("numero-non-valido", riga, l.colonnaNumero(), scritto))
		return
	}
	r := piano.RigaSintesi{Numero: strings.ReplaceAll(m[1], " ", ""), Titolo: titolo, File: l.file, Foglio: l.f.Nome}
	qui := l.indirizzo(riga, campoNumero)
	if prima, c := l.dove[r.Numero]; c {
		l.s.Rilievi = append(l.s.Rilievi, l.rilievo("numero-ripetuto", riga, campoNumero, r.Numero, prima))
		return
	}
	l.dove[r.Numero] = "foglio «" + l.f.Nome + "», cella " + qui
	r.Celle = map[string]string{"numero": qui}
	l.campi(riga, &r)
	if r.Titolo == "" {
		l.s.Rilievi = append(l.s.Rilievi, l.rilievo("titolo-mancante", riga, "titolo", r.Numero))
	}
	l.sue = append(l.sue, len(l.s.Righe))
	l.s.Righe = append(l.s.Righe, r)
}

// fuori looks at the one text of a row: the settore of the rows below it, a total, or a
// note.
func (l *lettoreSintesi) fuori(riga int, colonna, testo string, larga bool) {
	switch t := senzaSettore(testo); {
	case t != testo && t != "":
		l.settore = t
	case larga, colonna == "peso", colonna == "strategicita", totaleRe.MatchString(piano.Normalizza(testo)):
	default:
		l.s.Rilievi = append(l.s.Rilievi, l.rilievo("riga-non-letta", riga, colonna, testo))
	}
}

// totale tells whether one of the row's texts says that it adds the others up.
func (l *lettoreSintesi) totale(riga int) bool {
	return slices.ContainsFunc(l.piene(riga), func(c string) bool { return totaleRe.MatchString(piano.Normalizza(l.cella(riga, c).Testo)) })
}

// maiuscola tells that a text begins as a sentence does, not as the rest of one.
func maiuscola(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return !unicode.IsLower(r) && !unicode.IsDigit(r)
}

// colonnaNumero is the column that holds the numbers.
func (l *lettoreSintesi) colonnaNumero() string {
	if l.colonne["numero"] == 0 {
		return "titolo"
	}
	return "numero"
}

// testi are the fields of a row that are text, with where they are kept.
func testiSintesi(r *piano.RigaSintesi) map[string]*string {
	return map[string]*string{"settore": &r.Settore, "responsabile": &r.Responsabile, "assessore": &r.Assessore, "altri_settori": &r.AltriSettori, "durata": &r.Durata}
}

// campi reads the other columns of a row.
func (l *lettoreSintesi) campi(riga int, r *piano.RigaSintesi) {
	if l.colonne["titolo"] > 0 {
		r.Celle["titolo"] = l.indirizzo(riga, "titolo")
	}
	for nome, dove := range testiSintesi(r) {
		if *dove = l.valore(riga, nome, &l.s.Rilievi); numeroVuoto(*dove) {
			*dove = ""
		}
		if l.colonne[nome] > 0 {
			r.Celle[nome] = l.indirizzo(riga, nome)
		}
	}
	if r.Settore = senzaSettore(r.Settore); r.Settore == "" {
		r.Settore = l.settore
	}
	letti := map[campo]valoreLetto{}
	for nome, c := range map[string]campo{"strategicita": cStrategicita, "peso": cPeso, "priorita": cPriorita} {
		if x := l.cella(riga, nome); l.colonne[nome] > 0 {
			letti[c] = valoreLetto{testo: l.valore(riga, nome, &l.s.Rilievi), tipo: x.Tipo, area: l.f.Area(riga, l.colonne[nome])}
		}
	}
	strategicita, peso := leggiPesi(letti)
	for _, p := range []struct {
		nome, codice string
		pesoLetto
		dove **piano.Decimale
	}{{"strategicita", "strategicita-non-valida", strategicita, &r.Strategicita}, {"peso", "peso-non-valido", peso, &r.Peso}} {
		if p.area.Riga > 0 {
			r.Celle[p.nome] = p.area.Indirizzo()
		}
		if !p.valido() {
			l.s.Rilievi = append(l.s.Rilievi, NuovoRilievo(p.codice, l.f.Nome, p.area.Indirizzo(), p.testo))
		}
		*p.dove = p.n
	}
	l.intere = append(l.intere, l.cella(riga, "peso").Tipo == sheet.Numero)
}

// frazioni makes 100 of a weight written as 1 among others written as 0.8.
func (l *lettoreSintesi) frazioni() {
	uno, frazioni := piano.NewDecimale(1), false
	for k, i := range l.sue {
		p := l.s.Righe[i].Peso
		if p == nil || !l.intere[k] {
			continue
		}
		c := l.cellaDi(l.s.Righe[i].Celle["peso"])
		frazioni = frazioni || strings.HasPrefix(c.Testo, "0.")
	}
	for k, i := range l.sue {
		if p := l.s.Righe[i].Peso; frazioni && p != nil && l.intere[k] && *p == uno {
			*p *= 100
		}
	}
}

// cellaDi returns the cell at an address.
func (l *lettoreSintesi) cellaDi(indirizzo string) sheet.Cella {
	riga, colonna, _ := sheet.DaIndirizzo(indirizzo)
	return l.f.Cella(riga, colonna)
}

// continua tells whether the row goes on with the one above it, as a table does that was
// broken over two pages: no number or that of a cell that began above, and no weight.
func (l *lettoreSintesi) continua(riga int) bool {
	n := len(l.s.Righe)
	if n == 0 || l.s.Righe[n-1].Foglio != l.f.Nome || l.colonne["numero"] == 0 {
		return false
	}
	mancano := 0
	for _, nome := range []string{"numero", "strategicita", "peso", "priorita"} {
		c := l.cella(riga, nome)
		if c.Testo != "" && c.Riga == riga || c.Tipo == sheet.Ignoto {
			return false
		}
		if l.colonne[nome] > 0 {
			mancano++
		}
	}
	sopra := l.cella(riga-1, "numero")
	return mancano > 1 && (sopra.Testo != "" || l.cella(riga-1, "titolo").Testo != "" || l.cella(riga-1, "altri_settori").Testo != "") && len(l.piene(riga)) > 0
}

// aggiungi adds the texts of a row to the one above it.
func (l *lettoreSintesi) aggiungi(riga int) {
	r := &l.s.Righe[len(l.s.Righe)-1]
	testi := testiSintesi(r)
	testi["titolo"] = &r.Titolo
	for nome, dove := range testi {
		if c := l.cella(riga, nome); c.Riga == riga && c.Testo != "" {
			*dove = piano.Piega(*dove + " " + c.Testo)
		}
	}
}
