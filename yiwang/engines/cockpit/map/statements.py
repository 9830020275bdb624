"""The SQL of catch-ups and rebuilds. `{of}` is a condition on the cases `c`: those that changed, or all of them.

Incremental and full run these same texts, so that a case has the same row whichever way it came.
"""

from __future__ import annotations

TAKE = """WITH taken AS (DELETE FROM cockpit_casechange WHERE id IN (
    SELECT id FROM cockpit_casechange ORDER BY id LIMIT %s) RETURNING case_id)
SELECT coalesce(array_agg(DISTINCT case_id), '{}') FROM taken"""
"""Which cases are behind. Rows of transactions still running are not seen and stay for the next time."""
IS_BEHIND = """SELECT EXISTS (SELECT FROM cockpit_casechange)
OR NOT EXISTS (SELECT FROM cockpit_pointstate)"""
LOCK = """SELECT turn, set_config('synchronous_commit', 'off', true) FROM cockpit_pointstate WHERE id = 1 FOR UPDATE"""
"""Nobody waits for the disk: a catch-up lost in a crash is lost with the deletion of its changes, and done again."""
BEGIN = """INSERT INTO cockpit_pointstate (id, generation, turn) VALUES (1, gen_random_uuid(), 0)
ON CONFLICT (id) DO NOTHING"""
ADVANCE = "UPDATE cockpit_pointstate SET turn = %s WHERE id = 1"
RENEW = "UPDATE cockpit_pointstate SET turn = %s, generation = gen_random_uuid() WHERE id = 1"
EMPTY = "TRUNCATE cockpit_casepoint RESTART IDENTITY"

WORDS = """INSERT INTO cockpit_word (text)
SELECT DISTINCT found.text FROM cases_case AS c CROSS JOIN LATERAL
unnest(ARRAY[c.division COLLATE "C", left(c.area, 12), c.version_id::text, c.category]) AS found(text)
WHERE {of} AND NOT EXISTS (SELECT 1 FROM cockpit_word AS known WHERE known.text = found.text COLLATE "C")
ORDER BY found.text"""

STATUSES = ("open", "suspended", "closed", "cancelled")
"""A status is stored as its place here; `GONE` is the row of a case that is no more."""
GONE = 9
WIDTH_BITS = 30
WORLD = 1 << WIDTH_BITS
NEVER = 2**31 - 1
SECONDS_ZERO = 946_684_800
"""Unix time of 2000-01-01 UTC: seconds from there fit 32 bits until 2068."""
_MOST_NORTH = 85.0511

_SECONDS = "coalesce(least(extract(epoch FROM c.{{name}})::bigint - {zero}, {never}), {never})::int"
_MOMENT = _SECONDS.format(zero=SECONDS_ZERO, never=NEVER)
_PLACED = f"c.longitude BETWEEN -180 AND 179.9999 AND c.latitude BETWEEN -{_MOST_NORTH} AND {_MOST_NORTH}"
_X = f"CASE WHEN {_PLACED} THEN floor((c.longitude + 180) / 360 * {WORLD})::int ELSE -1 END"
_Y = f"""CASE WHEN {_PLACED} THEN least({WORLD} - 1, floor((1 - ln(tan(radians(c.latitude))
+ 1 / cos(radians(c.latitude))) / pi()) / 2 * {WORLD}))::int ELSE -1 END"""
_STATUS = f"coalesce(array_position(ARRAY{list(STATUSES)}, c.status) - 1, {GONE - 1})"
_STANDING = f"""SELECT c.id AS case_id, {_X} AS x, {_Y} AS y, d.id AS division, v.id AS village, r.id AS version,
k.id AS category, {_STATUS} AS status, {_MOMENT.format(name="opened_at")} AS opened,
{_MOMENT.format(name="due_at")} AS due, {_MOMENT.format(name="closed_at")} AS closed
FROM cases_case AS c
JOIN cockpit_word AS d ON d.text = c.division
JOIN cockpit_word AS v ON v.text = left(c.area, 12) COLLATE "C"
JOIN cockpit_word AS r ON r.text = c.version_id::text COLLATE "C"
JOIN cockpit_word AS k ON k.text = c.category COLLATE "C"
WHERE {{of}}"""
_COLUMNS = ("x", "y", "division", "village", "version", "category", "status", "opened", "due", "closed")

UPDATE = f"""UPDATE cockpit_casepoint AS old SET turn = %(turn)s, {", ".join(f"{one} = new.{one}" for one in _COLUMNS)}
FROM ({_STANDING}) AS new WHERE old.case_id = new.case_id"""
INSERT = f"""INSERT INTO cockpit_casepoint (case_id, turn, {", ".join(_COLUMNS)})
SELECT new.case_id, %(turn)s, {", ".join(f"new.{one}" for one in _COLUMNS)} FROM ({_STANDING}) AS new
WHERE NOT EXISTS (SELECT 1 FROM cockpit_casepoint AS old WHERE old.case_id = new.case_id)
ORDER BY new.opened, new.case_id"""
REMOVE = f"""UPDATE cockpit_casepoint AS old SET status = {GONE}, turn = %(turn)s
WHERE old.case_id = ANY(%(ids)s::uuid[]) AND NOT EXISTS (SELECT 1 FROM cases_case AS c WHERE c.id = old.case_id)"""
CHANGED, ALL = "c.id = ANY(%(ids)s::uuid[])", "TRUE"

NUMBERS = ("number", *_COLUMNS)
READ = f"""COPY (SELECT {", ".join(NUMBERS)}, turn FROM cockpit_casepoint WHERE turn > %s) TO STDOUT (FORMAT binary)"""

TRIGGERS = """
CREATE FUNCTION cockpit_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO cockpit_casechange (case_id) VALUES (CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END);
    RETURN NULL;
END $$;
CREATE TRIGGER cockpit_case_opened AFTER INSERT OR DELETE ON cases_case
FOR EACH ROW EXECUTE FUNCTION cockpit_note_change();
CREATE TRIGGER cockpit_case_changed AFTER UPDATE ON cases_case FOR EACH ROW WHEN (
    (OLD.status, OLD.category, OLD.division, OLD.area, OLD.version_id, OLD.longitude, OLD.latitude, OLD.opened_at,
    OLD.due_at, OLD.closed_at) IS DISTINCT FROM
    (NEW.status, NEW.category, NEW.division, NEW.area, NEW.version_id, NEW.longitude, NEW.latitude, NEW.opened_at,
    NEW.due_at, NEW.closed_at)
) EXECUTE FUNCTION cockpit_note_change();
"""
NO_TRIGGERS = """
DROP TRIGGER cockpit_case_opened ON cases_case;
DROP TRIGGER cockpit_case_changed ON cases_case;
DROP FUNCTION cockpit_note_change();
"""
