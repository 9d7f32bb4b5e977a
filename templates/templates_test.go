package templates

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/scadenzario/scadenzario/piano"
)

// What holds for every message, whatever it tells.
func TestEveryMessage(t *testing.T) {
	entita := regexp.MustCompile(`&#?\w+;|<[a-z/]`)
	for nome, testi := range testiDi(t) {
		t.Run(nome, func(t *testing.T) {
			if n := utf8.RuneCountInString(testi.Oggetto); n > lunghezzaOggetto {
				t.Errorf("the subject has %d characters: %s", n, testi.Oggetto)
			}
			if trovato := entita.FindString(testi.Oggetto + testi.Testo); trovato != "" {
				t.Errorf("markup in the plain text: %s", trovato)
			}
			for riga := range strings.SplitSeq(testi.Testo, "\n") {
				if utf8.RuneCountInString(riga) > colonne || strings.TrimRight(riga, " \t") != riga {
					t.Errorf("line too long, or with space at its end: %q", riga)
				}
			}
			if strings.Contains(testi.Testo, "\n\n\n") || strings.HasPrefix(testi.Testo, "\n") {
				t.Error("needless empty lines in the plain text")
			}
			for _, vietato := range []string{"<script", "http://", "https://", "<img", "<link", "@import", "ZgotmplZ"} {
				if strings.Contains(testi.HTML, vietato) {
					t.Errorf("the page contains %s", vietato)
				}
			}
			for _, richiesto := range []string{`<html lang="it">`, "<title>", "max-width:640px", "[if mso]"} {
				if !strings.Contains(testi.HTML, richiesto) {
					t.Errorf("the page lacks %s", richiesto)
				}
			}
			dati := strings.Count(testi.HTML, "<table ") - strings.Count(testi.HTML, `<table role="presentation"`)
			if dati > 0 && !strings.Contains(testi.HTML, `scope="col"`) {
				t.Error(`a table of data lacks scope="col"`)
			}
			benFormata(t, testi.HTML)
		})
	}
}

// benFormata checks that each element of the page is closed in its place.
func benFormata(t *testing.T, pagina string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(pagina))
	d.Strict = false
	d.AutoClose = xml.HTMLAutoClose
	d.Entity = xml.HTMLEntity
	var aperti []string
	for {
		tok, err := d.RawToken()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := tok.(type) {
		case xml.StartElement:
			if n := e.Name.Local; n != "meta" && n != "br" {
				aperti = append(aperti, n)
			}
		case xml.EndElement:
			if len(aperti) == 0 || aperti[len(aperti)-1] != e.Name.Local {
				t.Fatalf("</%s> closes %v", e.Name.Local, aperti)
			}
			aperti = aperti[:len(aperti)-1]
		}
	}
	if len(aperti) > 0 {
		t.Errorf("left open: %v", aperti)
	}
}

// A cell, a name and an address stay text wherever they are put: no line of a
// header, no element, no line of their own.
func TestTextStaysText(t *testing.T) {
	m, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for _, veleno := range []string{"a\r\nBcc: tutti@ente.example", "a\nb\u2028c\u0085d\x00e", "<script>alert(1)</script>",
		"{{.Ente}}", `"><b onclick=x>`, "\u202Egnitset", "a\xffb"} {
		d := casiPromemoria()["promemoria-una-voce"]
		d.Ente.Nome, d.Segretario.Nome = veleno, veleno
		d.Promemoria.Nome, d.Promemoria.Voci[0].Settore, d.Promemoria.Voci[0].Titolo = veleno, veleno, veleno
		d.Promemoria.Voci[0].Attivita.Descrizione = veleno
		p, err := m.Promemoria(d)
		if err != nil {
			t.Fatal(err)
		}
		r := casiRiepilogo()["riepilogo-completo"]
		r.Ente.Nome, r.Totali[0].Settore, r.Scadute[0].Titolo, r.SenzaConsegna[0].Settore = veleno, veleno, veleno, veleno
		q, err := m.Riepilogo(r)
		if err != nil {
			t.Fatal(err)
		}
		h := casiPassaggio()["passaggio-completo"]
		s := &h.Subentri[0]
		h.Ente.Nome, h.Nome, s.Settore.Nome, s.Prima.Nome, s.Altre[0].Attivita.Descrizione = veleno, veleno, veleno, veleno, veleno
		s.Variazioni[0].Differenza.Dopo, s.Ferme[0].Titolo, h.Consegna = veleno, veleno, veleno
		passaggio, err := m.Passaggio(h)
		if err != nil {
			t.Fatal(err)
		}
		a := casiRecapiti()["recapiti"]
		a.SIA.Nome, a.Mancanti[0].Nome, a.Mancanti[0].Settore = veleno, veleno, veleno
		recapiti, err := m.Recapiti(a)
		if err != nil {
			t.Fatal(err)
		}
		for _, testi := range []Testi{p, q, passaggio, recapiti} {
			if strings.ContainsFunc(testi.Oggetto, func(r rune) bool { return r < ' ' || r == '\u2028' || r == '\u0085' || r == '\u202E' }) {
				t.Errorf("%q: subject %q", veleno, testi.Oggetto)
			}
			if strings.Contains(testi.Testo, "\nBcc:") || strings.Contains(testi.Testo, "\x00") || !utf8.ValidString(testi.Testo) {
				t.Errorf("%q: text %q", veleno, testi.Testo)
			}
			if strings.Contains(testi.HTML, "<script") || strings.Contains(testi.HTML, "<b onclick") {
				t.Errorf("%q became markup", veleno)
			}
			benFormata(t, testi.HTML)
		}
	}
}

func TestEmptyReminderIsRefused(t *testing.T) {
	m, err := New()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Promemoria(DatiPromemoria{Ente: unione, Giorno: g("2021-07-12")}); !errors.Is(err, ErrSenzaVoci) {
		t.Errorf("%v, want ErrSenzaVoci", err)
	}
}

func TestOggettoPromemoria(t *testing.T) {
	voci := func(settore string, stadi ...piano.Stadio) (v []piano.Voce) {
		for _, s := range stadi {
			v = append(v, piano.Voce{Assegnata: piano.Assegnata{Settore: settore}, Passo: piano.Passo{Stadio: s}})
		}
		return v
	}
	const p, r, s, e = piano.Preavviso, piano.StadioRitardo, piano.StadioScaduta, piano.StadioEscalation
	for _, c := range []struct {
		perche string
		voci   []piano.Voce
		want   string
	}{
		{"one item", voci("SUAP", p), "Scadenzario: 1 attività in scadenza – SUAP"},
		{"plural, the worst first", voci("SUAP", s, piano.Sollecito, s, r), "Scadenzario: 3 attività scadute, 1 in ritardo – SUAP"},
		{"a single one is feminine", voci("SUAP", s, p, p), "Scadenzario: 1 attività scaduta, 2 in scadenza – SUAP"},
		{"what the Segretario is told of", voci("SUAP", e, e, s), "Scadenzario: 3 attività scadute (2 segnalate al Segretario) – SUAP"},
		{"two settori by name", append(voci("SUAP", s), voci("SIA", r)...), "Scadenzario: 1 attività scaduta, 1 in ritardo – SUAP e SIA"},
		{"two settori with long names", append(voci("Coordinamento generale", s), voci("Tributi e riscossione coattiva", r)...),
			"Scadenzario: 1 attività scaduta, 1 in ritardo – 2 settori"},
		{"a name too long is cut at a word", voci("Progettazione, centrale unica di committenza e lavori pubblici", r, p),
			"Scadenzario: 1 attività in ritardo, 1 in scadenza – Progettazione, centrale…"},
		{"a word too long is left out", voci(strings.Repeat("x", 80), r), "Scadenzario: 1 attività in ritardo"},
	} {
		if got := oggettoPromemoria(DatiPromemoria{Promemoria: piano.Promemoria{Voci: c.voci}}); got != c.want {
			t.Errorf("%s:\n%s\n%s", c.perche, got, c.want)
		}
	}
}

func TestSaluto(t *testing.T) {
	voce := func(settore string) piano.Voce { return piano.Voce{Assegnata: piano.Assegnata{Settore: settore}} }
	for _, c := range []struct {
		perche string
		p      piano.Promemoria
		want   string
	}{
		{"the person in charge", piano.Promemoria{Nome: "Giulia Montanari", A: "g@e.example"}, "Gentile Giulia Montanari,"},
		{"nobody, and no office mailbox", piano.Promemoria{A: segretario.Email, Voci: []piano.Voce{voce("SIA")}}, "Gentile Marta Ferraresi,"},
		{"the office", piano.Promemoria{A: "sia@e.example", Voci: []piano.Voce{voce("SIA")}}, "Spett.le Settore SIA,"},
		{"one mailbox of two offices", piano.Promemoria{A: "sia@e.example", Voci: []piano.Voce{voce("SIA"), voce("SUAP")}}, "Spett.le Ufficio,"},
	} {
		if got := saluto(DatiPromemoria{Promemoria: c.p, Segretario: segretario}); got != c.want {
			t.Errorf("%s: %s", c.perche, got)
		}
	}
}

// Each stage asks for something of its own, and says that the Segretario is
// written to only where that is so.
func TestRichiesta(t *testing.T) {
	viste := map[string]bool{}
	for _, s := range []piano.Stadio{piano.Preavviso, piano.StadioRitardo, piano.StadioScaduta, piano.Sollecito, piano.StadioEscalation} {
		v := piano.Voce{Passo: piano.Passo{Stadio: s}}
		solo := richiesta(v, DatiPromemoria{Segretario: segretario})
		if viste[solo] || strings.Contains(solo, "inviato anche") || strings.Contains(parolaStadio(s), string(piano.StadioEscalation)) {
			t.Errorf("%s: %s", s, solo)
		}
		viste[solo] = true
	}
	copia := richiesta(piano.Voce{Passo: piano.Passo{Stadio: piano.StadioEscalation}},
		DatiPromemoria{Segretario: segretario, Promemoria: piano.Promemoria{CC: []string{segretario.Email}}})
	if !strings.Contains(copia, "è inviato anche al Segretario") {
		t.Error(copia)
	}
}

func TestVacante(t *testing.T) {
	for _, c := range []struct {
		p    piano.Promemoria
		want string
	}{
		{piano.Promemoria{A: "sia@e.example", CC: []string{segretario.Email}}, "all'ufficio e al Segretario."},
		{piano.Promemoria{A: segretario.Email}, "inviato al Segretario."},
		{piano.Promemoria{A: "sia@e.example"}, "inviato all'ufficio."},
	} {
		if got := vacante("SIA", DatiPromemoria{Giorno: g("2021-07-12"), Promemoria: c.p, Segretario: segretario}); !strings.HasSuffix(got, c.want) {
			t.Errorf("%s, want …%s", got, c.want)
		}
	}
}

func TestWords(t *testing.T) {
	oggi := g("2021-07-12")
	no := false
	for _, c := range []struct{ got, want string }{
		{fra(oggi, oggi), "oggi"}, {fra(oggi.Piu(1), oggi), "domani"}, {fra(oggi.Piu(2), oggi), "tra 2 giorni"},
		{fra(oggi.Piu(-1), oggi), "superata da 1 giorno"}, {fra(oggi.Piu(-9), oggi), "superata da 9 giorni"},
		{mesi(0), "nessuno"}, {mesi(piano.NewMesi(3)), "mar"}, {mesi(piano.NewMesi(1, 2)), "gen, feb"},
		{mesi(piano.TuttiMesi), "gen–dic"}, {mesi(piano.NewMesi(1, 3, 4, 5, 11, 12)), "gen, mar–mag, nov, dic"},
		{elenco(nil), ""}, {elenco([]string{"A"}), "A"}, {elenco([]string{"A", "B", "C"}), "A, B e C"},
		{contatto(piano.Ruolo{}), "Per chiarimenti ci si può rivolgere al Segretario dell'ente."},
		{destinatario(piano.Ruolo{}), "Al Segretario"},
		{eseguito(piano.Attivita{Eseguito: &no}), "nella scheda risulta NO"}, {eseguito(piano.Attivita{}), ""},
		{parolaStato("altro"), "altro"}, {parolaStadio("altro"), "altro"},
		{parolaStato(piano.SenzaProgramma), "Senza programma"}, {parolaStato(piano.Conclusa), "Conclusa"}, {parolaStato(piano.DaAvviare), "Da avviare"},
		{sintesi(totali(nil), "x"), "Al x il piano non comprende alcuna attività."},
		{sintesi(totali([]TotaliSettore{{Attivita: 1, Scadute: 1}}), "x"), "Al x il piano comprende un'attività: 1 scaduta."},
		{oggettoRiepilogo(vistaRiepilogo{Mese: "maggio 2021", InRitardo: make([]rigaElenco, 1)}),
			"Scadenzario: riepilogo di maggio 2021 – 1 attività in ritardo"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestImpagina(t *testing.T) {
	lunga := strings.Repeat("parola ", 20)
	for _, c := range []struct{ perche, in, want string }{
		{"empty lines fold, ends are trimmed", "\n\na  \n\n\n\nb\n\n", "a\n\nb\n"},
		{"below the value of a label", "   Attività:     " + lunga, "   Attività:     parola"},
		{"below the text of a bullet", "- " + lunga, "- parola"},
		{"a word longer than the line stays whole", strings.Repeat("x", 90), strings.Repeat("x", 90) + "\n"},
		{"nothing", "", "\n"},
	} {
		got := impagina(c.in)
		if !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %q", c.perche, got)
		}
		if righe := strings.Split(got, "\n"); strings.Contains(c.in, lunga) &&
			strings.Index(righe[0], "parola") != len(righe[1])-len(strings.TrimLeft(righe[1], " "))+strings.Count(righe[0], "à") {
			t.Errorf("%s: the second line is not below the text:\n%s", c.perche, got)
		}
	}
}
