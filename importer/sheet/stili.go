package sheet

import (
	"fmt"
	"strconv"
	"strings"
)

// stile is what the reading needs of a cell's style.
type stile struct {
	formato     formato
	riempimento Colore // none for white and patterns, too
}

// limiteFormato is the longest number format that a program lets one write.
const limiteFormato = 255

// fogliStile gathers styles.xml.
type fogliStile struct {
	o        *ooxml
	formati  map[int]formato
	pieni    []Colore   // of each fill its colour
	riempi   []riferito // fills as written
	paletta  []scritto  // <indexedColors>
	xf       []formaCella
	inCellXf bool
	inFills  bool
	inPal    bool
	solido   bool
}

// formaCella is an entry of cellXfs.
type formaCella struct{ formato, riempi int }

// riferito is a colour as a style names it.
type riferito struct {
	rgb     string
	tema    int // -1 for none
	indice  int // -1 for none
	tinta   float64
	nessuno bool
}

// leggiStili reads the number formats and the fills.
func (o *ooxml) leggiStili(parte string) error {
	x, err := o.a.xml(parte)
	if err != nil {
		return err
	}
	s := fogliStile{o: o, formati: map[int]formato{}}
	for ev := x.avanti(); ev != basta; ev = x.avanti() {
		if x.spazio != principale || ev == parola {
			continue
		}
		if x.livello == 1 && ev == apre && string(x.nome) != "styleSheet" {
			return fmt.Errorf("%w: %s begins with <%s>", ErrDanneggiato, parte, x.nome)
		}
		if err := s.vede(x, ev == apre); err != nil {
			return fmt.Errorf("%w: %s: %w", ErrDanneggiato, parte, err)
		}
	}
	if x.err != nil {
		return x.err
	}
	return s.concludi(parte)
}

func (s *fogliStile) vede(x *lettoreXML, inizio bool) error {
	switch nome := string(x.nome); {
	case x.livello == 2 && nome == "cellXfs":
		s.inCellXf = inizio
	case x.livello == 2 && nome == "fills":
		s.inFills = inizio
	case nome == "indexedColors":
		s.inPal = inizio
	case !inizio:
	case s.inPal && nome == "rgbColor":
		s.paletta = append(s.paletta, scrittoCosi(x.attributo("rgb")))
	case x.livello == 3 && nome == "numFmt":
		return s.numFmt(x)
	case s.inFills && x.livello == 3 && nome == "fill":
		s.riempi, s.solido = append(s.riempi, riferito{nessuno: true}), false
	case s.inFills && x.livello == 4 && nome == "patternFill":
		if s.solido = string(x.attributo("patternType")) == "solid"; s.solido && len(s.riempi) > 0 {
			s.riempi[len(s.riempi)-1] = riferito{tema: -1, indice: -1, rgb: "000000"} // what a solid fill without its colour shows
		}
	case s.inFills && s.solido && nome == "fgColor" && len(s.riempi) > 0:
		c, err := coloreDi(x)
		if err != nil {
			return err
		}
		s.riempi[len(s.riempi)-1] = c
	case s.inCellXf && x.livello == 3 && nome == "xf":
		formato, err := intero(x.attributo("numFmtId"), 0)
		if err != nil {
			return err
		}
		riempi, err := intero(x.attributo("fillId"), 0)
		if err != nil {
			return err
		}
		s.xf = append(s.xf, formaCella{formato, riempi})
	}
	return nil
}

func (s *fogliStile) numFmt(x *lettoreXML) error {
	id, err := intero(x.attributo("numFmtId"), -1)
	if err != nil || id < 0 {
		return fmt.Errorf("a number format without its number: %w", err)
	}
	codice := string(x.attributo("formatCode"))
	if len([]rune(codice)) > limiteFormato {
		return fmt.Errorf("a number format of %d bytes", len(codice))
	}
	s.formati[id] = formatoDi(id, codice)
	return nil
}

// concludi resolves the styles.
func (s *fogliStile) concludi(parte string) error {
	s.pieni = make([]Colore, len(s.riempi))
	for i, c := range s.riempi {
		s.pieni[i] = ColoreDi(s.risolvi(c))
	}
	s.o.stili = make([]stile, len(s.xf))
	for i, xf := range s.xf {
		f, ok := s.formati[xf.formato]
		if !ok {
			f = formatoDi(xf.formato, "")
		}
		s.o.stili[i].formato = f
		switch {
		case xf.riempi < len(s.pieni):
			s.o.stili[i].riempimento = s.pieni[xf.riempi]
		case xf.riempi != 0:
			return fmt.Errorf("%w: %s: there is no fill %d", ErrDanneggiato, parte, xf.riempi)
		}
	}
	return nil
}

// coloreDi reads a colour element.
func coloreDi(x *lettoreXML) (c riferito, err error) {
	c = riferito{tema: -1, indice: -1, rgb: rgb(x.attributo("rgb"))}
	if c.tema, err = intero(x.attributo("theme"), -1); err != nil {
		return c, err
	}
	if c.indice, err = intero(x.attributo("indexed"), -1); err != nil {
		return c, err
	}
	if t := x.attributo("tint"); t != nil {
		if c.tinta, err = strconv.ParseFloat(string(t), 64); err != nil || c.tinta < -1 || c.tinta > 1 {
			return c, fmt.Errorf("the tint %.20q", t)
		}
	}
	c.nessuno = vero(x.attributo("auto"))
	return c, nil
}

// risolvi returns a colour as RRGGBB; "" for none and for white.
func (s *fogliStile) risolvi(c riferito) string {
	base := ""
	switch {
	case c.nessuno:
		return ""
	case c.rgb != "":
		base = c.rgb
	case c.tema >= 0 && c.tema < len(s.o.tema):
		base = s.o.tema[c.tema]
	case s.paletta == nil && c.indice >= 0 && c.indice < len(palettaExcel):
		base = palettaExcel[c.indice]
	case c.indice >= 0 && c.indice < len(s.paletta):
		base = s.paletta[c.indice].rgb()
	case c.indice == 64: // the system's text colour; 65, its background, is white
		base = "000000"
	}
	if c.tinta != 0 && base != "" {
		base = tinteggia(base, c.tinta)
	}
	if base == "FFFFFF" {
		return ""
	}
	return base
}

// scritto is a colour of the palette as it is written: hardly any is asked for, so that none
// is made a string before it is.
type scritto struct {
	b [len("AARRGGBB")]byte
	n int
}

func scrittoCosi(b []byte) (s scritto) {
	if len(b) <= len(s.b) {
		s.n = copy(s.b[:], b)
	}
	return s
}

func (s *scritto) rgb() string { return rgb(s.b[:s.n]) }

// rgb reads "RRGGBB" with an alpha before it, which no program heeds, or without;
// "" where it is neither.
func rgb(b []byte) string {
	if len(b) == 8 {
		b = b[2:]
	}
	if len(b) != 6 {
		return ""
	}
	for _, c := range b {
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F') {
			return ""
		}
	}
	return strings.ToUpper(string(b))
}

// intero reads a number from 0 up; altrimenti is for an attribute that is missing.
func intero(b []byte, altrimenti int) (int, error) {
	if b == nil {
		return altrimenti, nil
	}
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' || n > 1<<24 {
			return 0, fmt.Errorf("%.20q is no number", b)
		}
		n = n*10 + int(c-'0')
	}
	if len(b) == 0 {
		return 0, fmt.Errorf("a number is empty")
	}
	return n, nil
}
