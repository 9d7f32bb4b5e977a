package importer

import (
	"regexp"
	"slices"
	"strings"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// What opens a card: "OBIETTIVO N. 1/3 – Titolo", in the words of any office.

// ancoraRe is the heading that opens a card. Groups: SCHEDA, the word for objective, the
// word for number, the number; the rest is the title.
var ancoraRe = regexp.MustCompile(`(?i)^(scheda\s+(?:(?:di\s+)?(?:dettaglio|sintesi|descrittiva|progetto|analitica|programmazione)\s+)?)?(?:di\s+|dell['’]\s*)?(ob\pL*\.?(?:\s*vo\b\.?)?|progetto)?\s*[:.]?\s*` +
	`(?:(?:di|del|della|dell['’]|e|-|performance|strategico|operativo|gestionale|esecutivo|peg|p\.e\.g\.|piao|pdo|dup|trasversale|specifico|sviluppo|processo|mantenimento|miglioramento|annuale|triennale|pluriennale|intersettoriale|individuale|organizzativa|organizzativo|ente|struttura|settore|gruppo|ordinario|comune|condiviso|innovazione|innovativo|generale|programma|progetto)(?:\s*[/–-]\s*|\s+))*` +
	`(n\s*[.°º:]+\s*ro\b\.?|n\s*[.°º:]+|n\b|nr\b\.?|n\.ro|nro\b\.?|num\b\.?|numero\b|codice\b|cod\b\.?|#|№)?\s*[:.°º]?\s*[(\[]?\s*` +
	`(\d{1,4}\s*[/\\⁄／∕]\s*\d{1,4}|\d{1,3}(?:\.\d{1,3})+|\d{1,2}[-‐–]\d{1,2}\b|\d{1,4})?`)

// ancoraLetta is a heading taken apart.
type ancoraLetta struct {
	parola, conN   bool   // the words for objective and for number are there
	numero, titolo string // "" where they are not in the heading
}

// puoAprire tells whether ancoraRe is worth trying: how its texts begin.
func puoAprire(s string) bool {
	comincia := func(s, p string) bool { return len(s) >= len(p) && strings.EqualFold(s[:len(p)], p) }
	switch {
	case comincia(s, "di "):
		s = s[len("di "):]
	case comincia(s, "dell'"):
		s = s[len("dell'"):]
	case comincia(s, "dell’"):
		s = s[len("dell’"):]
	case comincia(s, "scheda "), comincia(s, "progetto n"):
		return true
	}
	return comincia(strings.TrimLeft(s, " "), "ob")
}

// leggiAncora takes a text apart as the heading of a card; ok is false where it begins
// otherwise.
func leggiAncora(testo string) (a ancoraLetta, ok bool) {
	if testo == "" || testo[0] < 0x80 && !strings.ContainsRune("oOsSdDpP", rune(testo[0])) {
		return a, false // most
	}
	if t := leggibile(testo); t != testo {
		a, ok = leggiAncora(t)
		a.titolo = coda(testo, a.titolo)
		return a, ok
	}
	if !puoAprire(testo) {
		return a, false
	}
	if numero, titolo, ok := ancoraComune(testo); ok {
		return ancoraLetta{parola: true, conN: true, numero: numero, titolo: titolo}, true
	}
	dove := ancoraRe.FindStringSubmatchIndex(testo)
	if dove == nil {
		return a, false
	}
	var m [6]string
	for i := 1; i <= 4; i++ {
		if dove[2*i] >= 0 {
			m[i] = testo[dove[2*i]:dove[2*i+1]]
		}
	}
	m[5] = testo[dove[1]:]
	if m[2] == "" && m[1] == "" || m[2] != "" && !parolaObiettivo(m[2]) {
		return a, false
	}
	if strings.EqualFold(m[2], "progetto") && (m[3] == "" || !strings.Contains(numeroScritto(m[4]), "/")) {
		return a, false
	}
	a = ancoraLetta{parola: m[2] != "", conN: m[3] != "", numero: numeroScritto(m[4]), titolo: m[5]}
	if a.numero != "" && m[5] != "" && !strings.ContainsRune(" :;,.–—-−_)]", []rune(m[5])[0]) {
		if strings.HasPrefix(m[5], "°") || strings.HasPrefix(m[5], "º") || strings.HasPrefix(m[5], "\"") || strings.HasPrefix(m[5], "«") {
			return a, true
		}
		a.numero, a.titolo = "", m[4]+m[5] // "n. 10ma fiera"
	}
	return a, true
}

// ancoraComune is ancoraRe for how nearly every card begins: "OBIETTIVO N. 1/3", and after
// a space, a colon or nothing the title.
func ancoraComune(testo string) (numero, titolo string, ok bool) {
	const parola = "obiettivo n."
	if len(testo) < len(parola) || !strings.EqualFold(testo[:len(parola)], parola) {
		return "", "", false
	}
	s := strings.TrimLeft(testo[len(parola):], " ")
	fine := len(s) - len(strings.TrimLeft(s, "0123456789/"))
	n, m, due := strings.Cut(s[:fine], "/")
	if !due || n == "" || m == "" || len(n) > 4 || len(m) > 4 || strings.Contains(m, "/") || fine < len(s) && s[fine] != ' ' && s[fine] != ':' {
		return "", "", false
	}
	return s[:fine], s[fine:], true
}

// parolaObiettivo tells whether a word is the one for objective, cut or misspelt, and not
// its plural.
func parolaObiettivo(p string) bool {
	p = strings.ReplaceAll(strings.ReplaceAll(piano.Normalizza(p), ".", ""), " ", "")
	if p == "progetto" {
		return true
	}
	if p == "obiettivi" || p == "obbiettivi" || p == "obietivi" {
		return false
	}
	return slices.Contains([]string{"ob", "obb", "obiett", "obbiett", "obiet", "obv", "obvo", "obiettiv", "obt"}, p) || parolaSimile(p, "obiettivo")
}

// numeroScritto writes a number as the contract does: 1/3, also where it was typed 1 \ 3
// or 1-3.
func numeroScritto(s string) string { return sbarre.Replace(s) }

var sbarre = strings.NewReplacer(" ", "", "\u00a0", "", `\`, "/", "⁄", "/", "／", "/", "∕", "/", "-", "/", "‐", "/", "–", "/")

// ancoraSola are the labels whose value is the number of the card.
var ancoraSola = func() *etichettario[bool] {
	e := nuovoEtichettario[bool]()
	e.aggiungi(true, "n obiettivo", "numero obiettivo", "nr obiettivo", "codice obiettivo", "num obiettivo", "numero scheda", "n scheda", "numero progressivo obiettivo", "cod obiettivo", "id obiettivo", "numero ob", "n ob", "numero identificativo obiettivo", "n progressivo obiettivo", "n ordine obiettivo", "codice scheda", "numero obiettivo peg", "n obiettivo peg", "obiettivo numero", "codice identificativo obiettivo")
	return e
}()

// apre tells whether a text opens a card, by its key and that of the label before its value,
// "" where it has none; a and ok are what leggiAncora makes of it.
func apre(k, davanti string, a ancoraLetta, ok bool) bool {
	if _, ok := ancoraSola.trova(k); ok && len(k) > 3 {
		return true
	}
	if _, ok := ancoraSola.trova(davanti); ok {
		return true
	}
	switch {
	case !ok:
		return false
	case !a.parola:
		return a.conN && a.numero != ""
	case a.conN || strings.Contains(a.numero, "/"):
		return true
	case a.numero == "":
		return false
	}
	// "OBIETTIVO 3: …" without the word for number, but not "OBIETTIVO 2021"
	return len(a.numero) <= 2 && (a.titolo == "" || strings.ContainsAny(a.titolo[:1], ":-.") || debole.MatchString(a.titolo))
}

// debole is how the title goes on after a number that nothing else says to be one.
var debole = regexp.MustCompile(`^\s*[:.–—-]`)

var (
	numeroCella  = regexp.MustCompile(`^\s*(?i:(?:n|nr|num|numero)\b\s*[.°º:]*\s*)?\d{1,4}\s*[/\\⁄／∕]\s*\d{1,4}\b`)
	soloNumeroRe = regexp.MustCompile(`(?i)^(?:n\s*[.°º:]+|n\b|nr\b\.?|n\.ro|num\b\.?|numero\b|№)\s*[.°º:]*\s*\d{1,4}\s*[/\\⁄／∕]\s*\d{1,4}(?:$|[\s:.–—-])`)
)

// parolaNumero tells whether a cell holds the word for number and nothing else.
func parolaNumero(k string) bool {
	switch k {
	case "n", "nr", "num", "numero", "n ro", "nro", "codice", "cod", "id", "progressivo", "n progressivo", "numero progressivo":
		return true
	}
	return false
}

// soloObiettivo tells whether a text is the word for objective alone, or before a title.
func soloObiettivo(c *casella) bool {
	if len(c.k) < 6 || c.k[0] != 'o' && c.k[0] != 's' {
		return false
	}
	return c.solaObiettivo.chiedi(func() bool { return parolaSola(c.k, c.scritto()) })
}

// parolaSola is soloObiettivo for a text and its key.
func parolaSola(k, testo string) bool {
	nudo := func(k string) bool {
		return k != "obiettivi" && (parolaSimile(k, "obiettivo") || slices.Contains([]string{"obiettivo peg", "scheda obiettivo", "scheda", "obiettivo operativo", "obiettivo gestionale", "obiettivo performance", "obiettivo esecutivo", "obiettivo gestione", "obiettivo specifico"}, k))
	}
	if nudo(k) {
		return true
	}
	e, resto := daSolo(testo)
	return resto != "" && nudo(chiave(e))
}

// senzaNumero tells whether a bare "OBIETTIVO" has its number in a cell of its row, or a
// bare "NUMERO" beside it below.
func (s *sagoma) senzaNumero(c *casella) bool {
	if parolaNumero(c.k) {
		destra, sotto := s.dove.in(c.Riga, c.FinoColonna+1), s.dove.in(c.FinoRiga+1, c.Colonna)
		if destra != nil && numeroCella.MatchString(leggibile(destra.testo)) {
			return titola(sotto) || s.titolaPrima(c)
		}
		return destra != nil && sotto != nil && soloObiettivo(destra) && !destra.ancora && numeroCella.MatchString(leggibile(sotto.testo))
	}
	if !soloObiettivo(c) {
		return false
	}
	if sotto := s.dove.in(c.FinoRiga+1, c.Colonna); sotto != nil && sotto.Colonna == c.Colonna && numeroCella.MatchString(leggibile(sotto.testo)) && s.dove.in(c.Riga, c.FinoColonna+1) == nil {
		return true // above number and title
	} else if sotto != nil && parolaNumero(sotto.k) && numeroCella.MatchString(leggibile(testoDi(s.dove.in(sotto.Riga, sotto.FinoColonna+1)))) && s.dove.in(c.Riga, c.FinoColonna+1) != nil {
		return true // beside the title, the number below
	}
	conN := false
	for col := c.FinoColonna + 1; col <= c.FinoColonna+14; col++ {
		d := s.dove.in(c.Riga, col)
		if d == nil {
			continue
		}
		if numeroCella.MatchString(leggibile(d.testo)) || conN && soloCifre.MatchString(d.testo) {
			return true
		}
		conN = parolaNumero(d.k)
		col = d.FinoColonna
	}
	return false
}

// titola tells whether a text is the label of a title.
func titola(c *casella) bool {
	return c != nil && !c.ancora && (soloObiettivo(c) || c.haCampo && c.campo == cTitolo)
}

// titolaPrima tells whether the label of a title stands before the text in its row.
func (s *sagoma) titolaPrima(c *casella) bool {
	for col := c.Colonna - 1; col >= 1; col-- {
		if v := s.dove.in(c.Riga, col); v != nil && v.haCampo && v.campo == cTitolo && !v.ancora {
			return true
		}
	}
	return false
}

func testoDi(c *casella) string {
	if c == nil {
		return ""
	}
	return c.testo
}

// senzaIndice leaves out what heads an index, "N. | Obiettivo" above a number whose card
// stands elsewhere on the sheet.
func (s *sagoma) senzaIndice(ancore []*casella) []*casella {
	if len(ancore) < 2 {
		return ancore
	}
	return slices.DeleteFunc(slices.Clone(ancore), func(c *casella) bool {
		if !parolaNumero(c.k) {
			return false
		}
		suo := barrato(s.dove.in(c.FinoRiga+1, c.Colonna))
		return suo != "" && slices.ContainsFunc(ancore, func(a *casella) bool { return a != c && s.haNumero(a, suo) })
	})
}

// haNumero tells whether a card's heading says the number: itself, or in a cell at its right
// or below.
func (s *sagoma) haNumero(a *casella, n string) bool {
	if barrato(a) == n || senzaZeri(strings.ReplaceAll(a.letta.numero, ".", "/")) == n || barrato(s.dove.in(a.FinoRiga+1, a.Colonna)) == n {
		return true
	}
	for col := a.FinoColonna + 1; col <= a.FinoColonna+14; col++ {
		if barrato(s.dove.in(a.Riga, col)) == n {
			return true
		}
	}
	return false
}

// barrato returns the number with a slash that a text holds, "" for none.
func barrato(c *casella) string {
	if c == nil {
		return ""
	}
	return senzaZeri(numeroScritto(cifreBarra.FindString(leggibile(c.testo))))
}

// senzaZeri writes a number like 01/03 as 1/3.
func senzaZeri(n string) string {
	prima, dopo, _ := strings.Cut(n, "/")
	if dopo == "" {
		return n
	}
	return strings.TrimLeft(prima, "0") + "/" + strings.TrimLeft(dopo, "0")
}

var cifreBarra = regexp.MustCompile(`\d{1,4}\s*[/\\⁄∕]\s*\d{1,4}`)

var soloCifre = regexp.MustCompile(`^\d{1,4}$`)

// numeroEParola is the word for objective after its number: "N. 1/3 – OBIETTIVO: …".
var numeroEParola = regexp.MustCompile(`(?i)^[\s:.–—-]*obb?iettivo\s*[:–—-]\s*`)

// numeroDaSolo tells whether a text is a number that says so itself, "N. 1/3", with nothing
// after it, where a title or the word for objective follows.
func (s *sagoma) numeroDaSolo(c *casella) bool {
	if c.testo == "" || c.testo[0]|0x20 != 'n' && c.testo[0] < 0x80 {
		return false
	}
	m := soloNumeroRe.FindString(c.testo)
	if m == "" || s.dopoEtichetta(c) {
		return false
	}
	if len(m) < len(c.testo) {
		return numeroEParola.MatchString(c.testo[len(m):])
	}
	destra, sotto := s.dove.in(c.Riga, c.FinoColonna+1), s.dove.in(c.FinoRiga+1, c.Colonna)
	return destra != nil && !destra.etichetta() && destra.tipo == sheet.Testo || sotto != nil && soloObiettivo(sotto)
}

// ripiego finds, on a sheet where nothing opens a card, what does so in other words: a
// number first in its row, or "OBIETTIVO" with a title beside it and no number at all.
func (s *sagoma) ripiego() []*casella {
	var numeri, nudi []*casella
	riga := 0
	for _, c := range s.caselle {
		prima := c.Riga != riga
		riga = c.Riga
		switch {
		case s.dopoEtichetta(c):
		case prima && soloNumeroRe.MatchString(c.testo):
			numeri = append(numeri, c)
		case prima && soloObiettivo(c) && c.soloSezione == nessuna && (s.dove.in(c.Riga, c.FinoColonna+1) != nil || len(c.k) > len("scheda obiettivo")):
			nudi = append(nudi, c)
		}
	}
	if len(numeri) > 0 {
		return numeri
	}
	return nudi
}
