package importer

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// A card drawn in the manner of an office that nobody has asked: each habit is a
// dimension of its own, and every combination must read as the same objective.

// abitudini says how an office lays a card out; each number chooses among the
// variants of its dimension.
type abitudini struct {
	riga, colonna  int // rows above and columns left of the card
	carta          int // the letterhead
	grafia         int // how labels are written
	sotto          int // values below their labels instead of beside
	numero         int // how number and title stand
	anno           int // where the year stands
	settore        int
	peso           int
	mesi           int // how the months are headed
	periodi        int // months, quarters, four months, semesters
	segno          int
	tabelle        int // pairs of rows, one grid below or beside the other, pairs of columns
	nomi           int // Previsto/Ottenuto and the like
	attivita       int // on the first row, on both, merged over both
	eseguito       int // absent, after, before
	indicatori     int // order of their columns
	persone        int // how the shares are written
	accanto        int // another table beside the card
	titoloSezioni  int // blank rows between sections
	descrizioneNel int // content in the heading's own cell, beside, below
}

// dimensioni is how many variants each has.
var dimensioni = []struct {
	nome  string
	di    func(*abitudini) *int
	tante int
}{
	{"riga", func(a *abitudini) *int { return &a.riga }, 4}, {"colonna", func(a *abitudini) *int { return &a.colonna }, 3},
	{"carta", func(a *abitudini) *int { return &a.carta }, 3}, {"grafia", func(a *abitudini) *int { return &a.grafia }, 8},
	{"sotto", func(a *abitudini) *int { return &a.sotto }, 2}, {"numero", func(a *abitudini) *int { return &a.numero }, 9},
	{"anno", func(a *abitudini) *int { return &a.anno }, 5}, {"settore", func(a *abitudini) *int { return &a.settore }, 3},
	{"peso", func(a *abitudini) *int { return &a.peso }, 9}, {"mesi", func(a *abitudini) *int { return &a.mesi }, 9},
	{"periodi", func(a *abitudini) *int { return &a.periodi }, 12}, {"segno", func(a *abitudini) *int { return &a.segno }, 11},
	{"tabelle", func(a *abitudini) *int { return &a.tabelle }, 5}, {"nomi", func(a *abitudini) *int { return &a.nomi }, 7},
	{"attivita", func(a *abitudini) *int { return &a.attivita }, 3}, {"eseguito", func(a *abitudini) *int { return &a.eseguito }, 4},
	{"indicatori", func(a *abitudini) *int { return &a.indicatori }, 8}, {"persone", func(a *abitudini) *int { return &a.persone }, 5},
	{"accanto", func(a *abitudini) *int { return &a.accanto }, 2}, {"sezioni", func(a *abitudini) *int { return &a.titoloSezioni }, 3},
	{"descrizione", func(a *abitudini) *int { return &a.descrizioneNel }, 3},
}

// disegno is a sheet being drawn, with the objective that it is to be read as.
type disegno struct {
	a      abitudini
	r      *rand.Rand
	celle  []sheet.Cella
	unioni []sheet.Area
	riga   int // the next row
	col    int // the first column
	o      piano.Obiettivo
}

func (d *disegno) metti(riga, colonna int, testo string) {
	d.mettiTipo(riga, colonna, testo, sheet.Testo)
}

func (d *disegno) mettiTipo(riga, colonna int, testo string, tipo sheet.Tipo) {
	d.celle = append(d.celle, sheet.Cella{Riga: riga, Colonna: colonna, Testo: sheet.Piega(testo), Tipo: tipo})
}

func (d *disegno) colora(riga, colonna int, colore string) {
	i := slices.IndexFunc(d.celle, func(c sheet.Cella) bool { return c.Riga == riga && c.Colonna == colonna })
	if i < 0 {
		d.celle = append(d.celle, sheet.Cella{Riga: riga, Colonna: colonna})
		i = len(d.celle) - 1
	}
	d.celle[i].Riempimento = sheet.ColoreDi(colore)
}

func (d *disegno) unisci(r1, c1, r2, c2 int) {
	d.unioni = append(d.unioni, sheet.Area{Riga: r1, Colonna: c1, FinoRiga: r2, FinoColonna: c2})
}

// etichetta writes a label as the office does.
func (d *disegno) etichetta(s string) string {
	switch d.a.grafia {
	case 1:
		return s + ":"
	case 2:
		return strings.ToUpper(s)
	case 3:
		return strings.ReplaceAll(s, " ", "\u00a0 ") + "\u00a0"
	case 4:
		return norm.NFD.String(s)
	case 5:
		return strings.NewReplacer("'", "’", " - ", " – ", "-", "‐").Replace(s)
	case 6:
		return strings.ToUpper(s) + " :"
	case 7:
		return refuso(s)
	}
	return s
}

// refuso writes the longest word with a letter twice or a letter missing.
func refuso(s string) string {
	lunga := ""
	for _, p := range strings.Fields(s) {
		if len(p) > len(lunga) && norm.NFC.IsNormalString(p) && len(p) == len([]rune(p)) {
			lunga = p
		}
	}
	if len(lunga) < 8 {
		return s
	}
	n := len(lunga) - 3
	return strings.Replace(s, lunga, lunga[:n]+lunga[n+1:], 1)
}

// campoAccanto writes a label and its value.
func (d *disegno) campoAccanto(nome, valore string, tipo sheet.Tipo) {
	d.metti(d.riga, d.col, d.etichetta(nome))
	d.mettiTipo(d.riga, d.col+1, valore, tipo)
	d.riga++
}

// campi writes the labels in a row of their own and the values below them.
func (d *disegno) campiSotto(nomi, valori []string) {
	for i := range nomi {
		d.metti(d.riga, d.col+2*i, d.etichetta(nomi[i]))
		d.metti(d.riga+1, d.col+2*i, valori[i])
	}
	d.riga += 2
}

func disegna(a abitudini, seme uint64) (sheet.Foglio, piano.Obiettivo) {
	d := &disegno{a: a, r: rand.New(rand.NewPCG(seme, 11)), riga: 1 + 2*a.riga, col: 1 + a.colonna}
	d.o = piano.Obiettivo{Foglio: "Prova", Numero: "1/3", Titolo: "Verifiche dei posteggi sulle aree pubbliche", Settore: "SUAP", Anno: 2021,
		Strategia: "Un unico interlocutore", Assessore: "Martina Galletti", Responsabile: "Giulia Montanari", Durata: "2021-2023",
		PortatoriInteressi: "Operatori del commercio", Descrizione: "Si verificano i posteggi e si aggiornano i dati.",
		RisultatiAttesi: "Dati completi per tutti i posteggi.",
		Indicatori:      []piano.Indicatore{}, Attivita: []piano.Attivita{}, RisorseUmane: []piano.RisorsaUmana{}}
	d.testata()
	d.titolo()
	d.anagrafe()
	d.pesi()
	d.testi()
	d.stacco()
	d.tabellaIndicatori()
	d.stacco()
	d.crono()
	d.stacco()
	d.personale()
	if a.accanto == 1 {
		d.metti(d.riga-6, 40, "Legenda")
		d.metti(d.riga-5, 40, "X = mese previsto")
	}
	return sheet.NewFoglio("Prova", false, d.celle, d.unioni), d.o
}

func (d *disegno) stacco() { d.riga += 1 + d.a.titoloSezioni%2 }

// testata writes the letterhead with settore and year.
func (d *disegno) testata() {
	if d.a.carta > 0 {
		d.metti(d.riga, d.col+2*(d.a.carta-1), "UNIONE DEI COMUNI TERRE DI PIANURA")
		d.riga++
		d.metti(d.riga, d.col, "Provincia di Bologna")
		d.riga += d.a.carta
	}
	d.metti(d.riga, d.col, []string{"PIANO ESECUTIVO DI GESTIONE – ANNI 2021-2023", "PEG 2021/2023", "PIANO DEGLI OBIETTIVI ANNI 2021-23", "SCHEDE OBIETTIVO", "PIAO 2021-2023 – Piano della performance"}[d.a.anno])
	d.riga++
	switch d.a.settore {
	case 0:
		d.metti(d.riga, d.col, "SETTORE SUAP")
		d.riga++
	case 1:
		d.campoAccanto("Settore", "SUAP", sheet.Testo)
	case 2:
		d.metti(d.riga, d.col, "SUAP")
		d.riga++
	}
	d.riga++
}

func (d *disegno) titolo() {
	t := d.o.Titolo
	switch d.a.numero {
	case 0:
		d.metti(d.riga, d.col, "OBIETTIVO N. 1/3 – "+t)
		d.unisci(d.riga, d.col, d.riga, d.col+6)
	case 1:
		d.metti(d.riga, d.col, "Obiettivo n° 1/3: "+t)
	case 2:
		d.metti(d.riga, d.col, "OBIETTIVO N.")
		d.metti(d.riga, d.col+1, "1/3")
		d.metti(d.riga, d.col+2, t)
	case 3:
		d.metti(d.riga, d.col, "Obiettivo N. 1/3")
		d.metti(d.riga, d.col+1, t)
	case 4:
		d.metti(d.riga, d.col, "OBIETTIVO N. 1/3")
		d.riga++
		d.metti(d.riga, d.col, t)
		d.unisci(d.riga, d.col, d.riga, d.col+6)
	case 5:
		d.metti(d.riga, d.col, "obiettivo n.1/3 "+t)
	case 6:
		d.metti(d.riga, d.col, "OBIETTIVO\u00a0 N.\u00a01 / 3 — "+t)
	case 7:
		d.metti(d.riga, d.col, "OBIETTIVO N. 1/3")
		d.riga++
		d.campoAccanto("Titolo", t, sheet.Testo)
		d.riga--
	case 8:
		d.metti(d.riga, d.col, "Obiettivo numero 1/3 - "+t)
	}
	d.riga++
}

func (d *disegno) anagrafe() {
	if d.a.sotto == 1 {
		d.campiSotto([]string{"Strategia", "Assessore", "Dirigente / Responsabile"}, []string{d.o.Strategia, d.o.Assessore, d.o.Responsabile})
		d.campiSotto([]string{"Durata", "Utenti / portatori di interessi"}, []string{d.o.Durata, d.o.PortatoriInteressi})
		return
	}
	d.campoAccanto("Strategia", d.o.Strategia, sheet.Testo)
	d.campoAccanto("Assessore", d.o.Assessore, sheet.Testo)
	d.campoAccanto("Dirigente / Responsabile", d.o.Responsabile, sheet.Testo)
	d.campoAccanto("Durata", d.o.Durata, sheet.Testo)
	d.campoAccanto("Utenti / portatori di interessi", d.o.PortatoriInteressi, sheet.Testo)
}

func decimaleDi(n int) *piano.Decimale {
	v := piano.NewDecimale(n)
	return &v
}

func (d *disegno) pesi() {
	d.o.Strategicita, d.o.Peso = decimaleDi(100), decimaleDi(80)
	switch d.a.peso {
	case 0:
		d.campoAccanto("Priorità e peso obiettivo in %", "Strategicità 100 – Peso 80%", sheet.Testo)
	case 1:
		d.campoAccanto("Strategicità", "100", sheet.Numero)
		d.campoAccanto("Peso", "80", sheet.Numero)
	case 2:
		d.campoAccanto("Strategicità", "100%", sheet.Percento)
		d.campoAccanto("Peso obiettivo", "80%", sheet.Percento)
	case 3:
		d.campoAccanto("Strategicità", "100 %", sheet.Testo)
		d.campoAccanto("Peso", "80 %", sheet.Testo)
	case 4:
		d.metti(d.riga, d.col, "Strategicità: 100 – Peso: 80%")
		d.riga++
	case 5:
		d.metti(d.riga, d.col, d.etichetta("Strategicità"))
		d.mettiTipo(d.riga, d.col+1, "100", sheet.Numero)
		d.metti(d.riga, d.col+2, d.etichetta("Peso"))
		d.mettiTipo(d.riga, d.col+3, "80", sheet.Numero)
		d.riga++
	case 6:
		d.campoAccanto("Peso relativo", "80,00%", sheet.Testo)
		d.campoAccanto("Grado di strategicità", "100", sheet.Numero)
	case 7:
		d.metti(d.riga, d.col, "Peso 80% e strategicità 100")
		d.riga++
	case 8:
		d.campoAccanto("Priorità", "Strategicità 100", sheet.Testo)
		d.campoAccanto("Peso (%)", "80", sheet.Numero)
	}
}

// testi writes description and expected results.
func (d *disegno) testi() {
	for _, s := range []struct{ titolo, testo string }{{"Descrizione obiettivo", d.o.Descrizione}, {"Risultati e impatti attesi", d.o.RisultatiAttesi}} {
		switch d.a.descrizioneNel {
		case 0:
			d.stacco()
			d.metti(d.riga, d.col, d.etichetta(s.titolo))
			d.metti(d.riga+1, d.col, s.testo)
			d.unisci(d.riga+1, d.col, d.riga+1, d.col+6)
			d.riga += 2
		case 1:
			d.campoAccanto(s.titolo, s.testo, sheet.Testo)
		case 2:
			d.metti(d.riga, d.col, s.titolo+": "+s.testo)
			d.riga++
		}
	}
}

// colonneIndicatori are the headings, with the value's place in the indicator.
var colonneIndicatori = []struct {
	nomi []string
	i    int
}{
	{[]string{"Indicatori", "Descrizione indicatore", "Indicatore di risultato"}, 0}, {[]string{"Unità di misura", "U.M.", "Unità di misura"}, 1},
	{[]string{"Valore anno precedente", "Valore iniziale", "Risultato anno precedente"}, 2},
	{[]string{"Target previsto anno", "Target 2021", "Valore atteso 2021"}, 3}, {[]string{"Target a metà anno", "Target al 30/06", "Target I semestre"}, 4},
	{[]string{"Risultato a metà anno", "Risultato al 30/06", "Consuntivo al 30/06/2021"}, 5}, {[]string{"Risultato finale", "Risultato al 31/12", "Consuntivo 2021"}, 6},
}

func (d *disegno) tabellaIndicatori() {
	ordine := []int{0, 1, 2, 3, 4, 5, 6}
	switch d.a.indicatori {
	case 1, 5:
		ordine = []int{0, 1, 3, 6}
	case 2:
		ordine = []int{1, 0, 2, 4, 3, 5, 6}
	case 3:
		ordine = []int{0, 3}
	case 4:
		ordine = []int{0, 1, 2, 4, 5, 3, 6}
	case 6:
		ordine = []int{0, 6, 5, 4, 3, 2, 1}
	}
	nome := d.a.indicatori % 3
	if d.a.indicatori >= 4 {
		d.metti(d.riga, d.col, d.etichetta("INDICATORI"))
		d.riga++
	}
	for c, i := range ordine {
		d.metti(d.riga, d.col+c, d.etichetta(colonneIndicatori[i].nomi[nome]))
	}
	d.riga++
	for _, valori := range [][]string{{"Posteggi verificati", "numero", "640", "690", "300", "310", "700"}, {"Tempo medio di risposta", "giorni", "12", "10", "11", "11", "9"}} {
		var suo piano.Indicatore
		campi := []*string{&suo.Descrizione, &suo.Unita, &suo.ValoreAnnoPrecedente, &suo.TargetAnno, &suo.TargetMetaAnno, &suo.RisultatoMetaAnno, &suo.RisultatoFinale}
		for c, i := range ordine {
			tipo := sheet.Testo
			if i > 1 {
				tipo = sheet.Numero
			}
			if valori[0] == "Tempo medio di risposta" && i == 4 {
				continue // blank
			}
			d.mettiTipo(d.riga, d.col+c, valori[i], tipo)
			*campi[i] = valori[i]
		}
		d.o.Indicatori = append(d.o.Indicatori, suo)
		d.riga++
	}
}

// periodo is a column of the grid: a heading and its months.
type periodo struct {
	testo string
	tipo  sheet.Tipo
	mesi  piano.Mesi
}

func (d *disegno) periodi() []periodo {
	var p []periodo
	romani := []string{"I", "II", "III", "IV"}
	gruppi := func(quanti int, formato func(i int) string) {
		for i := range 12 / quanti {
			var m piano.Mesi
			for k := range quanti {
				m |= piano.NewMesi(i*quanti + k + 1)
			}
			p = append(p, periodo{formato(i), sheet.Testo, m})
		}
	}
	switch d.a.periodi {
	case 1:
		gruppi(3, func(i int) string { return romani[i] + " trim." })
		return p
	case 2:
		gruppi(3, func(i int) string { return fmt.Sprintf("%d° trimestre", i+1) })
		return p
	case 3:
		gruppi(3, func(i int) string { return fmt.Sprintf("T%d", i+1) })
		return p
	case 4:
		gruppi(4, func(i int) string { return romani[i] + " quadrimestre" })
		return p
	case 5:
		gruppi(4, func(i int) string { return fmt.Sprintf("%d° quadr.", i+1) })
		return p
	case 6:
		gruppi(6, func(i int) string { return romani[i] + " semestre" })
		return p
	case 7:
		gruppi(3, func(i int) string { return []string{"Gen-Mar", "Apr-Giu", "Lug-Set", "Ott-Dic"}[i] })
		return p
	case 8:
		gruppi(3, func(i int) string { return romani[i] + " TRIMESTRE 2021" })
		return p
	case 9:
		gruppi(6, func(i int) string { return fmt.Sprintf("%d° sem.", i+1) })
		return p
	case 10:
		gruppi(2, func(i int) string { return fmt.Sprintf("%d° bimestre", i+1) })
		return p
	case 11:
		gruppi(3, func(i int) string {
			return romani[i] + " trim. (" + []string{"gen-mar", "apr-giu", "lug-set", "ott-dic"}[i] + ")"
		})
		return p
	}
	for m := 1; m <= 12; m++ {
		nome := piano.NomeMese(m)
		v := periodo{tipo: sheet.Testo, mesi: piano.NewMesi(m)}
		switch d.a.mesi {
		case 0:
			v.testo = strings.ToUpper(nome[:1])
		case 1:
			v.testo = nome[:3]
		case 2:
			v.testo = strings.ToUpper(nome)
		case 3:
			v.testo, v.tipo = fmt.Sprint(m), sheet.Numero
		case 4:
			v.testo, v.tipo = fmt.Sprintf("2021-%02d-01", m), sheet.Data
		case 5:
			v.testo = strings.ToUpper(nome[:1]) + nome[1:3] + "-21"
		case 6:
			v.testo = strings.ToUpper(nome[:1]) + nome[1:3] + "."
		case 7:
			v.testo = fmt.Sprintf("%s\n2021", nome)
		case 8:
			v.testo = fmt.Sprintf("%02d/2021", m)
		}
		p = append(p, v)
	}
	return p
}

// nomiRighe are what offices call the two rows.
var nomiRighe = [][2]string{{"Previsto", "Ottenuto"}, {"Previsto", "Realizzato"}, {"PREVISTO", "EFFETTIVO"}, {"Programmato", "Consuntivo"}, {"Prev.", "Ott."}, {"P", "R"}, {"Previsione", "Consuntivo"}}

// lavoro is an activity to draw.
type lavoro struct {
	nome               string
	previsto, ottenuto []int // indexes of periods
	eseguito           string
}

func (d *disegno) crono() {
	p := d.periodi()
	n := len(p)
	lavori := []lavoro{{"Rilevazione dello stato di fatto", []int{0, 1}, []int{0}, "SI"}, {"Aggiornamento delle cartografie", []int{1}, nil, "NO"},
		{"Pubblicazione dei dati", []int{n - 1}, nil, ""}}
	for i := range lavori {
		a := piano.Attivita{Anno: 2021, Descrizione: lavori[i].nome}
		for _, k := range lavori[i].previsto {
			a.Previsto |= p[k].mesi
		}
		for _, k := range lavori[i].ottenuto {
			a.Ottenuto |= p[k].mesi
		}
		if d.a.eseguito > 0 && lavori[i].eseguito != "" {
			si := lavori[i].eseguito == "SI"
			a.Eseguito = &si
		}
		d.o.Attivita = append(d.o.Attivita, a)
	}
	switch d.a.tabelle {
	case 1, 4:
		d.dueGriglie(p, lavori)
	case 2:
		d.griglieAccanto(p, lavori)
	case 3:
		d.coppieDiColonne(p, lavori)
	default:
		d.righeAccoppiate(p, lavori)
	}
}

// segna marks a period; colours and bands are drawn otherwise.
func (d *disegno) segna(riga, colonna int) {
	s := []string{"X", "x", "✓", "✔", "●", "*", "1", "SI", "", "", "Sì"}[d.a.segno]
	switch {
	case d.a.segno == 8 || d.a.segno == 9:
		d.colora(riga, colonna, "92D050")
	case s == "1":
		d.mettiTipo(riga, colonna, s, sheet.Numero)
	default:
		d.metti(riga, colonna, s)
	}
}

func (d *disegno) intestaMesi(p []periodo, colonna int) {
	for i, v := range p {
		d.mettiTipo(d.riga, colonna+i, v.testo, v.tipo)
	}
}

func (d *disegno) righeAccoppiate(p []periodo, lavori []lavoro) {
	prima, tipo, dopo := d.col, d.col+1, d.col+2+len(p)
	if d.a.eseguito == 2 {
		tipo++
		dopo++
	}
	mesi := tipo + 1
	d.metti(d.riga, prima, d.etichetta("Attività del cronoprogramma")+" 2021")
	d.intestaMesi(p, mesi)
	eseguito := 0
	switch d.a.eseguito {
	case 1, 3:
		eseguito = dopo
	case 2:
		eseguito = prima + 1
	}
	if eseguito > 0 {
		d.metti(d.riga, eseguito, []string{"", "ESEGUITO SI/NO", "Eseguito", "Eseguito (SI/NO)"}[d.a.eseguito])
	}
	d.riga++
	for _, l := range lavori {
		d.metti(d.riga, prima, l.nome)
		switch d.a.attivita {
		case 1:
			d.metti(d.riga+1, prima, l.nome)
		case 2:
			d.unisci(d.riga, prima, d.riga+1, prima)
		}
		d.metti(d.riga, tipo, nomiRighe[d.a.nomi][0])
		d.metti(d.riga+1, tipo, nomiRighe[d.a.nomi][1])
		d.banda(d.riga, mesi, l.previsto)
		d.banda(d.riga+1, mesi, l.ottenuto)
		if eseguito > 0 && l.eseguito != "" {
			d.metti(d.riga, eseguito, l.eseguito)
			if d.a.eseguito == 3 {
				d.unisci(d.riga, eseguito, d.riga+1, eseguito)
			}
		}
		d.riga += 2
	}
}

// banda marks periods; neighbours are one merged band where the office works so.
func (d *disegno) banda(riga, mesi int, quali []int) {
	if d.a.segno == 9 && len(quali) > 1 {
		d.colora(riga, mesi+quali[0], "92D050")
		d.unisci(riga, mesi+quali[0], riga, mesi+quali[len(quali)-1])
		return
	}
	for _, i := range quali {
		d.segna(riga, mesi+i)
	}
}

// dueGriglie writes the planned months in a table and the obtained ones in another
// below.
func (d *disegno) dueGriglie(p []periodo, lavori []lavoro) {
	for g, nome := range [][2]string{{"Cronoprogramma previsto", "Cronoprogramma realizzato"}, {"CRONOPROGRAMMA PREVISTO", "CRONOPROGRAMMA EFFETTIVO"}}[min(d.a.tabelle/4, 1)] {
		d.metti(d.riga, d.col, nome+" 2021")
		d.riga++
		d.metti(d.riga, d.col, "Attività")
		d.intestaMesi(p, d.col+1)
		if d.a.eseguito > 0 && g == 1 {
			d.metti(d.riga, d.col+1+len(p), "Eseguito SI/NO")
		}
		d.riga++
		for _, l := range lavori {
			d.metti(d.riga, d.col, l.nome)
			if g == 0 {
				d.banda(d.riga, d.col+1, l.previsto)
			} else {
				d.banda(d.riga, d.col+1, l.ottenuto)
				if d.a.eseguito > 0 {
					d.metti(d.riga, d.col+1+len(p), l.eseguito)
				}
			}
			d.riga++
		}
		d.riga++
	}
}

// griglieAccanto writes the two grids side by side, each under its name.
func (d *disegno) griglieAccanto(p []periodo, lavori []lavoro) {
	d.metti(d.riga, d.col, "Cronoprogramma 2021")
	d.riga++
	primo, secondo := d.col+1, d.col+1+len(p)
	d.metti(d.riga, primo, nomiRighe[d.a.nomi%4][0])
	d.unisci(d.riga, primo, d.riga, secondo-1)
	d.metti(d.riga, secondo, nomiRighe[d.a.nomi%4][1])
	d.unisci(d.riga, secondo, d.riga, secondo+len(p)-1)
	d.riga++
	d.metti(d.riga, d.col, "Attività")
	d.intestaMesi(p, primo)
	d.intestaMesi(p, secondo)
	if d.a.eseguito > 0 {
		d.metti(d.riga, secondo+len(p), "Eseguito SI/NO")
	}
	d.riga++
	for _, l := range lavori {
		d.metti(d.riga, d.col, l.nome)
		d.banda(d.riga, primo, l.previsto)
		d.banda(d.riga, secondo, l.ottenuto)
		if d.a.eseguito > 0 {
			d.metti(d.riga, secondo+len(p), l.eseguito)
		}
		d.riga++
	}
}

// coppieDiColonne writes, under each month, a column for the plan and one for what
// was done.
func (d *disegno) coppieDiColonne(p []periodo, lavori []lavoro) {
	d.metti(d.riga, d.col, "Attività del cronoprogramma 2021")
	d.unisci(d.riga, d.col, d.riga+1, d.col)
	for i, v := range p {
		c := d.col + 1 + 2*i
		d.mettiTipo(d.riga, c, v.testo, v.tipo)
		d.unisci(d.riga, c, d.riga, c+1)
		d.metti(d.riga+1, c, []string{"P", "Prev."}[d.a.nomi%2])
		d.metti(d.riga+1, c+1, []string{"O", "Ott."}[d.a.nomi%2])
	}
	if d.a.eseguito > 0 {
		d.metti(d.riga, d.col+1+2*len(p), "Eseguito SI/NO")
		d.unisci(d.riga, d.col+1+2*len(p), d.riga+1, d.col+1+2*len(p))
	}
	d.riga += 2
	for _, l := range lavori {
		d.metti(d.riga, d.col, l.nome)
		for _, i := range l.previsto {
			d.segna(d.riga, d.col+1+2*i)
		}
		for _, i := range l.ottenuto {
			d.segna(d.riga, d.col+2+2*i)
		}
		if d.a.eseguito > 0 {
			d.metti(d.riga, d.col+1+2*len(p), l.eseguito)
		}
		d.riga++
	}
}

func (d *disegno) personale() {
	d.metti(d.riga, d.col, d.etichetta("Risorse umane coinvolte nel progetto"))
	if d.a.persone > 0 {
		d.metti(d.riga, d.col+1, d.etichetta("% di partecipazione"))
	}
	d.riga++
	for i, nome := range []string{"Istruttore direttivo", "Istruttore amministrativo"} {
		quota := []int{30, 70}[i]
		p := piano.RisorsaUmana{Ruolo: nome}
		d.metti(d.riga, d.col, nome)
		switch d.a.persone {
		case 1:
			d.mettiTipo(d.riga, d.col+1, fmt.Sprint(quota), sheet.Numero)
		case 2:
			d.metti(d.riga, d.col+1, fmt.Sprint(quota, "%"))
		case 3:
			d.mettiTipo(d.riga, d.col+1, fmt.Sprint(quota)+"%", sheet.Percento)
		case 4:
			d.mettiTipo(d.riga, d.col+1, fmt.Sprintf("0.%d", quota/10), sheet.Numero)
		}
		if d.a.persone > 0 {
			p.Percentuale = decimaleDi(quota)
		}
		d.o.RisorseUmane = append(d.o.RisorseUmane, p)
		d.riga++
	}
}

// legge compares what is read of a card with what was drawn, cells aside.
func legge(a abitudini, seme uint64) string {
	f, atteso := disegna(a, seme)
	schede, rilievi := LeggiCartella(sheet.Cartella{Fogli: []sheet.Foglio{f}})
	rilievi = slices.DeleteFunc(rilievi, func(r piano.Rilievo) bool {
		return r.Codice == "peso-settore-non-100" || a.accanto == 1 && r.Codice == "sezione-non-riconosciuta" && strings.HasPrefix(r.Cella, "AN")
	})
	if len(rilievi) > 0 {
		return fmt.Sprintf("findings: %+v", rilievi)
	}
	if len(schede) != 1 {
		return fmt.Sprintf("%d cards", len(schede))
	}
	s := schede[0]
	s.Celle = nil
	for i := range s.Indicatori {
		s.Indicatori[i].Cella = ""
	}
	for i := range s.Attivita {
		s.Attivita[i].Cella = ""
	}
	for i := range s.RisorseUmane {
		s.RisorseUmane[i].Cella = ""
	}
	return cmp.Diff(atteso, s)
}

// Each habit by itself, the others as in the sample plan.
func TestEachHabitOfAnOffice(t *testing.T) {
	n := 0
	for _, dim := range dimensioni {
		for v := range dim.tante {
			var a abitudini
			*dim.di(&a) = v
			n++
			t.Run(fmt.Sprintf("%s %d", dim.nome, v), func(t *testing.T) {
				if d := legge(a, 1); d != "" {
					t.Errorf("(-drawn +read)\n%s", d)
				}
			})
		}
	}
	if n < 60 {
		t.Errorf("only %d layouts", n)
	}
}

// Habits by chance, all at once.
func TestHabitsTogether(t *testing.T) {
	rotte := map[string]int{}
	const quante = 2_000
	for seme := range uint64(quante) {
		r := rand.New(rand.NewPCG(seme, 3))
		var a abitudini
		for _, dim := range dimensioni {
			*dim.di(&a) = r.IntN(dim.tante)
		}
		if d := legge(a, seme); d != "" {
			if len(rotte) < 5 {
				t.Errorf("seed %d %+v (-drawn +read)\n%s", seme, a, d)
			}
			rotte[fmt.Sprint(seme)]++
		}
	}
	if len(rotte) > 0 {
		t.Errorf("%d of %d layouts are read otherwise than drawn", len(rotte), quante)
	}
}
