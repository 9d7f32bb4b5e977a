package mailer

import (
	"strings"
	"testing"

	"github.com/scadenzario/scadenzario/piano"
)

// The witness is a second recipient of the same conversation, its copy has the
// delivery's number, and nothing that the server says against it stops a message.
func TestTheWitnessNeverStopsAMessage(t *testing.T) {
	u := apriUfficio(t, false, false)
	const da = "giulia@ente.example"
	for _, c := range []struct {
		storia, testimone string
		destinatario      string
		want              []string // the recipients of three deliveries of the message, as the server got them; "" for none
		risposta          string   // part of the last answer
	}{
		{"taken", "copie@ente.example", da, []string{da + " copie@ente.example", da + " copie@ente.example", da + " copie@ente.example"}, "queued"},
		{"none", "", da, []string{da, da, da}, "queued"},
		{"refused: not asked again in this round", "nessuno@ente.example", da, []string{da, da, da}, "queued; the witness mailbox was refused: 550 5.1.1 no such user"},
		{"the server hangs up over it", "cade@ente.example", da, []string{da, da, da}, "queued; the witness mailbox was refused: "},
		{"refused after the dot: the next attempt goes without", "nemica@ente.example", da, []string{"", da, da}, "queued"},
		{"the witness is the recipient", "Giulia@ente.example", da, []string{da, da, da}, "queued"},
		{"the recipient is refused", "copie@ente.example", "nessuno@ente.example", []string{"", "", ""}, "550 5.1.1 no such user"},
	} {
		t.Run(c.storia, func(t *testing.T) {
			s, err := NewSMTP(ParametriSMTP{Host: "127.0.0.1", Porta: u.porta, TLS: TLSNessuno, Mittente: "ufficio@ente.example", Testimone: c.testimone})
			if err != nil {
				t.Fatal(err)
			}
			var ultimo Esito
			for n, want := range c.want {
				u.buste = nil
				sp := lettera()
				sp.Destinatario = c.destinatario
				ultimo = s.Spedisci(t.Context(), sp, segna(new(int)))
				if want == "" {
					if len(u.buste) != 0 || ultimo.Stato == piano.Spedito {
						t.Errorf("delivery %d: %+v", n, ultimo)
					}
					continue
				}
				if len(u.buste) != 1 || u.buste[0].a != want || ultimo.Stato != piano.Spedito {
					t.Fatalf("delivery %d: %+v, the server has %+v", n, ultimo, u.buste)
				}
				if numero := strings.HasPrefix(string(u.buste[0].mime), "X-Scadenzario-Spedizione: 1\r\nSubject: prova\r\n"); numero != (c.testimone != "") {
					t.Errorf("%.60q", u.buste[0].mime)
				}
			}
			if !strings.Contains(ultimo.Risposta, c.risposta) {
				t.Error(ultimo.Risposta)
			}
			if err := s.Chiudi(); err != nil {
				t.Error(err)
			}
		})
	}
	if _, err := NewSMTP(ParametriSMTP{Host: "127.0.0.1", Porta: 25, TLS: TLSNessuno, Mittente: "u@ente.example", Testimone: "Copie <c@ente.example>"}); err == nil {
		t.Error("an odd address of a witness is taken")
	}
	for _, p := range []ParametriTestimone{{Host: "imap.ente.example", TLS: TLSNessuno}, {Host: "imap.ente.example", TLS: TLSSeOfferto}, {TLS: TLSObbligatorio, CAFile: "manca"}} {
		if _, err := NewTestimone(p); err == nil {
			t.Errorf("%+v is taken", p)
		}
	}
}
