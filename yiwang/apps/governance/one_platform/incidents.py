"""How a city incident looks from outside: what opens one, what is told of one, which place is which status.

The words of `data` are the protocol's (docs/engines/exchange.md). Everything here is a proposal: the report speaks of
one platform on which matters of all systems are dealt with, and shows no message of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

WORKING = (
    "handle", "handle_village", "handle_district", "assist", "gathered", "share", "verify", "is_fixed", "rise_town",
    "rise_village",
)  # fmt: skip
STAGES: Mapping[str, str] = {
    "dispatch": "accepted", "ruling": "accepted", "confirm": "received", "accept": "received",
    **dict.fromkeys(WORKING, "working"),
}  # fmt: skip
VERBS: Mapping[str, str] = {"suspended": "suspend", "cancelled": "cancel", "closed": "settle"}
_LONGEST = {"description": 500, "category": 40, "class_code": 40, "name": 40, "phone": 20, "address": 200}


def opening(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """Form data of an incident from what another system tells; ValueError names what does not fit.

    Without a class it is `other`: whoever accepts chooses the official one. A class the form does not know is refused
    with the form's sentence. A place without coordinates is kept as words.
    """
    description = _text(told, "description") or _text(told, "title", 500)
    reporter = told.get("reporter") or {}
    if not isinstance(reporter, Mapping):
        raise ValueError(gettext("reporter 应是一个对象。"))
    data: dict[str, Any] = {
        "category": _text(told, "category") or "other", "description": description, "place": _place(told),
        "source": "platform", "origin": str(told["id"]),
    }  # fmt: skip
    optional = {
        "class_code": _text(told, "class_code"), "reporter_name": _text(reporter, "name"),
        "reporter_phone": _text(reporter, "phone"),
    }  # fmt: skip
    return data | {name: value for name, value in optional.items() if value}


def telling(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What another system needs to work on an incident. Who reported it stays here."""
    told = {name: data[name] for name in ("description", "category", "class_code") if data.get(name)}
    place = data.get("place") or {}
    names = ("longitude", "latitude", "address")
    return told | {"place": {name: place[name] for name in names if place.get(name) is not None}}


def _text(told: Mapping[str, Any], name: str, longest: int = 0) -> str:
    value = told.get(name, "")
    if value is None:
        return ""
    most = longest or _LONGEST[name]
    if not isinstance(value, str) or len(value) > most:
        raise ValueError(gettext("{name} 应是不超过 {most} 字的文字。").format(name=name, most=most))
    return value.strip()


def _place(told: Mapping[str, Any]) -> dict[str, Any]:
    place = told.get("place")
    if not isinstance(place, Mapping):
        raise ValueError(gettext("place 应是一个对象，含 longitude、latitude 或 address。"))
    found: dict[str, Any] = {"address": _text(place, "address")}
    degrees = [place.get("longitude"), place.get("latitude")]
    if all(type(value) in (int, float) for value in degrees):
        found |= {"longitude": float(degrees[0] or 0), "latitude": float(degrees[1] or 0)}
    elif any(value is not None for value in degrees):
        raise ValueError(gettext("longitude 和 latitude 应同时是数字（WGS 84，度）。"))
    if len(found) == 1 and not found["address"]:
        raise ValueError(gettext("place 须有坐标或 address。"))
    return found
