package annota

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

var (
	relFoglioRe = regexp.MustCompile(`^xl/worksheets/_rels/[^/]+\.rels$`)
	vmlRe       = regexp.MustCompile(`vmlDrawing(\d+)\.vml"`)
	commentiRe  = regexp.MustCompile(`comments(\d+)\.xml"`)
)

// allinea gives the comments of each sheet the number of its drawing. excelize takes
// the one from the other, LibreOffice numbers them apart: comments would land on
// another sheet.
func allinea(contenuto []byte) ([]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(contenuto), int64(len(contenuto)))
	if err != nil {
		return nil, err
	}
	parti, nuovi, diversi := map[string][]byte{}, map[string]string{}, false
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		b, err := io.ReadAll(r)
		if err := errors.Join(err, r.Close()); err != nil {
			return nil, err
		}
		parti[f.Name] = b
		vml, commenti := vmlRe.FindSubmatch(b), commentiRe.FindSubmatch(b)
		if !relFoglioRe.MatchString(f.Name) || vml == nil || commenti == nil {
			continue
		}
		nuovi["comments"+string(commenti[1])+".xml"] = "comments" + string(vml[1]) + ".xml"
		diversi = diversi || !bytes.Equal(vml[1], commenti[1])
	}
	if !diversi {
		return contenuto, nil
	}
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, f := range z.File {
		nome, b := f.Name, parti[f.Name]
		if nuovo, ok := nuovi[strings.TrimPrefix(nome, "xl/")]; ok {
			nome = "xl/" + nuovo
		}
		if relFoglioRe.MatchString(f.Name) || f.Name == "[Content_Types].xml" {
			b = commentiRe.ReplaceAllFunc(b, func(vecchio []byte) []byte {
				if nuovo, ok := nuovi[strings.TrimSuffix(string(vecchio), `"`)]; ok {
					return []byte(nuovo + `"`)
				}
				return vecchio
			})
		}
		o, err := w.Create(nome)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", nome, err)
		}
		if _, err := o.Write(b); err != nil {
			return nil, fmt.Errorf("%s: %w", nome, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}
