package piano

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestPasqua(t *testing.T) {
	for _, d := range []string{"2021-04-04", "2024-03-31", "2025-04-20", "2026-04-05", "2038-04-25", "2000-04-23", "1961-04-02"} {
		if p := Pasqua(g(d).Anno()); p != g(d) {
			t.Errorf("%s, want %s", p, d)
		}
	}
}

func TestLavorativo(t *testing.T) {
	c := Calendario{PatronoMese: 6, PatronoGiorno: 29, Chiusure: map[Giorno]bool{g("2021-12-24"): true}}
	for _, r := range []struct {
		giorno     string
		lavorativo bool
		perche     string
	}{
		{"2021-07-12", true, "a Monday"},
		{"2021-07-11", false, "a Sunday"},
		{"2021-07-10", false, "a Saturday"},
		{"2021-04-05", false, "Easter Monday"},
		{"2021-04-06", true, "the Tuesday after"},
		{"2021-06-02", false, "the Republic"},
		{"2021-06-29", false, "the patron"},
		{"2021-12-24", false, "closed by the ente"},
		{"2024-10-04", true, "San Francesco before the law of 2025"},
		{"2027-10-04", false, "San Francesco from 2026 on"},
		{"2021-01-06", false, "Epiphany"},
		{"2021-12-08", false, "the Immacolata"},
	} {
		if c.Lavorativo(g(r.giorno)) != r.lavorativo {
			t.Errorf("%s, %s: want %v", r.giorno, r.perche, r.lavorativo)
		}
	}
}

func TestAggiungi(t *testing.T) {
	c := Calendario{}
	for _, r := range []struct {
		da string
		n  int
		a  string
	}{
		{"2021-06-30", 5, "2021-07-07"},
		{"2021-05-31", 5, "2021-06-08"},   // over 2 June
		{"2021-12-31", -10, "2021-12-17"}, // 31 December itself is not counted
		{"2021-07-10", 1, "2021-07-12"},   // from a Saturday
		{"2021-07-12", 0, "2021-07-12"},
	} {
		if got := c.Aggiungi(g(r.da), r.n); got != g(r.a) {
			t.Errorf("%s %+d: %s, want %s", r.da, r.n, got, r.a)
		}
	}
}

// A calendar closed for ever must end the count, not the daemon.
func TestAggiungiEnds(t *testing.T) {
	c := Calendario{Chiusure: map[Giorno]bool{}}
	for i := range 1000 {
		c.Chiusure[g("2021-01-01").Piu(i)] = true
	}
	if got := c.Aggiungi(g("2021-01-01"), 1); got != g("2021-01-01").Piu(limiteFerie) {
		t.Errorf("%s", got)
	}
}

// assegnata is an activity of 2021 of a plan approved on 27 April.
func assegnata(id int64, previsto, ottenuto Mesi) Assegnata {
	return Assegnata{ID: id, Settore: "SUAP", Obiettivo: "1/3", Approvato: g("2021-04-27"),
		Attivita:  Attivita{Anno: 2021, Descrizione: fmt.Sprint("attività ", id), Previsto: previsto, Ottenuto: ottenuto},
		Referente: Referente{Nome: "Giulia", Destinatario: "giulia@ente.example", Incarico: Titolare}}
}

// vita runs the ladder day by day over an activity's life and returns what was
// told, "day stage" each. The events change the activity on the evening before.
func vita(s Scala, a Assegnata, dal, al string, eventi map[string]func(*Assegnata)) []string {
	return racconta(s, Calendario{}, a, dal, al, eventi, nil)
}

// racconta is vita in an ente's own calendar, of an activity about which something may
// have been told before.
func racconta(s Scala, c Calendario, a Assegnata, dal, al string, eventi map[string]func(*Assegnata), inviati []Inviato) []string {
	var detto []string
	for d := g(dal); !d.Dopo(g(al)); d = d.Piu(1) {
		if e := eventi[d.String()]; e != nil {
			e(&a)
		}
		a.Situazione = a.Attivita.Al(d)
		for _, m := range s.Promemoria([]Assegnata{a}, c, d, "segretario@ente.example", inviati) {
			for _, v := range m.Voci {
				detto = append(detto, d.String()[5:]+" "+string(v.Stadio))
				inviati = append(inviati, Inviato{v.ID, v.Stadio, v.Riferimento, d})
			}
		}
	}
	return detto
}

// The ladder of DESIGN.md, 3, told on whole lives.
func TestALifeOfReminders(t *testing.T) {
	ottiene := func(giorno string, mesi ...int) func(*Assegnata) {
		return func(a *Assegnata) { a.Attivita.Ottenuto |= NewMesi(mesi...); a.UltimoProgresso = g(giorno) }
	}
	for _, c := range []struct {
		storia  string
		a       Assegnata
		dal, al string
		eventi  map[string]func(*Assegnata)
		want    string
	}{
		{"done in time: told once that it is about to end",
			assegnata(1, NewMesi(5, 6), 0), "2021-05-01", "2021-12-31",
			map[string]func(*Assegnata){"2021-06-03": ottiene("2021-06-03", 5), "2021-06-25": ottiene("2021-06-25", 6)},
			"06-16 preavviso"},
		{"a month missed: told five working days after it; once for that month",
			assegnata(1, NewMesi(5, 6, 7), 0), "2021-05-01", "2021-07-09",
			map[string]func(*Assegnata){"2021-06-15": ottiene("2021-06-15", 5)},
			"06-08 ritardo, 07-07 ritardo"},
		{"nobody answers: the whole ladder, its places for a sollecito with the escalation in the middle",
			assegnata(1, NewMesi(6), 0), "2021-05-01", "2021-12-31", nil,
			"06-16 preavviso, 07-07 scaduta, 07-21 sollecito, 08-04 escalation, 08-18 sollecito"},
		{"progress after the deadline starts the count again from its day",
			assegnata(1, NewMesi(5, 6), 0), "2021-06-25", "2021-12-31",
			map[string]func(*Assegnata){"2021-07-15": ottiene("2021-07-15", 5)},
			"06-25 ritardo, 07-07 scaduta, 07-29 sollecito, 08-12 escalation, 08-26 sollecito"},
		{"closed by ESEGUITO SI: silence from that day",
			assegnata(1, NewMesi(6), 0), "2021-07-01", "2021-12-31",
			map[string]func(*Assegnata){"2021-07-20": func(a *Assegnata) { a.Attivita.Eseguito = si }},
			"07-07 scaduta"},
		{"the daemon comes back after a long stop: the gravest stage, once, then the ladder goes on",
			assegnata(1, NewMesi(6), 0), "2021-08-09", "2021-12-31", nil,
			"08-09 escalation, 08-18 sollecito"},
		{"its last month ended before the plan was approved: nothing",
			assegnata(1, NewMesi(2, 3), 0), "2021-04-28", "2021-12-31", nil, ""},
		{"months before the approval are not held against anybody",
			assegnata(1, NewMesi(1, 2, 6), 0), "2021-04-28", "2021-06-15", nil, ""},
		{"a plan not yet approved reminds nobody",
			func() Assegnata { a := assegnata(1, NewMesi(6), 0); a.Approvato = Giorno{}; return a }(), "2021-01-01", "2021-12-31", nil, ""},
		{"nothing planned: nothing to remind of",
			assegnata(1, 0, 0), "2021-05-01", "2021-12-31", nil, ""},
		{"due on a holiday: told on the first working day",
			assegnata(1, NewMesi(6), 0), "2021-06-19", "2021-06-21", nil,
			"06-21 preavviso"},
	} {
		t.Run(c.storia, func(t *testing.T) {
			if got := strings.Join(vita(ScalaPredefinita, c.a, c.dal, c.al, c.eventi), ", "); got != c.want {
				t.Errorf("told:\n  %s\nwant:\n  %s", got, c.want)
			}
		})
	}
}

// Each ente counts its own working days, on its own ladder. The activity is due at the
// end of June, or of September, and nobody answers.
func TestALifeInAnEntesOwnCalendar(t *testing.T) {
	chiusa := map[Giorno]bool{}
	for d := g("2021-08-02"); !d.Dopo(g("2021-08-06")); d = d.Piu(1) {
		chiusa[d] = true
	}
	del := func(anno int, mese int) Assegnata {
		a := assegnata(1, NewMesi(mese), 0)
		a.Attivita.Anno, a.Approvato = anno, NewGiorno(anno, 4, 27)
		return a
	}
	for _, c := range []struct {
		storia  string
		scala   Scala
		cal     Calendario
		a       Assegnata
		dal, al string
		want    string
	}{
		{"as everywhere", ScalaPredefinita, Calendario{}, del(2021, 6), "2021-06-01", "2021-08-31",
			"06-16 preavviso, 07-07 scaduta, 07-21 sollecito, 08-04 escalation, 08-18 sollecito"},
		{"the patron on 29 June, and closed in the first week of August", ScalaPredefinita,
			Calendario{PatronoMese: 6, PatronoGiorno: 29, Chiusure: chiusa}, del(2021, 6), "2021-06-01", "2021-08-31",
			"06-15 preavviso, 07-07 scaduta, 07-21 sollecito, 08-11 escalation, 08-25 sollecito"},
		{"a ladder of its own: earlier, closer, two solleciti and then the Segretario",
			Scala{Preavviso: 15, Ritardo: 3, Scaduta: 2, Sollecito: 5, MassimoSolleciti: 2, Escalation: 12}, Calendario{}, del(2021, 6), "2021-06-01", "2021-08-31",
			"06-09 preavviso, 07-02 scaduta, 07-09 sollecito, 07-16 sollecito, 07-20 escalation"},
		{"five days after September 2027, over San Francesco", ScalaPredefinita, Calendario{}, del(2027, 9), "2027-09-17", "2027-10-10", "09-17 preavviso, 10-08 scaduta"},
		{"the same in 2024, when the offices worked on that day", ScalaPredefinita, Calendario{}, del(2024, 9), "2024-09-17", "2024-10-10", "09-17 preavviso, 10-07 scaduta"},
	} {
		if got := strings.Join(racconta(c.scala, c.cal, c.a, c.dal, c.al, nil, nil), ", "); got != c.want {
			t.Errorf("%s:\n  %s\nwant:\n  %s", c.storia, got, c.want)
		}
	}
}

// Whatever the activities, a day run twice tells nothing new, no passage is told
// twice, no day off has a message, none is empty, and nobody gets two in a day.
func TestPromemoriaIsSafeToRepeat(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 60 {
		var attivita []Assegnata
		for id := range int64(20) {
			a := assegnata(id, Mesi(r.UintN(1<<12)), Mesi(r.UintN(1<<12)&r.UintN(1<<12)))
			a.Referente.Destinatario = []string{"a@ente.example", "b@ente.example", ""}[r.IntN(3)]
			attivita = append(attivita, a)
		}
		detto := map[string]bool{}
		var inviati []Inviato
		for d := g("2021-04-20"); d.Prima(g("2022-03-01")); d = d.Piu(1 + r.IntN(3)) {
			messaggi := ScalaPredefinita.Promemoria(attivita, Calendario{}, d, "", inviati)
			if len(messaggi) > 0 && !(Calendario{}).Lavorativo(d) {
				t.Fatalf("a message on %s", d)
			}
			destinatari := map[string]bool{}
			for _, m := range messaggi {
				if len(m.Voci) == 0 || m.A == "" || destinatari[m.A] {
					t.Fatalf("on %s: %+v", d, m)
				}
				destinatari[m.A] = true
				for _, v := range m.Voci {
					chiave := fmt.Sprint(v.ID, v.Stadio, v.Riferimento)
					if detto[chiave] {
						t.Fatalf("%s told twice, again on %s", chiave, d)
					}
					detto[chiave] = true
					inviati = append(inviati, Inviato{v.ID, v.Stadio, v.Riferimento, d})
				}
			}
			if m := ScalaPredefinita.Promemoria(attivita, Calendario{}, d, "", inviati); len(m) > 0 {
				t.Fatalf("the second run of %s tells %+v", d, m)
			}
		}
	}
}

func TestPromemoriaGathersByPerson(t *testing.T) {
	con := func(a Assegnata, settore string, r Referente) Assegnata {
		a.Settore, a.Referente, a.Situazione = settore, r, a.Attivita.Al(g("2021-08-09"))
		return a
	}
	malaguti := Referente{Nome: "Ettore Malaguti", Destinatario: "malaguti@ente.example", Incarico: Titolare}
	attivita := []Assegnata{
		con(assegnata(1, NewMesi(9), 0), "SUAP", Referente{Nome: "Giulia", Destinatario: "giulia@ente.example", Incarico: Titolare}), // not due yet
		con(assegnata(2, NewMesi(7), 0), "SUAP", Referente{Nome: "Giulia", Destinatario: "giulia@ente.example", Incarico: Titolare}),
		con(assegnata(3, NewMesi(6, 8), 0), "Coordinamento", malaguti),
		con(assegnata(4, NewMesi(6), 0), "SIA", malaguti),
		con(assegnata(5, NewMesi(7), 0), "Ragioneria", Referente{Nome: "", Destinatario: "ragioneria@ente.example", Incarico: Vacante}),
		con(assegnata(6, NewMesi(6), 0), "Tributi", Referente{Nome: "Federica", Destinatario: "federica@ente.example", Incarico: Titolare}),
		con(assegnata(7, NewMesi(6), 0), "Tributi", Referente{Nome: "Federica", Destinatario: "federica@ente.example", Incarico: Titolare}),
	}
	messaggi := ScalaPredefinita.Promemoria(attivita, Calendario{}, g("2021-08-09"), "malaguti@ente.example", nil)
	var got []string
	for _, m := range messaggi {
		var voci []string
		for _, v := range m.Voci {
			voci = append(voci, fmt.Sprint(v.ID, " ", v.Stadio))
		}
		got = append(got, fmt.Sprintf("%s (%s) cc %v vacante %v: %s", m.A, m.Nome, m.CC, m.Vacante, strings.Join(voci, ", ")))
	}
	want := []string{
		"federica@ente.example (Federica) cc [malaguti@ente.example] vacante false: 6 escalation, 7 escalation",
		"giulia@ente.example (Giulia) cc [] vacante false: 2 scaduta",
		"malaguti@ente.example (Ettore Malaguti) cc [] vacante false: 4 escalation, 3 ritardo",
		"ragioneria@ente.example () cc [malaguti@ente.example] vacante true: 5 scaduta",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
