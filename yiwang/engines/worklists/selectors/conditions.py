"""A search as conditions on the rows of cases `c` and, in lists of tasks, tokens `t`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.engines.geography.spec import LEVEL_LENGTH
from yiwang.engines.worklists.selectors.hits import CASE_DUE, FAR, NUMBER, PAIRS
from yiwang.engines.worklists.selectors.search import Search, days_of_number, end_of, is_number, pairs_query
from yiwang.engines.worklists.selectors.sight import SHARD_LENGTH
from yiwang.kernel.clock import CHINA, now

TASK_DUE = f"COALESCE(t.due_at, {FAR})"
_VILLAGE_LENGTH = LEVEL_LENGTH["village"]
RUNNING = "c.status IN ('open', 'suspended')"
_CLOCK = """EXISTS (SELECT 1 FROM cases_due AS clock
WHERE clock.case_id = c.id AND clock.kind = '{kind}' AND clock.token = {token} AND {state})"""
_NEAR = """clock.mark > 0 AND (clock.next_share = 0 OR clock.next_share > 80) AND NOT clock.is_stopped
AND clock.due_at >= %(now)s"""
"""The warning at 80 percent, or the nearest one the definition has, was raised and the limit is not yet over."""

Condition = tuple[str, dict[str, Any]]


def condition_of(search: Search, days_of: str = "c") -> Condition:
    """All filters as `… AND …` with their parameters; TRUE without any. Days are asked of cases or involvements."""
    found = [*_of_the_head(search), *_of_the_opening(search, days_of), *_of_the_limit(search), *_of_the_words(search)]
    parameters: dict[str, Any] = {}
    for _, values in found:
        parameters |= values
    return " AND ".join(text for text, _ in found) or "TRUE", parameters


def filters_of(search: Search) -> str:
    """What the search asks of the head of a case: type, status, class, place, stage."""
    return " AND ".join(text for text, _ in _of_the_head(search)) or "TRUE"


def _of_the_head(search: Search) -> Iterator[Condition]:
    if search.type:
        yield "c.type = %(type)s", {"type": search.type}
    if search.is_running:
        yield RUNNING, {}
    if search.status and search.status != "running":
        yield "c.status = %(status)s", {"status": search.status}
    if search.category:
        yield "c.category = %(category)s", {"category": search.category}
    yield from _of_the_area(search.area)
    if search.stage:
        standing = "t.node = %(stage)s" if search.of_tasks else "%(stage)s = ANY(string_to_array(c.stage, ','))"
        yield standing, {"stage": search.stage}


def _of_the_area(area: str) -> Iterator[Condition]:
    if len(area) >= SHARD_LENGTH:
        yield "c.division = %(shard)s", {"shard": area[:SHARD_LENGTH]}
    if len(area) >= _VILLAGE_LENGTH:
        village = f'"left"(c.area, {_VILLAGE_LENGTH}) = %(village)s'  # As the index of cases has it.
        yield village, {"village": area[:_VILLAGE_LENGTH]}
    if area and len(area) not in (SHARD_LENGTH, _VILLAGE_LENGTH):
        yield "c.area LIKE %(area)s", {"area": f"{area}%"}


def _of_the_opening(search: Search, of: str) -> Iterator[Condition]:
    """On cases `c`, or on involvements `i`, which know when their case was opened."""
    begin, end = search.period
    if begin is not None:
        yield f"{of}.opened_at >= %(opened_from)s", {"opened_from": begin}
    if end is not None:
        yield f"{of}.opened_at < %(opened_to)s", {"opened_to": end}


def _of_the_limit(search: Search) -> Iterator[Condition]:
    due = TASK_DUE if search.of_tasks else CASE_DUE
    kind, token = ("task", "t.no") if search.of_tasks else ("case", "0")
    at = now()
    if search.due == "overdue":
        yield f"{due} < %(now)s AND c.status = 'open'", {"now": at}
    elif search.due == "today":
        midnight = end_of(at.astimezone(CHINA).date())
        yield f"{due} >= %(now)s AND {due} < %(midnight)s", {"now": at, "midnight": midnight}
    elif search.due == "warning":
        yield _CLOCK.format(kind=kind, token=token, state=_NEAR), {"now": at}
    elif search.due == "provisional":
        yield _CLOCK.format(kind=kind, token=token, state="clock.is_provisional"), {}


def _of_the_words(search: Search) -> Iterator[Condition]:
    """Two signs are found exactly by their pair; of longer words the pairs may stand apart, so the text decides.

    `hits` reads the index of words. `IS TRUE` keeps the planner from it here, where it would be read once for
    each shard.
    """
    for place, word in enumerate(search.words):
        if is_number(word):
            is_walked = days_of_number(word) is not None
            condition = f"({NUMBER.format(place)}) IS TRUE" if is_walked else NUMBER.format(place)
            yield condition, {f"number_{place}": f"{word}%"}
            continue
        yield f"({PAIRS.format(place)}) IS TRUE", {f"pairs_{place}": pairs_query(word)}
        if len(word) > 2:
            searchable = "strpos(cases_searchable(c.title, c.data), %(word_{0})s) > 0"
            yield searchable.format(place), {f"word_{place}": word}
