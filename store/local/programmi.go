package local

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// cartelleDebian is where Debian and its children install each major version.
const cartelleDebian = "/usr/lib/postgresql/*/bin"

// programmi are the server's programs of one version.
type programmi struct {
	bin      string // their folder
	versione string // the major version: "15"
}

func (p programmi) percorso(nome string) string { return filepath.Join(p.bin, nome) }

var versioneScritta = regexp.MustCompile(`\d+`)

// cartelleBin lists where the programs may be: on PATH, then Debian's folders,
// the newest first.
func cartelleBin() []string {
	var bin []string
	if p, err := exec.LookPath("postgres"); err == nil {
		if vero, err := filepath.EvalSymlinks(p); err == nil {
			bin = append(bin, filepath.Dir(vero))
		}
	}
	debian, _ := filepath.Glob(cartelleDebian) // fails on a bad pattern only
	slices.SortFunc(debian, func(a, b string) int { return numero(filepath.Dir(b)) - numero(filepath.Dir(a)) })
	return append(bin, debian...)
}

// numero is the major version in the last part of a path, 0 where it has none.
func numero(percorso string) int {
	n, err := strconv.Atoi(filepath.Base(percorso))
	if err != nil {
		return 0
	}
	return n
}

// scegliProgrammi returns those of the given folders that fit the cluster: the
// first for a new one, those of the same major version for one that exists.
func (k cartella) scegliProgrammi(ctx context.Context, cartelle []string) (programmi, error) {
	vuole, err := k.versione()
	if err != nil {
		return programmi{}, err
	}
	var viste []string
	for _, bin := range cartelle {
		if _, err := os.Stat(filepath.Join(bin, "initdb")); err != nil {
			continue // half an installation: the client without the server
		}
		p := programmi{bin: bin}
		scritta, err := exec.CommandContext(ctx, p.percorso("postgres"), "--version").Output()
		if err != nil {
			return programmi{}, fmt.Errorf("ask %s for its version: %w", p.percorso("postgres"), err)
		}
		p.versione = versioneScritta.FindString(string(scritta))
		if vuole == "" || p.versione == vuole {
			return p, nil
		}
		viste = append(viste, p.versione)
	}
	if len(viste) == 0 {
		return programmi{}, fmt.Errorf("%w: apt-get install --no-install-recommends postgresql, or give a dsn in the configuration", ErrSenzaPostgres)
	}
	return programmi{}, fmt.Errorf("%w: it was made by version %s, installed is %s: install postgresql-%s, or move the data with pg_dump. Nothing was changed",
		ErrAltraVersione, vuole, strings.Join(slices.Compact(viste), ", "), vuole)
}
