"""Small pieces that several pages of the patrol show: rates, tags, map colours, the way here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson
from django.urls import reverse
from django.utils.translation import gettext
from shapely import to_geojson
from shapely.geometry.base import BaseGeometry

from yiwang.apps.governance.patrol.kinds import FINDINGS, RISK_TONES, RISKS, VISIT_STATUSES
from yiwang.apps.governance.patrol.models import Visit
from yiwang.engines.cockpit.api import rounded
from yiwang.engines.directory.api import path
from yiwang.ui.components.figures import Layer
from yiwang.ui.components.simple import Tag

GOOD, FAIR = Decimal("0.95"), Decimal("0.8")
"""Shares of due places visited from which a part is shown green or amber. Proposals of ours."""
_TONES = {"done": "success", "duplicate": "warning", "refused": "danger"}


@dataclass(frozen=True, kw_only=True)
class Shade(Layer):
    """A map layer with a colour of the tokens."""

    colour: str = "surface"
    opacity: float = 1.0

    def facts(self) -> dict[str, Any]:
        return {**super().facts(), "colour": self.colour, "opacity": self.opacity}


def shades(groups: Mapping[str, list[tuple[str, BaseGeometry]]], opacity: float = 0.65) -> list[Shade]:
    """One layer for each colour that has shapes; shapes come with their names."""
    return [
        Shade(key=f"shade-{colour}", shapes=collection(named), colour=colour, opacity=opacity, width=1.2)
        for colour, named in groups.items()
        if named
    ]


def collection(named: list[tuple[str, BaseGeometry]]) -> dict[str, Any]:
    """GeoJSON of shapes with names."""
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": orjson.loads(to_geojson(shape))}
        for name, shape in named
    ]
    return {"type": "FeatureCollection", "features": features}


def percent(rate: Decimal | None) -> str:
    """`96.43%`, half up; a dash without a denominator."""
    if rate is None:
        return "—"
    return f"{rounded(rate * 100)}%"


def tone_of(rate: Decimal | None) -> str:
    """Tone by rate."""
    if rate is None:
        return "neutral"
    return "success" if rate >= GOOD else "warning" if rate >= FAIR else "danger"


def rate_tag(rate: Decimal | None) -> Tag:
    """The rate as a tag; the colour says what the figure says."""
    return Tag(text=percent(rate), tone=tone_of(rate))


def status_tag(visit: Visit) -> Tag:
    return Tag(text=gettext(VISIT_STATUSES[visit.status]), tone=_TONES[visit.status])


def finding_tag(visit: Visit) -> Tag:
    tone = {"": "neutral", "ordinary": "warning"}.get(visit.finding, "danger")
    return Tag(text=gettext(FINDINGS[visit.finding]), tone=tone)


def risk_tag(risk: str) -> Tag:
    return Tag(text=gettext(RISKS[risk]), tone=RISK_TONES[risk])


def way_to(code: str, *, is_here: bool = False) -> list[tuple[str, str]]:
    """Breadcrumbs from the district down to a division, each to its coverage."""
    places = [(one.name, f"{reverse('patrol:coverage')}?division={one.code}") for one in path(code)]
    if is_here and places:
        places[-1] = (places[-1][0], "")
    return places
