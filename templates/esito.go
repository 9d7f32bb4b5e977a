package templates

import (
	"fmt"
	"strings"

	"github.com/scadenzario/scadenzario/piano"
)

// DatiEsitoSessione is the outcome of a session as the Segretario reads it; of one that
// is still open it is the state of the day.
type DatiEsitoSessione struct {
	Ente       piano.Ente
	Segretario piano.Ruolo // the recipient; may be empty
	// Anticorruzione is the recipient of an outcome over the measures, the Segretario in copy.
	Anticorruzione piano.Ruolo
	Vista          piano.Fotografia
	Impronta       string       // SHA-256 of what is frozen; "" while the session is open
	Giorno         piano.Giorno // of the state, for an open one
}

// vistaEsito is what the templates of an outcome print.
type vistaEsito struct {
	Titolo, Ente, Al, Destinatario string
	Oggetto, Sintesi, Periodo      string
	Avvertenza                     string // what whoever reads must know first; mostly ""
	NomeTarget, NomeRisultato      string
	Colonne                        []colonna
	Settori                        []rigaEsito
	Muti                           []rigaMuto
	Scadute, InRitardo             []attivitaEsito
	Obiettivi                      []obiettivoEsito
	Mancanti                       []rigaMancante
	Variazioni                     []rigaVariazione
	Note                           []string
	Firma                          string
}

// rigaEsito counts the activities of one settore, or of all in the last line.
type rigaEsito struct {
	piano.Totali
	Settore, Risposta string
	Muto, Somma       bool
}

// Numeri returns the counts in the order of the columns.
func (r rigaEsito) Numeri() []numero {
	return []numero{{r.Attivita, false}, {r.Concluse, false}, {r.InCorso, false}, {r.InRitardo, r.InRitardo > 0},
		{r.Scadute, r.Scadute > 0}, {r.DaAvviare, false}, {r.SenzaProgramma, false}}
}

// rigaMuto is a settore that did not answer, with what it was told.
type rigaMuto struct{ Settore, Responsabile, Detto string }

// attivitaEsito gathers activities of one objective.
type attivitaEsito struct {
	Settore, Numero, Titolo string
	Attivita                []rigaAttivita
}

type rigaAttivita struct{ Attivita, Previsti, Ottenuti, Scadenza string }

type obiettivoEsito struct {
	Settore, Numero, Titolo string
	Indicatori              []rigaIndicatore
}

type rigaIndicatore struct {
	Indicatore, Unita, Target, Risultato, Percento, Derivazione string
	Calcolato                                                   bool
}

// rigaMancante gathers the indicators of an objective that lack the same.
type rigaMancante struct{ Settore, Obiettivo, Che, Di string }

// Titolo is the outcome's heading; of a session that is open it says of which day it is.
func (d DatiEsitoSessione) Titolo() string {
	if d.Vista.Chiusa.IsZero() {
		return maiuscola(pulisci(d.Vista.Sessione)) + ": stato al " + d.Giorno.Esteso()
	}
	return maiuscola(pulisci(d.Vista.Sessione)) + ": esito"
}

// Valori names the target and the result that the session holds against each other.
func (d DatiEsitoSessione) Valori() (target, risultato string) {
	if d.Vista.Genere == piano.MetaAnno {
		return "Target a metà anno", "Risultato a metà anno"
	}
	return "Target dell'anno", "Risultato finale"
}

// Stato is the word for a state, as the mail has it.
func (d DatiEsitoSessione) Stato(s piano.Stato) string { return parolaStato(s) }

// Mesi writes a set of months briefly, as the mail does.
func (d DatiEsitoSessione) Mesi(m piano.Mesi) string { return mesi(m) }

// vediEsito takes every decision about the words of an outcome.
func vediEsito(d DatiEsitoSessione) vistaEsito {
	f := d.Vista
	v := vistaEsito{
		Titolo: d.Titolo(), Ente: pulisci(d.Ente.Nome), Al: f.Dati.Esteso(), Destinatario: destinatario(d.Segretario),
		Colonne: []colonna{{"Totale", 13}, {"Concluse", 16}, {"In corso", 14}, {"In ritardo", 14}, {"Scadute", 15}, {"Da avviare", 14}, {"Senza progr.", 14}},
		Periodo: d.Periodo(), Firma: firma(d.Ente),
	}
	v.NomeTarget, v.NomeRisultato = d.Valori()
	v.Settori, v.Muti = d.settori()
	for _, a := range f.Attivita {
		switch a.Stato {
		case piano.Scaduta:
			v.Scadute = aggiungiAttivita(v.Scadute, a)
		case piano.InRitardo:
			v.InRitardo = aggiungiAttivita(v.InRitardo, a)
		}
	}
	v.Obiettivi, v.Mancanti = indicatoriEsito(f)
	for _, x := range f.Variazioni {
		v.Variazioni = append(v.Variazioni, rigaVariazione{x.ID, pulisci(x.Settore), pulisci(x.Numero), pulisci(x.Differenza.String()), x.Giorno.Esteso(), ""})
	}
	v.Avvertenza = avvertenzaEsito(f)
	v.Sintesi, v.Oggetto = sintesiEsito(v, f)
	v.Note = d.Note()
	return v
}

// settori returns the table of the settori with its sum, and those that did not
// answer.
func (d DatiEsitoSessione) settori() (righe []rigaEsito, muti []rigaMuto) {
	somma := rigaEsito{Settore: "Tutti i settori", Somma: true}
	for _, s := range d.Vista.Settori {
		r := rigaEsito{Totali: s.Totali, Settore: pulisci(s.Settore), Risposta: "non ha risposto", Muto: s.Muto()}
		switch {
		case r.Muto:
			muti = append(muti, rigaMuto{r.Settore, responsabileEsito(s), d.Detto(s)})
		case s.Risposta != nil:
			r.Risposta = "ha risposto il " + s.Risposta.Giorno.Breve()
		default:
			r.Risposta = "rimanda all'obiettivo " + pulisci(elenco(s.Rinvii))
		}
		righe = append(righe, r)
		t := &somma.Totali
		for _, p := range []struct {
			n *int
			m int
		}{{&t.Attivita, s.Totali.Attivita}, {&t.Concluse, s.Totali.Concluse}, {&t.InCorso, s.Totali.InCorso}, {&t.InRitardo, s.Totali.InRitardo},
			{&t.Scadute, s.Totali.Scadute}, {&t.DaAvviare, s.Totali.DaAvviare}, {&t.SenzaProgramma, s.Totali.SenzaProgramma}} {
			*p.n += p.m
		}
	}
	return append(righe, somma), muti
}

func responsabileEsito(s piano.SettoreInSessione) string {
	switch {
	case s.Responsabile == "":
		return "incarico vacante"
	case s.Incarico == piano.AdInterim:
		return pulisci(s.Responsabile) + ", ad interim"
	}
	return pulisci(s.Responsabile)
}

// Detto says when a settore was asked and when it was reminded.
func (d DatiEsitoSessione) Detto(s piano.SettoreInSessione) string {
	if len(s.Chiesto) == 0 {
		return "non è stato interpellato"
	}
	testo := "interpellato il " + s.Chiesto[0].Giorno.Breve()
	var giorni []string
	for _, c := range s.Chiesto[1:] {
		giorni = append(giorni, c.Giorno.Breve())
	}
	if giorni != nil {
		testo += ", sollecitato il " + elenco(giorni)
	}
	return testo
}

// aggiungiAttivita puts an activity with those of its objective.
func aggiungiAttivita(gruppi []attivitaEsito, a piano.AttivitaInSessione) []attivitaEsito {
	settore, numero := pulisci(a.Settore), pulisci(a.Obiettivo)
	if n := len(gruppi); n == 0 || gruppi[n-1].Settore != settore || gruppi[n-1].Numero != numero {
		gruppi = append(gruppi, attivitaEsito{Settore: settore, Numero: numero, Titolo: pulisci(a.Titolo)})
	}
	g := &gruppi[len(gruppi)-1]
	g.Attivita = append(g.Attivita, rigaAttivita{pulisci(a.Attivita), mesi(a.Previsto), mesi(a.Ottenuto), a.Scadenza.Breve()})
	return gruppi
}

// indicatoriEsito groups the indicators by objective, and gathers what is missing.
func indicatoriEsito(f piano.Fotografia) (obiettivi []obiettivoEsito, mancanti []rigaMancante) {
	for _, i := range f.Indicatori {
		settore, numero := pulisci(i.Settore), pulisci(i.Obiettivo)
		if n := len(obiettivi); n == 0 || obiettivi[n-1].Numero != numero || obiettivi[n-1].Settore != settore {
			obiettivi = append(obiettivi, obiettivoEsito{Settore: settore, Numero: numero, Titolo: pulisci(i.Titolo)})
		}
		o := &obiettivi[len(obiettivi)-1]
		r := rigaIndicatore{Indicatore: pulisci(i.Indicatore), Unita: pulisci(i.Unita), Target: scrittoO(i.Target), Risultato: scrittoO(i.Risultato),
			Percento: "non calcolabile", Derivazione: pulisci(i.Derivazione), Calcolato: i.Percento != nil}
		if i.Percento != nil {
			r.Percento = i.Percento.Italiano() + "%"
		}
		o.Indicatori = append(o.Indicatori, r)
		if len(i.Mancano) == 0 {
			continue
		}
		che, di := elenco(i.Mancano), "«"+r.Indicatore+"»"
		if n := len(mancanti); n > 0 && mancanti[n-1].Settore == settore && mancanti[n-1].Obiettivo == numero && mancanti[n-1].Che == che {
			mancanti[n-1].Di += ", " + di
			continue
		}
		mancanti = append(mancanti, rigaMancante{settore, numero, che, di})
	}
	return obiettivi, mancanti
}

// scrittoO is a value as written; a box left blank is a dash.
func scrittoO(v string) string {
	if v = pulisci(v); v == "" {
		return "–"
	}
	return v
}

// Periodo says from when to when the session went on, and what the law wants.
func (d DatiEsitoSessione) Periodo() string {
	f := d.Vista
	testo := fmt.Sprintf("Sessione aperta il %s", f.Aperta.Esteso())
	switch {
	case f.Aperta.IsZero():
		testo = "Sessione non ancora aperta"
	case !f.Chiusa.IsZero():
		testo += fmt.Sprintf(" e chiusa il %s", f.Chiusa.Esteso())
	default:
		testo += fmt.Sprintf("; si chiude il %s", f.Chiude.Esteso())
	}
	if !f.Legge.IsZero() {
		testo += fmt.Sprintf(". Termine di legge collegato: %s", f.Legge.Esteso())
	}
	return testo + "."
}

// avvertenzaEsito says that nobody was asked, where a session closed so.
func avvertenzaEsito(f piano.Fotografia) string {
	for _, s := range f.Settori {
		if len(s.Chiesto) > 0 {
			return ""
		}
	}
	if f.Chiusa.IsZero() {
		return ""
	}
	return "Nessun settore è stato interpellato: lo Scadenzario non era in funzione nel periodo previsto, oppure la sessione è stata aperta e chiusa senza inviti. I dati sono quelli già consegnati."
}

// sintesiEsito puts the outcome into a sentence, and into a subject.
func sintesiEsito(v vistaEsito, f piano.Fotografia) (sintesi, oggetto string) {
	dovute := 0
	for _, s := range f.Settori {
		if s.Muto() || s.Risposta != nil {
			dovute++
		}
	}
	risposte := fmt.Sprintf("%d settori su %d hanno risposto", dovute-len(v.Muti), dovute)
	if dovute-len(v.Muti) == 1 {
		risposte = fmt.Sprintf("1 settore su %d ha risposto", dovute)
	}
	t := v.Settori[len(v.Settori)-1].Totali
	sintesi = fmt.Sprintf("Al %s: %s. ", v.Al, risposte)
	if parti := statiDi(t); len(parti) > 0 {
		sintesi += maiuscola(elenco(parti)) + ". "
	}
	calcolati := 0
	for _, i := range f.Indicatori {
		if i.Percento != nil {
			calcolati++
		}
	}
	sintesi += fmt.Sprintf("Indicatori: %d, di cui %d con percentuale e %d non calcolabili.", len(f.Indicatori), calcolati, len(f.Indicatori)-calcolati)
	nome := nomeBreve(piano.Sessione{Genere: f.Genere, Anno: f.Anno, Numero: f.Numero})
	return sintesi, fmt.Sprintf("Scadenzario: %s, esito – %s", nome, risposte)
}

// Note says how every number came about, for who does not know the program.
func (d DatiEsitoSessione) Note() []string {
	fino := "fino alla chiusura della sessione"
	if d.Vista.Chiusa.IsZero() {
		fino = "fino al " + d.Giorno.Esteso()
	}
	if d.Vista.Genere == piano.Anticorruzione {
		return d.conImpronta([]string{
			fmt.Sprintf("Le misure sono quelle del piano; stato e note sono riportati come scritti dai settori, secondo i fogli consegnati %s.", fino),
			"Una misura di più settori è riportata una volta per ciascuno; quella senza un settore dell'anagrafica è chiesta al responsabile anticorruzione, o al Segretario.",
		})
	}
	note := []string{
		fmt.Sprintf("Gli stati delle attività sono quelli alla fine del %s, secondo i dati consegnati %s.", d.Vista.Dati.Esteso(), fino),
		"Conclusa: la scheda riporta ESEGUITO: SI, oppure tutti i mesi previsti sono stati ottenuti. Scaduta: l'ultimo mese previsto è terminato e l'attività non è conclusa. " +
			"In ritardo: i mesi previsti già trascorsi sono più dei mesi ottenuti.",
		"Percentuale: 100 × risultato ÷ target, da 0 a 100, solo dove entrambi sono numeri; negli altri casi i valori sono riportati come scritti e il motivo è indicato. «Non calcolabile» non vale né 0 né 100.",
		"Dove conta il valore più basso (tempi, costi) il rapporto non misura il raggiungimento: la scheda non dice il verso dell'indicatore, e la valutazione resta all'ufficio.",
		"Non sono calcolati punteggi per peso.",
		"I dati sono quelli consegnati dai settori e non sono stati modificati.",
	}
	if d.Vista.Genere == piano.FineAnno {
		note = append(note, "Alcune schede chiamano la colonna «Risultato finale atteso»: lì il valore può essere ancora quello previsto e non quello ottenuto.")
	}
	return d.conImpronta(note)
}

// conImpronta adds the proof of what is frozen.
func (d DatiEsitoSessione) conImpronta(note []string) []string {
	if d.Impronta != "" {
		note = append(note, "I dati di questa sessione sono fissati e riproducibili. Impronta SHA-256: "+strings.TrimSpace(d.Impronta))
	}
	return note
}
