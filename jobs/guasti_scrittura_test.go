package jobs_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/lib/pq"

	"github.com/scadenzario/scadenzario/piano"
)

// ufficio is an office, or its program, that puts one file into a watched folder in
// several steps, each at its time.
type ufficio struct {
	file  string // the path at the end
	bytes []byte // what is there at the end
	passi []passo
}

type passo struct {
	quando time.Duration // since the office began
	fai    func() error
}

// scena is a watched folder with its offices, on a clock that only the test moves.
type scena struct {
	t      testing.TB
	inizio time.Time
	ora    time.Duration
	uffici []*ufficio
}

// fino moves the clock: every step that falls due is done, in order.
func (s *scena) fino(ora time.Duration) {
	s.t.Helper()
	for {
		var primo *ufficio
		for _, u := range s.uffici {
			if len(u.passi) > 0 && u.passi[0].quando <= ora && (primo == nil || u.passi[0].quando < primo.passi[0].quando) {
				primo = u
			}
		}
		if primo == nil {
			s.ora = ora
			return
		}
		if err := primo.passi[0].fai(); err != nil {
			s.t.Fatal(err)
		}
		primo.passi = primo.passi[1:]
	}
}

// mano writes files as programs do; antico makes it keep an old time on them, as a
// copy does that carries over the time of its original.
type mano struct {
	caso   *rand.Rand
	antico bool
	ora    time.Duration
	passi  []passo
}

// pausa is how long the writing stands still: mostly seconds, now and then longer
// than the file must stand still to be looked at, never as long as it may be broken.
func (m *mano) pausa() {
	m.ora += time.Duration(m.caso.IntN(4000)) * time.Millisecond
	if m.caso.IntN(4) == 0 {
		m.ora += time.Duration(m.caso.IntN(100)) * time.Second
	}
}

// passo adds a step after a pause; afterwards the file shows that it changed, also
// on a file system whose clock ticks slowly.
func (m *mano) passo(percorso string, fai func() error) {
	m.pausa()
	antico := m.antico
	m.passi = append(m.passi, passo{m.ora, func() error {
		prima := cambiato(percorso)
		if err := fai(); err != nil {
			return err
		}
		for {
			if antico {
				if err := os.Chtimes(percorso, time.Time{}, time.Date(2021, 4, 1, 12, 0, 0, 0, time.UTC)); err != nil {
					return err
				}
			} else if f, err := os.OpenFile(percorso, os.O_WRONLY|os.O_APPEND, 0); err != nil || f.Chmod(0o660) != nil || f.Close() != nil {
				return fmt.Errorf("touch %s: %w", percorso, err)
			}
			if cambiato(percorso) != prima {
				return nil
			}
		}
	}})
}

func cambiato(percorso string) (c syscall.Timespec) {
	if i, err := os.Stat(percorso); err == nil {
		c = i.Sys().(*syscall.Stat_t).Ctim
	}
	return c
}

// scrivi writes b from there on piece by piece, each at its place in the file.
func (m *mano) scrivi(percorso string, b []byte, da int) {
	for da < len(b) {
		a := min(len(b), da+1+m.caso.IntN(len(b)/3))
		inizio := da
		m.passo(percorso, func() error { return scriviA(percorso, b[inizio:a], int64(inizio)) })
		da = a
	}
}

func scriviA(percorso string, b []byte, dove int64) error {
	f, err := os.OpenFile(percorso, os.O_CREATE|os.O_WRONLY, 0o660)
	if err != nil {
		return err
	}
	if _, err := f.WriteAt(b, dove); err != nil {
		return err
	}
	return f.Close()
}

// modi are the ways in which a file comes into being.
var modi = map[string]func(m *mano, percorso string, b, prima []byte){
	"slow write": func(m *mano, percorso string, b, _ []byte) { m.scrivi(percorso, b, 0) },
	"pre-sized, then filled": func(m *mano, percorso string, b, _ []byte) {
		m.passo(percorso, func() error {
			if err := scriviA(percorso, nil, 0); err != nil {
				return err
			}
			return os.Truncate(percorso, int64(len(b)))
		})
		m.scrivi(percorso, b, 0)
	},
	"rewritten in place": func(m *mano, percorso string, b, prima []byte) {
		m.ora += time.Minute
		m.passi = append(m.passi, passo{m.ora, func() error { return scriviA(percorso, prima, 0) }})
		m.ora += time.Duration(m.caso.IntN(3000)) * time.Millisecond // saved again before anybody could look twice
		if m.caso.IntN(2) == 0 {
			m.passi = append(m.passi, passo{m.ora, func() error { return os.Truncate(percorso, 0) }})
			m.scrivi(percorso, b, 0)
			return
		}
		// over what is there, cut at the end; the first piece goes beyond what the two
		// have in common, or the file would still be the whole workbook of before
		m.passi = append(m.passi, passo{m.ora, func() error { return scriviA(percorso, b[:len(b)/2], 0) }})
		m.scrivi(percorso, b, len(b)/2)
		m.passo(percorso, func() error { return os.Truncate(percorso, int64(len(b))) })
	},
	"written elsewhere, then renamed": func(m *mano, percorso string, b, _ []byte) {
		cartella, nome := filepath.Split(percorso)
		nomi := []string{"." + nome + ".x3Fa", nome + ".tmp", nome + ".part", nome + ".TMP", "~$" + nome, ".~lock." + nome + "#"}
		provvisorio := cartella + nomi[m.caso.IntN(len(nomi))]
		m.passo(provvisorio, func() error { return os.WriteFile(provvisorio, nil, 0o660) })
		m.scrivi(provvisorio, b, 0)
		m.pausa()
		m.passi = append(m.passi, passo{m.ora, func() error { return os.Rename(provvisorio, percorso) }})
	},
}

// A file that is being written is neither taken early nor refused, however it is
// written and whatever time it carries: it is taken once, as it is at the end.
func TestInvariant6AFileBeingWrittenIsLeftAlone(t *testing.T) {
	base, altra := leggi(t, moduli+"/piano-2021/suap.xlsx"), leggi(t, moduli+"/stato-2021-06-30/suap.xlsx")
	n := 0
	tutte, falliti := 0, 0
	for _, modo := range slices.Sorted(maps.Keys(modi)) {
		c := nuovaCasa(t)
		attesi := map[string]bool{}
		restano := prove(5, 1000)
		for restano > 0 {
			quanti := min(restano, 20)
			restano -= quanti
			s := &scena{t: t, inizio: time.Now()}
			cartella := filepath.Join(t.TempDir(), ente, "suap")
			if err := os.MkdirAll(cartella, 0o770); err != nil {
				t.Fatal(err)
			}
			for range quanti {
				n++
				m := &mano{caso: rand.New(rand.NewPCG(6, uint64(n))), antico: n%2 == 0}
				m.ora = time.Duration(m.caso.IntN(120)) * time.Second
				u := &ufficio{file: filepath.Join(cartella, fmt.Sprintf("suap-%d.xlsx", n)), bytes: conCommento(base, fmt.Sprintf("%08d", n))}
				modi[modo](m, u.file, u.bytes, conCommento(altra, fmt.Sprintf("%08d", n)))
				u.passi = m.passi
				s.uffici = append(s.uffici, u)
				attesi[impronta(u.bytes)] = true
			}
			tutte += quanti
			falliti += c.guardaScena(s, cartella)
		}
		if altri := c.consegneDiverse(attesi); altri > 0 {
			falliti += altri
			t.Errorf("%s: %d files were taken in or refused before they were whole", modo, altri)
		}
	}
	conto(t, 6, "a file being written is neither taken early nor refused", tutte, falliti)
}

// guardaScena lets the daemon look every minute until all is done, and returns how
// many files did not end where they should.
func (c casa) guardaScena(s *scena, cartella string) (falliti int) {
	t := c.t
	t.Helper()
	r := c.raccolta(filepath.Dir(filepath.Dir(cartella)), func(_ context.Context, d time.Duration) error {
		s.fino(s.ora + d)
		return nil
	})
	for minuto := range 120 {
		s.fino(max(s.ora, time.Duration(minuto)*time.Minute))
		if _, err := r.Run(t.Context(), giorno(t, "2021-04-20"), s.inizio.Add(s.ora)); err != nil {
			t.Fatal(err)
		}
	}
	for _, u := range s.uffici {
		accolto := filepath.Join(cartella, "accolti", "2021-04-20 "+filepath.Base(u.file))
		got, err := os.ReadFile(accolto)
		risposta, errRisposta := os.ReadFile(accolto + ".txt")
		if err != nil || !bytes.Equal(got, u.bytes) || errRisposta != nil || !strings.Contains(string(risposta), "ACCOLTO") {
			falliti++
			t.Errorf("%s: %v, %v", u.file, err, errRisposta)
		}
	}
	for _, f := range elenca(t.(*testing.T), cartella) {
		if f != ".scadenzario" && !strings.HasPrefix(f, "accolti/") {
			t.Errorf("left: %s: %.400s", f, leggi(t, filepath.Join(cartella, f)))
		}
	}
	return falliti
}

func impronta(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// consegneDiverse counts the hand-ins that are not accepted ones of those bytes, and
// the bytes that are no hand-in.
func (c casa) consegneDiverse(attesi map[string]bool) int {
	c.t.Helper()
	db, err := sql.Open("postgres", c.dsn)
	if err != nil {
		c.t.Fatal(err)
	}
	defer db.Close()
	righe, err := db.QueryContext(c.t.Context(), "SELECT sha256, esito, contenuto FROM consegne")
	if err != nil {
		c.t.Fatal(err)
	}
	defer righe.Close()
	altri, visti := 0, 0
	for righe.Next() {
		var somma, esito string
		var contenuto []byte
		if err := righe.Scan(&somma, &esito, &contenuto); err != nil {
			c.t.Fatal(err)
		}
		if !attesi[somma] || esito != string(piano.Accolta) || impronta(contenuto) != somma {
			altri++
			continue
		}
		visti++
	}
	if err := righe.Err(); err != nil {
		c.t.Fatal(err)
	}
	return altri + len(attesi) - visti
}
