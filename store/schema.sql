-- What the migrations add up to, from the catalog: for reading, not for running.
-- Rewritten by: go test ./store -run TestSchema -update

CREATE OR REPLACE FUNCTION public.quanti_mesi(mesi integer)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN (bit_count((mesi)::bit(12)))::integer
;

CREATE OR REPLACE FUNCTION public.scadenza_di(anno integer, previsto smallint)
 RETURNS date
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN (previsto > 0) THEN (make_date((anno + (ultimo_mese(previsto) / 12)), ((ultimo_mese(previsto) % 12) + 1), 1) - 1) ELSE NULL::date END
;

CREATE OR REPLACE FUNCTION public.ultimo_mese(mesi smallint)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN width_bucket((mesi)::integer, ARRAY[1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048])
;

attivita.id bigint NOT NULL GENERATED ALWAYS AS IDENTITY
attivita.obiettivo_id bigint NOT NULL
attivita.anno smallint NOT NULL
attivita.ordine smallint NOT NULL
attivita.descrizione text NOT NULL
attivita.chiave text NOT NULL
attivita.previsto smallint NOT NULL
attivita.ottenuto smallint NOT NULL
attivita.eseguito boolean
attivita.scadenza date GENERATED ALWAYS AS scadenza_di((anno)::integer, previsto) STORED
attivita.progresso_il date
attivita.cella text NOT NULL
attivita CONSTRAINT attivita_anno CHECK (((anno >= 1) AND (anno <= 9998)))
attivita CONSTRAINT attivita_chiave_unica UNIQUE (obiettivo_id, anno, chiave)
attivita CONSTRAINT attivita_obiettivo FOREIGN KEY (obiettivo_id) REFERENCES obiettivi(id) ON DELETE CASCADE
attivita CONSTRAINT attivita_ottenuto CHECK (((ottenuto >= 0) AND (ottenuto <= 4095)))
attivita CONSTRAINT attivita_pkey PRIMARY KEY (id)
attivita CONSTRAINT attivita_previsto CHECK (((previsto >= 0) AND (previsto <= 4095)))

battiti.job text NOT NULL
battiti.dal timestamp with time zone NOT NULL
battiti.iniziato timestamp with time zone
battiti.riuscito timestamp with time zone
battiti.errore text NOT NULL DEFAULT ''::text
battiti.chi text NOT NULL DEFAULT ''::text
battiti.contato_fino date NOT NULL
battiti CONSTRAINT battiti_job CHECK ((job <> ''::text))
battiti CONSTRAINT battiti_pkey PRIMARY KEY (job)

consegne.id bigint NOT NULL GENERATED ALWAYS AS IDENTITY
consegne.ente_id integer NOT NULL
consegne.file text NOT NULL
consegne.contenuto bytea NOT NULL
consegne.sha256 text NOT NULL
consegne.giorno date NOT NULL
consegne.ripetuta_il date
consegne.esito text NOT NULL DEFAULT 'ricevuta'::text
consegne.rilievi jsonb NOT NULL DEFAULT '[]'::jsonb
consegne.aggiornata timestamp with time zone
consegne CONSTRAINT consegne_contenuto_unico UNIQUE (ente_id, sha256)
consegne CONSTRAINT consegne_ente FOREIGN KEY (ente_id) REFERENCES enti(id)
consegne CONSTRAINT consegne_esito CHECK ((esito = ANY (ARRAY['ricevuta'::text, 'accolta'::text, 'respinta'::text])))
consegne CONSTRAINT consegne_pkey PRIMARY KEY (id)
consegne CONSTRAINT consegne_sha256 CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text))

consegne_settori.consegna_id bigint NOT NULL
consegne_settori.settore_id bigint NOT NULL
consegne_settori CONSTRAINT consegne_settori_consegna FOREIGN KEY (consegna_id) REFERENCES consegne(id)
consegne_settori CONSTRAINT consegne_settori_pkey PRIMARY KEY (settore_id, consegna_id)
consegne_settori CONSTRAINT consegne_settori_settore FOREIGN KEY (settore_id) REFERENCES settori(id)

enti.id integer NOT NULL GENERATED ALWAYS AS IDENTITY
enti.codice text NOT NULL
enti.nome text NOT NULL
enti.patrono_mese smallint NOT NULL
enti.patrono_giorno smallint NOT NULL
enti CONSTRAINT enti_codice_scritto CHECK ((codice <> ''::text))
enti CONSTRAINT enti_codice_unico UNIQUE (codice)
enti CONSTRAINT enti_patrono CHECK ((((patrono_mese = 0) AND (patrono_giorno = 0)) OR (((patrono_mese >= 1) AND (patrono_mese <= 12)) AND ((patrono_giorno >= 1) AND (patrono_giorno <= 31)))))
enti CONSTRAINT enti_pkey PRIMARY KEY (id)

esecuzioni.id bigint NOT NULL GENERATED ALWAYS AS IDENTITY
esecuzioni.job text NOT NULL
esecuzioni.periodo text NOT NULL
esecuzioni.iniziata timestamp with time zone NOT NULL
esecuzioni.finita timestamp with time zone
esecuzioni.esito text NOT NULL DEFAULT ''::text
esecuzioni.errore text NOT NULL DEFAULT ''::text
esecuzioni.proprietario text NOT NULL DEFAULT ''::text
esecuzioni.tentativo integer NOT NULL DEFAULT 1
esecuzioni.fino timestamp with time zone
esecuzioni.prossimo timestamp with time zone
esecuzioni CONSTRAINT esecuzioni_durata CHECK ((finita >= iniziata))
esecuzioni CONSTRAINT esecuzioni_esito CHECK ((esito = ANY (ARRAY[''::text, 'fatta'::text, 'a-mano'::text, 'fallita'::text, 'saltata'::text])))
esecuzioni CONSTRAINT esecuzioni_pkey PRIMARY KEY (id)
esecuzioni CONSTRAINT esecuzioni_scritta CHECK (((job <> ''::text) AND (periodo <> ''::text)))
esecuzioni CONSTRAINT esecuzioni_stato CHECK ((((esito = ''::text) = (finita IS NULL)) AND ((esito = ''::text) = (fino IS NOT NULL))))
esecuzioni CONSTRAINT esecuzioni_una_per_periodo UNIQUE (job, periodo)
CREATE INDEX esecuzioni_per_periodo ON public.esecuzioni USING btree (periodo) WHERE (esito = ANY (ARRAY['fallita'::text, 'saltata'::text]));

incarichi.id bigint NOT NULL GENERATED ALWAYS AS IDENTITY
incarichi.settore_id bigint NOT NULL
incarichi.ordine integer NOT NULL
incarichi.nome text NOT NULL
incarichi.email text NOT NULL
incarichi.dal date
incarichi.al date
incarichi.tipo text NOT NULL
incarichi CONSTRAINT incarichi_periodo CHECK ((al >= dal))
incarichi CONSTRAINT incarichi_pkey PRIMARY KEY (id)
incarichi CONSTRAINT incarichi_settore FOREIGN KEY (settore_id) REFERENCES settori(id) ON DELETE CASCADE
incarichi CONSTRAINT incarichi_tipo CHECK ((tipo = ANY (ARRAY['titolare'::text, 'ad-interim'::text])))
CREATE INDEX incarichi_per_settore ON public.incarichi USING btree (settore_id);

indicatori.id bigint NOT NULL GENERATED ALWAYS AS IDENTITY
indicatori.obiettivo_id bigint NOT NULL
indicatori.ordine smallint NOT NULL
indicatori.descrizione text NOT NULL
indicatori.unita text NOT NULL
indicatori.valore_anno_precedente text NOT NULL
indicatori.target_anno text NOT NULL
indicatori.target_meta_anno text NOT NULL
indicatori.risultato_meta_anno text NOT NULL
indicatori.risultato_finale text NOT NULL
indicatori.cella text NOT NULL
indicatori CONSTRAINT indicatori_obiettivo FOREIGN KEY (obiettivo_id) REFERENCES obiettivi(id) ON DELETE CASCADE
indicatori CONSTRAINT indicatori_ordine_unico UNIQUE (obiettivo_id, ordine)
indicatori CONSTRAINT indicatori_pkey PRIMARY KEY (id)

installazioni.id text NOT NULL
installazioni.confermata_il timestamp with time zone NOT NULL
installazioni CONSTRAINT installazioni_id CHECK ((id <> ''::text))
installazioni CONSTRAINT installazioni_pkey PRIMARY KEY (id)

interruttore.unico boolean NOT NULL DEFAULT true
interruttore.aperto_il timestamp with time zone NOT NULL
interruttore.riprova_il timestamp with time zone NOT NULL
interruttore.motivo text NOT NULL
interruttore.rifiuti integer NOT NULL DEFAULT 1
interruttore CONSTRAINT interruttore_pkey PRIMARY KEY (unico)
interruttore CONSTRAINT interruttore_rifiuti CHECK ((rifiuti > 0))
interruttore CONSTRAINT interruttore_unico CHECK (unico)

istantanee.messaggio_id bigint NOT NULL
istantanee.versione text NOT NULL
istantanee.dati jsonb NOT NULL
istantanee CONSTRAINT istantanee_messaggio FOREIGN KEY (messaggio_id) REFERENCES messaggi(id)
istantanee CONSTRAINT istantanee_pkey PRIMARY KEY (messaggio_id)

messaggi.id bigint NOT NULL GENERATED ALWAYS AS IDENTITY
messaggi.ente_id integer NOT NULL
messaggi.tipo text NOT NULL
messaggi.chiave text NOT NULL
messaggi.giorno date NOT NULL
messaggi.oggetto text NOT NULL
messaggi.testo text NOT NULL
messaggi.html text NOT NULL
messaggi.message_id text NOT NULL
messaggi.mime bytea NOT NULL
messaggi.a text[] NOT NULL
messaggi.cc text[] NOT NULL
messaggi.stati jsonb NOT NULL
messaggi.scritto_il timestamp with time zone NOT NULL
messaggi.svuotato_il timestamp with time zone
messaggi CONSTRAINT messaggi_chiave CHECK ((chiave <> ''::text))
messaggi CONSTRAINT messaggi_chiave_unica UNIQUE (ente_id, tipo, chiave)
messaggi CONSTRAINT messaggi_ente FOREIGN KEY (ente_id) REFERENCES enti(id)
messaggi CONSTRAINT messaggi_pkey PRIMARY KEY (id)
messaggi CONSTRAINT messaggi_tipo CHECK ((tipo = ANY (ARRAY['promemoria'::text, 'riepilogo'::text, 'passaggio-consegne'::text, 'sessione'::text, 'esito-sessione'::text, 'avviso'::text])))
CREATE INDEX messaggi_da_svuotare ON public.messaggi USING btree (scritto_il) WHERE (svuotato_il IS NULL);
CREATE INDEX messaggi_per_giorno ON public.messaggi USING btree (ente_id, tipo, giorno);

misure.id bigint NOT NULL GENERATED ALWAYS AS IDENTITY
misure.ente_id integer NOT NULL
misure.anno smallint NOT NULL
misure.ordine integer NOT NULL
misure.chiave text NOT NULL
misure.area text NOT NULL
misure.titolo text NOT NULL
misure.attivita text NOT NULL
misure.indicatore text NOT NULL
misure.target text NOT NULL
misure.verifica text NOT NULL
misure.settore text NOT NULL
misure.responsabile text NOT NULL
misure.scadenza text NOT NULL
misure.file text NOT NULL
misure.foglio text NOT NULL
misure.cella text NOT NULL
misure CONSTRAINT misure_anno CHECK (((anno >= 1) AND (anno <= 9998)))
misure CONSTRAINT misure_chiave_unica UNIQUE (ente_id, anno, chiave)
misure CONSTRAINT misure_ente FOREIGN KEY (ente_id) REFERENCES enti(id)
misure CONSTRAINT misure_pkey PRIMARY KEY (id)
misure CONSTRAINT misure_titolo CHECK ((titolo <> ''::text))

obiettivi.id bigint NOT NULL GENERATED ALWAYS AS IDENTITY
obiettivi.piano_id bigint NOT NULL
obiettivi.settore_id bigint NOT NULL
obiettivi.chiave text NOT NULL
obiettivi.numero text NOT NULL
obiettivi.posto_ente integer
obiettivi.posto_settore integer
obiettivi.titolo text NOT NULL
obiettivi.strategia text NOT NULL
obiettivi.assessore text NOT NULL
obiettivi.responsabile text NOT NULL
obiettivi.strategicita numeric(9,6)
obiettivi.altri_settori text NOT NULL
obiettivi.durata text NOT NULL
obiettivi.portatori_di_interessi text NOT NULL
obiettivi.descrizione text NOT NULL
obiettivi.risultati_attesi text NOT NULL
obiettivi.rinvio text NOT NULL
obiettivi.consegna_id bigint NOT NULL
obiettivi.foglio text NOT NULL
obiettivi.celle jsonb NOT NULL
obiettivi CONSTRAINT obiettivi_chiave_unica UNIQUE (piano_id, chiave)
obiettivi CONSTRAINT obiettivi_consegna FOREIGN KEY (consegna_id) REFERENCES consegne(id)
obiettivi CONSTRAINT obiettivi_numero CHECK (((numero <> ''::text) AND (chiave <> ''::text)))
obiettivi CONSTRAINT obiettivi_piano FOREIGN KEY (piano_id) REFERENCES piani(id)
obiettivi CONSTRAINT obiettivi_pkey PRIMARY KEY (id)
obiettivi CONSTRAINT obiettivi_settore FOREIGN KEY (settore_id) REFERENCES settori(id)
obiettivi CONSTRAINT obiettivi_strategicita CHECK (((strategicita >= (0)::numeric) AND (strategicita <= (100)::numeric)))
CREATE INDEX obiettivi_per_settore ON public.obiettivi USING btree (settore_id);

passi_inviati.attivita_id bigint NOT NULL
passi_inviati.stadio text NOT NULL
passi_inviati.riferimento text NOT NULL
passi_inviati.giorno date NOT NULL
passi_inviati.messaggio_id bigint NOT NULL
passi_inviati CONSTRAINT passi_inviati_attivita FOREIGN KEY (attivita_id) REFERENCES attivita(id) ON DELETE CASCADE
passi_inviati CONSTRAINT passi_inviati_messaggio FOREIGN KEY (messaggio_id) REFERENCES messaggi(id)
passi_inviati CONSTRAINT passi_inviati_stadio CHECK ((stadio = ANY (ARRAY['preavviso'::text, 'ritardo'::text, 'scaduta'::text, 'sollecito'::text, 'escalation'::text, 'passaggio-consegne'::text])))
passi_inviati CONSTRAINT passi_inviati_unico PRIMARY KEY (attivita_id, stadio, riferimento)
CREATE INDEX passi_inviati_per_messaggio ON public.passi_inviati USING btree (messaggio_id);

pesi.obiettivo_id bigint NOT NULL
pesi.settore_id bigint NOT NULL
pesi.peso numeric(9,6) NOT NULL
pesi CONSTRAINT pesi_obiettivo FOREIGN KEY (obiettivo_id) REFERENCES obiettivi(id) ON DELETE CASCADE
pesi CONSTRAINT pesi_peso CHECK (((peso >= (0)::numeric) AND (peso <= (100)::numeric)))
pesi CONSTRAINT pesi_pkey PRIMARY KEY (obiettivo_id, settore_id)
pesi CONSTRAINT pesi_settore FOREIGN KEY (settore_id) REFERENCES settori(id)

piani.id bigint NOT NULL GENERATED ALWAYS AS IDENTITY
piani.ente_id integer NOT NULL
piani.anno smallint NOT NULL
piani.atto text
piani.approvato_il date
piani CONSTRAINT piani_anno CHECK (((anno >= 1) AND (anno <= 9998)))
piani CONSTRAINT piani_anno_unico UNIQUE (ente_id, anno)
piani CONSTRAINT piani_approvazione CHECK ((((approvato_il IS NULL) = (atto IS NULL)) AND (atto <> ''::text)))
piani CONSTRAINT piani_ente FOREIGN KEY (ente_id) REFERENCES enti(id)
piani CONSTRAINT piani_pkey PRIMARY KEY (id)

risorse_umane.id bigint NOT NULL GENERATED ALWAYS AS IDENTITY
risorse_umane.obiettivo_id bigint NOT NULL
risorse_umane.ordine smallint NOT NULL
risorse_umane.ruolo text NOT NULL
risorse_umane.percentuale numeric(9,6)
risorse_umane.cella text NOT NULL
risorse_umane CONSTRAINT risorse_umane_obiettivo FOREIGN KEY (obiettivo_id) REFERENCES obiettivi(id) ON DELETE CASCADE
risorse_umane CONSTRAINT risorse_umane_ordine_unico UNIQUE (obiettivo_id, ordine)
risorse_umane CONSTRAINT risorse_umane_percentuale CHECK (((percentuale >= (0)::numeric) AND (percentuale <= (100)::numeric)))
risorse_umane CONSTRAINT risorse_umane_pkey PRIMARY KEY (id)

ritmo.quando timestamp with time zone NOT NULL
CREATE INDEX ritmo_quando ON public.ritmo USING btree (quando);

ruoli.id bigint NOT NULL GENERATED ALWAYS AS IDENTITY
ruoli.ente_id integer NOT NULL
ruoli.ordine integer NOT NULL
ruoli.ruolo text NOT NULL
ruoli.nome text NOT NULL
ruoli.email text NOT NULL
ruoli CONSTRAINT ruoli_ente FOREIGN KEY (ente_id) REFERENCES enti(id)
ruoli CONSTRAINT ruoli_pkey PRIMARY KEY (id)
CREATE INDEX ruoli_per_ente ON public.ruoli USING btree (ente_id);

sessioni.id bigint NOT NULL GENERATED ALWAYS AS IDENTITY
sessioni.ente_id integer NOT NULL
sessioni.genere text NOT NULL
sessioni.anno smallint NOT NULL
sessioni.numero smallint NOT NULL
sessioni.aperta_il date NOT NULL
sessioni.chiude date
sessioni.chiusa_il date
sessioni.fotografia json
sessioni.sha256 text
sessioni.testo text
sessioni.html text
sessioni CONSTRAINT sessioni_anno CHECK (((anno >= 1) AND (anno <= 9998)))
sessioni CONSTRAINT sessioni_chiusura CHECK ((((chiusa_il IS NULL) = (fotografia IS NULL)) AND ((chiusa_il IS NULL) = (sha256 IS NULL)) AND ((chiusa_il IS NULL) = (testo IS NULL)) AND ((chiusa_il IS NULL) = (html IS NULL))))
sessioni CONSTRAINT sessioni_ente FOREIGN KEY (ente_id) REFERENCES enti(id)
sessioni CONSTRAINT sessioni_genere CHECK ((genere = ANY (ARRAY['meta-anno'::text, 'fine-anno'::text, 'anticorruzione'::text])))
sessioni CONSTRAINT sessioni_numero CHECK (((numero >= 1) AND (numero <= 12)))
sessioni CONSTRAINT sessioni_ordine CHECK (((chiusa_il >= aperta_il) AND (chiude > aperta_il)))
sessioni CONSTRAINT sessioni_pkey PRIMARY KEY (id)
sessioni CONSTRAINT sessioni_sha256 CHECK ((sha256 = encode(sha256(convert_to((fotografia)::text, 'UTF8'::name)), 'hex'::text)))
sessioni CONSTRAINT sessioni_una_per_periodo UNIQUE (ente_id, genere, anno, numero)

sessioni_misure.sessione_id bigint NOT NULL
sessioni_misure.settore_id bigint
sessioni_misure.misura bigint NOT NULL
sessioni_misure.stato text NOT NULL
sessioni_misure.note text NOT NULL
sessioni_misure.cella text NOT NULL
sessioni_misure.consegna_id bigint NOT NULL
sessioni_misure CONSTRAINT sessioni_misure_consegna FOREIGN KEY (consegna_id) REFERENCES consegne(id)
sessioni_misure CONSTRAINT sessioni_misure_sessione FOREIGN KEY (sessione_id) REFERENCES sessioni(id)
sessioni_misure CONSTRAINT sessioni_misure_settore FOREIGN KEY (settore_id) REFERENCES settori(id)
sessioni_misure CONSTRAINT sessioni_misure_unica UNIQUE NULLS NOT DISTINCT (sessione_id, settore_id, misura, consegna_id)

sessioni_richieste.sessione_id bigint NOT NULL
sessioni_richieste.settore_id bigint
sessioni_richieste.fase text NOT NULL
sessioni_richieste.giorno date NOT NULL
sessioni_richieste.messaggio_id bigint NOT NULL
sessioni_richieste CONSTRAINT sessioni_richieste_fase CHECK ((fase ~ '^(apertura|sollecito/[1-9][0-9]*)$'::text))
sessioni_richieste CONSTRAINT sessioni_richieste_messaggio FOREIGN KEY (messaggio_id) REFERENCES messaggi(id)
sessioni_richieste CONSTRAINT sessioni_richieste_sessione FOREIGN KEY (sessione_id) REFERENCES sessioni(id)
sessioni_richieste CONSTRAINT sessioni_richieste_settore FOREIGN KEY (settore_id) REFERENCES settori(id)
sessioni_richieste CONSTRAINT sessioni_richieste_unica UNIQUE NULLS NOT DISTINCT (sessione_id, settore_id, fase)

settori.id bigint NOT NULL GENERATED ALWAYS AS IDENTITY
settori.ente_id integer NOT NULL
settori.ordine integer NOT NULL
settori.codice text NOT NULL
settori.nome text NOT NULL
settori.alias text[] NOT NULL
settori.email text NOT NULL
settori.attivo boolean NOT NULL
settori CONSTRAINT settori_codice_unico UNIQUE (ente_id, codice)
settori CONSTRAINT settori_ente FOREIGN KEY (ente_id) REFERENCES enti(id)
settori CONSTRAINT settori_nome_unico UNIQUE (ente_id, nome)
settori CONSTRAINT settori_pkey PRIMARY KEY (id)
settori CONSTRAINT settori_scritto CHECK (((codice <> ''::text) AND (nome <> ''::text)))

sintesi.ente_id integer NOT NULL
sintesi.anno smallint NOT NULL
sintesi.ordine integer NOT NULL
sintesi.numero text NOT NULL
sintesi.titolo text NOT NULL
sintesi.settore text NOT NULL
sintesi.responsabile text NOT NULL
sintesi.assessore text NOT NULL
sintesi.strategicita numeric(9,6)
sintesi.peso numeric(9,6)
sintesi.altri_settori text NOT NULL
sintesi.durata text NOT NULL
sintesi.file text NOT NULL
sintesi.foglio text NOT NULL
sintesi.celle jsonb NOT NULL
sintesi CONSTRAINT sintesi_anno CHECK (((anno >= 1) AND (anno <= 9998)))
sintesi CONSTRAINT sintesi_ente FOREIGN KEY (ente_id) REFERENCES enti(id)
sintesi CONSTRAINT sintesi_numero CHECK ((numero <> ''::text))
sintesi CONSTRAINT sintesi_numero_unico UNIQUE (ente_id, anno, numero)
sintesi CONSTRAINT sintesi_peso CHECK (((peso >= (0)::numeric) AND (peso <= (100)::numeric)))
sintesi CONSTRAINT sintesi_pkey PRIMARY KEY (ente_id, anno, ordine)
sintesi CONSTRAINT sintesi_strategicita CHECK (((strategicita >= (0)::numeric) AND (strategicita <= (100)::numeric)))

spedizioni.id bigint NOT NULL GENERATED ALWAYS AS IDENTITY
spedizioni.messaggio_id bigint NOT NULL
spedizioni.destinatario text NOT NULL
spedizioni.stato text NOT NULL DEFAULT 'in-coda'::text
spedizioni.proprietario text NOT NULL DEFAULT ''::text
spedizioni.lease_fino timestamp with time zone
spedizioni.tentativi integer NOT NULL DEFAULT 0
spedizioni.prossimo_tentativo timestamp with time zone NOT NULL
spedizioni.risposta text NOT NULL DEFAULT ''::text
spedizioni.inviato_il timestamp with time zone
spedizioni.persona text NOT NULL DEFAULT ''::text
spedizioni.accodata_il timestamp with time zone NOT NULL
spedizioni.primo_tentativo timestamp with time zone
spedizioni.punto_il timestamp with time zone
spedizioni.fermate integer NOT NULL DEFAULT 0
spedizioni.cercate integer NOT NULL DEFAULT 0
spedizioni.cercata_il timestamp with time zone
spedizioni CONSTRAINT spedizioni_destinatario CHECK ((destinatario <> ''::text))
spedizioni CONSTRAINT spedizioni_destinatario_unico UNIQUE (messaggio_id, destinatario)
spedizioni CONSTRAINT spedizioni_invio CHECK (((stato = 'inviato'::text) = (inviato_il IS NOT NULL)))
spedizioni CONSTRAINT spedizioni_messaggio FOREIGN KEY (messaggio_id) REFERENCES messaggi(id)
spedizioni CONSTRAINT spedizioni_pkey PRIMARY KEY (id)
spedizioni CONSTRAINT spedizioni_possesso CHECK ((((stato = ANY (ARRAY['in-invio'::text, 'al-punto'::text])) = (lease_fino IS NOT NULL)) AND ((lease_fino IS NULL) = (proprietario = ''::text))))
spedizioni CONSTRAINT spedizioni_stato CHECK ((stato = ANY (ARRAY['in-coda'::text, 'in-invio'::text, 'al-punto'::text, 'inviato'::text, 'respinto'::text, 'esito-ignoto'::text])))
spedizioni CONSTRAINT spedizioni_tentativi CHECK ((tentativi >= 0))
CREATE INDEX spedizioni_aperte ON public.spedizioni USING btree (prossimo_tentativo, id) WHERE (stato = ANY (ARRAY['in-coda'::text, 'in-invio'::text, 'al-punto'::text]));

variazioni.id bigint NOT NULL GENERATED ALWAYS AS IDENTITY
variazioni.piano_id bigint NOT NULL
variazioni.settore_id bigint NOT NULL
variazioni.chiave text NOT NULL
variazioni.numero text NOT NULL
variazioni.titolo text NOT NULL
variazioni.consegna_id bigint NOT NULL
variazioni.giorno date NOT NULL
variazioni.campo text NOT NULL
variazioni.voce text NOT NULL
variazioni.differenza jsonb NOT NULL
variazioni.scheda jsonb NOT NULL
variazioni.stato text NOT NULL DEFAULT 'proposta'::text
variazioni.atto text NOT NULL DEFAULT ''::text
variazioni.deciso_il date
variazioni.motivo text NOT NULL DEFAULT ''::text
variazioni CONSTRAINT variazioni_consegna FOREIGN KEY (consegna_id) REFERENCES consegne(id)
variazioni CONSTRAINT variazioni_decisione CHECK ((((stato = ANY (ARRAY['accolta'::text, 'respinta'::text])) = (deciso_il IS NOT NULL)) AND ((stato = 'accolta'::text) = (atto <> ''::text)) AND ((stato = 'respinta'::text) = (motivo <> ''::text))))
variazioni CONSTRAINT variazioni_piano FOREIGN KEY (piano_id) REFERENCES piani(id)
variazioni CONSTRAINT variazioni_pkey PRIMARY KEY (id)
variazioni CONSTRAINT variazioni_settore FOREIGN KEY (settore_id) REFERENCES settori(id)
variazioni CONSTRAINT variazioni_stato CHECK ((stato = ANY (ARRAY['proposta'::text, 'accolta'::text, 'respinta'::text, 'ritirata'::text])))
CREATE UNIQUE INDEX variazioni_in_attesa ON public.variazioni USING btree (piano_id, chiave, campo, voce) WHERE (stato = 'proposta'::text);

versioni.id bigint NOT NULL GENERATED ALWAYS AS IDENTITY
versioni.piano_id bigint NOT NULL
versioni.chiave text NOT NULL
versioni.consegna_id bigint NOT NULL
versioni.giorno date NOT NULL
versioni.atto text NOT NULL DEFAULT ''::text
versioni.scheda jsonb NOT NULL
versioni.differenze jsonb NOT NULL
versioni CONSTRAINT versioni_consegna FOREIGN KEY (consegna_id) REFERENCES consegne(id)
versioni CONSTRAINT versioni_piano FOREIGN KEY (piano_id) REFERENCES piani(id)
versioni CONSTRAINT versioni_pkey PRIMARY KEY (id)
CREATE INDEX versioni_di_un_obiettivo ON public.versioni USING btree (piano_id, chiave, id);

voci.messaggio_id bigint NOT NULL
voci.ordine integer NOT NULL
voci.settore text NOT NULL
voci.obiettivo text NOT NULL
voci.titolo text NOT NULL
voci.anno smallint NOT NULL
voci.attivita text NOT NULL
voci.stadio text NOT NULL
voci.riferimento text NOT NULL
voci.scadenza date
voci CONSTRAINT voci_messaggio FOREIGN KEY (messaggio_id) REFERENCES messaggi(id)
voci CONSTRAINT voci_pkey PRIMARY KEY (messaggio_id, ordine)
