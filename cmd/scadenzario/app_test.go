package main

import (
	"testing"

	"github.com/scadenzario/scadenzario/config"
	"github.com/scadenzario/scadenzario/piano"
)

// Each ente has its own working days and ladder; what it does not say is the
// installation's.
func TestRulesOfAnEnte(t *testing.T) {
	s := &sessione{config: config.Predefinita()}
	s.config.Scala.Ritardo = 3
	s.config.Ente = config.Ente{Chiusure: []string{"2026-12-24"}}
	s.config.Enti = map[string]config.Ente{"minerbio": {Patrono: "24/06", Scala: config.Scala{Preavviso: 15},
		Chiusure: []string{"2026-08-10..2026-08-14", "2026-12-07"}}}
	unione := s.regole(piano.Ente{Codice: "unione", PatronoMese: 6, PatronoGiorno: 29})
	minerbio := s.regole(piano.Ente{Codice: "minerbio"})
	for _, c := range []struct {
		giorno           string
		unione, minerbio bool
		perche           string
	}{
		{"2026-06-24", true, false, "the patron of Minerbio, from the configuration"},
		{"2026-06-29", false, true, "the patron of the Unione, from its registry"},
		{"2026-08-07", true, true, "the Friday before the closure"},
		{"2026-08-10", true, false, "its first day"},
		{"2026-08-14", true, false, "its last day"},
		{"2026-08-17", true, true, "the Monday after"},
		{"2026-12-07", true, false, "a single day"},
		{"2026-12-24", false, true, "closed in the Unione: the section of an ente stands for itself"},
	} {
		g, err := piano.ParseGiorno(c.giorno)
		if err != nil {
			t.Fatal(err)
		}
		if unione.Calendario.Lavorativo(g) != c.unione || minerbio.Calendario.Lavorativo(g) != c.minerbio {
			t.Errorf("%s, %s: want %v, %v", c.giorno, c.perche, c.unione, c.minerbio)
		}
	}
	if unione.Scala != (piano.Scala{Preavviso: 10, Ritardo: 3, Scaduta: 5, Sollecito: 10, MassimoSolleciti: 3, Escalation: 20}) || minerbio.Scala.Preavviso != 15 || minerbio.Scala.Ritardo != 3 {
		t.Errorf("%+v, %+v", unione.Scala, minerbio.Scala)
	}
}
