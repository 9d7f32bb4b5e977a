package jobs

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"
)

// tolleranza is how late a job may be before the service calls itself ill.
const tolleranza = 2 * time.Minute

// limiteSalute is how long a health question waits for the database.
const limiteSalute = 2 * time.Second

// Salute answers /healthz: whether the database can be reached, and whether each
// job ran when it should have and went well (RELIABILITY.md, invariant 16). It is
// safe for use by several goroutines.
type Salute struct {
	ping   func(context.Context) error
	adesso func() time.Time
	mu     sync.Mutex
	lavori []*battito
}

// battito is what is known of one job.
type battito struct {
	Nome     string    `json:"job"`
	Ultima   time.Time `json:"last"` // zero before the first run
	Prossima time.Time `json:"next"` // when it should run next
	Errore   string    `json:"error,omitempty"`
	seguente func(time.Time) time.Time
}

// NewSalute returns a Salute that asks the database through ping and the time
// through adesso.
func NewSalute(ping func(context.Context) error, adesso func() time.Time) *Salute {
	return &Salute{ping: ping, adesso: adesso}
}

func (s *Salute) aggiungi(nome string, seguente func(time.Time) time.Time, inizio time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lavori = append(s.lavori, &battito{Nome: nome, Prossima: seguente(inizio), seguente: seguente})
}

// segna records a run that began at that instant.
func (s *Salute) segna(nome string, inizio time.Time, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range s.lavori {
		if b.Nome != nome {
			continue
		}
		b.Ultima, b.Prossima, b.Errore = inizio, b.seguente(inizio), ""
		if err != nil {
			b.Errore = err.Error()
		}
	}
}

// referto is the answer in JSON.
type referto struct {
	Stato    string     `json:"status"`   // "ok" or "ill"
	Database string     `json:"database"` // "ok", or what is wrong
	Lavori   []*battito `json:"jobs"`
}

// ServeHTTP answers 200 where all is well, else 503, with the reasons in JSON.
func (s *Salute) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), limiteSalute)
	defer cancel()
	ref := referto{Stato: "ok", Database: "ok"}
	if err := s.ping(ctx); err != nil {
		ref.Stato, ref.Database = "ill", err.Error()
	}
	s.mu.Lock()
	for _, b := range s.lavori {
		copia := *b
		if copia.Errore == "" && s.adesso().After(copia.Prossima.Add(tolleranza)) {
			copia.Errore = "did not run when it should have"
		}
		if copia.Errore != "" {
			ref.Stato = "ill"
		}
		ref.Lavori = append(ref.Lavori, &copia)
	}
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if ref.Stato != "ok" {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(ref) // the client that went away needs no answer
}
