package importer

import (
	"net/mail"
	"slices"
	"strings"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// LeggiAnagrafica reads the workbook of who is who: sheets Settori, Incarichi,
// Ruoli, and Ente where it is there. Sheets and columns are found by their headings,
// in any order. Like Leggi it takes any bytes: what is wrong is a finding at its
// cell, and an anagrafica with an errore must not be used.
func LeggiAnagrafica(_ string, contenuto []byte) (piano.Anagrafica, []piano.Rilievo) {
	cartella, rilievi := apriFile(contenuto)
	if rilievi != nil {
		return piano.Anagrafica{}, rilievi
	}
	l := &lettoreAnagrafica{}
	for _, lettura := range []struct {
		foglio   string
		sinonimi []string
		colonne  []colonnaAnagrafica
		leggi    func(*tabella)
	}{
		{"Settori", []string{"settori", "settore", "uffici", "strutture"}, colonneSettori, l.settori},
		{"Incarichi", []string{"incarichi", "incarico", "responsabili"}, colonneIncarichi, l.incarichi},
		{"Ruoli", []string{"ruoli", "ruolo", "funzioni"}, colonneRuoli, l.ruoli},
		{"Ente", []string{"ente", "amministrazione"}, colonneEnte, l.ente},
	} {
		f := foglioDetto(cartella, lettura.sinonimi)
		if f == nil {
			if lettura.foglio != "Ente" {
				l.rilievi = append(l.rilievi, NuovoRilievo("foglio-mancante", "", "", lettura.foglio, nomiColonne(lettura.colonne)))
			}
			continue
		}
		if t := l.tabella(f, lettura.colonne); t != nil {
			lettura.leggi(t)
		}
	}
	l.sovrapposti()
	if s := l.a.Segretario(); s.Email == "" && !piano.HaErrori(l.rilievi) {
		l.rilievi = append(l.rilievi, NuovoRilievo("segretario-mancante", l.foglioRuoli, ""))
	}
	return l.a, l.rilievi
}

// foglioDetto finds a visible sheet by its name.
func foglioDetto(c sheet.Cartella, nomi []string) *sheet.Foglio {
	for i := range c.Fogli {
		f := &c.Fogli[i]
		if !f.Nascosto && slices.ContainsFunc(nomi, func(n string) bool { return simili(chiave(f.Nome), n) }) {
			return f
		}
	}
	return nil
}

// colonnaAnagrafica is a column of the registry with the names that it goes by.
type colonnaAnagrafica struct {
	nome      string   // as the findings call it
	sinonimi  []string // as chiave writes them
	richiesta bool
}

var (
	colonneSettori = []colonnaAnagrafica{
		{"denominazione", []string{"denominazione", "settore", "nome", "nome settore", "denominazione settore", "ufficio"}, true},
		{"alias", []string{"alias", "altri nomi", "altre denominazioni", "sinonimi", "detto anche"}, false},
		{"e-mail ufficio", []string{"e mail ufficio", "email ufficio", "e mail", "email", "mail", "indirizzo", "posta elettronica", "casella ufficio", "mail ufficio", "indirizzo e mail"}, false},
	}
	colonneIncarichi = []colonnaAnagrafica{
		{"settore", []string{"settore", "denominazione settore", "ufficio"}, true},
		{"nome e cognome", []string{"nome cognome", "cognome nome", "nome", "nominativo", "responsabile", "incaricato", "titolare"}, true},
		{"e-mail", []string{"e mail", "email", "mail", "posta elettronica", "indirizzo", "indirizzo e mail"}, false},
		{"dal", []string{"dal", "inizio", "data inizio", "decorrenza", "primo giorno"}, true},
		{"al", []string{"al", "fine", "data fine", "scadenza", "termine", "ultimo giorno"}, false},
		{"tipo", []string{"tipo", "tipo incarico", "titolo", "natura", "tipologia"}, false},
	}
	colonneRuoli = []colonnaAnagrafica{
		{"ruolo", []string{"ruolo", "funzione", "carica"}, true},
		{"nome", []string{"nome", "nome cognome", "cognome nome", "nominativo", "denominazione"}, false},
		{"e-mail", []string{"e mail", "email", "mail", "posta elettronica", "indirizzo", "indirizzo e mail"}, false},
	}
	colonneEnte = []colonnaAnagrafica{
		{"denominazione", []string{"denominazione", "nome", "ente"}, true},
		{"codice", []string{"codice", "sigla", "codice ente"}, false},
		{"patrono", []string{"patrono", "santo patrono", "giorno patrono", "festa patrono"}, false},
	}
)

func nomiColonne(colonne []colonnaAnagrafica) string {
	var nomi []string
	for _, c := range colonne {
		nomi = append(nomi, c.nome)
	}
	return strings.Join(nomi, ", ")
}

// tabella is a sheet of the registry: its columns by name, its rows below them.
type tabella struct {
	f       *sheet.Foglio
	testata int
	colonne map[string]int
}

// tabella finds the row of headings: the first of ten that has a required one. It
// returns nil, with its finding, where a required column is missing.
func (l *lettoreAnagrafica) tabella(f *sheet.Foglio, colonne []colonnaAnagrafica) *tabella {
	t := &tabella{f: f}
	for riga := 1; riga <= min(10, f.Righe()) && t.testata == 0; riga++ {
		trovate := map[string]int{}
		for col := 1; col <= f.Colonne(); col++ {
			nome := nomeColonna(chiaveColonna(f.Cella(riga, col).Testo), colonne)
			if _, c := trovate[nome]; nome != "" && !c {
				trovate[nome] = col
			}
		}
		if len(trovate) >= min(2, len(colonne)) {
			t.testata, t.colonne = riga, trovate
		}
	}
	for _, c := range colonne {
		if c.richiesta && t.colonne[c.nome] == 0 {
			l.rilievi = append(l.rilievi, NuovoRilievo("colonna-mancante", f.Nome, sheet.Indirizzo(max(1, t.testata), 1), c.nome, nomiColonne(colonne)))
			return nil
		}
	}
	return t
}

// chiaveColonna is chiave, except that "dal" and "al" are headings here.
func chiaveColonna(s string) string {
	if k := piano.Normalizza(strings.Trim(s, " .:")); k == "dal" || k == "al" {
		return k
	}
	return chiave(s)
}

func nomeColonna(k string, colonne []colonnaAnagrafica) string {
	for _, c := range colonne {
		if k != "" && slices.ContainsFunc(c.sinonimi, func(s string) bool { return simili(k, s) }) {
			return c.nome
		}
	}
	return ""
}

// cella returns a cell of a row by the column's name; a blank one where the sheet
// has no such column.
func (t *tabella) cella(riga int, colonna string) sheet.Cella {
	if c := t.colonne[colonna]; c > 0 {
		return t.f.Cella(riga, c)
	}
	return sheet.Cella{}
}

// righe calls f for each row that holds something under a known heading.
func (t *tabella) righe(f func(riga int)) {
	for riga := t.testata + 1; riga <= t.f.Righe(); riga++ {
		for nome := range t.colonne {
			if t.cella(riga, nome).Testo != "" {
				f(riga)
				break
			}
		}
	}
}

// lettoreAnagrafica gathers the registry and its findings.
type lettoreAnagrafica struct {
	a           piano.Anagrafica
	rilievi     []piano.Rilievo
	posti       []postoIncarico // of a.Incarichi, one for one
	foglioRuoli string
}

type postoIncarico struct{ foglio, cella string }

func (l *lettoreAnagrafica) segnala(codice string, t *tabella, c sheet.Cella, args ...any) {
	l.rilievi = append(l.rilievi, NuovoRilievo(codice, t.f.Nome, sheet.Indirizzo(c.Riga, c.Colonna), args...))
}

// nome reads a required name; the finding stands in its cell.
func (l *lettoreAnagrafica) nome(t *tabella, riga int, colonna, esempio string) string {
	c := t.cella(riga, colonna)
	if c.Testo == "" {
		l.segnala("nome-mancante", t, sheet.Cella{Riga: riga, Colonna: max(1, t.colonne[colonna])}, esempio)
	}
	return c.Testo
}

// indirizzo reads an address; a blank one is allowed.
func (l *lettoreAnagrafica) indirizzo(t *tabella, riga int, colonna string) string {
	c := t.cella(riga, colonna)
	if c.Testo == "" || indirizzoBuono(c.Testo) {
		return c.Testo
	}
	l.segnala("indirizzo-non-valido", t, c, c.Testo)
	return ""
}

// indirizzoBuono tells whether the text is one plain address: no name beside it, no
// spaces or quotes, a dot within the domain.
func indirizzoBuono(s string) bool {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Name != "" || a.Address != s || strings.ContainsAny(s, " \"'<>(),;:\\[]") {
		return false
	}
	_, dominio, ok := strings.Cut(s, "@")
	prima, ultima, punto := strings.Cut(dominio, ".")
	return ok && punto && prima != "" && ultima != "" && !strings.HasSuffix(dominio, ".") && !strings.Contains(dominio, "..") && !strings.Contains(dominio, "@")
}

// settori reads the sheet Settori. A name or an alias may point to one settore only.
func (l *lettoreAnagrafica) settori(t *tabella) {
	t.righe(func(riga int) {
		nome := l.nome(t, riga, "denominazione", "Servizi finanziari")
		s := piano.Settore{Nome: nome, Codice: piano.Codice(nome), Email: l.indirizzo(t, riga, "e-mail ufficio")}
		if nome == "" {
			return
		}
		alias := t.cella(riga, "alias")
		s.Alias = dividiAlias(alias.Testo)
		if prima, c := l.a.Settore(nome); c {
			l.segnala("settore-duplicato", t, t.cella(riga, "denominazione"), nome, prima.Nome)
			return
		}
		for _, a := range s.Alias {
			if prima, c := l.a.Settore(a); c {
				l.segnala("settore-duplicato", t, alias, a, prima.Nome)
			}
		}
		l.a.Settori = append(l.a.Settori, s)
	})
}

// dividiAlias takes a list of names apart at semicolons.
func dividiAlias(s string) []string {
	var nomi []string
	for _, n := range strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == '|' }) {
		if n = strings.TrimSpace(n); n != "" {
			nomi = append(nomi, n)
		}
	}
	return nomi
}

// ruoli reads the sheet Ruoli.
func (l *lettoreAnagrafica) ruoli(t *tabella) {
	l.foglioRuoli = t.f.Nome
	t.righe(func(riga int) {
		r := piano.Ruolo{Ruolo: l.nome(t, riga, "ruolo", "Segretario"), Nome: t.cella(riga, "nome").Testo, Email: l.indirizzo(t, riga, "e-mail")}
		if strings.HasPrefix(piano.Normalizza(r.Ruolo), "segretari") {
			r.Ruolo = piano.RuoloSegretario // "Segretario generale", "Segretaria comunale"
		}
		if r.Ruolo != "" {
			l.a.Ruoli = append(l.a.Ruoli, r)
		}
	})
}
