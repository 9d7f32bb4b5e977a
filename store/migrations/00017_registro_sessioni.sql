-- +goose Up
-- The register tells of a session's message which settori it asked, at which phase: as text,
-- as of everything else.
INSERT INTO voci (messaggio_id, ordine, settore, obiettivo, titolo, anno, attivita, stadio, riferimento, scadenza)
SELECT r.messaggio_id, row_number() OVER (PARTITION BY r.messaggio_id ORDER BY s.ordine NULLS LAST, s.id, r.fase),
    coalesce(s.nome, 'Responsabile anticorruzione'), '', '', x.anno,
    CASE x.genere WHEN 'meta-anno' THEN 'verifica di metà anno ' || x.anno WHEN 'fine-anno' THEN 'verifica di fine anno ' || x.anno
        ELSE 'monitoraggio anticorruzione ' || x.anno || ', quadrimestre ' || x.numero END,
    r.fase, x.anno || '/' || x.genere || CASE x.genere WHEN 'anticorruzione' THEN '-' || x.numero ELSE '' END, NULL
FROM sessioni_richieste r JOIN sessioni x ON x.id = r.sessione_id LEFT JOIN settori s ON s.id = r.settore_id
WHERE NOT EXISTS (SELECT 1 FROM voci v WHERE v.messaggio_id = r.messaggio_id);
