package config

// Config is the whole configuration. The tag doc of a field is what `scadenzario
// config example` prints above it.
type Config struct {
	Database Database        `toml:"database" doc:"Where the data is kept."`
	Ente     Ente            `toml:"ente" doc:"The ente that commands mean where none is named, and that the first registry import creates."`
	Enti     map[string]Ente `toml:"enti" sample:"terre-di-pianura|patrono = \"29/06\"" doc:"Calendar and ladder of one ente among several: [enti.<codice>], with the keys of [ente]."`
	Scala    Scala           `toml:"scala" doc:"The reminder ladder, in working days."`
	Posta    Posta           `toml:"posta" doc:"How messages leave."`
	Sessioni Sessioni        `toml:"sessioni" doc:"The checks of the year: each settore is asked for its data, reminded, and what came is frozen. Days as 30/06."`
	Orari    Orari           `toml:"orari" doc:"Schedules: five fields (minute hour day month weekday) in the zone of Rome. The hour from 02:00 to 02:59 is refused: it is skipped in March and comes twice in October."`
	Recupero Recupero        `toml:"recupero" doc:"How late a run of one a day may still be made, in hours after its time and never beyond its day: after a stop, or when it failed. What is missed then is told by /healthz, status and the digest; the next run does the work."`
	Servizio Servizio        `toml:"servizio" doc:"The daemon, scadenzario serve."`

	Scadenze map[string]Scadenza `toml:"scadenze" sample:"rpct|giorno = \"15/12\"" doc:"Dates set by law that the digest tells, where they are not as the program has them: [scadenze.<name>] with peg, piao, relazione, equilibri, rpct or a name of your own. Keys: giorno (its day of each year, as 15/12, or \"mai\" for never), dopo_bilancio (days after the budget's approval; the later of the two holds), che (what is due) and fonte (by which rule); the day of one year is giorno in [scadenze.<name>.anni.<year>], as 2026-01-31."`
}

// Database says where the data is kept.
type Database struct {
	DSN     string `toml:"dsn" doc:"Connection of a PostgreSQL 15 or newer, as host=... dbname=... sslmode=verify-full. Empty: a private PostgreSQL in the data folder. Environment: SCADENZARIO_DSN."`
	DSNFile string `toml:"dsn_file" path:"1" doc:"File that holds the connection, where it contains a password."`
}

// Ente is what the registry's workbook does not say about an ente.
type Ente struct {
	Denominazione string              `toml:"denominazione" doc:"The name as the ente signs; needed only where the registry's workbook has no sheet Ente."`
	Codice        string              `toml:"codice" doc:"Its short name for folders and flags; derived from the name where empty."`
	Patrono       string              `toml:"patrono" doc:"Day of the local patron, as 29/06: no working day."`
	Chiusure      []string            `toml:"chiusure" doc:"Days on which the offices are closed, one by one or as first..last: \"2026-12-24\", \"2026-08-10..2026-08-14\"."`
	Consegna      string              `toml:"consegna" doc:"How an office hands its sheet in: the end of the Italian sentence \"Il modulo si consegna ...\" in each reminder. Empty: into the settore's shared folder, or as an answer to the message (see rispondi_a)."`
	InCopia       bool                `toml:"in_copia" doc:"Whether the people of the other settori that share an objective are in copy of the reminders to the settore that leads it."`
	Scala         Scala               `toml:"scala" doc:"Steps of the ladder for this ente, where they differ: the keys of [scala]; 0 keeps the installation's."`
	Anni          map[string]AnnoEnte `toml:"anni" sample:"2026|bilancio = \"2025-12-22\"" doc:"What belongs to one year of this ente: bilancio, the day on which the Consiglio approved its budget (the PEG is due twenty days later)."`
	Scadenze      map[string]Scadenza `toml:"scadenze" sample:"rpct|giorno = \"15/12\"" doc:"Dates set by law for this ente alone: the keys of [scadenze.<name>]."`
}

// Scala is the reminder ladder; a zero keeps the value of the installation.
type Scala struct {
	Preavviso        int `toml:"preavviso" doc:"Working days before the deadline at which it is announced."`
	Ritardo          int `toml:"ritardo" doc:"Working days after a month that left an activity late."`
	Scaduta          int `toml:"scaduta" doc:"Working days of grace after the deadline, in which offices update their sheets."`
	Sollecito        int `toml:"sollecito" doc:"Working days between one sollecito and the next."`
	MassimoSolleciti int `toml:"massimo_solleciti" doc:"How many solleciti at most; the one that falls on the escalation gives way to it."`
	Escalation       int `toml:"escalation" doc:"Working days after scaduta (or after the last progress) at which the Segretario is put in copy."`
}

// Posta says how messages leave.
type Posta struct {
	Modo         string    `toml:"modo" doc:"\"cartella\" writes .eml files into a folder, \"smtp\" delivers them."`
	Cartella     string    `toml:"cartella" path:"1" doc:"The folder of the .eml files. Empty: posta in the data folder."`
	Mittente     string    `toml:"mittente" doc:"Address that the messages come from: one office mailbox of the ente."`
	NomeMittente string    `toml:"nome_mittente" doc:"Name shown beside it."`
	RispondiA    string    `toml:"rispondi_a" doc:"Address to which answers go: a person's, who takes in the sheets that come attached, too (scadenzario import). Empty: the sender's."`
	SoloA        []string  `toml:"solo_a" doc:"For a test installation: the only addresses, or domains as @prova.example, that may be written to. Messages to others end as respinto. Empty: all."`
	Conserva     int       `toml:"conserva_giorni" doc:"Days after which the mail's own data of a delivered or refused message are dropped: its bytes with the attachments, the HTML, the server's answer but for its code. The register stays for ever."`
	SMTP         SMTP      `toml:"smtp" doc:"The mail server, for modo = \"smtp\"."`
	OAuth2       OAuth2    `toml:"oauth2" doc:"Signing in to the mail server with an access token (XOAUTH2) instead of a password, as Exchange Online (from the end of 2026 nothing else) and Google Workspace want it: the token comes from token_command or from token_url."`
	Testimone    Testimone `toml:"testimone" doc:"A witness: a mailbox of the ente's own that gets a blind copy of each message, in the same conversation with the mail server, for modo = \"smtp\". Where a connection breaks at the worst moment, its copy tells that the message left. Each copy counts as a recipient with the provider."`
	Ritmo        Ritmo     `toml:"ritmo" doc:"How many messages are tried at most, for modo = \"smtp\", by all daemons on one database together; 0 is no limit. Small hosters allow 150 an hour, Exchange Online 30 a minute."`
}

// OAuth2 says where access tokens come from.
type OAuth2 struct {
	TokenCommand     []string `toml:"token_command" doc:"A program and its arguments, run without a shell at each connection, that prints a valid access token: a tool of the provider, or [\"cat\", \"/run/token\"] where another program keeps one fresh."`
	TokenURL         string   `toml:"token_url" doc:"Or the provider's token endpoint: https://login.microsoftonline.com/TENANT/oauth2/v2.0/token, https://oauth2.googleapis.com/token."`
	ClientID         string   `toml:"client_id" doc:"The application's identifier, as registered with the provider."`
	ClientSecretFile string   `toml:"client_secret_file" path:"1" doc:"File that holds its secret alone. Environment: SCADENZARIO_OAUTH2_CLIENT_SECRET."`
	RefreshTokenFile string   `toml:"refresh_token_file" path:"1" doc:"File that holds the refresh token that a person got by consenting once (Gmail); a newer one from the provider replaces it. Environment: SCADENZARIO_OAUTH2_REFRESH_TOKEN. None: the application's own permission, client credentials (Exchange Online, SMTP.SendAsApp)."`
	Scope            string   `toml:"scope" doc:"What is asked for: https://outlook.office365.com/.default for Exchange Online with client credentials, https://mail.google.com/ for Gmail."`
	ClientSecret     string   `toml:"-"` // from environment or file
	RefreshToken     string   `toml:"-"` // from environment or file
}

// Attivo tells whether tokens are configured at all.
func (o OAuth2) Attivo() bool { return len(o.TokenCommand) > 0 || o.TokenURL != "" }

// Testimone is the witness mailbox and how it is read, by IMAP.
type Testimone struct {
	Indirizzo    string `toml:"indirizzo" doc:"Its address; empty: no witness."`
	Host         string `toml:"host" doc:"The IMAP server."`
	Porta        int    `toml:"porta" doc:"Its port: 993 for TLS from the first byte, 143 for STARTTLS."`
	Utente       string `toml:"utente" doc:"User to sign in as. The password comes from the environment, SCADENZARIO_IMAP_PASSWORD, or from password_file; without one [posta.oauth2] signs in."`
	PasswordFile string `toml:"password_file" path:"1" doc:"File that holds the password alone."`
	TLS          string `toml:"tls" doc:"\"obbligatorio\", \"implicito\" (TLS from the first byte on a port other than 993), or \"nessuno\" (only for a server on this machine)."`
	CAFile       string `toml:"ca_file" path:"1" doc:"Certificates of the authority that signs the server's, where the system does not know it."`
	Cartella     string `toml:"cartella" doc:"The folder with the copies."`
	Password     string `toml:"-"` // from environment or file
}

// Ritmo is the pace of delivery.
type Ritmo struct {
	Minuto int `toml:"minuto" doc:"In a minute of the clock."`
	Ora    int `toml:"ora" doc:"In any 60 minutes."`
	Giorno int `toml:"giorno" doc:"In any 24 hours."`
}

// SMTP is the mail server.
type SMTP struct {
	Host         string `toml:"host" doc:"Its name."`
	Porta        int    `toml:"porta" doc:"Its port: 587 for STARTTLS, 465 for TLS from the first byte."`
	Utente       string `toml:"utente" doc:"User to sign in as; empty for none. The password comes from the environment, SCADENZARIO_SMTP_PASSWORD, or from password_file; without one [posta.oauth2] signs in."`
	PasswordFile string `toml:"password_file" path:"1" doc:"File that holds the password alone."`
	TLS          string `toml:"tls" doc:"\"obbligatorio\", \"implicito\" (TLS from the first byte on a port other than 465), \"se-offerto\", or \"nessuno\" (only for a server on this machine)."`
	CAFile       string `toml:"ca_file" path:"1" doc:"Certificates of the authority that signs the server's, where the system does not know it."`
	Password     string `toml:"-"` // from environment or file
}

// Orari are the schedules of the daemon's jobs.
type Orari struct {
	Import    string `toml:"import" doc:"Looking into the inbox."`
	Sessions  string `toml:"sessions" doc:"The checks of the year, before the day's reminders: once a day, at the first of its times; which day is due is found by the job itself."`
	Remind    string `toml:"remind" doc:"The day's reminders: once a day, at the first of its times."`
	Digest    string `toml:"digest" doc:"The Segretario's digest: daily, at the first of its times, since each ente's first working day of the month is found by the job itself."`
	Send      string `toml:"send" doc:"Delivering the outbox: each minute, or the pace and the next attempts cannot be kept."`
	Retention string `toml:"retention" doc:"Dropping the mail's own data after [posta] conserva_giorni."`
}

// Recupero is how late a run may be made.
type Recupero struct {
	Sessions  int `toml:"sessions" doc:"The checks of the year; one that was missed is made up for on the next working day."`
	Remind    int `toml:"remind" doc:"The day's reminders. After 14 hours from seven in the morning nobody is written to at night."`
	Digest    int `toml:"digest" doc:"The Segretario's digest; one that was missed is written on the next day, also of the months that a stop swallowed (the three newest)."`
	Retention int `toml:"retention" doc:"Dropping old data of the mail."`
}

// Servizio is the daemon.
type Servizio struct {
	Ascolto string `toml:"ascolto" doc:"Where /healthz and /metrics (for Prometheus) answer: an address of this machine only."`
	Ping    string `toml:"ping" doc:"Address of a monitor that is asked for with GET after each run, so that it raises an alarm when it hears nothing. {job} in it is the job's name, {esito} is ok or fail; without {esito} only runs that went well are told. Empty: none."`
	Inbox   string `toml:"inbox" path:"1" doc:"The folder watched for workbooks, <inbox>/<ente>/<settore>/. Empty: inbox in the data folder."`
}

// Predefinita returns what holds where the file says nothing.
func Predefinita() Config {
	return Config{
		Scala: Scala{Preavviso: 10, Ritardo: 5, Scaduta: 5, Sollecito: 10, MassimoSolleciti: 3, Escalation: 20},
		Posta: Posta{Modo: "cartella", Mittente: "scadenzario@ente.example", NomeMittente: "Scadenzario", Conserva: 21,
			SMTP: SMTP{Porta: 587, TLS: "obbligatorio"}, Testimone: Testimone{Porta: 993, TLS: "obbligatorio", Cartella: "INBOX"}, Ritmo: Ritmo{Minuto: 20, Ora: 150, Giorno: 1000}},
		Sessioni: predefinite(),
		Orari:    Orari{Import: "* * * * *", Sessions: "45 6 * * 1-5", Remind: "0 7 * * 1-5", Digest: "10 7 * * *", Send: "* * * * *", Retention: "40 3 * * *"},
		Recupero: Recupero{Sessions: 14, Remind: 14, Digest: 24, Retention: 20},
		Servizio: Servizio{Ascolto: "127.0.0.1:8480"},
	}
}
