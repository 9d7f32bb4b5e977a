package piano

import "slices"

// Fotografia is what a session sees: live while it is open, frozen when it closes.
// It stands by itself: names and sentences are in it, not references, so that no
// later hand-in, change of registry or of the program's words touches it.
type Fotografia struct {
	Versione   int                  `json:"versione"` // of this form
	Ente       string               `json:"ente"`     // as it signs
	Sessione   string               `json:"sessione"` // Sessione.Nome
	Genere     GenereSessione       `json:"genere"`
	Anno       int                  `json:"anno"`
	Numero     int                  `json:"numero"`
	Dati       Giorno               `json:"dati"`   // states are those at the end of this day
	Aperta     Giorno               `json:"aperta"` // no day while it was not opened
	Chiusa     Giorno               `json:"chiusa"` // no day while it is open
	Chiude     Giorno               `json:"chiude"` // when it is, or was, to close by itself
	Legge      Giorno               `json:"legge"`
	Settori    []SettoreInSessione  `json:"settori"`
	Attivita   []AttivitaInSessione `json:"attivita"`
	Indicatori []IndicatoreInFoto   `json:"indicatori"`
	Variazioni []Variazione         `json:"variazioni"`
	Misure     []MisuraInSessione   `json:"misure"` // of a session over them; then the three lists above are empty
}

// SettoreInSessione is a settore that is asked.
type SettoreInSessione struct {
	Settore      string       `json:"settore"`
	Responsabile string       `json:"responsabile"` // in charge on the day of the picture; "" for vacante
	Incarico     TipoIncarico `json:"incarico"`
	Rinvii       []string     `json:"rinvii"`   // objectives that its cards refer to, where it has none of its own: it is told, and owes no answer
	Chiesto      []Detto      `json:"chiesto"`  // what it was told, in order
	Risposta     *Risposta    `json:"risposta"` // its last hand-in since Sessione.RispostaDal; nil for none
	Totali       Totali       `json:"totali"`
}

// Detto is a message that a settore got in a session.
type Detto struct {
	Fase   string `json:"fase"`
	Giorno Giorno `json:"giorno"`
	A      string `json:"a"`
}

// Risposta is a hand-in that answers a session.
type Risposta struct {
	Giorno Giorno `json:"giorno"`
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
}

// Totali counts activities by state.
type Totali struct {
	Attivita       int `json:"attivita"`
	Concluse       int `json:"concluse"`
	InCorso        int `json:"in_corso"`
	InRitardo      int `json:"in_ritardo"`
	Scadute        int `json:"scadute"`
	DaAvviare      int `json:"da_avviare"`
	SenzaProgramma int `json:"senza_programma"`
}

// Conta adds one activity in that state.
func (t *Totali) Conta(s Stato) {
	t.Attivita++
	for _, p := range []struct {
		stato Stato
		n     *int
	}{{Conclusa, &t.Concluse}, {InCorso, &t.InCorso}, {InRitardo, &t.InRitardo}, {Scaduta, &t.Scadute},
		{DaAvviare, &t.DaAvviare}, {SenzaProgramma, &t.SenzaProgramma}} {
		if p.stato == s {
			*p.n++
		}
	}
}

// AttivitaInSessione is an activity as a session sees it.
type AttivitaInSessione struct {
	Settore   string `json:"settore"`
	Obiettivo string `json:"obiettivo"`
	Titolo    string `json:"titolo"`
	Anno      int    `json:"anno"`
	Attivita  string `json:"attivita"`
	Previsto  Mesi   `json:"previsto"`
	Ottenuto  Mesi   `json:"ottenuto"`
	Eseguito  *bool  `json:"eseguito"`
	Scadenza  Giorno `json:"scadenza"`
	Stato     Stato  `json:"stato"`
}

// IndicatoreInFoto is an indicator as a session sees it.
type IndicatoreInFoto struct {
	Settore    string `json:"settore"`
	Obiettivo  string `json:"obiettivo"`
	Titolo     string `json:"titolo"`
	Indicatore string `json:"indicatore"`
	Unita      string `json:"unita"`
	Confronto
}

// VistaSessione is what a picture is made of.
type VistaSessione struct {
	Sessione   Sessione
	Ente       Ente
	Anagrafica Anagrafica
	Oggi       Giorno              // who is in charge
	Attivita   []Assegnata         // of all plans, Situazione at Sessione.Dati
	Schede     []Collocata         // of the session's plan
	Variazioni []Variazione        // that wait
	Dette      []Richiesta         // of this session
	Risposte   map[string]Risposta // by settore
	Misure     []Misura            // of a session over them
	Stati      []RispostaMisura    // all that was answered about them, oldest first
}

// Fotografa takes the picture of a session. Of one over the objectives: asked is every settore
// of the plan, one whose cards only refer to another objective too: what it knows of it
// is seen there. Activities of years to come are left out.
func (v VistaSessione) Fotografa() Fotografia {
	if v.Sessione.Genere == Anticorruzione {
		return v.fotografaMisure()
	}
	f := v.vuota()
	for _, s := range v.interpellati() {
		f.Settori = append(f.Settori, v.settore(s))
	}
	for _, a := range v.Attivita {
		if a.AnnoPiano != v.Sessione.Anno || a.Attivita.Anno > v.Sessione.Anno {
			continue
		}
		f.Attivita = append(f.Attivita, AttivitaInSessione{Settore: a.Settore, Obiettivo: a.Obiettivo, Titolo: a.Titolo,
			Anno: a.Attivita.Anno, Attivita: a.Attivita.Descrizione, Previsto: a.Attivita.Previsto, Ottenuto: a.Attivita.Ottenuto,
			Eseguito: a.Attivita.Eseguito, Scadenza: a.Situazione.Scadenza, Stato: a.Situazione.Stato})
		for i := range f.Settori {
			if f.Settori[i].Settore == a.Settore {
				f.Settori[i].Totali.Conta(a.Situazione.Stato)
			}
		}
	}
	for _, o := range v.Schede {
		for _, i := range o.Indicatori {
			f.Indicatori = append(f.Indicatori, IndicatoreInFoto{Settore: o.Settore, Obiettivo: o.Numero, Titolo: o.Titolo,
				Indicatore: i.Descrizione, Unita: i.Unita, Confronto: i.Confronta(v.Sessione.Genere)})
		}
	}
	for _, x := range v.Variazioni {
		if x.Anno == v.Sessione.Anno {
			f.Variazioni = append(f.Variazioni, x)
		}
	}
	return f
}

// vuota is the picture without its data; its lists are never nil.
func (v VistaSessione) vuota() Fotografia {
	s := v.Sessione
	return Fotografia{Versione: 1, Ente: v.Ente.Nome, Sessione: s.Nome(), Genere: s.Genere, Anno: s.Anno, Numero: s.Numero, Dati: s.Dati,
		Aperta: s.Aperta, Chiusa: s.Chiusa, Chiude: s.Chiude, Legge: s.Legge, Settori: []SettoreInSessione{},
		Attivita: []AttivitaInSessione{}, Indicatori: []IndicatoreInFoto{}, Variazioni: []Variazione{}, Misure: []MisuraInSessione{}}
}

// interpellati returns the settori that are asked, in the order of the plan.
func (v VistaSessione) interpellati() []string {
	var nomi []string
	for _, o := range v.Schede {
		if !slices.Contains(nomi, o.Settore) {
			nomi = append(nomi, o.Settore)
		}
	}
	return nomi
}

func (v VistaSessione) settore(nome string) SettoreInSessione {
	r, propri := referenteDi(v.Anagrafica, nome, v.Oggi), false
	s := SettoreInSessione{Settore: nome, Responsabile: r.Nome, Incarico: r.Incarico, Rinvii: []string{}, Chiesto: []Detto{}}
	for _, o := range v.Schede {
		switch {
		case o.Settore != nome:
		case o.Rinvio == "":
			propri = true
		case !slices.Contains(s.Rinvii, o.Rinvio):
			s.Rinvii = append(s.Rinvii, o.Rinvio)
		}
	}
	if propri {
		s.Rinvii = []string{}
	}
	for _, d := range v.Dette {
		if d.Settore == nome {
			s.Chiesto = append(s.Chiesto, Detto{d.Fase, d.Giorno, d.A})
		}
	}
	if risposta, ok := v.Risposte[nome]; ok {
		s.Risposta = &risposta
	}
	return s
}

// Muto tells whether the settore owes an answer and gave none.
func (s SettoreInSessione) Muto() bool { return s.Risposta == nil && len(s.Rinvii) == 0 }

// DaSentire returns the settori that may have to be told something: those that owe an
// answer, and those that owe none, were not told yet and have handed in nothing since
// the opening.
func (f Fotografia) DaSentire() []string {
	var nomi []string
	for _, s := range f.Settori {
		if s.Muto() || len(s.Chiesto) == 0 && (s.Risposta == nil || s.Risposta.Giorno.Prima(f.Aperta)) {
			nomi = append(nomi, s.Settore)
		}
	}
	return nomi
}

// Chiusura is what is kept of a session for ever, in the bytes in which it was made.
type Chiusura struct {
	Fotografia []byte // JSON
	Impronta   string // its SHA-256, in hexadecimal
	Testo      string // the outcome as it was told: plain text
	HTML       string
	Messaggio  *Messaggio // to the Segretario; nil where there is none with an address
}
