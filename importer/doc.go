// Package importer reads the workbooks that offices hand in: cards of
// objectives in any layout, and the registry of who answers for what.
//
// The mess stops here. A workbook goes through five rooms, each of which knows
// only the one before it:
//
//	file.go, xls.go             the file, made a grid of cells by package sheet
//	riquadri.go, ancora.go      the grid cut into cards, each at its "OBIETTIVO N."
//	parole.go, scrittura.go     labels known by their words, however they are written
//	crono.go, indicatori.go, …  the sections of one card, taken off it one by one
//	adatta.go, controlli.go     piano.Obiettivo and the findings
//
// Nothing is looked for at a fixed address: headings and labels are recognised
// by their words (etichette.go), with their synonyms and typing mistakes.
//
// A fault of a sheet is a piano.Rilievo with its cell, never an error: Leggi and
// LeggiAnagrafica take any bytes and always answer. What a finding says stands in
// one table (rilievi.go); doc/guida-uffici.md explains the same to the offices.
//
// Package jobs and cmd call it; it calls only importer/sheet, piano and the standard
// library.
package importer
