package report

import (
	"fmt"
	"strings"

	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/templates"
)

// Riepilogo writes the annex of the digest: the full lists, in .xlsx and in .ods. Each
// total can be followed to the activities that it counts, and each activity to the
// cell that it comes from.
func Riepilogo(d templates.DatiRiepilogo) ([]piano.Allegato, error) {
	return Allegati(d.NomeAllegati(), documentoRiepilogo(d))
}

func documentoRiepilogo(d templates.DatiRiepilogo) Documento {
	return Documento{Titolo: fmt.Sprintf("Stato di attuazione degli obiettivi al %s", d.Al.Esteso()), Ente: d.Ente.Nome, Al: d.Al, Fogli: []Foglio{
		foglioTotali(d), foglioAndamento(d), foglioAttivita(d), foglioAperte(d, piano.Scaduta), foglioAperte(d, piano.InRitardo), foglioCambiamenti(d),
		foglioVariazioni(d), foglioContraddizioni(d), foglioSessioni(d), foglioScadenze(d), foglioAvvertenze(d), foglioTermini(),
	}}
}

// colonneConteggio head what conteggio returns.
func colonneConteggio() []Colonna {
	return []Colonna{{"Attività", 11}, {"Scadute", 11}, {"In ritardo", 11}, {"In corso", 11}, {"Da avviare", 11}, {"Concluse", 11}, {"Senza programma", 13}}
}

func conteggio(c templates.Conteggio) []Valore {
	var v []Valore
	for _, n := range []int{c.Attivita, c.Scadute, c.InRitardo, c.InCorso, c.DaAvviare, c.Concluse, c.SenzaProgramma} {
		v = append(v, Intero(n))
	}
	return v
}

func foglioTotali(d templates.DatiRiepilogo) Foglio {
	f := Foglio{Nome: templates.FoglioTotali, Titolo: "Attività per settore e per stato al " + d.Al.Esteso(), Somma: true,
		Note: []string{d.Ente.Nome + ". Situazione alla fine del mese, come risulta dalle schede consegnate fino al " + d.Scritto.Breve() + ".",
			"Ogni numero conta le righe del foglio «" + templates.FoglioAttivita + "» che hanno quel settore e quello stato: si ritrovano con i filtri delle due colonne. " +
				"Le attività degli anni precedenti già concluse non sono comprese."},
		Colonne: append(append([]Colonna{{"Settore", 34}}, colonneConteggio()...), Colonna{"Ultima consegna", 13}, Colonna{"Da quanto tempo", 22})}
	for _, s := range d.Settori {
		silenzio := "nessuna consegna finora"
		if !s.UltimaConsegna.IsZero() {
			silenzio = templates.Eta(s.UltimaConsegna, d.Al)
		}
		f.Righe = append(f.Righe, append(append([]Valore{Testo(s.Nome)}, conteggio(d.Totali(s.Nome))...), Data(s.UltimaConsegna), Testo(silenzio)))
	}
	f.Righe = append(f.Righe, append(append([]Valore{Testo("Tutti i settori")}, conteggio(d.Totali(""))...), Data(piano.Giorno{}), Testo("")))
	return f
}

func foglioAndamento(d templates.DatiRiepilogo) Foglio {
	f := Foglio{Nome: "Andamento", Titolo: "Attività per stato alla fine di ogni mese",
		Note:    []string{"I mesi precedenti sono come li riportavano i riepiloghi già inviati; l'ultimo è la somma del foglio «" + templates.FoglioTotali + "»."},
		Colonne: append([]Colonna{{"Situazione al", 14}}, colonneConteggio()...)}
	for _, m := range d.Mesi {
		f.Righe = append(f.Righe, append([]Valore{Data(m.Al)}, conteggio(m.Conteggio)...))
	}
	f.Righe = append(f.Righe, append([]Valore{Data(d.Al)}, conteggio(d.Totali(""))...))
	return f
}

func foglioAttivita(d templates.DatiRiepilogo) Foglio {
	f := Foglio{Nome: templates.FoglioAttivita, Titolo: "Ogni attività con il suo stato al " + d.Al.Esteso(), Vuoto: "Nessuna attività.",
		Note: []string{"Lo stato dipende solo dai mesi previsti, dai mesi ottenuti e da ESEGUITO: la colonna «Perché» dice come. «Origine» è la cella della scheda consegnata."},
		Colonne: []Colonna{{"Settore", 16}, {"Piano", 7}, {"Obiettivo", 26}, {"Attività", 32}, {"Anno", 7}, {"Mesi previsti", 11}, {"Mesi ottenuti", 11}, {"ESEGUITO", 12},
			{"Scadenza", 12}, {"Stato", 11}, {"Perché", 28}, {"Responsabile", 16}, {"Ultimo progresso", 12}, {"Origine", 26}}}
	for _, a := range d.Attivita {
		eseguito := ""
		if a.Eseguito != nil {
			eseguito = map[bool]string{true: "SI", false: "NO"}[*a.Eseguito]
		}
		origine := templates.Luogo(a.Fonte)
		if !a.Consegna.IsZero() {
			origine += ", consegna del " + a.Consegna.Breve()
		}
		f.Righe = append(f.Righe, []Valore{Testo(a.Settore), Intero(a.AnnoPiano), obiettivo(a), Testo(a.Descrizione), Intero(a.Anno), Testo(templates.MesiBrevi(a.Previsto)),
			Testo(templates.MesiBrevi(a.Ottenuto)), Testo(eseguito), Data(a.Scadenza), Testo(templates.ParolaStato(a.Stato)), Testo(templates.Perche(a)),
			Testo(templates.Responsabile(a)), Data(a.Aggiornata), Testo(origine)})
	}
	return f
}

func obiettivo(a templates.AttivitaRiepilogo) Valore { return Testo(a.Obiettivo + " – " + a.Titolo) }

// foglioAperte lists the activities that are overdue, or those that are late.
func foglioAperte(d templates.DatiRiepilogo, stato piano.Stato) Foglio {
	f := Foglio{Nome: templates.FoglioScadute, Titolo: "Attività scadute al " + d.Al.Esteso(), Vuoto: "Nessuna.",
		Note: []string{"Dalla più vecchia. I giorni si contano dalla scadenza, fino al " + d.Al.Breve() + "."}}
	if stato == piano.InRitardo {
		f.Nome, f.Titolo = templates.FoglioInRitardo, "Attività in ritardo al "+d.Al.Esteso()
		f.Note = []string{"Dalla più vecchia. I giorni si contano dalla fine del primo mese previsto non recuperato, e non da prima che il piano fosse approvato («Dal»), fino al " + d.Al.Breve() + "."}
	}
	f.Colonne = []Colonna{{"Settore", 22}, {"Obiettivo", 34}, {"Attività", 44}, {"Responsabile", 22}, {"Mesi previsti", 14}, {"Mesi ottenuti", 14}, {"Scadenza", 12},
		{"Dal", 12}, {"Giorni", 8}, {"In parole", 18}}
	for _, a := range d.Nello(stato) {
		f.Righe = append(f.Righe, []Valore{Testo(a.Settore), obiettivo(a), Testo(a.Descrizione), Testo(templates.Responsabile(a)), Testo(templates.MesiBrevi(a.Previsto)),
			Testo(templates.MesiBrevi(a.Ottenuto)), Data(a.Scadenza), Data(a.Dal()), Intero(d.Al.Da(a.Dal())), Testo(templates.Eta(a.Dal(), d.Al))})
	}
	return f
}

func foglioCambiamenti(d templates.DatiRiepilogo) Foglio {
	f := Foglio{Nome: templates.FoglioCambiamenti, Titolo: "Attività che hanno cambiato stato", Vuoto: "Nessuna.",
		Colonne: []Colonna{{"Settore", 26}, {"Obiettivo", 12}, {"Attività", 60}, {"Prima", 18}, {"Ora", 18}}}
	if d.Precedente.IsZero() {
		f.Note = []string{"Questo è il primo riepilogo: non vi è un precedente con cui confrontarlo."}
	} else {
		f.Note = []string{fmt.Sprintf("Dal riepilogo precedente, con i dati al %s, a questo, con i dati al %s.", d.Precedente.Breve(), d.Al.Breve())}
	}
	for _, c := range d.Cambiamenti {
		f.Righe = append(f.Righe, []Valore{Testo(c.Settore), Testo(c.Obiettivo), Testo(c.Attivita), Testo(templates.ParolaStato(c.Prima)), Testo(templates.ParolaStato(c.Ora))})
	}
	return f
}

func foglioVariazioni(d templates.DatiRiepilogo) Foglio {
	f := Foglio{Nome: templates.FoglioVariazioni, Titolo: "Variazioni del piano in attesa o decise dal riepilogo precedente", Vuoto: "Nessuna.",
		Note:    []string{"Una variazione in attesa non ha effetto sul piano finché non è accolta con il suo atto."},
		Colonne: []Colonna{{"N.", 7}, {"Settore", 24}, {"Obiettivo", 11}, {"Variazione", 60}, {"Scheda consegnata", 24}, {"Proposta il", 12}, {"Esito", 36}}}
	for _, v := range append(append([]templates.VariazioneRiepilogo{}, d.Variazioni...), d.Decise...) {
		esito := templates.EsitoVariazione(v)
		if esito == "" {
			esito = "in attesa"
		}
		f.Righe = append(f.Righe, []Valore{Intero(int(v.ID)), Testo(v.Settore), Testo(v.Obiettivo), Testo(v.Modifica), Testo(v.File), Data(v.Giorno), Testo(esito)})
	}
	return f
}

func foglioContraddizioni(d templates.DatiRiepilogo) Foglio {
	f := Foglio{Nome: templates.FoglioContraddizioni, Titolo: "Contraddizioni da chiarire nel piano " + fmt.Sprint(d.Al.Anno()), Vuoto: "Nessuna.",
		Note:    []string{"Il piano dice la stessa cosa in due modi: sono indicati i luoghi, e quale valga lo decide una persona."},
		Colonne: []Colonna{{"Settore", 24}, {"Obiettivo", 11}, {"Contraddizione", 70}, {"Dove", 60}}}
	for _, c := range d.Contraddizioni {
		var dove []string
		for _, l := range c.Luoghi {
			dove = append(dove, templates.Luogo(l))
		}
		f.Righe = append(f.Righe, []Valore{Testo(c.Settore), Testo(c.Obiettivo), Testo(c.Frase), Testo(strings.Join(dove, "; "))})
	}
	return f
}

func foglioSessioni(d templates.DatiRiepilogo) Foglio {
	f := Foglio{Nome: "Verifiche", Titolo: "Verifiche dell'anno aperte, in arrivo o chiuse dal riepilogo precedente", Vuoto: "Nessuna.",
		Colonne: []Colonna{{"Verifica", 44}, {"Dati al", 12}, {"Si apre il", 12}, {"Aperta il", 12}, {"Consegne entro il", 14}, {"Si chiude il", 12}, {"Chiusa il", 12}, {"Non hanno consegnato", 50}}}
	for _, s := range d.Sessioni {
		f.Righe = append(f.Righe, []Valore{Testo(s.Nome), Data(s.Dati), Data(s.Apre), Data(s.Aperta), Data(s.Termine), Data(s.Chiude), Data(s.Chiusa), Testo(strings.Join(s.Mancano, ", "))})
	}
	return f
}

func foglioScadenze(d templates.DatiRiepilogo) Foglio {
	f := Foglio{Nome: "Scadenze di legge", Titolo: "Scadenze di legge dal " + d.Al.Piu(1).Breve() + " al " + templates.FinoAScadenze(d.Al).Breve(), Vuoto: "Nessuna.",
		Colonne: []Colonna{{"Giorno", 12}, {"Adempimento", 60}, {"Fonte", 44}, {"Come è calcolata", 50}}}
	for _, s := range d.Scadenze {
		f.Righe = append(f.Righe, []Valore{Data(s.Giorno), Testo(s.Che), Testo(s.Fonte), Testo(s.Perche)})
	}
	return f
}

func foglioAvvertenze(d templates.DatiRiepilogo) Foglio {
	f := Foglio{Nome: templates.FoglioAvvertenze, Titolo: "Messaggi non recapitati ed elaborazioni non eseguite", Vuoto: "Nessuno.",
		Colonne: []Colonna{{"Giorno", 12}, {"Che cosa", 36}, {"A chi", 40}, {"Esito", 36}, {"Risposta o errore", 50}}}
	for _, p := range d.Posta {
		f.Righe = append(f.Righe, []Valore{Testo(p.Giorno.Breve()), Testo(templates.TipoMessaggio(p.Tipo) + ": " + p.Oggetto), Testo(p.Destinatario), Testo(templates.EsitoPosta(p.Stato)), Testo(p.Risposta)})
	}
	for _, m := range d.Mancate {
		f.Righe = append(f.Righe, []Valore{Testo(templates.Corsa(m)), Testo(templates.Elaborazione(m.Job)), Testo(""), Testo(templates.EsitoCorsa(m)), Testo(m.Errore)})
	}
	return f
}

func foglioTermini() Foglio {
	f := Foglio{Nome: "Significato dei termini", Titolo: "Significato dei termini", Colonne: []Colonna{{"Termine", 22}, {"Significato", 110}}}
	for _, t := range templates.Definizioni() {
		f.Righe = append(f.Righe, []Valore{Testo(t.Parola), Testo(t.Senso)})
	}
	return f
}
