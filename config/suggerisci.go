package config

import (
	"maps"
	"reflect"
	"slices"
	"strings"
)

// sconosciuta names a key that nothing reads, and the one that was perhaps meant.
// A value is never repeated: it may be a secret.
func (l *lettura) sconosciuta(intera, chiave string, campi map[string]int) {
	if segreta(chiave) {
		l.problema(intera, "a password does not belong into this file: put it into the environment (%s) or into a file of its own (password_file); a connection with its password goes into %s or dsn_file",
			VariabilePassword, VariabileDSN)
		return
	}
	if altrove := sezioniCon(reflect.TypeFor[Config](), "", chiave); len(altrove) > 0 {
		l.problema(intera, "this key belongs into %s", strings.Join(altrove, " or "))
		return
	}
	nomi := slices.Sorted(maps.Keys(campi))
	if vicino := vicina(chiave, nomi); vicino != "" {
		l.problema(intera, "unknown key; did you mean %q?", vicino)
		return
	}
	l.problema(intera, "unknown key; known here: %s", strings.Join(nomi, ", "))
}

// segreta tells whether a key was meant for a password.
func segreta(chiave string) bool {
	chiave = strings.ToLower(chiave)
	return strings.Contains(chiave, "passw") && chiave != "password_file" || chiave == "pwd" || chiave == "pass"
}

// sezioniCon lists the sections that have a key of that name, as they are written.
func sezioniCon(t reflect.Type, sezione, chiave string) []string {
	var trovate []string
	for i := range t.NumField() {
		campo := t.Field(i)
		nome := campo.Tag.Get("toml")
		if nome == chiave && sezione != "" {
			trovate = append(trovate, "["+sezione+"]")
		}
		switch campo.Type.Kind() {
		case reflect.Struct:
			trovate = append(trovate, sezioniCon(campo.Type, unisci(sezione, nome), chiave)...)
		case reflect.Map:
			trovate = append(trovate, sezioniCon(campo.Type.Elem(), unisci(sezione, nome)+".<codice>", chiave)...)
		}
	}
	return trovate
}

// vicina is the name that at most two slips of the finger turn into that word; ""
// where there is none.
func vicina(parola string, nomi []string) string {
	migliore, distanza := "", 3
	for _, nome := range nomi {
		if d := distanzaTra(strings.ToLower(parola), nome); d < distanza && d < len(nome) {
			migliore, distanza = nome, d
		}
	}
	return migliore
}

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
