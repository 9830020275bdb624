"""The SQL of the console: which waiting tasks a centre commands, as columns of fixed width.

A centre of a division reads the actor's reach (`worklists.Sight`), so that no address widens what posts allow; one of
an organisation reads the tasks given to that organisation. Merged incidents are worked with their main one.
"""

from __future__ import annotations

from typing import Any

from yiwang.apps.governance.dispatch.asked import Asked
from yiwang.apps.governance.dispatch.centres import DISTRICT, TOWN
from yiwang.apps.governance.dispatch.incidents import TYPE
from yiwang.engines.directory.api import Actor, district_code
from yiwang.engines.gathering.api import STANDS_ALONE
from yiwang.engines.processes.api import PERSONAL
from yiwang.engines.worklists.api import SHARDS, Sight, catalogue, sight_of

FAR = "'9999-01-01 00:00:00+00'::timestamptz"
TASKS = ", ".join(f"'{status}'" for status in sorted(PERSONAL))
COLUMNS = {
    "ids": "uuid_send(c.case_id)",
    "nodes": "int8send(hashtextextended(c.node, 0))",
    "below": "int8send(hashtextextended({below}, 0))",
    "due": f"timestamptz_send(coalesce(c.due_at, {FAR}))",
    "marks": "int2send(c.marks)",
}
"""What of each task is read, every column as one string of bytes: a row would cost more to carry than to count."""
BELOW = {DISTRICT: "division", TOWN: "unit"}
"""Below the district are towns; below a town its departments."""
TEXTS = "SELECT DISTINCT hashtextextended({column}, 0), {column} FROM dispatch_queuedtask"
"""What the numbers of a column stand for."""
_FILTERS = {
    "level": "c.level = %(level)s", "unit": "c.unit = %(unit)s",
    "category": "c.category = %(category)s", "town": "c.division = %(town)s",
}  # fmt: skip
_TASKS = "(SELECT *, case_id AS id FROM dispatch_queuedtask) AS c"
_VERSIONS = """EXISTS (SELECT 1 FROM reach WHERE reach.division = c.division
AND (reach.version IS NULL OR reach.version = c.version_id))"""


def queue(actor: Actor, asked: Asked) -> tuple[str, dict[str, Any]]:
    """The statement of `COLUMNS` for the centre and filters of a page, with its parameters."""
    begin, seen, values = _seen(actor, asked)
    below = f"c.{BELOW[asked.centre.kind]}" if asked.centre.kind in BELOW else "''"
    columns = ", ".join(f"string_agg({text.format(below=below)}, '')" for text in COLUMNS.values())
    conditions = ["c.status IN ('open', 'suspended')", STANDS_ALONE, seen]
    conditions += [text for name, text in _FILTERS.items() if getattr(asked, name)]
    return f"{begin} SELECT {columns} FROM {_TASKS} WHERE {' AND '.join(conditions)}", {
        **values, **asked.filters,
    }  # fmt: skip


def _seen(actor: Actor, asked: Asked) -> tuple[str, str, dict[str, Any]]:
    """How the statement begins, the condition on tasks `c`, and their parameters."""
    if asked.centre.organisation is not None:
        return "", "c.organisation = %(organisation)s", {"organisation": asked.centre.organisation}
    area = asked.town or asked.centre.division
    sight = sight_of(actor, catalogue(), type=TYPE, area="" if area == district_code() else area)
    shards = "" if sight.is_exact else f"{SHARDS}, "
    seen = f"c.division = ANY (ARRAY(SELECT division FROM reach)){_of_versions(sight)}"
    return f"WITH RECURSIVE {shards}{sight.sql}", seen, sight.parameters(actor)


def _of_versions(sight: Sight) -> str:
    """Only posts that some versions of the process do not know are looked at for each case."""
    return f" AND {_VERSIONS}" if any(version is not None for _, _, version in sight.rows) else ""
