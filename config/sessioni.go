package config

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"time"
)

// Sessioni are the dates of the checks.
type Sessioni struct {
	MetaAnno       DateSessione            `toml:"meta_anno" doc:"Mid-year check."`
	FineAnno       DateSessione            `toml:"fine_anno" doc:"Year-end check; its dates from the opening on are those of the year after."`
	Anticorruzione DateAnticorruzione      `toml:"anticorruzione" doc:"Check of the anti-corruption measures, several times a year; none in a year without measures (scadenzario registry import misure). The n-th day of each list is of the n-th check."`
	Anni           map[string]SessioniAnno `toml:"anni" sample:"2026.meta_anno|chiude = \"24/07\"" doc:"Dates over the plan of one year, where they differ: [sessioni.anni.<anno>.<sessione>], with the keys of the session; what is not written is as in every year."`
}

// DateAnticorruzione are the dates of the checks of the measures.
type DateAnticorruzione struct {
	Dati      []string `toml:"dati" doc:"The days that the data are of."`
	Apre      []string `toml:"apre" doc:"From when each opens, as for the other checks; \"mai\": only by hand."`
	Sollecito int      `toml:"sollecito" doc:"Working days between one reminder and the next; 0 for none."`
	Chiude    []string `toml:"chiude" doc:"By when each closes, as for the other checks."`
}

// elenco returns the dates of each check, where the lists are of one length.
func (d DateAnticorruzione) elenco() []DateSessione {
	if len(d.Apre) != len(d.Dati) || len(d.Chiude) != len(d.Dati) {
		return nil
	}
	var date []DateSessione
	for i := range d.Dati {
		date = append(date, DateSessione{Dati: d.Dati[i], Apre: d.Apre[i], Sollecito: d.Sollecito, Chiude: d.Chiude[i]})
	}
	return date
}

// DateSessione are the dates of one kind of session, day and month of every year.
type DateSessione struct {
	Dati      string `toml:"dati" doc:"The day that the data are of. Later days count on from it: 31/01 after 31/12 is of the year after."`
	Apre      string `toml:"apre" doc:"From when the session opens: on the first working day. \"mai\": only by hand, scadenzario session open."`
	Sollecito int    `toml:"sollecito" doc:"Working days between one reminder to who has not handed in and the next; 0 for none."`
	Chiude    string `toml:"chiude" doc:"By when it closes: on the last working day up to it, in the morning; offices hand in until the working day before."`
	Legge     string `toml:"legge" doc:"The day by which the law wants what comes of it; shown in the outcome. Empty: none."`
}

// SessioniAnno are the dates of one year, those that are as in every year included.
type SessioniAnno struct {
	MetaAnno       DateSessione       `toml:"meta_anno"`
	FineAnno       DateSessione       `toml:"fine_anno"`
	Anticorruzione DateAnticorruzione `toml:"anticorruzione"`
}

// Quadrimestri are the checks of the measures in the year, in order.
func (s SessioniAnno) Quadrimestri() []DateSessione { return s.Anticorruzione.elenco() }

// predefinite are the dates where the file says nothing.
func predefinite() Sessioni {
	return Sessioni{
		MetaAnno: DateSessione{Dati: "30/06", Apre: "01/07", Sollecito: 5, Chiude: "31/07", Legge: "31/07"},
		FineAnno: DateSessione{Dati: "31/12", Apre: "07/01", Sollecito: 5, Chiude: "31/01", Legge: "30/06"},
		Anticorruzione: DateAnticorruzione{Dati: []string{"30/04", "31/08", "31/12"}, Apre: []string{"02/05", "01/09", "07/01"}, Sollecito: 5,
			Chiude: []string{"20/05", "20/09", "20/01"}},
	}
}

// Di returns the dates of the sessions over the plan of that year.
func (s Sessioni) Di(anno int) SessioniAnno {
	if suo, ok := s.Anni[strconv.Itoa(anno)]; ok {
		return suo
	}
	return SessioniAnno{s.MetaAnno, s.FineAnno, s.Anticorruzione}
}

// completa writes into each year what it does not say, from the dates of every year. It
// reads the file's table once more, because what a year says counts though it be 0 or "".
func (s *Sessioni) completa(albero map[string]any, file string) {
	sezione, _ := albero["sessioni"].(map[string]any)
	anni, _ := sezione["anni"].(map[string]any)
	for nome := range s.Anni {
		suo := SessioniAnno{s.MetaAnno, s.FineAnno, s.Anticorruzione}
		tabella, _ := anni[nome].(map[string]any)
		(&lettura{file: file}).riempi(reflect.ValueOf(&suo).Elem(), tabella, "") // its faults are told already
		s.Anni[nome] = suo
	}
}

// controllaSessioni judges the dates of every year, then those of single years as they
// come out.
func (l *lettura) controllaSessioni(s Sessioni) {
	l.controllaSessione("sessioni.meta_anno", s.MetaAnno)
	l.controllaSessione("sessioni.fine_anno", s.FineAnno)
	l.controllaAnticorruzione("sessioni.anticorruzione", s.Anticorruzione)
	for _, nome := range slices.Sorted(maps.Keys(s.Anni)) {
		chiave := "sessioni.anni." + nome
		anno, err := strconv.Atoi(nome)
		if err != nil || anno < 2000 || anno > 2999 {
			l.problema(chiave, "%q is no year: write [sessioni.anni.2026.meta_anno]", nome)
			continue
		}
		suo := s.Anni[nome]
		if suo.MetaAnno != s.MetaAnno {
			l.controllaSessione(chiave+".meta_anno", suo.MetaAnno)
		}
		if suo.FineAnno != s.FineAnno {
			l.controllaSessione(chiave+".fine_anno", suo.FineAnno)
		}
		if !reflect.DeepEqual(suo.Anticorruzione, s.Anticorruzione) {
			l.controllaAnticorruzione(chiave+".anticorruzione", suo.Anticorruzione)
		}
	}
}

func (l *lettura) controllaAnticorruzione(sezione string, d DateAnticorruzione) {
	if len(d.Dati) != len(d.Apre) || len(d.Dati) != len(d.Chiude) {
		l.problema(sezione+".dati", "dati has %d days, apre %d, chiude %d: one of each is wanted for each check", len(d.Dati), len(d.Apre), len(d.Chiude))
	}
	for _, x := range d.elenco() {
		l.controllaSessione(sezione, x)
	}
}

// massimaSessione is how many days after the day of its data a session may close.
const massimaSessione = 180

func (l *lettura) controllaSessione(sezione string, d DateSessione) {
	giorni := map[string]time.Time{}
	for _, c := range []struct{ chiave, valore, niente string }{{"dati", d.Dati, "-"}, {"apre", d.Apre, Mai}, {"chiude", d.Chiude, "-"}, {"legge", d.Legge, ""}} {
		if c.valore == c.niente {
			continue
		}
		g, err := ogniAnno(c.valore)
		if err != nil {
			l.problema(sezione+"."+c.chiave, "%v", err)
			return
		}
		giorni[c.chiave] = g
	}
	if d.Sollecito < 0 || d.Sollecito > massimoPassi {
		l.problema(sezione+".sollecito", "%d is outside 0..%d", d.Sollecito, massimoPassi)
	}
	dopo := func(chiave string) int { // days from the day of the data
		n := int(giorni[chiave].Sub(giorni["dati"]).Hours() / 24)
		if n <= 0 {
			n += 365
		}
		return n
	}
	if n := dopo("chiude"); n > massimaSessione {
		l.problema(sezione+".chiude", "%s is %d days after the day of the data, %s: at most %d are taken for meant", d.Chiude, n, d.Dati, massimaSessione)
	} else if d.Apre != Mai && dopo("apre") >= n {
		l.problema(sezione+".apre", "%s does not come between the day of the data, %s, and the closing, %s", d.Apre, d.Dati, d.Chiude)
	}
}

// ogniAnno reads a day that every year has, in a year that is no leap year.
func ogniAnno(s string) (time.Time, error) {
	t, err := time.Parse("2/1/2006", s+"/2023")
	if err == nil {
		return t, nil
	}
	if _, _, ok := GiornoMese(s); ok {
		return t, fmt.Errorf("%q does not come every year: write 28/02 or 01/03", s)
	}
	return t, fmt.Errorf("%q is no day of the year: write it as 30/06", s)
}
