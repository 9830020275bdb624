"""Work lists: a page of tasks or cases, already narrowed to what the actor may see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from yiwang.engines.directory.api import Actor, User, organisation_name, path_of
from yiwang.engines.worklists.selectors.catalogue import Catalogue, catalogue
from yiwang.engines.worklists.selectors.cursors import Place, read_cursor, write_cursor
from yiwang.engines.worklists.selectors.estimating import estimates
from yiwang.engines.worklists.selectors.hits import TRIES, guessed, stretch_of
from yiwang.engines.worklists.selectors.search import Search
from yiwang.engines.worklists.selectors.statements import PERSONAL_SQL, Box, Walk

SIZE = 50
BOUND = 300
"""Lists are counted up to here; what is more is called more."""
_COLUMNS = """page.sort, page.no, c.id, c.number, c.title, c.type, c.category, c.status, c.outcome, c.stage, c.area,
cases_address(c.data), c.opened_at, CASE WHEN page.no > 0 THEN t.due_at ELSE c.due_at END, c.closed_at, t.no, t.node,
t.status, t.since, t.organisation, t.assignee, person.name, clock.is_provisional, clock.is_stopped, clock.is_near,
c.memory ? 'is_supervised', (c.memory ->> 'urged_count')::int"""
_DETAILS = f"""SELECT {{total}}, {_COLUMNS} FROM page JOIN cases_case AS c ON c.id = page.id
LEFT JOIN LATERAL (
    SELECT task.no, task.node, task.status, task.since, task.organisation, task.assignee, task.due_at
    FROM cases_token AS task
    WHERE task.case_id = c.id AND task.status IN ({PERSONAL_SQL}) AND (page.no = 0 OR task.no = page.no)
    ORDER BY (task.assignee IS NOT DISTINCT FROM %(me)s) DESC, task.no LIMIT 1) AS t ON true
LEFT JOIN LATERAL (
    SELECT due.is_provisional, due.is_stopped,
    due.mark > 0 AND (due.next_share = 0 OR due.next_share > 80) AS is_near FROM cases_due AS due
    WHERE due.case_id = c.id AND due.token = page.no AND due.kind IN ('case', 'task') LIMIT 1) AS clock ON true
LEFT JOIN {User._meta.db_table} AS person ON person.id = t.assignee
ORDER BY page.sort {{direction}}, page.id {{direction}}, page.no {{direction}}"""


@dataclass(frozen=True, slots=True)
class Listed:
    """One row: a case, and the task it stands at (the actor's own before others); in task boxes the task `no`.

    `due_at` is the task's limit in task boxes and the case's elsewhere; `is_near` tells that its warning was raised.
    """

    place: Place
    id: UUID
    no: int
    number: str
    title: str
    type: str
    type_title: str
    category: str
    category_title: str
    status: str
    outcome: str
    outcome_title: str
    stages: tuple[str, ...]
    stage_titles: tuple[str, ...]
    area: str
    area_title: str
    address: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    token: int
    task_status: str
    since: datetime | None
    assignee: int | None
    assignee_name: str
    organisation: int | None
    organisation_title: str
    is_provisional: bool
    is_stopped: bool
    is_near: bool
    is_supervised: bool
    urged: int

    @property
    def key(self) -> str:
        """How a selection names the row: case, and the task in task boxes."""
        return f"{self.id}.{self.no}"


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in order; cursors of the neighbouring pages, '' without one; the rows of all pages, counted to BOUND.

    The first page is counted while it is found. Later ones, and words that fill a page, are not: `total` is None.
    """

    rows: tuple[Listed, ...]
    before: str
    after: str
    total: int | None

    @property
    def is_more(self) -> bool:
        """Whether there are more rows than `total` says."""
        return self.total is None or self.total > BOUND


def page(actor: Actor, search: Search, *, after: str = "", before: str = "", size: int = SIZE) -> Page:
    """A page of a search, from its beginning or beside a cursor. InvalidInput for a bad cursor.

    One SQL statement; for frequent words up to three more, of a stretch of time each, that were guessed too short.
    """
    if actor.is_anonymous:
        return Page((), "", "", 0)
    is_back = bool(before)
    place = read_cursor(before or after, search.order) if before or after else None
    is_counted = place is None and not search.words
    total, rows = _found(actor, search, Walk(size + 1, place, is_back), is_counted=is_counted)
    is_full, rows = len(rows) > size, rows[:size]
    if is_back:
        rows.reverse()
    has_before, has_after = (is_full, True) if is_back else (place is not None, is_full)
    first, last = (write_cursor(rows[0].place), write_cursor(rows[-1].place)) if rows else ("", "")
    known_total = total if is_counted else None if has_before or has_after else len(rows)
    return Page(tuple(rows), first if has_before else "", last if has_after else "", known_total)


def _found(actor: Actor, search: Search, walk: Walk, *, is_counted: bool) -> tuple[int, list[Listed]]:
    """The rows of a page; words are sought in the newest stretch of time first, where that is known to be sooner."""
    known = catalogue()
    box = Box(actor, search, known)
    rows, rest = _newest(box, known, walk) if box.hits and not walk.is_back else ([], walk)
    if rest is None:
        return 0, rows
    total, others = _read(box, known, rest, is_counted=is_counted)
    return total, rows + others


def _newest(box: Box, known: Catalogue, walk: Walk) -> tuple[list[Listed], Walk | None]:
    """Rows from the newest stretches of time, each beginning where the last one ended, and what is left to read."""
    rows: list[Listed] = []
    counted, until = estimates(), walk.place.at if walk.place is not None else None
    guess = guessed(box.search, box.sight, walk.size, counted)
    for _ in range(TRIES if guess else 0):
        assert guess is not None
        stretch = stretch_of(guess, box.search, until, counted)
        if stretch is None:
            break
        _, found = _read(box.within(stretch), known, walk, is_counted=False)
        rows += found
        if len(found) == walk.size or stretch.is_whole:
            return rows, None
        guess, until = guess.after(len(found)), stretch.since
        walk = Walk(walk.size - len(found), found[-1].place if found else walk.place)
    return rows, walk


def every(actor: Actor, search: Search, most: int, size: int = 500) -> Iterator[Listed]:
    """All rows of a search up to `most`, read page by page, so that any number takes little memory."""
    known, place, read = catalogue(), None, 0
    while read < most and not actor.is_anonymous:
        _, rows = _read(Box(actor, search, known), known, Walk(min(size, most - read), place), is_counted=False)
        yield from rows
        read += len(rows)
        if len(rows) < size:
            return
        place = rows[-1].place


def _read(box: Box, known: Catalogue, walk: Walk, *, is_counted: bool = True) -> tuple[int, list[Listed]]:
    direction = "" if (box.search.order == "due") != walk.is_back else "DESC"
    total, reading = _total(box, walk) if is_counted else ("0", walk)
    found_rows = box.rows(reading)
    order = f"ORDER BY sort {direction}, id {direction}, no {direction} LIMIT {walk.size}"
    details = _DETAILS.format(total=total, direction=direction)
    tables = f"found_rows AS MATERIALIZED ({found_rows}), page AS (SELECT * FROM found_rows {order})"
    with connection.cursor() as cursor:
        cursor.execute(f"{box.begin}, {tables} {details}", box.parameters)
        found = cursor.fetchall()
    return (found[0][0] if found else 0), [_listed(row[1:], box.search.order, known) for row in found]


def _total(box: Box, walk: Walk) -> tuple[str, Walk]:
    """How a page is counted, and how far it is read for that.

    Within known towns the rows to count are those found, read further. Over many shards each would be read that far, so
    a walk of its own is shorter: it needs no order and stops at the bound.
    """
    if box.sight.is_exact:
        return "(SELECT count(*) FROM found_rows)", replace(walk, size=max(walk.size, BOUND + 1))
    return f"(SELECT count(*) FROM ({box.rows(Walk(BOUND + 1, is_count=True))}) AS counted)", walk


def _listed(row: tuple[Any, ...], order: str, known: Catalogue) -> Listed:
    (
        sort, no, id, number, title, type, category, status, outcome, stage, area, address, opened_at, due_at,
        closed_at, token, node, task_status, since, organisation, assignee, name, is_provisional, is_stopped, is_near,
        is_supervised, urged,
    ) = row  # fmt: skip
    stages = (node,) if no else tuple(stage.split(",") if stage else ())
    kind = known.kinds.get(type)
    return Listed(
        place=Place(order, sort, id, no), id=id, no=no, number=number, title=title, type=type,
        type_title=kind.title if kind else type, category=category,
        category_title=known.category_title(type, category), status=status, outcome=outcome,
        outcome_title=known.outcome_title(type, outcome), stages=stages,
        stage_titles=tuple(known.stage_title(type, key) for key in stages), area=area, area_title=path_of(area),
        address=address or "", opened_at=opened_at, due_at=due_at, closed_at=closed_at, token=token or 0,
        task_status=task_status or "", since=since, assignee=assignee, assignee_name=name or "",
        organisation=organisation, organisation_title=organisation_name(organisation) if organisation else "",
        is_provisional=bool(is_provisional), is_stopped=bool(is_stopped) or status == "suspended",
        is_near=bool(is_near), is_supervised=is_supervised, urged=urged or 0,
    )  # fmt: skip
