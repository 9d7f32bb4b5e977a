package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/scadenzario/scadenzario/piano"
)

// video is where a person reads. What a cell or a file's name holds must not move
// the cursor, colour the screen or turn the text round: such characters are left out.
type video struct{ w io.Writer }

// Write writes whole texts: a character never comes in two pieces.
func (v video) Write(b []byte) (int, error) {
	testo := bytes.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && (unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r)) {
			return -1
		}
		return r
	}, b)
	if _, err := v.w.Write(testo); err != nil {
		return 0, err
	}
	return len(b), nil
}

// conta writes a number with its noun.
func conta(n int, uno, molti string) string {
	if n == 1 {
		return "1 " + uno
	}
	return fmt.Sprintf("%d %s", n, molti)
}

// deposita writes files into a folder, which it makes where it is not there, and names
// each.
func (a *app) deposita(cartella string, file []piano.Allegato) error {
	if err := os.MkdirAll(cartella, 0o755); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	for _, f := range file {
		percorso := filepath.Join(cartella, f.Nome)
		if err := os.WriteFile(percorso, f.Contenuto, 0o644); err != nil {
			return fmt.Errorf("--out: %w", err)
		}
		if _, err := fmt.Fprintf(a.out, "%s written\n", percorso); err != nil {
			return err
		}
	}
	return nil
}

// accorcia cuts a text for a table to at most n characters.
func accorcia(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

// tabella writes rows as columns of equal width, the first row being the heading.
// The last column is as wide as it likes.
func tabella(b *strings.Builder, margine string, righe [][]string) {
	larghezze := make([]int, len(righe[0]))
	for _, r := range righe {
		for i, c := range r {
			larghezze[i] = max(larghezze[i], utf8.RuneCountInString(c))
		}
	}
	for _, r := range righe {
		var riga strings.Builder
		for i, c := range r {
			riga.WriteString(c)
			if i < len(r)-1 {
				riga.WriteString(strings.Repeat(" ", larghezze[i]-utf8.RuneCountInString(c)+2))
			}
		}
		b.WriteString(margine + strings.TrimRight(riga.String(), " ") + "\n")
	}
}
