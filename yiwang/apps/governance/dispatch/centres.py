"""三级智运中心与部门分中心: the centres an actor's posts open, each with the rows it commands."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.apps.governance.dispatch.incidents import TYPE
from yiwang.engines.directory.api import Actor, Grant, district_code, name_of, organisation_name, role_named
from yiwang.engines.worklists.api import catalogue
from yiwang.kernel.errors import NotAllowed, NotFound

DISTRICT, TOWN, DEPARTMENT, VILLAGE = "district", "town", "department", "village"
KINDS = {DISTRICT: "区级智运中心", TOWN: "镇街智运中心", DEPARTMENT: "部门分中心", VILLAGE: "村居工作站"}
"""The widest first: what opens unless another is chosen."""
_TOWN_LENGTH = 9


@dataclass(frozen=True, slots=True)
class Centre:
    """One centre. A centre of a division commands all of it; one of an organisation what was given to that one."""

    kind: str
    division: str
    organisation: int | None = None

    @property
    def key(self) -> str:
        """How an address names it."""
        return f"{self.kind}-{self.organisation or self.division}"

    @property
    def name(self) -> str:
        return name_of(self.division) if self.organisation is None else organisation_name(self.organisation)

    @property
    def risen_from(self) -> int:
        """The least rise that reached it: 1 came up to the town, 2 to the district."""
        return 2 if self.kind == DISTRICT else 1


def centres(actor: Actor) -> tuple[Centre, ...]:
    """The centres of the actor's posts, the widest first; none for whoever has no part in incidents. No SQL of rows."""
    if actor.is_system:
        return (Centre(DISTRICT, district_code()),)
    roles = frozenset().union(*catalogue().roles.get(TYPE, {}).values())
    found = {_centre(grant) for grant in actor.grants if grant.role in roles and grant.sees != "own"}
    order = list(KINDS)
    return tuple(sorted(found, key=lambda one: (order.index(one.kind), one.division, one.organisation or 0)))


def _centre(grant: Grant) -> Centre:
    if grant.organisation is None:
        return Centre(TOWN if len(grant.division) >= _TOWN_LENGTH else DISTRICT, grant.division)
    role = role_named(grant.role)
    is_village = role is not None and tuple(role.at) == (VILLAGE,)
    return Centre(VILLAGE if is_village else DEPARTMENT, grant.division, grant.organisation)


def centre_of(actor: Actor, key: str = "") -> Centre:
    """The centre of that key, the widest without one. NotAllowed without any, NotFound for one that is not theirs."""
    own = centres(actor)
    if not own:
        raise NotAllowed
    if not key:
        return own[0]
    for one in own:
        if one.key == key:
            return one
    raise NotFound
