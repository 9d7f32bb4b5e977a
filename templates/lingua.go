package templates

import (
	"fmt"
	"strings"

	"github.com/scadenzario/scadenzario/piano"
)

// parolaStadio returns the words that people read for a stage of the ladder.
func parolaStadio(s piano.Stadio) string {
	switch s {
	case piano.Preavviso:
		return "In scadenza"
	case piano.StadioRitardo:
		return "In ritardo"
	case piano.StadioScaduta:
		return "Scaduta"
	case piano.Sollecito:
		return "Sollecito"
	case piano.StadioEscalation:
		return "Segnalata al Segretario"
	}
	return string(s)
}

// parolaStato returns the words that people read for a state.
func parolaStato(s piano.Stato) string {
	switch s {
	case piano.SenzaProgramma:
		return "Senza programma"
	case piano.Conclusa:
		return "Conclusa"
	case piano.Scaduta:
		return "Scaduta"
	case piano.InRitardo:
		return "In ritardo"
	case piano.DaAvviare:
		return "Da avviare"
	case piano.InCorso:
		return "In corso"
	case "":
		return "Non presente"
	}
	return string(s)
}

// quanti writes a number with its noun: "1 giorno", "12 giorni".
func quanti(n int, uno, molti string) string {
	if n == 1 {
		return "1 " + uno
	}
	return fmt.Sprintf("%d %s", n, molti)
}

// giorni writes a number of days.
func giorni(n int) string { return quanti(n, "giorno", "giorni") }

// fra says how far the day is from today: "oggi", "domani", "tra 12 giorni",
// "superata da 12 giorni".
func fra(giorno, oggi piano.Giorno) string {
	switch n := giorno.Da(oggi); {
	case n < 0:
		return "superata da " + giorni(-n)
	case n == 0:
		return "oggi"
	case n == 1:
		return "domani"
	default:
		return "tra " + giorni(n)
	}
}

// elenco joins names as a sentence does: "A", "A e B", "A, B e C".
func elenco(nomi []string) string {
	if len(nomi) < 2 {
		return strings.Join(nomi, "")
	}
	ultimo := len(nomi) - 1
	return strings.Join(nomi[:ultimo], ", ") + " e " + nomi[ultimo]
}

// mesi writes a set of months briefly: "gen–set", "mar, giu, set–dic", "nessuno".
func mesi(s piano.Mesi) string {
	var tratti []string
	for primo := 1; primo <= 12; primo++ {
		if !s.Contiene(primo) {
			continue
		}
		ultimo := primo
		for s.Contiene(ultimo + 1) {
			ultimo++
		}
		switch ultimo - primo {
		case 0:
			tratti = append(tratti, meseBreve(primo))
		case 1:
			tratti = append(tratti, meseBreve(primo), meseBreve(ultimo))
		default:
			tratti = append(tratti, meseBreve(primo)+"–"+meseBreve(ultimo))
		}
		primo = ultimo
	}
	if tratti == nil {
		return "nessuno"
	}
	return strings.Join(tratti, ", ")
}

// meseBreve returns the first three letters of a month, 1..12.
func meseBreve(mese int) string { return piano.NomeMese(mese)[:3] }

// pulisci is what every text of a sheet passes before it is printed.
func pulisci(s string) string { return piano.SoloTesto(s) }
