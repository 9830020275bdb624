-- A row for each cell and month, with the first valid visit of the cell in that month; only what is new or different.
INSERT INTO patrol_cellmonth (id, cell, month, visited_at)
SELECT gen_random_uuid(), cells.code, months.begin::date, first.taken_at
FROM unnest(%(cells)s::text[]) AS cells (code)
CROSS JOIN generate_series(%(first)s::date, %(last)s::date, interval '1 month') AS months (begin)
LEFT JOIN LATERAL (
    SELECT visit.taken_at FROM patrol_visit AS visit
    WHERE visit.cell = cells.code AND visit.status = 'done'
        AND visit.taken_at >= months.begin AT TIME ZONE 'Asia/Shanghai'
        AND visit.taken_at < (months.begin + interval '1 month') AT TIME ZONE 'Asia/Shanghai'
    ORDER BY visit.taken_at LIMIT 1
) AS first ON true
ON CONFLICT (cell, month) DO UPDATE SET visited_at = excluded.visited_at
WHERE patrol_cellmonth.visited_at IS DISTINCT FROM excluded.visited_at
