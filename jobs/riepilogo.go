package jobs

import (
	"slices"

	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/templates"
)

// riepiloga counts the activities by settore and picks out what is overdue and
// late, worst first. Settori without any activity are there too, with zeros: their
// silence is part of the picture. The registry's order of the settori is kept.
func riepiloga(e piano.Ente, segretario piano.Ruolo, settori []piano.Settore, attivita []piano.Assegnata,
	consegne map[string]piano.Giorno, al piano.Giorno) templates.DatiRiepilogo {
	dati := templates.DatiRiepilogo{Ente: e, Anno: al.Anno(), Mese: al.Mese(), Al: al, Segretario: segretario, Primo: true}
	inizioMese := piano.NewGiorno(al.Anno(), al.Mese(), 1)
	for _, s := range settori {
		totali := templates.TotaliSettore{Settore: s.Nome, UltimaConsegna: consegne[s.Nome]}
		for _, a := range attivita {
			if a.Settore == s.Nome {
				contaStato(&totali, a.Situazione.Stato)
			}
		}
		dati.Totali = append(dati.Totali, totali)
		if totali.UltimaConsegna.Prima(inizioMese) {
			dati.SenzaConsegna = append(dati.SenzaConsegna, templates.SenzaConsegna{Settore: s.Nome, Dal: totali.UltimaConsegna})
		}
	}
	for _, a := range attivita {
		switch a.Situazione.Stato {
		case piano.Scaduta:
			dati.Scadute = append(dati.Scadute, a)
		case piano.InRitardo:
			dati.InRitardo = append(dati.InRitardo, a)
		}
	}
	slices.SortStableFunc(dati.Scadute, piano.Peggiore)
	slices.SortStableFunc(dati.InRitardo, piano.Peggiore)
	return dati
}

func contaStato(t *templates.TotaliSettore, s piano.Stato) {
	t.Attivita++
	switch s {
	case piano.Conclusa:
		t.Concluse++
	case piano.InCorso:
		t.InCorso++
	case piano.InRitardo:
		t.InRitardo++
	case piano.Scaduta:
		t.Scadute++
	case piano.DaAvviare:
		t.DaAvviare++
	case piano.SenzaProgramma:
		t.SenzaProgramma++
	}
}

// cambiamenti lists the activities whose state is another than in the digest
// before, and those that it did not know, worst first.
func cambiamenti(prima map[int64]piano.Stato, attivita []piano.Assegnata) []templates.Cambiamento {
	var lista []templates.Cambiamento
	for _, a := range attivita {
		if era := prima[a.ID]; era != a.Situazione.Stato {
			lista = append(lista, templates.Cambiamento{Assegnata: a, Prima: era})
		}
	}
	slices.SortStableFunc(lista, func(x, y templates.Cambiamento) int { return piano.Peggiore(x.Assegnata, y.Assegnata) })
	return lista
}
