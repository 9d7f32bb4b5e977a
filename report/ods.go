package report

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"hash/crc32"
	"strings"

	"github.com/scadenzario/scadenzario/piano"
)

// ODS writes the document as an OpenDocument spreadsheet (ISO/IEC 26300, version 1.2):
// an archive whose first part, stored as it is, says what it is. It fails as XLSX does.
func ODS(d Documento) ([]byte, error) {
	if err := d.controlla(); err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	err := conservata(z, "mimetype", []byte(tipoODS))
	for _, p := range []struct{ nome, contenuto string }{
		{"META-INF/manifest.xml", manifesto}, {"meta.xml", d.meta()}, {"settings.xml", d.impostazioni()}, {"styles.xml", d.stili()}, {"content.xml", d.contenuto()},
	} {
		if err == nil {
			err = compressa(z, p.nome, p.contenuto)
		}
	}
	if e := z.Close(); err == nil {
		err = e
	}
	if err != nil {
		return nil, fmt.Errorf("document %q: %w", d.Titolo, err)
	}
	return buf.Bytes(), nil
}

// conservata writes a part without compressing it, its size and checksum before it:
// what the format demands of its first part.
func conservata(z *zip.Writer, nome string, b []byte) error {
	w, err := z.CreateRaw(&zip.FileHeader{Name: nome, Method: zip.Store, CRC32: crc32.ChecksumIEEE(b), CompressedSize64: uint64(len(b)), UncompressedSize64: uint64(len(b))})
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}

// compressa writes a part; without an instant of its own, so that the same content is
// the same bytes.
func compressa(z *zip.Writer, nome, contenuto string) error {
	w, err := z.CreateHeader(&zip.FileHeader{Name: nome, Method: zip.Deflate})
	if err != nil {
		return err
	}
	_, err = w.Write([]byte(contenuto))
	return err
}

const (
	intestazioneXML = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

	spazi = ` xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"` +
		` xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"` +
		` xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"` +
		` xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:config="urn:oasis:names:tc:opendocument:xmlns:config:1.0"` +
		` xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.2"`

	manifesto = intestazioneXML + `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">
<manifest:file-entry manifest:full-path="/" manifest:version="1.2" manifest:media-type="` + tipoODS + `"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="settings.xml" manifest:media-type="text/xml"/>
</manifest:manifest>
`
)

// xmlTesto writes a text into an element or an attribute.
func xmlTesto(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder takes everything
	return b.String()
}

func (d Documento) meta() string {
	return intestazioneXML + `<office:document-meta` + spazi + `><office:meta><meta:generator>Scadenzario</meta:generator><dc:title>` +
		xmlTesto(piano.SoloTesto(d.Titolo)) + `</dc:title><dc:creator>` + xmlTesto(piano.SoloTesto(d.Ente)) + `</dc:creator><dc:date>` + d.quando() +
		`</dc:date><dc:language>it-IT</dc:language></office:meta></office:document-meta>` + "\n"
}

// impostazioni keep the headings in view.
func (d Documento) impostazioni() string {
	var b strings.Builder
	b.WriteString(intestazioneXML + `<office:document-settings` + spazi + `><office:settings><config:config-item-set config:name="ooo:view-settings">` +
		`<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>` + voce("ViewId", "string", "view1") + `<config:config-item-map-named config:name="Tables">`)
	for _, f := range d.Fogli {
		b.WriteString(`<config:config-item-map-entry config:name="` + xmlTesto(nomeFoglio(f.Nome)) + `">`)
		for _, v := range []struct {
			nome, tipo string
			n          int
		}{{"CursorPositionX", "int", 0}, {"CursorPositionY", "int", f.testata()}, {"HorizontalSplitMode", "short", 0}, {"VerticalSplitMode", "short", 2},
			{"HorizontalSplitPosition", "int", 0}, {"VerticalSplitPosition", "int", f.testata()}, {"ActiveSplitRange", "short", 2},
			{"PositionLeft", "int", 0}, {"PositionRight", "int", 0}, {"PositionTop", "int", 0}, {"PositionBottom", "int", f.testata()}} {
			b.WriteString(voce(v.nome, v.tipo, fmt.Sprint(v.n)))
		}
		b.WriteString(`</config:config-item-map-entry>`)
	}
	b.WriteString(`</config:config-item-map-named>` + voce("ActiveTable", "string", nomeFoglio(d.Fogli[0].Nome)) +
		`</config:config-item-map-entry></config:config-item-map-indexed></config:config-item-set></office:settings></office:document-settings>` + "\n")
	return b.String()
}

func voce(nome, tipo, valore string) string {
	return `<config:config-item config:name="` + nome + `" config:type="` + tipo + `">` + xmlTesto(valore) + `</config:config-item>`
}

// stili says how a page is printed: A4 in landscape, as wide as the page, with the
// ente, the sheet and the page number at its foot.
func (d Documento) stili() string {
	return intestazioneXML + `<office:document-styles` + spazi + `><office:styles><style:default-style style:family="table-cell">` +
		`<style:text-properties fo:font-family="Calibri, Carlito, sans-serif" fo:font-size="10pt" fo:language="it" fo:country="IT"/></style:default-style><style:style style:name="Default" style:family="table-cell"/></office:styles>
<office:automatic-styles><style:page-layout style:name="pagina"><style:page-layout-properties fo:page-width="29.7cm" fo:page-height="21cm" style:print-orientation="landscape"` +
		` fo:margin-top="1cm" fo:margin-bottom="1cm" fo:margin-left="1cm" fo:margin-right="1cm" style:scale-to-X="1" style:scale-to-Y="0"/>` +
		`<style:header-style/><style:footer-style><style:header-footer-properties fo:min-height="0.6cm" fo:margin-top="0.2cm"/></style:footer-style></style:page-layout>` +
		`<style:style style:name="piede" style:family="text"><style:text-properties fo:font-size="8pt"/></style:style></office:automatic-styles>
<office:master-styles><style:master-page style:name="A4" style:page-layout-name="pagina"><style:header style:display="false"/><style:footer>` +
		`<style:region-left><text:p><text:span text:style-name="piede">` + xmlTesto(d.piede()) + `</text:span></text:p></style:region-left>` +
		`<style:region-center><text:p><text:span text:style-name="piede"><text:sheet-name/></text:span></text:p></style:region-center>` +
		`<style:region-right><text:p><text:span text:style-name="piede">pagina <text:page-number>1</text:page-number> di <text:page-count>1</text:page-count></text:span></text:p></style:region-right>` +
		`</style:footer></style:master-page></office:master-styles></office:document-styles>` + "\n"
}
