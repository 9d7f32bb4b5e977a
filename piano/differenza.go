package piano

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Differenza is one value of a card that is not what it was: what an office reads as
// "what changed", and what a variation wants (DESIGN.md, 3, "Approval and
// variations").
type Differenza struct {
	Campo string `json:"campo"`          // JSON key of the value; "indicatore", "attivita", "obiettivo" for one added or taken away
	Voce  string `json:"voce,omitempty"` // of an indicator or activity: its description for comparing, "#2" after it for the second of that name
	Anno  int    `json:"anno,omitempty"` // of an activity
	Che   string `json:"che"`            // in Italian: "target anno di «Report inviati»"
	Prima string `json:"prima"`
	Dopo  string `json:"dopo"`
	Piano bool   `json:"piano"` // the plan's, and not its progress
	Cella string `json:"cella"` // where the new value stands; "" where it is gone
}

// String writes the difference in one line: "peso: 80 → 70", "mesi ottenuti di
// «Rilievo»: + mag, giu".
func (d Differenza) String() string {
	switch {
	case d.Campo == "previsto" || d.Campo == "ottenuto":
		return d.Che + ": " + mesiCambiati(d.Prima, d.Dopo)
	case d.Campo == "indicatore" || d.Campo == "attivita" || d.Campo == "obiettivo" || d.Campo == "risorse_umane":
		return d.Che
	}
	return fmt.Sprintf("%s: %s → %s", d.Che, breve(d.Prima), breve(d.Dopo))
}

// mesiCambiati writes which months were added and which were taken away.
func mesiCambiati(prima, dopo string) string {
	elenco := func(s string) []string {
		if s == "" {
			return nil
		}
		return strings.Split(s, ", ")
	}
	senza := func(a, b []string) string {
		return strings.Join(slices.DeleteFunc(slices.Clone(a), func(m string) bool { return slices.Contains(b, m) }), ", ")
	}
	var parti []string
	if piu := senza(elenco(dopo), elenco(prima)); piu != "" {
		parti = append(parti, "+ "+piu)
	}
	if meno := senza(elenco(prima), elenco(dopo)); meno != "" {
		parti = append(parti, "− "+meno)
	}
	return strings.Join(parti, "; ")
}

// massimoCitato is how much of a text a sentence quotes, in characters.
const massimoCitato = 120

func breve(s string) string {
	if s == "" {
		return "(vuoto)"
	}
	return taglia(s)
}

func taglia(s string) string {
	if r := []rune(s); len(r) > massimoCitato {
		return string(r[:massimoCitato]) + "…"
	}
	return s
}

func virgolette(s string) string { return "«" + taglia(s) + "»" }

// campiScheda are the texts of a card, with their Italian names.
var campiScheda = []struct {
	campo, nome string
	valore      func(*Obiettivo) *string
}{
	{"numero", "numero", func(o *Obiettivo) *string { return &o.Numero }},
	{"titolo", "titolo", func(o *Obiettivo) *string { return &o.Titolo }},
	{"strategia", "strategia", func(o *Obiettivo) *string { return &o.Strategia }},
	{"assessore", "assessore", func(o *Obiettivo) *string { return &o.Assessore }},
	{"responsabile", "responsabile", func(o *Obiettivo) *string { return &o.Responsabile }},
	{"strategicita", "strategicità", nil}, {"peso", "peso", nil},
	{"altri_settori", "altri settori", func(o *Obiettivo) *string { return &o.AltriSettori }},
	{"durata", "durata", func(o *Obiettivo) *string { return &o.Durata }},
	{"portatori_di_interessi", "portatori di interessi", func(o *Obiettivo) *string { return &o.PortatoriInteressi }},
	{"descrizione", "descrizione", func(o *Obiettivo) *string { return &o.Descrizione }},
	{"risultati_attesi", "risultati attesi", func(o *Obiettivo) *string { return &o.RisultatiAttesi }},
	{"rinvio", "rinvio", func(o *Obiettivo) *string { return &o.Rinvio }},
}

// campiIndicatore are the values of an indicator; the last two are progress.
var campiIndicatore = []struct {
	campo, nome string
	piano       bool
	valore      func(*Indicatore) *string
}{
	{"unita", "unità", true, func(i *Indicatore) *string { return &i.Unita }},
	{"valore_anno_precedente", "valore dell'anno precedente", true, func(i *Indicatore) *string { return &i.ValoreAnnoPrecedente }},
	{"target_anno", "target anno", true, func(i *Indicatore) *string { return &i.TargetAnno }},
	{"target_meta_anno", "target metà anno", true, func(i *Indicatore) *string { return &i.TargetMetaAnno }},
	{"risultato_meta_anno", "risultato metà anno", false, func(i *Indicatore) *string { return &i.RisultatoMetaAnno }},
	{"risultato_finale", "risultato finale", false, func(i *Indicatore) *string { return &i.RisultatoFinale }},
}

// decimaleDi returns a weight of the card as a field.
func (o *Obiettivo) decimaleDi(campo string) **Decimale {
	if campo == "peso" {
		return &o.Peso
	}
	return &o.Strategicita
}

func scritto(d *Decimale) string {
	if d == nil {
		return ""
	}
	return d.Italiano()
}

// Differenze returns what of the card is otherwise in dopo than it was in prima, field
// by field, in the card's order. Case, accents and spaces of a text are no difference,
// nor is the place on the sheet.
func Differenze(prima, dopo Obiettivo) []Differenza {
	var d []Differenza
	for _, c := range campiScheda {
		a, b := "", ""
		if c.valore == nil {
			a, b = scritto(*prima.decimaleDi(c.campo)), scritto(*dopo.decimaleDi(c.campo))
		} else {
			a, b = *c.valore(&prima), *c.valore(&dopo)
		}
		if Normalizza(a) != Normalizza(b) {
			d = append(d, Differenza{Campo: c.campo, Che: c.nome, Prima: a, Dopo: b, Piano: true, Cella: dopo.Celle[c.campo]})
		}
	}
	d = append(d, differenzeIndicatori(prima, dopo)...)
	d = append(d, differenzeAttivita(prima, dopo)...)
	if a, b := persone(prima), persone(dopo); a != b {
		cella := ""
		if len(dopo.RisorseUmane) > 0 {
			cella = dopo.RisorseUmane[0].Cella
		}
		d = append(d, Differenza{Campo: "risorse_umane", Che: "risorse umane", Prima: a, Dopo: b, Piano: true, Cella: cella})
	}
	return d
}

func persone(o Obiettivo) string {
	var p []string
	for _, r := range o.RisorseUmane {
		p = append(p, strings.TrimSpace(r.Ruolo+" "+scritto(r.Percentuale)))
	}
	return strings.Join(p, "; ")
}

// voci returns by what each element is found again: its description for comparing,
// and which one of that name it is.
func voci[T any](lista []T, descrizione func(T) string) []string {
	viste := map[string]int{}
	tutte := make([]string, 0, len(lista))
	for _, e := range lista {
		k := Normalizza(descrizione(e))
		if viste[k]++; viste[k] > 1 {
			k = fmt.Sprintf("%s#%d", k, viste[k])
		}
		tutte = append(tutte, k)
	}
	return tutte
}

func vociIndicatori(o Obiettivo) []string {
	return voci(o.Indicatori, func(i Indicatore) string { return i.Descrizione })
}

func differenzeIndicatori(prima, dopo Obiettivo) []Differenza {
	var d []Differenza
	vecchie, nuove := vociIndicatori(prima), vociIndicatori(dopo)
	for k, voce := range nuove {
		n := &dopo.Indicatori[k]
		i := slices.Index(vecchie, voce)
		if i < 0 {
			d = append(d, Differenza{Campo: "indicatore", Voce: voce, Che: "indicatore aggiunto " + virgolette(n.Descrizione), Dopo: n.Descrizione, Piano: true, Cella: n.Cella})
			continue
		}
		a := &prima.Indicatori[i]
		for _, c := range campiIndicatore {
			if x, y := *c.valore(a), *c.valore(n); Normalizza(x) != Normalizza(y) {
				d = append(d, Differenza{Campo: c.campo, Voce: voce, Che: c.nome + " di " + virgolette(a.Descrizione), Prima: x, Dopo: y, Piano: c.piano, Cella: n.Cella})
			}
		}
	}
	for i, voce := range vecchie {
		if !slices.Contains(nuove, voce) {
			v := prima.Indicatori[i].Descrizione
			d = append(d, Differenza{Campo: "indicatore", Voce: voce, Che: "indicatore tolto " + virgolette(v), Prima: v, Piano: true})
		}
	}
	return d
}

// vociAttivita tells activities apart by their year, too.
func vociAttivita(o Obiettivo) []string {
	return voci(o.Attivita, func(a Attivita) string { return fmt.Sprint(a.Anno, " ", a.Descrizione) })
}

func differenzeAttivita(prima, dopo Obiettivo) []Differenza {
	var d []Differenza
	vecchie, nuove := vociAttivita(prima), vociAttivita(dopo)
	aggiungi := func(campo, voce, cosa string, a Attivita, x, y string, delPiano bool, cella string) {
		che := cosa + " " + virgolette(a.Descrizione)
		if a.Anno != cmp.Or(prima.Anno, dopo.Anno) {
			che += fmt.Sprintf(" (%d)", a.Anno)
		}
		d = append(d, Differenza{Campo: campo, Voce: voce, Anno: a.Anno, Che: che, Prima: x, Dopo: y, Piano: delPiano, Cella: cella})
	}
	for k, voce := range nuove {
		n, i := dopo.Attivita[k], slices.Index(vecchie, voce)
		if i < 0 {
			aggiungi("attivita", voce, "attività aggiunta", n, "", n.Descrizione, true, n.Cella)
			continue
		}
		a := prima.Attivita[i]
		if a.Previsto != n.Previsto {
			aggiungi("previsto", voce, "mesi previsti di", a, a.Previsto.String(), n.Previsto.String(), true, n.Cella)
		}
		if a.Ottenuto != n.Ottenuto {
			aggiungi("ottenuto", voce, "mesi ottenuti di", a, a.Ottenuto.String(), n.Ottenuto.String(), false, n.Cella)
		}
		if x, y := siNo(a.Eseguito), siNo(n.Eseguito); x != y {
			aggiungi("eseguito", voce, "eseguito di", a, x, y, false, n.Cella)
		}
	}
	for i, voce := range vecchie {
		if !slices.Contains(nuove, voce) {
			a := prima.Attivita[i]
			aggiungi("attivita", voce, "attività tolta", a, a.Descrizione, "", true, "")
		}
	}
	return d
}

func siNo(b *bool) string {
	switch {
	case b == nil:
		return ""
	case *b:
		return "SI"
	}
	return "NO"
}

// Applica returns the card with that difference taken from voluta, which is the card
// as the office handed it in: how a variation comes into the plan. Progress that the
// card has is kept.
func (o Obiettivo) Applica(d Differenza, voluta Obiettivo) Obiettivo {
	o.Indicatori, o.Attivita = slices.Clone(o.Indicatori), slices.Clone(o.Attivita)
	for _, c := range campiScheda {
		if c.campo != d.Campo || d.Voce != "" {
			continue
		}
		if c.valore == nil {
			*o.decimaleDi(c.campo) = *voluta.decimaleDi(c.campo)
		} else {
			*c.valore(&o) = *c.valore(&voluta)
		}
		return o
	}
	switch d.Campo {
	case "risorse_umane":
		o.RisorseUmane = slices.Clone(voluta.RisorseUmane)
	case "attivita", "previsto":
		o.applicaAttivita(d, voluta)
	default:
		o.applicaIndicatore(d, voluta)
	}
	return o
}

func (o *Obiettivo) applicaAttivita(d Differenza, voluta Obiettivo) {
	mia, sua := slices.Index(vociAttivita(*o), d.Voce), slices.Index(vociAttivita(voluta), d.Voce)
	switch {
	case d.Campo == "previsto" && mia >= 0 && sua >= 0:
		o.Attivita[mia].Previsto = voluta.Attivita[sua].Previsto
	case d.Campo == "attivita" && d.Dopo == "" && mia >= 0:
		o.Attivita = slices.Delete(o.Attivita, mia, mia+1)
	case d.Campo == "attivita" && mia < 0 && sua >= 0:
		o.Attivita = append(o.Attivita, voluta.Attivita[sua])
	}
}

func (o *Obiettivo) applicaIndicatore(d Differenza, voluta Obiettivo) {
	mio, suo := slices.Index(vociIndicatori(*o), d.Voce), slices.Index(vociIndicatori(voluta), d.Voce)
	switch {
	case d.Campo == "indicatore" && d.Dopo == "" && mio >= 0:
		o.Indicatori = slices.Delete(o.Indicatori, mio, mio+1)
	case d.Campo == "indicatore" && mio < 0 && suo >= 0:
		o.Indicatori = append(o.Indicatori, voluta.Indicatori[suo])
	case mio >= 0 && suo >= 0:
		for _, c := range campiIndicatore {
			if c.campo == d.Campo {
				*c.valore(&o.Indicatori[mio]) = *c.valore(&voluta.Indicatori[suo])
			}
		}
	}
}
