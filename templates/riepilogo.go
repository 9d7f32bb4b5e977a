package templates

import (
	"fmt"
	"strings"

	"github.com/scadenzario/scadenzario/piano"
)

// vistaRiepilogo is what the templates of the digest print.
type vistaRiepilogo struct {
	Titolo         string
	Ente           string
	Mese           string // "giugno 2021"
	Al             string
	Destinatario   string
	Oggetto        string
	Sintesi        string
	Colonne        []colonna // heads of the columns of Totali
	Totali         []rigaTotali
	Scadute        []rigaElenco
	InRitardo      []rigaElenco
	Primo          bool
	Cambiamenti    []rigaCambiamento
	SenzaConsegna  []rigaConsegna
	Variazioni     []rigaVariazione
	Contraddizioni []rigaContraddizione
	Definizioni    []definizione
	Firma          string
}

// rigaTotali counts one settore, or all of them in the last line.
type rigaTotali struct {
	TotaliSettore
	Consegna string // "ultima consegna 30/06/2021"; "" in the last line
	Somma    bool   // the last line
}

// numero is a count, and whether it is one to look at.
type numero struct {
	N      int
	Spicca bool
}

// colonna heads one of the counts. Larghezza, in per cent, is such that no word is
// broken on a phone.
type colonna struct {
	Titolo    string
	Larghezza int
}

// colonneTotali heads what Numeri returns.
func colonneTotali() []colonna {
	return []colonna{{"Totale", 13}, {"Scadute", 15}, {"In ritardo", 14}, {"In corso", 14}, {"Da avviare", 14},
		{"Concluse", 16}, {"Senza progr.", 14}}
}

// Numeri returns the counts in the order of colonneTotali.
func (r rigaTotali) Numeri() []numero {
	return []numero{{r.Attivita, false}, {r.Scadute, r.Scadute > 0}, {r.InRitardo, r.InRitardo > 0},
		{r.InCorso, false}, {r.DaAvviare, false}, {r.Concluse, false}, {r.SenzaProgramma, false}}
}

// rigaElenco is an activity that is overdue or late.
type rigaElenco struct {
	Numero       int
	Settore      string
	Obiettivo    string
	Titolo       string
	Attivita     string
	Responsabile string
	Previsti     string
	Ottenuti     string
	Scadenza     string // 30/06/2021
	Dal          string // the day from which Giorni counts, 31/03/2021
	Giorni       int
	InCorso      bool // not over yet: the deadline is still to come
}

// rigaCambiamento is an activity that changed its state.
type rigaCambiamento struct {
	Settore, Obiettivo, Attivita string
	Prima, Ora                   string
}

// rigaConsegna is a settore that handed nothing in.
// rigaVariazione is a change of the plan that waits for its act.
type rigaVariazione struct {
	ID                         int64
	Settore, Obiettivo, Voluta string
	Dal                        string
}

// rigaContraddizione is what a person has to decide, with where it stands.
type rigaContraddizione struct{ Settore, Frase, Dove string }

// doveSono lists the places of a contradiction, the first few of many.
func doveSono(luoghi []piano.Luogo) string {
	const mostrati = 4
	var parti []string
	for i, l := range luoghi {
		if i == mostrati {
			parti = append(parti, "…")
			break
		}
		dove := l.File + ", foglio «" + l.Foglio + "»"
		if l.Cella != "" {
			dove += ", cella " + l.Cella
		}
		parti = append(parti, dove)
	}
	return pulisci(strings.Join(parti, "; "))
}

type rigaConsegna struct{ Settore, Dal string }

// definizione says what a word of the digest means.
type definizione struct{ Parola, Senso string }

// vediRiepilogo takes every decision about the words of the digest.
func vediRiepilogo(d DatiRiepilogo) vistaRiepilogo {
	mese := fmt.Sprintf("%s %d", piano.NomeMese(d.Mese), d.Anno)
	v := vistaRiepilogo{
		Titolo:       "Stato di attuazione degli obiettivi: riepilogo di " + mese,
		Ente:         pulisci(d.Ente.Nome),
		Mese:         mese,
		Al:           d.Al.Esteso(),
		Destinatario: destinatario(d.Segretario),
		Colonne:      colonneTotali(),
		Totali:       totali(d.Totali),
		Primo:        d.Primo,
		Definizioni:  definizioni(),
		Firma:        firma(d.Ente),
	}
	for i, a := range d.Scadute {
		v.Scadute = append(v.Scadute, vediRiga(a, d.Al, i+1))
	}
	for i, a := range d.InRitardo {
		v.InRitardo = append(v.InRitardo, vediRiga(a, d.Al, i+1))
	}
	for _, c := range d.Cambiamenti {
		v.Cambiamenti = append(v.Cambiamenti, rigaCambiamento{pulisci(c.Settore), pulisci(c.Obiettivo),
			pulisci(c.Attivita.Descrizione), parolaStato(c.Prima), parolaStato(c.Situazione.Stato)})
	}
	for _, x := range d.Variazioni {
		v.Variazioni = append(v.Variazioni, rigaVariazione{x.ID, pulisci(x.Settore), pulisci(x.Numero), pulisci(x.Differenza.String()), x.Giorno.Esteso()})
	}
	for _, x := range d.Contraddizioni {
		v.Contraddizioni = append(v.Contraddizioni, rigaContraddizione{pulisci(x.Settore), pulisci(x.Frase), doveSono(x.Luoghi)})
	}
	for _, s := range d.SenzaConsegna {
		v.SenzaConsegna = append(v.SenzaConsegna, rigaConsegna{pulisci(s.Settore), ultimaConsegna(s.Dal)})
	}
	v.Sintesi = sintesi(v.Totali, v.Al)
	v.Oggetto = oggettoRiepilogo(v)
	return v
}

// destinatario names the Segretario as the address of a letter does.
func destinatario(segretario piano.Ruolo) string {
	return strings.TrimSpace("Al Segretario " + pulisci(segretario.Nome))
}

// firma says what wrote the message, and for whom.
func firma(e piano.Ente) string {
	return "Messaggio automatico dello Scadenzario – " + pulisci(e.Nome)
}

// totali adds the line of the sums.
func totali(settori []TotaliSettore) []rigaTotali {
	somma := rigaTotali{TotaliSettore: TotaliSettore{Settore: "Tutti i settori"}, Somma: true}
	var righe []rigaTotali
	for _, t := range settori {
		t.Settore = pulisci(t.Settore)
		righe = append(righe, rigaTotali{TotaliSettore: t, Consegna: ultimaConsegna(t.UltimaConsegna)})
		somma.Attivita += t.Attivita
		somma.Concluse += t.Concluse
		somma.InCorso += t.InCorso
		somma.InRitardo += t.InRitardo
		somma.Scadute += t.Scadute
		somma.DaAvviare += t.DaAvviare
		somma.SenzaProgramma += t.SenzaProgramma
	}
	return append(righe, somma)
}

// ultimaConsegna says when a settore last handed something in.
func ultimaConsegna(g piano.Giorno) string {
	if g.IsZero() {
		return "nessuna consegna finora"
	}
	return "ultima consegna " + g.Breve()
}

// sintesi puts the sums into one sentence; states without activities are left out.
func sintesi(righe []rigaTotali, al string) string {
	t := righe[len(righe)-1]
	var parti []string
	for _, p := range []struct {
		n          int
		uno, molti string
	}{
		{t.Scadute, "scaduta", "scadute"}, {t.InRitardo, "in ritardo", "in ritardo"},
		{t.InCorso, "in corso", "in corso"}, {t.DaAvviare, "da avviare", "da avviare"},
		{t.Concluse, "conclusa", "concluse"}, {t.SenzaProgramma, "senza programma", "senza programma"},
	} {
		if p.n > 0 {
			parti = append(parti, quanti(p.n, p.uno, p.molti))
		}
	}
	switch t.Attivita {
	case 0:
		return fmt.Sprintf("Al %s il piano non comprende alcuna attività.", al)
	case 1:
		return fmt.Sprintf("Al %s il piano comprende un'attività: %s.", al, elenco(parti))
	}
	return fmt.Sprintf("Al %s il piano comprende %d attività: %s.", al, t.Attivita, elenco(parti))
}

// vediRiga writes an activity of the two lists. The age of an overdue one counts
// from its deadline, that of a late one from the month's end that left it late.
func vediRiga(a piano.Assegnata, al piano.Giorno, numero int) rigaElenco {
	dal := a.Situazione.Scadenza
	if a.Situazione.Stato == piano.InRitardo {
		dal = inRitardoDal(a)
	}
	responsabile := pulisci(a.Referente.Nome)
	switch {
	case a.Referente.Incarico == piano.Vacante || responsabile == "":
		responsabile = "incarico vacante"
	case a.Referente.Incarico == piano.AdInterim:
		responsabile += " (ad interim)"
	}
	return rigaElenco{
		Numero:       numero,
		Settore:      pulisci(a.Settore),
		Obiettivo:    pulisci(a.Obiettivo),
		Titolo:       pulisci(a.Titolo),
		Attivita:     pulisci(a.Attivita.Descrizione),
		Responsabile: responsabile,
		Previsti:     mesi(a.Attivita.Previsto),
		Ottenuti:     fmt.Sprintf("%s (%d su %d)", mesi(a.Attivita.Ottenuto), a.Situazione.MesiOttenuti, a.Attivita.Previsto.Len()),
		Scadenza:     a.Situazione.Scadenza.Breve(),
		Dal:          dal.Breve(),
		Giorni:       al.Da(dal),
		InCorso:      a.Situazione.Stato != piano.Scaduta,
	}
}

// oggettoRiepilogo says the month and what is worst.
func oggettoRiepilogo(v vistaRiepilogo) string {
	var parti []string
	if n := len(v.Scadute); n > 0 {
		parti = append(parti, quanti(n, "attività scaduta", "attività scadute"))
	}
	if n := len(v.InRitardo); n > 0 {
		parte := quanti(n, "attività in ritardo", "attività in ritardo")
		if len(parti) > 0 {
			parte = fmt.Sprintf("%d in ritardo", n)
		}
		parti = append(parti, parte)
	}
	if len(parti) == 0 {
		parti = []string{"nessuna attività scaduta o in ritardo"}
	}
	return fmt.Sprintf("Scadenzario: riepilogo di %s – %s", v.Mese, strings.Join(parti, ", "))
}

// definizioni says what each word means, so that the digest can be read by who
// does not know the program.
func definizioni() []definizione {
	return []definizione{
		{"Scaduta", "l'ultimo mese previsto è terminato e l'attività non è conclusa; i giorni si contano dalla scadenza."},
		{"In ritardo", "i mesi previsti già trascorsi sono più dei mesi ottenuti; i giorni si contano dalla fine del primo mese previsto non recuperato."},
		{"In corso", "il primo mese previsto è iniziato e non risultano ritardi."},
		{"Da avviare", "il primo mese previsto non è ancora iniziato."},
		{"Conclusa", "la scheda riporta ESEGUITO: SI, oppure tutti i mesi previsti sono stati ottenuti."},
		{"Senza programma", "la scheda non indica alcun mese previsto."},
	}
}
