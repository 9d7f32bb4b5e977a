package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/piano"
)

// A folder whose share is gone looks like one into which nobody has put anything:
// its mark tells them apart, also after a restart. Nothing is made in its place, and
// the other folders are served.
func TestAWatchedFolderThatIsGoneIsAnAlarm(t *testing.T) {
	c := nuovaCasa(t)
	radice := t.TempDir()
	suap, welfare := filepath.Join(radice, ente, "suap"), filepath.Join(radice, ente, "welfare-locale")
	via := filepath.Join(t.TempDir(), "suap")
	adesso := time.Now()
	guarda := func() (int, error) {
		return c.raccolta(radice, subito).Run(t.Context(), giorno(t, "2021-04-20"), adesso) // each one is a restart
	}
	if n, err := guarda(); n != 0 || err != nil {
		t.Fatal(n, err)
	}
	if testo := string(leggi(t, filepath.Join(suap, ".scadenzario"))); !strings.Contains(testo, "Si prega di non cancellare") {
		t.Errorf("the mark says %q", testo)
	}
	allarme := func(storia string, presi int) {
		t.Helper()
		n, err := guarda()
		if n != presi || err == nil || !strings.Contains(err.Error(), "1 of 8 watched folders") || !strings.Contains(err.Error(), "is the share mounted?") || !strings.Contains(err.Error(), suap) {
			t.Errorf("%s: %d taken, %v", storia, n, err)
		}
	}
	if err := os.Rename(suap, via); err != nil {
		t.Fatal(err)
	}
	allarme("gone", 0)
	if _, err := os.Stat(suap); !errors.Is(err, os.ErrNotExist) {
		t.Error("made anew, on the wrong disk")
	}
	if err := os.Mkdir(suap, 0o770); err != nil { // what a share that is not mounted leaves
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(welfare, "welfare.xlsx"), leggi(t, moduli+"/piano-2021/welfare-locale.xlsx"), 0o660); err != nil {
		t.Fatal(err)
	}
	allarme("empty", 1)
	if err := os.Remove(suap); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(via, suap); err != nil {
		t.Fatal(err)
	}
	if n, err := guarda(); n != 0 || err != nil {
		t.Errorf("after it came back: %d, %v", n, err)
	}
	// a settore that is new gets its folder without a restart
	a, err := c.db.Anagrafica(t.Context(), ente)
	if err != nil {
		t.Fatal(err)
	}
	a.Settori = append(a.Settori, piano.Settore{Nome: "Polizia locale", Codice: "polizia-locale"})
	if _, err := c.db.SaveAnagrafica(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if _, err := guarda(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(radice, ente, "polizia-locale", ".scadenzario")); err != nil {
		t.Error(err)
	}
}

// durante is an archive in which something happens while a workbook is being judged.
type durante struct {
	jobs.ArchivioConsegne
	fai func()
}

func (d durante) SavePiani(ctx context.Context, arrivi []piano.Arrivo) []piano.EsitoArrivo {
	d.fai()
	return d.ArchivioConsegne.SavePiani(ctx, arrivi)
}

// The office saves its sheet again while the earlier one is being taken: what nobody
// has read is not moved away.
func TestAFileSavedAgainWhileItIsTakenStays(t *testing.T) {
	c := nuovaCasa(t)
	radice := t.TempDir()
	suap := filepath.Join(radice, ente, "suap")
	prima, dopo := leggi(t, moduli+"/piano-2021/suap.xlsx"), leggi(t, moduli+"/stato-2021-06-30/suap.xlsx")
	r := c.raccolta(radice, subito)
	if err := r.Prepara(t.Context()); err != nil {
		t.Fatal(err)
	}
	salva := func(b []byte) {
		if err := os.WriteFile(filepath.Join(suap, "suap.xlsx"), b, 0o660); err != nil {
			t.Error(err)
		}
	}
	salva(prima)
	r.Intake.Archivio = durante{c.db, func() { salva(dopo) }}
	if n, err := r.Run(t.Context(), giorno(t, "2021-04-20"), time.Now()); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if got := elenca(t, suap); !slices.Equal(got, []string{".scadenzario", "suap.xlsx"}) {
		t.Errorf("the folder holds %q", got)
	}
	r.Intake.Archivio = c.db
	if n, err := r.Run(t.Context(), giorno(t, "2021-04-20"), time.Now()); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if got := leggi(t, filepath.Join(suap, "accolti", "2021-04-20 suap.xlsx")); !bytes.Equal(got, dopo) {
		t.Error("the file that was moved is not the one that was read")
	}
	if testo := string(leggi(t, filepath.Join(suap, "accolti", "2021-04-20 suap.xlsx.txt"))); !strings.Contains(testo, "\nACCOLTO") {
		t.Errorf("%s", testo)
	}
}

// The office takes its file back while it is being read: no answer without a file.
func TestAFileTakenBackLeavesNoAnswer(t *testing.T) {
	c := nuovaCasa(t)
	radice := t.TempDir()
	suap := filepath.Join(radice, ente, "suap")
	r := c.raccolta(radice, subito)
	if err := r.Prepara(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(suap, "suap.xlsx"), leggi(t, moduli+"/piano-2021/suap.xlsx"), 0o660); err != nil {
		t.Fatal(err)
	}
	r.Intake.Archivio = durante{c.db, func() {
		if err := os.Remove(filepath.Join(suap, "suap.xlsx")); err != nil {
			t.Error(err)
		}
	}}
	if n, err := r.Run(t.Context(), giorno(t, "2021-04-20"), time.Now()); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if got := elenca(t, suap); !slices.Equal(got, []string{".scadenzario"}) {
		t.Errorf("the folder holds %q", got)
	}
}

// Two daemons on one database look at the same moment: each file is taken by one of
// them and answered once.
func TestTwoDaemonsOnOneInbox(t *testing.T) {
	c := nuovaCasa(t)
	radice := t.TempDir()
	uno, due := c.raccolta(radice, subito), c.raccolta(radice, subito)
	if err := uno.Prepara(t.Context()); err != nil {
		t.Fatal(err)
	}
	suap := filepath.Join(radice, ente, "suap")
	if err := os.WriteFile(filepath.Join(suap, "suap.xlsx"), leggi(t, moduli+"/piano-2021/suap.xlsx"), 0o660); err != nil {
		t.Fatal(err)
	}
	uno.Intake.Archivio = durante{c.db, func() {
		if n, err := due.Run(t.Context(), giorno(t, "2021-04-20"), time.Now()); n != 0 || err != nil {
			t.Errorf("the other one: %d, %v", n, err)
		}
	}}
	if n, err := uno.Run(t.Context(), giorno(t, "2021-04-20"), time.Now()); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if got := elenca(t, suap); !slices.Equal(got, []string{".scadenzario", "accolti/2021-04-20 suap - esito.xlsx", "accolti/2021-04-20 suap.xlsx", "accolti/2021-04-20 suap.xlsx.txt"}) {
		t.Errorf("the folder holds %q", got)
	}
	if testo := string(leggi(t, filepath.Join(suap, "accolti", "2021-04-20 suap.xlsx.txt"))); !strings.Contains(testo, "\nACCOLTO") {
		t.Errorf("%s", testo)
	}
}

// An office hands the annotated copy of its sheet in again, under the name that it has, and
// then the sheet once more: its own file is not written over by the new annotated copy.
func TestAnAnnotatedCopyWritesOverNothing(t *testing.T) {
	c := nuovaCasa(t)
	radice := t.TempDir()
	suap := filepath.Join(radice, ente, "suap")
	r := c.raccolta(radice, subito)
	if err := r.Prepara(t.Context()); err != nil {
		t.Fatal(err)
	}
	sua, altra := leggi(t, moduli+"/piano-2021/suap.xlsx"), leggi(t, moduli+"/stato-2021-06-30/suap.xlsx")
	for _, x := range []struct {
		nome      string
		contenuto []byte
	}{{"suap - esito.xlsx", sua}, {"suap.xlsx", altra}} {
		if err := os.WriteFile(filepath.Join(suap, x.nome), x.contenuto, 0o660); err != nil {
			t.Fatal(err)
		}
		if n, err := r.Run(t.Context(), giorno(t, "2021-04-20"), time.Now()); n != 1 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
	}
	if got := leggi(t, filepath.Join(suap, "accolti", "2021-04-20 suap - esito.xlsx")); !bytes.Equal(got, sua) {
		t.Error("the office's own file was written over")
	}
	if got := elenca(t, suap); !slices.Contains(got, "accolti/2021-04-20 suap - esito (2).xlsx") {
		t.Errorf("the folder holds %q", got)
	}
}
