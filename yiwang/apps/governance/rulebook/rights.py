"""The verb of the set of policies. Who holds it is a proposal."""

from __future__ import annotations

from yiwang.engines.directory.api import Actor, district_code
from yiwang.kernel.errors import NotAllowed

EDIT_POLICIES = "policy.edit"


def may_edit(actor: Actor) -> bool:
    """Whether the actor keeps the set."""
    return actor.may(EDIT_POLICIES, district_code())


def require_edit(actor: Actor) -> None:
    if not may_edit(actor):
        raise NotAllowed(facts={"verb": EDIT_POLICIES})


def require_staff(actor: Actor) -> None:
    """Everybody with a post may read."""
    if not (actor.is_system or actor.grants):
        raise NotAllowed
