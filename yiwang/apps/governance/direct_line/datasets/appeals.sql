-- One row for each appeal that is not sealed: raw facts from the case as it stands, with no word of what time it is now.
-- The limit of the first response ends with it; while it runs, its clock says when it is due. While the clock stands
-- still, as that of a merged appeal does, nothing becomes due. A merged appeal is answered when its own answer comes:
-- `settled` keeps how far its limits had run by then.
SELECT
    appeal.id AS case_id,
    appeal.number,
    coalesce(nullif(appeal.area, ''), appeal.division) AS area,
    appeal.category AS kind,
    coalesce(appeal.data ->> 'channel', 'web') AS channel,
    coalesce(appeal.data ->> 'unit', '') AS unit_kind,
    office.id AS unit,
    appeal.opened_at AS received_at,
    coalesce(
        (appeal.memory #>> '{visited,accept,2}')::timestamptz,
        CASE WHEN appeal.memory ? 'settled' THEN appeal.closed_at END
    ) AS responded_at,
    coalesce(
        (coalesce(appeal.memory #>> '{visited,accept,3,2}', appeal.memory #>> '{settled,steps,accept}'))::int < 3, false
    ) AS is_response_on_time,
    (SELECT due.due_at FROM cases_due AS due
        WHERE due.case_id = appeal.id AND due.node = 'accept' AND due.kind = 'task'
            AND (NOT due.is_stopped OR due.mark >= 3) LIMIT 1) AS response_due_at,
    appeal.outcome = 'refused' AS is_refused,
    appeal.status = 'cancelled' AS is_cancelled,
    appeal.outcome = 'answered' AND NOT appeal.memory ? 'settled' AS is_answered_at_once,
    coalesce((appeal.memory #>> '{settled,due_at}')::timestamptz, appeal.due_at) AS due_at,
    appeal.closed_at,
    (appeal.data ->> 'resolved')::boolean AS is_resolved,
    coalesce(
        CASE WHEN appeal.memory ? 'settled' THEN (appeal.memory ->> 'rating')::int END,
        (appeal.data ->> 'grade')::int, (appeal.memory ->> 'rating')::int
    ) AS grade,
    coalesce((appeal.data ->> 'returns')::int, 0) AS returns,
    coalesce((appeal.data ->> 'reopened')::boolean, false) AS is_reopened
FROM changed
JOIN cases_case AS appeal ON appeal.id = changed.key AND appeal.type = 'direct_line.appeal'
LEFT JOIN LATERAL (
    SELECT organisation.id FROM directory_organisation AS organisation
    WHERE organisation.kind = appeal.data ->> 'unit' AND organisation.is_active
        AND organisation.division_id IN (left(appeal.division, 9), left(appeal.division, 6))
    ORDER BY length(organisation.division_id) DESC, organisation.id DESC
    LIMIT 1
) AS office ON true
