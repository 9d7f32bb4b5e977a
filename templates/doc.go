// Package templates holds every text that leaves the program as mail: subject,
// plain text and HTML of each message, with the data that each one needs.
//
// A message is three files beside this one: X.oggetto.txt, X.txt and X.html;
// cornice.html is the frame that the HTML ones share. To change a text, edit its
// file, run `make golden` and read the difference in testdata like code. To add
// a message: a data type as DatiPromemoria, the three files, a case in the golden test.
//
// The day and everything else is an argument. Jobs fills the data types, mailer
// makes a mail of the Testi. The package calls only piano and the standard
// library. Messages are Italian and in the impersonal form of offices.
//
// Subject and plain text go through text/template (html/template would write
// l&#39;obiettivo into them), the HTML part through html/template. What comes from a
// sheet is folded to one line before it meets a template, so that no cell
// can add a header, a line or an element.
package templates
