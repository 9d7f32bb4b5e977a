package annota

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"regexp"
	"strings"

	"github.com/scadenzario/scadenzario/importer"
	"github.com/scadenzario/scadenzario/importer/sheet"
	"github.com/scadenzario/scadenzario/piano"
)

// firma is what a person has signed: a copy with our marks is not that any more.
const firma = "META-INF/documentsignatures.xml"

// ScriviODS is Scrivi for an .ods. It rewrites content.xml and what our marks need of
// styles.xml and settings.xml as a stream, byte for byte where nothing is ours; every
// other entry is copied as it is. The borders are conditional formats, as in an .xlsx:
// LibreOffice gives other names to a cell's own styles, and would make our border the
// office's.
func ScriviODS(w io.Writer, file string, contenuto []byte, rilievi []piano.Rilievo) error {
	z, err := zip.NewReader(bytes.NewReader(contenuto), int64(len(contenuto)))
	if err != nil {
		return fmt.Errorf("annotate %s: %w", file, err)
	}
	c, err := sheet.Apri(contenuto)
	if err != nil {
		return fmt.Errorf("annotate %s: %w", file, err)
	}
	m := nuoveMarche(file, c, rilievi)
	nuove := map[string][]byte{}
	for _, passo := range []struct {
		parte    string
		riscrivi func([]byte) ([]byte, error)
	}{{"content.xml", m.contenuto}, {"styles.xml", m.stiliXML}, {"settings.xml", m.impostazioni}} {
		b, err := leggiParte(z, passo.parte)
		if errors.Is(err, errManca) && passo.parte != "content.xml" {
			continue
		}
		if err == nil {
			nuove[passo.parte], err = passo.riscrivi(b)
		}
		if err != nil {
			return fmt.Errorf("annotate %s: %s: %w", file, passo.parte, err)
		}
	}
	var copia bytes.Buffer
	if err := scriviZip(&copia, z, nuove); err != nil {
		return fmt.Errorf("annotate %s: %w", file, err)
	}
	if _, err := sheet.Apri(copia.Bytes()); err != nil { // near a limit our marks may be too much
		return fmt.Errorf("annotate %s: the copy: %w", file, err)
	}
	if _, err := copia.WriteTo(w); err != nil {
		return fmt.Errorf("annotate %s: %w", file, err)
	}
	return nil
}

var errManca = errors.New("the part is missing")

func leggiParte(z *zip.Reader, nome string) ([]byte, error) {
	for _, f := range z.File {
		if f.Name != nome {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		b, err := io.ReadAll(r)
		return b, errors.Join(err, r.Close())
	}
	return nil, errManca
}

// scriviZip writes the archive again with some parts new: mimetype first and stored, as
// the format wants it, the others in their order and as they are.
func scriviZip(w io.Writer, z *zip.Reader, nuove map[string][]byte) error {
	o := zip.NewWriter(w)
	mime, err := leggiParte(z, "mimetype")
	if err != nil {
		return fmt.Errorf("mimetype: %w", err)
	}
	prima, err := o.CreateRaw(&zip.FileHeader{Name: "mimetype", Method: zip.Store, CRC32: crc32.ChecksumIEEE(mime),
		CompressedSize64: uint64(len(mime)), UncompressedSize64: uint64(len(mime))})
	if err != nil {
		return err
	}
	if _, err := prima.Write(mime); err != nil {
		return err
	}
	for _, f := range z.File {
		b, nuova := nuove[f.Name]
		switch {
		case f.Name == "mimetype" || f.Name == firma:
			continue
		case !nuova:
			if err := o.Copy(f); err != nil {
				return fmt.Errorf("%s: %w", f.Name, err)
			}
			continue
		}
		parte, err := o.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate, Modified: f.Modified})
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		if _, err := parte.Write(b); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return o.Close()
}

// posto is a cell of a sheet of the file.
type posto struct{ riga, colonna int }

// segno is what is to be put to a cell.
type segno struct {
	gravita piano.Gravita
	testo   string // of the comment, a paragraph a line
}

// marche are the marks of one annotation: what goes where, and what was found on the way.
type marche struct {
	file     string
	rilievi  []piano.Rilievo
	esito    string                      // the name of the sheet ESITO
	per      map[string]map[posto]*segno // sheet, as the reader calls it, to its cells
	fogli    map[string]string           // the same to its name in the file
	derivati []string                    // styles for styles.xml, in order
	nomi     map[derivato]string         // the names of those
}

// derivato is a cell's style with the border of a gravity.
type derivato struct {
	base    string
	gravita piano.Gravita
}

func nuoveMarche(file string, c sheet.Cartella, rilievi []piano.Rilievo) *marche {
	m := &marche{file: file, rilievi: rilievi, esito: foglioES, per: map[string]map[posto]*segno{}, nomi: map[derivato]string{}, fogli: map[string]string{}}
	nomi := map[string]bool{}
	for _, f := range c.Fogli {
		if !strings.HasPrefix(f.Cella(1, 1).Testo, importer.TitoloEsito) {
			nomi[strings.ToLower(f.Nome)] = true
			m.per[f.Nome] = map[posto]*segno{}
		}
	}
	for n := 2; nomi[strings.ToLower(m.esito)]; n++ {
		m.esito = fmt.Sprintf("%s (%d)", foglioES, n)
	}
	quante := 0
	for _, r := range rilievi {
		riga, colonna, ok := sheet.DaIndirizzo(r.Cella)
		suo := m.per[r.Foglio]
		if !ok || suo == nil {
			continue
		}
		p := posto{riga, colonna}
		if suo[p] == nil {
			if quante++; quante > massimoCelle {
				break
			}
			suo[p] = &segno{gravita: piano.Avviso}
		}
		if r.Gravita == piano.Errore {
			suo[p].gravita = piano.Errore
		}
		if suo[p].testo != "" {
			suo[p].testo += "\n\n"
		}
		suo[p].testo += inizioCommento + parola(r.Gravita) + "\n" + r.Messaggio
	}
	return m
}

// attivaRe is the sheet that is shown when the file is opened.
var attivaRe = regexp.MustCompile(`(<config:config-item config:name="ActiveTable" config:type="string">)[^<]*(</config:config-item>)`)

// impostazioni makes ESITO the sheet that is shown first.
func (m *marche) impostazioni(b []byte) ([]byte, error) {
	return attivaRe.ReplaceAll(b, []byte("${1}"+strings.ReplaceAll(m.esito, "$", "$$")+"${2}")), nil
}
