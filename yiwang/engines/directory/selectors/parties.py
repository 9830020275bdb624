"""Reading parties, masked: by exact number, exact telephone or exact name; never a list of everybody."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from yiwang.engines.directory import vault
from yiwang.engines.directory.actors import Actor
from yiwang.engines.directory.administration import READ_PARTIES
from yiwang.engines.directory.guards import require
from yiwang.engines.directory.lookups import district_code
from yiwang.engines.directory.models import Party
from yiwang.engines.directory.numbers import compact
from yiwang.engines.directory.selectors.scope import PAGE, Page, within
from yiwang.kernel.errors import NotFound


def home_of(row: Party) -> str:
    """Where the right to a party is asked: its division; the whole district when that is unknown."""
    return row.division_id or district_code()


def find_parties(actor: Actor, text: str, *, after: str = "", size: int = PAGE) -> Page[Party]:
    """Parties of the actor's divisions whose number, telephone or name is exactly `text`, in order of id."""
    require(actor, READ_PARTIES)
    text = text.strip()
    if not text:
        return Page(())
    scopes = actor.scopes(READ_PARTIES)
    seen = within("division__code", scopes)
    if district_code().startswith(scopes):
        seen |= Q(division_id=None)
    digest = vault.digest(compact(text))
    rows = Party.objects.filter(seen).filter(Q(id_number_digest=digest) | Q(phone_digest=digest) | Q(name=text))
    if after:
        rows = rows.filter(pk__gt=UUID(after))
    found = list(rows.order_by("pk")[: size + 1])
    return Page(found[:size], str(found[size - 1].pk) if len(found) > size else "")


def party(actor: Actor, number: UUID) -> Party:
    """One party; NotFound also for one outside the actor's divisions."""
    found = Party.objects.filter(pk=number).first()
    if found is None or not actor.may(READ_PARTIES, home_of(found)):
        raise NotFound("没有找到这个当事人，或您无权查看。")
    return found
