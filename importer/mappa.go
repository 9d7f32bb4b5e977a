package importer

// mappa tells which text covers a cell of a sheet. It holds the rows that have one, each
// to its last one: what is asked for every cell must cost nothing.
type mappa struct {
	prima int          // the first row that holds a text
	righe [][]*casella // from it on, by column from 1
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
	m := &mappa{prima: caselle[0].Riga}
	righe, colonne := righeCoperte, colonneCoperte
	larghe, tutte := m.larghezze(caselle, righe, colonne)
	if tutte > limiteMappa {
		righe, colonne = 0, 0
		larghe, tutte = m.larghezze(caselle, righe, colonne)
	}
	m.righe = make([][]*casella, len(larghe))
	if cap(t.coperte) < tutte {
		t.coperte = make([]*casella, tutte)
	}
	memoria := t.coperte[:tutte]
	clear(memoria)
	for i, n := range larghe {
		m.righe[i], memoria = memoria[:n:n], memoria[n:]
	}
	for _, c := range caselle {
		fino := min(c.FinoColonna, c.Colonna+colonne)
		for r := c.Riga; r <= min(c.FinoRiga, c.Riga+righe); r++ {
			riga := m.righe[r-m.prima]
			for col := c.Colonna; col <= fino; col++ {
				riga[col-1] = c
			}
		}
	}
	return m
}

// larghezze returns the last column that each row holds, and their sum.
func (m *mappa) larghezze(caselle []*casella, righe, colonne int) (larghe []int32, tutte int) {
	ultima := 0
	for _, c := range caselle {
		ultima = max(ultima, min(c.FinoRiga, c.Riga+righe))
	}
	larghe = make([]int32, ultima-m.prima+1)
	for _, c := range caselle {
		fino := int32(min(c.FinoColonna, c.Colonna+colonne))
		for r := c.Riga; r <= min(c.FinoRiga, c.Riga+righe); r++ {
			larghe[r-m.prima] = max(larghe[r-m.prima], fino)
		}
	}
	for _, n := range larghe {
		tutte += int(n)
	}
	return larghe, tutte
}

// in returns the text that covers the cell, nil for none.
func (m *mappa) in(riga, colonna int) *casella {
	r := riga - m.prima
	if r < 0 || r >= len(m.righe) || colonna < 1 || colonna > len(m.righe[r]) {
		return nil
	}
	return m.righe[r][colonna-1]
}

// primo returns the first text that covers one of those cells of a row, nil for none.
func (m *mappa) primo(riga, da, a int) *casella {
	r := riga - m.prima
	if r < 0 || r >= len(m.righe) {
		return nil
	}
	for col := max(da, 1); col <= min(a, len(m.righe[r])); col++ {
		if c := m.righe[r][col-1]; c != nil {
			return c
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
