-- What the history of an incident says of departments, towns and inspectors, one row for each event and subject.
-- Who is charged is who did the step: the office of the post by which its actor handled, so that a late co-handler is
-- charged and not the lead. The journal's JSON has its keys sorted and no blanks, hence LIKE finds steps before any
-- text is read as JSON.
WITH incident AS MATERIALIZED (
    SELECT
        incident.id, incident.number, incident.division, incident.outcome,
        coalesce(nullif(incident.area, ''), incident.division) AS area,
        coalesce(incident.data ->> 'unit', '') AS unit
    FROM changed JOIN cases_case AS incident ON incident.id = changed.key AND incident.type = 'city_incident.incident'
),
step AS MATERIALIZED (
    SELECT
        incident.id, incident.number, incident.division, incident.area, incident.outcome, incident.unit,
        entry.sequence, entry.at, entry.actor_id, entry.verb,
        entry.facts ->> 'node' AS node,
        entry.facts #> '{clock,is_on_time}' = 'false' AS is_late,
        entry.facts #> '{arguments,data}' AS answer,
        (entry.facts #>> '{arguments,score}')::int AS score
    FROM incident
    CROSS JOIN LATERAL (
        SELECT sequence, at, actor_id, substr(kind, 6) AS verb, payload::jsonb AS facts
        FROM trust_journal
        WHERE stream = incident.id
            AND (
                kind IN ('case.send_back', 'case.rate')
                OR (
                    kind = 'case.complete'
                    AND (
                        payload LIKE '%"node":"handle%' OR payload LIKE '%"node":"ruling"%'
                        OR payload LIKE '%"is_on_time":false%' OR payload LIKE '%"fixed":false%'
                    )
                )
            )
        OFFSET 0
    ) AS entry
),
done AS MATERIALIZED (
    SELECT step.*, office.id AS office, office.kind AS office_kind, office.division_id AS office_division
    FROM step
    LEFT JOIN LATERAL (
        SELECT organisation.id, organisation.kind, organisation.division_id
        FROM directory_posting AS posting
        JOIN directory_post AS post ON post.id = posting.post_id AND post.role IN (
            'city_incident.handler', 'city_incident.village_handler', 'city_incident.district_handler'
        )
        JOIN directory_organisation AS organisation ON organisation.id = post.organisation_id
        WHERE posting.user_id = step.actor_id
            AND starts_with(step.division, post.division_id)
            AND posting.from_on <= (step.at AT TIME ZONE 'Asia/Shanghai')::date
            AND (posting.to_on IS NULL OR posting.to_on > (step.at AT TIME ZONE 'Asia/Shanghai')::date)
        ORDER BY
            organisation.kind = CASE step.node WHEN 'handle_village' THEN 'village' ELSE step.unit END DESC,
            length(post.division_id) DESC,
            post.id
        LIMIT 1
    ) AS office ON step.node LIKE 'handle%' OR step.node = 'assist'
),
handled AS (
    SELECT done.*, last.office AS handler
    FROM done
    CROSS JOIN LATERAL (
        SELECT before.office FROM done AS before
        WHERE before.id = done.id AND before.verb = 'complete' AND before.node LIKE 'handle%'
            AND before.sequence < done.sequence
        ORDER BY before.sequence DESC LIMIT 1
    ) AS last
    WHERE done.verb = 'rate' OR (done.node = 'verify' AND done.answer ->> 'fixed' = 'false')
),
event AS (
    SELECT id, sequence, at, node, 'late' AS event, 'department' AS subject_kind, office::text AS subject
    FROM done
    WHERE verb = 'complete' AND is_late AND office IS NOT NULL
    UNION ALL
    SELECT id, sequence, at, node, 'late', 'town', left(office_division, 9)
    FROM done
    WHERE verb = 'complete' AND is_late AND length(office_division) >= 9
    UNION ALL
    SELECT id, sequence, at, node, 'late_intake', 'town', division
    FROM done
    WHERE verb = 'complete' AND is_late AND node IN ('accept', 'dispatch') AND length(division) = 9
    UNION ALL
    SELECT id, sequence, at, node, 'late_check', 'inspector', actor_id::text
    FROM done
    WHERE verb = 'complete' AND is_late AND node IN ('confirm', 'verify') AND actor_id IS NOT NULL
    UNION ALL
    SELECT returned.id, returned.sequence, ruling.at, returned.node, 'ruled_against', 'department', returned.office::text
    FROM done AS returned
    JOIN done AS ruling ON ruling.id = returned.id AND ruling.node = 'ruling' AND ruling.verb = 'complete'
        AND ruling.sequence > returned.sequence AND ruling.answer ->> 'unit' = returned.office_kind
    WHERE returned.verb = 'send_back'
    UNION ALL
    SELECT id, sequence, at, coalesce(node, ''),
        CASE WHEN verb = 'complete' THEN 'failed_check' WHEN score <= 2 THEN 'bad_rating' ELSE 'good_rating' END,
        'department', handler::text
    FROM handled
    WHERE handler IS NOT NULL AND (verb = 'complete' OR score <= 2 OR score = 5)
    UNION ALL
    SELECT again.id, again.sequence, again.at, again.node, 'rectified', 'department', again.office::text
    FROM done AS again
    WHERE again.verb = 'complete' AND again.node LIKE 'handle%' AND again.is_late IS NOT TRUE
        AND again.outcome = 'closed' AND again.office IS NOT NULL
        AND EXISTS (SELECT FROM handled WHERE handled.id = again.id AND handled.verb = 'complete' AND handled.sequence < again.sequence)
        AND NOT EXISTS (SELECT FROM handled WHERE handled.id = again.id AND handled.verb = 'complete' AND handled.sequence > again.sequence)
        AND NOT EXISTS (
            SELECT FROM done AS later
            WHERE later.id = again.id AND later.verb = 'complete' AND later.node LIKE 'handle%' AND later.sequence > again.sequence
        )
)
SELECT DISTINCT
    event.id AS case_id, event.event, event.sequence AS occurrence, event.subject_kind, event.subject, event.at,
    event.node AS step, incident.number, incident.area
FROM event JOIN incident ON incident.id = event.id
