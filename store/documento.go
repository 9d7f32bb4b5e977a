package store

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/scadenzario/scadenzario/piano"
)

// documento is a JSON document in the making, of texts that went through pulisci. The
// plan's documents are written by hand, because encoding/json was a fifth of the processor
// time of an import; what they say is tested against it.
type documento []byte

// jsonb begins what the server takes for a jsonb in binary form: its version. Sent so, a
// document is not copied twice more on its way.
const jsonb = 1

// apre begins an object or an array, with its name inside of an object.
func (d *documento) apre(nome string, parentesi byte) {
	d.nome(nome)
	*d = append(*d, parentesi)
}

func (d *documento) chiude(parentesi byte) { *d = append(*d, parentesi) }

// nome begins a value: a comma where there is one before it, and its name, "" for none.
func (d *documento) nome(nome string) {
	if n := len(*d); n > 0 && (*d)[n-1] != '{' && (*d)[n-1] != '[' && (*d)[n-1] != jsonb {
		*d = append(*d, ',')
	}
	if nome != "" {
		d.stringa(nome)
		*d = append(*d, ':')
	}
}

// testo leaves an empty text out, which is half of a card's: who reads takes a missing one
// for empty.
func (d *documento) testo(nome, v string) {
	if v != "" {
		d.nome(nome)
		d.stringa(v)
	}
}

func (d *documento) intero(nome string, v int64) {
	d.nome(nome)
	*d = strconv.AppendInt(*d, v, 10)
}

func (d *documento) vero(nome string, v bool) {
	d.nome(nome)
	*d = strconv.AppendBool(*d, v)
}

func (d *documento) decimale(nome string, v *piano.Decimale) {
	if v != nil {
		d.nome(nome)
		*d = append(*d, v.String()...)
	}
}

func (d *documento) mesi(nome string, v piano.Mesi) {
	d.apre(nome, '[')
	for _, m := range v.Elenco() {
		d.intero("", int64(m))
	}
	d.chiude(']')
}

// valore is anything, by encoding/json.
func (d *documento) valore(nome string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	d.nome(nome)
	*d = append(*d, b...)
	return nil
}

func (d *documento) stringa(s string) {
	const cifre = "0123456789abcdef"
	b, inizio := append(*d, '"'), 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b, inizio = append(b, s[inizio:i]...), i+1
		if c < ' ' {
			b = append(b, '\\', 'u', '0', '0', cifre[c>>4], cifre[c&0xf])
		} else {
			b = append(b, '\\', c)
		}
	}
	*d = append(append(b, s[inizio:]...), '"')
}

// scheda writes an objective with its cells as schedaDaJSON reads it: the form of
// versioni.
func (d *documento) scheda(nome string, o piano.Obiettivo) {
	d.apre(nome, '{')
	d.testo("foglio", o.Foglio)
	d.testo("numero", o.Numero)
	d.testo("titolo", o.Titolo)
	d.testo("settore", o.Settore)
	d.intero("anno", int64(o.Anno))
	d.testo("strategia", o.Strategia)
	d.testo("assessore", o.Assessore)
	d.testo("responsabile", o.Responsabile)
	d.decimale("strategicita", o.Strategicita)
	d.decimale("peso", o.Peso)
	d.testo("altri_settori", o.AltriSettori)
	d.testo("durata", o.Durata)
	d.testo("portatori_di_interessi", o.PortatoriInteressi)
	d.testo("descrizione", o.Descrizione)
	d.testo("risultati_attesi", o.RisultatiAttesi)
	d.testo("rinvio", o.Rinvio)
	d.apre("celle", '{')
	for campo, cella := range o.Celle {
		d.testo(campo, cella)
	}
	d.chiude('}')
	d.elenchi(o)
	d.chiude('}')
}

func (d *documento) elenchi(o piano.Obiettivo) {
	d.apre("indicatori", '[')
	for _, i := range o.Indicatori {
		d.apre("", '{')
		d.testo("descrizione", i.Descrizione)
		d.testo("unita", i.Unita)
		d.testo("valore_anno_precedente", i.ValoreAnnoPrecedente)
		d.testo("target_anno", i.TargetAnno)
		d.testo("target_meta_anno", i.TargetMetaAnno)
		d.testo("risultato_meta_anno", i.RisultatoMetaAnno)
		d.testo("risultato_finale", i.RisultatoFinale)
		d.testo("cella", i.Cella)
		d.chiude('}')
	}
	d.chiude(']')
	d.apre("attivita", '[')
	for _, a := range o.Attivita {
		d.apre("", '{')
		d.intero("anno", int64(a.Anno))
		d.testo("descrizione", a.Descrizione)
		d.mesi("previsto", a.Previsto)
		d.mesi("ottenuto", a.Ottenuto)
		if a.Eseguito != nil {
			d.vero("eseguito", *a.Eseguito)
		}
		d.testo("cella", a.Cella)
		d.chiude('}')
	}
	d.chiude(']')
	d.apre("risorse_umane", '[')
	for _, r := range o.RisorseUmane {
		d.apre("", '{')
		d.testo("ruolo", r.Ruolo)
		d.decimale("percentuale", r.Percentuale)
		d.testo("cella", r.Cella)
		d.chiude('}')
	}
	d.chiude(']')
}

// rilievi writes findings, which went through rilieviPuliti.
func (d *documento) rilievi(nome string, rilievi []piano.Rilievo) {
	d.apre(nome, '[')
	for _, r := range rilievi {
		d.apre("", '{')
		d.testo("gravita", string(r.Gravita))
		d.testo("codice", r.Codice)
		d.testo("foglio", r.Foglio)
		d.testo("cella", r.Cella)
		d.testo("messaggio", r.Messaggio)
		d.chiude('}')
	}
	d.chiude(']')
}
