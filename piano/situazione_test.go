package piano

import (
	"math/rand/v2"
	"testing"
)

var (
	si = func() *bool { v := true; return &v }()
	no = func() *bool { v := false; return &v }()
)

// The contract's table, told on one activity planned from April to July 2021.
func TestAttivitaAl(t *testing.T) {
	pianificata := NewMesi(4, 5, 6, 7)
	for _, c := range []struct {
		storia              string
		previsto, ottenuto  Mesi
		eseguito            *bool
		giorno              string
		stato               Stato
		trascorsi, ottenuti int
	}{
		{"nothing planned, nothing said", 0, 0, nil, "2021-06-30", SenzaProgramma, 0, 0},
		{"nothing planned, but a month obtained", 0, NewMesi(3), nil, "2021-06-30", SenzaProgramma, 0, 1},
		{"nothing planned and ESEGUITO NO", 0, 0, no, "2021-06-30", SenzaProgramma, 0, 0},
		{"nothing planned, but done all the same", 0, 0, si, "2021-06-30", Conclusa, 0, 0},
		{"the winter before", pianificata, 0, nil, "2021-03-31", DaAvviare, 0, 0},
		{"the year before", pianificata, 0, nil, "2020-12-31", DaAvviare, 0, 0},
		{"its first day", pianificata, 0, nil, "2021-04-01", InCorso, 0, 0},
		{"the first month is not over yet", pianificata, 0, nil, "2021-04-29", InCorso, 0, 0},
		{"the first month ends with nothing obtained", pianificata, 0, nil, "2021-04-30", InRitardo, 1, 0},
		{"obtained as planned", pianificata, NewMesi(4, 5), nil, "2021-05-31", InCorso, 2, 2},
		{"obtained ahead of time, before it should begin", pianificata, NewMesi(2), nil, "2021-03-15", DaAvviare, 0, 1},
		{"a month obtained later than planned counts", pianificata, NewMesi(5, 6), nil, "2021-06-15", InCorso, 2, 2},
		{"one month behind", pianificata, NewMesi(4, 5), nil, "2021-06-30", InRitardo, 3, 2},
		{"a mark in a month to come does not count yet", pianificata, NewMesi(4, 5, 7), nil, "2021-06-30", InRitardo, 3, 2},
		{"it counts from its first day", pianificata, NewMesi(4, 5, 7), nil, "2021-07-01", InCorso, 3, 3},
		{"the last day is still in time", pianificata, NewMesi(4, 5, 6), nil, "2021-07-31", InRitardo, 4, 3},
		{"the day after is not", pianificata, NewMesi(4, 5, 6), nil, "2021-08-01", Scaduta, 4, 3},
		{"as many months as planned: done", pianificata, pianificata, nil, "2021-07-31", Conclusa, 4, 4},
		{"done with other months than planned", pianificata, NewMesi(5, 6, 7, 8), nil, "2021-08-31", Conclusa, 4, 4},
		{"asked about the past with today's data", pianificata, pianificata, nil, "2021-05-15", InCorso, 1, 2},
		{"ESEGUITO SI closes it whatever the months", pianificata, 0, si, "2021-12-31", Conclusa, 4, 0},
		{"ESEGUITO SI holds for the past as well", pianificata, 0, si, "2021-01-15", Conclusa, 0, 0},
		{"ESEGUITO NO keeps it open although all months are there", pianificata, pianificata, no, "2021-07-31", InCorso, 4, 4},
		{"and then it is overdue", pianificata, pianificata, no, "2021-08-01", Scaduta, 4, 4},
		{"years later", pianificata, NewMesi(4), nil, "2024-02-10", Scaduta, 4, 1},
	} {
		t.Run(c.storia, func(t *testing.T) {
			a := Attivita{Anno: 2021, Previsto: c.previsto, Ottenuto: c.ottenuto, Eseguito: c.eseguito}
			s := a.Al(g(c.giorno))
			if s.Stato != c.stato || s.MesiPrevistiTrascorsi != c.trascorsi || s.MesiOttenuti != c.ottenuti {
				t.Errorf("%+v, want %s with %d planned months gone by and %d obtained", s, c.stato, c.trascorsi, c.ottenuti)
			}
		})
	}
}

// How bad a state is for who answers for it; da-avviare is as good as in-corso.
var gravita = map[Stato]int{Conclusa: 0, InCorso: 1, DaAvviare: 1, InRitardo: 2, Scaduta: 3, SenzaProgramma: 4}

// One more obtained month never makes a state worse, and ESEGUITO SI always ends it.
func TestAnObtainedMonthNeverHurts(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 50_000 {
		a := Attivita{Anno: 2021, Previsto: Mesi(r.UintN(1 << 12)), Ottenuto: Mesi(r.UintN(1 << 12))}
		if r.IntN(3) == 0 {
			a.Eseguito = no
		}
		d := NewGiorno(2020, 11, 1).Piu(r.IntN(500))
		b := a
		b.Ottenuto |= NewMesi(1 + r.IntN(12))
		if prima, dopo := a.Al(d), b.Al(d); gravita[dopo.Stato] > gravita[prima.Stato] {
			t.Fatalf("on %s %+v was %s and with %s became %s", d, a, prima.Stato, b.Ottenuto, dopo.Stato)
		}
		b.Eseguito = si
		if s := b.Al(d).Stato; s != Conclusa {
			t.Fatalf("ESEGUITO SI is %s on %s", s, d)
		}
	}
}

// Time alone never takes an open activity back: once late by the calendar it
// stays so until something is obtained.
func TestTimeNeverHeals(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 2_000 {
		a := Attivita{Anno: 2021, Previsto: Mesi(1 + r.UintN(1<<12-1))}
		peggio := 0
		for d := NewGiorno(2020, 12, 25); d.Prima(NewGiorno(2022, 1, 5)); d = d.Piu(1) {
			n := gravita[a.Al(d).Stato]
			if n < peggio {
				t.Fatalf("%s got better by itself on %s", a.Previsto, d)
			}
			peggio = n
		}
	}
}

func TestPeggioreOrdersWorstFirst(t *testing.T) {
	lista := []Assegnata{
		{Obiettivo: "1/1", Situazione: Situazione{Stato: Scaduta, Scadenza: g("2021-03-31")}},
		{Obiettivo: "1/1", Attivita: Attivita{Descrizione: "a"}, Situazione: Situazione{Stato: Scaduta, Scadenza: g("2021-05-31")}},
		{Obiettivo: "1/1", Attivita: Attivita{Descrizione: "b"}, Situazione: Situazione{Stato: Scaduta, Scadenza: g("2021-05-31")}},
		{Obiettivo: "1/2", Situazione: Situazione{Stato: Scaduta, Scadenza: g("2021-05-31")}},
		{Obiettivo: "1/1", Situazione: Situazione{Stato: InRitardo, Scadenza: g("2021-05-31")}},
		{Obiettivo: "1/1", Situazione: Situazione{Stato: Conclusa, Scadenza: g("2021-01-31")}},
	}
	for i := range lista[1:] {
		if Peggiore(lista[i], lista[i+1]) >= 0 || Peggiore(lista[i+1], lista[i]) <= 0 {
			t.Errorf("%d is not before %d", i, i+1)
		}
	}
	if Peggiore(lista[0], lista[0]) != 0 {
		t.Error("an item is not its own equal")
	}
}
