package store

import (
	"context"
	"errors"

	"github.com/scadenzario/scadenzario/piano"
)

type rigaSituazione struct {
	ID              int64  `db:"id"`
	Ente            string `db:"ente"`
	Settore         string `db:"settore"`
	AnnoPiano       int    `db:"anno_piano"`
	Obiettivo       string `db:"numero"`
	Titolo          string `db:"titolo"`
	Approvato       giorno `db:"approvato_il"`
	Anno            int    `db:"anno"`
	Descrizione     string `db:"descrizione"`
	Previsto        int    `db:"previsto"`
	Ottenuto        int    `db:"ottenuto"`
	Eseguito        *bool  `db:"eseguito"`
	Cella           string `db:"cella"`
	Scadenza        giorno `db:"scadenza"`
	UltimoProgresso giorno `db:"progresso_il"`
	Trascorsi       int    `db:"mesi_previsti_trascorsi"`
	Ottenuti        int    `db:"mesi_ottenuti"`
	Stato           string `db:"stato"`
}

func (r rigaSituazione) assegnata() piano.Assegnata {
	return piano.Assegnata{ID: r.ID, Ente: r.Ente, Settore: r.Settore, AnnoPiano: r.AnnoPiano, Obiettivo: r.Obiettivo, Titolo: r.Titolo,
		Attivita: piano.Attivita{Anno: r.Anno, Descrizione: r.Descrizione, Previsto: piano.Mesi(r.Previsto),
			Ottenuto: piano.Mesi(r.Ottenuto), Eseguito: r.Eseguito, Cella: r.Cella},
		Situazione: piano.Situazione{Stato: piano.Stato(r.Stato), Scadenza: r.Scadenza.Giorno,
			MesiPrevistiTrascorsi: r.Trascorsi, MesiOttenuti: r.Ottenuti},
		Approvato: r.Approvato.Giorno, UltimoProgresso: r.UltimoProgresso.Giorno}
}

// The contract's table, `scadenzario check`, as piano.Attivita.Al has it. iniziati
// and finiti are how many months of the activity's year have begun and ended by
// the end of the day, as sets of months.
const sqlSituazioni = `
WITH adesso AS (
    SELECT giorno, CAST(extract(year FROM giorno) * 12 + extract(month FROM giorno) AS integer) AS mese,
        CASE WHEN extract(day FROM giorno + 1) = 1 THEN 0 ELSE 1 END AS in_corso
    FROM CAST($2 AS date) AS giorno
), mesi AS (
    SELECT a.id, a.obiettivo_id, a.anno, a.ordine, a.descrizione, a.previsto, a.ottenuto, a.eseguito, a.cella, a.scadenza,
        a.progresso_il, adesso.giorno,
        (1 << greatest(0, least(12, adesso.mese - a.anno * 12))) - 1 AS iniziati,
        (1 << greatest(0, least(12, adesso.mese - adesso.in_corso - a.anno * 12))) - 1 AS finiti
    FROM attivita a CROSS JOIN adesso
), conti AS (
    SELECT mesi.*, quanti_mesi(previsto & finiti) AS mesi_previsti_trascorsi,
        quanti_mesi(ottenuto & iniziati) AS mesi_ottenuti, quanti_mesi(previsto) AS mesi_previsti
    FROM mesi
)
SELECT c.id, e.codice AS ente, s.nome AS settore, o.numero, o.titolo, p.approvato_il, p.anno AS anno_piano, c.anno, c.descrizione, c.previsto,
    c.ottenuto, c.eseguito, c.cella, c.scadenza, c.progresso_il, c.mesi_previsti_trascorsi, c.mesi_ottenuti,
    CASE
        WHEN c.previsto = 0 AND c.eseguito IS NOT TRUE THEN 'senza-programma'
        WHEN c.eseguito IS TRUE OR (c.eseguito IS NULL AND c.mesi_ottenuti >= c.mesi_previsti) THEN 'conclusa'
        WHEN c.giorno > c.scadenza THEN 'scaduta'
        WHEN c.mesi_previsti_trascorsi > c.mesi_ottenuti THEN 'in-ritardo'
        WHEN c.previsto & c.iniziati = 0 THEN 'da-avviare'
        ELSE 'in-corso'
    END AS stato
FROM conti c
JOIN obiettivi o ON o.id = c.obiettivo_id
JOIN piani p ON p.id = o.piano_id
JOIN enti e ON e.id = p.ente_id
JOIN settori s ON s.id = o.settore_id
WHERE ($1 = '' OR e.codice = $1) AND o.rinvio = ''
ORDER BY e.codice COLLATE "C", lower(s.nome) COLLATE "C", s.id, o.posto_ente NULLS LAST, o.posto_settore NULLS LAST,
    o.chiave COLLATE "C", p.anno, o.id, c.anno, c.ordine, c.id`

// Situazioni returns the state at the end of that day of every activity of every
// year, of that ente ("" for all), as piano.Attivita.Al would tell it; cards that
// refer to another objective list none. The order is the contract's: ente,
// settore, objective (by its place in the ente, then in the settore), year, place
// on the card. Referente is left to the caller. An unknown ente has none; a day
// is needed.
func (d *DB) Situazioni(ctx context.Context, ente string, g piano.Giorno) ([]piano.Assegnata, error) {
	if g.IsZero() {
		return nil, errors.New("situazioni: no day given")
	}
	var righe []rigaSituazione
	if err := d.db.SelectContext(ctx, &righe, sqlSituazioni, ente, giorno{g}); err != nil {
		return nil, fallito(ctx, "situazioni", err)
	}
	lista := make([]piano.Assegnata, 0, len(righe))
	for _, r := range righe {
		lista = append(lista, r.assegnata())
	}
	return lista, nil
}
