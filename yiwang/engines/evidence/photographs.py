"""Judging photos by what the camera wrote down: taken near a place and not before an instant.

Phones leave out positions (many strip them on upload) and their clocks go wrong, so silence proves nothing and refutes
nothing. Only a photo that speaks can contradict. Distances and tolerances are proposals; no source states them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils.translation import gettext

from yiwang.kernel.clock import CHINA

PROVEN, UNPROVEN, CONTRADICTED = "proven", "unproven", "contradicted"
_ORDER = (PROVEN, UNPROVEN, CONTRADICTED)
CLOCK_TOLERANCE = timedelta(minutes=10)
"""How far a phone's clock may be off before its time is doubted."""
EARTH = 6_371_008.8
"""Mean radius in metres (IUGG)."""


class Wanted(NamedTuple):
    """What the photos are to prove: within `metres` of a point (None: anywhere), between `since` and `until`."""

    longitude: float | None
    latitude: float | None
    metres: float
    since: datetime | None
    until: datetime


class Judgement(NamedTuple):
    """`status` is proven, unproven or contradicted; `reasons` are sentences for people."""

    status: str
    reasons: tuple[str, ...] = ()


def metres_between(longitude: float, latitude: float, other_longitude: float, other_latitude: float) -> float:
    """Distance of two points (degrees, WGS84) on the sphere, in metres."""
    one, other = math.radians(latitude), math.radians(other_latitude)
    east = math.radians(other_longitude - longitude)
    half = math.sin((other - one) / 2) ** 2 + math.cos(one) * math.cos(other) * math.sin(east / 2) ** 2
    return 2 * EARTH * math.asin(math.sqrt(half))


def best(judgements: Iterable[Judgement]) -> Judgement:
    """What several photos show together: the first that proves, else that tells nothing, else that contradicts."""
    found = sorted(judgements, key=lambda one: _ORDER.index(one.status))
    return found[0] if found else Judgement(UNPROVEN, (gettext("没有照片。"),))


def judge_one(photo: Mapping[str, Any], wanted: Wanted) -> Judgement:
    """What one photo shows, of which `Attachment.exif` keeps taken_at, longitude and latitude. One that contradicts is
    no proof, whatever is shown beside it."""
    parts = (_place(photo, wanted), _time(photo, wanted))
    for status in (CONTRADICTED, UNPROVEN):
        reasons = tuple(reason for part in parts if part.status == status for reason in part.reasons)
        if reasons:
            return Judgement(status, reasons)
    return Judgement(PROVEN)


def _place(photo: Mapping[str, Any], wanted: Wanted) -> Judgement:
    if wanted.longitude is None or wanted.latitude is None:
        return Judgement(UNPROVEN, (gettext("事发地点没有坐标，无法比对照片的位置。"),))
    if photo.get("longitude") is None or photo.get("latitude") is None:
        return Judgement(UNPROVEN, (gettext("照片里没有拍摄位置。"),))
    away = metres_between(photo["longitude"], photo["latitude"], wanted.longitude, wanted.latitude)
    if away <= wanted.metres:
        return Judgement(PROVEN)
    told = (
        gettext("{number} 公里").format(number=f"{away / 1000:,.1f}")
        if away >= 1000
        else gettext("{number} 米").format(number=round(away))
    )
    return Judgement(CONTRADICTED, (gettext("照片拍摄于事发地点 {distance} 以外。").format(distance=told),))


def _time(photo: Mapping[str, Any], wanted: Wanted) -> Judgement:
    taken = _instant(photo.get("taken_at"))
    if taken is None:
        return Judgement(UNPROVEN, (gettext("照片里没有拍摄时间。"),))
    at = f"{taken.astimezone(CHINA):%Y-%m-%d %H:%M}"
    if taken > wanted.until + CLOCK_TOLERANCE:
        return Judgement(UNPROVEN, (gettext("照片的拍摄时间 {at} 晚于现在，手机的时钟可能不准。").format(at=at),))
    if wanted.since is not None and taken < wanted.since - CLOCK_TOLERANCE:
        return Judgement(CONTRADICTED, (gettext("照片拍摄于 {at}，在派遣之前。").format(at=at),))
    return Judgement(PROVEN)


def _instant(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None
