package mailer

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/scadenzario/scadenzario/piano"
)

// xoauth2 is the server's side of XOAUTH2: a token that it refuses gets a challenge
// that says why, and the refusal only after the client's empty answer.
type xoauth2 struct {
	s       *sportello
	sfidato bool
}

func (x *xoauth2) Next(risposta []byte) (sfida []byte, fatto bool, err error) {
	x.s.u.mu.Lock()
	defer x.s.u.mu.Unlock()
	switch {
	case x.sfidato && len(risposta) == 0:
		return nil, true, &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "Authentication unsuccessful"}
	case x.sfidato:
		return nil, true, &smtp.SMTPError{Code: 501, Message: fmt.Sprintf("an empty answer was due, not %q", risposta)}
	case risposta == nil:
		return []byte{}, false, nil
	case string(risposta) == "user=ufficio@ente.example\x01auth=Bearer "+x.s.u.valido+"\x01\x01":
		x.s.u.utente = "ufficio@ente.example"
		return nil, true, nil
	}
	x.sfidato = true
	x.s.u.sfide++
	return []byte(`{"status":"401","schemes":"bearer"}`), false, nil
}

// fornitore is a provider's token endpoint: it hands out gettone-1, gettone-2 and so
// on, or whatever the test put into risposta.
type fornitore struct {
	*httptest.Server
	richieste []url.Values
	stato     int
	risposta  string
}

func apriFornitore(t *testing.T) *fornitore {
	t.Helper()
	f := &fornitore{stato: http.StatusOK}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		f.richieste = append(f.richieste, r.PostForm)
		risposta := f.risposta
		if risposta == "" {
			risposta = fmt.Sprintf(`{"access_token":"gettone-%d","token_type":"Bearer","expires_in":3600}`, len(f.richieste))
		}
		w.WriteHeader(f.stato)
		fmt.Fprint(w, risposta)
	}))
	t.Cleanup(f.Close)
	return f
}

var adessoGettone = time.Date(2026, 7, 12, 8, 0, 0, 0, time.UTC)

// conGettoni is a client of the server that signs in with tokens.
func conGettoni(t *testing.T, u *ufficioPostale, p ParametriOAuth2) *SMTP {
	t.Helper()
	if p.Adesso == nil {
		p.Adesso = func() time.Time { return adessoGettone }
	}
	s, err := NewSMTP(ParametriSMTP{Host: "127.0.0.1", Porta: u.porta, TLS: TLSObbligatorio, CAFile: u.ca, Mittente: "ufficio@ente.example",
		Utente: "ufficio@ente.example", Gettoni: NewGettoni(p)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// manda sends one message on a connection of its own.
func manda(t *testing.T, s *SMTP) Esito {
	t.Helper()
	e := s.Spedisci(t.Context(), lettera(), segna(new(int)))
	if err := s.Chiudi(); err != nil {
		t.Error(err)
	}
	return e
}

// One token serves until shortly before its end; one that the server refuses before
// that is replaced, once.
func TestXOAUTH2(t *testing.T) {
	u, f := apriUfficio(t, true, false), apriFornitore(t)
	adesso := adessoGettone
	s := conGettoni(t, u, ParametriOAuth2{URL: f.URL, ClientID: "scadenzario", ClientSecret: "segreto", Scope: "posta", Adesso: func() time.Time { return adesso }})
	accettato := func(gettone string, richieste, sfide int) {
		t.Helper()
		u.valido, u.utente, u.sfide = gettone, "", 0
		if e := manda(t, s); e.Stato != piano.Spedito || u.utente != "ufficio@ente.example" || len(f.richieste) != richieste || u.sfide != sfide {
			t.Errorf("%+v; %d tokens asked for, want %d; %d refused, want %d", e, len(f.richieste), richieste, u.sfide, sfide)
		}
	}
	accettato("gettone-1", 1, 0)
	adesso = adesso.Add(58 * time.Minute)
	accettato("gettone-1", 1, 0)
	adesso = adesso.Add(90 * time.Second) // half a minute before its end
	accettato("gettone-2", 2, 0)
	accettato("gettone-3", 3, 1) // the provider revoked gettone-2

	u.valido, u.sfide = "un altro", 0
	uguale(t, manda(t, s), Esito{Stato: piano.InCoda, Risposta: "535 5.7.8 Authentication unsuccessful", Ferma: true, Casella: true})
	if u.sfide != 2 || len(f.richieste) != 4 {
		t.Errorf("%d tokens refused, %d asked for: one more is tried and no other", u.sfide, len(f.richieste))
	}
	if got := f.richieste[0].Encode(); got != "client_id=scadenzario&client_secret=segreto&grant_type=client_credentials&scope=posta" {
		t.Error(got)
	}
}

// A refresh token is exchanged for an access token, and gives way to the one that comes
// with it: a provider lets the old one die after some months.
func TestRefreshToken(t *testing.T) {
	u, f := apriUfficio(t, true, false), apriFornitore(t)
	file := filepath.Join(t.TempDir(), "refresh")
	p := ParametriOAuth2{URL: f.URL, ClientID: "scadenzario", RefreshToken: "vecchio", RefreshTokenFile: file}
	f.risposta = `{"access_token":"gettone","expires_in":1,"refresh_token":"nuovo"}`
	u.valido = "gettone"
	s := conGettoni(t, u, p)
	for _, refresh := range []string{"vecchio", "nuovo"} {
		if e := manda(t, s); e.Stato != piano.Spedito {
			t.Fatalf("%+v", e)
		}
		if got := f.richieste[len(f.richieste)-1]; got.Get("grant_type") != "refresh_token" || got.Get("refresh_token") != refresh || got.Has("client_secret") {
			t.Errorf("%v", got)
		}
	}
	if testo, err := os.ReadFile(file); err != nil || string(testo) != "nuovo\n" {
		t.Errorf("%q, %v", testo, err)
	}
	p.RefreshTokenFile = filepath.Join(file, "manca")
	if e := manda(t, conGettoni(t, u, p)); !e.Casella || !strings.Contains(e.Risposta, "keep the new refresh token") {
		t.Errorf("%+v", e)
	}
}

// Where there is no token the mailbox stops, unless it is only that nobody answers.
func TestNoToken(t *testing.T) {
	u, f := apriUfficio(t, true, false), apriFornitore(t)
	u.valido = "gettone"
	for _, c := range []struct {
		storia   string
		comando  []string
		stato    int
		risposta string
		want     Esito
	}{
		{"the provider says no", nil, 400, `{"error":"invalid_client","error_description":"secret expired"}`,
			Esito{Stato: piano.InCoda, Risposta: "mail server…invalid_client secret expired", Ferma: true, Casella: true}},
		{"the provider is busy", nil, 429, ``, Esito{Stato: piano.InCoda, Risposta: "mail server…429", Ferma: true}},
		{"the provider is broken", nil, 503, `<html>`, Esito{Stato: piano.InCoda, Risposta: "mail server…503", Ferma: true}},
		{"an answer without a token", nil, 200, `{}`, Esito{Stato: piano.InCoda, Risposta: "mail server…200", Ferma: true}},
		{"a command that prints a token", []string{"echo", "gettone"}, 0, "", Esito{Stato: piano.Spedito, Risposta: "250 2.0.0 OK: queued"}},
		{"a command that fails", []string{"sh", "-c", "echo accesso scaduto >&2; exit 3"}, 0, "", Esito{Stato: piano.InCoda, Risposta: "mail server…accesso scaduto", Ferma: true, Casella: true}},
		{"a command that prints something else", []string{"echo", "not", "a token"}, 0, "", Esito{Stato: piano.InCoda, Risposta: "mail server…did not print a token", Ferma: true, Casella: true}},
		{"a command that is not there", []string{"./manca"}, 0, "", Esito{Stato: piano.InCoda, Risposta: "mail server…manca", Ferma: true, Casella: true}},
	} {
		t.Run(c.storia, func(t *testing.T) {
			f.stato, f.risposta = c.stato, c.risposta
			got := manda(t, conGettoni(t, u, ParametriOAuth2{Comando: c.comando, URL: f.URL, ClientID: "scadenzario", RefreshToken: "x"}))
			if _, parola, ok := strings.Cut(c.want.Risposta, "…"); ok && strings.Contains(got.Risposta, parola) {
				c.want.Risposta = got.Risposta
			}
			uguale(t, got, c.want)
		})
	}
	f.Close()
	if e := manda(t, conGettoni(t, u, ParametriOAuth2{URL: f.URL, ClientID: "scadenzario", RefreshToken: "x"})); !e.Ferma || e.Casella {
		t.Errorf("nobody answers: %+v", e)
	}
	if _, err := NewSMTP(ParametriSMTP{Host: "127.0.0.1", Porta: 25, TLS: TLSSeOfferto, Mittente: "u@ente.example", Utente: "u", Gettoni: NewGettoni(ParametriOAuth2{})}); err == nil {
		t.Error("a token may travel in clear text")
	}
}
