package piano

import (
	"encoding/json"
	"testing"
	"time"
)

// g shortens the tables: a day as written in JSON.
func g(s string) Giorno {
	d, err := ParseGiorno(s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestGiorno(t *testing.T) {
	d := NewGiorno(2021, 7, 12)
	for _, c := range []struct{ what, got, want string }{
		{"ISO", d.String(), "2021-07-12"},
		{"in a table", d.Breve(), "12/07/2021"},
		{"in a letter", d.Esteso(), "12 luglio 2021"},
		{"the first of a month", NewGiorno(2021, 7, 1).Esteso(), "1° luglio 2021"},
		{"three days later", d.Piu(3).String(), "2021-07-15"},
		{"across a year", NewGiorno(2021, 12, 31).Piu(1).String(), "2022-01-01"},
		{"the end of its month", d.FineMese().String(), "2021-07-31"},
		{"the end of a leap February", FineDelMese(2024, 2).String(), "2024-02-29"},
		{"the end of December", FineDelMese(2021, 12).String(), "2021-12-31"},
		{"before the epoch of Unix", NewGiorno(1950, 1, 1).String(), "1950-01-01"},
		{"no day", Giorno{}.String() + Giorno{}.Breve() + Giorno{}.Esteso(), ""},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}
	if !d.Dopo(d.Piu(-1)) || !d.Prima(d.Piu(1)) || d.Da(d.Piu(-30)) != 30 || !(Giorno{}).IsZero() || !(Giorno{}).Prima(d) {
		t.Error("days do not compare")
	}
}

// An instant late in the evening of Rome is still that day in Rome, and the day
// before or after elsewhere: the zone decides, never the host.
func TestGiornoDiUsesTheInstantsZone(t *testing.T) {
	rome := time.FixedZone("CEST", 2*3600)
	istante := time.Date(2021, 7, 12, 0, 30, 0, 0, rome)
	if d := GiornoDi(istante); d != NewGiorno(2021, 7, 12) {
		t.Errorf("in Rome: %s", d)
	}
	if d := GiornoDi(istante.UTC()); d != NewGiorno(2021, 7, 11) {
		t.Errorf("in UTC: %s", d)
	}
}

func TestParseGiornoRefuses(t *testing.T) {
	for _, s := range []string{"", "12/07/2021", "2021-02-30", "2021-7-1", "domani"} {
		if d, err := ParseGiorno(s); err == nil {
			t.Errorf("%q was read as %s", s, d)
		}
	}
}

func TestGiornoJSON(t *testing.T) {
	for _, d := range []Giorno{{}, NewGiorno(2021, 7, 12)} {
		b, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var letto Giorno
		if err := json.Unmarshal(b, &letto); err != nil || letto != d {
			t.Errorf("%s came back as %s, %v", b, letto, err)
		}
	}
	var d Giorno
	if err := json.Unmarshal([]byte(`"ieri"`), &d); err == nil {
		t.Error("a word was read as a day")
	}
}

func TestMesi(t *testing.T) {
	m := NewMesi(4, 2, 5, 13, 0, -1)
	if got := m.String(); got != "feb, apr, mag" {
		t.Errorf("String: %q", got)
	}
	if m.Len() != 3 || m.Primo() != 2 || m.Ultimo() != 5 || !m.Contiene(4) || m.Contiene(3) || m.Contiene(13) {
		t.Errorf("members of %s", m)
	}
	if Mesi(0).Primo() != 0 || Mesi(0).Ultimo() != 0 || TuttiMesi.Len() != 12 {
		t.Error("the empty and the full set")
	}
	if m.FinoA(4) != NewMesi(2, 4) || m.FinoA(0) != 0 || m.FinoA(40) != m {
		t.Errorf("FinoA: %s", m.FinoA(4))
	}
	if NomeMese(8) != "agosto" || NomeMese(0) != "" || NomeMese(13) != "" {
		t.Error("names of months")
	}
}

func TestMesiJSON(t *testing.T) {
	for want, m := range map[string]Mesi{"[]": 0, "[1,12]": NewMesi(12, 1)} {
		b, err := json.Marshal(m)
		if err != nil || string(b) != want {
			t.Errorf("%s: %s, %v", want, b, err)
		}
		var letti Mesi
		if err := json.Unmarshal(b, &letti); err != nil || letti != m {
			t.Errorf("%s came back as %v, %v", b, letti, err)
		}
	}
	var m Mesi
	if err := json.Unmarshal([]byte(`"gennaio"`), &m); err == nil {
		t.Error("a word was read as months")
	}
}
