"""Cases with the words of a search, found by the indexes of words and numbers before anything is joined to them.

Frequent words have too many hits to fetch, rare ones too few to walk the newest cases for. So the newest stretch of
time in which they should fill a page is looked through, and when too few of its hits fit, one as much longer as they
tell; only then all of time is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from math import prod
from typing import Any

from yiwang.engines.worklists.selectors.estimating import Estimates
from yiwang.engines.worklists.selectors.search import Search, days_of_number, is_number, pairs_query
from yiwang.engines.worklists.selectors.sight import SHARD_LENGTH, Sight

FEW = 20_000
"""Up to so many hits are fetched and sorted; of more, walking the newest finds a page sooner."""
PLENTY, FREQUENT, ENOUGH = 8, 0.05, 3
"""A stretch should hold so many times the rows that are wanted: neighbours in time are alike. What is frequent is
walked row by row, so it gets less of it."""
TRIES, AGAIN = 2, 10
"""So many stretches, the next at most so many times longer: nights are empty, and texts change with the seasons."""
WALKED = 10
"""To look at a case takes as long as to read so many hits from the index of words."""
CHEAP = 2_000
"""So many hits are fetched sooner than a stretch of time is sought."""
_VILLAGES = 20
"""About so many villages does a town have."""
FAR = "'9999-01-01 00:00:00+00'::timestamptz"
CASE_DUE = f"COALESCE(c.due_at, {FAR})"
PAIRS = "c.words @@ %(pairs_{0})s::tsquery"
NUMBER = "c.number LIKE %(number_{0})s"
_HIT = f"hit AS MATERIALIZED (SELECT c.id, c.opened_at, {CASE_DUE} AS due FROM cases_case AS c WHERE {{where}}{{most}})"
_STRETCH = """c.opened_at >= %(stretch_from)s AND c.division = ANY(ARRAY(SELECT division FROM shard))
AND c.type = ANY(%(stretch_types)s::text[])"""


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when to when to look for words, by a query of their rarest pairs.

    `is_walked`: case by case, without the index of words. `is_whole`: no older case fits anyway.
    """

    since: datetime
    until: datetime | None
    rarest: str
    is_walked: bool
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Guess:
    """So many of the newest cases should hold plenty of the rows that are wanted; `hits`: those of the rarest word."""

    pairs: str
    hits: float
    wanted: int
    cases: float

    def after(self, found: int) -> Guess:
        """The next guess, when there were only so many rows."""
        return replace(self, cases=self.cases * min(AGAIN, ENOUGH * self.wanted / max(found, 1)))


def hits_of(search: Search, filters: str) -> str:
    """Tables `hit` (cases found by index, up to a bound) and `few` (`is_few`: they are all there are).

    `filters` are those of the search on the head of a case. '' for a search without words, or whose number is a month
    or a day: that is walked. Parameters are those of `condition_of`.
    """
    found = [
        (NUMBER if is_number(word) else PAIRS).format(place)
        for place, word in enumerate(search.words)
        if not is_number(word) or days_of_number(word) is None
    ]
    if not found:
        return ""
    hit = _HIT.format(where=" AND ".join([*found, filters]), most=f" LIMIT {FEW}")
    return f"{hit}, few AS MATERIALIZED (SELECT count(*) < {FEW} AS is_few FROM hit)"


def hits_in(stretch: Stretch, filters: str, types: list[str]) -> tuple[str, dict[str, Any]]:
    """Table `hit` of a stretch, and its parameters. All shards and types are named so that indexes by time serve."""
    words = "c.words @@ %(stretch_pairs)s::tsquery"
    where = f"({words}){' IS TRUE' if stretch.is_walked else ''} AND {_STRETCH} AND {filters}"
    where += " AND c.opened_at <= %(stretch_to)s" if stretch.until is not None else ""
    named = {
        "stretch_pairs": stretch.rarest, "stretch_from": stretch.since, "stretch_to": stretch.until,
        "stretch_types": types,
    }  # fmt: skip
    return _HIT.format(where=where, most=""), named


def guessed(search: Search, sight: Sight, wanted: int, known: Estimates) -> Guess | None:
    """How many of the newest cases should fill a page; None where all of time is looked through as soon."""
    words = [word for word in search.words if not is_number(word)]
    if search.box != "all" or search.order != "opened" or search.is_running or not words:
        return None
    rarest = [known.rarest_pair(word) for word in words]
    share = prod(min(1.0, frequency) for _, frequency in rarest)
    if share * known.rows < CHEAP:
        return None
    share *= _share_of_filters(search, sight, known)
    plenty = ENOUGH if share >= FREQUENT else PLENTY
    pairs, hits = " & ".join(pairs_query(pair) for pair, _ in rarest), min(found for _, found in rarest) * known.rows
    return Guess(pairs, hits, wanted, wanted * plenty / share) if share else None


def stretch_of(guess: Guess, search: Search, until: datetime | None, known: Estimates) -> Stretch | None:
    """The newest stretch up to `until` with so many cases; None when not even all of time has them."""
    begin, end = search.period
    until = min((one for one in (until, end) if one is not None), default=None)
    since = known.before(until, guess.cases)
    place = search.area[:SHARD_LENGTH]
    is_walked = guess.cases * (known.divisions({place}) if place else 1.0) * WALKED < guess.hits
    if begin is not None and (since is None or since <= begin):
        return Stretch(begin, until, guess.pairs, is_walked, is_whole=True)
    return Stretch(since, until, guess.pairs, is_walked) if since is not None else None


def _share_of_filters(search: Search, sight: Sight, known: Estimates) -> float:
    share = known.divisions({search.area[:SHARD_LENGTH]} if search.area else {row[0] for row in sight.rows})
    for column, value in (("type", search.type), ("category", search.category), ("status", search.status)):
        share *= known.value(column, [value]) if value else 1.0
    return share / _VILLAGES if len(search.area) > SHARD_LENGTH else share
