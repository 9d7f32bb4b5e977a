package piano

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// Confronto holds a result against its target. Where both are numbers as DESIGN.md
// says they are written it has a per cent; else it is not computable, which is a
// result with its reason, and never 0 or 100. Whether a lower value is the better one
// is not decided here: no card says so.
type Confronto struct {
	Target      string    `json:"target"`    // as written
	Risultato   string    `json:"risultato"` // as written
	Percento    *Decimale `json:"percento"`  // 0..100, to the hundredth; nil for not computable
	Derivazione string    `json:"derivazione"`
	Mancano     []string  `json:"mancano"` // which of the two the card does not have
}

// Confronta holds the result of an indicator against its target, those of mid-year or
// those of the year's end.
func (i Indicatore) Confronta(genere GenereSessione) Confronto {
	target, risultato, quando := i.TargetAnno, i.RisultatoFinale, [2]string{"target dell'anno", "risultato finale"}
	if genere == MetaAnno {
		target, risultato, quando = i.TargetMetaAnno, i.RisultatoMetaAnno, [2]string{"target a metà anno", "risultato a metà anno"}
	}
	c := Confronto{Target: target, Risultato: risultato, Mancano: []string{}}
	var motivi []string
	for k, v := range [2]string{target, risultato} {
		if nonScritto(v) {
			c.Mancano = append(c.Mancano, quando[k])
			motivi = append(motivi, "il "+quando[k]+alSuoPosto(v))
		}
	}
	if motivi != nil {
		manca := map[int]string{1: "manca ", 2: "mancano "}[len(motivi)]
		motivi = []string{manca + strings.Join(motivi, " e ")}
	}
	if motivi == nil {
		motivi = c.calcola(quando, strings.Contains(i.Unita, "%") || strings.Contains(Normalizza(i.Unita), "percent"))
	}
	if motivi != nil {
		c.Derivazione = "Non calcolabile: " + strings.Join(motivi, " e ") + "."
	}
	return c
}

// nonScritto tells whether a value is one of the ways in which offices leave a box
// blank.
func nonScritto(v string) bool {
	v = strings.ReplaceAll(strings.ReplaceAll(Normalizza(v), ".", ""), " ", "")
	return strings.Trim(v, `-–—_\/…`) == "" || slices.Contains([]string{"nd", "n/d", "np", "na", "n/a"}, v)
}

// alSuoPosto shows what stands there instead of a value.
func alSuoPosto(v string) string {
	if v == "" {
		return ""
	}
	return fmt.Sprintf(" (è scritto %s)", virgolette(v))
}

// calcola sets the per cent and its sentence, or returns why there is none.
// percentuale says that the indicator's unit is per cent: then a number without the
// sign is one, too.
func (c *Confronto) calcola(quando [2]string, percentuale bool) []string {
	var motivi []string
	t, r := LeggiNumero(c.Target), LeggiNumero(c.Risultato)
	for k, n := range [2]Numero{t, r} {
		if !n.Numerico {
			motivi = append(motivi, fmt.Sprintf("il %s %s", quando[k], virgolette(n.Testo)))
		}
	}
	switch {
	case len(motivi) == 1:
		return []string{motivi[0] + " non è un numero"}
	case motivi != nil:
		return []string{strings.Join(motivi, " e ") + " non sono numeri"}
	case t.Percento != r.Percento && !percentuale:
		nome := map[bool]string{true: "una percentuale", false: "un numero senza percentuale"}
		return []string{fmt.Sprintf("il %s è %s, il %s %s", quando[0], nome[t.Percento], quando[1], nome[r.Percento])}
	case t.Valore == 0:
		return []string{fmt.Sprintf("il %s è zero e il rapporto non ha senso", quando[0])}
	case t.Valore < 0:
		return []string{fmt.Sprintf("il %s è negativo", quando[0])}
	}
	segno := ""
	if t.Percento || r.Percento {
		segno = "%"
	}
	pieno, esatto := rapporto(r.Valore, t.Valore)
	frase := fmt.Sprintf("%s%s su %s%s: 100 × %s ÷ %s = %s%%", r.Valore.Italiano(), segno, t.Valore.Italiano(), segno,
		r.Valore.Italiano(), t.Valore.Italiano(), pieno.Italiano())
	if !esatto {
		frase += " (arrotondato al centesimo)"
	}
	p := max(0, min(NewDecimale(100), pieno))
	if p != pieno {
		frase += fmt.Sprintf(", che vale %s%%", p.Italiano())
	}
	c.Percento, c.Derivazione = &p, frase+"."
	return nil
}

// massimoPercento is where a quotient stops being told exactly: a target of a
// millionth would give more digits than a Decimale holds.
const massimoPercento = 1_000_000_000

// rapporto returns 100·r/t to the hundredth, half away from zero, and whether that is
// exact. t is above zero.
func rapporto(r, t Decimale) (Decimale, bool) {
	n := new(big.Int).Mul(big.NewInt(int64(r)), big.NewInt(10_000))
	q, resto := new(big.Int).QuoRem(n, big.NewInt(int64(t)), new(big.Int))
	doppio := new(big.Int).Mul(resto.Abs(resto), big.NewInt(2))
	if doppio.CmpAbs(big.NewInt(int64(t))) >= 0 {
		q.Add(q, big.NewInt(int64(n.Sign())))
	}
	esatto := resto.Sign() == 0
	limite := big.NewInt(massimoPercento * 100)
	if q.CmpAbs(limite) > 0 {
		q, esatto = limite.Mul(limite, big.NewInt(int64(n.Sign()))), false
	}
	return Decimale(q.Int64() * (unita / 100)), esatto
}
