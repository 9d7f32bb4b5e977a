package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"
)

// The limits of a workbook (RELIABILITY.md, "Limits").
const (
	limiteFogli = 256
	limiteNomi  = 20_000
	limiteTesti = 500_000 // shared strings
)

// ooxml reads an Office Open XML workbook, part after part.
type ooxml struct {
	a       *archivio
	testi   []string // shared strings, folded
	stili   []stile
	tema    []string // colours, RRGGBB
	dal1904 bool
	noti    map[string]string // texts of cells, each kept once
	celle   int               // <c> elements so far
	tenute  int               // cells kept so far

	bytePerCella int // of the sheets so far

	testuale *strings.Builder // where their bytes are
}

// relazione is a link from one part to another.
type relazione struct {
	id, tipo, parte string // tipo is the last word of its address: "worksheet"
}

// apriOOXML reads the workbook of an archive.
func apriOOXML(a *archivio) (Cartella, error) {
	o := &ooxml{a: a, noti: map[string]string{}, tema: temaOffice, testuale: &strings.Builder{}, bytePerCella: bytePerCella}
	radice, err := o.relazioni("")
	if err != nil {
		return Cartella{}, err
	}
	libro := ""
	var c Cartella
	for _, r := range radice {
		switch r.tipo {
		case "officeDocument":
			libro = r.parte
		case "core-properties":
			if c.Modificata, err = o.modificata(r.parte); err != nil {
				return Cartella{}, err
			}
		}
	}
	if libro == "" {
		return Cartella{}, fmt.Errorf("%w: no workbook inside", ErrDanneggiato)
	}
	if err := o.libro(libro, &c); err != nil {
		return Cartella{}, err
	}
	return c, a.restanti()
}

// elementi walks a part and calls apri at each start tag of a namespace, with the
// level of the element; its root must be called so.
func (o *ooxml) elementi(parte, radice string, s spazio, apri func(x *lettoreXML) error) error {
	x, err := o.a.xml(parte)
	if err != nil {
		return err
	}
	for {
		switch x.avanti() {
		case basta:
			return x.err
		case apre:
			if x.livello == 1 && (x.spazio != s || string(x.nome) != radice) {
				return fmt.Errorf("%w: %s begins with <%s>", ErrDanneggiato, parte, x.nome)
			}
			if x.livello == 1 || x.spazio != s {
				continue
			}
			if err := apri(x); err != nil {
				return fmt.Errorf("%w: %s: %w", ErrDanneggiato, parte, err)
			}
		}
	}
}

// relazioni returns the links of a part, "" for those of the whole package; none
// where the part has no links.
func (o *ooxml) relazioni(parte string) ([]relazione, error) {
	cartella, nome := path.Split(parte)
	dove := cartella + "_rels/" + nome + ".rels"
	if !o.a.ha(dove) {
		return nil, nil
	}
	elenco := make([]relazione, 0, 8)
	err := o.elementi(dove, "Relationships", pacchetto, func(x *lettoreXML) error {
		if string(x.nome) != "Relationship" || string(x.attributo("TargetMode")) == "External" {
			return nil
		}
		tipo := bytes.TrimRight(x.attributo("Type"), "/")
		r := relazione{tipo: string(tipo[bytes.LastIndexByte(tipo, '/')+1:])}
		r.id = string(x.attributo("Id"))
		meta := strings.ReplaceAll(string(x.attributo("Target")), "\\", "/")
		if strings.Contains(meta, "%") && !o.a.ha(meta) {
			if chiara, err := url.PathUnescape(meta); err == nil {
				meta = chiara
			}
		}
		if strings.HasPrefix(meta, "/") {
			r.parte = path.Clean(meta[1:])
		} else {
			r.parte = path.Clean(cartella + meta)
		}
		elenco = append(elenco, r)
		return nil
	})
	return elenco, err
}

// modificata returns when the workbook was last saved, as it says itself.
func (o *ooxml) modificata(parte string) (quando time.Time, err error) {
	x, err := o.a.xml(parte)
	if err != nil {
		return quando, err
	}
	for {
		switch x.avanti() {
		case basta:
			return quando, x.err
		case parola:
			if e := x.pila[x.livello]; e.spazio == dublino && string(x.pezzo(e.nome)) == "modified" {
				if t, err := time.Parse(time.RFC3339, string(bytes.TrimSpace(x.testo))); err == nil {
					quando = t // what is no date tells nothing
				}
			}
		}
	}
}

// foglioElencato is a sheet as the workbook lists it.
type foglioElencato struct {
	nome, id string
	nascosto bool
}

// libro reads the workbook's own part and all that it links to.
func (o *ooxml) libro(parte string, c *Cartella) error {
	elenco, err := o.indice(parte, c)
	if err != nil {
		return err
	}
	legami, err := o.relazioni(parte)
	if err != nil {
		return err
	}
	per := make(map[string]relazione, len(legami))
	for _, r := range legami {
		per[r.id] = r
	}
	// the colours before the styles that name them
	for _, p := range []struct {
		tipo  string
		leggi func(string) error
	}{{"theme", o.leggiTema}, {"styles", o.leggiStili}, {"sharedStrings", o.leggiTesti}} {
		for _, r := range legami {
			if r.tipo == p.tipo && (p.tipo != "theme" || o.a.ha(r.parte)) { // some programs link a theme that they do not write
				if err := p.leggi(r.parte); err != nil {
					return err
				}
			}
		}
	}
	if len(o.stili) == 0 {
		o.stili = make([]stile, 1) // a workbook without styles: all cells are of the plain one
	}
	for _, f := range elenco {
		r, ok := per[f.id]
		if !ok {
			return fmt.Errorf("%w: the part of sheet %s is missing", ErrDanneggiato, f.nome)
		}
		if r.tipo != "worksheet" { // a chart, a dialogue, a sheet of old macros
			continue
		}
		foglio, err := o.foglio(r.parte, f)
		if err != nil {
			return err
		}
		c.Fogli = append(c.Fogli, foglio)
	}
	return nil
}

// indice reads the list of sheets and the defined names.
func (o *ooxml) indice(parte string, c *Cartella) ([]foglioElencato, error) {
	x, err := o.a.xml(parte)
	if err != nil {
		return nil, err
	}
	var elenco []foglioElencato
	nome, valore, nomi := "", []byte(nil), 0
	for {
		switch x.avanti() {
		case basta:
			if x.err == nil && len(elenco) == 0 {
				return nil, fmt.Errorf("%w: %s lists no sheet", ErrDanneggiato, parte)
			}
			return elenco, x.err
		case apre:
			if x.spazio != principale {
				continue
			}
			if x.livello == 1 && string(x.nome) != "workbook" {
				return nil, fmt.Errorf("%w: %s begins with <%s>", ErrDanneggiato, parte, x.nome)
			}
			switch string(x.nome) {
			case "workbookPr":
				o.dal1904 = vero(x.attributo("date1904"))
			case "sheet":
				if elenco = append(elenco, elencato(x)); len(elenco) > limiteFogli {
					return nil, fmt.Errorf("%w: more than %d sheets", ErrTroppoGrande, limiteFogli)
				}
			case "definedName":
				if nomi++; nomi > limiteNomi {
					return nil, fmt.Errorf("%w: more than %d names", ErrTroppoGrande, limiteNomi)
				}
				nome, valore = "", valore[:0]
				if x.attributo("localSheetId") == nil {
					nome = string(x.attributo("name"))
				}
			}
		case parola:
			if nome != "" {
				valore = append(valore, x.testo...)
			}
		case chiude:
			if nome != "" && string(x.nome) == "definedName" {
				if c.Nomi == nil {
					c.Nomi = map[string]string{}
				}
				c.Nomi[nome], nome = string(valore), ""
			}
		}
	}
}

func elencato(x *lettoreXML) foglioElencato {
	stato := string(x.attributo("state"))
	return foglioElencato{nome: string(x.attributo("name")), id: string(x.attributoIn(relazioni, "id")),
		nascosto: stato == "hidden" || stato == "veryHidden"}
}

// vero reads an xsd:boolean.
func vero(b []byte) bool { return string(b) == "1" || string(b) == "true" }

var errTesti = errors.New("something that is no text")

// leggiTesti reads the shared strings: rich ones as their plain text, phonetic
// readings left out.
func (o *ooxml) leggiTesti(parte string) error {
	x, err := o.a.xml(parte)
	if err != nil {
		return err
	}
	r := raccoglitore{livello: 2}
	for {
		ev := x.avanti()
		switch {
		case ev == basta:
			return x.err
		case x.livello == 1:
			if ev == apre && string(x.nome) != "sst" {
				return fmt.Errorf("%w: %s begins with <%s>", ErrDanneggiato, parte, x.nome)
			}
			if ev == apre && !x.vuoto && x.svelto(1) {
				o.testi = slices.Grow(o.testi, annunciati(x, "uniqueCount", len("<si><t>a</t></si>"), limiteTesti))
				o.testiSvelti(x)
			}
		case x.livello == 2 && ev == apre:
			if string(x.nome) != "si" && string(x.nome) != "extLst" {
				return fmt.Errorf("%w: %s: <%s> among the texts", ErrDanneggiato, parte, x.nome)
			}
			r.azzera()
		case x.livello == 2 && ev == chiude && string(x.nome) == "si":
			if len(o.testi) == limiteTesti {
				return fmt.Errorf("%w: %s: more than %d texts", ErrTroppoGrande, parte, limiteTesti)
			}
			o.testi = append(o.testi, o.piegato(r.testo))
			if x.svelto(1) {
				o.testiSvelti(x)
			}
		default:
			if err := r.vede(x, ev); err != nil {
				return fmt.Errorf("%w: %s: %w", ErrDanneggiato, parte, err)
			}
		}
	}
}

// annunciati returns for how many children an element says, in that attribute, that memory
// is needed: no more than may follow, each of so many bytes at least.
func annunciati(x *lettoreXML, dove string, byteOgnuno, limite int) int {
	n, err := intero(x.attributo(dove), 0)
	if err != nil {
		return 0 // nobody else asks what it says
	}
	return min(n, (len(x.b)-x.i)/byteOgnuno, limite)
}

// raccoglitore gathers the text of a string item: <t> at its level or within <r>.
type raccoglitore struct {
	livello int // of <si> or <is>
	testo   []byte
	fuori   int  // level of an element whose texts do not count; 0 for none
	dentro  bool // within a <t> that counts
}

func (r *raccoglitore) azzera() { r.testo, r.fuori, r.dentro = r.testo[:0], 0, false }

// vede takes an event below the item's own level, or a text at it.
func (r *raccoglitore) vede(x *lettoreXML, ev evento) error {
	switch {
	case ev == chiude:
		if x.livello == r.fuori {
			r.fuori = 0
		}
		r.dentro = false
	case r.fuori > 0:
	case ev == apre:
		nome := string(x.nome)
		switch {
		case nome == "t":
			r.dentro = true
		case nome == "r" && x.livello == r.livello+1:
		case nome == "rPh" || nome == "phoneticPr" || nome == "rPr" || nome == "extLst" || x.spazio != principale:
			r.fuori = x.livello
		default:
			return fmt.Errorf("<%s> in a text: %w", nome, errTesti)
		}
	case ev == parola && r.dentro:
		r.testo = append(r.testo, x.testo...)
	case ev == parola && len(bytes.TrimSpace(x.testo)) > 0:
		return fmt.Errorf("%.20q: %w", x.testo, errTesti)
	}
	return nil
}

// senzaEscape resolves the _x000D_ by which a string holds what XML cannot.
func senzaEscape(b []byte) string {
	if !bytes.Contains(b, []byte("_x")) {
		return string(b)
	}
	var s strings.Builder
	for len(b) > 0 {
		if len(b) >= 7 && b[0] == '_' && b[1] == 'x' && b[6] == '_' {
			if r, ok := carattere(append([]byte("#x"), b[2:6]...)); ok || string(b[2:6]) == "0000" {
				if ok {
					s.WriteRune(r)
				}
				b = b[7:]
				continue
			}
		}
		s.WriteByte(b[0])
		b = b[1:]
	}
	return s.String()
}
