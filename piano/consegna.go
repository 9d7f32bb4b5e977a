package piano

// EsitoConsegna is what became of a hand-in.
type EsitoConsegna string

// A hand-in is ricevuta from the moment its bytes are safe until it is judged.
const (
	Ricevuta EsitoConsegna = "ricevuta"
	Accolta  EsitoConsegna = "accolta"
	Respinta EsitoConsegna = "respinta"
)

// Consegna is a file that a settore handed in (DESIGN.md, 3, "Hand-in").
type Consegna struct {
	ID      int64
	File    string // base name as handed in
	SHA256  string // of its bytes, in hexadecimal
	Giorno  Giorno // the day on which these bytes first came
	Esito   EsitoConsegna
	Rilievi []Rilievo // as answered; empty while ricevuta
	Nuova   bool      // these bytes came for the first time: said when they are kept, and only then
}

// Documento is a file as it comes, before anybody reads it.
type Documento struct {
	File      string // base name
	Contenuto []byte
}

// Arrivo is a hand-in that was read and is to be taken into the plan.
type Arrivo struct {
	Consegna  int64
	Fonte     Fonte
	Obiettivi []Obiettivo // its cards, each with the registry's name of its settore
	Rilievi   []Rilievo
}

// EsitoArrivo is what became of an Arrivo: of each card, in their order, or why nothing
// of it was taken.
type EsitoArrivo struct {
	Esiti []EsitoObiettivo
	Err   error
}

// EsitoScheda says what a hand-in did to one objective.
type EsitoScheda string

// The outcomes of a card.
const (
	Aggiunta  EsitoScheda = "aggiunta"
	Cambiata  EsitoScheda = "cambiata"
	Invariata EsitoScheda = "invariata"
)

// EsitoObiettivo is what a hand-in did to one objective.
type EsitoObiettivo struct {
	Numero string
	Esito  EsitoScheda
	// Differenze is what was taken; none for a card that is new.
	Differenze []Differenza
	// DaVariare is true where the card wants a change of a plan that is already
	// approved: the progress was taken, the plan stays as approved (DESIGN.md, 3,
	// "Approval and variations").
	DaVariare []string // Italian names of what differs: "mesi previsti di «Invio dei report»"
}
