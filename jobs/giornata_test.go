package jobs_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/piano"
)

func (c casa) giornata() jobs.Giornata {
	s := c.solleciti()
	return jobs.Giornata{Passaggi: jobs.Passaggi(s), Solleciti: s, Recapiti: jobs.Recapiti(s)}
}

// scrive runs the messages of a day and returns "kind address: items" of each, the
// number of items alone.
func (c casa) scrive(g string) []string {
	c.t.Helper()
	giorno := giorno(c.t, g)
	prima, err := c.giornata().Plan(c.t.Context(), giorno)
	if err != nil {
		c.t.Fatal(err)
	}
	s, err := c.giornata().Run(c.t.Context(), giorno, giorno.Time().Add(7*time.Hour))
	if err != nil {
		c.t.Fatal(err)
	}
	if prima.Quanti() != s.Quanti() {
		c.t.Errorf("%s: %d messages planned, %d written", g, prima.Quanti(), s.Quanti())
	}
	got := []string{}
	for _, x := range s.Consegnati {
		voci := 0
		for _, n := range x.Subentri {
			voci += len(n.Voci)
		}
		got = append(got, fmt.Sprintf("passaggio %s: %d", casella(x.A), voci))
	}
	for _, x := range s.Preparati {
		got = append(got, fmt.Sprintf("promemoria %s: %d", casella(x.Promemoria.A), len(x.Promemoria.Voci)))
	}
	for _, x := range s.Segnalazioni {
		got = append(got, fmt.Sprintf("avviso %s: %d", casella(x.A), len(x.Mancanti)))
	}
	return got
}

func casella(a string) string { nome, _, _ := strings.Cut(a, "@"); return nome }

// cambia edits the registry as the SIA does, by importing it anew.
func (c casa) cambia(f func(*piano.Anagrafica)) {
	c.t.Helper()
	a, err := c.db.Anagrafica(c.t.Context(), ente)
	if err != nil {
		c.t.Fatal(err)
	}
	f(&a)
	if _, err := c.db.SaveAnagrafica(c.t.Context(), a); err != nil {
		c.t.Fatal(err)
	}
}

// pianoApprovato takes the plan in on 20 April and has it approved on the 27th.
func (c casa) pianoApprovato() {
	c.t.Helper()
	for _, f := range []string{"servizi-finanziari", "suap", "tributi-riscossione-coattiva", "sia"} {
		if r := c.ricevi(moduli+"/piano-2021/"+f+".xlsx", "2021-04-20"); !r.Accolta() {
			c.t.Fatal(r.Lettura.Rilievi)
		}
	}
	if _, _, _, err := c.db.ApprovaPiano(c.t.Context(), ente, 2021, "DGU 18/2021", giorno(c.t, "2021-04-27")); err != nil {
		c.t.Fatal(err)
	}
}

// The accounts office of the real plan changes hands on Saturday 1 May 2021: the
// newcomer is told on Monday, once, with the form, and nothing else that day; what was
// told there is not told again by the ladder.
func TestTheNewcomerIsHandedOverTo(t *testing.T) {
	c := nuovaCasa(t)
	c.pianoApprovato()
	for _, g := range []string{"2021-04-30", "2021-05-01"} {
		if got := c.scrive(g); slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "passaggio") }) {
			t.Errorf("%s: %q", g, got)
		}
	}
	got := c.scrive("2021-05-03")
	if len(got) == 0 || !strings.HasPrefix(got[0], "passaggio marco.lodi: ") || slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "promemoria marco.lodi") }) {
		t.Fatalf("%q", got)
	}
	if got := c.scrive("2021-05-03"); len(got) != 0 {
		t.Errorf("the same day again: %q", got)
	}
	m, err := c.db.Messaggio(t.Context(), ente, piano.TipoPassaggio, "2021-05-03/marco.lodi@terredipianura.example/servizi-finanziari@2021-05-01")
	if err != nil || !strings.Contains(string(m.MIME), `filename="modulo-servizi-finanziari-2021.xlsx"`) ||
		!strings.Contains(m.Testo, "in precedenza\nne rispondeva Sandra Benassi") {
		t.Errorf("%v\n%s", err, m.Testo)
	}
	for _, g := range []string{"2021-05-04", "2021-05-07", "2021-05-10"} { // the 7th is the day of the months missed in April
		for _, s := range c.scrive(g) {
			if strings.Contains(s, "marco.lodi") {
				t.Errorf("%s: %s, what the hand-over told is told again", g, s)
			}
		}
	}
}

// Nobody hands over in an installation that has just been set up, nor to somebody
// who came before the settore's first sheet; a registry that learns of the change
// late makes up for it within a month of work.
func TestWhoIsNotHandedOverTo(t *testing.T) {
	c := nuovaCasa(t)
	c.pianoApprovato()
	nuovo := func(dal string) func(*piano.Anagrafica) {
		return func(a *piano.Anagrafica) {
			for i, x := range a.Incarichi {
				if x.Settore == "SUAP" && x.Nome == "Giulia Montanari" {
					a.Incarichi[i].Al = giorno(t, dal).Piu(-1)
				}
			}
			a.Incarichi = slices.DeleteFunc(a.Incarichi, func(x piano.Incarico) bool { return x.Nome == "Nuovo" || x.Settore == "Servizi finanziari" })
			a.Incarichi = append(a.Incarichi, piano.Incarico{Settore: "SUAP", Nome: "Nuovo", Email: "nuovo@terredipianura.example", Dal: giorno(t, dal), Tipo: piano.AdInterim})
		}
	}
	passaggi := func() (quanti int) {
		p, err := c.giornata().Plan(t.Context(), giorno(t, "2021-05-14"))
		if err != nil {
			t.Fatal(err)
		}
		return len(p.Consegnati)
	}
	for _, r := range []struct {
		dal    string
		quanti int
		storia string
	}{
		{"2021-04-16", 0, "came before the first sheet"},
		{"2021-04-20", 0, "came on the day of the first sheet"},
		{"2021-04-21", 1, "came the day after: the registry learns of it in May"},
		{"2021-05-17", 0, "has not come yet"},
	} {
		c.cambia(nuovo(r.dal))
		if n := passaggi(); n != r.quanti {
			t.Errorf("%s: %d hand-overs, want %d", r.storia, n, r.quanti)
		}
	}
}

// Two offices that come to one person on one day are one message with two sections.
func TestOneHandOverForTwoOffices(t *testing.T) {
	c := nuovaCasa(t)
	c.pianoApprovato()
	c.cambia(func(a *piano.Anagrafica) {
		for i, x := range a.Incarichi {
			if x.Settore == "SUAP" || strings.HasPrefix(x.Settore, "Tributi") {
				a.Incarichi[i].Al = giorno(t, "2021-05-09")
				a.Incarichi = append(a.Incarichi, piano.Incarico{Settore: x.Settore, Nome: "Marco Lodi", Email: "Marco.Lodi@terredipianura.example", Dal: giorno(t, "2021-05-10"), Tipo: piano.AdInterim})
			}
		}
	})
	if got := c.scrive("2021-05-03"); len(got) == 0 || !strings.HasPrefix(got[0], "passaggio marco.lodi") {
		t.Fatalf("%q", got)
	}
	p, err := c.giornata().Plan(t.Context(), giorno(t, "2021-05-10"))
	if err != nil || len(p.Consegnati) != 1 || len(p.Consegnati[0].Subentri) != 2 || !strings.Contains(p.Consegnati[0].Testi.Testo, "SETTORE SUAP\n") {
		t.Fatalf("%+v, %v", p.Consegnati, err)
	}
	if got := c.scrive("2021-05-10"); !strings.HasPrefix(got[0], "passaggio Marco.Lodi") {
		t.Errorf("%q", got)
	}
	if got := c.scrive("2021-05-11"); slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "passaggio") }) {
		t.Errorf("on the next day: %q", got)
	}
}

// A person without an address: the office mailbox is written to, and the SIA is told
// once a month until the registry has it.
func TestMissingAddressesAreReported(t *testing.T) {
	c := nuovaCasa(t)
	c.pianoApprovato()
	c.cambia(func(a *piano.Anagrafica) {
		for i := range a.Incarichi {
			if a.Incarichi[i].Settore == "SUAP" || a.Incarichi[i].Settore == "Welfare locale" { // Welfare has no plan: nobody misses its address
				a.Incarichi[i].Email = ""
			}
		}
	})
	avvisi := func(g string) []string {
		return slices.DeleteFunc(c.scrive(g), func(s string) bool { return !strings.HasPrefix(s, "avviso") })
	}
	for _, r := range []struct{ giorno, want, storia string }{
		{"2021-05-02", "", "a Sunday"},
		{"2021-05-03", "avviso sia: 1", "the first working day"},
		{"2021-05-04", "", "told"},
		{"2021-06-01", "avviso sia: 1", "another month"},
		{"2021-06-03", "", "told"},
	} {
		if got := strings.Join(avvisi(r.giorno), ", "); got != r.want {
			t.Errorf("%s, %s: %q, want %q", r.giorno, r.storia, got, r.want)
		}
	}
	c.cambia(func(a *piano.Anagrafica) { // in June another one goes missing, and the SIA's own address
		for i := range a.Incarichi {
			if strings.HasPrefix(a.Incarichi[i].Settore, "Tributi") {
				a.Incarichi[i].Email = ""
			}
		}
		a.Ruoli = slices.DeleteFunc(a.Ruoli, func(r piano.Ruolo) bool { return r.Ruolo == "SIA" })
	})
	if got := avvisi("2021-06-04"); len(got) != 1 || got[0] != "avviso ettore.malaguti: 1" {
		t.Errorf("the new one alone, to the Segretario where there is no SIA: %q", got)
	}
}

// Of an objective that several settori carry the lead settore alone is reminded; the
// others are in copy where the ente says so.
func TestWhoSharesAnObjectiveIsInCopyIfTheEnteSaysSo(t *testing.T) {
	c := nuovaCasa(t)
	c.anno()
	s := c.solleciti()
	for _, inCopia := range []bool{false, true} {
		s.RegoleDi = func(piano.Ente) jobs.Regole { return jobs.Regole{Scala: piano.ScalaPredefinita, InCopia: inCopia} }
		p, _, err := s.Plan(t.Context(), giorno(t, "2021-07-12"))
		if err != nil {
			t.Fatal(err)
		}
		copie, dette := 0, 0
		for _, x := range p {
			copie += len(x.Promemoria.CC)
			dette += strings.Count(x.Testi.Testo, "in copia per\n") + strings.Count(x.Testi.Testo, "in copia per conoscenza")
		}
		if (copie > 0) != inCopia || (dette > 0) != inCopia {
			t.Errorf("in copy %v: %d addresses, %d items say so", inCopia, copie, dette)
		}
	}
}
