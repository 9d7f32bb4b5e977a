package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// provider is a mail server that wants a token, and that may have spent our quota.
type provider struct {
	gettone string
	quota   bool
	buste   []string // recipients of each message, in order
}

type providerSessione struct {
	p *provider
	a []string
}

func (p *provider) NewSession(*smtp.Conn) (smtp.Session, error) { return &providerSessione{p: p}, nil }

func (s *providerSessione) AuthMechanisms() []string { return []string{"XOAUTH2"} }

func (s *providerSessione) Auth(string) (sasl.Server, error) { return s, nil }

// Next takes the one message of XOAUTH2.
func (s *providerSessione) Next(risposta []byte) ([]byte, bool, error) {
	if string(risposta) != "user=ufficio@ente.example\x01auth=Bearer "+s.p.gettone+"\x01\x01" {
		return nil, true, &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "token refused"}
	}
	return nil, true, nil
}

func (s *providerSessione) Mail(string, *smtp.MailOptions) error {
	if s.a = nil; s.p.quota {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 4, 5}, Message: "Daily sending quota exceeded"}
	}
	return nil
}

func (s *providerSessione) Rcpt(a string, _ *smtp.RcptOptions) error {
	s.a = append(s.a, a)
	return nil
}

func (s *providerSessione) Data(r io.Reader) error {
	if _, err := io.Copy(io.Discard, r); err != nil {
		return err
	}
	s.p.buste = append(s.p.buste, strings.Join(s.a, " "))
	return nil
}
func (s *providerSessione) Reset()        {}
func (s *providerSessione) Logout() error { return nil }

// A day's mail through a provider, by hand: a spent quota stops the mailbox and fails no
// message, a person lets it go on, the pace holds some back, a token that was refused
// stops it again.
func TestSendThroughAProvider(t *testing.T) {
	p := &provider{gettone: "valido", quota: true}
	server := smtp.NewServer(p)
	server.Domain, server.AllowInsecureAuth, server.ErrorLog = "posta.example", true, log.New(io.Discard, "", 0)
	ascolto, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	finito := make(chan error, 1)
	go func() { finito <- server.Serve(ascolto) }()
	defer func() { server.Close(); <-finito }()

	data := cartellaDati(t)
	config, token := filepath.Join(data, "scadenzario.toml"), filepath.Join(data, "token")
	scrivi := func(file, testo string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(testo), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	scrivi(token, "valido\n")
	scrivi(config, fmt.Sprintf(`[posta]
modo = "smtp"
mittente = "ufficio@ente.example"
[posta.smtp]
host = "127.0.0.1"
porta = %d
tls = "nessuno"
utente = "ufficio@ente.example"
[posta.oauth2]
token_command = ["cat", %q]
[posta.testimone]
indirizzo = "copie@ente.example"
host = "127.0.0.1"
porta = 1
tls = "nessuno"
utente = "copie"
[posta.ritmo]
ora = 3
`, ascolto.Addr().(*net.TCPAddr).Port, token))
	comanda := func(codice int, vuole string, args ...string) {
		t.Helper()
		var out, diagnosi strings.Builder
		got := run(t.Context(), append([]string{"--config", config, "--data", data}, args...), &out, &diagnosi)
		if testo := out.String() + diagnosi.String(); got != codice || !strings.Contains(testo, vuole) {
			t.Fatalf("%v: exit %d, want %d and %q\n%s", args, got, codice, vuole, testo)
		}
	}
	comanda(uscitaBene, "", "--ente", "Unione Terre di Pianura", "registry", "import", moduli+"/anagrafica.xlsx")
	fogli, err := filepath.Glob(moduli + "/piano-2021/*.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	comanda(uscitaBene, "", append([]string{"import", "--date", "2021-04-20"}, fogli...)...)
	comanda(uscitaBene, "", "plan", "approve", "--anno", "2021", "--atto", "DGU 18/2021", "--date", "2021-04-27")
	comanda(uscitaBene, "", "remind", "--date", "2021-07-12")

	comanda(uscitaErrori, "550 5.4.5 Daily sending quota exceeded", "send")
	comanda(uscitaErrori, "the mailbox is stopped, because the mail server said: 550 5.4.5", "send")
	comanda(uscitaBene, "Put that right, then run: scadenzario outbox resume", "outbox", "list")
	p.quota = false
	comanda(uscitaBene, "mail leaves again", "outbox", "resume")
	// the refused attempt counts for the pace, as it does for the provider
	comanda(uscitaBene, "2 messages delivered through 127.0.0.1", "send")
	comanda(uscitaBene, "as many messages were tried as the pace allows; the others wait until", "send")
	for _, b := range p.buste {
		if !strings.HasSuffix(b, " copie@ente.example") || strings.Count(b, "@") != 2 {
			t.Errorf("recipients of a message: %s", b)
		}
	}
	if len(p.buste) != 2 {
		t.Errorf("%q", p.buste)
	}

	testo, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	scrivi(config, strings.Replace(string(testo), "ora = 3", "ora = 0", 1))
	scrivi(token, "scaduto\n")
	comanda(uscitaErrori, "535 5.7.8 token refused", "send")
	comanda(uscitaErrori, "the mailbox is stopped", "send")
	scrivi(token, "valido\n")
	comanda(uscitaBene, "mail leaves again", "outbox", "resume")
	comanda(uscitaBene, "delivered through 127.0.0.1", "send")
	comanda(uscitaBene, "no message waits, none was refused, none is in doubt", "outbox", "list")
	if len(p.buste) < 3 {
		t.Errorf("%q", p.buste)
	}
}
