package templates

import (
	"embed"
	"errors"
	"fmt"
	html "html/template"
	"strings"
	text "text/template"

	"github.com/scadenzario/scadenzario/piano"
)

//go:embed *.txt *.html
var file embed.FS

// ErrSenzaVoci is what Promemoria returns for a message without items: an empty
// reminder must never leave the program.
var ErrSenzaVoci = errors.New("a reminder without items")

// Modelli holds the parsed templates. It is safe for concurrent use.
type Modelli struct {
	testi  *text.Template
	pagine *html.Template
}

// New parses the embedded templates. It fails only where one of them is
// malformed, which is a fault of the program.
func New() (*Modelli, error) {
	testi, err := text.New("").Option("missingkey=error").Funcs(text.FuncMap{
		"maiuscolo": strings.ToUpper, "linea": linea, "riga": riga, "incolonna": incolonna, "pulisci": pulisci,
	}).ParseFS(file, "*.txt")
	if err != nil {
		return nil, fmt.Errorf("parse text templates: %w", err)
	}
	pagine, err := html.New("").Option("missingkey=error").Funcs(html.FuncMap{
		"outlook": outlook,
	}).ParseFS(file, "*.html")
	if err != nil {
		return nil, fmt.Errorf("parse HTML templates: %w", err)
	}
	return &Modelli{testi, pagine}, nil
}

// Promemoria writes the reminder to a responsabile. It fails with ErrSenzaVoci
// where there is nothing to tell.
func (m *Modelli) Promemoria(d DatiPromemoria) (Testi, error) {
	if len(d.Promemoria.Voci) == 0 {
		return Testi{}, ErrSenzaVoci
	}
	return m.scrivi("promemoria", vediPromemoria(d))
}

// Passaggio writes the hand-over to a newcomer.
func (m *Modelli) Passaggio(d DatiPassaggio) (Testi, error) {
	return m.scrivi("passaggio", vediPassaggio(d))
}

// Recapiti writes the notice to the SIA about addresses that the registry lacks.
func (m *Modelli) Recapiti(d DatiRecapiti) (Testi, error) {
	return m.scrivi("recapiti", vediRecapiti(d))
}

// Riepilogo writes the monthly digest to the Segretario.
func (m *Modelli) Riepilogo(d DatiRiepilogo) (Testi, error) {
	return m.scrivi("riepilogo", vediRiepilogo(d))
}

// Sessione writes to a settore that a session is open, or that its sheet is awaited.
// It fails with ErrSenzaVoci where nobody is asked.
func (m *Modelli) Sessione(d DatiSessione) (Testi, error) {
	if len(d.Invito.Voci) == 0 {
		return Testi{}, ErrSenzaVoci
	}
	return m.scrivi("sessione", vediSessione(d))
}

// EsitoSessione writes the outcome of a session to the Segretario; it may be attached
// to an act.
func (m *Modelli) EsitoSessione(d DatiEsitoSessione) (Testi, error) {
	if d.Vista.Genere == piano.Anticorruzione {
		return m.scrivi("esito-misure", vediEsitoMisure(d))
	}
	return m.scrivi("esito-sessione", vediEsito(d))
}

// scrivi executes the three templates of a message.
func (m *Modelli) scrivi(nome string, vista any) (Testi, error) {
	var oggetto, testo, pagina strings.Builder
	if err := m.testi.ExecuteTemplate(&oggetto, nome+".oggetto.txt", vista); err != nil {
		return Testi{}, fmt.Errorf("write subject of %s: %w", nome, err)
	}
	if err := m.testi.ExecuteTemplate(&testo, nome+".txt", vista); err != nil {
		return Testi{}, fmt.Errorf("write text of %s: %w", nome, err)
	}
	if err := m.pagine.ExecuteTemplate(&pagina, nome+".html", vista); err != nil {
		return Testi{}, fmt.Errorf("write HTML of %s: %w", nome, err)
	}
	return Testi{Oggetto: pulisci(oggetto.String()), Testo: impagina(testo.String()), HTML: pagina.String()}, nil
}

// linea underlines a heading of the plain text.
func linea(titolo string) string { return strings.Repeat("-", len([]rune(titolo))) }

// riga is a line across the page.
func riga() string { return strings.Repeat("-", colonne) }

// incolonna pads a text to n columns; one that is longer gets a line of its own.
func incolonna(testo string, n int) string {
	if len([]rune(testo)) < n {
		return fmt.Sprintf("%-*s", n, testo)
	}
	return testo + "\n" + strings.Repeat(" ", n)
}

// outlook returns what Outlook for Windows needs around the page, since it knows
// no max-width. It is a function because html/template drops comments.
func outlook(parte string) html.HTML {
	if parte == "apri" {
		return `<!--[if mso]><table role="presentation" width="640" align="center" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->`
	}
	return `<!--[if mso]></td></tr></table><![endif]-->`
}
