package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/scadenzario/scadenzario/piano"
)

type rigaInterruttore struct {
	ApertoIl  time.Time `db:"aperto_il"`
	RiprovaIl time.Time `db:"riprova_il"`
	Motivo    string    `db:"motivo"`
	Rifiuti   int       `db:"rifiuti"`
}

const (
	sqlInterruttore = `
SELECT aperto_il, riprova_il, motivo, rifiuti FROM interruttore`

	// one sender tries a stopped mailbox: the others wait for its row
	sqlInterruttoreMio = sqlInterruttore + ` FOR UPDATE`

	sqlRimandaProva = `
UPDATE interruttore SET riprova_il = $1`
)

func leggiInterruttore(ctx context.Context, q sqlx.QueryerContext, query string) (*piano.Interruttore, error) {
	var righe []rigaInterruttore
	if err := sqlx.SelectContext(ctx, q, &righe, query); err != nil {
		return nil, fmt.Errorf("breaker: %w", err)
	}
	if len(righe) == 0 {
		return nil, nil
	}
	i := piano.Interruttore(righe[0])
	return &i, nil
}

// interruttoreAlPrelievo tells who wants a message whether it would try a stopped
// mailbox, or has to wait for it.
func interruttoreAlPrelievo(ctx context.Context, tx *sqlx.Tx, adesso time.Time) (prova bool, ferma *piano.NonAncora, err error) {
	i, err := leggiInterruttore(ctx, tx, sqlInterruttoreMio)
	switch {
	case err != nil || i == nil:
		return false, nil, err
	case adesso.Before(i.RiprovaIl):
		return false, &piano.NonAncora{Fino: i.RiprovaIl, Interruttore: i}, nil
	}
	return true, nil, nil
}

const (
	// what waits spends no time of its two days, and no attempt, on the mailbox
	sqlRidaiSpedizione = `
UPDATE spedizioni SET stato = 'in-coda', risposta = $3, proprietario = '', lease_fino = NULL, prossimo_tentativo = $4,
    fermate = fermate + 1, tentativi = greatest(tentativi - 1, 0), primo_tentativo = CASE WHEN tentativi > 1 THEN primo_tentativo END
WHERE id = $1 AND proprietario = $2 AND stato IN ('in-invio', 'al-punto')`

	sqlApriInterruttore = `
INSERT INTO interruttore (aperto_il, riprova_il, motivo) VALUES ($1, $2, $3)
ON CONFLICT ON CONSTRAINT interruttore_pkey DO UPDATE
SET riprova_il = excluded.riprova_il, motivo = excluded.motivo, rifiuti = interruttore.rifiuti + 1`
)

// FermaPosta stops the mailbox until riprova, because the server refused our account,
// a policy or the quota when proprietario tried that message. The message waits in
// the queue as if it had not been tried. ErrPerso, wrapped, where it is not
// proprietario's any more.
func (d *DB) FermaPosta(ctx context.Context, id int64, proprietario, risposta string, adesso, riprova time.Time) error {
	return d.inTx(ctx, "stop the mailbox", func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, sqlApriInterruttore, adesso, riprova, pulisci(risposta)); err != nil {
			return err
		}
		return unaRiga(tx.ExecContext(ctx, sqlRidaiSpedizione, id, proprietario, pulisci(risposta), adesso))
	})
}

const (
	sqlChiudiInterruttore = `
DELETE FROM interruttore RETURNING aperto_il, riprova_il, motivo, rifiuti`

	sqlRimborsaAttesa = `
UPDATE spedizioni SET primo_tentativo = primo_tentativo + (CAST($1 AS timestamptz) - CAST($2 AS timestamptz)),
    prossimo_tentativo = least(prossimo_tentativo, $1)
WHERE stato = 'in-coda'`
)

// RiapriPosta lets mail leave again, and tells whether it was stopped. The time in
// which it was does not count for what waits.
func (d *DB) RiapriPosta(ctx context.Context, adesso time.Time) (eraFerma bool, err error) {
	err = d.inTx(ctx, "let mail leave again", func(tx *sqlx.Tx) error {
		i, err := leggiInterruttore(ctx, tx, sqlChiudiInterruttore)
		if eraFerma = i != nil; err != nil || !eraFerma {
			return err
		}
		_, err = tx.ExecContext(ctx, sqlRimborsaAttesa, adesso, i.ApertoIl)
		return err
	})
	return eraFerma, err
}

const (
	sqlUnoAllaVoltaRitmo = `
LOCK TABLE ritmo IN SHARE ROW EXCLUSIVE MODE`

	sqlDimenticaRitmo = `
DELETE FROM ritmo WHERE quando <= $1`

	sqlContaRitmo = `
SELECT count(*) FILTER (WHERE quando >= $1) AS minuto, count(*) FILTER (WHERE quando > $2) AS ora, count(*) AS giorno,
    coalesce(min(quando) FILTER (WHERE quando > $2), $1) AS prima_ora, coalesce(min(quando), $1) AS prima_giorno
FROM ritmo WHERE quando > $3`

	sqlOccupaRitmo = `
INSERT INTO ritmo (quando) SELECT $2 FROM generate_series(1, CAST($1 AS integer))`
)

// posti returns how many of n messages the pace lets go now, or until when none. It
// keeps the other senders waiting until the transaction ends.
func posti(ctx context.Context, tx *sqlx.Tx, ritmo piano.Ritmo, n int, adesso time.Time) (int, *piano.NonAncora, error) {
	if ritmo == (piano.Ritmo{}) {
		return n, nil, nil
	}
	if _, err := tx.ExecContext(ctx, sqlUnoAllaVoltaRitmo); err != nil {
		return 0, nil, fmt.Errorf("pace: %w", err)
	}
	if _, err := tx.ExecContext(ctx, sqlDimenticaRitmo, adesso.Add(-24*time.Hour)); err != nil {
		return 0, nil, fmt.Errorf("pace: %w", err)
	}
	return spazio(ctx, tx, ritmo, n, adesso)
}

// spazio is posti for who only looks.
func spazio(ctx context.Context, q sqlx.QueryerContext, ritmo piano.Ritmo, n int, adesso time.Time) (int, *piano.NonAncora, error) {
	minuto := adesso.Truncate(time.Minute)
	var c struct {
		Minuto      int       `db:"minuto"`
		Ora         int       `db:"ora"`
		Giorno      int       `db:"giorno"`
		PrimaOra    time.Time `db:"prima_ora"`
		PrimaGiorno time.Time `db:"prima_giorno"`
	}
	if err := sqlx.GetContext(ctx, q, &c, sqlContaRitmo, minuto, adesso.Add(-time.Hour), adesso.Add(-24*time.Hour)); err != nil {
		return 0, nil, fmt.Errorf("pace: %w", err)
	}
	for _, l := range []struct {
		limite, contati int
		fino            time.Time
	}{{ritmo.Giorno, c.Giorno, c.PrimaGiorno.Add(24 * time.Hour)}, {ritmo.Ora, c.Ora, c.PrimaOra.Add(time.Hour)}, {ritmo.Minuto, c.Minuto, minuto.Add(time.Minute)}} {
		if l.limite == 0 {
			continue
		}
		if n = min(n, l.limite-l.contati); n <= 0 {
			return 0, &piano.NonAncora{Fino: l.fino}, nil
		}
	}
	return n, nil, nil
}

// Frenata returns until when the pace lets no message go; the zero time where it does.
func (d *DB) Frenata(ctx context.Context, ritmo piano.Ritmo, adesso time.Time) (time.Time, error) {
	_, attesa, err := spazio(ctx, d.db, ritmo, 1, adesso)
	if err != nil {
		return time.Time{}, fallito(ctx, "outbox", err)
	}
	if attesa == nil {
		return time.Time{}, nil
	}
	return attesa.Fino, nil
}

// occupa counts the attempts that begin now.
func occupa(ctx context.Context, tx *sqlx.Tx, ritmo piano.Ritmo, quanti int, adesso time.Time) error {
	if ritmo == (piano.Ritmo{}) {
		return nil
	}
	if _, err := tx.ExecContext(ctx, sqlOccupaRitmo, quanti, adesso); err != nil {
		return fmt.Errorf("pace: %w", err)
	}
	return nil
}

// Each of its activities must be told by a later reminder that is delivered or on its
// way: to the same address, or, for what went to a person in charge, to whoever is in
// charge now. A copy for the Segretario is no reminder to anybody else.
const sqlRitiraSuperate = `
WITH superate AS (
    SELECT v.id, max(dopo.giorno) AS giorno
    FROM spedizioni v JOIN messaggi vm ON vm.id = v.messaggio_id JOIN passi_inviati p ON p.messaggio_id = vm.id
    LEFT JOIN LATERAL (
        SELECT max(m.giorno) AS giorno
        FROM passi_inviati q JOIN messaggi m ON m.id = q.messaggio_id JOIN spedizioni s ON s.messaggio_id = m.id
        WHERE q.attivita_id = p.attivita_id AND m.tipo = vm.tipo AND m.giorno > vm.giorno AND s.stato <> 'respinto'
            AND (lower(s.destinatario) = lower(v.destinatario) OR v.destinatario = ANY (vm.a) AND s.destinatario = ANY (m.a))) dopo ON true
    WHERE v.stato = 'in-coda' AND vm.tipo = 'promemoria'
    GROUP BY v.id
    HAVING bool_and(dopo.giorno IS NOT NULL)
)
UPDATE spedizioni v SET stato = 'respinto', risposta = '` + piano.RispostaSuperata + `' || superate.giorno
FROM superate WHERE v.id = superate.id AND v.stato = 'in-coda'`

// RitiraSuperate takes back the reminders that wait and have nothing to say any more:
// later ones tell all their activities, at a later stage. They are respinto, with that
// reason. It returns how many there were.
func (d *DB) RitiraSuperate(ctx context.Context) (int, error) {
	n, err := righeToccate(d.db.ExecContext(ctx, sqlRitiraSuperate))
	if err != nil {
		return 0, fallito(ctx, "take back superseded reminders", err)
	}
	return int(n), nil
}

// put off by the server for the sake of its recipient (450 greylisted, 451, 452 full);
// other codes of the 4xx are about the server itself
const sqlAttesaDal = `
WITH mie AS (
    SELECT s.destinatario, s.stato, s.tentativi, s.risposta, s.accodata_il, s.inviato_il
    FROM spedizioni s JOIN messaggi m ON m.id = s.messaggio_id JOIN enti e ON e.id = m.ente_id
    WHERE $1 = '' OR e.codice = $1
), coda AS MATERIALIZED (
    SELECT lower(destinatario) AS chi, accodata_il, stato = 'in-coda' AND tentativi > 0 AND risposta ~ '^45[0-2] ' AS rinviata
    FROM mie WHERE stato IN ('in-coda', 'in-invio')
)
SELECT (SELECT min(accodata_il) FROM coda) AS attesa_dal, (SELECT min(accodata_il) FROM coda WHERE NOT rinviata) AS muta_dal,
    (SELECT min(accodata_il) FROM coda WHERE rinviata GROUP BY chi ORDER BY 1 OFFSET 1 LIMIT 1) AS rinviate_dal,
    (SELECT max(inviato_il) FROM mie) AS ultimo_invio`

// StatoCoda returns the outbox of that ente ("" for all) at a glance.
func (d *DB) StatoCoda(ctx context.Context, ente string) (c piano.StatoCoda, err error) {
	if c.PerStato, err = d.StatoPosta(ctx, ente); err != nil {
		return c, err
	}
	var quando struct {
		AttesaDal   *time.Time `db:"attesa_dal"`
		MutaDal     *time.Time `db:"muta_dal"`
		RinviateDal *time.Time `db:"rinviate_dal"`
		UltimoInvio *time.Time `db:"ultimo_invio"`
	}
	if err := d.db.GetContext(ctx, &quando, sqlAttesaDal, ente); err != nil {
		return c, fallito(ctx, "oldest message that waits", err)
	}
	c.AttesaDal, c.UltimoInvio = istante(quando.AttesaDal), istante(quando.UltimoInvio)
	c.MutaDal, c.RinviateDal = istante(quando.MutaDal), istante(quando.RinviateDal)
	if c.Interruttore, err = leggiInterruttore(ctx, d.db, sqlInterruttore); err != nil {
		return c, fallito(ctx, "outbox", err)
	}
	return c, nil
}

const sqlStatoPosta = `
SELECT s.stato, count(*) AS quante
FROM spedizioni s JOIN messaggi m ON m.id = s.messaggio_id JOIN enti e ON e.id = m.ente_id
WHERE $1 = '' OR e.codice = $1
GROUP BY s.stato`

// StatoPosta counts the outbox of that ente ("" for all) by state; a state
// without rows is missing.
func (d *DB) StatoPosta(ctx context.Context, ente string) (map[piano.StatoSpedizione]int, error) {
	var righe []struct {
		Stato  string `db:"stato"`
		Quante int    `db:"quante"`
	}
	if err := d.db.SelectContext(ctx, &righe, sqlStatoPosta, ente); err != nil {
		return nil, fallito(ctx, "stato posta", err)
	}
	conto := make(map[piano.StatoSpedizione]int, len(righe))
	for _, r := range righe {
		conto[piano.StatoSpedizione(r.Stato)] = r.Quante
	}
	return conto, nil
}
