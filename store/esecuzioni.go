package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/scadenzario/scadenzario/piano"
)

// presaInConsegna is after how long a run that began and never finished may be
// begun again by somebody else: its process is gone.
const presaInConsegna = time.Hour

const (
	sqlIniziaEsecuzione = `
INSERT INTO esecuzioni (job, periodo, iniziata) VALUES ($1, $2, $3)
ON CONFLICT ON CONSTRAINT esecuzioni_una_per_periodo DO NOTHING`

	sqlRiprendiEsecuzione = `
UPDATE esecuzioni SET iniziata = $3 WHERE job = $1 AND periodo = $2 AND finita IS NULL AND iniziata < $4`
)

// iniziaEsecuzione writes the row of a run; false where it is there.
func iniziaEsecuzione(ctx context.Context, tx *sqlx.Tx, job, periodo string, adesso time.Time) (bool, error) {
	n, err := righeToccate(tx.ExecContext(ctx, sqlIniziaEsecuzione, job, periodo, adesso))
	if err != nil {
		return false, fmt.Errorf("run %s %s: %w", job, periodo, err)
	}
	return n > 0, nil
}

// righeToccate returns how many rows a statement changed.
func righeToccate(r sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// IniziaEsecuzione begins the run of a job for a period. nuova is true for one
// caller alone, whatever the number of instances; and again for one, where the
// run began over an hour ago and never finished. job and periodo are any words;
// an instant before the run's first beginning takes nothing over.
func (d *DB) IniziaEsecuzione(ctx context.Context, job, periodo string, adesso time.Time) (nuova bool, err error) {
	err = d.inTx(ctx, "begin run", func(tx *sqlx.Tx) error {
		nuova, err = iniziaEsecuzione(ctx, tx, job, periodo, adesso)
		if err != nil || nuova {
			return err
		}
		n, err := righeToccate(tx.ExecContext(ctx, sqlRiprendiEsecuzione, job, periodo, adesso, adesso.Add(-presaInConsegna)))
		if err != nil {
			return fmt.Errorf("take over run %s %s: %w", job, periodo, err)
		}
		nuova = n > 0
		return nil
	})
	return nuova && err == nil, err
}

const sqlFineEsecuzione = `
UPDATE esecuzioni SET finita = greatest(iniziata, $3), esito = $4, errore = $5 WHERE job = $1 AND periodo = $2`

// FineEsecuzione records how a run ended: esito in one word, errore the fault or
// "". piano.ErrNonTrovato, wrapped, where it never began.
func (d *DB) FineEsecuzione(ctx context.Context, job, periodo, esito, errore string, adesso time.Time) error {
	return d.inTx(ctx, fmt.Sprintf("end run %s %s", job, periodo), func(tx *sqlx.Tx) error {
		n, err := righeToccate(tx.ExecContext(ctx, sqlFineEsecuzione, job, periodo, adesso, pulisci(esito), pulisci(errore)))
		if err == nil && n == 0 {
			err = piano.ErrNonTrovato
		}
		return err
	})
}

// Esecuzione is the last run of a job, for /healthz.
type Esecuzione struct {
	Periodo string    // "2021-06", "2021-07-12"
	Finita  time.Time // zero where it has not finished
	Esito   string    // as FineEsecuzione was told
	Errore  string
}

const sqlUltimeEsecuzioni = `
SELECT DISTINCT ON (job) job, periodo, finita, esito, errore
FROM esecuzioni ORDER BY job, iniziata DESC, id DESC`

// UltimeEsecuzioni returns for each job the run that began last.
func (d *DB) UltimeEsecuzioni(ctx context.Context) (map[string]Esecuzione, error) {
	var righe []struct {
		Job     string     `db:"job"`
		Periodo string     `db:"periodo"`
		Finita  *time.Time `db:"finita"`
		Esito   string     `db:"esito"`
		Errore  string     `db:"errore"`
	}
	if err := d.db.SelectContext(ctx, &righe, sqlUltimeEsecuzioni); err != nil {
		return nil, fallito(ctx, "last runs", err)
	}
	ultime := make(map[string]Esecuzione, len(righe))
	for _, r := range righe {
		e := Esecuzione{Periodo: r.Periodo, Esito: r.Esito, Errore: r.Errore}
		if r.Finita != nil {
			e.Finita = *r.Finita
		}
		ultime[r.Job] = e
	}
	return ultime, nil
}
