package importer

import (
	"errors"

	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// apriFile reads the bytes of a file into the grid; an old .xls is converted first.
// Where it cannot be read there is one finding, else none.
func apriFile(contenuto []byte) (sheet.Cartella, []piano.Rilievo) {
	c, err := sheet.Apri(contenuto)
	if err == nil {
		return c, nil
	}
	natura := sheet.Riconosci(contenuto)
	if natura == sheet.Xls || natura == sheet.XlsCifrata {
		xlsx, errXLS := daXLS(contenuto)
		if errXLS == nil {
			if c, err := sheet.Apri(xlsx); err == nil {
				return c, nil
			}
		}
	}
	return sheet.Cartella{}, []piano.Rilievo{rilievoFile(natura, err)}
}

// rilievoFile is the finding for bytes that cannot be read as a workbook: what they
// are, and what the office can do about it.
func rilievoFile(natura sheet.Natura, err error) piano.Rilievo {
	m, ok := motivi[natura]
	switch {
	case errors.Is(err, sheet.ErrProtetto) || natura == sheet.Protetta || natura == sheet.XlsCifrata:
		return NuovoRilievo("file-protetto", "", "")
	case errors.Is(err, sheet.ErrTroppoGrande):
		m = troppoGrande
	case !ok:
		m = danneggiato
	}
	return NuovoRilievo("file-illeggibile", "", "", m.cosa, m.rimedio)
}

// motivo completes the text of file-illeggibile.
type motivo struct {
	cosa    string // after "Il file non si può leggere: "
	rimedio string // after "Che cosa si può fare: "
}

const salvareComeXlsx = "aprirlo con il programma di calcolo, scegliere «Salva con nome», formato .xlsx o .ods, e inviare il nuovo file"

var (
	troppoGrande = motivo{"è troppo grande per essere letto in sicurezza (il limite è di 20 MB)", "togliere le immagini, i fogli che non servono e i formati dalle righe vuote, oppure dividerlo in più cartelle"}
	danneggiato  = motivo{"è danneggiato: una sua parte non è come il programma di calcolo l'ha scritta", "aprirlo con il programma di calcolo, salvarlo di nuovo come .xlsx o .ods e inviarlo ancora"}
)

// motivi are the reasons that the bytes themselves tell. A workbook is not among them:
// when one cannot be read it is damaged or too large.
var motivi = map[sheet.Natura]motivo{
	sheet.Sconosciuta:   {"non è una cartella di lavoro .xlsx, .xlsm, .ods o .xls", "controllare di avere scelto il file giusto; se il programma di calcolo lo apre, salvarlo come .xlsx o .ods e inviarlo ancora"},
	sheet.Vuota:         {"è vuoto, cioè di 0 byte", "controllare che si apra sul proprio computer e inviarlo ancora"},
	sheet.Azzerata:      {"contiene solo zeri, come quando una copia si interrompe", "copiarlo o inviarlo ancora, dopo avere controllato che si apra"},
	sheet.ZipTronco:     {"è incompleto, come quando l'invio o la copia si interrompe", "controllare che si apra sul proprio computer e inviarlo ancora"},
	sheet.Xls:           {"è nel vecchio formato di Excel (.xls), che qui non si riesce a convertire", salvareComeXlsx},
	sheet.Xlsb:          {"è nel formato binario di Excel (.xlsb)", salvareComeXlsx},
	sheet.FoglioXML:     {"è una cartella di lavoro in un solo file XML", salvareComeXlsx},
	sheet.Numbers:       {"è un foglio di Numbers", "aprirlo con Numbers, scegliere «Esporta in», «Excel», e inviare il nuovo file"},
	sheet.PDF:           {"è un documento PDF", "inviare la cartella di lavoro da cui è stato ricavato, in formato .xlsx o .ods"},
	sheet.HTML:          {"è una pagina web, anche se il nome può dire altro: così esportano molti portali", salvareComeXlsx},
	sheet.PaginaWeb:     {"è una cartella di lavoro salvata come pagina web", salvareComeXlsx},
	sheet.Testuale:      {"è un file di testo o CSV, senza formati né celle unite", "inviare la cartella di lavoro da cui è stato ricavato, in formato .xlsx o .ods"},
	sheet.Word:          {"è un documento di testo, come quelli di Word o Writer", "riportare le schede in una cartella di lavoro .xlsx o .ods e inviare quella"},
	sheet.Presentazione: {"è una presentazione", "inviare la cartella di lavoro con le schede, in formato .xlsx o .ods"},
	sheet.Disegno:       {"è un disegno o un altro documento, non una cartella di lavoro", "inviare la cartella di lavoro con le schede, in formato .xlsx o .ods"},
	sheet.Immagine:      {"è un'immagine o una scansione", "inviare la cartella di lavoro con le schede, in formato .xlsx o .ods"},
	sheet.Firmata:       {"è un file firmato digitalmente (.p7m)", "inviare la cartella di lavoro .xlsx o .ods così com'era prima della firma"},
	sheet.Messaggio:     {"è un messaggio di posta elettronica", "salvare l'allegato del messaggio e inviare quello, in formato .xlsx o .ods"},
	sheet.Collegamento:  {"è un collegamento a un file, non il file stesso", "scaricare la cartella di lavoro come .xlsx o .ods e inviare quella"},
	sheet.Pacco:         {"è un archivio compresso con dentro altre cartelle di lavoro", "estrarle e inviarle una alla volta, in formato .xlsx o .ods"},
	sheet.Archivio:      {"è un archivio compresso, non una cartella di lavoro", "estrarre la cartella di lavoro e inviare quella, in formato .xlsx o .ods"},
}
