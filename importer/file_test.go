package importer

import (
	"strings"
	"testing"

	"github.com/scadenzario/scadenzario/importer/sheet"
)

// Whatever an office sends in the place of a workbook, it is told what that is and
// what to do.
func TestWhatTheFileIsAndWhatToDo(t *testing.T) {
	for _, c := range []struct {
		storia    string
		contenuto []byte
		cosa      string
	}{
		{"nothing", nil, "è vuoto"},
		{"a PDF", []byte("%PDF-1.7"), "è un documento PDF. Che cosa si può fare: inviare la cartella"},
		{"a portal's export", []byte("<html><table>"), "è una pagina web"},
		{"CSV", []byte("OBIETTIVO N. 1/3;Titolo"), "è un file di testo o CSV"},
		{"a signed workbook", []byte("\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"), "firmato digitalmente"},
		{"workbooks in an archive", zipDi(t, "suap.xlsx", "PK"), "archivio compresso con dentro altre cartelle"},
		{"half of a workbook", campione(t, "piano-2021/suap.xlsx")[:4000], "è incompleto"},
		{"a workbook without its last bytes", func() []byte { b := campione(t, "piano-2021/suap.xlsx"); return b[:len(b)-30] }(), "è incompleto"},
		{"a damaged workbook", func() []byte { b := campione(t, "piano-2021/suap.xlsx"); clear(b[2000:2100]); return b }(), "è danneggiato"},
		{"larger than 20 MB", append(make([]byte, 20<<20), '1'), "è troppo grande"},
	} {
		t.Run(c.storia, func(t *testing.T) {
			l := Leggi("x.xlsx", c.contenuto)
			if len(l.Rilievi) != 1 || l.Rilievi[0].Codice != "file-illeggibile" || !strings.HasPrefix(l.Rilievi[0].Messaggio, "Il file non si può leggere: è ") ||
				!strings.Contains(l.Rilievi[0].Messaggio, c.cosa) {
				t.Errorf("%+v", l.Rilievi)
			}
			controllaMessaggio(t, l.Rilievi[0].Messaggio)
		})
	}
}

// Every kind of file has its sentence, but workbooks, and no sentence is cut.
func TestEveryNatureHasItsSentence(t *testing.T) {
	for n := range sheet.ZipTronco + 1 {
		m, ok := motivi[n]
		cartella := n == sheet.Xlsx || n == sheet.Ods || n == sheet.XlsCifrata || n == sheet.Protetta
		if ok == cartella {
			t.Errorf("nature %d: %+v", n, m)
		}
		if !ok {
			continue
		}
		r := rilievoFile(n, sheet.ErrIlleggibile)
		controllaMessaggio(t, r.Messaggio)
		if !strings.Contains(r.Messaggio, m.cosa+". ") || !strings.HasSuffix(r.Messaggio, m.rimedio+".") {
			t.Error(r.Messaggio)
		}
	}
}
