package importer

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// incarichi reads the sheet Incarichi. A row with a fault is left out; the finding
// says why.
func (l *lettoreAnagrafica) incarichi(t *tabella) {
	t.righe(func(riga int) {
		prima := len(l.rilievi)
		i := piano.Incarico{Nome: l.nome(t, riga, "nome e cognome", "Sandra Benassi"), Email: l.indirizzo(t, riga, "e-mail")}
		settore := t.cella(riga, "settore")
		s, c := l.a.Settore(settore.Testo)
		switch {
		case settore.Testo == "":
			l.segnala("incarico-senza-settore", t, sheet.Cella{Riga: riga, Colonna: t.colonne["settore"]}, "Servizi finanziari")
		case !c && len(l.a.Settori) > 0:
			l.segnala("incarico-settore-sconosciuto", t, settore, settore.Testo, l.nomiSettori())
		}
		i.Settore = s.Nome
		l.date(t, riga, &i)
		tipo := t.cella(riga, "tipo")
		var ok bool
		if i.Tipo, ok = tipoIncarico(tipo.Testo); !ok {
			l.segnala("tipo-non-riconosciuto", t, tipo, tipo.Testo)
		}
		if len(l.rilievi) > prima {
			return
		}
		l.a.Incarichi = append(l.a.Incarichi, i)
		l.posti = append(l.posti, postoIncarico{t.f.Nome, sheet.Indirizzo(riga, t.colonne["dal"])})
	})
}

func (l *lettoreAnagrafica) nomiSettori() string {
	var nomi []string
	for _, s := range l.a.Settori {
		nomi = append(nomi, s.Nome)
	}
	return strings.Join(nomi, ", ")
}

// date reads the first and the last day of an incarico.
func (l *lettoreAnagrafica) date(t *tabella, riga int, i *piano.Incarico) {
	dal, al := t.cella(riga, "dal"), t.cella(riga, "al")
	var bene, ancora bool
	i.Dal, bene = giornoDi(dal)
	i.Al, ancora = giornoDi(al)
	switch {
	case dal.Testo == "":
		l.segnala("data-mancante", t, sheet.Cella{Riga: riga, Colonna: t.colonne["dal"]})
	case !bene:
		l.segnala("data-non-valida", t, dal, dal.Testo)
	}
	switch {
	case al.Testo != "" && !ancora:
		l.segnala("data-non-valida", t, al, al.Testo)
	case !i.Al.IsZero() && i.Al.Prima(i.Dal):
		l.segnala("date-invertite", t, al, i.Al.Breve(), i.Dal.Breve())
	}
}

var (
	giornoRe = regexp.MustCompile(`^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})$`)
	estesoRe = regexp.MustCompile(`^(\d{1,2})\s*[°º]?\s+([a-z]+)\.?(?:\s+(\d{4}))?$`)
	breveRe  = regexp.MustCompile(`^(\d{1,2})[/.\-](\d{1,2})$`)
)

// giornoDi reads a day from a date cell or from text: 01/05/2021, 1.5.2021, 1 maggio
// 2021, 2021-05-01. A blank cell is no day; ok is false where the text is no day.
func giornoDi(c sheet.Cella) (g piano.Giorno, ok bool) {
	if c.Tipo == sheet.Numero {
		return piano.Giorno{}, false
	}
	if g, err := piano.ParseGiorno(c.Testo); err == nil {
		return g, true
	}
	t := piano.Normalizza(c.Testo)
	if m := giornoRe.FindStringSubmatch(t); m != nil {
		return giornoEsatto(m[3], intero(m[2]), intero(m[1]))
	}
	if m := estesoRe.FindStringSubmatch(t); m != nil && m[3] != "" {
		return giornoEsatto(m[3], daNome(m[2]).Primo(), intero(m[1]))
	}
	return piano.Giorno{}, c.Testo == ""
}

// giornoEsatto refuses 31 April, which NewGiorno would carry over.
func giornoEsatto(anno string, mese, giorno int) (piano.Giorno, bool) {
	g := piano.NewGiorno(intero(anno), mese, giorno)
	if mese < 1 || mese > 12 || giorno < 1 || g.Mese() != mese {
		return piano.Giorno{}, false
	}
	return g, true
}

// intero reads digits that a pattern has already found; anything else is 0.
func intero(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// tipoIncarico reads the kind; blank is titolare.
func tipoIncarico(s string) (piano.TipoIncarico, bool) {
	switch k := chiave(s); {
	case s == "" || simili(k, "titolare"):
		return piano.Titolare, true
	case k == "ad interim" || k == "interim" || k == "adinterim":
		return piano.AdInterim, true
	}
	return "", false
}

// sovrapposti finds the incarichi of one settore that share a day: who is in
// charge must have one answer. The finding stands at the later one's first day.
func (l *lettoreAnagrafica) sovrapposti() {
	for i, dopo := range l.a.Incarichi {
		for _, prima := range l.a.Incarichi[:i] {
			if prima.Settore == dopo.Settore && prima.Sovrapposto(dopo) {
				quando := "dal " + prima.Dal.Breve()
				if !prima.Al.IsZero() {
					quando += " al " + prima.Al.Breve()
				}
				l.rilievi = append(l.rilievi, NuovoRilievo("incarichi-sovrapposti", l.posti[i].foglio, l.posti[i].cella, dopo.Settore, prima.Nome, quando))
				break
			}
		}
	}
}

// ente reads the sheet Ente: its first row of values.
func (l *lettoreAnagrafica) ente(t *tabella) {
	letto := false
	t.righe(func(riga int) {
		if letto {
			return
		}
		letto = true
		e := piano.Ente{Nome: l.nome(t, riga, "denominazione", "Unione dei Comuni Terre di Pianura"), Codice: piano.Codice(t.cella(riga, "codice").Testo)}
		if e.Codice == "" {
			e.Codice = piano.Codice(e.Nome)
		}
		patrono := t.cella(riga, "patrono")
		var ok bool
		if e.PatronoMese, e.PatronoGiorno, ok = patronoDi(patrono); !ok {
			l.segnala("patrono-non-riconosciuto", t, patrono, patrono.Testo)
		}
		l.a.Ente = e
	})
}

// patronoDi reads a day of the year: 29/06, 29 giugno, or a date cell.
func patronoDi(c sheet.Cella) (mese, giorno int, ok bool) {
	t := piano.Normalizza(c.Testo)
	if t == "" {
		return 0, 0, true
	}
	if g, ok := giornoDi(c); ok {
		return g.Mese(), g.Time().Day(), true
	}
	if m := breveRe.FindStringSubmatch(t); m != nil {
		mese, giorno = intero(m[2]), intero(m[1])
	} else if m := estesoRe.FindStringSubmatch(t); m != nil {
		mese, giorno = daNome(m[2]).Primo(), intero(m[1])
	}
	_, ok = giornoEsatto("2024", mese, giorno)
	return mese, giorno, ok
}
