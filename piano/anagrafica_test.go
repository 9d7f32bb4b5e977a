package piano

import (
	"slices"
	"testing"
)

// The people of the real plan's accounts office in 2021: one until April, another
// until July, nobody after.
var ragioneria = Anagrafica{
	Ente: Ente{Codice: "unione", Nome: "Unione"},
	Settori: []Settore{
		{Nome: "Servizi finanziari", Codice: "servizi-finanziari", Alias: []string{"Ragioneria", "Settore Finanziario"}, Email: "ragioneria@ente.example"},
		{Nome: "Innovazione tecnologica e SIA", Codice: "innovazione-tecnologica-e-sia", Alias: []string{"S.I.A."}},
	},
	Incarichi: []Incarico{
		{Settore: "Servizi finanziari", Nome: "Sandra Benassi", Email: "benassi@ente.example", Dal: g("2018-01-01"), Al: g("2021-04-30"), Tipo: Titolare},
		{Settore: "Servizi finanziari", Nome: "Marco Lodi", Email: "lodi@ente.example", Dal: g("2021-05-01"), Al: g("2021-07-30"), Tipo: Titolare},
		{Settore: "Innovazione tecnologica e SIA", Nome: "Ettore Malaguti", Dal: g("2020-11-01"), Tipo: AdInterim},
	},
	Ruoli: []Ruolo{{"Presidente", "Lucia Ferraresi", "presidente@ente.example"}, {"SEGRETARIO", "Ettore Malaguti", "malaguti@ente.example"}},
}

func TestReferente(t *testing.T) {
	for _, c := range []struct {
		storia, settore, giorno string
		want                    Referente
	}{
		{"the last day in office", "Servizi finanziari", "2021-04-30", Referente{Nome: "Sandra Benassi", Destinatario: "benassi@ente.example", Incarico: Titolare}},
		{"the successor's first day", "Servizi finanziari", "2021-05-01", Referente{Nome: "Marco Lodi", Destinatario: "lodi@ente.example", Incarico: Titolare}},
		{"nobody is in charge: the office mailbox", "Servizi finanziari", "2021-07-31", Referente{Nome: "", Destinatario: "ragioneria@ente.example", Incarico: Vacante}},
		{"before anybody was", "Servizi finanziari", "2017-12-31", Referente{Nome: "", Destinatario: "ragioneria@ente.example", Incarico: Vacante}},
		{"ad interim without an address or an office mailbox: the Segretario's", "Innovazione tecnologica e SIA", "2021-07-12", Referente{"Ettore Malaguti", "malaguti@ente.example", AdInterim, true}},
		{"vacant and without a mailbox", "Innovazione tecnologica e SIA", "2020-10-31", Referente{Nome: "", Destinatario: "malaguti@ente.example", Incarico: Vacante}},
		{"a settore that the registry does not know", "Polizia locale", "2021-07-12", Referente{Nome: "", Destinatario: "malaguti@ente.example", Incarico: Vacante}},
	} {
		if got := ragioneria.Referente(c.settore, g(c.giorno)); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.storia, got, c.want)
		}
	}
}

// Where the registry lets both stand, who holds the office goes before who stands in.
func TestATitolareGoesBeforeAnAdInterim(t *testing.T) {
	interim := Incarico{Nome: "Interim", Email: "i@ente.example", Dal: g("2021-01-01"), Tipo: AdInterim}
	titolare := Incarico{Nome: "Titolare", Email: "t@ente.example", Dal: g("2021-06-01"), Tipo: Titolare}
	for _, ordine := range [][]Incarico{{interim, titolare}, {titolare, interim}} {
		if r := InCarica(Settore{}, ordine, "", g("2021-07-01")); r.Nome != "Titolare" {
			t.Errorf("%+v", r)
		}
	}
	if r := InCarica(Settore{}, nil, "", g("2021-07-01")); r.Destinatario != "" || r.Incarico != Vacante {
		t.Errorf("nobody to write to: %+v", r)
	}
}

func TestIncarichiSovrapposti(t *testing.T) {
	prima := Incarico{Dal: g("2021-01-01"), Al: g("2021-04-30")}
	for _, c := range []struct {
		storia  string
		altro   Incarico
		insieme bool
	}{
		{"the day after", Incarico{Dal: g("2021-05-01")}, false},
		{"the very last day", Incarico{Dal: g("2021-04-30"), Al: g("2021-12-31")}, true},
		{"within", Incarico{Dal: g("2021-02-01"), Al: g("2021-02-28")}, true},
		{"before", Incarico{Dal: g("2020-01-01"), Al: g("2020-12-31")}, false},
		{"open since before", Incarico{Dal: g("2020-01-01")}, true},
	} {
		if prima.Sovrapposto(c.altro) != c.insieme || c.altro.Sovrapposto(prima) != c.insieme {
			t.Errorf("%s: want %v", c.storia, c.insieme)
		}
	}
}

func TestSettoreIsFoundHoweverItIsWritten(t *testing.T) {
	for scritto, nome := range map[string]string{
		"SERVIZI  FINANZIARI": "Servizi finanziari", "Settore Finanziario": "Servizi finanziari",
		"ragioneria": "Servizi finanziari", "finanziari servizi": "Servizi finanziari",
		"SIA": "Innovazione tecnologica e SIA", "SIA e Innovazione Tecnologica": "Innovazione tecnologica e SIA",
		"innovazione-tecnologica-e-sia": "Innovazione tecnologica e SIA",
		"Polizia locale":                "", "": "", "Settore": "",
	} {
		if s, ok := ragioneria.Settore(scritto); s.Nome != nome || ok != (nome != "") {
			t.Errorf("%q: %q", scritto, s.Nome)
		}
	}
}

func TestSegretario(t *testing.T) {
	if s := ragioneria.Segretario(); s.Nome != "Ettore Malaguti" {
		t.Errorf("%+v", s)
	}
	if s := (Anagrafica{}).Segretario(); s != (Ruolo{}) {
		t.Errorf("an empty registry has %+v", s)
	}
	if n := len(ragioneria.IncarichiDi("Servizi finanziari")); n != 2 {
		t.Errorf("%d incarichi", n)
	}
}

func TestTesti(t *testing.T) {
	if got := Piega(" a\u00a0 b\r\n\tc "); got != "a b c" {
		t.Errorf("Piega: %q", got)
	}
	if got := SoloTesto("a\r\nb\x1b[1m\u202e\u2028c\xff"); got != "a b[1m c\uFFFD" {
		t.Errorf("SoloTesto: %q", got)
	}
	if got := Normalizza("L’ATTIVITÀ\u00a0e\u0300 già"); got != "l'attivita e gia" {
		t.Errorf("Normalizza: %q", got)
	}
	if got := Codice("Unione dei Comuni «Terre di Pianura»"); got != "unione-dei-comuni-terre-di-pianura" {
		t.Errorf("Codice: %q", got)
	}
}

func TestProgressivo(t *testing.T) {
	if p := (Obiettivo{Numero: "2/16"}).Progressivo(); p != "16" {
		t.Errorf("%q", p)
	}
	if p := (Obiettivo{Numero: "3"}).Progressivo(); p != "" {
		t.Errorf("a number without a slash counts in its settore: %q", p)
	}
}

func TestHaErrori(t *testing.T) {
	avviso, errore := Rilievo{Gravita: Avviso}, Rilievo{Gravita: Errore}
	if HaErrori(nil) || HaErrori([]Rilievo{avviso}) || !HaErrori(slices.Concat([]Rilievo{avviso}, []Rilievo{errore})) {
		t.Error("an avviso does not refuse, an errore does")
	}
}

func TestNumeroAltruiNamesTheOwner(t *testing.T) {
	var err error = &NumeroAltrui{Numero: "1/3", Settore: "SUAP"}
	if err.Error() != "objective 1/3 belongs to SUAP" {
		t.Error(err)
	}
}
