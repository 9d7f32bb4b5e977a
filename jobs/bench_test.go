package jobs_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/scadenzario/scadenzario/jobs"
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
		n := 0
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
