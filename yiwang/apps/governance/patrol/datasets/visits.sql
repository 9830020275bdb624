-- One row for each visit as it was judged; kind and risk are the place's own.
SELECT
    visit.id AS visit_id,
    visit.cell,
    visit.inspector_id,
    place.kind,
    place.risk,
    visit.status,
    visit.finding,
    visit.taken_at,
    visit.received_at,
    visit.is_late,
    visit.case_id IS NOT NULL AS has_incident
FROM changed
JOIN patrol_visit AS visit ON visit.id = changed.key
JOIN patrol_visitedplace AS place ON place.id = visit.place_id
