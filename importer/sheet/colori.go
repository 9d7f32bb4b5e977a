package sheet

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Colore is a colour, the zero value none. It is a number, because a sheet has one in every
// cell.
type Colore uint32

// visto tells black from none.
const visto Colore = 1 << 24

// ColoreDi reads "RRGGBB", in either case; none for anything else.
func ColoreDi(rrggbb string) Colore {
	n, err := strconv.ParseUint(rrggbb, 16, 24)
	if err != nil || len(rrggbb) != 6 {
		return 0
	}
	return visto | Colore(n)
}

// String writes it as "RRGGBB", "" for none.
func (c Colore) String() string {
	if c == 0 {
		return ""
	}
	return fmt.Sprintf("%06X", uint32(c&^visto))
}

// temaOffice are the colours of a workbook without a theme part, as LibreOffice
// saves it, in the order in which styles count them.
var temaOffice = []string{"FFFFFF", "000000", "E7E6E6", "44546A", "4472C4", "ED7D31", "A5A5A5", "FFC000", "5B9BD5", "70AD47", "0563C1", "954F72"}

// ordineTema is where the theme's elements stand among the colours of a style: light
// and dark change places (ISO 29500-1, 18.8.3).
var ordineTema = map[string]int{"lt1": 0, "dk1": 1, "lt2": 2, "dk2": 3, "accent1": 4, "accent2": 5, "accent3": 6, "accent4": 7,
	"accent5": 8, "accent6": 9, "hlink": 10, "folHlink": 11}

// palettaExcel are the indexed colours (ISO 29500-1, 18.8.27).
var palettaExcel = strings.Fields(`
000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF 000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF
800000 008000 000080 808000 800080 008080 C0C0C0 808080 9999FF 993366 FFFFCC CCFFFF 660066 FF8080 0066CC CCCCFF
000080 FF00FF FFFF00 00FFFF 800080 800000 008080 0000FF 00CCFF CCFFFF CCFFCC FFFF99 99CCFF FF99CC CC99FF FFCC99
3366FF 33CCCC 99CC00 FFCC00 FF9900 FF6600 666699 969696 003366 339966 003300 333300 993300 993366 333399 333333`)

// leggiTema reads the colour scheme of the theme.
func (o *ooxml) leggiTema(parte string) error {
	tema := append([]string(nil), temaOffice...)
	posto := -1
	err := o.elementi(parte, "theme", disegno, func(x *lettoreXML) error {
		nome := string(x.nome)
		if x.livello == 4 {
			posto = -1
			if p, ok := ordineTema[nome]; ok && string(x.pezzo(x.pila[3].nome)) == "clrScheme" {
				posto = p
			}
			return nil
		}
		if posto < 0 || x.livello != 5 {
			return nil
		}
		c := ""
		switch nome {
		case "srgbClr":
			c = rgb(x.attributo("val"))
		case "sysClr":
			c = rgb(x.attributo("lastClr"))
		}
		if c != "" {
			tema[posto] = c
		}
		return nil
	})
	o.tema = tema
	return err
}

// tinteggia lightens a colour (tinta above 0) or darkens it, by its luminance in HSL
// (ISO 29500-1, 18.8.19).
func tinteggia(colore string, tinta float64) string {
	n, err := strconv.ParseUint(colore, 16, 32)
	if err != nil {
		return colore
	}
	r, g, b := float64(n>>16)/255, float64(n>>8&255)/255, float64(n&255)/255
	massimo, minimo := max(r, g, b), min(r, g, b)
	l, d := (massimo+minimo)/2, massimo-minimo
	h, s := 0.0, 0.0
	if d > 0 {
		s = d / (1 - math.Abs(2*l-1))
		switch massimo {
		case r:
			h = math.Mod((g-b)/d+6, 6)
		case g:
			h = (b-r)/d + 2
		default:
			h = (r-g)/d + 4
		}
	}
	if tinta < 0 {
		l *= 1 + tinta
	} else {
		l += (1 - l) * tinta
	}
	c := (1 - math.Abs(2*l-1)) * s
	canale := func(n float64) int {
		k := math.Mod(n+h*2, 12) // hue in twelfths of the circle
		return int(math.Round(255 * (l - c/2*max(-1, min(k-3, 9-k, 1)))))
	}
	return fmt.Sprintf("%02X%02X%02X", canale(0), canale(8), canale(4))
}
