package importer

import (
	"strconv"
	"strings"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// NomeMisure is the defined name that marks a form of the anti-corruption measures. Its
// value is a string constant: "v1", the session, whom the form is for.
const NomeMisure = "_scadenzario_misure"

// MarchioMisure is the mark of a form for that session and that settore's code.
func MarchioMisure(sessione, settore string) string { return "v1 " + sessione + " " + settore }

// CodiceMisura is how the form calls a measure, so that its row is found again wherever
// it stands: "M12".
func CodiceMisura(id int64) string { return "M" + strconv.FormatInt(id, 10) }

// The headings of the form by which its columns are found again.
const (
	ColonnaCodice = "Codice"
	ColonnaStato  = "Stato"
	ColonnaNote   = "Note"
)

// leggiModuloMisure reads a form of the measures; nil where the workbook is none.
func leggiModuloMisure(c sheet.Cartella) (*piano.RisposteMisure, []piano.Rilievo) {
	marchio, ok := strings.CutPrefix(strings.Trim(c.Nomi[NomeMisure], `"`), "v1 ")
	sessione, settore, intero := strings.Cut(marchio, " ")
	if !ok || !intero {
		return nil, nil
	}
	r := &piano.RisposteMisure{Sessione: sessione, Settore: settore}
	for i := range c.Fogli {
		f := &c.Fogli[i]
		testata, colonne := testataMisure(f)
		if testata == 0 {
			continue
		}
		r.Foglio = f.Nome
		vuote, prima := 0, ""
		viste := map[int64]piano.RispostaMisura{}
		for riga := testata + 1; riga <= f.Righe(); riga++ {
			id, ok := strings.CutPrefix(f.Cella(riga, colonne[ColonnaCodice]).Testo, "M")
			n, err := strconv.ParseInt(id, 10, 64)
			if !ok || err != nil {
				continue
			}
			m := piano.RispostaMisura{Misura: n, Stato: f.Cella(riga, colonne[ColonnaStato]).Testo, Note: f.Cella(riga, colonne[ColonnaNote]).Testo,
				Cella: sheet.Indirizzo(riga, colonne[ColonnaStato])}
			if altra, c := viste[n]; c { // a row that was copied
				if m.Stato != altra.Stato || m.Note != altra.Note {
					return r, []piano.Rilievo{NuovoRilievo("misura-ripetuta", f.Nome, m.Cella, CodiceMisura(n))}
				}
				continue
			}
			viste[n] = m
			if m.Stato == "" {
				if vuote++; vuote == 1 {
					prima = m.Cella
				}
			}
			r.Misure = append(r.Misure, m)
		}
		if vuote == len(r.Misure) {
			return r, []piano.Rilievo{NuovoRilievo("modulo-misure-vuoto", f.Nome, prima)}
		}
		if vuote > 0 {
			return r, []piano.Rilievo{NuovoRilievo("misura-senza-stato", f.Nome, prima, strconv.Itoa(vuote), strconv.Itoa(len(r.Misure)))}
		}
		return r, nil
	}
	return r, []piano.Rilievo{NuovoRilievo("modulo-misure-alterato", "", "")}
}

// testataMisure finds the row with the headings of the form, 0 where there is none.
func testataMisure(f *sheet.Foglio) (riga int, colonne map[string]int) {
	for riga := 1; riga <= min(righeTitolo, f.Righe()); riga++ {
		colonne := map[string]int{}
		for colonna := 1; colonna <= min(f.Colonne(), colonneElenco); colonna++ {
			for _, nome := range []string{ColonnaCodice, ColonnaStato, ColonnaNote} {
				if piano.Normalizza(f.Cella(riga, colonna).Testo) == piano.Normalizza(nome) {
					colonne[nome] = colonna
				}
			}
		}
		if len(colonne) == 3 {
			return riga, colonne
		}
	}
	return 0, nil
}
