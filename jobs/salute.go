package jobs

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// limiteSalute is how long a health question waits for the database.
const limiteSalute = 2 * time.Second

// Salute answers /healthz: how the installation is, on this daemon or on another one
// (RELIABILITY.md, invariant 16). It is safe for use by several goroutines.
type Salute struct {
	// Referto looks at everything. It gives up when ctx ends and says so in its answer.
	Referto func(ctx context.Context) Referto
}

// ServeHTTP answers 200 where all is well, else 503, with the reasons in JSON.
func (s Salute) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), limiteSalute)
	defer cancel()
	ref := s.Referto(ctx)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if ref.Stato != "ok" {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(ref) // the client that went away needs no answer
}
