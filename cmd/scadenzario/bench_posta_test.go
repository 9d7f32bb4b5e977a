package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/mailer"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
	"github.com/scadenzario/scadenzario/store/local"
)

// buca is a mail server that takes everything and keeps nothing.
type buca struct{}

func (buca) NewSession(*smtp.Conn) (smtp.Session, error) { return bucaSessione{}, nil }

type bucaSessione struct{}

func (bucaSessione) Mail(string, *smtp.MailOptions) error { return nil }
func (bucaSessione) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (bucaSessione) Data(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	return err //nolint:wrapcheck // the server shows it
}
func (bucaSessione) Reset()        {}
func (bucaSessione) Logout() error { return nil }

// apriBuca starts it with STARTTLS; it returns its port and the file of its
// certificate.
func apriBuca(b *testing.B) (int, string) {
	b.Helper()
	chiave, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	modello := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, modello, modello, &chiave.PublicKey, chiave)
	if err != nil {
		b.Fatal(err)
	}
	ca := filepath.Join(b.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		b.Fatal(err)
	}
	s := smtp.NewServer(buca{})
	s.Domain, s.ErrorLog = "posta.example", log.New(io.Discard, "", 0)
	s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: chiave}}}
	ascolto, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	finito := make(chan error, 1)
	go func() { finito <- s.Serve(ascolto) }()
	b.Cleanup(func() { s.Close(); <-finito })
	return ascolto.Addr().(*net.TCPAddr).Port, ca
}

// lettere are reminders with a form of 40 KB.
func lettere(b *testing.B, giro, quante int) []piano.Messaggio {
	b.Helper()
	modulo := make([]byte, 40<<10)
	if _, err := rand.Read(modulo); err != nil {
		b.Fatal(err)
	}
	adesso := time.Now()
	tutte := make([]piano.Messaggio, quante)
	for n := range tutte {
		m, err := mailer.Componi(piano.Messaggio{Ente: enteProva, Tipo: piano.TipoPromemoria, Chiave: fmt.Sprintf("%d/%d", giro, n), Giorno: piano.GiornoDi(adesso),
			A: []string{fmt.Sprintf("persona%d.%d@ente.example", giro, n)}, Oggetto: "Scadenze", Testo: strings.Repeat("Gentile Dottoressa, …\n", 40), HTML: strings.Repeat("<p>Gentile Dottoressa, …</p>\n", 40),
			Allegati: []piano.Allegato{{Nome: "modulo.xlsx", Tipo: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Contenuto: modulo}}},
			mailer.Mittente{Indirizzo: "ufficio@ente.example"}, adesso)
		if err != nil {
			b.Fatal(err)
		}
		tutte[n] = m
	}
	return tutte
}

// consegne is how many messages a round of the benchmark delivers on one connection.
const consegne = 200

// Delivery over STARTTLS, one connection for all: raw, as fast as SMTP allows, with the
// next message's commands behind the dot of the one before; by the mailer without the
// marks; and by the job with its marks in a PostgreSQL that waits for the disk.
func BenchmarkPosta(b *testing.B) {
	porta, ca := apriBuca(b)
	postino := func() *mailer.SMTP {
		s, err := mailer.NewSMTP(mailer.ParametriSMTP{Host: "127.0.0.1", Porta: porta, TLS: mailer.TLSObbligatorio, CAFile: ca, Mittente: "ufficio@ente.example"})
		if err != nil {
			b.Fatal(err)
		}
		return s
	}
	perMessaggio := func(b *testing.B) {
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*consegne), "µs/message")
	}
	b.Run("raw", func(b *testing.B) {
		l := lettere(b, 0, consegne)
		for b.Loop() {
			crudo(b, porta, ca, l)
		}
		perMessaggio(b)
	})
	b.Run("mailer", func(b *testing.B) {
		l := lettere(b, 0, consegne)
		for b.Loop() {
			s := postino()
			for n, m := range l {
				e := s.Spedisci(b.Context(), piano.Spedizione{ID: int64(n), Destinatario: m.A[0], MIME: m.MIME}, func(context.Context) error { return nil })
				if e.Stato != piano.Spedito {
					b.Fatal(e)
				}
			}
			if err := s.Chiudi(); err != nil {
				b.Fatal(err)
			}
		}
		perMessaggio(b)
	})
	b.Run("marked", func(b *testing.B) {
		db := archivioDurevole(b)
		invio := jobs.Invio{Uscita: db, Custode: jobs.Custodia{Cartella: b.TempDir(), Host: "mercurio", Archivio: db}, Postino: postino(),
			Proprietario: "io", Adesso: time.Now, Log: slog.New(slog.DiscardHandler)}
		for giro := 0; b.Loop(); giro++ {
			b.StopTimer()
			if _, err := db.SaveMessaggi(b.Context(), "prova", fmt.Sprint(giro), time.Now(), lettere(b, giro, consegne)); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
			if c, err := invio.Run(b.Context()); err != nil || c.Inviati != consegne {
				b.Fatal(c, err)
			}
		}
		perMessaggio(b)
	})
}

// archivioDurevole is a database as an installation has it, on the disk.
func archivioDurevole(b *testing.B) *store.DB {
	b.Helper()
	cluster, err := local.Start(b.Context(), cartellaDati(b))
	if err != nil {
		b.Fatal(err)
	}
	if err := cluster.EnsureDB(b.Context(), local.Database); err != nil {
		b.Fatal(err)
	}
	db, err := store.Open(b.Context(), cluster.DSN(local.Database))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := db.Close(); err != nil {
			b.Error(err)
		}
		if err := cluster.Stop(); err != nil {
			b.Error(err)
		}
	})
	if err := db.Migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	if _, err := db.SaveAnagrafica(b.Context(), piano.Anagrafica{Ente: piano.Ente{Codice: enteProva, Nome: "Unione"}}); err != nil {
		b.Fatal(err)
	}
	return db
}

// crudo sends the messages with one round trip each.
func crudo(b *testing.B, porta int, ca string, lettere []piano.Messaggio) {
	b.Helper()
	certificati, err := os.ReadFile(ca)
	if err != nil {
		b.Fatal(err)
	}
	radici := x509.NewCertPool()
	radici.AppendCertsFromPEM(certificati)
	conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", porta))
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	righe := bufio.NewReader(conn)
	risposte := func(n int) {
		for n > 0 {
			riga, err := righe.ReadString('\n')
			if err != nil || len(riga) < 4 || riga[0] > '3' {
				b.Fatal(riga, err)
			}
			if riga[3] == ' ' {
				n--
			}
		}
	}
	risposte(1)
	io.WriteString(conn, "EHLO prova\r\nSTARTTLS\r\n")
	risposte(2)
	cifrata := tls.Client(conn, &tls.Config{RootCAs: radici, ServerName: "127.0.0.1"})
	righe = bufio.NewReader(cifrata)
	io.WriteString(cifrata, "EHLO prova\r\n")
	risposte(1)
	busta := func(m piano.Messaggio) string {
		return "MAIL FROM:<ufficio@ente.example>\r\nRCPT TO:<" + m.A[0] + ">\r\nDATA\r\n"
	}
	io.WriteString(cifrata, busta(lettere[0]))
	risposte(3)
	for n, m := range lettere {
		var blocco bytes.Buffer
		blocco.Write(bytes.ReplaceAll(m.MIME, []byte("\r\n."), []byte("\r\n..")))
		blocco.WriteString(".\r\n")
		attese := 1
		if n+1 < len(lettere) {
			blocco.WriteString(busta(lettere[n+1]))
			attese = 4
		}
		if _, err := cifrata.Write(blocco.Bytes()); err != nil {
			b.Fatal(err)
		}
		risposte(attese)
	}
}
