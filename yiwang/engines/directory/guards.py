"""The one sentence every service of the directory starts with: may this actor?"""

from __future__ import annotations

from yiwang.engines.directory.actors import Actor
from yiwang.kernel.errors import NotAllowed


def require(actor: Actor, verb: str, division: str = "") -> None:
    """NotAllowed unless the actor holds the verb there; without a division, unless it holds the verb anywhere."""
    allowed = actor.may(verb, division) if division else bool(actor.scopes(verb))
    if not allowed:
        raise NotAllowed(facts={"verb": verb, "division": division})
