-- One row for each city incident: raw facts of its loop, from the case as it stands and from its history.
-- Nothing here depends on the present instant. Steps are found by the keys of their nodes and verbs; a step that a flow
-- does not have stays empty. The handling clock judged is the last one of the case, which carries the first one on.
-- An approved appeal stands beside the raw fact that the work was late and never replaces it.
SELECT
    incident.id AS case_id,
    incident.number,
    coalesce(nullif(incident.area, ''), incident.division) AS area,
    incident.category,
    coalesce(said.class_code, '') AS class_code,
    coalesce(nullif(said.source, ''), 'citizen') AS source,
    office.id AS department,
    coalesce(said.unit, '') AS department_kind,
    coalesce(said.level, '') AS level,
    coalesce(said.urgency, '') = 'urgent'
        OR coalesce(said.facts ->> 'is_urgent', '') = 'true' AS is_urgent,
    incident.opened_at AS reported_at,
    told.doubted_at,
    told.confirmed_at,
    coalesce(told.is_confirmed_on_time, false) AS is_confirmed_on_time,
    told.accepted_at,
    coalesce(told.is_accepted_on_time, false) AS is_accepted_on_time,
    told.dispatched_at,
    coalesce(told.is_dispatched_on_time, false) AS is_dispatched_on_time,
    told.returns,
    told.handled_at,
    told.handle_due_at,
    coalesce(told.is_handled_on_time, false) AS is_handled_on_time,
    told.handle_seconds,
    told.late_helpers,
    told.verified_at,
    coalesce(told.is_verified_on_time, false) AS is_verified_on_time,
    told.reworks,
    coalesce(told.due_at, incident.due_at) AS due_at,
    incident.closed_at,
    incident.outcome,
    coalesce(told.is_closed_on_time, false) AS is_closed_on_time,
    incident.status = 'cancelled' AS is_cancelled,
    told.is_settled OR coalesce(told.is_merged, false) AS is_merged,
    told.deferred_at,
    told.extensions,
    told.is_supervised,
    (incident.memory ->> 'rating')::int AS rating,
    told.rated_at,
    EXISTS (
        SELECT FROM cases_case AS appeal
        WHERE appeal.division IN (incident.division, left(incident.division, 6))
            AND appeal.type = 'city_incident.timeout_appeal'
            AND appeal.category = incident.number
            AND appeal.outcome = 'granted'
    ) AS is_excused
FROM changed
JOIN cases_case AS incident ON incident.id = changed.key AND incident.type = 'city_incident.incident'
CROSS JOIN LATERAL jsonb_to_record(incident.data)
    AS said (class_code text, source text, unit text, level text, urgency text, facts jsonb)
CROSS JOIN LATERAL (
    SELECT
        min(at) FILTER (WHERE node = 'accept' AND answer ->> 'accepted' = 'confirm') AS doubted_at,
        min(at) FILTER (WHERE node = 'confirm') AS confirmed_at,
        (array_agg(on_time ORDER BY sequence) FILTER (WHERE node = 'confirm'))[1] AS is_confirmed_on_time,
        min(at) FILTER (WHERE is_accepting) AS accepted_at,
        (array_agg(on_time ORDER BY sequence) FILTER (WHERE is_accepting))[1] AS is_accepted_on_time,
        min(at) FILTER (WHERE node IN ('dispatch', 'ruling')) AS dispatched_at,
        (array_agg(on_time ORDER BY sequence) FILTER (WHERE node IN ('dispatch', 'ruling')))[1]
            AS is_dispatched_on_time,
        count(*) FILTER (WHERE verb = 'send_back' AND at_node LIKE 'handle%') AS returns,
        max(at) FILTER (WHERE node LIKE 'handle%') AS handled_at,
        (array_agg(clock_due ORDER BY sequence DESC) FILTER (WHERE node LIKE 'handle%'))[1] AS handle_due_at,
        (array_agg(on_time ORDER BY sequence DESC) FILTER (WHERE node LIKE 'handle%'))[1] AS is_handled_on_time,
        (array_agg(used ORDER BY sequence DESC) FILTER (WHERE node LIKE 'handle%'))[1] AS handle_seconds,
        count(*) FILTER (WHERE node = 'assist' AND NOT on_time) AS late_helpers,
        max(at) FILTER (WHERE node = 'verify') AS verified_at,
        (array_agg(on_time ORDER BY sequence DESC) FILTER (WHERE node = 'verify'))[1] AS is_verified_on_time,
        count(*) FILTER (WHERE node = 'verify' AND answer ->> 'fixed' = 'false') AS reworks,
        max(case_due) AS due_at,
        (array_agg(case_on_time ORDER BY sequence DESC) FILTER (WHERE case_on_time IS NOT NULL))[1]
            AS is_closed_on_time,
        coalesce(bool_or(verb = 'settle'), false) AS is_settled,
        (array_agg(verb = 'suspend' AND is_into ORDER BY sequence DESC) FILTER (WHERE verb IN ('suspend', 'resume')))[1]
            AS is_merged,
        max(at) FILTER (WHERE verb = 'defer' AND is_agreed) AS deferred_at,
        count(*) FILTER (WHERE verb = 'extend' AND is_agreed) AS extensions,
        coalesce(bool_or(verb = 'supervise' OR rise = 'supervise'), false) AS is_supervised,
        max(at) FILTER (WHERE verb = 'rate') AS rated_at
    FROM (
        SELECT
            sequence,
            at,
            substr(kind, 6) AS verb,
            facts ->> 'node' AS at_node,
            CASE WHEN kind = 'case.complete' THEN facts ->> 'node' END AS node,
            facts #> '{arguments,data}' AS answer,
            kind = 'case.complete' AND (
                (facts ->> 'node' = 'accept' AND facts #>> '{arguments,data,accepted}' = 'yes')
                OR (facts ->> 'node' = 'confirm' AND facts #>> '{arguments,data,is_real}' = 'true')
            ) AS is_accepting,
            facts #>> '{arguments,into}' IS NOT NULL AS is_into,
            coalesce((facts ->> 'agreed')::int >= (facts ->> 'needed')::int, true) AS is_agreed,
            facts ->> 'escalation' AS rise,
            (facts #>> '{clock,is_on_time}')::boolean AS on_time,
            (facts #>> '{clock,due_at}')::timestamptz AS clock_due,
            (facts #>> '{clock,used_seconds}')::bigint AS used,
            (facts #>> '{case_clock,due_at}')::timestamptz AS case_due,
            (facts #>> '{case_clock,is_on_time}')::boolean AS case_on_time
        FROM (
            SELECT sequence, at, kind, payload::jsonb AS facts
            FROM trust_journal
            WHERE stream = incident.id
                AND (
                    kind IN (
                        'case.complete', 'case.send_back', 'case.cancel', 'case.settle', 'case.suspend', 'case.resume',
                        'case.defer', 'case.extend', 'case.supervise', 'case.rate'
                    )
                    OR (kind = 'case.fire' AND payload LIKE '%"supervise"%')
                )
            OFFSET 0
        ) AS entry
    ) AS step
) AS told
CROSS JOIN LATERAL (
    SELECT
        CASE said.level WHEN 'village' THEN 'village' ELSE said.unit END AS kind,
        CASE said.level
            WHEN 'village' THEN ARRAY[left(incident.area, 12)]
            WHEN 'district' THEN ARRAY[left(incident.division, 6)]
            ELSE ARRAY[left(incident.division, 9), left(incident.division, 6)]
        END::varchar[] AS divisions
    OFFSET 0
) AS responsible
LEFT JOIN LATERAL (
    SELECT organisation.id
    FROM directory_organisation AS organisation
    WHERE organisation.parent_id IS NULL
        AND told.dispatched_at IS NOT NULL
        AND organisation.kind = responsible.kind
        AND organisation.division_id = ANY (responsible.divisions)
    ORDER BY length(organisation.division_id) DESC, organisation.id
    LIMIT 1
) AS office ON true
