package importer

import "slices"

// mappa tells which text covers a cell of a sheet. It holds the rows that have one, each
// to its last one: what is asked for every cell must cost nothing.
type mappa struct {
	caselle []*casella // of the sheet
	prima   int        // the first row that holds a text
	inizi   []int      // where in coperte each row from it on begins, and where the last one ends
	coperte []int32    // row by row, by column from 1: the place in caselle, from 1; 0 for no text
}

// A merged area is noted so far and no farther: no card is that large.
const (
	righeCoperte   = 500
	colonneCoperte = 300
)

// limiteMappa is how many cells are noted at most. Beyond it merged areas count as
// their first cell: the reader of workbooks bounds what single cells come to.
const limiteMappa = 6_000_000

// mappaDi notes the cells that the texts cover, which come by row, then column.
func (t *tavolo) mappa(caselle []*casella) *mappa {
	if len(caselle) == 0 {
		return &mappa{}
	}
	m := &mappa{caselle: caselle, prima: caselle[0].Riga}
	righe, colonne := righeCoperte, colonneCoperte
	m.inizi = m.iniziali(t.inizi, caselle, righe, colonne)
	if m.inizi[len(m.inizi)-1] > limiteMappa {
		righe, colonne = 0, 0
		m.inizi = m.iniziali(m.inizi, caselle, righe, colonne)
	}
	t.inizi = m.inizi
	tutte := m.inizi[len(m.inizi)-1]
	if cap(t.coperte) < tutte {
		t.coperte = make([]int32, tutte)
	}
	m.coperte = t.coperte[:tutte]
	clear(m.coperte)
	for i, c := range caselle {
		fino := min(c.FinoColonna, c.Colonna+colonne)
		for r := c.Riga; r <= min(c.FinoRiga, c.Riga+righe); r++ {
			riga := m.riga(r)
			for col := c.Colonna; col <= fino; col++ {
				riga[col-1] = int32(i + 1)
			}
		}
	}
	return m
}

// iniziali returns where each row begins: each holds the cells to its last text. It writes
// them over inizi, where there is room.
func (m *mappa) iniziali(inizi []int, caselle []*casella, righe, colonne int) []int {
	ultima := 0
	for _, c := range caselle {
		ultima = max(ultima, min(c.FinoRiga, c.Riga+righe))
	}
	inizi = slices.Grow(inizi[:0], ultima-m.prima+2)[:ultima-m.prima+2]
	clear(inizi)
	for _, c := range caselle {
		fino := min(c.FinoColonna, c.Colonna+colonne)
		for r := c.Riga; r <= min(c.FinoRiga, c.Riga+righe); r++ {
			inizi[r-m.prima+1] = max(inizi[r-m.prima+1], fino)
		}
	}
	for i := range inizi[1:] {
		inizi[i+1] += inizi[i]
	}
	return inizi
}

// riga returns the texts that cover the cells of a row, from its first on.
func (m *mappa) riga(riga int) []int32 {
	r := riga - m.prima
	if r < 0 || r >= len(m.inizi)-1 {
		return nil
	}
	return m.coperte[m.inizi[r]:m.inizi[r+1]]
}

// in returns the text that covers the cell, nil for none.
func (m *mappa) in(riga, colonna int) *casella {
	coperte := m.riga(riga)
	if colonna < 1 || colonna > len(coperte) || coperte[colonna-1] == 0 {
		return nil
	}
	return m.caselle[coperte[colonna-1]-1]
}

// primo returns the first text that covers one of those cells of a row, nil for none.
func (m *mappa) primo(riga, da, a int) *casella {
	coperte := m.riga(riga)
	for col := max(da, 1); col <= min(a, len(coperte)); col++ {
		if i := coperte[col-1]; i != 0 {
			return m.caselle[i-1]
		}
	}
	return nil
}

// iniziDi returns where among the texts those of each row from da to a begin, and where the
// last ones end.
func iniziDi(caselle []*casella, da, a int) []int32 {
	inizi, i := make([]int32, max(0, a-da+1)+1), 0
	for k := range inizi {
		for i < len(caselle) && caselle[i].Riga < da+k {
			i++
		}
		inizi[k] = int32(i)
	}
	return inizi
}

// inizianoIn returns the texts of the card that begin in the row, left to right.
func (r *riquadro) inizianoIn(riga int) []*casella {
	if riga < r.da || riga-r.da >= len(r.inizi)-1 {
		return nil
	}
	da, a := r.inizi[riga-r.da], r.inizi[riga-r.da+1]
	return r.caselle[da:a:a]
}
