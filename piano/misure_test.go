package piano

import (
	"slices"
	"testing"
)

func TestWhoIsAskedAboutAMeasure(t *testing.T) {
	a := Anagrafica{Settori: []Settore{{Nome: "SUAP", Codice: "suap"}, {Nome: "Servizi finanziari", Codice: "servizi-finanziari", Alias: []string{"Ragioneria"}}, {Nome: "SIA", Codice: "sia"}}}
	tutti := []string{"SUAP", "Servizi finanziari", "SIA"}
	for scritto, want := range map[string][]string{
		"":                        tutti,
		"-":                       tutti,
		"Tutti i settori":         tutti,
		"tutte le aree":           tutti,
		"Ogni settore":            tutti,
		"ragioneria":              {"Servizi finanziari"},
		"SUAP; Ragioneria":        {"SUAP", "Servizi finanziari"},
		"SIA, S.I.A.":             {"SIA"},
		"SUAP / Ufficio ignoto":   {UfficioAnticorruzione},
		"Segreteria della Giunta": {UfficioAnticorruzione},
	} {
		if got := (Misura{Settore: scritto}).Interpellati(a); !slices.Equal(got, want) {
			t.Errorf("%q: %q", scritto, got)
		}
	}
}

func TestWhoAnswersForThePreventionOfCorruption(t *testing.T) {
	segretario := Ruolo{Ruolo: RuoloSegretario, Nome: "Leo Verdi", Email: "leo@ente.example"}
	for ruolo, want := range map[string]string{"RPCT": "Ada", "Responsabile anticorruzione": "Ada", "Responsabile della Prevenzione della Corruzione": "Ada", "SIA": "Leo Verdi"} {
		a := Anagrafica{Ruoli: []Ruolo{segretario, {Ruolo: ruolo, Nome: "Ada", Email: "ada@ente.example"}}}
		if got := a.Anticorruzione().Nome; got != want {
			t.Errorf("%s: %s", ruolo, got)
		}
		a.Ruoli[1].Email = ""
		if got := a.Anticorruzione().Nome; got != "Leo Verdi" {
			t.Errorf("%s without an address: %s", ruolo, got)
		}
	}
	if len(StatiMisura()) != 4 {
		t.Error(StatiMisura())
	}
}

// Each measure stands once for whoever is asked about it, with what was answered.
func TestFotografaMisure(t *testing.T) {
	s := Sessione{Genere: Anticorruzione, Anno: 2021, Numero: 2, Dati: g("2021-08-31"), Aperta: g("2021-09-01")}
	v := VistaSessione{Sessione: s, Anagrafica: chiLavora(), Oggi: g("2021-09-01"),
		Misure:   []Misura{{ID: 1, Titolo: "Rotazione", Settore: "SIA; Welfare"}, {ID: 2, Titolo: "Formazione", Settore: "altrove"}},
		Stati:    []RispostaMisura{{Settore: "Welfare", Misura: 1, Stato: "attuata", Note: "2 su 2", Giorno: g("2021-09-06")}, {Settore: "SIA", Misura: 9, Stato: "di un'altra"}},
		Risposte: map[string]Risposta{"Welfare": {Giorno: g("2021-09-06")}}}
	f := v.Fotografa()
	var got []string
	for _, m := range f.Misure {
		got = append(got, m.Settore+" "+m.Misura+" "+m.Stato+m.Note)
	}
	if !slices.Equal(got, []string{"SIA Rotazione ", "Welfare Rotazione attuata2 su 2", UfficioAnticorruzione + " Formazione "}) || len(f.Attivita) != 0 {
		t.Errorf("%q", got)
	}
	if got := f.DaSentire(); !slices.Equal(got, []string{"SIA", UfficioAnticorruzione}) {
		t.Errorf("%q", got)
	}
	if r := f.Settori[2]; r.Responsabile != "Leo Verdi" || r.Incarico != Titolare {
		t.Errorf("%+v", r)
	}
	inviti, muti := s.Inviti(Calendario{}, g("2021-09-01"), f.DaSentire(), chiLavora(), nil, nil)
	if len(inviti) != 2 || inviti[0].A != "leo@ente.example" || inviti[0].Vacante || len(muti) != 0 {
		t.Errorf("%+v %q", inviti, muti)
	}
}

// The last answer counts, a blank one is none, a note alone leaves the state; what was said
// before and is another is kept.
func TestWhatIsSaidOfAMeasureLater(t *testing.T) {
	detto := func(giorno, stato, note string) RispostaMisura {
		return RispostaMisura{Settore: "SIA", Misura: 1, Stato: stato, Note: note, Giorno: g(giorno)}
	}
	for storia, c := range map[string]struct {
		stati []RispostaMisura
		stato DettoPrima
		prima []DettoPrima
	}{
		"nothing":            {},
		"the same again":     {[]RispostaMisura{detto("2021-09-03", "attuata", ""), detto("2021-09-06", "attuata", "")}, DettoPrima{"attuata", "", g("2021-09-03")}, nil},
		"blank later":        {[]RispostaMisura{detto("2021-09-03", "attuata", "3"), detto("2021-09-06", "", "")}, DettoPrima{"attuata", "3", g("2021-09-03")}, nil},
		"blank first":        {[]RispostaMisura{detto("2021-09-03", "", ""), detto("2021-09-06", "attuata", "")}, DettoPrima{"attuata", "", g("2021-09-06")}, nil},
		"a note alone later": {[]RispostaMisura{detto("2021-09-03", "attuata", ""), detto("2021-09-06", "", "3")}, DettoPrima{"attuata", "3", g("2021-09-06")}, []DettoPrima{{"attuata", "", g("2021-09-03")}}},
		"twice another": {[]RispostaMisura{detto("2021-09-03", "in corso", "1"), detto("2021-09-06", "attuata", "2"), detto("2021-09-07", "non attuata", "")}, DettoPrima{"non attuata", "", g("2021-09-07")},
			[]DettoPrima{{"in corso", "1", g("2021-09-03")}, {"attuata", "2", g("2021-09-06")}}},
	} {
		v := VistaSessione{Sessione: Sessione{Genere: Anticorruzione, Anno: 2021, Numero: 2, Dati: g("2021-08-31"), Aperta: g("2021-09-01")}, Anagrafica: chiLavora(), Oggi: g("2021-09-10"),
			Misure: []Misura{{ID: 1, Titolo: "Rotazione", Settore: "SIA"}}, Stati: c.stati}
		m := v.Fotografa().Misure[0]
		if (DettoPrima{m.Stato, m.Note, m.Giorno}) != c.stato || !slices.Equal(m.Prima, c.prima) {
			t.Errorf("%s: %+v", storia, m)
		}
	}
}
