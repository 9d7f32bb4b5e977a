-- +goose Up
-- Sessions: checks at which the settori are asked for their data, and what came is
-- frozen. A row means that the session was opened; what its dates are to be is
-- configuration.

CREATE TABLE sessioni (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT sessioni_pkey PRIMARY KEY,
    ente_id     integer NOT NULL CONSTRAINT sessioni_ente REFERENCES enti,
    genere      text NOT NULL,
    anno        smallint NOT NULL,
    numero      smallint NOT NULL,
    aperta_il   date NOT NULL,
    chiude      date,                         -- set by a person; else the configuration's
    chiusa_il   date,
    fotografia  json,                         -- json, not jsonb: the very text that was frozen
    sha256      text,
    testo       text,                         -- the outcome, as it was told
    html        text,
    -- once in its period, whoever opens it
    CONSTRAINT sessioni_una_per_periodo UNIQUE (ente_id, genere, anno, numero),
    CONSTRAINT sessioni_genere CHECK (genere IN ('meta-anno', 'fine-anno', 'anticorruzione')),
    CONSTRAINT sessioni_anno CHECK (anno BETWEEN 1 AND 9998),
    CONSTRAINT sessioni_numero CHECK (numero BETWEEN 1 AND 12),
    CONSTRAINT sessioni_ordine CHECK (chiusa_il >= aperta_il AND chiude > aperta_il),
    CONSTRAINT sessioni_chiusura CHECK ((chiusa_il IS NULL) = (fotografia IS NULL) AND (chiusa_il IS NULL) = (sha256 IS NULL)
        AND (chiusa_il IS NULL) = (testo IS NULL) AND (chiusa_il IS NULL) = (html IS NULL)),
    CONSTRAINT sessioni_sha256 CHECK (sha256 = encode(sha256(convert_to(fotografia::text, 'UTF8')), 'hex'))
);

-- A settore is told each phase of a session once, for ever.
CREATE TABLE sessioni_richieste (
    sessione_id   bigint NOT NULL CONSTRAINT sessioni_richieste_sessione REFERENCES sessioni,
    settore_id    bigint NOT NULL CONSTRAINT sessioni_richieste_settore REFERENCES settori,
    fase          text NOT NULL,
    giorno        date NOT NULL,
    messaggio_id  bigint NOT NULL CONSTRAINT sessioni_richieste_messaggio REFERENCES messaggi,
    CONSTRAINT sessioni_richieste_unica PRIMARY KEY (sessione_id, settore_id, fase),
    CONSTRAINT sessioni_richieste_fase CHECK (fase ~ '^(apertura|sollecito/[1-9][0-9]*)$')
);
