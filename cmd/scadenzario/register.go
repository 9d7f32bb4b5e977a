package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/piano"
)

func (a *app) cmdRegister() *cobra.Command {
	var f piano.FiltroRegistro
	var dal, al string
	var inCSV, inJSON bool
	c := &cobra.Command{
		Use:   "register",
		Short: "Show who was told what and when, by which message, and what the mail server answered",
		Long: `Show the register: a line for each item told to each recipient, as it was told,
whatever became of the activity since. It is kept for ever. --csv is for a
spreadsheet: semicolons, Italian dates, no cell that could be taken for a formula.`,
		Example: `  scadenzario register --from 2021-07-01 --to 2021-07-31
  scadenzario register --person montanari --csv >registro.csv`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			if inCSV && inJSON {
				return errors.New("say one of --csv and --json")
			}
			for _, g := range []struct {
				nome, testo string
				dove        *piano.Giorno
			}{{"--from", dal, &f.Dal}, {"--to", al, &f.Al}} {
				if g.testo == "" {
					continue
				}
				if *g.dove, err = piano.ParseGiorno(g.testo); err != nil {
					return fmt.Errorf("%s: %w", g.nome, err)
				}
			}
			return a.conArchivio(c.Context(), func(s *sessione) error {
				if f.Settore != "" {
					if f.Settore, err = s.settore(c.Context(), f.Settore); err != nil {
						return err
					}
				}
				voci, err := s.db.Registro(c.Context(), s.ente.Codice, f)
				switch {
				case err != nil:
					return err
				case inJSON:
					return scriviJSON(a.json, voci)
				case inCSV:
					return scriviCSV(a.json, voci)
				}
				return stampaRegistro(a.out, voci)
			})
		},
	}
	c.Flags().StringVar(&dal, "from", "", "the first `DAY`, as 2021-07-01")
	c.Flags().StringVar(&al, "to", "", "the last `DAY`")
	c.Flags().StringVar(&f.Persona, "person", "", "`PART` of a name or an address")
	c.Flags().StringVar(&f.Obiettivo, "objective", "", "the `NUMBER` of an objective, as 1/3")
	c.Flags().StringVar(&f.Settore, "settore", "", "the `SETTORE`, however it is called")
	c.Flags().BoolVar(&inCSV, "csv", false, "as CSV for a spreadsheet in Italian")
	c.Flags().BoolVar(&inJSON, "json", false, "as JSON")
	return c
}

// colonneRegistro are the headings of the CSV and what stands below them.
var colonneRegistro = []struct {
	nome   string
	valore func(piano.VoceRegistro) string
}{
	{"Giorno", func(v piano.VoceRegistro) string { return v.Giorno.Breve() }},
	{"Ente", func(v piano.VoceRegistro) string { return v.Ente }},
	{"Settore", func(v piano.VoceRegistro) string { return v.Settore }},
	{"Persona", func(v piano.VoceRegistro) string { return v.Persona }},
	{"Indirizzo", func(v piano.VoceRegistro) string { return v.Destinatario }},
	{"Per conoscenza", func(v piano.VoceRegistro) string {
		if v.InCopia {
			return "sì"
		}
		return "no"
	}},
	{"Tipo", func(v piano.VoceRegistro) string { return string(v.Tipo) }},
	{"Stadio", func(v piano.VoceRegistro) string { return string(v.Stadio) }},
	// 1/3 alone would become the first of March
	{"Obiettivo", func(v piano.VoceRegistro) string { return prefisso("n. ", v.Obiettivo) }},
	{"Titolo", func(v piano.VoceRegistro) string { return v.Titolo }},
	{"Attività", func(v piano.VoceRegistro) string { return v.Attivita }},
	{"Scadenza", func(v piano.VoceRegistro) string { return v.Scadenza.Breve() }},
	{"Oggetto", func(v piano.VoceRegistro) string { return v.Oggetto }},
	{"Esito", func(v piano.VoceRegistro) string { return string(v.Stato) }},
	{"Inviato il", func(v piano.VoceRegistro) string { return oraItaliana(v.InviatoIl) }},
	{"Risposta del server", func(v piano.VoceRegistro) string { return v.Risposta }},
	{"Message-ID", func(v piano.VoceRegistro) string { return v.MessageID }},
}

// scriviCSV writes the register for a spreadsheet in Italian: semicolons, UTF-8 with
// its mark, lines ended as on Windows.
func scriviCSV(w io.Writer, voci []piano.VoceRegistro) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write the CSV: %w", err)
	}
	tabella := csv.NewWriter(w)
	tabella.Comma, tabella.UseCRLF = ';', true
	riga := make([]string, len(colonneRegistro))
	for i, c := range colonneRegistro {
		riga[i] = c.nome
	}
	err := tabella.Write(riga)
	for _, v := range voci {
		for i, c := range colonneRegistro {
			riga[i] = senzaFormule(c.valore(v))
		}
		if err == nil {
			err = tabella.Write(riga)
		}
	}
	tabella.Flush()
	if err = errors.Join(err, tabella.Error()); err != nil {
		return fmt.Errorf("write the CSV: %w", err)
	}
	return nil
}

// senzaFormule keeps a text from being computed where a spreadsheet opens it, and on
// one line: an apostrophe goes before what begins like a formula.
func senzaFormule(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }), " ")
	if nudo := strings.TrimLeft(s, " \u00a0\ufeff"); nudo != "" && strings.ContainsRune("=+-@＝＋－＠|%", []rune(nudo)[0]) {
		return "'" + s
	}
	return s
}

func prefisso(p, s string) string {
	if s == "" {
		return ""
	}
	return p + s
}

// oraItaliana is an instant in Rome, whatever the host's zone.
func oraItaliana(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return inRoma(t).Format("02/01/2006 15:04:05")
}

// inRoma is an instant as the clocks of the offices show it.
func inRoma(t time.Time) time.Time {
	roma, err := time.LoadLocation(jobs.Fuso)
	if err != nil { // the zone is part of the binary
		return t.UTC()
	}
	return t.In(roma)
}

// stampaRegistro prints the register for a person at a terminal.
func stampaRegistro(w io.Writer, voci []piano.VoceRegistro) error {
	if len(voci) == 0 {
		_, err := fmt.Fprintln(w, "nobody was told anything that fits")
		return err
	}
	righe := [][]string{{"DAY", "TO", "STAGE", "OBJECTIVE", "DEADLINE", "STATE", "SENT", "ACTIVITY"}}
	for _, v := range voci {
		chi, cosa, stadio, inviato, scadenza := v.Destinatario, v.Attivita, string(v.Stadio), "", ""
		if v.InCopia {
			chi += " (cc)"
		}
		if cosa == "" {
			cosa, stadio = v.Oggetto, string(v.Tipo)
		}
		if !v.InviatoIl.IsZero() {
			inviato = inRoma(v.InviatoIl).Format("2006-01-02 15:04")
		}
		if !v.Scadenza.IsZero() {
			scadenza = v.Scadenza.String()
		}
		righe = append(righe, []string{v.Giorno.String(), chi, stadio, v.Obiettivo, scadenza, string(v.Stato), inviato, accorcia(cosa, 70)})
	}
	var b strings.Builder
	tabella(&b, "", righe)
	_, err := io.WriteString(w, b.String())
	return err
}
