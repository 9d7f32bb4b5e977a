package local

import (
	"database/sql"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	_ "github.com/lib/pq"
)

// A newcomer who is root works in root's home, which the user postgres may not
// enter: the server runs there all the same, cold and warm, and what it makes is
// root's.
func TestAFolderThatOnlyRootMayEnter(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root: others run the server as themselves")
	}
	chiusa, err := os.MkdirTemp("", "scadenzario-chiusa-") // 0700
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(chiusa); err != nil {
			t.Error(err)
		}
	})
	k := cartella{}
	if err := k.scegliUtente(); err != nil {
		t.Fatal(err)
	}
	if !k.provaAlias(t.Context()) {
		t.Skip("this kernel or container allows no user namespaces")
	}
	dir := filepath.Join(chiusa, "var")
	for _, avvio := range []string{"cold", "warm"} {
		c, err := Start(t.Context(), dir, NoSync())
		if err != nil {
			t.Fatalf("%s: %v", avvio, err)
		}
		db, err := sql.Open("postgres", c.DSN("postgres"))
		if err != nil {
			t.Fatal(err)
		}
		var uno int
		if err := db.QueryRowContext(t.Context(), "SELECT 1").Scan(&uno); err != nil || uno != 1 {
			t.Errorf("%s: %d, %v", avvio, uno, err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		if err := c.Stop(); err != nil {
			t.Errorf("%s: %v", avvio, err)
		}
	}
	i, err := os.Stat(filepath.Join(dir, "postgres", "PG_VERSION"))
	if err != nil {
		t.Fatal(err)
	}
	if s, ok := i.Sys().(*syscall.Stat_t); !ok || s.Uid != 0 {
		t.Errorf("the cluster belongs to %+v", i.Sys())
	}
}
