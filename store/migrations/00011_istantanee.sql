-- +goose Up
-- What a message was made of, frozen when it is first written: from it the same words
-- and annexes can be made again, whatever was handed in since.

CREATE TABLE istantanee (
    messaggio_id  bigint CONSTRAINT istantanee_pkey PRIMARY KEY CONSTRAINT istantanee_messaggio REFERENCES messaggi,
    versione      text NOT NULL,              -- of the program that wrote it
    dati          jsonb NOT NULL
);
