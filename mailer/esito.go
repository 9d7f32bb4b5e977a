package mailer

import (
	"errors"
	"fmt"
	"net/textproto"
	"strings"
	"time"

	"github.com/scadenzario/scadenzario/piano"
)

// Esito is what became of one attempt.
type Esito struct {
	// Stato is the state to record: Spedito; InCoda where another attempt is safe;
	// Rifiutato where the server refused for good; EsitoIgnoto where the mail may
	// have been taken, so that nobody may try again by himself.
	Stato piano.StatoSpedizione
	// Risposta is the server's answer, code and text, or else the fault.
	Risposta string
	// Ferma says that the server cannot be talked to now: the others would meet that
	// too. The round is to stop.
	Ferma bool
	// Casella says that the server refuses our account, a policy of ours or our
	// quota, and not this message: the mailbox is to stop, and somebody to be told,
	// before each message has spent its attempts.
	Casella bool
	// Politica says that Casella rests on a policy alone (5.7.x), which after all may
	// be about this message or its recipient: where others leave, it is.
	Politica bool
}

// lunghezzaRisposta bounds what is recorded of an answer.
const lunghezzaRisposta = 500

// perRisposta sorts a server's answer to a command before the final dot, or to
// the dot itself (RELIABILITY.md, "One message per key", 6).
func perRisposta(codice int, testo string) Esito {
	e := Esito{Risposta: riassunto(fmt.Sprintf("%d %s", codice, testo))}
	e.Casella, e.Politica = delConto(codice, testo)
	switch {
	case codice/100 == 2:
		e.Stato = piano.Spedito
	case codice/100 == 5 && !e.Casella:
		e.Stato = piano.Rifiutato
	default:
		e.Stato = piano.InCoda
	}
	return e
}

// codice returns the code of a server's answer, 0 where the error is none.
func codice(err error) int {
	if risposta := (*textproto.Error)(nil); errors.As(err, &risposta) {
		return risposta.Code
	}
	return 0
}

// testo returns what a server's answer says after its code.
func testo(err error) string {
	if risposta := (*textproto.Error)(nil); errors.As(err, &risposta) {
		return risposta.Msg
	}
	return err.Error()
}

// primaDelPunto sorts an error that came before the dot: whatever it is, the
// server does not have the mail.
func primaDelPunto(passo string, err error) Esito {
	if c := codice(err); c/100 == 4 || c/100 == 5 {
		return perRisposta(c, testo(err))
	}
	return Esito{Stato: piano.InCoda, Risposta: riassunto(passo + ": " + err.Error())}
}

// senzaCollegamento sorts an error of dialling, greeting, TLS or signing in.
func senzaCollegamento(err error) Esito {
	e := Esito{Stato: piano.InCoda, Risposta: riassunto(err.Error()), Ferma: true}
	if c := codice(err); c != 0 {
		e.Risposta = riassunto(fmt.Sprintf("%d %s", c, testo(err)))
		e.Casella, _ = delConto(c, testo(err)) // before MAIL it is about us alone
	}
	if gettone := (*erroreGettone)(nil); errors.As(err, &gettone) {
		e.Casella = gettone.negato
	}
	return e
}

// dopoIlPunto sorts the answer to the final dot. Only a definite answer settles
// the matter: a 2xx, 4xx or 5xx. All else is doubt.
func dopoIlPunto(ricevuta string, err error) Esito {
	if err == nil {
		return perRisposta(250, ricevuta)
	}
	switch c := codice(err); c / 100 {
	case 2, 4, 5:
		return perRisposta(c, testo(err))
	}
	return Esito{Stato: piano.EsitoIgnoto, Risposta: riassunto("no answer to the final dot: " + err.Error())}
}

// delConto tells whether a refusal is about our account, server or rate: signing
// in, a sender's quota, or a policy (5.7.x), which politica says. A recipient's full
// mailbox (x.2.2) is none of them, nor a server that has too much to do just now (4.3.2),
// nor a message that is too large.
func delConto(codice int, testo string) (conto, politica bool) {
	switch codice {
	case 530, 534, 535, 538:
		return true, false
	}
	stato, _, _ := strings.Cut(strings.TrimSpace(testo), " ")
	minuscolo := strings.ToLower(testo)
	if codice < 400 || strings.HasSuffix(stato, ".2.2") || stato == "4.3.2" || strings.Contains(minuscolo, "message size") {
		return false, false
	}
	for _, segno := range []string{"sending quota", "quota exceeded", "sending limit", "rate limit", "limit exceeded", "too many messages",
		"submissionquota", "bad outbound sender"} { // the last two are Exchange Online's
		if strings.Contains(minuscolo, segno) {
			return true, false
		}
	}
	politica = strings.HasPrefix(stato, "5.7.")
	return politica || strings.HasSuffix(stato, ".4.5"), politica
}

// riassunto makes an answer fit for a row: one line, valid text, bounded.
func riassunto(s string) string {
	r := []rune(piano.SoloTesto(s))
	if len(r) > lunghezzaRisposta {
		r = append(r[:lunghezzaRisposta], '…')
	}
	return string(r)
}

// ProssimoTentativo returns when to try again after so many attempts: 5, 10, 20, 40,
// 60 minutes later, then every hour. Who calls decides when it is enough.
func ProssimoTentativo(tentativi int, adesso time.Time) time.Time {
	attesa := time.Hour
	if tentativi < 5 {
		attesa = 5 * time.Minute << max(0, tentativi-1)
	}
	return adesso.Add(attesa)
}
