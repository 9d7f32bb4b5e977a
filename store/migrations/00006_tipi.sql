-- +goose Up
-- The kinds of message that the program writes besides the reminder and the digest.

ALTER TABLE messaggi DROP CONSTRAINT messaggi_tipo;
ALTER TABLE messaggi ADD CONSTRAINT messaggi_tipo CHECK (tipo IN
    ('promemoria', 'riepilogo', 'passaggio-consegne', 'sessione', 'esito-sessione', 'avviso'));
