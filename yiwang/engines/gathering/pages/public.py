"""附近的类似上报: asked before somebody reports. Coarse words only, and not too often from one address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yiwang.engines.gathering.glances import TooManyGlances, count
from yiwang.engines.gathering.selectors.suggesting import Nearby, facts_of
from yiwang.engines.gathering.selectors.suggesting import nearby as found_nearby

_LONGEST = 200


def similar(request: HttpRequest, type: str, data: Mapping[str, Any]) -> Sequence[Nearby]:
    """Open public reports near the place in the form data of a report in the making; none when asked too often."""
    try:
        count(request)
    except TooManyGlances:
        return ()
    return found_nearby(facts_of(type, data))


@never_cache
@require_safe
def nearby(request: HttpRequest) -> HttpResponse:
    """A fragment: `type`, `longitude`, `latitude`, and what is known of `category` and `description`."""
    count(request)
    asked = request.GET
    data: dict[str, Any] = {key: asked[key][:_LONGEST] for key in asked if key not in ("type", "longitude", "latitude")}
    longitude, latitude = _degrees(asked.get("longitude"), 180), _degrees(asked.get("latitude"), 90)
    if longitude is None or latitude is None:
        return render(request, "gathering/nearby.html", {"nearby": ()})
    data["place"] = {"longitude": longitude, "latitude": latitude}
    found = found_nearby(facts_of(asked.get("type", "")[:80], data))
    return render(request, "gathering/nearby.html", {"nearby": found})


def _degrees(text: str | None, most: float) -> float | None:
    """A coordinate somebody sent; None for anything else."""
    with suppress(ValueError):
        value = float((text or "")[:20])
        return value if -most <= value <= most else None
    return None
