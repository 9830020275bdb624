-- The first sealed head that history no longer contains, streams retired by the book aside.
SELECT sealed.stream, sealed.sequence, entry.hash IS NULL
FROM trust_sealed_head AS sealed
LEFT JOIN trust_journal AS entry USING (stream, sequence)
WHERE entry.hash IS DISTINCT FROM sealed.hash
  AND NOT EXISTS (
    SELECT FROM trust_journal AS retired
    WHERE retired.stream = %s AND retired.payload::json ->> 'stream' = sealed.stream::text AND entry.hash IS NULL
  )
ORDER BY sealed.sealed_on, sealed.stream LIMIT 1
