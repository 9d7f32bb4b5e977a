package jobs_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scadenzario/scadenzario/importer"
	"github.com/scadenzario/scadenzario/importer/annota"
	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/mailer"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
	"github.com/scadenzario/scadenzario/store/storetest"
	"github.com/scadenzario/scadenzario/templates"
)

func TestMain(m *testing.M) { storetest.Main(m) }

const (
	ente   = "terre-di-pianura"
	moduli = "../testdata/moduli"
)

// casa is an installation with the real plan's people.
type casa struct {
	t    testing.TB
	db   *store.DB
	dsn  string // how to look behind the store's back
	dati string // its data folder
}

func nuovaCasa(t testing.TB) casa {
	t.Helper()
	return casaCon(t, storetest.DSN(t))
}

// casaCon sets it up in that database.
func casaCon(t testing.TB, dsn string) casa {
	t.Helper()
	db, err := store.Open(t.Context(), dsn)
	if err == nil {
		err = db.Migrate(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	c := casa{t, db, dsn, t.TempDir()}
	a, rilievi := importer.LeggiAnagrafica("anagrafica.xlsx", leggi(t, moduli+"/anagrafica.xlsx"))
	if piano.HaErrori(rilievi) {
		t.Fatal(rilievi)
	}
	a.Ente = piano.Ente{Codice: ente, Nome: "Unione Terre di Pianura"}
	if _, err := c.db.SaveAnagrafica(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	return c
}

func leggi(t testing.TB, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func giorno(t testing.TB, s string) piano.Giorno {
	t.Helper()
	g, err := piano.ParseGiorno(s)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func (c casa) ricevi(file, giornoConsegna string) jobs.Risposta {
	c.t.Helper()
	r, err := jobs.Intake{Archivio: c.db}.Ricevi(c.t.Context(), ente, filepath.Base(file), leggi(c.t, file), giorno(c.t, giornoConsegna))
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

// anno takes the plan in, approves it, and takes in the sheets of mid-year.
func (c casa) anno() {
	c.t.Helper()
	for _, passo := range []struct{ cartella, giorno string }{{"piano-2021", "2021-04-20"}, {"stato-2021-06-30", "2021-06-30"}} {
		fogli, err := filepath.Glob(moduli + "/" + passo.cartella + "/*.xlsx")
		if err != nil || len(fogli) != 8 {
			c.t.Fatal(fogli, err)
		}
		for _, f := range fogli {
			if r := c.ricevi(f, passo.giorno); !r.Accolta() {
				c.t.Fatalf("%s refused: %v", f, r.Lettura.Rilievi)
			}
		}
		if passo.cartella == "piano-2021" {
			if _, _, _, err := c.db.ApprovaPiano(c.t.Context(), ente, 2021, "DGU 18/2021", giorno(c.t, "2021-04-27")); err != nil {
				c.t.Fatal(err)
			}
		}
	}
}

func modelli(t testing.TB) *templates.Modelli {
	t.Helper()
	m, err := templates.New()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var mittente = mailer.Mittente{Nome: "Scadenzario", Indirizzo: "scadenzario@terredipianura.example"}

func regole(piano.Ente) jobs.Regole {
	return jobs.Regole{Scala: piano.ScalaPredefinita}
}

func (c casa) solleciti() jobs.Solleciti {
	return jobs.Solleciti{Archivio: c.db, Modelli: modelli(c.t), Mittente: mittente, RegoleDi: regole}
}

func (c casa) mensile() jobs.Mensile {
	return jobs.Mensile{Archivio: c.db, Modelli: modelli(c.t), Mittente: mittente, RegoleDi: regole, DateDi: dateSessioni, Versione: "prova 1"}
}

// invia delivers the outbox into a folder and returns the names of the messages.
func (c casa) invia(cartella string) []string {
	c.t.Helper()
	i := jobs.Invio{Uscita: c.db, Custode: jobs.Custodia{Cartella: c.dati, Host: "mercurio", Archivio: c.db}, Postino: mailer.Cartella{Dir: cartella}, Proprietario: "test", Adesso: time.Now, Log: slog.New(slog.DiscardHandler)}
	conto, err := i.Run(c.t.Context())
	if err != nil || conto.DaRitentare+conto.Respinti+conto.Ignoti > 0 {
		c.t.Fatalf("%+v, %v", conto, err)
	}
	file, err := filepath.Glob(cartella + "/*.eml")
	if err != nil {
		c.t.Fatal(err)
	}
	for i := range file {
		file[i] = filepath.Base(file[i])
	}
	return file
}

func TestTheSameBytesAreTakenOnce(t *testing.T) {
	c := nuovaCasa(t)
	suap := moduli + "/piano-2021/suap.xlsx"
	r := c.ricevi(suap, "2021-04-20")
	if !r.Accolta() || r.GiaRicevuta || len(r.Esiti) != 2 || r.Esiti[0].Esito != piano.Aggiunta {
		t.Fatalf("first: %+v", r.Esiti)
	}
	if r := c.ricevi(suap, "2021-05-03"); !r.GiaRicevuta || r.Consegna.Giorno != giorno(t, "2021-04-20") || len(r.Esiti) != 0 {
		t.Errorf("the same bytes again: %+v", r.Consegna)
	}
	if r := c.ricevi(moduli+"/stato-2021-06-30/suap.xlsx", "2021-06-30"); !r.Accolta() || r.Esiti[0].Esito != piano.Cambiata {
		t.Errorf("other bytes: %+v", r.Esiti)
	}
}

// A workbook that cannot be taken is refused as a whole and leaves nothing behind
// but its bytes and its findings; handed in again after the fault is gone it is
// taken.
func TestRefusedAsAWhole(t *testing.T) {
	c := nuovaCasa(t)
	a, err := c.db.Anagrafica(t.Context(), ente)
	if err != nil {
		t.Fatal(err)
	}
	senza := a
	senza.Settori = slices.DeleteFunc(slices.Clone(a.Settori), func(s piano.Settore) bool { return s.Nome == "SUAP" })
	senza.Incarichi = slices.DeleteFunc(slices.Clone(a.Incarichi), func(i piano.Incarico) bool { return i.Settore == "SUAP" })
	if _, err := c.db.SaveAnagrafica(t.Context(), senza); err != nil {
		t.Fatal(err)
	}
	suap := moduli + "/piano-2021/suap.xlsx"
	r := c.ricevi(suap, "2021-04-20")
	if r.Accolta() || len(r.Lettura.Rilievi) == 0 {
		t.Fatalf("%+v", r.Consegna)
	}
	i := slices.IndexFunc(r.Lettura.Rilievi, func(r piano.Rilievo) bool { return r.Codice == "settore-sconosciuto" })
	if i < 0 || r.Lettura.Rilievi[i].Cella != "A2" || r.Lettura.Rilievi[i].Foglio != "Ob. 1-3" ||
		!strings.Contains(r.Lettura.Rilievi[i].Messaggio, "Welfare locale") {
		t.Errorf("the finding names its cell and the names that are known: %+v", r.Lettura.Rilievi)
	}
	if v, err := c.db.Situazioni(t.Context(), ente, giorno(t, "2021-07-12")); err != nil || len(v) != 0 {
		t.Errorf("a refused workbook left %d activities, %v", len(v), err)
	}
	if _, err := c.db.SaveAnagrafica(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if r := c.ricevi(suap, "2021-04-21"); !r.Accolta() || r.GiaRicevuta {
		t.Errorf("after the registry knows the settore: %+v", r.Lettura.Rilievi)
	}
}

func TestANumberOfAnotherSettoreIsRefused(t *testing.T) {
	c := nuovaCasa(t)
	c.ricevi(moduli+"/piano-2021/suap.xlsx", "2021-04-20")
	a, err := c.db.Anagrafica(t.Context(), ente)
	if err != nil {
		t.Fatal(err)
	}
	// the same cards under another roof: SUAP becomes an alias of Welfare locale
	for i := range a.Settori {
		switch a.Settori[i].Nome {
		case "SUAP":
			a.Settori[i].Nome, a.Settori[i].Alias = "Commercio", nil
		case "Welfare locale":
			a.Settori[i].Alias = append(a.Settori[i].Alias, "Suap")
		}
		a.Settori[i].Codice = piano.Codice(a.Settori[i].Nome)
	}
	a.Incarichi = slices.DeleteFunc(a.Incarichi, func(i piano.Incarico) bool { return i.Settore == "SUAP" })
	if _, err := c.db.SaveAnagrafica(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	r := c.ricevi(moduli+"/stato-2021-06-30/suap.xlsx", "2021-06-30")
	i := slices.IndexFunc(r.Lettura.Rilievi, func(r piano.Rilievo) bool { return r.Codice == "numero-di-altro-settore" })
	if r.Accolta() || i < 0 || r.Lettura.Rilievi[i].Cella != "A4" || !strings.Contains(r.Lettura.Rilievi[i].Messaggio, "SUAP") {
		t.Errorf("%+v %+v", r.Consegna.Esito, r.Lettura.Rilievi)
	}
}

// After the approval progress is taken and a change of the plan is only named.
func TestAnApprovedPlanMovesByActsOnly(t *testing.T) {
	c := nuovaCasa(t)
	c.ricevi(moduli+"/stato-2021-06-30/suap.xlsx", "2021-04-20")
	if _, _, _, err := c.db.ApprovaPiano(t.Context(), ente, 2021, "DGU 18/2021", giorno(t, "2021-04-27")); err != nil {
		t.Fatal(err)
	}
	prima, err := c.db.Situazioni(t.Context(), ente, giorno(t, "2021-12-31"))
	if err != nil {
		t.Fatal(err)
	}
	r := c.ricevi(moduli+"/stato-2021-12-31/suap.xlsx", "2021-12-31")
	if !r.Accolta() {
		t.Fatal(r.Lettura.Rilievi)
	}
	dopo, err := c.db.Situazioni(t.Context(), ente, giorno(t, "2021-12-31"))
	if err != nil || len(dopo) != len(prima) {
		t.Fatal(len(dopo), err)
	}
	mossi := 0
	for i := range dopo {
		if dopo[i].ID != prima[i].ID || dopo[i].Attivita.Previsto != prima[i].Attivita.Previsto {
			t.Errorf("the plan moved: %+v, %+v", prima[i].Attivita, dopo[i].Attivita)
		}
		if dopo[i].Attivita.Ottenuto != prima[i].Attivita.Ottenuto {
			mossi++
			if dopo[i].UltimoProgresso != giorno(t, "2021-12-31") {
				t.Errorf("its day is %s", dopo[i].UltimoProgresso)
			}
		}
	}
	if mossi == 0 {
		t.Error("no progress was taken")
	}
}

// The whole way of the data on the real plan: what the demo shows.
func TestAYearUntilJuly(t *testing.T) {
	c := nuovaCasa(t)
	c.anno()
	oggi := giorno(t, "2021-07-12")
	preparati, muti, err := c.solleciti().Plan(t.Context(), oggi)
	if err != nil || len(muti) > 0 {
		t.Fatal(err, muti)
	}
	var got []string
	for _, p := range preparati {
		got = append(got, fmt.Sprintf("%s cc %v: %d", p.Promemoria.A, p.Promemoria.CC, len(p.Promemoria.Voci)))
	}
	if len(got) == 0 || !slices.IsSorted(got) {
		t.Errorf("%q", got)
	}
	if file := c.invia(t.TempDir()); len(file) > 0 {
		t.Errorf("Plan wrote %v", file)
	}
	adesso := time.Date(2021, 7, 12, 7, 0, 0, 0, time.UTC)
	scritti, _, err := c.solleciti().Run(t.Context(), oggi, adesso)
	if err != nil || len(scritti) != len(preparati) {
		t.Fatal(len(scritti), err)
	}
	posta := t.TempDir()
	if file := c.invia(posta); len(file) != len(preparati) {
		t.Errorf("%d messages became %v", len(preparati), file)
	}
	for range 2 { // the same day again, and again
		again, _, err := c.solleciti().Run(t.Context(), oggi, adesso)
		if err != nil || len(again) != 0 {
			t.Errorf("the day run twice writes %d messages, %v", len(again), err)
		}
	}
	if file := c.invia(posta); len(file) != len(preparati) {
		t.Errorf("after the second run: %v", file)
	}
	if p, _, err := c.solleciti().Plan(t.Context(), giorno(t, "2021-07-11")); err != nil || len(p) > 0 {
		t.Errorf("a Sunday has %d messages, %v", len(p), err)
	}
}

func TestDigest(t *testing.T) {
	c := nuovaCasa(t)
	c.anno()
	adesso := time.Date(2021, 7, 12, 7, 0, 0, 0, time.UTC)
	digest, nuovi, err := c.mensile().Run(t.Context(), giorno(t, "2021-06-30"), giorno(t, "2021-07-12"), adesso)
	if err != nil || nuovi != 1 || len(digest) != 1 {
		t.Fatal(nuovi, err)
	}
	if !strings.Contains(digest[0].Testi.Testo, "primo riepilogo") {
		t.Error("the first digest says that it is the first")
	}
	if strings.Contains(digest[0].Testi.Testo, "Welfare locale: nessuna consegna") {
		t.Error("Welfare handed its sheet in on 30 June, unchanged: it was not silent")
	}
	if _, nuovi, err := c.mensile().Run(t.Context(), giorno(t, "2021-06-30"), giorno(t, "2021-07-13"), adesso); err != nil || nuovi != 0 {
		t.Errorf("the same month again: %d, %v", nuovi, err)
	}
	// nothing is handed in during July: every settore is listed, and time alone changed states
	digest, _, err = c.mensile().Run(t.Context(), giorno(t, "2021-07-31"), giorno(t, "2021-08-02"), adesso)
	if err != nil {
		t.Fatal(err)
	}
	testo := digest[0].Testi.Testo
	for _, want := range []string{"da «", "SUAP: nessuna consegna da 1 mese e 1 giorno (ultima consegna", "Rispetto al 30 giugno 2021: "} {
		if !strings.Contains(testo, want) {
			t.Errorf("the digest of July does not say %q:\n%s", want, testo)
		}
	}
}

// The daemon asks every day; the digest is written on the first working day, or on
// the first day after a stop.
func TestDigestOfTheFirstWorkingDay(t *testing.T) {
	c := nuovaCasa(t)
	c.anno()
	for _, passo := range []struct {
		giorno string
		nuovi  int
	}{{"2021-08-01", 0}, {"2021-08-02", 1}, {"2021-08-03", 0}, {"2021-09-20", 1}, {"2021-09-21", 0}} {
		g := giorno(t, passo.giorno)
		nuovi, err := c.mensile().RunDelGiorno(t.Context(), g, g.Time())
		if err != nil || nuovi != passo.nuovi {
			t.Errorf("%s: %d digests, %v", passo.giorno, nuovi, err)
		}
	}
}

func TestDigestWithoutSegretario(t *testing.T) {
	c := nuovaCasa(t)
	a, err := c.db.Anagrafica(t.Context(), ente)
	if err != nil {
		t.Fatal(err)
	}
	a.Ruoli = nil
	if _, err := c.db.SaveAnagrafica(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if _, err := c.mensile().Plan(t.Context(), giorno(t, "2021-06-30"), giorno(t, "2021-07-01")); err == nil || !strings.Contains(err.Error(), "sheet Ruoli") {
		t.Error(err)
	}
}

// raccolta is the watched folder of a house; aspetta stands for the five seconds.
func (c casa) raccolta(radice string, aspetta func(context.Context, time.Duration) error) *jobs.Raccolta {
	return &jobs.Raccolta{Radice: radice, Memoria: filepath.Join(c.dati, "cartelle.json"), Archivio: c.db, Intake: jobs.Intake{Archivio: c.db}, Modelli: modelli(c.t),
		Aspetta: aspetta, Log: slog.New(slog.DiscardHandler),
		Annota: func(_ context.Context, file string, contenuto []byte, rilievi []piano.Rilievo) ([]byte, error) {
			var buf bytes.Buffer
			err := annota.Scrivi(&buf, file, contenuto, rilievi)
			return buf.Bytes(), err
		}}
}

func subito(context.Context, time.Duration) error { return nil }

func TestRaccolta(t *testing.T) {
	c := nuovaCasa(t)
	radice := t.TempDir()
	r := c.raccolta(radice, subito)
	if err := r.Prepara(t.Context()); err != nil {
		t.Fatal(err)
	}
	suap := filepath.Join(radice, ente, "suap")
	metti := func(nome string, contenuto []byte, eta time.Duration) {
		t.Helper()
		f := filepath.Join(suap, nome)
		if err := os.WriteFile(f, contenuto, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(f, time.Time{}, time.Now().Add(-eta)); err != nil {
			t.Fatal(err)
		}
	}
	buono := leggi(t, moduli+"/piano-2021/suap.xlsx")
	metti("suap.xlsx", buono, time.Minute)
	metti("rotto.xlsx", buono[:1000], time.Hour)
	metti("in arrivo.xlsx", buono[:2000], time.Second) // broken, but perhaps still being written
	metti("~$suap.xlsx", []byte("open in Excel"), time.Hour)
	metti(".~lock.suap.xlsx#", []byte("open in LibreOffice"), time.Hour)
	metti("copia.tmp", buono, time.Hour)
	metti("Thumbs.db", []byte("a folder of Windows"), time.Hour)
	adesso := time.Now()
	n, err := r.Run(t.Context(), giorno(t, "2021-04-20"), adesso)
	if err != nil || n != 1 {
		t.Errorf("%d taken, %v", n, err)
	}
	metti("in arrivo.xlsx", buono[:3000], time.Second)
	// a broken file is refused when it has not moved for a while
	if n, err := r.Run(t.Context(), giorno(t, "2021-04-20"), adesso.Add(2*time.Minute)); err != nil || n != 1 {
		t.Errorf("%d taken, %v", n, err)
	}
	got := elenca(t, suap)
	want := []string{".scadenzario", ".~lock.suap.xlsx#", "Thumbs.db", "accolti/2021-04-20 suap - esito.xlsx", "accolti/2021-04-20 suap.xlsx", "accolti/2021-04-20 suap.xlsx.txt", "copia.tmp", "in arrivo.xlsx",
		"respinti/2021-04-20 rotto.xlsx", "respinti/2021-04-20 rotto.xlsx.txt", "~$suap.xlsx"}
	if !slices.Equal(got, want) {
		t.Errorf("the folder holds\n%q, want\n%q", got, want)
	}
	if testo := string(leggi(t, filepath.Join(suap, "respinti/2021-04-20 rotto.xlsx.txt"))); !strings.Contains(testo, "NON ACCOLTO") {
		t.Errorf("the answer: %s", testo)
	}
	// the same sheet again the same day: nothing is written over
	metti("suap.xlsx", buono, time.Minute)
	if n, err := r.Run(t.Context(), giorno(t, "2021-04-20"), time.Now()); err != nil || n != 1 {
		t.Errorf("%d taken, %v", n, err)
	}
	if testo := string(leggi(t, filepath.Join(suap, "accolti/2021-04-20 suap (2).xlsx.txt"))); !strings.Contains(testo, "GIÀ RICEVUTO") {
		t.Errorf("the answer: %s", testo)
	}
	if got := leggi(t, filepath.Join(suap, "accolti/2021-04-20 suap.xlsx")); !bytes.Equal(got, buono) {
		t.Error("the file that was moved is not the one handed in")
	}
}

func elenca(t *testing.T, cartella string) []string {
	t.Helper()
	var file []string
	err := filepath.WalkDir(cartella, func(p string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			r, errRel := filepath.Rel(cartella, p)
			file, err = append(file, r), errRel
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// A file that changes between the two looks is left for the next time; when it
// stands still it is taken, as it then is.
func TestAFileBeingWrittenIsLeft(t *testing.T) {
	c := nuovaCasa(t)
	radice := t.TempDir()
	buono := leggi(t, moduli+"/piano-2021/suap.xlsx")
	f := filepath.Join(radice, ente, "suap", "suap.xlsx")
	if err := os.MkdirAll(filepath.Dir(f), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(f, buono[:500], 0o600); err != nil {
		t.Fatal(err)
	}
	cresce := func(context.Context, time.Duration) error { return os.WriteFile(f, buono, 0o600) }
	if n, err := c.raccolta(radice, cresce).Run(t.Context(), giorno(t, "2021-04-20"), time.Now()); err != nil || n != 0 {
		t.Errorf("taken while it grew: %d, %v", n, err)
	}
	if n, err := c.raccolta(radice, subito).Run(t.Context(), giorno(t, "2021-04-20"), time.Now()); err != nil || n != 1 {
		t.Errorf("when it stood still: %d, %v", n, err)
	}
	if v, err := c.db.Situazioni(t.Context(), ente, giorno(t, "2021-07-12")); err != nil || len(v) != 6 {
		t.Errorf("%d activities of SUAP, %v", len(v), err)
	}
}

func TestAnInboxThatVanishedIsAnAlarm(t *testing.T) {
	c := nuovaCasa(t)
	_, err := c.raccolta(filepath.Join(t.TempDir(), "share"), subito).Run(t.Context(), giorno(t, "2021-04-20"), time.Now())
	if err == nil || !strings.Contains(err.Error(), "is the share mounted?") {
		t.Error(err)
	}
}

// One message a person a day, whatever its kind: who got another one in the morning
// is passed over, and told what was due on the next working day.
func TestWhoHasAMessageTodayIsToldTomorrow(t *testing.T) {
	c := nuovaCasa(t)
	c.anno()
	venerdi, lunedi := giorno(t, "2021-07-09"), giorno(t, "2021-07-12")
	dovuti, _, err := c.solleciti().Plan(t.Context(), venerdi)
	if err != nil || len(dovuti) < 2 {
		t.Fatal(len(dovuti), err)
	}
	primo := dovuti[0].Promemoria
	m, err := mailer.Componi(piano.Messaggio{Ente: ente, Tipo: piano.TipoSessione, Chiave: "2021-07-09/prova", Giorno: venerdi,
		A: []string{strings.ToUpper(primo.A[:1]) + primo.A[1:]}, Oggetto: "Verifica", Testo: "Prova", HTML: "<p>Prova</p>"}, mittente, sera)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.db.SaveMessaggi(t.Context(), "prova", "2021-07-09", sera, []piano.Messaggio{m}); err != nil {
		t.Fatal(err)
	}
	scritti, _, err := c.solleciti().Run(t.Context(), venerdi, sera)
	if err != nil || len(scritti) != len(dovuti)-1 || scritti[0].Promemoria.A == primo.A {
		t.Fatalf("%d of %d messages, %v", len(scritti), len(dovuti), err)
	}
	dopo, _, err := c.solleciti().Run(t.Context(), lunedi, sera)
	if err != nil || len(dopo) != 1 || dopo[0].Promemoria.A != primo.A || len(dopo[0].Promemoria.Voci) != len(primo.Voci) {
		t.Errorf("on Monday: %+v, %v", dopo, err)
	}
}
