-- Visits of a period by part of a division: valid ones, findings, serious findings, duplicates, refused, late.
SELECT
    left(cell, %(length)s),
    count(*) FILTER (WHERE status = 'done'),
    count(*) FILTER (WHERE status = 'done' AND finding <> ''),
    count(*) FILTER (WHERE status = 'done' AND finding = 'serious'),
    count(*) FILTER (WHERE status = 'duplicate'),
    count(*) FILTER (WHERE status = 'refused'),
    count(*) FILTER (WHERE is_late)
FROM patrol_visit
WHERE cell >= %(low)s AND cell < %(high)s AND cell LIKE ANY (%(prefixes)s) AND taken_at >= %(begin)s AND taken_at < %(end)s
GROUP BY 1
