package mailer

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// ModoTLS says how the connection to the server is protected. The certificate is
// verified wherever there is one.
type ModoTLS string

// The ways of the configuration.
const (
	TLSObbligatorio ModoTLS = "obbligatorio" // STARTTLS or nothing; on port 465 TLS from the first byte
	TLSImplicito    ModoTLS = "implicito"    // TLS from the first byte, on any port
	TLSSeOfferto    ModoTLS = "se-offerto"   // STARTTLS where the server offers it
	TLSNessuno      ModoTLS = "nessuno"      // clear text; only for a server on this machine
)

// ParametriSMTP is what NewSMTP needs to know.
type ParametriSMTP struct {
	Host     string
	Porta    int
	Utente   string // "" where the server asks for no sign-in
	Password string
	Gettoni  *Gettoni // signs Utente in by XOAUTH2 instead of the password; nil for none
	TLS      ModoTLS
	CAFile   string // PEM certificates to trust besides the system's; "" for none
	Mittente string // the envelope's sender, the office's address
	// Testimone is the ente's own mailbox that gets a blind copy of each message in
	// the same conversation; "" for none.
	Testimone string

	AttesaCollegamento time.Duration // dial, greeting, TLS and sign-in together; 0 for 30 s
	AttesaComando      time.Duration // each command and the body; 0 for 1 minute
	AttesaPunto        time.Duration // the answer to the final dot; 0 for 10 minutes, as RFC 5321 wants
}

// SMTP delivers to a mail server. The connection is made at the first message
// and serves the following ones. It is not safe for concurrent use.
type SMTP struct {
	p      ParametriSMTP
	mail   *mail.Client
	tls    *tls.Config
	aperta net.Conn     // the connection, to close it from outside; nil for none
	filo   *smtp.Client // the conversation on it; nil for none

	noTestimone string         // how the server refused the witness, until Chiudi; "" where it did not
	soli        map[int64]bool // deliveries that go without the witness: the server took none with it
}

// NewSMTP checks the parameters, reads CAFile, and connects to nothing yet.
func NewSMTP(p ParametriSMTP) (*SMTP, error) {
	if err := CheckIndirizzo(p.Mittente); err != nil {
		return nil, fmt.Errorf("envelope sender: %w", err)
	}
	if p.TLS == TLSObbligatorio && p.Porta == 465 {
		p.TLS = TLSImplicito
	}
	attesa(&p.AttesaCollegamento, 30*time.Second)
	attesa(&p.AttesaComando, time.Minute)
	attesa(&p.AttesaPunto, 10*time.Minute)
	if p.Testimone != "" {
		if err := CheckIndirizzo(p.Testimone); err != nil {
			return nil, fmt.Errorf("witness: %w", err)
		}
	}
	config, err := configTLS(p.Host, p.CAFile)
	if err != nil {
		return nil, err
	}
	s := &SMTP{p: p, tls: config, soli: map[int64]bool{}}
	politica, err := politica(p.TLS, p.Host)
	if err != nil {
		return nil, err
	}
	opzioni := []mail.Option{
		mail.WithPort(p.Porta), mail.WithTLSConfig(s.tls), mail.WithTLSPolicy(politica),
		mail.WithTimeout(p.AttesaCollegamento), mail.WithDialContextFunc(s.componiNumero),
		mail.WithoutSMTPUTF8(), // all addresses are ASCII
	}
	if p.TLS == TLSImplicito {
		opzioni = append(opzioni, mail.WithSSL()) // no STARTTLS: componiNumero did it
	}
	switch {
	case p.Gettoni != nil:
		if p.TLS == TLSSeOfferto {
			return nil, fmt.Errorf("tls %q would send the token in clear text where the server offers no TLS: use %q", p.TLS, TLSObbligatorio)
		}
		opzioni = append(opzioni, mail.WithUsername(p.Utente), mail.WithSMTPAuth(mail.SMTPAuthXOAUTH2))
	case p.Utente != "":
		opzioni = append(opzioni, mail.WithUsername(p.Utente), mail.WithPassword(p.Password),
			mail.WithOpportunisticSMTPAuth(mail.SMTPAuthSCRAMSHA256, mail.SMTPAuthSCRAMSHA1, mail.SMTPAuthPlain, mail.SMTPAuthLogin))
	}
	if s.mail, err = mail.NewClient(p.Host, opzioni...); err != nil {
		return nil, fmt.Errorf("mail server %s:%d: %w", p.Host, p.Porta, err)
	}
	return s, nil
}

// attesa fills in a waiting time that is not given.
func attesa(d *time.Duration, predefinita time.Duration) {
	if *d <= 0 {
		*d = predefinita
	}
}

// configTLS trusts what the system trusts, and the certificates of caFile.
func configTLS(host, caFile string) (*tls.Config, error) {
	config := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	if caFile == "" {
		return config, nil
	}
	pem, err := os.ReadFile(caFile)
	if err != nil {
		return nil, fmt.Errorf("read certificates: %w", err)
	}
	if config.RootCAs, err = x509.SystemCertPool(); err != nil {
		config.RootCAs = x509.NewCertPool() // a system without any: ours alone then
	}
	if !config.RootCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no PEM certificate", caFile)
	}
	return config, nil
}

// politica translates the way of the configuration.
func politica(modo ModoTLS, host string) (mail.TLSPolicy, error) {
	switch modo {
	case TLSObbligatorio, TLSImplicito:
		return mail.TLSMandatory, nil
	case TLSSeOfferto:
		return mail.TLSOpportunistic, nil
	case TLSNessuno:
		if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return 0, fmt.Errorf("tls %q is only for a server on this machine, not for %s: use %q", modo, host, TLSObbligatorio)
		}
		return mail.NoTLS, nil
	}
	return 0, fmt.Errorf("tls %q is unknown: use %q, %q, %q or %q", modo, TLSObbligatorio, TLSImplicito, TLSSeOfferto, TLSNessuno)
}

// componiNumero opens the connection for go-mail, and keeps it: go-mail leaves it
// open where the greeting, TLS or the sign-in fails.
func (s *SMTP) componiNumero(ctx context.Context, rete, indirizzo string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, rete, indirizzo)
	if err != nil {
		return nil, err // go-mail's caller wraps it
	}
	s.aperta = conn
	if s.p.TLS != TLSImplicito {
		return conn, nil
	}
	cifrata := tls.Client(conn, s.tls)
	if err := cifrata.HandshakeContext(ctx); err != nil {
		return nil, fmt.Errorf("TLS: %w", err)
	}
	return cifrata, nil
}

// collega makes the connection where there is none. A token that the server refuses
// may have run out before its time, or been revoked: another one is tried, once.
func (s *SMTP) collega(ctx context.Context) error {
	err := s.chiama(ctx, false)
	if s.p.Gettoni != nil && codice(err) == 535 {
		err = s.chiama(ctx, true)
	}
	return err
}

// Prova signs in to the server and says goodbye, and sends nothing.
func (s *SMTP) Prova(ctx context.Context) error {
	if err := s.collega(ctx); err != nil {
		return err
	}
	return s.Chiudi()
}

// chiama dials and signs in; nuovo demands a new token.
func (s *SMTP) chiama(ctx context.Context, nuovo bool) error {
	if s.p.Gettoni != nil {
		gettone, err := s.p.Gettoni.Gettone(ctx, nuovo)
		if err != nil {
			return fmt.Errorf("mail server %s: %w", s.mail.ServerAddr(), err)
		}
		s.mail.SetPassword(gettone)
	}
	filo, err := s.mail.DialToSMTPClientWithContext(ctx)
	if err != nil {
		s.scollega()
		return fmt.Errorf("mail server %s: %w", s.mail.ServerAddr(), err)
	}
	s.filo = filo
	return nil
}

// scollega drops the connection, with nothing more said on it.
func (s *SMTP) scollega() {
	if s.aperta != nil {
		_ = s.aperta.Close() // dropped: how it closes matters to nobody
	}
	s.aperta, s.filo = nil, nil
}

// Chiudi says goodbye to the server, where there is a connection.
func (s *SMTP) Chiudi() error {
	s.noTestimone = ""
	if s.filo == nil {
		return nil
	}
	defer s.scollega()
	if err := s.filo.UpdateDeadline(s.p.AttesaComando); err != nil {
		return fmt.Errorf("close mail connection: %w", err)
	}
	if err := s.filo.Quit(); err != nil {
		return fmt.Errorf("close mail connection: %w", err)
	}
	return nil
}
