package sheet

import "fmt"

// Apri reads the bytes of a workbook into the grid, whole or not at all. Its error
// wraps ErrIlleggibile or ErrProtetto.
func Apri(contenuto []byte) (Cartella, error) {
	switch Riconosci(contenuto) {
	case Ods:
		a, err := apriArchivio(contenuto)
		if err != nil {
			return Cartella{}, err
		}
		return apriODS(a)
	case Protetta:
		return Cartella{}, ErrProtetto
	}
	return Cartella{}, fmt.Errorf("%w: of another kind", ErrIlleggibile)
}
