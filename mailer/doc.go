// Package mailer turns a message into a mail and delivers it: to an SMTP server,
// or into a folder of .eml files. Jobs calls it with what store holds; it calls
// only piano, go-mail and go-imap, which no other package uses.
//
// Componi makes the finished bytes once; every attempt sends the same ones, with
// the same Message-ID and Date. SMTP and Cartella deliver them to one recipient
// at a time and answer with an Esito: what the outbox is to record. Gettoni has the
// access tokens where the server wants no password. Testimone looks into the witness
// mailbox, which gets a blind copy of each message.
//
// The one promise (RELIABILITY.md, "One message per key"): alPunto is called just
// before the moment after which nobody can tell whether the server has the mail.
// What fails before it left no trace and may be tried again; what is cut after
// it is EsitoIgnoto and never tried again by itself.
package mailer
