-- One row for each cell and month, visited or not.
SELECT
    one.id AS cell_month_id,
    one.cell AS area,
    one.month,
    one.month::timestamp AT TIME ZONE 'Asia/Shanghai' AS begins_at,
    one.visited_at
FROM changed
JOIN patrol_cellmonth AS one ON one.id = changed.key
