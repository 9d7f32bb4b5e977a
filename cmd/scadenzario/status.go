package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/piano"
)

func (a *app) cmdStatus() *cobra.Command {
	var inJSON bool
	c := &cobra.Command{
		Use:   "status",
		Short: "Show how the installation is: jobs, mail, inbox, disk, runs that were missed",
		Long: `Show how the installation is, whether a daemon runs or not: each job's last and
next run, what waits in the outbox and since when, doubts, the inbox, the room on
the disk, and the runs of the last month that nobody made. It is what /healthz
answers. Exit code 1 where something is wrong.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.conDatabase(c.Context(), func(s *sessione) error {
				log := slog.New(slog.DiscardHandler)
				lavori, err := s.lavori(log)
				if err != nil {
					return err
				}
				orologio, err := s.orologio(lavori, log)
				if err != nil {
					return err
				}
				r := s.referto(c.Context(), orologio)
				if inJSON {
					err = scriviJSON(a.json, r)
				} else {
					err = stampaReferto(a.out, r)
				}
				if err == nil && r.Stato != "ok" {
					err = esito(uscitaErrori)
				}
				return err
			})
		},
	}
	c.Flags().BoolVar(&inJSON, "json", false, "as JSON, as /healthz answers")
	return c
}

// giorniMancate is how far back runs that were missed are shown.
const giorniMancate = 31

// referto looks at everything that a person would ask about.
func (s *sessione) referto(ctx context.Context, orologio *jobs.Orologio) jobs.Referto {
	adesso := inRoma(time.Now())
	r := jobs.Referto{Versione: versione(), Adesso: adesso, Database: "ok", Lavori: []jobs.StatoLavoro{}, Mancate: []jobs.Mancata{}}
	r.Inbox.Cartella, r.Disco = s.inbox(), statoDisco(s.app.data)
	if err := s.dalDatabase(ctx, orologio, &r); err != nil {
		r.Database = err.Error()
	}
	var err error
	if r.Inbox.File, err = s.raccolta(slog.New(slog.DiscardHandler)).Attesa(); err != nil && !nuova(err, s) {
		r.Inbox.Male = err.Error()
	}
	r.Concludi()
	return r
}

// statoDisco looks at the room that is left beside the data.
func statoDisco(dir string) jobs.StatoDisco {
	d := jobs.StatoDisco{Cartella: dir}
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		d.Male = fmt.Sprintf("the data folder cannot be looked at: %v", err)
		return d
	}
	d.LiberiMB = int64(fs.Bavail) * fs.Bsize >> 20
	d.Giudica()
	return d
}

// nuova tells whether the inbox is not there because no daemon has made it yet.
func nuova(err error, s *sessione) bool {
	return errors.Is(err, os.ErrNotExist) && s.config.Servizio.Inbox == ""
}

func (s *sessione) dalDatabase(ctx context.Context, orologio *jobs.Orologio, r *jobs.Referto) (err error) {
	if r.Schema, err = s.db.Schema(ctx); err != nil {
		return err
	}
	if r.Lavori, err = orologio.Stato(ctx, r.Adesso); err != nil {
		return err
	}
	coda, err := s.db.StatoCoda(ctx, "")
	if err != nil {
		return err
	}
	if s.config.Posta.Modo == "smtp" {
		if coda.Frenata, err = s.db.Frenata(ctx, piano.Ritmo(s.config.Posta.Ritmo), r.Adesso); err != nil {
			return err
		}
	}
	host, err := os.Hostname()
	if err == nil {
		err = s.custodia(host).Verifica(ctx, r.Adesso)
	}
	if err != nil {
		r.Posta.Sospesa = err.Error()
	}
	r.Posta.Giudica(coda, r.Adesso)
	oggi := piano.GiornoDi(r.Adesso)
	mancate, err := s.db.EsecuzioniMancate(ctx, oggi.Piu(-giorniMancate), oggi)
	for _, e := range mancate {
		r.Mancate = append(r.Mancate, jobs.Mancata{Job: e.Job, Giorno: e.Periodo, Errore: e.Errore})
	}
	return err
}

// stampaReferto prints it for a person.
func stampaReferto(w io.Writer, r jobs.Referto) error {
	var b strings.Builder
	parola := map[bool]string{true: "all is well", false: "SOMETHING IS WRONG"}[r.Stato == "ok"]
	fmt.Fprintf(&b, "%s, %s\n\n", parola, r.Adesso.Format("2006-01-02 15:04"))
	righe := [][]string{{"JOB", "LAST RUN", "WENT WELL", "NEXT", ""}}
	for _, l := range r.Lavori {
		righe = append(righe, []string{l.Job, breve(l.Ultima), breve(l.Riuscita), breve(l.Prossima), oppure(l.Male, "ok")})
	}
	tabella(&b, "  ", righe)
	posta := []string{}
	for _, stato := range slices.Sorted(maps.Keys(r.Posta.PerStato)) {
		posta = append(posta, fmt.Sprintf("%d %s", r.Posta.PerStato[stato], stato))
	}
	if !r.Posta.AttesaDal.IsZero() {
		posta = append(posta, "waiting since "+breve(r.Posta.AttesaDal))
	}
	if !r.Posta.UltimoInvio.IsZero() {
		posta = append(posta, "last delivery "+breve(r.Posta.UltimoInvio))
	}
	b.WriteString("\n")
	tabella(&b, "  ", [][]string{
		{"mail", oppure(strings.Join(posta, ", "), "no message yet"), r.Posta.Male},
		{"doubts", dubbi(r.Posta.Dubbi), ""},
		{"inbox", conta(r.Inbox.File, "file waits", "files wait") + " in " + r.Inbox.Cartella, r.Inbox.Male},
		{"disk", fmt.Sprintf("%d MB free beside %s", r.Disco.LiberiMB, r.Disco.Cartella), r.Disco.Male},
		{"database", fmt.Sprintf("%s, schema %d", r.Database, r.Schema), ""},
		{"version", r.Versione, ""},
	})
	if len(r.Mancate) > 0 {
		fmt.Fprintf(&b, "\n  Runs of the last %d days that were not made on their day:\n", giorniMancate)
	}
	for _, m := range r.Mancate {
		fmt.Fprintf(&b, "    %s  %s  %s\n", m.Giorno, m.Job, oppure(m.Errore, "no daemon ran"))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func dubbi(n int) string {
	if n == 0 {
		return "none"
	}
	return conta(n, "message", "messages") + " whose outcome is not known: `scadenzario outbox list`"
}

func oppure(s, altrimenti string) string {
	if s == "" {
		return altrimenti
	}
	return s
}

// breve is an instant in Rome for a table.
func breve(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return inRoma(t).Format("2006-01-02 15:04")
}
