-- +goose Up
-- What was answered about a measure is kept hand-in by hand-in: a later form adds to it,
-- and takes nothing away.
ALTER TABLE sessioni_misure DROP CONSTRAINT sessioni_misure_unica;
ALTER TABLE sessioni_misure ADD CONSTRAINT sessioni_misure_unica UNIQUE NULLS NOT DISTINCT (sessione_id, settore_id, misura, consegna_id);
