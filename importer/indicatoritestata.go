package importer

import "slices"

// The heading of the indicators' table where it is more than one row of columns, or none.

// soliTesti tells whether a row holds the headings of description and expected results side by
// side, where nothing above says that they are an indicator's.
func (r *riquadro) soliTesti(celle []*casella) bool {
	for _, c := range celle {
		if c.soloSezione != sDescrizione && c.soloSezione != sRisultati {
			return false
		}
	}
	sopra := r.in(celle[0].Riga-1, celle[0].Colonna)
	return sopra == nil || sopra.soloSezione != sIndicatori
}

// secondaRiga splits the headings that have a second row of their own below: "Target" over
// "anno" and "metà anno", merged above them or written once for each.
func (r *riquadro) secondaRiga(t testata) testata {
	sotto := r.sottoTitoli(t)
	if len(sotto) == 0 {
		return t
	}
	var colonne []colonnaTestata
	for _, c := range t.colonne {
		suoi := 0
		for _, s := range sotto {
			if c.area.Colonna <= s.area.Colonna && s.area.FinoColonna <= c.area.FinoColonna {
				colonne = append(colonne, s)
				suoi++
			}
		}
		if suoi == 0 {
			colonne = append(colonne, c)
		}
	}
	t.colonne, t.fine = colonne, max(t.fine, t.riga+1)
	return t
}

// sottoTitoli returns the headings of the second row; none where the row holds an
// indicator.
func (r *riquadro) sottoTitoli(t testata) []colonnaTestata {
	var sotto []colonnaTestata
	dicono := 0
	for _, s := range r.inRiga(t.riga + 1) {
		i := slices.IndexFunc(t.colonne, func(c colonnaTestata) bool {
			return c.area.FinoRiga == t.riga && c.area.Colonna <= s.Colonna && s.FinoColonna <= c.area.FinoColonna
		})
		if i < 0 || s.valoreNumerico() || len(s.testo) > 40 {
			return nil
		}
		if t.colonne[i].ruolo == iDescrizione {
			ruolo := propria(s)
			if ruolo == iIgnota {
				return nil
			}
			sotto = append(sotto, colonnaTestata{area: s.Area, ruolo: ruolo})
			continue
		}
		sopra := r.in(t.riga, t.colonne[i].area.Colonna)
		ruolo := colonnaDi(chiave(sopra.testo+" "+s.testo), r.anno)
		if ruolo == iIgnota {
			ruolo = t.colonne[i].ruolo
		}
		if len(anni(s.testo)) > 0 || contiene(s.k, "anno", "annual", "meta", "giugno", "dicembre", "finale", "target", "risultat", "previst", "attes", "ottenut", "semestr", "precedent", "30", "31", "sem", "raggiunt", "inizial", "intermed", "consuntiv") {
			dicono++
		}
		sotto = append(sotto, colonnaTestata{area: s.Area, ruolo: ruolo})
	}
	if dicono < 2 || dicono*2 < len(sotto) {
		return nil
	}
	return sotto
}

// propria returns what a heading below the indicator's own says: its description, its unit,
// its number.
func propria(s *casella) colonnaIndicatore {
	if parolaSimile(s.nuda, "descrizione") || s.nuda == "denominazione" {
		return iDescrizione
	}
	if ruolo := colonnaDi(s.k, 0); ruolo == iDescrizione || ruolo == iUnita || ruolo == iAltro {
		return ruolo
	}
	return iIgnota
}

// conGruppi reads the headings of two columns that say the same with what stands above them:
// "Target | Risultato | Target | Risultato" below "Al 30/06" and "Al 31/12".
func (r *riquadro) conGruppi(t testata) testata {
	if !t.ripete() {
		return t
	}
	gruppi := r.inRiga(t.riga - 1)
	if len(gruppi) < 2 {
		return t
	}
	for _, g := range gruppi {
		if g.presa || g.etichetta() || g == r.ancora || g.Colonna <= t.colonne[0].area.Colonna {
			return t
		}
	}
	for i := range t.colonne {
		c, h := &t.colonne[i], r.in(t.fine, t.colonne[i].area.Colonna)
		for k := len(gruppi) - 1; h != nil && k >= 0; k-- {
			g := gruppi[k]
			if g.Colonna > c.area.Colonna {
				continue
			}
			if ruolo := colonnaDi(chiave(g.testo+" "+h.testo), r.anno); ruolo != iIgnota && (g.Colonna == g.FinoColonna || c.area.FinoColonna <= g.FinoColonna) {
				c.ruolo = ruolo
			}
			break
		}
	}
	t.riga--
	return t
}

// ripete tells whether two columns of values have the same role.
func (t testata) ripete() bool {
	var visti [iAltro]bool
	for _, c := range t.colonne {
		if iUnita < c.ruolo && c.ruolo < iAltro {
			if visti[c.ruolo] {
				return true
			}
			visti[c.ruolo] = true
		}
	}
	return false
}
