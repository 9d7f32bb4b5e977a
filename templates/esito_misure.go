package templates

import (
	"fmt"
	"strings"

	"github.com/scadenzario/scadenzario/piano"
)

// vistaEsitoMisure is what the templates of the outcome over the measures print.
type vistaEsitoMisure struct {
	Titolo, Ente, Al, Destinatario        string
	Oggetto, Sintesi, Periodo, Avvertenza string
	Settori                               []settoreMisure
	Muti                                  []rigaMuto
	Note                                  []string
	Firma                                 string
}

// settoreMisure is what one settore says of its measures.
type settoreMisure struct {
	Settore, Conto, Risposta string
	Muto                     bool
	Misure                   []rigaMisura
}

type rigaMisura struct {
	Misura, Attivita, Indicatore, Verifica, Stato, Note string
	Prima                                               []string // "In precedenza: «in corso», 1 gara su 3 (03/09/2021)"
	Manca                                               bool
}

// vediEsitoMisure takes every decision about the words of the outcome over the measures.
func vediEsitoMisure(d DatiEsitoSessione) vistaEsitoMisure {
	f := d.Vista
	v := vistaEsitoMisure{Titolo: d.Titolo(), Ente: pulisci(d.Ente.Nome), Al: f.Dati.Esteso(), Destinatario: d.destinatario(),
		Periodo: d.Periodo(), Avvertenza: avvertenzaEsito(f), Note: d.Note(), Firma: firma(d.Ente)}
	_, v.Muti = d.settori()
	mancano := 0
	for _, s := range f.Settori {
		x := settoreMisure{Settore: pulisci(s.Settore), Risposta: "non ha risposto", Muto: s.Muto()}
		if s.Risposta != nil {
			x.Risposta = "ha risposto il " + s.Risposta.Giorno.Breve()
		}
		senza := 0
		for _, m := range f.Misure {
			if m.Settore != s.Settore {
				continue
			}
			r := rigaMisura{Misura: pulisci(m.Misura), Attivita: pulisci(m.Attivita), Indicatore: pulisci(strings.TrimSpace(m.Indicatore + " " + m.Target)),
				Verifica: pulisci(m.Verifica), Stato: pulisci(m.Stato), Note: pulisci(m.Note)}
			for _, p := range m.Prima {
				r.Prima = append(r.Prima, "In precedenza: "+DettoPrima(p))
			}
			if r.Stato == "" {
				r.Stato, r.Manca = "non indicato", true
				senza++
			}
			x.Misure = append(x.Misure, r)
		}
		mancano += senza
		x.Conto = contoStati(x.Misure)
		v.Settori = append(v.Settori, x)
	}
	risposte := fmt.Sprintf("%d su %d hanno risposto", len(f.Settori)-len(v.Muti), len(f.Settori))
	if len(f.Settori)-len(v.Muti) == 1 {
		risposte = fmt.Sprintf("1 su %d ha risposto", len(f.Settori))
	}
	v.Sintesi = fmt.Sprintf("Al %s: dei settori interpellati %s. Le misure da riferire sono %d; senza stato: %d.", v.Al, risposte, len(f.Misure), mancano)
	v.Oggetto = fmt.Sprintf("Scadenzario: %s, esito – %s", nomeBreve(piano.Sessione{Genere: f.Genere, Anno: f.Anno, Numero: f.Numero}), risposte)
	return v
}

// DettoPrima writes what was said of a measure before: "«in corso», 1 gara su 3 (03/09/2021)".
func DettoPrima(p piano.DettoPrima) string {
	parti := []string{}
	if p.Stato != "" {
		parti = append(parti, "«"+pulisci(p.Stato)+"»")
	}
	if p.Note != "" {
		parti = append(parti, pulisci(p.Note))
	}
	return fmt.Sprintf("%s (%s)", strings.Join(parti, ", "), p.Giorno.Breve())
}

// contoStati counts the measures by what is said of them, in the order in which that
// comes: "11 misure: 8 attuata, 2 in corso, 1 non indicato".
func contoStati(misure []rigaMisura) string {
	var ordine []string
	n := map[string]int{}
	for _, m := range misure {
		if n[m.Stato] == 0 {
			ordine = append(ordine, m.Stato)
		}
		n[m.Stato]++
	}
	var parti []string
	for _, s := range ordine {
		parti = append(parti, fmt.Sprintf("«%s» %d", s, n[s]))
	}
	return quanti(len(misure), "misura", "misure") + "; " + strings.Join(parti, ", ")
}

// destinatario names whom the outcome goes to.
func (d DatiEsitoSessione) destinatario() string {
	if d.Anticorruzione.Email == "" || strings.EqualFold(d.Anticorruzione.Email, d.Segretario.Email) {
		return destinatario(d.Segretario)
	}
	return strings.TrimSpace("Al responsabile della prevenzione della corruzione " + pulisci(d.Anticorruzione.Nome))
}
