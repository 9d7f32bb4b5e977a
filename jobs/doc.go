// Package jobs does the work of the house, one struct a job:
//
//   - Intake takes one workbook in: keeps its bytes, reads it, takes or refuses
//     it, answers. The command line and the watched folder both call it.
//   - Raccolta watches the folders in which the settori leave their sheets.
//   - Giornata writes the messages of a day to people: Passaggi the hand-overs to
//     newcomers, Solleciti the reminders, Recapiti the notices to the SIA.
//   - Sessioni opens the checks of the year, reminds, and closes them; sessioni_mano.go
//     is what a person does to one.
//   - Mensile writes the Segretario's digest and freezes what it is made of
//     (riepilogo.go).
//   - Invio delivers what is in the outbox, where Custodia lets it; testimone.go settles
//     doubts.
//   - Conserva drops the mail's own data when its time is over.
//   - Orologio runs them on their schedules, once a day where they have a Grazia
//     (turno.go, orario.go). Referto is how the installation is, for Salute (/healthz),
//     Metriche and `scadenzario status`; Ping tells a monitor of each run.
//
// What a job would do on a day can be asked without doing it (Plan); Run does it.
// A day is an argument; only orologio.go knows the clock. Jobs see the database
// and the mail server through the interfaces in archivio.go, which package store
// and package mailer satisfy and cmd joins.
package jobs
