package store_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
)

func TestApprovaPiano(t *testing.T) {
	db := conRegistro(t)
	approva := func(ente string, anno int, atto, giorno string) ([3]int, error) {
		s, o, a, err := db.ApprovaPiano(t.Context(), ente, anno, atto, g(giorno))
		return [3]int{s, o, a}, err
	}
	if _, err := approva(unione, 2021, "delibera 18", "2021-04-27"); !errors.Is(err, store.ErrSenzaObiettivi) {
		t.Errorf("%v: there is no plan", err)
	}
	prendi(t, db, "2021-01-14") // a year that was only begun
	altra := scheda()
	altra.Settore, altra.Numero, altra.Attivita = "Servizi finanziari", "1/7", altra.Attivita[:1]
	prendi(t, db, "2021-01-15", scheda(), altra)
	if _, err := approva("molinella", 2021, "delibera 18", "2021-04-27"); !errors.Is(err, piano.ErrNonTrovato) {
		t.Errorf("%v: there is no such ente", err)
	}
	if _, err := approva(unione, 2022, "delibera 18", "2021-04-27"); !errors.Is(err, store.ErrSenzaObiettivi) {
		t.Errorf("%v: that year has no plan", err)
	}
	if _, err := approva(unione, 2021, " ", "2021-04-27"); err == nil {
		t.Error("approved by nothing")
	}
	for _, storia := range []string{"for the first time", "and once more"} {
		conto, err := approva(unione, 2021, " delibera  18 ", "2021-04-27")
		if err != nil || conto != [3]int{2, 2, 3} {
			t.Errorf("%s: %v, %v", storia, conto, err)
		}
	}
	if _, err := approva(unione, 2021, "delibera 19", "2021-04-27"); !errors.Is(err, store.ErrGiaApprovato) || !strings.Contains(err.Error(), "delibera 18") {
		t.Errorf("%v: another act", err)
	}
	if _, err := approva(unione, 2021, "delibera 18", "2021-04-28"); !errors.Is(err, store.ErrGiaApprovato) {
		t.Errorf("%v: another day", err)
	}
	for _, a := range situazioni(t, db, "2021-05-01") {
		if a.Approvato != g("2021-04-27") {
			t.Errorf("%+v", a)
		}
	}
}

// Nobody becomes punctual by moving the deadline in the sheet: of an approved plan
// only progress changes, and each wish to change more is named.
func TestAfterTheApproval(t *testing.T) {
	for _, c := range []struct {
		storia string
		cambia func(*piano.Obiettivo)
		esito  piano.EsitoObiettivo
	}{
		{"nothing", func(*piano.Obiettivo) {}, esito("1/3", piano.Invariata)},
		{"spaces, case, accents", func(o *piano.Obiettivo) { o.Titolo = " VERIFICHE  dei posteggi" }, esito("1/3", piano.Invariata)},
		{"months obtained", func(o *piano.Obiettivo) { o.Attivita[0].Ottenuto = piano.NewMesi(1, 2) }, esito("1/3", piano.Cambiata)},
		{"ESEGUITO", func(o *piano.Obiettivo) { o.Attivita[0].Eseguito = si }, esito("1/3", piano.Cambiata)},
		{"a result", func(o *piano.Obiettivo) { o.Indicatori[0].RisultatoMetaAnno = "310" }, esito("1/3", piano.Cambiata)},
		{"the final result", func(o *piano.Obiettivo) { o.Indicatori[0].RisultatoFinale = "690" }, esito("1/3", piano.Cambiata)},
		{"months moved", func(o *piano.Obiettivo) { o.Attivita[0].Previsto = piano.NewMesi(11, 12) },
			esito("1/3", piano.Invariata, "mesi previsti di «Rilevazione»")},
		{"months moved and months obtained", func(o *piano.Obiettivo) {
			o.Attivita[0].Previsto, o.Attivita[0].Ottenuto = piano.NewMesi(11, 12), piano.NewMesi(1)
		}, esito("1/3", piano.Cambiata, "mesi previsti di «Rilevazione»")},
		{"the card's head", func(o *piano.Obiettivo) {
			o.Numero, o.Titolo, o.Strategicita, o.Peso, o.Rinvio = "2/3", "Altro", dec("50"), nil, "1/1"
		}, esito("2/3", piano.Invariata, "numero", "titolo", "strategicità", "peso", "rinvio")},
		{"the card's words", func(o *piano.Obiettivo) {
			o.Strategia, o.Assessore, o.Responsabile, o.AltriSettori, o.Durata = "a", "b", "c", "d", "e"
			o.PortatoriInteressi, o.Descrizione, o.RisultatiAttesi = "f", "g", "h"
		}, esito("1/3", piano.Invariata, "strategia", "assessore", "responsabile", "altri settori", "durata", "portatori di interessi",
			"descrizione", "risultati attesi")},
		{"an activity more, one less", func(o *piano.Obiettivo) {
			o.Attivita[1] = piano.Attivita{Anno: 2022, Descrizione: "Controlli", Previsto: piano.NewMesi(3)}
		}, esito("1/3", piano.Invariata, "attività aggiunta «Controlli» (2022)", "attività tolta «Aggiornamento dei titoli»")},
		{"targets", func(o *piano.Obiettivo) {
			o.Indicatori[0].TargetAnno, o.Indicatori[0].TargetMetaAnno, o.Indicatori[0].Unita, o.Indicatori[0].ValoreAnnoPrecedente = "1", "2", "3", "4"
		}, esito("1/3", piano.Invariata, "unità di «Posteggi verificati»", "valore dell'anno precedente di «Posteggi verificati»",
			"target anno di «Posteggi verificati»", "target metà anno di «Posteggi verificati»")},
		{"another indicator", func(o *piano.Obiettivo) { o.Indicatori[0].Descrizione = "Verbali" },
			esito("1/3", piano.Invariata, "indicatore aggiunto «Verbali»", "indicatore tolto «Posteggi verificati»")},
		{"a second indicator of the same name", func(o *piano.Obiettivo) {
			o.Indicatori = append(o.Indicatori, o.Indicatori[0])
			o.Indicatori[1].RisultatoFinale = "5"
		}, esito("1/3", piano.Invariata, "indicatore aggiunto «Posteggi verificati»")},
		{"people", func(o *piano.Obiettivo) { o.RisorseUmane[0].Percentuale = dec("31") }, esito("1/3", piano.Invariata, "risorse umane")},
		{"a new objective", func(o *piano.Obiettivo) { o.Numero = "2/99" }, esito("2/99", piano.Invariata, "obiettivo nuovo")},
		{"of another year it is the draft of that one", func(o *piano.Obiettivo) { o.Anno = 2022 }, esito("1/3", piano.Aggiunta)},
	} {
		t.Run(c.storia, func(t *testing.T) {
			t.Parallel()
			db := conRegistro(t)
			prendi(t, db, "2021-01-15", scheda())
			approva(t, db)
			prima := situazioni(t, db, "2021-12-31")
			o := scheda()
			c.cambia(&o)
			for _, volta := range []piano.EsitoScheda{c.esito.Esito, piano.Invariata} { // the second time there is no news
				atteso := c.esito
				atteso.Esito = volta
				esiti := prendi(t, db, "2021-07-12", o)
				if d := cmp.Diff([]piano.EsitoObiettivo{atteso}, esiti, soloEsito); d != "" {
					t.Error(d)
				}
				o.Foglio += "'" // other bytes
			}
			lista, err := db.Situazioni(t.Context(), unione, g("2021-12-31"))
			if err != nil {
				t.Fatal(err)
			}
			for _, dopo := range lista {
				for _, era := range prima {
					if dopo.ID == era.ID && (dopo.Situazione.Scadenza != era.Situazione.Scadenza || dopo.Titolo != era.Titolo) {
						t.Errorf("the plan changed: %+v, was %+v", dopo, era)
					}
				}
			}
		})
	}
}

// The progress is taken at once, also out of a card that wants more.
func TestProgressAfterTheApproval(t *testing.T) {
	db, grezzo := conSQL(t)
	prendi(t, db, "2021-01-15", scheda())
	approva(t, db)
	o := scheda()
	o.Titolo = "Altro"
	o.Attivita = []piano.Attivita{{Anno: 2021, Descrizione: "rilevazione", Previsto: piano.NewMesi(12), Ottenuto: piano.NewMesi(1, 2, 3), Cella: "A99"}}
	o.Indicatori[0].Descrizione, o.Indicatori[0].RisultatoFinale, o.Indicatori[0].TargetAnno = "POSTEGGI verificati", "390", "390"
	prendi(t, db, "2021-07-12", o)
	s := situazioni(t, db, "2021-07-12")
	a, resta := s["Rilevazione"], s["Aggiornamento dei titoli"]
	if a.Situazione.Stato != piano.Conclusa || a.Attivita.Previsto != piano.NewMesi(1, 2, 3) || a.UltimoProgresso != g("2021-07-12") || a.Attivita.Cella != "A99" {
		t.Errorf("%+v", a)
	}
	if resta.ID == 0 || resta.Attivita.Cella != "" || !resta.UltimoProgresso.IsZero() {
		t.Errorf("%+v: what left the card stays in the plan", resta)
	}
	if n := conta(t, grezzo, `SELECT count(*) FROM indicatori i JOIN obiettivi o ON o.id = i.obiettivo_id JOIN consegne c ON c.id = o.consegna_id
		WHERE i.risultato_finale = '390' AND i.target_anno = '690' AND o.titolo = 'Verifiche dei posteggi' AND c.giorno = '2021-07-12'`); n != 1 {
		t.Error("the result was not taken, or more than the result")
	}
	// what was said too early may be taken back
	prendi(t, db, "2021-07-13", scheda())
	if a := situazioni(t, db, "2021-07-13")["Rilevazione"]; a.Attivita.Ottenuto != 0 || a.UltimoProgresso != g("2021-07-13") {
		t.Errorf("%+v", a)
	}
}
