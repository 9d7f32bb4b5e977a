package jobs_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store/local"
	"github.com/scadenzario/scadenzario/store/storetest"
)

// cartelle are the workbooks of a size: the plan's eight, or one with 500 of its cards.
func cartelle(b *testing.B, quante string) (nomi []string, contenuti [][]byte) {
	b.Helper()
	nomi, err := filepath.Glob(moduli + "/piano-2021/*.xlsx")
	if err != nil || len(nomi) != 8 {
		b.Fatal(nomi, err)
	}
	if quante == "500" {
		nome := filepath.Join(b.TempDir(), "500.xlsx")
		contenuto := molteSchede(b, leggi(b, moduli+"/piano-2021/servizi-finanziari.xlsx"), 500)
		if err := os.WriteFile(nome, contenuto, 0o600); err != nil {
			b.Fatal(err)
		}
		return []string{nome}, [][]byte{contenuto}
	}
	for _, f := range nomi {
		contenuti = append(contenuti, leggi(b, f))
	}
	return nomi, contenuti
}

// molteSchede is one workbook with so many cards of a sample's kind, 25 on a sheet, as
// texts without styles.
func molteSchede(b *testing.B, modello []byte, quante int) []byte {
	b.Helper()
	c, err := sheet.Apri(modello)
	if err != nil {
		b.Fatal(err)
	}
	f, g := excelize.NewFile(), &c.Fogli[0]
	for n := 0; n < quante; {
		nome := fmt.Sprint("Foglio ", n)
		if _, err := f.NewSheet(nome); err != nil {
			b.Fatal(err)
		}
		w, err := f.NewStreamWriter(nome)
		if err != nil {
			b.Fatal(err)
		}
		for riga := 1; riga <= 25*80 && n < quante; riga++ {
			celle := make([]any, g.Colonne())
			for col := range celle {
				x, a := g.Cella((riga-1)%80+1, col+1), g.Area((riga-1)%80+1, col+1)
				switch {
				case a.Riga != (riga-1)%80+1 || a.Colonna != col+1 || x.Testo == "":
				case strings.HasPrefix(x.Testo, "OBIETTIVO N."):
					n++
					celle[col] = fmt.Sprintf("OBIETTIVO N. %d/%d – Titolo", n, n)
				default:
					celle[col] = x.Testo
				}
			}
			if err := w.SetRow(sheet.Indirizzo(riga, 1), celle); err != nil {
				b.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			b.Fatal(err)
		}
	}
	var buf bytes.Buffer
	if err := f.Write(&buf); err != nil {
		b.Fatal(err)
	}
	return buf.Bytes()
}

// importa hands workbooks in, each time as bytes that were never seen: a zip may carry a
// comment. It reports our own processor time, the server's aside. perEnte returns the
// ente that gets them; that is not counted, nor is making the bytes.
func importa(b *testing.B, quante string, perEnte func(c casa, n int) string) {
	c := durevole(b)
	nomi, contenuti := cartelle(b, quante)
	g, n, nostro := giorno(b, "2021-04-20"), 0, time.Duration(0)
	mai := func() []piano.Documento {
		file := make([]piano.Documento, len(nomi))
		for i, nome := range nomi {
			file[i] = piano.Documento{File: filepath.Base(nome), Contenuto: conCommento(contenuti[i], fmt.Sprintf("%08d", n))}
		}
		return file
	}
	ricevi := func(ente string, file []piano.Documento) {
		for _, r := range (jobs.Intake{Archivio: c.db}).RiceviTutti(b.Context(), ente, file, g) {
			if r.Err != nil || !r.Accolta() {
				b.Fatal(r.Consegna.File, r.Consegna.Esito, r.Err)
			}
		}
	}
	ricevi(ente, mai()) // statements are prepared, the server's caches are warm
	for b.Loop() {
		b.StopTimer()
		n++
		a, file := perEnte(c, n), mai()
		b.StartTimer()
		prima := processore(b)
		ricevi(a, file)
		nostro += processore(b) - prima
	}
	b.ReportMetric(float64(nostro)/1e6/float64(b.N), "cpu-ms/op")
}

// durevole is an installation whose database waits for the disk.
func durevole(b *testing.B) casa {
	cluster, err := local.Start(b.Context(), b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := cluster.Stop(); err != nil {
			b.Error(err)
		}
	})
	if err := cluster.EnsureDB(b.Context(), local.Database); err != nil {
		b.Fatal(err)
	}
	return casaCon(b, cluster.DSN(local.Database))
}

// altroEnte is one that has not handed anything in.
func altroEnte(c casa, n int) string {
	a, err := c.db.Anagrafica(c.t.Context(), ente)
	if err == nil {
		a.Ente.Codice = fmt.Sprint("ente-", n)
		_, err = c.db.SaveAnagrafica(c.t.Context(), a)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return a.Ente.Codice
}

// Import into an empty plan: kept, read, judged and committed. The names of sizes are
// those by which scripts/bench.sh finds the cost of merely opening the workbooks.
func BenchmarkImport(b *testing.B) {
	for _, quante := range []string{"8", "500"} {
		b.Run(quante, func(b *testing.B) { importa(b, quante, altroEnte) })
	}
}

// The same once more: other bytes with the same cards.
func BenchmarkImportAgain(b *testing.B) {
	b.Run("8", func(b *testing.B) { importa(b, "8", func(casa, int) string { return ente }) })
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
	for quante, giri := range map[string]string{"8": "3", "500": "1"} {
		b.Run(quante, func(b *testing.B) {
			nomi, _ := cartelle(b, quante)
			dsn := storetest.DSN(b)
			for b.Loop() {
				esce, err := exec.Command(pythonDebian, append([]string{"../bench/import.py", dsn, giri}, nomi...)...).CombinedOutput()
				secondi, nonNumero := strconv.ParseFloat(strings.TrimSpace(string(esce)), 64)
				if err != nil || nonNumero != nil {
					b.Fatalf("%v\n%s", err, esce)
				}
				b.ReportMetric(secondi*1000, "cpu-ms/op")
			}
		})
	}
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
