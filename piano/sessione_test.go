package piano

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func regolaMeta() RegolaSessione {
	return RegolaSessione{Genere: MetaAnno, Numero: 1, Dati: GiornoAnno{30, 6}, Apre: GiornoAnno{1, 7}, Chiude: GiornoAnno{31, 7}, Legge: GiornoAnno{31, 7}, Sollecito: 5}
}

func regolaFine() RegolaSessione {
	return RegolaSessione{Genere: FineAnno, Numero: 1, Dati: GiornoAnno{31, 12}, Apre: GiornoAnno{7, 1}, Chiude: GiornoAnno{31, 1}, Legge: GiornoAnno{30, 6}}
}

func TestTheDatesOfASession(t *testing.T) {
	chiusi := Calendario{Chiusure: map[Giorno]bool{g("2021-07-30"): true}}
	maiDaSola := regolaMeta()
	maiDaSola.Apre = GiornoAnno{}
	for _, c := range []struct {
		storia string
		s      Sessione
		cal    Calendario
		want   string
	}{
		{"31 July 2021 is a Saturday: it closes on the Friday, and offices have until Thursday", regolaMeta().Per(2021, Calendario{}), Calendario{},
			"data 2021-06-30, opens 2021-07-01, until 2021-07-29, closes 2021-07-30, law 2021-07-31"},
		{"the offices are closed on that Friday", regolaMeta().Per(2021, chiusi), chiusi,
			"data 2021-06-30, opens 2021-07-01, until 2021-07-28, closes 2021-07-29, law 2021-07-31"},
		{"the year's end lies in the year after", regolaFine().Per(2021, Calendario{}), Calendario{},
			"data 2021-12-31, opens 2022-01-07, until 2022-01-28, closes 2022-01-31, law 2022-06-30"},
		{"7 January 2023 is a Saturday", regolaFine().Per(2022, Calendario{}), Calendario{},
			"data 2022-12-31, opens 2023-01-09, until 2023-01-30, closes 2023-01-31, law 2023-06-30"},
		{"only a person opens it", maiDaSola.Per(2021, Calendario{}), Calendario{},
			"data 2021-06-30, opens , until 2021-07-29, closes 2021-07-30, law 2021-07-31"},
	} {
		got := fmt.Sprintf("data %s, opens %s, until %s, closes %s, law %s", c.s.Dati, c.s.Apre, c.s.Termine(c.cal), c.s.Chiude, c.s.Legge)
		if got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.storia, got, c.want)
		}
	}
}

func TestTheNamesOfASession(t *testing.T) {
	for _, c := range []struct {
		s    Sessione
		want string
	}{
		{Sessione{Genere: MetaAnno, Anno: 2021, Numero: 1}, "2021/meta-anno: verifica di metà anno 2021"},
		{Sessione{Genere: FineAnno, Anno: 2021, Numero: 1}, "2021/fine-anno: verifica di fine anno 2021"},
		{Sessione{Genere: Anticorruzione, Anno: 2021, Numero: 2}, "2021/anticorruzione-2: monitoraggio anticorruzione 2021, quadrimestre 2"},
	} {
		if got := c.s.Chiave() + ": " + c.s.Nome(); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
	if len(GeneriSessione()) != 3 {
		t.Error(GeneriSessione())
	}
}

func TestWhenASessionOpensAndCloses(t *testing.T) {
	mai := regolaMeta()
	mai.Apre = GiornoAnno{}
	aperta := regolaMeta().Per(2021, Calendario{})
	aperta.Aperta = aperta.Apre
	chiusa := aperta
	chiusa.Chiusa = g("2021-07-20")
	for _, c := range []struct {
		storia       string
		s            Sessione
		giorno       string
		apre, chiude bool
	}{
		{"the day before", regolaMeta().Per(2021, Calendario{}), "2021-06-30", false, false},
		{"on its day", regolaMeta().Per(2021, Calendario{}), "2021-07-01", true, false},
		{"a Sunday after a stop", regolaMeta().Per(2021, Calendario{}), "2021-07-04", false, false},
		{"on the first working day after a stop", regolaMeta().Per(2021, Calendario{}), "2021-07-05", true, false},
		{"the daemon was off for forty days", regolaMeta().Per(2021, Calendario{}), "2021-08-09", true, true},
		{"a new installation in October asks for nothing that is past", regolaMeta().Per(2021, Calendario{}), "2021-10-04", false, true},
		{"by hand alone", mai.Per(2021, Calendario{}), "2021-07-01", false, false},
		{"open", aperta, "2021-07-29", false, false},
		{"its closing day", aperta, "2021-07-30", false, true},
		{"the Saturday after", aperta, "2021-07-31", false, false},
		{"the Monday after", aperta, "2021-08-02", false, true},
		{"closed by hand before", chiusa, "2021-07-30", false, false},
	} {
		apre, chiude := c.s.DaAprire(Calendario{}, g(c.giorno)), c.s.DaChiudere(Calendario{}, g(c.giorno))
		if apre != c.apre || chiude != c.chiude {
			t.Errorf("%s: opens %v, closes %v", c.storia, apre, chiude)
		}
	}
}

// A settore that does not answer, day by day: what it is told and when.
func TestThePhasesOfASession(t *testing.T) {
	for _, c := range []struct {
		storia, dal, spento string // the daemon runs from dal on, but up to and including spento it did not
		sollecito           int
		want                string
	}{
		{"day by day", "2021-07-01", "", 5, "07-01 apertura, 07-08 sollecito/1, 07-15 sollecito/2, 07-22 sollecito/3, 07-29 sollecito/4"},
		{"no reminders", "2021-07-01", "", 0, "07-01 apertura"},
		{"it comes into the plan later", "2021-07-13", "", 5, "07-13 apertura, 07-15 sollecito/2, 07-22 sollecito/3, 07-29 sollecito/4"},
		{"the daemon stood still: one message, the last that is due", "2021-07-01", "2021-07-18", 5, "07-01 apertura, 07-19 sollecito/2, 07-22 sollecito/3, 07-29 sollecito/4"},
	} {
		s := regolaMeta().Per(2021, Calendario{})
		s.Aperta, s.Sollecito = s.Apre, c.sollecito
		var dette []Richiesta
		var got []string
		for d := g("2021-06-28"); !s.DaChiudere(Calendario{}, d); d = d.Piu(1) {
			if d.Prima(g(c.dal)) || c.spento != "" && d.Dopo(g(c.dal)) && !d.Dopo(g(c.spento)) {
				continue
			}
			if fase := s.Fase(Calendario{}, d, dette); fase != "" {
				got = append(got, d.String()[5:]+" "+fase)
				dette = append(dette, Richiesta{Settore: "SUAP", Fase: fase, Giorno: d})
			}
			if again := s.Fase(Calendario{}, d, dette); again != "" {
				t.Errorf("%s: on %s again %s", c.storia, d, again)
			}
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.storia, strings.Join(got, ", "), c.want)
		}
	}
}

func chiLavora() Anagrafica {
	return Anagrafica{
		Settori: []Settore{{Nome: "SUAP", Email: "suap@ente.example"}, {Nome: "SIA"}, {Nome: "Tributi", Email: "tributi@ente.example"}, {Nome: "Welfare"}, {Nome: "Cultura"}},
		Incarichi: []Incarico{{Settore: "SIA", Nome: "Ugo Neri", Email: "ugo@ente.example", Dal: g("2020-01-01"), Tipo: AdInterim},
			{Settore: "Tributi", Nome: "Ugo Neri", Email: "Ugo@ente.example", Dal: g("2020-01-01"), Tipo: Titolare},
			{Settore: "Welfare", Nome: "Ada Blu", Email: "ada@ente.example", Dal: g("2020-01-01"), Tipo: Titolare}},
		Ruoli: []Ruolo{{Ruolo: RuoloSegretario, Nome: "Leo Verdi", Email: "leo@ente.example"}},
	}
}

// One message a person: two offices are two sections, a vacant one goes to its mailbox
// with the Segretario in copy, and who has a message that day waits.
func TestWhoIsAskedInASession(t *testing.T) {
	s := regolaMeta().Per(2021, Calendario{})
	s.Aperta = s.Apre
	dette := []Richiesta{{Settore: "Tributi", Fase: FaseApertura, Giorno: g("2021-07-01")}, {Settore: "SUAP", Fase: FaseApertura, Giorno: g("2021-07-08")}}
	inviti, muti := s.Inviti(Calendario{}, g("2021-07-08"), []string{"SUAP", "SIA", "Tributi", "Welfare", "Cultura"}, chiLavora(), dette, map[string]bool{"ada@ente.example": true})
	var got []string
	for _, i := range inviti {
		for _, v := range i.Voci {
			got = append(got, fmt.Sprint(i.A, " (", i.Nome, ") cc ", i.CC, " ", i.Fase(), ": ", v.Settore, " ", v.Fase, " ", i.Vacante))
		}
	}
	want := []string{"leo@ente.example () cc [] apertura: Cultura apertura true",
		"ugo@ente.example (Ugo Neri) cc [] sollecito/1: SIA apertura false", "ugo@ente.example (Ugo Neri) cc [] sollecito/1: Tributi sollecito/1 false"}
	if !slices.Equal(got, want) || len(muti) > 0 {
		t.Errorf("%q, nobody for %q", got, muti)
	}
	senza := chiLavora()
	senza.Ruoli = nil
	inviti, muti = s.Inviti(Calendario{}, g("2021-07-01"), []string{"SUAP", "Cultura"}, senza, nil, nil)
	if len(inviti) != 1 || inviti[0].CC != nil || !slices.Equal(muti, []string{"Cultura"}) {
		t.Errorf("%+v %q", inviti, muti)
	}
	inviti, _ = s.Inviti(Calendario{}, g("2021-07-01"), []string{"SUAP"}, chiLavora(), nil, nil)
	if len(inviti) != 1 || !slices.Equal(inviti[0].CC, []string{"leo@ente.example"}) {
		t.Errorf("%+v", inviti)
	}
	if f := (Invito{Voci: []Chiamata{{Fase: "sollecito/9"}, {Fase: "sollecito/10"}, {Fase: FaseApertura}, {Fase: "sollecito/2"}}}).Fase(); f != "sollecito/10" {
		t.Error(f)
	}
}

// The picture holds names and sentences, not references: what is asked of whom, the
// plan's activities at the day of the data, indicators with what they are worth.
func TestFotografa(t *testing.T) {
	s := regolaMeta().Per(2021, Calendario{})
	s.Aperta = s.Apre
	con := func(settore string, annoPiano, anno int, previsto, ottenuto Mesi) Assegnata {
		a := Assegnata{Settore: settore, AnnoPiano: annoPiano, Obiettivo: "1/1", Attivita: Attivita{Anno: anno, Descrizione: fmt.Sprint("di ", anno), Previsto: previsto, Ottenuto: ottenuto}}
		a.Situazione = a.Attivita.Al(s.Dati)
		return a
	}
	v := VistaSessione{Sessione: s, Ente: Ente{Nome: "Unione"}, Anagrafica: chiLavora(), Oggi: g("2021-07-08"),
		Attivita: []Assegnata{con("SIA", 2021, 2020, NewMesi(3), NewMesi(3)), con("SIA", 2021, 2021, NewMesi(3), 0), con("SIA", 2021, 2021, NewMesi(1, 2, 7), NewMesi(1)),
			con("SIA", 2021, 2021, NewMesi(6, 7), NewMesi(6)), con("SIA", 2021, 2021, NewMesi(9), 0), con("SIA", 2021, 2021, 0, 0),
			con("SIA", 2021, 2022, NewMesi(3), 0), con("SIA", 2020, 2020, NewMesi(3), 0)},
		Schede: []Collocata{{Obiettivo: Obiettivo{Settore: "SIA", Numero: "1/1", Titolo: "Rete", Indicatori: []Indicatore{{Descrizione: "Sedi", TargetMetaAnno: "4", RisultatoMetaAnno: "3"}}}},
			{Obiettivo: Obiettivo{Settore: "SIA", Numero: "2/2", Rinvio: "1/9"}},
			{Obiettivo: Obiettivo{Settore: "Welfare", Numero: "1/3", Rinvio: "1/1"}}, {Obiettivo: Obiettivo{Settore: "Welfare", Numero: "2/4", Rinvio: "1/1"}},
			{Obiettivo: Obiettivo{Settore: "SUAP", Numero: "1/5"}}},
		Variazioni: []Variazione{{ID: 1, Anno: 2020}, {ID: 2, Anno: 2021}},
		Dette:      []Richiesta{{Settore: "SIA", Fase: FaseApertura, Giorno: g("2021-07-01"), A: "ugo@ente.example"}},
		Risposte:   map[string]Risposta{"SUAP": {Giorno: g("2021-07-05"), File: "suap.xlsx"}}}
	f := v.Fotografa()
	if len(f.Settori) != 3 || len(f.Attivita) != 6 || len(f.Variazioni) != 1 || f.Variazioni[0].ID != 2 || len(f.Indicatori) != 1 || f.Indicatori[0].Percento.String() != "75" {
		t.Fatalf("%+v", f)
	}
	sia, welfare, suap := f.Settori[0], f.Settori[1], f.Settori[2]
	if sia.Totali != (Totali{Attivita: 6, Concluse: 1, InCorso: 1, InRitardo: 1, Scadute: 1, DaAvviare: 1, SenzaProgramma: 1}) {
		t.Errorf("%+v", sia.Totali)
	}
	if sia.Responsabile != "Ugo Neri" || sia.Incarico != AdInterim || len(sia.Rinvii) != 0 || len(sia.Chiesto) != 1 || !sia.Muto() {
		t.Errorf("%+v", sia)
	}
	if !slices.Equal(welfare.Rinvii, []string{"1/1"}) || welfare.Muto() || suap.Risposta == nil || suap.Incarico != Vacante {
		t.Errorf("%+v %+v", welfare, suap)
	}
	// who only refers to another objective is told once and owes no answer
	if got := f.DaSentire(); !slices.Equal(got, []string{"SIA", "Welfare"}) {
		t.Errorf("%q", got)
	}
	v.Dette = append(v.Dette, Richiesta{Settore: "Welfare", Fase: FaseApertura, Giorno: g("2021-07-01")})
	if got := v.Fotografa().DaSentire(); !slices.Equal(got, []string{"SIA"}) {
		t.Errorf("%q", got)
	}
}

// From which day a sheet answers a session: the data's day, or an earlier opening by
// hand; the sheets of the measures are made at the opening.
func TestFromWhenASheetAnswers(t *testing.T) {
	dati := NewGiorno(2021, 6, 30)
	for _, caso := range []struct {
		nome  string
		s     Sessione
		primo Giorno
	}{
		{"not open yet", Sessione{Genere: MetaAnno, Dati: dati}, dati},
		{"opened by the daemon", Sessione{Genere: MetaAnno, Dati: dati, Aperta: NewGiorno(2021, 7, 1)}, dati},
		{"opened early by a person", Sessione{Genere: FineAnno, Dati: dati, Aperta: NewGiorno(2021, 6, 21)}, NewGiorno(2021, 6, 21)},
		{"measures", Sessione{Genere: Anticorruzione, Dati: dati, Aperta: NewGiorno(2021, 7, 5)}, NewGiorno(2021, 7, 5)},
	} {
		if g := caso.s.RispostaDal(); g != caso.primo {
			t.Errorf("%s: %s, want %s", caso.nome, g, caso.primo)
		}
	}
}
