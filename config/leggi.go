package config

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// Problema is one fault of the file.
type Problema struct {
	Riga   int    // 0 where it has no line: a file of a secret, the environment
	Chiave string // "posta.smtp.porta"
	Testo  string // what is wrong and what to write
}

// Errore holds all faults of a configuration, in the order of their lines.
type Errore struct {
	File     string
	Problemi []Problema
}

// Error writes one line a fault: file:line: key: sentence.
func (e *Errore) Error() string {
	righe := []string{fmt.Sprintf("the configuration has %d problem(s):", len(e.Problemi))}
	for _, p := range e.Problemi {
		luogo := e.File
		if p.Riga > 0 {
			luogo = fmt.Sprintf("%s:%d", e.File, p.Riga)
		}
		righe = append(righe, fmt.Sprintf("%s: %s: %s", luogo, p.Chiave, p.Testo))
	}
	return strings.Join(righe, "\n")
}

// Leggi reads the configuration from file, or returns the default one where file
// is "". Secrets are looked up in env and in the files that the configuration
// names. The schedules are judged by orario. All faults come back together in an
// *Errore; another error means that the file cannot be read at all.
func Leggi(file string, env func(string) string, orario func(string) error) (Config, error) {
	c := Predefinita()
	l := lettura{file: file}
	if file != "" {
		testo, err := os.ReadFile(file)
		if err != nil {
			return Config{}, fmt.Errorf("the configuration cannot be read: %w", err)
		}
		var albero map[string]any
		if _, err := toml.Decode(string(testo), &albero); err != nil {
			var e toml.ParseError
			if errors.As(err, &e) {
				return Config{}, &Errore{file, []Problema{{e.Position.Line, cmp.Or(e.LastKey, "syntax"), e.Message}}}
			}
			return Config{}, fmt.Errorf("the configuration cannot be read: %w", err)
		}
		l.righe = numeraRighe(string(testo))
		l.riempi(reflect.ValueOf(&c).Elem(), albero, "")
	}
	l.segreti(&c, env)
	l.controlla(c, orario)
	if len(l.problemi) > 0 {
		slices.SortStableFunc(l.problemi, func(a, b Problema) int { return a.Riga - b.Riga })
		return Config{}, &Errore{cmp.Or(file, "environment"), l.problemi}
	}
	return c, nil
}

// lettura gathers the faults of one file.
type lettura struct {
	file     string
	righe    map[string]int
	problemi []Problema
}

func (l *lettura) problema(chiave, formato string, args ...any) {
	l.problemi = append(l.problemi, Problema{l.righe[chiave], chiave, fmt.Sprintf(formato, args...)})
}

// numeraRighe finds the line of each key. TOML allows more forms than it knows
// (inline tables, dotted keys); a key that it does not find has no line.
func numeraRighe(testo string) map[string]int {
	righe, sezione := map[string]int{}, ""
	for i, riga := range strings.Split(testo, "\n") {
		riga = strings.TrimSpace(riga)
		if nome, ok := strings.CutPrefix(riga, "["); ok {
			nome, _, _ = strings.Cut(nome, "]")
			sezione = strings.TrimSpace(nome)
			righe[sezione] = i + 1
			continue
		}
		if chiave, _, ok := strings.Cut(riga, "="); ok && !strings.HasPrefix(riga, "#") {
			righe[unisci(sezione, strings.Trim(strings.TrimSpace(chiave), `"'`))] = i + 1
		}
	}
	return righe
}

func unisci(prefisso, chiave string) string {
	if prefisso == "" {
		return chiave
	}
	return prefisso + "." + chiave
}

// riempi sets the fields of a struct from a table of the file.
func (l *lettura) riempi(v reflect.Value, tabella map[string]any, prefisso string) {
	campi := map[string]int{}
	for i := range v.NumField() {
		if nome := v.Type().Field(i).Tag.Get("toml"); nome != "-" {
			campi[nome] = i
		}
	}
	for chiave, valore := range tabella {
		intera := unisci(prefisso, chiave)
		i, ok := campi[chiave]
		if !ok {
			l.sconosciuta(intera, chiave, campi)
			continue
		}
		l.imposta(v.Field(i), valore, intera)
		if v.Type().Field(i).Tag.Get("path") != "" && v.Field(i).String() != "" && !filepath.IsAbs(v.Field(i).String()) {
			v.Field(i).SetString(filepath.Join(filepath.Dir(l.file), v.Field(i).String()))
		}
	}
}

// sconosciuta names a key that nothing reads, and the one that was perhaps meant.
func (l *lettura) sconosciuta(intera, chiave string, campi map[string]int) {
	if chiave == "password" {
		l.problema(intera, "a password does not belong into this file: put it into the environment (SCADENZARIO_SMTP_PASSWORD) or into a file of its own (password_file)")
		return
	}
	vicina, distanza := "", 3
	for nome := range campi {
		if d := distanzaTra(chiave, nome); d < distanza || d == distanza && nome < vicina {
			vicina, distanza = nome, d
		}
	}
	if vicina != "" {
		l.problema(intera, "unknown key; did you mean %q?", vicina)
		return
	}
	nomi := make([]string, 0, len(campi))
	for nome := range campi {
		nomi = append(nomi, nome)
	}
	slices.Sort(nomi)
	l.problema(intera, "unknown key; known here: %s", strings.Join(nomi, ", "))
}

// imposta sets one field, where the value is of its kind.
func (l *lettura) imposta(campo reflect.Value, valore any, chiave string) {
	switch campo.Kind() {
	case reflect.String:
		if s, ok := valore.(string); ok {
			campo.SetString(s)
			return
		}
		l.problema(chiave, "a text in quotes is wanted, as %s = \"...\"", ultima(chiave))
	case reflect.Int:
		if n, ok := valore.(int64); ok {
			campo.SetInt(n)
			return
		}
		l.problema(chiave, "a whole number is wanted, without quotes")
	case reflect.Slice:
		l.elenco(campo, valore, chiave)
	case reflect.Struct:
		if t, ok := valore.(map[string]any); ok {
			l.riempi(campo, t, chiave)
			return
		}
		l.problema(chiave, "this is a section: write [%s] on a line of its own, its keys below", chiave)
	case reflect.Map:
		l.mappa(campo, valore, chiave)
	}
}

func (l *lettura) elenco(campo reflect.Value, valore any, chiave string) {
	elementi, ok := valore.([]any)
	for _, e := range elementi {
		s, testo := e.(string)
		ok = ok && testo
		campo.Set(reflect.Append(campo, reflect.ValueOf(s)))
	}
	if !ok {
		l.problema(chiave, "a list of texts is wanted, as %s = [\"...\", \"...\"]", ultima(chiave))
	}
}

func (l *lettura) mappa(campo reflect.Value, valore any, chiave string) {
	tabelle, ok := valore.(map[string]any)
	if !ok {
		l.problema(chiave, "this is a section: write [%s.<codice>]", chiave)
		return
	}
	campo.Set(reflect.MakeMap(campo.Type()))
	for nome, v := range tabelle {
		elemento := reflect.New(campo.Type().Elem()).Elem()
		l.imposta(elemento, v, unisci(chiave, nome))
		campo.SetMapIndex(reflect.ValueOf(nome), elemento)
	}
}

func ultima(chiave string) string { return chiave[strings.LastIndex(chiave, ".")+1:] }

// distanzaTra counts the letters to change, add or leave out between two words.
func distanzaTra(a, b string) int {
	prima := make([]int, len(b)+1)
	for j := range prima {
		prima[j] = j
	}
	for i := range len(a) {
		riga := []int{i + 1}
		for j := range len(b) {
			costo := 1
			if a[i] == b[j] {
				costo = 0
			}
			riga = append(riga, min(prima[j]+costo, prima[j+1]+1, riga[j]+1))
		}
		prima = riga
	}
	return prima[len(b)]
}
