package jobs_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/store/storetest"
)

// Import of the plan's eight workbooks, read, judged and committed; "8" is the
// name by which scripts/bench.sh finds the cost of merely opening them.
func BenchmarkImport(b *testing.B) {
	fogli, err := filepath.Glob(moduli + "/piano-2021/*.xlsx")
	if err != nil || len(fogli) != 8 {
		b.Fatal(fogli, err)
	}
	contenuti := make([][]byte, len(fogli))
	for i, f := range fogli {
		contenuti[i] = leggi(b, f)
	}
	g := giorno(b, "2021-04-20")
	b.Run("8", func(b *testing.B) {
		c := nuovaCasa(b)
		n, prima := 0, processore(b)
		defer func() { b.ReportMetric(float64(processore(b)-prima)/1e6/float64(n), "cpu-ms/op") }()
		for b.Loop() {
			n++
			for i, f := range fogli {
				// other bytes each time, or nothing would be done: a zip may carry a comment
				contenuto := conCommento(contenuti[i], fmt.Sprintf("%08d", n))
				r, err := jobs.Intake{Archivio: c.db}.Ricevi(b.Context(), ente, filepath.Base(f), contenuto, g)
				if err != nil || !r.Accolta() {
					b.Fatal(err, r.Lettura.Rilievi)
				}
			}
		}
	})
}

// processore is the processor time of this process so far.
func processore(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// pythonDebian is the interpreter that Debian's packages belong to.
const pythonDebian = "/usr/bin/python3"

// The same workbooks by a script as an IT office would write it (bench/import.py), where
// Debian's python3-openpyxl and python3-psycopg2 are installed: its processor time
// against ours, the server's aside.
func BenchmarkPython(b *testing.B) {
	if err := exec.Command(pythonDebian, "-c", "import openpyxl, psycopg2").Run(); err != nil {
		b.Skip("python3-openpyxl or python3-psycopg2 is not installed: apt-get install them to compare")
	}
	fogli, err := filepath.Glob(moduli + "/piano-2021/*.xlsx")
	if err != nil || len(fogli) != 8 {
		b.Fatal(fogli, err)
	}
	b.Run("8", func(b *testing.B) {
		dsn := storetest.DSN(b)
		for b.Loop() {
			esce, err := exec.Command(pythonDebian, append([]string{"../bench/import.py", dsn, "3"}, fogli...)...).CombinedOutput()
			secondi, nonNumero := strconv.ParseFloat(strings.TrimSpace(string(esce)), 64)
			if err != nil || nonNumero != nil {
				b.Fatalf("%v\n%s", err, esce)
			}
			b.ReportMetric(secondi*1000, "cpu-ms/op")
		}
	})
}

// conCommento appends a comment to a zip archive, whose last two bytes are the
// comment's length.
func conCommento(zip []byte, commento string) []byte {
	nuovo := append([]byte(nil), zip...)
	nuovo[len(nuovo)-2] = byte(len(commento))
	return append(nuovo, commento...)
}

// check of one ente, with everybody who is told.
func BenchmarkCheck(b *testing.B) {
	c := nuovaCasa(b)
	c.anno()
	g := giorno(b, "2021-07-12")
	b.Run("8", func(b *testing.B) {
		for b.Loop() {
			if v, err := jobs.Situazioni(b.Context(), c.db, ente, g); err != nil || len(v) == 0 {
				b.Fatal(err)
			}
		}
	})
}
