-- Offices without a parent, and towns, that no subject stands for yet.
SELECT 'department', office.id::text, office.name, office.division_id, office.id
FROM directory_organisation AS office
WHERE office.parent_id IS NULL AND office.is_active AND office.kind NOT IN ('', 'government')
    AND starts_with(office.division_id, %(district)s)
    AND NOT EXISTS (SELECT FROM credit_subject AS kept WHERE kept.kind = 'department' AND kept.key = office.id::text)
UNION ALL
SELECT 'town', town.code, town.name, town.code, NULL
FROM directory_division AS town
WHERE town.level = 'town' AND starts_with(town.code, %(district)s)
    AND NOT EXISTS (SELECT FROM credit_subject AS kept WHERE kept.kind = 'town' AND kept.key = town.code)
