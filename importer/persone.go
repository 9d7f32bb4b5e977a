package importer

import (
	"strings"

	"github.com/scadenzario/scadenzario/importer/sheet"
)

// personaLetta is a row of a table of people.
type personaLetta struct {
	ruolo string
	area  sheet.Area
	quota *casella // the cell of the share, nil where it is blank
}

// tabellaPersone is one table of people with the heading that its sum is told at.
type tabellaPersone struct {
	titolo  sheet.Area
	persone []personaLetta
}

// leggiPersone takes the tables of people off the card.
func (r *riquadro) leggiPersone() []tabellaPersone {
	var tabelle []tabellaPersone
	for _, c := range r.caselle {
		if c.presa || c.Riga < r.corpo || !(c.soloSezione == sPersone && !r.diCampo(c) || r.accantoAllaQuota(c)) {
			continue
		}
		t := r.tabellaPersone(c)
		if n := len(tabelle); n > 0 && tabelle[n-1].titolo.Riga == c.Riga { // one list in two pairs of columns
			tabelle[n-1].persone = append(tabelle[n-1].persone, t.persone...)
			continue
		}
		tabelle = append(tabelle, t)
	}
	return tabelle
}

// titolaPersone tells whether the row heads people in such words.
func (r *riquadro) titolaPersone(riga int) bool {
	celle := r.inRiga(riga)
	return len(celle) == 2 && r.accantoAllaQuota(celle[0])
}

// accantoAllaQuota tells whether a text heads people in words that nobody knows: it stands
// first in its row, beside the heading of the share.
func (r *riquadro) accantoAllaQuota(c *casella) bool {
	if c.etichetta() || len(c.testo) > 60 {
		return false
	}
	celle := r.inRiga(c.Riga)
	if len(celle) != 2 || celle[0] != c || len(celle[1].testo) > 40 {
		return false
	}
	k := celle[1].k
	quota := strings.Contains(" "+k+" ", " % ") || contiene(k, "percentual", "quota")
	if quota && strings.Contains(k, "partecipazione") {
		return true
	}
	sotto := r.libera(c.FinoRiga+1, celle[1].Colonna)
	return quota && contiene(k, "impegno", "apporto", "tempo", "coinvolgimento", "contributo", "dedicat") && sotto != nil && sotto.valoreNumerico()
}

// colonnePersone says where a table of people has the role and the share; 0 for
// none.
type colonnePersone struct{ ruolo, quota, fine int }

// testataPersone reads a row of headings; ok is false where it is none.
func (r *riquadro) testataPersone(celle []*casella) (p colonnePersone, ok bool) {
	altra, ignote, ignota := 0, 0, 0
	for _, c := range celle {
		k := c.nuda
		switch {
		case strings.Contains(" "+k+" ", " % ") && !strings.ContainsAny(k, "0123456789") || contiene(k, "percent", "perc", "quota", "impegno", "partecipazion", "incidenz", "apporto", "tempo"):
			p.quota = c.Colonna
		case contiene(k, "profil", "qualific", "ruol", "figur", "mansion") || k == "descrizione":
			if p.ruolo == 0 {
				p.ruolo = c.Colonna
			}
		case c.soloSezione == sPersone || contiene(k, "nominativ", "cognom", "dipendent", "nome", "personal", "addett"):
			if altra == 0 {
				altra = c.Colonna
			}
		case contiene(k, "categori", "area", "settor", "servizi", "note", "ufficio", "ore", "ente", "inquadrament", "cat") || k == "n":
		case len(c.testo) > 40 || c.valoreNumerico():
			return colonnePersone{}, false
		default:
			if ignote++; ignota == 0 {
				ignota = c.Colonna
			}
		}
	}
	if p.ruolo == 0 {
		p.ruolo = altra
	}
	if p.ruolo == 0 && p.quota != 0 {
		p.ruolo = ignota // beside the share's heading only people can stand
	}
	if ignote > 0 && (ignote > 2 || p.ruolo == 0 || p.quota == 0) {
		return colonnePersone{}, false
	}
	return p, p.ruolo != 0 || p.quota != 0
}

// tabellaPersone reads the table below its title.
func (r *riquadro) tabellaPersone(titolo *casella) tabellaPersone {
	t := tabellaPersone{titolo: titolo.Area}
	celle, fine := r.finoAllAltra(titolo)
	p, ok := r.testataPersone(celle)
	if !ok {
		p = colonnePersone{}
		t.accanto(celle)
	}
	if p.ruolo == 0 {
		p.ruolo = titolo.Colonna
	}
	p.fine = fine
	for _, c := range celle {
		c.presa = c.presa || ok // the headings at the title's left, too
	}
	r.prendi(titolo.Riga, titolo.Riga, min(titolo.Colonna, max(p.quota, r.dac)), fine)
	riga, ok := r.sottoTestata(&p, titolo.FinoRiga+1)
	if !ok {
		return t
	}
	for iniziata := len(t.persone) > 0; riga <= r.a; riga++ {
		if r.vuota(riga) {
			if iniziata && !r.altraPersona(p, riga+1) {
				break
			}
			iniziata = true
			continue
		}
		if v := r.in(riga, p.ruolo); r.fermaPersone(riga) || v != nil && v.presa && v.Riga == riga {
			break
		}
		iniziata = true
		r.persona(&t, p, riga)
	}
	if len(t.persone) == 0 {
		t.accanto(celle)
	}
	return t
}

// altraPersona tells whether the table goes on after a blank row: with a person and a share.
func (r *riquadro) altraPersona(p colonnePersone, riga int) bool {
	if p.quota == 0 || r.fermaPersone(riga) {
		return false
	}
	chi, quota := r.libera(riga, p.ruolo), r.libera(riga, p.quota)
	return chi != nil && quota != nil && !chi.etichetta() && (quota.valoreNumerico() || quota.tipo == sheet.Percento)
}

// finoAllAltra returns the headings of a table and its last column, where the heading of
// another one of people stands beside it with a share of its own.
func (r *riquadro) finoAllAltra(titolo *casella) (celle []*casella, fine int) {
	celle = r.inRiga(titolo.Riga)
	da := 0
	for i, c := range celle {
		if c == titolo {
			da = i
		}
		if c.Colonna <= titolo.Colonna || c.soloSezione != sPersone || i-da < 2 || i+1 == len(celle) {
			continue
		}
		return celle[:i], c.Colonna - 1
	}
	return celle, r.ac
}

// accanto takes the people that stand beside the heading, as the value of a field
// does.
func (t *tabellaPersone) accanto(celle []*casella) {
	for _, c := range celle {
		if c.Colonna > t.titolo.Colonna && !contiene(c.k, "percentual", "partecipazion", "quota", "categori", "nominativ", "cognom", "profil", "qualific", "ruol", "note") && c.k != "%" {
			t.persone = append(t.persone, personaLetta{ruolo: c.testo, area: c.Area})
		}
	}
}

// sottoTestata takes the row of headings below a title, where there is one, and
// returns the first row of people; ok is false where another part of the card
// comes next.
func (r *riquadro) sottoTestata(p *colonnePersone, riga int) (prima int, ok bool) {
	n := r.prossima(riga)
	celle := r.inRiga(n)
	if n == 0 || n-riga > 1 || len(celle) == 0 {
		return riga, true
	}
	sotto, testata := r.testataPersone(celle)
	testata = testata && (len(celle) > 1 || celle[0].soloSezione == sPersone || sotto.quota != 0 && p.quota == 0)
	if !testata {
		return riga, n == riga || !celle[0].etichetta()
	}
	if sotto.ruolo == 0 {
		sotto.ruolo = p.ruolo
	}
	if sotto.quota == 0 {
		sotto.quota = p.quota
	}
	sotto.fine = p.fine
	*p = sotto
	r.prendi(n, n, r.dac, r.ac)
	return n + 1, true
}

// fermaPersone tells whether another part of the card begins at the row.
func (r *riquadro) fermaPersone(riga int) bool {
	celle := r.inRiga(riga)
	return r.apreSezione(riga) || len(r.finestre(riga)) > 0 || len(celle) == 1 && nota(celle[0].testo)
}

// persona reads one row of the table. A total is no person.
func (r *riquadro) persona(t *tabellaPersone, p colonnePersone, riga int) {
	ruolo := r.libera(riga, p.ruolo)
	celle := r.inRiga(riga)
	for len(celle) > 0 && celle[len(celle)-1].Colonna > p.fine {
		celle = celle[:len(celle)-1]
	}
	var quota *casella
	if p.quota != 0 {
		quota = r.libera(riga, p.quota)
	} else if n := len(celle); n > 1 && ruolo != nil && celle[n-1] != ruolo && (celle[n-1].tipo == sheet.Percento || strings.HasSuffix(celle[n-1].testo, "%")) {
		quota = celle[n-1]
	}
	if quota == ruolo {
		quota = nil
	}
	for _, c := range celle {
		c.presa = true
	}
	if ruolo == nil || contiene(ruolo.k, "totale", "totali") || ruolo.Riga < riga && quota == nil {
		return
	}
	t.persone = append(t.persone, personaLetta{ruolo.testo, ruolo.Area, quota})
}
