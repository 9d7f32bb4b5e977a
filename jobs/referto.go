package jobs

import (
	"fmt"
	"time"

	"github.com/scadenzario/scadenzario/piano"
)

// Referto is how the installation is: what /healthz answers and `scadenzario status`
// prints. Each part says in Male what is wrong with it, "" where all is well.
type Referto struct {
	Stato    string        `json:"status"` // "ok" or "ill"
	Versione string        `json:"version"`
	Adesso   time.Time     `json:"now"`
	Database string        `json:"database"` // "ok", or what is wrong
	Schema   int64         `json:"schema"`   // the version of the database's schema
	Lavori   []StatoLavoro `json:"jobs"`
	Posta    StatoPosta    `json:"mail"`
	Inbox    StatoInbox    `json:"inbox"`
	Disco    StatoDisco    `json:"disk"`
	// Mancate are the runs of the last month whose work was not done; the runs since
	// then have made up for it, so they are no illness.
	Mancate []Mancata `json:"missed"`
}

// StatoPosta is the outbox at a glance.
type StatoPosta struct {
	Male         string                        `json:"error,omitempty"`
	PerStato     map[piano.StatoSpedizione]int `json:"messages"`
	Dubbi        int                           `json:"doubts"` // a person settles them: `outbox list`
	AttesaDal    time.Time                     `json:"waiting_since,omitzero"`
	UltimoInvio  time.Time                     `json:"last_delivery,omitzero"`
	Interruttore *piano.Interruttore           `json:"breaker,omitempty"`
	Sospesa      string                        `json:"hold,omitempty"` // why nothing may be sent before a person confirms
}

// StatoInbox is the watched folder.
type StatoInbox struct {
	Male     string `json:"error,omitempty"`
	Cartella string `json:"folder"`
	File     int    `json:"files"` // that wait
}

// StatoDisco is the room that is left beside the data.
type StatoDisco struct {
	Male     string `json:"error,omitempty"`
	Cartella string `json:"folder"`
	LiberiMB int64  `json:"free_mb"`
}

// Mancata is a run that was due and whose work was not done on its day.
type Mancata struct {
	Job    string `json:"job"`
	Giorno string `json:"day"`
	Errore string `json:"error,omitempty"` // "" where nothing ran at all
}

const (
	// attesaPosta is how long a message may wait while nothing at all leaves and no
	// server answers for it.
	attesaPosta = 20 * time.Minute
	// attesaRinviate is how long the messages to several people may be put off while
	// nothing leaves: longer than five attempts take. One that is alone in being put off
	// (a greylist, a full mailbox) is its recipient's affair: it is tried for two days,
	// then shown as respinto.
	attesaRinviate = 150 * time.Minute
)

// Giudica looks at the queue and says what is wrong with it.
func (p *StatoPosta) Giudica(c piano.StatoCoda, adesso time.Time) {
	p.PerStato, p.Dubbi, p.AttesaDal, p.UltimoInvio, p.Interruttore = c.PerStato, c.PerStato[piano.EsitoIgnoto], c.AttesaDal, c.UltimoInvio, c.Interruttore
	for _, t := range []*time.Time{&p.AttesaDal, &p.UltimoInvio} {
		if !t.IsZero() {
			*t = t.In(adesso.Location())
		}
	}
	ferma := func(da time.Time, tempo time.Duration) (string, bool) {
		if da.IsZero() || !c.Frenata.IsZero() {
			return "", false
		}
		if c.UltimoInvio.After(da) {
			da = c.UltimoInvio
		}
		return da.In(adesso.Location()).Format(oraBreve), adesso.Sub(da) > tempo
	}
	muta, eMuta := ferma(c.MutaDal, attesaPosta)
	rinviate, sonoRinviate := ferma(c.RinviateDal, attesaRinviate)
	switch {
	case p.Sospesa != "":
		p.Male = p.Sospesa
	case c.Interruttore != nil:
		p.Male = fmt.Sprintf("the mailbox is stopped since %s, because the mail server said: %s", c.Interruttore.ApertoIl.In(adesso.Location()).Format(oraBreve), c.Interruttore.Motivo)
	case eMuta:
		p.Male = fmt.Sprintf("messages wait and none has left since %s: see `scadenzario outbox list`", muta)
	case sonoRinviate:
		p.Male = fmt.Sprintf("the mail server puts every message off since %s: see `scadenzario outbox list`", rinviate)
	}
}

// minimoMB is how little room may be left: a database that finds none stops.
const minimoMB = 200

// Giudica says whether that is too little.
func (d *StatoDisco) Giudica() {
	if d.LiberiMB < minimoMB {
		d.Male = fmt.Sprintf("only %d MB are left beside %s: make room, or the database will stop", d.LiberiMB, d.Cartella)
	}
}

// Concludi draws the sum: ill where a part is.
func (r *Referto) Concludi() {
	r.Stato = "ok"
	male := []string{r.Posta.Male, r.Inbox.Male, r.Disco.Male}
	for _, l := range r.Lavori {
		male = append(male, l.Male)
	}
	if r.Database != "ok" {
		r.Stato = "ill"
	}
	for _, m := range male {
		if m != "" {
			r.Stato = "ill"
		}
	}
}
