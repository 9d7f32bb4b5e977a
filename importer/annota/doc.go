// Package annota hands an office's workbook back: the same workbook with a coloured
// border and a comment at each finding's cell, and a first sheet ESITO with the list.
//
// Nothing of the office's is changed. The border is a conditional format of its own,
// so the cell keeps its style; the comment is left out where the office has one of its
// own. All that is ours is known by its marks and replaced when the workbook is
// annotated again, and package importer passes over the sheet: the workbook is
// corrected and handed in as if it were the original.
//
// Scrivi is for .xlsx and .xlsm, by way of excelize; ScriviODS (ods.go) for .ods, by a
// rewriting of our own (riscrivi.go) of three parts: content.xml, row by row
// (odscontenuto.go, odsriga.go), the named styles that the borders are (odsstili.go),
// and which sheet is shown first.
//
// Both work on whatever file an office sends, which can bring excelize down and be
// large. So cmd calls them only for a file that package importer could read, and in a
// child process with limits (cmd/scadenzario, annotate.go).
package annota
