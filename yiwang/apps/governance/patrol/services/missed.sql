-- Reports of citizens in a cell where the last visit within the hours before had found nothing, not noted yet.
-- `{incidents}` is the fact table of incidents; its name comes from the datahub.
INSERT INTO patrol_possiblemiss
    (id, case_id, case_number, cell, reported_at, visit_id, status, judged_by, note)
SELECT gen_random_uuid(), incident.case_id, incident.number, incident.area, incident.reported_at, visit.id, 'open', '', ''
FROM {incidents} AS incident
CROSS JOIN LATERAL (
    SELECT id, finding FROM patrol_visit
    WHERE cell = incident.area AND status = 'done'
        AND taken_at BETWEEN incident.reported_at - %(before)s::interval AND incident.reported_at
    ORDER BY taken_at DESC LIMIT 1
) AS visit
WHERE incident.reported_at >= %(since)s AND length(incident.area) = 16 AND incident.source <> ALL (%(ours)s)
    AND visit.finding = ''
ON CONFLICT (case_id) DO NOTHING
