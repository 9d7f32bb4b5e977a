package store

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/scadenzario/scadenzario/piano"
)

// giorno is a piano.Giorno on its way to and from a date column; no day is null.
type giorno struct{ piano.Giorno }

// Value writes the day as ISO text, which has no zone to go wrong.
func (g giorno) Value() (driver.Value, error) {
	if g.IsZero() {
		return nil, nil
	}
	return g.String(), nil
}

// Scan reads a date, which lib/pq gives as midnight +0000.
func (g *giorno) Scan(v any) error {
	switch t := v.(type) {
	case nil:
		g.Giorno = piano.Giorno{}
	case time.Time:
		g.Giorno = piano.GiornoDi(t)
	default:
		return fmt.Errorf("a date came as %T", v)
	}
	return nil
}

// decimale is a *piano.Decimale on its way to and from a numeric column; nil is
// null.
type decimale struct{ *piano.Decimale }

// Value writes the plain decimal: digits, at most one point.
func (d decimale) Value() (driver.Value, error) {
	if d.Decimale == nil {
		return nil, nil
	}
	return d.Decimale.String(), nil
}

// Scan reads a numeric, which lib/pq gives as its digits.
func (d *decimale) Scan(v any) error {
	d.Decimale = nil
	b, ok := v.([]byte)
	if v == nil {
		return nil
	}
	if !ok {
		return fmt.Errorf("a numeric came as %T", v)
	}
	n, err := piano.ParseDecimale(string(b))
	if err != nil {
		return fmt.Errorf("read a numeric: %w", err)
	}
	d.Decimale = &n
	return nil
}

// booleano turns a SI, NO or blank into what an array parameter takes.
func booleano(b *bool) sql.NullBool {
	if b == nil {
		return sql.NullBool{}
	}
	return sql.NullBool{Bool: *b, Valid: true}
}

// massimoTesto is how much of a text is kept, in bytes: what the reader of
// workbooks accepts in one cell.
const massimoTesto = 256 << 10

// pulisci makes a cell's text fit for the server, which refuses NUL bytes and
// invalid UTF-8, and cuts what is absurdly long at a whole character.
func pulisci(s string) string {
	if len(s) <= massimoTesto && utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
	if len(s) <= massimoTesto {
		return s
	}
	return strings.ToValidUTF8(s[:massimoTesto], "") // without half a character at the end
}

// inJSON writes v for a jsonb column. What comes from a sheet went through
// pulisci first: jsonb refuses NUL as the server's texts do.
func inJSON(v any) (string, error) {
	var b strings.Builder
	if err := json.NewEncoder(&b).Encode(v); err != nil {
		return "", fmt.Errorf("write JSON: %w", err)
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

// daJSON reads a jsonb column into v.
func daJSON(b []byte, v any) error {
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("read JSON of the database: %w", err)
	}
	return nil
}

// rilieviPuliti returns the findings fit for a jsonb column, never nil.
func rilieviPuliti(rilievi []piano.Rilievo) []piano.Rilievo {
	puliti := make([]piano.Rilievo, 0, len(rilievi))
	for _, r := range rilievi {
		r.Foglio, r.Cella, r.Messaggio = pulisci(r.Foglio), pulisci(r.Cella), pulisci(r.Messaggio)
		puliti = append(puliti, r)
	}
	return puliti
}
