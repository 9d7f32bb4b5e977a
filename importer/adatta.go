package importer

import (
	"slices"
	"strings"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// scheda is one card as read, before its findings are ordered.
type scheda struct {
	obiettivo piano.Obiettivo
	vuota     bool // an empty form
	rilievi   []piano.Rilievo
	posto     sheet.Area // of its "OBIETTIVO N." cell
	pesoRotto bool       // its weight was refused
	inTabella bool       // its number stands below the label: perhaps a row of an index
}

// leggiScheda takes the sections off one card and makes the objective of them.
// Tables come first: their rows may hold words that are labels elsewhere.
func leggiScheda(r *riquadro) scheda {
	campi := r.t.campi
	clear(campi)
	r.numeroETitolo(campi)
	attivita := r.leggiCrono()
	if r.anno = r.annoDi(attivita, campi); r.anno == 0 {
		r.anno = r.annoDiCampo()
	}
	indicatori := r.leggiIndicatori()
	indicatori = append(indicatori, r.indicatoriInColonna()...)
	persone := r.leggiPersone()
	r.leggiCondiviso()
	r.leggiTesti(campi)
	r.leggiCampi(campi)
	r.anno = r.annoDi(attivita, campi)
	r.leggiSettore(campi)

	s := scheda{posto: r.posto(), inTabella: r.inTabella}
	s.obiettivo = r.obiettivo(campi)
	o := &s.obiettivo
	s.pesoRotto = r.pesi(o, campi)
	r.indicatori(o, indicatori)
	r.attivita(o, attivita)
	r.risorse(o, persone)
	r.guaste()
	r.avanzi()
	o.Rinvio = r.rinvio(o)
	s.vuota = soloAnni(o.Numero) && soloAnni(o.Titolo) && o.Descrizione == "" && o.RisultatiAttesi == "" &&
		len(o.Indicatori) == 0 && len(o.Attivita) == 0 && !r.cronoIgnoto
	r.completa(o, s.posto)
	s.rilievi = r.rilievi
	slices.SortStableFunc(s.rilievi, func(a, b piano.Rilievo) int {
		if n := ordine(a.Codice) - ordine(b.Codice); n != 0 {
			return n
		}
		return confrontaCelle(a.Cella, b.Cella)
	})
	return s
}

// soloAnni tells whether a text says nothing but years, if that: no number and no title.
func soloAnni(s string) bool { return senzaAnni(chiave(s)) == "" }

// senzaPuntini is a text, blank where it is the dots or the line of a form that was not
// filled in.
func senzaPuntini(s string) string {
	if len(s) > 2 && strings.Trim(s, " ._…") == "" {
		return ""
	}
	return s
}

// posto returns the cell that the card is known by: "OBIETTIVO N.", else its first
// text.
func (r *riquadro) posto() sheet.Area {
	switch {
	case r.ancora != nil:
		return r.ancora.Area
	case len(r.caselle) > 0:
		return r.caselle[0].Area
	}
	return sheet.Area{Riga: 1, Colonna: 1, FinoRiga: 1, FinoColonna: 1}
}

// confrontaCelle orders addresses by row, then column.
func confrontaCelle(a, b string) int {
	ra, ca, _ := sheet.DaIndirizzo(a)
	rb, cb, _ := sheet.DaIndirizzo(b)
	if ra != rb {
		return ra - rb
	}
	return ca - cb
}

// obiettivo fills the card's texts.
func (r *riquadro) obiettivo(campi map[campo]valoreLetto) piano.Obiettivo {
	celle := make(map[string]string, len(campi)+4)
	celle["numero"] = r.posto().Indirizzo()
	for f, v := range campi {
		if v.testo != "" && v.area != (sheet.Area{}) && f != cNumero && f != cSenzaChiave {
			celle[string(f)] = v.area.Indirizzo()
		}
	}
	testo := func(f campo) string { return senzaPuntini(campi[f].testo) }
	return piano.Obiettivo{
		Foglio: sheet.Piega(r.f.Nome), Numero: testo(cNumero), Titolo: testo(cTitolo), Settore: testo(cSettore), Anno: r.anno,
		Strategia: testo(cStrategia), Assessore: testo(cAssessore), Responsabile: testo(cResponsabile),
		AltriSettori: testo(cAltriSettori), Durata: testo(cDurata), PortatoriInteressi: testo(cPortatori),
		Descrizione: testo(cDescrizione), RisultatiAttesi: testo(cRisultati), Celle: celle,
		Indicatori: []piano.Indicatore{}, Attivita: []piano.Attivita{}, RisorseUmane: []piano.RisorsaUmana{},
	}
}

// pesi fills strategicità and peso, and tells whether a weight was refused.
func (r *riquadro) pesi(o *piano.Obiettivo, campi map[campo]valoreLetto) (rotto bool) {
	strategicita, peso := leggiPesi(campi)
	if !strategicita.valido() {
		r.segnala("strategicita-non-valida", strategicita.area, strategicita.testo)
	}
	if !peso.valido() {
		r.segnala("peso-non-valido", peso.area, peso.testo)
	}
	o.Strategicita, o.Peso = strategicita.n, peso.n
	for nome, p := range map[string]pesoLetto{"strategicita": strategicita, "peso": peso} {
		if p.testo != "" {
			o.Celle[nome] = p.area.Indirizzo()
		}
	}
	return !peso.valido() || campi[cPeso].rotto || campi[cPriorita].rotto
}

func (r *riquadro) indicatori(o *piano.Obiettivo, letti []indicatoreLetto) {
	o.Indicatori = slices.Grow(o.Indicatori, len(letti))
	for _, t := range r.tabelle {
		o.Celle[piano.ChiaveIndicatori(t.fine, t.ultima)] = t.posti()
	}
	for _, i := range letti {
		o.Indicatori = append(o.Indicatori, i.Indicatore)
		if senzaValore(i.TargetAnno) && senzaValore(i.RisultatoFinale) && !i.rotto {
			r.segnala("indicatore-senza-target", i.area, i.Descrizione)
		}
		meta, anno := numeroDi(i.TargetMetaAnno, i.tipoMeta), numeroDi(i.TargetAnno, i.tipoAnno)
		if meta.Numerico && anno.Numerico && meta.Percento == anno.Percento && meta.Valore > anno.Valore {
			r.segnala("target-meta-oltre-anno", i.meta, i.TargetMetaAnno, i.TargetAnno)
		}
	}
}

// senzaValore tells whether a value is blank or one of the signs that offices
// write for it.
func senzaValore(v string) bool {
	return senzaNumero(v) || slices.Contains([]string{"n.d.", "nd", "n.d", "n.p.", "n/d"}, piano.Normalizza(v))
}

func (r *riquadro) attivita(o *piano.Obiettivo, lette []attivitaLetta) {
	type chiave struct {
		anno int
		nome string
	}
	viste := make(map[chiave]sheet.Area, len(lette))
	o.Attivita = make([]piano.Attivita, 0, len(lette))
	for _, a := range lette {
		if a.anno == 0 {
			a.anno = r.anno
		}
		o.Attivita = append(o.Attivita, piano.Attivita{Anno: a.anno, Descrizione: a.descrizione,
			Previsto: a.previsto, Ottenuto: a.ottenuto, Eseguito: a.eseguito, Cella: a.cella.Indirizzo()})
		k := chiave{a.anno, piano.Normalizza(a.descrizione)}
		nome := a.descrizione
		if nome == "" {
			nome = "attività senza nome"
		}
		switch prima, c := viste[k]; {
		case a.descrizione == "":
			r.segnala("attivita-senza-descrizione", a.cella)
		case c:
			r.segnala("attivita-duplicata", a.cella, a.descrizione, a.anno, prima.Indirizzo())
		default:
			viste[k] = a.cella
		}
		if a.previsto|a.incerti == 0 {
			r.segnala("attivita-senza-previsto", a.cella, nome)
		}
		for _, m := range (a.ottenuto &^ a.previsto &^ a.incerti).Elenco() {
			r.segnala("ottenuto-fuori-previsto", a.celle[m], nome, piano.NomeMese(m))
		}
	}
}

func (r *riquadro) risorse(o *piano.Obiettivo, tabelle []tabellaPersone) {
	for _, t := range tabelle {
		quote, buone := quote(t.persone)
		somma, date, rotte := piano.Decimale(0), 0, 0
		for i, p := range t.persone {
			if p.quota != nil && p.quota.rotta() {
				rotte++
			}
			if !buone[i] {
				rotte++
				r.segnala("percentuale-non-valida", p.quota.Area, p.quota.testo)
			}
			if quote[i] != nil {
				date++
				somma += *quote[i]
			}
			o.RisorseUmane = append(o.RisorseUmane, piano.RisorsaUmana{Ruolo: p.ruolo, Percentuale: quote[i], Cella: p.area.Indirizzo()})
		}
		if date > 0 && rotte == 0 && !circa100(somma) {
			r.segnala("risorse-non-100", t.titolo, somma.Italiano())
		}
	}
}

// rinvio returns the number of the objective that the card refers to, its own aside.
func (r *riquadro) rinvio(o *piano.Obiettivo) string {
	for _, t := range append([]string{o.Titolo, o.Descrizione, o.RisultatiAttesi}, r.rinvii...) {
		if n := rinvioIn(t); n != "" && n != o.Numero {
			return n
		}
	}
	return ""
}
