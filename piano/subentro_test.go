package piano

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// incarichi writes an office's charges as "name from until", no until for open ones;
// a name in brackets is ad interim, one without a mailbox has a "!" behind it.
func incarichi(righe ...string) Anagrafica {
	a := Anagrafica{Settori: []Settore{{Nome: "SUAP", Codice: "suap", Email: "suap@ente.example"}}}
	for _, riga := range righe {
		parti := append(strings.Fields(riga), "")
		i := Incarico{Settore: "SUAP", Nome: strings.Trim(parti[0], "()!"), Dal: g(parti[1]), Tipo: Titolare}
		if parti[2] != "" {
			i.Al = g(parti[2])
		}
		if strings.HasPrefix(parti[0], "(") {
			i.Tipo = AdInterim
		}
		if !strings.HasSuffix(parti[0], "!") {
			i.Email = strings.ToLower(i.Nome) + "@ente.example"
		}
		a.Incarichi = append(a.Incarichi, i)
	}
	return a
}

// Known end dates are honoured in advance: who is in office is told until the last
// day, and with it who follows.
func TestHowAChargeEnds(t *testing.T) {
	for _, c := range []struct {
		storia, giorno string
		a              Anagrafica
		want           string
	}{
		{"nobody follows: vacant from the day after", "2021-07-26", incarichi("Lodi 2021-05-01 2021-07-30"), "until 2021-07-30, then vacante"},
		{"the successor is known", "2021-04-26", incarichi("Benassi 2018-01-01 2021-04-30", "Lodi 2021-05-01"), "until 2021-04-30, then Lodi titolare"},
		{"somebody stands in", "2021-04-26", incarichi("Benassi 2018-01-01 2021-04-30", "(Lodi 2021-05-01"), "until 2021-04-30, then Lodi ad-interim"},
		{"the last day itself", "2021-04-30", incarichi("Benassi 2018-01-01 2021-04-30", "Lodi 2021-05-01"), "until 2021-04-30, then Lodi titolare"},
		{"a renewal is no end", "2021-04-26", incarichi("Benassi 2018-01-01 2021-04-30", "Benassi 2021-05-01"), ""},
		{"a renewal with an end of its own", "2021-04-26", incarichi("Benassi 2018-01-01 2021-04-30", "Benassi 2021-05-01 2021-12-31"), "until 2021-12-31, then vacante"},
		{"the titolare ends an interim that is open", "2021-04-26", incarichi("(Lodi 2021-01-01", "Benassi 2021-06-01"), "until 2021-05-31, then Benassi titolare"},
		{"no end is known", "2021-04-26", incarichi("Benassi 2018-01-01"), ""},
		{"nobody is in charge", "2021-08-02", incarichi("Lodi 2021-05-01 2021-07-30"), ""},
	} {
		got := ""
		if s, ok := c.a.Successione("SUAP", g(c.giorno)); ok {
			got = strings.Join(strings.Fields(fmt.Sprintf("until %s, then %s %s", s.Fine, s.Poi.Nome, s.Poi.Incarico)), " ")
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.storia, got, c.want)
		}
	}
}

func TestWhoIsANewcomer(t *testing.T) {
	for _, c := range []struct {
		storia, giorno string
		a              Anagrafica
		want           string
	}{
		{"the first that the registry knows: nobody handed over", "2021-05-03", incarichi("Lodi 2021-05-01"), ""},
		{"the successor, on the first day", "2021-05-01", incarichi("Benassi 2018-01-01 2021-04-30", "Lodi 2021-05-01"), "since 2021-05-01, after Benassi"},
		{"the successor, later", "2021-06-14", incarichi("Benassi 2018-01-01 2021-04-30", "Lodi 2021-05-01"), "since 2021-05-01, after Benassi"},
		{"who has not come yet is none", "2021-04-30", incarichi("Benassi 2018-01-01 2021-04-30", "Lodi 2021-05-01"), ""},
		{"after a vacancy", "2021-06-14", incarichi("Benassi 2018-01-01 2021-04-30", "Lodi 2021-06-01"), "since 2021-06-01, after nobody"},
		{"who is renewed has the office since the first time", "2021-06-14", incarichi("Benassi 2018-01-01 2021-04-30", "Benassi 2021-05-01"), ""},
		{"who is renewed under a name written in another way", "2021-06-14", incarichi("dott.Lodi 2018-01-01 2021-04-30", "LODI 2021-05-01"), ""},
		{"who stood in and is appointed", "2021-06-14", incarichi("Benassi 2018-01-01 2021-04-30", "(Lodi 2021-05-01 2021-05-31", "Lodi 2021-06-01"), "since 2021-05-01, after Benassi"},
		{"who comes back after another one", "2021-06-14", incarichi("Benassi 2018-01-01 2021-04-30", "(Lodi 2021-05-01 2021-05-31", "Benassi 2021-06-01"), "since 2021-06-01, after Lodi"},
		{"nobody is in charge", "2021-06-14", incarichi("Benassi 2018-01-01 2021-04-30"), ""},
	} {
		got := ""
		if dal, prima, ok := c.a.Insediato("SUAP", g(c.giorno)); ok {
			if prima.Nome == "" {
				prima.Nome = "nobody"
			}
			got = fmt.Sprintf("since %s, after %s", dal, prima.Nome)
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.storia, got, c.want)
		}
	}
}

// The hand-over of 3 May 2021, the first working day of who came on Saturday the
// first: everything open, at the stage that it has really reached.
func TestAHandOver(t *testing.T) {
	a := incarichi("Benassi 2018-01-01 2021-04-30", "Lodi 2021-05-01")
	con := func(x Assegnata, giorno string) Assegnata { x.Situazione = x.Attivita.Al(g(giorno)); return x }
	attivita := func(giorno string) []Assegnata {
		bozza, altrui := con(assegnata(9, NewMesi(6), 0), giorno), con(assegnata(8, NewMesi(6), 0), giorno)
		bozza.Approvato, altrui.Settore = Giorno{}, "Tributi"
		return []Assegnata{
			con(assegnata(1, NewMesi(9), 0), giorno),                // begins in September
			con(assegnata(2, NewMesi(4), 0), giorno),                // overdue since Friday: in its days of grace
			con(assegnata(3, NewMesi(4, 6), 0), giorno),             // a month missed
			con(assegnata(4, NewMesi(4), NewMesi(4)), giorno),       // done
			con(assegnata(5, NewMesi(2, 3), 0), giorno),             // over before the approval
			con(assegnata(6, NewMesi(5), 0), giorno),                // ends in four weeks
			con(assegnata(7, NewMesi(1, 2, 6), NewMesi(1)), giorno), // late in a month before the approval: nobody is told
			altrui, bozza}
	}
	voci := func(giorno string) string {
		n, ok := ScalaPredefinita.Subentro(a, a.Settori[0], attivita(giorno), Calendario{}, g(giorno))
		if !ok {
			return "none"
		}
		var parti []string
		for _, v := range n.Voci {
			parti = append(parti, fmt.Sprint(v.ID, " ", v.Stadio))
		}
		for _, x := range n.Altre {
			parti = append(parti, fmt.Sprint(x.ID))
		}
		return fmt.Sprintf("%s after %s: %s; %d done", n.Referente.Nome, n.Prima.Nome, strings.Join(parti, ", "), n.Concluse)
	}
	for _, c := range []struct{ giorno, want, perche string }{
		{"2021-04-30", "none", "not in office yet"},
		{"2021-05-01", "none", "a Saturday"},
		{"2021-05-03", "Lodi after Benassi: 2 scaduta, 3 ritardo, 6, 7, 1; 1 done", "the first working day"},
		{"2021-05-17", "Lodi after Benassi: 2 scaduta, 3 ritardo, 6 preavviso, 7, 1; 1 done", "made up for after a stop"},
		{"2021-05-28", "Lodi after Benassi: 2 sollecito, 3 ritardo, 6 preavviso, 7, 1; 1 done", "the twentieth working day"},
		{"2021-05-31", "none", "no newcomer any more"},
	} {
		if got := voci(c.giorno); got != c.want {
			t.Errorf("%s, %s: %s, want %s", c.giorno, c.perche, got, c.want)
		}
	}
}

// What the hand-over told counts as told, its days of grace included; the ladder goes
// on from there.
func TestAfterAHandOver(t *testing.T) {
	consegnata := func(id int64, giorno string) []Inviato {
		return []Inviato{{Attivita: id, Stadio: StadioPassaggio, Riferimento: giorno, Giorno: g(giorno)}}
	}
	for _, c := range []struct {
		storia string
		a      Assegnata
		giorno string
		want   string
	}{
		{"overdue on the newcomer's day: no scaduta after the grace", assegnata(1, NewMesi(4), 0), "2021-05-03",
			"05-21 sollecito, 06-07 escalation, 06-21 sollecito"},
		{"late on that day: nothing for that month", assegnata(1, NewMesi(4, 6), 0), "2021-05-03", "06-16 preavviso, 07-07 scaduta"},
		{"about to end: the deadline is told as it passes", assegnata(1, NewMesi(5), 0), "2021-05-17", "06-08 scaduta, 06-22 sollecito, 07-06 escalation"},
		{"far away on that day: announced like any other", assegnata(1, NewMesi(5), 0), "2021-05-03",
			"05-17 preavviso, 06-08 scaduta, 06-22 sollecito, 07-06 escalation"},
	} {
		if got := strings.Join(racconta(ScalaPredefinita, Calendario{}, c.a, c.giorno, "2021-07-10", nil, consegnata(1, c.giorno)), ", "); got != c.want {
			t.Errorf("%s:\n  %s\nwant:\n  %s", c.storia, got, c.want)
		}
	}
}

func TestMissingAddresses(t *testing.T) {
	a := incarichi("Benassi! 2018-01-01 2021-04-30")
	a.Settori = append(a.Settori, Settore{Nome: "Tributi"}, Settore{Nome: "Cultura"})
	a.Incarichi = append(a.Incarichi, Incarico{Settore: "Tributi", Nome: "Neri", Dal: g("2018-01-01"), Tipo: Titolare})
	want := []RecapitoMancante{{"SUAP", "Benassi", "suap@ente.example"}, {"Tributi", "Neri", ""}, {"Cultura", "", ""}}
	if got := a.RecapitiMancanti(g("2021-04-30")); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	a.Ruoli = []Ruolo{{"segretario", "Malaguti", "malaguti@ente.example"}, {"S.I.A.", "Assistenza", "x@ente.example"}, {"sia", "Assistenza", "sia@ente.example"}}
	want = []RecapitoMancante{{"Tributi", "Neri", "malaguti@ente.example"}}
	if got := a.RecapitiMancanti(g("2021-05-03")); !slices.Equal(got, want) {
		t.Errorf("with a Segretario, and SUAP vacant: %+v", got)
	}
	if a.SIA().Email != "sia@ente.example" {
		t.Errorf("%+v", a.SIA())
	}
}

// One mailbox for two people without an address: one message, which greets neither;
// the settori that share an objective and the Segretario are in copy, each once.
func TestAMailboxForSeveral(t *testing.T) {
	a, b := assegnata(1, NewMesi(6), 0), assegnata(2, NewMesi(6), 0)
	a.Referente = Referente{"Benassi", "Ufficio@ente.example", Titolare, true}
	b.Referente = Referente{"Lodi", "ufficio@ente.example", Titolare, true}
	a.InCopia = []string{"tributi@ente.example", "UFFICIO@ente.example", "Segretario@ente.example"}
	b.InCopia = []string{"Tributi@ente.example", ""}
	messaggi := ScalaPredefinita.Promemoria([]Assegnata{a, b}, Calendario{}, g("2021-08-09"), "segretario@ente.example", nil)
	if len(messaggi) != 1 || messaggi[0].Nome != "" || len(messaggi[0].Voci) != 2 ||
		!slices.Equal(messaggi[0].CC, []string{"segretario@ente.example", "tributi@ente.example"}) {
		t.Errorf("%+v", messaggi)
	}
}

// The recipient of a reminder is told how the charge ends where that matters to an
// item, or is near: within the ten working days of a preavviso.
func TestWhenTheEndOfAChargeIsSaid(t *testing.T) {
	a := incarichi("Lodi 2021-05-01 2021-07-30")
	for _, c := range []struct {
		storia, giorno string
		previsto       Mesi
		detta          bool
	}{
		{"due long after the end", "2021-06-16", NewMesi(9), true},
		{"due before the end, which is far", "2021-06-16", NewMesi(6), false},
		{"overdue, eleven working days before the end", "2021-07-15", NewMesi(6), false},
		{"overdue, ten working days before the end", "2021-07-16", NewMesi(6), true},
		{"on the last day", "2021-07-30", NewMesi(6), true},
	} {
		p := Promemoria{Voci: []Voce{{Assegnata: assegnata(1, c.previsto, 0)}}}
		if _, got := ScalaPredefinita.Successioni(a, p, Calendario{}, g(c.giorno))["SUAP"]; got != c.detta {
			t.Errorf("%s: %v", c.storia, got)
		}
	}
}

func TestWhoSharesAnObjective(t *testing.T) {
	a := Anagrafica{Settori: []Settore{{Nome: "Coordinamento generale"}, {Nome: "SUAP"}, {Nome: "Innovazione tecnologica e SIA", Alias: []string{"SIA"}},
		{Nome: "Servizi finanziari", Alias: []string{"Settore Finanziario"}}, {Nome: "Progettazione e CUC"}}}
	scheda := func(settore, numero, rinvio, altri string) Collocata {
		return Collocata{Obiettivo: Obiettivo{Settore: settore, Numero: numero, Rinvio: rinvio, AltriSettori: altri}}
	}
	got := Condivisi([]Collocata{
		scheda("SUAP", "1/3", "1/1", ""),
		scheda("Coordinamento generale", "1/1", "", "SIA, Progettazione e CUC, servizi comunali diversi"),
		scheda("SUAP", "2/4", "", "Settore Finanziario – Settore Coordinamento generale"),
		scheda("SUAP", "3/5", "", "Uffici tecnici, cultura e affari generali dei Comuni"),
		scheda("SUAP", "4/6", "", "SUAP"),
	}, a)
	want := map[string][]string{"1/1": {"SUAP", "Innovazione tecnologica e SIA", "Progettazione e CUC"}, "2/4": {"Coordinamento generale", "Servizi finanziari"}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
}
