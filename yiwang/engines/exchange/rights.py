"""The verb of exchange: keeping the connections. Who holds it is a proposal."""

from __future__ import annotations

from yiwang.engines.directory.api import Actor, district_code
from yiwang.kernel.errors import NotAllowed

EDIT_EXCHANGE = "exchange.edit"
HAND_OVER = "transfer"
"""Who may give a case to another unit here may give it to another system: the verb of the case's own roles."""


def may_edit(actor: Actor) -> bool:
    """Whether the actor keeps the connections of the district."""
    return actor.may(EDIT_EXCHANGE, district_code())


def require_edit(actor: Actor) -> None:
    if not may_edit(actor):
        raise NotAllowed(facts={"verb": EDIT_EXCHANGE})
