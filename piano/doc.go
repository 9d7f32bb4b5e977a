// Package piano holds the plan of objectives of an ente and every rule about
// it: what an objective is made of, the state of an activity on a day, who is
// in charge, which days are working days, and when somebody is to be reminded.
//
// Everything here is a value or a pure function: a day is an argument, never
// the clock, and nothing reads a file, a database or the network. Everybody
// may call it; it calls only the standard library. Field terms are Italian
// (see doc/glossary.md), so that the same word names a thing on the sheet, in
// the database, in the JSON contract and in a message.
//
// Start from Obiettivo, then Attivita.Al, then Scala.Promemoria. Scala.Subentro is the
// hand-over, Sessione and Fotografia are the checks of the year, Contraddizioni what the
// plan says in two ways, TerminiDiLegge the dates that the law sets.
package piano
