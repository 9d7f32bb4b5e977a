package importer

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// Habits as offices write them: testdata/abitudini/*.txt, each a part of the card drawn in
// another manner. Whatever the manner, the card reads as the one of base.txt, but for what
// the habit says after "=>" and the findings that it marks.
//
//	= story                  a habit; it draws the part that its file is named after
//	[pesi]                   the lines below draw that part
//	Peso | #80 | %80% | @2021-01-01 | &#N/D | &?   cells: a text, a number, a per cent, a date, an error, no value
//	~92D050 text | > | ^     a fill; merged with the cell at the left, with the one above
//	{G} {gen} {1..12}        twelve headings
//	{1,2} {1,2:●} {1:~92D050}   twelve cells, with a mark in those of January and February
//	?code?text               the finding that the cell must have
//	! code                   one that stands at "OBIETTIVO N."
//	.                        a blank row
//	=> {"numero": "3"}       what it reads as, in place of the base card's
type abitudine struct {
	file, storia string
	parti        map[string][]string
	atteso       string
	rilievi      []string
}

// ordineParti is the order of a card's parts; before those of staccate comes a blank row.
var ordineParti = []string{"testata", "titolo", "anagrafe", "pesi", "descrizione", "risultati", "indicatori", "crono", "persone", "coda"}

var staccate = []string{"titolo", "descrizione", "risultati", "indicatori", "crono", "persone", "coda"}

func leggiAbitudini(t testing.TB) (base abitudine, altre []abitudine) {
	t.Helper()
	nomi, err := filepath.Glob("testdata/abitudini/*.txt")
	if err != nil || len(nomi) < 5 {
		t.Fatalf("%d files, %v", len(nomi), err)
	}
	for _, nome := range nomi {
		b, err := os.ReadFile(nome)
		if err != nil {
			t.Fatal(err)
		}
		file := strings.TrimSuffix(filepath.Base(nome), ".txt")
		for _, pezzo := range strings.Split("\n"+string(b), "\n= ")[1:] {
			a := unAbitudine(t, file, strings.Split(strings.TrimRight(pezzo, "\n"), "\n"))
			if file == "base" {
				base = a
			} else {
				altre = append(altre, a)
			}
		}
	}
	return base, altre
}

func unAbitudine(t testing.TB, file string, righe []string) abitudine {
	t.Helper()
	a := abitudine{file: file, storia: righe[0], parti: map[string][]string{}}
	parte := file
	for _, r := range righe[1:] {
		switch {
		case r == "" || strings.HasPrefix(r, "//"):
		case strings.HasPrefix(r, "[") && strings.HasSuffix(r, "]"):
			if parte = strings.Trim(r, "[]"); !slices.Contains(ordineParti, parte) {
				t.Fatalf("%s: no part %q", a.storia, parte)
			}
			a.parti[parte] = []string{}
		case strings.HasPrefix(r, "=> "):
			a.atteso = r[3:]
		case strings.HasPrefix(r, "! "):
			a.rilievi = append(a.rilievi, r[2:]+" *")
		default:
			a.parti[parte] = append(a.parti[parte], r)
		}
	}
	return a
}

// foglioDisegnato is a sheet on which cards are drawn.
type foglioDisegnato struct {
	celle   []sheet.Cella
	unioni  []sheet.Area
	rilievi []string // code and address
	colora  bool     // labels have a fill
}

// scheda draws the card and returns the row below it.
func (f *foglioDisegnato) scheda(parti map[string][]string, riga, col int, fitta bool) int {
	for _, parte := range ordineParti {
		if len(parti[parte]) == 0 {
			continue
		}
		if !fitta && slices.Contains(staccate, parte) {
			riga++
		}
		for i, testo := range parti[parte] {
			f.riga(testo, riga, col, f.colora && (i == 0 || parte == "anagrafe" || parte == "pesi"), parte)
			riga++
		}
	}
	return riga
}

func (f *foglioDisegnato) riga(testo string, riga, col int, etichette bool, parte string) {
	if testo == "." {
		return
	}
	for i, c := range espandi(strings.Split(testo, "|")) {
		f.cella(strings.TrimSpace(c), riga, col, etichette && (i == 0 || parte == "indicatori" || parte == "crono" || parte == "persone"))
		col++
	}
}

// espandi writes out what stands in braces.
func espandi(celle []string) []string {
	var tutte []string
	for _, c := range celle {
		dentro, ok := strings.CutPrefix(strings.TrimSpace(c), "{")
		if !ok {
			tutte = append(tutte, c)
			continue
		}
		dentro = strings.TrimSuffix(dentro, "}")
		switch dentro {
		case "G":
			tutte = append(tutte, strings.Split("GFMAMGLASOND", "")...)
			continue
		case "gen":
			tutte = append(tutte, strings.Fields("gen feb mar apr mag giu lug ago set ott nov dic")...)
			continue
		case "1..12":
			tutte = append(tutte, strings.Fields("#1 #2 #3 #4 #5 #6 #7 #8 #9 #10 #11 #12")...)
			continue
		}
		mesi, segno, c2 := strings.Cut(dentro, ":")
		if !c2 {
			segno = "X"
		}
		dodici := make([]string, 12)
		for m := range strings.SplitSeq(mesi, ",") {
			if n, err := strconv.Atoi(strings.TrimSpace(m)); err == nil && 1 <= n && n <= 12 {
				dodici[n-1] = segno
			}
		}
		tutte = append(tutte, dodici...)
	}
	return tutte
}

func (f *foglioDisegnato) cella(testo string, riga, col int, colorata bool) {
	c := sheet.Cella{Riga: riga, Colonna: col}
	switch testo {
	case ">", "^":
		r, k := riga, col
		if testo == ">" {
			k--
		} else {
			r--
		}
		for i, a := range f.unioni {
			if a.Riga <= r && r <= a.FinoRiga && a.Colonna <= k && k <= a.FinoColonna {
				f.unioni[i].FinoRiga, f.unioni[i].FinoColonna = max(a.FinoRiga, riga), max(a.FinoColonna, col)
				return
			}
		}
		f.unioni = append(f.unioni, sheet.Area{Riga: r, Colonna: k, FinoRiga: riga, FinoColonna: col})
		return
	}
	if codice, dopo, ok := strings.Cut(strings.TrimPrefix(testo, "?"), "?"); ok && strings.HasPrefix(testo, "?") && len(codice) > 3 {
		f.rilievi = append(f.rilievi, codice+" "+sheet.Indirizzo(riga, col))
		testo = dopo
	}
	if strings.HasPrefix(testo, "~") {
		colore, dopo, _ := strings.Cut(testo[1:], " ")
		c.Riempimento, testo = sheet.ColoreDi(colore), dopo
	} else if colorata && testo != "" {
		c.Riempimento = sheet.ColoreDi("D9E1F2")
	}
	if testo == "" && c.Riempimento == 0 {
		return
	}
	tipi := map[byte]sheet.Tipo{'#': sheet.Numero, '%': sheet.Percento, '@': sheet.Data, '&': sheet.Guasto}
	if testo == "&?" {
		testo, c.Tipo = "", sheet.Ignoto
	} else if len(testo) > 1 && testo != "% " && tipi[testo[0]] != 0 && (testo[0] == '&' || '0' <= testo[1] && testo[1] <= '9') {
		c.Tipo, testo = tipi[testo[0]], testo[1:]
	}
	c.Testo = sheet.Piega(strings.ReplaceAll(testo, `\n`, "\n"))
	f.celle = append(f.celle, c)
}

// attesa returns the card that the habits read as: base with what each of them changes.
func attesa(t testing.TB, base abitudine, sue ...abitudine) map[string]any {
	t.Helper()
	tutto := map[string]any{}
	for _, a := range append([]abitudine{base}, sue...) {
		if a.atteso == "" {
			continue
		}
		suo := map[string]any{}
		if err := json.Unmarshal([]byte(a.atteso), &suo); err != nil {
			t.Fatalf("%s: %v in %s", a.storia, err, a.atteso)
		}
		maps.Copy(tutto, suo)
	}
	for nome, campi := range map[string]string{
		"indicatori":    "descrizione unita valore_anno_precedente target_anno target_meta_anno risultato_meta_anno risultato_finale",
		"attivita":      "anno descrizione previsto ottenuto eseguito",
		"risorse_umane": "ruolo percentuale",
	} {
		lista, ok := tutto[nome].([]any)
		for i, v := range lista {
			if s, corta := v.(string); ok && corta {
				lista[i] = perEsteso(strings.Split(s, "|"), strings.Fields(campi))
			}
		}
	}
	return tutto
}

// perEsteso makes an object of its short form, "2021|Rilevazione|1,2||SI".
func perEsteso(valori, campi []string) map[string]any {
	o := map[string]any{}
	for i, c := range campi {
		v := ""
		if i < len(valori) {
			v = valori[i]
		}
		switch c {
		case "anno":
			n, _ := strconv.ParseFloat(v, 64)
			o[c] = n
		case "previsto", "ottenuto":
			mesi := []any{}
			for m := range strings.FieldsFuncSeq(v, func(r rune) bool { return r == ',' }) {
				n, _ := strconv.ParseFloat(m, 64)
				mesi = append(mesi, n)
			}
			o[c] = mesi
		case "eseguito":
			o[c] = map[string]any{"SI": true, "NO": false}[v]
		case "percentuale":
			if n, err := strconv.ParseFloat(v, 64); err == nil {
				o[c] = n
			} else {
				o[c] = nil
			}
		default:
			o[c] = v
		}
	}
	return o
}

// pelle is a manner of putting cards on a sheet.
type pelle struct {
	nome           string
	righe, colonne int
	colora, fitta  bool
	altra          string // where a second card stands: "sotto", "sopra", "accanto"
	unica          bool   // the first card's page heading is the second one's, too
}

var pelli = []pelle{
	{nome: "plain"}, {nome: "moved", righe: 4, colonne: 2}, {nome: "coloured", colora: true}, {nome: "close", fitta: true},
	{nome: "another below", altra: "sotto"}, {nome: "another above", altra: "sopra", colora: true}, {nome: "another beside", altra: "accanto"},
	{nome: "another below, close", altra: "sotto", fitta: true},
	{nome: "another below, one page heading", altra: "sotto", unica: true}, {nome: "another beside, one page heading", altra: "accanto", unica: true},
}

// prova draws the habits in that manner and tells how the reading differs.
func prova(t testing.TB, base abitudine, p pelle, sue ...abitudine) string {
	t.Helper()
	parti := maps.Clone(base.parti)
	var rilievi []string
	for _, a := range sue {
		maps.Copy(parti, a.parti)
		rilievi = append(rilievi, a.rilievi...)
	}
	f := &foglioDisegnato{colora: p.colora}
	attese := []map[string]any{attesa(t, base, sue...)}
	if attese[0]["rinvio"] != "" { // nothing of this is missing there
		rilievi = slices.DeleteFunc(rilievi, func(r string) bool {
			return r == "obiettivo-senza-indicatori *" || r == "obiettivo-senza-cronoprogramma *"
		})
	}
	altra := maps.Clone(base.parti)
	altra["titolo"] = []string{"OBIETTIVO N. 2/9 – Formazione del personale"}
	attesaAltra := attesa(t, base)
	attesaAltra["numero"], attesaAltra["titolo"] = "2/9", "Formazione del personale"
	if p.unica {
		if slices.ContainsFunc(parti["anagrafe"], func(r string) bool { return strings.HasPrefix(strings.ToLower(r), "settore") }) {
			return "" // the settore is the first card's alone
		}
		delete(altra, "testata")
		attesaAltra["settore"], attesaAltra["anno"] = attese[0]["settore"], attese[0]["anno"]
	}
	switch riga := 1 + p.righe; p.altra {
	case "sotto":
		riga = f.scheda(parti, riga, 1, p.fitta)
		f.scheda(altra, riga+2, 1, p.fitta)
		attese = append(attese, attesaAltra)
	case "sopra":
		riga = f.scheda(altra, riga, 1, p.fitta)
		f.scheda(parti, riga+2, 1, p.fitta)
		attese = append([]map[string]any{attesaAltra}, attese...)
	case "accanto":
		f.scheda(parti, riga, 1, p.fitta)
		f.scheda(altra, riga, 60, p.fitta)
		attese = append(attese, attesaAltra)
	default:
		f.scheda(parti, riga, 1+p.colonne, p.fitta)
	}
	schede, trovati := LeggiCartella(sheet.Cartella{Fogli: []sheet.Foglio{sheet.NewFoglio("Prova", false, f.celle, f.unioni)}})
	var lette []map[string]any
	b, err := json.Marshal(schede)
	if err == nil {
		err = json.Unmarshal(b, &lette)
	}
	if err != nil {
		t.Fatal(err)
	}
	d := cmp.Diff(attese, lette)
	return d + cmp.Diff(ordinati(append(f.rilievi, rilievi...)), rilieviTrovati(trovati, rilievi))
}

func ordinati(s []string) []string { slices.Sort(s); return s }

// rilieviTrovati are the findings as the habits write them.
func rilieviTrovati(trovati []piano.Rilievo, senzaCella []string) []string {
	var tutti []string
	for _, r := range trovati {
		switch {
		case r.Codice == "peso-settore-non-100":
		case slices.Contains(senzaCella, r.Codice+" *"):
			tutti = append(tutti, r.Codice+" *")
		default:
			tutti = append(tutti, r.Codice+" "+r.Cella)
		}
	}
	return ordinati(tutti)
}

// Each habit by itself, in every manner of putting cards on a sheet.
func TestHabits(t *testing.T) {
	base, altre := leggiAbitudini(t)
	for _, p := range pelli {
		if d := prova(t, base, p); d != "" {
			t.Errorf("the base card, %s (-want +read)\n%s", p.nome, d)
		}
	}
	for _, a := range altre {
		t.Run(a.file+"/"+a.storia, func(t *testing.T) {
			for _, p := range pelli {
				if d := prova(t, base, p, a); d != "" {
					t.Errorf("%s (-want +read)\n%s", p.nome, d)
					return
				}
			}
		})
	}
}

// Habits of several parts by chance, all on one card.
func TestHabitsByChance(t *testing.T) {
	base, altre := leggiAbitudini(t)
	const quante = 800
	rotte := 0
	for seme := range uint64(quante) {
		r := rand.New(rand.NewPCG(seme, 7))
		var sue []abitudine
		prese := map[string]bool{}
		for _, i := range r.Perm(len(altre)) {
			libera := true
			for parte := range altre[i].parti {
				libera = libera && !prese[parte]
			}
			if !libera || len(sue) > 5 {
				continue
			}
			for parte := range altre[i].parti {
				prese[parte] = true
			}
			sue = append(sue, altre[i])
		}
		p := pelli[r.IntN(len(pelli))]
		if d := prova(t, base, p, sue...); d != "" {
			if rotte++; rotte <= 12 {
				var storie []string
				for _, a := range sue {
					storie = append(storie, fmt.Sprintf("%s/%s", a.file, a.storia))
				}
				t.Errorf("seed %d, %s, %q (-want +read)\n%s", seme, p.nome, storie, d)
			}
		}
	}
	if rotte > 0 {
		t.Errorf("%d of %d cards are read otherwise than drawn", rotte, quante)
	}
}
