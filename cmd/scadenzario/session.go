package main

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scadenzario/scadenzario/config"
	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/piano"
)

func (a *app) cmdSession() *cobra.Command {
	c := gruppo("session", "Open, close and look at the checks of the year", a.cmdSessionRun(), a.cmdSessionOpen(), a.cmdSessionClose(), a.cmdSessionShow())
	c.Long = `Open, close and look at the checks of the year.

A session asks every settore of the approved plan for its sheet, with the form
prefilled, reminds who has not handed in, and closes: what it sees then is frozen,
sent to the Segretario as the outcome, and shown the same for ever. The daemon does
all of it on the days of [sessioni] in the configuration; what is done by hand
counts for the period and is not done again.

KIND is meta-anno (data at 30 June), fine-anno (data at 31 December), or
anticorruzione, every four months over the measures that "registry import misure"
loaded: anticorruzione-2 is the second of the year, anticorruzione alone the last
one whose data are known on --date.`
	c.Example = `  scadenzario session show                              the sessions and their days
  scadenzario session run --dry-run                     what is due today
  scadenzario session open meta-anno --date 2021-07-01  ask the settori now
  scadenzario session show meta-anno                    who has answered, what the data say
  scadenzario session close meta-anno                   freeze and write the outcome`
	return c
}

// scelta is which session a command is about.
type scelta struct {
	data string
	anno int
}

func (x *scelta) flag(c *cobra.Command) {
	c.Flags().StringVar(&x.data, "date", "", "the `DAY`, as 2021-07-01 (default today)")
	c.Flags().IntVar(&x.anno, "anno", 0, "the plan's `YEAR` (default that of the last data on --date)")
}

// conSessione finds the session that the arguments name and calls f.
func (a *app) conSessione(c *cobra.Command, x scelta, args []string, f func(*sessione, piano.Sessione, piano.Giorno) error) error {
	g, err := a.giorno(x.data)
	if err != nil {
		return err
	}
	genere, numero, err := genereSessione(args[0])
	if err != nil {
		return err
	}
	return a.conArchivio(c.Context(), func(s *sessione) error {
		trovata, err := s.sessioni().Trova(c.Context(), s.ente, genere, numero, x.anno, g)
		if err != nil {
			return err
		}
		return f(s, trovata, g)
	})
}

// genereSessione reads the name of a session: "meta-anno", "anticorruzione-2".
func genereSessione(nome string) (genere piano.GenereSessione, numero int, err error) {
	codice := piano.Codice(nome)
	for _, g := range piano.GeneriSessione() {
		if codice == string(g) {
			return g, 0, nil
		}
		if n, ok := strings.CutPrefix(codice, string(g)+"-"); ok && g == piano.Anticorruzione {
			if numero, err := strconv.Atoi(n); err == nil && numero > 0 {
				return g, numero, nil
			}
		}
	}
	return "", 0, fmt.Errorf("no session is called %q: write %s", nome, nomiSessione)
}

// nomeComando names a session as the arguments of a command do.
func nomeComando(s piano.Sessione) string {
	_, nome, _ := strings.Cut(s.Chiave(), "/")
	return fmt.Sprintf("%s --anno %d", nome, s.Anno)
}

// nomiSessione is what a session may be called.
const nomiSessione = "meta-anno, fine-anno, anticorruzione or anticorruzione-2 (the second of the year)"

func (a *app) cmdSessionRun() *cobra.Command {
	var data string
	var prova bool
	c := &cobra.Command{
		Use:   "run",
		Short: "Do what is due on a day, as serve does: open, remind, close; `send` delivers",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			g, err := a.giorno(data)
			if err != nil {
				return err
			}
			return a.conArchivio(c.Context(), func(s *sessione) error {
				adesso, err := jobs.Adesso()
				if err != nil {
					return err
				}
				var passi []jobs.PassoSessione
				if prova {
					passi, err = s.sessioni().Plan(c.Context(), g)
				} else if passi, err = s.sessioni().Run(c.Context(), g, adesso); err == nil {
					err = s.aMano(c.Context(), "sessions", g, adesso)
				}
				if err != nil {
					return err
				}
				return stampaPassi(a.out, passi, g, prova)
			})
		},
	}
	c.Flags().StringVar(&data, "date", "", "the `DAY`, as 2021-07-01 (default today)")
	c.Flags().BoolVar(&prova, "dry-run", false, "show what would be done and write nothing")
	return c
}

// stampaPassi says what was done with the sessions of a day, or would be.
func stampaPassi(w io.Writer, passi []jobs.PassoSessione, g piano.Giorno, prova bool) error {
	var b strings.Builder
	if len(passi) == 0 {
		fmt.Fprintf(&b, "%s: no session has anything due\n", g)
	}
	for _, p := range passi {
		fatto, verbo := "", "written to the outbox"
		switch {
		case p.Apre:
			fatto = " opens;"
		case p.Esito != nil:
			fatto = " closes;"
		}
		if prova {
			verbo = "would be written"
		}
		quanti := len(p.Inviti)
		if p.Esito != nil {
			quanti = 1
		}
		fmt.Fprintf(&b, "%s: session %s%s %s %s\n", g, p.Sessione.Chiave(), fatto, conta(quanti, "message", "messages"), verbo)
		elencaInviti(&b, p)
		if p.Esito != nil {
			fmt.Fprintf(&b, "  %s\n", p.Esito.Oggetto)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// elencaInviti lists who is asked about what, and about what nobody can be.
func elencaInviti(b *strings.Builder, p jobs.PassoSessione) {
	for _, i := range p.Inviti {
		var settori []string
		for _, v := range i.Voci {
			if v.Sollecito() {
				settori = append(settori, v.Settore+" ("+v.Fase+")")
			} else {
				settori = append(settori, v.Settore)
			}
		}
		fmt.Fprintf(b, "  to %s%s: %s\n", i.A, inCopia(i.CC), strings.Join(settori, ", "))
	}
	for _, m := range p.Muti {
		fmt.Fprintf(b, "  nobody can be asked about %s: add an address to the registry\n", m)
	}
}

func (a *app) cmdSessionOpen() *cobra.Command {
	var x scelta
	var chiude string
	c := &cobra.Command{
		Use:   "open KIND",
		Short: "Open a session and write to the settori; `send` delivers",
		Long: `Open a session on a day: each settore of the plan is asked for its sheet, one message
for each person, the form attached. On a day off the messages are left to the
daemon's next working day, and so is whoever has another message of that day. The
plan of that year must be approved.`,
		Args: unGenere,
		RunE: func(c *cobra.Command, args []string) error {
			var fino piano.Giorno
			if chiude != "" {
				var err error
				if fino, err = piano.ParseGiorno(chiude); err != nil {
					return fmt.Errorf("--close: %w", err)
				}
			}
			return a.conSessione(c, x, args, func(s *sessione, trovata piano.Sessione, g piano.Giorno) error {
				adesso, err := jobs.Adesso()
				if err != nil {
					return err
				}
				p, err := s.sessioni().Apri(c.Context(), s.ente, trovata, g, fino, adesso)
				switch {
				case errors.Is(err, jobs.ErrSessioneAperta):
					return fmt.Errorf("%s: %w; `scadenzario session show %s` says where it stands", trovata.Chiave(), err, nomeComando(trovata))
				case errors.Is(err, jobs.ErrChiusuraPassata):
					return fmt.Errorf("%s: %w; give it another one with --close", trovata.Chiave(), err)
				case err != nil:
					return fmt.Errorf("%s: %w", trovata.Chiave(), err)
				}
				return stampaPasso(a.out, p, s.regole(s.ente).Calendario, g)
			})
		},
	}
	x.flag(c)
	c.Flags().StringVar(&chiude, "close", "", "the `DAY` on which it is to close (default the configured one)")
	return c
}

// unGenere wants the kind of the session and nothing else.
func unGenere(c *cobra.Command, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("name one session, %s: `%s meta-anno`", nomiSessione, c.CommandPath())
	}
	return nil
}

// stampaPasso says what was done with a session.
func stampaPasso(w io.Writer, p jobs.PassoSessione, c piano.Calendario, g piano.Giorno) error {
	var b strings.Builder
	fmt.Fprintf(&b, "session %s opened on %s: data at %s, hand-ins until %s, closes on %s\n", p.Sessione.Chiave(), p.Sessione.Aperta,
		p.Sessione.Dati, p.Sessione.Termine(c), p.Sessione.Chiude)
	fmt.Fprintf(&b, "%s written to the outbox\n", conta(len(p.Inviti), "message", "messages"))
	elencaInviti(&b, p)
	if !c.Lavorativo(g) {
		fmt.Fprintf(&b, "%s is a day off: the settori are asked on %s\n", g, c.Aggiungi(g, 1))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (a *app) cmdSessionClose() *cobra.Command {
	var x scelta
	c := &cobra.Command{
		Use:   "close KIND",
		Short: "Close an open session: freeze what it sees and write the outcome to the Segretario",
		Long: `Close an open session on a day. Activities at the day of the data, indicators with
values and results, variations that wait, who is in charge and who did not answer
are frozen with their SHA-256; the outcome goes into the outbox. What is handed in
later changes nothing of it. A closed session is never opened again.`,
		Args: unGenere,
		RunE: func(c *cobra.Command, args []string) error {
			return a.conSessione(c, x, args, func(s *sessione, trovata piano.Sessione, g piano.Giorno) error {
				switch {
				case trovata.Aperta.IsZero():
					return fmt.Errorf("session %s was never opened: `scadenzario session open %s`", trovata.Chiave(), nomeComando(trovata))
				case g.Prima(trovata.Aperta):
					return fmt.Errorf("session %s was opened on %s: it cannot close on %s", trovata.Chiave(), trovata.Aperta, g)
				case !trovata.Chiusa.IsZero():
					_, err := fmt.Fprintf(a.out, "session %s was closed on %s, nothing to do\n", trovata.Chiave(), trovata.Chiusa)
					return err
				}
				adesso, err := jobs.Adesso()
				if err != nil {
					return err
				}
				esito, err := s.sessioni().Chiudi(c.Context(), s.ente, trovata, g, adesso)
				if esito == nil {
					return err
				}
				fmt.Fprintf(a.out, "session %s closed on %s\n  %s\n", trovata.Chiave(), g, esito.Oggetto)
				if err != nil {
					return fmt.Errorf("the data are frozen, but the outcome was not sent: %w", err)
				}
				return nil
			})
		},
	}
	x.flag(c)
	return c
}

func (a *app) cmdSessionShow() *cobra.Command {
	var x scelta
	var inJSON bool
	var cartella string
	c := &cobra.Command{
		Use:   "show [KIND]",
		Short: "Show a session: the state of the day while it is open, what was frozen once it is closed",
		Long: `Show a session: the outcome as the Segretario reads it, or with --json the data.
Of a session that is open, or was not opened yet, they are those of --date; of a
closed one what was frozen, the same bytes each time: their SHA-256 is the one
that the outcome names. --out writes them as files that can be attached to an act:
the text, the page, the data, and the tables as .xlsx and .ods. Without KIND the
sessions are listed.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.elencaSessioni(c, x, inJSON)
			}
			return a.conSessione(c, x, args, func(s *sessione, trovata piano.Sessione, g piano.Giorno) error {
				v, err := s.sessioni().Mostra(c.Context(), s.db, s.ente, trovata, g)
				if err != nil {
					return err
				}
				if cartella != "" {
					return a.scriviEsito(cartella, s.ente, v, g)
				}
				if inJSON {
					_, err = a.json.Write(append(v.Fotografia, '\n'))
				} else {
					_, err = io.WriteString(a.out, v.Testo)
				}
				return err
			})
		},
	}
	x.flag(c)
	c.Flags().BoolVar(&inJSON, "json", false, "print the data as JSON")
	c.Flags().StringVar(&cartella, "out", "", "write it as files into `FOLDER`")
	return c
}

// scriviEsito writes what a session saw as files, and names them.
func (a *app) scriviEsito(cartella string, e piano.Ente, v piano.Chiusura, g piano.Giorno) error {
	file, err := jobs.FileEsito(e, v, g)
	if err != nil {
		return err
	}
	return a.deposita(cartella, file)
}

// voceSessione is a session in the list.
type voceSessione struct {
	Sessione string       `json:"sessione"`
	Dati     piano.Giorno `json:"dati"`
	Apre     piano.Giorno `json:"apre"`
	Chiude   piano.Giorno `json:"chiude"`
	Aperta   piano.Giorno `json:"aperta"`
	Chiusa   piano.Giorno `json:"chiusa"`
	SHA256   string       `json:"sha256"`
}

func (a *app) elencaSessioni(c *cobra.Command, x scelta, inJSON bool) error {
	g, err := a.giorno(x.data)
	if err != nil {
		return err
	}
	return a.conArchivio(c.Context(), func(s *sessione) error {
		tutte, err := s.sessioni().Elenca(c.Context(), s.ente, x.anno, g)
		if err != nil {
			return err
		}
		voci := []voceSessione{}
		righe := [][]string{{"SESSION", "DATA AT", "OPENS", "CLOSES", "STATE"}}
		for _, t := range tutte {
			voci = append(voci, voceSessione{t.Chiave(), t.Dati, t.Apre, t.Chiude, t.Aperta, t.Chiusa, t.Impronta})
			apre := t.Apre.String()
			if t.Apre.IsZero() {
				apre = "by hand"
			}
			righe = append(righe, []string{t.Chiave(), t.Dati.String(), apre, t.Chiude.String(), statoSessione(t)})
		}
		if inJSON {
			return scriviJSON(a.json, voci)
		}
		var b strings.Builder
		tabella(&b, "", righe)
		_, err = io.WriteString(a.out, b.String())
		return err
	})
}

func statoSessione(s piano.Sessione) string {
	switch {
	case s.Aperta.IsZero():
		return "not opened"
	case s.Chiusa.IsZero():
		return fmt.Sprintf("open since %s", s.Aperta)
	}
	return fmt.Sprintf("closed on %s, SHA-256 %s", s.Chiusa, s.Impronta)
}

// sessioni works for the ente of the command; for all where the daemon chose none.
func (s *sessione) sessioni() jobs.Sessioni {
	return jobs.Sessioni{Archivio: s.db, Modelli: s.modelli, Mittente: s.mittente(), RegoleDi: s.regole, DateDi: s.dateSessioni, SoloEnte: s.ente.Codice}
}

// dateSessioni are the configured rules of the sessions over the plan of that year.
func (s *sessione) dateSessioni(anno int) []piano.RegolaSessione {
	d := s.config.Sessioni.Di(anno)
	regole := []piano.RegolaSessione{regolaSessione(piano.MetaAnno, 1, d.MetaAnno), regolaSessione(piano.FineAnno, 1, d.FineAnno)}
	for i, q := range d.Quadrimestri() {
		regole = append(regole, regolaSessione(piano.Anticorruzione, i+1, q))
	}
	return regole
}

func regolaSessione(genere piano.GenereSessione, numero int, d config.DateSessione) piano.RegolaSessione {
	giorno := func(testo string) piano.GiornoAnno { // config has judged them; "" and "mai" are never
		g, m, _ := config.GiornoMese(testo)
		return piano.GiornoAnno{Giorno: g, Mese: m}
	}
	return piano.RegolaSessione{Genere: genere, Numero: numero, Dati: giorno(d.Dati), Apre: giorno(d.Apre), Chiude: giorno(d.Chiude),
		Legge: giorno(d.Legge), Sollecito: d.Sollecito}
}

// riassumiSessioni says what a run did, for the log.
func riassumiSessioni(passi []jobs.PassoSessione) string {
	aperte, chiuse, messaggi := 0, 0, 0
	for _, p := range passi {
		if p.Apre {
			aperte++
		}
		if p.Esito != nil {
			chiuse++
		}
		messaggi += len(p.Inviti)
	}
	return fmt.Sprintf("%d opened, %d closed, %s", aperte, chiuse, conta(messaggi, "message", "messages"))
}
