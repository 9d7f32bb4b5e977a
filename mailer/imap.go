package mailer

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strconv"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// casellaIMAP is a casella by go-imap v2.0.0-beta.8; the only user of that package.
type casellaIMAP struct {
	c      *imapclient.Client
	lascia func() bool // takes the watch over ctx off the connection
}

// apriIMAP connects; the end of ctx cuts the connection.
func apriIMAP(ctx context.Context, p ParametriTestimone, config *tls.Config) (casella, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(p.Host, strconv.Itoa(p.Porta)))
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	c := &casellaIMAP{lascia: context.AfterFunc(ctx, func() { _ = conn.Close() })} // the step under way then fails
	switch p.TLS {
	case TLSImplicito:
		cifrata := tls.Client(conn, config)
		if err = cifrata.HandshakeContext(ctx); err == nil {
			c.c = imapclient.New(cifrata, nil)
		}
	case TLSNessuno:
		c.c = imapclient.New(conn, nil)
	default:
		c.c, err = imapclient.NewStartTLS(conn, &imapclient.Options{TLSConfig: config})
	}
	if err == nil {
		err = c.c.WaitGreeting()
	}
	if err != nil {
		c.lascia()
		return nil, errors.Join(fmt.Errorf("connect: %w", err), conn.Close())
	}
	return c, nil
}

func (c *casellaIMAP) accedi(utente, password string, gettone bool) error {
	var err error
	if gettone {
		err = c.c.Authenticate(&xoauth2Client{utente, password})
	} else {
		err = c.c.Login(utente, password).Wait()
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errAccesso, err)
	}
	return nil
}

func (c *casellaIMAP) scegli(cartella string) error {
	if _, err := c.c.Select(cartella, &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
		return fmt.Errorf("open: %w", err)
	}
	return nil
}

func (c *casellaIMAP) copie(messageID, intestazione string) ([]string, error) {
	trovati, err := c.c.UIDSearch(&imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: "Message-ID", Value: messageID}}}, nil).Wait()
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	uid := trovati.AllUIDs()
	if len(uid) == 0 {
		return nil, nil
	}
	parte := &imap.FetchItemBodySection{Specifier: imap.PartSpecifierHeader, HeaderFields: []string{intestazione}, Peek: true}
	messaggi, err := c.c.Fetch(imap.UIDSetNum(uid...), &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{parte}}).Collect()
	if err != nil {
		return nil, fmt.Errorf("fetch: %w", err)
	}
	var copie []string
	for _, m := range messaggi {
		testa, err := textproto.NewReader(bufio.NewReader(bytes.NewReader(m.FindBodySection(parte)))).ReadMIMEHeader()
		if err != nil {
			continue // no such header: not a copy of ours
		}
		copie = append(copie, testa.Values(intestazione)...)
	}
	return copie, nil
}

func (c *casellaIMAP) esci() error {
	c.lascia()
	err := c.c.Logout().Wait()
	if e := c.c.Close(); err == nil && e != nil && !strings.Contains(e.Error(), net.ErrClosed.Error()) {
		err = e
	}
	if err != nil {
		return fmt.Errorf("close: %w", err)
	}
	return nil
}

// xoauth2Client is the client's side of XOAUTH2 for go-imap.
type xoauth2Client struct{ utente, gettone string }

// Start returns the one message there is.
func (x *xoauth2Client) Start() (string, []byte, error) {
	return "XOAUTH2", []byte("user=" + x.utente + "\x01auth=Bearer " + x.gettone + "\x01\x01"), nil
}

// Next answers the challenge that says why a token is refused; the refusal follows.
func (x *xoauth2Client) Next([]byte) ([]byte, error) { return []byte{}, nil }
