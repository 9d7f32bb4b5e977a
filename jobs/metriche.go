package jobs

import (
	"context"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/scadenzario/scadenzario/piano"
)

// Metriche answers /metrics for Prometheus, on a registry of its own. The names are
// documented in doc/operations.md and never change their meaning. What is counted by
// this process begins at 0 with it; what the database knows counts all daemons.
type Metriche struct {
	// Referto looks at everything, as for /healthz.
	Referto func(ctx context.Context) Referto
	// Consegne counts the hand-ins by what became of them.
	Consegne func(ctx context.Context) (map[piano.EsitoConsegna]int, error)
	processo *prometheus.Registry // what this process counts
	corse    *prometheus.CounterVec
	durata   *prometheus.HistogramVec
}

// NewMetriche prepares the counts; Dopo feeds them.
func NewMetriche(referto func(context.Context) Referto, consegne func(context.Context) (map[piano.EsitoConsegna]int, error)) *Metriche {
	m := &Metriche{Referto: referto, Consegne: consegne, processo: prometheus.NewRegistry(),
		corse: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "scadenzario_job_runs_total",
			Help: "Runs of a job by this process, by outcome: ok, failed."}, []string{"job", "outcome"}),
		durata: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "scadenzario_job_duration_seconds",
			Help: "How long the runs of a job by this process took.", Buckets: []float64{.01, .1, 1, 10, 60, 600, 3600}}, []string{"job"})}
	m.processo.MustRegister(m.corse, m.durata)
	return m
}

// Dopo counts a run that ended.
func (m *Metriche) Dopo(_ context.Context, c Corsa) {
	esito := "ok"
	if c.Errore != nil {
		esito = "failed"
	}
	m.corse.WithLabelValues(c.Job, esito).Inc()
	m.durata.WithLabelValues(c.Job).Observe(c.Durata.Seconds())
}

// ServeHTTP answers with the counts of this process and what the database says now.
func (m *Metriche) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), limiteSalute)
	defer cancel()
	ora := prometheus.NewRegistry()
	ora.MustRegister(m.adesso(ctx)...)
	promhttp.HandlerFor(prometheus.Gatherers{m.processo, ora}, promhttp.HandlerOpts{}).ServeHTTP(w, r)
}

// adesso turns a look at the installation into gauges. What the database does not
// tell is left out: a missing value raises an alarm, a wrong one does not.
func (m *Metriche) adesso(ctx context.Context) []prometheus.Collector {
	r := m.Referto(ctx)
	sano := uno("scadenzario_healthy", "1 while /healthz answers 200.", r.Stato == "ok")
	disco := prometheus.NewGauge(prometheus.GaugeOpts{Name: "scadenzario_disk_free_bytes", Help: "Room beside the data folder."})
	disco.Set(float64(r.Disco.LiberiMB << 20))
	riuscita := gruppo("scadenzario_job_last_success_timestamp_seconds", "When a job last went well, on any daemon.", "job")
	male := gruppo("scadenzario_job_problem", "1 where /healthz finds fault with a job.", "job")
	for _, l := range r.Lavori {
		if !l.Riuscita.IsZero() {
			riuscita.WithLabelValues(l.Job).Set(float64(l.Riuscita.Unix()))
		}
		male.WithLabelValues(l.Job).Set(cifra(l.Male != ""))
	}
	tutti := []prometheus.Collector{sano, disco, riuscita, male}
	if r.Database != "ok" {
		return tutti
	}
	posta := gruppo("scadenzario_outbox_messages", "Messages by state.", "state")
	for _, s := range []piano.StatoSpedizione{piano.InCoda, piano.InInvio, piano.AlPunto, piano.Spedito, piano.Rifiutato, piano.EsitoIgnoto} {
		posta.WithLabelValues(string(s)).Set(float64(r.Posta.PerStato[s]))
	}
	attesa := prometheus.NewGauge(prometheus.GaugeOpts{Name: "scadenzario_outbox_oldest_waiting_seconds", Help: "How long the oldest message that waits has waited; 0 where none does."})
	if !r.Posta.AttesaDal.IsZero() {
		attesa.Set(r.Adesso.Sub(r.Posta.AttesaDal).Seconds())
	}
	tutti = append(tutti, posta, attesa,
		uno("scadenzario_mailbox_stopped", "1 while the breaker holds the mail back.", r.Posta.Interruttore != nil),
		uno("scadenzario_sending_on_hold", "1 while nothing is sent before a person confirms.", r.Posta.Sospesa != ""))
	if consegne, err := m.Consegne(ctx); err == nil { // else /healthz is red by the same database
		c := gruppo("scadenzario_hand_ins", "Workbooks handed in, by what became of them.", "outcome")
		for esito, n := range consegne {
			c.WithLabelValues(string(esito)).Set(float64(n))
		}
		tutti = append(tutti, c)
	}
	return tutti
}

func gruppo(nome, aiuto, etichetta string) *prometheus.GaugeVec {
	return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: nome, Help: aiuto}, []string{etichetta})
}

func uno(nome, aiuto string, vero bool) prometheus.Gauge {
	g := prometheus.NewGauge(prometheus.GaugeOpts{Name: nome, Help: aiuto})
	g.Set(cifra(vero))
	return g
}

func cifra(vero bool) float64 {
	if vero {
		return 1
	}
	return 0
}
