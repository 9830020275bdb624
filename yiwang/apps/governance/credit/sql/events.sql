-- Events of cases that no entry tells yet. One hash join over both tables: a year of 130,000 incidents is one walk.
SELECT
    fact.subject_kind, fact.subject, '' AS name, '' AS division, fact.event,
    fact.case_id::text || ':' || fact.occurrence AS source, fact.at, fact.case_id, fact.number, fact.step
FROM fact_credit_events AS fact
WHERE fact.at <= %(now)s
    AND NOT EXISTS (
        SELECT FROM credit_entry AS entry JOIN credit_subject AS subject ON subject.id = entry.subject_id
        WHERE subject.kind = fact.subject_kind AND subject.key = fact.subject AND entry.event = fact.event
            AND entry.source = fact.case_id::text || ':' || fact.occurrence
    )
ORDER BY fact.at, source
LIMIT %(most)s
