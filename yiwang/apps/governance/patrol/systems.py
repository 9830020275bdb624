"""The three systems a visit is recorded in, and how one answer fills a field of each. Declared, then read by all.

A field of a system names its source: `place.<x>` from the register, `visit.<x>` from the check-in, `form.<key>` from
the one form. Two systems that want the same thing name the same source, so it is asked once. Which kinds of place
belong to which system is a proposal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from yiwang.apps.governance.patrol.kinds import PLACE_KINDS

_SHARED = {
    "unit_name": "place.name",
    "address": "place.address",
    "cell": "place.cell",
    "checked_at": "visit.taken_at",
    "checked_by": "visit.inspector",
    "presence": "form.presence",
    "hazards": "form.hazards",
    "severity": "form.severity",
    "rectify_by": "form.rectify_by",
    "photos": "form.photos",
    "remark": "form.note",
}


@dataclass(frozen=True)
class System:
    """Where records go: key, official title, kinds of places it covers, its fields and their sources."""

    key: str
    title: str
    kinds: frozenset[str]
    fields: Mapping[str, str]
    sources: tuple[tuple[str, str, str], ...] = field(init=False, repr=False, compare=False)
    """(field, origin, key) of each field, taken apart once: a year fills a million records."""

    def __post_init__(self) -> None:
        apart = tuple((name, *source.split(".", 1)) for name, source in self.fields.items())
        object.__setattr__(self, "sources", apart)

    def asks(self) -> frozenset[str]:
        """Keys of the form this system needs."""
        return frozenset(source[5:] for source in self.fields.values() if source.startswith("form."))


_BUSINESS = frozenset({"small_shop", "small_workshop", "small_venue", "enterprise"})
FIRE = System(
    "fire", "市消防四化平台", _BUSINESS | {"rental", "school"},
    MappingProxyType({
        **_SHARED,
        "exit_clear": "form.exits_clear",
        "equipment_good": "form.equipment_good",
        "electric_vehicle_indoors": "form.vehicles_indoors",
        "living_inside": "form.living_inside",
        "wiring_good": "form.wiring_good",
    }),
)  # fmt: skip
SAFETY = System(
    "safety", "安监巡查平台", _BUSINESS - {"small_shop"} | {"building_site"},
    MappingProxyType({
        **_SHARED,
        "electric_safe": "form.wiring_good",
        "chemicals_stored": "form.chemicals_stored",
        "machines_guarded": "form.machines_guarded",
        "staff_count": "form.people",
    }),
)  # fmt: skip
GRID = System(
    "grid", "区网格终端", frozenset(PLACE_KINDS),
    MappingProxyType({**_SHARED, "people": "form.people", "surroundings_clean": "form.surroundings_clean"}),
)  # fmt: skip
SYSTEMS: Mapping[str, System] = MappingProxyType({one.key: one for one in (FIRE, SAFETY, GRID)})


def systems_for(kind: str) -> tuple[System, ...]:
    """The systems a place of this kind is recorded in."""
    return tuple(system for system in SYSTEMS.values() if kind in system.kinds)


def content_for(
    system: System, place: Mapping[str, Any], visit: Mapping[str, Any], form: Mapping[str, Any]
) -> dict[str, Any]:
    """The record of one system: its own field names, absent answers left out."""
    told: dict[str, Mapping[str, Any]] = {"place": place, "visit": visit, "form": form}
    filled = ((name, told[origin].get(key)) for name, origin, key in system.sources)
    return {name: value for name, value in filled if value is not None and value != ""}
