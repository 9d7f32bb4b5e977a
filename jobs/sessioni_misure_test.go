package jobs_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/scadenzario/scadenzario/importer"
	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/piano"
)

// conMisure loads measures: of the SUAP, of all, of an office that nobody knows.
func (c casa) conMisure() {
	c.t.Helper()
	misure := []piano.Misura{
		{Titolo: "Rotazione dei commissari", Attivita: "In tutte le gare", Indicatore: "100% delle gare", Verifica: "Verbali", Settore: "SUAP; Progettazione e CUC"},
		{Titolo: "Veridicità delle autocertificazioni", Indicatore: "Controllo del 10%", Settore: "SUAP"},
		{Titolo: "Formazione", Settore: "Ufficio che non c'è"},
	}
	if err := c.db.SaveMisure(c.t.Context(), ente, 2021, misure); err != nil {
		c.t.Fatal(err)
	}
}

// allegato returns a file that went with the message under that key.
func (c casa) allegato(chiave, nome string) []byte {
	c.t.Helper()
	m, err := c.db.Messaggio(c.t.Context(), ente, piano.TipoSessione, chiave)
	if err != nil {
		c.t.Fatal(err)
	}
	posta, err := mail.ReadMessage(bytes.NewReader(m.MIME))
	if err != nil {
		c.t.Fatal(err)
	}
	_, p, err := mime.ParseMediaType(posta.Header.Get("Content-Type"))
	if err != nil {
		c.t.Fatal(err)
	}
	parti := multipart.NewReader(posta.Body, p["boundary"])
	for {
		parte, err := parti.NextPart()
		if err != nil {
			c.t.Fatalf("no %s with %s: %v", nome, chiave, err)
		}
		if parte.FileName() == nome {
			b, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, parte))
			if err != nil {
				c.t.Fatal(err)
			}
			return b
		}
	}
}

// compila writes states and notes into the sheet of the measures.
func compila(t *testing.T, foglio []byte, celle map[string]string) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(foglio))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for cella, testo := range celle {
		if err := f.SetCellStr("Misure", cella, testo); err != nil {
			t.Fatal(err)
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (c casa) consegna(nome string, contenuto []byte, g string) jobs.Risposta {
	c.t.Helper()
	r, err := jobs.Intake{Archivio: c.db}.Ricevi(c.t.Context(), ente, nome, contenuto, giorno(c.t, g))
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

// The story of the four-monthly check: who carries a measure gets a sheet of them, hands
// it in filled, and the outcome goes to who answers for the prevention of corruption.
func TestASessionOverTheMeasures(t *testing.T) {
	c := nuovaCasa(t)
	c.conPiano()
	if got := c.sessioniDel("2021-09-01"); len(got) > 0 && slices.Contains(got, "2021/anticorruzione-2 opened") {
		t.Errorf("without measures: %q", got)
	}
	c.conMisure()
	a, err := c.db.Anagrafica(t.Context(), ente)
	if err != nil {
		t.Fatal(err)
	}
	a.Ruoli = append(a.Ruoli, piano.Ruolo{Ruolo: "Responsabile della prevenzione della corruzione (RPCT)", Nome: "Ada Blu", Email: "ada.blu@terredipianura.example"})
	if _, err := c.db.SaveAnagrafica(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	aperta := []string{"2021/anticorruzione-2 opened", "ada.blu: Responsabile anticorruzione apertura", "chiara.rambaldi: Progettazione e CUC apertura", "giulia.montanari: SUAP apertura"}
	if got := c.sessioniDel("2021-09-02"); !slices.Equal(got, aperta) {
		t.Fatalf("%q", got)
	}
	const chiave = "2021/anticorruzione-2/apertura/2021-09-02/giulia.montanari@terredipianura.example"
	foglio := c.allegato(chiave, "misure-2021-anticorruzione-2-suap.xlsx")
	if r := c.consegna("misure.xlsx", foglio, "2021-09-03"); r.Accolta() || len(r.Lettura.Rilievi) != 1 || r.Lettura.Rilievi[0].Codice != "modulo-misure-vuoto" {
		t.Errorf("left blank: %+v", r.Lettura.Rilievi)
	}
	if r := c.consegna("misure.xlsx", compila(t, foglio, map[string]string{"F7": "non attuata"}), "2021-09-03"); !r.Accolta() || len(r.Lettura.Rilievi) != 1 || r.Lettura.Rilievi[0].Codice != "misura-senza-stato" {
		t.Errorf("half of it: %+v", r.Lettura.Rilievi)
	}
	pieno := compila(t, foglio, map[string]string{"F6": "attuata", "G6": "3 gare su 3", "F7": "in corso"})
	if r := c.consegna("misure.xlsx", pieno, "2021-09-06"); !r.Accolta() || len(r.Lettura.Rilievi) != 0 {
		t.Errorf("%+v", r.Lettura.Rilievi)
	}
	if r := c.consegna("misure.xlsx", compila(t, pieno, map[string]string{"A7": "M4711"}), "2021-09-06"); !r.Accolta() || len(r.Lettura.Rilievi) != 1 ||
		r.Lettura.Rilievi[0].Codice != "misura-sconosciuta" || r.Lettura.Rilievi[0].Cella != "F7" {
		t.Errorf("a measure that is gone: %+v", r.Lettura.Rilievi)
	}
	if r := c.consegna("misure.xlsx", pieno, "2021-09-07"); !r.GiaRicevuta {
		t.Error("the same bytes again are the same hand-in")
	}
	c.ricevi(moduli+"/stato-2021-06-30/progettazione-cuc.xlsx", "2021-09-07") // cards are no answer about measures
	if got := c.sessioniDel("2021-09-09"); !slices.Equal(got, []string{"ada.blu: Responsabile anticorruzione sollecito/1", "chiara.rambaldi: Progettazione e CUC sollecito/1"}) {
		t.Errorf("%q", got)
	}
	if got := c.sessioniDel("2021-09-20"); !slices.Equal(got, []string{"2021/anticorruzione-2 closed"}) {
		t.Errorf("%q", got)
	}
	s, e := c.sessioni(), piano.Ente{Codice: ente, Nome: "Unione Terre di Pianura"}
	mostra := func() piano.Chiusura {
		x, err := s.Trova(t.Context(), e, piano.Anticorruzione, 2, 2021, giorno(t, "2021-09-21"))
		if err != nil {
			t.Fatal(err)
		}
		v, err := s.Mostra(t.Context(), c.db, e, x, giorno(t, "2021-09-21"))
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	fissata := mostra()
	var f piano.Fotografia
	if err := json.Unmarshal(fissata.Fotografia, &f); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range f.Misure {
		got = append(got, strings.Join([]string{m.Settore, m.Misura, m.Stato, m.Note}, "|"))
	}
	want := []string{"SUAP|Rotazione dei commissari|attuata|3 gare su 3", "SUAP|Veridicità delle autocertificazioni|in corso|", "Progettazione e CUC|Rotazione dei commissari||",
		"Responsabile anticorruzione|Formazione||"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	m, err := c.db.Messaggio(t.Context(), ente, piano.TipoEsitoSessione, "2021/anticorruzione-2")
	if err != nil || !slices.Equal(m.A, []string{"ada.blu@terredipianura.example"}) || !slices.Equal(m.CC, []string{"ettore.malaguti@terredipianura.example"}) {
		t.Errorf("the outcome: %v %v, %v", m.A, m.CC, err)
	}
	// too late: refused, with a reason, and nothing moves
	tardi := c.consegna("misure.xlsx", compila(t, foglio, map[string]string{"F7": "attuata"}), "2021-09-21")
	if tardi.Accolta() || !slices.ContainsFunc(tardi.Lettura.Rilievi, func(r piano.Rilievo) bool { return r.Codice == "sessione-non-aperta" }) {
		t.Errorf("%+v", tardi.Lettura.Rilievi)
	}
	if err := c.db.SaveMisure(t.Context(), ente, 2021, nil); err != nil {
		t.Fatal(err)
	}
	if dopo := mostra(); !bytes.Equal(dopo.Fotografia, fissata.Fotografia) || dopo.Testo != fissata.Testo {
		t.Error("the frozen session is another")
	}
	// doctor takes none of these hand-ins for a lost one, the overwritten one neither
	esami, err := c.db.Diagnosi(t.Context())
	for _, x := range esami {
		if len(x.Male) > 0 {
			t.Errorf("%s: %q", x.Cosa, x.Male)
		}
	}
	if err != nil {
		t.Error(err)
	}
}

// A sheet for a settore that is gone is refused with its reason; without measures nothing
// is opened by hand either.
func TestASheetOfMeasuresThatFitsNowhere(t *testing.T) {
	c := nuovaCasa(t)
	c.conPiano()
	s, e := c.sessioni(), piano.Ente{Codice: ente}
	x, err := s.Trova(t.Context(), e, piano.Anticorruzione, 0, 0, giorno(t, "2021-09-01"))
	if err != nil || x.Numero != 2 {
		t.Fatal(x, err)
	}
	if _, err := s.Apri(t.Context(), e, x, giorno(t, "2021-09-01"), piano.Giorno{}, sera); !errors.Is(err, jobs.ErrSenzaMisure) {
		t.Error(err)
	}
	c.conMisure()
	p, err := s.Apri(t.Context(), e, x, giorno(t, "2021-09-01"), piano.Giorno{}, sera)
	if err != nil {
		t.Fatal(err)
	}
	m, err := jobs.ModuloMisure(e, p.Sessione, p.Vista, "SUAP", sera)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(m.Contenuto))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	nome := excelize.DefinedName{Name: importer.NomeMisure}
	if err := f.DeleteDefinedName(&nome); err != nil {
		t.Fatal(err)
	}
	nome.RefersTo = `"` + importer.MarchioMisure("2021/anticorruzione-2", "anagrafe") + `"`
	if err := f.SetDefinedName(&nome); err != nil {
		t.Fatal(err)
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	r := c.consegna("misure.xlsx", compila(t, b.Bytes(), map[string]string{"F6": "attuata"}), "2021-09-02")
	if r.Accolta() || !slices.ContainsFunc(r.Lettura.Rilievi, func(r piano.Rilievo) bool { return r.Codice == "settore-sconosciuto" }) {
		t.Errorf("%+v", r.Lettura.Rilievi)
	}
}

// Two colleagues share a sheet, and somebody thinks again: a row left blank takes nothing
// back, and what was said before stays readable, in the outcome too.
func TestWhatWasSaidOfAMeasureIsNotLost(t *testing.T) {
	c := nuovaCasa(t)
	c.conPiano()
	c.conMisure()
	c.sessioniDel("2021-09-02")
	foglio := c.allegato("2021/anticorruzione-2/apertura/2021-09-02/giulia.montanari@terredipianura.example", "misure-2021-anticorruzione-2-suap.xlsx")
	for _, x := range []struct {
		giorno string
		celle  map[string]string
	}{
		{"2021-09-03", map[string]string{"F6": "attuata", "G6": "3 gare su 3"}},
		{"2021-09-06", map[string]string{"F7": "in corso"}},
		{"2021-09-08", map[string]string{"F6": "non attuata", "G6": "2 gare su 3", "F7": "in corso"}},
	} {
		if r := c.consegna("misure.xlsx", compila(t, foglio, x.celle), x.giorno); !r.Accolta() {
			t.Fatalf("%s: %+v", x.giorno, r.Lettura.Rilievi)
		}
	}
	s, e := c.sessioni(), piano.Ente{Codice: ente, Nome: "Unione Terre di Pianura"}
	vista := func(g string) (f piano.Fotografia, testo string) {
		t.Helper()
		x, err := s.Trova(t.Context(), e, piano.Anticorruzione, 2, 2021, giorno(t, g))
		if err != nil {
			t.Fatal(err)
		}
		v, err := s.Mostra(t.Context(), c.db, e, x, giorno(t, g))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(v.Fotografia, &f); err != nil {
			t.Fatal(err)
		}
		return f, v.Testo
	}
	stati := func(g string) string {
		f, _ := vista(g)
		return f.Misure[0].Stato + "|" + f.Misure[0].Note + "|" + f.Misure[1].Stato
	}
	for g, want := range map[string]string{"2021-09-03": "attuata|3 gare su 3|", "2021-09-07": "attuata|3 gare su 3|in corso", "2021-09-08": "non attuata|2 gare su 3|in corso"} {
		if got := stati(g); got != want {
			t.Errorf("%s: %s", g, got)
		}
	}
	// the measures are loaded again with other words: what was answered stays, beside the new ones
	if err := c.db.SaveMisure(t.Context(), ente, 2021, []piano.Misura{{Titolo: "Rotazione dei commissari di gara", Settore: "SUAP"}}); err != nil {
		t.Fatal(err)
	}
	f, _ := vista("2021-09-09")
	var dopo []string
	for _, m := range f.Misure {
		if m.Settore == "SUAP" {
			dopo = append(dopo, m.Misura+": "+m.Stato)
		}
	}
	if want := []string{"Rotazione dei commissari: non attuata", "Rotazione dei commissari di gara: ", "Veridicità delle autocertificazioni: in corso"}; !slices.Equal(dopo, want) {
		t.Errorf("after loading them again: %q", dopo)
	}
	c.sessioniDel("2021-09-20")
	f, testo := vista("2021-09-21") // frozen
	if p := f.Misure[0].Prima; len(p) != 1 || p[0] != (piano.DettoPrima{Stato: "attuata", Note: "3 gare su 3", Giorno: giorno(t, "2021-09-03")}) || len(f.Misure[2].Prima) != 0 {
		t.Errorf("before: %+v %+v", f.Misure[0].Prima, f.Misure[2].Prima)
	}
	if !strings.Contains(testo, "In precedenza: «attuata», 3 gare su 3 (03/09/2021)") {
		t.Errorf("the outcome does not say it: %s", testo)
	}
}
