// Package store keeps everything in Postgres: the registry, the hand-ins, the
// plan that comes of them, the outbox and the runs of the jobs.
//
// It holds no rule of the field but those that SQL can mirror as a CHECK: what
// an activity's state is, who is told and when, is decided by package piano.
// The one exception is Situazioni, which computes states where the rows are; a
// property test holds it to piano.Attivita.Al.
//
// An exported method is one unit of work: it either happened whole or not at
// all, and may be called again. Days and instants are arguments; the database's
// clock decides nothing. What is not held is piano.ErrNonTrovato, wrapped; other
// failures of the caller's data are the errors in errori.go; everything else
// means that the program could not do its work.
//
// Start from Open and Migrate, then SavePiani (piano.go), Situazioni and
// ClaimSpedizioni. The outbox is messaggi.go, spedizioni.go and, for a person, uscita.go,
// with breaker and pace in recapito.go; sessions are sessioni.go, runs esecuzioni.go, the
// register registro.go, and diagnosi.go is what doctor asks. The schema is migrations/*.sql; schema.sql is what they add
// up to, for reading. store/local runs a private server, store/storetest gives a
// test a database of its own.
package store
