-- +goose Up
-- Who is who: the registry of each ente, as its anagrafica.xlsx says.

CREATE TABLE enti (
    id              integer GENERATED ALWAYS AS IDENTITY CONSTRAINT enti_pkey PRIMARY KEY,
    codice          text NOT NULL CONSTRAINT enti_codice_unico UNIQUE,
    nome            text NOT NULL,
    patrono_mese    smallint NOT NULL,
    patrono_giorno  smallint NOT NULL,
    CONSTRAINT enti_codice_scritto CHECK (codice <> ''),
    -- 0 and 0 where the ente has no patron's day
    CONSTRAINT enti_patrono CHECK ((patrono_mese = 0 AND patrono_giorno = 0)
        OR (patrono_mese BETWEEN 1 AND 12 AND patrono_giorno BETWEEN 1 AND 31))
);

CREATE TABLE settori (
    id       bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT settori_pkey PRIMARY KEY,
    ente_id  integer NOT NULL CONSTRAINT settori_ente REFERENCES enti,
    ordine   integer NOT NULL,                -- its place on the sheet
    codice   text NOT NULL,
    nome     text NOT NULL,
    alias    text[] NOT NULL,
    email    text NOT NULL,
    -- false for a settore that the registry no longer lists but that carries
    -- objectives or handed something in: its history stays readable
    attivo   boolean NOT NULL,
    CONSTRAINT settori_codice_unico UNIQUE (ente_id, codice),
    CONSTRAINT settori_nome_unico UNIQUE (ente_id, nome),
    CONSTRAINT settori_scritto CHECK (codice <> '' AND nome <> '')
);

CREATE TABLE incarichi (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT incarichi_pkey PRIMARY KEY,
    settore_id  bigint NOT NULL CONSTRAINT incarichi_settore REFERENCES settori ON DELETE CASCADE,
    ordine      integer NOT NULL,
    nome        text NOT NULL,
    email       text NOT NULL,
    dal         date,                         -- null: since ever
    al          date,                         -- null: still in office
    tipo        text NOT NULL,
    -- "vacante" is an answer, never an entry
    CONSTRAINT incarichi_tipo CHECK (tipo IN ('titolare', 'ad-interim')),
    CONSTRAINT incarichi_periodo CHECK (al >= dal)
);
CREATE INDEX incarichi_per_settore ON incarichi (settore_id);

CREATE TABLE ruoli (
    id       bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT ruoli_pkey PRIMARY KEY,
    ente_id  integer NOT NULL CONSTRAINT ruoli_ente REFERENCES enti,
    ordine   integer NOT NULL,
    ruolo    text NOT NULL,
    nome     text NOT NULL,
    email    text NOT NULL
);
CREATE INDEX ruoli_per_ente ON ruoli (ente_id);
