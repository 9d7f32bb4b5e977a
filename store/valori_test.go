package store

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/lib/pq"

	"github.com/scadenzario/scadenzario/piano"
)

func TestPulisci(t *testing.T) {
	for scritto, atteso := range map[string]string{
		"":             "",
		"à la carte":   "à la carte",
		"a\x00b\x00":   "ab",
		"a\xffb\xc3":   "a\uFFFDb\uFFFD",
		"\r\n\t\u00a0": "\r\n\t\u00a0",
	} {
		if p := pulisci(scritto); p != atteso {
			t.Errorf("%q became %q, want %q", scritto, p, atteso)
		}
	}
	for _, resto := range []string{"", "a", "aa", "aaa"} { // the cut falls inside a character of four bytes
		p := pulisci(resto + strings.Repeat("😀", massimoTesto))
		if len(p) > massimoTesto || len(p) < massimoTesto-3 || !utf8.ValidString(p) {
			t.Errorf("%d bytes, valid %t", len(p), utf8.ValidString(p))
		}
	}
}

func TestGiornoToAndFromAColumn(t *testing.T) {
	d := piano.NewGiorno(2021, 2, 28)
	if v, err := (giorno{d}).Value(); v != "2021-02-28" || err != nil {
		t.Error(v, err)
	}
	if v, err := (giorno{}).Value(); v != nil || err != nil {
		t.Error(v, err)
	}
	var g giorno
	if err := g.Scan(time.Date(2021, 2, 28, 0, 0, 0, 0, time.FixedZone("", 0))); err != nil || g.Giorno != d {
		t.Error(g, err)
	}
	if err := g.Scan(nil); err != nil || !g.IsZero() {
		t.Error(g, err)
	}
	if err := g.Scan("2021-02-28"); err == nil {
		t.Error("a text is no date")
	}
}

func TestDecimaleToAndFromAColumn(t *testing.T) {
	var d decimale
	if err := d.Scan([]byte("80.500000")); err != nil || d.Decimale.String() != "80.5" {
		t.Error(d, err)
	}
	if v, err := d.Value(); v != "80.5" || err != nil {
		t.Error(v, err)
	}
	if err := d.Scan(nil); err != nil || d.Decimale != nil {
		t.Error(d, err)
	}
	if v, err := d.Value(); v != nil || err != nil {
		t.Error(v, err)
	}
	for _, v := range []any{"80", []byte("NaN"), 80.5} {
		if err := d.Scan(v); err == nil {
			t.Errorf("%v was taken", v)
		}
	}
}

func TestInJSON(t *testing.T) {
	if _, err := inJSON(func() {}); err == nil {
		t.Error("a function was written")
	}
	if err := daJSON([]byte("{"), &struct{}{}); err == nil {
		t.Error("half an object was read")
	}
	if s, err := inJSON(rilieviPuliti(nil)); s != "[]" || err != nil {
		t.Error(s, err)
	}
}

func TestPosto(t *testing.T) {
	for scritto, atteso := range map[string]string{"1": "1", "12/7": "12", "3bis": "3", "007": "007", "": "", "a1": "", "-1": "", "99999999999": ""} {
		if p := posto(scritto); p != atteso {
			t.Errorf("%q: %q, want %q", scritto, p, atteso)
		}
	}
}

func TestChiaveAttivita(t *testing.T) {
	if k := chiaveAttivita("  Invio  dei\nREPORT, perché no"); k != "invio dei report, perche no" {
		t.Errorf("%q", k)
	}
	lunga := strings.Repeat("parola ", 1000)
	a, b := chiaveAttivita(lunga+"a"), chiaveAttivita(lunga+"b")
	if a == b || len(a) > massimoChiave+65 || a != chiaveAttivita(strings.ToUpper(lunga+"a")) {
		t.Errorf("%d and %d bytes", len(a), len(b))
	}
}

// The caller sees what it knows, and the driver's error stays underneath.
func TestFallito(t *testing.T) {
	ctx := t.Context()
	vinto := &pq.Error{Constraint: "passi_inviati_unico", Message: "duplicate key"}
	if err := fallito(ctx, "save", vinto); !errors.Is(err, ErrGiaDetto) || !errors.As(err, new(*pq.Error)) {
		t.Error(err)
	}
	if err := fallito(ctx, "save", &pq.Error{Constraint: "pesi_peso", Message: "violates"}); errors.Is(err, ErrGiaDetto) || !strings.HasPrefix(err.Error(), "save: ") {
		t.Error(err)
	}
	finito, cancel := context.WithCancel(ctx)
	cancel()
	if err := fallito(finito, "save", &pq.Error{Code: "57014", Message: "canceling"}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := fallito(finito, "save", context.Canceled); strings.Count(err.Error(), "context canceled") != 1 {
		t.Error(err)
	}
}

// A server that stops answering is noticed, whatever the driver waits for; on a
// unix socket as well.
func TestASilentServerIsLeft(t *testing.T) {
	for rete, indirizzo := range map[string]string{"tcp": "127.0.0.1:0", "unix": filepath.Join(t.TempDir(), "s")} {
		t.Run(rete, func(t *testing.T) {
			l, err := net.Listen(rete, indirizzo)
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			go func() {
				c, err := l.Accept()
				if err == nil {
					defer c.Close()
					_, _ = c.Write([]byte("x"))
					time.Sleep(5 * time.Second) // and then not a word
				}
			}()
			d := chiamata{attesa: 50 * time.Millisecond}
			conn, err := d.DialContext(t.Context(), rete, l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			b := make([]byte, 1)
			if n, err := conn.Read(b); n != 1 || err != nil {
				t.Fatal(n, err)
			}
			inizio := time.Now()
			if _, err := conn.Read(b); err == nil || !strings.Contains(err.Error(), "no answer from the database") {
				t.Error(err)
			}
			if d := time.Since(inizio); d > 3*time.Second {
				t.Errorf("noticed after %s", d)
			}
		})
	}
	d := chiamata{attesa: time.Second}
	if _, err := d.Dial("unix", "/nonexistent/s"); err == nil {
		t.Error("nobody is there")
	}
	if _, err := d.DialTimeout("unix", "/nonexistent/s", time.Second); err == nil {
		t.Error("nobody is there")
	}
}
