package importer

import (
	"strings"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// Misure is what was understood of a workbook of anti-corruption measures.
type Misure struct {
	Anno    int
	Misure  []piano.Misura // in the order of the sheets
	Rilievi []piano.Rilievo
}

// elencoMisure is the table of the measures. The order matters: "tempi di attuazione
// della misura" is a deadline, not a measure.
var elencoMisure = &tipoElenco{
	nome: "delle misure anticorruzione", serve: "obiettivo o misura, attività, indicatore di risultato, strumento di verifica",
	colonne: []colonnaElenco{
		{"", []string{"n", "nr", "num", "numero", "n ord", "id", "cod", "codice", "note", "stato attuazione", "esito", "esiti", "risultato", "risultati"}, []string{"tipo", "tipologia", "note", "osservazion", "misurazion", "unita"}},
		{"indicatore", nil, []string{"indicator"}},
		{"target", []string{"valore", "risultato atteso", "risultati attesi"}, []string{"target", "atteso"}},
		{"verifica", []string{"monitoraggio"}, []string{"verific", "riscontr", "evidenz", "fonte"}},
		{"scadenza", []string{"data", "entro"}, []string{"scadenz", "termin", "temp", "tempistic", "cronoprogramm", "periodicit", "frequenz"}},
		{"settore", []string{"unita organizzativa", "unita organizzativa responsabile", "u o"}, []string{"settor", "uffic", "struttur", "direzion"}},
		{"responsabile", nil, []string{"responsabil", "soggett", "referent", "dirigent"}},
		{"attivita", []string{"modalita attuazione", "fasi"}, []string{"attivit", "azion", "descrizion", "fas"}},
		{"titolo", nil, []string{"misur", "adempiment"}},
		{"obiettivo", nil, []string{"obiettiv", "intervent"}},
		{"area", nil, []string{"area", "process", "rischi", "ambit", "procediment"}},
	},
	basta: func(c map[string]int) bool {
		return c["titolo"]+c["obiettivo"] > 0 && c["indicatore"]+c["verifica"] > 0
	},
	sistema: func(c map[string]int) {
		switch {
		case c["titolo"] == 0:
			c["titolo"] = c["obiettivo"]
		case c["area"] == 0 && c["obiettivo"] > 0:
			c["area"] = c["obiettivo"] // what the measures are for
		}
		delete(c, "obiettivo")
	},
}

// LeggiMisure reads a workbook with the measures of the anti-corruption plan: a table on
// any visible sheet, its columns known by their headings in any order. anno is the year
// that a person has said, 0 for what the workbook says. Like Leggi it takes any bytes;
// with an errore nothing of it must be used.
func LeggiMisure(nome string, contenuto []byte, anno int) Misure {
	cartella, rilievi := apriFile(contenuto)
	if rilievi != nil {
		return Misure{Rilievi: rilievi}
	}
	tutti, anno, rilievi := scegliElenchi(cartella, elencoMisure, nome, anno)
	m := Misure{Anno: anno, Rilievi: rilievi}
	for _, e := range tutti {
		l := lettoreMisure{elencoLetto: e, m: &m, file: base(nome)}
		e.righe(l.riga)
	}
	return m
}

// lettoreMisure reads the rows of one table. What a row leaves blank because the row above
// it says it is taken from there.
type lettoreMisure struct {
	*elencoLetto
	m     *Misure
	file  string
	area  string
	prima piano.Misura
}

func (l *lettoreMisure) riga(riga int) {
	colonna, testo, larga := l.sola(riga)
	switch {
	case larga:
		l.area, l.prima = testo, piano.Misura{}
		return
	case colonna != "" && l.cella(riga, "titolo").Testo == "" && (colonna == "area" || l.prima.Titolo == ""):
		l.m.Rilievi = append(l.m.Rilievi, l.rilievo("riga-non-letta", riga, colonna, testo))
		return
	}
	leggi := func(colonna string) string { return l.valore(riga, colonna, &l.m.Rilievi) }
	x := piano.Misura{Area: leggi("area"), Titolo: leggi("titolo"), Attivita: leggi("attivita"), Indicatore: leggi("indicatore"), Target: leggi("target"),
		Verifica: leggi("verifica"), Settore: senzaSettore(leggi("settore")), Responsabile: leggi("responsabile"), Scadenza: leggi("scadenza"),
		File: l.file, Foglio: l.f.Nome}
	if x.Area == "" {
		x.Area = l.area
	}
	stessa := x.Titolo == "" || l.cella(riga, "titolo").Riga < riga
	if stessa {
		x.Titolo = l.prima.Titolo
	}
	if x.Titolo == "" {
		l.m.Rilievi = append(l.m.Rilievi, l.rilievo("nome-mancante", riga, "titolo", "Controllo delle autocertificazioni"))
		return
	}
	if stessa && x.Attivita == "" {
		x.Attivita = l.prima.Attivita
	}
	x.Cella = l.luogo(riga)
	if x.Indicatore == "" {
		l.m.Rilievi = append(l.m.Rilievi, NuovoRilievo("misura-senza-indicatore", l.f.Nome, x.Cella, x.Titolo))
	}
	l.prima = x
	l.m.Misure = append(l.m.Misure, x)
}

// luogo is the cell that tells the row from the one above it.
func (l *lettoreMisure) luogo(riga int) string {
	for _, colonna := range []string{"attivita", "indicatore"} {
		if c := l.cella(riga, colonna); c.Riga == riga && c.Testo != "" {
			return sheet.Indirizzo(c.Riga, c.Colonna)
		}
	}
	return l.indirizzo(riga, "titolo")
}

// TipoTabella is what a workbook for `registry import` holds.
type TipoTabella string

// The kinds of workbook that `registry import` takes.
const (
	TabellaAnagrafica TipoTabella = "anagrafica"
	TabellaSintesi    TipoTabella = "sintesi"
	TabellaMisure     TipoTabella = "misure"
)

// RiconosciTabella tells from its contents what a workbook for `registry import` holds;
// what cannot be read, or is nothing of the kind, is taken for the anagrafica, whose
// reader says what is wrong.
func RiconosciTabella(contenuto []byte) TipoTabella {
	c, rilievi := apriFile(contenuto)
	switch {
	case rilievi != nil, foglioDetto(c, []string{"incarichi", "incarico"}) != nil:
		return TabellaAnagrafica
	case len(elenchi(c, elencoSintesi)) > 0:
		return TabellaSintesi
	case len(elenchi(c, elencoMisure)) > 0:
		return TabellaMisure
	}
	return TabellaAnagrafica
}

// numeroVuoto tells that a table leaves a cell without its value on purpose.
func numeroVuoto(s string) bool { return strings.Trim(s, " -–—_./\\") == "" }
