package config

import (
	"slices"
	"time"
)

// Mai is what stands for the day of a date that is not to be told.
const Mai = "mai"

// AnnoEnte is what belongs to one year of an ente.
type AnnoEnte struct {
	Bilancio string `toml:"bilancio" doc:"Day on which the budget of that year was approved, as 2025-12-22."`
}

// Scadenza changes a date set by law, or adds one; "" and 0 keep what is.
type Scadenza struct {
	Che          string                  `toml:"che" doc:"What is due, as the digest prints it."`
	Fonte        string                  `toml:"fonte" doc:"The rule that says so."`
	Giorno       string                  `toml:"giorno" doc:"Its day of each year, as 31/01, or \"mai\"."`
	DopoBilancio int                     `toml:"dopo_bilancio" doc:"Days after the approval of the year's budget; with giorno, the later of the two."`
	Anni         map[string]AnnoScadenza `toml:"anni" doc:"Its day in single years."`
}

// AnnoScadenza is a date set by law in one year.
type AnnoScadenza struct {
	Giorno string `toml:"giorno" doc:"Its day for that year, as 2026-01-31."`
}

// terminiNoti are the dates that the program has: their names in piano.TerminiDiLegge.
var terminiNoti = []string{"peg", "piao", "relazione", "equilibri", "rpct"}

// anno tells whether a key is a year.
func anno(s string) bool {
	t, err := time.Parse("2006", s)
	return err == nil && t.Year() >= 2000
}

func (l *lettura) controllaGiorno(chiave, g string) {
	if _, err := time.Parse(time.DateOnly, g); err != nil {
		l.problema(chiave, "%q is no day: write it as 2026-01-31", g)
	}
}

func (l *lettura) controllaAnni(sezione string, anni map[string]AnnoEnte) {
	for nome, a := range anni {
		if !anno(nome) {
			l.problema(sezione+"."+nome, "%q is no year: write it as 2026", nome)
		}
		if a.Bilancio != "" {
			l.controllaGiorno(sezione+"."+nome+".bilancio", a.Bilancio)
		}
	}
}

// controllaScadenze judges a section of dates; noti are those that are there without it.
func (l *lettura) controllaScadenze(sezione string, scadenze map[string]Scadenza, noti []string) {
	for nome, s := range scadenze {
		chiave := sezione + "." + nome
		if !slices.Contains(noti, nome) {
			switch {
			case s.Che == "" || s.Fonte == "":
				l.problema(chiave, "a date of your own needs che and fonte, or is this one of %q?", noti)
			case s.Giorno == "" && s.DopoBilancio == 0 && len(s.Anni) == 0:
				l.problema(chiave, "a date of your own needs giorno or dopo_bilancio")
			}
		}
		if _, _, ok := GiornoMese(s.Giorno); !ok && s.Giorno != "" && s.Giorno != Mai {
			l.problema(chiave+".giorno", "%q is no day of the year: write it as 31/01, or \"mai\"", s.Giorno)
		}
		if s.DopoBilancio < 0 || s.DopoBilancio > 366 {
			l.problema(chiave+".dopo_bilancio", "%d is outside 0..366", s.DopoBilancio)
		}
		for nome, a := range s.Anni {
			if !anno(nome) {
				l.problema(chiave+".anni."+nome, "%q is no year: write it as 2026", nome)
			}
			l.controllaGiorno(chiave+".anni."+nome+".giorno", a.Giorno)
		}
	}
}
