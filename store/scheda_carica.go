package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/scadenzario/scadenzario/piano"
)

// obiettivo is a stored objective with its rows' ids, in the order of its lists.
type obiettivo struct {
	piano.Obiettivo
	id, pianoID, settoreID int64
	chiave                 string
	idIndicatori           []int64
	idAttivita             []int64
	da                     fonte
}

// fonte is the hand-in that a stored objective is of.
type fonte struct {
	file       string
	giorno     piano.Giorno
	aggiornata time.Time // zero where nothing says of when its content is
}

type rigaObiettivo struct {
	ID                 int64    `db:"id"`
	PianoID            int64    `db:"piano_id"`
	SettoreID          int64    `db:"settore_id"`
	Chiave             string   `db:"chiave"`
	Anno               int      `db:"anno"`
	Settore            string   `db:"settore"`
	Numero             string   `db:"numero"`
	Titolo             string   `db:"titolo"`
	Strategia          string   `db:"strategia"`
	Assessore          string   `db:"assessore"`
	Responsabile       string   `db:"responsabile"`
	Strategicita       decimale `db:"strategicita"`
	Peso               decimale `db:"peso"`
	AltriSettori       string   `db:"altri_settori"`
	Durata             string   `db:"durata"`
	PortatoriInteressi string   `db:"portatori_di_interessi"`
	Descrizione        string   `db:"descrizione"`
	RisultatiAttesi    string   `db:"risultati_attesi"`
	Rinvio             string   `db:"rinvio"`
	Foglio             string   `db:"foglio"`
	Celle              []byte   `db:"celle"`

	File       string       `db:"file"`
	Giorno     giorno       `db:"giorno"`
	Aggiornata sql.NullTime `db:"aggiornata"`
}

func (r rigaObiettivo) obiettivo() (*obiettivo, error) {
	o := &obiettivo{id: r.ID, pianoID: r.PianoID, settoreID: r.SettoreID, chiave: r.Chiave,
		da: fonte{r.File, r.Giorno.Giorno, r.Aggiornata.Time}}
	o.Obiettivo = piano.Obiettivo{Foglio: r.Foglio, Numero: r.Numero, Titolo: r.Titolo, Settore: r.Settore, Anno: r.Anno,
		Strategia: r.Strategia, Assessore: r.Assessore, Responsabile: r.Responsabile,
		Strategicita: r.Strategicita.Decimale, Peso: r.Peso.Decimale, AltriSettori: r.AltriSettori, Durata: r.Durata,
		PortatoriInteressi: r.PortatoriInteressi, Descrizione: r.Descrizione, RisultatiAttesi: r.RisultatiAttesi, Rinvio: r.Rinvio}
	return o, daJSON(r.Celle, &o.Celle)
}

// OFFSET 0 keeps the lookup by the key: a plan made while the table was small would go on
// reading all of it
const sqlCaricaObiettivi = `
SELECT o.id, o.piano_id, o.settore_id, o.chiave, p.anno, s.nome AS settore, o.numero, o.titolo, o.strategia, o.assessore,
    o.responsabile, o.strategicita, w.peso, o.altri_settori, o.durata, o.portatori_di_interessi, o.descrizione,
    o.risultati_attesi, o.rinvio, o.foglio, o.celle, c.file, c.giorno, c.aggiornata
FROM unnest($1::bigint[], $2::text[]) AS cercato (piano_id, chiave)
CROSS JOIN LATERAL (
    SELECT id, piano_id, settore_id, chiave, numero, titolo, strategia, assessore, responsabile, strategicita, altri_settori, durata,
        portatori_di_interessi, descrizione, risultati_attesi, rinvio, foglio, celle, consegna_id
    FROM obiettivi WHERE piano_id = cercato.piano_id AND chiave = cercato.chiave OFFSET 0
) AS o
JOIN consegne c ON c.id = o.consegna_id
JOIN piani p ON p.id = o.piano_id
JOIN settori s ON s.id = o.settore_id
LEFT JOIN pesi w ON w.obiettivo_id = o.id AND w.settore_id = o.settore_id`

// caricaObiettivi returns the stored objectives under those keys, piani and
// chiavi in pairs, with all that hangs on them.
func caricaObiettivi(ctx context.Context, tx *sqlx.Tx, p pronte, piani []int64, chiavi []string) ([]*obiettivo, error) {
	var righe []rigaObiettivo
	if err := tx.StmtxContext(ctx, p[sqlCaricaObiettivi]).SelectContext(ctx, &righe, pq.Array(piani), pq.Array(chiavi)); err != nil {
		return nil, fmt.Errorf("stored objectives: %w", err)
	}
	if len(righe) == 0 {
		return nil, nil
	}
	lista := make([]*obiettivo, 0, len(righe))
	per := make(map[int64]*obiettivo, len(righe))
	var id []int64
	for _, r := range righe {
		o, err := r.obiettivo()
		if err != nil {
			return nil, err
		}
		lista, per[o.id], id = append(lista, o), o, append(id, o.id)
	}
	for _, carica := range []func(context.Context, *sqlx.Tx, []int64, map[int64]*obiettivo) error{
		caricaIndicatori, caricaAttivita, caricaRisorse} {
		if err := carica(ctx, tx, id, per); err != nil {
			return nil, err
		}
	}
	return lista, nil
}

const sqlCaricaIndicatori = `
SELECT id, obiettivo_id, descrizione, unita, valore_anno_precedente, target_anno, target_meta_anno, risultato_meta_anno,
    risultato_finale, cella
FROM indicatori WHERE obiettivo_id = ANY($1) ORDER BY obiettivo_id, ordine`

func caricaIndicatori(ctx context.Context, tx *sqlx.Tx, id []int64, per map[int64]*obiettivo) error {
	var righe []struct {
		ID                   int64  `db:"id"`
		ObiettivoID          int64  `db:"obiettivo_id"`
		Descrizione          string `db:"descrizione"`
		Unita                string `db:"unita"`
		ValoreAnnoPrecedente string `db:"valore_anno_precedente"`
		TargetAnno           string `db:"target_anno"`
		TargetMetaAnno       string `db:"target_meta_anno"`
		RisultatoMetaAnno    string `db:"risultato_meta_anno"`
		RisultatoFinale      string `db:"risultato_finale"`
		Cella                string `db:"cella"`
	}
	if err := tx.SelectContext(ctx, &righe, sqlCaricaIndicatori, pq.Array(id)); err != nil {
		return fmt.Errorf("stored indicatori: %w", err)
	}
	for _, r := range righe {
		o := per[r.ObiettivoID]
		o.idIndicatori = append(o.idIndicatori, r.ID)
		o.Indicatori = append(o.Indicatori, piano.Indicatore{Descrizione: r.Descrizione, Unita: r.Unita,
			ValoreAnnoPrecedente: r.ValoreAnnoPrecedente, TargetAnno: r.TargetAnno, TargetMetaAnno: r.TargetMetaAnno,
			RisultatoMetaAnno: r.RisultatoMetaAnno, RisultatoFinale: r.RisultatoFinale, Cella: r.Cella})
	}
	return nil
}

const sqlCaricaAttivita = `
SELECT id, obiettivo_id, anno, descrizione, previsto, ottenuto, eseguito, cella
FROM attivita WHERE obiettivo_id = ANY($1) ORDER BY obiettivo_id, ordine, id`

func caricaAttivita(ctx context.Context, tx *sqlx.Tx, id []int64, per map[int64]*obiettivo) error {
	var righe []struct {
		ID          int64  `db:"id"`
		ObiettivoID int64  `db:"obiettivo_id"`
		Anno        int    `db:"anno"`
		Descrizione string `db:"descrizione"`
		Previsto    int    `db:"previsto"`
		Ottenuto    int    `db:"ottenuto"`
		Eseguito    *bool  `db:"eseguito"`
		Cella       string `db:"cella"`
	}
	if err := tx.SelectContext(ctx, &righe, sqlCaricaAttivita, pq.Array(id)); err != nil {
		return fmt.Errorf("stored attivita: %w", err)
	}
	for _, r := range righe {
		o := per[r.ObiettivoID]
		o.idAttivita = append(o.idAttivita, r.ID)
		o.Attivita = append(o.Attivita, piano.Attivita{Anno: r.Anno, Descrizione: r.Descrizione,
			Previsto: piano.Mesi(r.Previsto), Ottenuto: piano.Mesi(r.Ottenuto), Eseguito: r.Eseguito, Cella: r.Cella})
	}
	return nil
}

const sqlCaricaRisorse = `
SELECT obiettivo_id, ruolo, percentuale, cella
FROM risorse_umane WHERE obiettivo_id = ANY($1) ORDER BY obiettivo_id, ordine`

func caricaRisorse(ctx context.Context, tx *sqlx.Tx, id []int64, per map[int64]*obiettivo) error {
	var righe []struct {
		ObiettivoID int64    `db:"obiettivo_id"`
		Ruolo       string   `db:"ruolo"`
		Percentuale decimale `db:"percentuale"`
		Cella       string   `db:"cella"`
	}
	if err := tx.SelectContext(ctx, &righe, sqlCaricaRisorse, pq.Array(id)); err != nil {
		return fmt.Errorf("stored risorse umane: %w", err)
	}
	for _, r := range righe {
		o := per[r.ObiettivoID]
		o.RisorseUmane = append(o.RisorseUmane, piano.RisorsaUmana{Ruolo: r.Ruolo, Percentuale: r.Percentuale.Decimale, Cella: r.Cella})
	}
	return nil
}
