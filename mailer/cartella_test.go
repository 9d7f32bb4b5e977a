package mailer

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/scadenzario/scadenzario/piano"
)

// contenuto returns the files of a folder, hidden ones too.
func contenuto(t *testing.T, dir string) map[string]string {
	t.Helper()
	voci, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	trovati := map[string]string{}
	for _, v := range voci {
		b, err := os.ReadFile(filepath.Join(dir, v.Name()))
		if err != nil {
			t.Fatal(err)
		}
		trovati[v.Name()] = string(b)
	}
	return trovati
}

// A folder fills as messages come: one file a message, whoever it is to.
func TestCartella(t *testing.T) {
	c := Cartella{Dir: filepath.Join(t.TempDir(), "posta", "in uscita")}
	spedisci := func(nome, mime string) string {
		t.Helper()
		var segnati int
		e := c.Spedisci(t.Context(), piano.Spedizione{Destinatario: "a@ente.example", Nome: nome, MIME: []byte(mime)}, segna(&segnati))
		if e.Stato != piano.Spedito || segnati != 1 {
			t.Fatalf("%s: %+v, %d marks", nome, e, segnati)
		}
		return strings.TrimPrefix(e.Risposta, "written to "+c.Dir+"/")
	}
	for _, r := range []struct{ perche, nome, mime, want string }{
		{"the first", "2021-07-12-promemoria-suap", "uno", "2021-07-12-promemoria-suap.eml"},
		{"the same for another recipient", "2021-07-12-promemoria-suap", "uno", "2021-07-12-promemoria-suap.eml"},
		{"another message of that name", "2021-07-12-promemoria-suap", "due", "2021-07-12-promemoria-suap-2.eml"},
		{"that one again", "2021-07-12-promemoria-suap", "due", "2021-07-12-promemoria-suap-2.eml"},
		{"a name that leads elsewhere", "../../etc/passwd", "tre", "etc-passwd.eml"},
		{"a name of nothing", "", "quattro", "messaggio.eml"},
		{"accents and blanks", "società di più", "cinque", "societ--di-pi.eml"},
		{"a name too long", strings.Repeat("x", 300), "sei", strings.Repeat("x", 150) + ".eml"},
	} {
		if got := spedisci(r.nome, r.mime); got != r.want {
			t.Errorf("%s: %s, want %s", r.perche, got, r.want)
		}
	}
	want := map[string]string{"2021-07-12-promemoria-suap.eml": "uno", "2021-07-12-promemoria-suap-2.eml": "due", "etc-passwd.eml": "tre",
		"messaggio.eml": "quattro", "societ--di-pi.eml": "cinque", strings.Repeat("x", 150) + ".eml": "sei"}
	if d := cmp.Diff(want, contenuto(t, c.Dir)); d != "" {
		t.Error(d)
	}
	info, err := os.Stat(filepath.Join(c.Dir, "messaggio.eml"))
	if err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if err := c.Chiudi(); err != nil {
		t.Error(err)
	}
}

func TestCartellaAlPuntoFails(t *testing.T) {
	c := Cartella{Dir: t.TempDir()}
	e := c.Spedisci(t.Context(), lettera(), func(context.Context) error { return errors.New("database gone") })
	uguale(t, e, Esito{Stato: piano.InCoda, Risposta: "not sent: database gone", Ferma: false})
	if trovati := contenuto(t, c.Dir); len(trovati) != 0 {
		t.Errorf("left behind: %v", trovati)
	}
}

// A folder that cannot be used stops the round and says what to do.
func TestCartellaFaults(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	occupata := filepath.Join(dir, "occupata")
	if err := os.MkdirAll(filepath.Join(occupata, lettera().Nome+".eml"), 0o750); err != nil {
		t.Fatal(err)
	}
	for _, r := range []struct{ dir, want string }{
		{file, "make it by hand"},
		{filepath.Join(file, "sotto"), "make it by hand"},
		{occupata, "check that the program may read it"},
	} {
		var segnati int
		e := Cartella{Dir: r.dir}.Spedisci(t.Context(), lettera(), segna(&segnati))
		if e.Stato != piano.InCoda || !e.Ferma || !strings.Contains(e.Risposta, r.want) || segnati != 0 {
			t.Errorf("%+v, want %s", e, r.want)
		}
	}
}

// The folder vanishes between the bytes and the name: nothing was delivered, and
// the next attempt may write it.
func TestCartellaVanishes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "posta")
	e := Cartella{Dir: dir}.Spedisci(t.Context(), lettera(), func(context.Context) error { return os.RemoveAll(dir) })
	if e.Stato != piano.InCoda || !e.Ferma {
		t.Errorf("%+v", e)
	}
}
