package jobs

import (
	"context"
	"time"

	"github.com/scadenzario/scadenzario/mailer"
	"github.com/scadenzario/scadenzario/piano"
)

// ArchivioEnti knows the enti and their people.
type ArchivioEnti interface {
	// Enti returns every ente, ordered by code.
	Enti(ctx context.Context) ([]piano.Ente, error)
	// Anagrafica returns the people of one ente; piano.ErrNonTrovato where the
	// code is unknown.
	Anagrafica(ctx context.Context, ente string) (piano.Anagrafica, error)
}

// ArchivioRaccolta is what the watched folders need.
type ArchivioRaccolta interface {
	ArchivioEnti
	// DaSolo calls f while no other process on the same database is in a call of
	// that name, and returns false without calling it where one is. f calls ancora
	// before each step, at least once a minute: it fails where the database has
	// let others in, because we did not answer for that long.
	DaSolo(ctx context.Context, nome string, f func(ancora func(context.Context) error) error) (bool, error)
}

// ArchivioConsegne keeps the hand-ins and the plan that comes of them.
type ArchivioConsegne interface {
	// Settori returns the settori of an ente; piano.ErrNonTrovato where the code is
	// unknown.
	Settori(ctx context.Context, ente string) ([]piano.Settore, error)
	// SaveConsegne keeps the bytes of files, all of them, before anybody reads them, and
	// returns their hand-ins in the same order. The same bytes of the same ente are one
	// hand-in, which is not Nuova the second time.
	SaveConsegne(ctx context.Context, ente string, file []piano.Documento, g piano.Giorno) ([]piano.Consegna, error)
	// SavePiani takes the cards of hand-ins into the plan, each whole or not at all, and
	// returns what became of each. Err there is *piano.NumeroAltrui for a number of another
	// settore, *piano.ConsegnaVecchia for older content, and piano.ErrGiaAccolta where
	// somebody else took the hand-in in the meantime.
	SavePiani(ctx context.Context, arrivi []piano.Arrivo) []piano.EsitoArrivo
	// SaveRisposteMisure takes a form of the anti-corruption measures into its session, and
	// returns those of its measures that the ente no longer has. It
	// fails with piano.ErrSessioneChiusa where that is not open, piano.ErrNonTrovato for an
	// unknown settore, and piano.ErrGiaAccolta.
	SaveRisposteMisure(ctx context.Context, consegna int64, r piano.RisposteMisure, rilievi []piano.Rilievo) (sconosciute []int64, err error)
	// RespingiConsegna records that a hand-in was refused, and why; it fails with
	// piano.ErrGiaAccolta, too.
	RespingiConsegna(ctx context.Context, consegna int64, rilievi []piano.Rilievo) error
}

// ArchivioPiano answers about the plan on a day.
type ArchivioPiano interface {
	ArchivioEnti
	// Situazioni returns every activity of the ente ("" for all), in the order of
	// the contract, without Referente.
	Situazioni(ctx context.Context, ente string, g piano.Giorno) ([]piano.Assegnata, error)
}

// ArchivioMessaggi is the side of the outbox that the writing jobs see.
type ArchivioMessaggi interface {
	// Collocate returns the objectives of a year's plan, 0 for the newest, with where
	// they come from.
	Collocate(ctx context.Context, ente string, anno int) ([]piano.Collocata, error)
	// Sintesi returns the table of a year's act, none where none was imported.
	Sintesi(ctx context.Context, ente string, anno int) ([]piano.RigaSintesi, error)
	// Variazioni returns the changes of approved plans that wait for a decision.
	Variazioni(ctx context.Context, ente string, tutte bool) ([]piano.Variazione, error)
	ArchivioPiano
	ArchivioSchede
	// Inviati returns the passages of the ladder already told, or on their way.
	Inviati(ctx context.Context, ente string) ([]piano.Inviato, error)
	// ScrittiIl returns the addresses, in lower case, that have a message of the ente
	// about that day: they get no other one for it.
	ScrittiIl(ctx context.Context, ente string, g piano.Giorno) (map[string]bool, error)
	// Chiavi returns the keys of all messages of a kind that the ente ever wrote.
	Chiavi(ctx context.Context, ente string, tipo piano.TipoMessaggio) ([]string, error)
	// SaveMessaggi writes the run and its messages in one transaction; a message
	// whose key exists is passed over. It returns how many are new.
	SaveMessaggi(ctx context.Context, job, periodo string, adesso time.Time, m []piano.Messaggio) (nuovi int, err error)
	// EsecuzioneCompiuta tells whether the run of a job for a period is done.
	EsecuzioneCompiuta(ctx context.Context, job, periodo string) (bool, error)
	// UltimeConsegne returns the day of each settore's last accepted hand-in up
	// to that day, by the settore's name.
	UltimeConsegne(ctx context.Context, ente string, finoA piano.Giorno) (map[string]piano.Giorno, error)
}

// ArchivioRiepilogo is what the digest is made of, and where it is kept.
type ArchivioRiepilogo interface {
	ArchivioSessioni
	// Riepiloghi returns the last n digests about days before that one, newest first.
	Riepiloghi(ctx context.Context, ente string, primaDi piano.Giorno, n int) ([]piano.RiepilogoScritto, error)
	// Istantanea returns what the message of that key was made of; piano.ErrNonTrovato,
	// wrapped, where there is none or it kept nothing.
	Istantanea(ctx context.Context, ente string, tipo piano.TipoMessaggio, chiave string) (piano.Istantanea, error)
	// Uscita returns the messages of the outbox in one of those states.
	Uscita(ctx context.Context, ente string, stati []piano.StatoSpedizione) ([]piano.InUscita, error)
	// EsecuzioniMancate returns the runs of those days whose work is not done.
	EsecuzioniMancate(ctx context.Context, dal, al piano.Giorno) ([]piano.Esecuzione, error)
}

// Uscita is the side of the outbox that the delivering job sees: the protocol of
// RELIABILITY.md, "One message per key". Whoever goes on with a message that is not
// theirs any more gets piano.ErrPerso, wrapped.
type Uscita interface {
	// ClaimSpedizioni gives up to n messages for lease; *piano.NonAncora, wrapped or
	// not, where the breaker or the pace lets none go.
	ClaimSpedizioni(ctx context.Context, proprietario string, adesso time.Time, lease time.Duration, n int, ritmo piano.Ritmo) ([]piano.Spedizione, error)
	// RinnovaSpedizione extends the lease of one that is not at its final dot yet.
	RinnovaSpedizione(ctx context.Context, id int64, proprietario string, adesso time.Time, lease time.Duration) error
	SegnaAlPunto(ctx context.Context, id int64, proprietario string, adesso time.Time, lease time.Duration) error
	ChiudiSpedizione(ctx context.Context, id int64, proprietario string, stato piano.StatoSpedizione, risposta string, prossimo, adesso time.Time) error
	// FermaPosta opens the breaker; the message waits as if it had not been tried.
	FermaPosta(ctx context.Context, id int64, proprietario, risposta string, adesso, riprova time.Time) error
	// RiapriPosta closes it.
	RiapriPosta(ctx context.Context, adesso time.Time) (eraFerma bool, err error)
	// RitiraSuperate takes back the reminders that a later one stands for.
	RitiraSuperate(ctx context.Context) (int, error)
	// ProssimaScadenza returns when the first lease of others runs out, if any.
	ProssimaScadenza(ctx context.Context) (time.Time, bool, error)
	// DubbiDaCercare returns the doubts to look for in the witness mailbox now.
	DubbiDaCercare(ctx context.Context, adesso time.Time) ([]piano.InUscita, error)
	// ChiarisciDubbi records those that were delivered after all.
	ChiarisciDubbi(ctx context.Context, id []int64, adesso time.Time) (int, error)
	// AnnotaDubbi records what the witness said about the others.
	AnnotaDubbi(ctx context.Context, id []int64, nota string) error
}

// Custode tells whether this installation may send; Custodia does.
type Custode interface {
	// Verifica returns ErrInSospeso, wrapped, where it may not.
	Verifica(ctx context.Context, adesso time.Time) error
	// Conta counts a final dot that is about to leave.
	Conta(ctx context.Context) error
}

// Postino delivers one message to one recipient; mailer.SMTP and mailer.Cartella
// do.
type Postino interface {
	// Spedisci calls alPunto just before the irrevocable moment, and stops
	// without consequence where alPunto fails.
	Spedisci(ctx context.Context, s piano.Spedizione, alPunto func(context.Context) error) mailer.Esito
	// Chiudi ends the connection, if there is one.
	Chiudi() error
}
