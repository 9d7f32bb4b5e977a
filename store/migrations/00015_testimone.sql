-- +goose Up
-- Doubts that the witness mailbox may settle: how often its copy was looked for, and
-- when last.
ALTER TABLE spedizioni
    ADD COLUMN cercate     integer NOT NULL DEFAULT 0,
    ADD COLUMN cercata_il  timestamptz;
