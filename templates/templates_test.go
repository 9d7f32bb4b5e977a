package templates

import (
	"encoding/xml"
	"errors"
	"html"
	"io"
	"regexp"
	"slices"
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
		r.Ente.Nome, r.Segretario.Nome, r.Settori[1].Nome, r.Decise[0].Atto, r.Decise[1].Motivo = veleno, veleno, veleno, veleno, veleno
		for i := range r.Attivita {
			r.Attivita[i].Titolo, r.Attivita[i].Descrizione, r.Attivita[i].Responsabile = veleno, veleno, veleno
		}
		r.Variazioni[0].Modifica, r.Contraddizioni[0].Frase, r.Contraddizioni[0].Luoghi[0].File = veleno, veleno, veleno
		r.Sessioni[0].Nome, r.Sessioni[1].Mancano[0] = veleno, veleno
		r.Scadenze[0].Che, r.Posta[0].Risposta, r.Posta[0].Destinatario, r.Mancate[0].Job, r.Mancate[1].Giorno = veleno, veleno, veleno, veleno, veleno
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
		if got := saluto(c.p.Nome, c.p.A, settori(c.p), segretario); got != c.want {
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
		if got := vacante("SIA", g("2021-07-12"), inveceDi(c.p.A, c.p.CC, segretario)); !strings.HasSuffix(got, c.want) {
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
		{sintesi(Conteggio{}, "x"), "Al x il piano non comprende alcuna attività."},
		{sintesi(Conteggio{Attivita: 1, Scadute: 1}, "x"), "Al x il piano comprende un'attività: 1 scaduta."},
		{oggettoRiepilogo("maggio 2021", 0, 1),
			"Scadenzario: riepilogo di maggio 2021 – 1 attività in ritardo"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

// Since when an activity is late: months before the approval do not count, nor does a
// day that is not over.
func TestRitardo(t *testing.T) {
	for _, c := range []struct {
		storia, oggi, approvato string
		previsto, ottenuto      piano.Mesi
		want                    string
	}{
		{"a month missed after the approval", "2021-07-12", "2021-04-27", piano.NewMesi(5, 6, 9), 0, "dal 31 maggio 2021 (42 giorni): 2 mesi previsti trascorsi, 0 ottenuti"},
		{"the first month made up for", "2021-07-12", "2021-04-27", piano.NewMesi(5, 6, 9), piano.NewMesi(6), "dal 30 giugno 2021 (12 giorni): 2 mesi previsti trascorsi, 1 ottenuto"},
		{"the first months ended before the approval", "2021-05-10", "2021-04-27", piano.NewMesi(1, 2, 4, 9), 0, "dal 30 aprile 2021 (10 giorni): 3 mesi previsti trascorsi, 0 ottenuti"},
		{"all that is missing ended before the approval", "2021-05-10", "2021-04-27", piano.NewMesi(1, 2, 9), 0, ""},
		{"the day on which a month ends", "2021-04-30", "2021-04-27", piano.NewMesi(4, 9), 0, ""},
		{"not late", "2021-04-29", "2021-04-27", piano.NewMesi(4, 9), 0, ""},
	} {
		a := attivita("SUAP", "1/3", "T", "A", c.previsto, c.ottenuto, giulia, c.oggi)
		a.Approvato = g(c.approvato)
		if got := ritardo(a, g(c.oggi)); got != c.want {
			t.Errorf("%s: %q, want %q", c.storia, got, c.want)
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

// An age in words: whole months first, a month being over on the same day of the next
// or on its last.
func TestEta(t *testing.T) {
	for _, c := range []struct{ dal, al, want string }{
		{"2021-06-30", "2021-06-30", "0 giorni"}, {"2021-06-30", "2021-07-01", "1 giorno"}, {"2021-06-30", "2021-07-29", "29 giorni"},
		{"2021-06-30", "2021-07-30", "1 mese"}, {"2021-06-30", "2021-07-31", "1 mese e 1 giorno"}, {"2021-01-31", "2021-02-28", "1 mese"},
		{"2021-01-31", "2021-03-01", "1 mese e 1 giorno"}, {"2020-02-29", "2021-02-28", "1 anno"}, {"2021-05-14", "2021-06-30", "1 mese e 16 giorni"},
		{"2020-05-14", "2021-06-30", "1 anno e 1 mese"}, {"2019-06-30", "2021-06-30", "2 anni"}, {"2021-12-31", "2022-01-15", "15 giorni"},
	} {
		if got := Eta(g(c.dal), g(c.al)); got != c.want {
			t.Errorf("from %s to %s: %q, want %q", c.dal, c.al, got, c.want)
		}
	}
}

// An overdue activity counts from its deadline; a late one from the end of the first month
// that is missing, and no month that ended before the plan's approval is held against it.
func TestDalOfTheDigest(t *testing.T) {
	for _, c := range []struct {
		previsto, ottenuto  piano.Mesi
		approvato, al, want string
	}{
		{piano.NewMesi(2, 3), 0, "2021-04-27", "2021-06-30", "2021-03-31"},
		{piano.NewMesi(2, 5, 9), 0, "", "2021-06-30", "2021-02-28"},
		{piano.NewMesi(2, 5, 9), 0, "2021-04-27", "2021-06-30", "2021-05-31"},
		{piano.NewMesi(2, 3, 9), piano.NewMesi(2), "2021-04-27", "2021-06-30", "2021-04-27"},
		{piano.NewMesi(2, 4, 9), piano.NewMesi(2), "2021-04-30", "2021-06-30", "2021-04-30"},
		{piano.NewMesi(2, 9), piano.NewMesi(2), "2021-04-27", "2021-06-30", ""},
	} {
		a := piano.Attivita{Anno: 2021, Previsto: c.previsto, Ottenuto: c.ottenuto}
		s := a.Al(g(c.al))
		r := AttivitaRiepilogo{Anno: 2021, Previsto: a.Previsto, Ottenuto: a.Ottenuto, Stato: s.Stato, Scadenza: s.Scadenza, Trascorsi: s.MesiPrevistiTrascorsi, Ottenuti: s.MesiOttenuti}
		if c.approvato != "" {
			r.Approvato = g(c.approvato)
		}
		if got := r.Dal().String(); got != c.want {
			t.Errorf("%v of %v, approved %q: %s since %s, want %s", c.ottenuto, c.previsto, c.approvato, s.Stato, got, c.want)
		}
	}
}

// Every state is explained by the numbers that it follows from.
func TestPerche(t *testing.T) {
	si, no := true, false
	for _, c := range []struct {
		a    piano.Attivita
		al   string
		want string
	}{
		{piano.Attivita{}, "2021-06-30", "Nessun mese previsto."},
		{piano.Attivita{Previsto: piano.NewMesi(3), Eseguito: &si}, "2021-06-30", "La scheda riporta ESEGUITO: SI."},
		{piano.Attivita{Previsto: piano.NewMesi(3), Ottenuto: piano.NewMesi(4)}, "2021-06-30", "1 mese ottenuto su 1."},
		{piano.Attivita{Previsto: piano.NewMesi(3, 4)}, "2021-06-30", "L'ultimo mese previsto è terminato il 30/04/2021: 0 mesi ottenuti su 2."},
		{piano.Attivita{Previsto: piano.NewMesi(3, 4), Ottenuto: piano.NewMesi(3, 4), Eseguito: &no}, "2021-06-30",
			"L'ultimo mese previsto è terminato il 30/04/2021: 2 mesi ottenuti su 2, ESEGUITO: NO."},
		{piano.Attivita{Previsto: piano.NewMesi(10, 11)}, "2021-06-30", "Il primo mese previsto è ottobre 2021: 0 mesi ottenuti su 2."},
		{piano.Attivita{Previsto: piano.NewMesi(5, 6, 7)}, "2021-06-30", "2 mesi previsti trascorsi: 0 mesi ottenuti su 3."},
		{piano.Attivita{Previsto: piano.NewMesi(6, 7), Ottenuto: piano.NewMesi(6)}, "2021-06-30", "1 mese previsto trascorso: 1 mese ottenuto su 2."},
	} {
		c.a.Anno = 2021
		s := c.a.Al(g(c.al))
		a := AttivitaRiepilogo{Anno: 2021, Previsto: c.a.Previsto, Eseguito: c.a.Eseguito, Stato: s.Stato, Scadenza: s.Scadenza, Trascorsi: s.MesiPrevistiTrascorsi, Ottenuti: s.MesiOttenuti}
		if got := Perche(a); got != c.want {
			t.Errorf("%s: %q, want %q", s.Stato, got, c.want)
		}
	}
}

// A bar is as wide as its row, and each number in it can be read.
func TestTratti(t *testing.T) {
	for _, c := range []struct {
		conto Conteggio
		want  []int
	}{
		{Conteggio{}, nil}, {Conteggio{Attivita: 1, Scadute: 1}, []int{100}}, {Conteggio{Attivita: 3, Scadute: 1, InRitardo: 1, Concluse: 1}, []int{34, 33, 33}},
		{Conteggio{Attivita: 1000, Scadute: 1, InRitardo: 1, InCorso: 1, DaAvviare: 1, Concluse: 995, SenzaProgramma: 1}, []int{7, 7, 7, 7, 65, 7}},
	} {
		var got []int
		for _, p := range tratti(c.conto) {
			got = append(got, p.Largo)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.conto, got, c.want)
		}
	}
}

// Mail programs cut a message over 100 KB, so long lists end with where the rest is.
func TestALargeDigestIsNotCut(t *testing.T) {
	m, err := New()
	if err != nil {
		t.Fatal(err)
	}
	d := casiRiepilogo()["riepilogo-completo"]
	for range 9 {
		d.Attivita, d.Cambiamenti, d.Decise = slices.Concat(d.Attivita, d.Attivita), slices.Concat(d.Cambiamenti, d.Cambiamenti), slices.Concat(d.Decise, d.Decise)
		d.Variazioni, d.Contraddizioni = slices.Concat(d.Variazioni, d.Variazioni), slices.Concat(d.Contraddizioni, d.Contraddizioni)
		d.Posta, d.Mancate = slices.Concat(d.Posta, d.Posta), slices.Concat(d.Mancate, d.Mancate)
	}
	for len(d.Mesi) < 11 {
		d.Mesi = append(d.Mesi, d.Mesi[0])
	}
	testi, err := m.Riepilogo(d)
	if err != nil || len(testi.HTML) > 100<<10 {
		t.Errorf("%d bytes, %v", len(testi.HTML), err)
	}
	const want = "Le prime 20 di 1024: l'elenco completo è nell'allegato, foglio «Scadute»."
	if !strings.Contains(testi.Testo, want) || !strings.Contains(testi.HTML, html.EscapeString(want)) || !strings.Contains(testi.Oggetto, "1024 attività scadute, 1024 in ritardo") {
		t.Errorf("%q\n%.3000s", testi.Oggetto, testi.Testo)
	}
}

func TestWordsOfTheDigest(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{differenze(Conteggio{}, Conteggio{}), "nessuna differenza nei totali"}, {segnato(-3), "−3"}, {TipoMessaggio("altro"), "altro"}, {Elaborazione("altro"), "altro"},
		{Corsa(CorsaMancata{Giorno: "2021-06"}), "2021-06"}, {taglia("abcdef", 4), "abc…"}, {maiuscola(""), ""}, {Luogo(piano.Luogo{}), ""},
		{EsitoVariazione(VariazioneRiepilogo{Stato: piano.Proposta}), ""}, {FinoAScadenze(g("2021-06-30")).String(), "2021-08-31"},
		{DatiRiepilogo{Ente: EnteRiepilogo{Codice: strings.Repeat("a-", 40)}, Al: g("2021-06-30")}.NomeAllegati(), "riepilogo-" + strings.Repeat("a-", 19) + "a-2021-06"},
		{silenzio(g("2021-06-30"), g("2021-07-31")), "nessuna consegna da 1 mese e 1 giorno (ultima consegna 30/06/2021)"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

// A digest is late once the month after its own is over, too; the months between it and
// the one before are named.
func TestWhatIsUnusualAboutADigest(t *testing.T) {
	for _, c := range []struct{ precedente, al, scritto, want string }{
		{"", "2021-06-30", "2021-07-01", ""},
		{"2021-05-31", "2021-06-30", "2021-07-31", ""},
		{"2021-05-31", "2021-06-30", "2021-08-01", "Questo riepilogo è redatto in ritardo, il 1° agosto 2021: riporta la situazione al 30 giugno 2021, con le verifiche e le scadenze previste a quella data."},
		{"2021-04-30", "2021-06-30", "2021-07-01", "Per il mese di maggio 2021 non è stato redatto alcun riepilogo: i cambiamenti sono quelli intervenuti dopo il 30 aprile 2021."},
		{"2021-03-31", "2021-06-30", "2021-07-01", "Per i mesi di aprile e maggio 2021 non è stato redatto alcun riepilogo: i cambiamenti sono quelli intervenuti dopo il 31 marzo 2021."},
		{"2021-11-30", "2022-02-28", "2022-03-01", "Per i mesi di dicembre 2021 e gennaio 2022 non è stato redatto alcun riepilogo: i cambiamenti sono quelli intervenuti dopo il 30 novembre 2021."},
		{"2021-10-31", "2022-03-31", "2022-04-01", "Per i mesi da novembre 2021 a febbraio 2022 non è stato redatto alcun riepilogo: i cambiamenti sono quelli intervenuti dopo il 31 ottobre 2021."},
	} {
		d := DatiRiepilogo{Al: g(c.al), Scritto: g(c.scritto)}
		if c.precedente != "" {
			d.Precedente = g(c.precedente)
		}
		if got := avvertenza(d); got != c.want {
			t.Errorf("%s after %s on %s: %q", c.al, c.precedente, c.scritto, got)
		}
	}
}
