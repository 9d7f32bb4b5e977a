package importer

import (
	"slices"
	"strings"
)

// colonnaIndicatore is what a column of the indicators' table holds.
type colonnaIndicatore uint8

const (
	iIgnota colonnaIndicatore = iota
	iDescrizione
	iUnita
	iPrecedente
	iTarget
	iTargetMeta
	iRisultatoMeta
	iRisultato
	iAltro // a heading that the contract knows no key for: passed over
)

// colonnaDi reads a heading of the indicators' table. The words decide, not whole
// phrases: offices write "Target 2021", "Target al 30/06", "Valore atteso". anno is
// the card's year, 0 where it is not known yet.
func colonnaDi(k string, anno int) colonnaIndicatore {
	if k == "" || len(strings.Fields(k)) > 12 {
		return iIgnota
	}
	anniScritti := anni(k)
	nudo := senzaAnni(k)
	meta := (contiene(k, "meta", "semestr", "intermed", "infrannual") || contieneFrase(k, "30 06", "30 6", "giugno", "30 giu", "i sem", "1 sem", "primo sem")) &&
		!contieneFrase(k, "ii sem", "2 sem", "secondo sem", "31 12", "31 dicembre")
	target := contiene(k, "target", "obiettivi") || strings.Contains(k, "raggiungere") || contiene(k, "attes", "previst", "programmat") && contiene(k, "valor", "risultat", "target", "dato", "livell", "standard", "performance", "sogli")
	switch {
	case contiene(k, "unita") && contiene(k, "misur") || slices.Contains([]string{"u m", "um", "udm", "mis", "unita mis", "metrica", "unita", "misura", "unita misura", "tipo misura", "um indicatore"}, nudo):
		return iUnita
	case contiene(k, "indicator") && !target && !contiene(k, "valor", "risultat", "peso", "tipo", "formula", "fonte", "note", "unita") ||
		contiene(k, "indicator") && contiene(k, "descrizion") || slices.Contains(descrizioniRare, nudo) || indicatoreDi(nudo):
		return iDescrizione
	case nudo == "prec" || contiene(k, "precedent", "inizial", "partenza", "baseline", "storic") || contieneFrase(nudo, "valore fine", "situazione fine", "valore base", "valore p", "dato base"):
		return iPrecedente
	case slices.Contains(colonneAltre, nudo) && nudo != "" || contiene(k, "raggiungiment", "scostament"):
		return iAltro
	case meta && (raggiunto(k) || contiene(k, "consuntiv", "rilevat", "stato", "monitoragg", "verific", "rilevazion", "avanzament") || !target && contiene(k, "valor", "risultat", "dato")):
		return iRisultatoMeta
	case meta:
		return iTargetMeta
	}
	return colonnaFinale(k, nudo, target, anniScritti, anno)
}

// colonnaFinale tells the year's columns apart: target, result, the year before.
func colonnaFinale(k, nudo string, target bool, scritti []int, anno int) colonnaIndicatore {
	altroAnno := len(scritti) == 1 && anno != 0 && scritti[0] != anno
	finale := contiene(k, "finale", "finali") || contieneFrase(k, "31 12") || contiene(k, "dicembre")
	switch {
	case nudo == "obiettivo" && len(scritti) > 0:
		return iAltro
	case contiene(k, "risultat", "consuntiv", "esito") && (finale || !target), raggiunto(k), !target && contiene(k, "valor", "dato") && (finale || contiene(k, "rilevat", "effettiv")),
		!target && (finale && contiene(k, "verific", "monitoragg", "rilevazion", "avanzament", "stato") || contiene(k, "rendicontaz")):
		if altroAnno && scritti[0] < anno {
			return iPrecedente
		}
		return iRisultato
	case target:
		if altroAnno {
			if scritti[0] < anno {
				return iPrecedente
			}
			return iAltro
		}
		return iTarget
	case nudo == "" && len(scritti) == 1 && anno != 0: // a year alone
		switch {
		case scritti[0] < anno:
			return iPrecedente
		case scritti[0] > anno:
			return iAltro
		}
		return iTarget
	case contiene(k, "valor", "dato", "situazion", "livell") && len(scritti) == 1:
		if altroAnno && scritti[0] < anno {
			return iPrecedente
		}
		return iRisultato
	case parolaSimile(nudo, "previsto"), slices.Contains([]string{"valore", "atteso", "attesa", "previsione", "preventivo", "programmato"}, nudo):
		return iTarget
	}
	return iIgnota
}

// raggiunto tells whether a heading names what was reached, not what is to be.
func raggiunto(k string) bool {
	return contiene(k, "ottenut", "raggiunt", "conseguit", "realizzat") && !strings.Contains(k, "raggiungere")
}

// indicatoreDi tells whether a heading says of what the indicators are, and nothing of their
// values: "Indicatori di risultato dell'obiettivo".
func indicatoreDi(k string) bool {
	prima, resto, _ := strings.Cut(k, " ")
	return (parolaSimile(prima, "indicatore") || parolaSimile(prima, "indicatori")) && tutte(resto, paroleIndicatore)
}

var paroleIndicatore = insieme("risultato risultati misurazione performance obiettivo obiettivi efficacia efficienza qualita output outcome impatto valutazione verifica quantitativo quantitativi qualitativo qualitativi gestionale gestionali")

// descrizioniRare are further headings of the indicators themselves.
var descrizioniRare = []string{"kpi", "descrizione kpi", "parametro", "parametro misurazione", "parametri misurazione", "indicatore target", "parametri"}

// paroleAltreColonne are the roots of headings that the contract has no key for, in any words.
var paroleAltreColonne = []string{"note", "peso", "pesatur", "formul", "fonte", "fonti", "tipo", "tipolog", "modalit", "metod", "calcol", "frequenz", "periodicit", "responsabil", "uffici", "dimension", "polarit",
	"codic", "ambit", "grado", "osservaz", "annotaz", "comment", "criticit", "motiv", "azion", "benchmark", "sogli", "range", "punteggi", "criteri", "natura", "categori", "stakeholder", "settor", "servizi",
	"document", "evidenz", "strument", "attivita", "fase", "valutazion", "obiettiv", "mission", "programma", "capitol", "data", "scadenz", "termin", "numer", "prog", "rif", "andament", "stat"}

// colonneAltre are headings that the contract has no key for.
var colonneAltre = []string{"obiettivo", "note", "peso", "formula", "fonte", "tipo", "tipologia", "scostamento", "n", "peso %", "formula calcolo", "fonte dati", "tipo indicatore", "motivazione", "modalita calcolo", "tipologia indicatore", "peso indicatore", "raggiungimento", "% raggiungimento", "grado raggiungimento", "responsabile", "descrizione scostamento", "cod", "codice", "nr", "num", "numero", "cod indicatore", "codice indicatore", "n indicatore", "dimensione", "polarita", "frequenza", "ambito", "esito valutazione", "motivazioni", "osservazioni", "annotazioni", "ufficio", "pesatura", "peso ponderale", "fonte verifica", "fonti", "criterio", "motivo scostamento"}

func contieneFrase(k string, frasi ...string) bool {
	for _, f := range frasi {
		if strings.Contains(" "+k+" ", " "+f+" ") || strings.Contains(f, "sem") && strings.Contains(" "+k, " "+f) {
			return true
		}
	}
	return false
}
