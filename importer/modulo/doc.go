// Package modulo writes the prefilled form: a settore's objectives as the plan has
// them today, in a workbook that an office fills in and hands in again.
//
// The form is one of the layouts that package importer reads, so reading it back
// gives exactly what was written; a property test holds the two together. What the
// plan fixes is locked, what the office has to say (months obtained, ESEGUITO,
// results) is open and yellow. A defined name, importer.NomeVersione, says which form it is
// and of which instant, so that an old one is not taken for a newer one.
//
// Scrivi is the way in: cmd calls it for `scadenzario form`, package jobs for the
// attachment of a reminder.
package modulo
