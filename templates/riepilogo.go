package templates

import (
	"fmt"
	"slices"
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
	Avvertenza     string    // that it is late, or that months before it were not told; "" for neither
	Confronto      string    // with the digest before; "" for the first one
	Colonne        []colonna // heads of the columns of Totali
	Totali         []rigaTotali
	Mesi           []rigaMese // oldest first, this one last
	Legenda        []tratto
	Scadute        elencoCorto[rigaElenco]
	InRitardo      elencoCorto[rigaElenco]
	Precedente     string // "31 maggio 2021"; "" for the first one
	Cambiamenti    elencoCorto[rigaCambiamento]
	Decise         elencoCorto[rigaVariazione]
	SenzaConsegna  []rigaConsegna
	Variazioni     elencoCorto[rigaVariazione]
	Contraddizioni elencoCorto[rigaContraddizione]
	Sessioni       []rigaVerifica
	Scadenze       []rigaScadenza
	Posta          elencoCorto[rigaPosta]
	Mancate        elencoCorto[rigaMancata]
	Definizioni    []Definizione
	Firma          string
}

// massimoElenco is how many rows of a list the mail shows: mail programs cut a message
// over 100 KB. The annex has them all.
const massimoElenco = 20

// elencoCorto is a list as the mail shows it.
type elencoCorto[R any] struct {
	Righe []R
	Altre string // says where the others are; "" where there are none
}

// accorcia keeps the first rows of a list, each written by vedi, whose full form is on
// that sheet of the annex.
func accorcia[T, R any](tutte []T, foglio string, vedi func(T) R) elencoCorto[R] {
	var e elencoCorto[R]
	for i, x := range tutte {
		if i == massimoElenco {
			e.Altre = fmt.Sprintf("Le prime %d di %d: l'elenco completo è nell'allegato, foglio «%s».", massimoElenco, len(tutte), foglio)
			break
		}
		e.Righe = append(e.Righe, vedi(x))
	}
	return e
}

// giorniScadenze is for how long ahead the digest tells the dates of the law.
const giorniScadenze = 62

// FinoAScadenze is the last day of which the digest of a month that ends on al tells
// the dates that the law sets.
func FinoAScadenze(al piano.Giorno) piano.Giorno { return al.Piu(giorniScadenze) }

// Names of the sheets of the annex, to which the mail refers.
const (
	FoglioTotali         = "Totali"
	FoglioAttivita       = "Attività"
	FoglioScadute        = "Scadute"
	FoglioInRitardo      = "In ritardo"
	FoglioCambiamenti    = "Cambiamenti"
	FoglioVariazioni     = "Variazioni"
	FoglioContraddizioni = "Contraddizioni"
	FoglioAvvertenze     = "Messaggi ed elaborazioni"
)

// vediRiepilogo takes every decision about the words of the digest.
func vediRiepilogo(d DatiRiepilogo) vistaRiepilogo {
	mese := fmt.Sprintf("%s %d", piano.NomeMese(d.Al.Mese()), d.Al.Anno())
	somma := d.Totali("")
	scadute, inRitardo := d.Nello(piano.Scaduta), d.Nello(piano.InRitardo)
	numero := 0
	attivita := func(a AttivitaRiepilogo) rigaElenco { numero++; return vediRiga(a, d.Al, numero) }
	v := vistaRiepilogo{
		Titolo:         "Stato di attuazione degli obiettivi: riepilogo di " + mese,
		Ente:           pulisci(d.Ente.Nome),
		Mese:           mese,
		Al:             d.Al.Esteso(),
		Destinatario:   destinatario(piano.Ruolo{Nome: d.Segretario.Nome}),
		Oggetto:        oggettoRiepilogo(mese, len(scadute), len(inRitardo)),
		Avvertenza:     avvertenza(d),
		Sintesi:        sintesi(somma, d.Al.Esteso()),
		Colonne:        colonneTotali(),
		Totali:         totali(d),
		Scadute:        accorcia(scadute, FoglioScadute, attivita),
		Precedente:     d.Precedente.Esteso(),
		Cambiamenti:    accorcia(d.Cambiamenti, FoglioCambiamenti, vediCambiamento),
		Decise:         accorcia(d.Decise, FoglioVariazioni, vediVariazione),
		Variazioni:     accorcia(d.Variazioni, FoglioVariazioni, vediVariazione),
		Contraddizioni: accorcia(d.Contraddizioni, FoglioContraddizioni, vediContraddizione),
		Posta:          accorcia(d.Posta, FoglioAvvertenze, vediPosta),
		Mancate:        accorcia(d.Mancate, FoglioAvvertenze, vediMancata),
		Definizioni:    Definizioni(),
		Firma:          firma(piano.Ente{Nome: d.Ente.Nome}),
	}
	if d.Tardivo() { // not to be taken for one of today; there is no room for the numbers as well
		v.Oggetto = fmt.Sprintf("Scadenzario: riepilogo di %s, redatto in ritardo il %s", mese, d.Scritto.Breve())
	}
	numero = 0
	v.InRitardo = accorcia(inRitardo, FoglioInRitardo, attivita)
	var insieme Conteggio
	for _, m := range append(slices.Clone(d.Mesi), TotaliMese{d.Al, somma}) {
		v.Mesi = append(v.Mesi, vediMese(m, d.Al))
		insieme = insieme.piu(m.Conteggio)
	}
	v.Legenda = tratti(insieme)
	if n := len(d.Mesi); n > 0 {
		v.Confronto = fmt.Sprintf("Rispetto al %s: %s.", d.Mesi[n-1].Al.Esteso(), differenze(d.Mesi[n-1].Conteggio, somma))
		if anno := d.Al.Anno(); d.Mesi[n-1].Al.Anno() < anno {
			v.Confronto += fmt.Sprintf(" Dal %d non sono più contate le attività degli anni precedenti già concluse.", anno)
		}
	}
	for _, s := range d.SenzaConsegna() {
		v.SenzaConsegna = append(v.SenzaConsegna, rigaConsegna{pulisci(s.Nome), silenzio(s.UltimaConsegna, d.Al)})
	}
	for _, s := range d.Sessioni {
		v.Sessioni = append(v.Sessioni, vediVerifica(s))
	}
	for _, s := range d.Scadenze {
		v.Scadenze = append(v.Scadenze, rigaScadenza{s.Giorno.Esteso(), maiuscola(pulisci(s.Che)), pulisci(s.Fonte), pulisci(s.Perche)})
	}
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

// avvertenza says what is unusual about this digest: that it is late, and which months
// between the digest before and this one have none.
func avvertenza(d DatiRiepilogo) string {
	var frasi []string
	if d.Tardivo() {
		frasi = append(frasi, fmt.Sprintf("Questo riepilogo è redatto in ritardo, il %s: riporta la situazione al %s, con le verifiche e le scadenze previste a quella data.",
			d.Scritto.Esteso(), d.Al.Esteso()))
	}
	primo, ultimo := d.Precedente.Piu(1), piano.NewGiorno(d.Al.Anno(), d.Al.Mese(), 0)
	if !d.Precedente.IsZero() && ultimo.Dopo(primo) {
		frasi = append(frasi, fmt.Sprintf("Per %s non è stato redatto alcun riepilogo: i cambiamenti sono quelli intervenuti dopo il %s.",
			mesiDa(primo, ultimo), d.Precedente.Esteso()))
	}
	return strings.Join(frasi, " ")
}

// mesiDa names the months between two days: "il mese di giugno 2021", "i mesi di giugno e
// luglio 2021", "i mesi da novembre 2021 a gennaio 2022".
func mesiDa(primo, ultimo piano.Giorno) string {
	nome := func(g piano.Giorno) string { return fmt.Sprintf("%s %d", piano.NomeMese(g.Mese()), g.Anno()) }
	inizio := nome(primo)
	if primo.Anno() == ultimo.Anno() {
		inizio = piano.NomeMese(primo.Mese())
	}
	switch (ultimo.Anno()-primo.Anno())*12 + ultimo.Mese() - primo.Mese() {
	case 0:
		return "il mese di " + nome(ultimo)
	case 1:
		return "i mesi di " + inizio + " e " + nome(ultimo)
	}
	return "i mesi da " + inizio + " a " + nome(ultimo)
}

// sintesi puts the counts into one sentence; states without activities are left out.
func sintesi(c Conteggio, al string) string {
	var parti []string
	for _, s := range c.stati() {
		if *s.n > 0 {
			parti = append(parti, quanti(*s.n, s.uno, s.molti))
		}
	}
	switch c.Attivita {
	case 0:
		return fmt.Sprintf("Al %s il piano non comprende alcuna attività.", al)
	case 1:
		return fmt.Sprintf("Al %s il piano comprende un'attività: %s.", al, elenco(parti))
	}
	return fmt.Sprintf("Al %s il piano comprende %d attività: %s.", al, c.Attivita, elenco(parti))
}

// differenze says what is more and what is less than before: "scadute +2, in ritardo −1".
func differenze(prima, ora Conteggio) string {
	var parti []string
	dopo := ora.stati()
	for i, s := range prima.stati() {
		if n := *dopo[i].n - *s.n; n != 0 {
			parti = append(parti, s.molti+" "+segnato(n))
		}
	}
	if n := ora.Attivita - prima.Attivita; n != 0 {
		parti = append(parti, "attività in totale "+segnato(n))
	}
	if len(parti) == 0 {
		return "nessuna differenza nei totali"
	}
	return strings.Join(parti, ", ")
}

// segnato writes a number with its sign.
func segnato(n int) string {
	if n < 0 {
		return fmt.Sprintf("−%d", -n)
	}
	return fmt.Sprintf("+%d", n)
}

// oggettoRiepilogo says the month and what is worst.
func oggettoRiepilogo(mese string, scadute, inRitardo int) string {
	var parti []string
	if scadute > 0 {
		parti = append(parti, quanti(scadute, "attività scaduta", "attività scadute"))
	}
	if inRitardo > 0 {
		parte := quanti(inRitardo, "attività in ritardo", "attività in ritardo")
		if len(parti) > 0 {
			parte = fmt.Sprintf("%d in ritardo", inRitardo)
		}
		parti = append(parti, parte)
	}
	if len(parti) == 0 {
		parti = []string{"nessuna attività scaduta o in ritardo"}
	}
	return fmt.Sprintf("Scadenzario: riepilogo di %s – %s", mese, strings.Join(parti, ", "))
}

// Definizione says what a word of the digest means.
type Definizione struct{ Parola, Senso string }

// Definizioni says what each state means, so that the digest and its annex can be
// read by who does not know the program.
func Definizioni() []Definizione {
	return []Definizione{
		{"Scaduta", "l'ultimo mese previsto è terminato e l'attività non è conclusa; i giorni si contano dalla scadenza."},
		{"In ritardo", "i mesi previsti già trascorsi sono più dei mesi ottenuti; i giorni si contano dalla fine del primo mese previsto non recuperato, e non da prima che il piano fosse approvato."},
		{"In corso", "il primo mese previsto è iniziato e non risultano ritardi."},
		{"Da avviare", "il primo mese previsto non è ancora iniziato."},
		{"Conclusa", "la scheda riporta ESEGUITO: SI, oppure tutti i mesi previsti sono stati ottenuti."},
		{"Senza programma", "la scheda non indica alcun mese previsto."},
	}
}
