package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/scadenzario/scadenzario/piano"
)

// Conto says what a registry did to the entries of one kind.
type Conto struct {
	Aggiunti, Cambiati, Invariati, Tolti int
}

// Cambi says what SaveAnagrafica did, so that the command can.
type Cambi struct {
	Settori, Incarichi, Ruoli Conto
	// Conservati names the settori that the registry no longer lists but that
	// carry objectives or handed something in: they stay, without anybody in
	// charge, and are not counted above.
	Conservati []string
}

const sqlSalvaEnte = `
INSERT INTO enti (codice, nome, patrono_mese, patrono_giorno) VALUES ($1, $2, $3, $4)
ON CONFLICT ON CONSTRAINT enti_codice_unico DO UPDATE
SET nome = EXCLUDED.nome, patrono_mese = EXCLUDED.patrono_mese, patrono_giorno = EXCLUDED.patrono_giorno
RETURNING id`

// SaveAnagrafica makes the registry of an ente what a says, in one transaction;
// the same registry again changes nothing. The ente is known by its Codice, a
// settore by its Codice (piano.Codice of its name where a gives none) or else by
// its name. It fails with ErrDoppio, wrapped, where two settori share either, and
// with piano.ErrNonTrovato where an incarico names a settore that a does not list.
func (d *DB) SaveAnagrafica(ctx context.Context, a piano.Anagrafica) (Cambi, error) {
	a = anagraficaPulita(a)
	var c Cambi
	err := d.inTx(ctx, "save anagrafica", func(tx *sqlx.Tx) error {
		var ente int
		e := a.Ente
		if err := tx.GetContext(ctx, &ente, sqlSalvaEnte, e.Codice, e.Nome, e.PatronoMese, e.PatronoGiorno); err != nil {
			return fmt.Errorf("ente %q: %w", e.Codice, err)
		}
		if err := unoPerEnte(ctx, tx, ente); err != nil {
			return err
		}
		// the old entries are read with the old names of their settori, so before
		// the settori change
		incarichi, err := incarichiDi(ctx, tx, ente)
		if err != nil {
			return err
		}
		ruoli, err := ruoliDi(ctx, tx, ente)
		if err != nil {
			return err
		}
		id, err := salvaSettori(ctx, tx, ente, a.Settori, &c)
		if err != nil {
			return err
		}
		if c.Incarichi = confronta(incarichi, a.Incarichi, chiaveIncarico); !slices.Equal(incarichi, a.Incarichi) {
			if err := sostituisciIncarichi(ctx, tx, ente, a.Incarichi, id); err != nil {
				return err
			}
		}
		if c.Ruoli = confronta(ruoli, a.Ruoli, chiaveRuolo); !slices.Equal(ruoli, a.Ruoli) {
			return sostituisciRuoli(ctx, tx, ente, a.Ruoli)
		}
		return nil
	})
	if err != nil {
		return Cambi{}, err
	}
	return c, nil
}

func chiaveIncarico(i piano.Incarico) string {
	return i.Settore + "\x00" + piano.Normalizza(i.Nome) + "\x00" + i.Dal.String()
}

func chiaveRuolo(r piano.Ruolo) string { return piano.Normalizza(r.Ruolo) }

// confronta counts what is new, changed, the same and gone among entries that are
// told apart by a key. The second entry with one key is another entry.
func confronta[T comparable](vecchi, nuovi []T, chiave func(T) string) Conto {
	var c Conto
	per := map[string][]T{}
	for _, v := range vecchi {
		per[chiave(v)] = append(per[chiave(v)], v)
	}
	for _, n := range nuovi {
		prima := per[chiave(n)]
		switch {
		case len(prima) == 0:
			c.Aggiunti++
			continue
		case prima[0] == n:
			c.Invariati++
		default:
			c.Cambiati++
		}
		per[chiave(n)] = prima[1:]
	}
	for _, resto := range per {
		c.Tolti += len(resto)
	}
	return c
}

const (
	sqlTogliIncarichi = `
DELETE FROM incarichi i USING settori s WHERE s.id = i.settore_id AND s.ente_id = $1`

	sqlMettiIncarichi = `
INSERT INTO incarichi (settore_id, ordine, nome, email, dal, al, tipo)
SELECT * FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::text[], $5::date[], $6::date[], $7::text[])`
)

func sostituisciIncarichi(ctx context.Context, tx *sqlx.Tx, ente int, incarichi []piano.Incarico, idSettore map[string]int64) error {
	var settori, ordine []int64
	var nomi, email, tipi []string
	var dal, al []giorno
	for n, i := range incarichi {
		id, ok := idSettore[i.Settore]
		if !ok {
			return fmt.Errorf("incarico of %s: settore %q: %w", i.Nome, i.Settore, piano.ErrNonTrovato)
		}
		settori, ordine = append(settori, id), append(ordine, int64(n))
		nomi, email, tipi = append(nomi, i.Nome), append(email, i.Email), append(tipi, string(i.Tipo))
		dal, al = append(dal, giorno{i.Dal}), append(al, giorno{i.Al})
	}
	if _, err := tx.ExecContext(ctx, sqlTogliIncarichi, ente); err != nil {
		return fmt.Errorf("remove incarichi: %w", err)
	}
	_, err := tx.ExecContext(ctx, sqlMettiIncarichi, pq.Array(settori), pq.Array(ordine), pq.Array(nomi),
		pq.Array(email), pq.Array(dal), pq.Array(al), pq.Array(tipi))
	if err != nil {
		return fmt.Errorf("write incarichi: %w", err)
	}
	return nil
}

const (
	sqlTogliRuoli = `
DELETE FROM ruoli WHERE ente_id = $1`

	sqlMettiRuoli = `
INSERT INTO ruoli (ente_id, ordine, ruolo, nome, email)
SELECT $1, * FROM unnest($2::integer[], $3::text[], $4::text[], $5::text[])`
)

func sostituisciRuoli(ctx context.Context, tx *sqlx.Tx, ente int, ruoli []piano.Ruolo) error {
	var ordine []int64
	var quali, nomi, email []string
	for n, r := range ruoli {
		ordine, quali = append(ordine, int64(n)), append(quali, r.Ruolo)
		nomi, email = append(nomi, r.Nome), append(email, r.Email)
	}
	if _, err := tx.ExecContext(ctx, sqlTogliRuoli, ente); err != nil {
		return fmt.Errorf("remove ruoli: %w", err)
	}
	_, err := tx.ExecContext(ctx, sqlMettiRuoli, ente, pq.Array(ordine), pq.Array(quali), pq.Array(nomi), pq.Array(email))
	if err != nil {
		return fmt.Errorf("write ruoli: %w", err)
	}
	return nil
}

// anagraficaPulita returns a copy fit for the server, with a code for each
// settore.
func anagraficaPulita(a piano.Anagrafica) piano.Anagrafica {
	a.Ente.Codice, a.Ente.Nome = pulisci(a.Ente.Codice), pulisci(a.Ente.Nome)
	a.Settori, a.Incarichi, a.Ruoli = slices.Clone(a.Settori), slices.Clone(a.Incarichi), slices.Clone(a.Ruoli)
	for i, s := range a.Settori {
		alias := make([]string, 0, len(s.Alias))
		for _, nome := range s.Alias {
			alias = append(alias, pulisci(nome))
		}
		s = piano.Settore{Nome: pulisci(s.Nome), Alias: alias, Email: pulisci(s.Email), Codice: pulisci(s.Codice)}
		if strings.TrimSpace(s.Codice) == "" {
			s.Codice = piano.Codice(s.Nome)
		}
		a.Settori[i] = s
	}
	for i, x := range a.Incarichi {
		x.Settore, x.Nome, x.Email = pulisci(x.Settore), pulisci(x.Nome), pulisci(x.Email)
		a.Incarichi[i] = x
	}
	for i, r := range a.Ruoli {
		a.Ruoli[i] = piano.Ruolo{Ruolo: pulisci(r.Ruolo), Nome: pulisci(r.Nome), Email: pulisci(r.Email)}
	}
	return a
}
