package jobs_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/mailer"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store/storetest"
)

// dovecot is a real IMAP server on this machine, of the test's own, run by nobody.
type dovecot struct {
	porta, cifrata int    // the second speaks TLS from the first byte
	ca             string // file with its certificate
	maildir        string
	uid            int
}

const nessunUtente = 65534 // nobody and nogroup, on Debian

// accendiDovecot starts it; gettoni is where it asks whether a token is good. The test
// is skipped where it is not installed (scripts/setup.sh does).
func accendiDovecot(t *testing.T, gettoni string) dovecot {
	t.Helper()
	programma, err := exec.LookPath("dovecot")
	if err != nil {
		programma = "/usr/sbin/dovecot" // not on everybody's PATH
	}
	if _, err := os.Stat(programma); err != nil {
		t.Skip("dovecot is not installed: scripts/setup.sh installs it")
	}
	dir, err := os.MkdirTemp("", "scadenzario-dovecot-") // short: sockets are in it
	if err != nil {
		t.Fatal(err)
	}
	d := dovecot{porta: portaLibera(t), cifrata: portaLibera(t), ca: filepath.Join(dir, "cert.pem"), maildir: filepath.Join(dir, "posta"), uid: os.Getuid()}
	certificato, chiave := certificatoDiProva(t)
	utente, gruppo := fmt.Sprint(os.Getuid()), fmt.Sprint(os.Getgid())
	p := exec.Command(programma, "-F", "-c", filepath.Join(dir, "dovecot.conf"))
	if d.uid == 0 {
		d.uid, utente, gruppo = nessunUtente, "nobody", "nogroup"
		p.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nessunUtente, Gid: nessunUtente}}
	}
	for file, testo := range map[string]string{
		"dovecot.conf": strings.NewReplacer("DIR", dir, "USER", utente, "GROUP", gruppo, "PORT", fmt.Sprint(d.porta), "TLS", fmt.Sprint(d.cifrata)).Replace(configDovecot),
		"cert.pem":     certificato,
		"key.pem":      chiave,
		"users":        "copie@ente.example:{PLAIN}segreta\n",
		"oauth2.conf":  "tokeninfo_url = " + gettoni + "?token=\nusername_attribute = email\nactive_attribute = stato\nactive_value = valido\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(testo), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []string{dir, d.maildir, d.maildir + "/new", d.maildir + "/cur", d.maildir + "/tmp"} {
		if err := errors.Join(os.MkdirAll(c, 0o755), os.Chown(c, d.uid, -1)); err != nil {
			t.Fatal(err)
		}
	}
	var detto bytes.Buffer
	p.Stderr = &detto
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			registro, _ := os.ReadFile(filepath.Join(dir, "log"))
			t.Logf("%s%s", detto.String(), registro)
		}
		_ = p.Process.Signal(syscall.SIGTERM) // by its own process; its children go with it
		_ = p.Wait()
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	for limite := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", d.porta))
		if err == nil {
			conn.Close()
			return d
		}
		if time.Now().After(limite) {
			t.Fatal("dovecot does not answer")
		}
	}
}

// portaLibera is a port that nobody uses at the moment: dovecot takes no socket of
// others.
func portaLibera(t *testing.T) int {
	t.Helper()
	ascolto, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ascolto.Close()
	return ascolto.Addr().(*net.TCPAddr).Port
}

// certificatoDiProva is a certificate for 127.0.0.1 and its key, in PEM.
func certificatoDiProva(t *testing.T) (certificato, chiave string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	modello := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, modello, modello, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	privata, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: privata}))
}

const configDovecot = `base_dir = DIR/run
state_dir = DIR/state
log_path = DIR/log
protocols = imap
default_login_user = USER
default_internal_user = USER
default_internal_group = GROUP
first_valid_uid = 0
ssl = yes
ssl_cert = <DIR/cert.pem
ssl_key = <DIR/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain xoauth2
auth_failure_delay = 0
mail_location = maildir:DIR/posta
passdb {
  driver = passwd-file
  args = DIR/users
  mechanisms = plain
}
passdb {
  driver = oauth2
  args = DIR/oauth2.conf
  mechanisms = xoauth2
}
userdb {
  driver = static
  args = uid=USER gid=GROUP home=DIR
}
service imap-login {
  chroot =
  inet_listener imap {
    address = 127.0.0.1
    port = PORT
  }
  inet_listener imaps {
    address = 127.0.0.1
    port = TLS
    ssl = yes
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`

// smemorato is a mail server that puts what goes to the witness into its mailbox and
// then hangs up without a word: nobody can tell whether it has the message. Of what
// goes to "perso" it keeps nothing.
type smemorato struct {
	d dovecot
	n int
}

type smemoratoSessione struct {
	s    *smemorato
	conn *smtp.Conn
	a    []string
}

func (s *smemorato) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &smemoratoSessione{s: s, conn: c}, nil
}
func (s *smemoratoSessione) Mail(string, *smtp.MailOptions) error { s.a = nil; return nil }
func (s *smemoratoSessione) Rcpt(a string, _ *smtp.RcptOptions) error {
	s.a = append(s.a, a)
	return nil
}
func (s *smemoratoSessione) Data(r io.Reader) error {
	mime, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if len(s.a) == 2 && s.a[1] == "copie@ente.example" && s.a[0] != "perso@ente.example" {
		s.s.n++
		if err := os.WriteFile(fmt.Sprintf("%s/new/%d.prova", s.s.d.maildir, s.s.n), mime, 0o644); err != nil {
			return err
		}
	}
	return s.conn.Conn().Close()
}
func (s *smemoratoSessione) Reset()        {}
func (s *smemoratoSessione) Logout() error { return nil }

func (s *smemorato) apri(t *testing.T) int {
	t.Helper()
	server := smtp.NewServer(s)
	server.Domain, server.ErrorLog = "posta.example", log.New(io.Discard, "", 0)
	ascolto, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	finito := make(chan error, 1)
	go func() { finito <- server.Serve(ascolto) }()
	t.Cleanup(func() { server.Close(); <-finito })
	return ascolto.Addr().(*net.TCPAddr).Port
}

// Doubts whose copy is in the witness mailbox are settled; one whose copy is not there
// stays, even where another delivery of the same message has one.
func TestTheWitnessSettlesDoubts(t *testing.T) {
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("token") != "valido" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		fmt.Fprint(w, `{"email":"copie@ente.example","stato":"valido"}`)
	}))
	defer provider.Close()
	d := accendiDovecot(t, provider.URL)
	db := storetest.New(t)
	if _, err := db.SaveAnagrafica(t.Context(), piano.Anagrafica{Ente: piano.Ente{Codice: ente, Nome: "Unione"}}); err != nil {
		t.Fatal(err)
	}
	postino, err := mailer.NewSMTP(mailer.ParametriSMTP{Host: "127.0.0.1", Porta: (&smemorato{d: d}).apri(t), TLS: mailer.TLSNessuno, Mittente: "ufficio@ente.example", Testimone: "copie@ente.example"})
	if err != nil {
		t.Fatal(err)
	}
	adesso := time.Date(2021, 7, 12, 8, 0, 0, 0, time.UTC)
	m, err := mailer.Componi(piano.Messaggio{Ente: ente, Tipo: piano.TipoPromemoria, Chiave: "x", Giorno: piano.GiornoDi(adesso), Oggetto: "Scadenze", Testo: "Gentile …",
		A: []string{"giulia@ente.example"}, CC: []string{"perso@ente.example"}}, mailer.Mittente{Indirizzo: "ufficio@ente.example"}, adesso)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.SaveMessaggi(t.Context(), "prova", "x", adesso, []piano.Messaggio{m}); err != nil {
		t.Fatal(err)
	}
	invio := jobs.Invio{Uscita: db, Postino: postino, Custode: jobs.Custodia{Cartella: t.TempDir(), Host: "mercurio", Archivio: db}, Proprietario: "io",
		Adesso: func() time.Time { return adesso }, Log: slog.New(slog.DiscardHandler)}
	if c, err := invio.Run(t.Context()); err != nil || c.Ignoti != 2 {
		t.Fatalf("%+v, %v", c, err)
	}
	imap := mailer.ParametriTestimone{Host: "127.0.0.1", Porta: d.porta, Utente: "copie@ente.example", TLS: mailer.TLSNessuno, Cartella: "INBOX"}
	passi := []struct {
		minuto   int
		cambia   func(*mailer.ParametriTestimone)
		chiariti int
		nota     string // of the delivery that the server has lost
	}{
		{0, func(p *mailer.ParametriTestimone) { p.Password = "errata" }, 0, "refuses the sign-in"},
		{9, nil, 0, "refuses the sign-in"}, // too early to ask again
		{10, func(p *mailer.ParametriTestimone) { p.Password, p.Cartella = "segreta", "Manca" }, 0, "folder Manca"},
		{30, func(p *mailer.ParametriTestimone) { p.Password = "segreta" }, 1, "; witness: no copy of it"},
		{70, func(p *mailer.ParametriTestimone) { p.Gettoni = gettone(t, "scaduto", "valido") }, 0, "; witness: no copy of it"},
		{150, func(p *mailer.ParametriTestimone) { p.Gettoni = gettone(t, "falso", "falso") }, 0, "refuses the sign-in"},
		{310, func(p *mailer.ParametriTestimone) {
			p.Password, p.TLS, p.CAFile = "segreta", mailer.TLSObbligatorio, d.ca
		}, 0, "; witness: no copy of it"},
		{630, func(p *mailer.ParametriTestimone) { p.Password, p.TLS = "segreta", mailer.TLSObbligatorio }, 0, "certificate"},
		{1270, func(p *mailer.ParametriTestimone) {
			p.Password, p.TLS, p.Porta, p.CAFile = "segreta", mailer.TLSImplicito, d.cifrata, d.ca
		}, 0, "; witness: no copy of it"},
	}
	for _, p := range passi {
		parametri := imap
		if p.cambia != nil {
			p.cambia(&parametri)
		}
		testimone, err := mailer.NewTestimone(parametri)
		if err != nil {
			t.Fatal(err)
		}
		invio.Testimone = testimone
		adesso = time.Date(2021, 7, 12, 8, p.minuto, 0, 0, time.UTC)
		c, err := invio.Run(t.Context())
		if err != nil || c.Chiariti != p.chiariti {
			t.Errorf("minute %d: %+v, %v", p.minuto, c, err)
		}
		u, err := db.Uscita(t.Context(), "", []piano.StatoSpedizione{piano.EsitoIgnoto})
		if err != nil || len(u) == 0 || u[len(u)-1].Destinatario != "perso@ente.example" || !strings.Contains(u[len(u)-1].Risposta, p.nota) {
			t.Errorf("minute %d: %+v, %v", p.minuto, u, err)
		}
	}
	u, err := db.Uscita(t.Context(), "", []piano.StatoSpedizione{piano.Spedito})
	if err != nil || len(u) != 1 || u[0].Destinatario != "giulia@ente.example" || !u[0].InviatoIl.Equal(time.Date(2021, 7, 12, 8, 0, 0, 0, time.UTC)) ||
		u[0].Risposta != "delivered: its copy is in the witness mailbox" {
		t.Errorf("%+v, %v", u, err)
	}
}

// gettone is a source of access tokens: the first one, and after a refusal the second.
func gettone(t *testing.T, primo, secondo string) *mailer.Gettoni {
	t.Helper()
	return mailer.NewGettoni(mailer.ParametriOAuth2{Comando: []string{"sh", "-c",
		`if [ -e "$0" ]; then echo "$2"; else : >"$0"; echo "$1"; fi`, filepath.Join(t.TempDir(), "chiesto"), primo, secondo}})
}
