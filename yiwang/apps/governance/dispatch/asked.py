"""What the console is asked for: centre, list, filters and place, read from the address and kept in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from yiwang.apps.governance.dispatch.centres import Centre, centre_of
from yiwang.apps.governance.dispatch.incidents import LEVELS, TYPE, UNITS
from yiwang.engines.directory.api import Actor, children, district_code
from yiwang.engines.worklists.api import catalogue
from yiwang.kernel.errors import NotFound

LISTS = {
    "all": "全部在办", "urgent": "紧急", "risen": "下级上报", "returned": "退回", "ruling": "待裁定", "ruled": "已裁定",
    "late_helpers": "协办超时",
}  # fmt: skip


class Place(NamedTuple):
    """A row's place: urgent first (rank 0), then by the nearest limit."""

    rank: int
    due: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class Asked:
    """One page of the console. Empty filters leave open."""

    centre: Centre
    list: str = "all"
    level: str = ""
    unit: str = ""
    category: str = ""
    town: str = ""
    step: str = ""
    after: str = ""
    before: str = ""

    @property
    def filters(self) -> dict[str, str]:
        names = ("level", "unit", "category", "town", "step")
        return {name: value for name in names if (value := getattr(self, name))}

    def query(self, **changes: str) -> str:
        """The address's query for this page with changes; paging starts at the first page."""
        one = replace(self, **({"after": "", "before": ""} | changes))  # type: ignore[arg-type]
        given = {"centre": one.centre.key, "list": one.list, **one.filters, "after": one.after, "before": one.before}
        return urlencode({name: value for name, value in given.items() if value})


def towns() -> dict[str, str]:
    """The towns of the district, by code."""
    return {one.code: one.name for one in children(district_code())}


def categories() -> Mapping[str, str]:
    """The everyday classes of incidents."""
    kind = catalogue().kinds.get(TYPE)
    return kind.categories if kind is not None else {}


def steps() -> Mapping[str, str]:
    """The steps of incidents, in the order of their flow."""
    kind = catalogue().kinds.get(TYPE)
    return kind.stages if kind is not None else {}


def read_asked(actor: Actor, given: Mapping[str, str]) -> Asked:
    """What the address says. Values no filter knows leave it open; a strange centre or place is NotFound."""

    def chosen(name: str, options: Mapping[str, str], otherwise: str = "") -> str:
        value = given.get(name, "")
        return value if value in options else otherwise

    return Asked(
        centre_of(actor, given.get("centre", "")), chosen("list", LISTS, "all"), chosen("level", LEVELS),
        chosen("unit", UNITS), chosen("category", categories()), chosen("town", towns()), chosen("step", steps()),
        given.get("after", ""), given.get("before", ""),
    )  # fmt: skip


def write_place(place: Place) -> str:
    """The place as text for an address."""
    return f"{place.rank}_{place.due.isoformat()}_{place.id.hex}"


def read_place(text: str) -> Place:
    """The place an address names; NotFound when it is none."""
    try:
        rank, due, id = text[:100].split("_")
        place = Place(int(rank), datetime.fromisoformat(due), UUID(hex=id))
    except ValueError:
        raise NotFound from None
    if place.rank not in (0, 1) or place.due.tzinfo is None:
        raise NotFound
    return place
