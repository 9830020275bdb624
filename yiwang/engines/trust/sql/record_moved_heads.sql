-- Keeps the heads that moved since they were last sealed. {heads}: every owner's heads.
INSERT INTO trust_sealed_head (stream, sealed_on, sequence, hash)
SELECT head.stream, %(sealed_on)s, head.sequence, head.hash
FROM ({heads}) AS head
LEFT JOIN (
    SELECT DISTINCT ON (stream) stream, hash FROM trust_sealed_head ORDER BY stream, sealed_on DESC
) AS last USING (stream)
WHERE last.hash IS DISTINCT FROM head.hash
