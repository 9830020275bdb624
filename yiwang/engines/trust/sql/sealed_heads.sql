-- Leaves of a seal's tree over every stream, in the order of their ids.
SELECT uuid_send(stream) || int4send(sequence) || hash
FROM (
    SELECT DISTINCT ON (stream) stream, sequence, hash FROM trust_sealed_head
    WHERE sealed_on <= %s ORDER BY stream, sealed_on DESC
) AS head
ORDER BY stream
