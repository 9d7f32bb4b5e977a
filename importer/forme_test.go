package importer

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/scadenzario/scadenzario/piano"
)

// The habits of offices that the sample plan does not show, a fixture each: cards
// side by side, months by name, tables in another order.
func TestOtherLayouts(t *testing.T) {
	forme, err := filepath.Glob("testdata/forme/*.txtar")
	if err != nil || len(forme) < 10 {
		t.Fatalf("%d layouts, %v", len(forme), err)
	}
	for _, nome := range forme {
		t.Run(strings.TrimSuffix(filepath.Base(nome), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(nome)
			if err != nil {
				t.Fatal(err)
			}
			if len(a.Files) != 2 || a.Files[0].Name != "cartella" || a.Files[1].Name != "lettura" {
				t.Fatal("a layout has two parts: cartella, lettura")
			}
			got := riassunto(Leggi("prova.xlsx", costruisci(t, string(a.Files[0].Data))))
			if d := cmp.Diff(strings.TrimSpace(string(a.Files[1].Data)), got); d != "" {
				t.Errorf("%s(-want +got)\n%s", a.Comment, d)
			}
		})
	}
}

// riassunto writes a reading as lines, without what is blank.
func riassunto(l Lettura) string {
	var b strings.Builder
	riga := func(nome, testo string) {
		if testo != "" {
			fmt.Fprintf(&b, "%s: %s\n", nome, testo)
		}
	}
	for _, s := range l.Schede {
		riga("scheda", s.Numero+" "+s.Titolo)
		riga("settore", s.Settore)
		riga("anno", fmt.Sprint(s.Anno))
		riga("strategia", s.Strategia)
		riga("assessore", s.Assessore)
		riga("responsabile", s.Responsabile)
		riga("strategicita", numero(s.Strategicita))
		riga("peso", numero(s.Peso))
		riga("altri settori", s.AltriSettori)
		riga("durata", s.Durata)
		riga("portatori", s.PortatoriInteressi)
		riga("descrizione", s.Descrizione)
		riga("risultati", s.RisultatiAttesi)
		riga("rinvio", s.Rinvio)
		for _, i := range s.Indicatori {
			riga("indicatore", strings.Join([]string{i.Descrizione, i.Unita, i.ValoreAnnoPrecedente, i.TargetAnno, i.TargetMetaAnno, i.RisultatoMetaAnno, i.RisultatoFinale}, "|"))
		}
		for _, a := range s.Attivita {
			eseguito := ""
			if a.Eseguito != nil {
				eseguito = map[bool]string{true: " SI", false: " NO"}[*a.Eseguito]
			}
			riga("attività", fmt.Sprintf("%d %s (%s) previsto %v ottenuto %v%s", a.Anno, a.Descrizione, a.Cella, a.Previsto.Elenco(), a.Ottenuto.Elenco(), eseguito))
		}
		for _, p := range s.RisorseUmane {
			riga("risorsa", strings.TrimSpace(p.Ruolo+" "+numero(p.Percentuale)))
		}
	}
	for _, r := range l.Rilievi {
		riga("rilievo", r.Codice+" "+posizione(r))
	}
	return strings.TrimSpace(b.String())
}

func numero(d *piano.Decimale) string {
	if d == nil {
		return ""
	}
	return d.String()
}
