package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/scadenzario/scadenzario/importer/sheet"
)

// prove is the number of trials: few in the everyday check, all of
// RELIABILITY.md's in make faults.
func prove(poche, tutte int) int {
	if os.Getenv("SCADENZARIO_PROVE") != "" {
		return tutte
	}
	return poche
}

// campioni are the workbooks of the sample plan and of the other tests.
func campioni(t testing.TB) map[string][]byte {
	t.Helper()
	tutti := map[string][]byte{}
	for _, modello := range []string{"../../testdata/moduli/*/*.xlsx", "../../testdata/moduli/*.xlsx"} {
		file, err := filepath.Glob(modello)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range file {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			tutti[filepath.ToSlash(strings.TrimPrefix(f, "../../testdata/moduli/"))] = b
		}
	}
	if len(tutti) < 20 {
		t.Fatalf("only %d workbooks", len(tutti))
	}
	return tutti
}

// stampa writes everything that was read of a workbook.
func stampa(c sheet.Cartella) string {
	var b strings.Builder
	fmt.Fprintln(&b, c.Modificata, c.Nomi)
	for _, f := range c.Fogli {
		fmt.Fprintln(&b, f.Nome, f.Nascosto, f.Unioni, f.RigheNascoste, f.ColonneNascoste, f.Commenti, f.Righe(), f.Colonne())
		for _, c := range f.Celle() {
			fmt.Fprintf(&b, "%+v\n", c)
		}
	}
	return b.String()
}

// danneggia harms the bytes in one of the ways in which files are harmed: bits
// turned on the disk, a block of zeros, a piece missing or there twice, the end cut
// off.
func danneggia(r *rand.Rand, originale []byte) []byte {
	b := bytes.Clone(originale)
	da := r.IntN(len(b))
	lungo := min(1+r.IntN(600), len(b)-da)
	switch r.IntN(7) {
	case 0, 1:
		for range 1 + r.IntN(4) {
			b[r.IntN(len(b))] ^= 1 << r.IntN(8)
		}
	case 2:
		b[da] = byte(r.Uint32())
	case 3:
		clear(b[da : da+lungo])
	case 4:
		b = append(b[:da], b[da+lungo:]...)
	case 5:
		b = append(b[:da+lungo:da+lungo], b[da:]...)
	default:
		b = b[:da]
	}
	return b
}

// RELIABILITY.md, invariant 4: a damaged workbook is refused, or it reads as if it
// were whole; never short.
func TestADamagedWorkbookIsNeverReadShort(t *testing.T) {
	tutti := campioni(t)
	var nomi []string
	interi := map[string]string{}
	for nome, b := range tutti {
		c, err := sheet.Apri(b)
		if err != nil {
			t.Fatal(nome, err)
		}
		nomi, interi[nome] = append(nomi, nome), stampa(c)
	}
	slices.Sort(nomi)
	r := rand.New(rand.NewPCG(4, 2021))
	n, rifiutati := 10_000, 0
	for i := range n {
		nome := nomi[r.IntN(len(nomi))]
		rotto := danneggia(r, tutti[nome])
		c, err := sheet.Apri(rotto)
		if err != nil {
			rifiutati++
			if !errors.Is(err, sheet.ErrIlleggibile) && !errors.Is(err, sheet.ErrProtetto) {
				t.Errorf("trial %d: %s: an error of another kind: %v", i, nome, err)
			}
			continue
		}
		if stampa(c) != interi[nome] {
			t.Errorf("trial %d: %s is read otherwise than before the damage", i, nome)
		}
	}
	t.Logf("%d damages: %d refused, the others without effect on what is read, 0 silent differences wanted", n, rifiutati)
}

// The same with the zip whole: a part of XML that ends early or lacks a piece.
func TestAPartThatEndsEarlyIsRefused(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 2021))
	tutti := campioni(t)
	for nome, b := range tutti {
		intero, err := sheet.Apri(b)
		if err != nil {
			t.Fatal(err)
		}
		for range prove(4, 40) {
			fine := r.Float64()
			c, err := sheet.Apri(riscrivi(t, b, func(parte string, p []byte) []byte {
				if !strings.HasPrefix(parte, "xl/") {
					return p
				}
				return p[:int(fine*float64(len(p)))]
			}))
			if err == nil && stampa(c) != stampa(intero) {
				t.Errorf("%s cut at %.3f of each part is read otherwise", nome, fine)
			}
		}
	}
}

// riscrivi rewrites the parts of a workbook; f returns a part's new content, nil to
// leave it out.
func riscrivi(t testing.TB, contenuto []byte, f func(nome string, parte []byte) []byte) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(contenuto), int64(len(contenuto)))
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, p := range z.File {
		r, err := p.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if b = f(p.Name, b); b == nil {
			continue
		}
		o, err := w.Create(p.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}
