package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every schedule that would be skipped, come twice or never come keeps the daemon from
// starting, with the key and its line named, before a database is touched.
func TestInvariant17AWrongScheduleIsRefusedAtStart(t *testing.T) {
	sbagliati := map[string]string{
		"0 7 31 6 *": "there is no such day", "0 7 30 2 *": "there is no such day", "0 7 31 4,6,9,11 *": "there is no such day",
		"30 2 * * *": "between 02:00 and 02:59", "0 2 * * 0": "between 02:00 and 02:59", "59 1-3 * * *": "between 02:00 and 02:59",
		"0 */2 * * *": "between 02:00 and 02:59", "TZ=Asia/Tokyo 0 7 * * *": "the zone is always Europe/Rome",
		"CRON_TZ=UTC 0 7 * * *": "the zone is always Europe/Rome", "@daily": "five fields", "0 7 * *": "five fields",
		"0 24 * * *": "five fields", "sette": "five fields", "": "five fields",
	}
	prove, falliti := 0, 0
	for _, chiave := range []string{"import", "sessions", "remind", "digest", "send", "retention"} {
		for orario, perche := range sbagliati {
			dir := t.TempDir()
			file := filepath.Join(dir, "scadenzario.toml")
			if err := os.WriteFile(file, fmt.Appendf(nil, "[orari]\n%s = %q\n", chiave, orario), 0o600); err != nil {
				t.Fatal(err)
			}
			var diagnosi bytes.Buffer
			codice := run(t.Context(), []string{"--config", file, "--data", filepath.Join(dir, "var"), "serve"}, &diagnosi, &diagnosi)
			_, err := os.Stat(filepath.Join(dir, "var"))
			prove++
			if codice != uscitaGuasto || !strings.Contains(diagnosi.String(), "scadenzario.toml:2: orari."+chiave+": ") ||
				!strings.Contains(diagnosi.String(), perche) || !os.IsNotExist(err) {
				falliti++
				t.Errorf("%s = %q: %d, %s", chiave, orario, codice, diagnosi.String())
			}
		}
	}
	conto(t, 17, "a wrong schedule is refused at start, its key named", prove, falliti)
}
