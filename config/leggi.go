package config

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

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
		if err := l.leggi(string(testo), &c); err != nil {
			return Config{}, err
		}
	}
	l.segreti(&c, env)
	l.controlla(c, orario)
	if len(l.problemi) > 0 {
		slices.SortStableFunc(l.problemi, func(a, b Problema) int { return a.Riga - b.Riga })
		return Config{}, &Errore{cmp.Or(file, "environment"), l.problemi}
	}
	return c, nil
}

// leggi sets in c what the TOML says. A fault of syntax comes alone, since what
// follows it cannot be trusted.
func (l *lettura) leggi(testo string, c *Config) error {
	var albero map[string]any
	_, err := toml.Decode(testo, &albero)
	var e toml.ParseError
	if errors.As(err, &e) {
		return &Errore{l.file, []Problema{{e.Position.Line, cmp.Or(e.LastKey, "syntax"), e.Message}}}
	}
	if err == nil {
		l.righe, err = numeraRighe(testo)
	}
	if err != nil {
		return fmt.Errorf("the configuration cannot be read: %w", err)
	}
	l.riempi(reflect.ValueOf(c).Elem(), albero, "")
	c.Sessioni.completa(albero, l.file)
	return nil
}

// lettura gathers the faults of one file.
type lettura struct {
	file     string
	righe    map[string]int
	problemi []Problema
}

func (l *lettura) problema(chiave, formato string, args ...any) {
	l.problemi = append(l.problemi, Problema{riga(l.righe, chiave), chiave, fmt.Sprintf(formato, args...)})
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
	for _, chiave := range slices.Sorted(maps.Keys(tabella)) {
		valore, intera := tabella[chiave], unisci(prefisso, chiave)
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

// imposta sets one field, where the value is of its kind.
func (l *lettura) imposta(campo reflect.Value, valore any, chiave string) {
	switch campo.Kind() {
	case reflect.String:
		if s, ok := valore.(string); ok {
			campo.SetString(s)
			return
		}
		if g, ok := valore.(time.Time); ok && g.Location().String() == soloGiorno { // a day without quotes
			campo.SetString(g.Format(time.DateOnly))
			return
		}
		l.problema(chiave, "a text in quotes is wanted, as %s = \"...\"", ultima(chiave))
	case reflect.Int:
		if n, ok := valore.(int64); ok {
			campo.SetInt(n)
			return
		}
		l.problema(chiave, "a whole number is wanted, without quotes")
	case reflect.Bool:
		if b, ok := valore.(bool); ok {
			campo.SetBool(b)
			return
		}
		l.problema(chiave, "true or false is wanted, without quotes")
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
	default: // a field of a kind that nobody taught this function yet must not be lost unseen
		l.problema(chiave, "the program cannot read a %s: this is a fault of the program", campo.Kind())
	}
}

// elenco sets a list of texts; a day may stand in it without quotes too, as TOML
// writes it.
func (l *lettura) elenco(campo reflect.Value, valore any, chiave string) {
	elementi, ok := valore.([]any)
	testi := make([]string, 0, len(elementi))
	for _, e := range elementi {
		switch e := e.(type) {
		case string:
			testi = append(testi, e)
		case time.Time:
			testi = append(testi, e.Format(time.DateOnly))
			ok = ok && e.Location().String() == soloGiorno
		default:
			ok = false
		}
	}
	if !ok {
		l.problema(chiave, "a list of texts is wanted, as %s = [\"...\", \"...\"]", ultima(chiave))
		return
	}
	campo.Set(reflect.ValueOf(testi))
}

// soloGiorno is the zone that the toml package gives to a day without an hour.
const soloGiorno = "date-local"

func (l *lettura) mappa(campo reflect.Value, valore any, chiave string) {
	tabelle, ok := valore.(map[string]any)
	if !ok {
		l.problema(chiave, "this is a section: write [%s.<codice>]", chiave)
		return
	}
	campo.Set(reflect.MakeMap(campo.Type()))
	for _, nome := range slices.Sorted(maps.Keys(tabelle)) {
		elemento := reflect.New(campo.Type().Elem()).Elem()
		l.imposta(elemento, tabelle[nome], unisci(chiave, nome))
		campo.SetMapIndex(reflect.ValueOf(nome), elemento)
	}
}

func ultima(chiave string) string { return chiave[strings.LastIndex(chiave, ".")+1:] }
