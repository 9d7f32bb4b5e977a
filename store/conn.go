package store

import (
	"context"
	"fmt"
	"net"
	"time"
)

// chiamata dials the server for lib/pq and gives each connection a time limit
// for reading, on TCP and on unix sockets alike.
type chiamata struct {
	attesa time.Duration
}

// DialContext is what lib/pq calls.
func (c chiamata) DialContext(ctx context.Context, rete, indirizzo string) (net.Conn, error) {
	return c.conLimite((&net.Dialer{}).DialContext(ctx, rete, indirizzo))
}

// Dial and DialTimeout complete pq.Dialer, which wants them.
func (c chiamata) Dial(rete, indirizzo string) (net.Conn, error) {
	return c.conLimite(net.Dial(rete, indirizzo))
}

// DialTimeout is Dial within a limit.
func (c chiamata) DialTimeout(rete, indirizzo string, limite time.Duration) (net.Conn, error) {
	return c.conLimite(net.DialTimeout(rete, indirizzo, limite))
}

func (c chiamata) conLimite(conn net.Conn, err error) (net.Conn, error) {
	if err != nil {
		return nil, fmt.Errorf("dial the database: %w", err)
	}
	return &connessione{Conn: conn, attesa: c.attesa}, nil
}

// connessione is a connection whose every read ends: one that lasts longer than
// attesa closes it. A timer does so and not a deadline, because a deadline is an
// instant and this package does not ask the clock.
type connessione struct {
	net.Conn
	attesa time.Duration
}

// Read reads from the server, no longer than the connection's limit.
func (c *connessione) Read(b []byte) (int, error) {
	scaduto := time.AfterFunc(c.attesa, func() { _ = c.Conn.Close() }) // the read then fails
	n, err := c.Conn.Read(b)
	if !scaduto.Stop() && err != nil {
		return n, fmt.Errorf("no answer from the database in %s: %w", c.attesa, err)
	}
	return n, err
}
