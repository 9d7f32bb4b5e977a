package templates

import (
	"fmt"
	"strings"

	"github.com/scadenzario/scadenzario/piano"
)

// vistaPassaggio is what the templates of a hand-over print.
type vistaPassaggio struct {
	Titolo   string
	Ente     string
	Giorno   string
	Saluto   string
	Premessa string
	Oggetto  string
	Titoli   bool // more than one section: each has its heading
	Sezioni  []sezionePassaggio
	Consegna string
	Contatto string
	Firma    string
}

// sezionePassaggio is a settore that has come to the newcomer.
type sezionePassaggio struct {
	sezione
	Incarico   string // since when, and after whom
	Quadro     string // the counts, as one sentence
	Altre      []rigaAperta
	Variazioni []string
	Ferme      []string
}

// rigaAperta is an activity that is open and not due yet.
type rigaAperta struct {
	Scadenza, Obiettivo, Attivita, Stato string
}

// vediPassaggio takes every decision about the words of a hand-over.
func vediPassaggio(d DatiPassaggio) vistaPassaggio {
	v := vistaPassaggio{
		Titolo:   "Passaggio di consegne",
		Ente:     pulisci(d.Ente.Nome),
		Giorno:   d.Giorno.Esteso(),
		Saluto:   saluto(d.Nome, d.A, nil, d.Segretario),
		Titoli:   len(d.Subentri) > 1,
		Consegna: comeSiConsegna(d.Consegna),
		Contatto: contatto(d.Segretario),
		Firma:    firma(d.Ente),
	}
	numero := 0
	var nomi []string
	for _, s := range d.Subentri {
		nomi = append(nomi, s.Settore.Nome)
		sez := vediSubentro(s, d, numero)
		numero += len(sez.Voci)
		v.Sezioni = append(v.Sezioni, sez)
	}
	v.Premessa = "con questo messaggio, inviato una sola volta, si riepiloga quanto è aperto nel piano degli obiettivi per " +
		"l'incarico che Le è stato affidato. In seguito riceverà promemoria solo per ciò che è in scadenza o in ritardo."
	v.Oggetto = conSettori("Scadenzario: passaggio di consegne", nomi)
	return v
}

// promemoria is what the words that a hand-over shares with a reminder are made of.
func (d DatiPassaggio) promemoria(s piano.Subentro) DatiPromemoria {
	return DatiPromemoria{Ente: d.Ente, Giorno: d.Giorno, Segretario: d.Segretario,
		Promemoria: piano.Promemoria{Nome: d.Nome, A: d.A, CC: d.CC, Voci: s.Voci}}
}

// vediSubentro writes the section of one settore; its items are numbered after dopo.
func vediSubentro(s piano.Subentro, d DatiPassaggio, dopo int) sezionePassaggio {
	nome := pulisci(s.Settore.Nome)
	p := d.promemoria(s)
	sez := sezionePassaggio{sezione: sezione{Titolo: "Settore " + nome, Note: note(s.Referente, s.Settore.Nome, p)}}
	incarico := "Dal " + s.Dal.Esteso() + " Lei risponde del settore " + nome
	if s.Referente.Incarico == piano.AdInterim {
		incarico = "Dal " + s.Dal.Esteso() + " Lei risponde ad interim del settore " + nome
	}
	if s.Prima.Incarico == piano.Vacante {
		sez.Incarico = incarico + "; in precedenza l'incarico risultava vacante."
	} else {
		sez.Incarico = incarico + "; in precedenza ne rispondeva " + pulisci(s.Prima.Nome) + "."
	}
	conti := map[piano.Stadio]int{}
	for i, v := range s.Voci {
		conti[stadioAperto(v.Stadio)]++
		sez.Voci = append(sez.Voci, vediVoce(v, p, dopo+i+1))
	}
	sez.Quadro = quadro(len(s.Voci)+len(s.Altre), s.Concluse, contaAperte(conti))
	for _, a := range s.Altre {
		sez.Altre = append(sez.Altre, rigaAperta{a.Situazione.Scadenza.Breve(), pulisci(a.Obiettivo), pulisci(a.Attivita.Descrizione),
			strings.ToLower(parolaStato(a.Situazione.Stato))})
	}
	for _, x := range s.Variazioni {
		sez.Variazioni = append(sez.Variazioni, fmt.Sprintf("n. %d: obiettivo %s, proposta il %s: %s", x.ID, pulisci(x.Numero),
			x.Giorno.Esteso(), pulisci(x.Differenza.String())))
	}
	for _, c := range s.Ferme {
		sez.Ferme = append(sez.Ferme, fmt.Sprintf("%s – %s (ultimi dati: %s)", pulisci(c.Numero), pulisci(c.Titolo), c.Giorno.Esteso()))
	}
	return sez
}

// stadioAperto folds the stages into the three that a newcomer tells apart.
func stadioAperto(s piano.Stadio) piano.Stadio {
	if s == piano.Preavviso || s == piano.StadioRitardo {
		return s
	}
	return piano.StadioScaduta
}

// contaAperte writes the counts, the worst first: "2 scadute, 1 in ritardo".
func contaAperte(n map[piano.Stadio]int) string {
	var parti []string
	for _, x := range []struct {
		stadio     piano.Stadio
		uno, molti string
	}{{piano.StadioScaduta, "scaduta", "scadute"}, {piano.StadioRitardo, "in ritardo", "in ritardo"}, {piano.Preavviso, "in scadenza", "in scadenza"}} {
		if n[x.stadio] > 0 {
			parti = append(parti, quanti(n[x.stadio], x.uno, x.molti))
		}
	}
	return strings.Join(parti, ", ")
}

// quadro says how many activities are open, and how many of them need attention.
func quadro(aperte, concluse int, attenzione string) string {
	frase := "Nel piano approvato risultano " + quanti(aperte, "attività aperta", "attività aperte")
	if aperte == 1 {
		frase = "Nel piano approvato risulta 1 attività aperta"
	}
	switch {
	case attenzione == "":
		frase += ", nessuna in ritardo o in scadenza"
	default:
		frase += ", di cui " + attenzione
	}
	if concluse > 0 {
		frase += "; " + quanti(concluse, "è conclusa", "sono concluse")
	}
	return frase + "."
}
