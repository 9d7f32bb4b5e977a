package jobs_test

import (
	"bytes"
	"cmp"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"log/slog"
	"mime"
	"net"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/scadenzario/scadenzario/importer/modulo"
	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/mailer"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
	"github.com/scadenzario/scadenzario/store/storetest"
)

// scenario is a year as testdata/anno/<name>.json tells it.
type scenario struct {
	Dal, Al      piano.Giorno
	Enti         []enteScena
	Approvazioni []struct {
		Ente   string
		Anno   int
		Giorno piano.Giorno
		Atto   string
	}
	Consegne []consegnaScena
	Fermo    [][2]piano.Giorno // from and to, both included: the daemon does not run
}

type enteScena struct {
	Codice, Nome, Patrono string
	Chiusure              []string
	Settori               []struct{ Nome, Codice, Email string }
	Ruoli                 map[string][2]string
	Incarichi             []struct {
		Settore, Nome, Email string
		Dal, Al              piano.Giorno
		Tipo                 piano.TipoIncarico
		NotoDal              piano.Giorno `json:"noto_dal"`  // the registry learns of it late
		EmailDal             piano.Giorno `json:"email_dal"` // and of the address later still
	}
}

// consegnaScena is a hand-in: a workbook of testdata, or the settore's own form filled
// in with activities.
type consegnaScena struct {
	Giorno, Aggiornata piano.Giorno
	Ente, Settore      string // codes
	Cartella, File     string
	Anno               int
	Attivita           []attivitaScena
}

type attivitaScena struct {
	Obiettivo   string
	Anno        int
	Descrizione string
	Previsto    []int
	Ottenuto    []int
	Eseguito    *bool
}

// annoSimulato is an installation that lives through a scenario.
type annoSimulato struct {
	casa
	scenario
	posta    *cassetta
	sessioni jobs.Sessioni
	giornata jobs.Giornata
	mensile  jobs.Mensile
	invio    jobs.Invio
	ora      time.Time
}

// A whole year, day by day: the real jobs on a real database and a real SMTP
// conversation, hand-ins arriving on their days, people coming and going, the daemon
// stopped now and then. The register then says exactly what testdata/anno/<name>.txt
// expects, which an independent model wrote (testdata/anno/modello.py).
func TestAYearAsItIsExpected(t *testing.T) {
	for _, nome := range []string{"2021", "2026"} {
		t.Run(nome, func(t *testing.T) {
			if os.Getenv("SCADENZARIO_ANNO") == "" {
				t.Parallel() // printed, one year comes after the other
			}
			a := nuovoAnno(t, nome)
			for g := a.Dal; !g.Dopo(a.Al); g = g.Piu(1) {
				a.vive(g)
			}
			registro := a.registro()
			confronta(t, filepath.Join("testdata/anno", nome+".txt"), registro)
			a.unaSolaVolta()
			if os.Getenv("SCADENZARIO_ANNO") != "" {
				a.stampa()
			}
		})
	}
}

// The expectation is what its model says, wherever there is a Python to run it.
func TestTheExpectationIsTheModels(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("python3 is not installed: the committed expectation stands for itself")
	}
	for _, nome := range []string{"2021", "2026"} {
		modello := exec.Command("python3", "modello.py", nome)
		modello.Dir, modello.Env = "testdata/anno", append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1", "PYTHONIOENCODING=utf-8")
		got, err := modello.Output()
		if err != nil || string(got) != string(leggi(t, "testdata/anno/"+nome+".txt")) {
			t.Errorf("%s.txt is not what modello.py prints, %v", nome, err)
		}
	}
}

func nuovoAnno(t *testing.T, nome string) *annoSimulato {
	t.Helper()
	a := &annoSimulato{posta: apriCassetta(t)}
	if err := json.Unmarshal(leggi(t, filepath.Join("testdata/anno", nome+".json")), &a.scenario); err != nil {
		t.Fatal(err)
	}
	dsn := storetest.DSN(t)
	db, err := store.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	a.casa = casa{t, db, dsn, t.TempDir()}
	s := a.solleciti()
	s.RegoleDi = a.regole
	a.giornata = jobs.Giornata{Passaggi: jobs.Passaggi(s), Solleciti: s, Recapiti: jobs.Recapiti(s)}
	a.sessioni = jobs.Sessioni{Archivio: db, Modelli: s.Modelli, Mittente: mittente, RegoleDi: a.regole, DateDi: func(int) []piano.RegolaSessione {
		giorno := func(giorno, mese int) piano.GiornoAnno { return piano.GiornoAnno{Giorno: giorno, Mese: mese} }
		return []piano.RegolaSessione{
			{Genere: piano.MetaAnno, Numero: 1, Dati: giorno(30, 6), Apre: giorno(1, 7), Chiude: giorno(31, 7), Sollecito: 5},
			{Genere: piano.FineAnno, Numero: 1, Dati: giorno(31, 12), Apre: giorno(7, 1), Chiude: giorno(31, 1), Sollecito: 5}}
	}}
	a.mensile = a.casa.mensile()
	a.mensile.RegoleDi = a.regole
	smtp, err := mailer.NewSMTP(mailer.ParametriSMTP{Host: "127.0.0.1", Porta: a.posta.porta, TLS: "nessuno", Mittente: mittente.Indirizzo})
	if err != nil {
		t.Fatal(err)
	}
	a.invio = jobs.Invio{Uscita: db, Custode: jobs.Custodia{Cartella: a.dati, Host: "mercurio", Archivio: db}, Postino: smtp,
		Proprietario: "anno", Adesso: func() time.Time { return a.ora }, Log: slog.New(slog.DiscardHandler)}
	return a
}

// regole reads the calendar of an ente from the scenario.
func (a *annoSimulato) regole(e piano.Ente) jobs.Regole {
	r := jobs.Regole{Scala: piano.ScalaPredefinita, Calendario: piano.Calendario{PatronoMese: e.PatronoMese, PatronoGiorno: e.PatronoGiorno, Chiusure: map[piano.Giorno]bool{}}}
	for _, s := range a.Enti {
		for _, chiusura := range s.Chiusure {
			dal, al, _ := strings.Cut(chiusura, "..")
			for g := giorno(a.t, dal); s.Codice == e.Codice && !g.Dopo(giorno(a.t, cmp.Or(al, dal))); g = g.Piu(1) {
				r.Calendario.Chiusure[g] = true
			}
		}
	}
	return r
}

// vive is one day: the registry as it is known, what is handed in in the early morning,
// then the jobs, at their hours, unless the daemon is stopped.
func (a *annoSimulato) vive(g piano.Giorno) {
	a.t.Helper()
	a.ora = time.Date(g.Anno(), time.Month(g.Mese()), g.Time().Day(), 6, 0, 0, 0, time.UTC)
	a.anagrafi(g)
	for _, c := range a.Consegne {
		if c.Giorno == g {
			a.consegna(c)
		}
	}
	for _, p := range a.Approvazioni {
		if p.Giorno == g {
			if _, _, _, err := a.db.ApprovaPiano(a.t.Context(), p.Ente, p.Anno, p.Atto, g); err != nil {
				a.t.Fatal(err)
			}
		}
	}
	if slices.ContainsFunc(a.Fermo, func(f [2]piano.Giorno) bool { return !g.Prima(f[0]) && !g.Dopo(f[1]) }) {
		return
	}
	a.ora = a.ora.Add(45 * time.Minute)
	if _, err := a.sessioni.Run(a.t.Context(), g, a.ora); err != nil {
		a.t.Fatalf("%s: %v", g, err)
	}
	a.ora = a.ora.Add(15 * time.Minute)
	if _, err := a.giornata.RunDelGiorno(a.t.Context(), g, a.ora); err != nil {
		a.t.Fatalf("%s: %v", g, err)
	}
	if _, err := a.mensile.RunDelGiorno(a.t.Context(), g, a.ora.Add(10*time.Minute)); err != nil {
		a.t.Fatalf("%s: %v", g, err)
	}
	a.ora = a.ora.Add(15 * time.Minute)
	if conto, err := a.invio.Run(a.t.Context()); err != nil || conto.DaRitentare+conto.Respinti+conto.Ignoti > 0 {
		a.t.Fatalf("%s: %+v, %v", g, conto, err)
	}
}

// anagrafi imports the registries anew where they are not what they were the day
// before.
func (a *annoSimulato) anagrafi(g piano.Giorno) {
	for _, e := range a.Enti {
		cambiata := g == a.Dal
		r := piano.Anagrafica{Ente: piano.Ente{Codice: e.Codice, Nome: e.Nome}}
		if e.Patrono != "" {
			if _, err := fmt.Sscanf(e.Patrono, "%d/%d", &r.Ente.PatronoGiorno, &r.Ente.PatronoMese); err != nil {
				a.t.Fatal(err)
			}
		}
		for _, s := range e.Settori {
			r.Settori = append(r.Settori, piano.Settore{Nome: s.Nome, Codice: s.Codice, Email: s.Email, Alias: aliasDi[s.Nome]})
		}
		for _, ruolo := range []string{"Segretario", "SIA"} {
			if chi, ok := e.Ruoli[ruolo]; ok {
				r.Ruoli = append(r.Ruoli, piano.Ruolo{Ruolo: ruolo, Nome: chi[0], Email: chi[1]})
			}
		}
		for _, i := range e.Incarichi {
			cambiata = cambiata || i.NotoDal == g || i.EmailDal == g
			if g.Prima(i.EmailDal) {
				i.Email = ""
			}
			if !g.Prima(i.NotoDal) {
				r.Incarichi = append(r.Incarichi, piano.Incarico{Settore: i.Settore, Nome: i.Nome, Email: i.Email, Dal: i.Dal, Al: i.Al, Tipo: i.Tipo})
			}
		}
		if cambiata {
			if _, err := a.db.SaveAnagrafica(a.t.Context(), r); err != nil {
				a.t.Fatal(err)
			}
		}
	}
}

// aliasDi are the names by which the cards of testdata call their settori.
var aliasDi = map[string][]string{
	"Innovazione tecnologica e SIA": {"SIA", "S.I.A.", "Settore Informatico Associato"}, "Servizi finanziari": {"Ragioneria", "Settore Finanziario"},
	"Tributi e riscossione coattiva": {"Tributi", "Tributi e riscossioni coattive"}, "Progettazione e CUC": {"CUC", "Progettazione CUC"},
	"Coordinamento generale": {"Segreteria", "Coordinamento generale – servizio segreteria"}, "Governo del territorio": {"Ufficio di piano"},
	"Welfare locale": {"Servizi sociali"},
}

// consegna hands a workbook in.
func (a *annoSimulato) consegna(c consegnaScena) {
	a.t.Helper()
	file, contenuto := c.File+".xlsx", []byte(nil)
	if c.Cartella != "" {
		contenuto = leggi(a.t, filepath.Join(moduli, c.Cartella, file))
	} else {
		file, contenuto = a.compila(c)
	}
	r, err := jobs.Intake{Archivio: a.db}.Ricevi(a.t.Context(), c.Ente, file, contenuto, c.Giorno)
	if err != nil || !r.Accolta() {
		a.t.Fatalf("%s %s: %v %v", c.Giorno, file, err, r.Lettura.Rilievi)
	}
}

// compila fills the settore's form in: the cards as they are, where there are any, with
// what the scenario says of their activities.
func (a *annoSimulato) compila(c consegnaScena) (string, []byte) {
	var ente enteScena
	for _, e := range a.Enti {
		if e.Codice == c.Ente {
			ente = e
		}
	}
	m := modulo.Modulo{Ente: ente.Nome, Anno: c.Anno, Al: a.ora}
	for _, s := range ente.Settori {
		if s.Codice == c.Settore {
			m.Settore = s.Nome
		}
	}
	if schede, err := a.db.Schede(a.t.Context(), c.Ente, m.Settore, c.Anno); err == nil {
		m.Schede = schede
	}
	for _, x := range c.Attivita {
		i := slices.IndexFunc(m.Schede, func(o piano.Obiettivo) bool { return o.Numero == x.Obiettivo })
		if i < 0 {
			i = len(m.Schede)
			m.Schede = append(m.Schede, piano.Obiettivo{Numero: x.Obiettivo, Titolo: "Obiettivo " + x.Obiettivo, Settore: m.Settore, Anno: c.Anno, Descrizione: "Descrizione"})
		}
		o := &m.Schede[i]
		j := slices.IndexFunc(o.Attivita, func(y piano.Attivita) bool { return y.Anno == x.Anno && y.Descrizione == x.Descrizione })
		if j < 0 {
			j = len(o.Attivita)
			o.Attivita = append(o.Attivita, piano.Attivita{Anno: x.Anno, Descrizione: x.Descrizione, Previsto: piano.NewMesi(x.Previsto...)})
		}
		o.Attivita[j].Ottenuto, o.Attivita[j].Eseguito = piano.NewMesi(x.Ottenuto...), x.Eseguito
	}
	var buf bytes.Buffer
	if err := modulo.Scrivi(&buf, m); err != nil {
		a.t.Fatal(err)
	}
	return m.NomeFile(), buf.Bytes()
}

// registro is what the database says was told: a line for each message that is no
// reminder, and one for each passage.
func (a *annoSimulato) registro() []string {
	a.t.Helper()
	const query = `
SELECT e.codice, CASE WHEN m.tipo = 'riepilogo' THEN (SELECT min(s.inviato_il) FROM spedizioni s WHERE s.messaggio_id = m.id) ELSE m.giorno END, m.a[1], array_to_string(m.cc, ' '), m.tipo, m.chiave, coalesce(p.stadio, ''), coalesce(o.numero, ''), coalesce(t.anno, 0), coalesce(t.descrizione, ''),
    coalesce(x.genere || '-' || x.anno || '/' || r.fase || ' settore ' || s.codice, '')
FROM messaggi m JOIN enti e ON e.id = m.ente_id
LEFT JOIN passi_inviati p ON p.messaggio_id = m.id
LEFT JOIN attivita t ON t.id = p.attivita_id
LEFT JOIN obiettivi o ON o.id = t.obiettivo_id
LEFT JOIN sessioni_richieste r ON r.messaggio_id = m.id
LEFT JOIN sessioni x ON x.id = r.sessione_id
LEFT JOIN settori s ON s.id = r.settore_id`
	db, err := sql.Open("postgres", a.dsn)
	if err != nil {
		a.t.Fatal(err)
	}
	defer db.Close()
	righe, err := db.QueryContext(a.t.Context(), query)
	if err != nil {
		a.t.Fatal(err)
	}
	defer righe.Close()
	var registro []string
	for righe.Next() {
		var quando time.Time
		var codice, chi, cc, tipo, chiave, stadio, numero, descrizione, chiamata string
		var anno int
		if err := righe.Scan(&codice, &quando, &chi, &cc, &tipo, &chiave, &stadio, &numero, &anno, &descrizione, &chiamata); err != nil {
			a.t.Fatal(err)
		}
		nomi := []string{strings.ToLower(casella(chi))}
		for _, c := range strings.Fields(cc) {
			nomi = append(nomi, strings.ToLower(casella(c)))
		}
		slices.Sort(nomi[1:])
		testa := quando.Format(time.DateOnly) + " " + strings.Join(nomi, "+") + " "
		switch piano.TipoMessaggio(tipo) {
		case piano.TipoRiepilogo:
			registro = append(registro, testa+"riepilogo "+chiave+" di "+codice)
		case piano.TipoSessione:
			registro = append(registro, testa+"sessione "+chiamata)
		case piano.TipoEsitoSessione: // "2021/meta-anno"
			annoPiano, genere, _ := strings.Cut(chiave, "/")
			registro = append(registro, testa+"esito-sessione "+genere+"-"+annoPiano+" di "+codice)
		case piano.TipoPassaggio:
			for _, s := range strings.Split(chiave[strings.LastIndex(chiave, "/")+1:], "+") {
				registro = append(registro, testa+"passaggio-consegne settore "+strings.Split(s, "@")[0])
			}
		case piano.TipoAvviso:
			for _, s := range strings.Split(strings.Split(chiave, "/")[2], "+") {
				registro = append(registro, testa+"avviso settore "+strings.Split(s, ":")[0])
			}
		}
		if stadio != "" {
			registro = append(registro, fmt.Sprintf("%s%s %s %d %s", testa, stadio, numero, anno, descrizione))
		}
	}
	if err := righe.Err(); err != nil {
		a.t.Fatal(err)
	}
	slices.Sort(registro)
	return slices.Compact(registro)
}

// unaSolaVolta holds the mail server against the database: each message came once to
// each of its recipients, on its day and no day off, with the forms that it promises,
// and nobody got two of one ente on one day.
func (a *annoSimulato) unaSolaVolta() {
	a.t.Helper()
	arrivati := map[string]int{}
	for _, b := range a.posta.buste {
		arrivati[b.chiave]++
	}
	db, err := sql.Open("postgres", a.dsn)
	if err != nil {
		a.t.Fatal(err)
	}
	defer db.Close()
	righe, err := db.QueryContext(a.t.Context(), `
SELECT e.codice, m.tipo, m.giorno, lower(m.a[1]), m.message_id, s.destinatario, s.stato, s.inviato_il, m.mime
FROM spedizioni s JOIN messaggi m ON m.id = s.messaggio_id JOIN enti e ON e.id = m.ente_id`)
	if err != nil {
		a.t.Fatal(err)
	}
	defer righe.Close()
	quanti, delGiorno := 0, map[string]string{}
	for ; righe.Next(); quanti++ {
		var codice, tipo, chi, id, destinatario, stato string
		var quando, inviato time.Time
		var mime []byte
		if err := righe.Scan(&codice, &tipo, &quando, &chi, &id, &destinatario, &stato, &inviato, &mime); err != nil {
			a.t.Fatal(err)
		}
		if n := arrivati[id+" "+destinatario]; n != 1 || stato != string(piano.Spedito) {
			a.t.Errorf("%s to %s: came %d times, %s", id, destinatario, n, stato)
		}
		if t := piano.TipoMessaggio(tipo); t == piano.TipoRiepilogo || t == piano.TipoEsitoSessione {
			continue // to the Segretario, who may be a responsabile besides
		}
		if g := piano.GiornoDi(quando); g != piano.GiornoDi(inviato) || !a.calendario(codice).Lavorativo(g) {
			a.t.Errorf("%s %s to %s was sent on %s", tipo, g, chi, inviato)
		}
		posto := codice + " " + quando.Format(time.DateOnly) + " " + chi
		if altro := delGiorno[posto]; altro != "" && altro != id {
			a.t.Errorf("two messages: %s", posto)
		}
		delGiorno[posto] = id
		if tipo != string(piano.TipoAvviso) && !bytes.Contains(mime, []byte(`filename="modulo-`)) {
			a.t.Errorf("%s of %s to %s has no form", tipo, quando, chi)
		}
	}
	if err := righe.Err(); err != nil || quanti != len(a.posta.buste) || quanti == 0 {
		a.t.Errorf("%d deliveries in the database, %d at the server, %v", quanti, len(a.posta.buste), err)
	}
}

func (a *annoSimulato) calendario(ente string) piano.Calendario {
	e := piano.Ente{Codice: ente}
	for _, s := range a.Enti {
		if s.Codice == ente && s.Patrono != "" {
			if _, err := fmt.Sscanf(s.Patrono, "%d/%d", &e.PatronoGiorno, &e.PatronoMese); err != nil {
				a.t.Fatal(err)
			}
		}
	}
	return a.regole(e).Calendario
}

// stampa prints the year's messages as they arrived: what make year shows.
func (a *annoSimulato) stampa() {
	voci := map[string][]string{}
	for _, riga := range a.registro() {
		parti := strings.SplitN(riga, " ", 4)
		posto := parti[0] + " " + strings.Split(parti[1], "+")[0]
		voci[posto] = append(voci[posto], "      "+parti[2]+" "+parti[3])
	}
	for _, b := range a.posta.buste {
		fmt.Printf("%s  %s\n      %s\n", b.giorno, b.a, b.oggetto)
		if posto := b.giorno + " " + strings.ToLower(casella(b.a)); voci[posto] != nil {
			fmt.Println(strings.Join(voci[posto], "\n"))
			delete(voci, posto)
		}
	}
}

// confronta compares with the expectation and says of each line that differs whose it
// is.
func confronta(t *testing.T, file string, registro []string) {
	t.Helper()
	var attese []string
	for riga := range strings.Lines(string(leggi(t, file))) {
		if riga = strings.TrimSpace(riga); riga != "" && riga[0] != '#' {
			attese = append(attese, riga)
		}
	}
	diversi := 0
	for _, x := range []struct {
		manca string
		da, a []string
	}{{"expected and not told", attese, registro}, {"told and not expected", registro, attese}} {
		for _, riga := range x.da {
			if _, c := slices.BinarySearch(x.a, riga); !c {
				if diversi++; diversi <= 40 {
					t.Errorf("%s: %s", x.manca, riga)
				}
			}
		}
	}
	t.Logf("%d lines expected, %d told, %d differ", len(attese), len(registro), diversi)
	if len(attese) < 100 || !slices.IsSorted(attese) {
		t.Errorf("%s has %d lines, in order: %v", file, len(attese), slices.IsSorted(attese))
	}
}

// cassetta is a real mail server (emersion/go-smtp) that keeps what it gets.
type cassetta struct {
	porta int
	buste []bustaArrivata
}

// bustaArrivata is a message as the server got it.
type bustaArrivata struct {
	a, chiave, giorno, oggetto string // chiave: Message-ID and recipient
}

func apriCassetta(t *testing.T) *cassetta {
	t.Helper()
	c := &cassetta{}
	s := smtp.NewServer(c)
	s.Domain, s.ErrorLog = "posta.example", log.New(io.Discard, "", 0)
	ascolto, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c.porta = ascolto.Addr().(*net.TCPAddr).Port
	finito := make(chan error, 1)
	go func() { finito <- s.Serve(ascolto) }()
	t.Cleanup(func() {
		s.Close()
		<-finito
	})
	return c
}

// NewSession implements smtp.Backend.
func (c *cassetta) NewSession(*smtp.Conn) (smtp.Session, error) { return &consegnaPosta{c: c}, nil }

type consegnaPosta struct {
	c *cassetta
	a string
}

func (p *consegnaPosta) Mail(string, *smtp.MailOptions) error     { return nil }
func (p *consegnaPosta) Rcpt(a string, _ *smtp.RcptOptions) error { p.a = a; return nil }
func (p *consegnaPosta) Reset()                                   {}
func (p *consegnaPosta) Logout() error                            { return nil }

// Data keeps what a person would see in a list of messages. One sender at a time is at
// work here, and the test reads when it has been answered.
func (p *consegnaPosta) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	quando, err := m.Header.Date()
	if err != nil {
		return err
	}
	oggetto, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return err
	}
	id := strings.Trim(m.Header.Get("Message-ID"), "<>")
	p.c.buste = append(p.c.buste, bustaArrivata{p.a, id + " " + p.a, quando.Format(time.DateOnly), oggetto})
	_, err = io.Copy(io.Discard, m.Body)
	return err
}
