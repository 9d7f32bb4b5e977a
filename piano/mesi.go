package piano

import (
	"encoding/json"
	"fmt"
	"math/bits"
	"strconv"
	"strings"
)

// Mesi is a set of months of one year: bit 0 is January, bit 11 December. It
// is what a row of a cronoprogramma says.
type Mesi uint16

// TuttiMesi is the set of the twelve months.
const TuttiMesi Mesi = 1<<12 - 1

var nomiMesi = [12]string{"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
	"luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"}

// NomeMese returns the Italian name of the month 1..12, and "" for any other
// number.
func NomeMese(mese int) string {
	if mese < 1 || mese > 12 {
		return ""
	}
	return nomiMesi[mese-1]
}

// NewMesi returns the set of the given months, 1..12; other numbers are left
// out.
func NewMesi(mesi ...int) Mesi {
	var s Mesi
	for _, m := range mesi {
		if m >= 1 && m <= 12 {
			s |= 1 << (m - 1)
		}
	}
	return s
}

// Contiene tells whether the month 1..12 is in the set.
func (s Mesi) Contiene(mese int) bool { return s&NewMesi(mese) != 0 }

// Len returns how many months are in the set.
func (s Mesi) Len() int { return bits.OnesCount16(uint16(s & TuttiMesi)) }

// Elenco returns the months 1..12 in ascending order, never nil.
func (s Mesi) Elenco() []int {
	mesi := make([]int, 0, 12)
	for m := 1; m <= 12; m++ {
		if s.Contiene(m) {
			mesi = append(mesi, m)
		}
	}
	return mesi
}

// Primo returns the first month of the set, 0 where it is empty.
func (s Mesi) Primo() int {
	if s == 0 {
		return 0
	}
	return bits.TrailingZeros16(uint16(s)) + 1
}

// Ultimo returns the last month of the set, 0 where it is empty.
func (s Mesi) Ultimo() int { return bits.Len16(uint16(s & TuttiMesi)) }

// FinoA returns the months of the set up to that one, included.
func (s Mesi) FinoA(mese int) Mesi {
	if mese <= 0 {
		return 0
	}
	return s & (1<<min(mese, 12) - 1)
}

// String writes the set as an office reads it: "gen, feb, mar".
func (s Mesi) String() string {
	var nomi []string
	for _, m := range s.Elenco() {
		nomi = append(nomi, nomiMesi[m-1][:3])
	}
	return strings.Join(nomi, ", ")
}

// MarshalJSON writes the months as the contract wants them: [1,2,3].
func (s Mesi) MarshalJSON() ([]byte, error) {
	b := append(make([]byte, 0, len("[1,2,3,4,5,6,7,8,9,10,11,12]")), '[')
	for m := 1; m <= 12; m++ {
		if !s.Contiene(m) {
			continue
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(m), 10)
	}
	return append(b, ']'), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (s *Mesi) UnmarshalJSON(b []byte) error {
	var mesi []int
	if err := json.Unmarshal(b, &mesi); err != nil {
		return fmt.Errorf("months: %w", err)
	}
	*s = NewMesi(mesi...)
	return nil
}
