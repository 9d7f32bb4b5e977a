package importer

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// campiAttaccati takes the fields whose value follows the label in one cell with nothing
// between, as a line break leaves them: "Durata 2021-2023". Only texts that nothing else
// has taken are looked at, above the first section, for what the card still lacks.
func (r *riquadro) campiAttaccati(campi map[campo]valoreLetto) {
	for _, c := range r.caselle {
		if c.Riga < r.corpo || c == r.ancora {
			continue
		}
		if c.soloSezione != nessuna && !r.diCampo(c) && c.Riga > r.corpo {
			return
		}
		if c.presa || len(c.testo) > 120 || c.etichetta() || firmaRe.MatchString(c.testo) {
			continue
		}
		f, valore := attaccato(c.scritto())
		prima, c2 := campi[f]
		if f == cSenzaChiave || c2 && prima.testo != "" && prima.testo != valore {
			continue
		}
		if v := r.valoreAttaccato(c, f, valore); v.area != c.Area || r.attacca() || puoSeguire(f, valore) {
			c.presa = true
			campi[f] = v
		}
	}
}

// etichettaLunga tells whether a text begins with a label and goes on as one, after another
// field's value. The names of offices begin so, too.
func etichettaLunga(c *casella) bool {
	if len(c.testo) > 60 {
		return false
	}
	f, resto := attaccato(c.scritto())
	return f != cSenzaChiave && f != cSettore && !strings.ContainsAny(resto, "0123456789:")
}

// puoSeguire tells whether what stands after a label's words can be its value and no more of
// the label: "interni ed esterni" is that.
func puoSeguire(f campo, resto string) bool {
	if strings.ContainsAny(resto, "0123456789") {
		return true
	}
	if !iniziaMinuscola(resto) {
		return f == cDurata || strings.ContainsFunc(resto, minuscola) // not all in capitals
	}
	prima, _, _ := strings.Cut(resto, " ")
	return f == cDurata && !vuote[strings.TrimRight(prima, "'’")] && !strings.ContainsAny(prima, "'’")
}

// valoreAttaccato is what follows a label in its cell, unless that is the rest of a long
// label, whose value comes after a colon or beside it: "Durata dell'intervento: 2021".
func (r *riquadro) valoreAttaccato(c *casella, f campo, resto string) valoreLetto {
	if i := strings.Index(resto, ":"); 0 <= i && i <= 50 {
		if resto = strings.TrimSpace(resto[i+1:]); resto == "" {
			return r.valoreDi(c)
		}
	} else if d := r.aDestra(c, c.Riga); len(d) > 0 && !cifra(resto[0]) && !r.attaccata(d[0]) {
		return r.valoreDi(c)
	}
	if f != cDurata {
		resto = senzaCodaDiEtichetta(resto)
	}
	return valoreLetto{testo: resto, tipo: c.tipo, area: c.Area}
}

// senzaCodaDiEtichetta takes off a value the words in small letters before it, which are still
// the label's: "di riferimento Cittadini". A title of courtesy is the value's.
func senzaCodaDiEtichetta(s string) string {
	for resto := s; resto != ""; {
		prima, dopo, _ := strings.Cut(resto, " ")
		if !iniziaMinuscola(prima) || strings.Contains(prima, ".") {
			return resto
		}
		resto = dopo
	}
	return s
}

// attacca tells whether this card writes its fields so: two at least, and more than stand alone
// in their cells.
func (r *riquadro) attacca() bool {
	return r.attaccati.chiedi(func() bool {
		visti, sole := map[campo]bool{}, 0
		for _, c := range r.caselle {
			if c.Riga > r.corpo && c.soloSezione != nessuna {
				break
			}
			if c.Riga >= r.corpo && c.anagrafe() {
				sole++
			}
			if c.Riga >= r.corpo && c != r.ancora && !c.etichetta() && len(c.testo) <= 120 {
				if f, _ := attaccato(c.scritto()); f != cSenzaChiave {
					visti[f] = true
				}
			}
		}
		delete(visti, cSettore) // as the names of offices begin
		return len(visti) >= 2 && len(visti) > sole
	})
}

// attaccata tells whether a text is such a field.
func (r *riquadro) attaccata(c *casella) bool {
	if !r.attacca() {
		return false
	}
	_, valore := attaccato(c.scritto())
	return valore != ""
}

// attaccatoAEtichetta is the value of a label without one, where the card writes label and
// value on two lines of a cell and the value is a word for the same: "Assessore Sindaco".
func (r *riquadro) attaccatoAEtichetta(c *casella, v valoreLetto) valoreLetto {
	if !strings.Contains(c.k, " ") || strings.ContainsAny(c.testo, "/-–") || strings.ToUpper(c.testo) == c.testo || !r.attacca() {
		return v
	}
	f, valore := attaccato(c.scritto())
	if suo, ok := campoDi(chiave(valore)); f == c.campo && ok && suo == f && lettera(valore[0]) && !iniziaMinuscola(valore) {
		return valoreLetto{testo: valore, tipo: c.tipo, area: c.Area}
	}
	return v
}

// attaccato divides a text into the longest label that begins it and the rest; no field
// where none does.
func attaccato(testo string) (f campo, valore string) {
	for i := len(testo) - 1; i > 3; i-- {
		if testo[i] != ' ' {
			continue
		}
		k := chiave(testo[:i])
		c, ok := etichetteCampi.esatte[k]
		if !ok {
			continue
		}
		for j := range i { // an article after the label is the value's
			if testo[j] == ' ' && chiave(testo[:j]) == k && !strings.Contains(testo[j:i], "(") {
				i = j
				break
			}
		}
		return c, strings.TrimSpace(testo[i:])
	}
	return cSenzaChiave, ""
}

// testoAttaccato takes a section whose text follows the heading in its cell with nothing
// between: "DESCRIZIONE OBIETTIVO Si verificano…". The heading must be of two words, in
// capitals where the text is not.
func (r *riquadro) testoAttaccato(campi map[campo]valoreLetto, c *casella) bool {
	if c.sezione != nessuna || c.haCampo || len(c.testo) < 40 {
		return false
	}
	for i := min(40, len(c.testo)-1); i > 8; i-- {
		if c.testo[i] != ' ' || strings.ContainsFunc(c.testo[:i], minuscola) || !strings.Contains(c.testo[:i], " ") {
			continue
		}
		f := map[sezione]campo{sDescrizione: cDescrizione, sRisultati: cRisultati}[etichetteSezioni.esatte[chiave(c.testo[:i])]]
		if v, c2 := campi[f]; f == cSenzaChiave || c2 && v.testo != "" {
			continue
		}
		c.presa = true
		campi[f] = valoreLetto{testo: strings.TrimSpace(c.testo[i:]), tipo: c.tipo, area: c.Area}
		return true
	}
	return false
}

func minuscola(r rune) bool { return unicode.ToUpper(r) != r }

// iniziaMinuscola tells whether a text begins with a small letter.
func iniziaMinuscola(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return minuscola(r)
}
