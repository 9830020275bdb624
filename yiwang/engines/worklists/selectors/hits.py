"""Cases with the words of a search, found by the indexes of words and numbers before anything is joined to them.

Frequent words have too many hits to fetch, rare ones too few to walk the newest cases for. So the newest stretch of
time in which they should fill a page is looked through, and when too few of its hits fit, one as much longer as they
tell; only then all of time is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import prod
from typing import Any

from yiwang.engines.worklists.selectors.estimating import Estimates
from yiwang.engines.worklists.selectors.search import Search, days_of_number, is_number, pairs_query
from yiwang.engines.worklists.selectors.sight import SHARD_LENGTH, Sight

FEW = 20_000
"""Up to so many hits are fetched and sorted; of more, walking the newest finds a page sooner."""
PLENTY, ENOUGH = 8, 3
"""A stretch should hold so many times the rows that are wanted: neighbours in time are alike. Where it is walked case
by case every one of them costs, so it gets less of it."""
LIKELY = 2
"""In the order of the list so many times the cases are walked that chance would need: words keep together or apart."""
TRIES, AGAIN = 3, 10
"""So many stretches, the next at most so many times longer: nights are empty, and texts change with the seasons."""
WALKED = 16
"""To look at a case takes as long as to read so many hits from the index of words."""
CHEAP = 2_000
"""So many hits are fetched sooner than a stretch of time is sought."""
_VILLAGES = 20
"""About so many villages does a town have."""
_FAR = datetime(9999, 1, 1, tzinfo=UTC)
FAR = f"'{_FAR}'::timestamptz"
CASE_DUE = f"COALESCE(c.due_at, {FAR})"
PAIRS = "c.words @@ %(pairs_{0})s::tsquery"
NUMBER = "c.number LIKE %(number_{0})s"
_HIT = f"hit AS MATERIALIZED (SELECT c.id, c.opened_at, {CASE_DUE} AS due FROM cases_case AS c WHERE {{where}}{{most}})"
_STRETCH = """c.opened_at >= %(stretch_from)s AND c.opened_at <= %(stretch_to)s AND {shards}
AND c.type = ANY(%(stretch_types)s::text[])"""
_ALL_SHARDS = "c.division = ANY(ARRAY(SELECT division FROM shard))"
_SHARDS_OF_REACH = "c.division = ANY(%(prefixes)s::text[])"


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
    """So many of the newest cases should hold plenty of the rows that are wanted; `hits`: those of the rarest word.

    `walked` of them are looked at where the index of words is not asked.
    """

    pairs: str
    hits: float
    wanted: int
    cases: float
    walked: float

    def after(self, found: int) -> Guess:
        """The guess for the rest, when there were only so many rows."""
        rest = self.wanted - found
        longer = min(AGAIN, ENOUGH * rest / max(found, 1))
        return replace(self, wanted=rest, cases=self.cases * longer, walked=self.walked * longer)


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


def hits_in(stretch: Stretch, filters: str, types: list[str], *, of_reach: bool = False) -> tuple[str, dict[str, Any]]:
    """Table `hit` of a stretch, and its parameters; `of_reach`: in the shards alone that the actor's posts reach.

    Shards and types are named, be they all, so that indexes by time serve.
    """
    words = "c.words @@ %(stretch_pairs)s::tsquery"
    within = _STRETCH.format(shards=_SHARDS_OF_REACH if of_reach else _ALL_SHARDS)
    where = f"({words}){' IS TRUE' if stretch.is_walked else ''} AND {within} AND {filters}"
    named = {
        "stretch_pairs": stretch.rarest, "stretch_from": stretch.since, "stretch_to": stretch.until or _FAR,
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
    near = _share_of_place(search, sight, known)
    share *= near * _share_of_filters(search, known)
    if not share:
        return None
    pairs, hits = " & ".join(pairs_query(pair) for pair, _ in rarest), min(found for _, found in rarest) * known.rows
    needed = wanted / share
    looked_at = needed * (near if sight.is_exact else 1.0)
    looked_at *= known.value("category", [search.category]) if search.category else 1.0  # Its index leads to them.
    if is_near(search, sight):
        return Guess(pairs, hits, wanted, needed * PLENTY, looked_at * LIKELY)
    is_walked = looked_at * ENOUGH * WALKED < hits
    plenty = ENOUGH if is_walked else PLENTY
    return Guess(pairs, hits, wanted, needed * plenty, looked_at * plenty)


def is_near(search: Search, sight: Sight) -> bool:
    """Whether posts reach a few shards alone, and what is the actor's own may yet lie in any."""
    return sight.is_exact and len(search.area) < SHARD_LENGTH


def stretch_of(guess: Guess, search: Search, until: datetime | None, known: Estimates) -> Stretch | None:
    """The newest stretch up to `until` with so many cases; None when not even all of time has them."""
    begin, end = search.period
    until = min((one for one in (until, end) if one is not None), default=None)
    since = known.before(until, guess.cases)
    is_walked = guess.walked * WALKED < guess.hits
    if begin is not None and (since is None or since <= begin):
        return Stretch(begin, until, guess.pairs, is_walked, is_whole=True)
    return Stretch(since, until, guess.pairs, is_walked) if since is not None else None


def _share_of_place(search: Search, sight: Sight, known: Estimates) -> float:
    """Of the shards where words are looked for."""
    return known.divisions({search.area[:SHARD_LENGTH]} if search.area else {row[0] for row in sight.rows})


def _share_of_filters(search: Search, known: Estimates) -> float:
    share = 1.0
    for column, value in (("type", search.type), ("category", search.category), ("status", search.status)):
        share *= known.value(column, [value]) if value else 1.0
    return share / _VILLAGES if len(search.area) > SHARD_LENGTH else share
