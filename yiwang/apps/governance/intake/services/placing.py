"""Where a mail is about: the camera's position, else an address the district knows, else a person must find it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext

from yiwang.apps.governance.intake.geocoding import phrases, sure_place
from yiwang.engines.directory.api import locate, path_of


def place_of(points: Sequence[tuple[float, float]], text: str) -> dict[str, Any]:
    """The place for the form. Without a point its division stays unknown; a photo from elsewhere gives none."""
    written = next(iter(phrases(text)), "")
    for longitude, latitude in points:
        division = locate(longitude, latitude)
        if division is not None:
            address = written or gettext("照片拍摄于{place}").format(place=path_of(division))
            return {"longitude": longitude, "latitude": latitude, "address": address[:200]}
    found = sure_place(text)
    if found is not None:
        return {"longitude": found.longitude, "latitude": found.latitude, "address": found.title[:200]}
    if written:
        return {"address": written}
    return {"address": gettext("照片的位置不在本区，邮件没有写明地点") if points else gettext("邮件没有写明地点")}
