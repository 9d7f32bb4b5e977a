package store_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
)

func esito(numero string, e piano.EsitoScheda, daVariare ...string) piano.EsitoObiettivo {
	return piano.EsitoObiettivo{Numero: numero, Esito: e, DaVariare: daVariare}
}

// A draft through its first weeks: each hand-in replaces the card, and the answer
// says truly what it changed.
func TestACardReplacesTheStoredOne(t *testing.T) {
	db := conRegistro(t)
	for _, c := range []struct {
		storia string
		cambia func(*piano.Obiettivo)
		esito  piano.EsitoScheda
	}{
		{"for the first time", func(*piano.Obiettivo) {}, piano.Aggiunta},
		{"the same content in other bytes", func(*piano.Obiettivo) {}, piano.Invariata},
		{"moved on the sheet", func(o *piano.Obiettivo) {
			o.Foglio, o.Celle, o.Attivita[0].Cella = "Foglio2", map[string]string{"numero": "C3"}, "C40"
		}, piano.Invariata},
		{"another title", func(o *piano.Obiettivo) { o.Titolo = "Verifiche" }, piano.Cambiata},
		{"back again", func(*piano.Obiettivo) {}, piano.Cambiata},
		{"a weight more exact", func(o *piano.Obiettivo) { o.Peso = dec("80.123456") }, piano.Cambiata},
		{"no weight", func(o *piano.Obiettivo) { o.Peso = nil }, piano.Cambiata},
		{"a target", func(o *piano.Obiettivo) { o.Indicatori[0].TargetAnno = "700"; o.Peso = nil }, piano.Cambiata},
		{"the indicators go", func(o *piano.Obiettivo) { o.Indicatori = nil }, piano.Cambiata},
		{"and stay away", func(o *piano.Obiettivo) { o.Indicatori = []piano.Indicatore{} }, piano.Invariata},
		{"the people go", func(o *piano.Obiettivo) { o.Indicatori, o.RisorseUmane = nil, nil }, piano.Cambiata},
		{"other months", func(o *piano.Obiettivo) { o.Attivita[0].Previsto = piano.NewMesi(12) }, piano.Cambiata},
		{"SI", func(o *piano.Obiettivo) { o.Attivita[0].Eseguito = si }, piano.Cambiata},
		{"NO", func(o *piano.Obiettivo) { o.Attivita[0].Eseguito = no }, piano.Cambiata},
		{"the same number in the ente, another one in the settore", func(o *piano.Obiettivo) {
			o.Numero, o.Attivita[0].Eseguito = "2/3", no
		}, piano.Cambiata},
	} {
		o := scheda()
		c.cambia(&o)
		giorno := "2021-02-01"
		b := consegna(t, db, giorno, c.storia)
		esiti, err := accogli(t, db, b.ID, piano.Fonte{Giorno: g(giorno)}, []piano.Obiettivo{o}, nil)
		if d := cmp.Diff([]piano.EsitoObiettivo{esito(o.Numero, c.esito)}, esiti, soloEsito); d != "" || err != nil {
			t.Errorf("%s: %s %v", c.storia, d, err)
		}
	}
}

// What the plan says of the activities is what the card said.
func TestSituazioniOfACard(t *testing.T) {
	db := conRegistro(t)
	o := scheda()
	o.Attivita[0].Ottenuto, o.Attivita[1].Eseguito = piano.NewMesi(1), no
	prendi(t, db, "2021-01-15", o)
	lista, err := db.Situazioni(t.Context(), unione, g("2021-02-28"))
	if err != nil || len(lista) != 2 {
		t.Fatal(lista, err)
	}
	attesa := piano.Assegnata{ID: lista[0].ID, Ente: unione, Settore: "SUAP", AnnoPiano: 2021, Obiettivo: "1/3", Titolo: "Verifiche dei posteggi",
		Attivita: o.Attivita[0], Situazione: piano.Situazione{Stato: piano.InRitardo, Scadenza: g("2021-03-31"),
			MesiPrevistiTrascorsi: 2, MesiOttenuti: 1}}
	if d := cmp.Diff(attesa, lista[0], giorni); d != "" || lista[0].ID == 0 {
		t.Error(d)
	}
	if a := lista[1].Attivita; a.Eseguito == nil || *a.Eseguito || a.Descrizione != "Aggiornamento dei titoli" {
		t.Errorf("%+v", a)
	}
}

// An activity is itself for ever: reminders hang on its id.
func TestActivitiesKeepTheirIDs(t *testing.T) {
	db := conRegistro(t)
	prendi(t, db, "2021-01-15", scheda())
	prima := situazioni(t, db, "2021-02-01")
	o := scheda()
	o.Attivita = []piano.Attivita{
		{Anno: 2021, Descrizione: "Nuova", Previsto: piano.NewMesi(5)},
		{Anno: 2021, Descrizione: "  RILEVAZIONE ", Previsto: piano.NewMesi(4)}, // the same, by year and words
		{Anno: 2022, Descrizione: "Rilevazione", Previsto: piano.NewMesi(4)},    // another year, another activity
	}
	if e := prendi(t, db, "2021-02-01", o); e[0].Esito != piano.Cambiata {
		t.Errorf("%v", e)
	}
	lista, err := db.Situazioni(t.Context(), unione, g("2021-02-01"))
	if err != nil || len(lista) != 3 {
		t.Fatal(lista, err)
	}
	if lista[0].Attivita.Descrizione != "Nuova" || lista[1].ID != prima["Rilevazione"].ID || lista[1].Attivita.Previsto != piano.NewMesi(4) ||
		lista[2].ID == lista[1].ID || lista[2].Attivita.Anno != 2022 {
		t.Errorf("%+v, before %+v", lista, prima)
	}
}

// With an activity that leaves a draft go the passages told about it.
func TestAnActivityGoesWithItsPassages(t *testing.T) {
	db, grezzo := conSQL(t)
	prendi(t, db, "2021-01-15", scheda())
	id := situazioni(t, db, "2021-02-01")["Rilevazione"].ID
	m := promemoria("2021-02-01", "suap@terredipianura.example", id)
	if _, err := db.SaveMessaggi(t.Context(), "promemoria", "2021-02-01", ore("08:00"), []piano.Messaggio{m}); err != nil {
		t.Fatal(err)
	}
	o := scheda()
	o.Attivita = o.Attivita[1:]
	prendi(t, db, "2021-02-02", o)
	if n := conta(t, grezzo, "SELECT count(*) FROM passi_inviati"); n != 0 {
		t.Errorf("%d passages of nothing", n)
	}
	if n := conta(t, grezzo, "SELECT count(*) FROM messaggi"); n != 1 {
		t.Errorf("%d messages: what was sent was sent", n)
	}
}

// The day of the last progress restarts the solleciti.
func TestUltimoProgresso(t *testing.T) {
	db := conRegistro(t)
	o := scheda()
	o.Attivita[0].Ottenuto = piano.NewMesi(1)
	for _, c := range []struct {
		storia string
		giorno string
		cambia func(*piano.Attivita)
		attesa string
	}{
		{"brought with progress: that is not progress yet", "2021-02-01", func(*piano.Attivita) {}, ""},
		{"nothing new", "2021-03-01", func(*piano.Attivita) {}, ""},
		{"another plan is no progress", "2021-03-02", func(a *piano.Attivita) { a.Previsto = piano.NewMesi(7) }, ""},
		{"a month obtained", "2021-03-03", func(a *piano.Attivita) { a.Ottenuto = piano.NewMesi(1, 2) }, "2021-03-03"},
		{"nothing since", "2021-04-01", func(*piano.Attivita) {}, "2021-03-03"},
		{"ESEGUITO", "2021-04-02", func(a *piano.Attivita) { a.Eseguito = no }, "2021-04-02"},
		{"one blank again", "2021-04-03", func(a *piano.Attivita) { a.Eseguito = nil }, "2021-04-03"},
	} {
		c.cambia(&o.Attivita[0])
		prendi(t, db, c.giorno, o)
		if s := situazioni(t, db, "2021-05-01"); s["Rilevazione"].UltimoProgresso.String() != c.attesa || !s["Aggiornamento dei titoli"].UltimoProgresso.IsZero() {
			t.Errorf("%s: %q, want %q", c.storia, s["Rilevazione"].UltimoProgresso, c.attesa)
		}
		o.Foglio = c.giorno // other bytes
	}
}

// Objectives that a workbook does not hold are not touched by it.
func TestOtherObjectivesStay(t *testing.T) {
	db := conRegistro(t)
	due := scheda()
	due.Numero, due.Titolo = "2/4", "Evasione"
	prendi(t, db, "2021-01-15", scheda(), due)
	prendi(t, db, "2021-01-16", scheda())
	prendi(t, db, "2021-01-17")
	lista, err := db.Situazioni(t.Context(), "", g("2021-02-01"))
	if err != nil || len(lista) != 4 {
		t.Errorf("%d activities, %v, want those of both", len(lista), err)
	}
}

// A number without a slash counts in its settore alone.
func TestNumbersWithoutASlash(t *testing.T) {
	db := conRegistro(t)
	suap, finanze := scheda(), scheda()
	suap.Numero, finanze.Numero, finanze.Settore = "3", "3", "Servizi finanziari"
	con := scheda() // 1/3 is a third one
	e := prendi(t, db, "2021-01-15", suap, finanze, con)
	if e[0].Esito != piano.Aggiunta || e[1].Esito != piano.Aggiunta || e[2].Esito != piano.Aggiunta {
		t.Errorf("%v", e)
	}
	dopo := scheda()
	dopo.Anno = 2022 // and the same number of another year is another objective
	if e := prendi(t, db, "2022-01-15", dopo); e[0].Esito != piano.Aggiunta {
		t.Errorf("%v", e)
	}
}

// Whatever is wrong with one card, nothing of the workbook is written.
func TestAWorkbookIsTakenWholeOrNotAtAll(t *testing.T) {
	altrui := func(settore string) func(error) bool {
		return func(err error) bool {
			var n *piano.NumeroAltrui
			return errors.As(err, &n) && n.Numero == "9/3" && n.Settore == settore
		}
	}
	for _, c := range []struct {
		storia string
		cambia func(*piano.Obiettivo)
		errore func(error) bool
	}{
		{"a number of another settore", func(o *piano.Obiettivo) { o.Numero, o.Settore = "9/3", "Servizi finanziari" }, altrui("SUAP")},
		{"two cards of one number", func(o *piano.Obiettivo) { o.Numero = "9/77" }, func(err error) bool {
			var n *piano.NumeroAltrui
			return errors.As(err, &n) && n.Numero == "9/77" && n.Settore == "Servizi finanziari"
		}},
		{"an unknown settore", func(o *piano.Obiettivo) { o.Numero, o.Settore = "1/8", "Turismo" },
			func(err error) bool {
				return errors.Is(err, piano.ErrNonTrovato) && strings.Contains(err.Error(), "Turismo")
			}},
		{"an activity twice", func(o *piano.Obiettivo) {
			o.Numero = "1/8"
			o.Attivita = append(o.Attivita, piano.Attivita{Anno: 2021, Descrizione: "rilevazióne"})
		}, func(err error) bool {
			var d *store.AttivitaDoppia
			return errors.As(err, &d) && d.Numero == "1/8" && d.Anno == 2021 && d.Descrizione == "rilevazióne"
		}},
		{"a weight that cannot be, found by the database", func(o *piano.Obiettivo) { o.Numero, o.Peso = "1/8", dec("101") },
			func(err error) bool { return err != nil && strings.Contains(err.Error(), "pesi_peso") }},
		{"a share that cannot be, found at the very end", func(o *piano.Obiettivo) { o.Numero, o.RisorseUmane[0].Percentuale = "1/8", dec("101") },
			func(err error) bool { return err != nil && strings.Contains(err.Error(), "risorse_umane_percentuale") }},
	} {
		t.Run(c.storia, func(t *testing.T) {
			t.Parallel()
			db, grezzo := conSQL(t)
			prendi(t, db, "2021-01-15", scheda())
			prima := situazioni(t, db, "2021-02-01")

			buona, nuova, cattiva := scheda(), scheda(), scheda()
			buona.Titolo, buona.Attivita = "Altro titolo", buona.Attivita[:1]
			nuova.Numero, nuova.Settore = "1/77", "Servizi finanziari"
			c.cambia(&cattiva)
			schede := []piano.Obiettivo{nuova, cattiva}
			if cattiva.Numero != "9/3" {
				schede = append(schede, buona)
			}
			b := consegna(t, db, "2021-02-01", "cattiva")
			esiti, err := accogli(t, db, b.ID, piano.Fonte{Giorno: g("2021-02-01")}, schede, nil)
			if !c.errore(err) || esiti != nil {
				t.Errorf("%v, %v", esiti, err)
			}
			if d := cmp.Diff(prima, situazioni(t, db, "2021-02-01"), giorni); d != "" {
				t.Error(d)
			}
			if n := conta(t, grezzo, "SELECT count(*) FROM obiettivi"); n != 1 {
				t.Errorf("%d objectives", n)
			}
			if n := conta(t, grezzo, "SELECT count(*) FROM consegne WHERE esito = 'ricevuta'"); n != 1 {
				t.Error("the hand-in is not waiting to be judged")
			}
			if n := conta(t, grezzo, "SELECT count(*) FROM consegne_settori"); n != 1 {
				t.Error("a hand-in of a settore that was not taken")
			}
		})
	}
}

// Several hand-ins at once: what is wrong with one is told of that one, and the others
// are taken. Nothing begins for a year of which nothing is taken.
func TestHandInsTakenTogether(t *testing.T) {
	db, grezzo := conSQL(t)
	prendi(t, db, "2021-01-10", scheda())
	carta := func(numero, settore string, anno int) piano.Obiettivo {
		o := scheda()
		o.Numero, o.Settore, o.Anno = numero, settore, anno
		return o
	}
	gia := consegna(t, db, "2021-02-01", "taken before")
	if _, err := accogli(t, db, gia.ID, piano.Fonte{Giorno: g("2021-02-01")}, []piano.Obiettivo{carta("1/50", "SUAP", 2021)}, nil); err != nil {
		t.Fatal(err)
	}
	prove := []struct {
		storia string
		schede []piano.Obiettivo
		errore func(error) bool
	}{
		{"good", []piano.Obiettivo{carta("1/3", "SUAP", 2021), carta("2/4", "SUAP", 2021)}, nil},
		{"a number of another settore", []piano.Obiettivo{carta("7/8", "SUAP", 2021), carta("1/3", "Servizi finanziari", 2021)},
			func(err error) bool { return errors.As(err, new(*piano.NumeroAltrui)) }},
		{"one number twice, in a year that nobody has", []piano.Obiettivo{carta("1/9", "SUAP", 2031), carta("2/9", "SUAP", 2031)},
			func(err error) bool { return errors.As(err, new(*piano.NumeroAltrui)) }},
		{"a settore that nobody knows", []piano.Obiettivo{carta("1/9", "Protezione civile", 2032)},
			func(err error) bool { return errors.Is(err, piano.ErrNonTrovato) }},
		{"good, of another settore", []piano.Obiettivo{carta("1/7", "Servizi finanziari", 2021)}, nil},
		{"the same card as the first", []piano.Obiettivo{carta("1/3", "SUAP", 2021)}, nil},
	}
	arrivi := []piano.Arrivo{{Consegna: gia.ID, Fonte: piano.Fonte{Giorno: g("2021-02-02")}, Obiettivi: []piano.Obiettivo{carta("1/51", "SUAP", 2021)}}}
	for _, p := range prove {
		c := consegna(t, db, "2021-02-02", p.storia)
		arrivi = append(arrivi, piano.Arrivo{Consegna: c.ID, Fonte: piano.Fonte{Giorno: g("2021-02-02")}, Obiettivi: p.schede})
	}
	esiti := db.SavePiani(t.Context(), arrivi)
	if !errors.Is(esiti[0].Err, piano.ErrGiaAccolta) {
		t.Errorf("%+v for a hand-in that was taken before", esiti[0])
	}
	for k, p := range prove {
		e := esiti[k+1]
		esito := piano.Accolta
		if p.errore != nil {
			esito = piano.Ricevuta
		}
		switch {
		case p.errore != nil && (!p.errore(e.Err) || e.Esiti != nil), p.errore == nil && (e.Err != nil || len(e.Esiti) != len(p.schede)):
			t.Errorf("%s: %+v", p.storia, e)
		case conta(t, grezzo, "SELECT count(*) FROM consegne WHERE id = $1 AND esito = $2", arrivi[k+1].Consegna, string(esito)) != 1:
			t.Errorf("%s: it is not %s", p.storia, esito)
		}
	}
	if n := conta(t, grezzo, "SELECT count(*) FROM obiettivi"); n != 4 {
		t.Errorf("%d objectives, want 1/3, 2/4, 1/7 and 1/50", n)
	}
	if n := conta(t, grezzo, "SELECT count(*) FROM piani"); n != 1 {
		t.Errorf("%d plans: one has begun of which nothing was taken", n)
	}
	if n := conta(t, grezzo, "SELECT consegna_id FROM obiettivi WHERE numero = '1/3'"); int64(n) != arrivi[6].Consegna {
		t.Errorf("1/3 is of hand-in %d, want the last one that has it", n)
	}
}

// What the server does not like in one hand-in does not keep the others out.
func TestOneHandInThatTheServerRefuses(t *testing.T) {
	db, grezzo := conSQL(t)
	var arrivi []piano.Arrivo
	for k, anno := range []int{2021, 12021, 2021} { // no plan has the year 12021
		o := scheda()
		o.Numero, o.Anno = fmt.Sprintf("%d/%d", k+1, k+1), anno
		c := consegna(t, db, "2021-02-02", fmt.Sprint("file ", k))
		arrivi = append(arrivi, piano.Arrivo{Consegna: c.ID, Fonte: piano.Fonte{Giorno: g("2021-02-02")}, Obiettivi: []piano.Obiettivo{o}})
	}
	esiti := db.SavePiani(t.Context(), arrivi)
	if esiti[0].Err != nil || esiti[1].Err == nil || esiti[2].Err != nil {
		t.Errorf("%+v", esiti)
	}
	if n := conta(t, grezzo, "SELECT count(*) FROM obiettivi"); n != 2 {
		t.Errorf("%d objectives", n)
	}
}

func TestAnAcceptedHandInIsTakenOnce(t *testing.T) {
	db := conRegistro(t)
	c := consegna(t, db, "2021-01-15", "a")
	rilievi := []piano.Rilievo{{Gravita: piano.Avviso, Codice: "indicatore-senza-target", Messaggio: "manca"}}
	var aggiunte, passate int
	var mu sync.Mutex
	var insieme sync.WaitGroup
	for range 5 {
		insieme.Go(func() {
			esiti, err := accogli(t, db, c.ID, piano.Fonte{Giorno: g("2021-01-15")}, []piano.Obiettivo{scheda()}, rilievi)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case errors.Is(err, piano.ErrGiaAccolta):
				passate++
			case err == nil && len(esiti) == 1 && esiti[0].Esito == piano.Aggiunta:
				aggiunte++
			default:
				t.Error(esiti, err)
			}
		})
	}
	insieme.Wait()
	if aggiunte != 1 || passate != 4 {
		t.Errorf("%d times new, %d times nothing", aggiunte, passate)
	}
	letta, err := tieni(t, db, unione, "x", []byte("a"), g("2021-02-01"))
	if err != nil || letta.Esito != piano.Accolta || len(letta.Rilievi) != 1 || letta.Rilievi[0].Codice != "indicatore-senza-target" {
		t.Errorf("%+v, %v", letta, err)
	}
}

// Many settori at the last minute: nobody is lost and nobody waits for ever.
func TestHandInsOfManyAtOnce(t *testing.T) {
	db := conRegistro(t)
	const quanti = 24
	var insieme sync.WaitGroup
	for n := range quanti {
		insieme.Go(func() {
			o := scheda()
			o.Numero = fmt.Sprintf("%d/%d", n%3+1, n%12+1) // each objective by two at once
			c, err := tieni(t, db, unione, "f.xlsx", []byte{byte(n)}, g("2021-01-15"))
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := accogli(t, db, c.ID, piano.Fonte{Giorno: g("2021-01-15")}, []piano.Obiettivo{o}, nil); err != nil {
				t.Error(err)
			}
		})
	}
	insieme.Wait()
	if lista, err := db.Situazioni(t.Context(), unione, g("2021-02-01")); err != nil || len(lista) != 24 {
		t.Errorf("%d activities, %v, want 2 of each of 12 objectives", len(lista), err)
	}
}

// A cell's text stays text, whatever it is.
func TestTextsOfCells(t *testing.T) {
	db := conRegistro(t)
	lungo := strings.Repeat("à parole ", 60_000)
	for n, testo := range []string{"'; DROP TABLE enti; --", `{"a", NULL, \"`, "$1 ? :x::int", "a\x00b", "\xff\xfe", "\u00a0\r\n\t", "NULL", "",
		"😀 «è» ’", `\`, lungo, "=1+1", "1/3", "{}", "2021-01-01"} {
		o := scheda()
		o.Numero = fmt.Sprintf("1/%d", n+1)
		o.Titolo, o.Descrizione, o.Foglio, o.Celle["titolo"] = testo, testo, testo, testo
		o.Indicatori[0].Descrizione, o.Indicatori[0].TargetAnno = testo, testo
		o.Attivita[0].Descrizione = testo
		o.RisorseUmane[0].Ruolo = testo
		prendi(t, db, fmt.Sprintf("2021-01-%02d", n+1), o)
		// the same again is the same: nothing was lost on the way in
		o.Strategicita = dec("100.0")
		c := consegna(t, db, "2021-01-20", fmt.Sprint("ancora ", n))
		esiti, err := accogli(t, db, c.ID, piano.Fonte{Giorno: g("2021-01-20")}, []piano.Obiettivo{o}, nil)
		if err != nil || esiti[0].Esito != piano.Invariata {
			t.Errorf("%.20q: %v, %v", testo, esiti, err)
		}
	}
	s := situazioni(t, db, "2021-02-01")
	for _, testo := range []string{"'; DROP TABLE enti; --", `{"a", NULL, \"`, "ab", "\uFFFD", "NULL", ""} {
		if _, ok := s[testo]; !ok {
			t.Errorf("%q is not there as written", testo)
		}
	}
}
