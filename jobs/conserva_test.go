package jobs_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/mailer"
	"github.com/scadenzario/scadenzario/piano"
	"github.com/scadenzario/scadenzario/store"
)

// The mail's own data go 21 days after a message was delivered, not after it was
// written, and the register does not notice; rows of runs go after 400 days.
func TestWhatIsKeptAndForHowLong(t *testing.T) {
	conDB(t, func(t *testing.T, db *store.DB) {
		if _, err := db.SaveAnagrafica(t.Context(), piano.Anagrafica{Ente: piano.Ente{Codice: ente, Nome: "Unione"}}); err != nil {
			t.Fatal(err)
		}
		conserva := jobs.Conserva{Archivio: db, Giorni: 21}
		passa := func(quando, racconto string, messaggi, esecuzioni int) {
			t.Helper()
			fino(t, quando)
			m, e, err := conserva.Run(t.Context(), time.Now())
			if err != nil || m != messaggi || e != esecuzioni {
				t.Errorf("%s, %s: %d messages, %d runs, %v", quando, racconto, m, e, err)
			}
		}
		fino(t, "2021-07-12 07:00:00")
		if _, err := db.SaveMessaggi(t.Context(), "prova", "2021-07-12", time.Now(), []piano.Messaggio{{Ente: ente, Tipo: piano.TipoAvviso, Chiave: "uno",
			Giorno: giorno(t, "2021-07-12"), A: []string{"sia@ente.example"}, Oggetto: "Avviso", MessageID: "uno", MIME: []byte("MIME")}}); err != nil {
			t.Fatal(err)
		}
		passa("2021-08-03 03:40:00", "it waits since three weeks", 0, 0)
		invio := jobs.Invio{Uscita: db, Postino: &postinoFermo{mailer.Esito{Stato: piano.Spedito, Risposta: "250 2.0.0 as 4711"}}, Custode: lasciaPassare{}, Proprietario: "a", Adesso: time.Now, Log: slog.New(slog.DiscardHandler)}
		if c, err := invio.Run(t.Context()); err != nil || c.Inviati != 1 {
			t.Fatal(c, err)
		}
		prima, err := db.Registro(t.Context(), ente, piano.FiltroRegistro{})
		if err != nil || len(prima) != 1 {
			t.Fatal(prima, err)
		}
		passa("2021-08-24 03:39:00", "delivered almost three weeks ago", 0, 0)
		passa("2021-08-24 03:41:00", "delivered three weeks ago", 1, 0)
		passa("2021-08-25 03:40:00", "dropped before", 0, 0)
		dopo, err := db.Registro(t.Context(), ente, piano.FiltroRegistro{})
		prima[0].Risposta = "250 2.0.0"
		if err != nil || len(dopo) != 1 || dopo[0] != prima[0] {
			t.Errorf("the register says %+v instead of %+v, %v", dopo, prima, err)
		}
		passa("2022-08-16 06:59:00", "the run began 400 days ago almost", 0, 0)
		passa("2022-08-16 07:01:00", "it did", 0, 1)
	})
}
