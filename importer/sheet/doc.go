// Package sheet is the grid that package importer reads: the sheets of a workbook
// as cells with their text, the kind of their value and their fill, and the merged
// areas. It knows nothing of plans and objectives.
//
// A cell's text is in the form of the contract: folded and NFC, a plain decimal,
// "88%" or an ISO date. Only cells that hold something are kept, whatever extent a
// file claims.
package sheet
