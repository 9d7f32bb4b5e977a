package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/piano"
)

func (a *app) cmdDigest() *cobra.Command {
	var mese, data, dir string
	var prova bool
	c := &cobra.Command{
		Use:   "digest",
		Short: "Write the Segretario's digest of a month into the outbox; `send` delivers it",
		Long: `Write the Segretario's digest of a month into the outbox, once: the daemon does it
on the first working day of the next month, or after a stop for the last three months
that have none. What a digest is made of is kept with it.

With --dry-run its words are printed, with --out it is written into a folder as
.eml, .xlsx and .ods; neither sends anything. A digest that was sent is made again of
what was kept: the same but for its date, whatever was handed in since. One that was
not is made of what is known today.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			g, err := a.giorno(data)
			if err != nil {
				return err
			}
			fine, err := fineMese(mese, g)
			if err != nil {
				return err
			}
			return a.conArchivio(c.Context(), func(s *sessione) error {
				adesso, err := jobs.Adesso()
				switch {
				case err != nil:
					return err
				case prova || dir != "":
					return s.mostraRiepilogo(c.Context(), fine, g, adesso, prova, dir)
				}
				return s.scriviRiepilogo(c.Context(), fine, g, adesso)
			})
		},
	}
	c.Flags().StringVar(&mese, "month", "", "the `MONTH`, as 2021-06 (default the one before --date)")
	c.Flags().StringVar(&data, "date", "", "the `DAY` of the message, as 2021-07-12 (default today)")
	c.Flags().BoolVar(&prova, "dry-run", false, "print its words, write nothing")
	c.Flags().StringVar(&dir, "out", "", "write the mail and its annexes into `DIR`, nothing into the outbox")
	return c
}

// scriviRiepilogo writes the digest into the outbox.
func (s *sessione) scriviRiepilogo(ctx context.Context, fine, g piano.Giorno, adesso time.Time) error {
	digest, nuovi, err := s.mensile().Run(ctx, fine, g, adesso)
	if err != nil {
		return err
	}
	for _, d := range digest {
		esito := "written to the outbox"
		if nuovi == 0 {
			esito = "already written before, nothing to do"
		}
		if _, err := fmt.Fprintf(s.app.out, "digest of %s, to %s: %s\n  %s\n", fine.String()[:7], d.Dati.Segretario.Email, esito, d.Testi.Oggetto); err != nil {
			return err
		}
	}
	return nil
}

// mostraRiepilogo prints the digest, writes it into a folder, or both.
func (s *sessione) mostraRiepilogo(ctx context.Context, fine, g piano.Giorno, adesso time.Time, stampa bool, dir string) error {
	digest, err := s.mensile().Plan(ctx, fine, g)
	if err != nil {
		return err
	}
	for _, d := range digest {
		esito := "not written yet; this is what is known today"
		if d.Scritto {
			esito = "written before; made again of what was kept by version " + d.Versione
			if m, err := s.db.Messaggio(ctx, s.ente.Codice, piano.TipoRiepilogo, fine.String()[:7]); err != nil {
				return err
			} else if m.Testo != "" && m.Testo != d.Testi.Testo {
				esito += ", in the words of this one, " + versione() + ", which are others"
			}
		}
		if _, err := fmt.Fprintf(s.app.out, "digest of %s, to %s: %s\n", fine.String()[:7], d.Dati.Segretario.Email, esito); err != nil {
			return err
		}
		if stampa {
			if _, err := fmt.Fprintf(s.app.out, "\n%s\n\n%s\n", d.Testi.Oggetto, d.Testi.Testo); err != nil {
				return err
			}
		}
		if dir != "" {
			if err := s.depositaRiepilogo(d, g, adesso, dir); err != nil {
				return err
			}
		}
	}
	return nil
}

// depositaRiepilogo writes the mail and its annexes into a folder.
func (s *sessione) depositaRiepilogo(d jobs.Digest, g piano.Giorno, adesso time.Time, dir string) error {
	m, err := s.mensile().Componi(d, g, adesso)
	if err != nil {
		return err
	}
	return s.app.deposita(dir, append([]piano.Allegato{{Nome: d.Dati.NomeAllegati() + ".eml", Contenuto: m.MIME}}, d.Allegati...))
}

// fineMese returns the last day of the month asked for, or of the one before g.
func fineMese(mese string, g piano.Giorno) (piano.Giorno, error) {
	if mese == "" {
		return piano.NewGiorno(g.Anno(), g.Mese(), 0), nil
	}
	t, err := time.Parse("2006-01", mese)
	if err != nil {
		return piano.Giorno{}, fmt.Errorf("--month %q is no month: write it as 2021-06", mese)
	}
	return piano.GiornoDi(t).FineMese(), nil
}
