package sheet

import (
	"archive/zip"
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// What our own reading of a zip's directory takes, archive/zip takes, too, and reads the same
// of it: of every sample, and of each with some bytes of its directory changed.
func TestIndiceSemplice(t *testing.T) {
	file, err := filepath.Glob("../../testdata/moduli/*/*.xlsx")
	if err != nil || len(file) == 0 {
		t.Fatal(file, err)
	}
	caso := rand.New(rand.NewPCG(4, 1))
	presi := 0
	for _, nome := range file {
		intero, err := os.ReadFile(nome)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := indiceSemplice(intero); !ok {
			t.Errorf("%s is read by archive/zip", nome)
		}
		for _, dove := range []int{20, 24, 42} { // what says that the number is of 64 bits, elsewhere
			b := bytes.Clone(intero)
			copy(b[bytes.Index(b, []byte(firmaVoce))+dove:], "\xff\xff\xff\xff")
			if _, ok := indiceSemplice(b); ok {
				t.Errorf("%s with a size of 64 bits is not left to archive/zip", nome)
			}
		}
		for range 400 {
			b := bytes.Clone(intero)
			for range caso.IntN(3) {
				b[len(b)-1-caso.IntN(900)] = []byte{0, 1, 0xff, byte(caso.IntN(256))}[caso.IntN(4)]
			}
			if b = b[caso.IntN(2)*caso.IntN(2):]; caso.IntN(9) == 0 {
				b = append(b, 0)
			}
			if voci, ok := indiceSemplice(b); ok {
				presi++
				comeZip(t, b, voci)
			}
		}
	}
	if presi < 1_000 {
		t.Error(presi, "files taken")
	}
}

func comeZip(t *testing.T, b []byte, voci []voceZip) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil || len(z.File) != len(voci) {
		t.Fatal(err, len(voci))
	}
	a := &archivio{file: b}
	for i, f := range z.File {
		v := voci[i]
		if v != (voceZip{f.Name, f.Method, f.Flags, f.CRC32, f.CompressedSize64, f.UncompressedSize64, v.testa, nil}) {
			t.Errorf("%+v, want %+v", v, f.FileHeader)
		}
		nostro, errNostro := a.intestata(&v)
		v.file = f
		if suo, errSuo := a.intestata(&v); (errNostro == nil) != (errSuo == nil) || nostro != suo {
			t.Errorf("%s begins at %d, %v; by archive/zip at %d, %v", f.Name, nostro, errNostro, suo, errSuo)
		}
	}
}
