package jobs_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/templates"
)

// dietro looks behind the store's back.
func (c casa) dietro() *sql.DB {
	c.t.Helper()
	db, err := sql.Open("postgres", c.dsn)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() {
		if err := db.Close(); err != nil {
			c.t.Error(err)
		}
	})
	return db
}

func (c casa) esegui(db *sql.DB, query string, args ...any) {
	c.t.Helper()
	if _, err := db.ExecContext(c.t.Context(), query, args...); err != nil {
		c.t.Fatal(query, err)
	}
}

// riepilogo returns the one digest of that month, as it is or would be on that day.
func (c casa) riepilogo(fine, g string) jobs.Digest {
	c.t.Helper()
	d, err := c.mensile().Plan(c.t.Context(), giorno(c.t, fine), giorno(c.t, g))
	if err != nil || len(d) != 1 {
		c.t.Fatal(len(d), err)
	}
	return d[0]
}

// scriviRiepilogo writes that digest on that day, for the first time.
func (c casa) scriviRiepilogo(fine, g string) jobs.Digest {
	c.t.Helper()
	quando := giorno(c.t, g).Time().Add(7 * time.Hour)
	d, nuovi, err := c.mensile().Run(c.t.Context(), giorno(c.t, fine), giorno(c.t, g), quando)
	if err != nil || nuovi != 1 {
		c.t.Fatal(nuovi, err)
	}
	return d[0]
}

// The digest of a past month is made again of what it was made of: the words, the
// annexes byte by byte, the mail but for its date. Everything changes in between.
func TestTheDigestOfAPastMonthIsTheSame(t *testing.T) {
	c := nuovaCasa(t)
	c.anno()
	prima := c.scriviRiepilogo("2021-06-30", "2021-07-01")
	spedito, err := c.db.Messaggio(t.Context(), ente, piano.TipoRiepilogo, "2021-06")
	if err != nil {
		t.Fatal(err)
	}

	c.cambiaOgniCosa()

	dopo := c.riepilogo("2021-06-30", "2022-02-10")
	if !dopo.Scritto || dopo.Versione != "prova 1" {
		t.Errorf("%t %q", dopo.Scritto, dopo.Versione)
	}
	if d := cmp.Diff(prima.Testi, dopo.Testi); d != "" {
		t.Errorf("the words (-then +now)\n%s", d)
	}
	for i, a := range prima.Allegati {
		if b := dopo.Allegati[i]; a.Nome != b.Nome || !bytes.Equal(a.Contenuto, b.Contenuto) {
			t.Errorf("%s is not what it was", a.Nome)
		}
	}
	rifatto, err := c.mensile().Componi(dopo, giorno(t, "2022-02-10"), time.Date(2022, 2, 10, 9, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	data := regexp.MustCompile(`(?m)^Date: .*$`)
	if d := cmp.Diff(string(data.ReplaceAll(spedito.MIME, nil)), string(data.ReplaceAll(rifatto.MIME, nil))); d != "" || rifatto.MessageID != spedito.MessageID {
		t.Errorf("the mail, its date aside (-sent +made again)\n%.2000s", d)
	}
	if bytes.Equal(spedito.MIME, rifatto.MIME) {
		t.Error("it has not even another date")
	}

	// and all that would have made it another one: without what was frozen it is
	db := c.dietro()
	c.esegui(db, "DELETE FROM istantanee")
	if _, err := c.mensile().Plan(t.Context(), giorno(t, "2021-06-30"), giorno(t, "2022-02-10")); !errors.Is(err, jobs.ErrSenzaDati) {
		t.Errorf("sent, and nothing kept: %v", err)
	}
	c.esegui(db, "DELETE FROM spedizioni")
	c.esegui(db, "DELETE FROM messaggi")
	nuovo := c.riepilogo("2021-06-30", "2022-02-10")
	if nuovo.Scritto || nuovo.Testi.Testo == prima.Testi.Testo || bytes.Equal(nuovo.Allegati[0].Contenuto, prima.Allegati[0].Contenuto) {
		t.Error("nothing changed: the test shows nothing")
	}
}

// cambiaOgniCosa changes all that a digest is made of: progress, plan, people, names,
// the outbox, the runs, the law's dates, the program itself.
func (c casa) cambiaOgniCosa() {
	c.t.Helper()
	fogli, err := filepath.Glob(moduli + "/stato-2021-12-31/*.xlsx")
	if err != nil || len(fogli) == 0 {
		c.t.Fatal(fogli, err)
	}
	for _, f := range fogli {
		c.ricevi(f, "2021-12-31")
	}
	a, err := c.db.Anagrafica(c.t.Context(), ente)
	if err != nil {
		c.t.Fatal(err)
	}
	a.Ente.Nome = "Unione di altri Comuni"
	for i := range a.Ruoli {
		a.Ruoli[i].Nome, a.Ruoli[i].Email = "Altra Persona", "altra@terredipianura.example"
	}
	for i := range a.Incarichi {
		a.Incarichi[i].Nome = "Persona " + string(rune('A'+i))
	}
	if _, err := c.db.SaveAnagrafica(c.t.Context(), a); err != nil {
		c.t.Fatal(err)
	}
	c.scriviRiepilogo("2021-05-31", "2022-01-10") // one before it, written late
	db := c.dietro()
	c.esegui(db, "UPDATE attivita SET descrizione = descrizione || ' (rivista)', previsto = 1, ottenuto = 0, eseguito = NULL")
	c.esegui(db, "UPDATE obiettivi SET titolo = 'Altro titolo ' || id")
	c.esegui(db, "UPDATE spedizioni SET stato = 'respinto', risposta = '550'")
	c.esegui(db, "INSERT INTO esecuzioni (job, periodo, iniziata, finita, esito) VALUES ('remind', '2021-06-09', now(), now(), 'saltata')")
}

// What nobody got is told: a refusal once, a doubt and a long wait as long as they last;
// and the runs of the month that were not made.
func TestTheDigestTellsWhatWasNotDelivered(t *testing.T) {
	c := nuovaCasa(t)
	c.anno()
	db := c.dietro()
	messaggio := func(g, a, stato, risposta string) {
		t.Helper()
		m := piano.Messaggio{Ente: ente, Tipo: piano.TipoPromemoria, Chiave: g + "/" + a, Giorno: giorno(t, g), A: []string{a}, Oggetto: "o", Testo: "t", MessageID: g + a}
		if _, err := c.db.SaveMessaggi(t.Context(), "prova", g, giorno(t, g).Time(), []piano.Messaggio{m}); err != nil {
			t.Fatal(err)
		}
		c.esegui(db, "UPDATE spedizioni SET stato = $2, risposta = $3 WHERE destinatario = $1", a, stato, risposta)
	}
	messaggio("2021-06-10", "rifiutato@ente.example", "respinto", "550 no")
	messaggio("2021-06-11", "superato@ente.example", "respinto", piano.RispostaSuperata+"2021-06-14")
	messaggio("2021-06-14", "dubbio@ente.example", "esito-ignoto", "")
	messaggio("2021-06-20", "attesa@ente.example", "in-coda", "")
	messaggio("2021-06-30", "appena@ente.example", "in-coda", "")
	messaggio("2021-07-02", "dopo@ente.example", "respinto", "550 no")
	c.esegui(db, "INSERT INTO esecuzioni (job, periodo, iniziata, finita, esito) VALUES ('remind', '2021-06-09', now(), now(), 'saltata'), ('digest', '2021-06-15', now(), now(), 'fallita'), ('remind', '2021-07-09', now(), now(), 'saltata'), ('remind', '2021-06-16', now(), now(), 'fatta')")
	fermi := func(d jobs.Digest) []string {
		var r []string
		for _, p := range d.Dati.Posta {
			r = append(r, string(p.Stato)+" "+p.Destinatario)
		}
		for _, m := range d.Dati.Mancate {
			r = append(r, string(m.Esito)+" "+m.Job+" "+m.Giorno)
		}
		return r
	}
	giugno := c.scriviRiepilogo("2021-06-30", "2021-07-01")
	if d := cmp.Diff([]string{"respinto rifiutato@ente.example", "esito-ignoto dubbio@ente.example", "in-coda attesa@ente.example",
		"saltata remind 2021-06-09", "fallita digest 2021-06-15"}, fermi(giugno)); d != "" {
		t.Errorf("June (-want +got)\n%s", d)
	}
	// one of June is refused only in July; the digest itself is delivered
	c.esegui(db, "UPDATE spedizioni SET stato = 'respinto', risposta = '550 no' WHERE destinatario = 'appena@ente.example'")
	c.esegui(db, "UPDATE spedizioni SET stato = 'inviato', inviato_il = now() WHERE messaggio_id IN (SELECT id FROM messaggi WHERE tipo = 'riepilogo')")
	luglio := c.scriviRiepilogo("2021-07-31", "2021-08-02")
	if d := cmp.Diff([]string{"esito-ignoto dubbio@ente.example", "in-coda attesa@ente.example", "respinto appena@ente.example", "respinto dopo@ente.example",
		"saltata remind 2021-07-09"}, fermi(luglio)); d != "" {
		t.Errorf("July (-want +got)\n%s", d)
	}
}

// Month after month: the chart grows, each settore is compared with itself, and what is
// gone from the plan is told.
func TestTheDigestComparesItselfWithThoseBefore(t *testing.T) {
	c := nuovaCasa(t)
	c.anno()
	maggio := c.scriviRiepilogo("2021-05-31", "2021-06-01")
	if len(maggio.Dati.Mesi) > 0 || len(maggio.Dati.Prima) > 0 || !maggio.Dati.Precedente.IsZero() {
		t.Errorf("the first: %+v", maggio.Dati.Mesi)
	}
	c.scriviRiepilogo("2021-06-30", "2021-07-01")
	c.esegui(c.dietro(), "DELETE FROM attivita WHERE id = (SELECT min(id) FROM attivita)")
	luglio := c.scriviRiepilogo("2021-07-31", "2021-08-02").Dati
	if len(luglio.Mesi) != 2 || luglio.Mesi[0].Al != giorno(t, "2021-05-31") || luglio.Mesi[0].Conteggio != maggio.Dati.Totali("") {
		t.Errorf("%+v", luglio.Mesi)
	}
	if len(luglio.Prima) != len(luglio.Settori) || luglio.Precedente != giorno(t, "2021-06-30") {
		t.Errorf("%+v", luglio.Prima)
	}
	sparite := slices.DeleteFunc(slices.Clone(luglio.Cambiamenti), func(x templates.Cambiamento) bool { return x.Ora != "" })
	if len(sparite) != 1 || sparite[0].Prima == "" {
		t.Errorf("gone: %+v", sparite)
	}
	for _, x := range luglio.Attivita {
		if x.Fonte.File == "" || x.Fonte.Foglio == "" || x.Fonte.Cella == "" || x.Consegna.IsZero() {
			t.Errorf("from nowhere: %+v", x)
			break
		}
	}
}

// The month must be over: its digest is written once.
func TestNoDigestOfAMonthThatIsNotOver(t *testing.T) {
	c := nuovaCasa(t)
	c.anno()
	for _, g := range []string{"2021-06-15", "2021-06-30"} {
		if _, _, err := c.mensile().Run(t.Context(), giorno(t, "2021-06-30"), giorno(t, g), giorno(t, g).Time()); !errors.Is(err, jobs.ErrMeseInCorso) {
			t.Errorf("%s: %v", g, err)
		}
	}
	if d := c.riepilogo("2021-06-30", "2021-06-15"); d.Scritto || !strings.Contains(d.Testi.Testo, "Situazione al 30 giugno 2021") {
		t.Errorf("it can be looked at: %.200s", d.Testi.Testo)
	}
}

// The mail carries both annexes, and they are read as what they are.
func TestTheDigestCarriesItsAnnexes(t *testing.T) {
	c := nuovaCasa(t)
	c.anno()
	d := c.scriviRiepilogo("2021-06-30", "2021-07-01")
	m, err := c.db.Messaggio(t.Context(), ente, piano.TipoRiepilogo, "2021-06")
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range d.Allegati {
		if !bytes.Contains(m.MIME, []byte(`filename="`+a.Nome+`"`)) {
			t.Errorf("%s is not attached", a.Nome)
		}
		w, err := sheet.Apri(a.Contenuto)
		if err != nil || len(w.Fogli) != 12 {
			t.Errorf("%s: %d sheets, %v", a.Nome, len(w.Fogli), err)
		}
	}
}

// The digest tells the checks of the year: to come, open with who is missing, closed.
func TestTheDigestTellsTheSessions(t *testing.T) {
	c := nuovaCasa(t)
	c.conPiano()
	racconta := func(d jobs.Digest) []string {
		var r []string
		for _, s := range d.Dati.Sessioni {
			r = append(r, s.Nome+" "+templates.StatoSessione(s))
		}
		return r
	}
	passa := func(g string) {
		t.Helper()
		if _, err := c.sessioni().Run(t.Context(), giorno(t, g), giorno(t, g).Time()); err != nil {
			t.Fatal(err)
		}
	}
	arrivo := racconta(c.riepilogo("2021-05-31", "2021-06-01"))
	passa("2021-07-01")
	c.ricevi(moduli+"/stato-2021-06-30/suap.xlsx", "2021-07-02")
	aperta := c.riepilogo("2021-06-30", "2021-07-02")
	passa("2021-07-30")
	chiusa := racconta(c.riepilogo("2021-07-31", "2021-08-02"))
	n := aperta.Dati.Sessioni[0].Richiesti
	if d := cmp.Diff([][]string{{"verifica di metà anno 2021 si apre il 01/07/2021 e si chiude il 30/07/2021 (dati al 30/06/2021)."},
		{fmt.Sprintf("verifica di metà anno 2021 aperta dal 01/07/2021 (dati al 30/06/2021); consegne entro il 29/07/2021, settori che hanno consegnato: 1 su %d.", n)},
		{"verifica di metà anno 2021 chiusa il 30/07/2021 (dati al 30/06/2021)."}}, [][]string{arrivo, racconta(aperta), chiusa}); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	if m := aperta.Dati.Sessioni[0].Mancano; len(m) != n-1 || slices.Contains(m, "SUAP") {
		t.Errorf("missing: %v of %d", m, n)
	}
}

// In a new year what was concluded in those before is counted no more, and is no change;
// what is open stays until it is concluded, which is told once.
func TestTheDigestOfANewYear(t *testing.T) {
	c := nuovaCasa(t)
	c.anno()
	dicembre := c.scriviRiepilogo("2021-12-31", "2022-01-03").Dati
	gennaio := c.scriviRiepilogo("2022-01-31", "2022-02-01")
	d := gennaio.Dati
	aperte := dicembre.Totali("").Attivita - dicembre.Totali("").Concluse
	if n := d.Totali(""); dicembre.Totali("").Concluse == 0 || aperte == 0 || n.Concluse != 0 || n.Attivita != aperte ||
		slices.ContainsFunc(d.Cambiamenti, func(x templates.Cambiamento) bool { return x.Prima != piano.InRitardo || x.Ora != piano.Scaduta }) { // the year is over for those
		t.Errorf("December %+v, January %+v, %+v", dicembre.Totali(""), n, d.Cambiamenti)
	}
	if !strings.Contains(strings.Join(strings.Fields(gennaio.Testi.Testo), " "), "Dal 2022 non sono più contate le attività degli anni precedenti già concluse.") {
		t.Error("the fall is not explained")
	}
	una := d.Attivita[0]
	c.esegui(c.dietro(), "UPDATE attivita SET eseguito = true WHERE id = $1", una.ID)
	febbraio, marzo := c.scriviRiepilogo("2022-02-28", "2022-03-01").Dati, c.scriviRiepilogo("2022-03-31", "2022-04-01").Dati
	if len(febbraio.Cambiamenti) != 1 || febbraio.Cambiamenti[0].Prima != una.Stato || febbraio.Cambiamenti[0].Ora != piano.Conclusa || febbraio.Totali("").Attivita != aperte-1 {
		t.Errorf("February: %+v", febbraio.Cambiamenti)
	}
	if len(marzo.Cambiamenti) > 0 {
		t.Errorf("March: %+v", marzo.Cambiamenti)
	}
}

// A stop that swallows whole months: each month is told late and once, oldest first, the
// three newest at most, and says that it is late and which months nobody told.
func TestMonthsThatFellIntoAStop(t *testing.T) {
	c := nuovaCasa(t)
	c.anno()
	run := func(g string, nuovi int, mesi ...string) {
		t.Helper()
		n, err := c.mensile().RunDelGiorno(t.Context(), giorno(t, g), giorno(t, g).Time())
		chiavi, errChiavi := c.db.Chiavi(t.Context(), ente, piano.TipoRiepilogo)
		if slices.Sort(chiavi); err != nil || errChiavi != nil || n != nuovi || !slices.Equal(chiavi, mesi) {
			t.Errorf("%s: %d, %v, %v, %v", g, n, chiavi, err, errChiavi)
		}
	}
	detto := func(mese string, frasi ...string) {
		t.Helper()
		m, err := c.db.Messaggio(t.Context(), ente, piano.TipoRiepilogo, mese)
		testo := strings.Join(strings.Fields(m.Oggetto+" "+m.Testo), " ")
		if err != nil || len(frasi) == 0 && (strings.Contains(testo, "redatto")) {
			t.Errorf("%s: %v %.400s", mese, err, testo)
		}
		for _, f := range frasi {
			if !strings.Contains(testo, f) {
				t.Errorf("%s does not say %q: %.600s", mese, f, testo)
			}
		}
	}
	run("2021-06-01", 1, "2021-05") // the first one owes nothing about the time before it
	run("2021-08-10", 2, "2021-05", "2021-06", "2021-07")
	detto("2021-06", "Scadenzario: riepilogo di giugno 2021, redatto in ritardo il 10/08/2021", "redatto in ritardo, il 10 agosto 2021: riporta la situazione al 30 giugno 2021", "Rispetto al 31 maggio 2021:")
	detto("2021-07") // of the month before, as after any stop
	run("2021-08-11", 0, "2021-05", "2021-06", "2021-07")
	run("2022-03-10", 3, "2021-05", "2021-06", "2021-07", "2021-12", "2022-01", "2022-02")
	detto("2021-12", "Per i mesi da agosto a novembre 2021 non è stato redatto alcun riepilogo: i cambiamenti sono quelli intervenuti dopo il 31 luglio 2021.")
	detto("2022-02")
}

// What happened to a check after the month is told by the digest of its own month.
func TestALateDigestTellsTheSessionsAsTheyWere(t *testing.T) {
	c := nuovaCasa(t)
	c.conPiano()
	for _, g := range []string{"2021-07-01", "2021-08-10"} {
		if _, err := c.sessioni().Run(t.Context(), giorno(t, g), giorno(t, g).Time()); err != nil {
			t.Fatal(err)
		}
	}
	for fine, want := range map[string]string{
		"2021-05-31": "verifica di metà anno 2021 si apre il 01/07/2021 e si chiude il 30/07/2021 (dati al 30/06/2021).",
		"2021-07-31": "",
		"2021-08-31": "verifica di metà anno 2021 chiusa il 10/08/2021 (dati al 30/06/2021).",
	} {
		var detto string
		for _, s := range c.riepilogo(fine, "2021-10-11").Dati.Sessioni {
			if s.Nome == "verifica di metà anno 2021" {
				detto += s.Nome + " " + templates.StatoSessione(s)
			}
		}
		if detto != want {
			t.Errorf("%s: %q", fine, detto)
		}
	}
}
