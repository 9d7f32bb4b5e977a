package mailer

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	netmail "net/mail"
	"regexp"
	"strings"
	"time"

	"github.com/scadenzario/scadenzario/piano"
	"github.com/wneessen/go-mail"
)

// Mittente is who writes, and who gets the replies.
type Mittente struct {
	Nome         string // display name of the office: "Scadenzario – Unione Terre di Pianura"
	Indirizzo    string // the office's one address, also the envelope's sender
	RispostaNome string // display name for RispostaA
	RispostaA    string // a person or an office that reads mail; "" for none
}

// Componi finishes a message: it returns m with MessageID and MIME filled. The
// same arguments give the same bytes; the Message-ID depends on the message's
// key and on the sender's domain alone. It fails where there is no recipient or
// no text, and where an address is not plain (CheckIndirizzo).
func Componi(m piano.Messaggio, mittente Mittente, data time.Time) (piano.Messaggio, error) {
	if err := componibile(m, mittente); err != nil {
		return m, fmt.Errorf("compose %s %s: %w", m.Tipo, m.Chiave, err)
	}
	_, dominio, _ := strings.Cut(mittente.Indirizzo, "@")
	impronta := impronta(m)
	m.MessageID = impronta + "@" + strings.ToLower(dominio)

	msg := mail.NewMsg(mail.WithCharset(mail.CharsetUTF8), mail.WithEncoding(mail.EncodingQP), mail.WithNoDefaultUserAgent())
	msg.FromMailAddress(&netmail.Address{Name: unaRiga(mittente.Nome), Address: mittente.Indirizzo})
	if mittente.RispostaA != "" {
		msg.ReplyToMailAddress(&netmail.Address{Name: unaRiga(mittente.RispostaNome), Address: mittente.RispostaA})
	}
	for _, a := range m.A {
		msg.AddToMailAddress(&netmail.Address{Address: a})
	}
	for _, a := range m.CC {
		msg.AddCcMailAddress(&netmail.Address{Address: a})
	}
	msg.Subject(unaRiga(m.Oggetto))
	msg.SetDateWithValue(data)
	msg.SetMessageIDWithValue(m.MessageID)
	// No out-of-office note may answer a machine (RFC 3834; the second is Exchange's).
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	msg.SetGenHeader("Content-Language", "it")
	msg.SetBodyString(mail.TypeTextPlain, m.Testo)
	if m.HTML != "" {
		msg.AddAlternativeString(mail.TypeTextHTML, m.HTML)
	}
	for _, a := range m.Allegati {
		err := msg.AttachReader(unaRiga(a.Nome), bytes.NewReader(a.Contenuto), mail.WithFileContentType(mail.ContentType(a.Tipo)))
		if err != nil {
			return m, fmt.Errorf("compose %s %s: attach %s: %w", m.Tipo, m.Chiave, a.Nome, err)
		}
	}
	var mime bytes.Buffer
	if _, err := msg.WriteTo(&mime); err != nil {
		return m, fmt.Errorf("compose %s %s: write MIME: %w", m.Tipo, m.Chiave, err)
	}
	m.MIME = confini(mime.Bytes(), impronta)
	return m, nil
}

// confineRe finds the boundaries that go-mail draws: 60 hexadecimal digits, which no
// subject has by chance.
var confineRe = regexp.MustCompile(`(?m)^ boundary="?([0-9a-f]{60})"?\r?$`)

// confini puts boundaries that depend on the message alone in the place of those that
// go-mail draws by chance: the same message has the same bytes each time. go-mail
// itself would give one boundary to parts within parts.
func confini(mime []byte, impronta string) []byte {
	testa := mime[:min(len(mime), 8<<10)] // where the parts are announced; what follows may be anybody's text
	for i, m := range confineRe.FindAllSubmatch(testa, -1) {
		mime = bytes.ReplaceAll(mime, m[1], fmt.Appendf(nil, "scadenzario-%s-%d", impronta, i+1))
	}
	return mime
}

// componibile tells what a message lacks.
func componibile(m piano.Messaggio, mittente Mittente) error {
	switch {
	case m.Ente == "" || m.Tipo == "" || m.Chiave == "":
		return errors.New("a message without a key")
	case len(m.A) == 0:
		return errors.New("a message without a recipient")
	case strings.TrimSpace(m.Testo) == "" || unaRiga(m.Oggetto) == "":
		return errors.New("a message without a text or a subject")
	}
	indirizzi := append([]string{mittente.Indirizzo}, m.A...)
	indirizzi = append(indirizzi, m.CC...)
	if mittente.RispostaA != "" {
		indirizzi = append(indirizzi, mittente.RispostaA)
	}
	for _, a := range indirizzi {
		if err := CheckIndirizzo(a); err != nil {
			return err
		}
	}
	return nil
}

// impronta is a digest of the key, for the Message-ID and the boundary: nothing
// that a sheet says can be part of them. Its 96 bits keep the header on one line
// with most domains: some programs do not look for an identifier on the next.
func impronta(m piano.Messaggio) string {
	somma := sha256.Sum256([]byte(m.Ente + "\x00" + string(m.Tipo) + "\x00" + m.Chiave))
	return hex.EncodeToString(somma[:12])
}

// massimaIntestazione is how many characters a name or a subject may have: a line of
// a header must stay under 998 bytes, and one of our own subjects is far shorter.
const massimaIntestazione = 200

// unaRiga makes a text fit for a header. A mail program would decode =?utf-8?q?…?=
// wherever it stands and show something else than was written, so it is taken apart.
func unaRiga(s string) string {
	s = strings.ReplaceAll(piano.SoloTesto(s), "=?", "= ?")
	if r := []rune(s); len(r) > massimaIntestazione {
		s = strings.TrimSpace(string(r[:massimaIntestazione-1])) + "…"
	}
	return s
}
