-- What a patrol visit says of the inspected place (when it is a business) and of the inspector. A hazard counts against
-- the business. The first clean visit within the limit counts for it; without one it counts again, the day after the
-- limit. That day may lie ahead: whoever reads these rows takes those whose instant has come. A clean visit may be
-- uploaded after the limit: `shown_by` is the one that was known first, at `known_at`.
SELECT DISTINCT visit.id AS visit_id, found.event, found.subject_kind, found.subject, found.at, place.name, visit.cell,
    found.shown_by, found.known_at
FROM changed
JOIN patrol_visit AS visit ON visit.id = changed.key
JOIN patrol_visitedplace AS place ON place.id = visit.place_id
LEFT JOIN LATERAL (
    SELECT
        min(clean.taken_at) AS at, min(clean.received_at) AS known_at,
        (array_agg(clean.id ORDER BY clean.received_at, clean.id))[1] AS shown_by
    FROM patrol_visit AS clean
    WHERE visit.rectify_by IS NOT NULL AND clean.place_id = visit.place_id AND clean.status = 'done'
        AND clean.finding = '' AND clean.taken_at > visit.taken_at
        AND clean.taken_at < ((visit.rectify_by + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')
) AS rectified ON true
CROSS JOIN LATERAL (
    SELECT
        CASE visit.finding WHEN 'serious' THEN 'serious_hazard' ELSE 'hazard' END AS event,
        'firm' AS subject_kind, place.id::text AS subject, visit.taken_at AS at,
        NULL::uuid AS shown_by, NULL::timestamptz AS known_at
    WHERE visit.status = 'done' AND visit.finding <> '' AND place.kind NOT IN ('public_area', 'rental')
    UNION ALL
    SELECT
        CASE WHEN rectified.at IS NULL THEN 'unrectified' ELSE 'rectified_by_firm' END, 'firm', place.id::text,
        coalesce(rectified.at, (visit.rectify_by + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'),
        rectified.shown_by, rectified.known_at
    WHERE visit.status = 'done' AND visit.finding <> '' AND visit.rectify_by IS NOT NULL
        AND place.kind NOT IN ('public_area', 'rental')
    UNION ALL
    SELECT 'found_hazard', 'inspector', visit.inspector_id::text, visit.taken_at, NULL, NULL
    WHERE visit.status = 'done' AND visit.finding = 'serious' AND visit.inspector_id IS NOT NULL
    UNION ALL
    SELECT 'refused_visit', 'inspector', visit.inspector_id::text, visit.taken_at, NULL, NULL
    WHERE visit.status = 'refused' AND visit.inspector_id IS NOT NULL
    UNION ALL
    SELECT 'missed', 'inspector', visit.inspector_id::text, miss.judged_at, NULL, NULL
    FROM patrol_possiblemiss AS miss
    WHERE miss.visit_id = visit.id AND miss.status = 'confirmed' AND visit.inspector_id IS NOT NULL
) AS found
