// Package scadenzario_test holds the rules of the house as tests: who may import
// whom, where the clock is read, how long a function may be. A rule that is not
// checked here is a wish.
package scadenzario_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const modulo = "github.com/scadenzario/scadenzario/"

// chiImportaChi is the table of doc/architecture.md: what a package may import,
// of ours, and the modules that have their one home in it.
var chiImportaChi = map[string]struct{ nostri, moduli []string }{
	"piano":           {nil, nil},
	"config":          {nil, []string{"github.com/BurntSushi/toml"}},
	"importer/sheet":  {nil, []string{"golang.org/x/text/encoding", "golang.org/x/text/encoding/charmap", "golang.org/x/text/encoding/unicode", "golang.org/x/text/unicode/norm"}},
	"importer/annota": {[]string{"importer", "importer/sheet", "piano"}, []string{"github.com/xuri/excelize/v2"}},
	"importer/modulo": {[]string{"importer", "importer/sheet", "piano"}, []string{"github.com/xuri/excelize/v2"}},
	"importer":        {[]string{"importer/sheet", "piano"}, nil},
	"store":           {[]string{"piano"}, []string{"github.com/jmoiron/sqlx", "github.com/lib/pq", "github.com/pressly/goose/v3", "github.com/pressly/goose/v3/lock"}},
	"store/local":     {nil, []string{"github.com/lib/pq"}},
	"store/storetest": {[]string{"store", "store/local"}, nil},
	"templates":       {[]string{"piano"}, nil},
	"report":          {[]string{"piano", "templates"}, []string{"github.com/xuri/excelize/v2"}},
	"mailer":          {[]string{"piano"}, []string{"github.com/emersion/go-imap/v2", "github.com/emersion/go-imap/v2/imapclient", "github.com/wneessen/go-mail", "github.com/wneessen/go-mail/smtp"}},
	"jobs":            {[]string{"importer", "importer/modulo", "mailer", "report", "templates", "piano"}, []string{"github.com/prometheus/client_golang/prometheus", "github.com/prometheus/client_golang/prometheus/promhttp", "github.com/robfig/cron/v3"}},
	"cmd/scadenzario": {[]string{"config", "importer", "importer/annota", "importer/sheet", "jobs", "mailer", "piano", "store", "store/local", "templates"}, []string{"github.com/spf13/cobra"}},
}

// vietatiAPiano keeps the rules free of the world.
var vietatiAPiano = []string{"database/sql", "net/http", "os"}

func TestWhoImportsWhom(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(strings.NewReader(string(out)))
	visti := 0
	for d.More() {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		nome, ok := strings.CutPrefix(p.ImportPath+"/", modulo)
		if nome = strings.TrimSuffix(nome, "/"); !ok || nome == "" {
			continue
		}
		visti++
		regola, ok := chiImportaChi[nome]
		if !ok {
			t.Errorf("%s is not in the table: say whom it may import", nome)
			continue
		}
		for _, i := range p.Imports {
			switch nostro, ok := strings.CutPrefix(i, modulo); {
			case ok && !slices.Contains(regola.nostri, nostro):
				t.Errorf("%s may not import %s", nome, nostro)
			case !ok && strings.Contains(strings.Split(i, "/")[0], ".") && !slices.Contains(regola.moduli, i):
				t.Errorf("%s is not the home of %s", nome, i)
			case nome == "piano" && slices.Contains(vietatiAPiano, i):
				t.Errorf("piano may not import %s", i)
			}
		}
	}
	if visti < 8 {
		t.Errorf("only %d packages were looked at", visti)
	}
}

// sorgente is a parsed Go file of the repository.
type sorgente struct {
	percorso string
	file     *ast.File
	fset     *token.FileSet
	righe    int
}

func (s sorgente) prova() bool { return strings.HasSuffix(s.percorso, "_test.go") }

// riga says where a node is, for a message.
func (s sorgente) luogo(n ast.Node) string {
	return fmt.Sprintf("%s:%d", s.percorso, s.fset.Position(n.Pos()).Line)
}

func sorgenti(t *testing.T) []sorgente {
	t.Helper()
	var tutti []sorgente
	err := filepath.WalkDir(".", func(p string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && p != "." || d.Name() == "testdata" || d.Name() == "var" || d.Name() == "bin") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(p, ".go") {
			return nil
		}
		testo, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, p, testo, parser.ParseComments)
		tutti = append(tutti, sorgente{filepath.ToSlash(p), f, fset, strings.Count(string(testo), "\n")})
		return err
	})
	if err != nil || len(tutti) < 40 {
		t.Fatal(len(tutti), err)
	}
	return tutti
}

// orologi are the files outside cmd that may read the clock.
var orologi = []string{"jobs/orologio.go"}

// principali are processes of their own outside cmd, which have no caller.
var principali = []string{"store/local/guardia.go"}

// vietate are the calls that a file below cmd does not make.
var vietate = map[string]string{
	"time.Now": "a day and an instant are arguments", "time.Since": "an instant is an argument",
	"context.Background": "the context comes from the caller", "context.TODO": "the context comes from the caller",
}

func TestTheClockAndTheContextComeFromAbove(t *testing.T) {
	for _, s := range sorgenti(t) {
		if s.prova() || strings.HasPrefix(s.percorso, "cmd/") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok {
				nome := x.Name + "." + sel.Sel.Name
				perche, vietata := vietate[nome]
				permessa := x.Name == "time" && slices.Contains(orologi, s.percorso) || x.Name == "context" && slices.Contains(principali, s.percorso)
				if vietata && !permessa {
					t.Errorf("%s: %s: %s", s.luogo(n), nome, perche)
				}
			}
			return true
		})
	}
}

func TestNoInitAndNoVariableForEverybody(t *testing.T) {
	for _, s := range sorgenti(t) {
		if s.prova() {
			continue
		}
		for _, d := range s.file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil && d.Name.Name == "init" {
					t.Errorf("%s: init()", s.luogo(d))
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					v, ok := spec.(*ast.ValueSpec)
					if !ok || d.Tok != token.VAR {
						continue
					}
					for _, n := range v.Names {
						if n.IsExported() && !strings.HasPrefix(n.Name, "Err") && n.Name != "ScalaPredefinita" {
							t.Errorf("%s: %s can be changed by everybody", s.luogo(n), n.Name)
						}
					}
				}
			}
		}
	}
}

func TestEverythingExportedIsExplained(t *testing.T) {
	conDoc := map[string]bool{}
	for _, s := range sorgenti(t) {
		if s.prova() {
			continue
		}
		cartella := filepath.Dir(s.percorso)
		conDoc[cartella] = conDoc[cartella] || s.file.Doc != nil
		for _, d := range s.file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && d.Doc == nil {
					t.Errorf("%s: %s has no comment", s.luogo(d), d.Name.Name)
				}
			case *ast.GenDecl:
				commentata(t, s, d)
			}
		}
	}
	for cartella, ok := range conDoc {
		if !ok {
			t.Errorf("package %s has no comment", cartella)
		}
	}
}

// commentata wants a comment on each exported type, constant and variable, its own
// or its group's.
func commentata(t *testing.T, s sorgente, d *ast.GenDecl) {
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if spec.Name.IsExported() && d.Doc == nil && spec.Doc == nil {
				t.Errorf("%s: %s has no comment", s.luogo(spec), spec.Name.Name)
			}
		case *ast.ValueSpec:
			if spec.Names[0].IsExported() && d.Doc == nil && spec.Doc == nil && spec.Comment == nil {
				t.Errorf("%s: %s has no comment", s.luogo(spec), spec.Names[0].Name)
			}
		}
	}
}

// Nine functions in ten within 40 lines, none over 80; no file over 500.
func TestSizes(t *testing.T) {
	funzioni, lunghe := 0, 0
	for _, s := range sorgenti(t) {
		if s.prova() {
			continue
		}
		if s.righe > 500 {
			t.Errorf("%s has %d lines", s.percorso, s.righe)
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			righe := s.fset.Position(f.End()).Line - s.fset.Position(f.Pos()).Line + 1
			funzioni++
			if righe > 40 {
				lunghe++
			}
			if righe > 80 {
				t.Errorf("%s: %s has %d lines", s.luogo(f), f.Name.Name, righe)
			}
		}
	}
	if lunghe*10 > funzioni {
		t.Errorf("%d of %d functions are longer than 40 lines", lunghe, funzioni)
	}
}

var (
	percorsoMacchina = regexp.MustCompile(`(^|[\s"'(=])/(work|root|home)/`)
	indirizzo        = regexp.MustCompile(`[A-Za-z0-9._%+-]+@([A-Za-z0-9-]+\.)+[A-Za-z]{2,}`)
)

// The repository names no folder of a machine and no address of a person.
func TestNothingPrivate(t *testing.T) {
	out, err := exec.Command("git", "ls-files", "-z").Output()
	if err != nil {
		t.Skip("no git here: an exported tree has nothing to list") // the clone of CI has it
	}
	for _, f := range strings.Split(strings.Trim(string(out), "\x00"), "\x00") {
		testo, err := os.ReadFile(f)
		if os.IsNotExist(err) || strings.ContainsRune(string(testo), 0) || f == "go.sum" || f == "casa_test.go" {
			continue // taken away but not committed yet; a workbook; hashes; this rule itself
		}
		if err != nil {
			t.Fatal(err)
		}
		for i, riga := range strings.Split(string(testo), "\n") {
			if percorsoMacchina.MatchString(riga) {
				t.Errorf("%s:%d: a path of a machine: %.100s", f, i+1, riga)
			}
			for _, a := range indirizzo.FindAllString(riga, -1) {
				if !strings.HasSuffix(strings.ToLower(a), ".example") {
					t.Errorf("%s:%d: an address outside .example: %s", f, i+1, a)
				}
			}
		}
	}
}
