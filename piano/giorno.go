package piano

import (
	"fmt"
	"time"
)

// Giorno is a calendar day in the life of an ente: no hour, no zone. The zero
// value is "no day" and comes before every other one. Values compare with ==.
type Giorno struct {
	n int32 // days since 31 December of the year 0, so that 0 is "no day"
}

var epoca = time.Date(1, time.January, 1, 0, 0, 0, 0, time.UTC).Unix() / 86400

// NewGiorno returns the day of that year, month (1..12) and day of the month.
// Values outside their range carry over, as in time.Date: day 0 is the last
// one of the month before.
func NewGiorno(anno, mese, giorno int) Giorno {
	t := time.Date(anno, time.Month(mese), giorno, 0, 0, 0, 0, time.UTC)
	return Giorno{int32(t.Unix()/86400 - epoca + 1)}
}

// GiornoDi returns the day that the instant falls on in the instant's own
// zone; the caller chooses the zone with t.In.
func GiornoDi(t time.Time) Giorno {
	a, m, g := t.Date()
	return NewGiorno(a, int(m), g)
}

// ParseGiorno reads a day written as 2021-07-12. It fails on everything else,
// 30 February included.
func ParseGiorno(s string) (Giorno, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Giorno{}, fmt.Errorf("%q is not a day: write it as 2021-07-12", s)
	}
	return GiornoDi(t), nil
}

// Time returns midnight UTC of the day, for libraries that want a time.Time.
func (g Giorno) Time() time.Time {
	return time.Unix((int64(g.n)-1+epoca)*86400, 0).UTC()
}

// IsZero tells whether g is "no day".
func (g Giorno) IsZero() bool { return g.n == 0 }

// Anno returns the year.
func (g Giorno) Anno() int { return g.Time().Year() }

// Mese returns the month, 1..12.
func (g Giorno) Mese() int { return int(g.Time().Month()) }

// Prima tells whether g comes before o.
func (g Giorno) Prima(o Giorno) bool { return g.n < o.n }

// Dopo tells whether g comes after o.
func (g Giorno) Dopo(o Giorno) bool { return g.n > o.n }

// Piu returns the day n days later (earlier, where n is negative).
func (g Giorno) Piu(n int) Giorno { return Giorno{g.n + int32(n)} }

// Da returns how many days passed from o to g.
func (g Giorno) Da(o Giorno) int { return int(g.n - o.n) }

// FineMese returns the last day of g's month.
func (g Giorno) FineMese() Giorno { return NewGiorno(g.Anno(), g.Mese()+1, 0) }

// String writes the day as 2021-07-12, and "no day" as "".
func (g Giorno) String() string {
	if g.IsZero() {
		return ""
	}
	return g.Time().Format(time.DateOnly)
}

// Breve writes the day as offices do in a table: 12/07/2021.
func (g Giorno) Breve() string {
	if g.IsZero() {
		return ""
	}
	return g.Time().Format("02/01/2006")
}

// Esteso writes the day as in a letter: 12 luglio 2021, 1° luglio 2021.
func (g Giorno) Esteso() string {
	if g.IsZero() {
		return ""
	}
	t := g.Time()
	if t.Day() == 1 {
		return fmt.Sprintf("1° %s %d", NomeMese(g.Mese()), t.Year())
	}
	return fmt.Sprintf("%d %s %d", t.Day(), NomeMese(g.Mese()), t.Year())
}

// MarshalText writes the day as String does, for JSON.
func (g Giorno) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (g *Giorno) UnmarshalText(b []byte) (err error) {
	*g = Giorno{}
	if len(b) > 0 {
		*g, err = ParseGiorno(string(b))
	}
	return err
}

// FineDelMese returns the last day of that month (1..12) of that year.
func FineDelMese(anno, mese int) Giorno { return NewGiorno(anno, mese+1, 0) }
