package main

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store/local"
)

// varco stands between a child and the database and counts what the child asks. At
// the request it is told to, it kills the child: before the database hears of it, or
// after it answered and before the child hears of that.
type varco struct {
	ascolta net.Listener
	verso   string

	mu        sync.Mutex
	richiesta int  // how many came
	punto     int  // the one at which to kill, 0 for none
	dopo      bool // after the answer
	uccidi    func()
	scattato  bool
}

// nuovoVarco listens in a folder of its own.
func (b *banco) nuovoVarco() (*varco, string) {
	b.Helper()
	dir := b.TempDir()
	ascolta, err := net.Listen("unix", filepath.Join(dir, ".s.PGSQL.5432"))
	if err != nil {
		b.Fatal(err)
	}
	v := &varco{ascolta: ascolta, verso: filepath.Join(b.dir, "socket", ".s.PGSQL.5432")}
	b.Cleanup(func() { _ = ascolta.Close() })
	go v.servi()
	return v, fmt.Sprintf("host='%s' port=5432 user='%s' dbname='%s' sslmode=disable", dir, local.Utente, local.Database)
}

func (v *varco) servi() {
	for {
		figlio, err := v.ascolta.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("unix", v.verso)
		if err != nil {
			_ = figlio.Close()
			continue
		}
		go v.andata(figlio, server)
		go v.ritorno(figlio, server)
	}
}

// andata carries the requests.
func (v *varco) andata(figlio, server net.Conn) {
	defer server.Close()
	defer figlio.Close()
	buf := make([]byte, 1<<20)
	for {
		n, err := figlio.Read(buf)
		if err != nil || v.passa(true) {
			return
		}
		if _, err := server.Write(buf[:n]); err != nil {
			return
		}
	}
}

// ritorno carries the answers.
func (v *varco) ritorno(figlio, server net.Conn) {
	defer server.Close()
	defer figlio.Close()
	buf := make([]byte, 1<<20)
	for {
		n, err := server.Read(buf)
		if err != nil || v.passa(false) {
			return
		}
		if _, err := figlio.Write(buf[:n]); err != nil {
			return
		}
	}
}

// passa counts and tells whether the child was killed here.
func (v *varco) passa(andata bool) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if andata {
		v.richiesta++
	}
	if v.punto == 0 || v.richiesta < v.punto || v.scattato || andata == v.dopo {
		return v.scattato
	}
	v.scattato = true
	v.uccidi()
	return true
}

// arma prepares the next trial and returns how many requests the last one made.
func (v *varco) arma(punto int, dopo bool, uccidi func()) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	n := v.richiesta
	v.richiesta, v.punto, v.dopo, v.uccidi, v.scattato = 0, punto, dopo, uccidi, false
	return n
}

// figlio is `scadenzario import`, the real program in a process of its own.
type figlio struct {
	*exec.Cmd
	detto bytes.Buffer
}

func (b *banco) figlio(dsn string, libri ...libro) *figlio {
	b.Helper()
	dir := b.TempDir()
	conf := filepath.Join(dir, "scadenzario.toml")
	if err := os.WriteFile(conf, fmt.Appendf(nil, "[database]\ndsn = %q\n", dsn), 0o600); err != nil {
		b.Fatal(err)
	}
	argomenti := []string{"--config", conf, "--data", dir, "import", "--date", giornoProva}
	for _, l := range libri {
		file := filepath.Join(dir, l.file)
		if err := os.WriteFile(file, l.contenuto, 0o600); err != nil {
			b.Fatal(err)
		}
		argomenti = append(argomenti, file)
	}
	f := &figlio{Cmd: exec.CommandContext(b.Context(), "scadenzario", argomenti...)}
	f.Stdout, f.Stderr = &f.detto, io.Discard
	if err := f.Start(); err != nil {
		b.Fatal(err)
	}
	return f
}

// aspetta returns whether the offices were told that their workbooks were taken.
func (f *figlio) aspetta() bool {
	_ = f.Wait() // killed as often as not
	return strings.Contains(f.detto.String(), "accepted")
}

// kill -9 of `scadenzario import` at each of its requests to the database, before the
// database hears of it and after it has answered.
func TestInvariants1And2ImportKilledAtEachRequest(t *testing.T) {
	b := nuovoBanco(t)
	v, dsn := b.nuovoVarco()
	_, l := b.prossimo(0)
	if v.arma(0, false, nil); !b.figlio(dsn, l).aspetta() {
		t.Fatal("not even an import without a fault works")
	}
	richieste := v.arma(0, false, nil)
	if richieste < 10 {
		t.Fatalf("only %d requests went through", richieste)
	}
	b.dopoIlGuasto("", l, true)
	n := 0
	for giro := range prove(1, 100) {
		for punto := 1; punto <= richieste; punto++ {
			n++
			prima, l := b.prossimo(n)
			pronto := make(chan *figlio, 1)
			v.arma(punto, (giro+punto)%2 == 0, func() { f := <-pronto; _ = f.Process.Kill() })
			f := b.figlio(dsn, l)
			pronto <- f
			riconosciuto := f.aspetta()
			v.arma(0, false, nil)
			b.dopoIlGuasto(prima, l, riconosciuto)
		}
	}
	b.tutti()
	b.conti(fmt.Sprintf("import killed at each of %d requests", richieste))
}

// The same with the workbooks of two offices in one command, which are kept together and
// taken together: both or none.
func TestInvariants1And2TwoWorkbooksKilledAtEachRequest(t *testing.T) {
	b := nuovoBanco(t)
	v, dsn := b.nuovoVarco()
	due := func(stato string) [2]libro {
		return [2]libro{b.foglio(stato), b.conCommento(stato, fmt.Sprintf("%s/%s/suap.xlsx", moduli, stato))}
	}
	dopo := map[string]string{}
	for _, s := range stati[:2] {
		for _, l := range due(s) {
			b.consegna(l)
		}
		dopo[s] = b.piano()
	}
	v.arma(0, false, nil)
	if l := due(stati[0]); !b.figlio(dsn, l[0], l[1]).aspetta() || b.piano() != dopo[stati[0]] {
		t.Fatal("not even an import without a fault works")
	}
	richieste := v.arma(0, false, nil)
	for giro := range prove(1, 50) {
		for punto := 1; punto <= richieste; punto++ {
			prima, libri := b.piano(), due(stati[(giro+punto)%2])
			pronto := make(chan *figlio, 1)
			v.arma(punto, (giro+punto/2)%2 == 0, func() { f := <-pronto; _ = f.Process.Kill() })
			f := b.figlio(dsn, libri[0], libri[1])
			pronto <- f
			riconosciuti := f.aspetta()
			v.arma(0, false, nil)
			b.dopoIlGuastoDi(prima, dopo[libri[0].stato], libri, riconosciuti)
		}
	}
	b.tutti()
	b.conti(fmt.Sprintf("import of two workbooks killed at each of %d requests", richieste))
}

// dopoIlGuastoDi wants both workbooks or none of them, and both after they were handed in
// again.
func (b *banco) dopoIlGuastoDi(prima, dopo string, libri [2]libro, riconosciuti bool) {
	b.Helper()
	accolta := string(piano.Accolta)
	esiti, ora := [2]string{b.esitoDi(libri[0]), b.esitoDi(libri[1])}, b.piano()
	for range libri {
		b.prove[1]++
		b.prove[2]++
	}
	switch presi := esiti[0] == accolta; {
	case riconosciuti && !presi:
		b.guasto(1, "%s was acknowledged and is %q", libri[0].file, esiti[0])
	case presi != (esiti[1] == accolta):
		b.guasto(2, "of two workbooks one is %q and one %q", esiti[0], esiti[1])
	case presi && ora != dopo, !presi && ora != prima:
		b.guasto(2, "%s is %q, and the plan is something else", libri[0].file, esiti[0])
	}
	for k, l := range libri {
		if r := b.consegna(l); !r.Accolta() || r.GiaRicevuta != (esiti[k] == accolta) {
			b.guasto(1, "%s handed in again: %s, already received %v", l.file, r.Consegna.Esito, r.GiaRicevuta)
		}
	}
	if b.piano() != dopo {
		b.guasto(2, "%s and %s handed in again: the plan is not what they say", libri[0].file, libri[1].file)
	}
}

// The database stopped at once, at random moments of an import.
func TestInvariants1And2DatabaseStoppedAtOnce(t *testing.T) {
	b := nuovoBanco(t)
	caso := rand.New(rand.NewPCG(2, 2))
	inizio := time.Now()
	_, l := b.prossimo(0)
	if !b.figlio(b.cluster.DSN(local.Database), l).aspetta() {
		t.Fatal("not even an import without a fault works")
	}
	durata := time.Since(inizio)
	for n := range prove(3, 100) {
		prima, l := b.prossimo(n + 1)
		f := b.figlio(b.cluster.DSN(local.Database), l)
		time.Sleep(time.Duration(caso.Int64N(int64(durata))))
		b.schianta()
		riconosciuto := f.aspetta()
		b.spegni()
		b.accendi()
		b.dopoIlGuasto(prima, l, riconosciuto)
	}
	b.tutti()
	b.conti("database stopped at once")
}
