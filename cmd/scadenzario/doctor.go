package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/mailer"
	"github.com/scadenzario/scadenzario/store"
)

func (a *app) cmdDoctor() *cobra.Command {
	var posta, inJSON bool
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Look for what is damaged, and say what to do: after a restore, a move, an upgrade",
		Long: `Look at the whole installation and change nothing: the configuration, the schema,
every stored workbook against its SHA-256, frozen sessions, messages, references
between tables, the data folder, files with secrets. It reads every byte of every
workbook. Exit code 1 where something is wrong; what to do stands below it.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			v := visita{}
			conf, err := a.leggiConfig()
			if err != nil {
				return err // each key is named with what to write
			}
			v.bene("configuration", "every key is right")
			v.segreto("database.dsn_file", conf.Database.DSNFile)
			v.segreto("posta.smtp.password_file", conf.Posta.SMTP.PasswordFile)
			v.segreto("posta.testimone.password_file", conf.Posta.Testimone.PasswordFile)
			v.segreto("posta.oauth2.client_secret_file", conf.Posta.OAuth2.ClientSecretFile)
			v.segreto("posta.oauth2.refresh_token_file", conf.Posta.OAuth2.RefreshTokenFile)
			v.cartella(a.data)
			err = a.comeSta(c.Context(), func(s *sessione) error { return v.database(c.Context(), s) })
			if err != nil {
				v.male("database", err.Error(), "see that PostgreSQL runs and that [database] dsn is right; `journalctl -u postgresql` says more")
			}
			if posta {
				v.posta(c.Context(), a)
			}
			if inJSON {
				err = scriviJSON(a.json, v.esami)
			} else {
				err = v.stampa(a.out)
			}
			if err == nil && v.malata {
				err = esito(uscitaErrori)
			}
			return err
		},
	}
	c.Flags().BoolVar(&posta, "mail", false, "sign in to the mail server too; sends nothing")
	c.Flags().BoolVar(&inJSON, "json", false, "as JSON")
	return c
}

// esame is one thing that doctor looked at.
type esame struct {
	Cosa    string   `json:"check"`
	Bene    bool     `json:"ok"`
	Trovato []string `json:"found"`
	Rimedio string   `json:"remedy,omitempty"`
}

// visita gathers what doctor finds.
type visita struct {
	esami  []esame
	malata bool
}

func (v *visita) bene(cosa, trovato string) {
	v.esami = append(v.esami, esame{Cosa: cosa, Bene: true, Trovato: []string{trovato}})
}

func (v *visita) male(cosa, trovato, rimedio string) {
	v.esami, v.malata = append(v.esami, esame{Cosa: cosa, Trovato: []string{trovato}, Rimedio: rimedio}), true
}

// segreto wants a file with a password to be its owner's alone; "" is none.
func (v *visita) segreto(chiave, file string) {
	if file == "" {
		return
	}
	info, err := os.Stat(file)
	switch {
	case err != nil:
		v.male(chiave, err.Error(), "put the file back, or take the key out of the configuration")
	case info.Mode().Perm()&0o077 != 0:
		v.male(chiave, fmt.Sprintf("%s can be read by others (mode %s)", file, info.Mode().Perm()), "chmod 600 "+file)
	default:
		v.bene(chiave, file+" is its owner's alone")
	}
}

// cartella looks at the data folder.
func (v *visita) cartella(dir string) {
	info, err := os.Stat(dir)
	if errors.Is(err, os.ErrNotExist) {
		v.bene("data folder", dir+" is not there yet: the first command makes it")
		return
	}
	if err != nil || !info.IsDir() {
		v.male("data folder", fmt.Sprintf("%s is no folder that can be looked at: %v", dir, err), "name the right one with --data")
		return
	}
	if info.Mode().Perm()&0o002 != 0 {
		v.male("data folder", fmt.Sprintf("everybody on this machine may write into %s (mode %s)", dir, info.Mode().Perm()), "chmod o-w "+dir)
		return
	}
	f, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		v.male("data folder", err.Error(), "run as the user to whom the folder belongs, or give it to this one with chown -R")
		return
	}
	if err := errors.Join(f.Close(), os.Remove(f.Name())); err != nil {
		v.male("data folder", err.Error(), "look at the disk: `df` and `dmesg`")
		return
	}
	d := statoDisco(dir)
	if d.Male != "" {
		v.male("data folder", d.Male, "what the offices were told is safe; take away what does not belong there, or enlarge the disk")
		return
	}
	v.bene("data folder", fmt.Sprintf("%s can be written to, %d MB free", dir, d.LiberiMB))
}

// database looks at everything that is kept.
func (v *visita) database(ctx context.Context, s *sessione) error {
	schema, err := s.db.Schema(ctx)
	if err != nil {
		return err
	}
	nostro, err := store.SchemaNoto()
	if err != nil {
		return err
	}
	switch {
	case schema > nostro:
		v.male("schema", fmt.Sprintf("the database has %d, this program knows up to %d", schema, nostro), "install the newer release, or restore the backup made before it")
		return nil
	case schema < nostro:
		v.male("schema", fmt.Sprintf("the database has %d, this program wants %d", schema, nostro), "make a backup; the next command, as `scadenzario status`, brings it up")
		return nil
	}
	v.bene("schema", fmt.Sprintf("version %d", schema))
	controlli, err := s.db.Diagnosi(ctx)
	for _, c := range controlli {
		e := esame{Cosa: c.Cosa, Bene: len(c.Male) == 0, Trovato: c.Male, Rimedio: c.Rimedio}
		if e.Bene {
			e.Trovato = []string{fmt.Sprintf("%d looked at", c.Visti)}
		}
		v.esami, v.malata = append(v.esami, e), v.malata || !e.Bene
	}
	if err != nil {
		return err
	}
	q, err := s.db.Quanti(ctx)
	if err != nil {
		return err
	}
	v.bene("rows", fmt.Sprintf("%d enti, %d workbooks, %d objectives, %d activities, %d messages, %d lines of the register",
		q.Enti, q.Consegne, q.Obiettivi, q.Attivita, q.Messaggi, q.Voci))
	return v.custodia(ctx, s)
}

// custodia tells whether sending is on hold. An installation that has not made itself
// known yet is not made known by looking at it.
func (v *visita) custodia(ctx context.Context, s *sessione) error {
	host, err := os.Hostname()
	if err != nil {
		return fmt.Errorf("name of this machine: %w", err)
	}
	custodia := s.custodia(host)
	if !custodia.Nota() {
		v.bene("sending", "nothing was sent from this data folder yet; with a database that was restored or copied it is on hold until `scadenzario identity confirm`")
		return nil
	}
	err = custodia.Verifica(ctx, time.Now())
	switch {
	case errors.Is(err, jobs.ErrInSospeso):
		v.male("sending", err.Error(), "`scadenzario identity confirm`, once no other installation sends")
	case err != nil:
		return err
	default:
		v.bene("sending", "this installation is the one that sends")
	}
	return nil
}

// posta signs in to the mail server.
func (v *visita) posta(ctx context.Context, a *app) {
	conf, err := a.leggiConfig()
	if err == nil && conf.Posta.Modo != "smtp" {
		v.bene("mail", "goes into a folder: there is no server to ask")
		return
	}
	var invio jobs.Invio
	if err == nil {
		invio, err = (&sessione{app: a, config: conf}).invio(slog.New(slog.DiscardHandler))
	}
	if smtp, ok := invio.Postino.(*mailer.SMTP); ok && err == nil {
		err = smtp.Prova(ctx)
	}
	if err != nil {
		v.male("mail", err.Error(), "check [posta.smtp] in the configuration, the password, and the firewall")
		return
	}
	v.bene("mail", fmt.Sprintf("%s:%d lets us in", conf.Posta.SMTP.Host, conf.Posta.SMTP.Porta))
}

// stampa prints what was looked at, what is wrong with what to do below it.
func (v *visita) stampa(w io.Writer) error {
	var b strings.Builder
	for _, e := range v.esami {
		parola := "ok   "
		if !e.Bene {
			parola = "WRONG"
		}
		fmt.Fprintf(&b, "%s  %s: %s\n", parola, e.Cosa, strings.Join(e.Trovato, "\n       "))
		if e.Rimedio != "" {
			fmt.Fprintf(&b, "       what to do: %s\n", e.Rimedio)
		}
	}
	if !v.malata {
		b.WriteString("nothing is wrong\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}
