"""Rows an actor may see: cells under the divisions its posts cover."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q

from yiwang.engines.directory.api import Actor, minimal_prefixes
from yiwang.kernel.errors import NotFound

SUPERVISE, PATROL = "supervise", "patrol"


def reach_of(actor: Actor, verb: str, division: str = "") -> tuple[str, ...]:
    """Division prefixes open to the verb inside `division`; () when none is."""
    inside = (
        max(scope, division, key=len)
        for scope in actor.scopes(verb)
        if scope.startswith(division) or division.startswith(scope)
    )
    return minimal_prefixes(inside)


def within(prefixes: tuple[str, ...], field: str = "cell") -> Q:
    """Rows whose code begins with one of these; none without any."""
    if not prefixes:
        return Q(pk__in=[])
    return reduce(or_, (Q(**{f"{field}__startswith": prefix}) for prefix in prefixes))


def require(actor: Actor, verb: str, division: str) -> None:
    """NotFound for a division outside the actor's reach: a stranger learns nothing."""
    if not actor.may(verb, division):
        raise NotFound
