"""Reading organisations: an administrator sees those of its divisions."""

from __future__ import annotations

from django.db.models import Count, Q

from yiwang.engines.directory.actors import Actor
from yiwang.engines.directory.administration import EDIT_ORGANISATIONS
from yiwang.engines.directory.dates import running, today
from yiwang.engines.directory.guards import require
from yiwang.engines.directory.models import Organisation
from yiwang.engines.directory.selectors.scope import PAGE, Page, within
from yiwang.kernel.errors import NotFound


def organisations(
    actor: Actor, *, search: str = "", division: str = "", closed: bool = False, after: str = "", size: int = PAGE
) -> Page[Organisation]:
    """Organisations and departments in order of division and id, each with `people`, the number of people in post."""
    require(actor, EDIT_ORGANISATIONS)
    held = Count("posts__postings", filter=running(today(), "posts__postings__"), distinct=True)
    rows = (
        Organisation.objects.filter(within("division__code", actor.scopes(EDIT_ORGANISATIONS)))
        .filter(division__code__startswith=division, is_active=not closed)
        .annotate(people=held)
        .select_related("parent")
        .order_by("division_id", "id")
    )
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(code=search.upper()))
    place, _, number = after.partition(":")
    if number.isdecimal():
        rows = rows.filter(Q(division_id__gt=place) | Q(division_id=place, pk__gt=int(number)))
    found = list(rows[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return Page(found[:size], f"{last.division_id}:{last.pk}" if last else "")


def organisation(actor: Actor, number: int, *, lock: bool = False) -> Organisation:
    """One organisation; NotFound also for one outside the actor's divisions."""
    rows = Organisation.objects.select_for_update(of=("self",)) if lock else Organisation.objects
    found = rows.select_related("parent").filter(pk=number).first()
    if found is None or not actor.may(EDIT_ORGANISATIONS, found.division_id):
        raise NotFound("没有找到这个机构，或您无权查看。")
    return found


def offices(actor: Actor, verb: str) -> list[tuple[int, str]]:
    """(id, name) of every open organisation where the actor may do `verb`, to choose from."""
    rows = Organisation.objects.filter(within("division__code", actor.scopes(verb)), is_active=True)
    return list(rows.order_by("division_id", "id").values_list("id", "name"))
