package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/scadenzario/scadenzario/store/local"
)

// TestMain lets the scripts of testdata run this very binary as "scadenzario", and the
// tests of faults as a daemon that does nothing but watch its folders.
func TestMain(m *testing.M) {
	local.Guardiano()
	testscript.Main(m, map[string]func(){"scadenzario": main, "raccolta": raccolta, "postino": postinoDiProva})
}

// The scripts are the manual of the command line: each one is a task of somebody,
// with what is printed.
func TestScripts(t *testing.T) {
	moduli, err := filepath.Abs("../../testdata/moduli")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{Dir: "testdata", Setup: func(e *testscript.Env) error {
		e.Setenv("MODULI", moduli)
		e.Setenv("ODS", filepath.Join(moduli, "../../importer/testdata/file/suap.ods"))
		e.Setenv("DATA", cartellaDati(t))
		return nil
	}})
}

// cartellaDati is a data folder that the user of the database server can reach,
// which the scripts' own folder may not be.
func cartellaDati(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "scadenzario-test-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// read --json prints exactly what the contract's examples want, for all 24
// workbooks.
func TestReadJSONAsExpected(t *testing.T) {
	attesi, err := filepath.Glob("../../testdata/moduli/attesi/*/*.json")
	if err != nil || len(attesi) != 24 {
		t.Fatal(len(attesi), err)
	}
	for _, atteso := range attesi {
		foglio := strings.TrimSuffix(strings.Replace(atteso, "attesi/", "", 1), ".json") + ".xlsx"
		var out, diagnosi bytes.Buffer
		if codice := run(t.Context(), []string{"read", "--json", foglio}, &out, &diagnosi); codice != uscitaBene {
			t.Errorf("%s: exit %d, %s", foglio, codice, diagnosi.String())
		}
		want, err := os.ReadFile(atteso)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(albero(t, want), albero(t, out.Bytes())); d != "" {
			t.Errorf("%s:\n%s", foglio, d)
		}
	}
}

// albero is JSON without the wording of the findings, which is free.
func albero(t *testing.T, b []byte) any {
	t.Helper()
	var v map[string]any
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	for _, r := range v["rilievi"].([]any) {
		r.(map[string]any)["messaggio"] = ""
	}
	return v
}

// A person sees in one glance what a sheet says.
func TestReadForPeople(t *testing.T) {
	var out bytes.Buffer
	if codice := run(t.Context(), []string{"read", "../../testdata/moduli/stato-2021-06-30/suap.xlsx"}, &out, io.Discard); codice != uscitaBene {
		t.Fatal(codice)
	}
	for _, want := range []string{
		"suap.xlsx: 2 cards, 0 errori, 1 avviso",
		"  1/3  Verifiche ed aggiornamento dati posteggi per il commercio su aree pubbliche\n",
		"  SUAP · 2021 · strategicità 100, peso 80 · sheet Ob. 1-3\n",
		"          XXppppppp...  Rilevazione stato di fatto ed aggiornamento cartografie\n",
		"  avviso Ob. 2-4!A36 risorse-non-100\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
}

// serve answers /healthz, takes in what is put into a folder, and stops within
// ten seconds of SIGTERM with nothing left running.
func TestServe(t *testing.T) {
	data := cartellaDati(t)
	binario := compila(t)
	prepara := exec.CommandContext(t.Context(), binario, "--data", data, "--ente", "Unione Terre di Pianura",
		"registry", "import", "../../testdata/moduli/anagrafica.xlsx")
	if out, err := prepara.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	d := avvia(t, binario, data)
	if r := d.salute(t); r.Status != "ok" || r.Database != "ok" || len(r.Jobs) != 6 {
		t.Errorf("%+v", r)
	}
	if _, err := os.Stat(filepath.Join(data, "inbox", "unione-terre-di-pianura", "suap")); err != nil {
		t.Errorf("the offices do not find their folder: %v", err)
	}
	// another command finds the daemon's database and uses it
	check := exec.CommandContext(t.Context(), binario, "--data", data, "check", "--date", "2021-07-12")
	if out, err := check.CombinedOutput(); err != nil || !strings.Contains(string(out), "nothing in the database yet") {
		t.Errorf("check beside the daemon: %v: %s", err, out)
	}
	d.ferma(t)
	if vivi, err := exec.Command("pgrep", "-f", data).Output(); err == nil {
		t.Errorf("still running: %s", vivi)
	}
}

// The private database belongs to nobody in particular: who started it goes, stopped or
// killed, and the daemon goes on.
func TestADaemonOutlivesWhoStartedTheDatabase(t *testing.T) {
	data := cartellaDati(t)
	binario := compila(t)
	primo := avvia(t, binario, data)
	secondo := avvia(t, binario, data)
	primo.ferma(t)
	if r := secondo.salute(t); r.Status != "ok" || r.Database != "ok" {
		t.Errorf("%+v", r)
	}
	terzo := avvia(t, binario, data)
	if err := secondo.processo.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = secondo.processo.Wait()
	if r := terzo.salute(t); r.Status != "ok" || r.Database != "ok" {
		t.Errorf("%+v", r)
	}
	terzo.ferma(t)
	if vivi, err := exec.Command("pgrep", "-f", data).Output(); err == nil {
		t.Errorf("still running: %s", vivi)
	}
}

func compila(t testing.TB) string {
	t.Helper()
	binario := filepath.Join(t.TempDir(), "scadenzario")
	if out, err := exec.Command("go", "build", "-o", binario, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return binario
}

// demone is a running daemon.
type demone struct {
	processo *exec.Cmd
	url      string
	registro *registroDemone
}

// registroDemone keeps what the daemon writes and tells when a text is in it.
type registroDemone struct {
	arrivi chan string
	tutto  strings.Builder
}

func (r *registroDemone) Write(b []byte) (int, error) {
	r.arrivi <- string(b)
	return len(b), nil
}

// aspetta reads until the pattern is there, and returns its first group.
func (r *registroDemone) aspetta(t testing.TB, modello string) string {
	t.Helper()
	re := regexp.MustCompile(modello)
	limite := time.After(30 * time.Second)
	for {
		if m := re.FindStringSubmatch(r.tutto.String()); m != nil {
			return m[len(m)-1]
		}
		select {
		case s := <-r.arrivi:
			r.tutto.WriteString(s)
		case <-limite:
			t.Fatalf("no %q in\n%s", modello, r.tutto.String())
		}
	}
}

// avvia starts the daemon on a port that the system chooses and waits until it is
// ready.
func avvia(t testing.TB, binario, data string) *demone {
	t.Helper()
	conf := filepath.Join(data, "scadenzario.toml")
	if err := os.WriteFile(conf, []byte("[servizio]\nascolto = \"127.0.0.1:0\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d := &demone{registro: &registroDemone{arrivi: make(chan string, 1000)}}
	d.processo = exec.Command(binario, "--config", conf, "--data", data, "serve")
	d.processo.Stderr = d.registro
	if err := d.processo.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if d.processo.ProcessState == nil { // the test failed half way
			_ = d.processo.Process.Kill()
			_ = d.processo.Wait()
		}
	})
	d.url = d.registro.aspetta(t, `healthz=(\S+)`)
	return d
}

type salute struct {
	Status, Database string
	Jobs             []struct{ Job, Error string }
}

func (d *demone) salute(t testing.TB) salute {
	t.Helper()
	risposta, err := http.Get(d.url)
	if err != nil {
		t.Fatal(err)
	}
	defer risposta.Body.Close()
	var s salute
	if err := json.NewDecoder(risposta.Body).Decode(&s); err != nil || risposta.StatusCode != 200 {
		t.Fatal(risposta.StatusCode, err)
	}
	return s
}

func (d *demone) ferma(t testing.TB) {
	t.Helper()
	if err := d.processo.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	finito := make(chan error, 1)
	go func() { finito <- d.processo.Wait() }()
	select {
	case err := <-finito:
		if err != nil {
			t.Errorf("stopped with %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("still there ten seconds after SIGTERM")
	}
}

// A port that is taken is said in a sentence, and nothing is left running.
func TestServeOnATakenPort(t *testing.T) {
	occupata, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer occupata.Close()
	data := cartellaDati(t)
	conf := filepath.Join(data, "c.toml")
	if err := os.WriteFile(conf, []byte("[servizio]\nascolto = \""+occupata.Addr().String()+"\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var diagnosi bytes.Buffer
	ctx, annulla := context.WithTimeout(t.Context(), time.Minute)
	defer annulla()
	if codice := run(ctx, []string{"--config", conf, "--data", data, "serve"}, io.Discard, &diagnosi); codice != uscitaGuasto ||
		!strings.Contains(diagnosi.String(), "is another daemon running") {
		t.Errorf("%d: %s", codice, diagnosi.String())
	}
}
