package piano

// Stato is the state of an activity at the end of a day.
type Stato string

// The states of the contract, `scadenzario check`.
const (
	SenzaProgramma Stato = "senza-programma"
	Conclusa       Stato = "conclusa"
	Scaduta        Stato = "scaduta"
	InRitardo      Stato = "in-ritardo"
	DaAvviare      Stato = "da-avviare"
	InCorso        Stato = "in-corso"
)

// Situazione is what can be said of an activity at the end of a day.
type Situazione struct {
	Stato                 Stato
	Scadenza              Giorno // last day of the last planned month; no day where none is planned
	MesiPrevistiTrascorsi int    // planned months whose last day is that day or earlier
	MesiOttenuti          int    // obtained months whose first day is that day or earlier
}

// Scadenza returns the last day of the last planned month, no day where none is
// planned.
func (a Attivita) Scadenza() Giorno {
	if a.Previsto == 0 {
		return Giorno{}
	}
	return FineDelMese(a.Anno, a.Previsto.Ultimo())
}

// Al returns the situation at the end of that day: the contract's table,
// `scadenzario check`, the first row that applies.
func (a Attivita) Al(d Giorno) Situazione {
	s := Situazione{
		Scadenza:              a.Scadenza(),
		MesiPrevistiTrascorsi: a.Previsto.FinoA(mesiTrascorsi(a.Anno, d)).Len(),
		MesiOttenuti:          a.Ottenuto.FinoA(mesiIniziati(a.Anno, d)).Len(),
	}
	si := a.Eseguito != nil && *a.Eseguito
	no := a.Eseguito != nil && !*a.Eseguito
	switch {
	case a.Previsto == 0 && !si:
		s.Stato = SenzaProgramma
	case si || !no && s.MesiOttenuti >= a.Previsto.Len():
		s.Stato = Conclusa
	case d.Dopo(s.Scadenza):
		s.Stato = Scaduta
	case s.MesiPrevistiTrascorsi > s.MesiOttenuti:
		s.Stato = InRitardo
	case d.Prima(NewGiorno(a.Anno, a.Previsto.Primo(), 1)):
		s.Stato = DaAvviare
	default:
		s.Stato = InCorso
	}
	return s
}

// mesiIniziati returns how many months of that year have begun by d, 0..12.
func mesiIniziati(anno int, d Giorno) int {
	return max(0, min(12, (d.Anno()-anno)*12+d.Mese()))
}

// mesiTrascorsi returns how many months of that year have ended by the end of d.
func mesiTrascorsi(anno int, d Giorno) int {
	mesi := (d.Anno()-anno)*12 + d.Mese()
	if d != d.FineMese() {
		mesi--
	}
	return max(0, min(12, mesi))
}
