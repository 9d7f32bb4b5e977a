package mailer

import (
	"bytes"
	"flag"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/scadenzario/scadenzario/piano"
)

var update = flag.Bool("update", false, "write testdata instead of comparing with it (make golden)")

var ufficio = Mittente{Nome: "Scadenzario – Unione dei Comuni Terre di Pianura", Indirizzo: "scadenzario@terredipianura.example",
	RispostaNome: "Marta Ferraresi, Segretario", RispostaA: "segretario@terredipianura.example"}

var mattina = time.Date(2021, 7, 12, 7, 30, 0, 0, time.FixedZone("CEST", 7200))

// messaggio is a message with the texts that templates keeps as its goldens.
func messaggio(t *testing.T, nome string) piano.Messaggio {
	t.Helper()
	leggi := func(estensione string) string {
		b, err := os.ReadFile(filepath.Join("..", "templates", "testdata", nome+estensione))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	oggetto, testo, _ := strings.Cut(strings.TrimPrefix(leggi(".txt"), "Oggetto: "), "\n\n")
	return piano.Messaggio{Ente: "terre-di-pianura", Tipo: piano.TipoPromemoria, Chiave: "2021-07-12/" + nome,
		A: []string{"giulia.montanari@terredipianura.example"}, Oggetto: oggetto, Testo: testo, HTML: leggi(".html")}
}

// Whole mails, as they go out. Their texts are the goldens of templates: where
// those change, templates is to be updated before this package.
func TestGolden(t *testing.T) {
	file, err := filepath.Glob("../templates/testdata/*.html")
	if err != nil || len(file) == 0 {
		t.Fatal("no texts in ../templates/testdata", err)
	}
	for _, f := range file {
		nome := strings.TrimSuffix(filepath.Base(f), ".html")
		t.Run(nome, func(t *testing.T) {
			m := messaggio(t, nome)
			switch {
			case strings.HasPrefix(nome, "riepilogo"):
				m.Tipo, m.A = piano.TipoRiepilogo, []string{ufficio.RispostaA}
			case nome == "promemoria-vacante":
				m.A, m.CC = []string{"sia@terredipianura.example"}, []string{ufficio.RispostaA}
			case nome == "promemoria-escalation":
				m.CC = []string{ufficio.RispostaA}
			}
			m, err := Componi(m, ufficio, mattina)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, nome+".eml", m.MIME)
		})
	}
}

// golden compares with a file of testdata, or writes it.
func golden(t *testing.T, nome string, got []byte) {
	t.Helper()
	percorso := filepath.Join("testdata", nome)
	if *update {
		if err := os.WriteFile(percorso, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(percorso)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s (-golden +now); where this is meant, make golden:\n%s", nome, d)
	}
}

// Whoever reads the mail by the standards gets what was written.
func TestComponiReadsBack(t *testing.T) {
	m := messaggio(t, "promemoria-escalation")
	m.CC = []string{ufficio.RispostaA}
	m, err := Componi(m, ufficio, mattina)
	if err != nil {
		t.Fatal(err)
	}
	letta, err := netmail.ReadMessage(bytes.NewReader(m.MIME))
	if err != nil {
		t.Fatal(err)
	}
	decodifica := new(mime.WordDecoder)
	for chiave, want := range map[string]string{
		"Subject": m.Oggetto, "Message-Id": "<" + m.MessageID + ">", "Auto-Submitted": "auto-generated",
		"X-Auto-Response-Suppress": "All", "Date": "Mon, 12 Jul 2021 07:30:00 +0200", "User-Agent": "", "X-Mailer": "",
		"To": "<giulia.montanari@terredipianura.example>", "Cc": "<segretario@terredipianura.example>",
	} {
		got, err := decodifica.DecodeHeader(letta.Header.Get(chiave))
		if err != nil || got != want {
			t.Errorf("%s: %q, want %q (%v)", chiave, got, want, err)
		}
	}
	for chiave, want := range map[string]netmail.Address{"From": {Name: ufficio.Nome, Address: ufficio.Indirizzo},
		"Reply-To": {Name: ufficio.RispostaNome, Address: ufficio.RispostaA}} {
		got, err := letta.Header.AddressList(chiave)
		if err != nil || len(got) != 1 || *got[0] != want {
			t.Errorf("%s: %v, want %v (%v)", chiave, got, want, err)
		}
	}
	_, parametri, err := mime.ParseMediaType(letta.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parti := multipart.NewReader(letta.Body, parametri["boundary"])
	for _, want := range []struct{ tipo, testo string }{{"text/plain; charset=UTF-8", m.Testo}, {"text/html; charset=UTF-8", m.HTML}} {
		parte, err := parti.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		testo, err := io.ReadAll(quotedprintable.NewReader(parte))
		got := strings.ReplaceAll(string(testo), "\r\n", "\n")
		if err != nil || parte.Header.Get("Content-Type") != want.tipo || got != want.testo {
			t.Errorf("%s: %v\n%s", parte.Header.Get("Content-Type"), err, cmp.Diff(want.testo, got))
		}
	}
}

// The same message gives the same bytes at every attempt; another key, another
// Message-ID.
func TestComponiIsStable(t *testing.T) {
	m := messaggio(t, "promemoria-una-voce")
	primo, err := Componi(m, ufficio, mattina)
	if err != nil {
		t.Fatal(err)
	}
	for range 50 {
		altro, err := Componi(m, ufficio, mattina)
		if err != nil || !bytes.Equal(primo.MIME, altro.MIME) || primo.MessageID != altro.MessageID {
			t.Fatal("other bytes for the same message", err)
		}
	}
	visti := []string{primo.MessageID}
	for _, cambia := range []func(*piano.Messaggio){
		func(m *piano.Messaggio) { m.Ente = "altro" },
		func(m *piano.Messaggio) { m.Tipo = piano.TipoRiepilogo },
		func(m *piano.Messaggio) { m.Chiave += "x" },
		func(m *piano.Messaggio) { m.Ente, m.Chiave = m.Ente+"x", m.Chiave[1:] },
	} {
		n := m
		cambia(&n)
		n, err := Componi(n, ufficio, mattina)
		if err != nil || slices.Contains(visti, n.MessageID) {
			t.Errorf("%s again: %v", n.MessageID, err)
		}
		visti = append(visti, n.MessageID)
	}
	m.Testo, m.Oggetto = "altro", "altro"
	if altro, err := Componi(m, ufficio, mattina.AddDate(0, 0, 1)); err != nil || altro.MessageID != primo.MessageID {
		t.Error("the Message-ID depends on more than the key", err)
	}
}

// What a sheet or a registry says stays in its place: no header of its own.
func TestHeadersCannotBeInjected(t *testing.T) {
	attesi := []string{"Auto-Submitted", "Cc", "Content-Language", "Content-Type", "Date", "From", "Message-Id", "Mime-Version",
		"Reply-To", "Subject", "To", "X-Auto-Response-Suppress"}
	for _, veleno := range []string{"a\r\nBcc: tutti@ente.example", "a\nBcc: x@y.example", "a\rBcc: x@y.example", "a\r\n\r\n<h1>", "a\u2028Bcc: b",
		"\"; <x@y.example>", "a\x00b", "=?UTF-8?Q?a=0D=0ABcc:_x@y.example?=", strings.Repeat("è\n", 200), "a\xff\r\n b"} {
		m := messaggio(t, "promemoria-una-voce")
		m.Oggetto, m.CC = veleno, []string{"segretario@ente.example"}
		m.Ente, m.Chiave = veleno, veleno
		mittente := ufficio
		mittente.Nome, mittente.RispostaNome = veleno, veleno
		m, err := Componi(m, mittente, mattina)
		if err != nil {
			t.Fatal(err)
		}
		letta, err := netmail.ReadMessage(bytes.NewReader(m.MIME))
		if err != nil {
			t.Fatal(err)
		}
		var trovati []string
		for chiave, valori := range letta.Header {
			trovati = append(trovati, chiave)
			if len(valori) != 1 {
				t.Errorf("%q: %d %s", veleno, len(valori), chiave)
			}
		}
		slices.Sort(trovati)
		if d := cmp.Diff(attesi, trovati); d != "" {
			t.Errorf("%q:\n%s", veleno, d)
		}
		if da, err := letta.Header.AddressList("From"); err != nil || len(da) != 1 || da[0].Address != ufficio.Indirizzo {
			t.Errorf("%q: From %v %v", veleno, da, err)
		}
	}
}

func TestComponiRefuses(t *testing.T) {
	for _, r := range []struct {
		perche string
		cambia func(*piano.Messaggio, *Mittente)
	}{
		{"no recipient", func(m *piano.Messaggio, _ *Mittente) { m.A = nil }},
		{"no text", func(m *piano.Messaggio, _ *Mittente) { m.Testo = " \n" }},
		{"no subject", func(m *piano.Messaggio, _ *Mittente) { m.Oggetto = "\r\n" }},
		{"no key", func(m *piano.Messaggio, _ *Mittente) { m.Chiave = "" }},
		{"two addresses in one", func(m *piano.Messaggio, _ *Mittente) { m.A = []string{"a@e.example,b@e.example"} }},
		{"a header in an address", func(m *piano.Messaggio, _ *Mittente) { m.CC = []string{"a@e.example\r\nBcc: b@e.example"} }},
		{"no sender", func(_ *piano.Messaggio, f *Mittente) { f.Indirizzo = "" }},
		{"a sender with its name", func(_ *piano.Messaggio, f *Mittente) { f.Indirizzo = "Ufficio <u@e.example>" }},
		{"an odd reply address", func(_ *piano.Messaggio, f *Mittente) { f.RispostaA = "<x>@e.example" }},
	} {
		m, mittente := messaggio(t, "promemoria-una-voce"), ufficio
		r.cambia(&m, &mittente)
		if m, err := Componi(m, mittente, mattina); err == nil {
			t.Errorf("%s: taken\n%s", r.perche, m.MIME)
		}
	}
}

// Without an HTML part the mail is plain text; without a reply address it has none.
func TestComponiPlain(t *testing.T) {
	m := messaggio(t, "promemoria-una-voce")
	m.HTML = ""
	m, err := Componi(m, Mittente{Indirizzo: "scadenzario@Ente.Example"}, mattina)
	if err != nil {
		t.Fatal(err)
	}
	letta, err := netmail.ReadMessage(bytes.NewReader(m.MIME))
	if err != nil {
		t.Fatal(err)
	}
	if tipo := letta.Header.Get("Content-Type"); tipo != "text/plain; charset=UTF-8" || letta.Header.Get("Reply-To") != "" {
		t.Error(tipo, letta.Header.Get("Reply-To"))
	}
	if !strings.HasSuffix(m.MessageID, "@ente.example") {
		t.Error(m.MessageID)
	}
}

func TestCheckIndirizzo(t *testing.T) {
	for _, buono := range []string{"suap@terredipianura.example", "giulia.montanari+suap@posta.ente.example", "o'neill@ente.example",
		"sia@localhost", "a@xn--citt-0na.example", "1_2-3@4.example"} {
		if err := CheckIndirizzo(buono); err != nil {
			t.Error(err)
		}
	}
	for _, cattivo := range []string{"", "suap", "@ente.example", "suap@", "<suap@ente.example>", "<suap>@ente.example", "<…>@", "SUAP <suap@ente.example>",
		"a@b@ente.example", "a@ente.example,b@ente.example", "a@ente.example b@ente.example", "a@ente.example;b@ente.example", "a\r\n@ente.example",
		"a@ente.example\n", " a@ente.example", "a@ente.example ", `"a b"@ente.example`, "a..b@ente.example", ".a@ente.example", "a.@ente.example",
		"a@ente..example", "a@.example", "a@ente.example.", "a@-ente.example", "a@ente-.example", "a@[127.0.0.1]", "a(b)@ente.example", "società@ente.example",
		"a@società.example", "a\x00@ente.example", strings.Repeat("a", 65) + "@ente.example", "a@" + strings.Repeat("a", 64) + ".example",
		"a@" + strings.Repeat("aaa.", 70) + "example"} {
		if err := CheckIndirizzo(cattivo); err == nil {
			t.Errorf("%q was taken", cattivo)
		}
	}
}
