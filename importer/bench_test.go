package importer_test

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

	"github.com/scadenzario/scadenzario/importer"
	"github.com/scadenzario/scadenzario/importer/sheet"
)

// piani returns the plan's workbooks: one office's, or all eight.
func piani(b testing.TB, quanti string) [][]byte {
	b.Helper()
	if quanti == "500" || quanti == "5000" {
		return [][]byte{molteSchede(b, quanti)}
	}
	modello := "../testdata/moduli/piano-2021/*.xlsx"
	if quanti == "1" {
		modello = "../testdata/moduli/piano-2021/servizi-finanziari.xlsx"
	}
	file, err := filepath.Glob(modello)
	if err != nil || len(file) == 0 {
		b.Fatal(file, err)
	}
	var contenuti [][]byte
	for _, f := range file {
		c, err := os.ReadFile(f)
		if err != nil {
			b.Fatal(err)
		}
		contenuti = append(contenuti, c)
	}
	return contenuti
}

// molteSchede is one workbook with that many cards of the plan's, up to 25 on a sheet.
func molteSchede(b testing.TB, quante string) []byte {
	b.Helper()
	n, err := strconv.Atoi(quante)
	if err != nil {
		b.Fatal(err)
	}
	modello, err := sheet.Apri(piani(b, "1")[0])
	if err != nil {
		b.Fatal(err)
	}
	const alte = 80 // rows between one card and the next
	f, g := excelize.NewFile(), &modello.Fogli[0]
	for fatte := 0; fatte < n; {
		nome := fmt.Sprint("Foglio ", fatte)
		if _, err := f.NewSheet(nome); err != nil {
			b.Fatal(err)
		}
		w, err := f.NewStreamWriter(nome)
		if err != nil {
			b.Fatal(err)
		}
		for k := 0; k < 25 && fatte < n; k++ {
			fatte++
			for r := 1; r <= min(g.Righe(), alte-2); r++ {
				riga := make([]any, g.Colonne())
				for c := range riga {
					if a := g.Area(r, c+1); a.Riga == r && a.Colonna == c+1 {
						if x := g.Cella(r, c+1); strings.HasPrefix(x.Testo, "OBIETTIVO N.") {
							riga[c] = fmt.Sprintf("OBIETTIVO N. %d/%d – Titolo", fatte, fatte)
						} else if x.Testo != "" {
							riga[c] = x.Testo
						}
					}
				}
				if err := w.SetRow(sheet.Indirizzo(k*alte+r, 1), riga); err != nil {
					b.Fatal(err)
				}
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

// What it costs merely to open the workbooks and visit their cells: the measure of
// the others (scripts/bench.sh).
func BenchmarkExcelize(b *testing.B) {
	for _, quanti := range []string{"1", "8", "500", "5000"} {
		b.Run(quanti, func(b *testing.B) {
			contenuti := piani(b, quanti)
			for b.Loop() {
				for _, c := range contenuti {
					visita(b, c)
				}
			}
		})
	}
}

func visita(b *testing.B, contenuto []byte) {
	f, err := excelize.OpenReader(bytes.NewReader(contenuto))
	if err != nil {
		b.Fatal(err)
	}
	for _, foglio := range f.GetSheetList() {
		if _, err := f.GetRows(foglio); err != nil {
			b.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
}

// Reading, findings included.
func BenchmarkRead(b *testing.B) {
	for _, quanti := range []string{"1", "8", "500", "5000"} {
		b.Run(quanti, func(b *testing.B) {
			contenuti := piani(b, quanti)
			b.ReportAllocs()
			for b.Loop() {
				for _, c := range contenuti {
					if l := importer.Leggi("piano.xlsx", c); len(l.Schede) == 0 {
						b.Fatal(l.Rilievi)
					}
				}
			}
		})
	}
}

// Reading the grid alone: every cell with its style, and the merged areas.
func BenchmarkApri(b *testing.B) {
	for _, quanti := range []string{"1", "8", "500", "5000"} {
		b.Run(quanti, func(b *testing.B) {
			contenuti := piani(b, quanti)
			for b.Loop() {
				for _, c := range contenuti {
					if _, err := sheet.Apri(c); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

// The same cards as .xlsx and as .ods.
func BenchmarkApriODS(b *testing.B) {
	for _, nome := range []string{"../testdata/moduli/stato-2021-12-31/suap.xlsx", "testdata/file/suap.ods"} {
		contenuto, err := os.ReadFile(nome)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(filepath.Ext(nome)[1:], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := sheet.Apri(contenuto); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The whole program reading one workbook, with its memory: what an office's server needs
// for it, and whether both grow with the cards and no faster.
func BenchmarkProcess(b *testing.B) {
	programma := filepath.Join(b.TempDir(), "scadenzario")
	if esce, err := exec.Command("go", "build", "-o", programma, "../cmd/scadenzario").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, esce)
	}
	for _, quante := range []string{"16", "500", "5000"} {
		b.Run(quante, func(b *testing.B) {
			nome := filepath.Join(b.TempDir(), quante+".xlsx")
			if err := os.WriteFile(nome, molteSchede(b, quante), 0o600); err != nil {
				b.Fatal(err)
			}
			massimo, nostro := int64(0), time.Duration(0)
			for b.Loop() {
				c := exec.Command(programma, "read", "--json", nome)
				if err := c.Run(); err != nil {
					b.Fatal(err)
				}
				u, ok := c.ProcessState.SysUsage().(*syscall.Rusage)
				if !ok {
					b.Skip("this system does not say what a process used")
				}
				massimo = max(massimo, u.Maxrss) // kB
				nostro += c.ProcessState.UserTime() + c.ProcessState.SystemTime()
			}
			b.ReportMetric(float64(massimo)/1024, "MB-process")
			b.ReportMetric(float64(nostro)/1e6/float64(b.N), "cpu-ms/op")
		})
	}
}
