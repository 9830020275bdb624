-- Places due in a period and those of them visited in it, by part of a division.
-- A place is due when its last valid visit before the period (or, without one, its registration) plus its interval
-- falls before the period's end. Visits of places that were not due count for nothing here. The bounds `low` and `high`
-- say the same as the prefixes, roughly, in a way an index can use.
WITH terms AS (
    SELECT * FROM unnest(%(kinds)s::text[], %(risks)s::text[], %(days)s::int[]) AS term (kind, risk, days)
), judged AS (
    SELECT
        left(place.cell, %(length)s) AS part,
        coalesce((last.taken_at AT TIME ZONE 'Asia/Shanghai')::date + terms.days, place.registered_on)
            < %(end_on)s::date AS is_due,
        EXISTS (
            SELECT 1 FROM patrol_visit AS visit
            WHERE visit.place_id = place.id AND visit.status = 'done'
                AND visit.taken_at >= %(begin)s AND visit.taken_at < %(end)s
        ) AS is_visited
    FROM patrol_visitedplace AS place
    JOIN terms ON terms.kind = place.kind AND terms.risk = place.risk
    LEFT JOIN LATERAL (
        SELECT visit.taken_at FROM patrol_visit AS visit
        WHERE visit.place_id = place.id AND visit.taken_at < %(begin)s AND visit.status = 'done'
        ORDER BY visit.taken_at DESC LIMIT 1
    ) AS last ON true
    WHERE place.cell >= %(low)s AND place.cell < %(high)s AND place.cell LIKE ANY (%(prefixes)s)
        AND place.registered_on < %(end_on)s::date
        AND (place.closed_on IS NULL OR place.closed_on >= %(begin_on)s::date)
)
SELECT part, count(*), count(*) FILTER (WHERE is_due), count(*) FILTER (WHERE is_due AND is_visited)
FROM judged GROUP BY part ORDER BY part
