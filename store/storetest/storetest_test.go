package storetest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
	"github.com/scadenzario/scadenzario/store/storetest"
)

func TestMain(m *testing.M) {
	if os.Getenv("SENZA_MAIN") != "" {
		os.Exit(m.Run()) // for TestWithoutMainItSaysWhatIsMissing
	}
	storetest.Main(m)
}

// Each test has its own database, migrated and empty, also when many run at once.
func TestNewIsMigratedAndAlone(t *testing.T) {
	for _, nome := range []string{"uno", "due", "tre", "quattro"} {
		t.Run(nome, func(t *testing.T) {
			t.Parallel()
			db := storetest.New(t)
			enti, err := db.Enti(t.Context())
			if err != nil || len(enti) != 0 {
				t.Fatalf("%v, %v in a new database", enti, err)
			}
			a := piano.Anagrafica{Ente: piano.Ente{Codice: nome, Nome: nome}}
			if _, err := db.SaveAnagrafica(t.Context(), a); err != nil {
				t.Fatal(err)
			}
			if enti, err = db.Enti(t.Context()); err != nil || len(enti) != 1 || enti[0].Codice != nome {
				t.Errorf("%v, %v: another test's data", enti, err)
			}
		})
	}
}

// The database is gone when its test is over.
func TestItIsDroppedAtTheEnd(t *testing.T) {
	var dsn string
	t.Run("who has it", func(t *testing.T) { dsn = storetest.DSN(t) })
	db, err := store.Open(t.Context(), dsn)
	if err == nil {
		db.Close()
	}
	if err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("%v, want that it does not exist", err)
	}
}

func TestWithoutMainItSaysWhatIsMissing(t *testing.T) {
	if os.Getenv("SENZA_MAIN") != "" {
		storetest.New(t)
		return
	}
	c := exec.Command(os.Args[0], "-test.run=^TestWithoutMainItSaysWhatIsMissing$")
	c.Env = append(os.Environ(), "SENZA_MAIN=1")
	out, err := c.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "storetest.Main(m)") {
		t.Errorf("%v: %s", err, out)
	}
}

// A test process leaves no folder and no server behind.
func TestMainLeavesNothingBehind(t *testing.T) {
	// not t.TempDir, which is closed to the user who runs the server for root
	temp, err := os.MkdirTemp("", "storetest-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(temp)
	if err := os.Chmod(temp, 0o755); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(os.Args[0], "-test.run=^TestNewIsMigratedAndAlone$")
	c.Env = append(os.Environ(), "TMPDIR="+temp)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if resti, err := os.ReadDir(temp); err != nil || len(resti) != 0 {
		t.Errorf("%v, %v left behind", resti, err)
	}
	processi, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range processi {
		if b, err := os.ReadFile(p); err == nil && strings.Contains(string(b), temp) {
			t.Errorf("still running: %s", strings.ReplaceAll(string(b), "\x00", " "))
		}
	}
}

// BenchmarkNew is what each test pays.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		storetest.New(b)
	}
}
