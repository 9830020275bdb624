-- A row for each cell and month, with the first valid visit of the cell in that month; only what is new or different.
WITH wanted AS (
    SELECT months.begin::date AS month, months.begin
    FROM generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 month') AS months (begin)
    WHERE months.begin >= %(recent)s::timestamp
        OR months.begin::date NOT IN (SELECT month FROM patrol_cellmonth WHERE is_counted)
)
INSERT INTO patrol_cellmonth (id, cell, month, visited_at, is_counted)
SELECT gen_random_uuid(), cells.code, wanted.month, first.taken_at, true
FROM unnest(%(cells)s::text[]) AS cells (code)
CROSS JOIN wanted
LEFT JOIN LATERAL (
    SELECT visit.taken_at FROM patrol_visit AS visit
    WHERE visit.cell = cells.code AND visit.status = 'done'
        AND visit.taken_at >= wanted.begin AT TIME ZONE 'Asia/Shanghai'
        AND visit.taken_at < (wanted.begin + interval '1 month') AT TIME ZONE 'Asia/Shanghai'
    ORDER BY visit.taken_at LIMIT 1
) AS first ON true
LEFT JOIN patrol_cellmonth AS known ON known.cell = cells.code AND known.month = wanted.month
WHERE known.id IS NULL OR NOT known.is_counted OR known.visited_at IS DISTINCT FROM first.taken_at
ON CONFLICT (cell, month) DO UPDATE SET visited_at = excluded.visited_at, is_counted = true
