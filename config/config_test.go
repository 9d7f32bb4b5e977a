package config

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func nessuno(string) string   { return "" }
func ogniOrario(string) error { return nil }
func scrivi(t *testing.T, testo string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "scadenzario.toml")
	if err := os.WriteFile(file, []byte(testo), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestNoFileIsAWorkingDefault(t *testing.T) {
	c, err := Leggi("", nessuno, ogniOrario)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(Predefinita(), c); d != "" {
		t.Error(d)
	}
}

// The printed example documents every key, and with the # taken from its keys it
// is a valid file that says what holds anyway.
func TestEsempioIsTheDefault(t *testing.T) {
	esempio := Esempio()
	attivo := regexp.MustCompile(`(?m)^#(\[|[a-z_]+ = )`).ReplaceAllString(esempio, "$1")
	c, err := Leggi(scrivi(t, attivo), nessuno, ogniOrario)
	if err != nil {
		t.Fatalf("%v\n%s", err, attivo)
	}
	want := Predefinita()
	want.Posta.SoloA, want.Posta.OAuth2.TokenCommand = []string{}, []string{}
	want.Ente.Chiusure = []string{} // written as an empty list
	want.Ente.Anni = map[string]AnnoEnte{"2026": {Bilancio: "2025-12-22"}}
	want.Scadenze = map[string]Scadenza{"rpct": {Giorno: "15/12"}}
	want.Ente.Scadenze = want.Scadenze
	suo := SessioniAnno{want.Sessioni.MetaAnno, want.Sessioni.FineAnno, want.Sessioni.Anticorruzione}
	suo.MetaAnno.Chiude = "24/07"
	want.Sessioni.Anni = map[string]SessioniAnno{"2026": suo}
	want.Enti = map[string]Ente{"terre-di-pianura": {Patrono: "29/06"}} // a sample section, not a default
	if d := cmp.Diff(want, c); d != "" {
		t.Errorf("the example is not the default:\n%s", d)
	}
	for _, chiave := range []string{"dsn", "dsn_file", "denominazione", "codice", "patrono", "chiusure", "consegna", "in_copia", "massimo_solleciti", "modo",
		"cartella", "mittente", "nome_mittente", "rispondi_a", "solo_a", "host", "porta", "utente", "password_file", "tls", "ca_file",
		"token_command", "token_url", "client_id", "client_secret_file", "refresh_token_file", "scope", "minuto", "ora", "giorno", "indirizzo",
		"dati", "apre", "sollecito", "chiude", "legge", "import", "sessions", "remind", "digest", "send", "retention", "conserva_giorni", "ping", "ascolto", "inbox"} {
		if !regexp.MustCompile(`(?m)^# \S.*\n#` + chiave + ` = `).MatchString(esempio) {
			t.Errorf("%s is not in the example, or has no comment above it", chiave)
		}
	}
}

func TestLeggiTakesWhatIsWritten(t *testing.T) {
	file := scrivi(t, `
[ente]
patrono = "29/6"
chiusure = ["2026-12-24", "2026-08-10..2026-08-14"]
in_copia = true
[enti.minerbio]
patrono = "24/06"
[enti.minerbio.scala]
preavviso = 15
[scala]
ritardo = 3
[posta]
modo = "smtp"
mittente = "ufficio@ente.example"
cartella = "posta"
[posta.smtp]
host = "mail.ente.example"
utente = "scadenzario"
`)
	env := func(k string) string {
		return map[string]string{VariabilePassword: "segreta", VariabileDSN: "host=/run"}[k]
	}
	c, err := Leggi(file, env, ogniOrario)
	if err != nil {
		t.Fatal(err)
	}
	if c.Ente.Patrono != "29/6" || !c.Ente.InCopia || len(c.Ente.Chiusure) != 2 || c.Enti["minerbio"].Scala.Preavviso != 15 ||
		c.Scala.Ritardo != 3 || c.Scala.Preavviso != 10 || c.Posta.SMTP.Password != "segreta" || c.Database.DSN != "host=/run" {
		t.Errorf("%+v", c)
	}
	for _, chiusura := range []string{"Natale", "2026-08-14..2026-08-10", "2026-08-10..", "2026-08-10..2027-08-14"} {
		if _, err := Leggi(scrivi(t, "[ente]\nchiusure = [\""+chiusura+"\"]\n"), nessuno, ogniOrario); err == nil ||
			!strings.Contains(err.Error(), `:2: ente.chiusure: "`+chiusura+`" is no closure: write a day as 2026-12-24, or the first`) {
			t.Errorf("a closure that is none: %v", err)
		}
	}
	if c.Posta.Cartella != filepath.Join(filepath.Dir(file), "posta") {
		t.Errorf("a path is relative to the file's folder: %s", c.Posta.Cartella)
	}
}

func TestSecretsFromFiles(t *testing.T) {
	file := scrivi(t, "[database]\ndsn_file = \"dsn\"\n")
	if _, err := Leggi(file, nessuno, ogniOrario); err == nil || !strings.Contains(err.Error(), ":2: database.dsn_file: the file cannot be read") {
		t.Errorf("a missing secret: %v", err)
	}
	segreto := filepath.Join(filepath.Dir(file), "dsn")
	for testo, want := range map[string]string{" host=db \n": "host=db", "\n": ""} {
		if err := os.WriteFile(segreto, []byte(testo), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := Leggi(file, nessuno, ogniOrario)
		if (err == nil) != (want != "") || c.Database.DSN != want {
			t.Errorf("%q: %q, %v", testo, c.Database.DSN, err)
		}
	}
}

// All faults come at once, each with its line and what to write.
func TestEveryFaultAtOnce(t *testing.T) {
	file := scrivi(t, `[ente]
patrono = "31/02"
chiusure = ["Natale", 7]
in_copia = "si"
[scala]
preaviso = 10
ritardo = "cinque"
scaduta = 0
[posta]
modo = "piccione"
mittente = "Ufficio <u@ente.example>"
rispondi_a = "nessuno"
tipo = 3
smtp = 5
[orari]
remind = "30 2 * * *"
[servizio]
ascolto = "0.0.0.0:8480"
[enti]
minerbio = true
[posta2]
`)
	_, err := Leggi(file, nessuno, func(s string) error {
		if strings.HasPrefix(s, "30 2") {
			return errors.New("falls into the hour that is skipped")
		}
		return nil
	})
	var e *Errore
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	var got []string
	for _, riga := range strings.Split(e.Error(), "\n")[1:] {
		got = append(got, strings.TrimPrefix(riga, file))
	}
	want := []string{
		`:2: ente.patrono: "31/02" is no day of the year: write it as 29/06`,
		`:3: ente.chiusure: a list of texts is wanted, as chiusure = ["...", "..."]`,
		`:4: ente.in_copia: true or false is wanted, without quotes`,
		`:6: scala.preaviso: unknown key; did you mean "preavviso"?`,
		`:7: scala.ritardo: a whole number is wanted, without quotes`,
		`:8: scala.scaduta: 0 is outside 1..260`,
		`:10: posta.modo: "piccione" is unknown: write "cartella" or "smtp"`,
		`:11: posta.mittente: "Ufficio <u@ente.example>" is no plain e-mail address, as ufficio@ente.example`,
		`:12: posta.rispondi_a: "nessuno" is no plain e-mail address, as ufficio@ente.example`,
		`:13: posta.tipo: unknown key; known here: cartella, conserva_giorni, mittente, modo, nome_mittente, oauth2, rispondi_a, ritmo, smtp, solo_a, testimone`,
		`:14: posta.smtp: this is a section: write [posta.smtp] on a line of its own, its keys below`,
		`:16: orari.remind: falls into the hour that is skipped`,
		`:18: servizio.ascolto: "0.0.0.0:8480" is not an address of this machine alone: write it as 127.0.0.1:8480`,
		`:20: enti.minerbio: this is a section: write [enti.minerbio] on a line of its own, its keys below`,
		`:21: posta2: unknown key; did you mean "posta"?`,
	}
	less := func(a, b string) bool { return a < b }
	if d := cmp.Diff(ordina(want, less), ordina(got, less)); d != "" {
		t.Error(d)
	}
}

func ordina(s []string, less func(a, b string) bool) []string {
	s = append([]string(nil), s...)
	for i := range s {
		for j := i; j > 0 && less(s[j], s[j-1]); j-- {
			s[j], s[j-1] = s[j-1], s[j]
		}
	}
	return s
}

func TestSMTPIsJudgedWhereItIsUsed(t *testing.T) {
	for testo, want := range map[string]string{
		"":                                        "posta.smtp.host: modo = \"smtp\" needs",
		"host = \"m\"\nporta = 70000":             ":6: posta.smtp.porta: 70000 is no port",
		"host = \"m\"\ntls = \"nessuno\"":         ":6: posta.smtp.tls: \"nessuno\" is for a server on this machine",
		"host = \"m\"\ntls = \"forse\"":           "\"forse\" is unknown",
		"host = \"m\"\nutente = \"u\"":            "set SCADENZARIO_SMTP_PASSWORD or password_file",
		"host = \"m\"\npassword = \"segreta\"":    "a password does not belong into this file",
		"host = \"127.0.0.1\"\ntls = \"nessuno\"": "",
	} {
		_, err := Leggi(scrivi(t, "[posta]\nmodo = \"smtp\"\nmittente = \"u@e.example\"\n[posta.smtp]\n"+testo+"\n"), nessuno, ogniOrario)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", testo, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "segreta") {
			t.Errorf("the password is in the message: %v", err)
		}
	}
}

func TestAFileThatCannotBeRead(t *testing.T) {
	if _, err := Leggi(filepath.Join(t.TempDir(), "manca.toml"), nessuno, ogniOrario); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	if _, err := Leggi(scrivi(t, "[ente\n"), nessuno, ogniOrario); err == nil || !strings.Contains(err.Error(), ".toml:2: ") {
		t.Errorf("broken TOML names its line: %v", err)
	}
}

// Dates of the law can be changed for all years or for one; what cannot be is refused
// with its key.
func TestScadenze(t *testing.T) {
	c, err := Leggi(scrivi(t, `
[ente.anni.2026]
bilancio = "2025-12-22"
[scadenze.piao]
dopo_bilancio = 45
[scadenze.rpct.anni.2025]
giorno = 2026-01-31
[scadenze.equilibri]
giorno = "mai"
[enti.terre.scadenze.dup]
giorno = "31/07"
che = "presentazione del DUP"
fonte = "art. 170 d.lgs. 267/2000"
`), nessuno, ogniOrario)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]Scadenza{"piao": {DopoBilancio: 45}, "rpct": {Anni: map[string]AnnoScadenza{"2025": {Giorno: "2026-01-31"}}}, "equilibri": {Giorno: Mai}}
	if d := cmp.Diff(want, c.Scadenze); d != "" || c.Ente.Anni["2026"].Bilancio != "2025-12-22" || c.Enti["terre"].Scadenze["dup"].Giorno != "31/07" {
		t.Errorf("%s\n%+v %+v", d, c.Ente, c.Enti)
	}
	for testo, want := range map[string]string{
		"[scadenze.piao]\ngiorno = \"31/02\"":                                            `:2: scadenze.piao.giorno: "31/02" is no day of the year`,
		"[scadenze.peg]\ndopo_bilancio = -1":                                             `:2: scadenze.peg.dopo_bilancio: -1 is outside 0..366`,
		"[scadenze.rpct.anni.2025]\ngiorno = \"31/01\"":                                  `:2: scadenze.rpct.anni.2025.giorno: "31/01" is no day: write it as 2026-01-31`,
		"[scadenze.rpct.anni.25]\ngiorno = \"2026-01-31\"":                               `scadenze.rpct.anni.25: "25" is no year`,
		"[ente.anni.2026]\nbilancio = \"presto\"":                                        `:2: ente.anni.2026.bilancio: "presto" is no day`,
		"[enti.x.anni.MMXX]\nbilancio = \"2025-12-22\"":                                  `"MMXX" is no year`,
		"[scadenze.dup]\ngiorno = \"31/07\"":                                             `:1: scadenze.dup: a date of your own needs che and fonte`,
		"[scadenze.dup]\nche = \"DUP\"\nfonte = \"art. 170\"":                            `:1: scadenze.dup: a date of your own needs giorno or dopo_bilancio`,
		"[ente.scadenze.dup]\ngiorno = \"31/07\"\nche = \"DUP\"\nfonte = \"art. 170\"\n": "",
	} {
		_, err := Leggi(scrivi(t, testo+"\n"), nessuno, ogniOrario)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", testo, err, want)
		}
	}
}

// How the mail server lets us in, and what is missing for it.
func TestSignIn(t *testing.T) {
	const server = "[posta]\nmodo = \"smtp\"\nmittente = \"ufficio@ente.example\"\n[posta.smtp]\nhost = \"posta.ente.example\"\nutente = \"ufficio@ente.example\"\n"
	for _, c := range []struct{ testo, segreto, want string }{
		{server, "", "posta.smtp.utente: the user has no password"},
		{server, VariabilePassword, ""},
		{server + "[posta.oauth2]\ntoken_command = [\"cat\", \"t\"]", "", ""},
		{server + "[posta.oauth2]\ntoken_url = \"https://fornitore.example/token\"\nclient_id = \"x\"", VariabileRefreshToken, ""},
		{server + "[posta.oauth2]\ntoken_url = \"http://127.0.0.1:8080/token\"\nclient_id = \"x\"", VariabileClientSecret, ""},
		{server + "[posta.oauth2]\ntoken_url = \"https://fornitore.example/token\"\nclient_id = \"x\"", "", "posta.oauth2.client_secret_file: token_url needs"},
		{server + "[posta.oauth2]\ntoken_url = \"https://fornitore.example/token\"", VariabileClientSecret, "posta.oauth2.client_id: token_url needs"},
		{server + "[posta.oauth2]\ntoken_url = \"http://fornitore.example/token\"\nclient_id = \"x\"", VariabileClientSecret, "posta.oauth2.token_url:"},
		{server + "[posta.oauth2]\ntoken_url = \"https://fornitore.example/token\"\ntoken_command = [\"x\"]", "", "posta.oauth2.token_command: write either"},
		{server + "tls = \"se-offerto\"\n[posta.oauth2]\ntoken_command = [\"x\"]", "", "posta.smtp.tls: a token must not"},
		{strings.Replace(server, "utente", "#utente", 1) + "[posta.oauth2]\ntoken_command = [\"x\"]", "", "posta.smtp.utente: [posta.oauth2] signs a user in"},
		{server + "[posta.testimone]\nindirizzo = \"copie@ente.example\"\nhost = \"imap.ente.example\"\nutente = \"copie\"\n[posta.oauth2]\ntoken_command = [\"x\"]", "", ""},
		{server + "[posta.testimone]\nindirizzo = \"copie@ente.example\"\nhost = \"imap.ente.example\"\nutente = \"copie\"", VariabilePassword, "posta.testimone.utente: the witness needs"},
		{strings.Replace(server, "mittente", "solo_a = [\"@prova.example\"]\nmittente", 1) + "[posta.testimone]\nindirizzo = \"copie@ente.example\"\nhost = \"imap.ente.example\"\nutente = \"copie\"", VariabileIMAP, "posta.testimone.indirizzo: the witness is not in solo_a"},
		{server + "[posta.testimone]\nindirizzo = \"copie@ente.example\"", VariabilePassword, "posta.testimone.host: the witness needs"},
		{server + "[posta.testimone]\nindirizzo = \"copie@ente.example\"\ntls = \"nessuno\"\nhost = \"imap.ente.example\"", VariabilePassword, "posta.testimone.tls: "},
		{"[posta.ritmo]\nora = -1", "", "posta.ritmo.ora: -1 is no number of messages"},
	} {
		_, err := Leggi(scrivi(t, c.testo), func(n string) string {
			if n == c.segreto {
				return "x"
			}
			return ""
		}, ogniOrario)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\n%v; want %q", c.testo, err, c.want)
		}
	}
}
