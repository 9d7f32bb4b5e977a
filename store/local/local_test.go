package local_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/lib/pq"

	"github.com/scadenzario/scadenzario/store/local"
)

// TestMain lets the test binary be the process that runs a server: the tests of
// what happens when it dies start it again with LOCAL_DIR set.
func TestMain(m *testing.M) {
	if os.Getenv("LOCAL_SENZA_GUARDIANO") == "" {
		local.Guardiano()
	}
	if dir := os.Getenv("LOCAL_DIR"); dir != "" {
		os.Exit(figlio(dir))
	}
	os.Exit(m.Run())
}

// figlio starts the server, says so on a line with its DSN, and waits to be told
// to stop, or to be killed.
func figlio(dir string) int {
	c, err := local.Start(context.Background(), dir, local.NoSync())
	if err != nil {
		fmt.Println("error:", err)
		return 1
	}
	fmt.Println(c.DSN("postgres"))
	bufio.NewScanner(os.Stdin).Scan()
	if err := c.Stop(); err != nil {
		fmt.Println("error:", err)
		return 1
	}
	return 0
}

// cartella returns a folder that the user who runs the server for root may enter,
// which t.TempDir's are not.
func cartella(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "local-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func start(t testing.TB, dir string) *local.Cluster {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	c, err := local.Start(ctx, dir, local.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// scrivi and leggi leave a number in the database and find it again.
func scrivi(t *testing.T, dsn string, n int) {
	t.Helper()
	esegui(t, dsn, fmt.Sprintf("CREATE TABLE segno AS SELECT %d AS n", n))
}

func esegui(t *testing.T, dsn, query string) {
	t.Helper()
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(query); err != nil {
		t.Fatal(err)
	}
}

func leggi(t *testing.T, dsn, query string) (s string) {
	t.Helper()
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow(query).Scan(&s); err != nil {
		t.Fatal(err)
	}
	return s
}

// pid is the process of the server that runs in the folder, 0 for none.
func pid(t *testing.T, dir string) int {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "postgres", "postmaster.pid"))
	if err != nil {
		return 0
	}
	n, err := strconv.Atoi(strings.SplitN(string(b), "\n", 2)[0])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// finito waits until a process has ended.
func finito(t *testing.T, pid int) {
	t.Helper()
	for range 1000 {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil || strings.Contains(string(b), ") Z ") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("process %d is still there", pid)
}

// The life of a cluster: created, used, stopped, found again.
func TestStartUseStop(t *testing.T) {
	dir := cartella(t)
	c := start(t, dir)
	for range 2 { // the second time it is there
		if err := c.EnsureDB(t.Context(), local.Database); err != nil {
			t.Fatal(err)
		}
	}
	scrivi(t, c.DSN(local.Database), 42)
	for query, atteso := range map[string]string{
		"SHOW listen_addresses":             "",
		"SHOW unix_socket_permissions":      "0700",
		"SHOW server_encoding":              "UTF8",
		"SHOW timezone":                     "UTC",
		"SELECT 'Z' > 'à'":                  "true", // Italian order
		"SELECT lower('PERCHÉ')":            "perché",
		"SELECT current_user":               local.Utente,
		"SELECT current_setting('fsync')":   "off",
		"SELECT inet_server_addr() IS NULL": "true",
	} {
		if s := leggi(t, c.DSN(local.Database), query); s != atteso {
			t.Errorf("%s: %q, want %q", query, s, atteso)
		}
	}
	for nome, modo := range map[string]os.FileMode{"postgres": 0o700, "socket": 0o700} {
		if i, err := os.Stat(filepath.Join(dir, nome)); err != nil || i.Mode().Perm() != modo {
			t.Errorf("%s: %v, %v", nome, i.Mode(), err)
		}
	}
	vecchio := pid(t, dir)
	for range 2 { // Stop again does nothing
		if err := c.Stop(); err != nil {
			t.Fatal(err)
		}
	}
	finito(t, vecchio)
	if pid(t, dir) != 0 {
		t.Error("not stopped in order")
	}
	if s := leggi(t, start(t, dir).DSN(local.Database), "SELECT n FROM segno"); s != "42" {
		t.Errorf("%q", s)
	}
}

// A cluster for real use is safe on the disk.
func TestWithoutOptionsItSyncs(t *testing.T) {
	c, err := local.Start(t.Context(), cartella(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, impostazione := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
		if s := leggi(t, c.DSN("postgres"), "SHOW "+impostazione); s != "on" {
			t.Errorf("%s is %s", impostazione, s)
		}
	}
	if err := c.Stop(); err != nil {
		t.Error(err)
	}
}

// A command beside the daemon uses the daemon's server and leaves it running.
func TestASecondProcessUsesTheSameServer(t *testing.T) {
	dir := cartella(t)
	f := nuovoFiglio(t, dir)
	c := start(t, dir)
	if c.DSN("postgres") != f.dsn || pid(t, dir) != f.server {
		t.Errorf("%s, want %s", c.DSN("postgres"), f.dsn)
	}
	scrivi(t, c.DSN("postgres"), 7)
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	if s := leggi(t, f.dsn, "SELECT n FROM segno"); s != "7" {
		t.Errorf("%q: the daemon's server must go on", s)
	}
	f.smetti(t)
	if c := start(t, dir); pid(t, dir) == f.server || leggi(t, c.DSN("postgres"), "SELECT n FROM segno") != "7" {
		t.Error("after the daemon the command runs its own")
	}
}

// Many begin at once in an empty folder: one makes the cluster, all use it.
func TestManyAtOnce(t *testing.T) {
	dir := cartella(t)
	server := map[string]bool{}
	var mu sync.Mutex
	var insieme sync.WaitGroup
	for range 5 {
		insieme.Go(func() {
			c, err := local.Start(t.Context(), dir, local.NoSync())
			if err != nil {
				t.Error(err)
				return
			}
			t.Cleanup(func() { c.Stop() })
			if err := c.EnsureDB(t.Context(), local.Database); err != nil {
				t.Error(err)
			}
			quando := leggi(t, c.DSN(local.Database), "SELECT pg_postmaster_start_time()")
			mu.Lock()
			defer mu.Unlock()
			server[quando] = true
		})
	}
	insieme.Wait()
	if len(server) != 1 {
		t.Errorf("they use %d servers", len(server))
	}
}

// processoFiglio is another process of ours that runs a server.
type processoFiglio struct {
	cmd    *exec.Cmd
	dsn    string
	stdin  *os.File
	server int
}

func nuovoFiglio(t *testing.T, dir string) *processoFiglio {
	t.Helper()
	entra, esce, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	f := &processoFiglio{cmd: exec.Command(os.Args[0]), stdin: esce}
	f.cmd.Env = append(os.Environ(), "LOCAL_DIR="+dir)
	f.cmd.Stdin = entra
	f.cmd.Stderr = os.Stderr
	detto, err := f.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := f.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	entra.Close()
	t.Cleanup(func() {
		esce.Close()
		_ = f.cmd.Process.Kill()
		_ = f.cmd.Wait()
		if f.server != 0 {
			finito(t, f.server)
		}
	})
	righe := bufio.NewScanner(detto)
	if !righe.Scan() || strings.HasPrefix(righe.Text(), "error") {
		t.Fatalf("the other process: %q", righe.Text())
	}
	f.dsn, f.server = righe.Text(), pid(t, dir)
	return f
}

func (f *processoFiglio) smetti(t *testing.T) {
	t.Helper()
	f.stdin.Close()
	if err := f.cmd.Wait(); err != nil {
		t.Fatal(err)
	}
}

// kill -9 of the program: its server ends with it, and the next start is as
// always; also in a folder that only root may enter, where the server runs in a
// user namespace.
func TestAKilledParentLeavesNoOrphan(t *testing.T) {
	for storia, modo := range map[string]os.FileMode{"an open folder": 0o755, "a closed folder": 0o700} {
		t.Run(storia, func(t *testing.T) {
			dir := cartella(t)
			if err := os.Chmod(dir, modo); err != nil {
				t.Fatal(err)
			}
			f := nuovoFiglio(t, dir)
			scrivi(t, f.dsn, 5)
			if err := f.cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = f.cmd.Wait()
			c := start(t, dir) // at once: the server may just be ending, or not have begun to
			if leggi(t, c.DSN("postgres"), "SELECT n FROM segno") != "5" {
				t.Error("not found again")
			}
			if err := c.Stop(); err != nil {
				t.Fatal(err)
			}
			finito(t, f.server)
		})
	}
}

// kill -9 of the server itself, with a client at work: it leaves its pid file, its
// socket and for a moment its helpers.
func TestAKilledServerIsStartedAgain(t *testing.T) {
	dir := cartella(t)
	f := nuovoFiglio(t, dir)
	scrivi(t, f.dsn, 6)
	esegui(t, f.dsn, "CHECKPOINT") // without sync the last writes would be lost, rightly
	db, err := sql.Open("postgres", f.dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	go func() { _, _ = db.Exec("SELECT pg_sleep(20)") }()
	time.Sleep(100 * time.Millisecond)
	if err := syscall.Kill(f.server, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	finito(t, f.server)
	c := start(t, dir)
	if pid(t, dir) == f.server || leggi(t, c.DSN("postgres"), "SELECT n FROM segno") != "6" {
		t.Error("not found again")
	}
}

// The number in a stale postmaster.pid now belongs to another program.
func TestAStalePidFileDoesNotBlock(t *testing.T) {
	for storia, numero := range map[string]int{"of a process that is gone": 1 << 22, "of another program": os.Getpid(), "of another user's program": 1} {
		t.Run(storia, func(t *testing.T) {
			dir := cartella(t)
			if err := start(t, dir).Stop(); err != nil {
				t.Fatal(err)
			}
			dati := filepath.Join(dir, "postgres")
			righe := fmt.Sprintf("%d\n%s\n1637000000\n5432\n%s\n\n  1234567   1\nready   \n", numero, dati, filepath.Join(dir, "socket"))
			if err := os.WriteFile(filepath.Join(dati, "postmaster.pid"), []byte(righe), 0o600); err != nil {
				t.Fatal(err)
			}
			if i, err := os.Stat(dati); err == nil {
				s := i.Sys().(*syscall.Stat_t)
				if err := os.Chown(filepath.Join(dati, "postmaster.pid"), int(s.Uid), int(s.Gid)); err != nil {
					t.Fatal(err)
				}
			}
			if c := start(t, dir); pid(t, dir) == numero || leggi(t, c.DSN("postgres"), "SELECT 1") != "1" {
				t.Error("not started")
			}
		})
	}
}

// initdb killed midway leaves nothing in the way.
func TestAHalfMadeClusterDoesNotBlock(t *testing.T) {
	dir := cartella(t)
	for n := range 3 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(20+60*n)*time.Millisecond)
		c, err := local.Start(ctx, dir, local.NoSync())
		cancel()
		if err == nil {
			c.Stop()
			t.Skip("this machine is too fast")
		}
		if _, err := os.Stat(filepath.Join(dir, "postgres")); err == nil {
			t.Skip("initdb was done in time")
		}
	}
	mezza := filepath.Join(dir, "postgres-new-123")
	if err := os.MkdirAll(filepath.Join(mezza, "base"), 0o700); err != nil {
		t.Fatal(err)
	}
	start(t, dir)
	if resti, err := filepath.Glob(filepath.Join(dir, "postgres-new-*")); err != nil || len(resti) != 0 {
		t.Errorf("%v, %v", resti, err)
	}
}

// Another major version: a sentence, and not a byte changed.
func TestAnotherMajorVersionIsLeftAlone(t *testing.T) {
	dir := cartella(t)
	dati := filepath.Join(dir, "postgres")
	if err := os.Mkdir(dati, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dati, "PG_VERSION"), []byte("9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := local.Start(t.Context(), dir, local.NoSync())
	if !errors.Is(err, local.ErrAltraVersione) || !strings.Contains(err.Error(), "version 9") || !strings.Contains(err.Error(), "postgresql-9") {
		t.Errorf("%v", err)
	}
	file, err := os.ReadDir(dati)
	if err != nil || len(file) != 1 {
		t.Errorf("%v, %v: something was touched", file, err)
	}
}

// A cluster that is broken says what its server said.
func TestABrokenClusterSaysWhy(t *testing.T) {
	dir := cartella(t)
	if err := start(t, dir).Stop(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "postgres", "global", "pg_control")); err != nil {
		t.Fatal(err)
	}
	_, err := local.Start(t.Context(), dir, local.NoSync())
	if err == nil || !strings.Contains(err.Error(), "pg_control") {
		t.Errorf("%v", err)
	}
}

func TestADataFolderThatCannotBe(t *testing.T) {
	file := filepath.Join(cartella(t), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := local.Start(t.Context(), file, local.NoSync()); err == nil {
		t.Error("started in a file")
	}
}

// A path too long for a socket: a short folder elsewhere, gone at the end.
func TestALongPath(t *testing.T) {
	dir := filepath.Join(cartella(t), strings.Repeat("cartella-del-comune-", 4), "perché 'no'", strings.Repeat("d", 30))
	c := start(t, dir)
	dsn := c.DSN("postgres")
	socket := leggi(t, dsn, "SHOW unix_socket_directories")
	if !strings.HasPrefix(socket, os.TempDir()) || len(socket) > 60 {
		t.Errorf("%s", socket)
	}
	if i, err := os.Stat(socket); err != nil || i.Mode().Perm() != 0o700 {
		t.Error(i.Mode(), err)
	}
	altro := start(t, dir)
	if altro.DSN("postgres") != dsn {
		t.Error("not found by the next one")
	}
	if err := errors.Join(c.Stop(), altro.Stop()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(socket); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v: left behind", err)
	}
}

// In the temporary folder anybody may have prepared a folder of that name.
func TestASocketFolderOfSomebodyElse(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give a folder away")
	}
	dir := cartella(t)
	socket := filepath.Join(dir, "socket")
	if err := os.Mkdir(socket, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(socket, 12345, 12345); err != nil {
		t.Fatal(err)
	}
	if _, err := local.Start(t.Context(), dir, local.NoSync()); err == nil || !strings.Contains(err.Error(), "somebody else's") {
		t.Errorf("%v", err)
	}
}

// Run by an ordinary user it needs no other one.
func TestAsAnOrdinaryUser(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("the other tests are this one")
	}
	dir := cartella(t)
	if err := os.Chown(dir, 65534, 65534); err != nil {
		t.Fatal(err)
	}
	binario := filepath.Join(dir, "prova")
	b, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(binario, b, 0o755); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(binario)
	c.Env = []string{"LOCAL_DIR=" + filepath.Join(dir, "var"), "PATH=" + os.Getenv("PATH")}
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := c.CombinedOutput() // its standard input is empty: it stops at once
	if err != nil || !strings.HasPrefix(string(out), "host=") {
		t.Errorf("%v: %s", err, out)
	}
	// and root finds the folder's user again
	if c := start(t, filepath.Join(dir, "var")); leggi(t, c.DSN("postgres"), "SELECT 1") != "1" {
		t.Error("not started")
	}
}

// BenchmarkCold is the first start ever, as in real use: initdb, synced.
func BenchmarkCold(b *testing.B) { benchmark(b, false) }

// BenchmarkColdNoSync is the same as tests pay it.
func BenchmarkColdNoSync(b *testing.B) { benchmark(b, false, local.NoSync()) }

// BenchmarkWarm is what each command pays that finds no daemon.
func BenchmarkWarm(b *testing.B) { benchmark(b, true) }

func benchmark(b *testing.B, caldo bool, opts ...local.Option) {
	dir := cartella(b)
	if caldo {
		if err := start(b, dir).Stop(); err != nil {
			b.Fatal(err)
		}
	}
	n := 0
	for b.Loop() {
		n++
		dove := dir
		if !caldo {
			dove = filepath.Join(dir, strconv.Itoa(n))
		}
		c, err := local.Start(b.Context(), dove, opts...)
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := c.Stop(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}
