package piano

// Gravita says whether a Rilievo stops the workbook.
type Gravita string

// The two gravities of the contract.
const (
	Errore Gravita = "errore" // the whole workbook is refused
	Avviso Gravita = "avviso" // the workbook is taken, the office is told
)

// Rilievo is a fault of a sheet: never of the program, which answers with an
// error. The contract fixes its keys and codes.
type Rilievo struct {
	Gravita   Gravita `json:"gravita"`
	Codice    string  `json:"codice"`
	Foglio    string  `json:"foglio"`    // "" for the whole workbook
	Cella     string  `json:"cella"`     // A1 address, the top-left one of a merged area
	Messaggio string  `json:"messaggio"` // in Italian: what is wrong, and what to write instead
}

// HaErrori tells whether one of the findings refuses the workbook.
func HaErrori(rilievi []Rilievo) bool {
	for _, r := range rilievi {
		if r.Gravita == Errore {
			return true
		}
	}
	return false
}
