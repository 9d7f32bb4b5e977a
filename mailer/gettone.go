package mailer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// ParametriOAuth2 says where the access tokens of XOAUTH2 come from: a command, or
// the token endpoint of the provider.
type ParametriOAuth2 struct {
	Comando []string // a program and its arguments, run without a shell, that prints a token

	URL          string // the token endpoint
	ClientID     string
	ClientSecret string
	// RefreshToken is what a person agreed to once, as Google's mail server wants
	// it; "" for the application's own permission (client credentials), as suits
	// Exchange Online.
	RefreshToken string
	// RefreshTokenFile, where not "", gets the refresh token that the provider
	// gives in exchange for the old one.
	RefreshTokenFile string
	Scope            string

	Adesso func() time.Time // for the age of a token
}

const (
	// attesaGettone bounds the wait for a token.
	attesaGettone = 30 * time.Second
	// anticipoGettone is how long before its end a token is not used any more.
	anticipoGettone = time.Minute
	// massimoGettone bounds what is read of an answer, in bytes.
	massimoGettone = 64 << 10
)

// Gettoni gives out the access tokens of one account, each until it runs out. It is
// safe for concurrent use.
type Gettoni struct {
	p      ParametriOAuth2
	client *http.Client

	mu     sync.Mutex
	valore string
	scade  time.Time // zero where the token does not say
}

// NewGettoni asks for nothing yet.
func NewGettoni(p ParametriOAuth2) *Gettoni {
	return &Gettoni{p: p, client: &http.Client{Timeout: attesaGettone}}
}

// erroreGettone is a token that could not be had. negato tells that the provider said
// no, and not that it could not be asked.
type erroreGettone struct {
	negato bool
	err    error
}

// Error says what went wrong.
func (e *erroreGettone) Error() string { return "access token: " + e.err.Error() }

// Unwrap returns the cause.
func (e *erroreGettone) Unwrap() error { return e.err }

// Gettone returns a token: the last one where it still holds, unless nuovo demands
// another because a server refused that.
func (g *Gettoni) Gettone(ctx context.Context, nuovo bool) (string, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !nuovo && g.valore != "" && g.p.Adesso().Before(g.scade.Add(-anticipoGettone)) {
		return g.valore, nil
	}
	ctx, fine := context.WithTimeout(ctx, attesaGettone)
	defer fine()
	var err error
	if len(g.p.Comando) > 0 {
		g.valore, err = g.esegui(ctx)
	} else {
		err = g.chiedi(ctx)
	}
	if err != nil {
		g.valore = ""
		return "", err
	}
	return g.valore, nil
}

// esegui runs the command.
func (g *Gettoni) esegui(ctx context.Context) (string, error) {
	c := exec.CommandContext(ctx, g.p.Comando[0], g.p.Comando[1:]...)
	c.WaitDelay = time.Second
	out, err := c.Output()
	if err != nil {
		var uscita *exec.ExitError
		if errors.As(err, &uscita) && len(uscita.Stderr) > 0 {
			err = fmt.Errorf("%w: %s", err, riassunto(string(uscita.Stderr)))
		}
		return "", &erroreGettone{true, fmt.Errorf("run token_command %s: %w", g.p.Comando[0], err)}
	}
	gettone := strings.TrimSpace(string(out))
	if gettone == "" || strings.ContainsAny(gettone, " \t\r\n\x01") {
		return "", &erroreGettone{true, fmt.Errorf("token_command %s did not print a token alone on a line", g.p.Comando[0])}
	}
	return gettone, nil
}

// chiedi asks the provider (RFC 6749, 4.4 and 6).
func (g *Gettoni) chiedi(ctx context.Context) error {
	modulo := url.Values{"grant_type": {"client_credentials"}, "client_id": {g.p.ClientID}}
	if g.p.RefreshToken != "" {
		modulo.Set("grant_type", "refresh_token")
		modulo.Set("refresh_token", g.p.RefreshToken)
	}
	if g.p.ClientSecret != "" {
		modulo.Set("client_secret", g.p.ClientSecret)
	}
	if g.p.Scope != "" {
		modulo.Set("scope", g.p.Scope)
	}
	richiesta, err := http.NewRequestWithContext(ctx, http.MethodPost, g.p.URL, strings.NewReader(modulo.Encode()))
	if err != nil {
		return &erroreGettone{true, fmt.Errorf("ask %s: %w", g.p.URL, err)}
	}
	richiesta.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	risposta, err := g.client.Do(richiesta)
	if err != nil {
		return &erroreGettone{false, fmt.Errorf("ask the provider: %w", err)}
	}
	corpo, err := io.ReadAll(io.LimitReader(risposta.Body, massimoGettone))
	if err = errors.Join(err, risposta.Body.Close()); err != nil {
		return &erroreGettone{false, fmt.Errorf("read the provider's answer: %w", err)}
	}
	return g.leggi(risposta.StatusCode, corpo)
}

// leggi takes the token out of the provider's answer.
func (g *Gettoni) leggi(stato int, corpo []byte) error {
	var r struct {
		AccessToken  string `json:"access_token"`
		ExpiresIn    int    `json:"expires_in"` // seconds
		RefreshToken string `json:"refresh_token"`
		Errore       string `json:"error"`
		Descrizione  string `json:"error_description"`
	}
	err := json.Unmarshal(corpo, &r)
	if stato != http.StatusOK || err != nil || r.AccessToken == "" {
		return &erroreGettone{stato/100 == 4 && stato != http.StatusTooManyRequests,
			fmt.Errorf("the provider answered %d %s", stato, riassunto(r.Errore+" "+r.Descrizione))}
	}
	g.valore = r.AccessToken
	g.scade = g.p.Adesso().Add(time.Duration(r.ExpiresIn) * time.Second)
	if r.RefreshToken == "" || r.RefreshToken == g.p.RefreshToken {
		return nil
	}
	g.p.RefreshToken = r.RefreshToken
	if g.p.RefreshTokenFile == "" {
		return nil
	}
	nuovo := g.p.RefreshTokenFile + ".tmp"
	err = os.WriteFile(nuovo, []byte(r.RefreshToken+"\n"), 0o600)
	if err == nil {
		err = os.Rename(nuovo, g.p.RefreshTokenFile)
	}
	if err != nil {
		return &erroreGettone{true, fmt.Errorf("keep the new refresh token: %w; let the program write there", err)}
	}
	return nil
}
