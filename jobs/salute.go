package jobs

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// limiteSalute is how long a health question waits for the database.
const limiteSalute = 2 * time.Second

// Salute answers /healthz: whether the database can be reached, and whether each
// job ran when it should have and went well, on this daemon or on another one
// (RELIABILITY.md, invariant 16). It is safe for use by several goroutines.
type Salute struct {
	Stato  func(ctx context.Context, adesso time.Time) ([]StatoLavoro, error)
	Adesso func() time.Time
}

// referto is the answer in JSON.
type referto struct {
	Stato    string        `json:"status"`   // "ok" or "ill"
	Database string        `json:"database"` // "ok", or what is wrong
	Lavori   []StatoLavoro `json:"jobs"`
}

// ServeHTTP answers 200 where all is well, else 503, with the reasons in JSON.
func (s Salute) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), limiteSalute)
	defer cancel()
	ref := referto{Stato: "ok", Database: "ok", Lavori: []StatoLavoro{}}
	stati, err := s.Stato(ctx, s.Adesso())
	if err != nil {
		ref.Stato, ref.Database = "ill", err.Error()
	}
	for _, l := range stati {
		if l.Male != "" {
			ref.Stato = "ill"
		}
		ref.Lavori = append(ref.Lavori, l)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if ref.Stato != "ok" {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(ref) // the client that went away needs no answer
}
