package mailer

import (
	"bufio"
	"context"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/scadenzario/scadenzario/piano"
)

// What a scripted server does instead of answering.
const (
	cade = "(cade)" // closes the connection
	tace = "(tace)" // says nothing, until the client gives up
)

// copione is what a scripted server answers in one connection, by the client's
// verb; "" is the greeting, "." the final dot. What is not there gets the
// usual answer. An answer that ends in cade is given first.
type copione map[string]string

var consuete = copione{"": "220 pronto", "EHLO": "250 ok", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 avanti",
	".": "250 2.0.0 accodato", "RSET": "250 ok", "QUIT": "221 arrivederci"}

// attore is a mail server that follows a script for each connection, the last one
// also for those after it.
type attore struct {
	porta int

	mu         sync.Mutex
	chiamate   int      // connections
	battute    []string // commands of all of them, in order
	consegnati int      // messages whose final dot arrived
}

// recita starts the server; it ends with the test.
func recita(t *testing.T, copioni ...copione) *attore {
	t.Helper()
	ascolto, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	a := &attore{porta: ascolto.Addr().(*net.TCPAddr).Port}
	ctx, fine := context.WithCancel(context.Background())
	var scene sync.WaitGroup
	t.Cleanup(func() {
		fine()
		ascolto.Close()
		scene.Wait()
	})
	scene.Go(func() {
		for n := 0; ; n++ {
			conn, err := ascolto.Accept()
			if err != nil {
				return
			}
			a.annota(func() { a.chiamate++ })
			scene.Go(func() { a.scena(ctx, conn, copioni[min(n, len(copioni)-1)]) })
		}
	})
	return a
}

func (a *attore) annota(f func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	f()
}

// scena plays one connection.
func (a *attore) scena(ctx context.Context, conn net.Conn, c copione) {
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	righe := bufio.NewReader(conn)
	verbo := ""
	for {
		risposta, ok := c[verbo]
		if !ok {
			risposta = consuete[verbo]
		}
		if detta := strings.TrimSuffix(strings.TrimSuffix(risposta, cade), "\r\n"); detta != "" && detta != tace {
			conn.Write([]byte(detta + "\r\n"))
		}
		if strings.HasSuffix(risposta, cade) {
			return
		}
		if verbo == "DATA" && strings.HasPrefix(risposta, "354") {
			for riga := ""; riga != ".\r\n"; {
				var err error
				if riga, err = righe.ReadString('\n'); err != nil {
					return
				}
			}
			verbo = "."
			a.annota(func() { a.consegnati++ })
			continue
		}
		riga, err := righe.ReadString('\n')
		if err != nil {
			return
		}
		verbo, _, _ = strings.Cut(strings.ToUpper(strings.TrimSpace(riga)), " ")
		verbo, _, _ = strings.Cut(verbo, ":")
		a.annota(func() { a.battute = append(a.battute, verbo) })
	}
}

// postino is a client of the scripted server.
func postino(t *testing.T, a *attore) *SMTP {
	t.Helper()
	s, err := NewSMTP(ParametriSMTP{Host: "127.0.0.1", Porta: a.porta, TLS: TLSNessuno, Mittente: "scadenzario@ente.example",
		AttesaCollegamento: 5 * time.Second, AttesaComando: 5 * time.Second, AttesaPunto: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.scollega)
	return s
}

// lettera is a message to deliver.
func lettera() piano.Spedizione {
	return piano.Spedizione{ID: 1, Destinatario: "giulia@ente.example", Nome: "2021-07-12-promemoria-suap",
		MIME: []byte("Subject: prova\r\n\r\nuna riga\r\n.una con il punto\r\n")}
}

// segna counts the calls of alPunto.
func segna(n *int) func(context.Context) error {
	return func(context.Context) error { *n++; return nil }
}
