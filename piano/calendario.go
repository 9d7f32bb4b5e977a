package piano

import "time"

// Calendario tells the working days of an ente: Monday to Friday without the
// national holidays (law 260/1949 as amended, Easter Monday included; from 2026
// San Francesco, 4 October, law 151/2025), the day of the patron and the
// ente's own closures.
type Calendario struct {
	PatronoMese, PatronoGiorno int             // 0 where the ente has none
	Chiusure                   map[Giorno]bool // single days on which the offices are closed
}

// festivita are the fixed national holidays as month*100+day, with the first
// year in which each one holds among those we may be asked about.
var festivita = map[int]int{101: 0, 106: 0, 425: 0, 501: 0, 602: 0, 815: 0, 1004: 2026,
	1101: 0, 1208: 0, 1225: 0, 1226: 0}

// Lavorativo tells whether the offices work on that day.
func (c Calendario) Lavorativo(d Giorno) bool {
	t := d.Time()
	if t.Weekday() == time.Saturday || t.Weekday() == time.Sunday {
		return false
	}
	mese, giorno := int(t.Month()), t.Day()
	if dal, ok := festivita[mese*100+giorno]; ok && t.Year() >= dal {
		return false
	}
	if mese == c.PatronoMese && giorno == c.PatronoGiorno || c.Chiusure[d] {
		return false
	}
	return d != Pasqua(t.Year()).Piu(1)
}

// limiteFerie is how many days without a working one stop the count: a calendar
// that closes an ente for longer than a year is a mistake in the configuration.
const limiteFerie = 400

// Aggiungi returns the n-th working day after d (before it, where n is
// negative); d itself is not counted, and need not be a working day. Where a
// calendar has no working day within 400 days it returns the last day looked at,
// so that it always ends.
func (c Calendario) Aggiungi(d Giorno, n int) Giorno {
	passo := 1
	if n < 0 {
		passo, n = -1, -n
	}
	for vuoti := 0; n > 0 && vuoti < limiteFerie; {
		d = d.Piu(passo)
		vuoti++
		if c.Lavorativo(d) {
			n, vuoti = n-1, 0
		}
	}
	return d
}

// Pasqua returns Easter Sunday of that year in the Gregorian calendar (the
// anonymous algorithm published in Nature, 1876).
func Pasqua(anno int) Giorno {
	a, b, c := anno%19, anno/100, anno%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return NewGiorno(anno, n/31, n%31+1)
}
