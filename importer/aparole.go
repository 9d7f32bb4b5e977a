package importer

import "strings"

// Labels that say at length what they mean: known by their words, not by heart.

// aParole returns the field that a label names in words of its own.
func aParole(k string) (campo, bool) {
	if c, ok := pesoAParole(k); ok {
		return c, true
	}
	switch {
	case titoloAParole(k):
		return cTitolo, true
	case strategiaAParole(k):
		return cStrategia, true
	}
	return cAltriSettori, altriSettoriAParole(k)
}

// titoloAParole knows the label of the title that says of what: "Denominazione dell'obiettivo
// operativo", "Titolo breve".
func titoloAParole(k string) bool {
	prima, resto, _ := strings.Cut(k, " ")
	return paroleTitolo[prima] && tutte(resto, paroleDelTitolo)
}

// strategiaAParole knows the label of the line of government that an objective serves: "Azione
// strategica", "Collegamento al programma di mandato".
func strategiaAParole(k string) bool {
	return strings.Contains(k, " ") && contiene(k, "strategic", "mandato", "programmatic", "governo", "dup") && tutte(k, paroleStrategia)
}

// tutte tells whether all words of a key are in the set.
func tutte(k string, parole map[string]bool) bool {
	for p := range strings.FieldsSeq(k) {
		if !parole[p] {
			return false
		}
	}
	return true
}

var (
	paroleTitolo    = insieme("titolo denominazione intitolazione")
	paroleDelTitolo = insieme("obiettivo operativo operativa gestionale esecutivo specifico strategico peg pdo piao performance breve sintetico sintetica completo esteso estesa progetto scheda attivita")
	paroleStrategia = insieme("strategico strategica strategici strategiche mandato programmatico programmatica programmatiche governo dup linea linee obiettivo obiettivi ambito area asse assi azione azioni programma tema progetto missione indirizzo indirizzi finalita visione collegamento riferimento collegato collegata generale ente macro scelta piano amministrazione")
)
