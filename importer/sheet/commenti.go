package sheet

import "fmt"

// Commento is a note that a person has put to a cell.
type Commento struct {
	Riga, Colonna int
	Testo         string // folded
}

// commenti reads the notes of a sheet, in the order of the file.
func (o *ooxml) commenti(foglio string) ([]Commento, error) {
	legami, err := o.relazioni(foglio)
	if err != nil {
		return nil, err
	}
	var elenco []Commento
	for _, r := range legami {
		if r.tipo != "comments" {
			continue
		}
		if elenco, err = o.leggiCommenti(r.parte, elenco); err != nil {
			return nil, err
		}
	}
	return elenco, nil
}

func (o *ooxml) leggiCommenti(parte string, elenco []Commento) ([]Commento, error) {
	x, err := o.a.xml(parte)
	if err != nil {
		return nil, err
	}
	var c Commento
	r := raccoglitore{livello: 4}
	dentro := false
	for ev := x.avanti(); ev != basta; ev = x.avanti() {
		switch nome := string(x.nome); {
		case ev == apre && x.livello == 3 && nome == "comment":
			ref := x.attributo("ref")
			var ok bool
			if c.Riga, c.Colonna, ok = daIndirizzo(ref); !ok {
				return nil, fmt.Errorf("%w: %s: a note at %.20q", ErrDanneggiato, parte, ref)
			}
		case ev == apre && x.livello == 4 && nome == "text":
			dentro = true
			r.azzera()
		case ev == chiude && x.livello == 4 && dentro:
			dentro = false
			c.Testo = o.nota(r.testo)
			elenco = append(elenco, c)
		case dentro:
			if err := r.vede(x, ev); err != nil {
				return nil, fmt.Errorf("%w: %s: %w", ErrDanneggiato, parte, err)
			}
		}
	}
	return elenco, x.err
}
