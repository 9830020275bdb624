-- Granted appeals with a late handling that still counts. An entry says for ever that it was taken back.
SELECT excuse.appeal_id, excuse.case_id, excuse.number, excuse.granted_at
FROM fact_credit_excuses AS excuse
WHERE EXISTS (
    SELECT FROM credit_entry AS late
    WHERE late.evidence = excuse.case_id AND late.event = 'late' AND starts_with(late.step, 'handle')
        AND NOT EXISTS (
            SELECT FROM credit_entry AS change WHERE change.target_id = late.id AND change.event = 'withdraw'
        )
)
ORDER BY excuse.granted_at
