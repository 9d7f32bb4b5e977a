package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The same commands in processes of hosts all over the day print the same, byte by
// byte: states, reminders, register, outbox.
func TestInvariant12CommandsOnHostsAnywhere(t *testing.T) {
	data, binario := cartellaDati(t), compila(t)
	esegui := func(zona string, args ...string) string {
		t.Helper()
		c := exec.CommandContext(t.Context(), binario, append([]string{"--data", data}, args...)...)
		c.Env = append(os.Environ(), "TZ="+zona)
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%s %q: %v: %s", zona, args, err, out)
		}
		return string(out)
	}
	esegui("Pacific/Kiritimati", "--ente", "Unione Terre di Pianura", "registry", "import", moduli+"/anagrafica.xlsx")
	fogli, err := filepath.Glob(moduli + "/piano-2021/*.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	esegui("America/Los_Angeles", append([]string{"import", "--date", "2021-04-20"}, fogli...)...)
	esegui("Pacific/Kiritimati", "plan", "approve", "--anno", "2021", "--atto", "DGU 18/2021", "--date", "2021-04-27")
	esegui("Pacific/Pago_Pago", "remind", "--date", "2021-07-12")
	domande := [][]string{{"check", "--date", "2021-06-30", "--json"}, {"check", "--date", "2021-07-01", "--json"}, {"remind", "--date", "2021-07-30", "--dry-run", "--json"},
		{"register"}, {"register", "--csv"}, {"outbox", "list", "--all"}, {"why", "1/3"}, {"variations", "list"}}
	prove, falliti := 0, 0
	for _, d := range domande {
		roma := esegui("Europe/Rome", d...)
		if len(strings.TrimSpace(roma)) < 20 {
			t.Fatalf("%q says nothing: %s", d, roma)
		}
		for _, zona := range []string{"UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Los_Angeles"} {
			prove++
			if altrove := esegui(zona, d...); altrove != roma {
				falliti++
				t.Errorf("%s %q:\n%s\ninstead of\n%s", zona, d, altrove, roma)
			}
		}
	}
	// "today" is Rome's: the status says its hour, and no other
	for _, zona := range []string{"Pacific/Kiritimati", "America/Los_Angeles"} {
		prove++
		if !regexp.MustCompile(`"now": "[^"]+\+0[12]:00"`).MatchString(esegui(zona, "status", "--json")) {
			falliti++
			t.Errorf("%s: the status does not say Rome's hour", zona)
		}
	}
	conto(t, 12, "days are Rome's: commands in processes of hosts in 5 zones", prove, falliti)
}
