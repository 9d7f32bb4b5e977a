package jobs_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/scadenzario/scadenzario/jobs"
	"github.com/scadenzario/scadenzario/piano"
)

// What an office is told does not depend on whose sheets came in the same moment.
func TestFilesHandedInTogether(t *testing.T) {
	var file []piano.Documento
	for _, nome := range []string{"piano-2021/suap.xlsx", "piano-2021/sia.xlsx", "misure-anticorruzione-2021.xlsx", "piano-2021/suap.xlsx",
		"stato-2021-06-30/suap.xlsx", "stato-2021-12-31/suap.xlsx"} {
		file = append(file, piano.Documento{File: filepath.Base(nome), Contenuto: leggi(t, filepath.Join(moduli, nome))})
	}
	file = append(file, piano.Documento{File: "lettera.xlsx", Contenuto: []byte("this is a letter")})
	g := giorno(t, "2021-04-20")
	una, tutte := nuovaCasa(t), nuovaCasa(t)
	var attese []jobs.Risposta
	for _, f := range file {
		r, err := jobs.Intake{Archivio: una.db}.Ricevi(t.Context(), ente, f.File, f.Contenuto, g)
		if err != nil {
			t.Fatal(err)
		}
		attese = append(attese, r)
	}
	risposte := jobs.Intake{Archivio: tutte.db}.RiceviTutti(t.Context(), ente, file, g)
	// the second time a file comes with others, somebody asks once more, so it is not new
	if d := cmp.Diff(attese, risposte, cmpopts.IgnoreFields(piano.Consegna{}, "ID", "Nuova"), cmpopts.EquateComparable(piano.Giorno{}),
		cmpopts.EquateEmpty(), cmp.Comparer(func(a, b piano.Decimale) bool { return a.String() == b.String() })); d != "" {
		t.Error(d)
	}
	if a := risposte; !a[0].Accolta() || !a[1].Accolta() || a[2].Accolta() || !a[3].GiaRicevuta || !a[5].Accolta() || a[6].Accolta() {
		t.Errorf("%+v", a)
	}
}

// Where the database cannot do its work, every file says so and none is refused.
func TestFilesHandedInWithoutADatabase(t *testing.T) {
	c := nuovaCasa(t)
	file := []piano.Documento{{File: "a.xlsx", Contenuto: []byte("a")}, {File: "b.xlsx", Contenuto: []byte("b")}}
	for _, r := range (jobs.Intake{Archivio: c.db}).RiceviTutti(t.Context(), "molinella", file, giorno(t, "2021-04-20")) {
		if r.Err == nil || r.Consegna.Esito == piano.Respinta {
			t.Errorf("%+v", r)
		}
	}
}
