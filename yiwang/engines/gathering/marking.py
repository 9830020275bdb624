"""Marks follow the cases: at once where a case is opened by a person, set by set where the replay wrote them.

What is kept of the reporter is a digest under the deployment's key: it tells "the same", never who.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac

from yiwang.engines.cases.api import CaseMoved, form_of, graph_of, open_cursor
from yiwang.engines.forms.spec import Form
from yiwang.engines.gathering.likeness import TILE, signature, tile
from yiwang.engines.processes.api import Graph
from yiwang.kernel.clock import now

PORTION = 2_000
SLACK = timedelta(minutes=15)
"""Cases younger than this may still be on their way into the table: they are looked at again."""
LONGEST = 240
_READ = """SELECT id, version_id, type, category, area, title, longitude, latitude, opened_at, data,
status NOT IN ('open', 'suspended') FROM cases_case WHERE id = ANY(%s)"""
_UNMARKED = """SELECT c.id FROM cases_case AS c WHERE c.id > %s
AND NOT EXISTS (SELECT 1 FROM gathering_mark AS m WHERE m.case_id = c.id) ORDER BY c.id LIMIT %s"""
_COLUMNS = (
    ("case_id", "uuid"), ("type", "text"), ("category", "text"), ("village", "text"), ("tile", "int8"),
    ("longitude", "float8"), ("latitude", "float8"), ("opened_at", "timestamptz"), ("person", "text"),
    ("text", "text"), ("signature", "text"), ("is_over", "bool"),
)  # fmt: skip
_INSERT = """INSERT INTO gathering_mark ({names}) SELECT {values} FROM unnest({arrays}) AS new({names})
ON CONFLICT (case_id) DO UPDATE SET {changes}""".format(
    names=", ".join(name for name, _ in _COLUMNS),
    values=", ".join(f"{name}::bit(256)" if name == "signature" else name for name, _ in _COLUMNS),
    arrays=", ".join(f"%s::{kind}[]" for _, kind in _COLUMNS),
    changes=", ".join(f"{name} = excluded.{name}" for name, _ in _COLUMNS[1:]),
)
_PLACE_CHANGED = f"""UPDATE gathering_mark AS m SET longitude = c.longitude, latitude = c.latitude,
category = c.category, village = CASE WHEN length(c.area) < 12 THEN '' ELSE left(c.area, 12) END,
tile = coalesce(floor(c.latitude / {TILE})::bigint * 1000000 + floor(c.longitude / {TILE})::bigint, 0)
FROM cases_case AS c WHERE m.case_id = %s AND c.id = m.case_id AND (m.longitude, m.latitude, m.category)
IS DISTINCT FROM (c.longitude, c.latitude, c.category)"""
_OVER = """UPDATE gathering_mark AS m SET is_over = true FROM cases_case AS c
WHERE NOT m.is_over AND c.id = m.case_id AND c.status IN ('closed', 'cancelled')"""
_ZERO = UUID(int=0)


def person_digest(mark: str) -> str:
    """A telephone number or the id of a known party, as a digest; '' for nothing."""
    digits = "".join(sign for sign in mark if sign.isalnum())
    return salted_hmac("gathering.person", digits, algorithm="sha256").hexdigest()[:32] if digits else ""


def person_in(form: Form, data: Mapping[str, Any]) -> str:
    """The digest of whoever the form of the start names: a party of the directory first, else a telephone number."""
    phone = ""
    for field in form.fields:
        value = data.get(field.key)
        if field.kind == "party" and isinstance(value, Mapping):
            if value.get("party_id"):
                return person_digest(str(value["party_id"]))
            phone = phone or str(value.get("phone") or "")
        elif getattr(field, "content", "") == "phone" and isinstance(value, str):
            phone = phone or value
    return person_digest(phone)


def start_form(graph: Graph) -> Form | None:
    """The form that opens a case of this type."""
    key = graph.nodes[graph.start].raw.get("form")
    return form_of(graph, key).form if key else None


def text_of(graph: Graph, title: str, data: Mapping[str, Any]) -> str:
    """What is compared: the subject, with the address where no point says better where it is."""
    place = data.get(graph.bundle.get("place") or "")
    if not isinstance(place, Mapping) or place.get("longitude") is not None:
        return title[:LONGEST]
    address = place.get("address") or ""
    return f"{title} {address}".strip()[:LONGEST]


def _rows(ids: Sequence[UUID]) -> Iterator[tuple[Any, ...]]:
    for id, version, type, category, area, title, longitude, latitude, opened_at, data, is_over in open_cursor().read(
        _READ, [list(ids)]
    ):
        graph = graph_of(version)
        form, text = start_form(graph), text_of(graph, title, data)
        village = area[:12] if len(area) >= 12 else ""
        person = person_in(form, data) if form is not None else ""
        where = tile(longitude, latitude), longitude, latitude
        yield id, type, category, village, *where, opened_at, person, text, signature(text), is_over


def mark(ids: Sequence[UUID]) -> int:
    """Make or renew the marks of these cases; how many."""
    rows = list(_rows(ids))
    open_cursor().write(_INSERT, _COLUMNS, rows)
    return len(rows)


def mark_all(after: UUID = _ZERO) -> int:
    """Mark every case behind id `after` that has no mark yet, a portion at a time; how many.

    For the replay and for a table that was filled otherwise: nothing is announced there.
    """
    done = 0
    while ids := _unmarked(after):
        with transaction.atomic():
            done += mark(ids)
        after = ids[-1]
    return done


def _unmarked(after: UUID) -> list[UUID]:
    return [row[0] for row in open_cursor().read(_UNMARKED, [after, PORTION])]


class CatchUp:
    """The worker's duty: a portion of what has no mark, beginning where the last turn of this process ended."""

    def __init__(self) -> None:
        self.after = _ZERO

    def __call__(self) -> int:
        ids = _unmarked(self.after)
        with transaction.atomic():
            done = mark(ids)
        settled = _id_before(SLACK)
        self.after = min(ids[-1], settled) if len(ids) == PORTION else settled
        return done


def forget_ended() -> int:
    """Take cases that clocks, handlers or the replay ended out of the searches; the worker's duty. Always 0."""
    open_cursor().execute(_OVER)
    return 0


def _id_before(slack: timedelta) -> UUID:
    """Ids are ordered by the time they were made (`kernel.ids`): all of that age or older are smaller."""
    milliseconds = int((now() - slack).timestamp() * 1000)
    return UUID(int=max(milliseconds, 0) << 80)


def follow(event: CaseMoved) -> None:
    """A case that opens is marked in its own transaction; a step may have corrected its place or class, or ended it."""
    if event.verb == "open":
        mark([event.case])
    elif event.status in ("closed", "cancelled"):
        open_cursor().execute(f"{_OVER} AND m.case_id = %s", [event.case], prepare=True)
    elif event.verb == "complete":
        open_cursor().execute(_PLACE_CHANGED, [event.case], prepare=True)
