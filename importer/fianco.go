package importer

// vuoteAccanto is how many blank columns part a card from another table at its right.
const vuoteAccanto = 2

// stringi leaves out of the card what stands at its right beyond blank columns: another
// table that someone keeps on the same sheet. A label, a month or a mark there is the card's,
// and so is a single remark.
func (r *riquadro) stringi() {
	piene := make([]bool, r.ac+2)
	for _, c := range r.caselle {
		if c.Riga >= r.corpo {
			for col := c.Colonna; col <= min(c.FinoColonna, r.ac); col++ {
				piene[col] = true
			}
		}
	}
	prima := r.dac
	if r.ancora != nil {
		prima = r.ancora.Colonna
	}
	fine := 0
	for col, vuote := prima, 0; col <= r.ac; col++ {
		if piene[col] {
			vuote = 0
		} else if vuote++; vuote == vuoteAccanto {
			fine = col - vuoteAccanto
			if r.altraTabella(fine) {
				break
			}
			fine = 0
		}
	}
	if fine == 0 || fine < prima {
		return
	}
	var sue []*casella
	for _, c := range r.caselle {
		if c.Colonna <= fine {
			sue = append(sue, c)
		}
	}
	r.caselle, r.ac = sue, fine
	r.inizi = iniziDi(sue, r.da, r.a)
}

// valoriLontani finds the column of a card that keeps the values of its fields far to the
// right of their labels, last in their rows: three of them at least, and more than near.
func (r *riquadro) valoriLontani() {
	vicini, lontani := 0, map[int]int{}
	for i, c := range r.caselle {
		if !c.anagrafe() || c.Riga < r.corpo || i+1 == len(r.caselle) || r.caselle[i+1].Riga != c.Riga {
			continue
		}
		v := r.caselle[i+1]
		ultimo := i+2 == len(r.caselle) || r.caselle[i+2].Riga != c.Riga
		if v.Colonna-c.FinoColonna <= lontano {
			vicini++
		} else if ultimo {
			lontani[v.Colonna]++
		}
	}
	for col, n := range lontani {
		if n >= 3 && n > vicini {
			r.colonnaValori = col
		}
	}
}

// altraTabella tells whether what stands beyond the column is a table of its own.
func (r *riquadro) altraTabella(colonna int) bool {
	if colonna < r.colonnaValori {
		return false
	}
	quante, righe, ultima, mesi := 0, 0, 0, 0
	for _, c := range r.caselle {
		if c.Colonna <= colonna || c.Riga < r.corpo {
			continue
		}
		if c.ancora || c.segno == segnoSi || c.periodi != nil || (c.etichetta() || c.titolaIndicatori || c.verso != rIgnota) && !r.altraTestata(c, colonna) {
			return false
		}
		if c.mesi != 0 {
			mesi++
		}
		quante++
		if c.Riga != ultima {
			righe, ultima = righe+1, c.Riga
		}
	}
	return quante >= 4 && righe >= 2 && mesi < 10
}

// altraTestata tells whether a text beyond the column stands among the headings of a table
// that is none of a card's: three at least, and a row of as many below them.
func (r *riquadro) altraTestata(c *casella, colonna int) bool {
	quante, sotto := 0, 0
	for _, t := range r.inizianoIn(c.Riga) {
		if t.Colonna <= colonna {
			continue
		}
		if t.soloSezione > sRisultati || contiene(t.k, "indicator") {
			return false
		}
		if ruolo := t.colonna(r.anno); t.verso == rIgnota && iDescrizione < ruolo && ruolo < iAltro {
			return false
		}
		quante++
	}
	for _, t := range r.inizianoIn(c.FinoRiga + 1) {
		if t.Colonna > colonna {
			sotto++
		}
	}
	return quante >= 3 && sotto >= 3
}

// isole passes over another table at the card's right whose columns are the card's own further
// down: texts that no section has taken, far from everything at their left.
func (r *riquadro) isole() {
	var sue []*casella
	righe, prima := 0, 0
	for _, c := range r.caselle {
		if c.presa || c.Riga < r.corpo || c.segno == segnoSi || !r.isolata(c, sue) {
			continue
		}
		if sue = append(sue, c); c.Riga != prima {
			righe, prima = righe+1, c.Riga
		}
	}
	if len(sue) < 4 || righe < 2 {
		return
	}
	for _, c := range sue {
		c.presa = true
	}
}

// isolata tells whether blank columns part the text from what stands at its left, or only
// other such texts do not.
func (r *riquadro) isolata(c *casella, isole []*casella) bool {
	for _, v := range r.inizianoIn(c.Riga) {
		if v.Colonna < c.Colonna && c.Colonna-v.FinoColonna <= vuoteAccanto+1 {
			return len(isole) > 0 && isole[len(isole)-1] == v
		}
	}
	return c.Colonna-r.dac > lontano
}
