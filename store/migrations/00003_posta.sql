-- +goose Up
-- Accounted mail: a message is a row before it is a mail (RELIABILITY.md, "One
-- message per key").

CREATE TABLE messaggi (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT messaggi_pkey PRIMARY KEY,
    ente_id     integer NOT NULL CONSTRAINT messaggi_ente REFERENCES enti,
    tipo        text NOT NULL,
    chiave      text NOT NULL,
    giorno      date NOT NULL,
    oggetto     text NOT NULL,
    testo       text NOT NULL,
    html        text NOT NULL,
    message_id  text NOT NULL,
    mime        bytea NOT NULL,               -- composed once: the same bytes at each attempt
    a           text[] NOT NULL,
    cc          text[] NOT NULL,
    stati       jsonb NOT NULL,               -- of a riepilogo: activity to state
    -- the promise: one message per key, for ever
    CONSTRAINT messaggi_chiave_unica UNIQUE (ente_id, tipo, chiave),
    CONSTRAINT messaggi_tipo CHECK (tipo IN ('promemoria', 'riepilogo')),
    CONSTRAINT messaggi_chiave CHECK (chiave <> '')
);
CREATE INDEX messaggi_per_giorno ON messaggi (ente_id, tipo, giorno);

-- The outbox: a message on its way to one recipient.
CREATE TABLE spedizioni (
    id                  bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT spedizioni_pkey PRIMARY KEY,
    messaggio_id        bigint NOT NULL CONSTRAINT spedizioni_messaggio REFERENCES messaggi,
    destinatario        text NOT NULL,
    stato               text NOT NULL DEFAULT 'in-coda',
    proprietario        text NOT NULL DEFAULT '',
    lease_fino          timestamptz,
    tentativi           integer NOT NULL DEFAULT 0,
    prossimo_tentativo  timestamptz NOT NULL,
    risposta            text NOT NULL DEFAULT '',
    inviato_il          timestamptz,
    CONSTRAINT spedizioni_destinatario_unico UNIQUE (messaggio_id, destinatario),
    CONSTRAINT spedizioni_destinatario CHECK (destinatario <> ''),
    CONSTRAINT spedizioni_stato CHECK (stato IN ('in-coda', 'in-invio', 'al-punto', 'inviato', 'respinto', 'esito-ignoto')),
    -- held by somebody, and until when, exactly while it is on its way
    CONSTRAINT spedizioni_possesso CHECK ((stato IN ('in-invio', 'al-punto')) = (lease_fino IS NOT NULL)
        AND (lease_fino IS NULL) = (proprietario = '')),
    CONSTRAINT spedizioni_invio CHECK ((stato = 'inviato') = (inviato_il IS NOT NULL)),
    CONSTRAINT spedizioni_tentativi CHECK (tentativi >= 0)
);
-- what a sender may have to take up; what is done with does not weigh on it
CREATE INDEX spedizioni_aperte ON spedizioni (prossimo_tentativo, id) WHERE stato IN ('in-coda', 'in-invio', 'al-punto');

-- A passage of the reminder ladder is told once, for ever.
CREATE TABLE passi_inviati (
    attivita_id   bigint NOT NULL CONSTRAINT passi_inviati_attivita REFERENCES attivita ON DELETE CASCADE,
    stadio        text NOT NULL,
    riferimento   text NOT NULL,
    giorno        date NOT NULL,
    messaggio_id  bigint NOT NULL CONSTRAINT passi_inviati_messaggio REFERENCES messaggi,
    CONSTRAINT passi_inviati_unico PRIMARY KEY (attivita_id, stadio, riferimento),
    CONSTRAINT passi_inviati_stadio CHECK (stadio IN ('preavviso', 'ritardo', 'scaduta', 'sollecito', 'escalation'))
);

-- A run of a job for a period ("2021-06", "2021-07-12"), made once whatever the
-- number of instances.
CREATE TABLE esecuzioni (
    id        bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT esecuzioni_pkey PRIMARY KEY,
    job       text NOT NULL,
    periodo   text NOT NULL,
    iniziata  timestamptz NOT NULL,
    finita    timestamptz,                    -- null while it runs, or where it was cut off
    esito     text NOT NULL DEFAULT '',
    errore    text NOT NULL DEFAULT '',
    CONSTRAINT esecuzioni_una_per_periodo UNIQUE (job, periodo),
    CONSTRAINT esecuzioni_scritta CHECK (job <> '' AND periodo <> ''),
    CONSTRAINT esecuzioni_durata CHECK (finita >= iniziata)
);
