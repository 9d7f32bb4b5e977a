package templates

import (
	"fmt"

	"github.com/scadenzario/scadenzario/piano"
)

// vistaRecapiti is what the templates of the notice to the SIA print.
type vistaRecapiti struct {
	Titolo   string
	Ente     string
	Giorno   string
	Saluto   string
	Premessa string
	Oggetto  string
	Mancanti []rigaRecapito
	Firma    string
}

// rigaRecapito is one missing address.
type rigaRecapito struct{ Settore, Chi, Invece string }

// vediRecapiti takes every decision about the words of the notice.
func vediRecapiti(d DatiRecapiti) vistaRecapiti {
	v := vistaRecapiti{
		Titolo:   "Indirizzi mancanti nell'anagrafica",
		Ente:     pulisci(d.Ente.Nome),
		Giorno:   d.Giorno.Esteso(),
		Saluto:   "Spett.le SIA,",
		Premessa: "nell'anagrafica dello Scadenzario mancano gli indirizzi di posta elettronica elencati di seguito.",
		Oggetto:  "Scadenzario: " + quanti(len(d.Mancanti), "indirizzo manca", "indirizzi mancano") + " nell'anagrafica",
		Firma:    firma(d.Ente),
	}
	if d.SIA.Nome != "" {
		v.Saluto = "Gentile " + pulisci(d.SIA.Nome) + ","
	}
	for _, m := range d.Mancanti {
		v.Mancanti = append(v.Mancanti, vediRecapito(m))
	}
	return v
}

// vediRecapito says who cannot be written to, and what happens meanwhile.
func vediRecapito(m piano.RecapitoMancante) rigaRecapito {
	r := rigaRecapito{Settore: pulisci(m.Settore), Chi: pulisci(m.Nome) + ", responsabile"}
	if m.Nome == "" {
		r.Chi = "incarico vacante"
	}
	r.Invece = "nel frattempo nessuno riceve i promemoria del settore: mancano anche la casella dell'ufficio e l'indirizzo del Segretario"
	if m.Invece != "" {
		r.Invece = fmt.Sprintf("nel frattempo i messaggi sono inviati a %s", pulisci(m.Invece))
	}
	return r
}
