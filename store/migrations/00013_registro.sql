-- +goose Up
-- The register: who was told what, kept for ever as it was told, whatever becomes of
-- the activity, of the person, and of the mail's own data, which are dropped.

ALTER TABLE messaggi
    ADD COLUMN scritto_il timestamptz,
    ADD COLUMN svuotato_il timestamptz;         -- when its mail data were dropped
UPDATE messaggi SET scritto_il = giorno;
ALTER TABLE messaggi ALTER COLUMN scritto_il SET NOT NULL;
CREATE INDEX messaggi_da_svuotare ON messaggi (scritto_il) WHERE svuotato_il IS NULL;

-- who had the address on that day
ALTER TABLE spedizioni ADD COLUMN persona text NOT NULL DEFAULT '';

CREATE TABLE voci (
    messaggio_id  bigint NOT NULL CONSTRAINT voci_messaggio REFERENCES messaggi,
    ordine        integer NOT NULL,
    settore       text NOT NULL,
    obiettivo     text NOT NULL,
    titolo        text NOT NULL,
    anno          smallint NOT NULL,
    attivita      text NOT NULL,
    stadio        text NOT NULL,
    riferimento   text NOT NULL,
    scadenza      date,
    CONSTRAINT voci_pkey PRIMARY KEY (messaggio_id, ordine)
);
INSERT INTO voci (messaggio_id, ordine, settore, obiettivo, titolo, anno, attivita, stadio, riferimento, scadenza)
SELECT p.messaggio_id, row_number() OVER (PARTITION BY p.messaggio_id ORDER BY a.id, p.stadio, p.riferimento),
    s.nome, o.numero, o.titolo, a.anno, a.descrizione, p.stadio, p.riferimento, a.scadenza
FROM passi_inviati p JOIN attivita a ON a.id = p.attivita_id JOIN obiettivi o ON o.id = a.obiettivo_id JOIN settori s ON s.id = o.settore_id;
