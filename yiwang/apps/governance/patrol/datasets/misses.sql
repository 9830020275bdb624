-- One row for each possible miss, judged or not.
SELECT
    miss.id AS miss_id,
    miss.case_id,
    miss.case_number AS number,
    miss.cell AS area,
    miss.status,
    miss.status = 'confirmed' AS is_confirmed,
    miss.reported_at
FROM changed
JOIN patrol_possiblemiss AS miss ON miss.id = changed.key
