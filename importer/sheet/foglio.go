package sheet

import (
	"bytes"
	"fmt"
	"slices"
)

// The limits of a sheet. A file of objectives has some hundred rows; what is far
// beyond is refused with a clear sentence rather than read for minutes.
const (
	limiteCelle      = 3_000_000 // <c> elements of a workbook
	limiteTenute     = 1_000_000 // cells that hold something, of a workbook
	limiteUnioni     = 20_000    // merged areas of a sheet
	limiteRigheVuote = 50_000    // rows in a row that hold nothing
	limiteDistesa    = 3_000_000 // cells of a sheet, counted to the last text of each row
	ultimaRiga       = 1_048_576
	ultimaColonna    = 16_384
)

// limiteColori is how many columns of a sheet are looked at for their fill: a
// cronoprogramma of some years is narrower, a decorated row goes to the last one.
const limiteColori = 120

// blocco is how many cells are kept together at most while a sheet is read.
const blocco = 4_096

// bytePerCella is how many bytes a sheet is thought to have for each cell that is kept: a
// card has 70 to 340, for most of its cells hold nothing. Where the sheets of a workbook
// turn out to be denser, the next one is given more memory at once.
const bytePerCella = 85

// foglioOOXML reads one sheet.
type foglioOOXML struct {
	o     *ooxml
	x     *lettoreXML
	parte string

	celle        []Cella   // those of the last block
	blocchi      [][]Cella // full ones: a slice that grew would leave twice its memory behind
	unioni       []Area
	alte         int // merged areas of many rows
	righeNasc    []Tratto
	colonneNasc  []Tratto
	dati         bool // <sheetData> was seen
	dentro       string
	riga, ultima int // the present row, and the last one; 0 before the first
	colonna      int // the last column of the present row
	disordine    bool
	vuote        int // rows in a row that hold nothing
	distesa      int
	lunga        int // last column of the present row that holds a text
	piena        bool
	svelta       bool // the cells of the present row may be taken by the short way

	// the present cell
	tipo    tipoCella
	stile   int // its place in o.stili
	formula bool
	valore  bool // <v> was seen
	in      byte // 'v', 'f' or 0
	grezzo  []byte
	is      raccoglitore
	inline  bool
}

// foglio reads a sheet with its comments.
func (o *ooxml) foglio(parte string, e foglioElencato) (Foglio, error) {
	x, err := o.a.xml(parte)
	if err != nil {
		return Foglio{}, err
	}
	l := &foglioOOXML{o: o, x: x, parte: parte, is: raccoglitore{livello: 5}, celle: make([]Cella, 0, min(len(x.b)/o.bytePerCella+8, blocco))}
	for ev := x.avanti(); ev != basta; ev = x.avanti() {
		if err := l.vede(ev); err != nil {
			return Foglio{}, fmt.Errorf("%w: %s, byte %d: %w", ErrDanneggiato, parte, x.i, err)
		}
		if !l.svelta || x.vuoto || !(ev == apre && x.livello == 3 || ev == chiude && x.livello == 4) {
			continue
		}
		if err := l.celleSvelte(); err != nil {
			return Foglio{}, fmt.Errorf("%w: %s, byte %d: %w", ErrDanneggiato, parte, x.i, err)
		}
	}
	if x.err != nil {
		return Foglio{}, x.err
	}
	if !l.dati {
		return Foglio{}, fmt.Errorf("%w: %s has no cells", ErrDanneggiato, parte)
	}
	if len(l.blocchi) > 0 {
		l.celle = slices.Concat(append(l.blocchi, l.celle)...)
		o.bytePerCella = max(1, min(o.bytePerCella, len(x.b)/len(l.celle)*15/16))
	}
	if l.disordine {
		if err := l.ordina(); err != nil {
			return Foglio{}, fmt.Errorf("%w: %s: %w", ErrDanneggiato, parte, err)
		}
	}
	f := NewFoglio(Piega(e.nome), e.nascosto, l.celle, l.unioni)
	f.RigheNascoste, f.ColonneNascoste = l.righeNasc, l.colonneNasc
	f.Commenti, err = o.commenti(parte)
	return f, err
}

// ordina puts cells that were written in another order in their places.
func (l *foglioOOXML) ordina() error {
	slices.SortStableFunc(l.celle, confronta)
	for i := 1; i < len(l.celle); i++ {
		if confronta(l.celle[i-1], l.celle[i]) == 0 {
			return fmt.Errorf("two cells %s", Indirizzo(l.celle[i].Riga, l.celle[i].Colonna))
		}
	}
	return nil
}

func (l *foglioOOXML) vede(ev evento) error {
	x := l.x
	if x.livello >= 5 || x.livello == 4 && ev == parola {
		return l.dellaCella(ev)
	}
	if ev == parola {
		if l.dentro == "sheetData" && len(bytes.TrimSpace(x.testo)) > 0 {
			return fmt.Errorf("%.20q between the cells", x.testo)
		}
		return nil
	}
	if x.spazio != principale {
		if x.livello == 1 {
			return fmt.Errorf("it begins with <%s>", x.nome)
		}
		return nil
	}
	switch x.livello {
	case 1:
		if ev == apre && string(x.nome) != "worksheet" {
			return fmt.Errorf("it begins with <%s>", x.nome)
		}
	case 2:
		return l.sezione(ev)
	case 3:
		return l.terzo(ev)
	case 4:
		return l.quarto(ev)
	}
	return nil
}

// sezione begins or ends a child of <worksheet>.
func (l *foglioOOXML) sezione(ev evento) error {
	if ev == chiude {
		l.dentro = ""
		return nil
	}
	switch string(l.x.nome) {
	case "sheetData":
		if l.dati {
			return fmt.Errorf("<sheetData> twice")
		}
		l.dati, l.dentro = true, "sheetData"
	case "mergeCells":
		l.dentro = "mergeCells"
		l.unioni = slices.Grow(l.unioni, annunciati(l.x, "count", len(`<mergeCell ref="A1:A2"/>`), limiteUnioni))
	case "cols":
		l.dentro = "cols"
	default:
		l.dentro = ""
	}
	return nil
}

// terzo takes a row, a merged area, a group of columns.
func (l *foglioOOXML) terzo(ev evento) error {
	switch nome := l.x.nome; {
	case l.dentro == "sheetData" && string(nome) == "row":
		if ev == apre {
			return l.iniziaRiga()
		}
		return l.finisceRiga()
	case l.dentro == "sheetData" && string(nome) != "extLst":
		return fmt.Errorf("<%s> among the rows", nome)
	case ev == chiude:
	case l.dentro == "mergeCells" && string(nome) == "mergeCell":
		return l.unione()
	case l.dentro == "cols" && string(nome) == "col" && vero(l.x.attributo("hidden")):
		da, err := intero(l.x.attributo("min"), 0)
		if err != nil {
			return err
		}
		a, err := intero(l.x.attributo("max"), 0)
		if err != nil {
			return err
		}
		if da < 1 || a < da || a > ultimaColonna {
			return fmt.Errorf("columns %d to %d", da, a)
		}
		l.colonneNasc = append(l.colonneNasc, Tratto{da, a})
	}
	return nil
}

func (l *foglioOOXML) iniziaRiga() error {
	l.riga++
	nascosta := false
	for i := range l.x.attr {
		a := &l.x.attr[i]
		if a.prefisso.da < a.prefisso.a {
			continue
		}
		switch attributoDiRiga(l.x.pezzo(a.nome)) {
		case rigaNumero:
			n, err := intero(l.x.valore(a), 0)
			if err != nil || n < 1 || n > ultimaRiga {
				return fmt.Errorf("there is no row %.20q", l.x.pezzo(a.valore))
			}
			l.riga = n
		case rigaNascosta:
			nascosta = vero(l.x.valore(a))
		case 0:
			return fmt.Errorf("a row has no %.20q", l.x.pezzo(a.nome))
		}
	}
	return l.vaARiga(nascosta)
}

// attributoDiRiga returns a bit of its own for each attribute of a row, 0 for what is none.
func attributoDiRiga(nome []byte) uint16 {
	switch string(nome) {
	case "r":
		return rigaNumero
	case "hidden":
		return rigaNascosta
	case "spans":
		return 1 << 2
	case "s":
		return 1 << 3
	case "customFormat":
		return 1 << 4
	case "ht":
		return 1 << 5
	case "customHeight":
		return 1 << 6
	case "outlineLevel":
		return 1 << 7
	case "collapsed":
		return 1 << 8
	case "thickTop":
		return 1 << 9
	case "thickBot":
		return 1 << 10
	case "ph":
		return 1 << 11
	}
	return 0
}

const rigaNumero, rigaNascosta = 1 << 0, 1 << 1

// vaARiga goes to the row l.riga.
func (l *foglioOOXML) vaARiga(nascosta bool) error {
	if l.riga > ultimaRiga {
		return fmt.Errorf("there is no row %d", l.riga)
	}
	if nascosta {
		if n := len(l.righeNasc); n > 0 && l.righeNasc[n-1].A == l.riga-1 {
			l.righeNasc[n-1].A++
		} else {
			l.righeNasc = append(l.righeNasc, Tratto{l.riga, l.riga})
		}
	}
	l.disordine = l.disordine || l.riga <= l.ultima
	l.ultima, l.colonna, l.piena, l.lunga, l.svelta = l.riga, 0, false, 0, l.x.svelto(3)
	return nil
}

func (l *foglioOOXML) finisceRiga() error {
	l.svelta = false
	l.distesa += l.lunga
	if l.piena {
		l.vuote = 0
	} else {
		l.vuote++
	}
	if l.vuote > limiteRigheVuote || l.distesa > limiteDistesa {
		return fmt.Errorf("%w: rows to no end", ErrTroppoGrande)
	}
	return nil
}

// unione takes a merged area; that of one cell is none.
func (l *foglioOOXML) unione() error {
	ref := l.x.attributo("ref")
	a, ok := areaDi(ref)
	if !ok {
		return fmt.Errorf("%.30q is no area", ref)
	}
	if a.Riga == a.FinoRiga && a.Colonna == a.FinoColonna {
		return nil
	}
	if len(l.unioni) == limiteUnioni {
		return fmt.Errorf("%w: more than %d merged areas", ErrTroppoGrande, limiteUnioni)
	}
	if a.FinoRiga-a.Riga >= altezzaBassa {
		if l.alte++; l.alte > limiteAlte {
			return fmt.Errorf("%w: more than %d merged areas of many rows", ErrTroppoGrande, limiteAlte)
		}
	}
	l.unioni = append(l.unioni, a)
	return nil
}

// areaDi reads "A1:B2" or "A1".
func areaDi(b []byte) (a Area, ok bool) {
	da, fino, due := bytes.Cut(b, []byte(":"))
	if !due {
		fino = da
	}
	var ok1, ok2 bool
	a.Riga, a.Colonna, ok1 = daIndirizzo(da)
	a.FinoRiga, a.FinoColonna, ok2 = daIndirizzo(fino)
	return a, ok1 && ok2 && a.Riga <= a.FinoRiga && a.Colonna <= a.FinoColonna && a.FinoRiga <= ultimaRiga && a.FinoColonna <= ultimaColonna
}

// quarto begins or ends a cell.
func (l *foglioOOXML) quarto(ev evento) error {
	if l.dentro != "sheetData" {
		return nil
	}
	if string(l.x.nome) != "c" {
		if string(l.x.nome) == "extLst" {
			return nil
		}
		return fmt.Errorf("<%s> among the cells", l.x.nome)
	}
	if ev == apre {
		return l.iniziaCella()
	}
	return l.finisceCella(l.grezzo, l.is.testo)
}
