-- One stream from its first entry on, as people read it.
SELECT sequence, kind, at, actor_id, actor_name, on_behalf_of, payload, hash
FROM trust_journal WHERE stream = %s ORDER BY sequence
