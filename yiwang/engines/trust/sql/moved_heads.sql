-- Leaves of a seal's tree over the streams that moved since the seal before.
SELECT uuid_send(stream) || int4send(sequence) || hash FROM trust_sealed_head WHERE sealed_on = %s ORDER BY stream
