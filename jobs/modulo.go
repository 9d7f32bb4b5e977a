package jobs

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/scadenzario/scadenzario/importer/modulo"
	"github.com/scadenzario/scadenzario/piano"
)

// tipoXLSX is the media type of a workbook.
const tipoXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// ArchivioSchede is what the form is made of.
type ArchivioSchede interface {
	// Schede returns the objectives of a settore in the plan of a year.
	Schede(ctx context.Context, ente, settore string, anno int) ([]piano.Obiettivo, error)
}

// Modulo writes the prefilled form of a settore as the plan is now. It fails where the
// plan of that year has nothing of the settore.
func Modulo(ctx context.Context, archivio ArchivioSchede, e piano.Ente, settore string, anno int, adesso time.Time) (piano.Allegato, error) {
	schede, err := archivio.Schede(ctx, e.Codice, settore, anno)
	if err != nil {
		return piano.Allegato{}, fmt.Errorf("form of %s: %w", settore, err)
	}
	m := modulo.Modulo{Ente: e.Nome, Settore: settore, Anno: anno, Al: adesso, Schede: schede}
	var buf bytes.Buffer
	if err := modulo.Scrivi(&buf, m); err != nil {
		return piano.Allegato{}, err
	}
	return piano.Allegato{Nome: m.NomeFile(), Tipo: tipoXLSX, Contenuto: buf.Bytes()}, nil
}

// moduliDelGiorno makes each form once for all messages of a run.
type moduliDelGiorno struct {
	archivio ArchivioSchede
	adesso   time.Time
	fatti    map[string]piano.Allegato
}

func nuoviModuli(archivio ArchivioSchede, adesso time.Time) moduliDelGiorno {
	return moduliDelGiorno{archivio, adesso, map[string]piano.Allegato{}}
}

// allega puts the form of a settore and year into the message, once.
func (d moduliDelGiorno) allega(ctx context.Context, m *piano.Messaggio, e piano.Ente, settore string, anno int) error {
	chiave := fmt.Sprint(e.Codice, "/", settore, "/", anno)
	a, ok := d.fatti[chiave]
	if !ok {
		var err error
		if a, err = Modulo(ctx, d.archivio, e, settore, anno, d.adesso); err != nil {
			return err
		}
		d.fatti[chiave] = a
	}
	for _, gia := range m.Allegati {
		if gia.Nome == a.Nome {
			return nil
		}
	}
	m.Allegati = append(m.Allegati, a)
	return nil
}

// ModuloMisure writes the sheet of the anti-corruption measures that a settore is asked
// about in a session, with what it has answered so far.
func ModuloMisure(e piano.Ente, x piano.Sessione, vista piano.Fotografia, settore string, adesso time.Time) (piano.Allegato, error) {
	m := modulo.Misure{Ente: e.Nome, Titolo: x.Nome(), Sessione: x.Chiave(), Settore: settore, Dati: x.Dati, Al: adesso}
	for _, y := range vista.Misure {
		if y.Settore == settore {
			m.Misure = append(m.Misure, y)
		}
	}
	var buf bytes.Buffer
	if err := modulo.ScriviMisure(&buf, m); err != nil {
		return piano.Allegato{}, err
	}
	return piano.Allegato{Nome: m.NomeFile(), Tipo: tipoXLSX, Contenuto: buf.Bytes()}, nil
}
