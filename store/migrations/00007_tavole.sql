-- +goose Up
-- The tables that come with the plan's act: the Sintesi and the anti-corruption measures.

CREATE TABLE sintesi (
    ente_id        integer NOT NULL CONSTRAINT sintesi_ente REFERENCES enti,
    anno           smallint NOT NULL CONSTRAINT sintesi_anno CHECK (anno BETWEEN 1 AND 9998),
    ordine         integer NOT NULL,           -- on the sheet
    numero         text NOT NULL CONSTRAINT sintesi_numero CHECK (numero <> ''),
    titolo         text NOT NULL,
    settore        text NOT NULL,              -- as written
    responsabile   text NOT NULL,
    assessore      text NOT NULL,
    strategicita   numeric(9,6) CONSTRAINT sintesi_strategicita CHECK (strategicita BETWEEN 0 AND 100),
    peso           numeric(9,6) CONSTRAINT sintesi_peso CHECK (peso BETWEEN 0 AND 100),
    altri_settori  text NOT NULL,
    durata         text NOT NULL,
    file           text NOT NULL,
    foglio         text NOT NULL,
    celle          jsonb NOT NULL,             -- field to A1 address
    CONSTRAINT sintesi_pkey PRIMARY KEY (ente_id, anno, ordine),
    CONSTRAINT sintesi_numero_unico UNIQUE (ente_id, anno, numero)
);

CREATE TABLE misure (
    id             bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT misure_pkey PRIMARY KEY,
    ente_id        integer NOT NULL CONSTRAINT misure_ente REFERENCES enti,
    anno           smallint NOT NULL CONSTRAINT misure_anno CHECK (anno BETWEEN 1 AND 9998),
    ordine         integer NOT NULL,           -- on the sheet
    chiave         text NOT NULL,              -- by which it is found again at the next import
    area           text NOT NULL,
    titolo         text NOT NULL CONSTRAINT misure_titolo CHECK (titolo <> ''),
    attivita       text NOT NULL,
    indicatore     text NOT NULL,
    target         text NOT NULL,
    verifica       text NOT NULL,
    settore        text NOT NULL,              -- as written
    responsabile   text NOT NULL,
    scadenza       text NOT NULL,              -- as written
    file           text NOT NULL,
    foglio         text NOT NULL,
    cella          text NOT NULL,
    CONSTRAINT misure_chiave_unica UNIQUE (ente_id, anno, chiave)
);
