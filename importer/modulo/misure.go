package modulo

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/scadenzario/scadenzario/importer"
	"github.com/scadenzario/scadenzario/piano"
)

// Misure is a form of the anti-corruption measures: what one settore is asked in a
// session.
type Misure struct {
	Ente     string // as it signs
	Titolo   string // of the session: "monitoraggio anticorruzione 2021, quadrimestre 2"
	Sessione string // Sessione.Chiave
	Settore  string // the registry's name, or piano.UfficioAnticorruzione
	Dati     piano.Giorno
	Al       time.Time // when it was written
	Misure   []piano.MisuraInSessione
}

// NomeFile is how the form is called: "misure-2021-anticorruzione-2-suap.xlsx".
func (m Misure) NomeFile() string {
	codice := piano.Codice(m.Settore)
	return fmt.Sprintf("misure-%s-%s.xlsx", piano.Codice(m.Sessione), codice[:min(len(codice), 60)])
}

// colonneMisure are the headings with their widths; the last two are the office's.
var colonneMisure = []struct {
	nome   string
	larga  float64
	valore func(piano.MisuraInSessione) string
}{
	{importer.ColonnaCodice, 8, func(x piano.MisuraInSessione) string { return importer.CodiceMisura(x.ID) }},
	{"Misura", 30, func(x piano.MisuraInSessione) string { return x.Misura }},
	{"Attività", 36, func(x piano.MisuraInSessione) string { return x.Attivita }},
	{"Indicatore di risultato", 28, func(x piano.MisuraInSessione) string { return strings.TrimSpace(x.Indicatore + " " + x.Target) }},
	{"Strumento di verifica", 28, func(x piano.MisuraInSessione) string { return x.Verifica }},
	{importer.ColonnaStato, 14, func(x piano.MisuraInSessione) string { return x.Stato }},
	{importer.ColonnaNote, 32, func(x piano.MisuraInSessione) string { return x.Note }},
}

// ScriviMisure writes the form of the measures. The same Misure gives the same bytes. It
// fails where there is no measure, or where w does.
func ScriviMisure(w io.Writer, m Misure) (err error) {
	if len(m.Misure) == 0 {
		return fmt.Errorf("form of the measures of %s: there is none", m.Settore)
	}
	f := excelize.NewFile()
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	s, err := nuoviStili(f)
	if err == nil {
		err = f.SetSheetName("Sheet1", "Misure")
	}
	if err != nil {
		return fmt.Errorf("form of the measures of %s: %w", m.Settore, err)
	}
	p := &pagina{f: f, foglio: "Misure", s: s, riga: 1}
	p.misure(m)
	p.stampa(Modulo{Ente: m.Ente, Settore: m.Settore})
	quando := m.Al.UTC().Format(time.RFC3339)
	p.fa(f.SetDefinedName(&excelize.DefinedName{Name: importer.NomeMisure, RefersTo: `"` + importer.MarchioMisure(m.Sessione, piano.Codice(m.Settore)) + `"`}))
	p.fa(f.SetDocProps(&excelize.DocProperties{Title: m.Titolo + " – " + m.Settore, Creator: m.Ente, LastModifiedBy: "Scadenzario", Language: "it-IT", Created: quando, Modified: quando}))
	if p.err != nil {
		return fmt.Errorf("form of the measures of %s: %w", m.Settore, p.err)
	}
	return f.Write(w)
}

// misure writes the page.
func (p *pagina) misure(m Misure) {
	ultima := len(colonneMisure)
	p.area(1, 1, 1, ultima, strings.ToUpper(m.Titolo), p.s.testata)
	p.area(2, 1, 2, ultima, m.Settore, p.s.testata)
	p.area(3, 1, 3, ultima, "Si compilano solo le caselle gialle, con la situazione al "+m.Dati.Esteso()+": in «Stato» si sceglie "+
		strings.Join(piano.StatiMisura(), ", ")+"; in «Note» il valore dell'indicatore o il motivo.", p.s.istruzioni)
	p.alta(3, 2)
	for i, c := range colonneMisure {
		colonna, err := excelize.ColumnNumberToName(i + 1)
		p.fa(err)
		p.fa(p.f.SetColWidth(p.foglio, colonna, colonna, c.larga))
		p.scrivi(5, i+1, c.nome, p.s.colonna)
	}
	p.alta(5, 2)
	for k, x := range m.Misure {
		riga := 6 + k
		righe := 1
		for i, c := range colonneMisure {
			stile := p.s.valore
			switch {
			case i == 0:
				stile = p.s.casella
			case i >= ultima-2:
				stile = p.s.aperta
			}
			p.scrivi(riga, i+1, c.valore(x), stile)
			righe = max(righe, righeDi(c.valore(x), int(c.larga)-2))
		}
		p.alta(riga, righe)
	}
	p.scelta(6, ultima-1, 5+len(m.Misure), ultima-1, "Stato della misura", "Scegliere dall'elenco: "+strings.Join(piano.StatiMisura(), ", ")+".", piano.StatiMisura()...)
}
