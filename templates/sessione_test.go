package templates

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/scadenzario/scadenzario/piano"
)

func metaAnno() piano.Sessione {
	return piano.Sessione{Genere: piano.MetaAnno, Anno: 2021, Numero: 1, Dati: g("2021-06-30"), Apre: g("2021-07-01"), Aperta: g("2021-07-01"),
		Chiude: g("2021-07-30"), Legge: g("2021-07-31"), Sollecito: 5}
}

func inSessione(settore, obiettivo, titolo string, i piano.Indicatore, genere piano.GenereSessione) piano.IndicatoreInFoto {
	return piano.IndicatoreInFoto{Settore: settore, Obiettivo: obiettivo, Titolo: titolo, Indicatore: i.Descrizione, Unita: i.Unita, Confronto: i.Confronta(genere)}
}

// fotoMetaAnno is what the check of mid-year 2021 sees.
func fotoMetaAnno() piano.Fotografia {
	const posteggiTitolo = "Verifiche ed aggiornamento dati posteggi per il commercio su aree pubbliche"
	s := metaAnno()
	return piano.Fotografia{Versione: 1, Ente: unione.Nome, Sessione: s.Nome(), Genere: s.Genere, Anno: s.Anno, Numero: s.Numero, Dati: s.Dati, Aperta: s.Aperta, Chiude: s.Chiude, Legge: s.Legge,
		Settori: []piano.SettoreInSessione{
			{Settore: "Innovazione tecnologica e SIA", Incarico: piano.Vacante, Totali: piano.Totali{Attivita: 1, Scadute: 1},
				Chiesto: []piano.Detto{{Fase: piano.FaseApertura, Giorno: g("2021-07-01"), A: "sia@terredipianura.example"}}},
			{Settore: "SUAP", Responsabile: giulia.Nome, Incarico: piano.Titolare, Totali: piano.Totali{Attivita: 6, Concluse: 2, InCorso: 1, InRitardo: 3},
				Risposta: &piano.Risposta{Giorno: g("2021-07-05"), File: "suap.xlsx"},
				Chiesto:  []piano.Detto{{Fase: piano.FaseApertura, Giorno: g("2021-07-01"), A: giulia.Destinatario}}},
			{Settore: "Tributi e riscossione coattiva", Responsabile: giulia.Nome, Incarico: piano.AdInterim, Totali: piano.Totali{Attivita: 4, DaAvviare: 4},
				Chiesto: []piano.Detto{{Fase: piano.FaseApertura, Giorno: g("2021-07-01"), A: giulia.Destinatario}, {Fase: "sollecito/1", Giorno: g("2021-07-08"), A: giulia.Destinatario},
					{Fase: "sollecito/2", Giorno: g("2021-07-15"), A: giulia.Destinatario}}},
			{Settore: "Welfare locale", Responsabile: "Anna Maria Venturi", Incarico: piano.Titolare, Rinvii: []string{"1/1"},
				Chiesto: []piano.Detto{{Fase: piano.FaseApertura, Giorno: g("2021-07-01"), A: "annamaria.venturi@terredipianura.example"}}}},
		Attivita: []piano.AttivitaInSessione{
			{Settore: "Innovazione tecnologica e SIA", Obiettivo: "3/21", Titolo: "Attivazione dei servizi online", Anno: 2021, Attivita: "Attivazione del portale dei pagamenti & dei servizi online",
				Previsto: piano.NewMesi(2, 4), Scadenza: g("2021-04-30"), Stato: piano.Scaduta},
			{Settore: "SUAP", Obiettivo: "1/3", Titolo: posteggiTitolo, Anno: 2021, Attivita: "Rilevazione stato di fatto ed aggiornamento cartografie",
				Previsto: piano.NewMesi(1, 2, 3, 4, 5, 6, 7, 8, 9), Ottenuto: piano.NewMesi(1, 2), Scadenza: g("2021-09-30"), Stato: piano.InRitardo},
			{Settore: "SUAP", Obiettivo: "1/3", Titolo: posteggiTitolo, Anno: 2021, Attivita: "Aggiornamento titoli autorizzativi",
				Previsto: piano.NewMesi(5, 6, 9), Scadenza: g("2021-09-30"), Stato: piano.InRitardo},
			{Settore: "SUAP", Obiettivo: "2/4", Titolo: "Recupero dell'evasione tributaria", Anno: 2021, Attivita: "Invio dei report", Previsto: piano.NewMesi(1), Ottenuto: piano.NewMesi(1), Scadenza: g("2021-01-31"), Stato: piano.Conclusa}},
		Indicatori: []piano.IndicatoreInFoto{
			inSessione("SUAP", "1/3", posteggiTitolo, piano.Indicatore{Descrizione: "Posteggi sottoposti a verifica", Unita: "numero", TargetMetaAnno: "300", RisultatoMetaAnno: "285"}, piano.MetaAnno),
			inSessione("SUAP", "1/3", posteggiTitolo, piano.Indicatore{Descrizione: "Pagina informativa pubblicata sul sito", Unita: "sì/no", TargetMetaAnno: "sì", RisultatoMetaAnno: "no"}, piano.MetaAnno),
			inSessione("Tributi e riscossione coattiva", "2/14", "Recupero dell'evasione", piano.Indicatore{Descrizione: "Atti di accertamento da notificare nel corso dell'anno", Unita: "numero", TargetMetaAnno: "800"}, piano.MetaAnno),
			inSessione("Tributi e riscossione coattiva", "2/14", "Recupero dell'evasione", piano.Indicatore{Descrizione: "Gara d'appalto per l'individuazione del contraente"}, piano.MetaAnno),
			inSessione("Tributi e riscossione coattiva", "2/14", "Recupero dell'evasione", piano.Indicatore{Descrizione: "Incontri con gli addetti"}, piano.MetaAnno)},
		Variazioni: []piano.Variazione{{ID: 7, Settore: "SUAP", Numero: "1/3", Giorno: g("2021-06-30"),
			Differenza: piano.Differenza{Che: "target anno di «Posteggi sottoposti a verifica»", Prima: "690", Dopo: "500"}}}}
}

func quadrimestre() piano.Sessione {
	return piano.Sessione{Genere: piano.Anticorruzione, Anno: 2021, Numero: 2, Dati: g("2021-08-31"), Aperta: g("2021-09-01"), Chiude: g("2021-09-20"), Sollecito: 5}
}

// fotoMisure is what the second check of the measures of 2021 sees.
func fotoMisure() piano.Fotografia {
	s := quadrimestre()
	misura := func(settore, nome, attivita, stato, note string) piano.MisuraInSessione {
		return piano.MisuraInSessione{Settore: settore, Misura: nome, Attivita: attivita, Indicatore: "Controllo di almeno il 10% delle autocertificazioni",
			Verifica: "Nota all'ufficio personale & attestazione", Stato: stato, Note: note}
	}
	rivista := misura("SUAP", "Dichiarazioni di insussistenza delle cause di incompatibilità", "Preparazione del modello e controllo a campione della veridicità.", "attuata", "pratiche controllate: 14 su 120")
	rivista.Prima = []piano.DettoPrima{{Stato: "in corso", Note: "pratiche controllate: 3 su 120", Giorno: g("2021-09-03")}}
	return piano.Fotografia{Versione: 1, Ente: unione.Nome, Sessione: s.Nome(), Genere: s.Genere, Anno: s.Anno, Numero: s.Numero, Dati: s.Dati, Aperta: s.Aperta, Chiude: s.Chiude,
		Settori: []piano.SettoreInSessione{
			{Settore: "SUAP", Responsabile: giulia.Nome, Incarico: piano.Titolare, Risposta: &piano.Risposta{Giorno: g("2021-09-06"), File: "misure.xlsx"},
				Chiesto: []piano.Detto{{Fase: piano.FaseApertura, Giorno: g("2021-09-01"), A: giulia.Destinatario}}},
			{Settore: piano.UfficioAnticorruzione, Responsabile: "Ada Blu", Incarico: piano.Titolare,
				Chiesto: []piano.Detto{{Fase: piano.FaseApertura, Giorno: g("2021-09-01"), A: "ada.blu@terredipianura.example"}, {Fase: "sollecito/1", Giorno: g("2021-09-08"), A: "ada.blu@terredipianura.example"}}}},
		Misure: []piano.MisuraInSessione{
			rivista,
			misura("SUAP", "Rotazione dei commissari", "", "in corso", ""),
			misura("SUAP", "Clausola di salvaguardia nei bandi", "", "", ""),
			{Settore: piano.UfficioAnticorruzione, Misura: "Formazione del personale"}}}
}

// conRisposta is the picture with that answer of the SUAP, nil for none yet.
func conRisposta(f piano.Fotografia, r *piano.Risposta) piano.Fotografia {
	f.Settori = slices.Clone(f.Settori)
	for i := range f.Settori {
		if f.Settori[i].Settore == "SUAP" {
			f.Settori[i].Risposta = r
		}
	}
	return f
}

// casiSessione are the messages to the settori whose texts are kept in testdata.
func casiSessione() map[string]DatiSessione {
	invito := func(giorno string, i piano.Invito) DatiSessione {
		return DatiSessione{Ente: unione, Giorno: g(giorno), Sessione: metaAnno(), Termine: g("2021-07-29"), Invito: i, Vista: conRisposta(fotoMetaAnno(), nil), Segretario: segretario}
	}
	suap := piano.Chiamata{Settore: "SUAP", Fase: piano.FaseApertura, Referente: giulia}
	ricevuta := invito("2021-07-01", piano.Invito{Nome: giulia.Nome, A: giulia.Destinatario, Voci: []piano.Chiamata{suap}})
	ricevuta.Vista = conRisposta(ricevuta.Vista, &piano.Risposta{Giorno: g("2021-06-30"), File: "suap.xlsx"})
	inParte := ricevuta
	inParte.Invito.Voci = []piano.Chiamata{suap, {Settore: "Tributi e riscossione coattiva", Fase: piano.FaseApertura, Referente: interim}}
	fine := invito("2022-01-07", piano.Invito{A: segretario.Email, Voci: []piano.Chiamata{{Settore: "Innovazione tecnologica e SIA", Fase: piano.FaseApertura, Referente: nessuno}}})
	fine.Sessione = piano.Sessione{Genere: piano.FineAnno, Anno: 2021, Numero: 1, Dati: g("2021-12-31"), Aperta: g("2022-01-07"), Chiude: g("2022-01-31"), Legge: g("2022-06-30")}
	fine.Termine, fine.Vista = g("2022-01-28"), piano.Fotografia{Dati: g("2021-12-31"), Settori: fotoMetaAnno().Settori}
	return map[string]DatiSessione{
		"sessione-apertura": invito("2021-07-01", piano.Invito{Nome: giulia.Nome, A: giulia.Destinatario, Voci: []piano.Chiamata{
			suap, {Settore: "Tributi e riscossione coattiva", Fase: piano.FaseApertura, Referente: interim}}}),
		"sessione-ricevuta":          ricevuta,
		"sessione-ricevuta-in-parte": inParte,
		"sessione-sollecito": invito("2021-07-15", piano.Invito{Nome: giulia.Nome, A: giulia.Destinatario, Voci: []piano.Chiamata{
			{Settore: "Tributi e riscossione coattiva", Fase: "sollecito/2", Referente: interim}}}),
		"sessione-vacante": invito("2021-07-01", piano.Invito{A: "sia@terredipianura.example", CC: []string{segretario.Email}, Vacante: true, Voci: []piano.Chiamata{
			{Settore: "Innovazione tecnologica e SIA", Fase: piano.FaseApertura, Referente: nessuno}}}),
		"sessione-solo-rinvii": invito("2021-07-01", piano.Invito{Nome: "Anna Maria Venturi", A: "annamaria.venturi@terredipianura.example", Voci: []piano.Chiamata{
			{Settore: "Welfare locale", Fase: piano.FaseApertura, Referente: piano.Referente{Nome: "Anna Maria Venturi", Incarico: piano.Titolare}}}}),
		"sessione-fine-anno": fine,
		"sessione-misure": {Ente: unione, Giorno: g("2021-09-01"), Sessione: quadrimestre(), Termine: g("2021-09-17"), Vista: conRisposta(fotoMisure(), nil), Segretario: segretario,
			Invito: piano.Invito{Nome: giulia.Nome, A: giulia.Destinatario, Voci: []piano.Chiamata{suap}}},
		"sessione-misure-sollecito": {Ente: unione, Giorno: g("2021-09-08"), Sessione: quadrimestre(), Termine: g("2021-09-17"), Vista: fotoMisure(), Segretario: segretario,
			Invito: piano.Invito{Nome: "Ada Blu", A: "ada.blu@terredipianura.example", Voci: []piano.Chiamata{{Settore: piano.UfficioAnticorruzione, Fase: "sollecito/1",
				Referente: piano.Referente{Nome: "Ada Blu", Incarico: piano.Titolare}}}}},
	}
}

// casiEsito are the outcomes whose texts are kept in testdata.
func casiEsito() map[string]DatiEsitoSessione {
	chiusa := fotoMetaAnno()
	chiusa.Chiusa = g("2021-07-30")
	vuota := piano.Fotografia{Sessione: "verifica di fine anno 2021", Genere: piano.FineAnno, Anno: 2021, Numero: 1, Dati: g("2021-12-31"), Aperta: g("2022-02-14"), Chiusa: g("2022-02-14"),
		Settori: []piano.SettoreInSessione{{Settore: "SUAP", Responsabile: giulia.Nome, Incarico: piano.Titolare, Risposta: &piano.Risposta{Giorno: g("2022-02-14")}}}}
	misure := fotoMisure()
	misure.Chiusa = g("2021-09-20")
	return map[string]DatiEsitoSessione{
		"esito-misure": {Ente: unione, Segretario: segretario, Anticorruzione: piano.Ruolo{Nome: "Ada Blu", Email: "ada.blu@terredipianura.example"}, Vista: misure,
			Impronta: strings.Repeat("0123456789abcdef", 4), Giorno: g("2021-09-20")},
		"esito-misure-aperta": {Ente: unione, Segretario: segretario, Anticorruzione: segretario, Vista: fotoMisure(), Giorno: g("2021-09-10")},
		"esito-meta-anno":     {Ente: unione, Segretario: segretario, Vista: chiusa, Impronta: strings.Repeat("0123456789abcdef", 4), Giorno: g("2021-07-30")},
		"esito-ancora-aperta": {Ente: unione, Segretario: segretario, Vista: fotoMetaAnno(), Giorno: g("2021-07-16")},
		"esito-senza-inviti":  {Ente: unione, Segretario: segretario, Vista: vuota, Impronta: strings.Repeat("0123456789abcdef", 4), Giorno: g("2022-02-14")},
	}
}

func TestNobodyIsAskedInNoMessage(t *testing.T) {
	m, err := New()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Sessione(DatiSessione{}); !errors.Is(err, ErrSenzaVoci) {
		t.Error(err)
	}
}

func TestIlGiorno(t *testing.T) {
	for giorno, want := range map[string]string{"2021-07-08": "l'8 luglio 2021", "2021-07-11": "l'11 luglio 2021", "2021-07-01": "il 1° luglio 2021", "2021-07-18": "il 18 luglio 2021"} {
		if got := ilGiorno(g(giorno)); got != want {
			t.Error(got)
		}
	}
}
