-- +goose Up
-- What each hand-in left of an objective, and what it wanted of an approved plan.

-- Of which instant a hand-in's content is, as the file says; null where it does not.
ALTER TABLE consegne ADD COLUMN aggiornata timestamptz;

CREATE TABLE versioni (
    id           bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT versioni_pkey PRIMARY KEY,
    piano_id     bigint NOT NULL CONSTRAINT versioni_piano REFERENCES piani,
    chiave       text NOT NULL,               -- of the objective in its plan
    consegna_id  bigint NOT NULL CONSTRAINT versioni_consegna REFERENCES consegne,
    giorno       date NOT NULL,
    atto         text NOT NULL DEFAULT '',    -- of the variation that made it; '' for a hand-in
    scheda       jsonb NOT NULL,              -- the whole objective with its cells
    differenze   jsonb NOT NULL               -- from the version before
);
CREATE INDEX versioni_di_un_obiettivo ON versioni (piano_id, chiave, id);

CREATE TABLE variazioni (
    id           bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT variazioni_pkey PRIMARY KEY,
    piano_id     bigint NOT NULL CONSTRAINT variazioni_piano REFERENCES piani,
    settore_id   bigint NOT NULL CONSTRAINT variazioni_settore REFERENCES settori,
    chiave       text NOT NULL,
    numero       text NOT NULL,
    titolo       text NOT NULL,
    consegna_id  bigint NOT NULL CONSTRAINT variazioni_consegna REFERENCES consegne,
    giorno       date NOT NULL,
    campo        text NOT NULL,
    voce         text NOT NULL,
    differenza   jsonb NOT NULL,
    scheda       jsonb NOT NULL,              -- the card that wants it
    stato        text NOT NULL DEFAULT 'proposta',
    atto         text NOT NULL DEFAULT '',
    deciso_il    date,
    motivo       text NOT NULL DEFAULT '',
    CONSTRAINT variazioni_stato CHECK (stato IN ('proposta', 'accolta', 'respinta', 'ritirata')),
    CONSTRAINT variazioni_decisione CHECK ((stato IN ('accolta', 'respinta')) = (deciso_il IS NOT NULL)
        AND (stato = 'accolta') = (atto <> '') AND (stato = 'respinta') = (motivo <> ''))
);
-- one wish for a value at a time
CREATE UNIQUE INDEX variazioni_in_attesa ON variazioni (piano_id, chiave, campo, voce) WHERE stato = 'proposta';
