package jobs_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/mailer"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
	"github.com/scadenzario/scadenzario/store/storetest"
)

// veleni are texts that want to be more than text somewhere.
var veleni = []string{
	// headers and MIME
	"\r\nBcc: spia@altrove.example", "\nSubject: altro", "\rBcc: spia@altrove.example", "\r\n\r\n<h1>corpo</h1>", "%0d%0aBcc: spia@altrove.example",
	"\u2028Bcc: spia@altrove.example", "\u2029Bcc: spia@altrove.example", "\u0085Bcc: spia@altrove.example", "\vBcc: x", "\fBcc: x",
	"=?utf-8?q?=0D=0ABcc:_spia@altrove.example?=", "=?utf-8?b?DQpCY2M6IHNwaWFAYWx0cm92ZS5leGFtcGxl?=", "\r\n.\r\nMAIL FROM:<spia@altrove.example>", "\n.\n",
	"\r\n--scadenzario-0--\r\n", "\r\nContent-Type: text/html\r\n", "\nFrom spia", "=0D=0A.", "=3Cb=3E", "\" <spia@altrove.example>", ", spia@altrove.example",
	"\\\" <spia@altrove.example>, \"", "(commento) <spia@altrove.example>", "undisclosed-recipients:;",
	// HTML
	"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</td></tr></table><h1>", "\" onmouseover=\"alert(1)", "' style='display:none", "<!--", "-->", "]]>",
	"<![endif]-->", "<!--[if mso]><b>", "&lt;b&gt;", "&#60;b&#62;", "&amp;lt;", "<svg/onload=alert(1)>", "<style>*{display:none}</style>", "</title><b>", "</style><b>",
	"<a href=\"https://altrove.example\">qui</a>", "<iframe src=//altrove.example>", "<base href=//altrove.example>", "<meta http-equiv=refresh content=0>", "<o:p>", "<b", "<",
	"＜script＞", "+ADw-script+AD4-", "\xc0\xbcscript\xc0\xbe", "{{.Ente}}", "{{template \"apri\" .}}", "{{", "${7*7}", "<%= 1 %>", "#{1}", "javascript:alert(1)",
	// formulas, SQL, formats
	"=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "=cmd|'/c calc'!A0", "=HYPERLINK(\"https://altrove.example\";\"qui\")", "=IMPORTXML(A1;A2)", "'; DROP TABLE enti; --", "\\'", "$1", "?",
	":nome", "%s%n%d", "%!d(string=x)", "{1}", "{2}", "\\x41", "\\u003cb\\u003e", "../../etc/passwd", "C:\\CON", "`id`", "$(id)", "| cat", ";", "\"", "'", "\\",
	// Unicode
	"\u202egnp.exe", "\u2066isolato\u2069", "\u200e\u200f", "\u061c", "a\u200bb", "\ufeffBOM", "soft\u00adhyphen", "\U000e0041\U000e0042", "e" + strings.Repeat("\u0301", 50),
	"\xed\xa0\x80", "\xff\xfe", "\x00NUL", "\x1b[31mrosso", "\x1b]0;titolo\a", "\b\b\b\b", "\x7f", "\u009b31m", "\ufffe", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\ue000",
	"مرحبا", "שלום", "\u2800", "\u3164", "ﬁne", "ǅ", "İ", "ß", "\u1680", "\u2003", "\U0001d7d9",
	// size
	strings.Repeat("a", 5000), strings.Repeat("parola ", 1000), strings.Repeat("à", 1500), strings.Repeat("😀", 600), strings.Repeat("<b>", 500), strings.Repeat("\r\n", 300), strings.Repeat(" ", 3000),
}

// trecento are the payloads: the texts above, and pairs of them.
func trecento() []string {
	tutti := slices.Clone(veleni)
	caso := rand.New(rand.NewPCG(13, 13))
	for len(tutti) < 300 {
		tutti = append(tutti, veleni[caso.IntN(len(veleni))]+veleni[caso.IntN(len(veleni))])
	}
	return tutti
}

// alcuni are as many of them, from all over the list.
func alcuni(quanti int) (testi []string) {
	tutti := trecento()
	for n := range quanti {
		testi = append(testi, tutti[n*len(tutti)/quanti])
	}
	return testi
}

// conTesti is a house in which every name and every cell of the n-th settore ends
// with the n-th text.
func conTesti(t *testing.T, testi []string) casa {
	t.Helper()
	dsn := storetest.DSN(t)
	db, err := store.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	c := casa{t, db, dsn, t.TempDir()}
	a := piano.Anagrafica{Ente: piano.Ente{Codice: ente, Nome: "Unione" + testi[0]},
		Ruoli: []piano.Ruolo{{Ruolo: piano.RuoloSegretario, Nome: "Segretario" + testi[1], Email: "segretario@terredipianura.example"}}}
	var schede []piano.Obiettivo
	for n, testo := range testi {
		nome := fmt.Sprintf("S%d%s", n, testo)
		a.Settori = append(a.Settori, piano.Settore{Nome: nome, Codice: fmt.Sprint("s", n)})
		a.Incarichi = append(a.Incarichi, piano.Incarico{Settore: nome, Nome: "Persona" + testo, Email: fmt.Sprintf("s%d@terredipianura.example", n),
			Dal: giorno(t, "2020-01-01"), Tipo: piano.Titolare})
		schede = append(schede, piano.Obiettivo{Foglio: "F" + testo, Numero: fmt.Sprintf("1/%d", n+1), Titolo: "Titolo" + testo, Settore: nome, Anno: 2021,
			Descrizione: "D" + testo, Responsabile: "Persona" + testo, Celle: map[string]string{},
			Indicatori: []piano.Indicatore{{Descrizione: "I" + testo, Unita: "numero", TargetAnno: "30%"}}, // a contradiction, for the digest
			Attivita: []piano.Attivita{{Anno: 2021, Descrizione: "Attività" + testo, Previsto: piano.NewMesi(1, 2, 3)},
				{Anno: 2021, Descrizione: "Altra" + testo, Previsto: piano.NewMesi(4, 5, 6, 7, 8, 9)}}})
	}
	if _, err := db.SaveAnagrafica(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	a, err = db.Anagrafica(t.Context(), ente) // the names as the registry keeps them
	if err != nil || len(a.Settori) != len(testi) {
		t.Fatal(len(a.Settori), err)
	}
	nomi := map[string]string{}
	for _, s := range a.Settori {
		nomi[s.Codice] = s.Nome
	}
	for n := range schede {
		schede[n].Settore = nomi[fmt.Sprint("s", n)]
	}
	k, err := db.SaveConsegne(t.Context(), ente, []piano.Documento{{File: "f.xlsx" + testi[2], Contenuto: []byte("bytes")}}, giorno(t, "2021-01-10"))
	if err != nil {
		t.Fatal(err)
	}
	arrivo := piano.Arrivo{Consegna: k[0].ID, Fonte: piano.Fonte{Giorno: giorno(t, "2021-01-10")}, Obiettivi: schede}
	if e := db.SavePiani(t.Context(), []piano.Arrivo{arrivo}); e[0].Err != nil {
		t.Fatal(e[0].Err)
	}
	if _, _, _, err := db.ApprovaPiano(t.Context(), ente, 2021, "DGU 1"+testi[3], giorno(t, "2021-01-20")); err != nil {
		t.Fatal(err)
	}
	return c
}

// forma is what must be the same whatever the texts are: headers, parts, elements.
type forma struct {
	intestazioni []string // their names, and what stands in those that no text belongs into
	parti        []string
	elementi     []string // of the page, with their attributes
}

// guarda takes a message apart and tells its form; what the texts did wrong is said
// to colpa.
func guarda(mimeBytes []byte, colpa func(string, ...any)) (f forma) {
	for _, riga := range bytes.Split(mimeBytes, []byte("\r\n")) {
		if len(riga) > 998 || bytes.ContainsAny(riga, "\r\n\x00") {
			colpa("a line of %d bytes, or with a bare line break: %.60q", len(riga), riga)
		}
	}
	m, err := mail.ReadMessage(bytes.NewReader(mimeBytes))
	if err != nil {
		colpa("%v", err)
		return f
	}
	for nome, valori := range m.Header {
		for _, v := range valori {
			letto, err := (&mime.WordDecoder{}).DecodeHeader(v)
			if err != nil || strings.ContainsFunc(letto, nonTesto) {
				colpa("%s: %q, %v", nome, letto, err)
			}
			if nome == "Subject" || nome == "From" || nome == "Message-Id" || nome == "Content-Type" {
				v = ""
			}
			f.intestazioni = append(f.intestazioni, nome+": "+v)
		}
	}
	slices.Sort(f.intestazioni)
	for _, nome := range []string{"From", "To"} {
		if a, err := m.Header.AddressList(nome); err != nil || len(a) != 1 || !strings.HasSuffix(a[0].Address, "@terredipianura.example") {
			colpa("%s: %v, %v", nome, a, err)
		}
	}
	_, p, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		colpa("%v", err)
	}
	f.leggiParti(m.Body, p["boundary"], colpa)
	return f
}

// leggiParti looks at the parts of a message, those within parts too. What is attached
// is a workbook whose cells are texts.
func (f *forma) leggiParti(r io.Reader, confine string, colpa func(string, ...any)) {
	parti := multipart.NewReader(r, confine)
	for {
		parte, err := parti.NextRawPart()
		if err == io.EOF {
			return
		}
		if err != nil {
			colpa("%v", err)
			return
		}
		tipo := parte.Header.Get("Content-Type")
		f.parti = append(f.parti, fmt.Sprint(strings.SplitN(tipo, ";", 2)[0], len(parte.Header)))
		if media, p, err := mime.ParseMediaType(tipo); err != nil {
			colpa("%s: %v", tipo, err)
		} else if strings.HasPrefix(media, "multipart/") {
			f.leggiParti(parte, p["boundary"], colpa)
			continue
		}
		if parte.FileName() != "" {
			f.leggiAllegato(parte, colpa)
			continue
		}
		corpo, err := io.ReadAll(quotedprintable.NewReader(parte))
		if err != nil || !utf8.Valid(corpo) || strings.ContainsFunc(strings.ReplaceAll(string(corpo), "\r\n", ""), func(r rune) bool { return r != '\n' && nonTesto(r) }) {
			colpa("%s holds control characters, or: %v", tipo, err)
		}
		if strings.HasPrefix(tipo, "text/html") {
			f.elementi = elementi(corpo, colpa)
		}
	}
}

func (f *forma) leggiAllegato(parte *multipart.Part, colpa func(string, ...any)) {
	if strings.ContainsFunc(parte.FileName(), nonTesto) || !strings.HasSuffix(parte.FileName(), ".xlsx") && !strings.HasSuffix(parte.FileName(), ".ods") {
		colpa("a file called %q", parte.FileName())
	}
	b, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, parte))
	if err != nil {
		colpa("%v", err)
	}
	c, err := sheet.Apri(b)
	if err != nil {
		colpa("%v", err)
	}
	for _, foglio := range c.Fogli {
		for _, x := range foglio.Celle() {
			if x.Formula {
				colpa("the form has a formula at %s", sheet.Indirizzo(x.Riga, x.Colonna))
			}
		}
	}
}

// nonTesto tells the characters that do something instead of showing something.
func nonTesto(r rune) bool { return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) }

// elementi lists what a browser makes of the page, the texts aside.
func elementi(pagina []byte, colpa func(string, ...any)) (visti []string) {
	radice, err := html.Parse(bytes.NewReader(pagina))
	if err != nil {
		colpa("%v", err)
		return nil
	}
	for n := range radice.Descendants() {
		if n.Type == html.TextNode || n.Type == html.DocumentNode {
			continue
		}
		visti = append(visti, fmt.Sprint(n.Type, n.Data, n.Attr))
	}
	return visti
}

// A text of a sheet or of the registry stays text: in the subject, the names, the
// body and the page of the reminders and of the digest.
func TestInvariant13TextsInMessages(t *testing.T) {
	cattivi := alcuni(prove(60, 300))
	buoni := make([]string, len(cattivi))
	for n := range buoni {
		buoni[n] = " comune"
	}
	provati, falliti := 0, 0
	var forme [2][]forma
	for casa, testi := range [][]string{buoni, cattivi} {
		c := conTesti(t, testi)
		adesso := time.Date(2021, 7, 12, 7, 0, 0, 0, time.UTC)
		s, m := c.solleciti(), c.mensile()
		s.Mittente.Nome, m.Mittente.Nome = "Scadenzario"+testi[4], "Scadenzario"+testi[5]
		if _, _, err := s.Run(t.Context(), giorno(t, "2021-07-12"), adesso); err != nil {
			t.Fatal(err)
		}
		if _, _, err := m.Run(t.Context(), giorno(t, "2021-06-30"), giorno(t, "2021-07-12"), adesso); err != nil {
			t.Fatal(err)
		}
		posta := t.TempDir()
		for _, f := range c.invia(posta) {
			guasto := false
			colpa := func(formato string, args ...any) {
				guasto = true
				t.Errorf(f+": "+formato, args...)
			}
			letta := guarda(leggi(t, filepath.Join(posta, f)), colpa)
			forme[casa] = append(forme[casa], letta)
			if i := len(forme[1]) - 1; casa == 1 && (i >= len(forme[0]) || !uguali(forme[0][i], letta, colpa)) {
				colpa("another form")
			}
			if casa == 1 {
				provati++
			}
			if guasto {
				falliti++
			}
		}
	}
	if provati != len(forme[0]) || provati < len(cattivi) {
		t.Errorf("%d messages, and %d with harmless texts", provati, len(forme[0]))
	}
	conto(t, 13, "a cell's text stays text: reminders and digest", provati, falliti)
}

// uguali compares two forms and says what is extra.
func uguali(a, b forma, colpa func(string, ...any)) bool {
	bene := true
	for _, c := range []struct {
		che  string
		a, b []string
	}{{"headers", a.intestazioni, b.intestazioni}, {"parts", a.parti, b.parti}, {"elements", a.elementi, b.elementi}} {
		if slices.Equal(c.a, c.b) {
			continue
		}
		bene = false
		for i := range min(len(c.a), len(c.b)) {
			if c.a[i] != c.b[i] {
				colpa("%s: %q instead of %q", c.che, c.b[i], c.a[i])
				break
			}
		}
		colpa("%d %s instead of %d", len(c.b), c.che, len(c.a))
	}
	return bene
}

// The same texts as display name and as address of the composer alone: what is no
// plain address is refused.
func TestInvariant13NamesAndAddresses(t *testing.T) {
	prove, falliti := 0, 0
	adesso := time.Date(2021, 7, 12, 7, 0, 0, 0, time.UTC)
	for _, testo := range trecento() {
		prove++
		guasto := false
		colpa := func(formato string, args ...any) {
			guasto = true
			t.Errorf("%.40q: "+formato, append([]any{testo}, args...)...)
		}
		m := piano.Messaggio{Ente: ente, Tipo: piano.TipoPromemoria, Chiave: testo, A: []string{"suap@terredipianura.example"},
			Oggetto: "Oggetto" + testo, Testo: "Testo", HTML: "<p>Testo</p>"}
		chi := mailer.Mittente{Nome: "Nome" + testo, Indirizzo: "s@terredipianura.example", RispostaNome: "R" + testo, RispostaA: "r@terredipianura.example"}
		composto, err := mailer.Componi(m, chi, adesso)
		if err != nil {
			colpa("%v", err)
		}
		if f := guarda(composto.MIME, colpa); len(f.intestazioni) != 11 || len(f.parti) != 2 {
			colpa("%d headers, %d parts: %q", len(f.intestazioni), len(f.parti), f.intestazioni)
		}
		for _, indirizzo := range []string{"suap" + testo + "@terredipianura.example", testo, "suap@terredipianura.example" + testo} {
			m.A = []string{indirizzo}
			if composto, err := mailer.Componi(m, chi, adesso); err == nil {
				if a, err := mail.ReadMessage(bytes.NewReader(composto.MIME)); err != nil || a.Header.Get("To") != "<"+indirizzo+">" {
					colpa("%q is taken for an address: %v", indirizzo, err)
				}
			}
		}
		if guasto {
			falliti++
		}
	}
	conto(t, 13, "a cell's text stays text: names and addresses", prove, falliti)
}

// What the office reads beside its file, and what the log says of it: the texts stand
// in the file's name, the sheet's name, the settore and in a cell that is refused.
func TestInvariant13AnswersAndLog(t *testing.T) {
	c := nuovaCasa(t)
	radice := t.TempDir()
	suap := filepath.Join(radice, ente, "suap")
	var diario bytes.Buffer
	r := c.raccolta(radice, subito)
	r.Log = slog.New(slog.NewTextHandler(&diario, nil))
	if err := r.Prepara(t.Context()); err != nil {
		t.Fatal(err)
	}
	provati, falliti := 0, 0
	for n, testo := range append([]string{" comune"}, alcuni(prove(60, 300))...) {
		provati++
		guasto := false
		colpa := func(formato string, args ...any) {
			guasto = true
			t.Errorf("%.40q: "+formato, append([]any{testo}, args...)...)
		}
		nome := nomeFile(fmt.Sprintf("f%d", n), testo)
		if err := os.WriteFile(filepath.Join(suap, nome), libro(t, testo), 0o660); err != nil {
			t.Fatal(err)
		}
		diario.Reset()
		if presi, err := r.Run(t.Context(), giorno(t, "2021-04-20"), time.Now()); presi != 1 || err != nil {
			colpa("%d taken, %v", presi, err)
			_ = os.Remove(filepath.Join(suap, nome))
		}
		if righe := diario.String(); strings.Count(righe, "\n") != 1 || strings.ContainsFunc(strings.TrimSuffix(righe, "\n"), nonTesto) {
			colpa("the log says %q", righe)
		}
		risposte, err := filepath.Glob(suap + "/respinti/*.txt")
		if err != nil || len(risposte) != 1 {
			colpa("%d answers, %v", len(risposte), err)
		}
		for _, f := range risposte {
			risposta := string(leggi(t, f))
			if strings.ContainsFunc(risposta, func(r rune) bool { return r != '\n' && nonTesto(r) }) {
				colpa("the answer holds control characters: %q", risposta)
			}
			if got := titoli(risposta); !slices.Equal(got, []string{"NON ACCOLTO il 20 aprile 2021", "DA CORREGGERE",
				"DA VERIFICARE (NON IMPEDISCE L'ACCOGLIMENTO)", "SCHEDE LETTE", "Messaggio automatico di Scadenzario."}) {
				colpa("the answer has the headings %q", got)
			}
		}
		if err := os.RemoveAll(filepath.Join(suap, "respinti")); err != nil {
			t.Fatal(err)
		}
		if guasto {
			falliti++
		}
	}
	conto(t, 13, "a cell's text stays text: answer, file name, log", provati, falliti)
}

// titoli returns the lines of an answer that a reader would take for its own words:
// those that begin at the margin, the file's name aside.
func titoli(risposta string) (t []string) {
	for i, riga := range strings.Split(risposta, "\n") {
		for _, nostra := range []string{"ACCOLTO", "NON ACCOLTO", "GIÀ RICEVUTO", "DA CORREGGERE", "DA VERIFICARE", "SCHEDE LETTE", "Messaggio automatico"} {
			if i > 0 && strings.HasPrefix(riga, nostra) {
				t = append(t, riga)
			}
		}
	}
	return t
}

// nomeFile makes a name that a file system takes: at most 255 bytes, no slash.
func nomeFile(inizio, testo string) string {
	testo = strings.NewReplacer("/", "", "\x00", "").Replace(testo)
	const fine = "\nACCOLTO il 3.xlsx"
	if n := 255 - len(inizio) - len(fine); len(testo) > n {
		testo = testo[:n]
	}
	return inizio + testo + fine
}

// libro is a workbook with one card, in which the text stands in three places.
func libro(t *testing.T, testo string) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(leggi(t, moduli+"/piano-2021/suap.xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	foglio := f.GetSheetList()[0]
	if len(testo) > 30_000 {
		testo = testo[:30_000]
	}
	for cella, valore := range map[string]string{"A2": "SETTORE Nessuno" + testo, "F31": "z" + testo, "C10": "x" + testo} {
		if err := f.SetCellStr(foglio, cella, strings.ToValidUTF8(valore, "")); err != nil {
			t.Fatal(err)
		}
	}
	var buf bytes.Buffer
	if err := f.Write(&buf); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}
