package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/scadenzario/scadenzario/piano"
)

const sqlIscriviLavoro = `
INSERT INTO battiti (job, dal, contato_fino) VALUES ($1, $2, $3)
ON CONFLICT ON CONSTRAINT battiti_pkey DO NOTHING`

// IscriviLavoro makes a job known that a daemon has on its schedule from adesso on;
// ieri is the day before, up to which nothing is owed. One that is known stays as it is.
func (d *DB) IscriviLavoro(ctx context.Context, job string, ieri piano.Giorno, adesso time.Time) error {
	return d.inTx(ctx, "make "+job+" known", func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, sqlIscriviLavoro, job, adesso, giorno{ieri})
		return err
	})
}

// two daemons may end runs of one job at almost the same time: the later one stays
const sqlSegnaBattito = `
UPDATE battiti SET iniziato = greatest(iniziato, $2), riuscito = CASE WHEN $3 = '' THEN greatest(riuscito, $2) ELSE riuscito END,
    errore = CASE WHEN iniziato > $2 THEN errore ELSE $3 END, chi = CASE WHEN iniziato > $2 THEN chi ELSE $4 END
WHERE job = $1`

// SegnaBattito records a run of a job that began at inizio and ended in errore, "" for
// one that went well. It is one row a job, however often the job runs.
func (d *DB) SegnaBattito(ctx context.Context, job string, inizio time.Time, errore, chi string) error {
	return d.inTx(ctx, "sign of life of "+job, func(tx *sqlx.Tx) error {
		return unaRiga(tx.ExecContext(ctx, sqlSegnaBattito, job, inizio, pulisci(errore), chi))
	})
}

const sqlBattiti = `
SELECT job, dal, iniziato, riuscito, errore, chi FROM battiti ORDER BY job`

// Battiti returns the last sign of life of each job, by its name.
func (d *DB) Battiti(ctx context.Context) (map[string]piano.Battito, error) {
	var righe []struct {
		Job      string     `db:"job"`
		Dal      time.Time  `db:"dal"`
		Iniziato *time.Time `db:"iniziato"`
		Riuscito *time.Time `db:"riuscito"`
		Errore   string     `db:"errore"`
		Chi      string     `db:"chi"`
	}
	if err := d.db.SelectContext(ctx, &righe, sqlBattiti); err != nil {
		return nil, fallito(ctx, "signs of life", err)
	}
	battiti := make(map[string]piano.Battito, len(righe))
	for _, r := range righe {
		battiti[r.Job] = piano.Battito{Job: r.Job, Dal: r.Dal, Iniziato: istante(r.Iniziato), Riuscito: istante(r.Riuscito), Errore: r.Errore, Chi: r.Chi}
	}
	return battiti, nil
}
