package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/scadenzario/scadenzario/piano"
)

type rigaEnte struct {
	ID     int    `db:"id"`
	Codice string `db:"codice"`
	Nome   string `db:"nome"`
	Mese   int    `db:"patrono_mese"`
	Giorno int    `db:"patrono_giorno"`
}

func (r rigaEnte) ente() piano.Ente {
	return piano.Ente{Codice: r.Codice, Nome: r.Nome, PatronoMese: r.Mese, PatronoGiorno: r.Giorno}
}

const sqlEnti = `
SELECT id, codice, nome, patrono_mese, patrono_giorno FROM enti ORDER BY codice`

// Enti returns every ente of the installation, ordered by code; none where no
// registry was ever saved.
func (d *DB) Enti(ctx context.Context) ([]piano.Ente, error) {
	var righe []rigaEnte
	if err := d.db.SelectContext(ctx, &righe, sqlEnti); err != nil {
		return nil, fallito(ctx, "enti", err)
	}
	enti := make([]piano.Ente, 0, len(righe))
	for _, r := range righe {
		enti = append(enti, r.ente())
	}
	return enti, nil
}

const sqlEnte = `
SELECT id, codice, nome, patrono_mese, patrono_giorno FROM enti WHERE codice = $1`

// enteDi finds an ente by its code; piano.ErrNonTrovato where there is none.
func enteDi(ctx context.Context, q sqlx.QueryerContext, codice string) (rigaEnte, error) {
	var r rigaEnte
	err := sqlx.GetContext(ctx, q, &r, sqlEnte, codice)
	if errors.Is(err, sql.ErrNoRows) {
		err = piano.ErrNonTrovato
	}
	if err != nil {
		return rigaEnte{}, fmt.Errorf("ente %q: %w", codice, err)
	}
	return r, nil
}

type rigaSettore struct {
	ID     int64          `db:"id"`
	Codice string         `db:"codice"`
	Nome   string         `db:"nome"`
	Alias  pq.StringArray `db:"alias"`
	Email  string         `db:"email"`
	Attivo bool           `db:"attivo"`
}

func (r rigaSettore) settore() piano.Settore {
	return piano.Settore{Nome: r.Nome, Alias: r.Alias, Email: r.Email, Codice: r.Codice}
}

const sqlSettori = `
SELECT id, codice, nome, alias, email, attivo FROM settori WHERE ente_id = $1 ORDER BY ordine, id`

func settoriDi(ctx context.Context, q sqlx.QueryerContext, ente int) ([]rigaSettore, error) {
	var righe []rigaSettore
	if err := sqlx.SelectContext(ctx, q, &righe, sqlSettori, ente); err != nil {
		return nil, fmt.Errorf("settori: %w", err)
	}
	return righe, nil
}

const sqlIncarichi = `
SELECT s.nome AS settore, i.nome, i.email, i.dal, i.al, i.tipo
FROM incarichi i JOIN settori s ON s.id = i.settore_id
WHERE s.ente_id = $1 ORDER BY i.ordine, i.id`

func incarichiDi(ctx context.Context, q sqlx.QueryerContext, ente int) ([]piano.Incarico, error) {
	var righe []struct {
		Settore string `db:"settore"`
		Nome    string `db:"nome"`
		Email   string `db:"email"`
		Dal     giorno `db:"dal"`
		Al      giorno `db:"al"`
		Tipo    string `db:"tipo"`
	}
	if err := sqlx.SelectContext(ctx, q, &righe, sqlIncarichi, ente); err != nil {
		return nil, fmt.Errorf("incarichi: %w", err)
	}
	var incarichi []piano.Incarico
	for _, r := range righe {
		incarichi = append(incarichi, piano.Incarico{Settore: r.Settore, Nome: r.Nome, Email: r.Email,
			Dal: r.Dal.Giorno, Al: r.Al.Giorno, Tipo: piano.TipoIncarico(r.Tipo)})
	}
	return incarichi, nil
}

const sqlRuoli = `
SELECT ruolo, nome, email FROM ruoli WHERE ente_id = $1 ORDER BY ordine, id`

func ruoliDi(ctx context.Context, q sqlx.QueryerContext, ente int) ([]piano.Ruolo, error) {
	var righe []struct {
		Ruolo string `db:"ruolo"`
		Nome  string `db:"nome"`
		Email string `db:"email"`
	}
	if err := sqlx.SelectContext(ctx, q, &righe, sqlRuoli, ente); err != nil {
		return nil, fmt.Errorf("ruoli: %w", err)
	}
	var ruoli []piano.Ruolo
	for _, r := range righe {
		ruoli = append(ruoli, piano.Ruolo{Ruolo: r.Ruolo, Nome: r.Nome, Email: r.Email})
	}
	return ruoli, nil
}

const sqlSettoriDelCodice = `
SELECT s.codice, s.nome, s.alias, s.email
FROM enti e LEFT JOIN settori s ON s.ente_id = e.id AND s.attivo
WHERE e.codice = $1 ORDER BY s.ordine, s.id`

// Settori returns the settori of an ente, in the order of the registry: what a hand-in
// needs of it. piano.ErrNonTrovato, wrapped, where the code is unknown.
func (d *DB) Settori(ctx context.Context, ente string) ([]piano.Settore, error) {
	var righe []struct {
		Codice sql.NullString `db:"codice"`
		Nome   sql.NullString `db:"nome"`
		Alias  pq.StringArray `db:"alias"`
		Email  sql.NullString `db:"email"`
	}
	if err := d.db.SelectContext(ctx, &righe, sqlSettoriDelCodice, ente); err != nil {
		return nil, fallito(ctx, "settori", err)
	}
	if len(righe) == 0 {
		return nil, fallito(ctx, "settori", fmt.Errorf("ente %q: %w", ente, piano.ErrNonTrovato))
	}
	var settori []piano.Settore
	for _, r := range righe {
		if r.Nome.Valid { // else the ente has none
			settori = append(settori, piano.Settore{Nome: r.Nome.String, Alias: r.Alias, Email: r.Email.String, Codice: r.Codice.String})
		}
	}
	return settori, nil
}

// Anagrafica returns the registry of an ente as it was last saved, in the order of
// its sheets and without the settori that it no longer lists;
// piano.ErrNonTrovato, wrapped, where the code is unknown.
func (d *DB) Anagrafica(ctx context.Context, ente string) (piano.Anagrafica, error) {
	var a piano.Anagrafica
	err := d.inTx(ctx, "anagrafica", func(tx *sqlx.Tx) error {
		e, err := enteDi(ctx, tx, ente)
		if err != nil {
			return err
		}
		settori, err := settoriDi(ctx, tx, e.ID)
		if err != nil {
			return err
		}
		a = piano.Anagrafica{Ente: e.ente()}
		for _, s := range settori {
			if s.Attivo {
				a.Settori = append(a.Settori, s.settore())
			}
		}
		if a.Incarichi, err = incarichiDi(ctx, tx, e.ID); err != nil {
			return err
		}
		a.Ruoli, err = ruoliDi(ctx, tx, e.ID)
		return err
	})
	return a, err
}
