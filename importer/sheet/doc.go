// Package sheet is the grid that package importer reads: the sheets of a workbook
// as cells with their text, the kind of their value and their fill, the merged
// areas, and what else a reader of plans asks a workbook. It knows nothing of plans
// and objectives.
//
// Apri reads the bytes; it is the only way in from a file. The readers are strict,
// because a damaged workbook must be refused and never read short (RELIABILITY.md,
// invariant 4), and work within budgets, because any file comes (invariant 5):
//
//	zip.go        the archive: every part unpacked once, to its size and CRC; indicezip.go its directory
//	xml.go        a walk over one part, byte by byte; spazi.go its namespaces
//	ooxml.go, …   .xlsx and .xlsm
//	ods.go, …     .ods
//	natura.go     what a file is that is no workbook; ole.go for Office's old container
//	griglia.go    the result
//
// A cell's text is in the form of the contract: folded and NFC, a plain decimal,
// "88%" or an ISO date (valori.go). Only cells that hold something are kept, whatever
// extent a file claims.
package sheet
