package store

import (
	"context"
	"strings"

	"github.com/scadenzario/scadenzario/piano"
)

const sqlScrittiIl = `
SELECT DISTINCT lower(destinatario)
FROM messaggi m JOIN enti e ON e.id = m.ente_id CROSS JOIN unnest(m.a) AS destinatario
WHERE e.codice = $1 AND m.giorno = $2 AND m.tipo IN ('promemoria', 'passaggio-consegne', 'sessione', 'avviso')`

// ScrittiIl returns the addresses, in lower case, to which the ente has written
// about that day: whoever is among them gets no other message for it (DESIGN.md,
// 3, "Reminder ladder"). Copies do not count, nor does what is written about a
// period.
func (d *DB) ScrittiIl(ctx context.Context, ente string, g piano.Giorno) (map[string]bool, error) {
	var indirizzi []string
	if err := d.db.SelectContext(ctx, &indirizzi, sqlScrittiIl, ente, giorno{g}); err != nil {
		return nil, fallito(ctx, "recipients of a day", err)
	}
	scritti := make(map[string]bool, len(indirizzi))
	for _, a := range indirizzi {
		scritti[strings.ToLower(a)] = true // the server's lower knows another alphabet in another locale
	}
	return scritti, nil
}

const sqlChiavi = `
SELECT m.chiave FROM messaggi m JOIN enti e ON e.id = m.ente_id WHERE e.codice = $1 AND m.tipo = $2 ORDER BY m.id`

// Chiavi returns the keys of all messages of a kind that the ente ever wrote, the
// oldest first.
func (d *DB) Chiavi(ctx context.Context, ente string, tipo piano.TipoMessaggio) ([]string, error) {
	chiavi := []string{}
	if err := d.db.SelectContext(ctx, &chiavi, sqlChiavi, ente, string(tipo)); err != nil {
		return nil, fallito(ctx, "keys of messages", err)
	}
	return chiavi, nil
}
