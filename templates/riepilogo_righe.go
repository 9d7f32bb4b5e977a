package templates

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/scadenzario/scadenzario/piano"
)

// rigaTotali counts one settore, or all of them in the last line.
type rigaTotali struct {
	Settore string
	Conteggio
	Consegna  string // "ultima consegna 30/06/2021"; "" in the last line
	Confronto string // "scadute +2"; "" in the last line, and where there is nothing to compare
	Somma     bool   // the last line
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
	numeri := []numero{{r.Attivita, false}}
	for _, s := range r.stati() {
		numeri = append(numeri, numero{*s.n, *s.n > 0 && (s.stato == piano.Scaduta || s.stato == piano.InRitardo)})
	}
	return numeri
}

// totali counts settore by settore, then adds the line of the sums.
func totali(d DatiRiepilogo) []rigaTotali {
	prima := map[string]Conteggio{}
	for _, t := range d.Prima {
		prima[t.Settore] = t.Conteggio
	}
	var righe []rigaTotali
	for _, s := range d.Settori {
		r := rigaTotali{Settore: pulisci(s.Nome), Conteggio: d.Totali(s.Nome), Consegna: ultimaConsegna(s.UltimaConsegna)}
		if p, ok := prima[s.Nome]; ok && p != r.Conteggio {
			r.Confronto = differenze(p, r.Conteggio)
		}
		righe = append(righe, r)
	}
	return append(righe, rigaTotali{Settore: "Tutti i settori", Conteggio: d.Totali(""), Somma: true})
}

// ultimaConsegna says when a settore last handed something in.
func ultimaConsegna(g piano.Giorno) string {
	if g.IsZero() {
		return "nessuna consegna finora"
	}
	return "ultima consegna " + g.Breve()
}

// rigaConsegna is a settore that handed nothing in, and for how long.
type rigaConsegna struct{ Settore, Da string }

// silenzio says for how long a settore has handed nothing in.
func silenzio(ultima, al piano.Giorno) string {
	if ultima.IsZero() {
		return "nessuna consegna finora"
	}
	return fmt.Sprintf("nessuna consegna da %s (ultima consegna %s)", Eta(ultima, al), ultima.Breve())
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
	Eta          string // "1 mese e 16 giorni"; "" where the days say it
	InCorso      bool   // not over yet: the deadline is still to come
}

// vediRiga writes an activity of the two lists. The age of an overdue one counts
// from its deadline, that of a late one from the month's end that left it late.
func vediRiga(a AttivitaRiepilogo, al piano.Giorno, numero int) rigaElenco {
	dal := a.Dal()
	r := rigaElenco{
		Numero:       numero,
		Settore:      pulisci(a.Settore),
		Obiettivo:    pulisci(a.Obiettivo),
		Titolo:       pulisci(a.Titolo),
		Attivita:     pulisci(a.Descrizione),
		Responsabile: Responsabile(a),
		Previsti:     mesi(a.Previsto),
		Ottenuti:     fmt.Sprintf("%s (%d su %d)", mesi(a.Ottenuto), a.Ottenuti, a.Previsto.Len()),
		Scadenza:     a.Scadenza.Breve(),
		Dal:          dal.Breve(),
		Giorni:       al.Da(dal),
		InCorso:      a.Stato != piano.Scaduta,
	}
	if eta := Eta(dal, al); eta != giorni(r.Giorni) {
		r.Eta = eta
	}
	return r
}

// Responsabile writes who answers for an activity: "Giulia Montanari (ad interim)".
func Responsabile(a AttivitaRiepilogo) string {
	nome := pulisci(a.Responsabile)
	switch {
	case a.Incarico == piano.Vacante || nome == "":
		return "incarico vacante"
	case a.Incarico == piano.AdInterim:
		return nome + " (ad interim)"
	}
	return nome
}

// Perche says in one sentence why an activity is in its state.
func Perche(a AttivitaRiepilogo) string {
	si := a.Eseguito != nil && *a.Eseguito
	ottenuti := fmt.Sprintf("%s su %d", quanti(a.Ottenuti, "mese ottenuto", "mesi ottenuti"), a.Previsto.Len())
	if a.Eseguito != nil && !si {
		ottenuti += ", ESEGUITO: NO"
	}
	switch a.Stato {
	case piano.SenzaProgramma:
		return "Nessun mese previsto."
	case piano.Conclusa:
		if si {
			return "La scheda riporta ESEGUITO: SI."
		}
		return maiuscola(ottenuti) + "."
	case piano.Scaduta:
		return fmt.Sprintf("L'ultimo mese previsto è terminato il %s: %s.", a.Scadenza.Breve(), ottenuti)
	case piano.DaAvviare:
		return fmt.Sprintf("Il primo mese previsto è %s %d: %s.", piano.NomeMese(a.Previsto.Primo()), a.Anno, ottenuti)
	}
	return fmt.Sprintf("%s: %s.", maiuscola(quanti(a.Trascorsi, "mese previsto trascorso", "mesi previsti trascorsi")), ottenuti)
}

// Eta says in words how long ago a day was: "12 giorni", "1 mese e 16 giorni", "2 anni
// e 1 mese". A month is over on the same day of the next one, or on its last.
func Eta(dal, al piano.Giorno) string {
	mesi := (al.Anno()-dal.Anno())*12 + al.Mese() - dal.Mese()
	compiuto := func(n int) piano.Giorno {
		g := piano.NewGiorno(dal.Anno(), dal.Mese()+n, 1)
		if stesso := g.Piu(dal.Time().Day() - 1); !stesso.Dopo(g.FineMese()) {
			return stesso
		}
		return g.FineMese()
	}
	if mesi > 0 && compiuto(mesi).Dopo(al) {
		mesi--
	}
	if mesi <= 0 {
		return giorni(al.Da(dal))
	}
	var parti []string
	if anni := mesi / 12; anni > 0 {
		parti = append(parti, quanti(anni, "anno", "anni"))
	}
	if m := mesi % 12; m > 0 {
		parti = append(parti, quanti(m, "mese", "mesi"))
	}
	if n := al.Da(compiuto(mesi)); n > 0 && len(parti) < 2 {
		parti = append(parti, giorni(n))
	}
	return elenco(parti)
}

// rigaCambiamento is an activity that changed its state.
type rigaCambiamento struct {
	Settore, Obiettivo, Attivita string
	Prima, Ora                   string
}

func vediCambiamento(c Cambiamento) rigaCambiamento {
	return rigaCambiamento{pulisci(c.Settore), pulisci(c.Obiettivo), pulisci(c.Attivita), parolaStato(c.Prima), parolaStato(c.Ora)}
}

// rigaVariazione is a change of the plan that waits for its act, or got it.
type rigaVariazione struct {
	ID                         int64
	Settore, Obiettivo, Voluta string
	Dal, Esito                 string // Esito is "" while it waits
}

func vediVariazione(x VariazioneRiepilogo) rigaVariazione {
	return rigaVariazione{x.ID, pulisci(x.Settore), pulisci(x.Obiettivo), pulisci(x.Modifica), x.Giorno.Esteso(), EsitoVariazione(x)}
}

// EsitoVariazione says what was decided of a variation: "accolta con DGU 31/2021 il
// 12/07/2021"; "" while it waits.
func EsitoVariazione(x VariazioneRiepilogo) string {
	switch x.Stato {
	case piano.Approvata:
		return fmt.Sprintf("accolta con %s il %s", pulisci(x.Atto), x.Deciso.Breve())
	case piano.NonAccolta:
		return fmt.Sprintf("non accolta il %s: %s", x.Deciso.Breve(), pulisci(x.Motivo))
	}
	return ""
}

// rigaContraddizione is what a person has to decide, with where it stands.
type rigaContraddizione struct{ Settore, Frase, Dove string }

func vediContraddizione(x piano.Contraddizione) rigaContraddizione {
	return rigaContraddizione{pulisci(x.Settore), pulisci(x.Frase), doveSono(x.Luoghi)}
}

// doveSono lists the places of a contradiction, the first few of many.
func doveSono(luoghi []piano.Luogo) string {
	const mostrati = 4
	var parti []string
	for i, l := range luoghi {
		if i == mostrati {
			parti = append(parti, "…")
			break
		}
		parti = append(parti, Luogo(l))
	}
	return strings.Join(parti, "; ")
}

// Luogo writes where a value stands: "suap.xlsx, foglio «Ob. 1-3», cella B12".
func Luogo(l piano.Luogo) string {
	var parti []string
	for _, p := range []struct{ prima, testo, dopo string }{{"", l.File, ""}, {"foglio «", l.Foglio, "»"}, {"cella ", l.Cella, ""}} {
		if p.testo != "" {
			parti = append(parti, p.prima+pulisci(p.testo)+p.dopo)
		}
	}
	return strings.Join(parti, ", ")
}

// rigaVerifica is a check of the year.
type rigaVerifica struct{ Nome, Stato, Mancano string }

func vediVerifica(s SessioneRiepilogo) rigaVerifica {
	r := rigaVerifica{Nome: maiuscola(pulisci(s.Nome)), Stato: StatoSessione(s)}
	if len(s.Mancano) > 0 {
		r.Mancano = "Non hanno ancora consegnato: " + elenco(puliti(s.Mancano)) + "."
	}
	return r
}

// StatoSessione says in one sentence how far a check is.
func StatoSessione(s SessioneRiepilogo) string {
	dati := "dati al " + s.Dati.Breve()
	switch {
	case !s.Chiusa.IsZero():
		return fmt.Sprintf("chiusa il %s (%s).", s.Chiusa.Breve(), dati)
	case !s.Aperta.IsZero():
		return fmt.Sprintf("aperta dal %s (%s); consegne entro il %s, settori che hanno consegnato: %d su %d.", s.Aperta.Breve(), dati,
			s.Termine.Breve(), s.Richiesti-len(s.Mancano), s.Richiesti)
	}
	return fmt.Sprintf("si apre il %s e si chiude il %s (%s).", s.Apre.Breve(), s.Chiude.Breve(), dati)
}

// puliti is pulisci for several texts.
func puliti(testi []string) []string {
	var p []string
	for _, t := range testi {
		p = append(p, pulisci(t))
	}
	return p
}

// rigaScadenza is a date that the law sets.
type rigaScadenza struct{ Giorno, Che, Fonte, Perche string }

// rigaPosta is a message that nobody got, or may not have got.
type rigaPosta struct{ Giorno, Tipo, A, Esito, Risposta string }

func vediPosta(p PostaFerma) rigaPosta {
	return rigaPosta{p.Giorno.Breve(), TipoMessaggio(p.Tipo), pulisci(p.Destinatario), EsitoPosta(p.Stato), taglia(pulisci(p.Risposta), 200)}
}

// TipoMessaggio names a kind of message for people.
func TipoMessaggio(t piano.TipoMessaggio) string {
	return cmp.Or(map[piano.TipoMessaggio]string{piano.TipoPromemoria: "promemoria", piano.TipoRiepilogo: "riepilogo mensile", piano.TipoPassaggio: "passaggio di consegne",
		piano.TipoSessione: "richiesta di dati per una verifica", piano.TipoEsitoSessione: "esito di una verifica", piano.TipoAvviso: "avviso al SIA"}[t], string(t))
}

// EsitoPosta says what became of a message that is not delivered.
func EsitoPosta(s piano.StatoSpedizione) string {
	switch s {
	case piano.Rifiutato:
		return "non recapitato"
	case piano.EsitoIgnoto:
		return "recapito incerto: il SIA deve verificarlo"
	}
	return "ancora in attesa di invio"
}

// rigaMancata is a run that should have been and was not.
type rigaMancata struct{ Giorno, Che, Esito string }

func vediMancata(m CorsaMancata) rigaMancata {
	return rigaMancata{Corsa(m), Elaborazione(m.Job), EsitoCorsa(m)}
}

// EsitoCorsa says why the work of a run was not done.
func EsitoCorsa(m CorsaMancata) string {
	if m.Esito == piano.Fallita {
		return "non riuscita"
	}
	return "non eseguita"
}

// Corsa writes the day of a run as people do; what is no day stays as it is.
func Corsa(m CorsaMancata) string {
	if g, err := piano.ParseGiorno(m.Giorno); err == nil {
		return g.Breve()
	}
	return pulisci(m.Giorno)
}

// Elaborazione names a job of the daemon for people.
func Elaborazione(job string) string {
	return cmp.Or(map[string]string{"import": "lettura delle schede consegnate", "remind": "promemoria del giorno", "digest": "riepilogo mensile",
		"send": "invio dei messaggi", "sessions": "verifiche dell'anno"}[job], pulisci(job))
}

// taglia cuts a text to at most n characters.
func taglia(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// maiuscola makes a sentence of what is written to stand within one.
func maiuscola(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return ""
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// ParolaStato is the word for a state, as the mails have it.
func ParolaStato(s piano.Stato) string { return parolaStato(s) }

// MesiBrevi writes a set of months as the mails do: "gen–set", "nessuno".
func MesiBrevi(s piano.Mesi) string { return mesi(s) }
