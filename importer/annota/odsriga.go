package annota

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// rigaODS is a row taken apart, without our old comments.
type rigaODS struct {
	e      xml.StartElement
	tag    []byte
	celle  []cellaODS
	fine   []byte // what stands after the last cell, its end tag included
	stile  string // the default style of its cells
	volte  int
	intera []byte // all of it, where nothing is to be done to it
}

// cellaODS is a cell, or several with one content side by side.
type cellaODS struct {
	e          xml.StartElement
	prima      []byte // what stands before it
	tag        []byte
	dentro     []byte // its contents and its end tag; nil where it is in one tag
	volte      int
	coperta    bool // by a merged cell
	commentata bool // by the office
}

// leggiRiga rewrites the row just opened: without our old comments, and with what is to
// be put to its cells.
func (f *foglioODS) leggiRiga(e xml.StartElement) {
	c := f.c
	c.copia(c.da)
	r := rigaODS{e: e, tag: c.in[c.da:c.a], stile: attributo(e, nsTable, "default-cell-style-name"), volte: max(1, numero(attributo(e, nsTable, "number-rows-repeated")))}
	inizio, prima := c.da, c.a
	pulita := true // nothing of ours was in it
	if c.vuoto() {
		c.sorvola()
		r.tag = append(bytes.TrimRight(bytes.Clone(r.tag[:len(r.tag)-2]), " \t\r\n"), '>')
		r.fine = []byte("</" + nomeIntero(r.tag) + ">")
	} else {
		for {
			e, ok := c.figlio()
			if !ok {
				break
			}
			if !è(e.Name, nsTable, "table-cell") && !è(e.Name, nsTable, "covered-table-cell") {
				c.sorvola()
				continue
			}
			inizioCella := c.da
			x, nostre := f.leggiCella(e, f.riga == 0 && len(r.celle) == 0)
			x.prima = c.in[prima:inizioCella]
			r.celle, prima, pulita = append(r.celle, x), c.a, pulita && !nostre
		}
		r.fine = c.in[prima:c.a]
	}
	r.intera = c.in[inizio:c.a]
	c.lascia(c.a)
	if c.err == nil {
		f.scriviRiga(r, pulita)
	}
}

// scriviRiga writes a row, apart from the others of its kind where it is marked.
func (f *foglioODS) scriviRiga(r rigaODS, pulita bool) {
	da, a := f.riga+1, f.riga+r.volte
	f.riga = a
	fatte := da - 1
	segui := func(fino int) {
		if n := fino - fatte; n > 0 {
			f.scrivi(r, n, 0)
			fatte = fino
		}
	}
	for len(f.righe) > 0 && f.righe[0] <= a {
		riga := f.righe[0]
		f.righe = f.righe[1:]
		segui(riga - 1)
		f.scrivi(r, 1, riga)
		fatte = riga
	}
	if fatte == da-1 && pulita {
		f.c.out.Write(r.intera)
		return
	}
	segui(a)
}

// scrivi writes a row n times; where it is row riga, and not 0, with its marks.
func (f *foglioODS) scrivi(r rigaODS, n, riga int) {
	volte := ""
	if n > 1 {
		volte = fmt.Sprint(n)
	}
	out := &f.c.out
	out.Write(senzaAttributo(r.tag, r.e, nsTable, "number-rows-repeated", volte))
	colonna, segnate := 0, f.perRiga[riga]
	for _, x := range r.celle {
		out.Write(x.prima)
		fino := colonna + x.volte
		for len(segnate) > 0 && segnate[0] <= fino {
			qui := segnate[0]
			segnate = segnate[1:]
			x.scrivi(out, qui-1-colonna, "")
			x.scrivi(out, 1, f.segna(x, riga, qui, r.stile))
			colonna = qui
		}
		if colonna < fino {
			x.scrivi(out, fino-colonna, "")
		}
		colonna = fino
	}
	for _, qui := range segnate { // right of what the row says: a cell put there would have its look
		f.segna(cellaODS{}, riga, qui, r.stile)
	}
	out.Write(r.fine)
}

// scrivi writes a cell n times, with a comment where that is not "".
func (x *cellaODS) scrivi(out *bytes.Buffer, n int, commento string) {
	if n < 1 {
		return
	}
	tag := x.tag
	if x.volte > 1 && n != x.volte {
		volte := ""
		if n > 1 {
			volte = fmt.Sprint(n)
		}
		tag = senzaAttributo(tag, x.e, nsTable, "number-columns-repeated", volte)
	}
	switch {
	case commento == "" || x.dentro != nil:
		out.Write(tag)
		out.WriteString(commento)
		out.Write(x.dentro)
	default:
		out.Write(bytes.TrimRight(tag[:len(tag)-2], " \t\r\n"))
		out.WriteString(">" + commento + "</" + nomeIntero(tag) + ">")
	}
}

// segna notes the border of a cell and returns its comment; "" where the office has one,
// or the cell is covered and shows none.
func (f *foglioODS) segna(x cellaODS, riga, colonna int, stileRiga string) string {
	s := f.segni[posto{riga, colonna}]
	base := cmp.Or(attributo(x.e, nsTable, "style-name"), stileRiga, f.stileColonna(colonna), "Default")
	larga, alta := max(1, numero(attributo(x.e, nsTable, "number-columns-spanned"))), max(1, numero(attributo(x.e, nsTable, "number-rows-spanned")))
	f.bordi = append(f.bordi, bordo{f.indirizzo(riga, colonna) + ":" + f.indirizzo(riga+alta-1, colonna+larga-1), f.indirizzo(riga, colonna),
		f.c.m.stileDi(base, f.c.stili, s.gravita)})
	if x.commentata || x.coperta {
		return ""
	}
	var b strings.Builder
	righe := strings.Count(s.testo, "\n") + len([]rune(s.testo))/50 + 1
	fmt.Fprintf(&b, `<office:annotation%s office:display="false" svg:width="8.5cm" svg:height="%.1fcm"><dc:creator>Scadenzario</dc:creator>`, f.c.spazi, 0.5*float64(righe)+0.4)
	for paragrafo := range strings.SplitSeq(s.testo, "\n") {
		b.WriteString("<text:p>" + testoXML(paragrafo) + "</text:p>")
	}
	b.WriteString("</office:annotation>")
	return b.String()
}

// leggiCella takes the cell just opened apart, without our comments; it tells whether it
// had any. The sheet's first cell also tells whether the sheet is ours.
func (f *foglioODS) leggiCella(e xml.StartElement, prima bool) (x cellaODS, nostre bool) {
	c := f.c
	x = cellaODS{e: e, tag: c.in[c.da:c.a], volte: max(1, numero(attributo(e, nsTable, "number-columns-repeated"))), coperta: è(e.Name, nsTable, "covered-table-cell")}
	if c.vuoto() {
		c.sorvola()
		return x, false
	}
	dentro, copiato := []byte{}, c.a
	for {
		e, ok := c.figlio()
		if !ok {
			break
		}
		inizio := c.da
		switch {
		case è(e.Name, nsOffice, "annotation"):
			if strings.HasPrefix(piano.Piega(c.testo()), strings.TrimSpace(inizioCommento)) {
				dentro, copiato, nostre = append(dentro, c.in[copiato:inizio]...), c.a, true
			} else {
				x.commentata = true
			}
		case prima && è(e.Name, nsText, "p"):
			f.nostro = f.nostro || eEsito(c.testo())
		default:
			c.sorvola()
		}
	}
	x.dentro = append(dentro, c.in[copiato:c.a]...)
	return x, nostre
}

// testo goes to the end of the element just opened and returns the text of its
// paragraphs, of the paragraph itself where it is one.
func (r *riscrittore) testo() string {
	var b strings.Builder
	for livello := 1; livello > 0; {
		switch t := r.avanti().(type) {
		case nil:
			return b.String()
		case xml.StartElement:
			if è(t.Name, nsDC, "creator") || è(t.Name, nsDC, "date") {
				r.sorvola()
				continue
			}
			livello++
		case xml.EndElement:
			b.WriteByte(' ')
			livello--
		case xml.CharData:
			b.Write(t)
		}
	}
	return b.String()
}

// legame is the link to a cell, "" where there is none.
func legame(foglio, cella string) string {
	if _, _, ok := sheet.DaIndirizzo(cella); !ok {
		return ""
	}
	return "#" + indirizzoODS(foglio, cella)
}
