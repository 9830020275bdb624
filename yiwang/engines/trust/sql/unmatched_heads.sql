-- The first stream whose head does not name its last entry. {heads}: every owner's heads; {where}: wanted streams.
SELECT stream, head.sequence, tail.sequence
FROM (SELECT * FROM ({heads}) AS every_head {where}) AS head
FULL JOIN (
    SELECT DISTINCT ON (stream) stream, sequence, hash FROM trust_journal {where} ORDER BY stream, sequence DESC
) AS tail USING (stream)
WHERE tail.sequence IS DISTINCT FROM head.sequence OR tail.hash IS DISTINCT FROM head.hash
ORDER BY stream LIMIT 1
