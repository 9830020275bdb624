"""The place of a report proposed from its photos: where the first photo that knows its place was taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from yiwang.engines.desk.public.drafts import Draft
from yiwang.engines.directory.api import locate, path_of
from yiwang.engines.forms.api import attachments_named
from yiwang.ui.components.feedback import Notice


@dataclass(frozen=True, slots=True)
class Proposal:
    """`values` fill the place's field, empty when the photo's place is not used; `notice` says which and why."""

    values: dict[str, Any]
    notice: Notice


def proposal(draft: Draft, keys: tuple[str, ...]) -> Proposal | None:
    """For a page that asks for a place not answered yet; None when no photo of the draft knows where it was taken."""
    fields = draft.kind.form.form.by_key
    asked = next((key for key in keys if fields[key].kind == "place" and not draft.data.get(key)), None)
    point = _taken_at(draft) if asked is not None else None
    if asked is None or point is None:
        return None
    longitude, latitude = point
    division = locate(longitude, latitude)
    if division is None:
        text = gettext("照片的拍摄位置不在本区，没有采用：可能是在别处拍的，或相机的定位有误。")
        return Proposal({}, Notice(text=text, tone="warning", next_step=gettext("请在地图上点出地点，或写明地址。")))
    text = gettext("已填上照片的拍摄位置：%(place)s。") % {"place": path_of(division)}
    place = {"longitude": longitude, "latitude": latitude, "address": ""}
    return Proposal({asked: place}, Notice(text=text, next_step=gettext("不是这里？在地图上点一下就能改。")))


def _taken_at(draft: Draft) -> tuple[float, float] | None:
    """Longitude and latitude (WGS-84) of the first photo that has them, in the order they were given."""
    ids = [one for key, field in draft.kind.form.form.by_key.items() if field.kind == "photo"
           for one in draft.data.get(key) or ()]  # fmt: skip
    photos = attachments_named(ids)
    facts = (photos[one].exif for one in ids if one in photos)
    return next(((one["longitude"], one["latitude"]) for one in facts if "longitude" in one), None)
