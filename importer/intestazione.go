package importer

import (
	"regexp"
	"slices"
	"strings"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// testate returns the lines above the card: its own columns' first, then, where cards
// stand side by side, all; then of the last card above that names an office, and the first's.
func (r *riquadro) testate() [][]*casella {
	var sue []*casella
	for _, c := range r.testataComune {
		if r.dac <= c.Colonna && c.Colonna <= r.ac {
			sue = append(sue, c)
		}
	}
	tutte := [][]*casella{sue}
	if len(sue) < len(r.testataComune) {
		tutte = append(tutte, r.testataComune)
	}
	if r.intestazioneDi != nil {
		tutte = append(tutte, r.intestazioneDi.testataComune)
	}
	if r.primo != nil && r.primo != r.intestazioneDi {
		tutte = append(tutte, r.primo.testataComune)
	}
	return tutte
}

// nominaUfficio tells whether the lines above the card name a settore.
func (r *riquadro) nominaUfficio() bool {
	return slices.ContainsFunc(r.testataComune, func(c *casella) bool {
		return settoreDiRiga(c) != "" || r.unitaDiNome(c) != "" || unitaDiRiga(c) != ""
	}) || ultimaRiga(r.testataComune) != nil
}

var (
	settoreRe = regexp.MustCompile(`(?i)^settor[ei]\b[\s:–—-]*`)
	// The settore at the end of a line: "COMUNE DI BARICELLA – SETTORE SUAP".
	settoreInCoda = regexp.MustCompile(`(?i)^\pL[^:(]{3,}[\s,;–—-]+settore\s+(\pL[^:(]*)$`)
	// What a line of the page heading is, when it is not the settore.
	altraRigaRe = regexp.MustCompile(`^(\(|unione\b|comune\b|comuni\b|provincia|citta\b|regione|consorzio|comunita|piano\b|peg\b|p\.?e\.?g\b|pdo\b|piao\b|p\.i\.a\.o|ann[oi]\b|triennio|scheda|schede|allegat|obiettiv|esercizio|performance|approvat|deliber|monitoraggio|stato\b|verifica|aggiornament|report|relazione|data\b|ente\b|pag|logo|programmazion|ciclo|sistema|gestione)`)
)

// leggiSettore finds the settore: a field or a line of the page heading that says so, a
// field that says area, servizio or the like, the last line that says nothing else, or the
// sheet's name.
func (r *riquadro) leggiSettore(campi map[campo]valoreLetto) {
	campo, ok := campi[cSettore]
	delete(campi, cSettore)
	if ok = ok && campo.testo != ""; ok {
		campo.testo = senzaSettore(campo.testo)
		if campo.proprio {
			campi[cSettore] = campo
			return
		}
	}
	testate := r.testate()
	if ok && campo.area.Riga < r.corpo {
		testate = testate[:1] // a page heading of its own
	}
	for _, righe := range testate {
		for i, dice := range []func(*casella) string{settoreDiRiga, r.settoreDiNome, r.unitaDiNome, unitaDiRiga} {
			for _, c := range righe {
				if t := dice(c); t != "" {
					if ok && i > 1 { // a field says area, servizio or the like, as this line does
						campi[cSettore] = campo
						return
					}
					t, chi := senzaResponsabile(t)
					campi[cSettore] = valoreLetto{testo: t, tipo: sheet.Testo, area: c.Area}
					if chi != "" && campi[cResponsabile].testo == "" {
						campi[cResponsabile] = valoreLetto{testo: chi, tipo: sheet.Testo, area: c.Area}
					}
					return
				}
			}
		}
	}
	if ok {
		campi[cSettore] = campo
		return
	}
	for _, righe := range testate {
		if c := ultimaRiga(righe); c != nil {
			campi[cSettore] = valoreLetto{testo: c.testo, tipo: sheet.Testo, area: c.Area}
			return
		}
	}
	if t := settoreDaNome(r.f.Nome, campi[cTitolo].testo); t != "" {
		campi[cSettore] = valoreLetto{testo: t}
	}
}

// settoreDiRiga returns the settore that a line of the page heading names, "" for none.
func settoreDiRiga(c *casella) string {
	if c.haCampo && c.dentro == "" {
		return "" // a label whose value was left blank
	}
	if c.settoreLetto {
		return c.settore
	}
	c.settoreLetto = true
	if t := senzaSettore(c.testo); t != c.testo {
		c.settore = t
	} else if m := settoreInCoda.FindStringSubmatch(c.testo); m != nil {
		c.settore = senzaSettore("settore " + m[1])
	}
	return c.settore
}

// settoreDiNome returns the settore beside its label in the page heading, "SETTORE | SUAP"
// above several cards.
func (r *riquadro) settoreDiNome(c *casella) string {
	if !contiene(c.k, nomiPropri[cSettore]...) {
		return ""
	}
	return r.unitaDiNome(c)
}

// unitaDiNome returns the office beside a label of the page heading or after its colon:
// "SERVIZIO | SUAP", "Area: SUAP".
func (r *riquadro) unitaDiNome(c *casella) string {
	if !c.haCampo || c.campo != cSettore {
		return ""
	}
	if c.dentro != "" {
		return senzaSettore(c.dentro)
	}
	v := r.dove.in(c.Riga, c.FinoColonna+1)
	if v == nil || v.Riga != c.Riga || v.etichetta() && r.dove.in(v.Riga, v.FinoColonna+1) != nil {
		return ""
	}
	return senzaSettore(v.testo)
}

// unitaDiRiga returns a line of the page heading that names an office in other words: "AREA
// TECNICA".
func unitaDiRiga(c *casella) string {
	if c.haCampo || c.presa || len(c.testo) > 80 || !unitaRe.MatchString(c.testo) {
		return ""
	}
	return annoInCoda.ReplaceAllString(c.testo, "")
}

var unitaRe = regexp.MustCompile(`(?i)^(?:area|servizio|direzione|ufficio|dipartimento|ripartizione|unità (?:operativa|organizzativa)|u\.o\.)\s+\S*\pL{2}`)

// annoInCoda is the year after a settore's name: "SETTORE SUAP – ANNO 2021".
var annoInCoda = regexp.MustCompile(`(?i)[\s–—,(-]*\b(ann[oi]|peg|triennio|esercizio)\b[\s:]*(19|20)\d\d.*$`)

// senzaResponsabile takes off a settore's name who answers for it: "SUAP – Responsabile: …".
func senzaResponsabile(s string) (settore, chi string) {
	if m := responsabileInCoda.FindStringSubmatchIndex(s); m != nil {
		return s[:m[0]], s[m[2]:m[3]]
	}
	return s, ""
}

var responsabileInCoda = regexp.MustCompile(`(?i)\s*[–—,;(-]\s*(?:responsabile|dirigente|resp\.)\s*[:.]?\s+(\pL[^()]*)\)?$`)

// senzaSettore takes the word SETTORE off a name.
func senzaSettore(s string) string {
	if l := leggibile(s); l != s {
		if m := settoreRe.FindString(l); m != "" {
			s = l[:len(m)] + coda(s, l[len(m):])
		}
	}
	if m := settoreRe.FindString(s); m != "" {
		return strings.TrimSpace(annoInCoda.ReplaceAllString(s[len(m):], ""))
	}
	return s
}

// ultimaRiga returns the line of the page heading nearest to the card that can be
// nothing but the settore.
func ultimaRiga(righe []*casella) *casella {
	for i := len(righe) - 1; i >= 0; i-- {
		c := righe[i]
		n := piano.Normalizza(c.testo)
		if c.presa || altraRigaRe.MatchString(n) || len(anni(n)) > 0 || len(n) > 80 || len(n) < 3 || c.tipo != sheet.Testo || c.etichetta() || c.soloSezione != nessuna {
			continue
		}
		sole := 0
		for _, altra := range righe {
			if altra.Riga == c.Riga {
				sole++
			}
		}
		if sole == 1 {
			return c
		}
	}
	return nil
}

var (
	nomeGenerico = regexp.MustCompile(`(?i)^(foglio|sheet|scheda|schede|tabella|pagina|foglia|feuille|tabelle|ob|obiettivo|obiettivi|ob\.vo|peg|pdo|piano|cartella|modulo|form|obb)\b[\s.:°n_-]*\d`)
	nomeVuoto    = regexp.MustCompile(`(?i)^(foglio|sheet|scheda|schede|tabella|pagina|obiettivo|obiettivi|peg|pdo|piao|piano|cartella|modulo|performance|monitoraggio)?[\s\d._/()-]*$`)
	nomeCoda     = regexp.MustCompile(`(?i)[\s._-]*(\(\d+\)|(obiettivo|ob|scheda|n)?[\s._-]*\d+([\s._/-]+\d+)*)$`)
	nomeTesta    = regexp.MustCompile(`(?i)^(scheda|schede|obiettivi|peg|pdo|piao|ob)[\s._-]+`)
)

// settoreDaNome reads the settore off the name of a sheet, "" where the name says
// something else: a number, or words of the card's title.
func settoreDaNome(nome, titolo string) string {
	esplicito := strings.Contains(piano.Normalizza(nome), "settore")
	nome = strings.ReplaceAll(nome, "_", " ")
	if !esplicito && (nomeGenerico.MatchString(nome) || nomeVuoto.MatchString(nome)) {
		return ""
	}
	t := nomeCoda.ReplaceAllString(strings.TrimSpace(nome), "")
	t = senzaSettore(nomeTesta.ReplaceAllString(t, ""))
	k := parole(t)
	if len(strings.Trim(strings.Join(k, ""), "0123456789%")) < 2 {
		return ""
	}
	delTitolo := parole(titolo)
	if !esplicito && !slices.ContainsFunc(k, func(p string) bool { return !slices.Contains(delTitolo, p) }) {
		return ""
	}
	return piano.Piega(t)
}

// annoDi returns the plan's reference year: of the newest cronoprogramma, else the
// first one of the page heading, else of a field.
func (r *riquadro) annoDi(attivita []attivitaLetta, campi map[campo]valoreLetto) int {
	anno := 0
	for _, a := range attivita {
		anno = max(anno, a.anno)
	}
	if anno != 0 {
		return anno
	}
	for _, righe := range [][]*casella{r.testate()[0], r.testataComune} {
		if a := annoTestata(righe); a != 0 {
			return a
		}
	}
	if r.annoSopra != 0 {
		return r.annoSopra
	}
	if a := anni(campi[cAnno].testo); len(a) > 0 {
		return a[0]
	}
	return 0
}

// annoDiCampo returns the year of a field that says it, before the fields are taken: the
// headings of the indicators are told apart by it.
func (r *riquadro) annoDiCampo() int {
	for _, c := range r.caselle {
		if !c.haCampo || c.campo != cAnno {
			continue
		}
		testo := c.dentro
		if v := r.in(c.Riga, c.FinoColonna+1); testo == "" && v != nil {
			testo = v.testo
		}
		if a := anni(testo); len(a) > 0 {
			return a[0]
		}
	}
	return 0
}

// dataDiAtto is a date, or the number of an act with its year: "31/01/2021", "n. 12/2021".
var dataDiAtto = regexp.MustCompile(`\b\d{1,3}(?:[/.-]\d{1,2})?[/.-](?:19|20)\d\d\b`)

// annoTestata returns the first year of the page heading: of a line that says
// what the year is of, else of any.
func annoTestata(righe []*casella) int {
	primo := 0
	for _, c := range righe {
		a := anni(c.testo)
		if len(a) == 0 || c.tipo == sheet.Data {
			continue
		}
		if suoi := anni(dataDiAtto.ReplaceAllString(c.testo, " ")); len(suoi) > 0 {
			a = suoi // not those of an act's date and number
		}
		if contiene(chiave(c.testo), "ann", "trienn", "esercizi", "pian", "peg", "piao") {
			return a[0]
		}
		if primo == 0 {
			primo = a[0]
		}
	}
	return primo
}
