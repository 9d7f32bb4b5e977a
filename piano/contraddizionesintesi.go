package piano

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// controSintesi holds the cards against the Sintesi: what both say in two ways, the rows
// without a card, the cards without a row.
func controSintesi(schede []Collocata, sintesi []RigaSintesi, a Anagrafica) []Contraddizione {
	if len(sintesi) == 0 {
		return nil
	}
	var tutte []Contraddizione
	presi := make([]bool, len(schede))
	var senzaScheda []RigaSintesi
	for _, r := range sintesi {
		i := slices.IndexFunc(schede, func(c Collocata) bool { return r.di(c, a) })
		if i < 0 {
			senzaScheda = append(senzaScheda, r)
			continue
		}
		presi[i] = true
		tutte = append(tutte, schede[i].controRiga(r, a)...)
	}
	tutte = append(tutte, righeSenzaScheda(schede, senzaScheda, a)...)
	for i, c := range schede {
		if !presi[i] {
			tutte = append(tutte, Contraddizione{"scheda-senza-sintesi", c.Settore, c.Numero,
				fmt.Sprintf("L'obiettivo %s %s ha una scheda, ma la Sintesi non lo elenca.", c.Numero, virgolette(c.Titolo)),
				[]Luogo{c.luogo(c.Celle["numero"]), {File: sintesi[0].File, Foglio: sintesi[0].Foglio}}})
		}
	}
	return append(tutte, pesiSintesi(sintesi, a)...)
}

// di tells whether the row is about the card: the number that counts in the ente, or
// where one of them has none, the number that counts in the settore.
func (r RigaSintesi) di(c Collocata, a Anagrafica) bool {
	sua := Obiettivo{Numero: r.Numero}.Progressivo()
	if sua != "" && c.Progressivo() != "" {
		return sua == c.Progressivo()
	}
	numero, _, _ := strings.Cut(c.Numero, "/")
	suo, _, _ := strings.Cut(r.Numero, "/")
	return c.Progressivo() != "" && c.Progressivo() == r.Numero && stessoTitolo(c.Titolo, r.Titolo) || numero == suo && stessoSettore(r.Settore, c.Settore, a)
}

// controRiga compares a card with its row, field by field. Where one of them says
// nothing, or a field is told in words that need a reader, there is nothing to compare.
func (c Collocata) controRiga(r RigaSintesi, a Anagrafica) []Contraddizione {
	var tutte []Contraddizione
	diverso := func(campo, nome, scheda, tabella string) {
		tutte = append(tutte, Contraddizione{"sintesi-diversa", c.Settore, c.Numero,
			fmt.Sprintf("Per l'obiettivo %s la scheda e la Sintesi non dicono lo stesso %s: %s contro %s.", c.Numero, nome, breve(scheda), breve(tabella)),
			[]Luogo{c.luogo(c.Celle[campo]), r.Luogo(campo)}})
	}
	if strings.Contains(r.Numero, "/") && c.Progressivo() != "" && r.Numero != c.Numero {
		diverso("numero", "numero", c.Numero, r.Numero)
	}
	if r.Titolo != "" && c.Titolo != "" && !stessoTitolo(c.Titolo, r.Titolo) {
		diverso("titolo", "titolo", c.Titolo, r.Titolo)
	}
	if r.Settore != "" && !stessoSettore(r.Settore, c.Settore, a) {
		diverso("settore", "settore", c.Settore, r.Settore)
	}
	for _, p := range []struct {
		campo, nome   string
		scheda, table *Decimale
	}{{"strategicita", "valore di strategicità", c.Strategicita, r.Strategicita}, {"peso", "peso", c.Peso, r.Peso}} {
		if p.scheda != nil && p.table != nil && *p.scheda != *p.table {
			diverso(p.campo, p.nome, scritto(p.scheda), scritto(p.table))
		}
	}
	if r.Responsabile != "" && c.Responsabile != "" && !nominaUfficio(r.Responsabile, a) && !nominaUfficio(c.Responsabile, a) &&
		!stessaPersona(c.Responsabile, r.Responsabile) && !stessaPersona(r.Responsabile, c.Responsabile) {
		diverso("responsabile", "responsabile", c.Responsabile, r.Responsabile)
	}
	if r.Assessore != "" && c.Assessore != "" && nienteInComune(c.Assessore, r.Assessore) {
		diverso("assessore", "assessore", c.Assessore, r.Assessore)
	}
	if x, y := anniDetti(c.Durata), anniDetti(r.Durata); x != "" && y != "" && x != y {
		diverso("durata", "periodo", c.Durata, r.Durata)
	}
	if altra := rinvioDetto(r.Titolo); altra != "" && c.Rinvio != "" && altra != c.Rinvio {
		diverso("rinvio", "rinvio", c.Rinvio, altra)
	}
	return tutte
}

// righeSenzaScheda tells of the rows without a card; together for a settore that has no
// card at all.
func righeSenzaScheda(schede []Collocata, righe []RigaSintesi, a Anagrafica) []Contraddizione {
	var tutte []Contraddizione
	per := map[string]int{} // settori without any card to their contradiction
	for _, r := range righe {
		settore := r.Settore
		if s, ok := a.Settore(r.Settore); ok {
			settore = s.Nome
		}
		sue := slices.ContainsFunc(schede, func(c Collocata) bool { return stessoSettore(r.Settore, c.Settore, a) })
		i, c := per[settore]
		switch {
		case sue || settore == "":
			tutte = append(tutte, Contraddizione{"sintesi-senza-scheda", settore, r.Numero,
				fmt.Sprintf("La Sintesi elenca l'obiettivo %s %s, ma nessuna scheda consegnata lo descrive.", r.Numero, virgolette(r.Titolo)), []Luogo{r.Luogo("numero")}})
		case c:
			tutte[i].Luoghi = append(tutte[i].Luoghi, r.Luogo("numero"))
		default:
			per[settore] = len(tutte)
			tutte = append(tutte, Contraddizione{"sintesi-senza-scheda", settore, "",
				fmt.Sprintf("La Sintesi elenca obiettivi del settore %s, ma il settore non ha consegnato alcuna scheda.", settore), []Luogo{r.Luogo("numero")}})
		}
	}
	return tutte
}

// pesiSintesi finds the settori whose weights in the Sintesi do not add up to 100; a
// table without all of a settore's weights says nothing.
func pesiSintesi(sintesi []RigaSintesi, a Anagrafica) []Contraddizione {
	var pesate []pesata
	mancano := map[string]bool{}
	for _, r := range sintesi {
		settore := r.Settore
		if s, ok := a.Settore(r.Settore); ok {
			settore = s.Nome
		}
		mancano[settore] = mancano[settore] || r.Peso == nil || settore == ""
		pesate = append(pesate, pesata{settore, r.Peso, r.Luogo("peso")})
	}
	pesate = slices.DeleteFunc(pesate, func(p pesata) bool { return mancano[p.settore] })
	return pesiNon100(pesate, "Nella Sintesi i pesi")
}

// stessoSettore tells whether the text of a table names that settore: its name or an
// alias, or words that hold one ("Coordinamento generale – servizio segreteria"). What
// the registry does not know, nor resembles, is another one.
func stessoSettore(scritto, settore string, a Anagrafica) bool {
	if s, ok := a.Settore(scritto); ok {
		return s.Nome == settore || chiaveNome(s.Nome) == chiaveNome(settore)
	}
	nomi := []string{settore}
	if s, ok := a.Settore(settore); ok {
		nomi = append(nomi, s.Alias...)
	}
	parole := strings.Fields(chiaveNome(scritto))
	return slices.ContainsFunc(nomi, func(n string) bool {
		sue := strings.Fields(chiaveNome(n))
		a, _ := senzaComuni(sue, parole)
		b, _ := senzaComuni(parole, sue)
		return len(a) == 0 || len(b) == 0
	})
}

var (
	rinvioTitolo = regexp.MustCompile(`[\s,;.(–—-]*\b(?:si ved[ai]|vedi|vedasi|cfr|si rinvia|si rimanda)\b.*$`)
	traParentesi = regexp.MustCompile(`\([^()]*\)`)
	numeroRinvio = regexp.MustCompile(`\b(?:si ved[ai]|vedi|vedasi|cfr|si rinvia|si rimanda)\b\D*(\d+)\s*/\s*(\d+)`)
	annoScritto  = regexp.MustCompile(`\b(?:19|20)\d\d\b`)
)

// rinvioDetto returns the number of the objective to which a title refers.
func rinvioDetto(titolo string) string {
	if m := numeroRinvio.FindStringSubmatch(Normalizza(titolo)); m != nil {
		return m[1] + "/" + m[2]
	}
	return ""
}

// paroleTitolo reduces a title to its words and its numbers: without what stands in
// parentheses, the reference to another card, years, and the words that hold others
// together.
func paroleTitolo(s string) (parole, numeri []string) {
	s = traParentesi.ReplaceAllString(rinvioTitolo.ReplaceAllString(Normalizza(s), ""), " ")
	for _, p := range strings.FieldsFunc(annoScritto.ReplaceAllString(s, " "), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		switch {
		case strings.ContainsFunc(p, unicode.IsDigit):
			numeri = append(numeri, p)
		case len(p) > 3 || len(p) == 3 && !slices.Contains([]string{"del", "dei", "con", "per", "nel", "dal", "sul", "gli", "che", "una", "uno"}, p):
			parole = append(parole, p)
		}
	}
	return parole, numeri
}

// stessoTitolo tells whether two titles are the same but for the way of writing: what
// one of them leaves out is no more than a third of it.
func stessoTitolo(a, b string) bool {
	pa, na := paroleTitolo(a)
	pb, nb := paroleTitolo(b)
	if len(pa) > len(pb) {
		pa, pb = pb, pa
	}
	x, _ := senzaComuni(na, nb)
	y, _ := senzaComuni(nb, na)
	resto, _ := senzaComuni(pa, pb)
	return len(resto)*5 <= len(pa) && len(pa)*3 >= len(pb)*2 && (len(x) == 0 || len(y) == 0)
}

// nienteInComune tells whether two lists of people or organs share no word.
func nienteInComune(a, b string) bool {
	_, comuni := senzaComuni(paroleNome(a), paroleNome(b))
	return comuni == 0
}

// anniDetti returns the years of a duration, first and last; "" for one in words.
func anniDetti(s string) string {
	anni := annoScritto.FindAllString(s, -1)
	if len(anni) == 0 {
		return ""
	}
	return anni[0] + "-" + anni[len(anni)-1]
}
