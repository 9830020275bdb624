-- Names, divisions and speaking organisations of subjects as the directory knows them; firms it does not know are left
-- out. An inspector belongs to the office of the newest post held.
WITH asked AS (SELECT * FROM unnest(%(kinds)s::text[], %(keys)s::text[]) AS asked (kind, key))
SELECT asked.kind, asked.key, office.name, office.division_id, office.id
FROM asked JOIN directory_organisation AS office ON asked.kind = 'department' AND office.id::text = asked.key
UNION ALL
SELECT asked.kind, asked.key, town.name, town.code, NULL
FROM asked JOIN directory_division AS town ON asked.kind = 'town' AND town.code = asked.key
UNION ALL
SELECT asked.kind, asked.key, person.name, post.division_id, post.organisation_id
FROM asked
JOIN directory_user AS person ON asked.kind = 'inspector' AND person.id::text = asked.key
JOIN LATERAL (
    SELECT post.division_id, post.organisation_id
    FROM directory_posting AS posting JOIN directory_post AS post ON post.id = posting.post_id
    WHERE posting.user_id = person.id ORDER BY posting.from_on DESC, posting.id LIMIT 1
) AS post ON true
UNION ALL
SELECT asked.kind, asked.key, party.name, party.division_id, NULL
FROM asked JOIN directory_party AS party ON asked.kind = 'firm' AND party.id::text = asked.key
