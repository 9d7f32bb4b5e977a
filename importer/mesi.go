package importer

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// iniziali are the months' letters as forms print them.
const iniziali = "gfmamglasond"

// romani are the months in Roman numerals.
var romani = [12]string{"i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"}

// mesiDi returns the months that a heading can mean: G is January or June, "giu" is
// June, "6", "06", "VI" and a day in June too. No month for any other text. The text is as
// Normalizza writes it.
func mesiDi(testo string, tipo sheet.Tipo) piano.Mesi {
	if tipo == sheet.Data {
		if g, err := piano.ParseGiorno(testo); err == nil {
			return piano.NewMesi(g.Mese())
		}
		return 0
	}
	s := strings.TrimRight(strings.TrimSuffix(testo, " mese"), ".:°º^ ")
	if len(s) == 1 {
		if m := daIniziale(s[0]); m != 0 {
			return m
		}
	}
	for i, r := range romani {
		if s == r {
			return piano.NewMesi(i + 1)
		}
	}
	if n := strings.TrimPrefix(s, "0"); n != "" && strings.Trim(n, "0123456789") == "" {
		if m, err := strconv.Atoi(n); err == nil && n[0] != '0' && m <= 12 {
			return piano.NewMesi(m)
		}
		return 0
	}
	for _, re := range conNumero(s) {
		if m := re.FindStringSubmatch(s); m != nil {
			return mesiDi(m[1], sheet.Testo)
		}
	}
	if len(s) == 2 {
		return dueLettere[s]
	}
	if strings.Contains(s, " ") && len(s) < 20 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz ") == "" {
		if unito := lettereSole(s); unito != "" {
			s = unito
		}
	}
	return daNome(s)
}

// conNumero returns the expressions worth trying for a month written with its number.
func conNumero(s string) []*regexp.Regexp {
	switch {
	case s == "" || !cifra(s[len(s)-1]):
		return nil
	case cifra(s[0]):
		return conNumeroPrima
	case s[0] == 'm':
		return conNumeroDopo
	}
	return nil
}

var (
	conNumeroPrima = []*regexp.Regexp{annoMeseRe, giornoMeseRe}
	conNumeroDopo  = []*regexp.Regexp{meseNumeroRe}
)

// lettereSole joins a text of single letters, "g e n"; "" for any other.
func lettereSole(s string) string {
	var b strings.Builder
	for p := range strings.FieldsSeq(s) {
		if len(p) != 1 {
			return ""
		}
		b.WriteString(p)
	}
	return b.String()
}

// dueLettere are months cut to two letters.
var dueLettere = map[string]piano.Mesi{"ge": piano.NewMesi(1), "fe": piano.NewMesi(2), "ma": piano.NewMesi(3, 5), "mr": piano.NewMesi(3), "mz": piano.NewMesi(3), "ap": piano.NewMesi(4), "mg": piano.NewMesi(5),
	"gi": piano.NewMesi(6), "gn": piano.NewMesi(1, 6), "lu": piano.NewMesi(7), "lg": piano.NewMesi(7), "ag": piano.NewMesi(8), "se": piano.NewMesi(9), "st": piano.NewMesi(9), "ot": piano.NewMesi(10), "no": piano.NewMesi(11), "nv": piano.NewMesi(11), "di": piano.NewMesi(12), "dc": piano.NewMesi(12)}

// annoDelMese returns the year that the heading of a month says, in four ciphers or in two;
// 0 for none.
func annoDelMese(testo string) int {
	if a := anni(testo); len(a) == 1 {
		return a[0]
	}
	m := annoCortoRe.FindStringSubmatch(testo)
	if m == nil || m[1] != "" && daNome(piano.Normalizza(m[1])) == 0 {
		return 0
	}
	return 2000 + int(m[2][0]-'0')*10 + int(m[2][1]-'0')
}

var annoCortoRe = regexp.MustCompile(`(?:(\pL{3,})\.?\s*[-/.' ’]+|^\s*(?:0?[1-9]|1[0-2])\s*[-/.]\s*)([1-4]\d)\s*$`)

func daIniziale(l byte) piano.Mesi {
	var s piano.Mesi
	for i := range iniziali {
		if iniziali[i] == l {
			s |= piano.NewMesi(i + 1)
		}
	}
	return s
}

// daNome reads a month's name, whole or cut to three letters or more, with a year
// beside it or not: "gen", "Sett.", "marzo 2021", "apr-21", "genaio".
func daNome(s string) piano.Mesi {
	lettere := strings.TrimRight(s, "0123456789 .-/'")
	if len(lettere) < 3 || strings.ContainsAny(lettere, " -/0123456789") {
		return 0
	}
	for m := 1; m <= 12; m++ {
		if nome := piano.NomeMese(m); strings.HasPrefix(nome, lettere) || len(lettere) > 4 && nome[0] == lettere[0] && distanza(nome, lettere, 2) <= 2 {
			return piano.NewMesi(m)
		}
	}
	return 0
}

// finestra is a run of headings in one row that covers the year: twelve months, or
// quarters, periods of four months, half-years.
type finestra struct {
	colonne []sheet.Area // where each heading stands
	mesi    []piano.Mesi // the months of each; January to December but for named months
	anno    int          // as the headings or what stands above them say; 0 for none
	riga    versoRiga    // which row it holds, where the heading above says so
}

// prima and ultima are the window's columns.
func (f finestra) prima() int  { return f.colonne[0].Colonna }
func (f finestra) ultima() int { return f.colonne[len(f.colonne)-1].FinoColonna }

// voce is a heading in a row, with the months that it can mean.
type voce struct {
	area    sheet.Area
	testo   string
	mesi    piano.Mesi   // one of these
	periodi []piano.Mesi // all of one of these
	anno    int
}

// finestre finds the windows of a row, left to right. The position tells the month
// and the letters confirm it: at most two headings may be blank or misspelt, and
// none may name another month.
func finestre(voci []voce) []finestra {
	trovate := dodici(voci)
	if len(trovate) == 0 {
		trovate = dodici(distanziate(voci))
	}
	for i := 0; i < len(voci); i++ {
		if voci[i].periodi == nil {
			continue
		}
		if f, ok := aPeriodi(voci[i:]); ok {
			trovate = append(trovate, f)
			i += len(f.colonne) - 1
		}
	}
	return trovate
}

// dodici finds the windows of twelve months.
func dodici(voci []voce) []finestra {
	var trovate []finestra
	for i := 0; i+12 <= len(voci); i++ {
		f, ok := inOrdine(voci[i : i+12])
		if !ok {
			f, ok = perNome(voci[i : i+12])
		}
		if ok {
			trovate = append(trovate, f)
			i += 11
		}
	}
	return trovate
}

// distanziate are the headings of months that stand over several columns without
// being merged: the blank cells after each belong to it, as many for every one.
func distanziate(voci []voce) []voce {
	var piene []voce
	for _, v := range voci {
		if v.testo != "" {
			piene = append(piene, v)
		}
	}
	for i := 0; i+12 <= len(piene); i++ {
		passo := piene[i+1].area.Colonna - piene[i].area.Colonna
		if passo < 2 || piene[i].mesi == 0 {
			continue
		}
		larghe := make([]voce, 0, 12)
		for k := i; k < i+12 && piene[k].area.Colonna == piene[i].area.Colonna+(k-i)*passo; k++ {
			v := piene[k]
			v.area.FinoColonna = v.area.Colonna + passo - 1
			larghe = append(larghe, v)
		}
		if len(larghe) == 12 {
			return larghe
		}
	}
	return nil
}

// aPeriodi takes the headings of quarters, periods of four months or half-years that
// cover a year from its beginning.
func aPeriodi(voci []voce) (finestra, bool) {
	for _, quanti := range []int{6, 4, 3, 2} {
		if len(voci) < quanti {
			continue
		}
		var f finestra
		for i, v := range voci[:quanti] {
			suoi := tratto(i*12/quanti+1, (i+1)*12/quanti)
			if !slices.Contains(v.periodi, suoi) {
				break
			}
			f.colonne, f.mesi, f.anno = append(f.colonne, v.area), append(f.mesi, suoi), max(f.anno, v.anno)
		}
		if len(f.colonne) == quanti {
			return f, true
		}
	}
	return finestra{}, false
}

// tratto returns the months from one to another.
func tratto(da, a int) (m piano.Mesi) {
	for ; da <= a; da++ {
		m |= piano.NewMesi(da)
	}
	return m
}

var (
	periodoRe    = regexp.MustCompile(`^(?:(iv|vi?|i{1,3}|[1-6]|primo|secondo|terzo|quarto|quinto|sesto)\s*[°ºª^]?\s*[.-]?\s*(bim|trim|quadri?m?|sem)[a-z]*|(bim|trim|quadri?m?|sem)[a-z]*\.?\s*(?:n\.?\s*)?(iv|vi?|i{1,3}|[1-6])|([tqs])\.?\s*([1-4]))[°º.]*(?:\s*(?:-|/|del|anno)?\s*(?:19|20)?\d\d)?$`)
	giornoMeseRe = regexp.MustCompile(`^(?:0?1|28|29|30|31)\s*[/.-]\s*(0?[1-9]|1[0-2])\s*[/.-]\s*(?:(?:19|20)\d\d|\d\d)$`)
	meseNumeroRe = regexp.MustCompile(`^(?:mese|m)\s*\.?\s*(?:n\.?\s*)?(0?[1-9]|1[0-2])$`)
	elencoMesiRe = regexp.MustCompile(`^[a-z]{3,}\.?(?:\s*[/,+-]\s*[a-z]{3,}\.?)+(?:\s*(?:19|20)\d\d)?$`)
	alGiornoRe   = regexp.MustCompile(`^(?:dal .* )?(?:al|entro|entro il)\s*(31\s*[/.-]\s*0?3|30\s*[/.-]\s*0?6|30\s*[/.-]\s*0?9|31\s*[/.-]\s*12|31 marzo|30 giugno|30 settembre|31 dicembre)(?:\s*[/.-]?\s*(?:19|20)?\d\d)?$`)
	daMeseRe     = regexp.MustCompile(`^(?:da\s+)?([a-z]{3,})\.?\s*(?:-|–|—|/|a)\s*([a-z]{3,})\.?(?:\s*(?:19|20)\d\d)?$`)
	annoMeseRe   = regexp.MustCompile(`^(0?[1-9]|1[0-2])\s*[/.-]\s*(?:(?:19|20)\d\d|\d\d)$`)
)

// ordinali are the names of the periods' numbers.
var ordinali = map[string]int{"1": 1, "2": 2, "3": 3, "4": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4, "5": 5, "6": 6, "v": 5, "vi": 6, "quinto": 5, "sesto": 6, "primo": 1, "secondo": 2, "terzo": 3, "quarto": 4}

// periodiDi returns the runs of months that a heading can mean as a whole: "II trim."
// is April to June, "Q1" the first quarter or the first four months. The text is as
// Normalizza writes it.
func periodiDi(s string) []piano.Mesi {
	if len(s) > 40 || !strings.ContainsAny(s, "tqsoab") {
		return nil // no quarter, no half-year, no run from gennaio, marzo, april…
	}
	s = correggiPeriodo(strings.TrimRight(s, ": "))
	if strings.Contains(s, "(") {
		s = strings.TrimSpace(parentesi.ReplaceAllString(s, "")) // "I trim. (gen-mar)"
	}
	if !forsePeriodo(s) {
		return nil
	}
	if !forseConNumero(s) {
		// no number, bimestre, trimestre…
	} else if m := periodoRe.FindStringSubmatch(s); m != nil && (m[4] == "" || strings.ContainsAny(s, " .123456")) {
		n, nome := ordinali[m[1]+m[4]+m[6]], (m[2] + m[3] + m[5])[:1]
		var suoi []piano.Mesi
		for _, lungo := range map[string][]int{"b": {2}, "t": {3}, "q": {4, 3}, "s": {6}}[nome] {
			if n*lungo <= 12 {
				suoi = append(suoi, tratto((n-1)*lungo+1, n*lungo))
			}
		}
		return suoi
	}
	if cominciaMese(s) {
		if m := daMeseRe.FindStringSubmatch(s); m != nil {
			da, a := daNome(m[1]), daNome(m[2])
			if da.Len() == 1 && a.Len() == 1 && da.Primo() < a.Primo() {
				return []piano.Mesi{tratto(da.Primo(), a.Primo())}
			}
		}
		if elencoMesiRe.MatchString(s) {
			return elencoMesi(s)
		}
	}
	if !strings.HasPrefix(s, "al") && !strings.HasPrefix(s, "dal ") && !strings.HasPrefix(s, "entro") {
		return nil
	}
	if m := alGiornoRe.FindStringSubmatch(s); m != nil {
		t := map[string]int{"31 03": 1, "31 3": 1, "31 marzo": 1, "30 06": 2, "30 6": 2, "30 giugno": 2, "30 09": 3, "30 9": 3, "30 settembre": 3, "31 12": 4, "31 dicembre": 4}[chiave(m[1])]
		if t > 0 {
			return []piano.Mesi{tratto(3*t-2, 3*t)}
		}
	}
	return nil
}

// correggiPeriodo writes the word for a period as it should be: "quadrimsetre".
func correggiPeriodo(s string) string {
	if !strings.HasSuffix(s, "re") && !strings.HasSuffix(s, "er") {
		return s // most
	}
	prima, p := "", s
	if i := strings.LastIndexByte(s, ' '); i >= 0 {
		prima, p = s[:i+1], s[i+1:]
	}
	for _, nome := range [...]string{"bimestre", "trimestre", "quadrimestre", "semestre"} {
		if p != nome && parolaSimile(p, nome) {
			return prima + nome
		}
	}
	return s
}

// forsePeriodo tells whether a text can be one of the forms of periodiDi: it has the word
// for a period, or a letter and a number for it, or two months or a day with what stands
// between or before them.
func forsePeriodo(s string) bool {
	if strings.HasPrefix(s, "al") || strings.HasPrefix(s, "entro") || strings.HasPrefix(s, "da") {
		return true
	}
	for i := range len(s) {
		resto, si := s[i:], false
		switch c := s[i]; c {
		case '-', '/', '+', ',', '1', '2', '3', '4':
			si = true
		case 'a':
			si = strings.HasPrefix(resto, "a ")
		case 'b':
			si = strings.HasPrefix(resto, "bim")
		case 't':
			si = strings.HasPrefix(resto, "trim")
		case 'q':
			si = strings.HasPrefix(resto, "quad")
		case 's':
			si = strings.HasPrefix(resto, "sem")
		case "–"[0]:
			si = strings.HasPrefix(resto, "–") || strings.HasPrefix(resto, "—")
		}
		if si {
			return true
		}
	}
	return false
}

// forseConNumero tells whether periodoRe is worth trying: the text begins with a number and
// has a period's word, or with the letter of one and a number.
func forseConNumero(s string) bool {
	if !strings.ContainsRune("123456ivpstqb", rune(s[0])) {
		return false
	}
	if strings.IndexByte("tqs", s[0]) >= 0 && len(s) > 1 && !lettera(s[1]) {
		return true
	}
	return strings.Contains(s, "bim") || strings.Contains(s, "trim") || strings.Contains(s, "quad") || strings.Contains(s, "sem")
}

// cominciaMese tells whether a text begins with a month, "da" before it or not. What follows
// it may be the "a" of a run, written together.
func cominciaMese(s string) bool {
	s = strings.TrimLeft(strings.TrimPrefix(s, "da "), " ")
	for i := 0; i <= len(s); i++ {
		fine := i == len(s) || !('a' <= s[i] && s[i] <= 'z')
		if (fine || s[i] == 'a') && daNome(s[:i]) != 0 {
			return true
		}
		if fine {
			break
		}
	}
	return false
}

// elencoMesi returns the months of a list, "gen/feb/mar", which follow one another.
func elencoMesi(s string) []piano.Mesi {
	var primo, ultimo int
	for _, p := range strings.FieldsFunc(s, func(r rune) bool { return r < 'a' || r > 'z' }) {
		m := daNome(p)
		if m.Len() != 1 || ultimo != 0 && m.Primo() != ultimo+1 {
			return nil
		}
		if ultimo = m.Primo(); primo == 0 {
			primo = ultimo
		}
	}
	return []piano.Mesi{tratto(primo, ultimo)}
}

func nuovaFinestra(voci []voce) finestra {
	f := finestra{colonne: make([]sheet.Area, len(voci)), mesi: make([]piano.Mesi, len(voci))}
	for i, v := range voci {
		f.colonne[i], f.mesi[i] = v.area, piano.NewMesi(i+1)
		f.anno = max(f.anno, v.anno)
	}
	return f
}

// inOrdine takes twelve headings from January to December.
func inOrdine(voci []voce) (finestra, bool) {
	confermati := 0
	for i, v := range voci {
		switch {
		case v.mesi.Contiene(i + 1):
			confermati++
		case v.mesi != 0:
			return finestra{}, false
		}
	}
	if confermati < 10 || voci[0].testo == "" || voci[11].testo == "" {
		return finestra{}, false
	}
	return nuovaFinestra(voci), true
}

// perNome takes twelve headings that name each month once, in any order.
func perNome(voci []voce) (finestra, bool) {
	var visti piano.Mesi
	for _, v := range voci {
		if v.mesi.Len() != 1 {
			return finestra{}, false
		}
		visti |= v.mesi
	}
	if visti != piano.TuttiMesi {
		return finestra{}, false
	}
	f := nuovaFinestra(voci)
	for i, v := range voci {
		f.mesi[i] = v.mesi
	}
	return f, true
}
