-- +goose Up

-- The installations that a person or the first start has made known: a data
-- folder on a host. Mail leaves only from one of them.
CREATE TABLE installazioni (
    id             text CONSTRAINT installazioni_pkey PRIMARY KEY,
    confermata_il  timestamptz NOT NULL,
    CONSTRAINT installazioni_id CHECK (id <> '')
);

-- Grows by one for each final dot. The installation keeps the highest number that
-- it saw outside the database: a database below it has been put back to an
-- earlier day.
CREATE SEQUENCE punti_finali AS bigint;
