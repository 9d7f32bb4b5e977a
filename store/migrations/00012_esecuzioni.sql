-- +goose Up
-- A run of a job for a day is held under a lease, taken over when its daemon is gone,
-- tried again where it failed, and written down where nothing ran at all.

-- those of SaveMessaggi: written together with their messages, so done with
UPDATE esecuzioni SET finita = coalesce(finita, iniziata),
    esito = CASE WHEN errore = '' THEN 'fatta' ELSE 'fallita' END;
ALTER TABLE esecuzioni
    ADD COLUMN proprietario text NOT NULL DEFAULT '',
    ADD COLUMN tentativo integer NOT NULL DEFAULT 1,
    ADD COLUMN fino timestamptz,                -- the lease, while it is at work
    ADD COLUMN prossimo timestamptz,            -- the next attempt, where one failed
    ADD CONSTRAINT esecuzioni_esito CHECK (esito IN ('', 'fatta', 'a-mano', 'fallita', 'saltata')),
    ADD CONSTRAINT esecuzioni_stato CHECK ((esito = '') = (finita IS NULL) AND (esito = '') = (fino IS NOT NULL));
CREATE INDEX esecuzioni_per_periodo ON esecuzioni (periodo) WHERE esito IN ('fallita', 'saltata');

-- One row a job: its last sign of life from any daemon, and the day up to which its
-- runs are accounted for.
CREATE TABLE battiti (
    job            text CONSTRAINT battiti_pkey PRIMARY KEY,
    dal            timestamptz NOT NULL,
    iniziato       timestamptz,
    riuscito       timestamptz,
    errore         text NOT NULL DEFAULT '',
    chi            text NOT NULL DEFAULT '',
    contato_fino   date NOT NULL,
    CONSTRAINT battiti_job CHECK (job <> '')
);
