package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/scadenzario/scadenzario/importer"
	"github.com/scadenzario/scadenzario/importer/annota"
	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
	"github.com/scadenzario/scadenzario/store/local"
	"github.com/scadenzario/scadenzario/templates"
)

// raccolta is the process "raccolta DSN FOLDER POINT": the daemon's watching of the
// inbox, made of its own parts, without the schedule's minute and the five seconds
// that a file must stand still. It ends when told to, or kills itself at POINT.
func raccolta() {
	dsn, dir, punto := os.Args[1], os.Args[2], os.Args[3]
	db, err := store.Open(context.Background(), dsn)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	modelli, err := templates.New()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	r := &jobs.Raccolta{Radice: filepath.Join(dir, "inbox"), Memoria: filepath.Join(dir, "cartelle.json"), Archivio: db,
		Intake: jobs.Intake{Archivio: suicida{db, punto}}, Modelli: modelli, Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
		Annota: func(_ context.Context, file string, contenuto []byte, rilievi []piano.Rilievo) ([]byte, error) {
			var buf bytes.Buffer
			err := annota.Scrivi(&buf, file, contenuto, rilievi)
			return buf.Bytes(), err
		},
		Aspetta: func(ctx context.Context, _ time.Duration) error { return jobs.Aspetta(ctx, 2*time.Millisecond) }}
	g, err := piano.ParseGiorno(giornoProva)
	for ; err == nil; err = jobs.Aspetta(context.Background(), time.Millisecond) {
		if _, err := r.Run(context.Background(), g, time.Now()); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
}

// suicida is the database of a process that kills itself at a point.
type suicida struct {
	*store.DB
	punto string
}

func (s suicida) se(punto string) {
	if s.punto == punto {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	}
}

func (s suicida) Settori(ctx context.Context, ente string) ([]piano.Settore, error) {
	s.se("before Settori")
	settori, err := s.DB.Settori(ctx, ente)
	s.se("after Settori")
	return settori, err
}

func (s suicida) SaveConsegne(ctx context.Context, ente string, file []piano.Documento, g piano.Giorno) ([]piano.Consegna, error) {
	s.se("before SaveConsegne")
	c, err := s.DB.SaveConsegne(ctx, ente, file, g)
	s.se("after SaveConsegne")
	return c, err
}

func (s suicida) SavePiani(ctx context.Context, arrivi []piano.Arrivo) []piano.EsitoArrivo {
	s.se("before SavePiani")
	esiti := s.DB.SavePiani(ctx, arrivi)
	s.se("after SavePiani")
	s.fraPoco()
	return esiti
}

func (s suicida) RespingiConsegna(ctx context.Context, id int64, r []piano.Rilievo) error {
	s.se("before RespingiConsegna")
	err := s.DB.RespingiConsegna(ctx, id, r)
	s.se("after RespingiConsegna")
	s.fraPoco()
	return err
}

// fraPoco lets the process die while it writes the answer or moves the file, which
// takes it less than a millisecond.
func (s suicida) fraPoco() {
	if s.punto == "while moving" {
		time.AfterFunc(time.Duration(rand.Int64N(int64(time.Millisecond))), func() { s.se("while moving") })
	}
}

// puntiDiGuasto are the points at which the process kills itself, and whether a
// workbook that is refused gets there.
var puntiDiGuasto = []struct {
	nome     string
	accolto  bool
	respinto bool
}{
	{"before SaveConsegne", true, true}, {"after SaveConsegne", true, true}, {"before Settori", true, true}, {"after Settori", true, true},
	{"before SavePiani", true, false}, {"after SavePiani", true, false}, {"before RespingiConsegna", false, true}, {"after RespingiConsegna", false, true},
	{"while moving", true, true},
}

// cassetta is the watched folder of the office.
type cassetta struct {
	*banco
	dir, cartella string
}

func (b *banco) cassetta() cassetta {
	b.Helper()
	dir := b.TempDir()
	c := cassetta{b, dir, filepath.Join(dir, "inbox", enteProva, ufficioProva)}
	if err := os.MkdirAll(c.cartella, 0o770); err != nil {
		b.Fatal(err)
	}
	return c
}

// demone starts a process that watches the folder.
func (c cassetta) demone(punto string) *exec.Cmd {
	c.Helper()
	p := exec.CommandContext(c.Context(), "raccolta", c.cluster.DSN(local.Database), c.dir, punto)
	p.Stderr = &diario{c: c}
	if err := p.Start(); err != nil {
		c.Fatal(err)
	}
	return p
}

// diario wants a daemon to have no errors, whatever happens to the others.
type diario struct{ c cassetta }

func (d *diario) Write(b []byte) (int, error) {
	if !strings.Contains(string(b), "level=INFO") {
		d.c.guasto(1, "a daemon says: %s", b)
	}
	return len(b), nil
}

// metti puts a workbook into the folder, whole at once.
func (c cassetta) metti(l libro) {
	c.Helper()
	provvisorio := filepath.Join(c.dir, l.file)
	if err := os.WriteFile(provvisorio, l.contenuto, 0o660); err != nil {
		c.Fatal(err)
	}
	if err := os.Rename(provvisorio, filepath.Join(c.cartella, l.file)); err != nil {
		c.Fatal(err)
	}
}

// attende tells how many files wait in the folder.
func (c cassetta) attende() int {
	c.Helper()
	file, err := filepath.Glob(filepath.Join(c.cartella, "*.xlsx"))
	if err != nil {
		c.Fatal(err)
	}
	return len(file)
}

// finoAllaFine lets a daemon work until nothing waits any more, and ends it.
func (c cassetta) finoAllaFine(p *exec.Cmd) {
	c.Helper()
	limite, prima := time.Now().Add(attesaProva), c.attende()
	for n := prima; n > 0; n = c.attende() {
		if n < prima { // it is at work: a slow machine is no fault
			limite, prima = time.Now().Add(attesaProva), n
		}
		if time.Now().After(limite) {
			c.Fatal("files are still there")
		}
		time.Sleep(5 * time.Millisecond)
	}
	c.uccidi(p)
}

func (c cassetta) uccidi(p *exec.Cmd) {
	c.Helper()
	if err := p.Process.Kill(); err != nil && err != os.ErrProcessDone {
		c.Fatal(err)
	}
	_ = p.Wait()
}

// intero looks at what a crash left: the plan is that of one of the workbooks.
func (c cassetta) intero() {
	c.Helper()
	c.prove[1]++
	c.prove[2]++
	if !slices.Contains(slices.Collect(maps.Values(c.attesi)), c.piano()) {
		c.guasto(2, "the plan is that of no workbook")
	}
}

// risposte wants each workbook of ours moved once, with one answer beside it, and
// nothing else in the folder but the annotated copies of those with findings.
func (c cassetta) risposte(accolti, respinti []libro) {
	c.Helper()
	attese := map[string]string{}
	for cartella, libri := range map[string][]libro{"accolti": accolti, "respinti": respinti} {
		for _, l := range libri {
			attese[filepath.Join(cartella, giornoProva+" "+l.file)] = string(l.contenuto)
			attese[filepath.Join(cartella, giornoProva+" "+l.file+".txt")] = "scadenzario"
		}
	}
	err := filepath.WalkDir(c.cartella, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == ".scadenzario" {
			return err
		}
		if strings.HasPrefix(d.Name(), ".") && strings.HasSuffix(d.Name(), ".tmp") {
			return nil // an annotated copy that was cut off; nobody sees it
		}
		r, err := filepath.Rel(c.cartella, p)
		if strings.HasSuffix(r, " - esito.xlsx") {
			if importer.Leggi(r, c.leggi(p)).Illeggibile() {
				c.guasto(1, "%s cannot be read", r)
			}
			return err
		}
		atteso, ok := attese[r]
		delete(attese, r)
		if contenuto := string(c.leggi(p)); !ok || contenuto != atteso && !(atteso == "scadenzario" && strings.HasSuffix(contenuto, "Messaggio automatico di Scadenzario.\n")) {
			c.guasto(1, "%s is not what it should be", r)
		}
		return err
	})
	if err != nil {
		c.Fatal(err)
	}
	for r := range attese {
		c.guasto(1, "%s is missing", r)
	}
}

// The daemon kills itself at each point between finding a file and moving it away;
// the next one finishes the work.
func TestInvariants1And2InboxKilledAtEachPoint(t *testing.T) {
	b := nuovoBanco(t)
	c := b.cassetta()
	var accolti, respinti []libro
	n := 0
	for range prove(3, 50) {
		for _, punto := range puntiDiGuasto {
			n++
			var l libro
			esito := piano.Accolta
			if !punto.accolto || punto.respinto && n%2 == 0 {
				l, esito = b.conCommento("", moduli+"/attivita-strutturali-2021.xlsx"), piano.Respinta
				respinti = append(respinti, l)
			} else {
				_, l = b.prossimo(n)
				accolti = append(accolti, l)
			}
			c.metti(l)
			p := c.demone(punto.nome)
			mai := time.AfterFunc(attesaProva, func() { _ = p.Process.Kill() }) // a point that is never reached
			if err := p.Wait(); !mai.Stop() || err == nil || !strings.Contains(err.Error(), "killed") {
				b.guasto(1, "%s: %v", punto.nome, err)
			}
			c.intero()
			c.finoAllaFine(c.demone(""))
			if got := b.esitoDi(l); got != string(esito) || esito == piano.Accolta && b.piano() != b.attesi[l.stato] {
				b.guasto(1, "%s: %s became %q", punto.nome, l.file, got)
			}
		}
	}
	c.risposte(accolti, respinti)
	b.tutti()
	b.conti(fmt.Sprintf("inbox daemon killed at each of %d points", len(puntiDiGuasto)))
}

// Two daemons on one database and one inbox, one of them killed at random moments
// while workbooks keep coming.
func TestInvariants1And2TwoDaemonsKilled(t *testing.T) {
	b := nuovoBanco(t)
	c := b.cassetta()
	caso := rand.New(rand.NewPCG(1, 2))
	due := [2]*exec.Cmd{c.demone(""), c.demone("")}
	defer func() {
		for _, p := range due {
			c.uccidi(p)
		}
	}()
	var accolti []libro
	for range prove(40, 1000) {
		for range 1 + caso.IntN(3) {
			l := b.foglio(stati[caso.IntN(len(stati))])
			accolti = append(accolti, l)
			c.metti(l)
		}
		time.Sleep(time.Duration(caso.IntN(150)) * time.Millisecond)
		chi := caso.IntN(2)
		c.uccidi(due[chi])
		c.intero()
		due[chi] = c.demone("")
	}
	c.finoAllaFine(due[0])
	c.risposte(accolti, nil)
	b.tutti()
	b.conti("one of two daemons killed at random")
}
