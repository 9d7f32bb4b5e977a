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

// moduli returns the forms for a reminder: one for each settore and year among its
// items, each made once for all messages of the run.
func (s Solleciti) moduli(ctx context.Context, p Preparato, adesso time.Time, fatti map[string]piano.Allegato) ([]piano.Allegato, error) {
	var allegati []piano.Allegato
	visti := map[string]bool{}
	for _, v := range p.Promemoria.Voci {
		chiave := fmt.Sprint(p.Ente.Codice, "/", v.Settore, "/", v.AnnoPiano)
		if visti[chiave] {
			continue
		}
		visti[chiave] = true
		a, ok := fatti[chiave]
		if !ok {
			var err error
			if a, err = Modulo(ctx, s.Archivio, p.Ente, v.Settore, v.AnnoPiano, adesso); err != nil {
				return nil, err
			}
			fatti[chiave] = a
		}
		allegati = append(allegati, a)
	}
	return allegati, nil
}
