package templates

import (
	"fmt"
	"slices"
	"strings"

	"github.com/scadenzario/scadenzario/piano"
)

// vistaPromemoria is what the templates of a reminder print: sentences and words,
// every decision already taken.
type vistaPromemoria struct {
	Titolo   string
	Ente     string
	Giorno   string
	Saluto   string
	Premessa string
	Oggetto  string
	Titoli   bool // more than one section: each has its heading
	Sezioni  []sezione
	Consegna string // the sentence that says how a sheet is handed in
	Contatto string // the sentence that says whom to ask
	Firma    string
}

// sezione holds the items of one settore.
type sezione struct {
	Titolo string
	Note   []string // who is written to instead of the person in charge, and who follows
	Voci   []voce
}

// voce is an item as printed.
type voce struct {
	Numero    int // from 1, over the whole message
	Stadio    string
	Tono      string // "grave", "ritardo" or "avviso": the colours of the label
	Obiettivo string // number
	Titolo    string
	Attivita  string
	Anno      int
	Previsti  string
	Ottenuti  string
	Conto     string // "2 mesi ottenuti su 9"
	Scadenza  string
	Ritardo   string // "" where it is not late before its deadline
	Eseguito  string // what the sheet says, where that matters
	Condiviso string // with whom, where they are in copy
	Richiesta string
	Caselle   []casella
}

// casella is a month of the cronoprogramma as on the sheet.
type casella struct {
	Lettera, Mese string
	Prevista      bool
	Ottenuta      bool
}

// vediPromemoria takes every decision about the words of a reminder.
func vediPromemoria(d DatiPromemoria) vistaPromemoria {
	sezioni := sezioniDi(d)
	v := vistaPromemoria{
		Titolo:   "Promemoria sulle attività del piano",
		Ente:     pulisci(d.Ente.Nome),
		Giorno:   d.Giorno.Esteso(),
		Saluto:   saluto(d.Promemoria.Nome, d.Promemoria.A, settori(d.Promemoria), d.Segretario),
		Oggetto:  oggettoPromemoria(d),
		Titoli:   len(sezioni) > 1,
		Sezioni:  sezioni,
		Consegna: comeSiConsegna(d.Consegna),
		Contatto: contatto(d.Segretario),
		Firma:    firma(d.Ente),
	}
	v.Premessa = fmt.Sprintf("dai dati consegnati, al %s risultano %d attività del piano degli obiettivi che richiedono attenzione.",
		v.Giorno, len(d.Promemoria.Voci))
	if len(d.Promemoria.Voci) == 1 {
		v.Premessa = fmt.Sprintf("dai dati consegnati, al %s risulta un'attività del piano degli obiettivi che richiede attenzione.", v.Giorno)
	}
	return v
}

// sezioniDi groups the items by settore, the settore with the worst item first
// and the items of each in the order of the message.
func sezioniDi(d DatiPromemoria) []sezione {
	var sezioni []sezione
	numero := 0
	for _, nome := range settori(d.Promemoria) {
		s := sezione{Titolo: "Settore " + pulisci(nome)}
		for _, v := range d.Promemoria.Voci {
			if v.Settore != nome {
				continue
			}
			numero++
			s.Voci = append(s.Voci, vediVoce(v, d, numero))
			if v.Referente.Incarico == piano.AdInterim {
				s.Titolo = "Settore " + pulisci(nome) + " (incarico ad interim)"
			}
			if len(s.Voci) == 1 {
				s.Note = note(v.Referente, nome, d)
			}
		}
		sezioni = append(sezioni, s)
	}
	return sezioni
}

// settori returns the settori of the message, each once, as they come.
func settori(p piano.Promemoria) []string {
	var nomi []string
	for _, v := range p.Voci {
		if !slices.Contains(nomi, v.Settore) {
			nomi = append(nomi, v.Settore)
		}
	}
	return nomi
}

// note are the sentences above the items of a settore: why the message is not
// written to the person in charge, and how the charge ends.
func note(r piano.Referente, settore string, d DatiPromemoria) []string {
	var n []string
	switch {
	case r.Incarico == piano.Vacante:
		n = append(n, vacante(pulisci(settore), d.Giorno, inveceDi(d.Promemoria.A, d.Promemoria.CC, d.Segretario)))
	case r.Ripiego:
		n = append(n, fmt.Sprintf("Nell'anagrafica manca l'indirizzo di %s, responsabile del settore %s: il presente messaggio è inviato %s.",
			pulisci(r.Nome), pulisci(settore), inveceDi(d.Promemoria.A, d.Promemoria.CC, d.Segretario)))
	}
	if s, ok := d.Successioni[settore]; ok {
		n = append(n, successione(s, settore))
	}
	return n
}

// successione says when a charge ends and who answers from then on.
func successione(s piano.Successione, settore string) string {
	inizio := fmt.Sprintf("L'incarico di responsabile del settore %s termina il %s", pulisci(settore), s.Fine.Esteso())
	dopo := s.Fine.Piu(1).Esteso()
	switch s.Poi.Incarico {
	case piano.Vacante:
		return inizio + " e non risulta un successore. Si chiede di consegnare prima di tale data la scheda aggiornata; dal " + dopo +
			" i promemoria saranno inviati all'ufficio e al Segretario."
	case piano.AdInterim:
		dopo += " ne risponde ad interim "
	default:
		dopo += " ne risponde "
	}
	return inizio + ": dal " + dopo + pulisci(s.Poi.Nome) + ", che riceverà il passaggio di consegne. Si chiede di consegnare prima la scheda aggiornata."
}

// comeSiConsegna says how a sheet is handed in: as the ente has it, else in one of
// two ways. An answer reaches a person ([posta] rispondi_a), who takes the sheet in.
func comeSiConsegna(come string) string {
	if come = strings.TrimSuffix(pulisci(come), "."); come == "" {
		come = "copiandolo nella cartella condivisa del settore oppure rispondendo a questo messaggio con il file in allegato: la risposta giunge all'ufficio che acquisisce le schede"
	}
	return "Il modulo si consegna " + come + "."
}

// vacante says that nobody is in charge, and who is written to instead.
func vacante(settore string, g piano.Giorno, invece string) string {
	return fmt.Sprintf("Al %s l'incarico di responsabile del settore %s risulta vacante: il presente messaggio è inviato %s.",
		g.Esteso(), settore, invece)
}

// inveceDi says who is written to in the place of the person in charge.
func inveceDi(a string, cc []string, segretario piano.Ruolo) string {
	switch {
	case strings.EqualFold(a, segretario.Email):
		return "al Segretario"
	case slices.Contains(cc, segretario.Email):
		return "all'ufficio e al Segretario"
	}
	return "all'ufficio"
}

// saluto addresses the person in charge, else the Segretario or the office.
func saluto(nome, a string, settori []string, segretario piano.Ruolo) string {
	switch {
	case nome != "":
		return "Gentile " + pulisci(nome) + ","
	case strings.EqualFold(a, segretario.Email) && segretario.Nome != "":
		return "Gentile " + pulisci(segretario.Nome) + ","
	case len(settori) == 1:
		return "Spett.le Settore " + pulisci(settori[0]) + ","
	default:
		return "Spett.le Ufficio,"
	}
}

// contatto says whom to ask.
func contatto(segretario piano.Ruolo) string {
	chi := []string{}
	for _, parte := range []string{segretario.Nome, segretario.Email} {
		if parte = pulisci(parte); parte != "" {
			chi = append(chi, parte)
		}
	}
	if len(chi) == 0 {
		return "Per chiarimenti ci si può rivolgere al Segretario dell'ente."
	}
	return fmt.Sprintf("Per chiarimenti ci si può rivolgere al Segretario (%s).", strings.Join(chi, ", "))
}

// vediVoce writes one item.
func vediVoce(v piano.Voce, d DatiPromemoria, numero int) voce {
	return voce{
		Numero:    numero,
		Stadio:    parolaStadio(v.Stadio),
		Tono:      tono(v.Stadio),
		Obiettivo: pulisci(v.Obiettivo),
		Titolo:    pulisci(v.Titolo),
		Attivita:  pulisci(v.Attivita.Descrizione),
		Anno:      v.Attivita.Anno,
		Previsti:  fmt.Sprintf("%s (%d)", mesi(v.Attivita.Previsto), v.Attivita.Previsto.Len()),
		Ottenuti:  fmt.Sprintf("%s (%d su %d)", mesi(v.Attivita.Ottenuto), v.Situazione.MesiOttenuti, v.Attivita.Previsto.Len()),
		Conto:     fmt.Sprintf("%s su %d", quanti(v.Situazione.MesiOttenuti, "mese ottenuto", "mesi ottenuti"), v.Attivita.Previsto.Len()),
		Scadenza:  fmt.Sprintf("%s, %s", v.Situazione.Scadenza.Esteso(), fra(v.Situazione.Scadenza, d.Giorno)),
		Ritardo:   ritardo(v.Assegnata, d.Giorno),
		Eseguito:  eseguito(v.Attivita),
		Condiviso: condiviso(v.Condiviso),
		Richiesta: richiesta(v, d),
		Caselle:   caselle(v.Attivita),
	}
}

// tono chooses the colours of a stage's label.
func tono(s piano.Stadio) string {
	switch s {
	case piano.Preavviso:
		return "avviso"
	case piano.StadioRitardo:
		return "ritardo"
	}
	return "grave"
}

// ritardo says since when and how late an activity is that is not over yet. Months that
// ended before the plan's approval are held against nobody; nor is today, which is not
// over.
func ritardo(a piano.Assegnata, oggi piano.Giorno) string {
	if a.Situazione.Stato != piano.InRitardo {
		return ""
	}
	for i, m := range a.Attivita.Previsto.Elenco() {
		dal := piano.FineDelMese(a.Attivita.Anno, m)
		if i < a.Situazione.MesiOttenuti || dal.Prima(a.Approvato) {
			continue
		}
		if !dal.Prima(oggi) {
			break
		}
		return fmt.Sprintf("dal %s (%s): %s, %s", dal.Esteso(), giorni(oggi.Da(dal)),
			quanti(a.Situazione.MesiPrevistiTrascorsi, "mese previsto trascorso", "mesi previsti trascorsi"),
			quanti(a.Situazione.MesiOttenuti, "ottenuto", "ottenuti"))
	}
	return ""
}

// eseguito says what stands in ESEGUITO where the months alone would make the
// activity conclusa and the sheet says that it is not.
func eseguito(a piano.Attivita) string {
	if a.Eseguito == nil || *a.Eseguito {
		return ""
	}
	return "nella scheda risulta NO"
}

// condiviso names the settori that carry the objective, too.
func condiviso(settori []string) string {
	if len(settori) == 0 {
		return ""
	}
	nomi := make([]string, len(settori))
	for i, s := range settori {
		nomi[i] = pulisci(s)
	}
	return "con " + elenco(nomi) + ", in copia per conoscenza"
}

// richiesta says what the office is asked to do.
func richiesta(v piano.Voce, d DatiPromemoria) string {
	switch v.Stadio {
	case piano.Preavviso:
		return "Si chiede di concludere l'attività entro la scadenza e di segnare nella scheda i mesi ottenuti."
	case piano.StadioRitardo:
		return "Si chiede di segnare nella scheda i mesi ottenuti o, se il ritardo è effettivo, di comunicarne il motivo e i tempi di recupero."
	case piano.StadioScaduta:
		return "Si chiede di aggiornare la scheda o, se l'attività non è conclusa, di comunicare entro quando lo sarà."
	case piano.Sollecito:
		return "L'attività risulta ancora non conclusa. Si sollecita l'aggiornamento della scheda o una comunicazione sui tempi di conclusione."
	}
	anche := ""
	if slices.Contains(d.Promemoria.CC, d.Segretario.Email) {
		anche = " Il presente messaggio è inviato anche al Segretario."
	}
	return "La scadenza è superata da tempo e l'attività risulta ancora non conclusa." + anche +
		" Si chiede di aggiornare la scheda o di comunicare al Segretario il motivo del ritardo e la data di conclusione."
}

// caselle returns the twelve months of an activity.
func caselle(a piano.Attivita) []casella {
	dodici := make([]casella, 12)
	for i := range dodici {
		nome := piano.NomeMese(i + 1)
		dodici[i] = casella{strings.ToUpper(nome[:1]), nome, a.Previsto.Contiene(i + 1), a.Ottenuto.Contiene(i + 1)}
	}
	return dodici
}

// lunghezzaOggetto is how long a subject may be, in characters, before the names
// of the settori are shortened: they stand last, what matters stands first.
const lunghezzaOggetto = 78

// oggettoPromemoria counts the items, the worst first: "Scadenzario: 3 attività
// scadute, 1 in ritardo – SUAP".
func oggettoPromemoria(d DatiPromemoria) string {
	n := map[piano.Stadio]int{}
	for _, v := range d.Promemoria.Voci {
		n[v.Stadio]++
	}
	var parti []string
	aggiungi := func(n int, uno, molti string) {
		if n == 0 {
			return
		}
		parte := quanti(n, uno, molti)
		if len(parti) == 0 {
			parte = fmt.Sprintf("%d attività %s", n, strings.TrimPrefix(parte, fmt.Sprint(n, " ")))
		}
		parti = append(parti, parte)
	}
	aggiungi(n[piano.StadioEscalation]+n[piano.Sollecito]+n[piano.StadioScaduta], "scaduta", "scadute")
	if e := n[piano.StadioEscalation]; e > 0 {
		parti[0] += " (" + quanti(e, "segnalata", "segnalate") + " al Segretario)"
	}
	aggiungi(n[piano.StadioRitardo], "in ritardo", "in ritardo")
	aggiungi(n[piano.Preavviso], "in scadenza", "in scadenza")
	return conSettori("Scadenzario: "+strings.Join(parti, ", "), settori(d.Promemoria))
}

// conSettori puts the settori at the end of a subject, as many words as there is
// room for.
func conSettori(oggetto string, nomi []string) string {
	puliti := make([]string, len(nomi))
	for i, n := range nomi {
		puliti[i] = pulisci(n)
	}
	spazio := lunghezzaOggetto - len([]rune(oggetto)) - len([]rune(" – "))
	tutti := elenco(puliti)
	if len([]rune(tutti)) <= spazio {
		return oggetto + " – " + tutti
	}
	if len(nomi) > 1 {
		return oggetto + " – " + fmt.Sprint(len(nomi), " settori")
	}
	var parole []string
	for parola := range strings.FieldsSeq(tutti) {
		if len([]rune(strings.Join(append(parole, parola), " ")))+1 > spazio {
			break
		}
		parole = append(parole, parola)
	}
	if len(parole) == 0 {
		return oggetto
	}
	return oggetto + " – " + strings.Join(parole, " ") + "…"
}
