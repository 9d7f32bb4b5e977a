package modulo_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/scadenzario/scadenzario/importer"
	"github.com/scadenzario/scadenzario/importer/modulo"
	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

var al = time.Date(2021, 7, 12, 8, 0, 0, 0, time.UTC)

func scrivi(t testing.TB, m modulo.Modulo) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := modulo.Scrivi(&buf, m); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// nuda takes the cells and the sheet off a card: a form has its own.
func nuda(schede []piano.Obiettivo) []piano.Obiettivo {
	var nude []piano.Obiettivo
	for _, o := range schede {
		o.Celle, o.Foglio = nil, ""
		o.Indicatori, o.Attivita, o.RisorseUmane = slices.Clone(o.Indicatori), slices.Clone(o.Attivita), slices.Clone(o.RisorseUmane)
		for i := range o.Indicatori {
			o.Indicatori[i].Cella = ""
		}
		for i := range o.Attivita {
			o.Attivita[i].Cella = ""
		}
		for i := range o.RisorseUmane {
			o.RisorseUmane[i].Cella = ""
		}
		nude = append(nude, o)
	}
	return nude
}

// rilegge compares what is read of a form with what was written.
func rilegge(storia string, contenuto []byte, m modulo.Modulo) error {
	l := importer.Leggi("modulo.xlsx", contenuto)
	if d := cmp.Diff(nuda(m.Schede), nuda(l.Schede)); d != "" {
		return fmt.Errorf("%s (-written +read)\n%s", storia, d)
	}
	for _, r := range l.Rilievi {
		if r.Gravita == piano.Errore {
			return fmt.Errorf("%s: %+v", storia, r)
		}
	}
	return nil
}

// The sample plan, of every settore and at every date, comes back as it was.
func TestTheSamplePlanComesBack(t *testing.T) {
	file, err := filepath.Glob("../../testdata/moduli/*/*.xlsx")
	if err != nil || len(file) < 20 {
		t.Fatal(file, err)
	}
	for _, f := range file {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		l := importer.Leggi(filepath.Base(f), b)
		if len(l.Schede) == 0 {
			continue
		}
		m := modulo.Modulo{Ente: "Unione Terre di Pianura", Settore: l.Schede[0].Settore, Anno: l.Schede[0].Anno, Al: al, Schede: l.Schede}
		if err := rilegge(f, scrivi(t, m), m); err != nil {
			t.Error(err)
		}
	}
}

var parole = strings.Fields(`verifica aggiornamento dati posteggi commercio aree pubbliche perché città qualità l'ente entro il 30/06 monitoraggio
 così = +3 -2 @nota <b>grassetto</b> "virgolette" & 100% n.d. 1.300,50 € e/o (SIA) — fine; 2021 1/3 può ﬁne 😀 _x0041_nome_x000D_`)

func frase(r *rand.Rand, quante int) string {
	var p []string
	for range 1 + r.IntN(quante) {
		p = append(p, parole[r.IntN(len(parole))])
	}
	return piano.Piega("Testo " + strings.Join(p, " "))
}

// aCaso makes a plan by chance, with all that a card may hold.
func aCaso(r *rand.Rand) modulo.Modulo {
	m := modulo.Modulo{Ente: "Ente & figli", Settore: "Servizi finanziari", Anno: 2021, Al: al}
	dato := func(quante int) string {
		if r.IntN(5) == 0 {
			return ""
		}
		return frase(r, quante)
	}
	cento := func() *piano.Decimale {
		if r.IntN(4) == 0 {
			return nil
		}
		d := piano.Decimale(r.IntN(200) * 500_000)
		return &d
	}
	for n := range 1 + r.IntN(4) {
		o := piano.Obiettivo{Numero: fmt.Sprintf("%d/%d", n+1, 10+n), Titolo: frase(r, 12), Settore: m.Settore, Anno: 2021, Strategia: dato(5), Assessore: dato(3),
			Responsabile: dato(3), Strategicita: cento(), Peso: cento(), AltriSettori: dato(6), Durata: dato(2), PortatoriInteressi: dato(5),
			Descrizione: dato(120), RisultatiAttesi: dato(60), Indicatori: []piano.Indicatore{}, Attivita: []piano.Attivita{}, RisorseUmane: []piano.RisorsaUmana{}}
		for i := range r.IntN(4) {
			o.Indicatori = append(o.Indicatori, piano.Indicatore{Descrizione: fmt.Sprint("Indicatore ", i, " ", frase(r, 8)), Unita: dato(1), ValoreAnnoPrecedente: valore(r),
				TargetAnno: valore(r), TargetMetaAnno: valore(r), RisultatoMetaAnno: valore(r), RisultatoFinale: valore(r)})
		}
		for i := range r.IntN(6) {
			a := piano.Attivita{Anno: 2020, Descrizione: fmt.Sprint("Fase ", i, " ", frase(r, 20)), Previsto: piano.Mesi(r.IntN(4096)), Ottenuto: piano.Mesi(r.IntN(4096))}
			if i > 2 || i == 0 && r.IntN(2) == 0 {
				a.Anno = 2021
			}
			if i > 0 {
				a.Anno = max(a.Anno, o.Attivita[i-1].Anno)
			}
			if k := r.IntN(3); k < 2 {
				si := k == 0
				a.Eseguito = &si
			}
			o.Attivita = append(o.Attivita, a)
		}
		if k := len(o.Attivita); k > 0 {
			o.Attivita[k-1].Anno = 2021
		}
		for i := range r.IntN(4) {
			o.RisorseUmane = append(o.RisorseUmane, piano.RisorsaUmana{Ruolo: fmt.Sprint("Istruttore ", i), Percentuale: cento()})
		}
		if r.IntN(5) == 0 {
			o.Descrizione, o.Rinvio = "Si veda obiettivo n. 7/70", "7/70"
		}
		m.Schede = append(m.Schede, o)
	}
	return m
}

// valore is an indicator's value as offices write it.
func valore(r *rand.Rand) string {
	return []string{"", "12", "1.300", "95%", "n.d.", "sì", "=SUM(A1)", "entro il 30/06", "-", "€ 150.000,00", "0,5", "@domani", "1/3"}[r.IntN(13)]
}

// Reading a form that was just written gives back exactly what was written.
func TestAnyPlanComesBack(t *testing.T) {
	for seme := range uint64(300) {
		m := aCaso(rand.New(rand.NewPCG(seme, 21)))
		if err := rilegge(fmt.Sprint("seed ", seme), scrivi(t, m), m); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAFormIsMarkedAndTheSameEachTime(t *testing.T) {
	m := aCaso(rand.New(rand.NewPCG(1, 21)))
	b := scrivi(t, m)
	if !bytes.Equal(b, scrivi(t, m)) {
		t.Error("the same form has other bytes the second time")
	}
	c, err := sheet.Apri(b)
	if err != nil {
		t.Fatal(err)
	}
	if quando, ok := importer.LeggiVersione(c.Nomi[importer.NomeVersione]); !ok || !quando.Equal(al) {
		t.Errorf("%+v", c.Nomi)
	}
	if _, ok := importer.LeggiVersione(`"v2 domani"`); ok {
		t.Error("a mark of another kind is read")
	}
	for _, f := range c.Fogli {
		for _, x := range f.Celle() {
			if x.Formula {
				t.Errorf("%s holds a formula", sheet.Indirizzo(x.Riga, x.Colonna))
			}
		}
	}
	if err := modulo.Scrivi(&bytes.Buffer{}, modulo.Modulo{Settore: "SUAP", Anno: 2021}); err == nil {
		t.Error("a form without cards")
	}
}

// A card of several pages has its months and its headings again on each, and is read as
// one; a short one stands on one page.
func TestALongCardHasItsHeadingsOnEachPage(t *testing.T) {
	o := piano.Obiettivo{Numero: "1/1", Titolo: "Rilancio", Settore: "SUAP", Anno: 2021, RisorseUmane: []piano.RisorsaUmana{}}
	for i := range 25 {
		o.Indicatori = append(o.Indicatori, piano.Indicatore{Descrizione: fmt.Sprint("Atti del tipo ", i), TargetAnno: strings.Repeat("deliberazione ", i%4) + "1"})
		o.Attivita = append(o.Attivita, piano.Attivita{Anno: 2021, Descrizione: fmt.Sprint("Fase ", i, strings.Repeat(" del progetto", i%5)), Previsto: piano.NewMesi(i%12 + 1)})
	}
	breve := o
	breve.Numero, breve.Indicatori, breve.Attivita = "2/2", o.Indicatori[:2], o.Attivita[:4]
	m := modulo.Modulo{Ente: "Ente", Settore: "SUAP", Anno: 2021, Al: al, Schede: []piano.Obiettivo{o, breve}}
	b := scrivi(t, m)
	if err := rilegge("long", b, m); err != nil {
		t.Error(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}()
	righe, err := f.GetRows("Ob. 1-1")
	if err != nil {
		t.Fatal(err)
	}
	mesi, indicatori := 0, 0
	for _, r := range righe {
		if len(r) > 0 && strings.HasPrefix(r[0], "Attività del cronoprogramma") {
			mesi++
		}
		if len(r) > 0 && r[0] == "Descrizione indicatore" {
			indicatori++
		}
	}
	if mesi < 2 || indicatori < 2 {
		t.Errorf("the months stand %d times, the headings of indicators %d times", mesi, indicatori)
	}
	for foglio, una := range map[string]bool{"Ob. 1-1": false, "Ob. 2-2": true} {
		if p, err := f.GetSheetProps(foglio); err != nil || *p.FitToPage != una {
			t.Errorf("%s: on one page %v, %v", foglio, *p.FitToPage, err)
		}
	}
}

// An office opens the form with LibreOffice, saves it and hands it in.
func TestAFormSurvivesLibreOffice(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed: nobody to open the form")
	}
	dir := t.TempDir()
	entra, esce := filepath.Join(dir, "entra"), filepath.Join(dir, "esce")
	if err := os.Mkdir(entra, 0o700); err != nil {
		t.Fatal(err)
	}
	piani := map[string]modulo.Modulo{}
	argomenti := []string{"-env:UserInstallation=file://" + filepath.ToSlash(filepath.Join(dir, "profilo")), "--headless", "--norestore", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", esce}
	for i := range 5 {
		m, nome := aCaso(rand.New(rand.NewPCG(uint64(i), 22))), fmt.Sprintf("m%d.xlsx", i)
		if err := os.WriteFile(filepath.Join(entra, nome), scrivi(t, m), 0o600); err != nil {
			t.Fatal(err)
		}
		piani[nome], argomenti = m, append(argomenti, filepath.Join(entra, nome))
	}
	if detto, err := exec.Command(soffice, argomenti...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, detto)
	}
	for nome, m := range piani {
		b, err := os.ReadFile(filepath.Join(esce, nome))
		if err != nil {
			t.Fatal(err)
		}
		if err := rilegge(nome, b, m); err != nil {
			t.Error(err)
		}
		if c, err := sheet.Apri(b); err != nil || c.Nomi[importer.NomeVersione] == "" {
			t.Errorf("%s: the mark is lost: %v, %v", nome, c.Nomi, err)
		}
	}
}
