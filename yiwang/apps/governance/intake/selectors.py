"""Reading intake: what came in within the actor's divisions, and today's reports by channel, whoever took them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet

from yiwang.apps.governance.intake.mail.folder import mail_folder
from yiwang.apps.governance.intake.mail.reading import Mail, read_mail
from yiwang.apps.governance.intake.models import Arrival
from yiwang.apps.governance.intake.rights import READ
from yiwang.apps.governance.intake.sources import INCIDENT, REFUSED, SOURCES, STATES
from yiwang.engines.cases.api import open_cursor
from yiwang.engines.directory.api import Actor, district_code, division_names
from yiwang.kernel.clock import CHINA, now
from yiwang.kernel.errors import NotFound

SIZE = 50
SHOWN_BYTES = 1_000_000
"""So much of a mail is read to show it."""
_TODAY = """SELECT coalesce(nullif(data ->> 'source', ''), 'citizen'), count(*) FROM cases_case
WHERE division = ANY(%s) AND type = %s AND opened_at >= %s GROUP BY 1"""
"""Today's incidents by source, along the index of cases by division, type and time."""


@dataclass(frozen=True, slots=True)
class Page:
    rows: tuple[Arrival, ...]
    after: str
    """Id to go on after; '' on the last page."""


def seen(actor: Actor) -> QuerySet[Arrival]:
    """Arrivals of the divisions the actor works for; what has no known place yet is the district's."""
    scopes = actor.scopes(READ)
    if not scopes:
        return Arrival.objects.none()
    return Arrival.objects.filter(reduce(or_, (Q(division__startswith=one) if one else Q() for one in scopes)))


def arrival_of(actor: Actor, arrival_id: UUID) -> Arrival:
    """One arrival; NotFound for those one may not see, as for those that are not there."""
    found = seen(actor).filter(pk=arrival_id).first()
    if found is None:
        raise NotFound
    return found


def page(actor: Actor, *, state: str = "", after: str = "") -> Page:
    """Newest first, from behind the id `after`; one statement."""
    rows = seen(actor).order_by("-id")
    if state in STATES:
        rows = rows.filter(state=state)
    mark = _id(after)
    if mark is not None:
        rows = rows.filter(pk__lt=mark)
    found = list(rows.defer("sender_cipher", "answer")[: SIZE + 1])
    return Page(tuple(found[:SIZE]), str(found[SIZE - 1].pk) if len(found) > SIZE else "")


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def today(actor: Actor) -> Mapping[str, int]:
    """Incidents opened since midnight in China by source, and under `refused` the mails that wait for a person."""
    scopes = actor.scopes(READ)
    codes = [code for code in (*division_names(), district_code()) if len(code) <= 9 and code.startswith(scopes)]
    midnight = now().astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    found = dict.fromkeys(SOURCES, 0)
    for source, count in open_cursor().read(_TODAY, [list(dict.fromkeys(codes)), INCIDENT, midnight]):
        key = source if source in found else "platform"
        found[key] += count
    return found | {REFUSED: seen(actor).filter(state=REFUSED).count()}


def mail_of(row: Arrival) -> Mail | None:
    """The mail of a row the actor may see, as far as it is shown; None for other channels and for lost files."""
    path = mail_folder().find(row.file_name)
    if path is None:
        return None
    with path.open("rb") as file:
        return read_mail(file.read(SHOWN_BYTES))
