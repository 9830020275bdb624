"""Who sees and who keeps which components: staff see what stands in the divisions of their posts."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q

from yiwang.apps.governance.catalogue.rights import EDIT_COMPONENTS
from yiwang.engines.directory.api import Actor, district_code, minimal_prefixes
from yiwang.kernel.errors import NotAllowed


def seen_prefixes(actor: Actor) -> tuple[str, ...]:
    """Divisions whose components the actor may look at; `('',)` for the system."""
    return ("",) if actor.is_system else minimal_prefixes(grant.division for grant in actor.grants)


def within(prefixes: tuple[str, ...], name: str = "cell") -> Q:
    """Rows whose division, in the field `name`, lies in these; none for none."""
    if not prefixes:
        return Q(pk__in=())
    return reduce(or_, (Q((f"{name}__startswith", prefix)) if prefix else Q() for prefix in prefixes))


def may_keep(actor: Actor, cell: str = "") -> bool:
    """Whether the actor keeps the ledger there; without a place, anywhere."""
    return actor.may(EDIT_COMPONENTS, cell) if cell else actor.is_system or bool(actor.scopes(EDIT_COMPONENTS))


def require_keeping(actor: Actor, cell: str) -> None:
    """NotAllowed unless the actor keeps the ledger of this place."""
    if not may_keep(actor, cell):
        raise NotAllowed(next_step="部件由所在镇街的部件管理员维护，请联系所在镇街。")


def is_of_district(cell: str) -> bool:
    """Whether a code lies in the district of this deployment."""
    return cell.startswith(district_code())
