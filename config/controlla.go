package config

import (
	"maps"
	"net"
	"net/mail"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"
)

// Names of the environment variables that carry secrets.
const (
	VariabileDSN      = "SCADENZARIO_DSN"
	VariabilePassword = "SCADENZARIO_SMTP_PASSWORD"

	VariabileIMAP         = "SCADENZARIO_IMAP_PASSWORD"
	VariabileClientSecret = "SCADENZARIO_OAUTH2_CLIENT_SECRET"
	VariabileRefreshToken = "SCADENZARIO_OAUTH2_REFRESH_TOKEN"
)

// segreti fills what never stands in the file. The environment goes before a
// file.
func (l *lettura) segreti(c *Config, env func(string) string) {
	l.segreto(&c.Database.DSN, env(VariabileDSN), c.Database.DSNFile, "database.dsn_file")
	l.segreto(&c.Posta.SMTP.Password, env(VariabilePassword), c.Posta.SMTP.PasswordFile, "posta.smtp.password_file")
	l.segreto(&c.Posta.Testimone.Password, env(VariabileIMAP), c.Posta.Testimone.PasswordFile, "posta.testimone.password_file")
	o := &c.Posta.OAuth2
	l.segreto(&o.ClientSecret, env(VariabileClientSecret), o.ClientSecretFile, "posta.oauth2.client_secret_file")
	l.segreto(&o.RefreshToken, env(VariabileRefreshToken), o.RefreshTokenFile, "posta.oauth2.refresh_token_file")
}

func (l *lettura) segreto(dove *string, ambiente, file, chiave string) {
	switch {
	case ambiente != "":
		*dove = ambiente
	case file != "":
		testo, err := os.ReadFile(file)
		if err != nil {
			l.problema(chiave, "the file cannot be read: %v", err)
			return
		}
		*dove = strings.TrimSpace(string(testo))
		if *dove == "" {
			l.problema(chiave, "the file is empty")
		}
	}
}

// controlla judges the values.
func (l *lettura) controlla(c Config, orario func(string) error) {
	scadenze := slices.AppendSeq(slices.Clone(terminiNoti), maps.Keys(c.Scadenze))
	l.controllaEnte("ente", c.Ente, scadenze)
	for codice, e := range c.Enti {
		l.controllaEnte("enti."+codice, e, scadenze)
	}
	l.controllaScala("scala", c.Scala, 1)
	l.controllaScadenze("scadenze", c.Scadenze, terminiNoti)
	l.controllaPosta(c.Posta)
	l.controllaSessioni(c.Sessioni)
	for _, o := range []struct{ chiave, valore string }{{"import", c.Orari.Import}, {"sessions", c.Orari.Sessions}, {"remind", c.Orari.Remind},
		{"digest", c.Orari.Digest}, {"send", c.Orari.Send}, {"retention", c.Orari.Retention}} {
		if err := orario(o.valore); err != nil {
			l.problema("orari."+o.chiave, "%v", err)
		}
	}
	for _, r := range []struct {
		chiave string
		ore    int
	}{{"sessions", c.Recupero.Sessions}, {"remind", c.Recupero.Remind}, {"digest", c.Recupero.Digest}, {"retention", c.Recupero.Retention}} {
		if r.ore < 1 || r.ore > 24 {
			l.problema("recupero."+r.chiave, "%d hours are outside 1..24", r.ore)
		}
	}
	l.controllaPing(c.Servizio.Ping)
	host, _, err := net.SplitHostPort(c.Servizio.Ascolto)
	if err != nil {
		l.problema("servizio.ascolto", "%q is no address: write it as 127.0.0.1:8480", c.Servizio.Ascolto)
	} else if !locale(host) {
		l.problema("servizio.ascolto", "%q is not an address of this machine alone: write it as 127.0.0.1:8480", c.Servizio.Ascolto)
	}
}

// controllaPing wants an address that a browser would take.
func (l *lettura) controllaPing(indirizzo string) {
	u, err := url.Parse(strings.NewReplacer("{job}", "x", "{esito}", "ok").Replace(indirizzo))
	if indirizzo != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
		l.problema("servizio.ping", "%q is no address: write it as https://monitor.example/chiave/scadenzario-{job}", indirizzo)
	}
}

// locale tells whether only this machine can reach that host.
func locale(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (l *lettura) controllaEnte(sezione string, e Ente, scadenze []string) {
	if e.Patrono != "" {
		if _, _, ok := GiornoMese(e.Patrono); !ok {
			l.problema(sezione+".patrono", "%q is no day of the year: write it as 29/06", e.Patrono)
		}
	}
	for _, g := range e.Chiusure {
		if _, _, ok := Periodo(g); !ok {
			l.problema(sezione+".chiusure", "%q is no closure: write a day as 2026-12-24, or the first and the last one, at most a year apart, as 2026-08-10..2026-08-14", g)
		}
	}
	l.controllaScala(sezione+".scala", e.Scala, 0)
	l.controllaAnni(sezione+".anni", e.Anni)
	l.controllaScadenze(sezione+".scadenze", e.Scadenze, scadenze)
}

// GiornoMese reads the patron's day, "29/06", and tells whether it is one.
func GiornoMese(s string) (giorno, mese int, ok bool) {
	// 2024 is a leap year: a patron on 29 February is possible
	t, err := time.Parse("2/1/2006", s+"/2024")
	if err != nil {
		return 0, 0, false
	}
	return t.Day(), int(t.Month()), true
}

// massimaChiusura is the longest closure: what is longer is a slip of the finger.
const massimaChiusura = 366 * 24 * time.Hour

// Periodo reads a closure, "2026-12-24" or "2026-08-10..2026-08-14", as its first and
// its last day (midnight UTC), and tells whether it is one.
func Periodo(s string) (dal, al time.Time, ok bool) {
	primo, ultimo, periodo := strings.Cut(s, "..")
	if !periodo {
		ultimo = primo
	}
	dal, errDal := time.Parse(time.DateOnly, strings.TrimSpace(primo))
	al, errAl := time.Parse(time.DateOnly, strings.TrimSpace(ultimo))
	return dal, al, errDal == nil && errAl == nil && !al.Before(dal) && al.Sub(dal) <= massimaChiusura
}

// massimoPassi is a year of working days: more than that is a slip of the finger.
const massimoPassi = 260

func (l *lettura) controllaScala(sezione string, s Scala, minimo int) {
	for _, p := range []struct {
		chiave string
		valore int
	}{{"preavviso", s.Preavviso}, {"ritardo", s.Ritardo}, {"scaduta", s.Scaduta}, {"sollecito", s.Sollecito},
		{"massimo_solleciti", s.MassimoSolleciti}, {"escalation", s.Escalation}} {
		if p.valore < minimo || p.valore > massimoPassi {
			l.problema(sezione+"."+p.chiave, "%d is outside %d..%d", p.valore, minimo, massimoPassi)
		}
	}
}

// massimoConserva is ten years: whoever wants more wants no dropping at all.
const massimoConserva = 3650

func (l *lettura) controllaPosta(p Posta) {
	if p.Modo != "cartella" && p.Modo != "smtp" {
		l.problema("posta.modo", "%q is unknown: write \"cartella\" or \"smtp\"", p.Modo)
	}
	l.controllaIndirizzo("posta.mittente", p.Mittente)
	if p.RispondiA != "" {
		l.controllaIndirizzo("posta.rispondi_a", p.RispondiA)
	}
	for _, a := range p.SoloA {
		if dominio, ok := strings.CutPrefix(a, "@"); ok {
			a = "u@" + dominio
		}
		l.controllaIndirizzo("posta.solo_a", a)
	}
	for _, r := range []struct {
		chiave string
		valore int
	}{{"minuto", p.Ritmo.Minuto}, {"ora", p.Ritmo.Ora}, {"giorno", p.Ritmo.Giorno}} {
		if r.valore < 0 {
			l.problema("posta.ritmo."+r.chiave, "%d is no number of messages: write 0 for no limit", r.valore)
		}
	}
	if p.Conserva < 1 || p.Conserva > massimoConserva {
		l.problema("posta.conserva_giorni", "%d days are outside 1..%d", p.Conserva, massimoConserva)
	}
	if p.Modo != "smtp" {
		return
	}
	if p.Mittente == Predefinita().Posta.Mittente {
		l.problema("posta.mittente", "modo = \"smtp\" needs the address of one office mailbox of the ente")
	}
	s := p.SMTP
	if s.Host == "" {
		l.problema("posta.smtp.host", "modo = \"smtp\" needs the name of the mail server")
	}
	if s.Porta < 1 || s.Porta > 65535 {
		l.problema("posta.smtp.porta", "%d is no port: 587 or 465 are usual", s.Porta)
	}
	switch s.TLS {
	case "obbligatorio", "implicito", "se-offerto":
	case "nessuno":
		if !locale(s.Host) {
			l.problema("posta.smtp.tls", "\"nessuno\" is for a server on this machine only: write \"obbligatorio\"")
		}
	default:
		l.problema("posta.smtp.tls", "%q is unknown: write \"obbligatorio\", \"implicito\", \"se-offerto\" or \"nessuno\"", s.TLS)
	}
	if s.Utente != "" && s.Password == "" && !p.OAuth2.Attivo() {
		l.problema("posta.smtp.utente", "the user has no password: set %s or password_file, or [posta.oauth2]", VariabilePassword)
	}
	l.controllaOAuth2(p)
	l.controllaTestimone(p)
}

// controllaTestimone judges the witness mailbox, if there is one.
func (l *lettura) controllaTestimone(p Posta) {
	t := p.Testimone
	if t.Indirizzo == "" {
		return
	}
	l.controllaIndirizzo("posta.testimone.indirizzo", t.Indirizzo)
	if _, dominio, _ := strings.Cut(t.Indirizzo, "@"); len(p.SoloA) > 0 && !contiene(p.SoloA, t.Indirizzo) && !contiene(p.SoloA, "@"+dominio) {
		l.problema("posta.testimone.indirizzo", "the witness is not in solo_a, so that nothing may be sent to it: add it there")
	}
	if t.Host == "" {
		l.problema("posta.testimone.host", "the witness needs the name of its IMAP server")
	}
	if t.Porta < 1 || t.Porta > 65535 {
		l.problema("posta.testimone.porta", "%d is no port: 993 or 143 are usual", t.Porta)
	}
	if t.Utente == "" || t.Password == "" && !p.OAuth2.Attivo() {
		l.problema("posta.testimone.utente", "the witness needs a user and its password (%s or password_file), or [posta.oauth2]", VariabileIMAP)
	}
	switch {
	case t.TLS == "obbligatorio" || t.TLS == "implicito":
	case t.TLS == "nessuno" && locale(t.Host):
	default:
		l.problema("posta.testimone.tls", "%q is not possible here: write \"obbligatorio\"", t.TLS)
	}
}

func contiene(elenco []string, uno string) bool {
	return slices.ContainsFunc(elenco, func(a string) bool { return strings.EqualFold(a, uno) })
}

// controllaOAuth2 judges where tokens come from, if anywhere.
func (l *lettura) controllaOAuth2(p Posta) {
	o := p.OAuth2
	if !o.Attivo() {
		return
	}
	if p.SMTP.Utente == "" {
		l.problema("posta.smtp.utente", "[posta.oauth2] signs a user in: write the mailbox's address")
	}
	if p.SMTP.Password == "" && p.SMTP.TLS == "se-offerto" {
		l.problema("posta.smtp.tls", "a token must not travel in clear text: write \"obbligatorio\"")
	}
	switch {
	case len(o.TokenCommand) > 0 && o.TokenURL != "":
		l.problema("posta.oauth2.token_command", "write either token_command or token_url")
	case len(o.TokenCommand) > 0:
	case !strings.HasPrefix(o.TokenURL, "https://") && !daQui(o.TokenURL):
		l.problema("posta.oauth2.token_url", "%q is no address that a secret may be sent to: write it as https://...", o.TokenURL)
	case o.ClientID == "":
		l.problema("posta.oauth2.client_id", "token_url needs the application's identifier")
	case o.ClientSecret == "" && o.RefreshToken == "":
		l.problema("posta.oauth2.client_secret_file", "token_url needs the application's secret, or a refresh token: set %s or %s, or their files", VariabileClientSecret, VariabileRefreshToken)
	}
}

// daQui tells whether an address is of this machine.
func daQui(indirizzo string) bool {
	u, err := url.Parse(indirizzo)
	return err == nil && u.Scheme == "http" && locale(u.Hostname())
}

func (l *lettura) controllaIndirizzo(chiave, indirizzo string) {
	a, err := mail.ParseAddress(indirizzo)
	if err != nil || a.Address != indirizzo {
		l.problema(chiave, "%q is no plain e-mail address, as ufficio@ente.example", indirizzo)
	}
}
