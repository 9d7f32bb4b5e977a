-- +goose Up
-- An activity may be told in a hand-over, too, which is no step of the ladder.

ALTER TABLE passi_inviati DROP CONSTRAINT passi_inviati_stadio;
ALTER TABLE passi_inviati ADD CONSTRAINT passi_inviati_stadio CHECK (stadio IN
    ('preavviso', 'ritardo', 'scaduta', 'sollecito', 'escalation', 'passaggio-consegne'));
