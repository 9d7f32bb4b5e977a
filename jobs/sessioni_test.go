package jobs_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
)

// dateSessioni are the dates of the configuration's default.
func dateSessioni(int) []piano.RegolaSessione {
	return []piano.RegolaSessione{
		{Genere: piano.MetaAnno, Numero: 1, Dati: piano.GiornoAnno{Giorno: 30, Mese: 6}, Apre: piano.GiornoAnno{Giorno: 1, Mese: 7}, Sollecito: 5,
			Chiude: piano.GiornoAnno{Giorno: 31, Mese: 7}, Legge: piano.GiornoAnno{Giorno: 31, Mese: 7}},
		{Genere: piano.FineAnno, Numero: 1, Dati: piano.GiornoAnno{Giorno: 31, Mese: 12}, Apre: piano.GiornoAnno{Giorno: 7, Mese: 1}, Sollecito: 5,
			Chiude: piano.GiornoAnno{Giorno: 31, Mese: 1}, Legge: piano.GiornoAnno{Giorno: 30, Mese: 6}},
		{Genere: piano.Anticorruzione, Numero: 2, Dati: piano.GiornoAnno{Giorno: 31, Mese: 8}, Apre: piano.GiornoAnno{Giorno: 1, Mese: 9}, Sollecito: 5,
			Chiude: piano.GiornoAnno{Giorno: 20, Mese: 9}},
		{Genere: piano.Anticorruzione, Numero: 3, Dati: piano.GiornoAnno{Giorno: 31, Mese: 12}, Apre: piano.GiornoAnno{Giorno: 7, Mese: 1}, Sollecito: 5,
			Chiude: piano.GiornoAnno{Giorno: 20, Mese: 1}},
	}
}

func (c casa) sessioni() jobs.Sessioni {
	return jobs.Sessioni{Archivio: c.db, Modelli: modelli(c.t), Mittente: mittente, RegoleDi: regole, DateDi: dateSessioni}
}

// conPiano takes the plan in and approves it.
func (c casa) conPiano() {
	c.t.Helper()
	fogli, err := filepath.Glob(moduli + "/piano-2021/*.xlsx")
	if err != nil || len(fogli) != 8 {
		c.t.Fatal(fogli, err)
	}
	for _, f := range fogli {
		if r := c.ricevi(f, "2021-04-20"); !r.Accolta() {
			c.t.Fatalf("%s refused: %v", f, r.Lettura.Rilievi)
		}
	}
	if _, _, _, err := c.db.ApprovaPiano(c.t.Context(), ente, 2021, "DGU 18/2021", giorno(c.t, "2021-04-27")); err != nil {
		c.t.Fatal(err)
	}
}

// sessioniDel runs the sessions of a day and says in a line each what was done.
func (c casa) sessioniDel(g string) []string {
	c.t.Helper()
	passi, err := c.sessioni().Run(c.t.Context(), giorno(c.t, g), sera)
	if err != nil {
		c.t.Fatalf("%s: %v", g, err)
	}
	return racconta(passi)
}

func racconta(passi []jobs.PassoSessione) []string {
	var righe []string
	for _, p := range passi {
		if p.Apre {
			righe = append(righe, p.Sessione.Chiave()+" opened")
		}
		for _, i := range p.Inviti {
			var settori []string
			for _, v := range i.Voci {
				settori = append(settori, v.Settore+" "+v.Fase)
			}
			chi, _, _ := strings.Cut(i.A, "@")
			riga := chi + ": " + strings.Join(settori, ", ")
			if len(i.CC) > 0 {
				riga += " cc " + strings.Join(i.CC, " ")
			}
			righe = append(righe, riga)
		}
		for _, m := range p.Muti {
			righe = append(righe, "nobody for "+m)
		}
		if p.Esito != nil {
			righe = append(righe, p.Sessione.Chiave()+" closed")
		}
	}
	return righe
}

func (c casa) mostra(g string) piano.Chiusura {
	c.t.Helper()
	s := c.sessioni()
	e := piano.Ente{Codice: ente, Nome: "Unione Terre di Pianura"}
	x, err := s.Trova(c.t.Context(), e, piano.MetaAnno, 0, 2021, giorno(c.t, g))
	if err != nil {
		c.t.Fatal(err)
	}
	v, err := s.Mostra(c.t.Context(), c.db, e, x, giorno(c.t, g))
	if err != nil {
		c.t.Fatal(err)
	}
	return v
}

// The story of a session: it opens, two settori answer, the others are reminded, it
// closes, and nothing that comes later changes what was frozen.
func TestAMidYearSession(t *testing.T) {
	c := nuovaCasa(t)
	c.conPiano()
	c.ricevi(moduli+"/stato-2021-06-30/suap.xlsx", "2021-06-29") // before the day of the data: no answer
	const malaguti = "ettore.malaguti: Coordinamento generale %s, Innovazione tecnologica e SIA %[1]s"
	for _, passo := range []struct {
		giorno string
		arriva string // handed in on that day, after the run
		want   []string
	}{
		{"2021-06-30", "", nil},
		{"2021-07-01", "", []string{"2021/meta-anno opened", "annamaria.venturi: Welfare locale apertura", "chiara.rambaldi: Progettazione e CUC apertura",
			fmt.Sprintf(malaguti, "apertura"), "federica.neribassi: Tributi e riscossione coattiva apertura", "giulia.montanari: SUAP apertura",
			"marco.lodi: Servizi finanziari apertura", "stefano.guidetti: Governo del territorio apertura"}},
		{"2021-07-01", "", nil},                           // the same day again
		{"2021-07-02", "stato-2021-06-30/suap.xlsx", nil}, // the same bytes as on 29 June: that is an answer
		{"2021-07-05", "stato-2021-06-30/servizi-finanziari.xlsx", nil},
		{"2021-07-08", "", []string{"chiara.rambaldi: Progettazione e CUC sollecito/1", fmt.Sprintf(malaguti, "sollecito/1"), "federica.neribassi: Tributi e riscossione coattiva sollecito/1"}},
		{"2021-07-14", "stato-2021-06-30/coordinamento-generale.xlsx", nil},
		// the daemon is off on the 15th and a settore answers in the meantime
		{"2021-07-19", "", []string{"chiara.rambaldi: Progettazione e CUC sollecito/2", "ettore.malaguti: Innovazione tecnologica e SIA sollecito/2", "federica.neribassi: Tributi e riscossione coattiva sollecito/2"}},
		{"2021-07-29", "stato-2021-06-30/tributi-riscossione-coattiva.xlsx", []string{"chiara.rambaldi: Progettazione e CUC sollecito/4", "ettore.malaguti: Innovazione tecnologica e SIA sollecito/4", "federica.neribassi: Tributi e riscossione coattiva sollecito/4"}},
		{"2021-07-30", "", []string{"2021/meta-anno closed"}},
		{"2021-07-30", "", nil},
		{"2021-08-02", "", nil},
	} {
		if got := c.sessioniDel(passo.giorno); !slices.Equal(got, passo.want) {
			t.Errorf("%s:\n got %q\nwant %q", passo.giorno, got, passo.want)
		}
		if passo.arriva != "" {
			c.ricevi(moduli+"/"+passo.arriva, passo.giorno)
		}
	}
	fissata := c.mostra("2021-07-30")
	var f piano.Fotografia
	if err := json.Unmarshal(fissata.Fotografia, &f); err != nil {
		t.Fatal(err)
	}
	var muti []string
	for _, s := range f.Settori {
		if s.Muto() {
			muti = append(muti, s.Settore)
		}
	}
	if !slices.Equal(muti, []string{"Innovazione tecnologica e SIA", "Progettazione e CUC"}) || f.Dati != giorno(t, "2021-06-30") || len(f.Attivita) != 62 {
		t.Errorf("%q %d", muti, len(f.Attivita))
	}
	m, err := c.db.Messaggio(t.Context(), ente, piano.TipoEsitoSessione, "2021/meta-anno")
	if err != nil || !slices.Equal(m.A, []string{"ettore.malaguti@terredipianura.example"}) || m.Testo != fissata.Testo || !strings.Contains(m.Testo, fissata.Impronta) {
		t.Errorf("the outcome: %v, %v", m.A, err)
	}
	for _, allegato := range []string{"esito-verifica-di-meta-anno-2021.xlsx", "esito-verifica-di-meta-anno-2021.ods"} {
		if !bytes.Contains(m.MIME, []byte(allegato)) {
			t.Errorf("the outcome goes without %s", allegato)
		}
	}
	c.cambiaTutto()
	for _, g := range []string{"2021-08-02", "2022-01-03", "2031-06-30"} {
		if dopo := c.mostra(g); !bytes.Equal(dopo.Fotografia, fissata.Fotografia) || dopo.Testo != fissata.Testo || dopo.HTML != fissata.HTML || dopo.Impronta != fissata.Impronta {
			t.Errorf("on %s the frozen session is another", g)
		}
	}
}

// Who hands in on the day of the data, or after it while the session is not yet open, is
// told of the session once, that the sheet came, and never pressed; the day before is too
// early. A sheet that comes on the day of the opening leaves nothing to tell.
func TestWhoHandedInBeforeTheOpeningIsNotPressed(t *testing.T) {
	c := nuovaCasa(t)
	c.conPiano()
	const stato = moduli + "/stato-2021-06-30/"
	c.ricevi(stato+"progettazione-cuc.xlsx", "2021-06-29")
	c.ricevi(stato+"suap.xlsx", "2021-06-30")
	c.ricevi(moduli+"/piano-2021/tributi-riscossione-coattiva.xlsx", "2021-06-30") // the bytes of April again
	c.ricevi(stato+"servizi-finanziari.xlsx", "2021-07-01")
	previsti, err := c.sessioni().Plan(t.Context(), giorno(t, "2021-07-01"))
	if err != nil {
		t.Fatal(err)
	}
	passi, err := c.sessioni().Run(t.Context(), giorno(t, "2021-07-01"), sera)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"2021/meta-anno opened", "annamaria.venturi: Welfare locale apertura", "chiara.rambaldi: Progettazione e CUC apertura",
		"ettore.malaguti: Coordinamento generale apertura, Innovazione tecnologica e SIA apertura", "federica.neribassi: Tributi e riscossione coattiva apertura",
		"giulia.montanari: SUAP apertura", "stefano.guidetti: Governo del territorio apertura"}
	if got := racconta(passi); !slices.Equal(got, want) {
		t.Errorf("on the opening:\n got %q\nwant %q", got, want)
	}
	for n, i := range passi[0].Inviti {
		testo := strings.Join(strings.Fields(i.Testi.Testo), " ")
		ricevuta := strings.Contains(testo, "La scheda consegnata il 30 giugno 2021 è stata ricevuta e vale come risposta")
		if presto := i.Voci[0].Settore == "SUAP" || i.Voci[0].Settore == "Tributi e riscossione coattiva"; ricevuta != presto || presto && strings.Contains(testo, "Si chiede") {
			t.Error(i.Testi.Testo)
		}
		if detto := previsti[0].Inviti[n].Testi; detto != i.Testi {
			t.Errorf("planned:\n%s", detto.Testo)
		}
	}
	want = []string{"chiara.rambaldi: Progettazione e CUC sollecito/1", "ettore.malaguti: Coordinamento generale sollecito/1, Innovazione tecnologica e SIA sollecito/1"}
	if got := c.sessioniDel("2021-07-08"); !slices.Equal(got, want) {
		t.Errorf("reminded:\n got %q\nwant %q", got, want)
	}
	c.sessioniDel("2021-07-30")
	if testo := c.mostra("2021-07-30").Testo; !strings.Contains(testo, "3 settori su 6 hanno risposto") || strings.Count(testo, "ha risposto il 30/06/2021") != 2 {
		t.Error(testo)
	}
}

// cambiaTutto hands in the sheets of the year's end, takes a variation into the plan and
// changes the registry.
func (c casa) cambiaTutto() {
	c.t.Helper()
	fogli, err := filepath.Glob(moduli + "/stato-2021-12-31/*.xlsx")
	if err != nil || len(fogli) != 8 {
		c.t.Fatal(fogli, err)
	}
	for _, f := range fogli {
		if r := c.ricevi(f, "2021-12-31"); !r.Accolta() {
			c.t.Fatal(f, r.Lettura.Rilievi)
		}
	}
	a, err := c.db.Anagrafica(c.t.Context(), ente)
	if err != nil {
		c.t.Fatal(err)
	}
	a.Ente.Nome = "Unione Nuova"
	for i := range a.Settori {
		a.Settori[i].Nome = "Servizio " + a.Settori[i].Nome
	}
	a.Incarichi, a.Ruoli = nil, nil
	if _, err := c.db.SaveAnagrafica(c.t.Context(), a); err != nil {
		c.t.Fatal(err)
	}
}

// Somebody who writes into the database is found out: what was frozen has its SHA-256.
func TestAFrozenSessionCannotBeChanged(t *testing.T) {
	c := nuovaCasa(t)
	c.conPiano()
	c.sessioniDel("2021-07-01")
	c.sessioniDel("2021-07-30")
	grezzo, err := sql.Open("postgres", c.dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer grezzo.Close()
	const falsa = `UPDATE sessioni SET fotografia = replace(fotografia::text, 'scaduta', 'conclusa')::json`
	if _, err := grezzo.ExecContext(t.Context(), falsa); err == nil || !strings.Contains(err.Error(), "sessioni_sha256") {
		t.Fatalf("the database takes another text under the same SHA-256: %v", err)
	}
	if _, err := grezzo.ExecContext(t.Context(), `ALTER TABLE sessioni DROP CONSTRAINT sessioni_sha256`); err != nil {
		t.Fatal(err)
	}
	if _, err := grezzo.ExecContext(t.Context(), falsa); err != nil {
		t.Fatal(err)
	}
	s, e := c.sessioni(), piano.Ente{Codice: ente}
	x, err := s.Trova(t.Context(), e, piano.MetaAnno, 0, 2021, giorno(t, "2021-08-02"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Mostra(t.Context(), c.db, e, x, giorno(t, "2021-08-02")); !errors.Is(err, store.ErrSessioneCambiata) {
		t.Error(err)
	}
}

// The daemon was off from June to August: one message, the outcome, which says that
// nobody was asked.
func TestASessionMissedAltogether(t *testing.T) {
	c := nuovaCasa(t)
	c.conPiano()
	if got := c.sessioniDel("2021-08-08"); len(got) > 0 { // a Sunday
		t.Errorf("%q", got)
	}
	if got := c.sessioniDel("2021-08-09"); !slices.Equal(got, []string{"2021/meta-anno opened", "2021/meta-anno closed"}) {
		t.Errorf("%q", got)
	}
	if testo := c.mostra("2021-08-09").Testo; !strings.Contains(testo, "Nessun settore è stato interpellato") {
		t.Error(testo)
	}
	if posta := c.invia(t.TempDir()); len(posta) != 1 {
		t.Errorf("%q", posta)
	}
}

// No plan, or one that is not approved: nobody is asked.
func TestASessionNeedsAnApprovedPlan(t *testing.T) {
	c := nuovaCasa(t)
	if got := c.sessioniDel("2021-07-01"); len(got) > 0 {
		t.Errorf("without a plan: %q", got)
	}
	c.ricevi(moduli+"/piano-2021/suap.xlsx", "2021-04-20")
	if got := c.sessioniDel("2021-07-01"); len(got) > 0 {
		t.Errorf("with a draft: %q", got)
	}
	s, e := c.sessioni(), piano.Ente{Codice: ente}
	x, err := s.Trova(t.Context(), e, piano.MetaAnno, 0, 2021, giorno(t, "2021-07-01"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Apri(t.Context(), e, x, giorno(t, "2021-07-01"), piano.Giorno{}, sera); !errors.Is(err, jobs.ErrSenzaPiano) {
		t.Error(err)
	}
	if _, _, _, err := c.db.ApprovaPiano(t.Context(), ente, 2021, "DGU 18/2021", giorno(t, "2021-07-05")); err != nil {
		t.Fatal(err)
	}
	if got := c.sessioniDel("2021-07-05"); !slices.Equal(got, []string{"2021/meta-anno opened", "giulia.montanari: SUAP apertura"}) {
		t.Errorf("approved late: %q", got)
	}
}

// One message a person a day: who was reminded in the morning is asked tomorrow, and who
// was asked is reminded tomorrow.
func TestASessionAndTheRemindersOfADay(t *testing.T) {
	c := nuovaCasa(t)
	c.anno()
	oggi, domani := giorno(t, "2021-07-12"), giorno(t, "2021-07-13")
	ricordati, _, err := c.solleciti().Run(t.Context(), oggi, sera)
	if err != nil || len(ricordati) == 0 {
		t.Fatal(len(ricordati), err)
	}
	chi := map[string]bool{}
	for _, p := range ricordati {
		chi[strings.Split(p.Promemoria.A, "@")[0]] = true
	}
	for _, riga := range c.sessioniDel("2021-07-12") {
		if nome, _, ok := strings.Cut(riga, ":"); ok && chi[nome] {
			t.Errorf("a second message today: %s", riga)
		}
	}
	domandati := c.sessioniDel("2021-07-13")
	if len(domandati) != len(chi) {
		t.Errorf("%q, for %v", domandati, chi)
	}
	if p, _, err := c.solleciti().Plan(t.Context(), domani); err != nil || slices.ContainsFunc(p, func(p jobs.Preparato) bool { return chi[strings.Split(p.Promemoria.A, "@")[0]] }) {
		t.Errorf("%+v, %v", p, err)
	}
}

// A vacant office: its mailbox is asked, the Segretario in copy. Nobody to write to at
// all is said.
func TestASessionWithVacantOffices(t *testing.T) {
	c := nuovaCasa(t)
	c.conPiano()
	a, err := c.db.Anagrafica(t.Context(), ente)
	if err != nil {
		t.Fatal(err)
	}
	a.Incarichi = slices.DeleteFunc(a.Incarichi, func(i piano.Incarico) bool { return i.Settore == "SUAP" })
	if _, err := c.db.SaveAnagrafica(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if got := c.sessioniDel("2021-07-01"); !slices.Contains(got, "suap: SUAP apertura cc ettore.malaguti@terredipianura.example") {
		t.Errorf("%q", got)
	}
	a.Ruoli, a.Incarichi = nil, nil
	for i := range a.Settori {
		a.Settori[i].Email = ""
	}
	if _, err := c.db.SaveAnagrafica(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if got := c.sessioniDel("2021-07-08"); len(got) != 6 || got[0] != "nobody for Coordinamento generale" {
		t.Errorf("%q", got)
	}
	// without a Segretario the data are frozen all the same
	_, err = c.sessioni().Run(t.Context(), giorno(t, "2021-07-30"), sera)
	if !errors.Is(err, jobs.ErrSenzaSegretario) {
		t.Error(err)
	}
	if f := c.mostra("2021-07-30"); f.Impronta == "" {
		t.Error("not frozen")
	}
}

// Two daemons on one database: each settore is asked once, the session frozen once.
func TestTwoDaemonsAndOneSession(t *testing.T) {
	c := nuovaCasa(t)
	c.conPiano()
	var chiuse atomic.Int32
	for _, g := range []string{"2021-07-01", "2021-07-08", "2021-07-30"} {
		var tutti sync.WaitGroup
		for range 4 {
			tutti.Go(func() {
				passi, err := c.sessioni().Run(t.Context(), giorno(t, g), sera)
				if err != nil {
					t.Error(err)
				}
				for _, p := range passi {
					if p.Esito != nil {
						chiuse.Add(1)
					}
				}
			})
		}
		tutti.Wait()
	}
	if chiuse.Load() != 1 {
		t.Errorf("closed %d times", chiuse.Load())
	}
	if posta := c.invia(t.TempDir()); len(posta) != 7+5+1 {
		t.Errorf("%d: %q", len(posta), posta)
	}
}

// What Plan says is what Run does, and it writes nothing.
func TestThePlanOfASession(t *testing.T) {
	c := nuovaCasa(t)
	c.conPiano()
	for _, g := range []string{"2021-07-01", "2021-07-08", "2021-07-30"} {
		previsti, err := c.sessioni().Plan(t.Context(), giorno(t, g))
		if err != nil {
			t.Fatal(err)
		}
		if got := c.sessioniDel(g); !slices.Equal(got, racconta(previsti)) || len(got) == 0 {
			t.Errorf("%s: planned %q, done %q", g, racconta(previsti), got)
		}
	}
}
