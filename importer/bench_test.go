package importer_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/scadenzario/scadenzario/importer"
	"github.com/scadenzario/scadenzario/importer/sheet"
)

// piani returns the plan's workbooks: one office's, or all eight.
func piani(b *testing.B, quanti string) [][]byte {
	b.Helper()
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

// What it costs merely to open the workbooks and visit their cells: the measure of
// the others (scripts/bench.sh).
func BenchmarkExcelize(b *testing.B) {
	for _, quanti := range []string{"1", "8"} {
		contenuti := piani(b, quanti)
		b.Run(quanti, func(b *testing.B) {
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
	for _, quanti := range []string{"1", "8"} {
		contenuti := piani(b, quanti)
		b.Run(quanti, func(b *testing.B) {
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
	for _, quanti := range []string{"1", "8"} {
		contenuti := piani(b, quanti)
		b.Run(quanti, func(b *testing.B) {
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
