package mailer

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/scadenzario/scadenzario/piano"
)

// IntestazioneSpedizione is the header that tells apart the copies of one message in
// the witness mailbox: a message to two people is two deliveries with one Message-ID.
const IntestazioneSpedizione = "X-Scadenzario-Spedizione"

// ParametriTestimone says how the witness mailbox is read, by IMAP.
type ParametriTestimone struct {
	Host     string
	Porta    int
	Utente   string
	Password string
	Gettoni  *Gettoni // signs Utente in by XOAUTH2 instead of the password; nil for none
	TLS      ModoTLS
	CAFile   string
	Cartella string        // where the copies are, as "INBOX"
	Attesa   time.Duration // the whole visit; 0 for 2 minutes
}

// Testimone looks into the ente's own mailbox, which gets a blind copy of each message
// in the conversation in which its recipient gets it: where the copy arrived, the
// server took the message.
type Testimone struct {
	p   ParametriTestimone
	tls *tls.Config
}

// casella is a mailbox on a server, as the witness needs it. Package go-imap, whose
// second version is not final yet, is behind it.
type casella interface {
	// accedi signs in, with a password or a token.
	accedi(utente, password string, gettone bool) error
	// scegli opens a folder, to read only.
	scegli(cartella string) error
	// copie returns that header of the messages with that Message-ID.
	copie(messageID, intestazione string) ([]string, error)
	// esci says goodbye.
	esci() error
}

// errAccesso is a sign-in that the IMAP server refused.
var errAccesso = errors.New("the IMAP server refuses the sign-in")

// NewTestimone checks the parameters, reads CAFile, and connects to nothing yet.
func NewTestimone(p ParametriTestimone) (*Testimone, error) {
	if p.TLS == TLSObbligatorio && p.Porta == 993 {
		p.TLS = TLSImplicito
	}
	if p.TLS == TLSSeOfferto {
		return nil, fmt.Errorf("tls %q is not for the witness mailbox: use %q", p.TLS, TLSObbligatorio)
	}
	if _, err := politica(p.TLS, p.Host); err != nil {
		return nil, err
	}
	attesa(&p.Attesa, 2*time.Minute)
	config, err := configTLS(p.Host, p.CAFile)
	if err != nil {
		return nil, err
	}
	return &Testimone{p, config}, nil
}

// Cerca returns the ids of those deliveries whose copy is in the mailbox.
func (t *Testimone) Cerca(ctx context.Context, dubbi []piano.InUscita) (trovate []int64, err error) {
	ctx, fine := context.WithTimeout(ctx, t.p.Attesa)
	defer fine()
	c, err := t.entra(ctx, false)
	if errors.Is(err, errAccesso) && t.p.Gettoni != nil { // as with the mail server: one more token
		c, err = t.entra(ctx, true)
	}
	if err != nil {
		return nil, fmt.Errorf("witness mailbox on %s: %w", t.p.Host, err)
	}
	defer func() {
		if e := c.esci(); err == nil && e != nil {
			err = fmt.Errorf("witness mailbox on %s: %w", t.p.Host, e)
		}
	}()
	if err := c.scegli(t.p.Cartella); err != nil {
		return nil, fmt.Errorf("witness mailbox on %s: folder %s: %w", t.p.Host, t.p.Cartella, err)
	}
	for _, d := range dubbi {
		copie, err := c.copie(d.MessageID, IntestazioneSpedizione)
		if err != nil {
			return nil, fmt.Errorf("witness mailbox on %s: look for %s: %w", t.p.Host, d.MessageID, err)
		}
		if slices.ContainsFunc(copie, func(s string) bool { return strings.TrimSpace(s) == strconv.FormatInt(d.ID, 10) }) {
			trovate = append(trovate, d.ID)
		}
	}
	return trovate, nil
}

// entra connects and signs in; nuovo demands a new token.
func (t *Testimone) entra(ctx context.Context, nuovo bool) (casella, error) {
	password := t.p.Password
	if t.p.Gettoni != nil {
		var err error
		if password, err = t.p.Gettoni.Gettone(ctx, nuovo); err != nil {
			return nil, err
		}
	}
	c, err := apriIMAP(ctx, t.p, t.tls)
	if err != nil {
		return nil, err
	}
	if err := c.accedi(t.p.Utente, password, t.p.Gettoni != nil); err != nil {
		return nil, errors.Join(err, c.esci())
	}
	return c, nil
}
