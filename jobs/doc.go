// Package jobs does the work of the house, one struct a job:
//
//   - Intake takes one workbook in: keeps its bytes, reads it, takes or refuses
//     it, answers. The command line and the watched folder both call it.
//   - Raccolta watches the folders in which the settori leave their sheets.
//   - Solleciti writes the reminders of a day, Mensile the Segretario's digest
//     and freezes what it is made of.
//   - Invio delivers what is in the outbox.
//   - Orologio runs them on their schedules, once a day where they have a Grazia
//     (turno.go); Salute tells whether they ran.
//
// What a job would do on a day can be asked without doing it (Plan); Run does it.
// A day is an argument; only orologio.go knows the clock. Jobs see the database
// and the mail server through the interfaces in archivio.go, which package store
// and package mailer satisfy and cmd joins.
package jobs
