package importer

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// conLibreOffice skips a test where LibreOffice is not installed, and gives the others
// a temporary folder that must be empty in the end.
func conLibreOffice(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("soffice"); err != nil {
		t.Skip("LibreOffice is not installed: nothing converts an .xls here")
	}
	conTemporanea(t)
}

func conTemporanea(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Cleanup(func() {
		if rimasti, err := os.ReadDir(dir); err != nil || len(rimasti) > 0 {
			t.Errorf("left behind: %v %v", rimasti, err)
		}
	})
}

func fileDi(t testing.TB, nome string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata/file", nome))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// conSoffice puts a program of that text in the place of LibreOffice.
func conSoffice(t *testing.T, testo string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "soffice"), []byte("#!/bin/sh\n"+testo+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	conTemporanea(t)
}

// An old .xls reads as the .xlsx that it came from, but for nothing.
func TestAnOldWorkbookReadsAsANewOne(t *testing.T) {
	conLibreOffice(t)
	want := Leggi("sia.xlsx", campione(t, "piano-2021/sia.xlsx"))
	got := Leggi("sia.xlsx", fileDi(t, "sia.xls"))
	if d := cmp.Diff(comeJSON(t, want.Schede)+"\n"+strings.Join(elenco(want.Rilievi), "\n"), comeJSON(t, got.Schede)+"\n"+strings.Join(elenco(got.Rilievi), "\n")); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// LibreOffice ends well without having written anything when it cannot open a file:
// what is encrypted is told so, what is broken as well.
func TestAnOldWorkbookThatCannotBeConverted(t *testing.T) {
	conLibreOffice(t)
	cifrato, err := os.ReadFile("sheet/testdata/natura/cifrato.xls")
	if err != nil {
		t.Fatal(err)
	}
	rotto := fileDi(t, "sia.xls")
	clear(rotto[1024:4096])
	for _, c := range []struct {
		contenuto []byte
		codice    string
	}{{cifrato, "file-protetto"}, {rotto, "file-illeggibile"}} {
		if l := Leggi("x.xls", c.contenuto); len(l.Rilievi) != 1 || l.Rilievi[0].Codice != c.codice || !l.Illeggibile() {
			t.Errorf("%s: %+v", c.codice, l)
		}
	}
}

// What stands in LibreOffice's place when it is missing, hangs or lies: the office is
// told to save the file in another format, and nothing is left behind.
func TestAnOldWorkbookWithoutLibreOffice(t *testing.T) {
	for _, c := range []struct{ storia, soffice string }{
		{"missing", ""}, {"fails", "exit 3"}, {"writes nothing", "exit 0"},
		{"writes no workbook", `while [ "$1" != --outdir ]; do shift; done; echo ciao > "$2/cartella.xlsx"`},
		{"writes without end", `while [ "$1" != --outdir ]; do shift; done; exec cat /dev/zero > "$2/cartella.xlsx"`},
	} {
		t.Run(c.storia, func(t *testing.T) {
			if conSoffice(t, c.soffice); c.soffice == "" {
				t.Setenv("PATH", t.TempDir())
			}
			l := Leggi("sia.xls", fileDi(t, "sia.xls"))
			if len(l.Rilievi) != 1 || l.Rilievi[0].Codice != "file-illeggibile" || !strings.Contains(l.Rilievi[0].Messaggio, "vecchio formato di Excel (.xls)") ||
				!strings.Contains(l.Rilievi[0].Messaggio, "formato .xlsx o .ods") {
				t.Errorf("%+v", l.Rilievi)
			}
		})
	}
}

// A conversion that hangs is ended with all the processes that it started.
func TestAHangingConversionIsKilledAsAGroup(t *testing.T) {
	conSoffice(t, `sleep 1000 & echo $! > figlio; wait`)
	dir := t.TempDir()
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Fatal(err)
	}
	err = converti(soffice, dir, filepath.Join(dir, "cartella.xls"), 300*time.Millisecond)
	if err == nil || !strings.Contains(err.Error(), "not done within") {
		t.Errorf("%v", err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "figlio"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		t.Fatal(err)
	}
	for fine := time.Now().Add(5 * time.Second); ; { // killed at once, but init must take note of it
		stato, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
		if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) || err == nil && strings.Contains(string(stato), ") Z ") {
			break
		}
		if time.Now().After(fine) {
			t.Fatalf("process %d lives", pid)
		}
	}
}
