"""Several cases at once, as far as the actor may see them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from yiwang.engines.cases.models import Case
from yiwang.engines.cases.rights import may_see
from yiwang.engines.cases.store.loading import Running, look
from yiwang.engines.cases.store.tables import open_cursor
from yiwang.engines.directory.api import Actor, district_code


def seen_cases(actor: Actor, ids: Sequence[UUID]) -> dict[UUID, Running]:
    """The cases of these ids the actor may see, read without locking; the others are left out."""
    return {id: case for id, case in look(open_cursor(), ids).items() if may_see(actor, case)}


def case_numbered(actor: Actor, number: str) -> Running | None:
    """The case of this number, if there is one the actor may see."""
    id = Case.objects.filter(number=number).values_list("id", flat=True).first() if number.isdigit() else None
    return seen_cases(actor, [id]).get(id) if id is not None else None


def cases_under(actor: Actor, type: str, division: str, category: str) -> list[Running]:
    """Cases of a type and class in a division (or in none known yet), as far as the actor sees them, oldest first."""
    found = Case.objects.filter(division__in=[division, district_code()], type=type, category=category)
    ids = list(found.order_by("opened_at").values_list("id", flat=True))
    return list(seen_cases(actor, ids).values())


def newest(actor: Actor, type: str) -> Running | None:
    """The case of a type opened last, if the actor may see it."""
    id = Case.objects.filter(type=type).order_by("-opened_at", "-id").values_list("id", flat=True).first()
    return seen_cases(actor, [id]).get(id) if id is not None else None
