"""How often words and values occur among cases, as PostgreSQL counted them last; nothing is read from the cases.

Lists decide by it how far back to look for words. A wrong guess costs time and never a row.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

_LASTS = 600.0
"""Seconds; PostgreSQL itself counts anew far less often."""
_COUNTED = """SELECT attname, greatest(reltuples, 0), most_common_elems::text::text[], most_common_elem_freqs,
most_common_vals::text::text[], most_common_freqs, histogram_bounds::text::text[]
FROM pg_stats JOIN pg_class ON pg_class.oid = 'cases_case'::regclass
WHERE schemaname = current_schema() AND tablename = 'cases_case'
AND attname IN ('words', 'opened_at', 'division', 'type', 'category', 'status')"""
_kept: dict[str, tuple[float, Estimates]] = {}


@dataclass(frozen=True, slots=True)
class Estimates:
    """Shares of all cases: of pairs of signs, of values by (column, value); `moments` part the cases into equal lots.

    `rare` is the share of a pair nobody counted.
    """

    rows: float = 0.0
    pairs: Mapping[str, float] = field(default_factory=dict)
    rare: float = 0.0
    values: Mapping[tuple[str, str], float] = field(default_factory=dict)
    moments: tuple[datetime, ...] = ()

    def rarest_pair(self, word: str) -> tuple[str, float]:
        """The pair of a word that the fewest cases have, and their share; of a single sign the sign itself."""
        if len(word) == 1:
            return word, max(self.rare, sum(share for pair, share in self.pairs.items() if pair.startswith(word)))
        pairs = [word[place : place + 2] for place in range(len(word) - 1)]
        return min(((pair, self.pairs.get(pair, self.rare)) for pair in pairs), key=lambda found: found[1])

    def value(self, column: str, values: Iterable[str]) -> float:
        """The share of cases with one of these values."""
        return sum(self.values.get((column, value), 0.0) for value in values)

    def divisions(self, prefixes: Iterable[str]) -> float:
        """The share of cases in shards under these prefixes."""
        begins = tuple(prefixes)
        shards = ((value, share) for (column, value), share in self.values.items() if column == "division")
        return sum(share for value, share in shards if value.startswith(begins))

    def before(self, until: datetime | None, rows: float) -> datetime | None:
        """The moment since which about so many cases were opened up to `until`; None: not even all are so many."""
        if len(self.moments) < 2 or not self.rows:
            return None
        lots = len(self.moments) - 1
        place = (lots if until is None else self._place(until)) - rows / self.rows * lots
        if place <= 0:
            return None
        whole = min(int(place), lots - 1)
        first, next = self.moments[whole], self.moments[whole + 1]
        return first + (next - first) * (place - whole)

    def _place(self, at: datetime) -> float:
        """How many lots lie before a moment."""
        after = bisect_right(self.moments, at)
        if after in (0, len(self.moments)):
            return float(max(after - 1, 0))
        first, next = self.moments[after - 1], self.moments[after]
        return after - 1 + (at - first) / (next - first)


def estimates() -> Estimates:
    """What this database knows of its cases, asked again every ten minutes."""
    name, at = str(connection.settings_dict["NAME"]), time.monotonic()
    asked, found = _kept.get(name, (float("-inf"), Estimates()))
    if at - asked > _LASTS:
        found = _read()
        _kept[name] = (at, found)
    return found


def _read() -> Estimates:
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED)
        rows = {name: facts for name, *facts in cursor.fetchall()}
    if "words" not in rows or "opened_at" not in rows:
        return Estimates()  # Nobody counted yet: a young deployment, which is small.
    count, pairs, shares, *_ = rows["words"]
    values = {
        (column, value): share
        for column, (_, _, _, common, frequencies, _) in rows.items()
        for value, share in zip(common or (), frequencies or (), strict=False)
    }
    known = dict(zip(pairs or (), shares or (), strict=False))
    moments = tuple(map(datetime.fromisoformat, rows["opened_at"][-1] or ()))
    return Estimates(count, known, min(known.values(), default=0.0), values, moments)
