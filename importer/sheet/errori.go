package sheet

import "errors"

// The reasons why a file cannot be read. All but ErrProtetto wrap ErrIlleggibile;
// package importer has a sentence for the office for each.
var (
	// ErrIlleggibile is the error for bytes that are no workbook.
	ErrIlleggibile = errors.New("not a workbook that can be read")
	// ErrProtetto is the error for a workbook that opens with a password only.
	ErrProtetto = errors.New("encrypted with a password")
	// ErrDanneggiato is the error for a workbook that contradicts itself, or is cut
	// off.
	ErrDanneggiato = motivo("damaged")
	// ErrTroppoGrande is the error for a workbook beyond the limits of this package.
	ErrTroppoGrande = motivo("too large")
)

// motivo is a reason for which a file is unreadable.
type motivo string

// Error returns the reason.
func (m motivo) Error() string { return ErrIlleggibile.Error() + ": " + string(m) }

// Unwrap makes every reason an ErrIlleggibile.
func (m motivo) Unwrap() error { return ErrIlleggibile }
