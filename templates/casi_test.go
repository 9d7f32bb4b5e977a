package templates

import (
	"testing"

	"github.com/scadenzario/scadenzario/piano"
)

// The people and offices are invented, the objectives are those of the plan in
// testdata/moduli.
var (
	unione     = piano.Ente{Codice: "terre-di-pianura", Nome: "Unione dei Comuni Terre di Pianura"}
	segretario = piano.Ruolo{Ruolo: piano.RuoloSegretario, Nome: "Marta Ferraresi", Email: "segretario@terredipianura.example"}
	giulia     = piano.Referente{Nome: "Giulia Montanari", Destinatario: "giulia.montanari@terredipianura.example", Incarico: piano.Titolare}
	interim    = piano.Referente{Nome: "Giulia Montanari", Destinatario: "giulia.montanari@terredipianura.example", Incarico: piano.AdInterim}
	nessuno    = piano.Referente{Destinatario: "sia@terredipianura.example", Incarico: piano.Vacante}
)

// g reads a day, which in a test is always right.
func g(s string) piano.Giorno {
	d, err := piano.ParseGiorno(s)
	if err != nil {
		panic(err)
	}
	return d
}

// attivita is an activity of 2021 as it stands on that day.
func attivita(settore, obiettivo, titolo, descrizione string, previsto, ottenuto piano.Mesi, r piano.Referente, al string) piano.Assegnata {
	a := piano.Assegnata{Ente: unione.Codice, Settore: settore, Obiettivo: obiettivo, Titolo: titolo, Referente: r,
		Approvato: g("2021-04-27"),
		Attivita:  piano.Attivita{Anno: 2021, Descrizione: descrizione, Previsto: previsto, Ottenuto: ottenuto}}
	a.Situazione = a.Attivita.Al(g(al))
	return a
}

func alloStadio(s piano.Stadio, a piano.Assegnata) piano.Voce {
	return piano.Voce{Assegnata: a, Passo: piano.Passo{Stadio: s}}
}

// posteggi is the activity most used here.
func posteggi(al string, ottenuto piano.Mesi) piano.Assegnata {
	return attivita("SUAP", "1/3", "Verifiche ed aggiornamento dati posteggi per il commercio su aree pubbliche",
		"Rilevazione stato di fatto ed aggiornamento cartografie", piano.NewMesi(1, 2, 3, 4, 5, 6, 7, 8, 9), ottenuto, giulia, al)
}

// casiPromemoria are the reminders whose texts are kept in testdata.
func casiPromemoria() map[string]DatiPromemoria {
	const estate, inverno = "2021-07-12", "2021-11-15"
	sanzioni := attivita("SUAP", "2/4", "Semplificazione dei procedimenti dell'ufficio", "Aggiornamento dell'elenco dei procedimenti & dei moduli (art. 35 d.lgs. n. 33/2013)",
		piano.NewMesi(3, 4, 5), piano.NewMesi(3), giulia, estate)
	portale := attivita("SIA", "3/21", "Attivazione dei servizi online", "Attivazione del portale dei pagamenti per l'utenza con avviso sul sito istituzionale e formazione degli operatori dei Comuni aderenti",
		piano.NewMesi(2, 4, 6), 0, nessuno, estate)
	ruoli := attivita("Tributi e riscossione coattiva", "4/12", "Recupero dell'evasione", "Emissione degli avvisi di accertamento",
		piano.NewMesi(5, 6, 7), piano.NewMesi(5, 6), interim, estate)
	return map[string]DatiPromemoria{
		"promemoria-una-voce": {unione, g(estate), piano.Promemoria{Nome: giulia.Nome, A: giulia.Destinatario,
			Voci: []piano.Voce{alloStadio(piano.StadioRitardo, posteggi(estate, piano.NewMesi(1, 2)))}}, segretario},
		"promemoria-piu-settori": {unione, g(estate), piano.Promemoria{Nome: giulia.Nome, A: giulia.Destinatario,
			Voci: []piano.Voce{alloStadio(piano.StadioScaduta, sanzioni), alloStadio(piano.StadioRitardo, posteggi(estate, piano.NewMesi(1, 2))),
				alloStadio(piano.Preavviso, ruoli)}}, segretario},
		"promemoria-vacante": {unione, g(estate), piano.Promemoria{A: nessuno.Destinatario, CC: []string{segretario.Email}, Vacante: true,
			Voci: []piano.Voce{alloStadio(piano.StadioScaduta, portale)}}, segretario},
		"promemoria-escalation": {unione, g(inverno), piano.Promemoria{Nome: giulia.Nome, A: giulia.Destinatario, CC: []string{segretario.Email},
			Voci: []piano.Voce{alloStadio(piano.StadioEscalation, posteggi(inverno, piano.NewMesi(1, 2, 3, 4))),
				alloStadio(piano.Sollecito, attivita("SUAP", "2/4", "Semplificazione dei procedimenti dell'ufficio", "Pubblicazione dei moduli",
					piano.NewMesi(9), 0, giulia, inverno))}}, segretario},
	}
}

// casiRiepilogo are the digests whose texts are kept in testdata.
func casiRiepilogo() map[string]DatiRiepilogo {
	const al = "2021-06-30"
	portale := attivita("SIA", "3/21", "Attivazione dei servizi online", "Attivazione del portale dei pagamenti", piano.NewMesi(2, 4), 0, nessuno, al)
	moduli := attivita("SUAP", "2/4", "Semplificazione dei procedimenti dell'ufficio", "Aggiornamento dell'elenco dei procedimenti & dei moduli",
		piano.NewMesi(3, 4, 5), piano.NewMesi(3), giulia, al)
	ruoli := attivita("Tributi e riscossione coattiva", "4/12", "Recupero dell'evasione", "Emissione degli avvisi di accertamento",
		piano.NewMesi(1, 2, 3, 5, 6, 7, 12), piano.NewMesi(1, 2, 3), interim, al)
	nuova := attivita("Governo del territorio", "1/7", "Piano urbanistico generale", "Avvio della consultazione preliminare",
		piano.NewMesi(6, 7), piano.NewMesi(6), giulia, al)
	return map[string]DatiRiepilogo{
		"riepilogo-completo": {
			Ente: unione, Anno: 2021, Mese: 6, Al: g(al), Segretario: segretario,
			Totali: []TotaliSettore{
				{"Governo del territorio", 9, 2, 4, 0, 0, 3, 0, g("2021-06-28")},
				{"SIA", 6, 1, 1, 1, 1, 1, 1, piano.Giorno{}},
				{"SUAP", 12, 3, 4, 1, 1, 3, 0, g("2021-05-14")},
				{"Tributi e riscossione coattiva", 21, 10, 8, 1, 0, 2, 0, g("2021-06-30")},
			},
			Scadute:   []piano.Assegnata{portale, moduli},
			InRitardo: []piano.Assegnata{posteggi(al, piano.NewMesi(1, 2)), ruoli},
			Cambiamenti: []Cambiamento{{moduli, piano.InRitardo}, {ruoli, piano.InCorso},
				{nuova, ""}},
			SenzaConsegna: []SenzaConsegna{{"SIA", piano.Giorno{}}, {"SUAP", g("2021-05-14")}},
		},
		"riepilogo-tutto-regolare": {
			Ente: unione, Anno: 2021, Mese: 5, Al: g("2021-05-31"), Segretario: segretario, Primo: true,
			Totali: []TotaliSettore{{"SUAP", 3, 1, 2, 0, 0, 0, 0, g("2021-05-28")}},
		},
	}
}

// testiDi writes every case; the key is the name of its golden files.
func testiDi(t *testing.T) map[string]Testi {
	t.Helper()
	m, err := New()
	if err != nil {
		t.Fatal(err)
	}
	tutti := map[string]Testi{}
	for nome, d := range casiPromemoria() {
		if tutti[nome], err = m.Promemoria(d); err != nil {
			t.Fatal(nome, err)
		}
	}
	for nome, d := range casiRiepilogo() {
		if tutti[nome], err = m.Riepilogo(d); err != nil {
			t.Fatal(nome, err)
		}
	}
	return tutti
}
