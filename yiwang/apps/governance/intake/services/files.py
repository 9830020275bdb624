"""Files of a mail: kept as attachments where they can be; the others are named with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.utils.translation import gettext

from yiwang.apps.governance.intake.mail.reading import Enclosed
from yiwang.engines.directory.api import Actor
from yiwang.engines.forms.api import store_upload
from yiwang.kernel.errors import Unavailable, UserError

MOST_FILES = 20
"""Files of one mail that are kept: a proposal."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Ids of pictures and of other files; where and that pictures were taken; sentences on what was not kept."""

    pictures: tuple[str, ...]
    others: tuple[str, ...]
    points: tuple[tuple[float, float], ...]
    left_out: tuple[str, ...]


def keep_files(files: Sequence[Enclosed], actor: Actor, session_key: str = "") -> Kept:
    """Store what can be stored. Unavailable when the scanner or the disk is: the mail is tried again later."""
    pictures: list[str] = []
    others: list[str] = []
    points: list[tuple[float, float]] = []
    left_out: list[str] = []
    for file in files[:MOST_FILES]:
        try:
            row = store_upload(ContentFile(file.content, name=file.name), actor=actor, session_key=session_key)
        except Unavailable:
            raise
        except UserError as refusal:
            left_out.append(f"{file.name[:60]}：{gettext(refusal.message)}")
            continue
        (pictures if row.is_picture else others).append(str(row.id))
        if row.is_picture and "longitude" in row.exif:
            points.append((row.exif["longitude"], row.exif["latitude"]))
    left_out += [f"{file.name[:60]}：{gettext('附件太多。')}" for file in files[MOST_FILES:]]
    return Kept(tuple(pictures), tuple(others), tuple(points), tuple(left_out))
