"""The division of a place is the server's finding, never the sender's word; unknown stays None for a person to find."""

from __future__ import annotations

from typing import Any

from yiwang.engines.forms import lookups


def with_division(place: dict[str, Any]) -> dict[str, Any]:
    """The place with `division` set from its point, or None without a point or outside the district."""
    has_point = place.get("longitude") is not None and place.get("latitude") is not None
    return {**place, "division": lookups.locate(place["longitude"], place["latitude"]) if has_point else None}
