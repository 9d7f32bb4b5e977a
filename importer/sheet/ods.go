package sheet

import (
	"fmt"
	"strings"
	"time"
)

// lettoreODS reads an OpenDocument spreadsheet: first the styles, then content.xml in
// one walk. What OpenDocument says in few bytes, "this row a million times", is
// written out only where it holds something, and within the budget of cells.
type lettoreODS struct {
	a *archivio
	s stiliODS

	origine  time.Time // the day that serial numbers count from
	cartella Cartella
	tenute   int               // cells kept so far
	noti     map[string]string // texts of cells, each kept once

	x      *lettoreXML
	foglio foglioODS
	buf    []byte // a cell's text
}

// limiteTinte is how often a row is written out that holds colours only: one that is
// repeated farther is the decoration of a sheet, and no mark. Columns have the limit
// of the other reader.
const limiteTinte = 100

// manifestoODF is the list of an OpenDocument's parts.
const manifestoODF = "META-INF/manifest.xml"

// apriODS reads an OpenDocument archive.
func apriODS(a *archivio) (Cartella, error) {
	l := &lettoreODS{a: a, origine: giornoZero, noti: map[string]string{}}
	for _, passo := range []struct {
		parte string
		leggi func() error
	}{
		{manifestoODF, l.leggiManifesto},
		{"meta.xml", l.leggiMeta},
		{"styles.xml", l.leggiStili},
		{"content.xml", l.leggiContenuto},
	} {
		if passo.parte != "content.xml" && !a.ha(passo.parte) {
			continue // the others may be missing
		}
		var err error
		if l.x, err = a.xml(passo.parte); err != nil {
			return Cartella{}, err
		}
		l.x.nominaDTD = passo.parte == manifestoODF
		if err := passo.leggi(); err != nil {
			return Cartella{}, err
		}
		for l.x.avanti() != basta {
		}
		if l.x.err != nil {
			return Cartella{}, l.x.err
		}
	}
	return l.cartella, a.restanti()
}

// figlio goes to the next element right below the one at livello, and tells whether
// there is one.
func (x *lettoreXML) figlio(livello int) bool {
	for {
		switch x.avanti() {
		case apre:
			return true
		case chiude:
			if x.livello == livello {
				return false
			}
		case basta:
			return false
		}
	}
}

// sorvola goes to the end of the element just opened.
func (x *lettoreXML) sorvola() {
	for livello := x.livello; ; {
		switch x.avanti() {
		case chiude:
			if x.livello == livello {
				return
			}
		case basta:
			return
		}
	}
}

// è tells the element just opened.
func (x *lettoreXML) è(s spazio, nome string) bool { return x.spazio == s && string(x.nome) == nome }

// radiceDetta opens the root, which must be that element.
func (l *lettoreODS) radiceDetta(s spazio, nome string) error {
	if l.x.avanti() == apre && !l.x.è(s, nome) {
		return fmt.Errorf("%w: %s begins with %s", ErrDanneggiato, l.x.parte, l.x.nome)
	}
	return l.x.err
}

// leggiManifesto looks for what is encrypted: the parts themselves would only look
// broken.
func (l *lettoreODS) leggiManifesto() error {
	if err := l.radiceDetta(odfManifest, "manifest"); err != nil {
		return err
	}
	for l.x.avanti() != basta {
		if l.x.è(odfManifest, "encryption-data") {
			return ErrProtetto
		}
	}
	return l.x.err
}

// leggiMeta takes the day and hour of the last saving. OpenDocument writes the hour
// of the clock on the wall, without its zone: it is taken for UTC's, as the same
// programs write it into an .xlsx.
func (l *lettoreODS) leggiMeta() error {
	for l.x.avanti() != basta {
		if !l.x.è(dcElementi, "date") {
			continue
		}
		if l.x.avanti() != parola {
			continue
		}
		quando := strings.TrimSpace(string(l.x.testo))
		for _, forma := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
			if t, err := time.Parse(forma, quando); err == nil {
				l.cartella.Modificata = t
			}
		}
	}
	return l.x.err
}

// leggiStili reads the named styles; the automatic ones of styles.xml are those of
// page headers.
func (l *lettoreODS) leggiStili() error {
	if err := l.radiceDetta(odfOffice, "document-styles"); err != nil {
		return err
	}
	for l.x.figlio(1) {
		if l.x.è(odfOffice, "styles") {
			l.s.leggi(l.x, &l.s.comuni)
		} else {
			l.x.sorvola()
		}
	}
	return l.x.err
}

// leggiContenuto reads the automatic styles, which come first, and the sheets.
func (l *lettoreODS) leggiContenuto() error {
	if err := l.radiceDetta(odfOffice, "document-content"); err != nil {
		return err
	}
	trovato := false
	for l.x.figlio(1) {
		switch {
		case l.x.è(odfOffice, "automatic-styles"):
			l.s.leggi(l.x, &l.s.automatici)
		case l.x.è(odfOffice, "body"):
			for l.x.figlio(2) {
				if !l.x.è(odfOffice, "spreadsheet") {
					l.x.sorvola()
					continue
				}
				trovato = true
				if err := l.leggiFogli(); err != nil {
					return err
				}
			}
		default:
			l.x.sorvola()
		}
	}
	if l.x.err == nil && !trovato {
		return fmt.Errorf("%w: no spreadsheet inside", ErrDanneggiato)
	}
	return l.x.err
}

// leggiFogli reads what stands in office:spreadsheet.
func (l *lettoreODS) leggiFogli() error {
	for livello := l.x.livello; l.x.figlio(livello); {
		var err error
		switch {
		case l.x.è(odfTable, "table"):
			err = l.leggiFoglio()
		case l.x.è(odfTable, "calculation-settings"):
			err = l.leggiOrigine()
		case l.x.è(odfTable, "named-expressions"):
			err = l.leggiNomi()
		default: // validations, database ranges, recorded changes with the cells of the past
			l.x.sorvola()
		}
		if err != nil {
			return err
		}
	}
	return l.x.err
}

// leggiOrigine reads where serial numbers of days begin.
func (l *lettoreODS) leggiOrigine() error {
	for livello := l.x.livello; l.x.figlio(livello); {
		if l.x.è(odfTable, "null-date") {
			if v := l.x.attributoIn(odfTable, "date-value"); v != nil {
				t, err := time.Parse(time.DateOnly, string(v))
				if err != nil {
					return fmt.Errorf("%w: the day zero %.20q", ErrDanneggiato, v)
				}
				l.origine = t
			}
		}
		l.x.sorvola()
	}
	return l.x.err
}

// leggiNomi reads the defined names of the workbook; what they refer to is written as
// in an .xlsx.
func (l *lettoreODS) leggiNomi() error {
	for livello := l.x.livello; l.x.figlio(livello); {
		nome := string(l.x.attributoIn(odfTable, "name"))
		switch {
		case l.x.è(odfTable, "named-range"):
			l.nome(nome, riferimento(string(l.x.attributoIn(odfTable, "cell-range-address"))))
		case l.x.è(odfTable, "named-expression"):
			l.nome(nome, espressione(string(l.x.attributoIn(odfTable, "expression"))))
		}
		if l.x.sorvola(); len(l.cartella.Nomi) > limiteNomi {
			return fmt.Errorf("%w: more than %d names", ErrTroppoGrande, limiteNomi)
		}
	}
	return l.x.err
}

func (l *lettoreODS) nome(nome, cosa string) {
	if nome == "" {
		return
	}
	if l.cartella.Nomi == nil {
		l.cartella.Nomi = map[string]string{}
	}
	l.cartella.Nomi[nome] = cosa
}

// espressione takes the name of the formula language off an expression: "of:=1+1".
func espressione(s string) string {
	if i := strings.IndexAny(s, ":\"'["); i >= 0 && s[i] == ':' {
		s = s[i+1:]
	}
	return strings.TrimPrefix(s, "=")
}

// riferimento turns "$'Ob. 1-3'.$A$1:.$B$2" into "'Ob. 1-3'!$A$1:$B$2".
func riferimento(s string) string {
	var b strings.Builder
	apice, foglio := false, 0 // where the sheet's name begins
	for i := range len(s) {
		switch {
		case s[i] == '\'':
			apice = !apice
		case apice:
		case s[i] == ':':
			b.WriteString(s[foglio : i+1])
			foglio = i + 1
		case s[i] == '.':
			if nome := strings.TrimPrefix(s[foglio:i], "$"); nome != "" {
				b.WriteString(nome + "!")
			}
			foglio = i + 1
		}
	}
	return b.String() + s[foglio:]
}
