-- Events of patrol visits that no entry tells yet and whose instant has come.
SELECT
    fact.subject_kind, fact.subject, CASE fact.subject_kind WHEN 'firm' THEN fact.name ELSE '' END AS name,
    CASE fact.subject_kind WHEN 'firm' THEN fact.cell ELSE '' END AS division, fact.event,
    fact.visit_id::text AS source, fact.at, fact.visit_id, left(fact.name, 60) AS number, '' AS step
FROM fact_credit_findings AS fact
WHERE fact.at <= %(now)s
    AND NOT EXISTS (
        SELECT FROM credit_entry AS entry JOIN credit_subject AS subject ON subject.id = entry.subject_id
        WHERE subject.kind = fact.subject_kind AND subject.key = fact.subject AND entry.event = fact.event
            AND entry.source = fact.visit_id::text
    )
ORDER BY fact.at, source
LIMIT %(most)s
