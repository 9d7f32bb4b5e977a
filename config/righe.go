package config

import (
	"errors"
	"strings"

	"github.com/BurntSushi/toml"
)

// sempreErrato refuses whatever it is decoded from. The toml package tells the
// line of a key only in an error about it: this makes one on purpose.
type sempreErrato struct{}

// UnmarshalTOML is called by the toml package alone.
func (sempreErrato) UnmarshalTOML(any) error { return errors.New("asked for its line") }

// numeraRighe finds the line of each key, whatever form of TOML it is written in.
func numeraRighe(testo string) (map[string]int, error) {
	var albero map[string]toml.Primitive
	md, err := toml.Decode(testo, &albero)
	if err != nil {
		return nil, err
	}
	righe := map[string]int{}
	numera(&md, albero, "", righe)
	return righe, nil
}

// numera goes down the tables. A table that only its subsections imply
// ("posta" of [posta.smtp]) stands where the first of them does.
func numera(md *toml.MetaData, tabella map[string]toml.Primitive, prefisso string, righe map[string]int) int {
	prima := 0
	for nome, valore := range tabella {
		chiave, n := unisci(prefisso, nome), 0
		var e toml.ParseError
		if errors.As(md.PrimitiveDecode(valore, &sempreErrato{}), &e) {
			n = e.Position.Line
		}
		var sotto map[string]toml.Primitive
		if md.PrimitiveDecode(valore, &sotto) == nil {
			if implicita := numera(md, sotto, chiave, righe); n == 0 {
				n = implicita
			}
		}
		righe[chiave] = n
		if prima == 0 || n > 0 && n < prima {
			prima = n
		}
	}
	return prima
}

// riga is where a key stands, or the nearest section around one that is missing;
// 0 where there is none.
func riga(righe map[string]int, chiave string) int {
	for {
		if n := righe[chiave]; n > 0 {
			return n
		}
		punto := strings.LastIndex(chiave, ".")
		if punto < 0 {
			return 0
		}
		chiave = chiave[:punto]
	}
}
