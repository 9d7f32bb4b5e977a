package config

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// larghezza is where the comments of the example wrap.
const larghezza = 96

// Esempio writes a configuration file with every key at its default, commented
// out, its documentation above it.
func Esempio() string {
	var b strings.Builder
	b.WriteString("# Scadenzario: every key that can be set, at its default. A line counts without its #.\n")
	scriviSezione(&b, reflect.ValueOf(Predefinita()), "")
	return b.String()
}

// scriviSezione writes the plain keys of a section, then its subsections.
func scriviSezione(b *strings.Builder, v reflect.Value, nome string) {
	for i := range v.NumField() {
		campo, valore := v.Type().Field(i), v.Field(i)
		if chiave := campo.Tag.Get("toml"); chiave != "-" && !sezione(campo.Type) {
			commenta(b, campo.Tag.Get("doc"))
			fmt.Fprintf(b, "#%s = %s\n", chiave, valoreTOML(valore))
		}
	}
	for i := range v.NumField() {
		campo := v.Type().Field(i)
		if !sezione(campo.Type) {
			continue
		}
		b.WriteString("\n")
		commenta(b, campo.Tag.Get("doc"))
		intera := unisci(nome, campo.Tag.Get("toml"))
		if campo.Type.Kind() == reflect.Map {
			nome, riga, _ := strings.Cut(campo.Tag.Get("sample"), "|")
			fmt.Fprintf(b, "#[%s.%s]\n#%s\n", intera, nome, riga)
			continue
		}
		fmt.Fprintf(b, "[%s]\n", intera)
		scriviSezione(b, v.Field(i), intera)
	}
}

func sezione(t reflect.Type) bool { return t.Kind() == reflect.Struct || t.Kind() == reflect.Map }

func valoreTOML(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Int:
		return fmt.Sprint(v.Int())
	case reflect.Slice:
		var testi []string
		for i := range v.Len() {
			testi = append(testi, fmt.Sprintf("%q", v.Index(i).String()))
		}
		return "[" + strings.Join(testi, ", ") + "]"
	}
	return fmt.Sprintf("%q", v.String())
}

// commenta writes a text as wrapped comment lines.
func commenta(b *strings.Builder, testo string) {
	riga := "#"
	for parola := range strings.FieldsSeq(testo) {
		if len(riga)+1+len(parola) > larghezza {
			b.WriteString(riga + "\n")
			riga = "#"
		}
		riga += " " + parola
	}
	b.WriteString(riga + "\n")
}
