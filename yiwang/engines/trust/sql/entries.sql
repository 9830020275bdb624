-- Every entry as it was hashed, stream by stream. {where}: wanted streams.
SELECT stream, sequence, kind, division, at, actor_id, actor_name, on_behalf_of, payload, previous_hash, hash
FROM trust_journal {where} ORDER BY stream, sequence
