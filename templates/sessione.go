package templates

import (
	"fmt"
	"strings"

	"github.com/scadenzario/scadenzario/piano"
)

// DatiSessione is what a settore is told of a session: that it is open, or that its
// sheet is still awaited.
type DatiSessione struct {
	Ente       piano.Ente
	Giorno     piano.Giorno // of sending
	Sessione   piano.Sessione
	Termine    piano.Giorno     // the last day on which to hand in
	Invito     piano.Invito     // at least one settore
	Vista      piano.Fotografia // as it is today
	Segretario piano.Ruolo      // whom to ask; may be empty
}

// vistaSessione is what the templates of a session's message print.
type vistaSessione struct {
	Titolo, Ente, Giorno string
	Saluto, Premessa     string
	Oggetto              string
	Stadio, Tono         string // the label: until when
	Titoli               bool
	Sezioni              []sezioneSessione
	Richieste            []string
	Come                 string
	Contatto, Firma      string
}

// sezioneSessione is about one settore.
type sezioneSessione struct {
	Titolo, Vacante string
	Ricevuta        string // what was handed in before the opening
	Stato           string
	Mancanti        []string
}

// vediSessione takes every decision about the words of a session's message.
func vediSessione(d DatiSessione) vistaSessione {
	nome := d.Sessione.Nome()
	v := vistaSessione{
		Titolo: maiuscola(nome), Ente: pulisci(d.Ente.Nome), Giorno: d.Giorno.Esteso(),
		Saluto:   saluto(d.Invito.Nome, d.Invito.A, d.settori(), d.Segretario),
		Premessa: premessaSessione(d),
		Oggetto:  oggettoSessione(d),
		Stadio:   fmt.Sprintf("Entro %s, %s", ilGiorno(d.Termine), fra(d.Termine, d.Giorno)), Tono: tonoSessione(d),
		Titoli:    len(d.Invito.Voci) > 1,
		Richieste: richiesteSessione(d.Sessione),
		Come:      paroleDi(d.Sessione).come,
		Contatto:  contatto(d.Segretario), Firma: firma(d.Ente),
	}
	if d.soloInformati() {
		v.Richieste, v.Come, v.Stadio = nil, "", ""
	}
	for _, c := range d.Invito.Voci {
		v.Sezioni = append(v.Sezioni, vediSezioneSessione(d, c))
	}
	return v
}

// paroleSessione are the words that depend on what is asked: cards or measures.
type paroleSessione struct{ aperta, voluta, attesa, oggetto, come string }

func paroleDi(s piano.Sessione) paroleSessione {
	if s.Genere == piano.Anticorruzione {
		return paroleSessione{"aperto", "il foglio delle misure compilato", "il foglio delle misure non risulta ancora consegnato. Si chiede di consegnarlo", "foglio atteso",
			"In allegato c'è il foglio delle misure, con quanto già indicato: basta compilare le caselle gialle, «Stato» e «Note», e consegnarlo dove si consegnano le schede. " +
				"Se nulla è cambiato, si consegna il foglio così com'è."}
	}
	return paroleSessione{"aperta", "la scheda aggiornata", "la scheda del settore non risulta ancora consegnata. Si chiede di consegnarla", "scheda attesa",
		"In allegato c'è il modulo di ogni settore, già compilato con i dati consegnati finora: basta aggiornare le caselle gialle e consegnarlo. " +
			"Chi preferisce la propria scheda può aggiornare quella, come di consueto. Se la scheda consegnata prima del " + s.Dati.Esteso() +
			" è ancora aggiornata, basta consegnarla di nuovo così com'è: vale come risposta."}
}

// premessaSessione says what the check is and until when, or that the sheet is still
// awaited.
func premessaSessione(d DatiSessione) string {
	di, p := articolo(d.Sessione)+d.Sessione.Nome(), paroleDi(d.Sessione)
	dati := fmt.Sprintf("con i dati al %s", d.Sessione.Dati.Esteso())
	if d.soloInformati() {
		return fmt.Sprintf("si informa che è %s %s, %s.", p.aperta, di, dati)
	}
	if d.soloSolleciti() {
		return fmt.Sprintf("per %s, %s il %s %s, %s entro %s: al termine i dati vengono fissati e chi non ha risposto è elencato nell'esito.",
			di, p.aperta, d.Sessione.Aperta.Esteso(), dati, p.attesa, ilGiorno(d.Termine))
	}
	return fmt.Sprintf("è %s %s, %s. Si chiede di consegnare %s entro %s: dopo quel giorno i dati vengono fissati e l'esito è trasmesso al Segretario.",
		p.aperta, di, dati, p.voluta, ilGiorno(d.Termine))
}

// soloSolleciti tells whether every settore of the message was asked before.
func (d DatiSessione) soloSolleciti() bool {
	for _, v := range d.Invito.Voci {
		if !v.Sollecito() {
			return false
		}
	}
	return true
}

// soloInformati tells whether no settore of the message owes an answer any more.
func (d DatiSessione) soloInformati() bool {
	for _, v := range d.Invito.Voci {
		for _, s := range d.Vista.Settori {
			if s.Settore == v.Settore && s.Muto() {
				return false
			}
		}
	}
	return true
}

func tonoSessione(d DatiSessione) string {
	if d.soloSolleciti() {
		return "ritardo"
	}
	return "avviso"
}

// richiesteSessione says what the office has to look at.
func richiesteSessione(s piano.Sessione) []string {
	al := s.Dati.Esteso()
	if s.Genere == piano.Anticorruzione {
		return []string{
			fmt.Sprintf("per ogni misura lo stato al %s: %s;", al, strings.Join(piano.StatiMisura(), ", ")),
			"nelle note il valore dell'indicatore (per esempio il numero di pratiche controllate) o il motivo per cui la misura non è attuata.",
		}
	}
	risultati := "i risultati finali degli indicatori, accanto al target dell'anno;"
	if s.Genere == piano.MetaAnno {
		risultati = "i risultati a metà anno degli indicatori, accanto al target a metà anno;"
	}
	return []string{
		fmt.Sprintf("i mesi ottenuti di ogni attività fino al %s e, dove è conclusa, ESEGUITO: SI;", al),
		risultati,
		"dove un risultato non c'è ancora, «n.d.»: è meglio di una casella vuota.",
	}
}

func vediSezioneSessione(d DatiSessione, c piano.Chiamata) sezioneSessione {
	s := sezioneSessione{Titolo: nomeSezione(c.Settore)}
	switch c.Referente.Incarico {
	case piano.Vacante:
		s.Vacante = vacante(pulisci(c.Settore), d.Giorno, inveceDi(d.Invito.A, d.Invito.CC, d.Segretario))
	case piano.AdInterim:
		s.Titolo += " (incarico ad interim)"
	}
	for _, x := range d.Vista.Settori {
		if x.Settore == c.Settore {
			s.Stato = statoSettore(x, d.Vista)
			if x.Risposta != nil && len(x.Rinvii) == 0 {
				s.Ricevuta = fmt.Sprintf("La scheda consegnata %s è stata ricevuta e vale come risposta. "+
					"Se qualcosa è cambiato, la si può consegnare di nuovo, anche con il modulo allegato, entro %s.", ilGiorno(x.Risposta.Giorno), ilGiorno(d.Termine))
			}
		}
	}
	for _, i := range d.Vista.Indicatori {
		if i.Settore == c.Settore && i.Risultato == "" && i.Target != "" {
			s.Mancanti = append(s.Mancanti, fmt.Sprintf("obiettivo %s, «%s» (target %s)", pulisci(i.Obiettivo), pulisci(i.Indicatore), pulisci(i.Target)))
		}
	}
	return s
}

// statoSettore is what is known of a settore, in one sentence.
func statoSettore(s piano.SettoreInSessione, f piano.Fotografia) string {
	if f.Genere == piano.Anticorruzione {
		return statoMisure(s, f)
	}
	parti := statiDi(s.Totali)
	if len(s.Rinvii) > 0 {
		return fmt.Sprintf("Le schede del settore %s rimandano all'obiettivo %s, dove è seguito l'avanzamento: per questo settore non occorre rispondere.",
			pulisci(s.Settore), pulisci(elenco(s.Rinvii)))
	}
	if len(parti) == 0 {
		return "Per il settore " + pulisci(s.Settore) + " il piano non comprende attività con mesi previsti."
	}
	return fmt.Sprintf("Dai dati consegnati finora la situazione del settore %s al %s è: %s.", pulisci(s.Settore), f.Dati.Esteso(), elenco(parti))
}

// statoMisure says how many measures a settore is asked about.
func statoMisure(s piano.SettoreInSessione, f piano.Fotografia) string {
	tutte, dette := 0, 0
	for _, m := range f.Misure {
		if m.Settore == s.Settore {
			tutte++
			if m.Stato != "" {
				dette++
			}
		}
	}
	di := "del settore " + pulisci(s.Settore)
	if s.Settore == piano.UfficioAnticorruzione {
		di = "senza un settore dell'anagrafica, per le quali si chiede al responsabile,"
	}
	return fmt.Sprintf("Le misure %s sono %d; con lo stato già indicato: %d.", di, tutte, dette)
}

// nomeSezione heads what one settore is asked.
func nomeSezione(settore string) string {
	if settore == piano.UfficioAnticorruzione {
		return settore
	}
	return "Settore " + pulisci(settore)
}

// statiDi counts the activities by state, in words; states without any are left out.
func statiDi(t piano.Totali) []string {
	var parti []string
	for _, p := range []struct {
		n          int
		uno, molti string
	}{
		{t.Concluse, "attività conclusa", "attività concluse"}, {t.InCorso, "in corso", "in corso"},
		{t.InRitardo, "in ritardo", "in ritardo"}, {t.Scadute, "scaduta", "scadute"},
		{t.DaAvviare, "da avviare", "da avviare"}, {t.SenzaProgramma, "senza programma", "senza programma"},
	} {
		if p.n > 0 {
			parti = append(parti, quanti(p.n, p.uno, p.molti))
		}
	}
	if len(parti) > 0 && t.Concluse == 0 {
		n, stato, _ := strings.Cut(parti[0], " ")
		parti[0] = n + " attività " + stato
	}
	return parti
}

// oggettoSessione says the check and the day first; the settori stand last.
func oggettoSessione(d DatiSessione) string {
	oggetto := fmt.Sprintf("Scadenzario: %s, entro %s", nomeBreve(d.Sessione), ilGiorno(d.Termine))
	switch {
	case d.soloInformati():
		oggetto = fmt.Sprintf("Scadenzario: %s, apertura", nomeBreve(d.Sessione))
	case d.soloSolleciti():
		oggetto = fmt.Sprintf("Scadenzario: %s, %s entro %s", nomeBreve(d.Sessione), paroleDi(d.Sessione).oggetto, ilGiorno(d.Termine))
	}
	return conSettori(oggetto, d.settori())
}

// settori are those that the message asks, in its order.
func (d DatiSessione) settori() []string {
	nomi := make([]string, 0, len(d.Invito.Voci))
	for _, v := range d.Invito.Voci {
		nomi = append(nomi, v.Settore)
	}
	return nomi
}

// nomeBreve names a session in a subject: "verifica di metà anno 2021".
func nomeBreve(s piano.Sessione) string {
	if s.Genere == piano.Anticorruzione {
		return fmt.Sprintf("anticorruzione %d/%d", s.Numero, s.Anno)
	}
	return s.Nome()
}

// articolo is the one of the session's name.
func articolo(s piano.Sessione) string {
	if s.Genere == piano.Anticorruzione {
		return "il "
	}
	return "la "
}

// ilGiorno writes a day with its article: "il 29 luglio 2021", "l'8 agosto 2021".
func ilGiorno(g piano.Giorno) string {
	testo := g.Esteso()
	if n, _, _ := strings.Cut(testo, " "); n == "8" || n == "11" {
		return "l'" + testo
	}
	return "il " + testo
}
