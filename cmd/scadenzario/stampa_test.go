package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// A cell cannot move the cursor of who reads it on a terminal; a program gets it as
// it is.
func TestACellStaysTextOnATerminal(t *testing.T) {
	f, err := excelize.OpenFile(moduli + "/piano-2021/suap.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellStr(f.GetSheetList()[0], "A4", "OBIETTIVO N. 1/3 – Posteggi\u202egnp\u009b31m\x7f rossi"); err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	if err := f.Write(&buf); err != nil {
		t.Fatal(err)
	}
	foglio := filepath.Join(t.TempDir(), "suap\x1b]0;ciao\a.xlsx")
	if err := os.WriteFile(foglio, buf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, json := range []bool{false, true} {
		args := []string{"read", foglio}
		if json {
			args = []string{"read", "--json", foglio}
		}
		var out bytes.Buffer
		run(t.Context(), args, &out, io.Discard)
		if got := strings.Contains(out.String(), "\u202e"); got != json {
			t.Errorf("json %v: %q", json, out.String()[:300])
		}
		if strings.ContainsAny(out.String(), "\x1b\a") || !json && strings.ContainsAny(out.String(), "\u009b\x7f") {
			t.Errorf("json %v: %q", json, out.String()[:300])
		}
	}
	var diagnosi bytes.Buffer
	run(t.Context(), []string{"read", foglio + "\u202e"}, io.Discard, &diagnosi)
	if strings.ContainsAny(diagnosi.String(), "\x1b\a\u202e") || !strings.Contains(diagnosi.String(), "is not there") {
		t.Errorf("%q", diagnosi.String())
	}
}
