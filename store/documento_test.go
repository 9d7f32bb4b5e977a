package store

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scadenzario/scadenzario/piano"
)

// riempi puts something else into each field of a struct, however deep: texts that JSON
// must escape, numbers, lists of two.
func riempi(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("%d \"è\" \\ <b>&\u2028 \x01\n\t«€» 😀", *n))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Uint16:
		v.SetUint(uint64(*n % 4096))
	case reflect.Bool:
		v.SetBool(*n%2 == 0)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		riempi(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		riempi(v.Index(0), n)
		riempi(v.Index(1), n)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range 2 {
			k, e := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			riempi(k, n)
			riempi(e, n)
			v.SetMapIndex(k, e)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			riempi(v.Field(i), n)
		}
	default:
		panic("a kind of field that nobody has had so far: " + v.Kind().String())
	}
}

// A card written by hand says every field of the card, as encoding/json reads it.
func TestTheDocumentOfACard(t *testing.T) {
	var o, vuoto piano.Obiettivo
	n := 0
	riempi(reflect.ValueOf(&o).Elem(), &n)
	vuoto.Attivita = make([]piano.Attivita, 1)
	for _, o := range []piano.Obiettivo{o, vuoto} {
		var d documento
		d.scheda("", o)
		letto, err := schedaDaJSON(d)
		if err != nil {
			t.Fatalf("%v\n%s", err, d)
		}
		if len(letto.Celle) == 0 {
			letto.Celle = nil
		}
		if diff := cmp.Diff(o, letto); diff != "" {
			t.Errorf("%s\n%s", diff, d)
		}
	}
}

func TestTheDocumentOfFindings(t *testing.T) {
	var rilievi, letti []piano.Rilievo
	n := 0
	riempi(reflect.ValueOf(&rilievi).Elem(), &n)
	d := documento("{")
	d.rilievi("nessuno", nil)
	d.rilievi("due", rilievi)
	d.chiude('}')
	var tutto map[string]json.RawMessage
	if err := json.Unmarshal(d, &tutto); err != nil || string(tutto["nessuno"]) != "[]" {
		t.Fatalf("%v\n%s", err, d)
	}
	if err := json.Unmarshal(tutto["due"], &letti); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rilievi, letti); diff != "" {
		t.Error(diff)
	}
}
