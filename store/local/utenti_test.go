package local_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// guardiani lists the processes that guard a server of that folder.
func guardiani(t *testing.T, dir string) (pid []int) {
	t.Helper()
	processi, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range processi {
		comando, err := os.ReadFile(p) // nothing where it has just ended
		if err == nil && strings.HasPrefix(string(comando), "scadenzario-guardian\x00") && strings.Contains(string(comando), strconv.Quote(dir)) {
			n, err := strconv.Atoi(filepath.Base(filepath.Dir(p)))
			if err != nil {
				t.Fatal(err)
			}
			pid = append(pid, n)
		}
	}
	return pid
}

// collega opens one connection that stays.
func collega(t *testing.T, dsn string) *sql.Conn {
	t.Helper()
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	c, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Who started the server goes, in whatever way; those who came later go on with their
// connections. The last one takes the server along, in whatever way it goes.
func TestTheLastUserTakesTheServerAlong(t *testing.T) {
	stop := func(t *testing.T, f *processoFiglio) { f.smetti(t) }
	kill := func(t *testing.T, f *processoFiglio) { f.uccidi(t) }
	for storia, va := range map[string][2]func(*testing.T, *processoFiglio){
		"stop, stop": {stop, stop}, "stop, kill": {stop, kill}, "kill, stop": {kill, stop}, "kill, kill": {kill, kill},
	} {
		t.Run(storia, func(t *testing.T) {
			t.Parallel()
			dir := cartella(t)
			primo := nuovoFiglio(t, dir)
			secondo := nuovoFiglio(t, dir)
			aperta := collega(t, secondo.dsn)
			va[0](t, primo)
			time.Sleep(300 * time.Millisecond) // many times what the server needs to end
			if _, err := aperta.ExecContext(t.Context(), "CREATE TABLE segno AS SELECT 1 AS n"); err != nil {
				t.Fatalf("the connection was cut: %v", err)
			}
			if secondo.server != primo.server || pid(t, dir) != primo.server {
				t.Error("not the same server")
			}
			terzo := nuovoFiglio(t, dir) // comes when the one who started is gone
			terzo.smetti(t)
			if err := aperta.PingContext(t.Context()); err != nil {
				t.Fatalf("the connection was cut: %v", err)
			}
			va[1](t, secondo)
			finito(t, primo.server)
			for _, g := range guardiani(t, dir) {
				finito(t, g)
			}
			if c := start(t, dir); leggi(t, c.DSN("postgres"), "SELECT n FROM segno") != "1" {
				t.Error("not found again")
			}
		})
	}
}

// uccidi is kill -9.
func (f *processoFiglio) uccidi(t *testing.T) {
	t.Helper()
	if err := f.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = f.cmd.Wait()
}

// When Stop of the last one returns, the server is gone and its guardian too.
func TestStopOfTheLastOneWaits(t *testing.T) {
	dir := cartella(t)
	uno, due := start(t, dir), start(t, dir)
	server, guardia := pid(t, dir), guardiani(t, dir)
	if len(guardia) != 1 {
		t.Fatalf("%d guardians", len(guardia))
	}
	if err := uno.Stop(); err != nil || pid(t, dir) != server {
		t.Fatalf("the other one still uses it: %v", err)
	}
	if err := due.Stop(); err != nil {
		t.Fatal(err)
	}
	if pid(t, dir) != 0 || len(guardiani(t, dir)) != 0 || syscall.Kill(server, 0) == nil {
		t.Error("still there")
	}
}

// The guardian itself is killed: its server ends with it and the next one starts it
// again, also beside one who still had it in use.
func TestAKilledGuardianLeavesNoOrphan(t *testing.T) {
	dir := cartella(t)
	f := nuovoFiglio(t, dir)
	scrivi(t, f.dsn, 8)
	guardia := guardiani(t, dir)
	if len(guardia) != 1 {
		t.Fatalf("%d guardians", len(guardia))
	}
	if err := syscall.Kill(guardia[0], syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	finito(t, f.server)
	c := start(t, dir)
	if leggi(t, c.DSN("postgres"), "SELECT n FROM segno") != "8" || c.DSN("postgres") != f.dsn {
		t.Error("not found again")
	}
}

// Ctrl-C and what systemd sends to every process of a service are for those who use
// the server.
func TestTheGuardianHeedsNoSignal(t *testing.T) {
	dir := cartella(t)
	c := start(t, dir)
	aperta := collega(t, c.DSN("postgres"))
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		if err := syscall.Kill(guardiani(t, dir)[0], s); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(200 * time.Millisecond)
	if err := aperta.PingContext(t.Context()); err != nil {
		t.Error(err)
	}
}

// A program that forgot the guardian is told so, and does not start itself for ever.
func TestWithoutGuardianoItSaysSo(t *testing.T) {
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "LOCAL_DIR="+cartella(t), "LOCAL_SENZA_GUARDIANO=1")
	out, err := c.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "guardian ended at once") {
		t.Errorf("%v: %s", err, out)
	}
}

// Commands come and go, in order and killed, several at once: each of them finds a
// server that answers until it goes, and in the end nothing is left running.
func TestComingsAndGoings(t *testing.T) {
	dir := cartella(t)
	quanti, falliti := 24, 0
	var mu sync.Mutex
	if os.Getenv("SCADENZARIO_PROVE") != "" {
		quanti = 1000
	}
	var insieme sync.WaitGroup
	posti := make(chan struct{}, 4)
	for n := range quanti {
		caso := rand.New(rand.NewPCG(7, uint64(n)))
		attesa := time.Duration(caso.IntN(60)) * time.Millisecond
		posti <- struct{}{}
		insieme.Go(func() {
			defer func() { <-posti }()
			if err := vaEViene(t.Context(), dir, caso); err != nil {
				t.Error(err)
				mu.Lock()
				defer mu.Unlock()
				falliti++
			}
		})
		time.Sleep(attesa)
	}
	insieme.Wait()
	for range 1000 {
		if len(guardiani(t, dir)) == 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if g, p := guardiani(t, dir), pid(t, dir); len(g) > 0 || p != 0 {
		t.Errorf("guardians %v and server %d are still there", g, p)
		falliti++
	}
	t.Logf("private PostgreSQL | nobody is cut off, the last one takes it along | %d trials | %d failures", quanti, falliti)
}

// vaEViene is a command that uses the server for a while and then stops, or is
// killed, also while it is still starting.
func vaEViene(ctx context.Context, dir string, caso *rand.Rand) error {
	c := exec.CommandContext(ctx, os.Args[0])
	c.Env = append(os.Environ(), "LOCAL_DIR="+dir)
	stdin, err := c.StdinPipe()
	if err != nil {
		return err
	}
	stdout, err := c.StdoutPipe()
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return err
	}
	durata := time.Duration(caso.IntN(150)) * time.Millisecond
	if caso.IntN(3) == 0 { // killed at any moment
		time.Sleep(durata)
		_ = c.Process.Kill()
		_ = c.Wait()
		return nil
	}
	testo := make([]byte, 4096)
	n, err := stdout.Read(testo)
	if err != nil || !strings.HasPrefix(string(testo[:n]), "host=") {
		return fmt.Errorf("no server: %s, %w", testo[:n], err)
	}
	db, err := sql.Open("postgres", strings.TrimSpace(string(testo[:n])))
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for i := range 3 {
		if _, err := db.ExecContext(ctx, "SELECT 1"); err != nil {
			return fmt.Errorf("in use, question %d: %w", i, err)
		}
		time.Sleep(durata / 3)
	}
	if caso.IntN(2) == 0 {
		_ = c.Process.Kill()
		_ = c.Wait()
		return nil
	}
	return errors.Join(stdin.Close(), c.Wait())
}
