package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
)

// Each state allows what it should of a person: nothing that is delivered or at
// work is touched, a doubt is settled once.
func TestTheOutboxByHand(t *testing.T) {
	tutti := []piano.StatoSpedizione{piano.InCoda, piano.InInvio, piano.AlPunto, piano.Spedito, piano.Rifiutato, piano.EsitoIgnoto}
	for _, stato := range tutti {
		t.Run(string(stato), func(t *testing.T) {
			db := inCoda(t, 1)
			id := porta(t, db, stato)
			prima, err := db.Uscita(t.Context(), "", tutti)
			if err != nil || len(prima) != 1 || prima[0].Stato != stato || prima[0].ID != id {
				t.Fatalf("%+v, %v", prima, err)
			}
			var errato *store.StatoErrato
			err = db.DefinisciSpedizione(t.Context(), id, true, "chiesto", ore("12:00"))
			if stato == piano.EsitoIgnoto && err != nil || stato != piano.EsitoIgnoto && !(errors.As(err, &errato) && errato.Stato == stato) {
				t.Errorf("settle: %v", err)
			}
			u, err := db.Uscita(t.Context(), unione, []piano.StatoSpedizione{piano.Spedito})
			if err != nil || stato == piano.EsitoIgnoto && (len(u) != 1 || u[0].Risposta != "chiesto" || !u[0].InviatoIl.Equal(ore("12:00"))) {
				t.Errorf("%+v, %v", u, err)
			}
			err = db.RimettiInCoda(t.Context(), id, "a mano", ore("12:00"))
			if stato == piano.InCoda || stato == piano.Rifiutato {
				if err != nil || len(reclama(t, db, "c", "12:00", 5)) != 1 {
					t.Errorf("queued again: %v", err)
				}
			} else if !errors.As(err, &errato) {
				t.Errorf("queue again: %v", err)
			}
		})
	}
	db := inCoda(t, 1)
	if err := db.RimettiInCoda(t.Context(), 99, "", ore("12:00")); !errors.Is(err, piano.ErrNonTrovato) {
		t.Error(err)
	}
	id := porta(t, db, piano.EsitoIgnoto)
	if err := db.RimettiInCoda(t.Context(), id, "a mano", ore("12:00")); err != nil || len(reclama(t, db, "c", "12:00", 5)) != 1 {
		t.Errorf("a doubt is sent again when a person wants it: %v", err)
	}
}

// porta brings the one message of the outbox into a state, by the protocol.
func porta(t *testing.T, db *store.DB, stato piano.StatoSpedizione) int64 {
	t.Helper()
	if stato == piano.InCoda {
		u, err := db.Uscita(t.Context(), "", []piano.StatoSpedizione{piano.InCoda})
		if err != nil || len(u) != 1 {
			t.Fatal(u, err)
		}
		return u[0].ID
	}
	id := reclama(t, db, "a", "08:00", 1)[0].ID
	if stato == piano.InInvio {
		return id
	}
	if err := db.SegnaAlPunto(t.Context(), id, "a", ore("08:01"), time.Hour); err != nil {
		t.Fatal(err)
	}
	if stato == piano.AlPunto {
		return id
	}
	if err := db.ChiudiSpedizione(t.Context(), id, "a", stato, "risposta", ore("08:02"), ore("08:02")); err != nil {
		t.Fatal(err)
	}
	return id
}
