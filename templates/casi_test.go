package templates

import (
	"fmt"
	"slices"
	"testing"

	"github.com/scadenzario/scadenzario/piano"
)

// The people and offices are invented, the objectives are those of the plan in
// testdata/moduli.
var (
	unione       = piano.Ente{Codice: "terre-di-pianura", Nome: "Unione dei Comuni Terre di Pianura"}
	segretario   = piano.Ruolo{Ruolo: piano.RuoloSegretario, Nome: "Marta Ferraresi", Email: "segretario@terredipianura.example"}
	giulia       = piano.Referente{Nome: "Giulia Montanari", Destinatario: "giulia.montanari@terredipianura.example", Incarico: piano.Titolare}
	interim      = piano.Referente{Nome: "Giulia Montanari", Destinatario: "giulia.montanari@terredipianura.example", Incarico: piano.AdInterim}
	senzaCasella = piano.Referente{Nome: "Marco Lodi", Destinatario: "ragioneria@terredipianura.example", Incarico: piano.Titolare, Ripiego: true}
	nessuno      = piano.Referente{Destinatario: "sia@terredipianura.example", Incarico: piano.Vacante}
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
	lodi := attivita("Servizi finanziari", "1/9", "Bilancio di previsione nei termini", "Invio della circolare ai responsabili", piano.NewMesi(5, 6), 0, senzaCasella, estate)
	condivisa := posteggi(estate, piano.NewMesi(1, 2, 3, 4, 5, 6))
	condivisa.Condiviso = []string{"SIA", "Servizi finanziari"}
	return map[string]DatiPromemoria{
		"promemoria-una-voce": {Ente: unione, Giorno: g(estate), Segretario: segretario, Promemoria: piano.Promemoria{Nome: giulia.Nome, A: giulia.Destinatario,
			Voci: []piano.Voce{alloStadio(piano.StadioRitardo, posteggi(estate, piano.NewMesi(1, 2)))}}},
		"promemoria-piu-settori": {Ente: unione, Giorno: g(estate), Segretario: segretario, Promemoria: piano.Promemoria{Nome: giulia.Nome, A: giulia.Destinatario,
			Voci: []piano.Voce{alloStadio(piano.StadioScaduta, sanzioni), alloStadio(piano.StadioRitardo, posteggi(estate, piano.NewMesi(1, 2))),
				alloStadio(piano.Preavviso, ruoli)}}},
		"promemoria-vacante": {Ente: unione, Giorno: g(estate), Segretario: segretario, Promemoria: piano.Promemoria{A: nessuno.Destinatario, CC: []string{segretario.Email}, Vacante: true,
			Voci: []piano.Voce{alloStadio(piano.StadioScaduta, portale)}}},
		"promemoria-fine-incarico": {Ente: unione, Giorno: g(estate), Segretario: segretario, Consegna: "copiandolo nella cartella «Obiettivi» del server comune",
			Promemoria: piano.Promemoria{Nome: senzaCasella.Nome, A: senzaCasella.Destinatario, CC: []string{"sia@terredipianura.example"},
				Voci: []piano.Voce{alloStadio(piano.StadioScaduta, lodi), alloStadio(piano.Preavviso, condivisa)}},
			Successioni: map[string]piano.Successione{"Servizi finanziari": {Fine: g("2021-07-30"), Poi: nessuno},
				"SUAP": {Fine: g("2021-07-31"), Poi: interim}}},
		"promemoria-escalation": {Ente: unione, Giorno: g(inverno), Segretario: segretario, Promemoria: piano.Promemoria{Nome: giulia.Nome, A: giulia.Destinatario, CC: []string{segretario.Email},
			Voci: []piano.Voce{alloStadio(piano.StadioEscalation, posteggi(inverno, piano.NewMesi(1, 2, 3, 4))),
				alloStadio(piano.Sollecito, attivita("SUAP", "2/4", "Semplificazione dei procedimenti dell'ufficio", "Pubblicazione dei moduli",
					piano.NewMesi(9), 0, giulia, inverno))}}},
	}
}

// nelRiepilogo is an activity as the digest has it.
func nelRiepilogo(id int64, a piano.Assegnata) AttivitaRiepilogo {
	return AttivitaRiepilogo{ID: id, Settore: a.Settore, AnnoPiano: 2021, Approvato: a.Approvato, Obiettivo: a.Obiettivo, Titolo: a.Titolo, Anno: a.Attivita.Anno,
		Descrizione: a.Attivita.Descrizione, Previsto: a.Attivita.Previsto, Ottenuto: a.Attivita.Ottenuto, Stato: a.Situazione.Stato,
		Scadenza: a.Situazione.Scadenza, Trascorsi: a.Situazione.MesiPrevistiTrascorsi, Ottenuti: a.Situazione.MesiOttenuti,
		Responsabile: a.Referente.Nome, Incarico: a.Referente.Incarico, Aggiornata: g("2021-05-14"), Consegna: g("2021-06-28"),
		Fonte: piano.Luogo{File: "scheda.xlsx", Foglio: "Ob. " + a.Obiettivo, Cella: "A31"}}
}

// molte are activities of a settore that are as they should be: so many of each state.
func molte(settore, al string, inCorso, daAvviare, concluse int) []AttivitaRiepilogo {
	var tutte []AttivitaRiepilogo
	for i, m := range slices.Concat(slices.Repeat([]piano.Mesi{piano.NewMesi(5, 6, 7, 12)}, inCorso), slices.Repeat([]piano.Mesi{piano.NewMesi(10, 11)}, daAvviare),
		slices.Repeat([]piano.Mesi{piano.NewMesi(1, 2)}, concluse)) {
		a := attivita(settore, fmt.Sprintf("%d/%d", i+1, i+30), "Obiettivo di "+settore, fmt.Sprintf("Attività n. %d", i+1), m, m&piano.NewMesi(1, 2, 5, 6), giulia, al)
		tutte = append(tutte, nelRiepilogo(int64(100+len(tutte)), a))
	}
	return tutte
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
	ente, lei := EnteRiepilogo{unione.Codice, unione.Nome}, Destinatario{segretario.Nome, segretario.Email}
	completo := DatiRiepilogo{
		Ente: ente, Al: g(al), Scritto: g("2021-07-01"), Segretario: lei,
		Settori: []SettoreRiepilogo{{"Governo del territorio", g("2021-06-28")}, {"SIA", piano.Giorno{}}, {"SUAP", g("2021-05-14")}, {"Tributi e riscossione coattiva", g("2021-06-30")}},
		Attivita: slices.Concat([]AttivitaRiepilogo{nelRiepilogo(1, nuova)}, molte("Governo del territorio", al, 4, 3, 2), []AttivitaRiepilogo{nelRiepilogo(2, portale)}, molte("SIA", al, 1, 1, 1),
			[]AttivitaRiepilogo{nelRiepilogo(3, posteggi(al, piano.NewMesi(1, 2))), nelRiepilogo(4, moduli)}, molte("SUAP", al, 3, 4, 3),
			[]AttivitaRiepilogo{nelRiepilogo(5, ruoli)}, molte("Tributi e riscossione coattiva", al, 9, 8, 3)),
		Precedente: g("2021-05-31"),
		Mesi:       []TotaliMese{{g("2021-03-31"), Conteggio{36, 0, 2, 14, 20, 0, 0}}, {g("2021-04-30"), Conteggio{40, 1, 1, 16, 19, 2, 1}}, {g("2021-05-31"), Conteggio{44, 1, 3, 17, 17, 5, 1}}},
		Prima:      []TotaliPrima{{"SIA", Conteggio{4, 1, 0, 1, 1, 1, 0}}, {"SUAP", Conteggio{12, 0, 2, 3, 5, 2, 0}}},
		Cambiamenti: []Cambiamento{{"SUAP", "2/4", moduli.Attivita.Descrizione, piano.InRitardo, piano.Scaduta}, {"Tributi e riscossione coattiva", "4/12", ruoli.Attivita.Descrizione, piano.InCorso, piano.InRitardo},
			{"Governo del territorio", "1/7", nuova.Attivita.Descrizione, "", piano.InCorso}, {"SIA", "3/21", "Migrazione della posta", piano.DaAvviare, ""}},
		Decise: []VariazioneRiepilogo{{3, "SIA", "3/21", "tolta l'attività «Migrazione della posta»", "sia.xlsx", g("2021-05-20"), piano.Approvata, "DGU 31/2021", g("2021-06-15"), ""},
			{4, "SUAP", "1/3", "target anno di «Posteggi»: 690 → 300", "suap.xlsx", g("2021-05-14"), piano.NonAccolta, "", g("2021-06-16"), "il target resta quello del piano"}},
		Variazioni: []VariazioneRiepilogo{{7, "SUAP", "1/3", "mesi previsti di «Rilevazione stato di fatto»: + ott, nov", "suap.xlsx", g("2021-05-14"), piano.Proposta, "", piano.Giorno{}, ""}},
		Contraddizioni: []piano.Contraddizione{{Regola: "pesi-non-100", Settore: "SIA", Frase: "I pesi del settore fanno 90, non 100.",
			Luoghi: []piano.Luogo{{File: "sia.xlsx", Foglio: "Ob. 1-5", Cella: "B9"}, {File: "sia.xlsx", Foglio: "Ob. 2-6", Cella: "B9"}}}},
		Sessioni: []SessioneRiepilogo{{Nome: "monitoraggio anticorruzione 2021, quadrimestre 1", Dati: g("2021-04-30"), Apre: g("2021-05-03"), Aperta: g("2021-05-03"), Chiude: g("2021-06-04"), Chiusa: g("2021-06-04")},
			{Nome: "monitoraggio straordinario 2021", Dati: g("2021-05-31"), Aperta: g("2021-06-15"), Termine: g("2021-07-09"), Chiude: g("2021-07-12"), Richiesti: 4, Mancano: []string{"SIA", "SUAP"}},
			{Nome: "verifica di metà anno 2021", Dati: g("2021-06-30"), Apre: g("2021-07-01"), Chiude: g("2021-07-30")}},
		Scadenze: piano.DateDiLegge(piano.TerminiDiLegge(), map[int]piano.Giorno{2021: g("2021-06-28")}, g(al), FinoAScadenze(g(al))),
		Posta: []PostaFerma{{12, piano.TipoPromemoria, g("2021-06-14"), "giulia.montanari@terredipianura.example", "Scadenzario: 1 attività scaduta", piano.Rifiutato, "550 5.1.1 casella inesistente"},
			{13, piano.TipoPromemoria, g("2021-06-21"), "sia@terredipianura.example", "Scadenzario: 1 attività scaduta", piano.EsitoIgnoto, "interrotto dopo il punto finale"},
			{14, piano.TipoSessione, g("2021-06-30"), "suap@terredipianura.example", "Verifica", piano.InCoda, ""}},
		Mancate: []CorsaMancata{{"remind", "2021-06-08", piano.Saltata, ""}, {"digest", "2021-06-09", piano.Fallita, "database"}},
	}
	return map[string]DatiRiepilogo{
		"riepilogo-completo": completo,
		"riepilogo-tutto-regolare": {
			Ente: ente, Al: g("2021-05-31"), Scritto: g("2021-06-01"), Segretario: lei,
			Settori:  []SettoreRiepilogo{{"SUAP", g("2021-05-28")}},
			Attivita: molte("SUAP", "2021-05-31", 2, 0, 1),
		},
		"riepilogo-tardivo": {
			Ente: ente, Al: g("2021-05-31"), Scritto: g("2021-07-12"), Segretario: lei,
			Settori:    []SettoreRiepilogo{{"SUAP", g("2021-05-28")}},
			Attivita:   molte("SUAP", "2021-05-31", 2, 0, 1),
			Precedente: g("2021-02-28"), Mesi: []TotaliMese{{g("2021-02-28"), Conteggio{Attivita: 3, InCorso: 3}}},
		},
	}
}

// casiPassaggio are the hand-overs whose texts are kept in testdata: one settore with
// everything, and two to one person with nothing late.
func casiPassaggio() map[string]DatiPassaggio {
	const maggio = "2021-05-03"
	lodi := piano.Referente{Nome: "Marco Lodi", Destinatario: "marco.lodi@terredipianura.example", Incarico: piano.Titolare}
	ragioneria := func(obiettivo, titolo, descrizione string, previsto, ottenuto piano.Mesi) piano.Assegnata {
		return attivita("Servizi finanziari", obiettivo, titolo, descrizione, previsto, ottenuto, lodi, maggio)
	}
	bilancio := ragioneria("1/9", "Bilancio di previsione nei termini", "Invio della circolare ai responsabili & raccolta delle previsioni", piano.NewMesi(3, 4), piano.NewMesi(3))
	pagamenti := ragioneria("2/10", "Tempestività dei pagamenti", "Report trimestrale dei tempi medi di pagamento", piano.NewMesi(4, 7, 10, 12), 0)
	rendiconto := ragioneria("1/9", "Bilancio di previsione nei termini", "Deposito dello schema di rendiconto", piano.NewMesi(5), 0)
	formazione := ragioneria("2/10", "Tempestività dei pagamenti", "Formazione degli uffici sulla fatturazione elettronica", piano.NewMesi(10, 11), 0)
	interim := lodi
	interim.Incarico = piano.AdInterim
	return map[string]DatiPassaggio{
		"passaggio-completo": {Ente: unione, Giorno: g(maggio), Nome: lodi.Nome, A: lodi.Destinatario, Segretario: segretario, Subentri: []piano.Subentro{{
			Settore: piano.Settore{Nome: "Servizi finanziari", Codice: "servizi-finanziari"}, Referente: lodi, Dal: g("2021-05-01"),
			Prima: piano.Referente{Nome: "Sandra Benassi", Destinatario: "sandra.benassi@terredipianura.example", Incarico: piano.Titolare},
			Voci:  []piano.Voce{alloStadio(piano.StadioScaduta, bilancio), alloStadio(piano.StadioRitardo, pagamenti), alloStadio(piano.Preavviso, rendiconto)},
			Altre: []piano.Assegnata{formazione}, Concluse: 2,
			Variazioni: []piano.Variazione{{ID: 3, Settore: "Servizi finanziari", Numero: "2/10", Giorno: g("2021-04-29"),
				Differenza: piano.Differenza{Che: "target anno di «Tempo medio»", Prima: "30", Dopo: "45"}}},
			Ferme: []piano.Collocata{{Obiettivo: piano.Obiettivo{Numero: "1/9", Titolo: "Bilancio di previsione nei termini"}, Giorno: g("2021-04-20")}},
		}}},
		"passaggio-due-settori": {Ente: unione, Giorno: g(maggio), Nome: lodi.Nome, A: lodi.Destinatario, Segretario: segretario, Subentri: []piano.Subentro{
			{Settore: piano.Settore{Nome: "Servizi finanziari"}, Referente: lodi, Dal: g("2021-05-01"), Prima: nessuno, Altre: []piano.Assegnata{formazione}},
			{Settore: piano.Settore{Nome: "Tributi e riscossione coattiva"}, Referente: interim, Dal: g("2021-05-03"), Prima: giulia, Concluse: 1,
				Altre: []piano.Assegnata{attivita("Tributi e riscossione coattiva", "4/12", "Recupero dell'evasione", "Emissione degli avvisi di accertamento",
					piano.NewMesi(5, 6, 7), 0, interim, maggio)}},
		}},
	}
}

// casiRecapiti are the notices to the SIA whose texts are kept in testdata.
func casiRecapiti() map[string]DatiRecapiti {
	return map[string]DatiRecapiti{
		"recapiti": {Ente: unione, Giorno: g("2021-05-03"), SIA: piano.Ruolo{Ruolo: piano.RuoloSIA, Nome: "Assistenza SIA", Email: "sia@terredipianura.example"},
			Mancanti: []piano.RecapitoMancante{{Settore: "Servizi finanziari", Nome: "Marco Lodi", Invece: "conti@ente.example"},
				{Settore: "Progettazione e CUC", Nome: "Chiara Rambaldi"}, {Settore: "Welfare locale"}}},
		"recapiti-uno": {Ente: unione, Giorno: g("2021-05-03"),
			Mancanti: []piano.RecapitoMancante{{Settore: "Servizi finanziari", Nome: "Marco Lodi", Invece: "conti@ente.example"}}},
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
	for nome, d := range casiPassaggio() {
		if tutti[nome], err = m.Passaggio(d); err != nil {
			t.Fatal(nome, err)
		}
	}
	for nome, d := range casiRecapiti() {
		if tutti[nome], err = m.Recapiti(d); err != nil {
			t.Fatal(nome, err)
		}
	}
	for nome, d := range casiSessione() {
		if tutti[nome], err = m.Sessione(d); err != nil {
			t.Fatal(nome, err)
		}
	}
	for nome, d := range casiEsito() {
		if tutti[nome], err = m.EsitoSessione(d); err != nil {
			t.Fatal(nome, err)
		}
	}
	return tutti
}
