package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/scadenzario/scadenzario/jobs"
)

// attesaArresto is how long serve waits, once told to stop, for the jobs at work.
const attesaArresto = 9 * time.Second

func (a *app) cmdServe() *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Run the daemon: watch the inbox, remind, write digests and deliver, on schedule",
		Long: `Run the daemon. It watches <inbox>/<ente>/<settore>/ for workbooks, and runs
import, sessions, remind, digest, send and retention on the configured schedules in
the zone of Rome. Several daemons may work on one database: each day's run is made
once, by one of them. A run that was missed or failed is made later on its day
([recupero]). /healthz on loopback answers 200 while all is well, as "scadenzario
status" tells it, else 503 with the reasons. SIGTERM stops it cleanly.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.conDatabase(c.Context(), func(s *sessione) error { return a.servi(c.Context(), s) })
		},
	}
}

// servi runs until ctx ends, then lets the jobs finish what they hold.
func (a *app) servi(ctx context.Context, s *sessione) error {
	log := slog.New(slog.NewTextHandler(a.diagnosi, nil))
	if err := s.preparaInbox(ctx, log); err != nil {
		return err
	}
	lavori, err := s.lavori(log)
	if err != nil {
		return err
	}
	orologio, err := s.orologio(lavori, log)
	if err != nil {
		return err
	}
	ascolto, err := net.Listen("tcp", s.config.Servizio.Ascolto)
	if err != nil {
		return fmt.Errorf("cannot listen for /healthz: %w; is another daemon running, or should [servizio] ascolto name another port?", err)
	}
	if altro, err := s.altroDemone(ctx, time.Now()); err != nil {
		return errors.Join(err, ascolto.Close())
	} else if altro != "" {
		log.Warn("another daemon works on this database, or did until a moment ago: each run is made once, by one of the two", "who", altro)
	}
	mux := http.NewServeMux()
	referto := func(ctx context.Context) jobs.Referto { return s.referto(ctx, orologio) }
	metriche := jobs.NewMetriche(referto, s.db.ContaConsegne)
	orologio.Dopo = func(ctx context.Context, c jobs.Corsa) {
		metriche.Dopo(ctx, c)
		if p := s.config.Servizio.Ping; p != "" {
			jobs.Ping{Indirizzo: p, Log: log}.Dopo(ctx, c)
		}
	}
	mux.Handle("GET /healthz", jobs.Salute{Referto: referto})
	mux.Handle("GET /metrics", metriche)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	caduto := make(chan error, 1)
	go func() { caduto <- server.Serve(ascolto) }()
	log.Info("ready", "healthz", "http://"+ascolto.Addr().String()+"/healthz", "inbox", s.inbox(), "mail", s.dove())

	ctx, ferma := context.WithCancel(ctx)
	defer ferma()
	fermo := make(chan struct{})
	go func() { orologio.Run(ctx); close(fermo) }()
	select {
	case err = <-caduto:
		ferma()
	case <-ctx.Done():
	}
	log.Info("stopping")
	limite, annulla := context.WithTimeout(context.WithoutCancel(ctx), attesaArresto)
	defer annulla()
	return errors.Join(err, aspettaLavori(limite, fermo), server.Shutdown(limite))
}

// aspettaLavori waits for the jobs at work. A message in flight when the time is
// up is safe: its row says how far it came.
func aspettaLavori(limite context.Context, fermo <-chan struct{}) error {
	select {
	case <-fermo:
		return nil
	case <-limite.Done():
		return errors.New("a job was still at work when the time to stop was up; its work is taken up at the next start")
	}
}

// orologio runs those jobs, as this process among those on the database.
func (s *sessione) orologio(lavori []jobs.Lavoro, log *slog.Logger) (*jobs.Orologio, error) {
	host, err := os.Hostname()
	if err != nil {
		return nil, fmt.Errorf("name of this machine: %w", err)
	}
	return jobs.NewOrologio(lavori, s.db, fmt.Sprintf("%s/%d", host, os.Getpid()), log)
}

// preparaInbox makes the folders of the settori.
func (s *sessione) preparaInbox(ctx context.Context, log *slog.Logger) error {
	if s.config.Servizio.Inbox == "" { // ours to make; a configured one may be a share that is not mounted
		if err := os.MkdirAll(s.inbox(), 0o770); err != nil {
			return fmt.Errorf("inbox: %w", err)
		}
	}
	if err := s.raccolta(log).Prepara(ctx); err != nil {
		log.Error("watched folders", "err", err) // the share may come: import tries again, and /healthz tells
	}
	return nil
}

// pocoFa is within which time a run of another process means that it is alive: the
// jobs that look most often do so each minute.
const pocoFa = 2 * time.Minute

// altroDemone names a daemon that has just run a job on this database, "" for none.
func (s *sessione) altroDemone(ctx context.Context, adesso time.Time) (string, error) {
	battiti, err := s.db.Battiti(ctx)
	for _, b := range battiti {
		if b.Iniziato.After(adesso.Add(-pocoFa)) {
			return b.Chi, err
		}
	}
	return "", err
}
