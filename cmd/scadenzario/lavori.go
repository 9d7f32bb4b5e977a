package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/piano"
)

// lavori are the daemon's jobs: each with its name, its schedule, how late a run of
// one a day may be (0 for a job that looks at each of its times), and what it does.
func (s *sessione) lavori(log *slog.Logger) ([]jobs.Lavoro, error) {
	giornata, mensile, sessioni, raccolta := s.giornata(), s.mensile(), s.sessioni(), s.raccolta(log)
	conserva := jobs.Conserva{Archivio: s.db, Giorni: s.config.Posta.Conserva}
	invio, err := s.invio(log)
	if err != nil {
		return nil, err
	}
	invio.Subentra = true
	orari, recupero := s.config.Orari, s.config.Recupero
	return []jobs.Lavoro{
		{Nome: "import", Orario: orari.Import, Esegui: func(ctx context.Context, adesso time.Time) (string, error) {
			n, err := raccolta.Run(ctx, piano.GiornoDi(adesso), adesso)
			return conta(n, "file", "files"), err
		}},
		{Nome: "sessions", Orario: orari.Sessions, Grazia: ore(recupero.Sessions), Esegui: func(ctx context.Context, adesso time.Time) (string, error) {
			passi, err := sessioni.Run(ctx, piano.GiornoDi(adesso), adesso)
			return riassumiSessioni(passi), err
		}},
		{Nome: "remind", Orario: orari.Remind, Grazia: ore(recupero.Remind), Esegui: func(ctx context.Context, adesso time.Time) (string, error) {
			scritti, err := giornata.RunDelGiorno(ctx, piano.GiornoDi(adesso), adesso)
			for _, m := range scritti.Muti {
				log.Warn("nobody can be told: add an address to the registry", "ente", m.Ente, "settore", m.Settore, "activities", m.Voci)
			}
			return conta(scritti.Quanti(), "message", "messages"), err
		}},
		{Nome: "digest", Orario: orari.Digest, Grazia: ore(recupero.Digest), Esegui: func(ctx context.Context, adesso time.Time) (string, error) {
			n, err := mensile.RunDelGiorno(ctx, piano.GiornoDi(adesso), adesso)
			return conta(n, "digest", "digests"), err
		}},
		{Nome: "send", Orario: orari.Send, Esegui: func(ctx context.Context, _ time.Time) (string, error) {
			c, err := invio.Run(ctx)
			// one message that its recipient's server puts off is no fault of the run
			if err == nil && c.Attesa == nil && c.Inviati == 0 && c.Fermo {
				err = fmt.Errorf("nothing could be delivered: %s", c.UltimaRisposta)
			}
			return fmt.Sprintf("%d delivered, %d to be tried again, %d refused, %d in doubt", c.Inviati, c.DaRitentare, c.Respinti, c.Ignoti), err
		}},
		{Nome: "retention", Orario: orari.Retention, Grazia: ore(recupero.Retention), Esegui: func(ctx context.Context, adesso time.Time) (string, error) {
			messaggi, esecuzioni, err := conserva.Run(ctx, adesso)
			return fmt.Sprintf("mail data of %s and %s dropped", conta(messaggi, "message", "messages"), conta(esecuzioni, "old run", "old runs")), err
		}},
	}, nil
}

func ore(n int) time.Duration { return time.Duration(n) * time.Hour }

// raccolta watches the inbox.
func (s *sessione) raccolta(log *slog.Logger) *jobs.Raccolta {
	return &jobs.Raccolta{Radice: s.inbox(), Memoria: filepath.Join(s.app.data, "cartelle.json"), Archivio: s.db,
		Intake: jobs.Intake{Archivio: s.db}, Modelli: s.modelli, Aspetta: jobs.Aspetta, Annota: annotata, Log: log}
}
