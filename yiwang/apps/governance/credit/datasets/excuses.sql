-- Timeout appeals that were granted: the late points of the lead are taken back by an entry that says so.
SELECT
    appeal.id AS appeal_id,
    appeal.number,
    coalesce(nullif(appeal.area, ''), appeal.division) AS area,
    incident.id AS case_id,
    incident.number AS case_number,
    appeal.closed_at AS granted_at
FROM changed
JOIN cases_case AS appeal ON appeal.id = changed.key AND appeal.type = 'city_incident.timeout_appeal'
    AND appeal.outcome = 'granted'
JOIN cases_case AS incident ON incident.number = appeal.category AND incident.type = 'city_incident.incident'
