// Package report writes the documents that go with a message or into a drawer:
// tables as a workbook, in .xlsx (through excelize) and in .ods (ods.go, a writer of
// our own), the same cells in both.
//
// A Documento is plain data: sheets of columns and rows, each value a text, a number,
// a percentage or a day. Who has a new document to make builds a Documento and calls
// Allegati, XLSX or ODS; riepilogo.go is the annex of the digest, sessione.go that of a
// session's outcome. The same Documento gives the same bytes: no clock is read, nothing
// is drawn by chance.
//
// A text stays a text, whatever it begins with (RELIABILITY.md, invariant 13): it is
// stored as one, in cells formatted as text, so that "=1+1" does not become a formula
// when somebody edits it either.
package report
