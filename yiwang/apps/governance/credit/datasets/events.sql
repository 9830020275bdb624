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
counted AS (
    SELECT
        done.*,
        count(*) FILTER (WHERE verb = 'complete' AND node LIKE 'handle%') OVER so_far AS handlings,
        count(*) FILTER (WHERE verb = 'complete' AND node LIKE 'handle%') OVER whole AS all_handlings,
        count(*) FILTER (WHERE node = 'verify' AND answer ->> 'fixed' = 'false') OVER so_far AS failures,
        count(*) FILTER (WHERE node = 'verify' AND answer ->> 'fixed' = 'false') OVER whole AS all_failures,
        max(sequence) FILTER (WHERE node = 'ruling' AND verb = 'complete') OVER whole AS ruled,
        max(at) FILTER (WHERE node = 'ruling' AND verb = 'complete') OVER whole AS ruled_at,
        max(answer ->> 'unit') FILTER (WHERE node = 'ruling' AND verb = 'complete') OVER whole AS ruled_unit
    FROM done
    WINDOW so_far AS (PARTITION BY id ORDER BY sequence), whole AS (PARTITION BY id)
),
told AS MATERIALIZED (
    -- What follows a handling, up to the next one, is about who did it.
    SELECT counted.*, first_value(office) OVER (PARTITION BY id, handlings ORDER BY sequence) AS handler
    FROM counted
),
event AS (
    SELECT id, sequence, at, node, 'late' AS event, 'department' AS subject_kind, office::text AS subject
    FROM told
    WHERE verb = 'complete' AND is_late AND office IS NOT NULL
    UNION ALL
    SELECT id, sequence, at, node, 'late', 'town', left(office_division, 9)
    FROM told
    WHERE verb = 'complete' AND is_late AND length(office_division) >= 9
    UNION ALL
    SELECT id, sequence, at, node, 'late_intake', 'town', division
    FROM told
    WHERE verb = 'complete' AND is_late AND node IN ('accept', 'dispatch') AND length(division) = 9
    UNION ALL
    SELECT id, sequence, at, node, 'late_check', 'inspector', actor_id::text
    FROM told
    WHERE verb = 'complete' AND is_late AND node IN ('confirm', 'verify') AND actor_id IS NOT NULL
    UNION ALL
    SELECT id, sequence, ruled_at, node, 'ruled_against', 'department', office::text
    FROM told
    WHERE verb = 'send_back' AND ruled > sequence AND ruled_unit = office_kind
    UNION ALL
    SELECT id, sequence, at, coalesce(node, ''),
        CASE WHEN verb = 'complete' THEN 'failed_check' WHEN score <= 2 THEN 'bad_rating' ELSE 'good_rating' END,
        'department', handler::text
    FROM told
    WHERE handlings > 0 AND handler IS NOT NULL
        AND ((verb = 'rate' AND (score <= 2 OR score = 5)) OR (node = 'verify' AND answer ->> 'fixed' = 'false'))
    UNION ALL
    SELECT id, sequence, at, node, 'rectified', 'department', office::text
    FROM told
    WHERE verb = 'complete' AND node LIKE 'handle%' AND is_late IS NOT TRUE AND outcome = 'closed'
        AND office IS NOT NULL AND failures > 0 AND failures = all_failures AND handlings = all_handlings
)
SELECT
    told.id AS case_id, event.event, event.sequence AS occurrence, event.subject_kind, event.subject, event.at,
    event.node AS step, told.number, told.area
FROM event JOIN told ON told.id = event.id AND told.sequence = event.sequence
