-- +goose Up
-- How mail leaves: how long a message was tried, how fast, and whether the mailbox
-- is stopped (RELIABILITY.md, "One message per key").

ALTER TABLE spedizioni
    ADD COLUMN accodata_il      timestamptz,  -- when it was queued, last by a person
    ADD COLUMN primo_tentativo  timestamptz,  -- what the two days of trying count from
    ADD COLUMN punto_il         timestamptz,  -- when its last final dot was marked
    ADD COLUMN fermate          integer NOT NULL DEFAULT 0; -- how often it was the one that stopped the mailbox
UPDATE spedizioni SET accodata_il = prossimo_tentativo,
    primo_tentativo = CASE WHEN tentativi > 0 THEN prossimo_tentativo END;
ALTER TABLE spedizioni ALTER COLUMN accodata_il SET NOT NULL;

-- The breaker: a row while the mailbox is stopped, because the server refuses our
-- account, policy or quota and not a message.
CREATE TABLE interruttore (
    unico       boolean NOT NULL DEFAULT true CONSTRAINT interruttore_pkey PRIMARY KEY,
    aperto_il   timestamptz NOT NULL,
    riprova_il  timestamptz NOT NULL,         -- from then on one message tries it
    motivo      text NOT NULL,                -- the server's last refusal
    rifiuti     integer NOT NULL DEFAULT 1,
    CONSTRAINT interruttore_unico CHECK (unico),
    CONSTRAINT interruttore_rifiuti CHECK (rifiuti > 0)
);

-- The pace: an instant for each attempt of the last day, of all senders together.
CREATE TABLE ritmo (
    quando  timestamptz NOT NULL
);
CREATE INDEX ritmo_quando ON ritmo (quando);

-- what a message told, asked for when a later one may stand for it
CREATE INDEX passi_inviati_per_messaggio ON passi_inviati (messaggio_id);
