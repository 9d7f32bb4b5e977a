package mailer

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/scadenzario/scadenzario/piano"
)

// ufficioPostale is a real mail server (emersion/go-smtp) that keeps what it gets.
type ufficioPostale struct {
	porta int
	ca    string // file with its certificate

	mu     sync.Mutex
	buste  []busta
	utente string // who signed in last
	valido string // the token that XOAUTH2 takes; "" where the server wants a password
	sfide  int    // refused tokens
}

// busta is a message as the server got it.
type busta struct {
	da, a    string
	mime     []byte
	protetta bool // came over TLS
}

// apriUfficio starts a server with a certificate for 127.0.0.1; implicito speaks TLS
// from the first byte, else it offers STARTTLS where cifra is set.
func apriUfficio(t *testing.T, cifra, implicito bool) *ufficioPostale {
	t.Helper()
	u := &ufficioPostale{ca: filepath.Join(t.TempDir(), "ca.pem")}
	certificato := certificato(t, u.ca)
	s := smtp.NewServer(u)
	s.Domain, s.AllowInsecureAuth = "posta.example", true
	s.ErrorLog = log.New(io.Discard, "", 0)
	config := &tls.Config{Certificates: []tls.Certificate{certificato}}
	if cifra {
		s.TLSConfig = config
	}
	ascolto, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	u.porta = ascolto.Addr().(*net.TCPAddr).Port
	if implicito {
		ascolto = tls.NewListener(ascolto, config)
	}
	finito := make(chan error, 1)
	go func() { finito <- s.Serve(ascolto) }()
	t.Cleanup(func() {
		s.Close()
		<-finito
	})
	return u
}

// certificato makes a self-signed certificate and writes it to the file.
func certificato(t *testing.T, file string) tls.Certificate {
	t.Helper()
	chiave, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	modello := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "posta di prova"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, modello, modello, &chiave.PublicKey, chiave)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: chiave}
}

// NewSession implements smtp.Backend.
func (u *ufficioPostale) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &sportello{u: u, conn: c}, nil
}

// sportello is one session of the server.
type sportello struct {
	u    *ufficioPostale
	conn *smtp.Conn
	b    busta
}

func (s *sportello) AuthMechanisms() []string {
	if s.u.valido != "" {
		return []string{"XOAUTH2"}
	}
	return []string{sasl.Plain}
}

func (s *sportello) Auth(mech string) (sasl.Server, error) {
	if mech == "XOAUTH2" {
		return &xoauth2{s: s}, nil
	}
	return sasl.NewPlainServer(func(_, utente, password string) error {
		if utente != "scadenzario" || password != "giusta" {
			return errors.New("wrong password")
		}
		s.u.mu.Lock()
		defer s.u.mu.Unlock()
		s.u.utente = utente
		return nil
	}), nil
}

func (s *sportello) Mail(da string, _ *smtp.MailOptions) error {
	s.b = busta{da: da}
	return nil
}

func (s *sportello) Rcpt(a string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(a, "nessuno@") {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
	}
	if strings.HasPrefix(a, "cade@") {
		s.conn.Conn().Close()
		return errors.New("gone")
	}
	s.b.a = strings.TrimPrefix(s.b.a+" "+a, " ")
	return nil
}

func (s *sportello) Data(r io.Reader) (err error) {
	if s.b.mime, err = io.ReadAll(r); err != nil {
		return err
	}
	_, s.b.protetta = s.conn.TLSConnectionState()
	s.u.mu.Lock()
	defer s.u.mu.Unlock()
	if strings.Contains(s.b.a, "nemica@") {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 3, 0}, Message: "not to that one"}
	}
	s.u.buste = append(s.u.buste, s.b)
	return nil
}

func (s *sportello) Reset()        {}
func (s *sportello) Logout() error { return nil }

// TestRealServer delivers to a real server in each way of protecting the
// connection, and fails in each way in which that can fail.
func TestRealServer(t *testing.T) {
	cifrato, chiaro, implicito := apriUfficio(t, true, false), apriUfficio(t, false, false), apriUfficio(t, false, true)
	altro := filepath.Join(t.TempDir(), "altro.pem")
	certificato(t, altro)
	spedito := Esito{Stato: piano.Spedito, Risposta: "250 2.0.0 OK: queued"}
	for _, r := range []struct {
		storia   string
		u        *ufficioPostale
		p        ParametriSMTP
		want     Esito
		protetta bool
	}{
		{"STARTTLS and a certificate that we trust", cifrato, ParametriSMTP{TLS: TLSObbligatorio, CAFile: cifrato.ca}, spedito, true},
		{"the same, signed in", cifrato, ParametriSMTP{TLS: TLSObbligatorio, CAFile: cifrato.ca, Utente: "scadenzario", Password: "giusta"}, spedito, true},
		{"STARTTLS because it is offered", cifrato, ParametriSMTP{TLS: TLSSeOfferto, CAFile: cifrato.ca}, spedito, true},
		{"clear text because it is not", chiaro, ParametriSMTP{TLS: TLSSeOfferto}, spedito, false},
		{"clear text on this machine", chiaro, ParametriSMTP{TLS: TLSNessuno}, spedito, false},
		{"TLS from the first byte", implicito, ParametriSMTP{TLS: TLSImplicito, CAFile: implicito.ca}, spedito, true},
		{"the same, signed in", implicito, ParametriSMTP{TLS: TLSImplicito, CAFile: implicito.ca, Utente: "scadenzario", Password: "giusta"}, spedito, true},

		{"a certificate of someone else", cifrato, ParametriSMTP{TLS: TLSObbligatorio, CAFile: altro}, Esito{piano.InCoda, "mail server…certificate", true, false, false}, false},
		{"the same where TLS is only offered", cifrato, ParametriSMTP{TLS: TLSSeOfferto}, Esito{piano.InCoda, "mail server…certificate", true, false, false}, false},
		{"the same from the first byte", implicito, ParametriSMTP{TLS: TLSImplicito}, Esito{piano.InCoda, "mail server…certificate", true, false, false}, false},
		{"no STARTTLS where it must be", chiaro, ParametriSMTP{TLS: TLSObbligatorio}, Esito{piano.InCoda, "mail server…STARTTLS", true, false, false}, false},
		{"a wrong password", cifrato, ParametriSMTP{TLS: TLSObbligatorio, CAFile: cifrato.ca, Utente: "scadenzario", Password: "errata"},
			Esito{piano.InCoda, "454 4.7.0 wrong password", true, false, false}, false},
		{"a server that is not there", &ufficioPostale{porta: 1}, ParametriSMTP{TLS: TLSNessuno}, Esito{piano.InCoda, "mail server…refused", true, false, false}, false},
	} {
		t.Run(r.storia, func(t *testing.T) {
			r.u.buste, r.u.utente = nil, ""
			r.p.Host, r.p.Porta, r.p.Mittente = "127.0.0.1", r.u.porta, "scadenzario@ente.example"
			s, err := NewSMTP(r.p)
			if err != nil {
				t.Fatal(err)
			}
			var segnati int
			got := s.Spedisci(t.Context(), lettera(), segna(&segnati))
			if _, parola, ok := strings.Cut(r.want.Risposta, "…"); ok && strings.Contains(got.Risposta, parola) {
				r.want.Risposta = got.Risposta
			}
			uguale(t, got, r.want)
			if err := s.Chiudi(); err != nil {
				t.Error(err)
			}
			if r.want.Stato != piano.Spedito {
				if len(r.u.buste) != 0 || segnati != 0 {
					t.Error("something was sent")
				}
				return
			}
			r.u.mu.Lock()
			defer r.u.mu.Unlock()
			if len(r.u.buste) != 1 || r.u.utente != r.p.Utente {
				t.Fatalf("%d messages, signed in as %q", len(r.u.buste), r.u.utente)
			}
			b := r.u.buste[0]
			if b.da != r.p.Mittente || b.a != lettera().Destinatario || !bytes.Equal(b.mime, lettera().MIME) || b.protetta != r.protetta {
				t.Errorf("%+v", b)
			}
		})
	}
}

// A hundred messages over one protected connection, one refused among them.
func TestManyMessages(t *testing.T) {
	u := apriUfficio(t, true, false)
	s, err := NewSMTP(ParametriSMTP{Host: "127.0.0.1", Porta: u.porta, TLS: TLSObbligatorio, CAFile: u.ca, Mittente: "scadenzario@ente.example"})
	if err != nil {
		t.Fatal(err)
	}
	var segnati int
	for n := range 100 {
		sp, want := lettera(), piano.Spedito
		if n == 50 {
			sp.Destinatario, want = "nessuno@ente.example", piano.Rifiutato
		}
		if got := s.Spedisci(t.Context(), sp, segna(&segnati)); got.Stato != want {
			t.Fatalf("message %d: %+v", n, got)
		}
	}
	if err := s.Chiudi(); err != nil {
		t.Error(err)
	}
	if len(u.buste) != 99 || segnati != 99 {
		t.Errorf("%d messages, %d marks", len(u.buste), segnati)
	}
}

// What is wrong in the parameters is said before anything is sent.
func TestNewSMTPRefuses(t *testing.T) {
	vuoto := filepath.Join(t.TempDir(), "vuoto.pem")
	if err := os.WriteFile(vuoto, []byte("niente"), 0o600); err != nil {
		t.Fatal(err)
	}
	buono := ParametriSMTP{Host: "posta.ente.example", Porta: 587, TLS: TLSObbligatorio, Mittente: "scadenzario@ente.example"}
	for _, r := range []struct {
		cambia func(*ParametriSMTP)
		want   string // part of the error; "" for none
	}{
		{func(*ParametriSMTP) {}, ""},
		{func(p *ParametriSMTP) { p.Porta = 465 }, ""},
		{func(p *ParametriSMTP) { p.TLS = "boh" }, `use "obbligatorio"`},
		{func(p *ParametriSMTP) { p.TLS = TLSNessuno }, "only for a server on this machine"},
		{func(p *ParametriSMTP) { p.TLS, p.Host = TLSNessuno, "localhost" }, ""},
		{func(p *ParametriSMTP) { p.Porta = 0 }, "port"},
		{func(p *ParametriSMTP) { p.Host = "" }, "hostname"},
		{func(p *ParametriSMTP) { p.Mittente = "Ufficio <u@ente.example>" }, "is not an address"},
		{func(p *ParametriSMTP) { p.CAFile = vuoto }, "holds no PEM certificate"},
		{func(p *ParametriSMTP) { p.CAFile = vuoto + ".manca" }, "no such file"},
	} {
		p := buono
		r.cambia(&p)
		s, err := NewSMTP(p)
		if (err == nil) != (r.want == "") || err != nil && !strings.Contains(err.Error(), r.want) {
			t.Errorf("%+v: %v, want %q", p, err, r.want)
		}
		if p.Porta == 465 && s.p.TLS != TLSImplicito {
			t.Error("port 465 speaks TLS from the first byte")
		}
	}
}
