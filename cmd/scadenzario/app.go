package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/scadenzario/scadenzario/config"
	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/mailer"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
	"github.com/scadenzario/scadenzario/store/local"
	"github.com/scadenzario/scadenzario/templates"
)

// attesaDatabase bounds the wait for a database that does not answer.
const attesaDatabase = 30 * time.Second

// app is what all commands share: the global flags and where to print.
type app struct {
	out, diagnosi    video     // for people
	json             io.Writer // for programs, which want each character as it is
	fileConfig, data string
	ente             string
}

// sessione is an open installation: configuration, database, words.
type sessione struct {
	app     *app
	config  config.Config
	db      *store.DB
	modelli *templates.Modelli
	ente    piano.Ente // the ente of the command, where conArchivio chose it
}

// leggiConfig reads the configuration with the environment of the process.
func (a *app) leggiConfig() (config.Config, error) {
	return config.Leggi(a.fileConfig, os.Getenv, jobs.ControllaOrario)
}

// conDatabase opens the installation, brings the database to the schema of this
// binary, calls f and closes everything again.
func (a *app) conDatabase(ctx context.Context, f func(*sessione) error) error {
	return a.comeSta(ctx, func(s *sessione) error {
		if err := s.db.Migrate(ctx); err != nil {
			return err
		}
		return f(s)
	})
}

// comeSta is conDatabase for who wants the database as it is.
func (a *app) comeSta(ctx context.Context, f func(*sessione) error) (err error) {
	c, err := a.leggiConfig()
	if err != nil {
		return err
	}
	modelli, err := templates.New()
	if err != nil {
		return err
	}
	dsn := c.Database.DSN
	if dsn == "" {
		cluster, err := local.Start(ctx, a.data)
		if err != nil {
			return err
		}
		// what a stop leaves undone, the next start finds and mends
		defer func() { err = errors.Join(err, cluster.Stop()) }()
		if err := cluster.EnsureDB(ctx, local.Database); err != nil {
			return err
		}
		dsn = cluster.DSN(local.Database)
	}
	attesa, annulla := context.WithTimeout(ctx, attesaDatabase)
	defer annulla()
	db, err := store.Open(attesa, dsn)
	if err != nil {
		return fmt.Errorf("%w; is PostgreSQL running, and is [database] dsn in the configuration right?", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return f(&sessione{app: a, config: c, db: db, modelli: modelli})
}

// conArchivio is conDatabase for the commands that are about one ente.
func (a *app) conArchivio(ctx context.Context, f func(*sessione) error) error {
	return a.conDatabase(ctx, func(s *sessione) error {
		enti, err := s.db.Enti(ctx)
		if err != nil {
			return err
		}
		nome := a.ente
		if nome == "" && len(enti) > 1 {
			nome = cmp.Or(s.config.Ente.Codice, s.config.Ente.Denominazione)
		}
		if s.ente, err = scegliEnte(enti, nome); err != nil {
			return err
		}
		return f(s)
	})
}

// scegliEnte finds the ente by code or name; "" is the only one there is.
func scegliEnte(enti []piano.Ente, nome string) (piano.Ente, error) {
	if len(enti) == 0 {
		return piano.Ente{}, errors.New("the database knows no ente yet: load its people first, with `scadenzario registry import anagrafica.xlsx`")
	}
	if nome == "" && len(enti) == 1 {
		return enti[0], nil
	}
	var codici []string
	for _, e := range enti {
		if e.Codice == piano.Codice(nome) || piano.Normalizza(e.Nome) == piano.Normalizza(nome) {
			return e, nil
		}
		codici = append(codici, e.Codice)
	}
	if nome == "" {
		return piano.Ente{}, fmt.Errorf("there are several enti: name one with --ente (%s)", strings.Join(codici, ", "))
	}
	return piano.Ente{}, fmt.Errorf("no ente is called %q: the database knows %s", nome, strings.Join(codici, ", "))
}

// enteDaCaricare says whose registry a workbook is: what its sheet Ente says, else
// --ente, else the configuration, else the only ente there is.
func (s *sessione) enteDaCaricare(ctx context.Context, scritto piano.Ente) (piano.Ente, error) {
	if scritto.Nome == "" {
		c := s.config.Ente
		scritto = piano.Ente{Nome: c.Denominazione, Codice: c.Codice}
		if s.app.ente != "" {
			scritto = piano.Ente{Nome: s.app.ente}
		}
	}
	if scritto.Codice == "" {
		scritto.Codice = piano.Codice(scritto.Nome)
	}
	enti, err := s.db.Enti(ctx)
	if err != nil {
		return piano.Ente{}, err
	}
	if scritto.Nome == "" && len(enti) == 0 {
		return piano.Ente{}, errors.New("whose registry is this? Name the ente with --ente \"Unione dei Comuni …\", in [ente] of the configuration, or in a sheet Ente of the workbook")
	}
	if scritto.Nome == "" {
		return scegliEnte(enti, "")
	}
	for _, e := range enti {
		if e.Codice == scritto.Codice && scritto.PatronoMese == 0 {
			scritto.PatronoMese, scritto.PatronoGiorno = e.PatronoMese, e.PatronoGiorno
		}
		if e.Codice == scritto.Codice && scritto.Nome == s.app.ente {
			scritto.Nome = e.Nome // --ente may have named it by its code
		}
	}
	return scritto, nil
}

// giorno reads a day given on the command line; "" is today in Rome.
func (a *app) giorno(testo string) (piano.Giorno, error) {
	if testo == "" {
		adesso, err := jobs.Adesso()
		return piano.GiornoDi(adesso), err
	}
	g, err := piano.ParseGiorno(testo)
	if err != nil {
		return g, fmt.Errorf("--date: %w", err)
	}
	return g, nil
}

// settore returns the registry's name of a settore, however it is called.
func (s *sessione) settore(ctx context.Context, nome string) (string, error) {
	anagrafica, err := s.db.Anagrafica(ctx, s.ente.Codice)
	if err != nil {
		return "", err
	}
	if settore, ok := anagrafica.Settore(nome); ok {
		return settore.Nome, nil
	}
	var codici []string
	for _, x := range anagrafica.Settori {
		codici = append(codici, x.Codice)
	}
	return "", fmt.Errorf("no settore is called %q; the registry knows: %s", nome, strings.Join(codici, ", "))
}

// soloSettore keeps the activities of one settore, however it is called.
func (s *sessione) soloSettore(ctx context.Context, attivita []piano.Assegnata, nome string) ([]piano.Assegnata, error) {
	settore, err := s.settore(ctx, nome)
	if err != nil {
		return nil, err
	}
	sue := make([]piano.Assegnata, 0, len(attivita))
	for _, a := range attivita {
		if a.Settore == settore {
			sue = append(sue, a)
		}
	}
	return sue, nil
}

// regole joins the configuration's calendar and ladder with the ente's patron.
func (s *sessione) regole(e piano.Ente) jobs.Regole {
	r := jobs.Regole{Calendario: piano.Calendario{PatronoMese: e.PatronoMese, PatronoGiorno: e.PatronoGiorno,
		Chiusure: map[piano.Giorno]bool{}}, Scala: piano.Scala(s.config.Scala)}
	suo, proprio := s.config.Enti[e.Codice]
	if !proprio {
		suo = s.config.Ente
	}
	if giorno, mese, ok := config.GiornoMese(suo.Patrono); ok {
		r.Calendario.PatronoMese, r.Calendario.PatronoGiorno = mese, giorno
	}
	for _, testo := range suo.Chiusure {
		dal, al, _ := config.Periodo(testo) // config has judged them
		for g := piano.GiornoDi(dal); !g.Dopo(piano.GiornoDi(al)); g = g.Piu(1) {
			r.Calendario.Chiusure[g] = true
		}
	}
	r.Consegna, r.InCopia = suo.Consegna, suo.InCopia
	r.Scala = sovrapponi(r.Scala, piano.Scala(suo.Scala))
	r.Termini, r.Bilanci = termini(s.config.Scadenze, suo.Scadenze), bilanci(suo.Anni)
	return r
}

// sovrapponi takes the steps that an ente sets for itself; 0 keeps the
// installation's.
func sovrapponi(base, sua piano.Scala) piano.Scala {
	for _, p := range []struct{ dove, valore *int }{{&base.Preavviso, &sua.Preavviso}, {&base.Ritardo, &sua.Ritardo},
		{&base.Scaduta, &sua.Scaduta}, {&base.Sollecito, &sua.Sollecito}, {&base.MassimoSolleciti, &sua.MassimoSolleciti},
		{&base.Escalation, &sua.Escalation}} {
		if *p.valore > 0 {
			*p.dove = *p.valore
		}
	}
	return base
}

func (s *sessione) mittente() mailer.Mittente {
	p := s.config.Posta
	return mailer.Mittente{Nome: p.NomeMittente, Indirizzo: p.Mittente, RispostaA: p.RispondiA}
}

// solleciti and mensile write for the ente of the command; for all where the
// daemon chose none.
func (s *sessione) solleciti() jobs.Solleciti {
	return jobs.Solleciti{Archivio: s.db, Modelli: s.modelli, Mittente: s.mittente(), RegoleDi: s.regole, SoloEnte: s.ente.Codice}
}

// giornata joins what is written to people on a day.
func (s *sessione) giornata() jobs.Giornata {
	solleciti := s.solleciti()
	return jobs.Giornata{Passaggi: jobs.Passaggi(solleciti), Solleciti: solleciti, Recapiti: jobs.Recapiti(solleciti)}
}

func (s *sessione) mensile() jobs.Mensile {
	return jobs.Mensile{Archivio: s.db, Modelli: s.modelli, Mittente: s.mittente(), RegoleDi: s.regole, DateDi: s.dateSessioni, Versione: versione(), SoloEnte: s.ente.Codice}
}

// invio joins the outbox with the mail server or the folder.
func (s *sessione) invio(log *slog.Logger) (jobs.Invio, error) {
	host, err := os.Hostname()
	if err != nil {
		return jobs.Invio{}, fmt.Errorf("name of this machine: %w", err)
	}
	i := jobs.Invio{Uscita: s.db, Custode: s.custodia(host), SoloA: s.config.Posta.SoloA, Adesso: time.Now, Log: log,
		Proprietario: fmt.Sprintf("%s/%d/%.6s", host, os.Getpid(), rand.Text())} // in a container every daemon is process 1
	if s.config.Posta.Modo == "cartella" {
		i.Postino = mailer.Cartella{Dir: s.cartellaPosta()}
		return i, nil
	}
	c := s.config.Posta.SMTP
	p := mailer.ParametriSMTP{Host: c.Host, Porta: c.Porta, Utente: c.Utente, Password: c.Password,
		TLS: mailer.ModoTLS(c.TLS), CAFile: c.CAFile, Mittente: s.config.Posta.Mittente, Testimone: s.config.Posta.Testimone.Indirizzo}
	if c.Password == "" {
		p.Gettoni = s.gettoni()
	}
	smtp, err := mailer.NewSMTP(p)
	if err != nil {
		return jobs.Invio{}, err
	}
	i.Postino, i.Ritmo = smtp, piano.Ritmo(s.config.Posta.Ritmo)
	return i, s.testimone(&i)
}

// testimone adds the witness mailbox, where there is one.
func (s *sessione) testimone(i *jobs.Invio) error {
	c := s.config.Posta.Testimone
	if c.Indirizzo == "" {
		return nil
	}
	p := mailer.ParametriTestimone{Host: c.Host, Porta: c.Porta, Utente: c.Utente, Password: c.Password,
		TLS: mailer.ModoTLS(c.TLS), CAFile: c.CAFile, Cartella: c.Cartella}
	if c.Password == "" {
		p.Gettoni = s.gettoni()
	}
	t, err := mailer.NewTestimone(p)
	if err != nil {
		return fmt.Errorf("[posta.testimone]: %w", err)
	}
	i.Testimone = t
	return nil
}

// gettoni is where access tokens come from; nil where none are configured.
func (s *sessione) gettoni() *mailer.Gettoni {
	o := s.config.Posta.OAuth2
	if !o.Attivo() {
		return nil
	}
	return mailer.NewGettoni(mailer.ParametriOAuth2{Comando: o.TokenCommand, URL: o.TokenURL, ClientID: o.ClientID, ClientSecret: o.ClientSecret,
		RefreshToken: o.RefreshToken, RefreshTokenFile: o.RefreshTokenFile, Scope: o.Scope, Adesso: time.Now})
}

// custodia keeps a restored or copied database from sending.
func (s *sessione) custodia(host string) jobs.Custodia {
	return jobs.Custodia{Cartella: s.app.data, Host: host, Archivio: s.db}
}

func (s *sessione) cartellaPosta() string {
	if c := s.config.Posta.Cartella; c != "" {
		return c
	}
	return filepath.Join(s.app.data, "posta")
}

func (s *sessione) inbox() string {
	if c := s.config.Servizio.Inbox; c != "" {
		return c
	}
	return filepath.Join(s.app.data, "inbox")
}

// dove says where messages go, for a person.
func (s *sessione) dove() string {
	if s.config.Posta.Modo == "cartella" {
		return "into " + s.cartellaPosta()
	}
	return fmt.Sprintf("through %s:%d", s.config.Posta.SMTP.Host, s.config.Posta.SMTP.Porta)
}
