package sheet

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// conStandard inflates with compress/flate, up to so many bytes.
func conStandard(dati []byte, quanti int) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(dati)), int64(quanti)+1))
	if err == nil && len(b) > quanti {
		err = errors.New("more than wanted")
	}
	return b, err
}

// uguali holds a stream's two readings against each other: taken or refused by both,
// and the same bytes.
func uguali(t *testing.T, g *gonfiatore, dati []byte) {
	t.Helper()
	const molti = 1 << 20
	vuole, err := conStandard(dati, molti)
	if err != nil && len(vuole) > molti {
		return
	}
	ha := make([]byte, len(vuole))
	if mio := g.gonfia(ha, dati); (mio == nil) != (err == nil) {
		t.Fatalf("compress/flate says %v, we say %v of %d bytes: %x", err, mio, len(dati), dati)
	}
	if err != nil {
		return
	}
	if !bytes.Equal(ha, vuole) {
		t.Fatalf("other bytes than compress/flate's of %x", dati)
	}
	if g.gonfia(make([]byte, len(vuole)+1), dati) == nil {
		t.Fatalf("one byte more is not missed: %x", dati)
	}
	if len(vuole) > 0 && g.gonfia(make([]byte, len(vuole)-1), dati) == nil {
		t.Fatalf("one byte less is not missed: %x", dati)
	}
}

// flussi are streams of every kind: the samples' parts as their programs compressed
// them, and texts compressed at each level.
func flussi(t testing.TB) [][]byte {
	t.Helper()
	var tutti [][]byte
	file, err := filepath.Glob("../../testdata/moduli/*/*.xlsx")
	if err != nil || len(file) == 0 {
		t.Fatal(file, err)
	}
	var testi [][]byte
	for _, f := range file {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range z.File {
			r, err := v.OpenRaw()
			if err != nil {
				t.Fatal(err)
			}
			dati, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			if v.Method == zip.Deflate {
				tutti = append(tutti, dati)
				testo, err := conStandard(dati, limiteParte)
				if err != nil {
					t.Fatal(err)
				}
				testi = append(testi, testo)
			}
		}
	}
	caso := rand.New(rand.NewPCG(3, 5))
	for _, n := range []int{0, 1, 2, 300, 70_000} {
		sparsi, radi := make([]byte, n), make([]byte, n)
		for i := range sparsi {
			sparsi[i], radi[i] = byte(caso.IntN(256)), byte(caso.ExpFloat64()*9)
		}
		testi = append(testi, sparsi, radi, make([]byte, n))
	}
	for i, testo := range testi {
		livello := []int{flate.HuffmanOnly, flate.NoCompression, flate.BestSpeed, 6, flate.BestCompression}[i%5]
		var b bytes.Buffer
		w, err := flate.NewWriter(&b, livello)
		if err != nil {
			t.Fatal(err)
		}
		meta := len(testo) / 2
		for _, pezzo := range [][]byte{testo[:meta], testo[meta:]} {
			if _, err := w.Write(pezzo); err != nil {
				t.Fatal(err)
			}
			if i%3 == 0 {
				if err := w.Flush(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		tutti = append(tutti, b.Bytes())
	}
	return tutti
}

// Whole streams come out as compress/flate reads them; so do, or are refused by both,
// those that are cut, or have a bit turned over.
func TestInflate(t *testing.T) {
	g := &gonfiatore{}
	caso := rand.New(rand.NewPCG(1, 2))
	tutti := flussi(t)
	for _, dati := range tutti {
		uguali(t, g, dati)
		for range 8 {
			guasto := bytes.Clone(dati[:len(dati)-caso.IntN(min(len(dati), 4))])
			for range caso.IntN(3) {
				if n := len(guasto); n > 0 {
					guasto[min(caso.IntN(n), caso.IntN(n))] ^= 1 << caso.IntN(8)
				}
			}
			uguali(t, g, guasto)
		}
	}
	t.Logf("%d streams, each whole and with 8 damages", len(tutti))
}

// Short streams of any bits, most of them a block with codes of its own: where strict
// and lenient readers part.
func TestInflateAnyBits(t *testing.T) {
	g := &gonfiatore{}
	caso := rand.New(rand.NewPCG(7, 11))
	for range 300_000 {
		dati := make([]byte, caso.IntN(60))
		for i := range dati {
			dati[i] = byte(caso.Uint32())
			if caso.IntN(3) == 0 {
				dati[i] &= byte(caso.Uint32())
			}
		}
		if len(dati) > 0 {
			dati[0] = dati[0]&^7 | byte(caso.IntN(4))<<1 | 1
		}
		uguali(t, g, dati)
	}
}

func FuzzInflate(f *testing.F) {
	for i, dati := range flussi(f) {
		if len(dati) < 400 && i%7 == 0 {
			f.Add(dati)
		}
	}
	f.Fuzz(func(t *testing.T, dati []byte) { uguali(t, &gonfiatore{}, dati) })
}

func BenchmarkInflate(b *testing.B) {
	var dati, testi [][]byte
	for _, d := range flussi(b)[:90] {
		testo, err := conStandard(d, limiteParte)
		if err != nil {
			b.Fatal(err)
		}
		dati, testi = append(dati, d), append(testi, testo)
	}
	tutto := int64(0)
	for _, t := range testi {
		tutto += int64(len(t))
	}
	b.Run("own", func(b *testing.B) {
		b.SetBytes(tutto)
		g := &gonfiatore{}
		for b.Loop() {
			for i, d := range dati {
				if err := g.gonfia(testi[i], d); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("compress-flate", func(b *testing.B) {
		b.SetBytes(tutto)
		r := flate.NewReader(nil)
		for b.Loop() {
			for i, d := range dati {
				if err := r.(flate.Resetter).Reset(bytes.NewReader(d), nil); err != nil {
					b.Fatal(err)
				}
				if _, err := io.ReadFull(r, testi[i]); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}
