-- +goose Up
-- Hand-ins and the plan that comes of them.

-- The place 1..12 of the highest month in a 12-bit set of months, 0 for none.
-- +goose StatementBegin
CREATE FUNCTION ultimo_mese(mesi smallint) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN width_bucket(CAST(mesi AS integer), ARRAY[1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048]);
-- +goose StatementEnd

-- How many months are in the set.
-- +goose StatementBegin
CREATE FUNCTION quanti_mesi(mesi integer) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CAST(bit_count(CAST(mesi AS bit(12))) AS integer);
-- +goose StatementEnd

-- The last day of the last planned month, null where none is planned: the day
-- before the first one of the month after.
-- +goose StatementBegin
CREATE FUNCTION scadenza_di(anno integer, previsto smallint) RETURNS date
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN previsto > 0
        THEN make_date(anno + ultimo_mese(previsto) / 12, ultimo_mese(previsto) % 12 + 1, 1) - 1 END;
-- +goose StatementEnd

CREATE TABLE piani (
    id            bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT piani_pkey PRIMARY KEY,
    ente_id       integer NOT NULL CONSTRAINT piani_ente REFERENCES enti,
    anno          smallint NOT NULL,
    atto          text,                       -- the act that approved it
    approvato_il  date,                       -- null while it is a draft
    CONSTRAINT piani_anno_unico UNIQUE (ente_id, anno),
    CONSTRAINT piani_anno CHECK (anno BETWEEN 1 AND 9998),
    -- a plan is approved by an act on a day, or not at all
    CONSTRAINT piani_approvazione CHECK ((approvato_il IS NULL) = (atto IS NULL) AND atto <> '')
);

CREATE TABLE consegne (
    id         bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT consegne_pkey PRIMARY KEY,
    ente_id    integer NOT NULL CONSTRAINT consegne_ente REFERENCES enti,
    file       text NOT NULL,                 -- base name as handed in
    contenuto  bytea NOT NULL,                -- the bytes, kept before they are read, never changed
    sha256     text NOT NULL,
    giorno     date NOT NULL,                 -- when these bytes first came
    ripetuta_il  date,                        -- when they last came again; null where they did not
    esito      text NOT NULL DEFAULT 'ricevuta',
    rilievi    jsonb NOT NULL DEFAULT '[]',   -- as answered to the office
    -- the same bytes are taken once
    CONSTRAINT consegne_contenuto_unico UNIQUE (ente_id, sha256),
    CONSTRAINT consegne_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    CONSTRAINT consegne_esito CHECK (esito IN ('ricevuta', 'accolta', 'respinta'))
);
-- workbooks are compressed already
ALTER TABLE consegne ALTER COLUMN contenuto SET STORAGE EXTERNAL;

-- Whose cards an accepted workbook held: also of a hand-in that changed nothing.
CREATE TABLE consegne_settori (
    consegna_id  bigint NOT NULL CONSTRAINT consegne_settori_consegna REFERENCES consegne,
    settore_id   bigint NOT NULL CONSTRAINT consegne_settori_settore REFERENCES settori,
    CONSTRAINT consegne_settori_pkey PRIMARY KEY (settore_id, consegna_id)
);

CREATE TABLE obiettivi (
    id                      bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT obiettivi_pkey PRIMARY KEY,
    piano_id                bigint NOT NULL CONSTRAINT obiettivi_piano REFERENCES piani,
    settore_id              bigint NOT NULL CONSTRAINT obiettivi_settore REFERENCES settori,
    -- the second number of n/m, which counts in the ente; "suap/3" for the
    -- number 3 without a slash, which counts in its settore alone
    chiave                  text NOT NULL,
    numero                  text NOT NULL,    -- as on the card: "1/3"
    posto_ente              integer,          -- m of n/m, for the order; null where it is no number
    posto_settore           integer,          -- n of n/m
    titolo                  text NOT NULL,
    strategia               text NOT NULL,
    assessore               text NOT NULL,
    responsabile            text NOT NULL,
    strategicita            numeric(9, 6),    -- null where the card gives none
    altri_settori           text NOT NULL,
    durata                  text NOT NULL,
    portatori_di_interessi  text NOT NULL,
    descrizione             text NOT NULL,
    risultati_attesi        text NOT NULL,
    rinvio                  text NOT NULL,    -- number of the objective that the card refers to, '' for none
    -- where the card stood in the last accepted hand-in that had it
    consegna_id             bigint NOT NULL CONSTRAINT obiettivi_consegna REFERENCES consegne,
    foglio                  text NOT NULL,
    celle                   jsonb NOT NULL,   -- field of the contract to A1 address
    CONSTRAINT obiettivi_chiave_unica UNIQUE (piano_id, chiave),
    CONSTRAINT obiettivi_numero CHECK (numero <> '' AND chiave <> ''),
    CONSTRAINT obiettivi_strategicita CHECK (strategicita BETWEEN 0 AND 100)
);
CREATE INDEX obiettivi_per_settore ON obiettivi (settore_id);

-- The weight of an objective in a settore, per cent. A shared objective has a
-- card with rinvio in each other settore, and that card has its own weight.
CREATE TABLE pesi (
    obiettivo_id  bigint NOT NULL CONSTRAINT pesi_obiettivo REFERENCES obiettivi ON DELETE CASCADE,
    settore_id    bigint NOT NULL CONSTRAINT pesi_settore REFERENCES settori,
    peso          numeric(9, 6) NOT NULL,
    CONSTRAINT pesi_pkey PRIMARY KEY (obiettivo_id, settore_id),
    CONSTRAINT pesi_peso CHECK (peso BETWEEN 0 AND 100)
);

-- Values stay text as written (contract, "Indicator values stay text").
CREATE TABLE indicatori (
    id                      bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT indicatori_pkey PRIMARY KEY,
    obiettivo_id            bigint NOT NULL CONSTRAINT indicatori_obiettivo REFERENCES obiettivi ON DELETE CASCADE,
    ordine                  smallint NOT NULL,
    descrizione             text NOT NULL,
    unita                   text NOT NULL,
    valore_anno_precedente  text NOT NULL,
    target_anno             text NOT NULL,
    target_meta_anno        text NOT NULL,
    risultato_meta_anno     text NOT NULL,
    risultato_finale        text NOT NULL,
    cella                   text NOT NULL,
    CONSTRAINT indicatori_ordine_unico UNIQUE (obiettivo_id, ordine)
);

-- One activity in one year. Its months are two 12-bit sets, bit 0 January.
CREATE TABLE attivita (
    id            bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT attivita_pkey PRIMARY KEY,
    obiettivo_id  bigint NOT NULL CONSTRAINT attivita_obiettivo REFERENCES obiettivi ON DELETE CASCADE,
    anno          smallint NOT NULL,
    ordine        smallint NOT NULL,
    descrizione   text NOT NULL,
    -- piano.Normalizza of descrizione, shortened where it is very long: by it a
    -- hand-in finds the activity again
    chiave        text NOT NULL,
    previsto      smallint NOT NULL,
    ottenuto      smallint NOT NULL,
    eseguito      boolean,                    -- SI, NO, null where blank
    scadenza      date GENERATED ALWAYS AS (scadenza_di(anno, previsto)) STORED,
    -- day on which a hand-in last changed ottenuto or eseguito; null where none
    -- did since the one that brought the activity
    progresso_il  date,
    cella         text NOT NULL,              -- '' where the last hand-in no longer had it
    CONSTRAINT attivita_chiave_unica UNIQUE (obiettivo_id, anno, chiave),
    CONSTRAINT attivita_anno CHECK (anno BETWEEN 1 AND 9998),
    CONSTRAINT attivita_previsto CHECK (previsto BETWEEN 0 AND 4095),
    CONSTRAINT attivita_ottenuto CHECK (ottenuto BETWEEN 0 AND 4095)
);
-- What may still fall due. Months obtained do not close a row here, because they
-- count from their first day only.
CREATE INDEX attivita_aperte ON attivita (scadenza) WHERE scadenza IS NOT NULL AND eseguito IS NOT TRUE;

CREATE TABLE risorse_umane (
    id            bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT risorse_umane_pkey PRIMARY KEY,
    obiettivo_id  bigint NOT NULL CONSTRAINT risorse_umane_obiettivo REFERENCES obiettivi ON DELETE CASCADE,
    ordine        smallint NOT NULL,
    ruolo         text NOT NULL,
    percentuale   numeric(9, 6),              -- null where none is given
    cella         text NOT NULL,
    CONSTRAINT risorse_umane_ordine_unico UNIQUE (obiettivo_id, ordine),
    CONSTRAINT risorse_umane_percentuale CHECK (percentuale BETWEEN 0 AND 100)
);
