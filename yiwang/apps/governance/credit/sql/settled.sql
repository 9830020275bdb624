-- Deductions for a limit that passed, entered before a clean visit made within it was uploaded.
SELECT late.id, late.subject_id, late.at, late.number, fact.shown_by, fact.known_at
FROM credit_entry AS late
JOIN credit_subject AS subject ON subject.id = late.subject_id
JOIN fact_credit_findings AS fact ON fact.visit_id = late.evidence AND fact.event = 'rectified_by_firm'
    AND fact.subject_kind = subject.kind AND fact.subject = subject.key
WHERE late.event = 'unrectified' AND late.target_id IS NULL
    AND NOT EXISTS (SELECT FROM credit_entry AS change WHERE change.target_id = late.id AND change.event = 'withdraw')
ORDER BY fact.known_at, late.id
