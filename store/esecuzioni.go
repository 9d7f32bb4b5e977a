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

// A run is a row (job, periodo), made by whoever inserts it first. Its holder has a
// lease and renews it; one that is gone lets it run out, and another takes the row
// over with a higher tentativo, by which the first one, come back, is told apart.

const sqlEsecuzioneScritta = `
INSERT INTO esecuzioni (job, periodo, iniziata, finita, esito) VALUES ($1, $2, $3, $3, 'fatta')
ON CONFLICT ON CONSTRAINT esecuzioni_una_per_periodo DO NOTHING`

// segnaEsecuzione writes down a run whose work is in the same transaction.
func segnaEsecuzione(ctx context.Context, tx *sqlx.Tx, job, periodo string, adesso time.Time) error {
	if _, err := tx.ExecContext(ctx, sqlEsecuzioneScritta, job, periodo, adesso); err != nil {
		return fmt.Errorf("run %s %s: %w", job, periodo, err)
	}
	return nil
}

// righeToccate returns how many rows a statement changed.
func righeToccate(r sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

const (
	sqlPrendiEsecuzione = `
INSERT INTO esecuzioni (job, periodo, iniziata, proprietario, fino) VALUES ($1, $2, $4, $3, $5)
ON CONFLICT ON CONSTRAINT esecuzioni_una_per_periodo DO NOTHING`

	sqlRiprendiEsecuzione = `
UPDATE esecuzioni SET iniziata = $4, finita = NULL, esito = '', proprietario = $3, fino = $5, prossimo = NULL, tentativo = tentativo + 1
WHERE job = $1 AND periodo = $2 AND (esito = '' AND fino < $4 OR esito = 'fallita' AND prossimo <= $4)`

	sqlEsecuzione = `
SELECT job, periodo, iniziata, finita, esito, errore, proprietario, tentativo, fino, prossimo
FROM esecuzioni WHERE job = $1 AND periodo = $2`
)

type rigaEsecuzione struct {
	Job          string     `db:"job"`
	Periodo      string     `db:"periodo"`
	Iniziata     time.Time  `db:"iniziata"`
	Finita       *time.Time `db:"finita"`
	Esito        string     `db:"esito"`
	Errore       string     `db:"errore"`
	Proprietario string     `db:"proprietario"`
	Tentativo    int        `db:"tentativo"`
	Fino         *time.Time `db:"fino"`
	Prossimo     *time.Time `db:"prossimo"`
}

func (r rigaEsecuzione) esecuzione() piano.Esecuzione {
	return piano.Esecuzione{Job: r.Job, Periodo: r.Periodo, Iniziata: r.Iniziata, Finita: istante(r.Finita),
		Esito: piano.EsitoEsecuzione(r.Esito), Errore: r.Errore, Proprietario: r.Proprietario, Tentativo: r.Tentativo,
		Fino: istante(r.Fino), Prossimo: istante(r.Prossimo)}
}

// istante is the zero time for NULL.
func istante(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

// PrendiEsecuzione gives the run of a job for a period to chi until fino: where
// nobody made it yet, where its holder let the lease run out, and where it failed and
// its next attempt is due. mia is true for one caller alone; else e says who has it,
// or how it ended.
func (d *DB) PrendiEsecuzione(ctx context.Context, job, periodo, chi string, adesso, fino time.Time) (e piano.Esecuzione, mia bool, err error) {
	err = d.inTx(ctx, fmt.Sprintf("take run %s %s", job, periodo), func(tx *sqlx.Tx) error {
		for _, query := range []string{sqlPrendiEsecuzione, sqlRiprendiEsecuzione} {
			n, err := righeToccate(tx.ExecContext(ctx, query, job, periodo, chi, adesso, fino))
			if err != nil {
				return err
			}
			if mia = n > 0; mia {
				break
			}
		}
		var r rigaEsecuzione
		if err := tx.GetContext(ctx, &r, sqlEsecuzione, job, periodo); err != nil {
			return err
		}
		e = r.esecuzione()
		return nil
	})
	return e, mia && err == nil, err
}

// ancoraSua tells whether an UPDATE found the run still its holder's.
func ancoraSua(r sql.Result, err error) error {
	n, err := righeToccate(r, err)
	if err == nil && n == 0 {
		err = piano.ErrEsecuzionePersa
	}
	return err
}

const sqlProlungaEsecuzione = `
UPDATE esecuzioni SET fino = $5
WHERE job = $1 AND periodo = $2 AND proprietario = $3 AND tentativo = $4 AND esito = ''`

// ProlungaEsecuzione renews the lease of a run until fino. piano.ErrEsecuzionePersa,
// wrapped, where somebody else took it over.
func (d *DB) ProlungaEsecuzione(ctx context.Context, e piano.Esecuzione, fino time.Time) error {
	return d.inTx(ctx, fmt.Sprintf("hold run %s %s", e.Job, e.Periodo), func(tx *sqlx.Tx) error {
		return ancoraSua(tx.ExecContext(ctx, sqlProlungaEsecuzione, e.Job, e.Periodo, e.Proprietario, e.Tentativo, fino))
	})
}

const sqlChiudiEsecuzione = `
UPDATE esecuzioni SET finita = greatest(iniziata, $5), esito = $6, errore = $7, prossimo = $8, fino = NULL
WHERE job = $1 AND periodo = $2 AND proprietario = $3 AND tentativo = $4 AND esito = ''`

// ChiudiEsecuzione records how an attempt ended, as e.Esito, Errore, Finita and, for
// one that failed, Prossimo say. piano.ErrEsecuzionePersa, wrapped, where
// somebody else took the run over in the meantime: its row then says what became of it.
func (d *DB) ChiudiEsecuzione(ctx context.Context, e piano.Esecuzione) error {
	var prossimo *time.Time
	if !e.Prossimo.IsZero() {
		prossimo = &e.Prossimo
	}
	return d.inTx(ctx, fmt.Sprintf("end run %s %s", e.Job, e.Periodo), func(tx *sqlx.Tx) error {
		return ancoraSua(tx.ExecContext(ctx, sqlChiudiEsecuzione, e.Job, e.Periodo, e.Proprietario, e.Tentativo,
			e.Finita, string(e.Esito), pulisci(e.Errore), prossimo))
	})
}

const sqlSegnaAMano = `
INSERT INTO esecuzioni (job, periodo, iniziata, finita, esito, proprietario) VALUES ($1, $2, $4, $4, 'a-mano', $3)
ON CONFLICT ON CONSTRAINT esecuzioni_una_per_periodo DO UPDATE SET esito = 'a-mano', proprietario = $3,
    finita = greatest(esecuzioni.iniziata, $4), errore = '', prossimo = NULL
WHERE esecuzioni.esito IN ('fallita', 'saltata')`

// SegnaAMano records that a person ran the job for that period, with good outcome: no
// daemon runs it then. A run that is at work, or done, stays as it is.
func (d *DB) SegnaAMano(ctx context.Context, job, periodo, chi string, adesso time.Time) error {
	return d.inTx(ctx, fmt.Sprintf("run %s %s by hand", job, periodo), func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, sqlSegnaAMano, job, periodo, chi, adesso)
		return err
	})
}

// EsecuzioneCompiuta tells whether the work of a job for a period is done.
func (d *DB) EsecuzioneCompiuta(ctx context.Context, job, periodo string) (bool, error) {
	var righe []rigaEsecuzione
	if err := d.db.SelectContext(ctx, &righe, sqlEsecuzione, job, periodo); err != nil {
		return false, fallito(ctx, fmt.Sprintf("run %s %s", job, periodo), err)
	}
	return len(righe) > 0 && righe[0].esecuzione().Esito.Compiuta(), nil
}

const (
	sqlContaEsecuzioni = `
SELECT contato_fino FROM battiti WHERE job = $1 FOR UPDATE`

	sqlContate = `
UPDATE battiti SET contato_fino = $2 WHERE job = $1`

	sqlSaltate = `
INSERT INTO esecuzioni (job, periodo, iniziata, finita, esito)
SELECT $1, periodo, $3, $3, 'saltata' FROM unnest($2::text[]) AS periodo
ON CONFLICT ON CONSTRAINT esecuzioni_una_per_periodo DO NOTHING
RETURNING periodo`
)

// ContaEsecuzioni writes down the runs of a job that should have been made on days up
// to and including fino and never began: dovute says which days from dal to al had
// one. Each day is asked about once, whatever becomes of the schedule later. It
// returns the periods that are saltata because of it.
func (d *DB) ContaEsecuzioni(ctx context.Context, job string, fino piano.Giorno, adesso time.Time, dovute func(dal, al piano.Giorno) []string) (saltate []string, err error) {
	err = d.inTx(ctx, "account for the runs of "+job, func(tx *sqlx.Tx) error {
		var contato giorno
		if err := tx.GetContext(ctx, &contato, sqlContaEsecuzioni, job); err != nil {
			return err
		}
		if !fino.Dopo(contato.Giorno) {
			return nil
		}
		if periodi := dovute(contato.Piu(1), fino); len(periodi) > 0 {
			if err := tx.SelectContext(ctx, &saltate, sqlSaltate, job, pq.Array(periodi), adesso); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, sqlContate, job, giorno{fino})
		return err
	})
	return saltate, err
}

const sqlEsecuzioniMancate = `
SELECT job, periodo, iniziata, finita, esito, errore, proprietario, tentativo, fino, prossimo
FROM esecuzioni WHERE esito IN ('fallita', 'saltata') AND periodo BETWEEN $1 AND $2
ORDER BY periodo, job`

// EsecuzioniMancate returns the runs of the days from dal to al, both included, whose
// work is not done: those that failed, and those that nothing began.
func (d *DB) EsecuzioniMancate(ctx context.Context, dal, al piano.Giorno) ([]piano.Esecuzione, error) {
	return d.esecuzioni(ctx, "runs that were missed", sqlEsecuzioniMancate, dal.String(), al.String())
}

func (d *DB) esecuzioni(ctx context.Context, opera, query string, args ...any) ([]piano.Esecuzione, error) {
	var righe []rigaEsecuzione
	if err := d.db.SelectContext(ctx, &righe, query, args...); err != nil {
		return nil, fallito(ctx, opera, err)
	}
	elenco := make([]piano.Esecuzione, 0, len(righe))
	for _, r := range righe {
		elenco = append(elenco, r.esecuzione())
	}
	return elenco, nil
}

const sqlEsecuzioniDel = `
SELECT e.job, e.periodo, e.iniziata, e.finita, e.esito, e.errore, e.proprietario, e.tentativo, e.fino, e.prossimo
FROM esecuzioni e JOIN unnest($1::text[], $2::text[]) AS c (job, periodo) USING (job, periodo)`

// Esecuzioni returns the runs that exist of those named: periodo[i] of job[i].
func (d *DB) Esecuzioni(ctx context.Context, job, periodo []string) ([]piano.Esecuzione, error) {
	return d.esecuzioni(ctx, "runs", sqlEsecuzioniDel, pq.Array(job), pq.Array(periodo))
}
