-- +goose Up
-- Sessions over the anti-corruption measures. Who answers for a measure that names no
-- settore of the registry is the responsabile of the prevention of corruption: no settore.

ALTER TABLE sessioni_richieste DROP CONSTRAINT sessioni_richieste_unica;
ALTER TABLE sessioni_richieste ALTER COLUMN settore_id DROP NOT NULL;
ALTER TABLE sessioni_richieste ADD CONSTRAINT sessioni_richieste_unica UNIQUE NULLS NOT DISTINCT (sessione_id, settore_id, fase);

-- What was answered about a measure; the measure itself may be gone from the plan later.
CREATE TABLE sessioni_misure (
    sessione_id  bigint NOT NULL CONSTRAINT sessioni_misure_sessione REFERENCES sessioni,
    settore_id   bigint CONSTRAINT sessioni_misure_settore REFERENCES settori,
    misura       bigint NOT NULL,
    stato        text NOT NULL,
    note         text NOT NULL,
    cella        text NOT NULL,
    consegna_id  bigint NOT NULL CONSTRAINT sessioni_misure_consegna REFERENCES consegne,
    CONSTRAINT sessioni_misure_unica UNIQUE NULLS NOT DISTINCT (sessione_id, settore_id, misura)
);
