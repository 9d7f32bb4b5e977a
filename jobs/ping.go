package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// limitePing bounds one ping: a monitor that is slow must not hold up the work.
const limitePing = 5 * time.Second

// Ping tells a monitor outside that a job ran, so that it can raise an alarm when it
// hears nothing. What goes wrong with it is logged and does no harm.
type Ping struct {
	// Indirizzo is asked for with GET after each run. {job} in it is the job's name.
	// {esito} is "ok" or "fail"; without {esito} only a run that went well is told.
	Indirizzo string
	Log       *slog.Logger
}

// Dopo tells of a run that ended.
func (p Ping) Dopo(ctx context.Context, c Corsa) {
	if c.Errore != nil && !strings.Contains(p.Indirizzo, "{esito}") {
		return
	}
	esito := "ok"
	if c.Errore != nil {
		esito = "fail"
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limitePing)
	defer cancel()
	if err := chiama(ctx, strings.NewReplacer("{job}", url.PathEscape(c.Job), "{esito}", esito).Replace(p.Indirizzo)); err != nil {
		p.Log.Warn("the monitor cannot be told", "job", c.Job, "err", err)
	}
}

// chiama asks for the address. The error does not name it: whoever knows it may
// pretend to be us.
func chiama(ctx context.Context, indirizzo string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, indirizzo, nil)
	if err != nil {
		return errors.New("[servizio] ping is no address")
	}
	risposta, err := http.DefaultClient.Do(r)
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	if err != nil {
		return err
	}
	if err := risposta.Body.Close(); err != nil {
		return err
	}
	if risposta.StatusCode/100 != 2 {
		return fmt.Errorf("it answers %s", risposta.Status)
	}
	return nil
}
