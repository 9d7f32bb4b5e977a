package report

import (
	"strings"

	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/templates"
)

// Sessione writes the annex of a session's outcome: every activity and every indicator
// that it saw, not those alone that the mail lists, in .xlsx and in .ods.
func Sessione(d templates.DatiEsitoSessione) ([]piano.Allegato, error) {
	return Allegati("esito-"+piano.Codice(d.Vista.Sessione), documentoSessione(d))
}

func documentoSessione(d templates.DatiEsitoSessione) Documento {
	note := []string{d.Ente.Nome + ". " + d.Periodo()}
	if d.Impronta != "" {
		note = append(note, "Impronta SHA-256 dei dati fissati: "+d.Impronta)
	}
	fogli := []Foglio{foglioRisposte(d, note)}
	if d.Vista.Genere == piano.Anticorruzione {
		fogli = append(fogli, foglioMisure(d))
	} else {
		fogli = append(fogli, foglioAttivitaViste(d), foglioIndicatori(d), foglioVariazioniViste(d))
	}
	return Documento{Titolo: d.Titolo(), Ente: d.Ente.Nome, Al: d.Vista.Dati, Fogli: append(fogli, foglioNote(d))}
}

func foglioRisposte(d templates.DatiEsitoSessione, note []string) Foglio {
	f := Foglio{Nome: "Settori", Titolo: d.Titolo() + ": quadro per settore", Note: note, Vuoto: "Nessun settore.",
		Colonne: []Colonna{{"Settore", 28}, {"Responsabile", 22}, {"Risposta il", 13}, {"File", 22}, {"Messaggi ricevuti", 26}}}
	conAttivita := d.Vista.Genere != piano.Anticorruzione
	if conAttivita {
		f.Colonne = append(f.Colonne, []Colonna{{"Attività", 9}, {"Concluse", 9}, {"In corso", 9}, {"In ritardo", 9}, {"Scadute", 9}, {"Da avviare", 9}, {"Senza programma", 11}}...)
	}
	for _, s := range d.Vista.Settori {
		giorno, file := piano.Giorno{}, ""
		if s.Risposta != nil {
			giorno, file = s.Risposta.Giorno, s.Risposta.File
		}
		responsabile := s.Responsabile
		if responsabile == "" {
			responsabile = "incarico vacante"
		}
		riga := []Valore{Testo(s.Settore), Testo(responsabile), Data(giorno), Testo(file), Testo(d.Detto(s))}
		for _, n := range conteggi(s.Totali, conAttivita) {
			riga = append(riga, Intero(n))
		}
		f.Righe = append(f.Righe, riga)
	}
	return f
}

// conteggi are the counts in the order of the columns; none for a session over measures.
func conteggi(t piano.Totali, conAttivita bool) []int {
	if !conAttivita {
		return nil
	}
	return []int{t.Attivita, t.Concluse, t.InCorso, t.InRitardo, t.Scadute, t.DaAvviare, t.SenzaProgramma}
}

func foglioMisure(d templates.DatiEsitoSessione) Foglio {
	f := Foglio{Nome: "Misure", Titolo: "Ogni misura con lo stato al " + d.Vista.Dati.Esteso(), Vuoto: "Nessuna misura.",
		Note: []string{"Stato e note sono riportati come scritti; dove lo stato manca, il settore non l'ha indicato."},
		Colonne: []Colonna{{"Settore", 24}, {"Area", 30}, {"Misura", 36}, {"Attività", 44}, {"Indicatore", 30}, {"Target", 14}, {"Strumento di verifica", 30}, {"Scadenza", 14},
			{"Stato", 14}, {"Note", 36}, {"Consegnato il", 13}, {"In precedenza", 36}}}
	for _, m := range d.Vista.Misure {
		var prima []string
		for _, p := range m.Prima {
			prima = append(prima, templates.DettoPrima(p))
		}
		f.Righe = append(f.Righe, []Valore{Testo(m.Settore), Testo(m.Area), Testo(m.Misura), Testo(m.Attivita), Testo(m.Indicatore), Testo(m.Target), Testo(m.Verifica),
			Testo(m.Scadenza), Testo(m.Stato), Testo(m.Note), Data(m.Giorno), Testo(strings.Join(prima, "; "))})
	}
	return f
}

func foglioAttivitaViste(d templates.DatiEsitoSessione) Foglio {
	f := Foglio{Nome: "Attività", Titolo: "Ogni attività con il suo stato al " + d.Vista.Dati.Esteso(), Vuoto: "Nessuna attività.",
		Colonne: []Colonna{{"Settore", 24}, {"Obiettivo", 11}, {"Titolo", 40}, {"Anno", 7}, {"Attività", 46}, {"Mesi previsti", 16}, {"Mesi ottenuti", 16}, {"ESEGUITO", 11},
			{"Scadenza", 13}, {"Stato", 14}}}
	for _, a := range d.Vista.Attivita {
		eseguito := ""
		if a.Eseguito != nil {
			eseguito = map[bool]string{true: "SI", false: "NO"}[*a.Eseguito]
		}
		f.Righe = append(f.Righe, []Valore{Testo(a.Settore), Testo(a.Obiettivo), Testo(a.Titolo), Intero(a.Anno), Testo(a.Attivita), Testo(d.Mesi(a.Previsto)),
			Testo(d.Mesi(a.Ottenuto)), Testo(eseguito), Data(a.Scadenza), Testo(d.Stato(a.Stato))})
	}
	return f
}

func foglioIndicatori(d templates.DatiEsitoSessione) Foglio {
	target, risultato := d.Valori()
	f := Foglio{Nome: "Indicatori", Titolo: "Ogni indicatore: " + strings.ToLower(target) + " e " + strings.ToLower(risultato), Vuoto: "Il piano non ha indicatori.",
		Note: []string{"Target e risultato sono riportati come scritti. Dove la percentuale manca, la derivazione dice perché; «non calcolabile» non vale né 0 né 100."},
		Colonne: []Colonna{{"Settore", 24}, {"Obiettivo", 11}, {"Titolo", 36}, {"Indicatore", 46}, {"Unità", 14}, {target, 20}, {risultato, 20}, {"Percentuale", 12},
			{"Derivazione", 60}, {"Valori mancanti", 30}}}
	for _, i := range d.Vista.Indicatori {
		f.Righe = append(f.Righe, []Valore{Testo(i.Settore), Testo(i.Obiettivo), Testo(i.Titolo), Testo(i.Indicatore), Testo(i.Unita), Testo(i.Target), Testo(i.Risultato),
			Percento(i.Percento), Testo(i.Derivazione), Testo(strings.Join(i.Mancano, ", "))})
	}
	return f
}

func foglioVariazioniViste(d templates.DatiEsitoSessione) Foglio {
	f := Foglio{Nome: "Variazioni", Titolo: "Variazioni in attesa", Vuoto: "Nessuna.",
		Note:    []string{"Una variazione ha effetto sul piano solo dopo l'accoglimento con il suo atto."},
		Colonne: []Colonna{{"N.", 8}, {"Settore", 24}, {"Obiettivo", 11}, {"Titolo", 36}, {"Variazione", 70}, {"Proposta il", 13}, {"Con il file", 24}}}
	for _, v := range d.Vista.Variazioni {
		f.Righe = append(f.Righe, []Valore{Intero(int(v.ID)), Testo(v.Settore), Testo(v.Numero), Testo(v.Titolo), Testo(v.Differenza.String()), Data(v.Giorno), Testo(v.File)})
	}
	return f
}

func foglioNote(d templates.DatiEsitoSessione) Foglio {
	f := Foglio{Nome: "Note", Titolo: "Come si leggono i dati", Vuoto: "Nessuna.", Colonne: []Colonna{{"Nota", 130}}}
	for _, n := range d.Note() {
		f.Righe = append(f.Righe, []Valore{Testo(n)})
	}
	return f
}
