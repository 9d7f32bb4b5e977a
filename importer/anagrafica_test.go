package importer

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

func giorno(t *testing.T, s string) piano.Giorno {
	t.Helper()
	g, err := piano.ParseGiorno(s)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// The registry of the sample plan, whole and without findings.
func TestTheSampleRegistry(t *testing.T) {
	a, rilievi := LeggiAnagrafica("anagrafica.xlsx", campione(t, "anagrafica.xlsx"))
	if len(rilievi) != 0 {
		t.Errorf("%+v", rilievi)
	}
	if len(a.Settori) != 8 || len(a.Incarichi) != 9 || len(a.Ruoli) != 4 {
		t.Fatalf("%d settori, %d incarichi, %d ruoli", len(a.Settori), len(a.Incarichi), len(a.Ruoli))
	}
	want := piano.Settore{Nome: "Servizi finanziari", Codice: "servizi-finanziari", Email: "ragioneria@terredipianura.example", Alias: []string{"Ragioneria", "Settore Finanziario", "Finanziario"}}
	if s, ok := a.Settore("FINANZIARIO"); !ok || !cmp.Equal(s, want) {
		t.Errorf("%+v", s)
	}
	for _, c := range []struct{ settore, giorno, nome string }{
		{"Servizi finanziari", "2021-04-30", "Sandra Benassi"}, {"Servizi finanziari", "2021-05-01", "Marco Lodi"}, {"Servizi finanziari", "2021-07-31", ""},
		{"Innovazione tecnologica e SIA", "2021-07-31", "Ettore Malaguti"},
	} {
		if r := a.Referente(c.settore, giorno(t, c.giorno)); r.Nome != c.nome {
			t.Errorf("%s on %s: %+v", c.settore, c.giorno, r)
		}
	}
	if s := a.Segretario(); s.Email != "ettore.malaguti@terredipianura.example" {
		t.Errorf("%+v", s)
	}
}

// Sheets and columns in another order, under other names, below a title; the ente.
func TestAnotherRegistry(t *testing.T) {
	a, rilievi := LeggiAnagrafica("x.xlsx", costruisci(t, `
[RUOLI]
A1 = E-MAIL
B1 = Funzione
C1 = Nominativo
A2 = segretaria@comune.example
B2 = Segretaria comunale
C2 = Anna Verdi
[Ente]
A1 = Patrono
B1 = Denominazione
A2 = 29 giugno
B2 = Comune di Baricella
[incarichi]
A1 = Incarichi del Comune
A3 = Tipo
B3 = Al
C3 = Dal
D3 = Responsabile
E3 = Settore
F3 = Email
A4 = ad interim
C4 = 1.5.2021
D4 = Bianchi
E4 = ragioneria
A5 = TITOLARE
B5 = 30 aprile 2021
C5 # 43831 dd/mm/yyyy
D5 = Neri
E5 = Finanze
F5 = neri@comune.example
[Settori]
A1 = Nome
B1 = Telefono
C1 = Altri nomi
A2 = Finanze
B2 = 051 123
C2 = Ragioneria;  Bilancio ;
`))
	if len(rilievi) != 0 {
		t.Errorf("%+v", rilievi)
	}
	want := piano.Anagrafica{
		Ente:    piano.Ente{Nome: "Comune di Baricella", Codice: "comune-di-baricella", PatronoMese: 6, PatronoGiorno: 29},
		Settori: []piano.Settore{{Nome: "Finanze", Alias: []string{"Ragioneria", "Bilancio"}, Codice: "finanze"}},
		Incarichi: []piano.Incarico{
			{Settore: "Finanze", Nome: "Bianchi", Dal: giorno(t, "2021-05-01"), Tipo: piano.AdInterim},
			{Settore: "Finanze", Nome: "Neri", Email: "neri@comune.example", Dal: giorno(t, "2020-01-01"), Al: giorno(t, "2021-04-30"), Tipo: piano.Titolare},
		},
		Ruoli: []piano.Ruolo{{Ruolo: "Segretario", Nome: "Anna Verdi", Email: "segretaria@comune.example"}},
	}
	if d := cmp.Diff(want, a, cmp.AllowUnexported(piano.Giorno{})); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestIndirizzoBuono(t *testing.T) {
	for s, want := range map[string]bool{
		"nome.cognome@ente.example": true, "sia.amministrazione@terredipianura.example": true, "a+b@x.y.example": true,
		"": false, "nome": false, "nome@ente": false, "nome@": false, "@ente.example": false, "<nome@ente.example>": false, "Nome <nome@ente.example>": false,
		"a@ente.example, b@ente.example": false, "a@ente.example;b@ente.example": false, "nome @ente.example": false, "nome@ente..it": false, "nome@.it": false, "nome@ente.": false, "a@b@c.example": false, "nome@ente.example\n": false,
	} {
		if got := indirizzoBuono(s); got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
}

func TestGiornoDi(t *testing.T) {
	for _, c := range []struct {
		cella sheet.Cella
		want  string // "?" where it is refused
	}{
		{sheet.Cella{Testo: "2021-05-01", Tipo: sheet.Data}, "2021-05-01"}, {sheet.Cella{Testo: "01/05/2021"}, "2021-05-01"}, {sheet.Cella{Testo: "1-5-2021"}, "2021-05-01"},
		{sheet.Cella{Testo: "1° maggio 2021"}, "2021-05-01"}, {sheet.Cella{Testo: "31 dic. 2021"}, "2021-12-31"}, {sheet.Cella{}, ""},
		{sheet.Cella{Testo: "31/04/2021"}, "?"}, {sheet.Cella{Testo: "05/2021"}, "?"}, {sheet.Cella{Testo: "44317", Tipo: sheet.Numero}, "?"}, {sheet.Cella{Testo: "in carica"}, "?"}, {sheet.Cella{Testo: "1/13/2021"}, "?"},
	} {
		g, ok := giornoDi(c.cella)
		got := g.String()
		if !ok {
			got = "?"
		}
		if got != c.want {
			t.Errorf("%+v: %q, want %q", c.cella, got, c.want)
		}
	}
}

func TestPatronoDi(t *testing.T) {
	for testo, want := range map[string][2]int{"29/06": {6, 29}, "29 giugno": {6, 29}, "1° Agosto": {8, 1}, "29/06/2021": {6, 29}, "29-6": {6, 29}, "": {0, 0}, "29/02": {2, 29}} {
		if m, g, ok := patronoDi(sheet.Cella{Testo: testo}); !ok || m != want[0] || g != want[1] {
			t.Errorf("%q: %d/%d %v", testo, g, m, ok)
		}
	}
	for _, testo := range []string{"San Pietro", "31/06", "29", "0/1", "29 brumaio"} {
		if m, g, ok := patronoDi(sheet.Cella{Testo: testo}); ok {
			t.Errorf("%q is %d/%d", testo, g, m)
		}
	}
}
